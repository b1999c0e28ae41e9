/* Four layers, each only on those above: the window (bytes, and where they stand), failing,
 * the tokens, the grammar. On top is what the header offers. */
#include "regcred/json/json_reader.h"

#include <inttypes.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/scan.h"
#include "regcred/base/utf8.h"

/* ---- The window ---- */

enum { WINDOW_SIZE = 64 * 1024, AT_END = -1 };

/* Gets more bytes after those not read yet, of which there are a few only. */
static bool refill(struct json_reader *reader)
{
	size_t unread = (size_t)(reader->end - reader->at);
	ptrdiff_t got;

	if (reader->ended || reader->failed)
		return false;
	if (!reader->window)
		reader->window = memory_acquire(WINDOW_SIZE);
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

/* False: the document has no more than what is in memory, or reading failed. */
static inline bool has(struct json_reader *reader, size_t count)
{
	return (size_t)(reader->end - reader->at) >= count || get(reader, count);
}

static int next_byte(struct json_reader *reader)
{
	return has(reader, 1) ? (unsigned char)*reader->at : AT_END;
}

static struct json_position place(const struct json_reader *reader)
{
	uint64_t offset = reader->received - (uint64_t)(reader->end - reader->at);

	return (struct json_position){offset, reader->line, offset - reader->line_start + 1};
}

/* Over white space in memory, of which most is indentation. */
static void pass_space(struct json_reader *reader)
{
	const char *at = reader->at, *end = reader->end;

	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
		if (*at++ != '\n')
			continue;
		reader->line++;
		reader->line_start = reader->received - (uint64_t)(end - at);
		while (end - at >= 8 && memcmp(at, "        ", 8) == 0)
			at += 8;
	}
	reader->at = at;
}

/* The next byte that is not white space, which is left there; AT_END at the end and when the
 * source fails. Line ends can stand nowhere else, so only here lines are counted. */
static int next_token(struct json_reader *reader)
{
	do {
		if (reader->at < reader->end && (unsigned char)*reader->at <= ' ')
			pass_space(reader);
		if (reader->at < reader->end)
			return (unsigned char)*reader->at;
	} while (get(reader, 1));
	return AT_END;
}

/* ---- Failing ---- */

/* The first failure counts: that of a source looks like an end of the input to
 * all that reads, which then has its own complaint. */
static bool fail_found(struct json_reader *reader, const char *expected, const char *found)
{
	if (reader->failed)
		return false;
	reader->failed = reader->located = true;
	reader->failure_place = place(reader);
	return error_set(&reader->failure, DIAGNOSTIC_JSON_INVALID, NULL, "%s%s", expected, found);
}

static bool fail(struct json_reader *reader, const char *sentence)
{
	return fail_found(reader, sentence, "");
}

/* Only structure and a byte order mark are shown: any other byte may belong to a
 * password that stands where JSON should. */
static bool fail_expecting(struct json_reader *reader, const char *expected)
{
	static const char structure[] = "{}[]:,";
	char found[] = ", not '?'";
	int byte = next_byte(reader);

	if (byte == AT_END)
		return fail_found(reader, expected, ", but the input ends");
	if (place(reader).offset == 0 && has(reader, 3) && !memcmp(reader->at, "\xEF\xBB\xBF", 3))
		return fail_found(reader, expected, ", not a byte order mark");
	if (!memchr(structure, byte, sizeof structure - 1))
		return fail(reader, expected);
	*strchr(found, '?') = (char)byte;
	return fail_found(reader, expected, found);
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

/* A high surrogate takes the low one after it along; what follows it otherwise
 * is left to speak for itself. */
static bool lex_unit(struct json_reader *reader)
{
	uint32_t unit, low;

	if (!peek_unit(reader, &unit))
		return fail(reader, "four hexadecimal digits were expected after \\u");
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
		return fail(reader, "a string is not closed");
	if (reader->at[1] == 'u')
		return lex_unit(reader);
	name = memchr(names, reader->at[1], sizeof names - 1);
	if (!name)
		return fail(reader, "a string holds an escape that JSON does not know");
	reader->at += 2;
	return keep(reader, &values[name - names], 1);
}

static bool lex_string(struct json_reader *reader)
{
	reader->at++;
	while (has(reader, 1)) {
		/* Bytes that are not ASCII are left to lex_utf8, unless the text is not wanted. */
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
			return fail(reader, "a string holds a raw control character");
		if (byte == '\\' ? !lex_escape(reader) : !lex_utf8(reader))
			return false;
	}
	return fail(reader, "a string is not closed");
}

/* Reads a byte into the text if it is `a` or `b`. */
static bool lex_either(struct json_reader *reader, char a, char b)
{
	int byte = next_byte(reader);

	return (byte == a || byte == b) && keep(reader, reader->at++, 1);
}

static bool lex_digits(struct json_reader *reader)
{
	if (!is_digit(next_byte(reader)))
		return fail_expecting(reader, "a digit was expected");
	while (is_digit(next_byte(reader)))
		if (!keep(reader, reader->at++, 1))
			return false;
	return true;
}

static bool lex_number(struct json_reader *reader)
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

static bool lex_word(struct json_reader *reader, const char *word)
{
	size_t len = strlen(word);

	if (has(reader, len) && memcmp(reader->at, word, len) == 0) {
		reader->at += len;
		return true;
	}
	return fail(reader, "a value was expected");
}

/* ---- The grammar ---- */

static bool in_object(const struct json_reader *reader)
{
	size_t level = reader->depth - 1;

	return reader->objects[level / 8] >> level % 8 & 1;
}

static void begin(struct json_reader *reader, enum json_event event)
{
	reader->event = event;
	reader->position = place(reader);
}

static void expect_rest(struct json_reader *reader)
{
	reader->expects = reader->depth ? EXPECTS_COMMA_OR_END : EXPECTS_NOTHING;
}

static bool read_open(struct json_reader *reader, enum json_event event)
{
	bool object = event == JSON_OBJECT_BEGIN;
	size_t level = reader->depth;
	unsigned char bit = (unsigned char)(1u << level % 8);

	if (level == JSON_DEPTH_MAX)
		return fail(reader, "objects and arrays are nested too deep");
	begin(reader, event);
	reader->at++;
	reader->depth++;
	reader->objects[level / 8] &= (unsigned char)~bit;
	reader->objects[level / 8] |= object ? bit : 0;
	reader->expects = object ? EXPECTS_KEY_OR_END : EXPECTS_VALUE_OR_END;
	return true;
}

static bool read_close(struct json_reader *reader)
{
	begin(reader, in_object(reader) ? JSON_OBJECT_END : JSON_ARRAY_END);
	reader->at++;
	reader->depth--;
	expect_rest(reader);
	return true;
}

static bool read_value(struct json_reader *reader)
{
	int byte = next_token(reader);

	expect_rest(reader);
	switch (byte) {
	case '{':
		return read_open(reader, JSON_OBJECT_BEGIN);
	case '[':
		return read_open(reader, JSON_ARRAY_BEGIN);
	case '"':
		begin(reader, JSON_STRING);
		return lex_string(reader);
	case 't':
		begin(reader, JSON_TRUE);
		return lex_word(reader, "true");
	case 'f':
		begin(reader, JSON_FALSE);
		return lex_word(reader, "false");
	case 'n':
		begin(reader, JSON_NULL);
		return lex_word(reader, "null");
	}
	if (byte != '-' && (byte < '0' || byte > '9'))
		return fail_expecting(reader, "a value was expected");
	begin(reader, JSON_NUMBER);
	return lex_number(reader);
}

/* The colon belongs to it, so that its value can follow like any other. */
static bool read_key(struct json_reader *reader, const char *expected)
{
	if (next_token(reader) != '"')
		return fail_expecting(reader, expected);
	begin(reader, JSON_KEY);
	if (!lex_string(reader))
		return false;
	if (next_token(reader) != ':')
		return fail_expecting(reader, "a colon was expected after a key");
	reader->at++;
	reader->expects = EXPECTS_VALUE;
	return true;
}

static bool read_rest(struct json_reader *reader)
{
	bool object = in_object(reader);
	int byte = next_token(reader);

	if (byte == (object ? '}' : ']'))
		return read_close(reader);
	if (byte != ',')
		return fail_expecting(reader, object ? "a comma or '}' was expected"
		                                     : "a comma or ']' was expected");
	reader->at++;
	return object ? read_key(reader, "a key was expected") : read_value(reader);
}

static bool read_event(struct json_reader *reader)
{
	switch (reader->expects) {
	case EXPECTS_VALUE:
		return read_value(reader);
	case EXPECTS_KEY_OR_END:
		if (next_token(reader) == '}')
			return read_close(reader);
		return read_key(reader, "a key or '}' was expected");
	case EXPECTS_VALUE_OR_END:
		return next_token(reader) == ']' ? read_close(reader) : read_value(reader);
	case EXPECTS_COMMA_OR_END:
		return read_rest(reader);
	case EXPECTS_NOTHING:
		break;
	}
	if (next_token(reader) != AT_END)
		return fail_expecting(reader, "the end of the input was expected");
	begin(reader, JSON_END);
	return !reader->failed;
}

static bool report(const struct json_reader *reader, struct error *error)
{
	*error = reader->failure;
	if (reader->located)
		error_prefix(error, "line %" PRIu64 ", column %" PRIu64, reader->failure_place.line,
		             reader->failure_place.column);
	return false;
}

/* ---- What the header offers ---- */

void json_reader_init(struct json_reader *reader, json_source *source, void *context,
                      size_t text_max)
{
	*reader = (struct json_reader){.source = source, .context = context, .line = 1};
	reader->at = reader->end = buf_nothing;
	buf_init(&reader->text, text_max);
}

void json_reader_init_bytes(struct json_reader *reader, const char *bytes, size_t len,
                            size_t text_max)
{
	json_reader_init(reader, NULL, NULL, text_max);
	reader->ended = true;
	reader->received = len;
	if (len) {
		reader->at = bytes;
		reader->end = bytes + len;
	}
}

/* Columns are counted from where a line starts, here before the first byte. */
void json_reader_begin_at(struct json_reader *reader, uint64_t line, uint64_t column)
{
	reader->line = line;
	reader->line_start = 1 - column;
}

void json_reader_release(struct json_reader *reader)
{
	memory_release(reader->window);
	buf_release(&reader->text);
	json_reader_init_bytes(reader, NULL, 0, reader->text.ceiling);
}

bool json_reader_next(struct json_reader *reader, struct error *error)
{
	buf_reset(&reader->text);
	reader->collects = true;
	if (!reader->failed && read_event(reader))
		return true;
	buf_reset(&reader->text);
	return report(reader, error);
}

bool json_reader_skip(struct json_reader *reader, struct error *error)
{
	size_t depth = reader->depth;

	if (reader->event == JSON_OBJECT_BEGIN || reader->event == JSON_ARRAY_BEGIN)
		depth--;
	else if (reader->event != JSON_KEY && reader->event != JSON_START)
		return true;
	buf_reset(&reader->text);
	reader->collects = false;
	do
		if (reader->failed || !read_event(reader))
			return report(reader, error);
	while (reader->depth > depth);
	return true;
}

bool json_reader_another(struct json_reader *reader, bool *another, struct error *error)
{
	bool more = next_token(reader) != AT_END;

	if (reader->failed)
		return report(reader, error);
	if (more) {
		reader->expects = EXPECTS_VALUE;
		reader->event = JSON_START;
	}
	*another = more;
	return true;
}

bool json_is(const char *bytes, size_t len, enum json_event end)
{
	struct json_reader reader;
	struct error error;
	bool sound;

	json_reader_init_bytes(&reader, bytes, len, 0);
	sound = json_reader_skip(&reader, &error) && reader.event == end &&
	        json_reader_next(&reader, &error);
	json_reader_release(&reader);
	return sound;
}

bool json_is_object(const char *bytes, size_t len)
{
	return json_is(bytes, len, JSON_OBJECT_END);
}
