/* pieces.h - a source of bytes that comes in pieces, for the fuzz targets of readers. */
#ifndef REGCRED_TESTS_PIECES_H
#define REGCRED_TESTS_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct error;

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Gives pieces whose sizes come from the data itself. */
struct pieces {
	const char *bytes;
	size_t len;
	uint32_t seed;
};

static ptrdiff_t pieces_source(void *context, char *bytes, size_t size, struct error *error)
{
	struct pieces *pieces = context;
	size_t count;

	(void)error;
	must(size > 0);
	pieces->seed = pieces->seed * 1103515245u + 12345u;
	count = 1 + (pieces->seed >> 16) % ((pieces->seed >> 8) % 4 ? 3 : 40);
	if (count > size)
		count = size;
	if (count > pieces->len)
		count = pieces->len;
	if (count)
		memcpy(bytes, pieces->bytes, count);
	pieces->bytes += count;
	pieces->len -= count;
	return (ptrdiff_t)count;
}

#endif
