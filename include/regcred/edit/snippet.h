/* snippet.h - the next step after the Secret, as text to paste: the lines that name it
 * in a workload, the commands that hand it to a ServiceAccount, and those that show
 * what went wrong.
 *
 * YAML and shell commands with comments (#) around them. All that a target holds goes
 * out as it should: in quotes of YAML, JSON or the shell where it needs them. `secret`,
 * `namespace`, `account` and `name` are valid names; `listed` may hold anything.
 */
#ifndef REGCRED_SNIPPET_H
#define REGCRED_SNIPPET_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

struct snippet {
	const char *program;   /* how the user calls us */
	const char *secret;    /* its name */
	const char *namespace; /* NULL: kubectl's current one */
	const char *account;   /* the ServiceAccount */

	const char *kind; /* of what names the Secret: "CronJob" */
	const char *name; /* of it, NULL: not known */
	const char *path; /* where the Pod's spec is: "spec.template.spec"; "": at the top */
	const char *const *listed; /* what its list names already, in order */
	size_t listed_count;
	const char *file; /* of its manifest; NULL: none that could be read again */
};

enum snippet_part {
	SNIPPET_LINES,  /* imagePullSecrets, in their place */
	SNIPPET_LINK,   /* the ServiceAccount */
	SNIPPET_EVENTS, /* what the kubelet says */
	SNIPPET_CHECKS, /* what may be wrong */
	SNIPPET_PARTS
};

/* One line, without the mark of a comment. */
const char *snippet_heading(enum snippet_part part);

/* Appends one part. Failure sticks to `out`, but for memory for a tree: false. */
bool snippet_append(struct buf *out, enum snippet_part part, const struct snippet *snippet,
                    struct error *error);

#endif
