/* Three layers, each only on those above: the window (bytes, and where they
 * stand), failing, the tokens. */
#include "json_lexer.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/scan.h"
#include "regcred/base/utf8.h"

/* ---- The window ---- */

enum { WINDOW_SIZE = 64 * 1024 };

/* Gets more bytes behind those not read yet, of which there are a few only. */
static bool refill(struct json_reader *reader)
{
	size_t unread = (size_t)(reader->end - reader->at);
	ptrdiff_t got;

	if (reader->ended || reader->failed)
		return false;
	if (!reader->window)
		reader->window = memory_acquire(WINDOW_SIZE);
	if (reader->at) /* NULL at first */
		memmove(reader->window, reader->at, unread);
	got = reader->source(reader->context, reader->window + unread, WINDOW_SIZE - unread,
	                     &reader->failure);
	reader->failed = got < 0;
	reader->ended = got == 0;
	reader->at = reader->window;
	reader->end = reader->window + unread + (got > 0 ? got : 0);
	reader->received += got > 0 ? (uint64_t)got : 0;
	return got > 0;
}

static __attribute__((noinline)) bool get(struct json_reader *reader, size_t count)
{
	while ((size_t)(reader->end - reader->at) < count)
		if (!refill(reader))
			return false;
	return true;
}

/* False: the document has no more than what is at hand, or reading failed. */
static inline bool has(struct json_reader *reader, size_t count)
{
	return (size_t)(reader->end - reader->at) >= count || get(reader, count);
}

static int peek(struct json_reader *reader)
{
	return has(reader, 1) ? (unsigned char)*reader->at : JSON_LEX_END;
}

static uint64_t load8(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
	return word;
}

/* One byte, eight times. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

struct json_position json_lex_place(const struct json_reader *reader)
{
	uint64_t offset = reader->received - (uint64_t)(reader->end - reader->at);

	return (struct json_position){offset, reader->line, offset - reader->line_start + 1};
}

/* Over white space at hand, of which most is indentation. */
static void pass_space(struct json_reader *reader)
{
	const char *at = reader->at, *end = reader->end;

	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
		if (*at++ != '\n')
			continue;
		reader->line++;
		reader->line_start = reader->received - (uint64_t)(end - at);
		while (end - at >= 8 && load8(at) == EIGHT(' '))
			at += 8;
	}
	reader->at = at;
}

/* The next byte that is not white space. Line ends can stand nowhere else, so
 * only here lines are counted. */
int json_lex_peek(struct json_reader *reader)
{
	do {
		if (reader->at < reader->end && *reader->at <= ' ')
			pass_space(reader);
		if (reader->at < reader->end)
			return (unsigned char)*reader->at;
	} while (get(reader, 1));
	return JSON_LEX_END;
}

/* ---- Failing ---- */

/* The first failure counts: that of a source looks like an end of the input to
 * all that reads, which then has its own complaint. */
static bool fail(struct json_reader *reader, const char *expected, const char *found)
{
	if (reader->failed)
		return false;
	reader->failed = reader->located = true;
	reader->failure_place = json_lex_place(reader);
	return error_set(&reader->failure, DIAGNOSTIC_JSON_INVALID, NULL, "%s%s", expected, found);
}

bool json_lex_fail(struct json_reader *reader, const char *message)
{
	return fail(reader, message, "");
}

/* Only structure and a byte order mark are shown: any other byte may belong to a
 * password that stands where JSON should. */
bool json_lex_expecting(struct json_reader *reader, const char *expected)
{
	static const char structure[] = "{}[]:,";
	char found[] = ", not '?'";
	int byte = peek(reader);

	if (byte == JSON_LEX_END)
		return fail(reader, expected, ", but the input ends");
	if (json_lex_place(reader).offset == 0 && has(reader, 3) &&
	    !memcmp(reader->at, "\xEF\xBB\xBF", 3))
		return fail(reader, expected, ", not a byte order mark");
	if (!memchr(structure, byte, sizeof structure - 1))
		return json_lex_fail(reader, expected);
	*strchr(found, '?') = (char)byte;
	return fail(reader, expected, found);
}

static bool fail_keeping(struct json_reader *reader)
{
	reader->failed = reader->located = true;
	reader->failure_place = reader->position;
	return error_set(&reader->failure, DIAGNOSTIC_INPUT_TOO_LARGE, NULL,
	                 "a %s is longer than %zu bytes",
	                 reader->event == JSON_NUMBER ? "number" : "string", reader->text.ceiling);
}

/* ---- The tokens ---- */

static bool keep(struct json_reader *reader, const char *bytes, size_t len)
{
	if (!reader->collects)
		return true;
	buf_append(&reader->text, bytes, len);
	return !reader->text.failure || fail_keeping(reader);
}

static bool keep_rune(struct json_reader *reader, uint32_t rune)
{
	char bytes[UTF8_MAX];
	bool kept = keep(reader, bytes, utf8_encode(rune, bytes));

	memory_wipe(bytes, sizeof bytes);
	return kept;
}

static bool lex_utf8(struct json_reader *reader)
{
	uint32_t rune;
	size_t len;

	has(reader, UTF8_MAX);
	len = utf8_decode(reader->at, (size_t)(reader->end - reader->at), &rune);
	if (!keep_rune(reader, rune == UTF8_INVALID ? UTF8_REPLACEMENT : rune))
		return false;
	reader->at += len;
	return true;
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

/* Whether \uXXXX stands next; reads nothing. */
static bool peek_unit(struct json_reader *reader, uint32_t *unit)
{
	enum { UNIT_SIZE = 6 };

	if (!has(reader, UNIT_SIZE) || memcmp(reader->at, "\\u", 2) != 0)
		return false;
	*unit = 0;
	for (const char *digit = reader->at + 2; digit < reader->at + UNIT_SIZE; digit++) {
		char lower = (char)(*digit | 0x20);

		if (is_digit(*digit))
			*unit = *unit << 4 | (uint32_t)(*digit - '0');
		else if (lower >= 'a' && lower <= 'f')
			*unit = *unit << 4 | (uint32_t)(lower - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* A high surrogate takes the low one behind it along; what follows it otherwise
 * is left to speak for itself. */
static bool lex_unit(struct json_reader *reader)
{
	uint32_t unit, low;

	if (!peek_unit(reader, &unit))
		return json_lex_fail(reader, "four hexadecimal digits were expected after \\u");
	reader->at += 6;
	if (unit < 0xD800 || unit > 0xDFFF)
		return keep_rune(reader, unit);
	if (unit > 0xDBFF || !peek_unit(reader, &low) || low < 0xDC00 || low > 0xDFFF)
		return keep_rune(reader, UTF8_REPLACEMENT);
	reader->at += 6;
	return keep_rune(reader, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
}

static bool lex_escape(struct json_reader *reader)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *name;

	if (!has(reader, 2))
		return json_lex_fail(reader, "a string is not closed");
	if (reader->at[1] == 'u')
		return lex_unit(reader);
	name = memchr(names, reader->at[1], sizeof names - 1);
	if (!name)
		return json_lex_fail(reader, "a string holds an escape that JSON does not know");
	reader->at += 2;
	return keep(reader, &values[name - names], 1);
}

bool json_lex_string(struct json_reader *reader)
{
	reader->at++;
	while (has(reader, 1)) {
		/* Bytes that are not ASCII are left to lex_utf8, unless nobody wants the text. */
		size_t run =
		    scan_string(reader->at, (size_t)(reader->end - reader->at), reader->collects);
		unsigned char byte;

		if (!keep(reader, reader->at, run))
			return false;
		reader->at += run;
		if (reader->at == reader->end)
			continue;
		byte = (unsigned char)*reader->at;
		if (byte == '"') {
			reader->at++;
			return true;
		}
		if (byte < 0x20)
			return json_lex_fail(reader, "a string holds a raw control character");
		if (byte == '\\' ? !lex_escape(reader) : !lex_utf8(reader))
			return false;
	}
	return json_lex_fail(reader, "a string is not closed");
}

/* Reads a byte into the text if it is `a` or `b`. */
static bool lex_either(struct json_reader *reader, char a, char b)
{
	int byte = peek(reader);

	return (byte == a || byte == b) && keep(reader, reader->at++, 1);
}

static bool lex_digits(struct json_reader *reader)
{
	if (!is_digit(peek(reader)))
		return json_lex_expecting(reader, "a digit was expected");
	while (is_digit(peek(reader)))
		if (!keep(reader, reader->at++, 1))
			return false;
	return true;
}

bool json_lex_number(struct json_reader *reader)
{
	lex_either(reader, '-', '-');
	if (!lex_either(reader, '0', '0') && !lex_digits(reader))
		return false;
	if (lex_either(reader, '.', '.') && !lex_digits(reader))
		return false;
	if (lex_either(reader, 'e', 'E')) {
		lex_either(reader, '+', '-');
		if (!lex_digits(reader))
			return false;
	}
	return !reader->failed;
}

bool json_lex_word(struct json_reader *reader, const char *word)
{
	size_t len = strlen(word);

	if (has(reader, len) && memcmp(reader->at, word, len) == 0) {
		reader->at += len;
		return true;
	}
	return json_lex_fail(reader, "a value was expected");
}
