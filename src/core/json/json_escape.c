#include "regcred/json/json_escape.h"

#include <string.h>

#include "regcred/base/utf8.h"

/* The letters are those of JSON's short escapes, at the place of what they stand for. */
static void append_ascii(struct buf *out, char c)
{
	static const char meant[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = c ? strchr(meant, c) : NULL;

	if (at)
		buf_append_format(out, "\\%c", letters[at - meant]);
	else if ((unsigned char)c < ' ')
		buf_append_format(out, "\\u%04x", (unsigned)c);
	else
		buf_append_char(out, c);
}

static void append_rune(struct buf *out, uint32_t rune, bool harmless)
{
	char bytes[UTF8_MAX];

	if (rune < 0x7F || (rune == 0x7F && !harmless))
		append_ascii(out, (char)rune);
	else if (rune == UTF8_INVALID || !harmless || !utf8_is_invisible(rune))
		buf_append(out, bytes,
		           utf8_encode(rune == UTF8_INVALID ? UTF8_REPLACEMENT : rune, bytes));
	else if (rune <= 0xFFFF)
		buf_append_format(out, "\\u%04x", (unsigned)rune);
	else
		buf_append_format(out, "\\u%04x\\u%04x",
		                  0xD800 + (unsigned)((rune - 0x10000) >> 10),
		                  0xDC00 + (unsigned)(rune & 0x3FF));
}

void json_append_literal(struct buf *out, struct view text, bool harmless)
{
	uint32_t rune;

	buf_append_char(out, '"');
	for (size_t at = 0; at < text.len;) {
		at += utf8_decode(text.data + at, text.len - at, &rune);
		append_rune(out, rune, harmless);
	}
	buf_append_char(out, '"');
}
