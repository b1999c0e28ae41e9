#include "regcred/base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/docker/credential.h"

static char long_text[3 * ERROR_MESSAGE_SIZE];

static int make_long_text(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < sizeof long_text; i++)
		long_text[i] = (char)('a' + i % 26);
	return 0;
}

static void setting_fills_everything(void **state)
{
	struct error error;

	(void)state;
	memset(&error, 0xA5, sizeof error);
	assert_false(error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "line %d: %s", 7, "bad"));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_JSON_INVALID);
	assert_int_equal(error.status, STATUS_DATA);
	assert_string_equal(error.message, "line 7: bad");
	assert_string_equal(error.hint, "");
}

static void setting_again_drops_the_hint(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "first");
	assert_false(error_hint(&error, "try %s", "this"));
	assert_string_equal(error.hint, "try this");
	assert_string_equal(error.message, "first");
	error_set(&error, DIAGNOSTIC_STDIN_TWICE, NULL, "second");
	assert_string_equal(error.hint, "");
	assert_int_equal(error.status, STATUS_USAGE);
}

static void long_texts_are_cut(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "%s", long_text);
	error_hint(&error, "%s", long_text);
	assert_int_equal(strlen(error.message), ERROR_MESSAGE_SIZE - 1);
	assert_memory_equal(error.message, long_text, ERROR_MESSAGE_SIZE - 1);
	assert_int_equal(strlen(error.hint), ERROR_HINT_SIZE - 1);
	assert_memory_equal(error.hint, long_text, ERROR_HINT_SIZE - 1);
}

static void a_prefix_names_the_context(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "not JSON");
	error_hint(&error, "fix it");
	error.status = STATUS_USAGE;
	assert_false(error_prefix(&error, "%s:%d", "file", 3));
	assert_string_equal(error.message, "file:3: not JSON");
	assert_false(error_prefix(&error, "%s", "outer"));
	assert_string_equal(error.message, "outer: file:3: not JSON");
	assert_string_equal(error.hint, "fix it");
	assert_int_equal(error.diagnostic, DIAGNOSTIC_JSON_INVALID);
	assert_int_equal(error.status, STATUS_USAGE);
}

static void a_prefix_before_a_full_message_cuts_its_end(void **state)
{
	struct error error;
	char expected[ERROR_MESSAGE_SIZE];

	(void)state;
	for (int len = 0; len < 40; len++) {
		snprintf(expected, sizeof expected, "%.*s: %.*s", len, long_text,
		         ERROR_MESSAGE_SIZE / 2, long_text + 1);
		error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "%s", long_text + 1);
		error_prefix(&error, "%.*s", len, long_text);
		assert_int_equal(strlen(error.message), ERROR_MESSAGE_SIZE - 1);
		assert_memory_equal(error.message, expected, strlen(expected));
	}
}

static void a_long_prefix_leaves_room_for_the_message(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "MESSAGE");
	error_prefix(&error, "%s", long_text);
	assert_true(strlen(error.message) < ERROR_MESSAGE_SIZE);
	assert_memory_equal(error.message, long_text, 100);
	assert_non_null(strstr(error.message, ": MESSAGE"));
}

static void prefixes_never_overflow(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "%s", long_text);
	for (int i = 0; i < 50; i++) {
		error_prefix(&error, "%.*s", i * 20, long_text);
		assert_int_equal(strlen(error.message), ERROR_MESSAGE_SIZE - 1);
	}
	error_set(&error, DIAGNOSTIC_JSON_INVALID, NULL, "%s", "");
	error_prefix(&error, "%s", "");
	assert_string_equal(error.message, ": ");
}

static void success_leaves_the_error_untouched(void **state)
{
	struct error error, before;

	(void)state;
	memset(&error, 0xA5, sizeof error);
	before = error;
	assert_true(credential_check_username("octocat", &error));
	assert_memory_equal(&error, &before, sizeof error);
	assert_false(credential_check_username("", &error));
	assert_string_not_equal(error.message, "");
}

/* ---- The catalogue ---- */

static void ids_are_unique(void **state)
{
	(void)state;
	for (unsigned a = 0; a < DIAGNOSTIC_COUNT; a++)
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(diagnostic_id(a), diagnostic_id(b));
}

static void ids_are_lower_case_words_with_dashes(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

	(void)state;
	for (unsigned i = 0; i < DIAGNOSTIC_COUNT; i++) {
		const char *id = diagnostic_id(i);

		for (const char *word = id;;) {
			size_t len = strspn(word, letters);

			if (len == 0 || (word[len] && word[len] != '-'))
				fail_msg("\"%s\" is no id", id);
			if (!word[len])
				break;
			word += len + 1;
		}
	}
}

static void every_status_fits_its_severity(void **state)
{
	(void)state;
	for (unsigned i = 0; i < DIAGNOSTIC_COUNT; i++) {
		enum status status = diagnostic_status(i);
		bool sensible = false;

		switch (diagnostic_severity(i)) {
		case SEVERITY_ERROR:
			sensible = status >= STATUS_NO && status <= STATUS_FAULT;
			break;
		case SEVERITY_WARNING: /* under --strict */
			sensible = status == STATUS_DATA;
			break;
		case SEVERITY_NOTE:
			sensible = status == STATUS_OK;
			break;
		}
		if (!sensible)
			fail_msg("%s has status %d", diagnostic_id(i), (int)status);
	}
}

static void statuses_are_the_documented_numbers(void **state)
{
	(void)state;
	assert_int_equal(STATUS_OK, 0);
	assert_int_equal(STATUS_NO, 1);
	assert_int_equal(STATUS_USAGE, 2);
	assert_int_equal(STATUS_DATA, 3);
	assert_int_equal(STATUS_SYSTEM, 4);
	assert_int_equal(STATUS_FAULT, 5);
	assert_string_equal(diagnostic_id(DIAGNOSTIC_REGISTRY_INVALID), "registry-invalid");
	assert_int_equal(diagnostic_severity(DIAGNOSTIC_REGISTRY_PORT), SEVERITY_WARNING);
	assert_int_equal(diagnostic_severity(DIAGNOSTIC_SECRET_LARGE), SEVERITY_NOTE);
	assert_int_equal(diagnostic_status(DIAGNOSTIC_OUTPUT_FAILED), STATUS_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(setting_fills_everything),
	    cmocka_unit_test(setting_again_drops_the_hint),
	    cmocka_unit_test(long_texts_are_cut),
	    cmocka_unit_test(a_prefix_names_the_context),
	    cmocka_unit_test(a_prefix_before_a_full_message_cuts_its_end),
	    cmocka_unit_test(a_long_prefix_leaves_room_for_the_message),
	    cmocka_unit_test(prefixes_never_overflow),
	    cmocka_unit_test(success_leaves_the_error_untouched),
	    cmocka_unit_test(ids_are_unique),
	    cmocka_unit_test(ids_are_lower_case_words_with_dashes),
	    cmocka_unit_test(every_status_fits_its_severity),
	    cmocka_unit_test(statuses_are_the_documented_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("error", tests, make_long_text, NULL);
}
