#include "regcred/base/intern.h"

#include <string.h>

#include "regcred/base/memory.h"

/* Where the text is or belongs. */
static uint32_t *find_slot(const struct intern *intern, struct view text, uint32_t hash)
{
	size_t mask = intern->slot_count - 1, at = hash & mask;

	for (uint32_t slot; (slot = intern->slots[at]); at = (at + 1) & mask) {
		const struct intern_text *there = &intern->texts[slot - 1];

		if (there->hash == hash && view_equal((struct view){there->data, there->len}, text))
			break;
	}
	return &intern->slots[at];
}

/* A table that is at most half full when `capacity` texts are in it. */
static bool make_table(struct intern *intern)
{
	size_t count = 64;
	uint32_t *slots;

	while (count < 2 * intern->capacity)
		count *= 2;
	slots = memory_acquire(count * sizeof *slots);
	memset(slots, 0, count * sizeof *slots);
	memory_release(intern->slots);
	intern->slots = slots;
	intern->slot_count = count;
	for (size_t i = 0; i < intern->count; i++) {
		size_t at = intern->texts[i].hash & (count - 1);

		while (slots[at])
			at = (at + 1) & (count - 1);
		slots[at] = (uint32_t)i + 1;
	}
	return true;
}

static bool add(struct intern *intern, struct view text, uint32_t *number)
{
	uint32_t hash = view_hash(text), *slot;
	char *copy;

	if (text.len >= UINT32_MAX || intern->count >= UINT32_MAX / 4 ||
	    !memory_extend(&intern->texts, intern->count, &intern->capacity, sizeof *intern->texts))
		return false;
	if (intern->slot_count < 2 * intern->capacity && !make_table(intern))
		return false;
	slot = find_slot(intern, text, hash);
	if (!*slot) {
		copy = arena_copy(&intern->arena, text.data, text.len);
		if (!copy)
			return false;
		intern->texts[intern->count++] =
		    (struct intern_text){copy, (uint32_t)text.len, hash};
		*slot = (uint32_t)intern->count;
	}
	*number = *slot - 1;
	return true;
}

bool intern_add(struct intern *intern, struct view text, uint32_t *number)
{
	uint32_t empty;

	return (intern->count || add(intern, VIEW_EMPTY, &empty)) && add(intern, text, number);
}

size_t intern_count(const struct intern *intern)
{
	return intern->count ? intern->count : 1;
}

struct view intern_text(const struct intern *intern, uint32_t number)
{
	if (number >= intern->count)
		return VIEW_EMPTY;
	return (struct view){intern->texts[number].data, intern->texts[number].len};
}

void intern_release(struct intern *intern)
{
	arena_release(&intern->arena);
	memory_release(intern->texts);
	memory_release(intern->slots);
	*intern = INTERN_INIT;
}
