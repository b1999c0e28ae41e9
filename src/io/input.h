/* input.h - reading files, standard input and descriptors whole.
 *
 * Bytes go straight into the caller's buf, whose ceiling holds; nothing is kept
 * here. INPUT_FAILED (a file that cannot be opened or read, a folder) and
 * INPUT_TOO_LARGE name the file.
 */
#ifndef REGCRED_IO_INPUT_H
#define REGCRED_IO_INPUT_H

#if REGCRED_RING < 1
#error "the core knows no io: bytes in, bytes out"
#endif

#include <stdbool.h>

#include "regcred/buf.h"

/* How messages call standard input. */
#define INPUT_STDIN "standard input"

/* Whether a file argument means standard input. */
bool input_is_stdin(const char *path);

/* Appends all of the file at `path`; "-" is standard input. */
bool input_read(const char *path, struct buf *out, struct error *error);

/* Appends all of an open descriptor, from where it stands; leaves it open.
 * `name` is what messages call it. */
bool input_read_fd(int fd, const char *name, struct buf *out, struct error *error);

#endif
