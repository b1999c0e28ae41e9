#include "regcred/yaml/yaml_scalar.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "regcred/base/utf8.h"

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* In any case. */
static const char *const words[] = {
    "null", "y",   "yes",  "true", "on",   "n",        "no",
    "off",  "inf", ".inf", "nan",  ".nan", "infinity", "false",
};

/* e3, .e-3: a YAML 1.1 float to npm's yaml. */
static bool is_exponent(const char *text, size_t len)
{
	size_t at = *text == '.';

	if (len < at + 2 || (text[at] | 0x20) != 'e')
		return false;
	while (++at < len)
		if (!memchr(DIGITS "+-_", text[at], sizeof DIGITS + 2))
			return false;
	return true;
}

static bool is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (strlen(words[i]) == len && strncasecmp(text, words[i], len) == 0)
			return true;
	return false;
}

bool yaml_scalar_is_plain(const char *text, size_t len)
{
	static const char tame[] = DIGITS LETTERS "._/+=-:@";

	if (len == 0 || !memchr(LETTERS, text[len > 1 && *text == '.'], sizeof LETTERS - 1))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!memchr(tame, text[i], sizeof tame - 1))
			return false;
	return text[len - 1] != ':' && !is_word(text, len) && !is_exponent(text, len);
}

static void append_rune(struct buf *out, uint32_t rune)
{
	static const char meant[] = "\"\\\n\t\r", letters[] = "\"\\ntr";
	const char *at = rune && rune < 0x80 ? strchr(meant, (char)rune) : NULL;
	char bytes[UTF8_MAX];

	if (rune == UTF8_INVALID)
		rune = UTF8_REPLACEMENT;
	if (at)
		buf_append_format(out, "\\%c", letters[at - meant]);
	else if (rune <= 0xFFFF && (utf8_is_invisible(rune) || rune >= 0xFFFE))
		buf_append_format(out, "\\u%04X", (unsigned)rune);
	else
		buf_append(out, bytes, utf8_encode(rune, bytes));
}

void yaml_scalar_append(struct buf *out, const char *text, size_t len)
{
	uint32_t rune;

	if (yaml_scalar_is_plain(text, len)) {
		buf_append(out, text, len);
		return;
	}
	buf_append_char(out, '"');
	for (size_t at = 0; at < len;) {
		at += utf8_decode(text + at, len - at, &rune);
		append_rune(out, rune);
	}
	buf_append_char(out, '"');
}
