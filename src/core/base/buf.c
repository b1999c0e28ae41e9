#include "regcred/base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/memory.h"

/* Shared by all empty bufs; only ever holds, and is only ever written with, 0. */
char buf_nothing[1];

void buf_init(struct buf *buf, size_t ceiling)
{
	*buf = BUF_INIT(ceiling);
}

void buf_release(struct buf *buf)
{
	if (buf->size)
		memory_release(buf->data);
	buf_init(buf, buf->ceiling);
}

void buf_reset(struct buf *buf)
{
	buf_truncate(buf, 0);
	buf->failure = false;
}

void buf_rewind(struct buf *buf)
{
	buf->len = 0;
	if (buf->size)
		buf->data[0] = '\0';
}

/* Doubles, so that n appends cost O(n); the old block is wiped by its release. */
static void buf_grow(struct buf *buf, size_t len)
{
	size_t size = buf->size > SIZE_MAX / 4 ? len + 1 : buf->size * 2;
	char *data;

	if (size < 64)
		size = 64;
	if (size > buf->ceiling)
		size = buf->ceiling + 1;
	if (size <= len)
		size = len + 1;
	data = memory_acquire(size);
	memcpy(data, buf->data, buf->len + 1);
	if (buf->size)
		memory_release(buf->data);
	buf->data = data;
	buf->size = size;
}

bool buf_reserve(struct buf *buf, size_t extra)
{
	if (buf->failure || extra > buf->ceiling - buf->len)
		buf->failure = true;
	else if (buf->len + extra >= buf->size)
		buf_grow(buf, buf->len + extra);
	return !buf->failure;
}

/* The same, decided on the spot where nothing has to grow, as nearly always. */
static inline bool has_room(struct buf *buf, size_t extra)
{
	return (!buf->failure && extra < buf->size - buf->len) || buf_reserve(buf, extra);
}

void buf_append(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !has_room(buf, len))
		return;
	memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void buf_append_string(struct buf *buf, const char *string)
{
	buf_append(buf, string, strlen(string));
}

void buf_append_char(struct buf *buf, char c)
{
	buf_append(buf, &c, 1);
}

void buf_append_word(struct buf *buf, const char *word)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                               "0123456789_-./:,@%+";

	if (*word && word[strspn(word, harmless)] == '\0') {
		buf_append_string(buf, word);
		return;
	}
	buf_append_char(buf, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_append_string(buf, "'\\''");
		else
			buf_append_char(buf, *word);
	buf_append_char(buf, '\'');
}

void buf_append_repeated(struct buf *buf, char c, size_t count)
{
	if (count == 0 || !has_room(buf, count))
		return;
	memset(buf->data + buf->len, c, count);
	buf->len += count;
	buf->data[buf->len] = '\0';
}

void buf_append_format(struct buf *buf, const char *format, ...)
{
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len <= 0 || !buf_reserve(buf, (size_t)len))
		return;
	va_start(arguments, format);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, format, arguments);
	va_end(arguments);
	buf->len += (size_t)len;
}

void buf_truncate(struct buf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	memory_wipe(buf->data + len, buf->len - len);
	buf->len = len;
}

bool buf_check(const struct buf *buf, const char *what, struct error *error)
{
	return !buf->failure || error_set(error, DIAGNOSTIC_INPUT_TOO_LARGE, NULL,
	                                  "%s is larger than %zu bytes", what, buf->ceiling);
}
