/* arena.h - many small pieces of memory that go together.
 *
 * Pieces never move and are never given back one by one; releasing the arena wipes
 * and frees them all. An initialised arena owns nothing.
 */
#ifndef REGCRED_ARENA_H
#define REGCRED_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *newest;
};

#define ARENA_INIT ((struct arena){0})

/* Room for `len` bytes with a zero byte behind it, not aligned; NULL: no memory. */
char *arena_take(struct arena *arena, size_t len);

/* The same, filled. */
char *arena_copy(struct arena *arena, const void *bytes, size_t len);

/* For CLEANUP. */
void arena_release(struct arena *arena);

#endif
