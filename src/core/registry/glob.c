#include "regcred/registry/glob.h"

/* One step without a *: a byte that is the same, or a run of digits. Returns how many bytes
 * of the text it takes; 0: it does not match. */
static size_t step(char glob, struct view text)
{
	if (glob == '#')
		return view_span(text, VIEW_DIGITS);
	return text.len && *text.data == glob;
}

/* Where the rest does not match, the last * takes one byte more: what an earlier one could
 * take instead, it can reach as well. */
bool glob_matches(struct view glob, struct view text, char stop)
{
	struct view after_star = VIEW_EMPTY, resume = VIEW_EMPTY;
	bool star = false;

	while (glob.len || text.len) {
		size_t len;

		if (glob.len && *glob.data == '*') {
			star = true;
			after_star = glob = view_from(glob, 1);
			resume = text;
		} else if (glob.len && (len = step(*glob.data, text)) > 0) {
			glob = view_from(glob, 1);
			text = view_from(text, len);
		} else if (star && resume.len && *resume.data != stop) {
			glob = after_star;
			text = resume = view_from(resume, 1);
		} else {
			return false;
		}
	}
	return true;
}

bool glob_ends_agree(struct view glob, struct view text)
{
	for (; glob.len; glob.len--, text.len--) {
		char last = glob.data[glob.len - 1];

		if (last == '*' || last == '#' || last == ']')
			return true;
		if (!text.len || last != text.data[text.len - 1])
			return false;
	}
	return true;
}

bool glob_list_matches(const char *globs, struct view text, char stop)
{
	struct view list = view_of(globs);

	while (list.len) {
		struct view glob = view_take(&list, ' ');

		if (glob_ends_agree(glob, text) && glob_matches(glob, text, stop))
			return true;
	}
	return false;
}
