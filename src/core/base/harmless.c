#include "regcred/base/harmless.h"

#include <string.h>

#include "regcred/base/utf8.h"

void harmless_append(struct buf *out, const char *bytes, size_t len)
{
	for (size_t at = 0, size; at < len; at += size) {
		uint32_t rune;

		size = utf8_decode(bytes + at, len - at, &rune);
		if (rune != UTF8_INVALID && !utf8_is_invisible(rune)) {
			buf_append(out, bytes + at, size);
			continue;
		}
		for (size_t i = at; i < at + size; i++)
			buf_append_format(out, "\\x%02x", (unsigned char)bytes[i]);
	}
}

bool harmless_may_be_secret(const char *word)
{
	enum { SECRET_MIN = 6, TOKEN_MIN = 20 };
	bool digit = false, letter = false, capital = false, mark = false;
	size_t len = strlen(word);

	for (const char *c = word; *c; c++) {
		digit |= *c >= '0' && *c <= '9';
		letter |= *c >= 'a' && *c <= 'z';
		capital |= (*c >= 'A' && *c <= 'Z') || *c == '_';
		mark |= strchr("!@#$%^&*=+?", *c) != NULL;
	}
	if (strchr(word, '/') || len < SECRET_MIN)
		return false;
	if (strchr(word, '.'))
		return mark || (digit && capital && len >= TOKEN_MIN);
	return mark || (digit && (letter || capital));
}
