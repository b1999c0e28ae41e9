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
 * bits of its hash in the others, so that most texts need not be compared. 0:
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

static void fill_slot(const struct string_list *list, uint32_t *slot, uint32_t hash, size_t number)
{
	*slot = (hash & ~((uint32_t)list->slot_count - 1)) | (uint32_t)(number + 1);
}

/* Of equal texts the first is in the table. */
static void file_item(struct string_list *list, size_t number)
{
	uint32_t hash = (uint32_t)hash_of(list->items[number]);
	uint32_t *slot = find_slot(list, list->items[number], hash);

	if (!*slot)
		fill_slot(list, slot, hash, number);
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

/* ---- Where a text is ---- */

/* Or belongs. */
struct place {
	uint32_t number;
	bool last;      /* without a table: after all items */
	uint32_t *slot; /* in the table; NULL: there is none */
	uint32_t hash;
};

static bool search(const struct string_list *list, struct view text, struct place *place)
{
	size_t low = 0, high = list->count;

	place->last = high == 0 || view_compare(list->items[high - 1], text) < 0;
	if (place->last)
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (view_compare(list->items[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	place->number = (uint32_t)low;
	return view_equal(list->items[low], text);
}

static bool locate(const struct string_list *list, struct view text, struct place *place)
{
	*place = (struct place){0};
	if (!list->slots)
		return search(list, text, place);
	place->hash = (uint32_t)hash_of(text);
	place->slot = find_slot(list, text, place->hash);
	place->number = (*place->slot & ((uint32_t)list->slot_count - 1)) - 1;
	return *place->slot != 0;
}

/* Puts a text that stays where it is after the others. */
static void append(struct string_list *list, struct view text, const struct place *place)
{
	bool full = list->count == list->capacity;

	memory_extend(&list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = text;
	if (place->slot ? full : !place->last)
		make_table(list);
	else if (place->slot && !*place->slot)
		fill_slot(list, place->slot, place->hash, list->count - 1);
}

static void append_copy(struct string_list *list, struct view text, const struct place *place)
{
	append(list, (struct view){arena_copy(&list->arena, text.data, text.len), text.len}, place);
}

/* ---- What the header offers ---- */

bool string_list_find(const struct string_list *list, struct view text, uint32_t *number)
{
	struct place place;

	if (!locate(list, text, &place))
		return false;
	if (number)
		*number = place.number;
	return true;
}

void string_list_add(struct string_list *list, const char *text)
{
	struct place place;

	locate(list, view_of(text), &place);
	append_copy(list, view_of(text), &place);
}

bool string_list_add_once(struct string_list *list, const char *text)
{
	size_t count = list->count;

	string_list_number(list, view_of(text));
	return list->count > count;
}

bool string_list_borrow_once(struct string_list *list, struct view text)
{
	struct place place;

	if (locate(list, text, &place))
		return false;
	append(list, text, &place);
	return true;
}

uint32_t string_list_number(struct string_list *list, struct view text)
{
	struct place place;

	if (locate(list, text, &place))
		return place.number;
	append_copy(list, text, &place);
	return (uint32_t)list->count - 1;
}
