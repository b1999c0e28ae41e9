/* diagnosis.h - one conclusion from what the node said, the Pod's Secrets, and what match and
 * check say of them; and the commands to run next.
 *
 * A login that is refused, or was never sent, has a cause in the Secrets; the first that holds
 * counts, in the order in which a person would look: a Secret that cannot be decoded loses the
 * whole Pod; a list that the ServiceAccount got too late; no Secret, or none that exists, that
 * the kubelet reads, that has an entry for the image, that has a user name; and at last one that
 * the registry does not accept. All other problems are the node's, the registry's or the image's,
 * and no Secret helps: the sentence says so.
 *
 * Commands can be pasted: they hold no placeholder, and what they lack they ask for on the
 * terminal. Names that are no names of Kubernetes (-f FILE may hold anything) make no command.
 *
 * Pure; no password goes in. Nothing fails.
 */
#ifndef REGCRED_DIAGNOSIS_H
#define REGCRED_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/base/string_list.h"
#include "regcred/base/view.h"
#include "regcred/verify/dialogue.h"
#include "regcred/why/waiting.h"

enum diagnosis_state {
	DIAGNOSIS_READ,    /* the kubelet takes credentials from it */
	DIAGNOSIS_BROKEN,  /* it cannot be decoded: `detail` says why */
	DIAGNOSIS_IGNORED, /* it has a type that the kubelet ignores: `detail` */
	DIAGNOSIS_FOREIGN, /* likewise, and it has no Docker config: `detail` is the type */
	DIAGNOSIS_ABSENT,  /* it does not exist */
	DIAGNOSIS_UNREAD,  /* whether it exists, or what is in it, is not known */
};

/* A pull Secret of the Pod. */
struct diagnosis_secret {
	const char *name;
	bool from_account; /* the ServiceAccount lists it, too, and nothing else */
	enum diagnosis_state state;
	const char *detail;
	const char *old_key; /* the data key of a bare map of registries, which --update refuses;
	                        else NULL */
};

/* All borrowed. */
struct diagnosis_facts {
	const struct waiting *waiting;
	const char *program; /* what the user calls us, such as "kubectl regcred" */
	const char *account; /* the Pod's ServiceAccount */
	const struct diagnosis_secret *secrets;
	size_t secret_count;
	const char *late; /* a Secret that the ServiceAccount lists, while the Pod lists none;
	                     NULL: none */

	/* What match says. */
	const char *matched; /* the Secret whose entry is tried first; NULL: no entry matches */
	bool usable;         /* it has a user name and a password */
	struct view key;     /* the entry's registry, fit to be shown */
	struct view username;
	const char *near;  /* about the entry that nearly matches; "": there is none */
	bool near_is_slip; /* one or two letters of its host differ */

	/* What the registry says when it is asked from here (dialogue.h); NULL: it was not asked.
	 */
	const enum verdict *from_here;

	/* What check says of the matched Secret that may be why it is refused; "": nothing. */
	const char *finding;
};

struct diagnosis {
	enum node_problem kind; /* that of the words, or what the Secrets make of it */
	struct buf conclusion;  /* a sentence without a final period */
	struct string_list next;
};

#define DIAGNOSIS_INIT                                                                             \
	((struct diagnosis){.conclusion = BUF_INIT(BUF_CONFIG_MAX), .next = STRING_LIST_INIT})

/* Fills an initialised diagnosis. */
void diagnose(const struct diagnosis_facts *facts, struct diagnosis *diagnosis);

/* For CLEANUP. */
void diagnosis_release(struct diagnosis *diagnosis);

#endif
