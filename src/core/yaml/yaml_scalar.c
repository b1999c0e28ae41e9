#include "regcred/yaml/yaml_scalar.h"
#include "regcred/base/memory.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "regcred/base/utf8.h"

/* In any case. */
static const char *const words[] = {
    "null", "y",   "yes",  "true", "on",   "n",        "no",
    "off",  "inf", ".inf", "nan",  ".nan", "infinity", "false",
};

static bool is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (strlen(words[i]) == len && strncasecmp(text, words[i], len) == 0)
			return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* From `-` to `:` are `.`, `/` and the digits. */
static bool is_tame(char c)
{
	return (c >= '-' && c <= ':') || is_letter(c) || (c && strchr("_+=@", c));
}

/* What comes after the e of e3, a YAML 1.1 float to npm's yaml. */
static bool is_exponent(const char *text, size_t len)
{
	return view_consists_of((struct view){text, len}, "0123456789+-_");
}

bool yaml_scalar_is_plain(const char *text, size_t len)
{
	size_t start = len > 1 && *text == '.', at = start;

	while (at < len && is_letter(text[at]))
		at++;
	if (at == start || at == len)
		return at > start && !is_word(text, len);
	if (at == start + 1 && (text[start] | 0x20) == 'e' && is_exponent(text + at, len - at))
		return false;
	while (at < len && is_tame(text[at]))
		at++;
	return at == len && text[len - 1] != ':';
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
