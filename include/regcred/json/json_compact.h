/* json_compact.h - JSON that was read, written again: what is kept of a config that
 * was there before.
 *
 * Meaning stays, byte for byte where it matters: members in their order, repeated ones
 * too; numbers as written; strings as json_reader.h reads them, in the shortest
 * spelling. No blanks. What Go escapes beyond JSON's need (`<`, U+2028 ...) json.h
 * escapes, which prints such a text as a raw piece.
 */
#ifndef REGCRED_JSON_COMPACT_H
#define REGCRED_JSON_COMPACT_H

#include "regcred/json/json_reader.h"

/* Appends the reader's next value, of any kind, and leaves the reader at its last
 * event. Failure: the reader's, or `out` has no room. */
bool json_compact_value(struct json_reader *reader, struct buf *out, struct error *error);

/* Appends a byte of a string literal, escaped if it must be. */
void json_compact_byte(struct buf *out, char c);

/* Appends a string literal of bytes that are UTF-8, NUL included. */
void json_compact_string(struct buf *out, const char *text, size_t len);

#endif
