#include "regcred/tree/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define STRING(bytes)                                                                              \
	{                                                                                          \
		.kind = NODE_STRING, .text = (bytes), .len = sizeof(bytes) - 1                     \
	}
#define MAPPING(list)                                                                              \
	{                                                                                          \
		.kind = NODE_MAPPING, .text = "", .members = (list),                               \
		.count = sizeof(list) / sizeof *(list)                                             \
	}

static const struct node kind = STRING("kind"), a = STRING("a"), b = STRING("b"),
                         empty = STRING(""), nul = STRING("a\0b"), pod = STRING("Pod");
static const struct node three = {.kind = NODE_NUMBER, .text = "3", .len = 1};
static const struct node nothing = {.kind = NODE_NULL, .text = "", .len = 0};

static const struct node_member inner_members[] = {{&b, &pod, false}, {&nul, &three, false}};
static const struct node inner = MAPPING(inner_members);
static const struct node_member members[] = {
    {&a, &three, false},      {&kind, &three, false}, {&empty, &nul, false},
    {&kind, &nothing, false}, {&a, &inner, true},     {&three, &pod, false},
};
static const struct node root = MAPPING(members);

/* The last member counts, one that was merged too; numbers are keys by their text. */
static void gets(void **state)
{
	(void)state;
	assert_ptr_equal(node_get(&root, "kind"), &nothing);
	assert_ptr_equal(node_get(&root, "a"), &inner);
	assert_ptr_equal(node_get(&root, "3"), &pod);
	assert_ptr_equal(node_get(&root, ""), &nul);
	assert_null(node_get(&root, "kin"));
	assert_null(node_get(&root, "kinds"));
	assert_null(node_get(&inner, "a"));
	assert_null(node_get(&pod, "a"));
	assert_null(node_get(NULL, "a"));
}

static void walks(void **state)
{
	(void)state;
	assert_ptr_equal(node_at(&root, "a.b"), &pod);
	assert_ptr_equal(node_at(&root, "a"), &inner);
	assert_null(node_at(&root, "a.b.c"));
	assert_null(node_at(&root, "b.a"));
	assert_null(node_at(&root, "a."));
	assert_null(node_at(NULL, "a.b"));
}

static void recognises_strings(void **state)
{
	(void)state;
	assert_string_equal(node_string(&pod), "Pod");
	assert_string_equal(node_string(&empty), "");
	assert_null(node_string(&nul));
	assert_null(node_string(&three));
	assert_null(node_string(&root));
	assert_null(node_string(NULL));
	assert_true(node_is(&pod, "Pod"));
	assert_false(node_is(&pod, "Pods"));
	assert_false(node_is(&pod, "Po"));
	assert_false(node_is(&three, "3"));
	assert_false(node_is(&nul, "a"));
	assert_false(node_is(NULL, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gets),
	    cmocka_unit_test(walks),
	    cmocka_unit_test(recognises_strings),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("node", tests, NULL, NULL);
}
