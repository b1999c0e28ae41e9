/* The grammar of JSON over the tokens of json_lexer.c, and what the header offers. */
#include "regcred/json/json_reader.h"

#include <inttypes.h>

#include "json_lexer.h"
#include "regcred/base/memory.h"

enum expects {
	EXPECTS_VALUE,
	EXPECTS_KEY_OR_END,   /* behind { */
	EXPECTS_VALUE_OR_END, /* behind [ */
	EXPECTS_COMMA_OR_END, /* behind a value */
	EXPECTS_NOTHING,      /* behind the document's value */
};

static bool in_object(const struct json_reader *reader)
{
	size_t level = reader->depth - 1;

	return reader->objects[level / 8] >> level % 8 & 1;
}

static void begin(struct json_reader *reader, enum json_event event)
{
	reader->event = event;
	reader->position = json_lex_place(reader);
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
		return json_lex_fail(reader, "objects and arrays are nested too deep");
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
	int byte = json_lex_peek(reader);

	expect_rest(reader);
	switch (byte) {
	case '{':
		return read_open(reader, JSON_OBJECT_BEGIN);
	case '[':
		return read_open(reader, JSON_ARRAY_BEGIN);
	case '"':
		begin(reader, JSON_STRING);
		return json_lex_string(reader);
	case 't':
		begin(reader, JSON_TRUE);
		return json_lex_word(reader, "true");
	case 'f':
		begin(reader, JSON_FALSE);
		return json_lex_word(reader, "false");
	case 'n':
		begin(reader, JSON_NULL);
		return json_lex_word(reader, "null");
	}
	if (byte != '-' && (byte < '0' || byte > '9'))
		return json_lex_expecting(reader, "a value was expected");
	begin(reader, JSON_NUMBER);
	return json_lex_number(reader);
}

/* The colon belongs to it, so that its value can follow like any other. */
static bool read_key(struct json_reader *reader, const char *expected)
{
	if (json_lex_peek(reader) != '"')
		return json_lex_expecting(reader, expected);
	begin(reader, JSON_KEY);
	if (!json_lex_string(reader))
		return false;
	if (json_lex_peek(reader) != ':')
		return json_lex_expecting(reader, "a colon was expected after a key");
	reader->at++;
	reader->expects = EXPECTS_VALUE;
	return true;
}

static bool read_rest(struct json_reader *reader)
{
	bool object = in_object(reader);
	int byte = json_lex_peek(reader);

	if (byte == (object ? '}' : ']'))
		return read_close(reader);
	if (byte != ',')
		return json_lex_expecting(reader, object ? "a comma or '}' was expected"
		                                         : "a comma or ']' was expected");
	reader->at++;
	return object ? read_key(reader, "a key was expected") : read_value(reader);
}

static bool read_event(struct json_reader *reader)
{
	switch ((enum expects)reader->expects) {
	case EXPECTS_VALUE:
		return read_value(reader);
	case EXPECTS_KEY_OR_END:
		if (json_lex_peek(reader) == '}')
			return read_close(reader);
		return read_key(reader, "a key or '}' was expected");
	case EXPECTS_VALUE_OR_END:
		return json_lex_peek(reader) == ']' ? read_close(reader) : read_value(reader);
	case EXPECTS_COMMA_OR_END:
		return read_rest(reader);
	case EXPECTS_NOTHING:
		break;
	}
	if (json_lex_peek(reader) != JSON_LEX_END)
		return json_lex_expecting(reader, "the end of the input was expected");
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

static bool step(struct json_reader *reader, bool collects, struct error *error)
{
	buf_reset(&reader->text);
	reader->collects = collects;
	if (!reader->failed && read_event(reader))
		return true;
	buf_reset(&reader->text);
	return report(reader, error);
}

/* ---- Passing over ---- */

static bool pass_key(struct json_reader *reader)
{
	if (!json_lex_string(reader))
		return false;
	if (json_lex_peek(reader) != ':')
		return json_lex_expecting(reader, "a colon was expected after a key");
	reader->at++;
	reader->expects = EXPECTS_VALUE;
	return true;
}

/* Over what begins with the byte and can stand here, without an event or a place. False: the
 * byte is left to read_event, which has the last word, or there was a failure. */
static bool pass_one(struct json_reader *reader, int byte)
{
	bool key = reader->expects == EXPECTS_KEY_OR_END;
	bool value = reader->expects == EXPECTS_VALUE || reader->expects == EXPECTS_VALUE_OR_END;

	if (byte == '"' && key)
		return pass_key(reader);
	if (byte == '"' && value) {
		reader->expects = EXPECTS_COMMA_OR_END;
		return json_lex_string(reader);
	}
	if (byte == ',' && reader->expects == EXPECTS_COMMA_OR_END && !in_object(reader)) {
		reader->at++;
		reader->expects = EXPECTS_VALUE;
		return true;
	}
	if (byte == ',' && reader->expects == EXPECTS_COMMA_OR_END) {
		reader->at++;
		return json_lex_peek(reader) == '"'
		           ? pass_key(reader)
		           : json_lex_expecting(reader, "a key was expected");
	}
	return (byte == '{' || byte == '[') && value &&
	       read_open(reader, byte == '{' ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN);
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
	return step(reader, true, error);
}

bool json_reader_skip(struct json_reader *reader, struct error *error)
{
	size_t depth = reader->depth;

	if (reader->event == JSON_OBJECT_BEGIN || reader->event == JSON_ARRAY_BEGIN)
		depth--;
	else if (reader->event != JSON_KEY && reader->event != JSON_START)
		return true;
	reader->collects = false;
	do {
		while (!reader->failed && reader->depth > depth &&
		       pass_one(reader, json_lex_peek(reader)))
			;
		if (!step(reader, false, error))
			return false;
	} while (reader->depth > depth);
	return true;
}

bool json_reader_another(struct json_reader *reader, bool *another, struct error *error)
{
	bool more = json_lex_peek(reader) != JSON_LEX_END;

	if (reader->failed)
		return report(reader, error);
	if (more) {
		reader->expects = EXPECTS_VALUE;
		reader->event = JSON_START;
	}
	*another = more;
	return true;
}

const struct error *json_reader_problem(const struct json_reader *reader,
                                        struct json_position *place)
{
	if (!reader->located)
		return NULL;
	*place = reader->failure_place;
	return &reader->failure;
}

enum json_event json_reader_event(const struct json_reader *reader)
{
	return reader->event;
}

struct json_position json_reader_position(const struct json_reader *reader)
{
	return reader->position;
}

const struct buf *json_reader_text(const struct json_reader *reader)
{
	return &reader->text;
}

size_t json_reader_depth(const struct json_reader *reader)
{
	return reader->depth;
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
