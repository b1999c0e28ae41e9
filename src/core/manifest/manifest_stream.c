/* Bytes come in, as they are or out of UTF-16; lines end documents; the rest is what
 * the header offers. */
#include "manifest_stream.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/scan.h"
#include "regcred/base/utf8.h"

enum {
	WINDOW_SIZE = 64 * 1024,
	ROOM_MIN = 16 * 1024, /* to read into */
};

/* ---- Bytes ---- */

/* Moves what is not read yet to the front, and makes room after it. */
static void make_room(struct manifest_stream *stream)
{
	size_t unread = (size_t)(stream->end - stream->at);
	size_t known = (size_t)(stream->limit - stream->at);
	size_t size = stream->size ? stream->size * 2 : WINDOW_SIZE;
	char *window = stream->window;

	if (unread + ROOM_MIN > stream->size) {
		window = memory_acquire(size);
		memcpy(window, stream->at, unread);
		memory_release(stream->window);
		stream->window = window;
		stream->size = size;
	} else {
		memmove(window, stream->at, unread);
	}
	stream->at = window;
	stream->limit = window + known;
	stream->end = window + unread;
}

/* Up to `size` bytes as the source has them; 0 at the end. */
static size_t read_raw(struct manifest_stream *stream, char *bytes, size_t size)
{
	ptrdiff_t got = 0;

	if (stream->len) {
		got = (ptrdiff_t)(size < stream->len ? size : stream->len);
		memcpy(bytes, stream->bytes, (size_t)got);
		stream->bytes += got;
		stream->len -= (size_t)got;
	} else if (stream->source) {
		got = stream->source(stream->context, bytes, size, &stream->failure);
	}
	stream->failed |= got < 0;
	stream->ended |= got <= 0;
	return got > 0 ? (size_t)got : 0;
}

/* The UTF-8 that one more unit of UTF-16 makes: none yet of the first of a pair. */
static size_t take_unit(struct manifest_stream *stream, uint32_t unit, char *bytes)
{
	uint32_t high = stream->high;
	size_t made = 0;

	stream->high = 0;
	if (high && unit >= 0xDC00 && unit <= 0xDFFF)
		return utf8_encode(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00), bytes);
	if (high)
		made = utf8_encode(UTF8_REPLACEMENT, bytes);
	if (unit >= 0xD800 && unit <= 0xDBFF)
		stream->high = unit;
	else if (unit >= 0xDC00 && unit <= 0xDFFF)
		made += utf8_encode(UTF8_REPLACEMENT, bytes + made);
	else
		made += utf8_encode(unit, bytes + made);
	return made;
}

/* Two bytes make three at most, so a third of the room is read into its end, and the
 * text grows towards it without reaching what is not read yet. */
static size_t read_utf16(struct manifest_stream *stream, char *bytes, size_t size)
{
	size_t third = (size - 16) / 3, made = 0;
	const char *raw = bytes + size - third;
	size_t got = read_raw(stream, bytes + size - third, third);

	for (size_t i = 0; i < got; i++) {
		uint32_t byte = (unsigned char)raw[i], first = stream->first;

		stream->first = byte;
		stream->halved = !stream->halved;
		if (!stream->halved)
			made += take_unit(
			    stream, stream->big_endian ? first << 8 | byte : byte << 8 | first,
			    bytes + made);
	}
	if (!stream->ended)
		return made;
	if (stream->high)
		made += utf8_encode(UTF8_REPLACEMENT, bytes + made);
	if (stream->halved)
		made += utf8_encode(UTF8_REPLACEMENT, bytes + made);
	return made;
}

static void refill(struct manifest_stream *stream)
{
	size_t got = 0;

	if (stream->ended)
		return;
	make_room(stream);
	while (got == 0 && !stream->ended) {
		char *room = (char *)stream->window + (stream->end - stream->at);
		size_t size = stream->size - (size_t)(stream->end - stream->at);

		got = stream->utf16 ? read_utf16(stream, room, size) : read_raw(stream, room, size);
	}
	stream->end += got;
}

/* What was read before it was known to be UTF-16 is read again. */
static void begin_utf16(struct manifest_stream *stream)
{
	stream->utf16 = true;
	stream->big_endian = (unsigned char)stream->at[0] == 0xFE;
	stream->place.column = 3;
	stream->bytes = stream->at + 2;
	stream->len = (size_t)(stream->end - stream->bytes);
	stream->held = stream->window;
	stream->window = NULL;
	stream->size = 0;
	stream->ended = stream->failed;
	stream->at = stream->end = buf_nothing;
}

/* Looks for a byte order mark, which may come in pieces. */
static void start(struct manifest_stream *stream)
{
	size_t count;

	stream->started = true;
	while (stream->end - stream->at < 3 && !stream->ended)
		refill(stream);
	count = (size_t)(stream->end - stream->at);
	if (count >= 3 && memcmp(stream->at, "\xEF\xBB\xBF", 3) == 0) {
		manifest_stream_pass(stream, 3);
	} else if (count >= 2 && (memcmp(stream->at, "\xFF\xFE", 2) == 0 ||
	                          memcmp(stream->at, "\xFE\xFF", 2) == 0)) {
		begin_utf16(stream);
	}
	stream->limit = stream->at;
}

/* ---- Documents ---- */

enum { MARKER = 3 }; /* bytes of `---` and `...` */

/* `...`, and a blank, a line end or the end after it. */
static bool is_end_marker(const char *line, size_t len)
{
	return len >= MARKER && memcmp(line, "...", MARKER) == 0 &&
	       (len == MARKER || strchr(" \t\r\n", line[MARKER]));
}

/* A line begins at `limit`. False: more bytes are needed to know what it is. */
static bool judge_line(struct manifest_stream *stream)
{
	const char *line = stream->limit;
	size_t len = (size_t)(stream->end - line);
	bool first = stream->first_line;

	if (len <= MARKER && !stream->ended && (*line == '-' || *line == '.'))
		return false;
	stream->line_begins = stream->first_line = false;
	if (is_end_marker(line, len)) {
		stream->limit += MARKER;
		stream->complete = stream->dots = true;
	} else if (!first && len >= MARKER && memcmp(line, "---", MARKER) == 0) {
		stream->complete = true;
	}
	return true;
}

/* Moves `limit` on over bytes in memory until `want` are known or the document ends. */
static bool find_limit(struct manifest_stream *stream, size_t want)
{
	while (!stream->complete && (size_t)(stream->limit - stream->at) < want) {
		size_t len = (size_t)(stream->end - stream->limit);

		if (len == 0 && stream->ended)
			stream->complete = true;
		if (len == 0 || (stream->line_begins && !judge_line(stream)))
			return stream->complete;
		if (stream->complete)
			break;
		stream->limit += scan_to_mark(stream->limit, len);
		stream->line_begins = stream->limit[-1] == '\n';
	}
	return true;
}

size_t manifest_stream_ahead(struct manifest_stream *stream, size_t want)
{
	while (!find_limit(stream, want))
		refill(stream);
	return (size_t)(stream->limit - stream->at);
}

struct node_place manifest_stream_place(const struct manifest_stream *stream, size_t count)
{
	size_t lines = scan_count_lines(stream->at, count), width = stream->utf16 ? 2 : 1;
	const char *last = lines ? memrchr(stream->at, '\n', count) : NULL;
	struct node_place place = stream->place;

	if (last)
		place.column = (size_t)(stream->at + count - last - 1) * width + 1;
	else
		place.column += count * width;
	place.line += lines;
	place.offset += count;
	return place;
}

void manifest_stream_pass(struct manifest_stream *stream, size_t count)
{
	stream->place = manifest_stream_place(stream, count);
	stream->at += count;
}

bool manifest_stream_next(struct manifest_stream *stream)
{
	size_t count;

	if (!stream->started)
		start(stream);
	else
		while ((count = manifest_stream_ahead(stream, 1)) > 0)
			manifest_stream_pass(stream, count);
	stream->stray = stream->dots;
	stream->begins = stream->place;
	stream->complete = stream->dots = false;
	stream->line_begins = stream->first_line = !stream->stray;
	return manifest_stream_ahead(stream, 1) > 0;
}

ptrdiff_t manifest_stream_source(void *context, char *bytes, size_t size, struct error *error)
{
	struct manifest_stream *stream = context;
	size_t count;

	manifest_stream_ahead(stream, 1);
	find_limit(stream, size); /* all that is in memory */
	count = (size_t)(stream->limit - stream->at);
	if (count > size)
		count = size;
	memcpy(bytes, stream->at, count);
	manifest_stream_pass(stream, count);
	if (count == 0 && stream->failed) {
		*error = stream->failure;
		return -1;
	}
	return (ptrdiff_t)count;
}

/* ---- Life ---- */

void manifest_stream_init(struct manifest_stream *stream, json_source *source, void *context)
{
	*stream =
	    (struct manifest_stream){.source = source, .context = context, .place = {1, 1, 0}};
	stream->at = stream->limit = stream->end = buf_nothing;
}

void manifest_stream_init_bytes(struct manifest_stream *stream, const char *bytes, size_t len)
{
	manifest_stream_init(stream, NULL, NULL);
	stream->ended = true;
	if (len) {
		stream->at = stream->limit = bytes;
		stream->end = bytes + len;
	}
}

void manifest_stream_release(struct manifest_stream *stream)
{
	memory_release(stream->window);
	memory_release(stream->held);
	manifest_stream_init_bytes(stream, NULL, 0);
}
