#include "regcred/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

/* Small and large in turn: none moves or overlaps, and few blocks are taken. */
static void pieces_stay(void **state)
{
	enum { COUNT = 300 };
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	char *pieces[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		size_t len = i % 50 == 49 ? 100000 : i;

		pieces[i] = arena_take(&arena, len);
		assert_non_null(pieces[i]);
		assert_int_equal(pieces[i][len], '\0');
		memset(pieces[i], (int)(i % 255) + 1, len);
	}
	for (size_t i = 0; i < COUNT; i++) {
		size_t len = i % 50 == 49 ? 100000 : i;

		assert_int_equal(strlen(pieces[i]), len);
		for (size_t j = 0; j < len; j++)
			assert_int_equal((unsigned char)pieces[i][j], i % 255 + 1);
	}
	assert_true(live < 6 + 10);
}

static void little_takes_little(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;

	(void)state;
	arena_copy(&arena, "name", 4);
	assert_true(arena.held <= 1024);
}

/* Between pieces of any length, also where a block is all but full. */
static void aligns(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < 20000; i++) {
		max_align_t *piece = arena_take_aligned(&arena, sizeof *piece);

		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
		memset(piece, 1, sizeof *piece);
		assert_non_null(arena_take(&arena, i % 9));
	}
	assert_non_null(arena_take_aligned(&arena, 0));
}

/* One block stays, wiped, and is used again; large ones go, whichever came first. */
static void begins_anew(void **state)
{
	enum { LARGE = 100000, SMALL = 1000 };
	static const char nothing[SMALL];
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;

	(void)state;
	assert_non_null(arena_take(&arena, LARGE));
	arena_reset(&arena);
	assert_int_equal(live, 0);
	assert_int_equal(arena.held, 0);
	for (int times = 0; times < 3; times++) {
		char *first = arena_take(&arena, SMALL);

		assert_non_null(first);
		if (times > 0)
			assert_memory_equal(first, nothing, SMALL);
		memset(first, 'x', SMALL);
		assert_non_null(arena_take(&arena, LARGE));
		assert_int_equal(live, 2);
		assert_true(arena.held > LARGE + SMALL);
		arena_reset(&arena);
		assert_int_equal(live, 1);
		assert_in_range(arena.held, SMALL, LARGE);
	}
}

static void copies(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;

	(void)state;
	assert_memory_equal(arena_copy(&arena, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(pieces_stay, watched_begin, watched_end),
	    cmocka_unit_test(little_takes_little),
	    cmocka_unit_test_setup_teardown(aligns, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(begins_anew, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(copies, watched_begin, watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
