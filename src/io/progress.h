/* progress.h - shows how much was read: one line on standard error,
 * redrawn now and then and erased at the end.
 *
 * Only on a terminal, after the first second, and never with -q: nothing of it is seen where
 * the program is fast, in a pipe or in a log.
 */
#ifndef REGCRED_IO_PROGRESS_H
#define REGCRED_IO_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "report.h"

struct progress {
	bool wanted;
	bool shown;           /* the line is on the screen */
	const char *counted;  /* what is counted, such as "answered"; NULL: bytes that are read */
	uint64_t total, read; /* total 0: not known */
	int64_t next;         /* when it may be drawn again, in milliseconds */
};

/* Before any of the files is read. The total is known if all of them are regular files. */
void progress_begin(struct progress *progress, const struct string_list *files,
                    const struct report *report);

/* For `total` things that are done one by one; `what` is the word for done. */
void progress_begin_count(struct progress *progress, const char *what, uint64_t total,
                          const struct report *report);

/* Counts bytes that were read, or things that were done. NULL is fine. */
void progress_add(struct progress *progress, uint64_t bytes);

/* Erases the line: before another message, and at the end (for CLEANUP). It is shown again
 * when more bytes are read. */
void progress_hide(struct progress *progress);

#endif
