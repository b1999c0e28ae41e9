/* kubectl.h - commands for a shell, as text.
 *
 * The names that go into them are valid names of Kubernetes (or words in capitals that
 * stand for one), which need quotes neither in a shell nor in JSON; anything else goes
 * through buf_append_word. A namespace that is NULL is not written: kubectl's
 * current one is meant. Failure sticks to `out`.
 */
#ifndef REGCRED_KUBECTL_H
#define REGCRED_KUBECTL_H

#include "regcred/base/buf.h"

/* " -n NS" or nothing. */
void kubectl_append_namespace(struct buf *out, const char *ns);

/* Adds a pull Secret to the list of a ServiceAccount that exists: two commands joined by
 * "||" and `joint`. The first appends to a list that is there; the second makes one, and
 * fails if there is anything else. A merge patch of any kind would replace the list, which has
 * no patchMergeKey here as it has in a Pod (Kubernetes 1.32
 * staging/src/k8s.io/api/core/v1/types.go). RFC 6902: `add` to /- fails without a list; `test`
 * for null holds only without one, as evanphx/json-patch has it. */
void kubectl_append_link(struct buf *out, const char *account, const char *ns, const char *secret,
                         const char *joint);

#endif
