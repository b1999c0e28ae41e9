#include "regcred/base/utf8.h"
#include "regcred/base/memory.h"

static bool continues(const char *bytes, size_t len, size_t at)
{
	return at < len && ((unsigned char)bytes[at] & 0xC0) == 0x80;
}

static uint32_t payload(char byte)
{
	return (unsigned char)byte & 0x3Fu;
}

size_t utf8_decode(const char *bytes, size_t len, uint32_t *rune)
{
	unsigned char lead = (unsigned char)bytes[0];

	*rune = lead;
	if (lead < 0x80)
		return 1;
	*rune = UTF8_INVALID;
	if (lead < 0xC2 || lead > 0xF4 || !continues(bytes, len, 1))
		return 1;
	if (lead < 0xE0) {
		*rune = (lead & 0x1Fu) << 6 | payload(bytes[1]);
		return 2;
	}
	if (!continues(bytes, len, 2))
		return 1;
	if (lead < 0xF0) {
		uint32_t value = (lead & 0x0Fu) << 12 | payload(bytes[1]) << 6 | payload(bytes[2]);

		if (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF))
			return 1;
		*rune = value;
		return 3;
	}
	if (!continues(bytes, len, 3))
		return 1;
	uint32_t value = (lead & 0x07u) << 18 | payload(bytes[1]) << 12 | payload(bytes[2]) << 6 |
	                 payload(bytes[3]);

	if (value < 0x10000 || value > 0x10FFFF)
		return 1;
	*rune = value;
	return 4;
}

size_t utf8_encode(uint32_t rune, char bytes[UTF8_MAX])
{
	if (rune < 0x80) {
		bytes[0] = (char)rune;
		return 1;
	}
	if (rune < 0x800) {
		bytes[0] = (char)(0xC0 | rune >> 6);
		bytes[1] = (char)(0x80 | (rune & 0x3F));
		return 2;
	}
	if (rune < 0x10000) {
		bytes[0] = (char)(0xE0 | rune >> 12);
		bytes[1] = (char)(0x80 | (rune >> 6 & 0x3F));
		bytes[2] = (char)(0x80 | (rune & 0x3F));
		return 3;
	}
	bytes[0] = (char)(0xF0 | rune >> 18);
	bytes[1] = (char)(0x80 | (rune >> 12 & 0x3F));
	bytes[2] = (char)(0x80 | (rune >> 6 & 0x3F));
	bytes[3] = (char)(0x80 | (rune & 0x3F));
	return 4;
}

bool utf8_valid(const char *bytes, size_t len)
{
	size_t at = 0;
	uint32_t rune = 0;

	while (at < len && rune != UTF8_INVALID)
		at += utf8_decode(bytes + at, len - at, &rune);
	return rune != UTF8_INVALID;
}

size_t utf8_cut(const char *bytes, size_t len, size_t most)
{
	size_t cut = most;

	if (len <= most)
		return len;
	while (cut + UTF8_MAX > most && continues(bytes, len, cut))
		cut--;
	return cut;
}

bool utf8_is_control(uint32_t rune)
{
	return rune < 0x20 || (rune >= 0x7F && rune <= 0x9F);
}

bool utf8_is_invisible(uint32_t rune)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
	    {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E},
	    {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
	    {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
	};

	for (size_t i = 0; i < COUNT(ranges); i++)
		if (rune >= ranges[i].first && rune <= ranges[i].last)
			return true;
	return utf8_is_control(rune);
}

bool utf8_holds_control(const char *bytes, size_t len)
{
	uint32_t rune;

	for (size_t at = 0; at < len;) {
		at += utf8_decode(bytes + at, len - at, &rune);
		if (utf8_is_control(rune))
			return true;
	}
	return false;
}
