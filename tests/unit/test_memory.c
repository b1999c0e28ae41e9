#include "regcred/base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

static void blocks_are_aligned_and_go_back_wiped(void **state)
{
	(void)state;
	for (size_t size = 0; size < 300; size++) {
		char *block = memory_acquire(size);

		assert_non_null(block);
		assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
		memset(block, 0xA5, size);
		memory_release(block);
		assert_int_equal(live, 0);
		assert_int_equal(unwiped, 0);
	}
}

static void releasing_null_does_nothing(void **state)
{
	(void)state;
	memory_release(NULL);
	memory_wipe(NULL, 0);
	assert_int_equal(live, 0);
}

static void wipes_exactly_what_is_asked(void **state)
{
	char bytes[] = "abcdef";

	(void)state;
	memory_wipe(bytes + 1, 3);
	assert_memory_equal(bytes, "a\0\0\0ef", 7);
}

static jmp_buf ended;

static void end_test(void)
{
	longjmp(ended, 1);
}

static void memory_that_runs_out_ends_in_one_place(void **state)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 64, SIZE_MAX / 2 + 1,
	                               PTRDIFF_MAX};
	volatile size_t i;

	(void)state;
	memory_on_exhaustion(end_test);
	for (i = 0; i < COUNT(sizes); i++)
		if (setjmp(ended) == 0) {
			memory_acquire(sizes[i]);
			fail_msg("size %zu came back", sizes[i]);
		}
	assert_int_equal(taken, 0); /* no size had wrapped */
}

static void an_array_doubles_and_keeps_its_items(void **state)
{
	size_t *items = NULL;
	size_t capacity = 0;

	(void)state;
	for (size_t count = 0; count < 5000; count++) {
		size_t before = capacity;

		memory_extend(&items, count, &capacity, sizeof *items);
		assert_true(capacity > count);
		assert_true(capacity == before || (count == before && capacity >= 2 * before));
		items[count] = count * count;
	}
	for (size_t i = 0; i < 5000; i++)
		if (items[i] != i * i)
			fail_msg("item %zu has changed", i);
	assert_int_equal(live, 1);
	assert_in_range(taken, 2, 14);
	assert_int_equal(unwiped, 0); /* the old arrays */
	memory_release(items);
}

static void an_array_of_impossible_size_ends_there_too(void **state)
{
	static const struct {
		size_t capacity, size;
	} cases[] = {{0, SIZE_MAX / 4}, {0, SIZE_MAX}, {SIZE_MAX / 4, 8}};
	volatile size_t i;

	(void)state;
	memory_on_exhaustion(end_test);
	for (i = 0; i < COUNT(cases); i++)
		if (setjmp(ended) == 0) {
			char *items = NULL;
			size_t capacity = cases[i].capacity;

			memory_extend(&items, capacity, &capacity, cases[i].size);
			fail_msg("case %zu came back", i);
		}
	assert_int_equal(taken, 0);
}

static void set_to_seven(int *variable)
{
	*variable += 7;
	taken = (size_t)*variable;
}

static int leave_early(bool early)
{
	CLEANUP(set_to_seven) int variable = 0;

	if (early)
		return variable;
	variable = 1;
	return variable;
}

static void cleans_up_on_every_way_out(void **state)
{
	(void)state;
	assert_int_equal(leave_early(true), 0);
	assert_int_equal(taken, 7);
	assert_int_equal(leave_early(false), 1);
	assert_int_equal(taken, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(blocks_are_aligned_and_go_back_wiped, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(releasing_null_does_nothing, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(wipes_exactly_what_is_asked, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(memory_that_runs_out_ends_in_one_place, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(an_array_doubles_and_keeps_its_items, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(an_array_of_impossible_size_ends_there_too,
	                                    watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(cleans_up_on_every_way_out, watched_begin, watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
