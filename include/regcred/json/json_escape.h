/* json_escape.h - a byte of a JSON string literal, in the shortest spelling: `\n` rather
 * than \u000a. What Go escapes beyond JSON's need (`<`, U+2028 ...) json.h escapes.
 */
#ifndef REGCRED_JSON_ESCAPE_H
#define REGCRED_JSON_ESCAPE_H

#include "regcred/base/buf.h"

/* Appends the byte, escaped if it must be. */
void json_escape_byte(struct buf *out, char c);

#endif
