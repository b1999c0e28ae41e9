/* utf8.h - reading UTF-8 as Go's unicode/utf8 does (RFC 3629: no overlong
 * forms, no surrogates, nothing above U+10FFFF; a bad sequence counts one byte
 * at a time). Pure functions over bytes that the caller keeps.
 */
#ifndef REGCRED_UTF8_H
#define REGCRED_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID     UINT32_MAX
#define UTF8_REPLACEMENT 0xFFFDu

enum { UTF8_MAX = 4 }; /* bytes of the longest sequence */

/* Decodes the code point at the start of `bytes`, where `len` > 0 bytes stand.
 * Returns how many bytes it took. Not UTF-8: *rune is UTF8_INVALID, and 1. */
size_t utf8_decode(const char *bytes, size_t len, uint32_t *rune);

/* Writes the 1 to 4 bytes of a valid code point, returns how many. */
size_t utf8_encode(uint32_t rune, char bytes[UTF8_MAX]);

bool utf8_valid(const char *bytes, size_t len);

/* How many of the bytes to show if at most `most` may be, without half a character at the
 * end. */
size_t utf8_cut(const char *bytes, size_t len, size_t most);

/* Unicode category Cc: U+0000-001F, U+007F-009F. */
bool utf8_is_control(uint32_t rune);

/* Invisible characters and those that control the terminal: Cc, U+00AD, U+061C, U+180E,
 * U+200B-200F, U+2028-202E, U+2060-206F, U+FEFF, U+FFF9-FFFB, U+E0000-E007F. */
bool utf8_is_invisible(uint32_t rune);

/* Whether there is a control character among these bytes, which need not be UTF-8. */
bool utf8_holds_control(const char *bytes, size_t len);

#endif
