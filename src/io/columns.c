#include "columns.h"

#include <string.h>

#include "regcred/base/memory.h"

enum { WINDOW = 64 * 1024 };

static void close_file(struct columns *columns)
{
	input_close(&columns->stream);
	columns->at = columns->end = 0;
}

/* False: no more bytes. A file that fails now was read before: nothing to report. */
static bool fill(struct columns *columns)
{
	struct error ignored;
	ptrdiff_t count;

	if (columns->stream.fd < 0)
		return false;
	count = input_stream_read(&columns->stream, columns->window, WINDOW, &ignored);
	if (count <= 0) {
		close_file(columns);
		return false;
	}
	columns->at = 0;
	columns->end = (size_t)count;
	return true;
}

static bool is_utf16(const struct columns *columns)
{
	return columns->end >= 2 && (memcmp(columns->window, "\xFE\xFF", 2) == 0 ||
	                             memcmp(columns->window, "\xFF\xFE", 2) == 0);
}

static void begin_file(struct columns *columns, const char *path)
{
	struct error ignored;

	close_file(columns);
	columns->path = path;
	columns->line = 1;
	columns->bytes = columns->characters = 0;
	if (!columns->window)
		columns->window = memory_acquire(WINDOW);
	if (!input_is_stdin(path) && input_open(&columns->stream, path, &ignored) &&
	    fill(columns) && is_utf16(columns))
		close_file(columns);
}

static bool go_to_line(struct columns *columns, uint64_t line)
{
	while (columns->line < line) {
		const char *from = columns->window + columns->at, *feed;

		if (columns->at == columns->end) {
			if (!fill(columns))
				return false;
			continue;
		}
		feed = memchr(from, '\n', columns->end - columns->at);
		columns->at = feed ? (size_t)(feed - columns->window) + 1 : columns->end;
		if (feed) {
			columns->line++;
			columns->bytes = columns->characters = 0;
		}
	}
	return columns->line == line;
}

/* Each byte that does not continue a character begins one. */
static bool go_to_byte(struct columns *columns, uint64_t bytes)
{
	while (columns->bytes < bytes) {
		if (columns->at == columns->end && !fill(columns))
			return false;
		if (columns->window[columns->at] == '\n')
			return false;
		columns->characters += ((unsigned char)columns->window[columns->at] & 0xC0) != 0x80;
		columns->bytes++;
		columns->at++;
	}
	return columns->bytes == bytes;
}

uint64_t columns_in_characters(struct columns *columns, const char *path, uint64_t line,
                               uint64_t column)
{
	if (path != columns->path)
		begin_file(columns, path);
	if (go_to_line(columns, line) && go_to_byte(columns, column - 1))
		return columns->characters + 1;
	return column;
}

void columns_release(struct columns *columns)
{
	input_close(&columns->stream);
	memory_release(columns->window);
	*columns = COLUMNS_INIT;
}
