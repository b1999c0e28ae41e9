#include "regcred/edit/snippet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

static void prints(const struct snippet *snippet, struct buf *out)
{
	snippet_append(out, snippet);
	assert_false(out->failure);
}

static void every_command_names_the_namespace(void **state)
{
	const struct snippet snippet = {.program = "regcred-gen", .secret = "s", .ns = "dev"};
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	prints(&snippet, &out);
	for (char *at = out.data; (at = strstr(at, "kubectl ")); at++) {
		size_t len = strcspn(at, "\n|");
		char command[512];

		assert_true(len < sizeof command);
		memcpy(command, at, len);
		command[len] = '\0';
		if (!strstr(command, " -n dev") && !strstr(command, " --all-namespaces"))
			fail_msg("no namespace: %s", command);
	}
}

static void nothing_is_left_to_be_filled_in(void **state)
{
	const struct snippet snippet = {.program = "kubectl regcred", .secret = "s"};
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	prints(&snippet, &out);
	assert_null(strchr(out.data, '@'));
	assert_null(strstr(out.data, " -n "));
	assert_non_null(strstr(out.data, "\nkubectl get serviceaccount default -o "));
	assert_non_null(strstr(out.data, "\nkubectl regcred attach s "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_command_names_the_namespace, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(nothing_is_left_to_be_filled_in, watched_begin,
	                                    watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("snippet", tests, NULL, NULL);
}
