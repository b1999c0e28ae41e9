/* columns.h - columns in characters, for formats that count so, from columns in bytes: the
 * file is read again, once, as far as needed.
 *
 * Places must be asked for in order of lines and columns within a file. Where characters
 * cannot be counted (standard input, a file that is gone or has changed, UTF-16) the column
 * in bytes is returned.
 */
#ifndef REGCRED_IO_COLUMNS_H
#define REGCRED_IO_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input.h"

struct columns {
	struct input_stream stream;
	const char *path;           /* borrowed; NULL: no file yet */
	char *window;               /* what was read; owned */
	size_t at, end;             /* of it */
	uint64_t line;              /* where `at` is, from 1 */
	uint64_t bytes, characters; /* of the line before `at` */
};

#define COLUMNS_INIT ((struct columns){.stream = INPUT_STREAM_INIT})

/* The column in characters (code points), from 1, of a column in bytes. */
uint64_t columns_in_characters(struct columns *columns, const char *path, uint64_t line,
                               uint64_t column);

/* For CLEANUP. */
void columns_release(struct columns *columns);

#endif
