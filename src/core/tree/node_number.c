#include "regcred/tree/node_number.h"

#include <string.h>

#include "go_integer.h"

#define DIGITS "0123456789"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- A decimal: digits, and where the point stands ---- */

struct decimal {
	bool negative;
	const char *digits; /* with a point among them, perhaps; from the first that is not 0 */
	size_t len;
	int64_t exponent; /* of the first digit: 1 is 10^0; nothing without digits */
};

enum { EXPONENT_MAX = 100000000 }; /* no text is so long that it could make up for it */

static int64_t read_exponent(const char *text, size_t len)
{
	bool negative = len > 0 && *text == '-';
	int64_t exponent = 0;

	for (size_t i = len > 0 && (*text == '-' || *text == '+'); i < len; i++)
		if (is_digit(text[i]) && exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (text[i] - '0');
	return negative ? -exponent : exponent;
}

static struct decimal read_decimal(const char *text, size_t len)
{
	struct decimal decimal = {.negative = len > 0 && *text == '-'};
	size_t at = len > 0 && (*text == '-' || *text == '+'), end = at, point;

	while (end < len && text[end] != 'e' && text[end] != 'E')
		end++;
	if (end < len)
		decimal.exponent = read_exponent(text + end + 1, len - end - 1);
	for (point = at; point < end && text[point] != '.';)
		point++;
	while (at < end && (text[at] == '0' || text[at] == '.'))
		at++;
	decimal.digits = text + at;
	decimal.len = end - at;
	decimal.exponent += at < point ? (int64_t)(point - at) - 1 : (int64_t)point - (int64_t)at;
	return decimal;
}

/* The next digit; '\0' behind the last. */
static char next_digit(const struct decimal *decimal, size_t *at)
{
	while (*at < decimal->len && !is_digit(decimal->digits[*at]))
		(*at)++;
	return *at < decimal->len ? decimal->digits[(*at)++] : '\0';
}

/* Half a step above the largest float64, 2^1024 - 2^970: from here on Go rounds to
 * infinity. Its exponent is 308. */
static const char overflow[] =
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
    "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
    "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
    "342711559699508093042880177904174497792";

bool json_number_overflows(const char *text, size_t len)
{
	struct decimal decimal = read_decimal(text, len);
	size_t at = 0;

	if (!decimal.len || decimal.exponent != 308)
		return decimal.len && decimal.exponent > 308;
	for (const char *limit = overflow; *limit; limit++) {
		char digit = next_digit(&decimal, &at);

		if (digit != *limit)
			return digit > *limit;
	}
	return true;
}

/* ---- Integers ---- */

/* A decimal whose fraction is all zeros. */
static bool read_integral(const struct decimal *decimal, uint64_t *value)
{
	size_t at = 0;
	char digit;

	*value = 0;
	if (decimal->len && (decimal->exponent < 0 || decimal->exponent > 19))
		return false;
	for (int64_t i = 0; decimal->len && i <= decimal->exponent; i++) {
		digit = next_digit(decimal, &at);
		if (!go_integer_add_digit(value, 10, digit ? digit : '0'))
			return false;
	}
	while ((digit = next_digit(decimal, &at)))
		if (digit != '0')
			return false;
	return true;
}

static bool give_sign(bool negative, uint64_t size, int64_t *value)
{
	if (size > (uint64_t)INT64_MAX + negative)
		return false;
	*value = negative ? (int64_t)(0 - size) : (int64_t)size;
	return true;
}

enum { PLAIN_SIZE = 400 }; /* of numbers without `_`; longer ones are in no integer's range */

static size_t drop_underscores(const struct node *number, char plain[PLAIN_SIZE])
{
	size_t len = 0;

	for (size_t i = 0; i < number->len && len < PLAIN_SIZE; i++)
		if (number->text[i] != '_')
			plain[len++] = number->text[i];
	return len;
}

bool node_number_int64(const struct node *number, bool json, int64_t *value)
{
	char plain[PLAIN_SIZE];
	size_t len = drop_underscores(number, plain);
	bool sign = len > 0 && (*plain == '-' || *plain == '+');
	struct decimal decimal;
	uint64_t size;

	if (len == 0 || len == PLAIN_SIZE)
		return false;
	if (go_integer_parse((struct view){plain + sign, len - sign}, &size))
		return give_sign(*plain == '-', size, value);
	if (json || strspn(number->text, DIGITS "+-._eE") != number->len)
		return false;
	decimal = read_decimal(plain, len);
	return read_integral(&decimal, &size) && give_sign(decimal.negative, size, value);
}

/* ---- Printing ---- */

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)? */
static bool is_json_number(const char *text)
{
	size_t digits;

	text += *text == '-';
	digits = strspn(text, DIGITS);
	if (digits == 0 || (*text == '0' && digits > 1))
		return false;
	text += digits;
	if (*text == '.') {
		digits = strspn(++text, DIGITS);
		text += digits;
		if (digits == 0)
			return false;
	}
	if (*text != 'e' && *text != 'E')
		return !*text;
	text++;
	text += *text == '-' || *text == '+';
	digits = strspn(text, DIGITS);
	return digits > 0 && !text[digits];
}

/* A float that only lacks JSON's form: zeros in front and behind the point. */
static void print_float(const char *text, struct buf *out)
{
	size_t digits;

	if (*text == '-')
		buf_append_char(out, '-');
	text += *text == '-' || *text == '+';
	text += strspn(text, "0_");
	digits = strspn(text, DIGITS "_");
	if (digits == 0)
		buf_append_char(out, '0');
	for (; *text; text++) {
		if (*text == '_' || (*text == '.' && !is_digit(text[1])))
			continue;
		buf_append_char(out, *text);
	}
}

void node_number_print(const struct node *number, struct buf *out)
{
	char plain[PLAIN_SIZE];
	size_t len = drop_underscores(number, plain);
	bool sign = len > 0 && (*plain == '-' || *plain == '+');
	uint64_t size;

	if (is_json_number(number->text))
		buf_append(out, number->text, number->len);
	else if (len < PLAIN_SIZE &&
	         go_integer_parse((struct view){plain + sign, len - sign}, &size))
		buf_append_format(out, "%s%llu", *plain == '-' ? "-" : "",
		                  (unsigned long long)size);
	else if (strspn(number->text, DIGITS "+-._eE") == number->len)
		print_float(number->text, out);
	else
		buf_append_format(out, "\"%s\"", number->text);
}
