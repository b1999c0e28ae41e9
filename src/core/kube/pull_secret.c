#include "regcred/kube/pull_secret.h"
#include "regcred/base/memory.h"

#include <stdio.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/kube/secret.h"
#include "regcred/manifest/templated.h"
#include "regcred/tree/json_tree.h"
#include "regcred/tree/node_json.h"
#include "regcred/tree/node_number.h"

/* The Secrets that the kubelet reads. */
static const struct row {
	enum pull_secret_kind kind;
	const char *type;
	const char *key;
} rows[] = {
    {PULL_SECRET_CONFIG, SECRET_TYPE_DOCKER_CONFIG, SECRET_KEY_DOCKER_CONFIG},
    {PULL_SECRET_DOCKERCFG, "kubernetes.io/dockercfg", ".dockercfg"},
};

void pull_secret_release(struct pull_secret *secret)
{
	buf_release(&secret->payload);
	arena_release(&secret->arena);
	*secret = PULL_SECRET_INIT;
}

const struct node *pull_secret_tree(struct pull_secret *secret, struct error *error)
{
	if (!secret->tree)
		json_tree_parse(buf_view(&secret->payload), &secret->arena, &secret->tree, error);
	return secret->tree;
}

/* ---- Which one it is ---- */

static bool has_one_of(const struct node *mapping, const char *names)
{
	for (size_t i = 0; mapping->kind == NODE_MAPPING && i < mapping->count; i++)
		if (view_is_one_of(view_of(mapping->members[i].key->text), names))
			return true;
	return false;
}

/* What could be a registry, and is not the name of a value of a chart. */
static bool looks_like_host(const struct node *key)
{
	return node_is(key, "localhost") || strpbrk(key->text, ".:/");
}

/* The legacy .dockercfg: nothing but registries. */
static bool is_bare_map(const struct node *root)
{
	size_t entries = 0;

	for (size_t i = 0; i < root->count; i++) {
		const struct node *value = root->members[i].value;

		if (!looks_like_host(root->members[i].key) ||
		    (value->kind != NODE_MAPPING && value->kind != NODE_NULL))
			return false;
		entries += has_one_of(value, "auth username password identitytoken registrytoken");
	}
	return entries > 0;
}

/* kubectl fills in no apiVersion; where it was left out, a Secret was meant all the same. */
static bool is_secret(const char *api_version, const char *kind)
{
	return strcmp(kind, "Secret") == 0 &&
	       (!*api_version || strcmp(api_version, "v1") == 0 || strcmp(api_version, "/v1") == 0);
}

/* ---- The payload ---- */

static void complain(struct pull_secret *secret, enum pull_secret_payload state, const char *words)
{
	secret->state = state;
	snprintf(secret->problem, sizeof secret->problem, "%s[\"%s\"] %s",
	         secret->string_data ? "stringData" : "data", secret->key, words);
}

/* Go takes a list of numbers for []byte. */
static void take_bytes(const struct node *list, struct pull_secret *secret)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct node *item = list->members[i].value;
		int64_t value = 0;

		if (item->kind != NODE_NULL &&
		    (item->kind != NODE_NUMBER || !node_number_int64(item, false, &value) ||
		     value < 0 || value > 255)) {
			buf_reset(&secret->payload);
			complain(secret, PULL_SECRET_TYPE, "is a list, base64 text was expected");
			return;
		}
		buf_append_char(&secret->payload, (char)value);
	}
}

/* What is JSON all the same has its marks inside of values, which are unknown each. */
static bool is_object(struct pull_secret *secret)
{
	struct error error;
	const struct node *tree = pull_secret_tree(secret, &error);

	return tree && tree->kind == NODE_MAPPING;
}

static void take_text(const struct node *text, struct pull_secret *secret)
{
	secret->marked = value_is_templated(text->text, text->len);
	if (value_is_encrypted(text->text, text->len))
		secret->state = PULL_SECRET_UNKNOWN;
	else if (secret->string_data)
		buf_append(&secret->payload, text->text, text->len);
	else if (!base64_decode(&secret->payload, text->text, text->len, BASE64_PADDED) &&
	         !secret->payload.failure)
		complain(secret, secret->marked ? PULL_SECRET_UNKNOWN : PULL_SECRET_BASE64,
		         "is not base64");
	if (secret->marked && secret->string_data && !is_object(secret)) {
		secret->state = PULL_SECRET_UNKNOWN;
		buf_reset(&secret->payload);
	}
}

static void take_payload(struct pull_secret *secret)
{
	const struct node *node = secret->payload_node;

	secret->state = PULL_SECRET_PRESENT;
	if (node->kind == NODE_STRING)
		take_text(node, secret);
	else if (node->kind == NODE_SEQUENCE && !secret->string_data)
		take_bytes(node, secret);
	else if (node->kind != NODE_NULL)
		complain(secret, PULL_SECRET_TYPE, "is not text");
	if (secret->state == PULL_SECRET_UNKNOWN)
		secret->problem[0] = '\0';
}

/* The last member with that key, as node_get has it. */
static bool find_in(const struct node *map, const char *key, struct pull_secret *secret)
{
	const struct node *value = node_get(map, key);

	if (!value)
		return false;
	secret->key = key;
	secret->payload_node = value;
	for (size_t i = 0; i < map->count; i++)
		if (map->members[i].value == value && strcmp(map->members[i].key->text, key) == 0)
			secret->key_node = map->members[i].key;
	return true;
}

static bool find_payload(const struct node *root, const char *key, struct pull_secret *secret)
{
	secret->string_data = find_in(node_get(root, "stringData"), key, secret);
	return secret->string_data || find_in(node_get(root, "data"), key, secret);
}

/* Of a type that the kubelet does not know, what is in either key. */
static void read_payload(const struct node *root, struct pull_secret *secret)
{
	bool found = false;

	secret->kind = PULL_SECRET_OTHER;
	secret->key = rows[0].key;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].type, secret->type) == 0) {
			secret->kind = rows[i].kind;
			secret->key = rows[i].key;
		}
	if (secret->kind != PULL_SECRET_OTHER)
		found = find_payload(root, secret->key, secret);
	for (size_t i = 0; secret->kind == PULL_SECRET_OTHER && !found && i < COUNT(rows); i++)
		found = find_payload(root, rows[i].key, secret);
	if (found)
		take_payload(secret);
	else if (value_is_unknown(node_get(root, "data")) ||
	         value_is_unknown(node_get(root, "stringData")))
		secret->state = PULL_SECRET_UNKNOWN;
	else
		complain(secret, PULL_SECRET_MISSING, "is missing");
}

static void read_secret(const struct node *root, struct pull_secret *secret)
{
	secret->ns = node_text(node_at(root, "metadata.namespace"));
	secret->name_node = node_at(root, "metadata.name");
	secret->name = node_text(secret->name_node);
	secret->type_node = node_get(root, "type");
	secret->type = *node_text(secret->type_node) ? node_text(secret->type_node) : "Opaque";
	read_payload(root, secret);
}

static void read_bare(const struct node *root, struct pull_secret *secret)
{
	secret->kind = PULL_SECRET_BARE;
	secret->payload_node = secret->tree = root;
	secret->state = PULL_SECRET_PRESENT;
	node_json_print(root, &secret->payload);
	secret->marked = value_is_templated(secret->payload.data, secret->payload.len);
}

bool pull_secret_read(const struct node *root, const char *api_version, const char *kind,
                      struct pull_secret *secret, struct error *error)
{
	struct buf payload = secret->payload;
	struct arena arena = secret->arena;

	buf_reset(&payload);
	arena_reset(&arena);
	*secret = (struct pull_secret){
	    .payload = payload, .arena = arena, .ns = "", .name = "", .type = "", .key = ""};
	if (!root || root->kind != NODE_MAPPING)
		return true;
	if (is_secret(api_version, kind))
		read_secret(root, secret);
	else if (!*kind && !*api_version &&
	         (has_one_of(root, "auths credHelpers credsStore") || is_bare_map(root)))
		read_bare(root, secret);
	return buf_check(&secret->payload, "the Docker config", error);
}
