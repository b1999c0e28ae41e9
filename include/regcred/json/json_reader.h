/* json_reader.h - reading JSON strictly, piece by piece, with positions.
 *
 * One call gives one event; nothing of the document is kept but the text of the
 * current event. What is accepted, and what a string reads as, is what Go's
 * encoding/json (1.24) does, because the kubelet and the API server read with
 * it, and tests hold the two together:
 *
 *   exactly one value, with nothing but space, tab, CR and LF around it; no
 *   byte order mark; numbers as RFC 8259 has them, of any size, kept as written
 *   (1e999 is fine here: the API server is who refuses it);
 *   in strings: only JSON's escapes and no raw control characters; each byte
 *   that is not UTF-8, and each lone surrogate, becomes U+FFFD;
 *   objects and arrays nest up to JSON_DEPTH_MAX.
 *
 * A document is known to be sound only at JSON_END: events come before the
 * bytes after them are seen, so decide nothing for good until then. Repeated
 * keys are reported as they stand.
 *
 *	json_reader_init_bytes(&reader, bytes, len, BUF_CONFIG_MAX);
 *	while (json_reader_next(&reader, error) && reader.event != JSON_END)
 *		...
 *	json_reader_release(&reader);
 *
 * Failure: JSON_INVALID for what is not JSON, INPUT_TOO_LARGE for a string or
 * number over the ceiling, or what the source says. Messages
 * begin "line L, column C: " and say what was expected; of the document they
 * show one structural character at most, for all else may be a password. A
 * reader that failed stays so, and repeats its error; its event means nothing.
 *
 * Memory: bytes given by init_bytes are read where they are. A source is read
 * into one window, taken at the first read. Text lives in one buf, wiped when
 * the next event is asked for. The window is wiped on release.
 */
#ifndef REGCRED_JSON_READER_H
#define REGCRED_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/buf.h"
#include "regcred/base/error.h"

enum { JSON_DEPTH_MAX = 10000 }; /* Go: maxNestingDepth */

enum json_event {
	JSON_START, /* nothing was read yet */
	JSON_OBJECT_BEGIN,
	JSON_OBJECT_END,
	JSON_ARRAY_BEGIN,
	JSON_ARRAY_END,
	JSON_KEY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
	JSON_END, /* the document is complete and sound; asking again gives it again */
};

struct json_position {
	uint64_t offset; /* in bytes, from 0 */
	uint64_t line;   /* from 1; lines end with LF */
	uint64_t column; /* in bytes, from 1 */
};

/* Puts up to `size` > 0 bytes into `bytes`. Returns how many, 0 at the end, -1
 * with `error` set. Not called again after 0 or -1. */
typedef ptrdiff_t json_source(void *context, char *bytes, size_t size, struct error *error);

/* May live on the stack, must not be copied. About 4 KiB. */
struct json_reader {
	/* To be looked at. */
	enum json_event event;
	struct json_position position; /* of the event's first byte */
	struct buf text; /* a key or string, decoded: UTF-8 that may hold NUL; a number as written;
	                    else empty, as after a skip or failure; until the next call */
	size_t depth;    /* open objects and arrays: a beginning counts, an end does not */
	struct error failure; /* without the place in front */
	struct json_position failure_place;

	/* Private. */
	json_source *source; /* NULL: all bytes are in memory */
	void *context;
	char *window;      /* owned; NULL until the source is read */
	const char *at;    /* the next byte */
	const char *end;   /* after the bytes in memory */
	uint64_t received; /* bytes up to `end`, from the start of the document */
	uint64_t line;
	uint64_t line_start; /* offset of the line's first byte */
	bool ended;          /* the source has no more */
	bool collects;       /* text is wanted, not only checked */
	enum {
		EXPECTS_VALUE,
		EXPECTS_KEY_OR_END,   /* after { */
		EXPECTS_VALUE_OR_END, /* after [ */
		EXPECTS_COMMA_OR_END, /* after a value */
		EXPECTS_NOTHING,      /* after the document's value */
	} expects;
	unsigned char objects[(JSON_DEPTH_MAX + 7) / 8]; /* a bit a level: object or array */
	bool failed, located;                            /* at failure_place, not in the source */
};

/* Reads from `source`, which is handed `context`. No string (decoded) and no
 * number may be longer than `text_max` bytes. */
void json_reader_init(struct json_reader *reader, json_source *source, void *context,
                      size_t text_max);

/* Reads `len` bytes, which stay the caller's and must outlive the reader. */
void json_reader_init_bytes(struct json_reader *reader, const char *bytes, size_t len,
                            size_t text_max);

/* Says where in a larger text the first byte stands; offsets begin at 0 all the same.
 * For right after init. */
void json_reader_begin_at(struct json_reader *reader, uint64_t line, uint64_t column);

/* Wipes and frees; for CLEANUP. The reader may then be initialised again. */
void json_reader_release(struct json_reader *reader);

/* Moves to the next event. */
bool json_reader_next(struct json_reader *reader, struct error *error);

/* Moves to the end of the value that has just begun, without collecting text:
 * after a key, over its value; in front of anything, over the whole document;
 * at the beginning of an object or array, to its end; otherwise not at all. The
 * event is then the last of the value. What is skipped is checked as strictly,
 * but its strings may have any length and nothing of them is copied. */
bool json_reader_skip(struct json_reader *reader, struct error *error);

/* Instead of asking for JSON_END after a complete value: whether anything but white
 * space follows. If so, the reader stands in front of another value, as at JSON_START. */
bool json_reader_another(struct json_reader *reader, bool *another, struct error *error);

/* Whether the bytes are one JSON value that ends with this event, such as JSON_NUMBER, and
 * white space around it at most. Copies nothing. */
bool json_is(const char *bytes, size_t len, enum json_event end);

bool json_is_object(const char *bytes, size_t len);

#endif
