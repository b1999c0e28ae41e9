/* yaml_writer.h - printing a tree as block-style YAML, as kubectl lays it out:
 * two spaces a level, sequences at the level of their key. Scalars follow
 * yaml_scalar.h; raw pieces are printed as they are.
 */
#ifndef REGCRED_YAML_WRITER_H
#define REGCRED_YAML_WRITER_H

#include "regcred/base/buf.h"
#include "regcred/json/json.h"

/* Appends an object's members, a line or more each, the last with its line feed.
 * Failure sticks to `out`. Strings are valid UTF-8. */
void yaml_append_object(struct buf *out, const struct json *object);

#endif
