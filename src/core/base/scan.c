#include "regcred/base/scan.h"

#include <string.h>

static bool is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '+' || c == '/';
}

#ifdef __SSE2__
/* All bits of the bytes from `first` to `last`, which are ASCII. */
static __m128i in_range(__m128i x, char first, char last)
{
	return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8((char)(first - 1))),
	                     _mm_cmplt_epi8(x, _mm_set1_epi8((char)(last + 1))));
}
#endif

size_t scan_base64(const char *bytes, size_t len)
{
	size_t at = 0;

#ifdef __SSE2__
	for (; len - at >= 16; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
		__m128i letters = _mm_or_si128(in_range(x, 'A', 'Z'), in_range(x, 'a', 'z'));
		__m128i others =
		    _mm_or_si128(in_range(x, '/', '9'), _mm_cmpeq_epi8(x, _mm_set1_epi8('+')));

		if (_mm_movemask_epi8(_mm_or_si128(letters, others)) != 0xFFFF)
			break;
	}
#endif
	while (at < len && is_base64(bytes[at]))
		at++;
	return at;
}

size_t scan_count_lines(const char *bytes, size_t len)
{
	size_t count = 0, at = 0;

#ifdef __SSE2__
	const __m128i feed = _mm_set1_epi8('\n'), one = _mm_set1_epi8(1);
	__m128i sums = _mm_setzero_si128(); /* two */

	for (; len - at >= 16; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
		__m128i feeds = _mm_and_si128(_mm_cmpeq_epi8(x, feed), one);

		sums = _mm_add_epi64(sums, _mm_sad_epu8(feeds, _mm_setzero_si128()));
	}
	count = (unsigned)_mm_cvtsi128_si32(sums) +
	        (size_t)(unsigned)_mm_cvtsi128_si32(_mm_unpackhi_epi64(sums, sums));
#endif
	for (; at < len; at++)
		count += bytes[at] == '\n';
	return count;
}

size_t scan_to_mark(const char *bytes, size_t len)
{
	size_t at = 0;
	const char *feed;

#ifdef __SSE2__
	const __m128i line = _mm_set1_epi8('\n'), dash = _mm_set1_epi8('-'),
	              dot = _mm_set1_epi8('.');

	for (; len - at >= 17; at += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
		__m128i next = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at + 1));
		__m128i marks = _mm_or_si128(_mm_cmpeq_epi8(next, dash), _mm_cmpeq_epi8(next, dot));

		if (_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(x, line), marks)))
			break;
	}
#endif
	while (at < len && (feed = memchr(bytes + at, '\n', len - at))) {
		at = (size_t)(feed - bytes) + 1;
		if (at == len || bytes[at] == '-' || bytes[at] == '.')
			return at;
	}
	return len;
}
