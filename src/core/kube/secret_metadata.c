/* The rules for metadata: apimachinery pkg/api/validation/objectmeta.go. */
#include <string.h>

#include "regcred/base/utf8.h"
#include "regcred/tree/node_number.h"
#include "secret_problem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct secret_path metadata_path = {.field = "metadata"};

/* A way below metadata. */
#define METADATA(name)                                                                             \
	{                                                                                          \
		.above = &metadata_path, .field = (name)                                           \
	}

/* names.go: the base is cut, and five characters are put behind it. */
enum { GENERATED_BASE_MAX = 58 };
static const char generated_suffix[] = "x7k2m";

static void judge_generated(struct secret_judge *judge, struct view base, const struct node *node,
                            const struct secret_path *path)
{
	char name[GENERATED_BASE_MAX + sizeof generated_suffix];
	size_t len = base.len < GENERATED_BASE_MAX ? base.len : GENERATED_BASE_MAX;
	struct error error;

	memcpy(name, base.data, len);
	memcpy(name + len, generated_suffix, sizeof generated_suffix);
	if (!k8s_name_check(K8S_NAME_SECRET, name, len + sizeof generated_suffix - 1, &error))
		secret_judge_refuse(
		    judge, node, path,
		    "makes an invalid name: it is cut at 58 bytes, and a suffix is added");
}

static void judge_names(struct secret_judge *judge, const struct node *root,
                        const struct node *metadata)
{
	const struct node *name = node_get(metadata, "name");
	const struct node *generate = node_get(metadata, "generateName");
	struct secret_path name_path = METADATA("name");
	struct secret_path generate_path = METADATA("generateName");
	struct view text, base;
	bool known = secret_judge_text(name, &text),
	     base_known = secret_judge_text(generate, &base);
	bool base_sound =
	    base_known && base.len > 0 &&
	    secret_judge_name(judge, K8S_NAME_GENERATE, base, generate, &generate_path);

	if (known && text.len > 0)
		secret_judge_name(judge, K8S_NAME_SECRET, text, name, &name_path);
	else if (known && base_known && base.len == 0)
		secret_judge_refuse(judge,
		                    name       ? name
		                    : metadata ? metadata
		                               : root,
		                    &name_path,
		                    "is missing: a Secret needs a name, or a generateName");
	else if (known && base_sound)
		judge_generated(judge, base, generate, &generate_path);
}

static void judge_namespace(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *node = node_get(metadata, "namespace");
	struct secret_path path = METADATA("namespace");
	struct view text;

	if (secret_judge_text(node, &text) && text.len > 0)
		secret_judge_name(judge, K8S_NAME_NAMESPACE, text, node, &path);
}

static void judge_labels(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *labels = node_get(metadata, "labels");
	struct secret_path path = METADATA("labels");

	for (size_t i = 0; i < secret_judge_count(labels, NODE_MAPPING); i++) {
		const struct node *key = labels->members[i].key, *value = labels->members[i].value;
		struct secret_path inner = {.above = &path, .key = key};
		struct view text;

		secret_judge_key(judge, K8S_NAME_LABEL_KEY, key, &inner);
		if (secret_judge_text(value, &text))
			secret_judge_name(judge, K8S_NAME_LABEL_VALUE, text, value, &inner);
	}
}

static void judge_annotations(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *annotations = node_get(metadata, "annotations");
	struct secret_path path = METADATA("annotations");
	size_t size = 0;

	for (size_t i = 0; i < secret_judge_count(annotations, NODE_MAPPING); i++) {
		const struct node *key = annotations->members[i].key;
		const struct node *value = annotations->members[i].value;
		struct secret_path inner = {.above = &path, .key = key};

		secret_judge_key(judge, K8S_NAME_ANNOTATION_KEY, key, &inner);
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
		secret_judge_refuse(judge, node, &path, "is negative");
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
	struct view text;

	if (!secret_judge_text(node, &text) || is_standard(node))
		return;
	if (!k8s_name_check(K8S_NAME_LABEL_KEY, text.data, text.len, &error))
		secret_judge_refuse(judge, node, path,
		                    "is invalid: write a finalizer as PREFIX/NAME");
	else if (!memchr(text.data, '/', text.len))
		secret_judge_refuse(judge, node, path,
		                    "is not a standard finalizer: write others as PREFIX/NAME");
}

static void judge_finalizers(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "finalizers"), *orphan = NULL,
	                  *foreground = NULL;
	struct secret_path path = METADATA("finalizers");

	for (size_t i = 0; i < secret_judge_count(list, NODE_SEQUENCE); i++) {
		const struct node *item = list->members[i].value;
		struct secret_path inner = {.above = &path, .item = i};

		judge_finalizer(judge, item, &inner);
		orphan = node_is(item, "orphan") ? item : orphan;
		foreground = node_is(item, "foregroundDeletion") ? item : foreground;
	}
	if (orphan && foreground)
		secret_judge_refuse(judge, list, &path,
		                    "contain both orphan and foregroundDeletion");
}

/* The part of an apiVersion behind the group; empty if it is none. */
static bool has_version(struct view api_version)
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
		struct view text;

		if (!secret_judge_text(node, &text))
			continue;
		if (text.len == 0)
			secret_judge_refuse(judge, node ? node : owner, &inner, "is missing");
		else if (i == 0 && !has_version(text))
			secret_judge_refuse(judge, node, &inner,
			                    "must be VERSION or GROUP/VERSION");
	}
	if (node_is(node_get(owner, "kind"), "Event") &&
	    node_is(node_get(owner, "apiVersion"), "v1"))
		secret_judge_refuse(judge, owner, path, "is an Event, which cannot own objects");
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

	for (size_t i = 0; i < secret_judge_count(list, NODE_SEQUENCE); i++) {
		const struct node *owner = list->members[i].value;
		struct secret_path inner = {.above = &path, .item = i};
		struct secret_path controller = {.above = &inner, .field = "controller"};

		if (owner->kind != NODE_MAPPING && owner->kind != NODE_NULL)
			continue;
		judge_owner(judge, owner, &inner);
		if (!is_controller(owner))
			continue;
		if (controlled)
			secret_judge_refuse(
			    judge, node_get(owner, "controller"), &controller,
			    "is true for two owners; only one can be the controller");
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
	struct view text;

	if (secret_judge_text(operation, &text) && !node_is(operation, "Apply") &&
	    !node_is(operation, "Update"))
		secret_judge_refuse(judge, operation ? operation : entry, &at,
		                    "must be Apply or Update");
	at.field = "fieldsType";
	if (secret_judge_text(type, &text) && text.len > 0 && !node_is(type, "FieldsV1"))
		secret_judge_refuse(judge, type, &at, "must be FieldsV1");
	at.field = "manager";
	if (secret_judge_text(manager, &text) && text.len > MANAGER_MAX)
		secret_judge_refuse(judge, manager, &at, "is longer than 128 bytes");
	else if (utf8_holds_control(text.data, text.len))
		secret_judge_refuse(judge, manager, &at, "contains a control character");
	at.field = "subresource";
	if (secret_judge_text(subresource, &text) && text.len > SUBRESOURCE_MAX)
		secret_judge_refuse(judge, subresource, &at, "is longer than 256 bytes");
}

static void judge_managers(struct secret_judge *judge, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "managedFields");
	struct secret_path path = METADATA("managedFields");

	for (size_t i = 0; i < secret_judge_count(list, NODE_SEQUENCE); i++) {
		const struct node *entry = list->members[i].value;
		struct secret_path inner = {.above = &path, .item = i};

		if (entry->kind == NODE_MAPPING || entry->kind == NODE_NULL)
			judge_manager(judge, entry, &inner);
	}
}

void secret_judge_metadata(struct secret_judge *judge, const struct node *root)
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
