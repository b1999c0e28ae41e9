#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *a;
	const char *b;
	size_t distance;
} cases[] = {
    {"", "", 0},
    {"", "abc", 3},
    {"registry", "registry", 0},
    {"registry", "regitsry", 1}, /* a swap */
    {"registry", "registy", 1},
    {"registry", "registrry", 1},
    {"registry", "ragistry", 1},
    {"--pasword-stdin", "--password-stdin", 1},
    {"kitten", "sitting", 3},
    {"ca", "abc", 3}, /* no piece is edited twice: not 2 */
    {"abcd", "badc", 2},
    {"ab", "ba", 1},
    {"generate", "verify", 6},
    {"\xC3\xA9", "e", 2}, /* bytes */
};

static void measures_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(edit_distance(cases[i].a, cases[i].b, 100), cases[i].distance);
		assert_int_equal(edit_distance(cases[i].b, cases[i].a, 100), cases[i].distance);
	}
}

static void gives_up_beyond_the_limit(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t limit = 0; limit < 10; limit++) {
			size_t distance = cases[i].distance;

			assert_int_equal(edit_distance(cases[i].a, cases[i].b, limit),
			                 distance > limit ? limit + 1 : distance);
		}
}

static void does_not_measure_long_words(void **state)
{
	char longest[EDIT_DISTANCE_LENGTH_MAX + 1];
	char longer[EDIT_DISTANCE_LENGTH_MAX + 2];

	(void)state;
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_int_equal(edit_distance(longest, longest, 2), 0);
	assert_int_equal(edit_distance(longest, "", 1000), EDIT_DISTANCE_LENGTH_MAX);
	assert_int_equal(edit_distance(longer, longer, 2), 3);
	assert_int_equal(edit_distance(longest, longer, 2), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(measures_both_ways),
	    cmocka_unit_test(gives_up_beyond_the_limit),
	    cmocka_unit_test(does_not_measure_long_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("edit_distance", tests, NULL, NULL);
}
