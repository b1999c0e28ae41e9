/* scan.h - looking through many bytes fast, for the readers of large files.
 *
 * Where the processor has SSE2, sixteen bytes at a time; else one by one, with the same
 * answers, which the tests compare. Pure functions over bytes that the caller keeps.
 */
#ifndef REGCRED_SCAN_H
#define REGCRED_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* How many bytes there are in front of the first `"`, `\` or control character (below
 * U+0020); with `ascii` also in front of the first byte that is not ASCII. */
static inline size_t scan_string(const char *bytes, size_t len, bool ascii)
{
	size_t at = 0;

#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\'),
	              control = _mm_set1_epi8(0x1F);

	for (; len - at >= 16; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
		__m128i ends =
		    _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, escape)),
		                 _mm_cmpeq_epi8(_mm_min_epu8(x, control), x));
		unsigned mask = (unsigned)_mm_movemask_epi8(ascii ? _mm_or_si128(ends, x) : ends);

		if (mask)
			return at + (size_t)__builtin_ctz(mask);
	}
#endif
	for (; at < len; at++) {
		unsigned char byte = (unsigned char)bytes[at];

		if (byte < 0x20 || byte == '"' || byte == '\\' || (ascii && byte >= 0x80))
			break;
	}
	return at;
}

/* How many bytes there are in front of the first that is no digit of base64 (RFC 4648
 * section 4). */
size_t scan_base64(const char *bytes, size_t len);

/* How many line feeds there are. */
size_t scan_count_lines(const char *bytes, size_t len);

/* How many bytes there are up to and with the first line feed that `-`, `.` or nothing
 * more follows: the line after it may be a mark between documents. `len` if there is none. */
size_t scan_to_mark(const char *bytes, size_t len);

#endif
