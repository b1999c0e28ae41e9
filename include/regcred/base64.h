/* base64.h - standard, padded, unwrapped base64 (RFC 4648 section 4).
 *
 * The only door to libb64, which wraps lines at 72 characters, ends them with a
 * line feed and counts in int; none of that shows here.
 */
#ifndef REGCRED_BASE64_H
#define REGCRED_BASE64_H

#include <stddef.h>

#include "regcred/buf.h"

/* Appends the encoding of `len` bytes, 4 characters for each 3 bytes begun. */
void base64_encode(struct buf *out, const void *bytes, size_t len);

/* How many bytes a well-formed, padded encoding of `len` characters holds. */
size_t base64_decoded_size(const char *text, size_t len);

#endif
