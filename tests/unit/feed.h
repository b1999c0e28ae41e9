/* feed.h - a source of bytes that comes in pieces, for the tests of readers. */
#ifndef REGCRED_TESTS_FEED_H
#define REGCRED_TESTS_FEED_H

#include <stddef.h>
#include <string.h>

#include "regcred/base/error.h"

/* A json_source: gives `chunk` bytes a time and then ends, or fails. */
struct feed {
	const char *bytes;
	size_t len;
	size_t chunk; /* 0: not a source, all bytes at once */
	bool fails;
};

static ptrdiff_t feed_source(void *context, char *bytes, size_t size, struct error *error)
{
	struct feed *feed = context;
	size_t count = feed->chunk < size ? feed->chunk : size;

	if (count > feed->len)
		count = feed->len;
	if (count == 0 && feed->fails) {
		error_set(error, DIAGNOSTIC_INPUT_FAILED, NULL, "the pipe burst");
		return -1;
	}
	if (count)
		memcpy(bytes, feed->bytes, count);
	feed->bytes += count;
	feed->len -= count;
	return (ptrdiff_t)count;
}

#endif
