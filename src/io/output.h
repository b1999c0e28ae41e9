/* output.h - where a manifest goes: standard output, an open descriptor, or a file that is
 * replaced only by a complete one.
 *
 * A file is written under a temporary name beside its place, with mode 0600, and
 * renamed into place by output_commit; until then what was there stays as it
 * was, and whatever ends the program removes the temporary file. A symbolic link stays a
 * link: what it points to is replaced, unless another user may have planted it (in a sticky
 * folder such as /tmp, the rule of Linux's protected_symlinks). /dev/stdout, /dev/fd/N and
 * /proc/self/fd/N are what the shell opened: they are written to where they stand.
 *
 * All failures are OUTPUT_FAILED, a reader that went away among them.
 */
#ifndef REGCRED_IO_OUTPUT_H
#define REGCRED_IO_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

struct output {
	int fd;
	struct buf path;      /* of the file, links resolved; empty: standard output */
	struct buf temporary; /* where its bytes are now; empty: there is no such file */
};

#define OUTPUT_INIT                                                                                \
	((struct output){                                                                          \
	    .fd = -1, .path = BUF_INIT(BUF_NAME_MAX), .temporary = BUF_INIT(BUF_NAME_MAX)})

/* NULL or "-". */
bool output_is_stdout(const char *path);

bool output_open(struct output *output, const char *path, struct error *error);

/* The same for a file that exists and is to keep its owner and mode. */
bool output_open_in_place(struct output *output, const char *path, struct error *error);

/* Writes all of the bytes. */
bool output_write(struct output *output, const void *bytes, size_t len, struct error *error);

/* Makes what was written final. */
bool output_commit(struct output *output, struct error *error);

/* For CLEANUP: removes a file that was not committed. */
void output_release(struct output *output);

/* Whether standard output is a regular file that others may read. */
bool output_is_readable_by_others(void);

#endif
