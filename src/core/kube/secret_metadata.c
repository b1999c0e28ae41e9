/* The rules for metadata: apimachinery pkg/api/validation/objectmeta.go. */
#include <string.h>

#include "regcred/base/utf8.h"
#include "regcred/tree/node_number.h"
#include "secret_problem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct field_path metadata_path = {.field = "metadata"};

/* A way below metadata. */
#define METADATA(name)                                                                             \
	{                                                                                          \
		.above = &metadata_path, .field = (name)                                           \
	}

/* names.go: the base is cut, and five characters are added. */
enum { GENERATED_BASE_MAX = 58 };
static const char generated_suffix[] = "x7k2m";

static void judge_generated(struct admission *admission, struct view base, const struct node *node,
                            const struct field_path *path)
{
	char name[GENERATED_BASE_MAX + sizeof generated_suffix];
	size_t len = base.len < GENERATED_BASE_MAX ? base.len : GENERATED_BASE_MAX;
	struct error error;

	memcpy(name, base.data, len);
	memcpy(name + len, generated_suffix, sizeof generated_suffix);
	if (!k8s_name_check(K8S_NAME_SECRET, name, len + sizeof generated_suffix - 1, &error))
		admission_refuse(
		    admission, node, path,
		    "makes an invalid name: it is cut at 58 bytes, and a suffix is added");
}

static void judge_names(struct admission *admission, const struct node *root,
                        const struct node *metadata)
{
	const struct node *name = node_get(metadata, "name");
	const struct node *generate = node_get(metadata, "generateName");
	struct field_path name_path = METADATA("name");
	struct field_path generate_path = METADATA("generateName");
	struct view text, base;
	bool known = admission_text(name, &text), base_known = admission_text(generate, &base);
	bool base_sound =
	    base_known && base.len > 0 &&
	    admission_name(admission, K8S_NAME_GENERATE, base, generate, &generate_path);

	if (known && text.len > 0)
		admission_name(admission, K8S_NAME_SECRET, text, name, &name_path);
	else if (known && base_known && base.len == 0)
		admission_refuse(admission,
		                 name       ? name
		                 : metadata ? metadata
		                            : root,
		                 &name_path,
		                 "is missing: a Secret needs a name, or a generateName");
	else if (known && base_sound)
		judge_generated(admission, base, generate, &generate_path);
}

static void judge_namespace(struct admission *admission, const struct node *metadata)
{
	const struct node *node = node_get(metadata, "namespace");
	struct field_path path = METADATA("namespace");
	struct view text;

	if (admission_text(node, &text) && text.len > 0)
		admission_name(admission, K8S_NAME_NAMESPACE, text, node, &path);
}

static void judge_labels(struct admission *admission, const struct node *metadata)
{
	const struct node *labels = node_get(metadata, "labels");
	struct field_path path = METADATA("labels");

	for (size_t i = 0; i < admission_count(labels, NODE_MAPPING); i++) {
		const struct node *key = labels->members[i].key, *value = labels->members[i].value;
		struct field_path inner = {.above = &path, .key = key};
		struct view text;

		admission_key(admission, K8S_NAME_LABEL_KEY, key, &inner);
		if (admission_text(value, &text))
			admission_name(admission, K8S_NAME_LABEL_VALUE, text, value, &inner);
	}
}

static void judge_annotations(struct admission *admission, const struct node *metadata)
{
	const struct node *annotations = node_get(metadata, "annotations");
	struct field_path path = METADATA("annotations");
	size_t size = 0;

	for (size_t i = 0; i < admission_count(annotations, NODE_MAPPING); i++) {
		const struct node *key = annotations->members[i].key;
		const struct node *value = annotations->members[i].value;
		struct field_path inner = {.above = &path, .key = key};

		admission_key(admission, K8S_NAME_ANNOTATION_KEY, key, &inner);
		size += key->len + (value->kind == NODE_STRING ? value->len : 0);
	}
	if (size > K8S_ANNOTATIONS_MAX)
		admission_add(admission, SECRET_PROBLEM_OBJECT, annotations, &path,
		              "hold %zu bytes, keys and values together; the limit is %d", size,
		              K8S_ANNOTATIONS_MAX);
}

static void judge_generation(struct admission *admission, const struct node *metadata)
{
	const struct node *node = node_get(metadata, "generation");
	struct field_path path = METADATA("generation");
	int64_t value;

	if (node && node->kind == NODE_NUMBER && node_number_int64(node, admission->json, &value) &&
	    value < 0)
		admission_refuse(admission, node, &path, "is negative");
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

static void judge_finalizer(struct admission *admission, const struct node *node,
                            const struct field_path *path)
{
	struct error error;
	struct view text;

	if (!admission_text(node, &text) || is_standard(node))
		return;
	if (!k8s_name_check(K8S_NAME_LABEL_KEY, text.data, text.len, &error))
		admission_refuse(admission, node, path,
		                 "is invalid: write a finalizer as PREFIX/NAME");
	else if (!memchr(text.data, '/', text.len))
		admission_refuse(admission, node, path,
		                 "is not a standard finalizer: write others as PREFIX/NAME");
}

static void judge_finalizers(struct admission *admission, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "finalizers"), *orphan = NULL,
	                  *foreground = NULL;
	struct field_path path = METADATA("finalizers");

	for (size_t i = 0; i < admission_count(list, NODE_SEQUENCE); i++) {
		const struct node *item = list->members[i].value;
		struct field_path inner = {.above = &path, .item = i};

		judge_finalizer(admission, item, &inner);
		orphan = node_is(item, "orphan") ? item : orphan;
		foreground = node_is(item, "foregroundDeletion") ? item : foreground;
	}
	if (orphan && foreground)
		admission_refuse(admission, list, &path,
		                 "contain both orphan and foregroundDeletion");
}

/* VERSION or GROUP/VERSION. */
static bool has_version(struct view api_version)
{
	const char *slash = memchr(api_version.data, '/', api_version.len);
	size_t rest = slash ? api_version.len - (size_t)(slash - api_version.data) - 1 : 0;

	if (!slash)
		return api_version.len > 0;
	return rest > 0 && !memchr(slash + 1, '/', rest);
}

static void judge_owner(struct admission *admission, const struct node *owner,
                        const struct field_path *path)
{
	static const char *const required[] = {"apiVersion", "kind", "name", "uid"};

	for (size_t i = 0; i < COUNT(required); i++) {
		const struct node *node = node_get(owner, required[i]);
		struct field_path inner = {.above = path, .field = required[i]};
		struct view text;

		if (!admission_text(node, &text))
			continue;
		if (text.len == 0)
			admission_refuse(admission, node ? node : owner, &inner, "is missing");
		else if (i == 0 && !has_version(text))
			admission_refuse(admission, node, &inner,
			                 "must be VERSION or GROUP/VERSION");
	}
	if (node_is(node_get(owner, "kind"), "Event") &&
	    node_is(node_get(owner, "apiVersion"), "v1"))
		admission_refuse(admission, owner, path, "is an Event, which cannot own objects");
}

static bool is_controller(const struct node *owner)
{
	const struct node *node = node_get(owner, "controller");

	return node && node->kind == NODE_BOOL && node->truth;
}

static void judge_owners(struct admission *admission, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "ownerReferences");
	struct field_path path = METADATA("ownerReferences");
	bool controlled = false;

	for (size_t i = 0; i < admission_count(list, NODE_SEQUENCE); i++) {
		const struct node *owner = list->members[i].value;
		struct field_path inner = {.above = &path, .item = i};
		struct field_path controller = {.above = &inner, .field = "controller"};

		if (owner->kind != NODE_MAPPING && owner->kind != NODE_NULL)
			continue;
		judge_owner(admission, owner, &inner);
		if (!is_controller(owner))
			continue;
		if (controlled)
			admission_refuse(admission, node_get(owner, "controller"), &controller,
			                 "is true for two owners; only one can be the controller");
		controlled = true;
	}
}

/* meta/v1/validation/validation.go, ValidateManagedFields */
static void judge_manager(struct admission *admission, const struct node *entry,
                          const struct field_path *path)
{
	enum { MANAGER_MAX = 128, SUBRESOURCE_MAX = 256 };
	const struct node *operation = node_get(entry, "operation");
	const struct node *type = node_get(entry, "fieldsType");
	const struct node *manager = node_get(entry, "manager");
	const struct node *subresource = node_get(entry, "subresource");
	struct field_path at = {.above = path, .field = "operation"};
	struct view text;

	if (admission_text(operation, &text) && !node_is(operation, "Apply") &&
	    !node_is(operation, "Update"))
		admission_refuse(admission, operation ? operation : entry, &at,
		                 "must be Apply or Update");
	at.field = "fieldsType";
	if (admission_text(type, &text) && text.len > 0 && !node_is(type, "FieldsV1"))
		admission_refuse(admission, type, &at, "must be FieldsV1");
	at.field = "manager";
	if (admission_text(manager, &text) && text.len > MANAGER_MAX)
		admission_refuse(admission, manager, &at, "is longer than 128 bytes");
	else if (utf8_holds_control(text.data, text.len))
		admission_refuse(admission, manager, &at, "contains a control character");
	at.field = "subresource";
	if (admission_text(subresource, &text) && text.len > SUBRESOURCE_MAX)
		admission_refuse(admission, subresource, &at, "is longer than 256 bytes");
}

static void judge_managers(struct admission *admission, const struct node *metadata)
{
	const struct node *list = node_get(metadata, "managedFields");
	struct field_path path = METADATA("managedFields");

	for (size_t i = 0; i < admission_count(list, NODE_SEQUENCE); i++) {
		const struct node *entry = list->members[i].value;
		struct field_path inner = {.above = &path, .item = i};

		if (entry->kind == NODE_MAPPING || entry->kind == NODE_NULL)
			judge_manager(admission, entry, &inner);
	}
}

void admission_metadata(struct admission *admission, const struct node *root)
{
	const struct node *metadata = node_get(root, "metadata");

	if (metadata && metadata->kind != NODE_MAPPING && metadata->kind != NODE_NULL)
		return;
	judge_names(admission, root, metadata);
	judge_namespace(admission, metadata);
	judge_generation(admission, metadata);
	judge_labels(admission, metadata);
	judge_annotations(admission, metadata);
	judge_owners(admission, metadata);
	judge_finalizers(admission, metadata);
	judge_managers(admission, metadata);
}
