/* The cases of Go's src/path/filepath/match_test.go are among these. */
#include "regcred/registry/host_glob.h"

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
    {"a*b?c*x", "abxbbxdbxebxczzx", true},
    {"a*b?c*x", "abxbbxdbxebxczzy", false},
    {"a?c", "abc", true},
    {"a?c", "ac", false},
    {"a???b", "a\u263Ab", false},
    {"a?b", "a\u263Ab", true},
    {"a[^a]b", "a\u263Ab", true},
    {"ab[c]", "abc", true},
    {"ab[b-d]", "abc", true},
    {"ab[e-g]", "abc", false},
    {"ab[^c]", "abc", false},
    {"ab[^e-g]", "abc", true},
    {"[a-\u03B6]*", "\u03B1", true},
    {"*[a-\u03B6]", "A", false},
    {"a\\*b", "a*b", true},
    {"a\\*b", "ab", false},
    {"[\\-]", "-", true},
    {"[x\\-]", "-", true},
    {"[]a]", "]", false},
    {"[-]", "-", false},
    {"[x-]", "x", false},
    {"[-x]", "x", false},
    {"[", "a", false},
    {"[^", "a", false},
    {"[^bc", "a", false},
    {"a[", "a", false},
    {"a[", "ab", false},
    {"[]", "a", false},
    {"a\\", "a\\", false},
    {"a?b", "a/b", false},
    {"a*b", "a/b", false},
    {"*x", "xxx", true},
    /* an IPv6 address without port is a class */
    {"[::1]", "1", true},
    {"[::1]", "[::1]", false},
    {"*]", "[::1]", true},
    {"*", "[::1]", true},
    {"[A::1]", "A", true},
    {"[1*]*", "*a", true},
    {"[^]a]", "b", false},
};

static void matches_as_go_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (host_glob_matches(view_of(cases[i].pattern), view_of(cases[i].name)) !=
		    cases[i].matches)
			fail_msg("%s and %s", cases[i].pattern, cases[i].name);
}

static void knows_what_is_wild(void **state)
{
	(void)state;
	assert_true(host_glob_is_wild(view_of("a*")));
	assert_true(host_glob_is_wild(view_of("[")));
	assert_true(host_glob_is_wild(view_of("?")));
	assert_true(host_glob_is_wild(view_of("\\")));
	assert_false(host_glob_is_wild(view_of("a-b.c]")));
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
	};

	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (index_host_matches(view_of(hosts[i].pattern), view_of(hosts[i].host)) !=
		    hosts[i].matches)
			fail_msg("%s and %s", hosts[i].pattern, hosts[i].host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(matches_as_go_does),
	    cmocka_unit_test(knows_what_is_wild),
	    cmocka_unit_test(compares_label_by_label),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("host_glob", tests, NULL, NULL);
}
