#include "regcred/json/json_escape.h"

#include <string.h>

/* The letters are those of JSON's short escapes, at the place of what they stand for. */
void json_escape_byte(struct buf *out, char c)
{
	static const char meant[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = c ? strchr(meant, c) : NULL;

	if (at)
		buf_append_format(out, "\\%c", letters[at - meant]);
	else if ((unsigned char)c < ' ')
		buf_append_format(out, "\\u%04x", (unsigned)c);
	else
		buf_append_char(out, c);
}
