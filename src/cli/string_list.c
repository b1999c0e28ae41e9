#include "string_list.h"

#include <string.h>

#include "regcred/memory.h"

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

bool string_list_add_once(struct string_list *list, const char *text, struct error *error)
{
	return string_list_has(list, text) || string_list_add(list, text, error);
}

void string_list_release(struct string_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		memory_release(list->items[i]);
	memory_release(list->items);
	*list = (struct string_list){0};
}
