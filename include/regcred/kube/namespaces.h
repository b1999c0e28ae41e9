/* namespaces.h - the namespaces that get a Secret each, every one once.
 *
 * Made for a hundred thousand of them: names are borrowed, so memory grows by a view a
 * name beside the caller's text, and by a table only if they do not come in order, as
 * kubectl lists them (string_list.h).
 */
#ifndef REGCRED_NAMESPACES_H
#define REGCRED_NAMESPACES_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/string_list.h"

/* Adds a C string that must outlive the set. It is checked against the API
 * server's rule for namespaces. NAMESPACE_INVALID, NAMESPACE_DUPLICATE. After a
 * failure the set is only good for its release. */
bool namespaces_add(struct string_list *namespaces, const char *name, struct error *error);

/* Adds one namespace for each line of `text`, which must outlive the set: its
 * line ends become zero bytes. Blank lines and lines that begin with # are
 * skipped; "namespace/NAME", as kubectl get ns -o name prints it, is understood.
 * `place` names the text in messages, which end in status 3: it was read, not
 * typed as an option. No namespace at all is NAMESPACE_NONE. */
bool namespaces_parse(struct string_list *namespaces, struct buf *text, const char *place,
                      struct error *error);

#endif
