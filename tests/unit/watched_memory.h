/* watched_memory.h - for the one source of a test: the program's own memory.c over a
 * malloc that counts, and whose free looks whether the
 * block was wiped. A test sets the counters to 0 and reads them at its end; most let
 * watched_begin and watched_end do it. Comes behind cmocka.h.
 */
#ifndef WATCHED_MEMORY_H
#define WATCHED_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

static size_t taken, live, unwiped;

union block {
	size_t size;
	max_align_t align;
};

static void *watched_malloc(size_t size)
{
	union block *block = malloc(sizeof *block + size);

	taken++;
	if (!block)
		return NULL;
	live++;
	block->size = size;
	return block + 1;
}

static void watched_free(void *bytes)
{
	union block *block = (union block *)bytes - 1;
	const char *at = bytes;

	live--;
	for (size_t i = 0; i < block->size; i++)
		unwiped += at[i] != 0;
	free(block);
}

#define malloc watched_malloc
#define free   watched_free
#include "../../src/core/base/memory.c"
#undef malloc
#undef free

/* Setup and teardown of a test: all memory goes back, wiped. */
static inline int watched_begin(void **state)
{
	(void)state;
	taken = live = unwiped = 0;
	return 0;
}

static inline int watched_end(void **state)
{
	(void)state;
	return live || unwiped;
}

#endif
