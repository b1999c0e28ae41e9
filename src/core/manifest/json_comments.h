/* json_comments.h - settings of other programs that look like JSON and are none: with
 * comments, and commas behind the last (tsconfig.json, VS Code's settings.json).
 */
#ifndef REGCRED_CORE_JSON_COMMENTS_H
#define REGCRED_CORE_JSON_COMMENTS_H

#include <stdbool.h>

#include "regcred/base/buf.h"

/* Whether the text has comments outside of strings; then it is appended to `plain` without
 * them, and without such commas; plain->failure: over its ceiling. */
bool json_comments_remove(const char *text, size_t len, struct buf *plain);

#endif
