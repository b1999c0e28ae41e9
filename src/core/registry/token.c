#include "regcred/registry/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"
#include "regcred/tree/json_tree.h"

/* The text is a number as JSON has it. False: out of range. */
static bool read_seconds(const char *number, int64_t *seconds)
{
	double value = strtod(number, NULL); /* exact, up to TOKEN_EXPIRY_MAX */

	if (value < -(double)TOKEN_EXPIRY_MAX || value > (double)TOKEN_EXPIRY_MAX)
		return false;
	*seconds = (int64_t)value;
	return true;
}

/* --- the two kinds ---------------------------------------------------------- */

/* The text is base64, padded or not, without line ends, which only mail has. */
static bool decode(struct buf *out, struct view text)
{
	return !view_holds(text, '\r') && !view_holds(text, '\n') &&
	       base64_decode(out, text.data, text.len, BASE64_EITHER);
}

/* The same of base64url: its alphabet is translated into the standard's. */
static bool decode_url(struct buf *out, struct view text)
{
	CLEANUP(buf_release) struct buf standard = BUF_INIT(text.len);

	if (view_holds(text, '+') || view_holds(text, '/'))
		return false;
	buf_append(&standard, text.data, text.len);
	for (size_t i = 0; i < standard.len; i++)
		if (standard.data[i] == '-' || standard.data[i] == '_')
			standard.data[i] = standard.data[i] == '-' ? '+' : '/';
	return decode(out, buf_view(&standard));
}

/* NULL: it is not one JSON object. */
static const struct node *parse_object(const struct buf *json, struct arena *arena)
{
	const struct node *root;
	struct error error;

	if (!json_tree_parse(buf_view(json), arena, &root, &error) || root->kind != NODE_MAPPING)
		return NULL;
	return root;
}

static bool read_end(const struct node *object, const char *name, int64_t *expires)
{
	const struct node *number = node_get(object, name);

	return number && number->kind == NODE_NUMBER && read_seconds(number->text, expires);
}

static bool has_string(const struct node *object, const char *name)
{
	const struct node *member = node_get(object, name);

	return member && member->kind == NODE_STRING;
}

/* A signature need not be JSON. */
const struct node *token_claims(struct view token, struct arena *arena)
{
	const struct node *claims = NULL;

	for (size_t part = 0; part < 3; part++) {
		CLEANUP(buf_release) struct buf bytes = BUF_INIT(token.len);
		size_t len = part < 2 ? view_find(token, '.') : token.len;

		if ((part < 2 && len == token.len) || !decode_url(&bytes, view_first(token, len)))
			return NULL;
		token = view_from(token, part < 2 ? len + 1 : len);
		if (part < 2 && !(claims = parse_object(&bytes, arena)))
			return NULL;
	}
	return claims;
}

static bool read_ecr(struct view token, struct arena *arena, int64_t *expires)
{
	CLEANUP(buf_release) struct buf json = BUF_INIT(token.len);
	const struct node *object = decode(&json, token) ? parse_object(&json, arena) : NULL;

	return has_string(object, "payload") && has_string(object, "datakey") &&
	       read_end(object, "expiration", expires);
}

/* A dot is in no base64, and in every JWT. */
bool token_expiry(struct view token, int64_t *expires)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	int64_t end = 0;

	if (!(view_holds(token, '.') ? read_end(token_claims(token, &arena), "exp", &end)
	                             : read_ecr(token, &arena, &end)))
		return false;
	*expires = end;
	return true;
}

/* --- spans ------------------------------------------------------------------ */

void token_remaining(int64_t seconds, char text[TOKEN_TEXT_SIZE])
{
	enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
	uint64_t span = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;

	if (span >= 2 * DAY)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " days", span / DAY);
	else if (span >= HOUR && span % HOUR >= MINUTE)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " h %" PRIu64 " min", span / HOUR,
		         span % HOUR / MINUTE);
	else if (span >= HOUR)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " h", span / HOUR);
	else if (span >= MINUTE)
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " min", span / MINUTE);
	else
		snprintf(text, TOKEN_TEXT_SIZE, "%" PRIu64 " s", span);
}
