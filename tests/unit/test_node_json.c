/* Trees by hand, and trees from JSON, which must come back as they were. */
#include "regcred/base/memory.h"
#include "regcred/tree/node_json.h"

#include <stdio.h>

#include "regcred/tree/node_number.h"
#include "trees.h"
#include "watched_memory.h"

static struct node scalar(enum node_kind kind, const char *text, size_t len)
{
	return (struct node){.kind = kind, .text = text, .len = len, .weight = 1};
}

static void check_scalar(enum node_kind kind, const char *text, size_t len, const char *expected)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
	struct node node = scalar(kind, text, len);

	node_json_print(&node, &out);
	assert_string_equal(out.data, expected);
}

static void prints_strings(void **state)
{
	(void)state;
	check_scalar(NODE_STRING, "", 0, "\"\"");
	check_scalar(NODE_STRING, "a\"b\\c\n\0d\x7F", 9, "\"a\\\"b\\\\c\\n\\u0000d\\u007f\"");
	check_scalar(NODE_STRING, "\xC3\xA9\xF0\x9F\x98\x80", 6, "\"\xC3\xA9\xF0\x9F\x98\x80\"");
	check_scalar(NODE_STRING, "a\xFF\xC3", 3, "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static const struct {
	const char *text, *json;
} numbers[] = {
    {"0", "0"},           {"-0", "-0"},
    {"1e999", "1e999"},   {"1.50E+2", "1.50E+2"},
    {"0x1F", "31"},       {"-0x10", "-16"},
    {"0o17", "15"},       {"0b101", "5"},
    {"0123", "83"},       {"+12", "12"},
    {"1_000", "1000"},    {"18446744073709551615", "18446744073709551615"},
    {"00", "0"},          {"08", "8"},
    {"09.50", "9.5"},     {".5", "0.5"},
    {"-.5e3", "-5e+02"},  {"+5.", "5"},
    {"5.e2", "5e+02"},    {"1_0.2_5", "10.25"},
    {".inf", "\".inf\""}, {"-.inf", "\"-.inf\""},
};

static void prints_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++)
		check_scalar(NODE_NUMBER, numbers[i].text, strlen(numbers[i].text),
		             numbers[i].json);
}

static const struct {
	const char *text;
	bool json, yaml;
	int64_t value;
} integers[] = {
    {"0", true, true, 0},
    {"-9223372036854775808", true, true, INT64_MIN},
    {"9223372036854775807", true, true, INT64_MAX},
    {"9223372036854775808", false, false, 0},
    {"-9223372036854775809", false, false, 0},
    {"1e3", false, true, 1000},
    {"1.0", false, true, 1},
    {"-25e-1", false, false, 0},
    {"250e-1", false, true, 25},
    {"0.0", false, true, 0},
    {"0e999999999999999999999", false, true, 0},
    {"1e999999999999999999999", false, false, 0},
    {"1e-999999999999999999999", false, true, 0},
    {"1e19", false, false, 0},
    {"0.001e4", false, true, 10},
    {".inf", false, false, 0},
};

static void reads_integers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(integers); i++) {
		struct node node = scalar(NODE_NUMBER, integers[i].text, strlen(integers[i].text));
		int64_t value = 0;

		if (node_number_int64(&node, true, &value) != integers[i].json ||
		    node_number_int64(&node, false, &value) != integers[i].yaml)
			fail_msg("%s is read otherwise", integers[i].text);
		if (integers[i].yaml)
			assert_int_equal(value, integers[i].value);
	}
}

static void knows_what_a_double_holds(void **state)
{
	static const char *const fits[] = {"0",
	                                   "-0.0e999999999999999999999",
	                                   "1e308",
	                                   "1.7976931348623158e308",
	                                   "17976931348623157.9e292",
	                                   "0.00000000017976931348623157e318",
	                                   "1e-999999999999999999999",
	                                   "100000e-100000"};
	static const char *const not [] = {
	    "1e309",    "-1e999",    "1.7976931348623159e308", "2e308",
	    "1000e306", "0.001e312", "1e999999999999999999999"};
	char digits[400];

	(void)state;
	for (size_t i = 0; i < COUNT(fits); i++)
		if (json_number_overflows(fits[i]))
			fail_msg("%s fits", fits[i]);
	for (size_t i = 0; i < COUNT(not ); i++)
		if (!json_number_overflows(not [i]))
			fail_msg("%s does not fit", not [i]);
	snprintf(digits, sizeof digits, "%.0f", 1.7976931348623157e308);
	assert_false(json_number_overflows(digits));
	digits[16]++;
	assert_true(json_number_overflows(digits));
}

/* Members in their order, repeated ones too. */
static void gives_json_back(void **state)
{
	static const char text[] =
	    "{\"b\":[1.0,true,false,null,[],{}],\"a\":{\"\":\"x\"},\"a\":1e3}";
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
	struct tree tree;

	(void)state;
	tree_open(&tree, text);
	node_json_print(tree.item.root, &out);
	assert_string_equal(out.data, text);
	buf_reset(&out);
	node_json_print(NULL, &out);
	assert_string_equal(out.data, "null");
	tree_close(&tree);
}

static void prints_deep_nesting(void **state)
{
	enum { DEPTH = 9000 };
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_CONFIG_MAX);
	struct tree tree;

	(void)state;
	buf_append_string(&text, "{\"a\":");
	buf_append_repeated(&text, '[', DEPTH);
	buf_append_repeated(&text, ']', DEPTH);
	buf_append_char(&text, '}');
	tree_open(&tree, text.data);
	node_json_print(tree.item.root, &out);
	assert_string_equal(out.data, text.data);
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(prints_strings),  cmocka_unit_test(prints_numbers),
	    cmocka_unit_test(reads_integers),  cmocka_unit_test(knows_what_a_double_holds),
	    cmocka_unit_test(gives_json_back), cmocka_unit_test(prints_deep_nesting),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("node_json", tests, NULL, NULL);
}
