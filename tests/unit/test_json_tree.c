#include "regcred/tree/json_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

static const struct node *parse(struct arena *arena, const char *text)
{
	const struct node *root = NULL;
	struct error error;

	if (!json_tree_parse(view_of(text), arena, &root, &error))
		fail_msg("%s", error.message);
	return root;
}

static void keeps_kinds_order_and_places(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const struct node *root =
	    parse(&arena, " {\"a\": [1.50, true, null],\n \"a\":\"\\u0000<\", \"b\": {}}");
	const struct node *list = root->members[0].value, *text = root->members[1].value;

	(void)state;
	assert_int_equal(root->kind, NODE_MAPPING);
	assert_int_equal(root->count, 3);
	assert_int_equal(root->place.offset, 1);
	assert_int_equal(list->count, 3);
	assert_string_equal(list->members[0].value->text, "1.50");
	assert_true(list->members[1].value->truth);
	assert_int_equal(list->members[2].value->kind, NODE_NULL);
	assert_ptr_equal(node_get(root, "a"), text);
	assert_int_equal(text->len, 2);
	assert_memory_equal(text->text, "\0<", 3);
	assert_int_equal(text->place.line, 2);
	assert_int_equal(text->place.column, 6);
	assert_int_equal(text->place.offset, 32);
	assert_int_equal(node_get(root, "b")->count, 0);
}

static void several_trees_share_an_arena(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const char *kept = arena_copy(&arena, "kept", 4);
	const struct node *first = parse(&arena, "\"first\""), *second = parse(&arena, "[2]");

	(void)state;
	assert_string_equal(kept, "kept");
	assert_true(node_is(first, "first"));
	assert_string_equal(second->members[0].value->text, "2");
}

/* The place is reported, and nothing of the document. */
static void refuses_what_go_refuses(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	    {"", "line 1, column 1: a value was expected, but the input ends"},
	    {"{} {}", "line 1, column 4: the end of the input was expected, not '{'"},
	    {"{\"a\":hunter2}", "line 1, column 6: a value was expected"},
	    {"[1,\n]", "line 2, column 1: a value was expected, not ']'"},
	};
	const struct node *root = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(arena_release) struct arena arena = ARENA_INIT;
		struct error error;

		assert_false(json_tree_parse(view_of(cases[i].text), &arena, &root, &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_JSON_INVALID);
		assert_string_equal(error.message, cases[i].message);
		assert_null(root);
	}
}

/* encoding/json: `field: null` leaves a string or number as it is. */
static void finds_fields_as_go_does(void **state)
{
	static const struct {
		const char *text, *name, *value; /* NULL: no such field */
	} cases[] = {
	    {"{\"auth\":\"x\"}", "auth", "x"},
	    {"{\"AUTH\":\"x\"}", "auth", "x"},
	    {"{\"auth\":\"x\",\"Auth\":\"y\"}", "auth", "y"},
	    {"{\"auth\":\"x\",\"auth\":null}", "auth", "x"},
	    {"{\"auth\":null,\"auth\":null}", "auth", "null"},
	    {"{\"identityto\\u212aen\":\"k\"}", "identitytoken", "k"},
	    {"{\"auths\":\"x\"}", "auth", NULL},
	    {"[\"auth\"]", "auth", NULL},
	};

	(void)state;
	assert_null(json_tree_field(NULL, "auth"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(arena_release) struct arena arena = ARENA_INIT;
		const struct node *field =
		    json_tree_field(parse(&arena, cases[i].text), cases[i].name);

		if (cases[i].value)
			assert_string_equal(field->text, cases[i].value);
		else
			assert_null(field);
	}
}

static const struct {
	const char *key;
	size_t len;
	const char *name;
	bool same;
} names[] = {
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

static void compares_names_as_go_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct node key = {.text = names[i].key, .len = names[i].len};
		struct node_member member = {.key = &key};

		if (json_tree_names(&member, names[i].name) != names[i].same)
			fail_msg("%s, %s", names[i].key, names[i].name);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_kinds_order_and_places),
	    cmocka_unit_test(several_trees_share_an_arena),
	    cmocka_unit_test(refuses_what_go_refuses),
	    cmocka_unit_test(finds_fields_as_go_does),
	    cmocka_unit_test(compares_names_as_go_does),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
