#include "regcred/base/string_list.h"

#include <string.h>

#include "regcred/base/hash.h"
#include "regcred/base/memory.h"

void string_list_release(struct string_list *list)
{
	arena_release(&list->arena);
	memory_release(list->items);
	memory_release(list->slots);
	*list = STRING_LIST_INIT;
}

void string_list_expect(struct string_list *list, size_t count)
{
	if (list->items || count > SIZE_MAX / sizeof *list->items)
		return;
	list->items = memory_acquire(count * sizeof *list->items);
	list->capacity = count;
}

/* ---- The table ---- */

/* A slot holds the number of an item and 1 in as many bits as the table's size has, and
 * bits of its hash in the others, which tell most texts apart without a look at them. 0:
 * free. Returns where the text is or belongs. */
static uint32_t *find_slot(const struct string_list *list, struct view text, uint32_t hash)
{
	uint32_t mask = (uint32_t)list->slot_count - 1;
	size_t at = hash & mask;

	for (uint32_t slot; (slot = list->slots[at]); at = (at + 1) & mask)
		if (((slot ^ hash) & ~mask) == 0 &&
		    view_equal(list->items[(slot & mask) - 1], text))
			break;
	return &list->slots[at];
}

/* Of equal texts the first is in the table. */
static void file_item(struct string_list *list, size_t number)
{
	struct view text = list->items[number];
	uint32_t hash = (uint32_t)hash_of(text), mask = (uint32_t)list->slot_count - 1;
	uint32_t *slot = find_slot(list, text, hash);

	if (!*slot)
		*slot = (hash & ~mask) | (uint32_t)(number + 1);
}

/* A table that is at most half full when `capacity` items are in it. */
static void make_table(struct string_list *list)
{
	size_t count = 64;

	while (count < 2 * list->capacity)
		count *= 2;
	if (count > UINT32_MAX)
		memory_exhausted();
	memory_release(list->slots);
	list->slots = memory_acquire(count * sizeof *list->slots);
	memset(list->slots, 0, count * sizeof *list->slots);
	list->slot_count = count;
	for (size_t i = 0; i < list->count; i++)
		file_item(list, i);
}

/* ---- What the header offers ---- */

static int compare(struct view a, struct view b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Whether it would stand behind all items of a list in order. */
static bool is_last(const struct string_list *list, struct view text)
{
	return list->count == 0 || compare(list->items[list->count - 1], text) < 0;
}

bool string_list_find(const struct string_list *list, struct view text, uint32_t *number)
{
	size_t low = 0, high = list->count;
	uint32_t ignored, *found = number ? number : &ignored;

	if (list->slots) {
		uint32_t slot = *find_slot(list, text, (uint32_t)hash_of(text));

		*found = (slot & ((uint32_t)list->slot_count - 1)) - 1;
		return slot != 0;
	}
	if (is_last(list, text))
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(list->items[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = (uint32_t)low;
	return view_equal(list->items[low], text);
}

/* Puts a text that stays where it is behind the others. */
static void append(struct string_list *list, struct view text)
{
	bool ordered = !list->slots && is_last(list, text);
	size_t capacity = list->capacity;

	memory_extend(&list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = text;
	if (ordered)
		return;
	if (!list->slots || capacity != list->capacity)
		make_table(list);
	else
		file_item(list, list->count - 1);
}

static void append_copy(struct string_list *list, struct view text)
{
	append(list, (struct view){arena_copy(&list->arena, text.data, text.len), text.len});
}

void string_list_add(struct string_list *list, const char *text)
{
	append_copy(list, view_of(text));
}

bool string_list_add_once(struct string_list *list, const char *text)
{
	size_t count = list->count;

	string_list_number(list, view_of(text));
	return list->count > count;
}

bool string_list_borrow_once(struct string_list *list, struct view text)
{
	if (string_list_find(list, text, NULL))
		return false;
	append(list, text);
	return true;
}

uint32_t string_list_number(struct string_list *list, struct view text)
{
	uint32_t number;

	if (string_list_find(list, text, &number))
		return number;
	append_copy(list, text);
	return (uint32_t)list->count - 1;
}
