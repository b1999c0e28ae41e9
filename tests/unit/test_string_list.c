#include "regcred/base/string_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/hash.h"
#include "regcred/base/memory.h"

/* The vectors of the paper's appendix and its reference code: key 00 01 .. 0f, and bytes
 * 00 01 .. of each length. */
static void hashes_as_siphash(void **state)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} vectors[] = {{0, UINT64_C(0x726FDB47DD0E0E31)},
	               {1, UINT64_C(0x74F839C593DC67FD)},
	               {8, UINT64_C(0x93F5F5799A932462)},
	               {15, UINT64_C(0xA129CA6149BE45E5)}};
	static const unsigned char zero[HASH_KEY_SIZE];
	unsigned char key[HASH_KEY_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (unsigned char)i;
	hash_set_key(key);
	for (size_t i = 0; i < COUNT(vectors); i++)
		assert_true(hash_of((struct view){(const char *)key, vectors[i].len}) ==
		            vectors[i].hash);
	hash_set_key(zero);
	assert_true(hash_of(VIEW_EMPTY) != vectors[0].hash);
}

static void keeps_order_and_repetition(void **state)
{
	CLEANUP(string_list_release) struct string_list list = STRING_LIST_INIT;
	static const char *const texts[] = {"b", "a", "b", "", "a"};
	uint32_t number;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		string_list_add(&list, texts[i]);
	assert_int_equal(list.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(list.items[i].data, texts[i]);
	assert_true(string_list_find(&list, view_of("a"), &number));
	assert_int_equal(number, 1);
	assert_true(string_list_find(&list, VIEW_EMPTY, &number));
	assert_int_equal(number, 3);
	assert_false(string_list_find(&list, view_of("c"), NULL));
	assert_false(string_list_add_once(&list, "b"));
	assert_true(string_list_add_once(&list, "c"));
	assert_int_equal(list.count, 6);
}

static void texts_hold_any_bytes(void **state)
{
	CLEANUP(string_list_release) struct string_list list = STRING_LIST_INIT;
	struct view with = {"a\0b", 3}, other = {"a\0c", 3};

	(void)state;
	assert_int_equal(string_list_number(&list, VIEW_EMPTY), 0);
	assert_int_equal(string_list_number(&list, with), 1);
	assert_int_equal(string_list_number(&list, other), 2);
	assert_int_equal(string_list_number(&list, view_of("a")), 3);
	assert_int_equal(string_list_number(&list, with), 1);
	assert_int_equal(list.items[1].data[3], '\0');
}

static void borrows(void **state)
{
	CLEANUP(string_list_release) struct string_list list = STRING_LIST_INIT;
	static const char name[] = "dev";

	(void)state;
	assert_true(string_list_borrow_once(&list, view_of(name)));
	assert_ptr_equal(list.items[0].data, name);
	assert_false(string_list_borrow_once(&list, view_of("dev")));
}

/* In order, backwards, and in none, with every size of table on the way. */
static void finds_all_and_nothing_else(void **state)
{
	enum { MANY = 5000 };
	static const size_t steps[] = {1, MANY - 1, 1877};

	(void)state;
	for (size_t s = 0; s < COUNT(steps); s++) {
		CLEANUP(string_list_release) struct string_list list = STRING_LIST_INIT;
		char text[16];

		for (size_t i = 0; i < MANY; i++) {
			snprintf(text, sizeof text, "%05zu", i * steps[s] % MANY);
			assert_true(string_list_add_once(&list, text));
		}
		assert_int_equal(list.slots == NULL, s == 0);
		for (uint32_t i = 0; i < MANY; i++) {
			uint32_t number = MANY;

			assert_true(string_list_find(&list, list.items[i], &number));
			assert_int_equal(number, i);
			snprintf(text, sizeof text, "%05u ", i);
			assert_false(string_list_find(&list, view_of(text), NULL));
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hashes_as_siphash),
	    cmocka_unit_test(keeps_order_and_repetition),
	    cmocka_unit_test(texts_hold_any_bytes),
	    cmocka_unit_test(borrows),
	    cmocka_unit_test(finds_all_and_nothing_else),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
