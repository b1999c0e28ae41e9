/* namespaces.h - the namespaces that get a Secret each, every one once.
 *
 * Made for a hundred thousand of them: names are borrowed, and repetition is
 * found through a hash table of indices, so memory is one pointer and about
 * three table slots of 4 bytes a name beside the caller's text.
 */
#ifndef REGCRED_NAMESPACES_H
#define REGCRED_NAMESPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/buf.h"

struct namespaces {
	const char **names; /* in the order given */
	size_t count, capacity;
	uint32_t *slots; /* private: index + 1 by hash; 0: free */
	size_t slot_count;
};

#define NAMESPACES_INIT ((struct namespaces){0})

/* For CLEANUP. */
void namespaces_release(struct namespaces *namespaces);

/* Adds a C string that must outlive the set. It is checked against the API
 * server's rule for namespaces. NAMESPACE_INVALID, NAMESPACE_DUPLICATE. */
bool namespaces_add(struct namespaces *namespaces, const char *name, struct error *error);

/* Adds one namespace for each line of `text`, which must outlive the set: its
 * line ends become zero bytes. Blank lines and lines that begin with # are
 * skipped; "namespace/NAME", as kubectl get ns -o name prints it, is understood.
 * `place` names the text in messages, which end in status 3: it was read, not
 * typed as an option. No namespace at all is NAMESPACE_NONE. */
bool namespaces_parse(struct namespaces *namespaces, struct buf *text, const char *place,
                      struct error *error);

#endif
