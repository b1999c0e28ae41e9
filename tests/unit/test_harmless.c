/* harmless.h: what a terminal may be shown of text that others wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"

#define LEN(array) (sizeof(array) / sizeof *(array))

static void shows(const char *bytes, size_t len, const char *expected)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT(4096);

	harmless_append(&out, bytes, len);
	assert_string_equal(out.data, expected);
	assert_int_equal(out.len, strlen(expected));
}

static void ordinary_text_stays(void **state)
{
	static const char *const texts[] = {"", "ghcr.io/org", "사용자", "\"quoted\" \\",
	                                    "\xF0\x9F\x98\x80"};

	(void)state;
	for (size_t i = 0; i < LEN(texts); i++)
		shows(texts[i], strlen(texts[i]), texts[i]);
}

static void what_steers_a_terminal_is_escaped(void **state)
{
	static const struct {
		const char *bytes, *shown;
	} cases[] = {
	    {"\033[31m", "\\x1b[31m"},
	    {"a\nb\tc\r", "a\\x0ab\\x09c\\x0d"},
	    {"\x7f", "\\x7f"},
	    {"\xC2\x85", "\\xc2\\x85"},                       /* U+0085 */
	    {"\xE2\x80\x8B", "\\xe2\\x80\\x8b"},              /* no width */
	    {"\xE2\x80\xAE", "\\xe2\\x80\\xae"},              /* from right to left */
	    {"\xE2\x81\xA6", "\\xe2\\x81\\xa6"},              /* isolates */
	    {"\xEF\xBB\xBF", "\\xef\\xbb\\xbf"},              /* byte order mark */
	    {"\xD8\x9C", "\\xd8\\x9c"},                       /* U+061C, Arabic letter mark */
	    {"\xC2\xAD", "\\xc2\\xad"},                       /* soft hyphen */
	    {"\xE1\xA0\x8E", "\\xe1\\xa0\\x8e"},              /* U+180E, no width any more */
	    {"\xEF\xBF\xBA", "\\xef\\xbf\\xba"},              /* U+FFFA, of annotations */
	    {"\xF3\xA0\x81\x81", "\\xf3\\xa0\\x81\\x81"},     /* U+E0041, a tag */
	    {"\xEF\xBF\xBD\xC2\xAE", "\xEF\xBF\xBD\xC2\xAE"}, /* neighbours */
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		shows(cases[i].bytes, strlen(cases[i].bytes), cases[i].shown);
	shows("a\0b", 3, "a\\x00b");
}

static void what_is_no_utf8_is_escaped(void **state)
{
	(void)state;
	shows("\xFF\xFEx", 3, "\\xff\\xfex");
	shows("\xC0\xAF", 2, "\\xc0\\xaf");
	shows("\xE2\x80", 2, "\\xe2\\x80"); /* cut short */
	shows("\xED\xA0\x80", 3, "\\xed\\xa0\\x80");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ordinary_text_stays),
	    cmocka_unit_test(what_steers_a_terminal_is_escaped),
	    cmocka_unit_test(what_is_no_utf8_is_escaped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("harmless", tests, NULL, NULL);
}
