/* helper.h - asking a credential helper, a program docker-credential-NAME on PATH.
 *
 * The protocol is docker's (docker-credential-helpers 0.9): the program is run with
 * the argument `get`, reads the server from standard input and prints a reply. Nothing
 * it says on standard error is shown: it could hold a secret. How it is run: child.h.
 */
#ifndef REGCRED_IO_HELPER_H
#define REGCRED_IO_HELPER_H

#include <stdbool.h>

#include "regcred/base/buf.h"

enum { HELPER_TIMEOUT_DEFAULT = 30, HELPER_TIMEOUT_MAX = 24 * 60 * 60 }; /* seconds */

/* The hint where only the helper itself can tell more; with its name. */
#define HELPER_HINT_TRY                                                                            \
	"run it by hand to see what it says: docker-credential-%.80s get, with the registry on "   \
	"its standard input"

/* Runs docker-credential-`name` get and appends what it prints to `output`, whose
 * ceiling holds. *succeeded tells whether it exited with 0; without, what it printed
 * may still be an answer. `name` is valid (helper_reply.h). HELPER_FAILED: it is
 * not there, did not end within `timeout` seconds or was ended by a signal; its
 * whole process group is killed then. */
bool helper_get(const char *name, const char *server, unsigned timeout, struct buf *output,
                bool *succeeded, struct error *error);

#endif
