#include "answer.h"

#include <string.h>
#include <strings.h>

#include "regcred/base/memory.h"
#include "regcred/registry/token.h"
#include "regcred/tree/json_tree.h"
#include "regcred/verify/challenge.h"

enum { WORDS_MAX = 200, TOKEN_MAX = 256 * 1024 };

/* --- headers ---------------------------------------------------------------------------- */

bool answer_next_header(struct view *headers, const char *name, struct view *value)
{
	size_t len = strlen(name);

	while (headers->len) {
		struct view line = view_take(headers, '\n');

		if (line.len <= len || line.data[len] != ':' ||
		    strncasecmp(line.data, name, len) != 0)
			continue;
		*value = view_trim(view_from(line, len + 1));
		return true;
	}
	return false;
}

struct view answer_header(const struct dialogue_answer *answer, const char *name)
{
	struct view headers = answer->headers, value;

	return answer_next_header(&headers, name, &value) ? value : VIEW_EMPTY;
}

long answer_number(const struct dialogue_answer *answer, const char *name)
{
	struct view value = answer_header(answer, name);
	long number = 0;
	size_t i;

	for (i = 0; i < value.len && i < 9 && value.data[i] >= '0' && value.data[i] <= '9'; i++)
		number = number * 10 + (value.data[i] - '0');
	return i ? number : -1;
}

bool answer_is_page(const struct dialogue_answer *answer)
{
	static const char html[] = "text/html";
	struct view type = answer_header(answer, "Content-Type");

	return type.len >= strlen(html) && strncasecmp(type.data, html, strlen(html)) == 0;
}

/* --- words ------------------------------------------------------------------------------ */

static bool append_member(const struct node *object, const char *name, struct buf *out)
{
	const struct node *value = node_get(object, name);

	if (!value || value->kind != NODE_STRING || !value->len)
		return false;
	buf_append(out, value->text, value->len < WORDS_MAX ? value->len : WORDS_MAX);
	return true;
}

/* {"errors": [{"code", "message"}]}; Docker Hub's token server: {"details"}; Quay's:
 * {"error"}; OAuth 2.0 (RFC 6749 section 5.2): {"error_description"}. */
static void append_body_words(struct view body, struct buf *out)
{
	static const char *const names[] = {"message", "details", "error_description", "error",
	                                    "code"};
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const struct node *root, *errors;
	struct error error;

	if (!json_tree_parse(body, &arena, &root, &error))
		return;
	errors = node_get(root, "errors");
	if (errors && errors->kind == NODE_SEQUENCE && errors->count)
		root = errors->members[0].value;
	for (size_t i = 0; i < COUNT(names); i++)
		if (append_member(root, names[i], out))
			return;
}

/* RFC 6750 section 3: Bearer error="insufficient_scope". */
static void append_challenge_words(const struct dialogue_answer *answer, struct buf *out)
{
	struct view header = answer_header(answer, "WWW-Authenticate");
	struct challenge challenge;

	if (challenge_next(&header, &challenge) &&
	    !challenge_parameter(&challenge, "error_description", out))
		challenge_parameter(&challenge, "error", out);
}

void answer_append_words(const struct dialogue_answer *answer, struct buf *out)
{
	CLEANUP(buf_release) struct buf words = BUF_INIT(BUF_CONFIG_MAX);

	append_body_words(answer->body, &words);
	if (!words.len)
		append_challenge_words(answer, &words);
	buf_append(out, words.data, words.len < WORDS_MAX ? words.len : WORDS_MAX);
}

/* --- tokens ----------------------------------------------------------------------------- */

/* RFC 6750 section 2.1: nothing else may follow "Bearer ". */
static bool is_token(const struct node *node)
{
	if (!node || node->kind != NODE_STRING || !node->len || node->len > TOKEN_MAX)
		return false;
	for (size_t i = 0; i < node->len; i++)
		if (node->text[i] <= ' ' || node->text[i] > '~')
			return false;
	return true;
}

bool answer_append_token(const struct dialogue_answer *answer, struct buf *out)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const struct node *root, *token;
	struct error error;

	if (!json_tree_parse(answer->body, &arena, &root, &error))
		return false;
	token = node_get(root, "token");
	if (!is_token(token))
		token = node_get(root, "access_token");
	if (!is_token(token))
		return false;
	buf_append(out, token->text, token->len);
	return true;
}

static void append_actions(const struct node *actions, struct buf *out)
{
	for (size_t i = 0; actions && actions->kind == NODE_SEQUENCE && i < actions->count; i++) {
		const char *action = node_string(actions->members[i].value);

		if (action && strspn(action, "abcdefghijklmnopqrstuvwxyz*") == strlen(action))
			buf_append_format(out, "%s%s", out->len ? " " : "", action);
	}
}

bool answer_append_grants(const struct dialogue_answer *answer, struct view repository,
                          struct buf *out)
{
	CLEANUP(buf_release) struct buf token = BUF_INIT(TOKEN_MAX);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const struct node *access;

	if (!answer_append_token(answer, &token))
		return false;
	access = node_get(token_claims(buf_view(&token), &arena), "access");
	if (!access || access->kind != NODE_SEQUENCE)
		return false;
	for (size_t i = 0; i < access->count; i++) {
		const struct node *item = access->members[i].value;
		const char *name = node_string(node_get(item, "name"));

		if (name && view_is(repository, name) &&
		    node_is(node_get(item, "type"), "repository"))
			append_actions(node_get(item, "actions"), out);
	}
	return true;
}
