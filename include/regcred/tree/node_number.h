/* node_number.h - what a number of a tree is to Go. Private to the core.
 *
 * The text of a number is as written: JSON's (RFC 8259), or YAML's as go-yaml v2's
 * resolve.go takes it: `_` anywhere, a sign, 0x, 0o, 0b, a leading 0 for octal, and
 * floats such as .5 and 5. with an exponent. sigs.k8s.io/yaml writes an integral float
 * (1e3, 2.0) as an integer, so that it may stand in an integer field; JSON's may not.
 */
#ifndef REGCRED_NODE_NUMBER_H
#define REGCRED_NODE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/buf.h"
#include "regcred/tree/node.h"

/* Whether Go's decoder puts the number into an int64, and which. `json`: the tree was
 * read from JSON. */
bool node_number_int64(const struct node *number, bool json, int64_t *value);

/* Appends the number as JSON: as written if it may, else the number it means. */
void node_number_print(const struct node *number, struct buf *out);

/* Whether a number of JSON (sound, as json_reader.h gives it) is beyond a float64, so
 * that Go's decoder refuses it where any value may stand. */
bool json_number_overflows(const char *text, size_t len);

#endif
