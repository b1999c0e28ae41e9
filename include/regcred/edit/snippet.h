/* snippet.h - the next step with a Secret that is in a cluster, as commands to paste:
 * those that add it to the ServiceAccount `default`, and those that show what went wrong.
 *
 * Shell commands with comments (#) around them. All names are valid names.
 */
#ifndef REGCRED_SNIPPET_H
#define REGCRED_SNIPPET_H

#include "regcred/base/buf.h"

struct snippet {
	const char *program; /* how the user calls us */
	const char *secret;  /* its name */
	const char *ns;      /* NULL: kubectl's current one */
};

/* Appends all of it. */
void snippet_append(struct buf *out, const struct snippet *snippet);

#endif
