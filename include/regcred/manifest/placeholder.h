/* placeholder.h - whether a value is a placeholder for the real one.
 *
 * What examples and generators leave behind: `<base64>`, `CHANGE_ME`, `your-token`,
 * `REPLACE_WITH_...`, `xxxx`, `***`, `eyJhdXRo...`. The whole value must look so; words
 * that somebody may really be called, or use as a password (user, password, secret),
 * are none. What a program fills in (`{{ }}`, `${X}`) is templated.h's.
 */
#ifndef REGCRED_PLACEHOLDER_H
#define REGCRED_PLACEHOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* Any bytes. NULL with 0 is fine, and none. */
bool value_is_placeholder(const char *text, size_t len);

#endif
