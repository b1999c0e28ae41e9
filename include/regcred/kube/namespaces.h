/* namespaces.h - the namespaces that get a Secret each, every one once.
 *
 * Made for a hundred thousand of them: names are borrowed, so memory is one
 * pointer a name beside the caller's text. While they come in order, as kubectl
 * lists them, a repeated one would stand next to its twin; from the first that is
 * out of order on, a hash table (4 bytes a slot, half of them free) finds repetition.
 */
#ifndef REGCRED_NAMESPACES_H
#define REGCRED_NAMESPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/buf.h"

struct namespaces {
	const char **names; /* in the order given */
	size_t count, capacity;
	uint32_t *slots; /* private, as the next two; NULL while the names are in order */
	size_t slot_count;
	uint32_t number_bits; /* of a slot; the others are the hash's */
};

#define NAMESPACES_INIT ((struct namespaces){0})

/* For CLEANUP. */
void namespaces_release(struct namespaces *namespaces);

/* Adds a C string that must outlive the set. It is checked against the API
 * server's rule for namespaces. NAMESPACE_INVALID, NAMESPACE_DUPLICATE. After a
 * failure the set is only good for its release. */
bool namespaces_add(struct namespaces *namespaces, const char *name, struct error *error);

/* Whether it is among them. */
bool namespaces_have(const struct namespaces *namespaces, const char *name);

/* Adds one namespace for each line of `text`, which must outlive the set: its
 * line ends become zero bytes. Blank lines and lines that begin with # are
 * skipped; "namespace/NAME", as kubectl get ns -o name prints it, is understood.
 * `place` names the text in messages, which end in status 3: it was read, not
 * typed as an option. No namespace at all is NAMESPACE_NONE. */
bool namespaces_parse(struct namespaces *namespaces, struct buf *text, const char *place,
                      struct error *error);

#endif
