#include "name_index.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"

bool name_index_add(struct name_index *index, const char *name, const char *namespace,
                    size_t number, struct error *error)
{
	(void)error;
	memory_extend(&index->items, index->count, &index->capacity, sizeof *index->items);
	index->items[index->count++] = (struct name_index_item){name, namespace, number};
	return true;
}

/* A namespace that is NULL stands behind all others of the name. */
static int compare_to(const struct name_index_item *item, const char *name, const char *namespace)
{
	int order = strcmp(item->name, name);

	if (order)
		return order;
	return namespace ? strcmp(item->namespace, namespace) : -1;
}

static int compare_items(const void *a, const void *b)
{
	const struct name_index_item *x = a, *y = b;
	int order = compare_to(x, y->name, y->namespace);

	return order ? order : (x->number > y->number) - (x->number < y->number);
}

void name_index_sort(struct name_index *index)
{
	if (index->count > 1)
		qsort(index->items, index->count, sizeof *index->items, compare_items);
}

/* How many items stand before that name and namespace; `with` those that are equal. */
static size_t count_before(const struct name_index *index, const char *name, const char *namespace,
                           bool with)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_to(&index->items[middle], name, namespace) < with)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool find_in(const struct name_index *index, const char *name, const char *namespace,
                    struct name_found *found)
{
	size_t from = count_before(index, name, namespace, false);
	size_t to = count_before(index, name, namespace, true);

	if (from == to)
		return false;
	found->number = index->items[to - 1].number;
	found->namespace = namespace;
	return true;
}

bool name_index_find(const struct name_index *index, const char *name, const char *namespace,
                     struct name_found *found)
{
	size_t from, to;

	found->other = NULL;
	if (find_in(index, name, namespace, found))
		return true;
	if (*namespace)
		return find_in(index, name, "", found);
	from = count_before(index, name, "", false);
	to = count_before(index, name, NULL, false);
	if (from == to)
		return false;
	found->other = index->items[to - 1].namespace;
	if (strcmp(index->items[from].namespace, found->other) == 0)
		found->other = NULL;
	return find_in(index, name, index->items[from].namespace, found);
}

void name_index_release(struct name_index *index)
{
	memory_release(index->items);
	*index = (struct name_index){0};
}
