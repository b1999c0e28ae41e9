#include "regcred/manifest/placeholder.h"
#include "regcred/base/memory.h"

#include <ctype.h>
#include <fnmatch.h>

#include "regcred/base/view.h"
#include "regcred/manifest/templated.h"

/* Nobody explains a placeholder at greater length. */
enum { PLACEHOLDER_MAX = 256 };

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* The value in capitals, every run of blanks, dashes, dots and underscores as one `_`,
 * none at the ends. False: it holds other characters. */
static bool fold(struct view value, char folded[PLACEHOLDER_MAX + 1])
{
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		if (isalnum((unsigned char)value.data[i]))
			folded[len++] = (char)toupper((unsigned char)value.data[i]);
		else if (!view_consists_of((struct view){value.data + i, 1}, " -._"))
			return false;
		else if (len && folded[len - 1] != '_')
			folded[len++] = '_';
	}
	if (len && folded[len - 1] == '_')
		len--;
	folded[len] = '\0';
	return true;
}

static bool is_phrase(struct view value)
{
	static const char *const phrases[] = {"CHANGEME",       "CHANGE_ME",      "CHANGE_THIS",
	                                      "CHANGETHIS",     "REPLACEME",      "REPLACE_ME",
	                                      "TODO",           "FIXME",          "TBD",
	                                      "PLACEHOLDER",    "REDACTED",       "FILL_ME",
	                                      "FILL_ME_IN",     "FILLMEIN",       "INSERT_HERE",
	                                      "REPLACE_THIS",   "YOUR_*",         "INSERT_YOUR*",
	                                      "PUT_YOUR_*",     "ENTER_YOUR_*",   "BASE64_ENCODED*",
	                                      "BASE64ENCODED*", "REPLACE_WITH_*", "PLACEHOLDER_*",
	                                      "INSERT_BASE64*", "*_HERE",         "*_PLACEHOLDER",
	                                      "*_CHANGE_ME",    "*_CHANGEME"};
	/* In capitals alone: changeme-bot may be a real name. */
	static const char *const loud[] = {"CHANGE_ME_*", "CHANGEME_*", "REPLACE_ME_*"};
	char folded[PLACEHOLDER_MAX + 1];

	if (!fold(value, folded))
		return false;
	for (size_t i = 0; i < COUNT(phrases); i++)
		if (fnmatch(phrases[i], folded, 0) == 0)
			return true;
	for (size_t i = 0; i < COUNT(loud); i++)
		if (fnmatch(loud[i], folded, 0) == 0)
			return view_consists_of(value, CAPITALS "0123456789 -._");
	return false;
}

/* ***, xxxx, ....: nothing but that. */
static bool is_filling(struct view value)
{
	const char first[] = {*value.data, '\0'};

	return value.len >= 3 && view_consists_of(value, first) &&
	       view_consists_of(value, "*xX.?-_");
}

/* ghp_xxxxxxxxxxxx: what a token begins with, and nothing but filling. */
static bool is_token_for_show(struct view value)
{
	enum { FILLING_MIN = 8 };
	size_t begin = value.len;

	while (begin && value.data[begin - 1] == value.data[value.len - 1])
		begin--;
	if (value.len - begin < FILLING_MIN || begin == 0 ||
	    !view_consists_of(view_from(value, begin), "*xX") ||
	    !view_consists_of((struct view){value.data + begin - 1, 1}, "_-"))
		return false;
	for (size_t i = 0; i < begin; i++)
		if (!isalnum((unsigned char)value.data[i]) && value.data[i] != '_' &&
		    value.data[i] != '-')
			return false;
	return true;
}

static bool is_between(struct view value, const char *open, const char *close)
{
	struct view end = view_of(close);

	return value.len > strlen(open) + end.len && view_begins(value, view_of(open)) &&
	       view_equal(view_from(value, value.len - end.len), end);
}

/* [REDACTED], [YOUR TOKEN] */
static bool is_phrase_in_brackets(struct view value)
{
	struct view inner = {value.data + 1, value.len - 2};

	return is_between(value, "[", "]") &&
	       (view_consists_of(inner, CAPITALS " _-") || is_phrase(inner));
}

/* eyJhdXRocyI6...: JSON in base64, cut short for show. */
static bool is_cut(struct view value)
{
	return is_between(value, "ey", "...") || is_between(value, "ew", "...") ||
	       is_between(value, "ey", "\xE2\x80\xA6") || is_between(value, "ew", "\xE2\x80\xA6");
}

bool value_is_placeholder(const char *text, size_t len)
{
	struct view value = len ? view_trim((struct view){text, len}) : VIEW_EMPTY;

	if (value.len == 0 || value.len > PLACEHOLDER_MAX ||
	    value_is_templated(value.data, value.len))
		return false;
	return is_between(value, "<", ">") || is_between(value, "[[", "]]") ||
	       is_between(value, "__", "__") || is_filling(value) || is_cut(value) ||
	       is_phrase(value) || is_phrase_in_brackets(value) || is_token_for_show(value);
}
