/* kubectl.h - asking a cluster, by running `kubectl get`.
 *
 * kubectl is the user's own: the program that $KUBECTL names, else `kubectl` on PATH, with the
 * environment as it is, so that contexts, logins, proxies and plugins are those of every day.
 * It is run as child.h says, without a shell, and never asked for anything but `get`, so that
 * nothing in the cluster changes.
 *
 * What it prints may hold Secrets: it is kept in memory alone, and wiped.
 */
#ifndef REGCRED_IO_KUBECTL_H
#define REGCRED_IO_KUBECTL_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/string_list.h"

/* How long one call may take, in seconds; and how much it may print: a Pod takes about 10 KB. */
enum { KUBECTL_TIMEOUT = 300, KUBECTL_OUTPUT_MAX = 1 << 30 };

/* Handed on as they are; NULL: kubectl's own. Borrowed. */
struct kubectl {
	const char *context, *kubeconfig, *as, *request_timeout;
};

struct kubectl_answer {
	struct buf output; /* JSON; what it could get, if not whole */
	struct buf words;  /* what it said on standard error: bytes of any kind */
	bool whole;        /* it ended with 0 */
};

#define KUBECTL_ANSWER_INIT                                                                        \
	((struct kubectl_answer){.output = BUF_INIT(KUBECTL_OUTPUT_MAX),                           \
	                         .words = BUF_INIT(BUF_CONFIG_MAX)})

/* For CLEANUP: wipes and frees. */
void kubectl_answer_release(struct kubectl_answer *answer);

/* Runs `kubectl get` with these words and -o json; fills the answer anew. False:
 * KUBECTL_FAILED, it cannot be run, does not end, or says too much. That it ends with another
 * status than 0 is no failure here: part of an answer is one. */
bool kubectl_get(const struct kubectl *kubectl, const struct string_list *words,
                 struct kubectl_answer *answer, struct error *error);

/* KUBECTL_FAILED with the words of an answer that is not whole; one that is holds no object.
 * Always false. */
bool kubectl_fail(const struct kubectl_answer *answer, struct error *error);

/* Appends the words as one line: those that begin like an error, else the last line. */
void kubectl_append_words(const struct kubectl_answer *answer, struct buf *out);

#endif
