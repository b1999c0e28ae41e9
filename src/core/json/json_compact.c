#include "regcred/json/json_compact.h"

#include <string.h>

/* The letters are those of JSON's short escapes, at the place of what they stand for. */
void json_compact_byte(struct buf *out, char c)
{
	static const char meant[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = c ? strchr(meant, c) : NULL;

	if (at)
		buf_append_format(out, "\\%c", letters[at - meant]);
	else if ((unsigned char)c < ' ')
		buf_append_format(out, "\\u%04x", (unsigned)c);
	else
		buf_append_char(out, c);
}

static bool is_escaped(unsigned char c)
{
	return c < ' ' || c == '"' || c == '\\';
}

void json_compact_string(struct buf *out, const char *text, size_t len)
{
	size_t start = 0;

	buf_append_char(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (!is_escaped((unsigned char)text[i]))
			continue;
		buf_append(out, text + start, i - start);
		json_compact_byte(out, text[i]);
		start = i + 1;
	}
	buf_append(out, text + start, len - start);
	buf_append_char(out, '"');
}

/* What stands for an event; keys, strings and numbers have their own text. */
static const char *const marks[] = {
    [JSON_OBJECT_BEGIN] = "{", [JSON_OBJECT_END] = "}", [JSON_ARRAY_BEGIN] = "[",
    [JSON_ARRAY_END] = "]",    [JSON_TRUE] = "true",    [JSON_FALSE] = "false",
    [JSON_NULL] = "null",      [JSON_KEY] = "",         [JSON_END] = "",
};

static bool is_end(enum json_event event)
{
	return event == JSON_OBJECT_END || event == JSON_ARRAY_END;
}

static bool is_beginning(enum json_event event)
{
	return event == JSON_OBJECT_BEGIN || event == JSON_ARRAY_BEGIN;
}

static void append_event(struct buf *out, const struct json_reader *reader)
{
	enum json_event event = json_reader_event(reader);
	const struct buf *text = json_reader_text(reader);

	if (event == JSON_STRING || event == JSON_KEY)
		json_compact_string(out, text->data, text->len);
	else
		buf_append_string(out, event == JSON_NUMBER ? text->data : marks[event]);
	if (event == JSON_KEY)
		buf_append_char(out, ':');
}

bool json_compact_value(struct json_reader *reader, struct buf *out, struct error *error)
{
	size_t outside = json_reader_depth(reader);
	enum json_event before = JSON_KEY; /* nothing to be separated from */

	do {
		enum json_event event;

		if (!json_reader_next(reader, error))
			return false;
		event = json_reader_event(reader);
		if (!is_end(event) && before != JSON_KEY && !is_beginning(before))
			buf_append_char(out, ',');
		append_event(out, reader);
		before = event;
	} while (json_reader_depth(reader) > outside || before == JSON_KEY);
	return buf_check(out, "JSON that is kept", error);
}
