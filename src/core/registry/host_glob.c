#include "regcred/registry/host_glob.h"

#include "regcred/base/utf8.h"

enum outcome { OUTCOME_NO, OUTCOME_YES, OUTCOME_MALFORMED };

static void drop(struct view *text, size_t len)
{
	*text = view_from(*text, len);
}

/* Invalid UTF-8 reads as U+FFFD, a byte at a time. */
static uint32_t take_rune(struct view *text)
{
	uint32_t rune;

	drop(text, utf8_decode(text->data, text->len, &rune));
	return rune == UTF8_INVALID ? UTF8_REPLACEMENT : rune;
}

/* One end of a range; false: malformed. Something must follow, the ] at least. */
static bool take_bound(struct view *pattern, uint32_t *rune)
{
	if (!pattern->len || *pattern->data == '-' || *pattern->data == ']')
		return false;
	if (*pattern->data == '\\') {
		drop(pattern, 1);
		if (!pattern->len)
			return false;
	}
	drop(pattern, utf8_decode(pattern->data, pattern->len, rune));
	return *rune != UTF8_INVALID && pattern->len;
}

/* Behind the [ of a class. */
static enum outcome match_class(struct view *pattern, uint32_t rune)
{
	bool negated = pattern->len && *pattern->data == '^';
	bool found = false;

	drop(pattern, negated);
	for (bool any = false;; any = true) {
		uint32_t low, high;

		if (pattern->len && *pattern->data == ']' && any)
			break;
		if (!take_bound(pattern, &low))
			return OUTCOME_MALFORMED;
		high = low;
		if (*pattern->data == '-') {
			drop(pattern, 1);
			if (!take_bound(pattern, &high))
				return OUTCOME_MALFORMED;
		}
		found = found || (low <= rune && rune <= high);
	}
	drop(pattern, 1);
	return found == negated ? OUTCOME_NO : OUTCOME_YES;
}

/* One character of a pattern that has no * at its front against the name's start. */
static enum outcome match_one(struct view *pattern, struct view *name)
{
	char c = *pattern->data;

	drop(pattern, 1);
	if (c == '[')
		return match_class(pattern, take_rune(name));
	if (c == '?' && *name->data != '/') {
		take_rune(name);
		return OUTCOME_YES;
	}
	if (c == '\\') {
		if (!pattern->len)
			return OUTCOME_MALFORMED;
		c = *pattern->data;
		drop(pattern, 1);
	} else if (c == '?') {
		return OUTCOME_NO;
	}
	if (c != *name->data)
		return OUTCOME_NO;
	drop(name, 1);
	return OUTCOME_YES;
}

/* What stands before the next * outside of a class, without it. */
static size_t chunk_length(struct view pattern)
{
	bool in_class = false;
	size_t i;

	for (i = 0; i < pattern.len; i++) {
		char c = pattern.data[i];

		if (c == '*' && !in_class)
			break;
		if (c == '\\' && i + 1 < pattern.len)
			i++;
		else if (c == '[' || c == ']')
			in_class = c == '[';
	}
	return i;
}

/* Whether the name begins with the chunk; *name is then what is behind. */
static enum outcome match_chunk(struct view chunk, struct view *name)
{
	struct view rest = *name;

	while (chunk.len) {
		enum outcome outcome = rest.len ? match_one(&chunk, &rest) : OUTCOME_NO;

		if (outcome != OUTCOME_YES)
			return outcome;
	}
	*name = rest;
	return OUTCOME_YES;
}

/* Finds the chunk at the name's start or, behind a *, at the first place where it can
 * stand; the last one must end with the name. */
static bool find_chunk(struct view chunk, bool star, bool last, struct view *name)
{
	for (;;) {
		struct view rest = *name;
		enum outcome outcome = match_chunk(chunk, &rest);

		if (outcome == OUTCOME_MALFORMED)
			return false;
		if (outcome == OUTCOME_YES && (!last || !rest.len)) {
			*name = rest;
			return true;
		}
		if (!star || !name->len || *name->data == '/')
			return false;
		drop(name, 1);
	}
}

bool host_glob_matches(struct view pattern, struct view name)
{
	while (pattern.len) {
		bool star = *pattern.data == '*';
		struct view chunk;

		while (pattern.len && *pattern.data == '*')
			drop(&pattern, 1);
		chunk = (struct view){pattern.data, chunk_length(pattern)};
		drop(&pattern, chunk.len);
		if (star && !chunk.len)
			return !name.len || !memchr(name.data, '/', name.len);
		if (!find_chunk(chunk, star, !pattern.len, &name))
			return false;
	}
	return !name.len;
}

bool host_glob_is_wild(struct view pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (pattern.data[i] == '*' || pattern.data[i] == '?' || pattern.data[i] == '[' ||
		    pattern.data[i] == '\\')
			return true;
	return false;
}
