/* node_json.h - a tree as JSON text, so that what reads Docker configs can read a
 * value that stood in YAML, with the kubelet's manners.
 *
 * Nothing is mended: repeated members stay, in their order; numbers stay as written
 * where JSON has them so. A YAML number that JSON cannot write (0x10, 0o7, 1_000, .5,
 * +1) is printed as the number it means; one that JSON has no number for (.nan,
 * .inf), as sigs.k8s.io/yaml does, as a string. Strings lose bytes that are not
 * UTF-8 to U+FFFD. Compact, no line feed.
 *
 * For reading back alone: all JSON that goes out is built by json.h.
 */
#ifndef REGCRED_NODE_JSON_H
#define REGCRED_NODE_JSON_H

#include "regcred/buf.h"
#include "regcred/node.h"

/* Appends; buf_check tells whether there was room. NULL is printed as null. */
void node_json_print(const struct node *node, struct buf *out);

#endif
