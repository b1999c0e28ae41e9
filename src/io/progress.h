/* progress.h - how far reading has come, for a person who waits: one line on standard
 * error, which is drawn anew now and then and erased at the end.
 *
 * Only on a terminal, only from the second second on, and never with -q: what is fast,
 * what is piped and what is logged sees nothing of it.
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
	uint64_t total, read; /* in bytes; total 0: not known */
	int64_t next;         /* when it may be drawn again, in milliseconds */
};

#define PROGRESS_INIT ((struct progress){0})

/* Before anything of the files is read. How much there is, is known if all of them are
 * regular files. */
void progress_begin(struct progress *progress, const struct string_list *files,
                    const struct report *report);

/* So many bytes more were read. NULL is fine. */
void progress_add(struct progress *progress, uint64_t bytes);

/* Erases the line: before something else is said, and at the end (for CLEANUP). It
 * comes back with the next bytes, if there are any. */
void progress_hide(struct progress *progress);

#endif
