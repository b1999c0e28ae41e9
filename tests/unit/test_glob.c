/* Cases of Go's src/path/filepath/match_test.go are among these. */
#include "regcred/base/memory.h"
#include "regcred/registry/glob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/registry/index_key.h"

static const struct {
	const char *pattern, *name;
	bool matches;
} cases[] = {
    {"", "", true},
    {"", "a", false},
    {"abc", "abc", true},
    {"abc", "abcd", false},
    {"abc", "ABC", false},
    {"*", "", true},
    {"*", "abc", true},
    {"**", "abc", true},
    {"*c", "abc", true},
    {"*c", "abcc", true},
    {"a*", "a", true},
    {"a*", "abc", true},
    {"a*c", "ac", true},
    {"a*c", "abcbc", true},
    {"a*b*c", "abbbc", true},
    {"a*b*c", "acbbc", true},
    {"a*b*c", "acc", false},
    {"r*g", "reg", true},
    {"r*g", "regs", false},
    {"*-docker", "europe-docker", true},
    {"*-docker", "docker", false},
    {"a*b*c*d*e*", "axbxcxdxe", true},
    {"a*b*c*d*e*x", "axbxcxdxexxx", true},
    {"a*b", "a/b", false},
    {"*x", "xxx", true},
    {"*]", "[::1]", true},
    {"*", "[::1]", true},
};

static void matches_as_go_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (glob_matches(view_of(cases[i].pattern), view_of(cases[i].name), '/') !=
		    cases[i].matches)
			fail_msg("%s and %s", cases[i].pattern, cases[i].name);
}

static void knows_digits_and_lists(void **state)
{
	(void)state;
	assert_true(glob_list_matches("# #|", view_of("12345|"), '\0'));
	assert_true(glob_list_matches("# #|", view_of("1"), '\0'));
	assert_false(glob_list_matches("# #|", view_of("|"), '\0'));
	assert_false(glob_list_matches("# #|", view_of("12a"), '\0'));
	assert_false(glob_list_matches("", view_of("a"), '\0'));
}

static void compares_label_by_label(void **state)
{
	static const struct {
		const char *pattern, *host;
		bool matches;
	} hosts[] = {
	    {"*.example.com", "a.example.com", true},
	    {"*.example.com", "a.b.example.com", false},
	    {"*.example.com", "example.com", false},
	    {"*.*.*", "a.b.c", true},
	    {"*.dkr.ecr.*.amazonaws.com", "1.dkr.ecr.eu.amazonaws.com", true},
	    {"a.", "a.", true},
	    {"a.", "a", false},
	    {"", "", true},
	    {"*.", "a.", true},
	    /* an IPv6 address without port is a class */
	    {"[::1]", "1", true},
	    {"[::1]", "]", false},
	    {"[::1]", "[::1]", false},
	    {"[::1.2]", "1.2", false},
	    {"[A::1]", "A", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++)
		if (index_host_matches(view_of(hosts[i].pattern), view_of(hosts[i].host)) !=
		    hosts[i].matches)
			fail_msg("%s and %s", hosts[i].pattern, hosts[i].host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(matches_as_go_does),
	    cmocka_unit_test(knows_digits_and_lists),
	    cmocka_unit_test(compares_label_by_label),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
