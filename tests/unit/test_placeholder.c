#include "regcred/base/memory.h"
#include "regcred/manifest/placeholder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const placeholders[] = {
    "<base64>",
    " <base64>\n",
    "<비밀번호>",
    "[[token]]",
    "__TOKEN__",
    "CHANGE_ME",
    "changeme",
    "Change-Me",
    "REPLACE_ME",
    "CHANGE_ME_TOKEN",
    "CHANGEME-123",
    "REPLACE_WITH_BASE64",
    "your-token",
    "YOUR_TOKEN_HERE",
    "token here",
    "base64-encoded-config",
    "TODO",
    "xxxx",
    "***",
    "...",
    "[REDACTED]",
    "[REDACTED CERTIFICATE]",
    "[YOUR-TOKEN]",
    "ghp_xxxxxxxxxxxx",
    "glpat-XXXXXXXXXXXXXXXXXXXX",
    "dckr_pat_********",
    "eyJhdXRocyI6...",
    "ewogICJhdXRo\xE2\x80\xA6",
};

static const char *const values[] = {
    "[Ab1]",
    "[]",
    "",
    " ",
    "user",
    "password",
    "secret",
    "token",
    "x",
    "xx",
    "hunter2",
    "changed",
    "changeme-bot",
    "change-me-please",
    "Replace_me_not",
    "<",
    "<>",
    "a<b>",
    "<b>c",
    "your",
    "yours-too",
    "here",
    "todo-list",
    "xxxy",
    "[a]",
    "[]",
    "ghp_xxxxxxx",
    "abcxxxxxxxx",
    "a b_xxxxxxxx",
    "ghp_1234xxxxxxxx",
    "wait...",
    "$oauthtoken",
    "e30=",
    "AWS",
    "robot$ci",
    "octocat",
    "__",
    "____x",
    "your@example.com",
    "chang\xC3\xA9_me",
    "gldt-xxxx1",
    "ghp_xxxx0",
};

static void recognises_placeholders(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(placeholders); i++)
		if (!value_is_placeholder(placeholders[i], strlen(placeholders[i])))
			fail_msg("a value: %s", placeholders[i]);
}

static void recognises_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++)
		if (value_is_placeholder(values[i], strlen(values[i])))
			fail_msg("a placeholder: %s", values[i]);
	assert_false(value_is_placeholder(NULL, 0));
	assert_false(value_is_placeholder("CHANGE\0ME", 9));
}

static void long_values_are_none(void **state)
{
	char text[1024];

	(void)state;
	memset(text, 'x', sizeof text);
	assert_true(value_is_placeholder(text, 256));
	assert_false(value_is_placeholder(text, 257));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(recognises_placeholders),
	    cmocka_unit_test(recognises_values),
	    cmocka_unit_test(long_values_are_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("placeholder", tests, NULL, NULL);
}
