#include "regcred/registry/registry_index.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/registry/registry_key.h"

void registry_index_release(struct registry_index *index)
{
	for (size_t i = 0; i < index->count; i++)
		memory_release(index->items[i].key);
	memory_release(index->items);
	*index = REGISTRY_INDEX_INIT;
}

void registry_index_add(struct registry_index *index, const char *stored, size_t number)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error unusable;
	unsigned advice;

	if (!registry_key_normalise(stored, &key, &advice, &unusable))
		return;
	memory_extend(&index->items, index->count, &index->capacity, sizeof *index->items);
	index->items[index->count++] =
	    (struct registry_index_item){memory_copy_string(key.data), number};
	index->sorted = false;
}

static int by_key(const void *a, const void *b)
{
	const struct registry_index_item *one = a, *other = b;
	int order = registry_key_compare(one->key, other->key);

	return order ? order : (one->number > other->number) - (one->number < other->number);
}

const struct registry_index_item *registry_index_find(struct registry_index *index,
                                                      const char *registry, size_t *count)
{
	size_t first = 0, end = index->count;

	if (!index->sorted && index->count)
		qsort(index->items, index->count, sizeof *index->items, by_key);
	index->sorted = true;
	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (registry_key_compare(index->items[middle].key, registry) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	while (end < index->count && registry_key_compare(index->items[end].key, registry) == 0)
		end++;
	*count = end - first;
	return index->items + first;
}
