/* json_name.h - member names, compared as Go's encoding/json (1.24) finds the
 * field of a struct: in any case, by Unicode's simple folding, in which U+017F is
 * an s and U+212A a k. Keys of maps, such as registries, are not meant: they are
 * exact.
 */
#ifndef REGCRED_JSON_NAME_H
#define REGCRED_JSON_NAME_H

#include <stdbool.h>

#include "regcred/base/buf.h"

/* Whether a key means the member `name` (ASCII). */
bool json_name_is_view(struct view key, const char *name);

/* The same of a key as json_reader_text gives it. */
static inline bool json_name_is(const struct buf *key, const char *name)
{
	return json_name_is_view(buf_view(key), name);
}

#endif
