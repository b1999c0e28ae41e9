#include "regcred/json/json_name.h"

#include "regcred/base/utf8.h"

/* To lower-case ASCII, as far as anything folds to it. */
static uint32_t fold(uint32_t rune)
{
	if (rune == 0x017F) /* long s */
		return 's';
	if (rune == 0x212A) /* Kelvin sign */
		return 'k';
	return rune >= 'A' && rune <= 'Z' ? rune - 'A' + 'a' : rune;
}

bool json_name_is_view(struct view key, const char *name)
{
	size_t at = 0;
	uint32_t rune;

	for (; *name; name++) {
		if (at == key.len)
			return false;
		at += utf8_decode(key.data + at, key.len - at, &rune);
		if (fold(rune) != fold((unsigned char)*name))
			return false;
	}
	return at == key.len;
}
