#include "go_integer.h"

/* 16: it is none. */
static unsigned digit_value(char c)
{
	char lower = (char)(c | 0x20);

	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a' + 10) : 16;
}

bool go_integer_add_digit(uint64_t *value, unsigned base, char digit)
{
	unsigned size = digit_value(digit);

	if (size >= base || *value > (UINT64_MAX - size) / base)
		return false;
	*value = *value * base + size;
	return true;
}

bool go_integer_parse_base(struct view digits, unsigned base, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits.len; i++)
		if (!go_integer_add_digit(value, base, digits.data[i]))
			return false;
	return digits.len > 0;
}

bool go_integer_parse(struct view text, uint64_t *value)
{
	static const struct {
		char letter;
		unsigned base;
	} prefixes[] = {{'x', 16}, {'o', 8}, {'b', 2}};

	if (text.len < 2 || *text.data != '0')
		return go_integer_parse_base(text, 10, value);
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if ((text.data[1] | 0x20) == prefixes[i].letter)
			return go_integer_parse_base(view_from(text, 2), prefixes[i].base, value);
	return go_integer_parse_base(view_from(text, 1), 8, value);
}
