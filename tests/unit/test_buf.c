#include "regcred/base/buf.h"
#include "regcred/base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

static int begin(void **state)
{
	(void)state;
	taken = live = unwiped = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	return live || unwiped || buf_nothing[0];
}

static bool is_wiped(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

static void an_empty_buf_owns_nothing(void **state)
{
	struct buf buf = BUF_INIT(10);

	(void)state;
	assert_string_equal(buf.data, "");
	buf_append(&buf, NULL, 0);
	buf_append_string(&buf, "");
	buf_append_repeated(&buf, 'a', 0);
	buf_append_format(&buf, "%s", "");
	buf_truncate(&buf, 0);
	buf_rewind(&buf);
	buf_reset(&buf);
	buf_release(&buf);
	assert_int_equal(taken, 0);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.ceiling, 10);
}

static void appends_every_kind(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, BUF_NAME_MAX);
	buf_append(&buf, "abc", 2);
	buf_append_string(&buf, "cd");
	buf_append_char(&buf, 'e');
	buf_append_repeated(&buf, 'f', 3);
	buf_append_format(&buf, "%s-%d-%5s", "g", -7, "h");
	assert_string_equal(buf.data, "abcdefffg--7-    h");
	assert_int_equal(buf.len, strlen(buf.data));
	buf_release(&buf);
}

static void holds_zero_bytes(void **state)
{
	struct buf buf = BUF_INIT(BUF_NAME_MAX);

	(void)state;
	buf_append(&buf, "a\0b\0", 4);
	buf_append_char(&buf, '\0');
	buf_append_char(&buf, 'c');
	assert_int_equal(buf.len, 6);
	assert_memory_equal(buf.data, "a\0b\0\0c", 7);
	buf_release(&buf);
}

static void formats_longer_than_any_first_block(void **state)
{
	struct buf buf = BUF_INIT(BUF_NAME_MAX);

	(void)state;
	for (int width = 0; width < 300; width++) {
		buf_reset(&buf);
		buf_append_char(&buf, '<');
		buf_append_format(&buf, "%*s", width, "");
		buf_append_char(&buf, '>');
		assert_int_equal(buf.len, width + 2);
		assert_int_equal(strlen(buf.data), buf.len);
		assert_int_equal(buf.data[width + 1], '>');
	}
	buf_release(&buf);
}

static void grows_without_losing_a_byte(void **state)
{
	enum { COUNT = 200000 };
	struct buf buf = BUF_INIT(COUNT);

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		buf_append_char(&buf, (char)(i * 7 + i / 251));
		assert_int_equal(buf.data[buf.len], 0);
	}
	assert_int_equal(buf.len, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		if (buf.data[i] != (char)(i * 7 + i / 251))
			fail_msg("byte %zu has changed", i);
	assert_in_range(taken, 2, 20); /* doubles */
	assert_int_equal(unwiped, 0);
	buf_release(&buf);
}

static void stops_exactly_at_its_ceiling(void **state)
{
	static const size_t ceilings[] = {0, 1, 2, 62, 63, 64, 65, 127, 128, 129, 1000};

	(void)state;
	for (size_t i = 0; i < COUNT(ceilings); i++) {
		struct buf buf = BUF_INIT(ceilings[i]);
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

		for (size_t len = 0; len < ceilings[i]; len++)
			buf_append_char(&buf, 'x');
		assert_true(buf_check(&buf, "the text", &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
		assert_true(buf.size <= ceilings[i] + 1);
		buf_append_char(&buf, 'x');
		assert_true(buf.failure);
		assert_int_equal(buf.len, ceilings[i]);
		assert_false(buf_check(&buf, "the text", &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_INPUT_TOO_LARGE);
		buf_release(&buf);
	}
}

static void names_the_content_that_is_too_large(void **state)
{
	struct buf buf = BUF_INIT(7);
	struct error error;

	(void)state;
	buf_append_string(&buf, "12345678");
	assert_false(buf_check(&buf, "the password", &error));
	assert_string_equal(error.message, "the password is larger than 7 bytes");
	assert_int_equal(error.status, STATUS_DATA);
	buf_release(&buf);
}

static void append_all(struct buf *buf)
{
	buf_append(buf, "1", 1);
	buf_append_string(buf, "2");
	buf_append_char(buf, '3');
	buf_append_repeated(buf, '4', 1);
	buf_append_format(buf, "%d", 5);
	assert_false(buf_reserve(buf, 0));
	assert_false(buf_reserve(buf, 1));
}

static void failure_sticks_and_nothing_is_half_appended(void **state)
{
	struct buf buf = BUF_INIT(8);
	struct error error;

	(void)state;
	buf_append_string(&buf, "abcd");
	buf_append_string(&buf, "efghi");
	append_all(&buf);
	assert_string_equal(buf.data, "abcd");
	buf_truncate(&buf, 2);
	append_all(&buf);
	buf_rewind(&buf);
	append_all(&buf);
	assert_int_equal(buf.len, 0);
	assert_false(buf_check(&buf, "it", &error));
	buf_reset(&buf);
	assert_true(buf_check(&buf, "it", &error));
	buf_append_string(&buf, "12345678");
	assert_string_equal(buf.data, "12345678");
	buf_append_repeated(&buf, 'x', SIZE_MAX);
	assert_true(buf.failure);
	buf_release(&buf);
	assert_false(buf.failure);
	assert_int_equal(buf.ceiling, 8);
	buf_append_string(&buf, "again");
	assert_string_equal(buf.data, "again");
	buf_release(&buf);
}

static void sizes_near_the_top_do_not_wrap(void **state)
{
	struct buf buf = BUF_INIT(SIZE_MAX - 1);

	(void)state;
	buf_append_char(&buf, 'a');
	assert_false(buf_reserve(&buf, SIZE_MAX - 1));
	assert_true(buf.failure);
	assert_string_equal(buf.data, "a");
	buf_release(&buf);
}

static void truncating_wipes_the_rest_only(void **state)
{
	struct buf buf = BUF_INIT(BUF_NAME_MAX);
	const char *data;

	(void)state;
	buf_append_string(&buf, "user:secret");
	data = buf.data;
	buf_truncate(&buf, buf.len);
	assert_string_equal(buf.data, "user:secret");
	buf_truncate(&buf, 5);
	assert_ptr_equal(buf.data, data);
	assert_int_equal(buf.len, 5);
	assert_string_equal(buf.data, "user:");
	assert_true(is_wiped(data + 5, strlen("secret")));
	buf_truncate(&buf, 0);
	assert_true(is_wiped(data, strlen("user:secret")));
	buf_release(&buf);
}

static void resetting_wipes_and_keeps_the_memory(void **state)
{
	struct buf buf = BUF_INIT(BUF_NAME_MAX);
	const char *data;

	(void)state;
	buf_append_string(&buf, "secret");
	data = buf.data;
	buf_reset(&buf);
	assert_true(is_wiped(data, strlen("secret")));
	buf_append_string(&buf, "x");
	assert_ptr_equal(buf.data, data);
	assert_int_equal(taken, 1);
	buf_release(&buf);
}

static void rewinding_begins_anew_in_the_same_memory(void **state)
{
	struct buf buf = BUF_INIT(BUF_NAME_MAX);

	(void)state;
	buf_append_string(&buf, "a long text");
	buf_rewind(&buf);
	assert_int_equal(buf.len, 0);
	assert_string_equal(buf.data, "");
	buf_append_string(&buf, "short");
	assert_string_equal(buf.data, "short");
	assert_int_equal(taken, 1);
	buf_release(&buf); /* `end` sees that what was rewound over is wiped, too */
}

static void words_are_quoted_where_a_shell_would_take_them_apart(void **state)
{
	static const struct {
		const char *word, *expected;
	} cases[] = {
	    {"app.yaml", "app.yaml"},
	    {"./a/b-c_1.yaml", "./a/b-c_1.yaml"},
	    {"", "''"},
	    {"my app.yaml", "'my app.yaml'"},
	    {"it's", "'it'\\''s'"},
	    {"$(id)", "'$(id)'"},
	    {"~/a", "'~/a'"},
	    {"a;b", "'a;b'"},
	    {"a*", "'a*'"},
	    {"a\nb", "'a\nb'"},
	    {"\xEA\xB0\x9C", "'\xEA\xB0\x9C'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

		buf_append_word(&out, cases[i].word);
		assert_string_equal(out.data, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(an_empty_buf_owns_nothing, begin, end),
	    cmocka_unit_test_setup_teardown(appends_every_kind, begin, end),
	    cmocka_unit_test_setup_teardown(holds_zero_bytes, begin, end),
	    cmocka_unit_test_setup_teardown(formats_longer_than_any_first_block, begin, end),
	    cmocka_unit_test_setup_teardown(grows_without_losing_a_byte, begin, end),
	    cmocka_unit_test_setup_teardown(stops_exactly_at_its_ceiling, begin, end),
	    cmocka_unit_test_setup_teardown(names_the_content_that_is_too_large, begin, end),
	    cmocka_unit_test_setup_teardown(failure_sticks_and_nothing_is_half_appended, begin,
	                                    end),
	    cmocka_unit_test_setup_teardown(sizes_near_the_top_do_not_wrap, begin, end),
	    cmocka_unit_test_setup_teardown(truncating_wipes_the_rest_only, begin, end),
	    cmocka_unit_test_setup_teardown(resetting_wipes_and_keeps_the_memory, begin, end),
	    cmocka_unit_test_setup_teardown(rewinding_begins_anew_in_the_same_memory, begin, end),
	    cmocka_unit_test_setup_teardown(words_are_quoted_where_a_shell_would_take_them_apart,
	                                    begin, end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
