#include "regcred/verify/challenge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

/* What is read of a header, as "SCHEME[token68](realm|service|scope) ..."; absent is -. */
static void describe(struct view header, struct buf *out)
{
	static const char *const names[] = {"realm", "service", "scope"};
	CLEANUP(buf_release) struct buf value = BUF_INIT(BUF_CONFIG_MAX);
	struct challenge challenge;

	while (challenge_next(&header, &challenge)) {
		buf_append_format(out, "%s%.*s[%.*s](", out->len ? " " : "",
		                  (int)challenge.scheme.len, challenge.scheme.data,
		                  (int)challenge.token68.len, challenge.token68.data);
		for (size_t i = 0; i < 3; i++)
			buf_append_format(
			    out, "%s%s", i ? "|" : "",
			    challenge_parameter(&challenge, names[i], &value) ? value.data : "-");
		buf_append_char(out, ')');
	}
}

static const struct {
	const char *header, *read;
} cases[] = {
    /* as registries send them */
    {"Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"",
     "Bearer[](https://auth.docker.io/token|registry.docker.io|-)"},
    {"Bearer "
     "realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:user/image:pull\"",
     "Bearer[](https://ghcr.io/token|ghcr.io|repository:user/image:pull)"},
    {"Basic "
     "realm=\"https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/"
     "\",service=\"ecr.amazonaws.com\"",
     "Basic[](https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/|ecr.amazonaws.com|-)"},
    {"BASIC realm=\"Sonatype Nexus Repository Manager\"",
     "BASIC[](Sonatype Nexus Repository Manager|-|-)"},
    {"Basic realm=Registry", "Basic[](Registry|-|-)"},
    /* several in one header */
    {"Bearer realm=\"a\",scope=\"b,c\", Basic realm=\"d\"", "Bearer[](a|-|b,c) Basic[](d|-|-)"},
    {"Negotiate, Basic realm=x", "Negotiate[](-|-|-) Basic[](x|-|-)"},
    {"Negotiate YWJj==, Bearer realm=\"x\"", "Negotiate[YWJj==](-|-|-) Bearer[](x|-|-)"},
    {"Basic realm=\"a\", Basic realm=\"b\"", "Basic[](a|-|-) Basic[](b|-|-)"},
    {"a, b, c", "a[](-|-|-) b[](-|-|-) c[](-|-|-)"},
    /* RFC 9110: blanks around =, empty elements, case, escapes */
    {"Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
     "Newauth[](apps|-|-) Basic[](simple|-|-)"},
    {",, ,Bearer , ,realm = \"a\" ,,, service\t=\tb ,", "Bearer[](a|b|-)"},
    {"bEaReR REALM=a,Service=b,sCoPe=c", "bEaReR[](a|b|c)"},
    {"Bearer realm=\"a\\\"b\\\\c\\d\"", "Bearer[](a\"b\\cd|-|-)"},
    {"Bearer realm=\"\"", "Bearer[](|-|-)"},
    {"Bearer realm=a,realm=b", "Bearer[](b|-|-)"},
    {"Bearer xrealm=a,realmx=b", "Bearer[](-|-|-)"},
    /* what does not follow the grammar ends it */
    {"", ""},
    {" , ,", ""},
    {"=", ""},
    {"\"Bearer\" realm=a", ""},
    {"Bearer realm=\"a", "Bearer[](-|-|-)"},
    {"Bearer realm=\"a\\\"", "Bearer[](-|-|-)"},
    {"Bearer realm=\"a\\", "Bearer[](-|-|-)"},
    {"Bearer realm=a service=b", "Bearer[](a|-|-)"},
    {"Bearer realm=a,service", "Bearer[](a|-|-) service[](-|-|-)"},
    {"Bearer realm=a,service=", "Bearer[](a|-|-) service[](-|-|-)"},
    {"Bearer realm=https://x/y,service=b", "Bearer[](https|-|-)"},
    {"Bearer realm=a; Basic realm=b", "Bearer[](a|-|-)"},
    {"Bearer\x01realm=a", "Bearer[](-|-|-)"},
    {"Basic realm=\"\xc3\xa9\x1b[31m\"", "Basic[](\xc3\xa9\x1b[31m|-|-)"},
};

static void test_headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(buf_release) struct buf read = BUF_INIT(BUF_CONFIG_MAX);

		describe(view_of(cases[i].header), &read);
		assert_string_equal(read.data, cases[i].read);
	}
}

/* Every header that is cut short is read without a step outside it. */
static void test_cut_headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t len = 0; len <= strlen(cases[i].header); len++) {
			CLEANUP(buf_release) struct buf read = BUF_INIT(BUF_CONFIG_MAX);
			char *exact = memory_acquire(len);

			memcpy(exact, cases[i].header, len);
			describe((struct view){exact, len}, &read);
			memory_release(exact);
		}
	}
}

static void test_schemes(void **state)
{
	struct view header = view_of("BASIC realm=x");
	struct challenge challenge;

	(void)state;
	assert_true(challenge_next(&header, &challenge));
	assert_true(challenge_is(&challenge, "Basic"));
	assert_false(challenge_is(&challenge, "Basi"));
	assert_false(challenge_is(&challenge, "Basics"));
	assert_false(challenge_next(&header, &challenge));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_cut_headers),
	    cmocka_unit_test(test_schemes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
