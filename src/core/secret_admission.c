/* The rules for an object whose types are right: ValidateSecret and what it calls. */
#include "regcred/secret_admission.h"

#include <string.h>
#include <strings.h>

#include "node_number.h"
#include "regcred/json_reader.h"
#include "regcred/k8s_name.h"
#include "regcred/memory.h"
#include "regcred/pull_secret.h"
#include "regcred/templated.h"
#include "secret_judge.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct secret_path metadata_path = {.field = "metadata"};
static const struct secret_path data_path = {.field = "data"};

/* A way below metadata. */
#define METADATA(name)                                                                             \
	{                                                                                          \
		.above = &metadata_path, .field = (name)                                           \
	}

/* A string that can be judged; absent and null are empty. False: of a wrong type, which
 * was said, or unknown. */
struct text {
	const char *data;
	size_t len;
};

static bool text_of(const struct node *node, struct text *text)
{
	*text = (struct text){"", 0};
	if (!node || node->kind == NODE_NULL)
		return true;
	if (node->kind != NODE_STRING || secret_judge_is_unknown(node))
		return false;
	*text = (struct text){node->text, node->len};
	return true;
}

static const struct node *map_of(const struct node *root, const char *field)
{
	const struct node *node = node_get(root, field);

	return node && node->kind == NODE_MAPPING ? node : NULL;
}

static size_t count_of(const struct node *node, enum node_kind kind)
{
	return node && node->kind == kind ? node->count : 0;
}

static void refuse(struct secret_judge *judge, const struct node *node,
                   const struct secret_path *path, const char *words)
{
	secret_judge_add(judge, SECRET_PROBLEM_OBJECT, node, path, "%s", words);
}

/* Puts down what a rule about names says of the text. */
static bool judge_name(struct secret_judge *judge, enum k8s_name_kind kind, struct text text,
                       const struct node *node, const struct secret_path *path)
{
	struct error error;

	if (k8s_name_check(kind, text.data, text.len, &error))
		return true;
	secret_judge_add(judge, SECRET_PROBLEM_OBJECT, node, path, "is not valid: %s",
	                 error.message);
	if (error.hint[0])
		secret_judge_hint(judge, "%s", error.hint);
	return false;
}

/* ---- metadata: apimachinery pkg/api/validation/objectmeta.go ---- */

/* names.go: the base is cut, and five characters are put behind it. */
enum { GENERATED_BASE_MAX = 58 };
static const char generated_suffix[] = "x7k2m";

static void judge_generated(struct secret_judge *judge, struct text base, const struct node *node,
                            const struct secret_path *path)
{
	char name[GENERATED_BASE_MAX + sizeof generated_suffix];
	size_t len = base.len < GENERATED_BASE_MAX ? base.len : GENERATED_BASE_MAX;
	struct error error;

	memcpy(name, base.data, len);
	memcpy(name + len, generated_suffix, sizeof generated_suffix);
	if (!k8s_name_check(K8S_NAME_SECRET, name, len + sizeof generated_suffix - 1, &error))
		refuse(judge, node, path, "makes a name that is not valid, for where it is cut");
}

static void judge_names(struct secret_judge *judge, const struct node *root,
                        const struct node *metadata)
{
	const struct node *name = node_get(metadata, "name");
	const struct node *generate = node_get(metadata, "generateName");
	struct secret_path name_path = METADATA("name");
	struct secret_path generate_path = METADATA("generateName");
	struct text text, base;
	bool known = text_of(name, &text), base_known = text_of(generate, &base);
	bool base_sound = base_known && base.len > 0 &&
	                  judge_name(judge, K8S_NAME_GENERATE, base, generate, &generate_path);

	if (known && text.len > 0)
		judge_name(judge, K8S_NAME_SECRET, text, name, &name_path);
	else if (known && base_known && base.len == 0)
		refuse(judge,
		       name       ? name
		       : metadata ? metadata
		                  : root,
		       &name_path, "is missing: a Secret needs a name, or a generateName");
	else if (known && base_sound)
		judge_generated(judge, base, generate, &generate_path);
}

static void judge_namespace(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *node = node_get(metadata, "namespace");
	struct secret_path path = METADATA("namespace");
	struct text text;

	if (text_of(node, &text) && text.len > 0)
		judge_name(judge, K8S_NAME_NAMESPACE, text, node, &path);
}

static bool is_known_key(const struct node *key)
{
	return !(key->kind == NODE_STRING && secret_judge_is_unknown(key));
}

static void judge_labels(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *labels = node_get(metadata, "labels");
	struct secret_path path = METADATA("labels");

	for (size_t i = 0; i < count_of(labels, NODE_MAPPING); i++) {
		const struct node *key = labels->members[i].key, *value = labels->members[i].value;
		struct secret_path inner = {.above = &path, .key = key};
		struct text text;

		if (is_known_key(key))
			judge_name(judge, K8S_NAME_LABEL_KEY, (struct text){key->text, key->len},
			           key, &inner);
		if (text_of(value, &text))
			judge_name(judge, K8S_NAME_LABEL_VALUE, text, value, &inner);
	}
}

static void judge_annotations(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *annotations = node_get(metadata, "annotations");
	struct secret_path path = METADATA("annotations");
	size_t size = 0;

	for (size_t i = 0; i < count_of(annotations, NODE_MAPPING); i++) {
		const struct node *key = annotations->members[i].key;
		const struct node *value = annotations->members[i].value;
		struct secret_path inner = {.above = &path, .key = key};

		if (is_known_key(key))
			judge_name(judge, K8S_NAME_ANNOTATION_KEY,
			           (struct text){key->text, key->len}, key, &inner);
		size += key->len + (value->kind == NODE_STRING ? value->len : 0);
	}
	if (size > K8S_ANNOTATIONS_MAX)
		secret_judge_add(judge, SECRET_PROBLEM_OBJECT, annotations, &path,
		                 "hold %zu bytes, keys and values together; the limit is %d", size,
		                 K8S_ANNOTATIONS_MAX);
}

static void judge_generation(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *node = node_get(metadata, "generation");
	struct secret_path path = METADATA("generation");
	int64_t value;

	if (node && node->kind == NODE_NUMBER && node_number_int64(node, judge->json, &value) &&
	    value < 0)
		refuse(judge, node, &path, "is negative");
}

/* pkg/apis/core/helper/helpers.go */
static const char *const standard_finalizers[] = {"kubernetes", "orphan", "foregroundDeletion"};

static bool is_standard(const struct node *node)
{
	for (size_t i = 0; i < COUNT(standard_finalizers); i++)
		if (node_is(node, standard_finalizers[i]))
			return true;
	return false;
}

static void judge_finalizer(struct secret_judge *judge, const struct node *node,
                            const struct secret_path *path)
{
	struct error error;
	struct text text;

	if (!text_of(node, &text) || is_standard(node))
		return;
	if (!k8s_name_check(K8S_NAME_LABEL_KEY, text.data, text.len, &error))
		refuse(judge, node, path, "is not valid: a finalizer is written PREFIX/NAME");
	else if (!memchr(text.data, '/', text.len))
		refuse(judge, node, path,
		       "is no standard finalizer, and any other is written PREFIX/NAME");
}

static void judge_finalizers(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "finalizers"), *orphan = NULL,
	                  *foreground = NULL;
	struct secret_path path = METADATA("finalizers");

	for (size_t i = 0; i < count_of(list, NODE_SEQUENCE); i++) {
		const struct node *item = list->members[i].value;
		struct secret_path inner = {.above = &path, .item = i};

		judge_finalizer(judge, item, &inner);
		orphan = node_is(item, "orphan") ? item : orphan;
		foreground = node_is(item, "foregroundDeletion") ? item : foreground;
	}
	if (orphan && foreground)
		refuse(judge, list, &path, "hold both orphan and foregroundDeletion");
}

/* The part of an apiVersion behind the group; empty if it is none. */
static bool has_version(struct text api_version)
{
	const char *slash = memchr(api_version.data, '/', api_version.len);
	size_t behind = slash ? api_version.len - (size_t)(slash - api_version.data) - 1 : 0;

	if (!slash)
		return api_version.len > 0;
	return behind > 0 && !memchr(slash + 1, '/', behind);
}

static void judge_owner(struct secret_judge *judge, const struct node *owner,
                        const struct secret_path *path)
{
	static const char *const required[] = {"apiVersion", "kind", "name", "uid"};

	for (size_t i = 0; i < COUNT(required); i++) {
		const struct node *node = node_get(owner, required[i]);
		struct secret_path inner = {.above = path, .field = required[i]};
		struct text text;

		if (!text_of(node, &text))
			continue;
		if (text.len == 0)
			refuse(judge, node ? node : owner, &inner, "is missing");
		else if (i == 0 && !has_version(text))
			refuse(judge, node, &inner, "is not written VERSION or GROUP/VERSION");
	}
	if (node_is(node_get(owner, "kind"), "Event") &&
	    node_is(node_get(owner, "apiVersion"), "v1"))
		refuse(judge, owner, path, "is an Event, which may own nothing");
}

static bool is_controller(const struct node *owner)
{
	const struct node *node = node_get(owner, "controller");

	return node && node->kind == NODE_BOOL && node->truth;
}

static void judge_owners(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "ownerReferences");
	struct secret_path path = METADATA("ownerReferences");
	bool controlled = false;

	for (size_t i = 0; i < count_of(list, NODE_SEQUENCE); i++) {
		const struct node *owner = list->members[i].value;
		struct secret_path inner = {.above = &path, .item = i};
		struct secret_path controller = {.above = &inner, .field = "controller"};

		if (owner->kind != NODE_MAPPING && owner->kind != NODE_NULL)
			continue;
		judge_owner(judge, owner, &inner);
		if (!is_controller(owner))
			continue;
		if (controlled)
			refuse(judge, node_get(owner, "controller"), &controller,
			       "is true for a second owner, and only one may control");
		controlled = true;
	}
}

/* meta/v1/validation/validation.go, ValidateManagedFields */
static void judge_manager(struct secret_judge *judge, const struct node *entry,
                          const struct secret_path *path)
{
	enum { MANAGER_MAX = 128, SUBRESOURCE_MAX = 256 };
	const struct node *operation = node_get(entry, "operation");
	const struct node *type = node_get(entry, "fieldsType");
	const struct node *manager = node_get(entry, "manager");
	const struct node *subresource = node_get(entry, "subresource");
	struct secret_path at = {.above = path, .field = "operation"};
	struct text text;

	if (text_of(operation, &text) && !node_is(operation, "Apply") &&
	    !node_is(operation, "Update"))
		refuse(judge, operation ? operation : entry, &at, "must be Apply or Update");
	at.field = "fieldsType";
	if (text_of(type, &text) && text.len > 0 && !node_is(type, "FieldsV1"))
		refuse(judge, type, &at, "must be FieldsV1");
	at.field = "manager";
	if (text_of(manager, &text) && text.len > MANAGER_MAX)
		refuse(judge, manager, &at, "is longer than 128 bytes");
	at.field = "subresource";
	if (text_of(subresource, &text) && text.len > SUBRESOURCE_MAX)
		refuse(judge, subresource, &at, "is longer than 256 bytes");
}

static void judge_managers(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "managedFields");
	struct secret_path path = METADATA("managedFields");

	for (size_t i = 0; i < count_of(list, NODE_SEQUENCE); i++) {
		const struct node *entry = list->members[i].value;
		struct secret_path inner = {.above = &path, .item = i};

		if (entry->kind == NODE_MAPPING || entry->kind == NODE_NULL)
			judge_manager(judge, entry, &inner);
	}
}

static void judge_metadata(struct secret_judge *judge, const struct node *root)
{
	const struct node *metadata = node_get(root, "metadata");

	if (metadata && metadata->kind != NODE_MAPPING && metadata->kind != NODE_NULL)
		return;
	judge_names(judge, root, metadata);
	judge_namespace(judge, metadata);
	judge_generation(judge, metadata);
	judge_labels(judge, metadata);
	judge_annotations(judge, metadata);
	judge_owners(judge, metadata);
	judge_finalizers(judge, metadata);
	judge_managers(judge, metadata);
}

/* ---- The data: pkg/apis/core/validation/validation.go, ValidateSecret ---- */

static void judge_data_keys(struct secret_judge *judge, const struct node *map, const char *field)
{
	struct secret_path path = {.field = field};

	for (size_t i = 0; i < count_of(map, NODE_MAPPING); i++) {
		const struct node *key = map->members[i].key;
		struct secret_path inner = {.above = &path, .key = key};

		if (is_known_key(key))
			judge_name(judge, K8S_NAME_DATA_KEY, (struct text){key->text, key->len},
			           key, &inner);
	}
}

static size_t base64_bytes(const struct node *text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text->len; i++)
		digits += text->text[i] != '\r' && text->text[i] != '\n' && text->text[i] != '=';
	return digits / 4 * 3 + digits % 4 * 3 / 4;
}

/* What is unknown, or broken, counts nothing. */
static size_t value_size(const struct node *value, bool plain)
{
	if (value->kind == NODE_SEQUENCE)
		return plain ? 0 : value->count;
	if (value->kind != NODE_STRING || secret_judge_is_unknown(value))
		return 0;
	return plain ? value->len : base64_bytes(value);
}

/* Of each key the last value, except those that `over` has too: both are by key. */
static size_t size_of(const struct node_member **members, size_t count, bool plain,
                      const struct node_member **over, size_t over_count)
{
	size_t size = 0, at = 0;

	for (size_t i = 0; i < count; i++) {
		const struct node *key = members[i]->key;

		while (at < over_count && secret_judge_compare(over[at]->key, key) < 0)
			at++;
		if (i + 1 < count && secret_judge_compare(members[i + 1]->key, key) == 0)
			continue;
		if (at == over_count || secret_judge_compare(over[at]->key, key) != 0)
			size += value_size(members[i]->value, plain);
	}
	return size;
}

static void judge_size(struct secret_judge *judge, const struct node *root)
{
	static const struct node nothing = {.kind = NODE_MAPPING};
	const struct node *data = map_of(root, "data"), *plain = map_of(root, "stringData");
	const struct node *maps[] = {data ? data : &nothing, plain ? plain : &nothing};
	const struct node_member **sorted[] = {secret_judge_sort(judge, maps[0]),
	                                       secret_judge_sort(judge, maps[1])};
	size_t size = 0;

	if (sorted[0] && sorted[1])
		size = size_of(sorted[0], maps[0]->count, false, sorted[1], maps[1]->count) +
		       size_of(sorted[1], maps[1]->count, true, NULL, 0);
	if (size > K8S_SECRET_MAX)
		secret_judge_add(judge, SECRET_PROBLEM_TOO_LARGE, data ? data : plain, &data_path,
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

static void miss_key(struct secret_judge *judge, const struct node *root, const char *key,
                     const char *otherwise)
{
	const struct node name = {.kind = NODE_STRING, .text = key, .len = strlen(key)};
	const struct secret_path path = {.above = &data_path, .key = &name};

	secret_judge_add(judge, SECRET_PROBLEM_KEY, place_of_data(root), &path,
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

static bool is_empty(const struct node *value, bool plain)
{
	if (value->kind == NODE_NULL)
		return true;
	return (value->kind == NODE_STRING || value->kind == NODE_SEQUENCE) &&
	       !secret_judge_is_unknown(value) && value_size(value, plain) == 0;
}

static void judge_filled(struct secret_judge *judge, const struct node *root, const char *key)
{
	const struct node name = {.kind = NODE_STRING, .text = key, .len = strlen(key)};
	const struct secret_path path = {.above = &data_path, .key = &name};
	const struct node *plain = node_get(node_get(root, "stringData"), key);
	const struct node *value = plain ? plain : node_get(node_get(root, "data"), key);

	if (is_empty(value, plain))
		secret_judge_add(judge, SECRET_PROBLEM_KEY, value, &path, "is empty");
}

static void judge_requirement(struct secret_judge *judge, const struct requirement *needs,
                              const struct node *root)
{
	if (needs->either) {
		if (!has_data(root, needs->keys[0]) && !has_data(root, needs->keys[1]))
			miss_key(judge, root, needs->keys[0], ", or a password");
		return;
	}
	for (size_t i = 0; i < COUNT(needs->keys) && needs->keys[i]; i++)
		if (!has_data(root, needs->keys[i]))
			miss_key(judge, root, needs->keys[i], "");
		else if (needs->filled)
			judge_filled(judge, root, needs->keys[i]);
}

static void judge_account(struct secret_judge *judge, const struct node *root)
{
	static const char name[] = "kubernetes.io/service-account.name";
	const struct node key = {.kind = NODE_STRING, .text = name, .len = sizeof name - 1};
	const struct secret_path annotations = METADATA("annotations");
	const struct secret_path path = {.above = &annotations, .key = &key};
	const struct node *map = node_at(root, "metadata.annotations");
	const struct node *value = node_get(map, name);
	struct text text;

	if (text_of(value, &text) && text.len == 0 && (!map || map->kind != NODE_STRING))
		refuse(judge,
		       value ? value
		       : map ? map
		             : root,
		       &path,
		       "is missing: a Secret of type kubernetes.io/service-account-token needs it");
}

/* ---- The Docker config ---- */

static struct secret_path payload_path(const struct pull_secret *view, struct secret_path *map)
{
	*map = (struct secret_path){.field = view->string_data ? "stringData" : "data"};
	return (struct secret_path){.above = map, .key = view->key_node};
}

static void refuse_config(struct secret_judge *judge, const struct pull_secret *view,
                          const char *words, const char *reason)
{
	struct secret_path map, path = payload_path(view, &map);

	secret_judge_add(judge, SECRET_PROBLEM_CONFIG, view->payload_node, &path, "%s%s", words,
	                 reason);
}

/* As Go decodes into a map of anything: an object or null, every number a float64. */
static void judge_config(struct secret_judge *judge, const struct pull_secret *view)
{
	CLEANUP(json_reader_release) struct json_reader reader;
	struct error error;
	bool number_fits = true, object = false;

	json_reader_init_bytes(&reader, view->payload.data, view->payload.len, BUF_CONFIG_MAX);
	if (strspn(view->payload.data, " \t\r\n") == view->payload.len) {
		refuse_config(judge, view, "is empty, a JSON object was expected", "");
		return;
	}
	for (bool first = true; json_reader_next(&reader, &error); first = false) {
		enum json_event event = json_reader_event(&reader);
		const struct buf *text = json_reader_text(&reader);

		if (first)
			object = event == JSON_OBJECT_BEGIN || event == JSON_NULL;
		if (event == JSON_NUMBER && json_number_overflows(text->data, text->len))
			number_fits = false;
		if (event != JSON_END)
			continue;
		if (!object)
			refuse_config(judge, view, "is JSON, but no object", "");
		else if (!number_fits)
			refuse_config(judge, view, "holds a number beyond a float64", "");
		return;
	}
	if (error.diagnostic == DIAGNOSTIC_OUT_OF_MEMORY)
		judge->failed = true;
	else
		refuse_config(judge, view, "is not JSON: ", error.message);
}

static void hint_at_key(struct secret_judge *judge, const struct node *root, const char *key)
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
			secret_judge_hint(judge, "the key %s goes with type %s", others[i].key,
			                  others[i].type);
			return;
		}
	if (data != root && data->count == 1 && data->members[0].key->len <= K8S_LABEL_MAX)
		secret_judge_hint(judge, "rename \"%s\" to \"%s\"", data->members[0].key->text,
		                  key);
}

static void judge_pull_secret(struct secret_judge *judge, const struct node *root)
{
	CLEANUP(pull_secret_release) struct pull_secret view = PULL_SECRET_INIT;
	struct error error;

	if (!pull_secret_read(root, "v1", "Secret", &view, &error)) {
		judge->failed = true;
	} else if (view.kind == PULL_SECRET_OTHER) {
		return;
	} else if (view.state == PULL_SECRET_MISSING) {
		miss_key(judge, root, view.key, "");
		hint_at_key(judge, root, view.key);
	} else if (view.state == PULL_SECRET_PRESENT) {
		judge_config(judge, &view);
	}
}

static bool is_map(const struct node *node)
{
	return !node || node->kind == NODE_NULL || node->kind == NODE_MAPPING;
}

static void judge_type(struct secret_judge *judge, const struct node *root)
{
	const struct node *type = node_get(root, "type");

	if (!is_map(node_get(root, "data")) || !is_map(node_get(root, "stringData")))
		return;
	judge_pull_secret(judge, root);
	for (size_t i = 0; i < COUNT(requirements); i++)
		if (node_is(type, requirements[i].type))
			judge_requirement(judge, &requirements[i], root);
	if (node_is(type, "kubernetes.io/service-account-token"))
		judge_account(judge, root);
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

static void judge_kind(struct secret_judge *judge, const struct node *root, const char *api_version,
                       const char *kind)
{
	static const struct secret_path kind_path = {.field = "kind"};
	static const struct secret_path version_path = {.field = "apiVersion"};
	const struct node *node = node_get(root, "kind");
	const struct node *version = node_get(root, "apiVersion");

	if (strcmp(kind, "Secret") != 0) {
		secret_judge_add(judge, SECRET_PROBLEM_OBJECT, node ? node : root, &kind_path,
		                 "is \"%s\", and no kind of that name is registered for version v1",
		                 kind);
		secret_judge_hint(judge, "did you mean Secret?");
	}
	if (group_of(api_version) == GROUP_KNOWN) {
		secret_judge_add(
		    judge, SECRET_PROBLEM_OBJECT, version ? version : root, &version_path,
		    "is \"%.80s\", and no kind Secret is registered for that version", api_version);
		secret_judge_hint(judge, "a Secret has apiVersion v1");
	}
}

static bool is_json(const struct node *root)
{
	return root->style == NODE_FLOW && root->count > 0 &&
	       root->members[0].key->style == NODE_QUOTED;
}

bool secret_admission_check(const struct node *root, const char *api_version, const char *kind,
                            struct secret_problems *problems, struct error *error)
{
	struct secret_judge judge = {.problems = problems};

	if (!root || root->kind != NODE_MAPPING || strcasecmp(kind, "Secret") != 0 ||
	    group_of(api_version) == GROUP_FOREIGN)
		return true;
	judge.json = is_json(root);
	judge_kind(&judge, root, api_version, kind);
	secret_judge_types(&judge, root);
	judge_metadata(&judge, root);
	judge_data_keys(&judge, map_of(root, "data"), "data");
	judge_data_keys(&judge, map_of(root, "stringData"), "stringData");
	judge_size(&judge, root);
	judge_type(&judge, root);
	return !judge.failed || error_out_of_memory(error);
}
