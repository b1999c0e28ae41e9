#include "json_comments.h"

#include <string.h>

/* Behind the string that begins at `at`. */
static size_t end_of_string(const char *text, size_t len, size_t at)
{
	for (at++; at < len && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at < len ? at + 1 : len;
}

/* Behind the comment that begins at `at`, or `at` if none does. */
static size_t end_of_comment(const char *text, size_t len, size_t at)
{
	const char *end = NULL;

	if (at + 1 >= len || text[at] != '/' || (text[at + 1] != '/' && text[at + 1] != '*'))
		return at;
	if (text[at + 1] == '/') {
		end = memchr(text + at, '\n', len - at);
		return end ? (size_t)(end - text) : len;
	}
	end = memmem(text + at + 2, len - at - 2, "*/", 2);
	return end ? (size_t)(end - text) + 2 : len;
}

static void drop_comma(struct buf *plain)
{
	size_t len = plain->len;

	while (len && strchr(" \t\r\n", plain->data[len - 1]))
		len--;
	if (len && plain->data[len - 1] == ',')
		buf_truncate(plain, len - 1);
}

static bool holds_comment(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && end_of_comment(text, len, at) == at)
		at = text[at] == '"' ? end_of_string(text, len, at) : at + 1;
	return at < len;
}

bool json_comments_remove(const char *text, size_t len, struct buf *plain)
{
	if (!holds_comment(text, len))
		return false;
	for (size_t at = 0, end; at < len; at = end) {
		end = end_of_comment(text, len, at);
		if (end > at)
			continue;
		end = text[at] == '"' ? end_of_string(text, len, at) : at + 1;
		if (text[at] == '}' || text[at] == ']')
			drop_comma(plain);
		buf_append(plain, text + at, end - at);
	}
	return true;
}
