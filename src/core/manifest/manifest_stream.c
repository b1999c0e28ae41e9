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

/* Moves what is not read yet to the front, and makes room behind it. */
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

static uint32_t unit_at(const struct manifest_stream *stream, const unsigned char *raw)
{
	unsigned char high = raw[stream->big_endian ? 0 : 1];

	return (uint32_t)high << 8 | raw[stream->big_endian ? 1 : 0];
}

/* The character at raw[0..len); 0: more bytes are needed to tell. */
static size_t decode_utf16(const struct manifest_stream *stream, size_t len, uint32_t *rune)
{
	const unsigned char *raw = stream->raw;
	uint32_t low;

	*rune = UTF8_REPLACEMENT;
	if (len < 2)
		return stream->ended ? len : 0;
	low = unit_at(stream, raw);
	if (low < 0xD800 || low > 0xDFFF) {
		*rune = low;
		return 2;
	}
	if (low > 0xDBFF || (len < 4 && stream->ended))
		return 2;
	if (len < 4)
		return 0;
	*rune = low;
	low = unit_at(stream, raw + 2);
	if (low < 0xDC00 || low > 0xDFFF) {
		*rune = UTF8_REPLACEMENT;
		return 2;
	}
	*rune = 0x10000 + ((*rune - 0xD800) << 10) + (low - 0xDC00);
	return 4;
}

static size_t take_utf16(struct manifest_stream *stream, char *bytes)
{
	size_t made = 0, used;
	uint32_t rune;

	while (stream->raw_len > 0 && (used = decode_utf16(stream, stream->raw_len, &rune)) > 0) {
		made += utf8_encode(rune, bytes + made);
		stream->raw_len -= used;
		memmove(stream->raw, stream->raw + used, stream->raw_len);
	}
	return made;
}

/* Two bytes make three at most, so a third of the room is read into its end, and the
 * text grows towards it without reaching what is not read yet. */
static size_t read_utf16(struct manifest_stream *stream, char *bytes, size_t size)
{
	size_t third = (size - 16) / 3, made = 0;
	char *raw = bytes + size - third;
	size_t got = read_raw(stream, raw, third);

	for (size_t i = 0; i < got; i++) {
		stream->raw[stream->raw_len++] = (unsigned char)raw[i];
		if (stream->raw_len == sizeof stream->raw)
			made += take_utf16(stream, bytes + made);
	}
	if (stream->ended)
		made += take_utf16(stream, bytes + made);
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
	stream->first_column = 3;
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
		stream->first_column = 4;
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

/* A line begins at `limit`. False: more bytes are needed to tell what it is. */
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

/* Moves `limit` on over bytes at hand until `want` are known or the document ends. */
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

void manifest_stream_pass(struct manifest_stream *stream, size_t count)
{
	stream->line += scan_count_lines(stream->at, count);
	stream->at += count;
	stream->offset += count;
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
	stream->begins = (struct node_place){stream->line, 1, stream->offset};
	if (stream->line == 1)
		stream->begins.column = stream->first_column;
	if (stream->stray)
		stream->begins.column += (uint64_t)MARKER * (stream->utf16 ? 2 : 1);
	stream->complete = stream->dots = false;
	stream->line_begins = stream->first_line = !stream->stray;
	return manifest_stream_ahead(stream, 1) > 0;
}

ptrdiff_t manifest_stream_source(void *context, char *bytes, size_t size, struct error *error)
{
	struct manifest_stream *stream = context;
	size_t count;

	manifest_stream_ahead(stream, 1);
	find_limit(stream, size); /* all that is at hand */
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
	*stream = (struct manifest_stream){
	    .source = source, .context = context, .line = 1, .first_column = 1};
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
	memory_wipe(stream->raw, sizeof stream->raw);
	manifest_stream_init_bytes(stream, NULL, 0);
}
