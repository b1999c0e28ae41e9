#include "regcred/base/harmless.h"

#include <stdio.h>
#include <string.h>

#include "regcred/base/utf8.h"

_Static_assert((int)HARMLESS_SIZE > (int)UTF8_MAX, "a character does not fit");

size_t harmless_step(const char *bytes, size_t len, char shown[HARMLESS_SIZE])
{
	uint32_t rune;
	size_t size = utf8_decode(bytes, len, &rune);

	if (rune == UTF8_INVALID || utf8_is_invisible(rune)) {
		snprintf(shown, HARMLESS_SIZE, "\\x%02x", (unsigned char)*bytes);
		return 1;
	}
	memcpy(shown, bytes, size);
	shown[size] = '\0';
	return size;
}

void harmless_append(struct buf *out, const char *bytes, size_t len)
{
	for (size_t at = 0; at < len;) {
		char shown[HARMLESS_SIZE];

		at += harmless_step(bytes + at, len - at, shown);
		buf_append_string(out, shown);
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
