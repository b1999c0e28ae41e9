/* watched_memory.h - for the one source of a test: the program's own memory.c over a
 * malloc that counts, that can run out at any call, and whose free looks whether the
 * block was wiped. A test sets the counters to 0 and reads them at its end; most let
 * watched_begin and watched_end do it. Comes behind cmocka.h.
 */
#ifndef WATCHED_MEMORY_H
#define WATCHED_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

static size_t taken, live, unwiped, run_out_at;

union block {
	size_t size;
	max_align_t align;
};

static void *watched_malloc(size_t size)
{
	union block *block = ++taken == run_out_at ? NULL : malloc(sizeof *block + size);

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
	taken = live = unwiped = run_out_at = 0;
	return 0;
}

static inline int watched_end(void **state)
{
	(void)state;
	return live || unwiped;
}

/* After a run in which one allocation could fail: the failure was told, and nothing stays.
 * A macro, as only some tests know errors. */
#define watched_expect(done, error)                                                                \
	do {                                                                                       \
		if ((done) != (taken < run_out_at))                                                \
			fail_msg("allocation %zu: failure went unseen", run_out_at);               \
		if (!(done) && (error)->diagnostic != DIAGNOSTIC_OUT_OF_MEMORY)                    \
			fail_msg("allocation %zu: %s", run_out_at, (error)->message);              \
		if (live || unwiped)                                                               \
			fail_msg("allocation %zu: %zu blocks stay, %zu bytes unwiped", run_out_at, \
			         live, unwiped);                                                   \
	} while (0)

#endif
