/* The rules for an object whose types are right: ValidateSecret and what it calls. */
#include "regcred/kube/secret_admission.h"

#include <string.h>
#include <strings.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/manifest/templated.h"
#include "regcred/tree/node_number.h"
#include "secret_problem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct field_path data_path = {.field = "data"};

static const struct node *map_of(const struct node *root, const char *field)
{
	const struct node *node = node_get(root, field);

	return node && node->kind == NODE_MAPPING ? node : NULL;
}

/* ---- The data: pkg/apis/core/validation/validation.go, ValidateSecret ---- */

static void judge_data_keys(struct admission *admission, const struct node *map, const char *field)
{
	struct field_path path = {.field = field};

	for (size_t i = 0; i < admission_count(map, NODE_MAPPING); i++) {
		const struct node *key = map->members[i].key;
		struct field_path inner = {.above = &path, .key = key};

		admission_key(admission, K8S_NAME_DATA_KEY, key, &inner);
	}
}

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

/* Of each key the last value, except those that `over` has too: both are by key. */
static size_t size_of(const struct node_member **members, size_t count, bool plain,
                      const struct node_member **over, size_t over_count)
{
	size_t size = 0, at = 0;

	for (size_t i = 0; i < count; i++) {
		const struct node *key = members[i]->key;

		while (at < over_count && node_compare(over[at]->key, key) < 0)
			at++;
		if (i + 1 < count && node_compare(members[i + 1]->key, key) == 0)
			continue;
		if (at == over_count || node_compare(over[at]->key, key) != 0)
			size += value_size(members[i]->value, plain);
	}
	return size;
}

static void judge_size(struct admission *admission, const struct node *root)
{
	static const struct node nothing = {.kind = NODE_MAPPING};
	const struct node *data = map_of(root, "data"), *plain = map_of(root, "stringData");
	const struct node *maps[] = {data ? data : &nothing, plain ? plain : &nothing};
	const struct node_member **sorted[] = {admission_sort(maps[0]), admission_sort(maps[1])};
	size_t size;

	size = size_of(sorted[0], maps[0]->count, false, sorted[1], maps[1]->count) +
	       size_of(sorted[1], maps[1]->count, true, NULL, 0);
	if (size > K8S_SECRET_MAX)
		admission_add(admission, SECRET_PROBLEM_TOO_LARGE, data ? data : plain, &data_path,
		              "holds %zu bytes; the limit is %d", size, K8S_SECRET_MAX);
	memory_release(sorted[0]);
	memory_release(sorted[1]);
}

/* ---- The keys that a type needs ---- */

static bool has_data(const struct node *root, const char *key)
{
	return node_get(node_get(root, "stringData"), key) || node_get(node_get(root, "data"), key);
}

/* Where a missing key should be. */
static const struct node *place_of_data(const struct node *root)
{
	const struct node *data = map_of(root, "data");

	if (!data)
		data = map_of(root, "stringData");
	return data ? data : root;
}

static void miss_key(struct admission *admission, const struct node *root, const char *key,
                     const char *otherwise)
{
	const struct node name = {.kind = NODE_STRING, .text = key, .len = strlen(key)};
	const struct field_path path = {.above = &data_path, .key = &name};

	admission_add(admission, SECRET_PROBLEM_KEY, place_of_data(root), &path,
	              "is missing: a Secret of type %s needs it%s",
	              node_string(node_get(root, "type")), otherwise);
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

static void judge_filled(struct admission *admission, const struct node *root, const char *key)
{
	const struct node name = {.kind = NODE_STRING, .text = key, .len = strlen(key)};
	const struct field_path path = {.above = &data_path, .key = &name};
	const struct node *plain = node_get(node_get(root, "stringData"), key);
	const struct node *value = plain ? plain : node_get(node_get(root, "data"), key);

	if (is_empty(value, plain))
		admission_add(admission, SECRET_PROBLEM_KEY, value, &path, "is empty");
}

static void judge_requirement(struct admission *admission, const struct requirement *needs,
                              const struct node *root)
{
	if (needs->either) {
		if (!has_data(root, needs->keys[0]) && !has_data(root, needs->keys[1]))
			miss_key(admission, root, needs->keys[0], ", or a password");
		return;
	}
	for (size_t i = 0; i < COUNT(needs->keys) && needs->keys[i]; i++)
		if (!has_data(root, needs->keys[i]))
			miss_key(admission, root, needs->keys[i], "");
		else if (needs->filled)
			judge_filled(admission, root, needs->keys[i]);
}

static void judge_account(struct admission *admission, const struct node *root)
{
	static const char name[] = "kubernetes.io/service-account.name";
	const struct node key = {.kind = NODE_STRING, .text = name, .len = sizeof name - 1};
	static const struct field_path metadata = {.field = "metadata"};
	static const struct field_path annotations = {.above = &metadata, .field = "annotations"};
	const struct field_path path = {.above = &annotations, .key = &key};
	const struct node *map = node_at(root, "metadata.annotations");
	const struct node *value = node_get(map, name);
	struct view text;

	if (admission_text(value, &text) && text.len == 0 && (!map || map->kind != NODE_STRING))
		admission_refuse(
		    admission,
		    value ? value
		    : map ? map
		          : root,
		    &path,
		    "is missing: a Secret of type kubernetes.io/service-account-token needs it");
}

/* ---- The Docker config ---- */

static struct field_path payload_path(const struct pull_secret *secret, struct field_path *map)
{
	*map = (struct field_path){.field = secret->string_data ? "stringData" : "data"};
	return (struct field_path){.above = map, .key = secret->key_node};
}

static void refuse_config(struct admission *admission, const struct pull_secret *secret,
                          const char *words, const char *reason)
{
	struct field_path map, path = payload_path(secret, &map);

	admission_add(admission, SECRET_PROBLEM_CONFIG, secret->payload_node, &path, "%s%s", words,
	              reason);
}

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
static void judge_config(struct admission *admission, struct pull_secret *secret)
{
	const struct buf *payload = &secret->payload;
	struct error error;
	const struct node *config;

	if (strspn(payload->data, " \t\r\n") == payload->len)
		refuse_config(admission, secret, "is empty; a JSON object was expected", "");
	else if (!(config = pull_secret_tree(secret, &error)))
		refuse_config(admission, secret, "is not JSON: ", error.message);
	else if (config->kind != NODE_MAPPING && config->kind != NODE_NULL)
		refuse_config(admission, secret, "is JSON, but not an object", "");
	else if (!numbers_fit(config))
		refuse_config(admission, secret, "contains a number too large for a float64", "");
}

static void hint_at_key(struct admission *admission, const struct node *root, const char *key)
{
	static const struct {
		const char *key, *type;
	} others[] = {
	    {".dockerconfigjson", "kubernetes.io/dockerconfigjson"},
	    {".dockercfg", "kubernetes.io/dockercfg"},
	};
	const struct node *data = place_of_data(root);

	for (size_t i = 0; i < COUNT(others); i++)
		if (has_data(root, others[i].key)) {
			admission_hint(admission, "the key %s goes with type %s", others[i].key,
			               others[i].type);
			return;
		}
	if (data != root && data->count == 1 && data->members[0].key->len <= K8S_LABEL_MAX)
		admission_hint(admission, "rename \"%s\" to \"%s\"", data->members[0].key->text,
		               key);
}

static void judge_pull_secret(struct admission *admission, const struct node *root,
                              struct pull_secret *secret)
{
	if (secret->kind != PULL_SECRET_CONFIG && secret->kind != PULL_SECRET_DOCKERCFG)
		return;
	if (secret->state == PULL_SECRET_MISSING) {
		miss_key(admission, root, secret->key, "");
		hint_at_key(admission, root, secret->key);
	} else if (secret->state == PULL_SECRET_PRESENT) {
		judge_config(admission, secret);
	}
}

static bool is_map(const struct node *node)
{
	return !node || node->kind == NODE_NULL || node->kind == NODE_MAPPING;
}

static void judge_type(struct admission *admission, const struct node *root,
                       struct pull_secret *secret)
{
	const struct node *type = node_get(root, "type");

	if (!is_map(node_get(root, "data")) || !is_map(node_get(root, "stringData")))
		return;
	judge_pull_secret(admission, root, secret);
	for (size_t i = 0; i < COUNT(requirements); i++)
		if (node_is(type, requirements[i].type))
			judge_requirement(admission, &requirements[i], root);
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

static void judge_kind(struct admission *admission, const struct node *root,
                       const char *api_version, const char *kind)
{
	static const struct field_path kind_path = {.field = "kind"};
	static const struct field_path version_path = {.field = "apiVersion"};
	const struct node *node = node_get(root, "kind");
	const struct node *version = node_get(root, "apiVersion");

	if (strcmp(kind, "Secret") != 0) {
		admission_add(admission, SECRET_PROBLEM_OBJECT, node ? node : root, &kind_path,
		              "is \"%s\", which is not a kind of version v1", kind);
		admission_hint(admission, "did you mean Secret?");
	}
	if (group_of(api_version) == GROUP_KNOWN) {
		admission_add(admission, SECRET_PROBLEM_OBJECT, version ? version : root,
		              &version_path, "is \"%.80s\", which has no kind Secret", api_version);
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

	if (!root || root->kind != NODE_MAPPING || !is_meant(api_version, kind))
		return;
	admission.json = is_json(root);
	judge_kind(&admission, root, api_version, kind);
	admission_types(&admission, root);
	admission_metadata(&admission, root);
	judge_data_keys(&admission, map_of(root, "data"), "data");
	judge_data_keys(&admission, map_of(root, "stringData"), "stringData");
	judge_size(&admission, root);
	judge_type(&admission, root, secret);
}
