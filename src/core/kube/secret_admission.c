/* The rules for an object whose types are right: ValidateSecret and what it calls. */
#include "regcred/kube/secret_admission.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/base/string_list.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/manifest/templated.h"
#include "regcred/tree/node_number.h"
#include "secret_problem.h"

static struct node name_node(const char *name)
{
	return (struct node){.kind = NODE_STRING, .text = name, .len = strlen(name)};
}

static bool is_mapping(const struct node *node)
{
	return node && node->kind == NODE_MAPPING;
}

/* What is said of the data as a whole, or of a key that is missing, is said at the mapping that
 * is there. */
static struct spot data_of(const struct spot *root)
{
	struct spot data = spot_field(root, "data");

	if (!is_mapping(data.node))
		data.node = node_get(root->node, "stringData");
	if (!is_mapping(data.node))
		data.node = NULL;
	return data;
}

/* What is merged over the rest wins. */
static const struct node *value_of(const struct spot *root, const char *key, bool *plain)
{
	const struct node *value = node_get(node_get(root->node, "stringData"), key);

	*plain = value != NULL;
	return value ? value : node_get(node_get(root->node, "data"), key);
}

/* ---- The size: pkg/apis/core/validation/validation.go, ValidateSecret ---- */

/* What is unknown, or broken, counts nothing. */
static size_t value_size(const struct node *value, bool plain)
{
	size_t size;

	if (value->kind == NODE_SEQUENCE)
		return plain ? 0 : value->count;
	if (value->kind != NODE_STRING || value_is_unknown(value))
		return 0;
	if (plain)
		return value->len;
	return base64_measure(value->text, value->len, BASE64_PADDED, &size) ? size : 0;
}

/* Of each key the last value, unless the key was counted before. */
static size_t size_of(const struct spot *root, const char *field, struct string_list *counted)
{
	struct spot map = spot_field(root, field);
	bool plain = strcmp(field, "stringData") == 0;
	size_t size = 0;

	for (size_t i = spot_count(&map, NODE_MAPPING); i-- > 0;) {
		struct spot value = spot_child(&map, i);

		if (string_list_borrow_once(counted,
		                            (struct view){value.key->text, value.key->len}))
			size += value_size(value.node, plain);
	}
	return size;
}

static void judge_size(struct admission *admission, const struct spot *root)
{
	CLEANUP(string_list_release) struct string_list counted = STRING_LIST_INIT;
	struct spot data = data_of(root);
	size_t size = size_of(root, "stringData", &counted);

	size += size_of(root, "data", &counted);
	if (size > K8S_SECRET_MAX)
		admission_add(admission, SECRET_PROBLEM_TOO_LARGE, &data,
		              "holds %zu bytes; the limit is %d", size, K8S_SECRET_MAX);
}

/* ---- The keys that a type needs ---- */

static void miss_key(struct admission *admission, const struct spot *root, const char *key,
                     const char *otherwise)
{
	struct spot data = data_of(root);
	struct node name = name_node(key);
	struct spot spot = {.above = &data, .key = &name};

	admission_add(admission, SECRET_PROBLEM_KEY, &spot,
	              "is missing: a Secret of type %s needs it%s",
	              node_string(node_get(root->node, "type")), otherwise);
}

static const struct requirement {
	const char *type;
	const char *keys[2];
	bool either;
	bool filled; /* may not be empty */
} requirements[] = {
    {"kubernetes.io/tls", {"tls.crt", "tls.key"}, false, false},
    {"kubernetes.io/basic-auth", {"username", "password"}, true, false},
    {"kubernetes.io/ssh-auth", {"ssh-privatekey"}, false, true},
};

/* Null, "" and [], and base64 of nothing. */
static bool is_empty(const struct node *value, bool plain)
{
	size_t size;

	if (value->kind == NODE_STRING && !plain)
		return base64_measure(value->text, value->len, BASE64_PADDED, &size) && size == 0;
	return value->kind == NODE_NULL ||
	       ((value->kind == NODE_STRING || value->kind == NODE_SEQUENCE) &&
	        value->len + value->count == 0);
}

static void judge_key(struct admission *admission, const struct spot *root, const char *key,
                      bool filled)
{
	struct spot data = data_of(root);
	struct node name = name_node(key);
	bool plain;
	struct spot spot = {.above = &data, .node = value_of(root, key, &plain), .key = &name};

	if (!spot.node)
		miss_key(admission, root, key, "");
	else if (filled && is_empty(spot.node, plain))
		admission_add(admission, SECRET_PROBLEM_KEY, &spot, "is empty");
}

static void judge_requirement(struct admission *admission, const struct spot *root,
                              const struct requirement *needs)
{
	bool plain;

	if (!needs->either) {
		for (size_t i = 0; i < COUNT(needs->keys) && needs->keys[i]; i++)
			judge_key(admission, root, needs->keys[i], needs->filled);
	} else if (!value_of(root, needs->keys[0], &plain) &&
	           !value_of(root, needs->keys[1], &plain)) {
		miss_key(admission, root, needs->keys[0], ", or a password");
	}
}

/* Without annotations it is a problem of the object. */
static void judge_account(struct admission *admission, const struct spot *root)
{
	struct node name = name_node("kubernetes.io/service-account.name");
	struct spot metadata = {.above = root, .field = "metadata"};
	struct spot annotations = {.above = &metadata,
	                           .node = node_at(root->node, "metadata.annotations"),
	                           .field = "annotations"};
	struct spot value = {
	    .above = &annotations, .node = node_get(annotations.node, name.text), .key = &name};
	struct view text;

	if (spot_text(&value, &text) && text.len == 0 &&
	    (!annotations.node || annotations.node->kind != NODE_STRING))
		admission_refuse(
		    admission, &value,
		    "is missing: a Secret of type kubernetes.io/service-account-token needs it");
}

/* ---- The Docker config ---- */

static bool numbers_fit(const struct node *node)
{
	if (node->kind == NODE_NUMBER)
		return !json_number_overflows(node->text);
	for (size_t i = 0; i < node->count; i++)
		if (!numbers_fit(node->members[i].value))
			return false;
	return true;
}

/* As Go decodes into a map of anything: an object or null, every number a float64. */
static void judge_config(struct admission *admission, const struct spot *root,
                         struct pull_secret *secret)
{
	struct spot map = {.above = root, .field = secret->string_data ? "stringData" : "data"};
	struct spot spot = {.above = &map, .node = secret->payload_node, .key = secret->key_node};
	const char *words = NULL;
	struct error error = {.message = ""};
	const struct node *config;

	if (strspn(secret->payload.data, " \t\r\n") == secret->payload.len)
		words = "is empty; a JSON object was expected";
	else if (!(config = pull_secret_tree(secret, &error)))
		words = "is not JSON: ";
	else if (config->kind != NODE_MAPPING && config->kind != NODE_NULL)
		words = "is JSON, but not an object";
	else if (!numbers_fit(config))
		words = "contains a number too large for a float64";
	if (words)
		admission_add(admission, SECRET_PROBLEM_CONFIG, &spot, "%s%s", words,
		              error.message);
}

static void hint_at_key(struct admission *admission, const struct spot *root, const char *key)
{
	static const char *const others[] = {"dockerconfigjson", "dockercfg"};
	struct spot data = data_of(root);
	char other[32];
	bool plain;

	for (size_t i = 0; i < COUNT(others); i++) {
		snprintf(other, sizeof other, ".%s", others[i]);
		if (value_of(root, other, &plain)) {
			admission_hint(admission, "the key %s goes with type kubernetes.io/%s",
			               other, others[i]);
			return;
		}
	}
	if (data.node && data.node->count == 1 && data.node->members[0].key->len <= K8S_LABEL_MAX)
		admission_hint(admission, "rename \"%s\" to \"%s\"",
		               data.node->members[0].key->text, key);
}

static void judge_pull_secret(struct admission *admission, const struct spot *root,
                              struct pull_secret *secret)
{
	if (secret->kind != PULL_SECRET_CONFIG && secret->kind != PULL_SECRET_DOCKERCFG)
		return;
	if (secret->state == PULL_SECRET_MISSING) {
		miss_key(admission, root, secret->key, "");
		hint_at_key(admission, root, secret->key);
	} else if (secret->state == PULL_SECRET_PRESENT) {
		judge_config(admission, root, secret);
	}
}

static void judge_type(struct admission *admission, const struct spot *root,
                       struct pull_secret *secret)
{
	const struct node *type = node_get(root->node, "type");
	struct spot data = spot_field(root, "data"), plain = spot_field(root, "stringData");

	if (!spot_fits(&data, NODE_MAPPING) || !spot_fits(&plain, NODE_MAPPING))
		return;
	judge_pull_secret(admission, root, secret);
	for (size_t i = 0; i < COUNT(requirements); i++)
		if (node_is(type, requirements[i].type))
			judge_requirement(admission, root, &requirements[i]);
	if (node_is(type, "kubernetes.io/service-account-token"))
		judge_account(admission, root);
}

/* ---- Whether it is one at all ---- */

enum group { GROUP_CORE, GROUP_KNOWN, GROUP_FOREIGN };

/* The names of groups that CRDs may have hold a dot; those without are Kubernetes'
 * own, none of which but the core has Secrets. The server fills in what is absent. */
static enum group group_of(const char *api_version)
{
	const char *slash = strchr(api_version, '/');
	const char *dot = strchr(api_version, '.');

	if (!*api_version || strcmp(api_version, "v1") == 0 || strcmp(api_version, "/v1") == 0)
		return GROUP_CORE;
	return (slash && dot && dot < slash) || value_is_templated(api_version, strlen(api_version))
	           ? GROUP_FOREIGN
	           : GROUP_KNOWN;
}

static void judge_kind(struct admission *admission, const struct spot *root,
                       const char *api_version, const char *kind)
{
	struct spot kind_spot = spot_field(root, "kind");
	struct spot version = spot_field(root, "apiVersion");

	if (strcmp(kind, "Secret") != 0) {
		admission_add(admission, SECRET_PROBLEM_OBJECT, &kind_spot,
		              "is \"%s\", which is not a kind of version v1", kind);
		admission_hint(admission, "did you mean Secret?");
	}
	if (group_of(api_version) == GROUP_KNOWN) {
		admission_add(admission, SECRET_PROBLEM_OBJECT, &version,
		              "is \"%.80s\", which has no kind Secret", api_version);
		admission_hint(admission, "write apiVersion: v1");
	}
}

/* What is called a Secret, and what was meant to be one; in v1 there is nothing else
 * of such a name. */
static bool is_meant(const char *api_version, const char *kind)
{
	enum group group = group_of(api_version);

	if (strcmp(kind, "Secret") == 0)
		return group != GROUP_FOREIGN;
	return (strcasecmp(kind, "Secret") == 0 || strcasecmp(kind, "Secrets") == 0) &&
	       group == GROUP_CORE && *api_version;
}

static bool is_json(const struct node *root)
{
	return root->style == NODE_FLOW && root->count > 0 &&
	       root->members[0].key->style == NODE_QUOTED;
}

void secret_admission_check(const struct node *root, const char *api_version, const char *kind,
                            struct pull_secret *secret, struct secret_problems *problems)
{
	struct admission admission = {.problems = problems};
	const struct spot object = {.node = root};
	struct spot data, string_data;

	if (!is_mapping(root) || !is_meant(api_version, kind))
		return;
	admission.json = is_json(root);
	data = spot_field(&object, "data");
	string_data = spot_field(&object, "stringData");
	judge_kind(&admission, &object, api_version, kind);
	admission_types(&admission, &object);
	admission_metadata(&admission, &object);
	admission_keys(&admission, K8S_NAME_DATA_KEY, &data);
	admission_keys(&admission, K8S_NAME_DATA_KEY, &string_data);
	judge_size(&admission, &object);
	judge_type(&admission, &object, secret);
}
