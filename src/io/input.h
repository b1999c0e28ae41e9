/* input.h - reading files, standard input and descriptors, whole or piece by piece.
 *
 * Bytes go straight to the caller, whose buf's ceiling holds; nothing is kept here. INPUT_FAILED (a
 * file that cannot be opened or read, a folder) and INPUT_TOO_LARGE name the file.
 */
#ifndef REGCRED_IO_INPUT_H
#define REGCRED_IO_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "progress.h"
#include "regcred/base/buf.h"

/* How messages call standard input. */
#define INPUT_STDIN "standard input"

/* Whether a file argument means standard input. */
bool input_is_stdin(const char *path);

/* What messages call a file argument: itself, or INPUT_STDIN. */
const char *input_name(const char *path);

/* Appends all of the file at `path`; "-" is standard input. */
bool input_read(const char *path, struct buf *out, struct error *error);

/* Appends all of an open descriptor, from where it stands; leaves it open.
 * `name` is what messages call it. */
bool input_read_fd(int fd, const char *name, struct buf *out, struct error *error);

/* A file that is read piece by piece. `name` is borrowed. */
struct input_stream {
	int fd; /* -1: not open */
	const char *name;
	struct progress *progress; /* counts what is read; borrowed; NULL: none */
};

#define INPUT_STREAM_INIT ((struct input_stream){.fd = -1})

/* "-" is standard input. */
bool input_open(struct input_stream *stream, const char *path, struct error *error);

/* Whether a file on disk begins like one that is no text: with a NUL among its first bytes,
 * but without the mark of UTF-16. Reads nothing of the stream. */
bool input_is_binary(const struct input_stream *stream);

/* A json_source (json_reader.h), whose context is a struct input_stream. */
ptrdiff_t input_stream_read(void *stream, char *bytes, size_t size, struct error *error);

/* For CLEANUP; leaves standard input open. */
void input_close(struct input_stream *stream);

#endif
