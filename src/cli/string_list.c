#include "string_list.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/view.h"

enum { TABLE_MIN = 32 }; /* items from which on a table pays */

char *string_copy(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = memory_acquire(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

bool string_list_add(struct string_list *list, const char *text, struct error *error)
{
	char *copy = string_copy(text);

	if (!copy ||
	    !memory_extend(&list->items, list->count, &list->capacity, sizeof *list->items)) {
		memory_release(copy);
		return error_out_of_memory(error);
	}
	list->items[list->count++] = copy;
	return true;
}

bool string_list_has(const struct string_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

/* Where the text is in the table, or belongs: the number of an item and 1; 0: free. */
static size_t *find_slot(const struct string_list *list, const char *text)
{
	size_t mask = list->slot_count - 1, at = view_hash(view_of(text)) & mask;

	while (list->slots[at] && strcmp(list->items[list->slots[at] - 1], text) != 0)
		at = (at + 1) & mask;
	return &list->slots[at];
}

/* All items in a table that is at most half full with one more. */
static bool file_items(struct string_list *list)
{
	size_t count = list->slot_count ? list->slot_count : 2 * TABLE_MIN;

	while (count < 2 * (list->count + 1))
		count *= 2;
	if (count > list->slot_count) {
		memory_release(list->slots);
		list->slot_count = list->filed = 0;
		list->slots = memory_acquire(count * sizeof *list->slots);
		if (!list->slots)
			return false;
		memset(list->slots, 0, count * sizeof *list->slots);
		list->slot_count = count;
	}
	for (; list->filed < list->count; list->filed++) {
		size_t *slot = find_slot(list, list->items[list->filed]);

		*slot = *slot ? *slot : list->filed + 1;
	}
	return true;
}

bool string_list_add_once(struct string_list *list, const char *text, struct error *error)
{
	if (list->count < TABLE_MIN)
		return string_list_has(list, text) || string_list_add(list, text, error);
	if (!file_items(list))
		return error_out_of_memory(error);
	return *find_slot(list, text) || string_list_add(list, text, error);
}

void string_list_release(struct string_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		memory_release(list->items[i]);
	memory_release(list->items);
	memory_release(list->slots);
	*list = (struct string_list){0};
}
