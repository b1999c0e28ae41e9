/* scan.h, held against loops that cannot be wrong, at every place in a run of sixteens. */
#include "regcred/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 70 };

static size_t plain_string(const char *text, size_t len, bool ascii)
{
	size_t at = 0;

	while (at < len && (unsigned char)text[at] >= 0x20 && !strchr("\"\\", text[at]) &&
	       !(ascii && (unsigned char)text[at] >= 0x80))
		at++;
	return at;
}

static size_t plain_mark(const char *text, size_t len)
{
	for (size_t at = 1; at <= len; at++)
		if (text[at - 1] == '\n' && (at == len || memchr("-.", text[at], 2)))
			return at;
	return len;
}

static size_t plain_lines(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t at = 0; at < len; at++)
		count += text[at] == '\n';
	return count;
}

static size_t plain_base64(const char *text, size_t len)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t at = 0;

	while (at < len && memchr(digits, text[at], sizeof digits - 1))
		at++;
	return at;
}

static void compare(const char *text, size_t len)
{
	assert_int_equal(scan_base64(text, len), plain_base64(text, len));
	assert_int_equal(scan_string(text, len, false), plain_string(text, len, false));
	assert_int_equal(scan_string(text, len, true), plain_string(text, len, true));
	assert_int_equal(scan_to_mark(text, len), plain_mark(text, len));
	assert_int_equal(scan_count_lines(text, len), plain_lines(text, len));
}

static void finds_each_byte_at_each_place(void **state)
{
	char text[SIZE + 1] = "";

	(void)state;
	for (size_t b = 0; b < 256; b++)
		for (size_t at = 0; at < SIZE; at++)
			for (size_t len = at; len <= SIZE; len++) {
				memset(text, 'x', SIZE);
				text[at] = (char)b;
				compare(text, len);
				if (at > 0) {
					text[at - 1] = '\n';
					compare(text, len);
				}
			}
}

static void counts_lines(void **state)
{
	static const char text[] = "a\n\nb\n---------------------------\nc\n-";

	(void)state;
	for (size_t len = 0; len < sizeof text; len++)
		compare(text, len);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_each_byte_at_each_place),
	    cmocka_unit_test(counts_lines),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
