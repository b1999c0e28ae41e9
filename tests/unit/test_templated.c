#include "regcred/base/memory.h"
#include "regcred/manifest/templated.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void finds_marks(void **state)
{
	static const char *const marked[] = {
	    "{{", "a{{ .b }}", "${A}",          "$(A)",
	    "$A", "$_b",       "<path:kv/a#b>", "ghcr.io/$org/app:${TAG}",
	    "$$a"};
	static const char *const plain[] = {"",    "$",      "{",      "a$",    "$1",  "$$",
	                                    "{ {", "<path:", "<path>", "100$ ", "a}}", "$-"};

	(void)state;
	for (size_t i = 0; i < COUNT(marked); i++)
		if (!value_is_templated(marked[i], strlen(marked[i])))
			fail_msg("%s has no mark", marked[i]);
	for (size_t i = 0; i < COUNT(plain); i++)
		if (value_is_templated(plain[i], strlen(plain[i])))
			fail_msg("%s has a mark", plain[i]);
	assert_false(value_is_templated(NULL, 0));
	assert_true(value_is_templated("\0$a", 3));
	assert_false(value_is_templated("$a", 1));
}

static void knows_sops(void **state)
{
	(void)state;
	assert_true(value_is_encrypted("ENC[AES256_GCM,data:p673w==,type:str]", 37));
	assert_true(value_is_encrypted("ENC[]", 5));
	assert_false(value_is_encrypted("ENC[", 4));
	assert_false(value_is_encrypted("ENC[a", 5));
	assert_false(value_is_encrypted("enc[]", 5));
	assert_false(value_is_encrypted(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_marks),
	    cmocka_unit_test(knows_sops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("templated", tests, NULL, NULL);
}
