#include "regcred/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "regcred/base/memory.h"

struct arena_block {
	struct arena_block *older;
	size_t used, size; /* of `bytes` */
	max_align_t bytes[];
};

/* Blocks double, so that an arena of little takes little. */
enum { BLOCK_MIN = 1024, BLOCK_MAX = 64 * 1024 };

static size_t next_block(const struct arena *arena)
{
	size_t size = arena->newest ? 2 * (arena->newest->size + sizeof *arena->newest) : BLOCK_MIN;

	return size < BLOCK_MAX ? size : BLOCK_MAX;
}

/* A block that is not the newest is never looked at again, so a large piece, which gets
 * one of its own, goes after the newest. */
static struct arena_block *block_for(struct arena *arena, size_t size)
{
	struct arena_block *newest = arena->newest;
	bool large = size > next_block(arena) / 4;
	size_t room = large ? size : next_block(arena) - sizeof *newest;
	struct arena_block **place = large && newest ? &newest->older : &arena->newest;
	struct arena_block *block;

	if (newest && size <= newest->size - newest->used)
		return newest;
	block =
	    memory_acquire(size < PTRDIFF_MAX - sizeof *block ? sizeof *block + room : SIZE_MAX);
	*block = (struct arena_block){.size = room, .older = *place};
	*place = block;
	arena->held += room;
	return block;
}

static char *take(struct arena *arena, size_t size)
{
	struct arena_block *block = block_for(arena, size);
	char *piece = (char *)block->bytes + block->used;

	block->used += size;
	return piece;
}

char *arena_take(struct arena *arena, size_t len)
{
	char *piece = take(arena, len < SIZE_MAX ? len + 1 : len);

	piece[len] = '\0';
	return piece;
}

void *arena_take_aligned(struct arena *arena, size_t size)
{
	const size_t alignment = _Alignof(max_align_t);
	struct arena_block *newest = arena->newest;

	if (newest) {
		size_t left = newest->size - newest->used;
		size_t gap = (alignment - newest->used % alignment) % alignment;

		newest->used += gap < left ? gap : left;
	}
	return take(arena, size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	char *copy = arena_take(arena, len);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *kept = arena->newest;

	if (!kept || kept->size > BLOCK_MAX) {
		arena_release(arena);
		return;
	}
	arena->newest = kept->older;
	arena_release(arena);
	memory_wipe(kept->bytes, kept->used);
	kept->older = NULL;
	kept->used = 0;
	*arena = (struct arena){.newest = kept, .held = kept->size};
}

void arena_release(struct arena *arena)
{
	while (arena->newest) {
		struct arena_block *block = arena->newest;

		arena->newest = block->older;
		memory_release(block);
	}
	arena->held = 0;
}
