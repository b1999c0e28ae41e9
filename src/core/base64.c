#include "regcred/base64.h"

#include <b64/cencode.h>

#include "regcred/memory.h"

/* libb64 breaks the line after 18 groups of 3 bytes. A multiple of 3 below that
 * never meets the break, and each piece stands for itself. */
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
