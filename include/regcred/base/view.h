/* view.h - bytes that somebody else owns: a piece of a text, NUL included, that is
 * not copied. What it points into must outlive it.
 */
#ifndef REGCRED_VIEW_H
#define REGCRED_VIEW_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct view {
	const char *data; /* never NULL */
	size_t len;
};

#define VIEW_EMPTY ((struct view){"", 0})

static inline struct view view_of(const char *string)
{
	return (struct view){string, strlen(string)};
}

static inline bool view_equal(struct view a, struct view b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static inline bool view_is(struct view view, const char *string)
{
	return view_equal(view, view_of(string));
}

/* As strcmp orders. */
static inline int view_compare(struct view a, struct view b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool view_begins(struct view view, struct view start)
{
	return view.len >= start.len && memcmp(view.data, start.data, start.len) == 0;
}

/* Its beginning; `len` is at most view.len. */
static inline struct view view_first(struct view view, size_t len)
{
	return (struct view){view.data, len};
}

/* From `at` on; `at` is at most view.len. */
static inline struct view view_from(struct view view, size_t at)
{
	return (struct view){view.data + at, view.len - at};
}

/* Where the byte stands; view.len if nowhere. */
static inline size_t view_find(struct view view, char c)
{
	const char *found = memchr(view.data, c, view.len);

	return found ? (size_t)(found - view.data) : view.len;
}

static inline bool view_holds(struct view view, char c)
{
	return view_find(view, c) < view.len;
}

/* Takes what is in front of the next `end`, or all of it, off the rest, and the `end`. */
static inline struct view view_take(struct view *rest, char end)
{
	size_t len = view_find(*rest, end);
	struct view piece = view_first(*rest, len);

	*rest = view_from(*rest, len < rest->len ? len + 1 : len);
	return piece;
}

#define VIEW_DIGITS "0123456789"
#define VIEW_ALNUM  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" VIEW_DIGITS

/* How many bytes at its beginning are in the set. */
static inline size_t view_span(struct view view, const char *set)
{
	size_t len = 0;

	while (len < view.len && view.data[len] && strchr(set, view.data[len]))
		len++;
	return len;
}

static inline bool view_consists_of(struct view view, const char *set)
{
	return view_span(view, set) == view.len;
}

/* Whether it is one of the words, which have a blank between them. */
static inline bool view_is_one_of(struct view view, const char *words)
{
	struct view rest = view_of(words);

	while (rest.len)
		if (view_equal(view_take(&rest, ' '), view))
			return true;
	return false;
}

/* Without ASCII's blanks and line ends around it. */
static inline struct view view_trim(struct view view)
{
	while (view.len && isspace((unsigned char)*view.data))
		view = view_from(view, 1);
	while (view.len && isspace((unsigned char)view.data[view.len - 1]))
		view.len--;
	return view;
}

#endif
