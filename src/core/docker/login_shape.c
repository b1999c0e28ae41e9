#include "regcred/docker/login_shape.h"

#include "regcred/base/base64.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"
#include "regcred/tree/json_tree.h"

static struct view text_at(const struct node *object, const char *name)
{
	return view_of(node_text(node_get(object, name)));
}

/* --- the shapes -------------------------------------------------------------------- */

/* One of authorizationData; that of ECR Public names no endpoint. */
static void read_ecr_token(const struct node *data, struct docker_logins *logins)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_PASSWORD_MAX);
	struct view username, password, token = text_at(data, "authorizationToken");
	struct view endpoint = text_at(data, "proxyEndpoint");

	docker_login_decode(token, &pair, &username, &password);
	docker_logins_add(logins, endpoint.len ? endpoint.data : "public.ecr.aws", username,
	                  password);
}

static void read_ecr(const struct node *data, struct docker_logins *logins)
{
	if (data->kind == NODE_MAPPING)
		read_ecr_token(data, logins);
	for (size_t i = 0; data->kind == NODE_SEQUENCE && i < data->count; i++)
		read_ecr_token(data->members[i].value, logins);
}

/* An object is of the first shape whose two members it has. */
static const struct shape {
	const char *look;
	const char *registry; /* the member that names it; "": each login does; NULL: none does */
	const char *username, *password;
	const char *otherwise; /* the user name if there is none; NULL: there must be one */
} shapes[] = {
    {"a reply of aws ecr get-authorization-token", "", "authorizationData", "authorizationData",
     NULL},
    {"a reply of az acr login --expose-token", "loginServer", "username", "accessToken",
     "00000000-0000-0000-0000-000000000000"},
    {"a credential helper's reply", NULL, "Username", "Secret", NULL},
    {"a robot account of Harbor", NULL, "name", "secret", NULL},
};

static const struct shape *find_shape(const struct node *root)
{
	if (node_get(root, "auths"))
		return NULL;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		const struct node *password = node_get(root, shapes[i].password);

		if (password && password->kind != NODE_NULL &&
		    (shapes[i].otherwise || node_get(root, shapes[i].username)) &&
		    (shapes[i].registry || password->kind == NODE_STRING))
			return &shapes[i];
	}
	return NULL;
}

/* Adds what is in it; false: the registry is missing. */
static bool read_shape(const struct shape *shape, const struct node *root, const char *registry,
                       struct docker_logins *logins)
{
	struct view server = VIEW_EMPTY, username = text_at(root, shape->username);

	if (shape->registry && !*shape->registry) {
		read_ecr(node_get(root, shape->password), logins);
		return true;
	}
	if (shape->registry)
		server = text_at(root, shape->registry);
	if (!server.len && !registry)
		return false;
	if (!username.len && shape->otherwise)
		username = view_of(shape->otherwise);
	docker_logins_add(logins, server.len ? server.data : registry, username,
	                  text_at(root, shape->password));
	return true;
}

/* --- what the header offers ------------------------------------------------------------ */

/* What jq leaves around a string without -r. */
static struct view unquote(struct view text)
{
	return text.len > 2 && text.data[0] == '"' && text.data[text.len - 1] == '"'
	           ? view_first(view_from(text, 1), text.len - 2)
	           : text;
}

/* Appends what the text is in base64 of. */
static bool decode(struct view text, struct buf *out)
{
	text = unquote(text);
	return text.len && base64_decode(out, text.data, text.len, BASE64_EITHER) &&
	       view_begins(view_trim(buf_view(out)), view_of("{"));
}

bool login_shape_is_base64(struct view text)
{
	CLEANUP(buf_release) struct buf decoded = BUF_INIT(BUF_CONFIG_MAX);

	return decode(view_trim(text), &decoded);
}

bool login_shape_parse(struct view text, const char *registry, struct docker_logins *logins,
                       const char **look, struct error *error)
{
	CLEANUP(buf_release) struct buf decoded = BUF_INIT(BUF_CONFIG_MAX);
	const struct shape *shape = NULL;
	const struct node *root = NULL;

	*look = NULL;
	if (view_begins(text, view_of("\xEF\xBB\xBF"))) /* Windows writes it */
		text = view_from(text, 3);
	if (decode(view_trim(text), &decoded)) {
		text = buf_view(&decoded);
		*look = "base64";
	}
	if (!json_tree_parse(text, &logins->arena, &root, error)) {
		docker_logins_release(logins);
		return false;
	}
	if (text_at(root, ".dockerconfigjson").len)
		return login_shape_parse(text_at(root, ".dockerconfigjson"), registry, logins, look,
		                         error);
	shape = find_shape(root);
	if (!shape)
		return docker_logins_read(root, CONFIG_SHAPE_ANY, logins, error);
	*look = shape->look;
	if (read_shape(shape, root, registry, logins))
		return true;
	docker_logins_release(logins);
	return error_set(error, DIAGNOSTIC_OPTION_CONFLICT, "name it with one --registry",
	                 "it is %s, which names no registry", shape->look);
}
