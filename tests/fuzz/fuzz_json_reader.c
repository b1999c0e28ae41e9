/* Any bytes, read whole and in pieces: the events, positions and failures must be
 * the same, and positions and depth must be possible at all. */
#include <stdint.h>
#include <string.h>

#include "pieces.h"
#include "regcred/base/utf8.h"
#include "regcred/json/json_reader.h"

/* Low, so that the fuzzer finds the ceiling. */
enum { TEXT_MAX = 200, RECORD_MAX = 64 * 1024 * 1024 };

static bool opens(enum json_event event)
{
	return event == JSON_OBJECT_BEGIN || event == JSON_ARRAY_BEGIN;
}

static bool closes(enum json_event event)
{
	return event == JSON_OBJECT_END || event == JSON_ARRAY_END;
}

static bool has_text(enum json_event event)
{
	return event == JSON_KEY || event == JSON_STRING || event == JSON_NUMBER;
}

/* The byte an event stands at. */
static bool begins_with(enum json_event event, char byte)
{
	static const char firsts[] = " {}[]\"\" tfn";

	return event == JSON_NUMBER ? byte == '-' || (byte >= '0' && byte <= '9')
	                            : byte == firsts[event];
}

/* Positions only grow, and point at what they should. */
static void check_position(const struct json_reader *reader, const char *bytes, size_t len,
                           struct json_position *last)
{
	struct json_position position = reader->position;
	uint64_t line_start = position.offset + 1 - position.column;

	must(position.offset <= len && position.column >= 1 && position.line >= last->line);
	must(last->line == 0 || position.offset > last->offset);
	must(position.column <= position.offset + 1);
	must((position.line == 1) == (line_start == 0));
	must(line_start == 0 || bytes[line_start - 1] == '\n');
	must(!memchr(bytes + line_start, '\n', position.offset - line_start));
	if (reader->event == JSON_END)
		must(position.offset == len);
	else
		must(begins_with(reader->event, bytes[position.offset]));
	*last = position;
}

static void check_event(const struct json_reader *reader, size_t depth)
{
	enum json_event event = reader->event;
	const struct buf *text = &reader->text;

	must(event > JSON_START && event <= JSON_END);
	must(reader->depth == depth + opens(event) - closes(event));
	must(reader->depth <= JSON_DEPTH_MAX);
	must(event != JSON_END || reader->depth == 0);
	must(text->len <= TEXT_MAX && (has_text(event) || text->len == 0));
	must(utf8_valid(text->data, text->len));
}

/* Appends what an event is, all of it. */
static void record(const struct json_reader *reader, struct buf *out)
{
	struct json_position position = reader->position;
	const struct buf *text = &reader->text;

	buf_append_format(out, "%d %llu %llu %llu %zu ", (int)reader->event,
	                  (unsigned long long)position.offset, (unsigned long long)position.line,
	                  (unsigned long long)position.column, text->len);
	buf_append(out, text->data, text->len);
}

/* Reads and records all; true if the document is sound. */
static bool read_all(struct json_reader *reader, const char *bytes, size_t len, struct buf *out)
{
	struct json_position last = {0, 0, 0};
	struct error error, again;
	size_t depth = 0;

	while (json_reader_next(reader, &error)) {
		check_event(reader, depth);
		check_position(reader, bytes, len, &last);
		record(reader, out);
		depth = reader->depth;
		if (reader->event == JSON_END)
			return true;
	}
	must(error.diagnostic == DIAGNOSTIC_JSON_INVALID ||
	     error.diagnostic == DIAGNOSTIC_INPUT_TOO_LARGE);
	must(!json_reader_next(reader, &again) && strcmp(error.message, again.message) == 0);
	must(reader->text.len == 0);
	buf_append_string(out, error.message);
	return false;
}

/* Skips a value wherever the data says so. What is skipped has no ceiling, so
 * only what is sound with one must be sound here. */
static bool read_skipping(struct json_reader *reader, uint32_t seed)
{
	struct error error;
	bool sound = true;

	while (sound && reader->event != JSON_END) {
		seed = seed * 1103515245u + 12345u;
		sound = (seed >> 16) % 3 ? json_reader_next(reader, &error)
		                         : json_reader_skip(reader, &error);
		must(!sound || reader->depth <= JSON_DEPTH_MAX);
	}
	must(sound || error.diagnostic == DIAGNOSTIC_JSON_INVALID ||
	     error.diagnostic == DIAGNOSTIC_INPUT_TOO_LARGE);
	return sound;
}

/* A sound document is an object if its first byte says so. */
static void check_is_object(const char *bytes, size_t len, bool sound)
{
	bool object = json_is_object(bytes, len);

	must(!sound || object == (bytes[strspn(bytes, " \t\r\n")] == '{'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = size ? (const char *)data : "";
	struct buf whole = BUF_INIT(RECORD_MAX);
	struct buf parts = BUF_INIT(RECORD_MAX);
	struct json_reader reader;
	struct pieces pieces = {bytes, size, (uint32_t)size};
	bool sound;

	for (size_t i = 0; i < size && i < 64; i++)
		pieces.seed = pieces.seed * 31 + data[i];
	json_reader_init_bytes(&reader, bytes, size, TEXT_MAX);
	sound = read_all(&reader, bytes, size, &whole);
	json_reader_release(&reader);

	json_reader_init_bytes(&reader, bytes, size, TEXT_MAX);
	must(!sound || read_skipping(&reader, pieces.seed));
	json_reader_release(&reader);
	check_is_object(bytes, size, sound);

	json_reader_init(&reader, pieces_source, &pieces, TEXT_MAX);
	must(read_all(&reader, bytes, size, &parts) == sound);
	json_reader_release(&reader);
	must(whole.len == parts.len && memcmp(whole.data, parts.data, whole.len) == 0);
	buf_release(&whole);
	buf_release(&parts);
	return 0;
}
