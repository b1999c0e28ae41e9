/* base64.h - standard base64 (RFC 4648 section 4): written padded and unwrapped,
 * read as Go's encoding/base64 (1.24) reads it, because the kubelet and the API
 * server do.
 *
 * The only door to libb64, which wraps lines at 72 characters, ends them with a
 * line feed, counts in int, and skips bad bytes silently; none of that
 * shows here.
 */
#ifndef REGCRED_BASE64_H
#define REGCRED_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

/* Appends the encoding of `len` bytes, 4 characters for each 3 bytes begun. */
void base64_encode(struct buf *out, const void *bytes, size_t len);

/* How many bytes a well-formed, padded encoding of `len` characters holds. */
size_t base64_decoded_size(const char *text, size_t len);

enum base64_padding {
	BASE64_PADDED,   /* Go's StdEncoding: = up to a multiple of 4, and nothing after it */
	BASE64_UNPADDED, /* Go's RawStdEncoding: no = at all */
	BASE64_EITHER,   /* the first if there is a =, else the second */
};

/* Appends the bytes that `len` characters encode. CR and LF are skipped anywhere, and
 * unused bits at the end may be set. False, and nothing is appended: any other byte
 * outside the alphabet, padding that is not exact, a single character left over; or an
 * append that failed, see out->failure. */
bool base64_decode(struct buf *out, const char *text, size_t len, enum base64_padding padding);

/* Whether base64_decode accepts the text, and how many bytes it would append. */
bool base64_measure(const char *text, size_t len, enum base64_padding padding, size_t *size);

#endif
