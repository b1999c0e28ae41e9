/* name_index.h - objects by name and namespace, found as a Pod finds what it names: in
 * its own namespace. An absent namespace agrees with any.
 *
 * The index borrows all strings: they must outlive it, and stay where they are.
 */
#ifndef REGCRED_CLI_NAME_INDEX_H
#define REGCRED_CLI_NAME_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"

struct name_index_item {
	const char *name, *namespace; /* "" if absent */
	size_t number;                /* what the caller knows the object by */
};

struct name_index {
	struct name_index_item *items;
	size_t count, capacity;
};

/* Numbers count up: of two objects of one name in one namespace the higher counts, for
 * it replaces the other when both are applied. */
bool name_index_add(struct name_index *index, const char *name, const char *namespace,
                    size_t number, struct error *error);

/* Once after the last name_index_add, before name_index_find. */
void name_index_sort(struct name_index *index);

struct name_found {
	size_t number;
	const char *namespace, *other; /* that it was found in, and another that it may be in
	                                  as well; `other` is NULL where only one agrees */
};

/* An object of that very namespace goes before one without. Where the Pod's own is absent
 * and the objects are of several, the first in byte order is found. Logarithmic. */
bool name_index_find(const struct name_index *index, const char *name, const char *namespace,
                     struct name_found *found);

/* For CLEANUP. */
void name_index_release(struct name_index *index);

#endif
