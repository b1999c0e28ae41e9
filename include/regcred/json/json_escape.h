/* json_escape.h - any bytes as a JSON string literal, escaped where they must be, in the
 * shortest spelling: `\n` rather than \u000a. What is not UTF-8 becomes U+FFFD, a byte each.
 * What Go escapes beyond JSON's need (`<`, U+2028 ...) json.h escapes.
 */
#ifndef REGCRED_JSON_ESCAPE_H
#define REGCRED_JSON_ESCAPE_H

#include "regcred/base/buf.h"

/* Appends the literal, quotes included. `harmless`: what does not show or steers a terminal
 * (utf8_is_invisible) is escaped as well. */
void json_append_literal(struct buf *out, struct view text, bool harmless);

#endif
