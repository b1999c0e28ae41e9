#include "regcred/docker/login_shape.h"

#include "regcred/base/base64.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"
#include "regcred/docker/docker_auth.h"
#include "regcred/tree/json_tree.h"

#define ACR_TOKEN_USER "00000000-0000-0000-0000-000000000000"

static struct view text_at(const struct node *object, const char *name)
{
	const char *text = node_string(node_get(object, name));

	return text ? view_of(text) : VIEW_EMPTY;
}

/* --- the shapes -------------------------------------------------------------------- */

/* One of authorizationData; that of ECR Public names no endpoint. */
static void read_ecr_token(const struct node *data, struct docker_logins *logins)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_PASSWORD_MAX);
	struct view username, password, token = text_at(data, "authorizationToken");
	struct view endpoint = text_at(data, "proxyEndpoint");
	enum docker_auth_fault fault;

	docker_auth_decode(token, &pair, &username, &password, &fault);
	docker_logins_add(logins, endpoint.len ? endpoint.data : "public.ecr.aws", username,
	                  password);
}

static void read_ecr(const struct node *root, const char *registry, struct docker_logins *logins)
{
	const struct node *data = node_get(root, "authorizationData");

	(void)registry;
	if (data->kind == NODE_MAPPING)
		read_ecr_token(data, logins);
	for (size_t i = 0; data->kind == NODE_SEQUENCE && i < data->count; i++)
		read_ecr_token(data->members[i].value, logins);
}

static void read_acr(const struct node *root, const char *registry, struct docker_logins *logins)
{
	struct view server = text_at(root, "loginServer"), username = text_at(root, "username");

	docker_logins_add(logins, server.len ? server.data : registry,
	                  username.len ? username : view_of(ACR_TOKEN_USER),
	                  text_at(root, "accessToken"));
}

static void read_helper(const struct node *root, const char *registry, struct docker_logins *logins)
{
	docker_logins_add(logins, registry, text_at(root, "Username"), text_at(root, "Secret"));
}

static void read_harbor(const struct node *root, const char *registry, struct docker_logins *logins)
{
	docker_logins_add(logins, registry, text_at(root, "name"), text_at(root, "secret"));
}

/* An object is of the first shape whose two members it has. */
static const struct shape {
	const char *look;
	const char *member, *other; /* the second may be the same */
	const char *registry;       /* the member that names it, if any must; "": each login does */
	void (*read)(const struct node *root, const char *registry, struct docker_logins *logins);
} shapes[] = {
    {"a reply of aws ecr get-authorization-token", "authorizationData", "authorizationData", "",
     read_ecr},
    {"a reply of az acr login --expose-token", "accessToken", "accessToken", "loginServer",
     read_acr},
    {"a credential helper's reply", "Username", "Secret", NULL, read_helper},
    {"a robot account of Harbor", "name", "secret", NULL, read_harbor},
};

static const struct shape *find_shape(const struct node *root)
{
	if (node_get(root, "auths"))
		return NULL;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		const struct node *other = node_get(root, shapes[i].other);

		if (node_get(root, shapes[i].member) && other && other->kind != NODE_NULL &&
		    (shapes[i].registry || other->kind == NODE_STRING))
			return &shapes[i];
	}
	return NULL;
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
	if (!registry &&
	    (!shape->registry || (*shape->registry && !text_at(root, shape->registry).len))) {
		docker_logins_release(logins);
		return error_set(error, DIAGNOSTIC_OPTION_CONFLICT, "name it with one --registry",
		                 "it is %s, which names no registry", shape->look);
	}
	shape->read(root, registry, logins);
	return true;
}
