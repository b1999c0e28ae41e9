#include "columns.h"

#include "input.h"
#include "regcred/base/memory.h"

enum { WINDOW = 64 * 1024 };

static void close_file(struct columns *columns)
{
	if (columns->file)
		(void)fclose(columns->file);
	columns->file = NULL;
}

/* No UTF-8 begins with a byte of UTF-16's mark. A file that fails now was read before: nothing
 * to report. */
static void begin_file(struct columns *columns, const char *path)
{
	int first;

	close_file(columns);
	columns->path = path;
	columns->line = 1;
	columns->bytes = columns->characters = 0;
	columns->file = input_is_stdin(path) ? NULL : fopen(path, "re");
	if (!columns->file)
		return;
	if (!columns->window)
		columns->window = memory_acquire(WINDOW);
	setvbuf(columns->file, columns->window, _IOFBF, WINDOW);
	first = getc_unlocked(columns->file);
	if (first == 0xFE || first == 0xFF)
		close_file(columns);
	else
		(void)ungetc(first, columns->file);
}

/* Each byte that does not continue a character begins one. */
static bool go_to(struct columns *columns, uint64_t line, uint64_t bytes)
{
	while (columns->file &&
	       (columns->line < line || (columns->line == line && columns->bytes < bytes))) {
		int byte = getc_unlocked(columns->file);

		columns->bytes++;
		columns->characters += (byte & 0xC0) != 0x80;
		if (byte == EOF) {
			close_file(columns);
		} else if (byte == '\n') {
			columns->line++;
			columns->bytes = columns->characters = 0;
		}
	}
	return columns->file && columns->line == line && columns->bytes == bytes;
}

uint64_t columns_in_characters(struct columns *columns, const char *path, uint64_t line,
                               uint64_t column)
{
	if (path != columns->path)
		begin_file(columns, path);
	if (go_to(columns, line, column - 1))
		return columns->characters + 1;
	return column;
}

void columns_release(struct columns *columns)
{
	close_file(columns);
	memory_release(columns->window);
	*columns = COLUMNS_INIT;
}
