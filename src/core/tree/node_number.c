#include "regcred/tree/node_number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

/* ---- Reading ---- */

enum { NUMBER_SIZE = 512 }; /* longer texts are no number that fits, but for zeros */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Nothing but digits, at least one, within a uint64. */
static bool read_digits(const char *text, unsigned base, uint64_t *value)
{
	static const char digits[] = DIGITS "abcdef";
	const char *at = text;

	for (*value = 0; *at; at++) {
		const char *digit = memchr(digits, is_digit(*at) ? *at : *at | 0x20, base);

		if (!digit || *value > (UINT64_MAX - (uint64_t)(digit - digits)) / base)
			return false;
		*value = *value * base + (uint64_t)(digit - digits);
	}
	return at > text;
}

/* strconv/atoi.go with base 0: 0x, 0o and 0b in either case; octal after another 0. */
static bool read_based(const char *text, uint64_t *value)
{
	static const char letters[] = "xob";
	static const unsigned bases[] = {16, 8, 2};
	const char *letter = *text == '0' && text[1] ? strchr(letters, text[1] | 0x20) : NULL;

	if (letter)
		return read_digits(text + 2, bases[letter - letters], value);
	return read_digits(text, *text == '0' ? 8 : 10, value);
}

/* ParseInt, or ParseUint, which takes no sign. What follows 0b is read once more by
 * resolve.go, with a sign if there is one: 0b-1. */
static bool read_integer(const char *text, struct number *number)
{
	bool binary = strncmp(text, "0b", 2) == 0 && (text[2] == '-' || text[2] == '+');
	const char *at = text + (binary ? 2 : 0);
	bool sign = *at == '-' || *at == '+';

	number->negative = *at == '-';
	number->integer =
	    binary ? read_digits(at + 1, 2, &number->size) : read_based(at + sign, &number->size);
	return number->integer && (!sign || number->size <= (uint64_t)INT64_MAX + number->negative);
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? and within a double's range:
 * Go's ParseFloat fails beyond it. */
static bool read_float(const char *text, struct number *number)
{
	char *end;

	number->integer = false;
	number->value = strtod(text, &end);
	return end > text && !*end && !text[strspn(text, DIGITS "+-.eE")] &&
	       isfinite(number->value);
}

/* What ParseFloat itself takes of `_`: one, between two digits. */
static bool lines_separate(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '_' &&
		    (i == 0 || i + 1 == len || !is_digit(text[i - 1]) || !is_digit(text[i + 1])))
			return false;
	return true;
}

/* Without the `_`, which go-yaml drops wherever they stand; but a first point goes to
 * ParseFloat as it stands. */
bool number_read(const char *text, size_t len, struct number *number)
{
	char plain[NUMBER_SIZE] = "";
	size_t size = 0;

	if (len == 0 || (!is_digit(*text) && *text != '+' && *text != '-' && *text != '.'))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '_')
			continue;
		if (size == NUMBER_SIZE - 1 || text[i] == '\0')
			return false;
		plain[size++] = text[i];
	}
	plain[size] = '\0';
	if (*text == '.')
		return lines_separate(text, len) && read_float(plain, number);
	return read_integer(plain, number) || read_float(plain, number);
}

bool node_number_int64(const struct node *node, bool json, int64_t *value)
{
	const double beyond = 9223372036854775808.0; /* 2^63 */
	struct number number;

	if (!number_read(node->text, node->len, &number))
		return false;
	if (!number.integer) {
		if (json || !(fabs(number.value) < beyond)) /* also what is not a number */
			return false;
		*value = (int64_t)number.value;
		return (double)*value == number.value;
	}
	*value = (int64_t)(number.negative ? 0 - number.size : number.size);
	return number.size <= (uint64_t)INT64_MAX + number.negative;
}

bool json_number_overflows(const char *text)
{
	return isinf(strtod(text, NULL));
}

/* ---- Naming ---- */

/* strconv.FormatFloat(value, 'g', -1, 32): the shortest text that is the same float32, with
 * an exponent below -4 and from 6 on. */
static void name_float(float value, char name[NUMBER_TEXT_SIZE])
{
	int precision = 0, exponent;

	if (isinf(value)) {
		snprintf(name, NUMBER_TEXT_SIZE, value > 0 ? ".inf" : "-.inf");
		return;
	}
	do
		snprintf(name, NUMBER_TEXT_SIZE, "%.*e", precision++, (double)value);
	while (strtof(name, NULL) != value);
	exponent = atoi(strchr(name, 'e') + 1);
	if (exponent < -4 || exponent >= 6)
		return;
	precision = precision - 1 - exponent;
	snprintf(name, NUMBER_TEXT_SIZE, "%.*f", precision > 0 ? precision : 0, (double)value);
}

bool number_name(const struct number *number, char name[NUMBER_TEXT_SIZE])
{
	if (!number->integer) {
		name_float((float)number->value, name);
		return true;
	}
	snprintf(name, NUMBER_TEXT_SIZE, "%s%" PRIu64, number->negative && number->size ? "-" : "",
	         number->size);
	return number->negative || number->size <= INT64_MAX;
}
