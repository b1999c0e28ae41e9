/* node_json.h - a tree as JSON text, so that what reads Docker configs can read a
 * value of YAML, too, as the kubelet does.
 *
 * Nothing is corrected: repeated members stay, in their order; numbers stay as written
 * where JSON has them so. What YAML writes otherwise (0x10, 0o7, 0123, 1_000, .5, +1)
 * is printed as the number it means; .nan and .inf, for which there is none, as
 * strings. Bytes that are not UTF-8 become U+FFFD. Compact, no line feed.
 *
 * What goes out of it goes through json.h, as a raw piece.
 */
#ifndef REGCRED_NODE_JSON_H
#define REGCRED_NODE_JSON_H

#include "regcred/base/buf.h"
#include "regcred/tree/node.h"

/* Appends; buf_check reports whether there was room. NULL is printed as null. */
void node_json_print(const struct node *node, struct buf *out);

#endif
