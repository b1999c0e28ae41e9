#include "regcred/yaml/yaml_scalar.h"

#include <stdint.h>
#include <string.h>

#include "regcred/base/utf8.h"

#define DIGITS "0123456789"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Indicators, a blank, and `:`, with which Ruby starts a symbol. */
static const char never_first[] = "#,[]{}&*!|>'\"%@`: ";

/* In any case. `=` and `<<` are YAML 1.1's "value" and "merge". */
static const char *const words[] = {
    "~", "null", "y", "yes", "true", "on", "n", "no", "false", "off", "=", "<<",
};

/* In any case, with or without a sign. */
static const char *const float_words[] = {".inf", ".nan", "inf", "infinity", "nan"};

enum { WORD_SIZE = 16 }; /* more than the longest word */

static const struct {
	const char *letter;
	const char *digits;
} bases[] = {
    {"xX", DIGITS "abcdefABCDEF"},
    {"oO", DIGITS},
    {"bB", DIGITS},
};

static const struct {
	uint32_t rune;
	const char *escape;
} short_escapes[] = {
    {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\t', "\\t"}, {'\r', "\\r"},
};

/* What matches a part of a text moves on behind it and says true. */
struct reader {
	const char *at;
	const char *end;
	const char *skip; /* bytes that count for nothing after any other */
};

static bool is_one_of(const char *set, char c)
{
	return c != '\0' && strchr(set, c);
}

static bool done(const struct reader *reader)
{
	return reader->at == reader->end;
}

static bool take(struct reader *reader, const char *set)
{
	if (done(reader) || !is_one_of(set, *reader->at))
		return false;
	do
		reader->at++;
	while (!done(reader) && is_one_of(reader->skip, *reader->at));
	return true;
}

static size_t take_all(struct reader *reader, const char *set)
{
	size_t count = 0;

	while (take(reader, set))
		count++;
	return count;
}

static struct reader read_number(const char *text, size_t len)
{
	return (struct reader){text, text + len, "_,"};
}

/* `0x1F`, `0b1`, `0o7` in any case. Go's parser also takes `0b-1`, and `0x_` is
 * a number to PyYAML, though one that it cannot read. */
static bool is_based(const char *text, size_t len)
{
	struct reader reader = read_number(text, len);

	take(&reader, "+-");
	if (!take(&reader, "0"))
		return false;
	for (size_t i = 0; i < COUNT(bases); i++)
		if (take(&reader, bases[i].letter)) {
			take(&reader, "+-");
			take_all(&reader, bases[i].digits);
			return done(&reader);
		}
	return false;
}

/* `1`, `-0.5`, `.5`, `1.`, `1e3`, `1e400`; also `.`, which Psych's pattern has, and
 * `e3`, which npm's yaml takes for a YAML 1.1 float. */
static bool is_decimal(const char *text, size_t len)
{
	struct reader reader = read_number(text, len);
	size_t size;

	take(&reader, "+-");
	size = take_all(&reader, DIGITS);
	size += take(&reader, ".");
	take_all(&reader, DIGITS);
	if (take(&reader, "eE")) {
		take(&reader, "+-");
		size = take_all(&reader, DIGITS);
	}
	return size > 0 && done(&reader);
}

/* Base 60: `12:30`, `1:2:3.4`. Every place but the first is below 60. */
static bool is_sexagesimal(const char *text, size_t len)
{
	struct reader reader = read_number(text, len);
	bool tens;

	take(&reader, "+-");
	if (!take_all(&reader, DIGITS) || !take(&reader, ":"))
		return false;
	do {
		tens = take(&reader, "012345");
		if (!take(&reader, DIGITS) && !tens)
			return false;
	} while (take(&reader, ":"));
	if (take(&reader, "."))
		take_all(&reader, DIGITS);
	return done(&reader);
}

/* One or two digits. */
static bool take_pair(struct reader *reader)
{
	if (!take(reader, DIGITS))
		return false;
	take(reader, DIGITS);
	return true;
}

/* A date that need not exist, alone or with a time and whatever comes behind. */
static bool is_timestamp(const char *text, size_t len)
{
	struct reader reader = {text, text + len, ""};

	take(&reader, "-");
	for (int i = 0; i < 4; i++)
		if (!take(&reader, DIGITS))
			return false;
	if (!take(&reader, "-") || !take_pair(&reader) || !take(&reader, "-") ||
	    !take_pair(&reader))
		return false;
	if (done(&reader))
		return true;
	if (!take(&reader, "Tt") && !take_all(&reader, " "))
		return false;
	return take_pair(&reader) && take(&reader, ":") && take_pair(&reader) &&
	       take(&reader, ":") && take_pair(&reader);
}

/* Lower case by Unicode's case folding, as far as it makes letters of our words:
 * to Ruby `falſe` with U+017F is false, and so is `oﬀ` with U+FB00. */
static bool fold(const char *text, size_t len, char word[WORD_SIZE])
{
	size_t size = 0;
	uint32_t rune;

	for (size_t at = 0; at < len;) {
		at += utf8_decode(text + at, len - at, &rune);
		if (rune >= 'A' && rune <= 'Z')
			rune += 'a' - 'A';
		if (rune == 0x17F)
			rune = 's';
		if (rune == 0xFB00) {
			rune = 'f';
			word[size++] = 'f';
		}
		if (rune > 0x7F || size + 2 >= WORD_SIZE)
			return false;
		word[size++] = (char)rune;
	}
	word[size] = '\0';
	return true;
}

static bool is_listed(const char *const *list, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

static bool is_word(const char *text, size_t len)
{
	char word[WORD_SIZE];

	if (!fold(text, len, word))
		return false;
	return is_listed(words, COUNT(words), word) ||
	       is_listed(float_words, COUNT(float_words), word + is_one_of("+-", word[0]));
}

static bool is_retyped(const char *text, size_t len)
{
	return is_word(text, len) || is_decimal(text, len) || is_based(text, len) ||
	       is_sexagesimal(text, len) || is_timestamp(text, len);
}

static bool starts_plain(const char *text, size_t len)
{
	if (is_one_of(never_first, text[0]))
		return false;
	if (is_one_of("-?", text[0]) && (len == 1 || text[1] == ' '))
		return false;
	return len < 3 || (memcmp(text, "---", 3) != 0 && memcmp(text, "...", 3) != 0);
}

static bool must_escape(uint32_t rune)
{
	return rune <= 0xFFFF && (utf8_is_invisible(rune) || rune == 0xFFFE || rune == 0xFFFF);
}

/* No end at a comment or a mapping's value, nothing that needs an escape, and
 * nothing above U+FFFF, which go-yaml quotes too. */
static bool stays_plain(const char *text, size_t len)
{
	uint32_t rune;

	for (size_t at = 0; at < len;) {
		char next;

		if (text[at] == '#' && at > 0 && text[at - 1] == ' ')
			return false;
		at += utf8_decode(text + at, len - at, &rune);
		next = at < len ? text[at] : ' ';
		if (rune == ':' && next == ' ')
			return false;
		if (must_escape(rune) || rune > 0xFFFF)
			return false;
	}
	return text[len - 1] != ' ';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_tame(char c)
{
	return is_letter(c) || (c >= '-' && c <= '9') || c == '_'; /* - . / 0-9 */
}

/* Names, most of all: two letters to begin with and then something that stands in
 * no word above. A short cut to what the rules below would find as well. */
static bool is_plain_name(const char *text, size_t len)
{
	size_t letters = 0;

	while (letters < len && is_letter(text[letters]))
		letters++;
	if (letters < 2 || letters == len)
		return false;
	for (size_t at = letters; at < len; at++)
		if (!is_tame(text[at]))
			return false;
	return true;
}

bool yaml_scalar_is_plain(const char *text, size_t len)
{
	if (is_plain_name(text, len))
		return true;
	return len > 0 && starts_plain(text, len) && stays_plain(text, len) &&
	       !is_retyped(text, len);
}

static void append_rune(struct buf *out, uint32_t rune)
{
	char bytes[UTF8_MAX];

	for (size_t i = 0; i < COUNT(short_escapes); i++)
		if (short_escapes[i].rune == rune) {
			buf_append_string(out, short_escapes[i].escape);
			return;
		}
	if (rune == UTF8_INVALID)
		rune = UTF8_REPLACEMENT;
	if (must_escape(rune))
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
