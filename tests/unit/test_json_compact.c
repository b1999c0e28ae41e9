#include "regcred/json/json_compact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

static const struct {
	const char *json, *compact;
} values[] = {
    {" null ", "null"},
    {"true", "true"},
    {"-1.50E+3", "-1.50E+3"},
    {"[ ]", "[]"},
    {"{ }", "{}"},
    {" [ 1 , [ ] , { } , \"a\" ] ", "[1,[],{},\"a\"]"},
    {"{\"a\" : {\"b\": [ {}, {} ]}, \"a\": 2}", "{\"a\":{\"b\":[{},{}]},\"a\":2}"},
    {"\"\\u00e9\\/\\ud83d\\ude00\"", "\"\u00e9/\U0001F600\""},
    {"\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\\"", "\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\\""},
    {"\"<\\u2028\"", "\"<\u2028\""},
    {"\"\\ud800\"", "\"\ufffd\""},
};

static void keeps_what_it_means(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		CLEANUP(json_reader_release) struct json_reader reader;
		CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
		struct error error;

		json_reader_init_bytes(&reader, values[i].json, strlen(values[i].json),
		                       BUF_NAME_MAX);
		if (!json_compact_value(&reader, &out, &error))
			fail_msg("row %zu: %s", i, error.message);
		assert_string_equal(out.data, values[i].compact);
		assert_true(json_reader_next(&reader, &error));
		assert_int_equal(json_reader_event(&reader), JSON_END);
	}
}

/* One value, and the reader goes on behind it. */
static void takes_one_value(void **state)
{
	static const char json[] = "{\"a\": [1, {\"x\": 2}], \"b\": 3}";
	CLEANUP(json_reader_release) struct json_reader reader;
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
	struct error error;

	(void)state;
	json_reader_init_bytes(&reader, json, sizeof json - 1, BUF_NAME_MAX);
	assert_true(json_reader_next(&reader, &error));
	assert_true(json_reader_next(&reader, &error));
	assert_true(json_compact_value(&reader, &out, &error));
	assert_string_equal(out.data, "[1,{\"x\":2}]");
	assert_true(json_reader_next(&reader, &error));
	assert_int_equal(json_reader_event(&reader), JSON_KEY);
	assert_string_equal(json_reader_text(&reader)->data, "b");
}

static void what_is_no_json_fails(void **state)
{
	static const char *const broken[] = {"", "[1", "{\"a\":}", "\"a", "[01]"};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		CLEANUP(json_reader_release) struct json_reader reader;
		CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
		struct error error;

		json_reader_init_bytes(&reader, broken[i], strlen(broken[i]), BUF_NAME_MAX);
		assert_false(json_compact_value(&reader, &out, &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_JSON_INVALID);
	}
}

static void there_must_be_room(void **state)
{
	CLEANUP(json_reader_release) struct json_reader reader;
	CLEANUP(buf_release) struct buf out = BUF_INIT(3);
	struct error error;

	(void)state;
	json_reader_init_bytes(&reader, "[1,2]", 5, BUF_NAME_MAX);
	assert_false(json_compact_value(&reader, &out, &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_INPUT_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_what_it_means),
	    cmocka_unit_test(takes_one_value),
	    cmocka_unit_test(what_is_no_json_fails),
	    cmocka_unit_test(there_must_be_room),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("json_compact", tests, NULL, NULL);
}
