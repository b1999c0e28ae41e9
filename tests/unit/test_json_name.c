#include "regcred/json/json_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *key;
	size_t len;
	const char *name;
	bool same;
} cases[] = {
    {"auths", 5, "auths", true},
    {"AUTHS", 5, "auths", true},
    {"HTTPheaders", 11, "HttpHeaders", true},
    {"auth\xC5\xBF", 6, "auths", true},
    {"u\xC5\xBF"
     "ername",
     9, "username", true},
    {"identityto\xE2\x84\xAA"
     "en",
     15, "identitytoken", true},
    {"", 0, "", true},
    {"", 0, "auth", false},
    {"auth", 4, "auths", false},
    {"auths", 5, "auth", false},
    {"auths\0", 6, "auths", false},
    {"auth ", 5, "auth", false},
    {"a\xC3\xBCth", 5, "auth", false},
    {"\xE2\x84\xAA", 3, "s", false},
    {"\xC5\xBF", 2, "k", false},
};

static void compares_as_go_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf key = BUF_INIT(BUF_NAME_MAX);

		buf_append(&key, cases[i].key, cases[i].len);
		if (json_name_is(&key, cases[i].name) != cases[i].same)
			fail_msg("%s, %s", cases[i].key, cases[i].name);
		buf_release(&key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(compares_as_go_does),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("json_name", tests, NULL, NULL);
}
