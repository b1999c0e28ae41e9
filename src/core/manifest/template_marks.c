#include "template_marks.h"
#include "regcred/base/memory.h"

#include <string.h>

static const char marks_known[][3] = {"{{", "{%", "<%", "#@"};

static bool is_mark(char first, char second)
{
	for (size_t i = 0; i < COUNT(marks_known); i++)
		if (marks_known[i][0] == first && marks_known[i][1] == second)
			return true;
	return false;
}

/* The nearest, so far, of the marks that begin with `first`. */
static size_t nearest(char first, const char *bytes, size_t len)
{
	size_t at = 0;
	const char *found;

	while (at + 1 < len && (found = memchr(bytes + at, first, len - at - 1))) {
		at = (size_t)(found - bytes) + 1;
		if (is_mark(first, bytes[at]))
			return at;
	}
	return len;
}

bool template_marks_find(struct template_marks *marks, const char *bytes, size_t len, size_t *at)
{
	static const char firsts[] = "{<#";
	size_t end = len;

	if (marks->found || len == 0)
		return false;
	if (is_mark(marks->last, *bytes))
		end = 0;
	for (const char *first = firsts; *first && end > 0; first++)
		end = nearest(*first, bytes, end);
	marks->last = bytes[len - 1];
	marks->found = end < len;
	*at = end;
	return marks->found;
}
