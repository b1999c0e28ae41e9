#include "regcred/manifest/placeholder.h"

#include <string.h>

#include "regcred/manifest/templated.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Nobody explains a placeholder at greater length. */
enum { PLACEHOLDER_MAX = 256 };

/* The value in capitals, every run of blanks, dashes, dots and underscores as one `_`,
 * none at the ends. */
struct folded {
	char text[PLACEHOLDER_MAX + 1];
	size_t len;
};

static bool is_alnum(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* False: it holds other characters. */
static bool fold(const char *text, size_t len, struct folded *folded)
{
	folded->len = 0;
	for (size_t i = 0; i < len; i++) {
		if (is_alnum(text[i]))
			folded->text[folded->len++] = upper(text[i]);
		else if (!strchr(" -._", text[i]) || !text[i])
			return false;
		else if (folded->len && folded->text[folded->len - 1] != '_')
			folded->text[folded->len++] = '_';
	}
	if (folded->len && folded->text[folded->len - 1] == '_')
		folded->len--;
	folded->text[folded->len] = '\0';
	return folded->len > 0;
}

static bool begins(const struct folded *folded, const char *start)
{
	return strncmp(folded->text, start, strlen(start)) == 0;
}

static bool ends(const struct folded *folded, const char *end)
{
	size_t len = strlen(end);

	return folded->len >= len && strcmp(folded->text + folded->len - len, end) == 0;
}

static bool is_loud(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			return false;
	return true;
}

static bool is_phrase(const char *text, size_t len)
{
	static const char *const words[] = {
	    "CHANGEME",   "CHANGE_ME", "CHANGE_THIS", "CHANGETHIS",  "REPLACEME", "REPLACE_ME",
	    "TODO",       "FIXME",     "TBD",         "PLACEHOLDER", "REDACTED",  "FILL_ME",
	    "FILL_ME_IN", "FILLMEIN",  "INSERT_HERE", "REPLACE_THIS"};
	static const char *const starts[] = {"YOUR_",         "INSERT_YOUR",  "REPLACE_WITH_",
	                                     "PUT_YOUR_",     "ENTER_YOUR_",  "BASE64_ENCODED",
	                                     "BASE64ENCODED", "PLACEHOLDER_", "INSERT_BASE64"};
	/* In capitals alone: changeme-bot may be somebody's name. */
	static const char *const loud_starts[] = {"CHANGE_ME_", "CHANGEME_", "REPLACE_ME_"};
	static const char *const tails[] = {"_HERE", "_PLACEHOLDER", "_CHANGE_ME", "_CHANGEME"};
	struct folded folded;

	if (!fold(text, len, &folded))
		return false;
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(folded.text, words[i]) == 0)
			return true;
	for (size_t i = 0; i < COUNT(starts); i++)
		if (begins(&folded, starts[i]))
			return true;
	for (size_t i = 0; i < COUNT(loud_starts) && is_loud(text, len); i++)
		if (begins(&folded, loud_starts[i]))
			return true;
	for (size_t i = 0; i < COUNT(tails); i++)
		if (ends(&folded, tails[i]))
			return true;
	return false;
}

/* ***, xxxx, ....: nothing but that. */
static bool is_filling(const char *text, size_t len)
{
	char first = text[0];

	if (len < 3 || !strchr("*xX.?-_", first))
		return false;
	for (size_t i = 1; i < len; i++)
		if (text[i] != first)
			return false;
	return true;
}

/* ghp_xxxxxxxxxxxx: what a token begins with, and nothing but filling. */
static bool is_token_for_show(const char *text, size_t len)
{
	enum { FILLING_MIN = 8 };
	size_t begin = len;

	while (begin && text[begin - 1] == text[len - 1])
		begin--;
	if (!strchr("*xX", text[len - 1]) || len - begin < FILLING_MIN || begin == 0)
		return false;
	if (text[begin - 1] != '_' && text[begin - 1] != '-')
		return false;
	for (size_t i = 0; i < begin; i++)
		if (!is_alnum(text[i]) && text[i] != '_' && text[i] != '-')
			return false;
	return true;
}

/* [REDACTED], [YOUR TOKEN] */
static bool is_phrase_in_brackets(const char *text, size_t len)
{
	if (len < 3 || text[0] != '[' || text[len - 1] != ']')
		return false;
	for (size_t i = 1; i + 1 < len; i++)
		if (!(text[i] >= 'A' && text[i] <= 'Z') && !strchr(" _-", text[i]))
			return is_phrase(text + 1, len - 2);
	return true;
}

static bool is_bracketed(const char *text, size_t len)
{
	static const struct {
		char open[3], close[3];
	} brackets[] = {{"<", ">"}, {"[[", "]]"}, {"__", "__"}};

	for (size_t i = 0; i < COUNT(brackets); i++) {
		size_t size = strlen(brackets[i].open);

		if (len > 2 * size && memcmp(text, brackets[i].open, size) == 0 &&
		    memcmp(text + len - size, brackets[i].close, size) == 0)
			return true;
	}
	return false;
}

/* eyJhdXRocyI6...: JSON in base64, cut short for show. */
static bool is_cut(const char *text, size_t len)
{
	static const char *const tails[] = {"...", "\xE2\x80\xA6"};
	bool cut = false;

	for (size_t i = 0; i < COUNT(tails); i++)
		cut = cut || (len > 5 && memcmp(text + len - 3, tails[i], 3) == 0);
	return cut && (memcmp(text, "ey", 2) == 0 || memcmp(text, "ew", 2) == 0);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool value_is_placeholder(const char *text, size_t len)
{
	while (len && is_blank(text[0]))
		text++, len--;
	while (len && is_blank(text[len - 1]))
		len--;
	if (len == 0 || len > PLACEHOLDER_MAX || value_is_templated(text, len))
		return false;
	return is_bracketed(text, len) || is_filling(text, len) || is_cut(text, len) ||
	       is_phrase(text, len) || is_phrase_in_brackets(text, len) ||
	       is_token_for_show(text, len);
}
