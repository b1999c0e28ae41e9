#include "regcred/docker/helper_reply.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/tree/json_tree.h"

static bool refuse(struct error *error, const char *what, const char *why)
{
	return error_set(error, DIAGNOSTIC_HELPER_REPLY, NULL, "the reply%s%s %s",
	                 *what ? "'s " : "", what, why);
}

/* The last string of that name; another type is a fault, also of one that is replaced. */
static bool read_text(const struct node *root, const char *name, struct view *text,
                      struct error *error)
{
	for (size_t i = 0; i < root->count; i++) {
		const struct node *value = root->members[i].value;

		if (value->kind == NODE_NULL || !json_tree_names(&root->members[i], name))
			continue;
		if (value->kind != NODE_STRING)
			return refuse(error, name, "is not a string");
		*text = (struct view){value->text, value->len};
	}
	return true;
}

static bool check_text(struct view text, const char *name, bool may_be_empty, struct error *error)
{
	if (view_holds(text, '\0'))
		return refuse(error, name, "holds a NUL byte");
	return may_be_empty || text.len || refuse(error, name, "is missing or empty");
}

static bool check(struct helper_reply *reply, struct error *error)
{
	if (!reply->username.len && !reply->secret.len) {
		reply->server = VIEW_EMPTY; /* no such entry: nothing of it is used or judged */
		return true;
	}
	if (!check_text(reply->server, "ServerURL", true, error) ||
	    !check_text(reply->username, "Username", false, error) ||
	    !check_text(reply->secret, "Secret", false, error))
		return false;
	return !view_is(reply->username, "<token>") ||
	       error_set(error, DIAGNOSTIC_HELPER_TOKEN,
	                 "log in with a user name and an access token of the registry, or give "
	                 "them here with --username and --password-stdin",
	                 "the reply holds an identity token, which the kubelet cannot use");
}

static bool read_reply(struct view output, struct helper_reply *reply, struct error *error)
{
	const struct node *root;
	struct error unread;

	if (!json_tree_parse(output, &reply->arena, &root, &unread))
		return error_set(error, DIAGNOSTIC_HELPER_REPLY, NULL, "the reply is not JSON: %s",
		                 unread.message);
	if (root->kind != NODE_MAPPING)
		return refuse(error, "", "is not a JSON object");
	return read_text(root, "ServerURL", &reply->server, error) &&
	       read_text(root, "Username", &reply->username, error) &&
	       read_text(root, "Secret", &reply->secret, error) && check(reply, error);
}

bool helper_reply_parse(struct view output, struct helper_reply *reply, struct error *error)
{
	if (read_reply(output, reply, error))
		return true;
	helper_reply_release(reply);
	return false;
}

void helper_reply_release(struct helper_reply *reply)
{
	arena_release(&reply->arena);
	*reply = HELPER_REPLY_INIT;
}

bool helper_reply_list(struct view output, struct string_list *servers)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
	const struct node *root;
	struct error unread;

	if (!json_tree_parse(output, &arena, &root, &unread) || root->kind != NODE_MAPPING)
		return false;
	for (size_t i = 0; i < root->count; i++)
		string_list_add(servers, root->members[i].key->text);
	return true;
}

/* --- beside the reply ------------------------------------------------------------ */

bool helper_reply_is_not_found(struct view output)
{
	return view_is(view_trim(output), "credentials not found in native keychain");
}

bool helper_name_is_valid(const char *name)
{
	return *name && *name != '-' && *name != '.' &&
	       !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                          "0123456789._-")];
}
