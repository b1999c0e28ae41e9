/* yaml_scalar.h - a string as a YAML scalar that every reader takes for that
 * same string.
 *
 * The scalar is for block context, as a mapping's key, its value or a sequence's
 * item. It is plain when no YAML 1.1 or 1.2 reader could take it for anything
 * else, and otherwise in double quotes. It is always one line: nothing is folded,
 * there are no literal blocks and no single quotes.
 *
 * What is quoted is the union of what these would retype, refuse or trim:
 *   - YAML 1.1 (yaml.org/type: bool, int, float, null, timestamp, merge, value)
 *     and YAML 1.2.2, 7.3.3 "Plain Style" and 10.3.2, the core schema;
 *   - go-yaml v2, with which kubectl and the API server read (resolve.go: drops
 *     every `_` from a number) and by which kubectl quotes (encode.go, emitterc.go);
 *   - PyYAML (resolver.py: dates need not exist), js-yaml 3 and 4, npm's yaml;
 *   - Ruby's Psych (scalar_scanner.rb: words in any case, with Unicode's case
 *     folding; `,` in numbers; a first `:` makes a symbol; old versions take what
 *     merely starts with a time for a time);
 *   - Rust's yaml-rust (yaml.rs: `inf`, `infinity`, `nan` without a point).
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
