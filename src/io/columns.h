/* columns.h - columns in characters, for formats that count so, from columns in bytes: the
 * file is read again, once, as far as needed.
 *
 * Places must be asked for in order of lines and columns within a file. Where characters
 * cannot be counted (standard input, a file that is gone or has changed, UTF-16) the column
 * in bytes is returned.
 */
#ifndef REGCRED_IO_COLUMNS_H
#define REGCRED_IO_COLUMNS_H

#include <stdint.h>
#include <stdio.h>

struct columns {
	FILE *file;                 /* NULL: characters are not counted */
	const char *path;           /* borrowed; NULL: no file yet */
	char *window;               /* what was read; owned */
	uint64_t line;              /* that is read, from 1 */
	uint64_t bytes, characters; /* of it, so far */
};

#define COLUMNS_INIT ((struct columns){0})

/* The column in characters (code points), from 1, of a column in bytes. */
uint64_t columns_in_characters(struct columns *columns, const char *path, uint64_t line,
                               uint64_t column);

/* For CLEANUP. */
void columns_release(struct columns *columns);

#endif
