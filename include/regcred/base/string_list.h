/* string_list.h - the one list of texts: names, images, files, whatever is met again and
 * again and asked for. Each has a number, from 0, in the order in which they came.
 *
 * Texts may hold any bytes; items[i] is the text, with a zero byte after it, so that
 * items[i].data is a C string where the text has no NUL. Texts never move, and are wiped
 * with the list. An initialised list owns nothing.
 *
 * Finding one takes no longer in a long list: while texts come in ascending order it is a
 * binary search; from the first that does not on there is a table, keyed by hash.h.
 */
#ifndef REGCRED_STRING_LIST_H
#define REGCRED_STRING_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/arena.h"
#include "regcred/base/view.h"

struct string_list {
	struct view *items;
	size_t count, capacity;
	struct arena arena; /* of the copies */
	uint32_t *slots;    /* private; NULL while the items are in ascending order */
	size_t slot_count;
};

#define STRING_LIST_INIT ((struct string_list){0})

/* For CLEANUP. */
void string_list_release(struct string_list *list);

/* Adds a copy of a C string, also of one that is there. */
void string_list_add(struct string_list *list, const char *text);

/* The same, unless it is there already. False: it is. */
bool string_list_add_once(struct string_list *list, const char *text);

/* The same without a copy, of a text with a zero byte after it that outlives the list. */
bool string_list_borrow_once(struct string_list *list, struct view text);

/* The number of a text, which is added if it is new: texts that are kept once and known
 * by their number. */
uint32_t string_list_number(struct string_list *list, struct view text);

/* Whether it is there, and the first number of it; `number` may be NULL. */
bool string_list_find(const struct string_list *list, struct view text, uint32_t *number);

/* Makes room for so many items, if none is there yet. */
void string_list_expect(struct string_list *list, size_t count);

#endif
