/* helper.h - asking a credential helper, a program docker-credential-NAME on PATH.
 *
 * The protocol is docker's (docker-credential-helpers 0.9): the program is run with
 * the argument `get`, reads the server from standard input and prints a reply; `list` prints
 * all that it knows. Nothing
 * it says on standard error is shown: it could hold a secret. How it is run: child.h.
 */
#ifndef REGCRED_IO_HELPER_H
#define REGCRED_IO_HELPER_H

#include <stdbool.h>

#include "regcred/base/buf.h"

enum { HELPER_TIMEOUT_DEFAULT = 30 }; /* seconds */

/* The hint where only the helper itself can say more; with its name. */
#define HELPER_HINT_TRY                                                                            \
	"run it by hand to see what it says: docker-credential-%.80s get, with the registry on "   \
	"its standard input"

enum helper_end {
	HELPER_SUCCEEDED,
	HELPER_FAILED,  /* its exit status is not 0; what it printed may still be an answer */
	HELPER_NOT_RUN, /* there is no such program, or it cannot be run */
	HELPER_LOST,    /* it did not end in time, was ended by a signal, or printed too much */
};

/* Runs docker-credential-`name` with an action, `get` or `list`, and appends what it prints
 * to `output`, whose ceiling holds. `name` is valid (helper_reply.h). False, with
 * HELPER_FAILED, after HELPER_NOT_RUN and HELPER_LOST; its whole process group is killed
 * then. */
bool helper_run(const char *name, const char *action, const char *input, unsigned timeout,
                struct buf *output, enum helper_end *end, struct error *error);

#endif
