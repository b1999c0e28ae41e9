/* yaml_scalar.h - a string as a YAML scalar that every reader takes for that
 * same string.
 *
 * The scalar is for block context, as a mapping's key, its value or a sequence's
 * item. It is plain when it begins with a letter, or with a dot and a letter, is made of
 * A-Z a-z 0-9 . _ / + = - : @, does not end with a colon, and is no word or number to a
 * reader of YAML 1.1 or 1.2: go-yaml v2, with which kubectl and the API server read,
 * PyYAML, js-yaml, npm's yaml, Ruby's Psych (words in any case), Rust's yaml-rust
 * (`inf` without a point). Anything else is in double quotes, on one line.
 *
 * In double quotes there are the escapes \" \\ \n \t \r, and \uXXXX with
 * upper-case digits for what else does not show (utf8_is_invisible), U+FFFE and
 * U+FFFF. Everything else stands raw, also above U+FFFF: YAML has no surrogate pairs.
 *
 * The text is UTF-8 and may hold any code point, U+0000 too. Where it is not
 * UTF-8, which the caller should have seen to, each bad byte becomes U+FFFD.
 */
#ifndef REGCRED_YAML_SCALAR_H
#define REGCRED_YAML_SCALAR_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

/* Whether yaml_scalar_append would leave the text as it is. */
bool yaml_scalar_is_plain(const char *text, size_t len);

/* Appends the scalar, without anything before or after it. Failure sticks to
 * `out`, see buf.h; a scalar may then be there in part. */
void yaml_scalar_append(struct buf *out, const char *text, size_t len);

#endif
