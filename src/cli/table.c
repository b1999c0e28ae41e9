#include "table.h"

#include <string.h>

#include "../io/machine.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/registry/registry_key.h"

static const char *const colours[STYLE_COUNT] = {
    [STYLE_PLAIN] = "",       [STYLE_TITLE] = "\033[1m", [STYLE_GOOD] = "\033[32m",
    [STYLE_BAD] = "\033[31m", [STYLE_HINT] = "\033[33m", [STYLE_DIM] = "\033[2m",
};

enum {
	LINE_WIDTH = 80,
	GAP = 2,       /* blanks between columns */
	CONTINUED = 2, /* blanks in front of the second line of a row, beside those of the first */
};

struct look look_of(int fd)
{
	return (struct look){.colour = screen_has_colour(fd)};
}

static void begin(struct look look, struct buf *out, enum style style)
{
	if (look.colour && style != STYLE_PLAIN)
		buf_append_string(out, colours[style]);
}

static void end(struct look look, struct buf *out, enum style style)
{
	if (look.colour && style != STYLE_PLAIN)
		buf_append_string(out, "\033[0m");
}

void look_append(struct look look, struct buf *out, enum style style, struct view text)
{
	begin(look, out, style);
	harmless_append(out, text.data, text.len);
	end(look, out, style);
}

void look_append_line(struct look look, struct buf *out, size_t indent, enum style style,
                      const char *start, const char *text)
{
	buf_append_repeated(out, ' ', indent);
	begin(look, out, style);
	buf_append_string(out, start);
	harmless_append(out, text, strlen(text));
	end(look, out, style);
	buf_append_char(out, '\n');
}

/* --- cells ------------------------------------------------------------------------ */

/* Of what was appended to the text since `start`. */
static struct table_cell *add(struct table *table, enum style style, size_t start)
{
	memory_extend(&table->cells, table->count, &table->capacity, sizeof *table->cells);
	table->cells[table->count] =
	    (struct table_cell){.start = start, .len = table->text.len - start, .style = style};
	return &table->cells[table->count++];
}

void table_cell(struct table *table, enum style style, struct view text)
{
	size_t start = table->text.len;

	harmless_append(&table->text, text.data, text.len);
	add(table, style, start);
}

void table_number(struct table *table, size_t number)
{
	size_t start = table->text.len;

	buf_append_format(&table->text, "%zu", number);
	add(table, STYLE_PLAIN, start)->kind = CELL_NUMBER;
}

void table_line(struct table *table, enum style style, const char *start, const char *text)
{
	size_t begins = table->text.len;

	buf_append_string(&table->text, start);
	harmless_append(&table->text, text, strlen(text));
	add(table, style, begins)->kind = CELL_LINE;
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

size_t look_width(struct view text)
{
	size_t width = 0;

	for (size_t at = 0; at < text.len;) {
		uint32_t rune;

		at += utf8_decode(text.data + at, text.len - at, &rune);
		width += is_wide(rune) ? 2 : 1;
	}
	return width;
}

static size_t width_of(const struct table *table, const struct table_cell *cell)
{
	return look_width((struct view){table->text.data + cell->start, cell->len});
}

void table_registry(struct table *table, struct view registry)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);

	registry_key_display(&shown, registry);
	table_cell(table, STYLE_PLAIN, buf_view(&shown));
	if (shown.failure)
		table->text.failure = shown.failure;
}

void table_credential(struct table *table, struct view registry, struct view username,
                      const char *secret)
{
	struct view shown = credential_username_shown(username);

	table_registry(table, registry);
	table_cell(table, shown.len ? STYLE_PLAIN : STYLE_DIM,
	           shown.len ? shown : view_of("(no user name)"));
	table_cell(table, STYLE_PLAIN, view_of(secret));
}

/* Where the columns of a table are. */
struct layout {
	size_t indent;
	size_t widths[TABLE_COLUMNS_MAX], places[TABLE_COLUMNS_MAX];
	bool begins_line[TABLE_COLUMNS_MAX];
};

/* A cell that no line has room for does not widen its column. */
static void measure(const struct table *table, struct layout *layout)
{
	size_t column = 0;

	for (size_t i = 0; i < table->count; i++) {
		size_t width = width_of(table, &table->cells[i]);

		if (table->cells[i].kind == CELL_LINE)
			continue;
		if (width > layout->widths[column] && layout->indent + width <= LINE_WIDTH)
			layout->widths[column] = width;
		column = (column + 1) % table->columns;
	}
}

/* A column that does not fit into the line begins the next one. The last column stays: only
 * those of its cells that do not fit go to the next line. */
static void place_columns(const struct table *table, struct layout *layout)
{
	size_t at = 0;

	for (size_t i = 0; i < table->columns; i++) {
		size_t end = at + layout->widths[i] + layout->indent;

		layout->begins_line[i] = i && i + 1 < table->columns && end > LINE_WIDTH;
		layout->places[i] = layout->begins_line[i] ? CONTINUED : at;
		at = layout->places[i] + layout->widths[i] + GAP;
	}
}

static void append_cell(const struct table *table, const struct table_cell *cell, struct look look,
                        struct buf *out)
{
	begin(look, out, cell->style);
	buf_append(out, table->text.data + cell->start, cell->len);
	end(look, out, cell->style);
}

/* Without the empty cells at the end. */
static void append_row(const struct table *table, const struct table_cell *row,
                       const struct layout *layout, struct look look, struct buf *out)
{
	size_t count = table->columns, at = 0;

	while (count && row[count - 1].len == 0)
		count--;
	for (size_t i = 0; i < count; i++) {
		size_t width = width_of(table, &row[i]), place = layout->places[i];
		bool fits = layout->indent + place + width <= LINE_WIDTH;

		if (row[i].kind == CELL_NUMBER)
			place += layout->widths[i] - width;
		if (i && (layout->begins_line[i] || !fits || at + GAP > place)) {
			buf_append_char(out, '\n');
			buf_append_repeated(out, ' ', layout->indent);
			place = fits ? place : CONTINUED;
			at = 0;
		}
		buf_append_repeated(out, ' ', place - at);
		append_cell(table, &row[i], look, out);
		at = place + width;
	}
}

void table_append(const struct table *table, struct look look, size_t indent, struct buf *out)
{
	struct layout layout = {.indent = indent};

	measure(table, &layout);
	place_columns(table, &layout);
	for (size_t i = 0, next; i < table->count; i = next) {
		bool line = table->cells[i].kind == CELL_LINE;

		next = i + (line ? 1 : table->columns);
		buf_append_repeated(out, ' ', indent + (line ? table->deeper : 0));
		if (line)
			append_cell(table, &table->cells[i], look, out);
		else
			append_row(table, &table->cells[i], &layout, look, out);
		buf_append_char(out, '\n');
	}
	out->failure = out->failure || table->text.failure;
}

void table_release(struct table *table)
{
	buf_release(&table->text);
	memory_release(table->cells);
	table->cells = NULL;
	table->count = table->capacity = 0;
}
