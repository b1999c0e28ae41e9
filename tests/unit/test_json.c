#include "regcred/base/memory.h"
#include "regcred/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

static void assert_prints(const struct json *root, enum json_layout layout, unsigned depth,
                          const char *expected)
{
	struct buf out = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	assert_true(json_print(root, layout, depth, &out, &error));
	assert_string_equal(out.data, expected);
	assert_int_equal(out.len, strlen(expected));
	buf_release(&out);
}

/* {"a":"1","b":{},"c":[],"d":{"e":["x",{"f":"y"},[],{}]},"g":7} */
static struct json *make_tree(void)
{
	struct json *root = json_object(), *d = json_object(), *e = json_array();
	struct json *inner = json_object();

	json_add(inner, "f", json_string("y"));
	json_append(e, json_string("x"));
	json_append(e, inner);
	json_append(e, json_array());
	json_append(e, json_object());
	json_add(d, "e", e);
	json_add(root, "a", json_string("1"));
	json_add(root, "b", json_object());
	json_add(root, "c", json_array());
	json_add(root, "d", d);
	json_add(root, "g", json_raw("7"));
	return root;
}

static void compact_has_no_blanks(void **state)
{
	struct json *root CLEANUP(json_release) = make_tree();

	(void)state;
	assert_prints(root, JSON_COMPACT, 0,
	              "{\"a\":\"1\",\"b\":{},\"c\":[],\"d\":{\"e\":[\"x\",{\"f\":\"y\"},[],{}]},"
	              "\"g\":7}");
	assert_prints(root, JSON_COMPACT, 3,
	              "{\"a\":\"1\",\"b\":{},\"c\":[],\"d\":{\"e\":[\"x\",{\"f\":\"y\"},[],{}]},"
	              "\"g\":7}");
}

static void indented_has_four_spaces_a_level(void **state)
{
	struct json *root CLEANUP(json_release) = make_tree();

	(void)state;
	assert_prints(root, JSON_INDENTED, 0,
	              "{\n"
	              "    \"a\": \"1\",\n"
	              "    \"b\": {},\n"
	              "    \"c\": [],\n"
	              "    \"d\": {\n"
	              "        \"e\": [\n"
	              "            \"x\",\n"
	              "            {\n"
	              "                \"f\": \"y\"\n"
	              "            },\n"
	              "            [],\n"
	              "            {}\n"
	              "        ]\n"
	              "    },\n"
	              "    \"g\": 7\n"
	              "}");
}

static void indented_deeper_leaves_the_first_line(void **state)
{
	struct json *root CLEANUP(json_release) = json_array();

	(void)state;
	json_append(root, json_string("a"));
	assert_prints(root, JSON_INDENTED, 2, "[\n            \"a\"\n        ]");
}

static const struct {
	const char *text;
	const char *literal;
} strings[] = {
    {"", "\"\""},
    {"plain text", "\"plain text\""},
    {"<>&", "\"\\u003c\\u003e\\u0026\""},
    {"a<b>c&d", "\"a\\u003cb\\u003ec\\u0026d\""},
    {"\xE2\x80\xA8\xE2\x80\xA9", "\"\\u2028\\u2029\""},
    {"\xE2\x80\xA7\xE2\x80\xAA\xE2\x82\xAC", "\"\xE2\x80\xA7\xE2\x80\xAA\xE2\x82\xAC\""},
    {"\"", "\"\\\"\""},
    {"\\", "\"\\\\\""},
    {"\\\"", "\"\\\\\\\"\""},
    {"\\<", "\"\\\\\\u003c\""},
    {"\\u003c", "\"\\\\u003c\""},
    {"\\", "\"\\\\\""},
    {"a\\", "\"a\\\\\""},
    {"/", "\"/\""},
    {"'`", "\"'`\""},
    {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
    {"\x01\x0B\x0E\x1A\x1B\x1F", "\"\\u0001\\u000b\\u000e\\u001a\\u001b\\u001f\""},
    {"\x7F", "\"\x7F\""},
    {"\xC2\x80\xC2\x85\xC2\xA0", "\"\xC2\x80\xC2\x85\xC2\xA0\""},
    {"\xC3\xA9\xED\x95\x9C\xF0\x9F\x98\x80", "\"\xC3\xA9\xED\x95\x9C\xF0\x9F\x98\x80\""},
    {"\xEF\xBB\xBF\xEF\xBF\xBD\xEF\xBF\xBF", "\"\xEF\xBB\xBF\xEF\xBF\xBD\xEF\xBF\xBF\""},
    {"{}[],:", "\"{}[],:\""},
    {"{\"a\": [1, 2]}", "\"{\\\"a\\\": [1, 2]}\""},
    {"%s%n", "\"%s%n\""},
};

static void strings_are_escaped_as_go_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		struct json *string CLEANUP(json_release) = json_string(strings[i].text);

		assert_prints(string, JSON_COMPACT, 0, strings[i].literal);
		assert_prints(string, JSON_INDENTED, 3, strings[i].literal);
	}
}

static void keys_are_escaped_as_strings_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		struct json *object CLEANUP(json_release) = json_object();
		struct buf expected = BUF_INIT(BUF_NAME_MAX);

		json_add(object, strings[i].text, json_string(strings[i].text));
		buf_append_format(&expected, "{%s:%s}", strings[i].literal, strings[i].literal);
		assert_prints(object, JSON_COMPACT, 0, expected.data);
		buf_reset(&expected);
		buf_append_format(&expected, "{\n    %s: %s\n}", strings[i].literal,
		                  strings[i].literal);
		assert_prints(object, JSON_INDENTED, 0, expected.data);
		buf_release(&expected);
	}
}

static void every_control_character_is_escaped(void **state)
{
	(void)state;
	for (char c = 1; c < ' '; c++) {
		const char text[] = {c, '\0'};
		struct json *string CLEANUP(json_release) = json_string(text);
		struct buf out = BUF_INIT(BUF_NAME_MAX);
		struct error error;

		assert_true(json_print(string, JSON_COMPACT, 0, &out, &error));
		assert_int_equal(out.data[1], '\\');
		assert_null(memchr(out.data, c, out.len));
		buf_release(&out);
	}
}

static void empty_containers_stay_on_their_line(void **state)
{
	struct json *object CLEANUP(json_release) = json_object();
	struct json *array CLEANUP(json_release) = json_array();

	(void)state;
	for (unsigned depth = 0; depth < 3; depth++) {
		assert_prints(object, JSON_INDENTED, depth, "{}");
		assert_prints(array, JSON_INDENTED, depth, "[]");
		assert_prints(object, JSON_COMPACT, depth, "{}");
		assert_prints(array, JSON_COMPACT, depth, "[]");
	}
}

static void raw_pieces_are_printed_as_they_are(void **state)
{
	static const char *const pieces[] = {"true",    "false", "null", "0",
	                                     "-1.5e+3", "\x01",  "@X@",  "12345678901234567890"};

	(void)state;
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct json *raw CLEANUP(json_release) = json_raw(pieces[i]);

		assert_prints(raw, JSON_COMPACT, 0, pieces[i]);
		assert_prints(raw, JSON_INDENTED, 1, pieces[i]);
	}
}

static void any_bytes_become_a_string(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *text;
	} cases[] = {
	    {"", 0, "\"\""},
	    {"a\xFFz", 3, "\"a\xEF\xBF\xBDz\""},
	    {"\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
	    {"a\0b", 3, "\"a\\u0000b\""},
	    {"\0\"\\\n<\xE2\x80\xA8", 8, "\"\\u0000\\\"\\\\\\n\\u003c\\u2028\""},
	    {"a\xC2\x9B"
	     "31m\x7F",
	     7, "\"a\\u009b31m\\u007f\""},
	    {"\xE2\x80\xAE\xC2\xA0\xD8\x9C", 7, "\"\\u202e\xC2\xA0\\u061c\""},
	    {"\xF3\xA0\x81\x81\xF0\x9F\x98\x80", 8, "\"\\udb40\\udc41\xF0\x9F\x98\x80\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json *string CLEANUP(json_release) =
		    json_bytes(cases[i].bytes, cases[i].len);

		assert_non_null(string);
		assert_prints(string, JSON_COMPACT, 0, cases[i].text);
		assert_prints(string, JSON_INDENTED, 2, cases[i].text);
	}
}

static void printing_appends(void **state)
{
	struct json *string CLEANUP(json_release) = json_string("a");
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

	(void)state;
	buf_append_string(&out, "x=");
	assert_true(json_print(string, JSON_COMPACT, 0, &out, &error));
	assert_string_equal(out.data, "x=\"a\"");
	assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
}

static void printing_stops_at_the_ceiling(void **state)
{
	struct json *root CLEANUP(json_release) = make_tree();
	struct buf out CLEANUP(buf_release) = BUF_INIT(20);
	struct error error;

	(void)state;
	assert_false(json_print(root, JSON_INDENTED, 0, &out, &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_INPUT_TOO_LARGE);
	assert_true(out.len <= 20);
}

static void nests_deeply(void **state)
{
	enum { DEPTH = 500 };
	struct json *root CLEANUP(json_release) = json_array();
	struct buf expected CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	for (int i = 1; i < DEPTH; i++) {
		struct json *outer = i % 2 ? json_object() : json_array();

		if (i % 2)
			json_add(outer, "k", root);
		else
			json_append(outer, root);
		root = outer;
	}
	for (int i = DEPTH - 1; i > 0; i--)
		buf_append_string(&expected, i % 2 ? "{\"k\":" : "[");
	buf_append_string(&expected, "[]");
	for (int i = 1; i < DEPTH; i++)
		buf_append_char(&expected, i % 2 ? '}' : ']');
	assert_prints(root, JSON_COMPACT, 0, expected.data);
	buf_reset(&expected);
	for (int i = DEPTH - 1, depth = 1; i > 0; i--, depth++) {
		buf_append_string(&expected, i % 2 ? "{\n" : "[\n");
		buf_append_repeated(&expected, ' ', (size_t)depth * 4);
		buf_append_string(&expected, i % 2 ? "\"k\": " : "");
	}
	buf_append_string(&expected, "[]");
	for (int i = 1, depth = DEPTH - 2; i < DEPTH; i++, depth--) {
		buf_append_char(&expected, '\n');
		buf_append_repeated(&expected, ' ', (size_t)depth * 4);
		buf_append_char(&expected, i % 2 ? '}' : ']');
	}
	assert_prints(root, JSON_INDENTED, 0, expected.data);
}

static void a_tree_can_be_walked(void **state)
{
	struct json *root CLEANUP(json_release) = make_tree();
	const struct json *a = json_first(root), *b = json_next(a), *c = json_next(b);
	const struct json *d = json_next(c), *g = json_next(d), *e = json_first(d);

	(void)state;
	assert_int_equal(json_kind(root), JSON_KIND_OBJECT);
	assert_int_equal(json_kind(a), JSON_KIND_STRING);
	assert_string_equal(json_key(a), "a");
	assert_string_equal(json_text(a), "1");
	assert_int_equal(json_kind(b), JSON_KIND_OBJECT);
	assert_null(json_first(b));
	assert_int_equal(json_kind(c), JSON_KIND_ARRAY);
	assert_null(json_first(c));
	assert_int_equal(json_kind(g), JSON_KIND_RAW);
	assert_string_equal(json_key(g), "g");
	assert_string_equal(json_text(g), "7");
	assert_null(json_next(g));
	assert_string_equal(json_key(e), "e");
	assert_string_equal(json_text(json_first(e)), "x");
	assert_int_equal(json_kind(json_next(json_first(e))), JSON_KIND_OBJECT);
}

static void repeated_keys_are_all_there_in_order(void **state)
{
	struct json *root CLEANUP(json_release) = json_object();

	(void)state;
	json_add(root, "b", json_string("1"));
	json_add(root, "a", json_string("2"));
	json_add(root, "b", json_string("3"));
	assert_prints(root, JSON_COMPACT, 0, "{\"b\":\"1\",\"a\":\"2\",\"b\":\"3\"}");
}

static void builds_what_a_shape_shows(void **state)
{
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct json *root CLEANUP(json_release) = json_build(
	    "{a:b/v1,list:[%s,x,{}],absent:%s,none:%j,ends:{truth:true,tree:%j},empty:[]}", "1:2",
	    (const char *)NULL, (struct json *)NULL, json_raw("7"));
	struct error error;

	(void)state;
	assert_true(json_print(root, JSON_COMPACT, 0, &text, &error));
	assert_string_equal(text.data, "{\"a\":\"b/v1\",\"list\":[\"1:2\",\"x\",{}],"
	                               "\"ends\":{\"truth\":true,\"tree\":7},\"empty\":[]}");
}

static void builds_of_what_others_wrote(void **state)
{
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct json *root CLEANUP(json_release) =
	    json_build("{text:%t,none:%t,view:%v,number:%d,unknown:[%d],truth:%b}", "a\xFF",
	               (const char *)NULL, (struct view){"b\0", 2}, 12LL, -1LL, true);
	struct error error;

	(void)state;
	assert_true(json_print(root, JSON_COMPACT, 0, &text, &error));
	assert_string_equal(
	    text.data, "{\"text\":\"a\xEF\xBF\xBD\",\"none\":null,"
	               "\"view\":\"b\\u0000\",\"number\":12,\"unknown\":[null],\"truth\":true}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(compact_has_no_blanks, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(indented_has_four_spaces_a_level, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(indented_deeper_leaves_the_first_line, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(strings_are_escaped_as_go_does, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(keys_are_escaped_as_strings_are, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(every_control_character_is_escaped, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(empty_containers_stay_on_their_line, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(raw_pieces_are_printed_as_they_are, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(any_bytes_become_a_string, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(printing_appends, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(printing_stops_at_the_ceiling, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(nests_deeply, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(a_tree_can_be_walked, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(repeated_keys_are_all_there_in_order, watched_begin,
	                                    watched_end),
	    cmocka_unit_test(builds_what_a_shape_shows),
	    cmocka_unit_test(builds_of_what_others_wrote),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
