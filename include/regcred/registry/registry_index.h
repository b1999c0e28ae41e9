/* registry_index.h - finding stored registry keys by what they mean.
 *
 * Keys of configs are spelled in many ways (`https://ghcr.io`, `GHCR.io/v2/`); two
 * mean the same registry if their normalised keys are the same for the kubelet
 * (registry_key.h). Made for many keys: each is normalised once, and found in the
 * time of a binary search.
 */
#ifndef REGCRED_REGISTRY_INDEX_H
#define REGCRED_REGISTRY_INDEX_H

#include <stdbool.h>
#include <stddef.h>

struct registry_index_item {
	char *key;     /* normalised; owned */
	size_t number; /* what it was added with */
};

struct registry_index {
	struct registry_index_item *items;
	size_t count, capacity;
	bool sorted; /* private */
};

#define REGISTRY_INDEX_INIT ((struct registry_index){0})

/* For CLEANUP. */
void registry_index_release(struct registry_index *index);

/* Adds a key as it is stored. One that cannot be normalised means no registry, and is
 * left out. */
void registry_index_add(struct registry_index *index, const char *stored, size_t number);

/* The items that mean the normalised key `registry`, by number; *count may be 0. Valid
 * until the next is added. */
const struct registry_index_item *registry_index_find(struct registry_index *index,
                                                      const char *registry, size_t *count);

#endif
