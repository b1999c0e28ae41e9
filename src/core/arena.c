#include "regcred/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "regcred/memory.h"

struct arena_block {
	struct arena_block *older;
	size_t used, size; /* of `bytes` */
	char bytes[];
};

enum { BLOCK_SIZE = 64 * 1024 };

/* A block that is not the newest is never looked at again, so a large piece, which gets
 * one of its own, goes behind the newest. */
static struct arena_block *block_for(struct arena *arena, size_t size)
{
	struct arena_block *newest = arena->newest;
	bool large = size > BLOCK_SIZE / 4;
	size_t room = large ? size : BLOCK_SIZE - sizeof *newest;
	struct arena_block **place = large && newest ? &newest->older : &arena->newest;
	struct arena_block *block;

	if (newest && size <= newest->size - newest->used)
		return newest;
	block = size < PTRDIFF_MAX - sizeof *block ? memory_acquire(sizeof *block + room) : NULL;
	if (!block)
		return NULL;
	*block = (struct arena_block){.size = room, .older = *place};
	*place = block;
	return block;
}

char *arena_take(struct arena *arena, size_t len)
{
	struct arena_block *block = len < SIZE_MAX ? block_for(arena, len + 1) : NULL;
	char *piece;

	if (!block)
		return NULL;
	piece = block->bytes + block->used;
	block->used += len + 1;
	piece[len] = '\0';
	return piece;
}

char *arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	char *copy = arena_take(arena, len);

	if (copy && len)
		memcpy(copy, bytes, len);
	return copy;
}

void arena_release(struct arena *arena)
{
	while (arena->newest) {
		struct arena_block *block = arena->newest;

		arena->newest = block->older;
		memory_release(block);
	}
}
