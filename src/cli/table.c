#include "table.h"

#include <string.h>

#include "../io/machine.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/registry/registry_key.h"

static const char *const colours[STYLE_COUNT] = {
    [STYLE_PLAIN] = "",       [STYLE_TITLE] = "\033[1m", [STYLE_GOOD] = "\033[32m",
    [STYLE_BAD] = "\033[31m", [STYLE_HINT] = "\033[33m", [STYLE_DIM] = "\033[2m",
};

enum { GAP = 2 }; /* blanks between columns */

struct look look_of(int fd)
{
	return (struct look){.colour = screen_has_colour(fd), .columns = screen_is_there(fd)};
}

void look_begin(struct look look, struct buf *out, enum style style)
{
	if (look.colour && style != STYLE_PLAIN)
		buf_append_string(out, colours[style]);
}

void look_end(struct look look, struct buf *out, enum style style)
{
	if (look.colour && style != STYLE_PLAIN)
		buf_append_string(out, "\033[0m");
}

void look_append(struct look look, struct buf *out, enum style style, const char *bytes, size_t len)
{
	look_begin(look, out, style);
	harmless_append(out, bytes, len);
	look_end(look, out, style);
}

void look_append_string(struct look look, struct buf *out, enum style style, const char *text)
{
	look_append(look, out, style, text, strlen(text));
}

void look_append_line(struct look look, struct buf *out, size_t indent, enum style style,
                      const char *start, const char *text)
{
	buf_append_repeated(out, ' ', indent);
	look_begin(look, out, style);
	buf_append_string(out, start);
	harmless_append(out, text, strlen(text));
	look_end(look, out, style);
	buf_append_char(out, '\n');
}

/* --- cells ------------------------------------------------------------------------ */

static void add(struct table *table, struct table_cell cell)
{
	cell.len = table->text.len - cell.start;
	memory_extend(&table->cells, table->count, &table->capacity, sizeof cell);
	table->cells[table->count++] = cell;
}

void table_cell(struct table *table, enum style style, const char *bytes, size_t len)
{
	struct table_cell cell = {.start = table->text.len, .style = style};

	harmless_append(&table->text, bytes, len);
	add(table, cell);
}

void table_cell_string(struct table *table, enum style style, const char *text)
{
	table_cell(table, style, text, strlen(text));
}

void table_cell_number(struct table *table, enum style style, size_t number)
{
	struct table_cell cell = {.start = table->text.len, .style = style, .right = true};

	buf_append_format(&table->text, "%zu", number);
	add(table, cell);
}

/* --- layout ----------------------------------------------------------------------- */

/* Unicode 15 EastAsianWidth.txt, W and F, without symbols that no name has. */
static bool is_wide(uint32_t rune)
{
	return (rune >= 0x1100 && rune <= 0x115F) || (rune >= 0x2E80 && rune <= 0xA4CF) ||
	       (rune >= 0xAC00 && rune <= 0xD7A3) || (rune >= 0xF900 && rune <= 0xFAFF) ||
	       (rune >= 0xFE30 && rune <= 0xFE6F) || (rune >= 0xFF00 && rune <= 0xFF60) ||
	       (rune >= 0xFFE0 && rune <= 0xFFE6) || (rune >= 0x1F300 && rune <= 0x1F64F) ||
	       (rune >= 0x1F900 && rune <= 0x1F9FF) || (rune >= 0x20000 && rune <= 0x3FFFD);
}

static size_t width_of(const struct table *table, const struct table_cell *cell)
{
	const char *text = table->text.data + cell->start;
	size_t width = 0;

	for (size_t at = 0; at < cell->len;) {
		uint32_t rune;

		at += utf8_decode(text + at, cell->len - at, &rune);
		width += is_wide(rune) ? 2 : 1;
	}
	return width;
}

void table_registry(struct table *table, struct view registry)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);

	registry_key_display(&shown, registry);
	table_cell(table, STYLE_PLAIN, shown.data, shown.len);
	if (shown.failure)
		table->text.failure = shown.failure;
}

void table_credential(struct table *table, struct view registry, struct view username,
                      const char *secret)
{
	table_registry(table, registry);
	if (username.len)
		table_cell(table, STYLE_PLAIN, username.data, username.len);
	else
		table_cell_string(table, STYLE_DIM, "(no user name)");
	table_cell_string(table, STYLE_PLAIN, secret);
}

void table_measure(struct table *table)
{
	memset(table->widths, 0, sizeof table->widths);
	for (size_t i = 0; i < table->count; i++) {
		size_t width = width_of(table, &table->cells[i]), column = i % table->columns;

		if (width > table->widths[column])
			table->widths[column] = width;
	}
}

/* Without the empty cells at the end. */
static size_t used_columns(const struct table *table, const struct table_cell *row)
{
	size_t count = table->columns;

	while (count && row[count - 1].len == 0)
		count--;
	return count;
}

void table_append_row(const struct table *table, struct look look, size_t number, size_t indent,
                      struct buf *out)
{
	const struct table_cell *row = table->cells + number * table->columns;
	size_t count;

	if (table->text.failure) {
		out->failure = table->text.failure;
		return;
	}
	count = used_columns(table, row);
	buf_append_repeated(out, ' ', indent);
	for (size_t i = 0; i < count; i++) {
		size_t blanks = look.columns ? table->widths[i] - width_of(table, &row[i]) : 0;

		if (i && look.columns)
			buf_append_repeated(out, ' ', GAP);
		else if (i)
			buf_append_string(out, table->separator);
		if (row[i].right)
			buf_append_repeated(out, ' ', blanks);
		look_begin(look, out, row[i].style);
		buf_append(out, table->text.data + row[i].start, row[i].len);
		look_end(look, out, row[i].style);
		if (!row[i].right && i + 1 < count)
			buf_append_repeated(out, ' ', blanks);
	}
	buf_append_char(out, '\n');
}

void table_append(struct table *table, struct look look, size_t indent, struct buf *out)
{
	table_measure(table);
	for (size_t i = 0; i < table->count / table->columns; i++)
		table_append_row(table, look, i, indent, out);
}

void table_release(struct table *table)
{
	buf_release(&table->text);
	memory_release(table->cells);
	table->cells = NULL;
	table->count = table->capacity = 0;
}
