#include "regcred/base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

static const struct {
	const char *text;
	const char *encoded;
} rfc4648[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static void agrees_with_rfc_4648_section_10(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rfc4648); i++) {
		struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

		base64_encode(&out, rfc4648[i].text, strlen(rfc4648[i].text));
		assert_string_equal(out.data, rfc4648[i].encoded);
	}
}

/* Six bits at a time, straight from section 4. */
static char expected_character(const unsigned char *bytes, size_t len, size_t at)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t byte = at * 6 / 8, shift = at * 6 % 8;
	unsigned pair;

	if (byte >= len)
		return '=';
	pair = (unsigned)bytes[byte] << 8 | (byte + 1 < len ? bytes[byte + 1] : 0u);
	return alphabet[pair >> (10 - shift) & 0x3F];
}

/* The bytes of every run are the same, and all 256 occur. */
static void fill(unsigned char *bytes, size_t len)
{
	uint32_t random = 1;

	for (size_t i = 0; i < len; i++) {
		random = random * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)(random >> 24);
	}
}

static void check_encoding(const unsigned char *bytes, size_t len)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	base64_encode(&out, bytes, len);
	if (out.failure || out.len != (len + 2) / 3 * 4)
		fail_msg("%zu bytes became %zu characters", len, out.len);
	for (size_t at = 0; at < out.len; at++)
		if (out.data[at] != expected_character(bytes, len, at))
			fail_msg("of %zu bytes, character %zu is wrong", len, at);
	if (base64_decoded_size(out.data, out.len) != len)
		fail_msg("of %zu bytes, the decoded size is wrong", len);
}

static void encodes_every_short_length(void **state)
{
	unsigned char bytes[401];

	(void)state;
	fill(bytes, sizeof bytes);
	for (size_t len = 0; len < sizeof bytes; len++)
		check_encoding(bytes, len);
}

static void no_line_ends_where_encoders_wrap(void **state)
{
	static const size_t widths[] = {51, 54, 57, 72, 76, 4096};
	static unsigned char bytes[9 * 4096 + 3];

	(void)state;
	fill(bytes, sizeof bytes);
	for (size_t i = 0; i < COUNT(widths); i++)
		for (size_t times = 1; times < 10; times++)
			for (size_t len = widths[i] * times - 2; len <= widths[i] * times + 2;
			     len++)
				check_encoding(bytes, len);
}

static void encodes_a_mebibyte(void **state)
{
	static unsigned char bytes[1024 * 1024];

	(void)state;
	fill(bytes, sizeof bytes);
	check_encoding(bytes, sizeof bytes);
	memset(bytes, 0xFF, sizeof bytes);
	check_encoding(bytes, sizeof bytes);
}

static void appends(void **state)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

	(void)state;
	buf_append_string(&out, "data: ");
	base64_encode(&out, "\0\xFF", 2);
	base64_encode(&out, "", 0);
	base64_encode(&out, "foo", 3);
	assert_string_equal(out.data, "data: AP8=Zm9v");
}

static void nothing_is_half_encoded(void **state)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(15);
	struct error error;

	(void)state;
	base64_encode(&out, "123456789", 9);
	assert_int_equal(out.len, 12);
	base64_encode(&out, "1", 1);
	assert_string_equal(out.data, "MTIzNDU2Nzg5");
	assert_false(buf_check(&out, "the text", &error));
}

static const struct {
	const char *text;
	size_t size;
} sizes[] = {
    {"", 0},         {"AAAA", 3}, {"AAA=", 2},     {"AA==", 1},
    {"AAAAAAAA", 6}, {"e30=", 2}, {"AAAAAAA=", 5}, {"AAAAAA==", 4},
};

static void measures_the_decoded_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++)
		assert_int_equal(base64_decoded_size(sizes[i].text, strlen(sizes[i].text)),
		                 sizes[i].size);
}

#define TEXT(string) string, sizeof(string) - 1

/* What Go 1.24 says; NULL: an error. */
static const struct {
	const char *text;
	size_t len;
	const char *padded;
	const char *unpadded;
} decodings[] = {
    {TEXT(""), "", ""},
    {TEXT("\r\n\n"), "", ""},
    {TEXT("Zg=="), "f", NULL},
    {TEXT("Zg"), NULL, "f"},
    {TEXT("Zm8="), "fo", NULL},
    {TEXT("Zm8"), NULL, "fo"},
    {TEXT("Zm9v"), "foo", "foo"},
    {TEXT("Zm9vYg=="), "foob", NULL},
    {TEXT("Zm9vYg"), NULL, "foob"},
    {TEXT("+/+/"), "\xFB\xFF\xBF", "\xFB\xFF\xBF"},
    {TEXT("Zh=="), "f", NULL}, /* unused bits */
    {TEXT("Zm9"), NULL, "fo"},
    {TEXT("Z\nm\r\n9v\n"), "foo", "foo"},
    {TEXT("\nZg\r=\n=\n"), "f", NULL},
    {TEXT("Zm8\n=\n"), "fo", NULL},
    {TEXT("Z"), NULL, NULL},
    {TEXT("Zm9vY"), NULL, NULL},
    {TEXT("="), NULL, NULL},
    {TEXT("=="), NULL, NULL},
    {TEXT("===="), NULL, NULL},
    {TEXT("Z==="), NULL, NULL},
    {TEXT("Zg="), NULL, NULL},
    {TEXT("Zg==="), NULL, NULL},
    {TEXT("Zg=\n"), NULL, NULL},
    {TEXT("Zm8=="), NULL, NULL},
    {TEXT("Zm9v="), NULL, NULL},
    {TEXT("Zm9v===="), NULL, NULL},
    {TEXT("Zg==Zg=="), NULL, NULL},
    {TEXT("Zg=Z"), NULL, NULL},
    {TEXT("Zg==\0"), NULL, NULL},
    {TEXT(" Zm9v"), NULL, NULL},
    {TEXT("Zm9v "), NULL, NULL},
    {TEXT("Zm\t9v"), NULL, NULL},
    {TEXT("Zm9v\v"), NULL, NULL},
    {TEXT("Zm-_"), NULL, NULL},
    {TEXT("Zm9\0"), NULL, NULL},
    {TEXT("Zm9\xEF"), NULL, NULL},
    {TEXT("Zm9v\xC2\xA0"), NULL, NULL},
    {TEXT("Zm9,"), NULL, NULL},
};

static void check_decoding(size_t row, enum base64_padding padding, const char *expected)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	bool decoded;
	size_t size;

	buf_append_string(&out, "> ");
	decoded = base64_decode(&out, decodings[row].text, decodings[row].len, padding);
	if (decoded != (expected != NULL) || out.failure)
		fail_msg("row %zu, padding %d: %d", row, (int)padding, decoded);
	assert_string_equal(out.data + 2, expected ? expected : "");
	assert_int_equal(out.len, 2 + strlen(out.data + 2));
	assert_int_equal(base64_measure(decodings[row].text, decodings[row].len, padding, &size),
	                 decoded);
	if (decoded)
		assert_int_equal(size, out.len - 2);
}

static void decodes_as_go_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(decodings); i++) {
		check_decoding(i, BASE64_PADDED, decodings[i].padded);
		check_decoding(i, BASE64_UNPADDED, decodings[i].unpadded);
	}
}

static void knows_its_alphabet(void **state)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\r\n";

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		char text[] = {'A', 'A', (char)byte};

		if (base64_decode(&out, text, 3, BASE64_UNPADDED) !=
		    (byte && strchr(alphabet, byte)))
			fail_msg("byte %d", byte);
	}
}

static void wrap(struct buf *out, const struct buf *text, size_t width)
{
	for (size_t at = 0; at < text->len; at += width) {
		buf_append(out, text->data + at, text->len - at < width ? text->len - at : width);
		buf_append_char(out, '\n');
	}
}

static void check_round_trip(const unsigned char *bytes, size_t len, size_t width)
{
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct buf lines CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct buf out CLEANUP(buf_release) = BUF_INIT(len);
	size_t digits;

	base64_encode(&text, bytes, len);
	digits = strcspn(text.data, "=");
	wrap(&lines, &text, width);
	assert_true(base64_decode(&out, lines.data, lines.len, BASE64_PADDED));
	assert_int_equal(out.len, len);
	assert_memory_equal(out.data, bytes, len);
	assert_int_equal(out.data[len], 0);
	buf_reset(&out);
	assert_true(base64_decode(&out, text.data, digits, BASE64_UNPADDED));
	assert_int_equal(out.len, len);
	assert_memory_equal(out.data, bytes, len);
}

static void what_is_encoded_is_decoded(void **state)
{
	static unsigned char bytes[4096];

	(void)state;
	fill(bytes, sizeof bytes);
	for (size_t len = 0; len < 300; len++)
		check_round_trip(bytes, len, len % 80 + 1);
	check_round_trip(bytes, sizeof bytes, 76);
}

static void nothing_is_half_decoded(void **state)
{
	struct buf out CLEANUP(buf_release) = BUF_INIT(5);

	(void)state;
	assert_true(base64_decode(&out, "Zm9v", 4, BASE64_PADDED));
	assert_false(base64_decode(&out, "Zm9v!", 5, BASE64_PADDED));
	assert_false(out.failure);
	assert_false(base64_decode(&out, "Zm9v", 4, BASE64_PADDED));
	assert_true(out.failure);
	assert_string_equal(out.data, "foo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(agrees_with_rfc_4648_section_10),
	    cmocka_unit_test(encodes_every_short_length),
	    cmocka_unit_test(no_line_ends_where_encoders_wrap),
	    cmocka_unit_test(encodes_a_mebibyte),
	    cmocka_unit_test(appends),
	    cmocka_unit_test(nothing_is_half_encoded),
	    cmocka_unit_test(measures_the_decoded_size),
	    cmocka_unit_test(decodes_as_go_does),
	    cmocka_unit_test(knows_its_alphabet),
	    cmocka_unit_test(what_is_encoded_is_decoded),
	    cmocka_unit_test(nothing_is_half_decoded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
