#include "regcred/edit/snippet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

static const struct snippet usual = {
    .program = "regcred-gen",
    .secret = "regcred",
    .account = "default",
    .kind = "Pod",
    .path = "spec",
};

static void assert_part(enum snippet_part part, const struct snippet *snippet, const char *expected)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	assert_true(snippet_append(&out, part, snippet, &error));
	assert_string_equal(out.data, expected);
}

static void assert_holds(enum snippet_part part, const struct snippet *snippet, const char *text,
                         bool expected)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	assert_true(snippet_append(&out, part, snippet, &error));
	if (!strstr(out.data, text) == expected)
		fail_msg("%s: %s in %s", expected ? "missing" : "found", text, out.data);
}

static void lines_stand_where_the_kind_has_them(void **state)
{
	struct snippet snippet = usual;

	(void)state;
	assert_part(SNIPPET_LINES, &snippet,
	            "# Pod\nspec:\n  imagePullSecrets:\n  - name: regcred\n");
	snippet.kind = "CronJob";
	snippet.path = "spec.jobTemplate.spec.template.spec";
	assert_part(SNIPPET_LINES, &snippet,
	            "# CronJob\n"
	            "spec:\n"
	            "  jobTemplate:\n"
	            "    spec:\n"
	            "      template:\n"
	            "        spec:\n"
	            "          imagePullSecrets:\n"
	            "          - name: regcred\n");
	snippet.kind = "ServiceAccount";
	snippet.name = "builder";
	snippet.path = "";
	assert_part(SNIPPET_LINES, &snippet,
	            "# ServiceAccount builder\nimagePullSecrets:\n- name: regcred\n");
}

static void what_is_listed_stays(void **state)
{
	static const char *const listed[] = {"old", "{{ .Values.secret }}", "regcred", "on"};
	struct snippet snippet = usual;

	(void)state;
	snippet.listed = listed;
	snippet.listed_count = 2;
	assert_part(SNIPPET_LINES, &snippet,
	            "# Pod\n"
	            "spec:\n"
	            "  imagePullSecrets:\n"
	            "  - name: old\n"
	            "  - name: \"{{ .Values.secret }}\"\n"
	            "  - name: regcred\n");
	snippet.listed_count = 4;
	assert_part(SNIPPET_LINES, &snippet,
	            "# Pod\n"
	            "spec:\n"
	            "  imagePullSecrets:\n"
	            "  - name: old\n"
	            "  - name: \"{{ .Values.secret }}\"\n"
	            "  - name: regcred\n"
	            "  - name: \"on\"\n");
}

static void what_can_be_changed_is(void **state)
{
	struct snippet snippet = usual;

	(void)state;
	snippet.name = "shop";
	snippet.namespace = "dev";
	assert_holds(SNIPPET_LINES, &snippet, "kubectl patch", false);
	snippet.kind = "Deployment";
	snippet.path = "spec.template.spec";
	assert_holds(SNIPPET_LINES, &snippet,
	             "\nkubectl patch deployment shop -n dev -p "
	             "'{\"spec\":{\"template\":{\"spec\":{\"imagePullSecrets\":"
	             "[{\"name\":\"regcred\"}]}}}}'\n",
	             true);
	snippet.name = NULL;
	assert_holds(SNIPPET_LINES, &snippet, "kubectl patch", false);
}

static void the_events_are_those_of_its_pods(void **state)
{
	struct snippet snippet = usual;

	(void)state;
	assert_holds(SNIPPET_EVENTS, &snippet, "kubectl describe pods\n", true);
	snippet.namespace = "dev";
	snippet.name = "shop";
	assert_holds(SNIPPET_EVENTS, &snippet, "kubectl describe pod shop -n dev\n", true);
	snippet.path = ""; /* the Pods of a ServiceAccount are called otherwise */
	assert_holds(SNIPPET_EVENTS, &snippet, "kubectl describe pods -n dev\n", true);
}

static void files_are_quoted(void **state)
{
	struct snippet snippet = usual;

	(void)state;
	assert_holds(SNIPPET_CHECKS, &snippet, " --for ", false);
	snippet.file = "my app.yaml";
	assert_holds(SNIPPET_CHECKS, &snippet, "match -f - --for 'my app.yaml'\n", true);
	assert_holds(SNIPPET_CHECKS, &snippet, "check - 'my app.yaml'\n", true);
	snippet.file = "-a@s.yaml";
	assert_holds(SNIPPET_CHECKS, &snippet, "check - ./-a@s.yaml\n", true);
}

static void every_command_names_the_namespace(void **state)
{
	struct snippet snippet = usual;

	(void)state;
	snippet.namespace = "dev";
	snippet.file = "app.yaml";
	for (int part = SNIPPET_LINK; part < SNIPPET_PARTS; part++) {
		struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct error error;

		assert_true(snippet_append(&out, (enum snippet_part)part, &snippet, &error));
		assert_true(out.len > 0);
		for (char *at = out.data; (at = strstr(at, "kubectl ")); at++) {
			size_t len = strcspn(at, "\n|");
			char command[512];

			assert_true(len < sizeof command);
			memcpy(command, at, len);
			command[len] = '\0';
			if (!strstr(command, " -n dev") && !strstr(command, " --all-namespaces"))
				fail_msg("no namespace: %s", command);
		}
		assert_true(strlen(snippet_heading((enum snippet_part)part)) > 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(lines_stand_where_the_kind_has_them, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(what_is_listed_stays, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(what_can_be_changed_is, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(the_events_are_those_of_its_pods, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(files_are_quoted, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(every_command_names_the_namespace, watched_begin,
	                                    watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("snippet", tests, NULL, NULL);
}
