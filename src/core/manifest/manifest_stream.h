/* manifest_stream.h - the bytes of a manifest, cut into documents before anything is
 * parsed: in front of each line that begins with `---`, and after each `...` at the start
 * of a line.
 *
 * A document begins with its `---`, if it has one. What is between a `...` and the
 * next `---` is a document as well, and `stray`: kubectl drops it. A byte order mark at the
 * start is skipped; UTF-16 is made UTF-8 (lone surrogates U+FFFD), and `utf16` says that
 * places have to be counted in the file's two or four bytes a character.
 *
 * Reads ahead no more than it is asked to; its window is wiped on release. A source
 * that fails is an end of all documents, with `failed` set.
 */
#ifndef REGCRED_CORE_MANIFEST_STREAM_H
#define REGCRED_CORE_MANIFEST_STREAM_H

#include "regcred/base/error.h"
#include "regcred/json/json_reader.h"
#include "regcred/tree/node.h"

struct manifest_stream {
	json_source *source; /* NULL: all bytes are in memory */
	void *context;
	char *window; /* owned */
	size_t size;
	const char *at;    /* the next byte */
	const char *limit; /* so far it is known to be of this document */
	const char *end;   /* of the bytes in memory */
	bool started, ended;
	bool failed;
	struct error failure;

	bool complete;            /* the document ends at `limit` */
	bool line_begins;         /* a line begins at `limit`, not looked at yet */
	bool first_line;          /* the document's first line begins there */
	bool dots;                /* the document ends with `...` */
	bool stray;               /* the one before did */
	struct node_place place;  /* of `at` */
	struct node_place begins; /* of the document's first byte */

	bool utf16, big_endian;
	const char *bytes; /* UTF-16 that was in memory, to be read again */
	size_t len;
	char *held;     /* owned: where it stands */
	uint32_t high;  /* the first of a pair of units, which waits for the second */
	uint32_t first; /* byte of a unit */
	bool halved;    /* it waits for the other */
};

void manifest_stream_init(struct manifest_stream *stream, json_source *source, void *context);
void manifest_stream_init_bytes(struct manifest_stream *stream, const char *bytes, size_t len);
void manifest_stream_release(struct manifest_stream *stream);

/* Moves to the next document, over what is left of this one. False: there is none. */
bool manifest_stream_next(struct manifest_stream *stream);

/* Gets at least `want` bytes of the document to hand, if it has so many left, and
 * says how many there are, at `stream->at`. stream->complete: they are all. */
size_t manifest_stream_ahead(struct manifest_stream *stream, size_t want);

/* Where the byte at[count] stands, for which columns count ASCII in front of it. */
struct node_place manifest_stream_place(const struct manifest_stream *stream, size_t count);

/* Goes over `count` of them. */
void manifest_stream_pass(struct manifest_stream *stream, size_t count);

/* A json_source over the document; `context` is the stream. */
ptrdiff_t manifest_stream_source(void *context, char *bytes, size_t size, struct error *error);

#endif
