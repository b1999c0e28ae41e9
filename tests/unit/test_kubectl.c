#include "regcred/edit/kubectl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

static void a_link_adds_to_a_list_or_makes_one(void **state)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

	(void)state;
	kubectl_append_link(&out, "builder", "dev", "regcred", "\n  ");
	assert_string_equal(
	    out.data,
	    "kubectl patch serviceaccount builder -n dev --type=json -p "
	    "'[{\"op\":\"add\",\"path\":\"/imagePullSecrets/-\",\"value\":{\"name\":\"regcred\"}}]'"
	    " 2>/dev/null ||\n  "
	    "kubectl patch serviceaccount builder -n dev --type=json -p "
	    "'[{\"op\":\"test\",\"path\":\"/imagePullSecrets\",\"value\":null},"
	    "{\"op\":\"add\",\"path\":\"/imagePullSecrets\",\"value\":[{\"name\":\"regcred\"}]}]'");
}

static void no_namespace_is_kubectls_own(void **state)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

	(void)state;
	kubectl_append_namespace(&out, NULL);
	assert_string_equal(out.data, "");
	kubectl_append_namespace(&out, "dev");
	assert_string_equal(out.data, " -n dev");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_link_adds_to_a_list_or_makes_one),
	    cmocka_unit_test(no_namespace_is_kubectls_own),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("kubectl", tests, NULL, NULL);
}
