#include "regcred/base/base64.h"

#include <b64/cdecode.h>
#include <b64/cencode.h>
#include <limits.h>

#include "regcred/base/memory.h"
#include "regcred/base/scan.h"

/* libb64 breaks the line after 18 groups of 3 bytes. A multiple of 3 below that
 * never reaches the break, and each piece can be encoded alone. */
enum { PIECE = 17 * 3, PIECE_ENCODED = PIECE / 3 * 4 + 8 };

static size_t encode_piece(const char *bytes, size_t len, char *text)
{
	base64_encodestate state;
	int count;

	base64_init_encodestate(&state);
	count = base64_encode_block(bytes, (int)len, text, &state);
	count += base64_encode_blockend(text + count, &state);
	memory_wipe(&state, sizeof state);
	return (size_t)count - 1; /* without blockend's line feed */
}

void base64_encode(struct buf *out, const void *bytes, size_t len)
{
	char text[PIECE_ENCODED];

	if (!buf_reserve(out, (len + 2) / 3 * 4))
		return;
	for (size_t at = 0; at < len; at += PIECE) {
		size_t piece = len - at < PIECE ? len - at : PIECE;

		buf_append(out, text, encode_piece((const char *)bytes + at, piece, text));
	}
	memory_wipe(text, sizeof text);
}

size_t base64_decoded_size(const char *text, size_t len)
{
	size_t padding = 0;

	while (padding < 2 && padding < len && text[len - padding - 1] == '=')
		padding++;
	return len / 4 * 3 - padding;
}

/* --- decoding --------------------------------------------------------------- */

bool base64_measure(const char *text, size_t len, enum base64_padding padding, size_t *size)
{
	size_t digits = 0, pads = 0;

	for (size_t at = 0, run; at < len; at += run ? run : 1) {
		run = scan_base64(text + at, len - at);
		digits += run;
		pads += !run && text[at] == '=';
		if (run ? pads > 0 : !text[at] || !strchr("\r\n=", text[at]))
			return false;
	}
	*size = digits / 4 * 3 + digits % 4 * 3 / 4;
	if (padding == BASE64_UNPADDED || (padding == BASE64_EITHER && !pads))
		return !pads && digits % 4 != 1;
	return pads <= 2 && (digits + pads) % 4 == 0;
}

/* libb64 gets nothing but digits: where char is unsigned, it takes others for
 * digits too. It leaves the next byte's beginning after the last one, where the
 * buf's final zero byte has its place. */
bool base64_decode(struct buf *out, const char *text, size_t len, enum base64_padding padding)
{
	base64_decodestate state;
	size_t size, run;
	char *to;

	if (!base64_measure(text, len, padding, &size) || !buf_reserve(out, size))
		return false;
	if (size == 0)
		return true;
	base64_init_decodestate(&state);
	to = out->data + out->len;
	for (size_t at = 0; at < len; at += run ? run : 1) {
		run = scan_base64(text + at, len - at < INT_MAX ? len - at : INT_MAX);
		if (run)
			to += base64_decode_block(text + at, (int)run, to, &state);
	}
	memory_wipe(&state, sizeof state);
	out->len += size;
	out->data[out->len] = '\0';
	return true;
}
