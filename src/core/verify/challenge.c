#include "regcred/verify/challenge.h"

#include <strings.h>

struct parameter {
	struct view name;
	struct view value; /* as written: with its quotes, if it has any */
};

/* RFC 9110 section 5.6.2; and section 11.2, without the = at its end. */
static const char token_bytes[] = VIEW_ALNUM "!#$%&'*+-.^_`|~",
                  token68_bytes[] = VIEW_ALNUM "-._~+/";

static bool starts_with(struct view text, char c)
{
	return text.len && text.data[0] == c;
}

static void skip_blanks(struct view *rest)
{
	while (starts_with(*rest, ' ') || starts_with(*rest, '\t'))
		*rest = view_from(*rest, 1);
}

/* Empty elements of a list are allowed: RFC 9110 section 5.6.1.2. */
static bool skip_commas(struct view *rest)
{
	bool comma = false;

	for (skip_blanks(rest); starts_with(*rest, ','); skip_blanks(rest)) {
		*rest = view_from(*rest, 1);
		comma = true;
	}
	return comma;
}

static struct view take(struct view *rest, const char *bytes)
{
	struct view taken = view_first(*rest, view_span(*rest, bytes));

	*rest = view_from(*rest, taken.len);
	return taken;
}

/* RFC 9110 section 5.6.4. Empty: it has no end. */
static struct view take_quoted(struct view *rest)
{
	struct view taken;
	size_t at = 1;

	while (at < rest->len && rest->data[at] != '"')
		at += rest->data[at] == '\\' ? 2 : 1;
	if (at >= rest->len)
		return VIEW_EMPTY;
	taken = view_first(*rest, at + 1);
	*rest = view_from(*rest, at + 1);
	return taken;
}

/* NAME=VALUE. False: there is none, and `rest` stays. */
static bool take_parameter(struct view *rest, struct parameter *parameter)
{
	struct view at = *rest;

	parameter->name = take(&at, token_bytes);
	skip_blanks(&at);
	if (!parameter->name.len || !starts_with(at, '='))
		return false;
	at = view_from(at, 1);
	skip_blanks(&at);
	parameter->value = starts_with(at, '"') ? take_quoted(&at) : take(&at, token_bytes);
	if (!parameter->value.len)
		return false;
	*rest = at;
	return true;
}

static bool take_token68(struct view *rest, struct view *token)
{
	struct view at = *rest;
	size_t len = take(&at, token68_bytes).len;

	for (; len && starts_with(at, '='); len++)
		at = view_from(at, 1);
	*token = view_first(*rest, len);
	skip_blanks(&at);
	if (!len || (at.len && !starts_with(at, ',')))
		return false;
	*rest = at;
	return true;
}

/* All that follow, up to the next challenge. */
static struct view take_parameters(struct view *rest)
{
	struct view start = *rest, at = *rest;
	struct parameter parameter;
	bool comma = true; /* the first needs none */

	skip_commas(&at);
	while (comma && take_parameter(&at, &parameter)) {
		*rest = at;
		comma = skip_commas(&at);
	}
	return view_first(start, (size_t)(rest->data - start.data));
}

bool challenge_next(struct view *header, struct challenge *challenge)
{
	struct view rest = *header;

	skip_commas(&rest);
	*challenge = (struct challenge){take(&rest, token_bytes), VIEW_EMPTY, VIEW_EMPTY};
	if (!challenge->scheme.len) {
		*header = VIEW_EMPTY;
		return false;
	}
	if (starts_with(rest, ' ')) {
		skip_blanks(&rest);
		if (!take_token68(&rest, &challenge->token68)) {
			challenge->token68 = VIEW_EMPTY;
			challenge->parameters = take_parameters(&rest);
		}
	}
	skip_blanks(&rest);
	*header = starts_with(rest, ',') ? rest : VIEW_EMPTY;
	return true;
}

static bool is_named(struct view name, const char *wanted)
{
	return name.len == strlen(wanted) && strncasecmp(name.data, wanted, name.len) == 0;
}

bool challenge_is(const struct challenge *challenge, const char *scheme)
{
	return is_named(challenge->scheme, scheme);
}

static void unquote(struct view value, struct buf *out)
{
	buf_reset(out);
	if (!starts_with(value, '"')) {
		buf_append(out, value.data, value.len);
		return;
	}
	for (size_t i = 1; i + 1 < value.len; i++) {
		i += value.data[i] == '\\';
		buf_append_char(out, value.data[i]);
	}
}

bool challenge_parameter(const struct challenge *challenge, const char *name, struct buf *value)
{
	struct view rest = challenge->parameters;
	struct parameter parameter;
	bool found = false;

	buf_reset(value);
	for (skip_commas(&rest); take_parameter(&rest, &parameter); skip_commas(&rest)) {
		if (!is_named(parameter.name, name))
			continue;
		unquote(parameter.value, value);
		found = true;
	}
	return found;
}
