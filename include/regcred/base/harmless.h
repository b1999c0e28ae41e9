/* harmless.h - text of others, made fit for a terminal.
 *
 * Names, registry keys and user names come from files that others wrote. What is invisible
 * or controls a terminal (utf8_is_invisible), or is not UTF-8, is shown as \xNN, a byte each.
 */
#ifndef REGCRED_HARMLESS_H
#define REGCRED_HARMLESS_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

enum { HARMLESS_SIZE = sizeof "\\xNN" - 1 }; /* the most that one byte becomes */

/* Appends the bytes so. */
void harmless_append(struct buf *out, const char *bytes, size_t len);

/* Whether a word that was given as something else, such as the name of a file, may be a
 * password: it has characters that names seldom have. Messages do not repeat such a word. */
bool harmless_may_be_secret(const char *word);

#endif
