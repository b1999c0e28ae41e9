#include "regcred/registry/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"
#include "regcred/json/json_reader.h"

/* --- numbers ---------------------------------------------------------------- */

/* A number's digits, and how many of them stand in front of the point. */
struct decimal {
	const char *text;
	size_t len; /* up to the exponent */
	bool negative;
	int64_t point;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Far beyond any point that digits in memory could reach. */
static int64_t read_exponent(const char *text, const char *end)
{
	bool negative = text < end && *text == '-';
	int64_t value = 0;

	for (; text < end; text++)
		if (is_digit(*text) && value < INT64_MAX / 100)
			value = value * 10 + (*text - '0');
	return negative ? -value : value;
}

/* The text is a number as JSON has it. */
static struct decimal decimal_read(const char *text, size_t len)
{
	struct decimal decimal = {.negative = *text == '-'};
	const char *end = text + len;
	size_t whole;

	text += decimal.negative;
	decimal.text = text;
	while (text < end && is_digit(*text))
		text++;
	whole = (size_t)(text - decimal.text);
	while (text < end && *text != 'e' && *text != 'E')
		text++;
	decimal.len = (size_t)(text - decimal.text);
	decimal.point = (int64_t)whole;
	if (text < end)
		decimal.point += read_exponent(text + 1, end);
	return decimal;
}

/* Digit by digit, since a double is not exact, and strtod asks the locale for the
 * point. False: out of range. */
static bool read_seconds(const struct buf *number, int64_t *seconds)
{
	struct decimal decimal = decimal_read(number->data, number->len);
	int64_t value = 0, place = 0;

	for (size_t i = 0; i < decimal.len && place < decimal.point; i++) {
		if (!is_digit(decimal.text[i]))
			continue;
		value = value * 10 + (decimal.text[i] - '0');
		if (value > TOKEN_EXPIRY_MAX)
			return false;
		place++;
	}
	for (; value && place < decimal.point; place++) {
		value *= 10;
		if (value > TOKEN_EXPIRY_MAX)
			return false;
	}
	*seconds = decimal.negative ? -value : value;
	return true;
}

/* --- members of an object --------------------------------------------------- */

/* A member that is looked for at the top of an object. */
struct claim {
	const char *name;
	enum json_event event; /* JSON_NUMBER or JSON_STRING: what it must be */
	bool there;
	int64_t seconds; /* of a number */
};

static bool name_is(const struct buf *key, const char *name)
{
	return key->len == strlen(name) && memcmp(key->data, name, key->len) == 0;
}

/* Reads the value behind a key; only a number is worth collecting. */
static bool read_value(struct json_reader *reader, struct claim *claim, struct error *error)
{
	if (!claim || claim->event != JSON_NUMBER) {
		if (!json_reader_skip(reader, error))
			return false;
		if (claim)
			claim->there = json_reader_event(reader) == claim->event;
		return true;
	}
	if (!json_reader_next(reader, error))
		return false;
	claim->there = json_reader_event(reader) == JSON_NUMBER &&
	               read_seconds(json_reader_text(reader), &claim->seconds);
	return json_reader_skip(reader, error);
}

/* Reads one object to the end of the document; *object tells whether it is one. */
static bool read_object(struct json_reader *reader, struct claim *claims, size_t count,
                        bool *object, struct error *error)
{
	if (!json_reader_next(reader, error))
		return false;
	*object = json_reader_event(reader) == JSON_OBJECT_BEGIN;
	while (*object) {
		struct claim *claim = NULL;

		if (!json_reader_next(reader, error))
			return false;
		if (json_reader_event(reader) != JSON_KEY)
			break;
		for (size_t i = 0; i < count; i++)
			if (name_is(json_reader_text(reader), claims[i].name))
				claim = &claims[i];
		if (!read_value(reader, claim, error))
			return false;
	}
	return !*object || json_reader_next(reader, error);
}

/* *object: the bytes are one JSON object, and the claims are filled. A byte that
 * is no UTF-8 grows to three. */
static bool read_claims(const struct buf *json, struct claim *claims, size_t count, bool *object,
                        struct error *error)
{
	CLEANUP(json_reader_release) struct json_reader reader;
	struct error failure;

	json_reader_init_bytes(&reader, json->data, json->len, json->len * 3);
	if (read_object(&reader, claims, count, object, &failure))
		return true;
	*object = false;
	if (failure.diagnostic == DIAGNOSTIC_JSON_INVALID)
		return true;
	*error = failure;
	return false;
}

/* --- the two kinds ---------------------------------------------------------- */

/* *decoded: the text is base64, padded or not, without line ends, which only mail
 * has. An empty text is. */
static bool decode(struct buf *out, const char *text, size_t len, bool *decoded,
                   struct error *error)
{
	bool padded = len && text[len - 1] == '=';

	*decoded = !memchr(text, '\r', len) && !memchr(text, '\n', len) &&
	           base64_decode(out, text, len, padded ? BASE64_PADDED : BASE64_UNPADDED);
	return buf_check(out, "a token", error);
}

/* Appends the standard alphabet's text; false: a byte is not of base64url. */
static bool translate(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '+' || text[i] == '/')
			return false;
		buf_append_char(out, text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]);
	}
	return true;
}

/* A part of a JWT; without claims it need not be JSON. */
static bool read_part(const char *text, size_t len, struct claim *claims, size_t count, bool *good,
                      struct error *error)
{
	CLEANUP(buf_release) struct buf standard = BUF_INIT(len);
	CLEANUP(buf_release) struct buf bytes = BUF_INIT(len);

	*good = false;
	if (!buf_reserve(&standard, len))
		return buf_check(&standard, "a token", error);
	if (!translate(&standard, text, len))
		return true;
	if (!decode(&bytes, standard.data, standard.len, good, error))
		return false;
	if (!*good || !claims)
		return true;
	return read_claims(&bytes, claims, count, good, error);
}

static bool read_jwt(const char *secret, size_t len, bool *known, int64_t *expires,
                     struct error *error)
{
	const char *end = secret + len;
	const char *first = memchr(secret, '.', len);
	const char *second = first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;
	struct claim claim = {"exp", JSON_NUMBER, false, 0};
	bool good;

	*known = false;
	if (!second)
		return true;
	if (!read_part(secret, (size_t)(first - secret), &claim, 0, &good, error))
		return false;
	if (good && !read_part(first + 1, (size_t)(second - first - 1), &claim, 1, &good, error))
		return false;
	if (good && !read_part(second + 1, (size_t)(end - second - 1), NULL, 0, &good, error))
		return false;
	*known = good && claim.there;
	*expires = *known ? claim.seconds : *expires;
	return true;
}

static bool read_ecr(const char *secret, size_t len, bool *known, int64_t *expires,
                     struct error *error)
{
	CLEANUP(buf_release) struct buf json = BUF_INIT(len);
	struct claim claims[] = {
	    {"expiration", JSON_NUMBER, false, 0},
	    {"payload", JSON_STRING, false, 0},
	    {"datakey", JSON_STRING, false, 0},
	};
	bool good;

	*known = false;
	if (!decode(&json, secret, len, &good, error))
		return false;
	if (good && !read_claims(&json, claims, 3, &good, error))
		return false;
	*known = good && claims[0].there && claims[1].there && claims[2].there;
	*expires = *known ? claims[0].seconds : *expires;
	return true;
}

/* A dot is in no base64, and in every JWT. */
bool token_expiry(const char *secret, size_t len, bool *known, int64_t *expires,
                  struct error *error)
{
	bool found = false;
	int64_t end = 0;

	if (len && !(memchr(secret, '.', len) ? read_jwt(secret, len, &found, &end, error)
	                                      : read_ecr(secret, len, &found, &end, error)))
		return false;
	*known = found;
	if (found)
		*expires = end;
	return true;
}

/* --- spans ------------------------------------------------------------------ */

void token_remaining(int64_t seconds, char text[TOKEN_TEXT_SIZE])
{
	enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
	uint64_t span = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;

	if (span >= 2 * DAY)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " days", span / DAY);
	else if (span >= HOUR && span % HOUR >= MINUTE)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " h %" PRIu64 " min", span / HOUR,
		         span % HOUR / MINUTE);
	else if (span >= HOUR)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " h", span / HOUR);
	else if (span >= MINUTE)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " min", span / MINUTE);
	else
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " s", span);
}
