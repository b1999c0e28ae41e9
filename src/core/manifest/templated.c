#include "regcred/manifest/templated.h"

#include <string.h>

static bool begins_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool value_is_templated(const char *text, size_t len)
{
	static const char path[] = "<path:";

	if (len == 0 ||
	    (!memchr(text, '{', len) && !memchr(text, '$', len) && !memchr(text, '<', len)))
		return false; /* as nearly all */
	for (size_t i = 0; i + 1 < len; i++) {
		char next = text[i + 1];

		if (text[i] == '{' && next == '{')
			return true;
		if (len - i > sizeof path - 1 && memcmp(text + i, path, sizeof path - 1) == 0)
			return true;
		if (text[i] == '$' && (next == '{' || next == '(' || begins_name(next)))
			return true;
	}
	return false;
}

bool value_is_encrypted(const char *text, size_t len)
{
	return len >= 5 && memcmp(text, "ENC[", 4) == 0 && text[len - 1] == ']';
}

bool value_is_unknown(const struct node *node)
{
	return node && node->kind == NODE_STRING &&
	       (value_is_templated(node->text, node->len) ||
	        value_is_encrypted(node->text, node->len));
}
