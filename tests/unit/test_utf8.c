#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
	const char *name;
	const char *bytes;
	size_t len;
	uint32_t rune;
	size_t taken;
} cases[] = {
    {"NUL", BYTES("\0"), 0, 1},
    {"a letter", BYTES("A"), 'A', 1},
    {"the last of one byte", BYTES("\x7F"), 0x7F, 1},
    {"the first of two bytes", BYTES("\xC2\x80"), 0x80, 2},
    {"the last of two bytes", BYTES("\xDF\xBF"), 0x7FF, 2},
    {"the first of three bytes", BYTES("\xE0\xA0\x80"), 0x800, 3},
    {"the last before the surrogates", BYTES("\xED\x9F\xBF"), 0xD7FF, 3},
    {"the first behind the surrogates", BYTES("\xEE\x80\x80"), 0xE000, 3},
    {"the replacement character", BYTES("\xEF\xBF\xBD"), UTF8_REPLACEMENT, 3},
    {"a noncharacter", BYTES("\xEF\xBF\xBF"), 0xFFFF, 3},
    {"the first of four bytes", BYTES("\xF0\x90\x80\x80"), 0x10000, 4},
    {"the last of all", BYTES("\xF4\x8F\xBF\xBF"), 0x10FFFF, 4},
    {"only the first of several", BYTES("\xC3\xA9\xC3\xA9"), 0xE9, 2},
    {"a lone continuation", BYTES("\x80"), UTF8_INVALID, 1},
    {"a lone last continuation", BYTES("\xBF\x80"), UTF8_INVALID, 1},
    {"an overlong NUL", BYTES("\xC0\x80"), UTF8_INVALID, 1},
    {"an overlong slash", BYTES("\xC0\xAF"), UTF8_INVALID, 1},
    {"an overlong DEL", BYTES("\xC1\xBF"), UTF8_INVALID, 1},
    {"an overlong slash of three", BYTES("\xE0\x80\xAF"), UTF8_INVALID, 1},
    {"the last overlong of three", BYTES("\xE0\x9F\xBF"), UTF8_INVALID, 1},
    {"the last overlong of four", BYTES("\xF0\x8F\xBF\xBF"), UTF8_INVALID, 1},
    {"the first surrogate", BYTES("\xED\xA0\x80"), UTF8_INVALID, 1},
    {"the last surrogate", BYTES("\xED\xBF\xBF"), UTF8_INVALID, 1},
    {"the first above U+10FFFF", BYTES("\xF4\x90\x80\x80"), UTF8_INVALID, 1},
    {"far above U+10FFFF", BYTES("\xF5\x80\x80\x80"), UTF8_INVALID, 1},
    {"a lead of five bytes", BYTES("\xF8\x88\x80\x80\x80"), UTF8_INVALID, 1},
    {"a lead of six bytes", BYTES("\xFC\x84\x80\x80\x80\x80"), UTF8_INVALID, 1},
    {"the byte FE", BYTES("\xFE"), UTF8_INVALID, 1},
    {"the byte FF", BYTES("\xFF\xFF"), UTF8_INVALID, 1},
    {"two bytes cut", BYTES("\xC3"), UTF8_INVALID, 1},
    {"three bytes cut at two", BYTES("\xE2\x82"), UTF8_INVALID, 1},
    {"three bytes cut at one", BYTES("\xE2"), UTF8_INVALID, 1},
    {"four bytes cut at three", BYTES("\xF0\x9F\x98"), UTF8_INVALID, 1},
    {"four bytes cut at one", BYTES("\xF0"), UTF8_INVALID, 1},
    {"two bytes, the second a letter", BYTES("\xC3z"), UTF8_INVALID, 1},
    {"three bytes, the third a letter", BYTES("\xE2\x82z"), UTF8_INVALID, 1},
    {"four bytes, the fourth a lead", BYTES("\xF0\x9F\x98\xC3"), UTF8_INVALID, 1},
};

static void decodes_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t rune = 1;
		size_t taken = utf8_decode(cases[i].bytes, cases[i].len, &rune);

		if (taken != cases[i].taken || rune != cases[i].rune)
			fail_msg("%s: took %zu for %lX", cases[i].name, taken, (unsigned long)rune);
		if (rune == UTF8_INVALID && utf8_valid(cases[i].bytes, cases[i].len))
			fail_msg("%s: is called valid", cases[i].name);
	}
}

/* RFC 3629 section 4: which second bytes each lead takes, and the length. */
static const struct {
	unsigned lead_first, lead_last, second_first, second_last;
	size_t len;
} sequences[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static size_t expected_length(unsigned lead, unsigned second)
{
	for (size_t i = 0; i < COUNT(sequences); i++)
		if (lead >= sequences[i].lead_first && lead <= sequences[i].lead_last &&
		    second >= sequences[i].second_first && second <= sequences[i].second_last)
			return sequences[i].len;
	return lead < 0x80 ? 1 : 0;
}

static void agrees_with_the_grammar_on_the_first_two_bytes(void **state)
{
	(void)state;
	for (unsigned lead = 0; lead < 256; lead++)
		for (unsigned second = 0; second < 256; second++) {
			const char bytes[] = {(char)lead, (char)second, '\x80', '\xBF'};
			size_t len = expected_length(lead, second);
			uint32_t rune;
			size_t taken = utf8_decode(bytes, sizeof bytes, &rune);

			if ((rune != UTF8_INVALID) != (len > 0) || taken != (len ? len : 1))
				fail_msg("%02X %02X 80 BF: took %zu", lead, second, taken);
		}
}

static void every_code_point_survives(void **state)
{
	(void)state;
	for (uint32_t rune = 0; rune <= 0x10FFFF; rune++) {
		char bytes[UTF8_MAX];
		uint32_t read;
		size_t len;

		if (rune == 0xD800)
			rune = 0xE000;
		len = utf8_encode(rune, bytes);
		if (len != 1 + (size_t)(rune > 0x7F) + (rune > 0x7FF) + (rune > 0xFFFF) ||
		    utf8_decode(bytes, len, &read) != len || read != rune ||
		    !utf8_valid(bytes, len))
			fail_msg("U+%04lX does not survive", (unsigned long)rune);
		for (size_t cut = 1; cut < len; cut++)
			if (utf8_valid(bytes, cut))
				fail_msg("U+%04lX is valid when cut", (unsigned long)rune);
	}
}

static void a_text_is_valid_as_a_whole(void **state)
{
	(void)state;
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid(BYTES("a\0b\xC3\xA9\xF0\x9F\x98\x80z")));
	assert_false(utf8_valid(BYTES("\xFFvalid")));
	assert_false(utf8_valid(BYTES("va\xFFlid")));
	assert_false(utf8_valid(BYTES("valid\xFF")));
	assert_false(utf8_valid(BYTES("valid\xE2\x82")));
}

static void knows_the_control_characters(void **state)
{
	(void)state;
	for (uint32_t rune = 0; rune < 0x3000; rune++)
		if (utf8_is_control(rune) != (rune < 0x20 || (rune >= 0x7F && rune < 0xA0)))
			fail_msg("U+%04lX is misjudged", (unsigned long)rune);
	assert_false(utf8_is_control(UTF8_INVALID));
	assert_false(utf8_is_control(0x10FFFF));
	assert_true(utf8_holds_control("a\xC2\x85", 3));
	assert_true(utf8_holds_control("\xFF\0", 2));
	assert_false(utf8_holds_control("a\xFF\xC2\xA0", 4));
	assert_false(utf8_holds_control("", 0));
}

static void cuts_between_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_cut("ab", 2, 2), 2);
	assert_int_equal(utf8_cut("abc", 3, 2), 2);
	assert_int_equal(utf8_cut("a\xC3\xA4", 3, 2), 1);
	assert_int_equal(utf8_cut("ab\xF0\x9F\x98\x80", 6, 5), 2);
	/* What is no character is cut anywhere. */
	assert_int_equal(utf8_cut("a\x80\x80\x80\x80\x80\x80", 7, 6), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cuts_between_characters),
	    cmocka_unit_test(decodes_the_table),
	    cmocka_unit_test(agrees_with_the_grammar_on_the_first_two_bytes),
	    cmocka_unit_test(every_code_point_survives),
	    cmocka_unit_test(a_text_is_valid_as_a_whole),
	    cmocka_unit_test(knows_the_control_characters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
