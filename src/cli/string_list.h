/* string_list.h - a growing list of C strings of its own. */
#ifndef REGCRED_CLI_STRING_LIST_H
#define REGCRED_CLI_STRING_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"

struct string_list {
	char **items;
	size_t count, capacity;
	size_t *slots; /* a table of the items that string_list_add_once makes */
	size_t slot_count, filed;
};

/* A copy, for memory_release; NULL: no memory. */
char *string_copy(const char *text);

/* Adds a copy. */
bool string_list_add(struct string_list *list, const char *text, struct error *error);

/* The same, unless it is there already. Takes no longer for a long list. */
bool string_list_add_once(struct string_list *list, const char *text, struct error *error);

/* Looks at each. */
bool string_list_has(const struct string_list *list, const char *text);

/* For CLEANUP. */
void string_list_release(struct string_list *list);

#endif
