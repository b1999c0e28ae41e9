/* table.h - results for people: rows of cells in columns, with colours on a
 * terminal. A line holds 80 characters: a field that does not fit goes to a second line.
 *
 * Cells may hold any bytes: they are made harmless (harmless.h). Widths count what a
 * terminal shows: characters of East Asian width take two columns.
 */
#ifndef REGCRED_CLI_TABLE_H
#define REGCRED_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/base/view.h"

enum style {
	STYLE_PLAIN,
	STYLE_TITLE, /* what a piece of text is about */
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_HINT,
	STYLE_DIM, /* less important */
	STYLE_COUNT
};

/* How results look on a descriptor. */
struct look {
	bool colour;
};

struct look look_of(int fd);

/* Appends bytes made harmless, in a style. */
void look_append(struct look look, struct buf *out, enum style style, struct view text);

/* How many columns of a terminal a text takes that is harmless. */
size_t look_width(struct view text);

/* A line of its own: blanks, then in that style a constant start and the text. */
void look_append_line(struct look look, struct buf *out, size_t indent, enum style style,
                      const char *start, const char *text);

enum { TABLE_COLUMNS_MAX = 8 };

enum table_cell_kind {
	CELL_TEXT,
	CELL_NUMBER, /* stands at the right of its column */
	CELL_LINE,   /* beneath a row, in no column */
};

struct table_cell {
	size_t start, len; /* in the text */
	enum style style;
	enum table_cell_kind kind;
};

struct table {
	struct buf text; /* of all cells, harmless */
	struct table_cell *cells;
	size_t count, capacity;
	size_t columns; /* cells of a row */
	size_t deeper;  /* blanks in front of a line, beside those of a row */
};

#define TABLE_INIT(cells_of_row, indent)                                                           \
	((struct table){                                                                           \
	    .text = BUF_INIT(2 * BUF_CONFIG_MAX), .columns = (cells_of_row), .deeper = (indent)})

/* Adds a cell; `columns` of them make a row. */
void table_cell(struct table *table, enum style style, struct view text);
void table_number(struct table *table, size_t number);

/* Adds a line beneath the row that was added: a constant start and the text. */
void table_line(struct table *table, enum style style, const char *start, const char *text);

/* A registry key, without what could be a credential in it (registry_key.h). */
void table_registry(struct table *table, struct view registry);

/* The cells by which a credential is known: registry, user name, and what its Secret is called. */
void table_credential(struct table *table, struct view registry, struct view username,
                      const char *secret);

/* Appends all rows after `indent` blanks each. A failure of the table's becomes one of `out`. */
void table_append(const struct table *table, struct look look, size_t indent, struct buf *out);

/* For CLEANUP. */
void table_release(struct table *table);

#endif
