/* arena.h - many small pieces of memory that go together.
 *
 * Pieces never move and are never given back one by one: resetting the arena wipes
 * them all, releasing it frees them as well. An initialised arena owns nothing.
 * Pieces are not zeroed.
 */
#ifndef REGCRED_ARENA_H
#define REGCRED_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *newest;
	size_t held; /* bytes of all blocks */
};

#define ARENA_INIT ((struct arena){0})

/* Room for `len` bytes with a zero byte after it, not aligned. */
char *arena_take(struct arena *arena, size_t len);

/* Room for `size` bytes, aligned for any type. */
void *arena_take_aligned(struct arena *arena, size_t size);

/* The same as arena_take, filled. */
char *arena_copy(struct arena *arena, const void *bytes, size_t len);

/* Wipes all pieces, to begin anew; a block of the usual size is kept for it. */
void arena_reset(struct arena *arena);

/* For CLEANUP. */
void arena_release(struct arena *arena);

#endif
