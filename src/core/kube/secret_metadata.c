/* The rules for metadata: apimachinery pkg/api/validation/objectmeta.go. */
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/tree/node_number.h"
#include "secret_problem.h"

/* ---- Names ---- */

/* names.go: the base is cut, and five characters are added. */
static void judge_generated(struct admission *admission, struct view base, const struct spot *spot)
{
	enum { BASE_MAX = 58 };
	static const char suffix[] = "x7k2m";
	char name[BASE_MAX + sizeof suffix];
	size_t len = base.len < BASE_MAX ? base.len : BASE_MAX;
	struct error error;

	memcpy(name, base.data, len);
	memcpy(name + len, suffix, sizeof suffix);
	if (!k8s_name_check(K8S_NAME_SECRET, name, len + sizeof suffix - 1, &error))
		admission_refuse(
		    admission, spot,
		    "makes an invalid name: it is cut at 58 bytes, and a suffix is added");
}

static void judge_names(struct admission *admission, const struct spot *metadata)
{
	struct spot name = spot_field(metadata, "name");
	struct spot generate = spot_field(metadata, "generateName");
	struct view text, base;
	bool known = spot_text(&name, &text), base_known = spot_text(&generate, &base);
	bool base_sound = base_known && base.len > 0 &&
	                  admission_name(admission, K8S_NAME_GENERATE, base, &generate);

	if (known && text.len > 0)
		admission_name(admission, K8S_NAME_SECRET, text, &name);
	else if (known && base_known && base.len == 0)
		admission_refuse(admission, &name,
		                 "is missing: a Secret needs a name, or a generateName");
	else if (known && base_sound)
		judge_generated(admission, base, &generate);
}

static void judge_namespace(struct admission *admission, const struct spot *metadata)
{
	struct spot spot = spot_field(metadata, "namespace");
	struct view text;

	if (spot_text(&spot, &text) && text.len > 0)
		admission_name(admission, K8S_NAME_NAMESPACE, text, &spot);
}

static void judge_generation(struct admission *admission, const struct spot *metadata)
{
	struct spot spot = spot_field(metadata, "generation");
	int64_t value;

	if (spot.node && spot.node->kind == NODE_NUMBER &&
	    node_number_int64(spot.node, admission->json, &value) && value < 0)
		admission_refuse(admission, &spot, "is negative");
}

/* ---- Labels and annotations ---- */

static void judge_labels(struct admission *admission, const struct spot *metadata)
{
	struct spot labels = spot_field(metadata, "labels");

	admission_keys(admission, K8S_NAME_LABEL_KEY, &labels);
	for (size_t i = 0; i < spot_count(&labels, NODE_MAPPING); i++) {
		struct spot value = spot_child(&labels, i);
		struct view text;

		if (spot_text(&value, &text))
			admission_name(admission, K8S_NAME_LABEL_VALUE, text, &value);
	}
}

static void judge_annotations(struct admission *admission, const struct spot *metadata)
{
	struct spot annotations = spot_field(metadata, "annotations");
	size_t size = 0;

	admission_keys(admission, K8S_NAME_ANNOTATION_KEY, &annotations);
	for (size_t i = 0; i < spot_count(&annotations, NODE_MAPPING); i++) {
		struct spot value = spot_child(&annotations, i);

		size += value.key->len + (value.node->kind == NODE_STRING ? value.node->len : 0);
	}
	if (size > K8S_ANNOTATIONS_MAX)
		admission_add(admission, SECRET_PROBLEM_OBJECT, &annotations,
		              "hold %zu bytes, keys and values together; the limit is %d", size,
		              K8S_ANNOTATIONS_MAX);
}

/* ---- Lists ---- */

/* pkg/apis/core/helper/helpers.go */
static bool is_standard_finalizer(const struct node *node)
{
	return node_is(node, "kubernetes") || node_is(node, "orphan") ||
	       node_is(node, "foregroundDeletion");
}

static void judge_finalizer(struct admission *admission, const struct spot *spot)
{
	struct error error;
	struct view text;

	if (!spot_text(spot, &text) || is_standard_finalizer(spot->node))
		return;
	if (!k8s_name_check(K8S_NAME_LABEL_KEY, text.data, text.len, &error))
		admission_refuse(admission, spot, "is invalid: write a finalizer as PREFIX/NAME");
	else if (!view_holds(text, '/'))
		admission_refuse(admission, spot,
		                 "is not a standard finalizer: write others as PREFIX/NAME");
}

static void judge_finalizers(struct admission *admission, const struct spot *metadata)
{
	struct spot list = spot_field(metadata, "finalizers");
	bool orphan = false, foreground = false;

	for (size_t i = 0; i < spot_count(&list, NODE_SEQUENCE); i++) {
		struct spot item = spot_child(&list, i);

		judge_finalizer(admission, &item);
		orphan |= node_is(item.node, "orphan");
		foreground |= node_is(item.node, "foregroundDeletion");
	}
	if (orphan && foreground)
		admission_refuse(admission, &list, "contain both orphan and foregroundDeletion");
}

/* VERSION or GROUP/VERSION. */
static bool has_version(struct view api_version)
{
	size_t slash = view_find(api_version, '/');
	struct view rest;

	if (slash == api_version.len)
		return true;
	rest = view_from(api_version, slash + 1);
	return rest.len > 0 && !view_holds(rest, '/');
}

static void judge_owner(struct admission *admission, const struct spot *owner)
{
	static const char *const required[] = {"apiVersion", "kind", "name", "uid"};

	for (size_t i = 0; i < COUNT(required); i++) {
		struct spot spot = spot_field(owner, required[i]);
		struct view text;

		if (!spot_text(&spot, &text))
			continue;
		if (text.len == 0)
			admission_refuse(admission, &spot, "is missing");
		else if (i == 0 && !has_version(text))
			admission_refuse(admission, &spot, "must be VERSION or GROUP/VERSION");
	}
	if (node_is(node_get(owner->node, "kind"), "Event") &&
	    node_is(node_get(owner->node, "apiVersion"), "v1"))
		admission_refuse(admission, owner, "is an Event, which cannot own objects");
}

static void judge_owners(struct admission *admission, const struct spot *metadata)
{
	struct spot list = spot_field(metadata, "ownerReferences");
	bool controlled = false;

	for (size_t i = 0; i < spot_count(&list, NODE_SEQUENCE); i++) {
		struct spot owner = spot_child(&list, i);
		struct spot controller = spot_field(&owner, "controller");

		if (!spot_fits(&owner, NODE_MAPPING))
			continue;
		judge_owner(admission, &owner);
		if (!controller.node || controller.node->kind != NODE_BOOL ||
		    !controller.node->truth)
			continue;
		if (controlled)
			admission_refuse(admission, &controller,
			                 "is true for two owners; only one can be the controller");
		controlled = true;
	}
}

/* meta/v1/validation/validation.go, ValidateManagedFields */
static void judge_manager(struct admission *admission, const struct spot *entry)
{
	struct spot operation = spot_field(entry, "operation");
	struct spot type = spot_field(entry, "fieldsType");
	struct spot manager = spot_field(entry, "manager");
	struct spot subresource = spot_field(entry, "subresource");
	struct view text;

	if (spot_text(&operation, &text) && !view_is(text, "Apply") && !view_is(text, "Update"))
		admission_refuse(admission, &operation, "must be Apply or Update");
	if (spot_text(&type, &text) && text.len > 0 && !view_is(text, "FieldsV1"))
		admission_refuse(admission, &type, "must be FieldsV1");
	if (spot_text(&manager, &text) && text.len > 128)
		admission_refuse(admission, &manager, "is longer than 128 bytes");
	else if (utf8_holds_control(text.data, text.len))
		admission_refuse(admission, &manager, "contains a control character");
	if (spot_text(&subresource, &text) && text.len > 256)
		admission_refuse(admission, &subresource, "is longer than 256 bytes");
}

static void judge_managers(struct admission *admission, const struct spot *metadata)
{
	struct spot list = spot_field(metadata, "managedFields");

	for (size_t i = 0; i < spot_count(&list, NODE_SEQUENCE); i++) {
		struct spot entry = spot_child(&list, i);

		if (spot_fits(&entry, NODE_MAPPING))
			judge_manager(admission, &entry);
	}
}

void admission_metadata(struct admission *admission, const struct spot *root)
{
	struct spot metadata = spot_field(root, "metadata");

	if (!spot_fits(&metadata, NODE_MAPPING))
		return;
	judge_names(admission, &metadata);
	judge_namespace(admission, &metadata);
	judge_generation(admission, &metadata);
	judge_labels(admission, &metadata);
	judge_annotations(admission, &metadata);
	judge_owners(admission, &metadata);
	judge_finalizers(admission, &metadata);
	judge_managers(admission, &metadata);
}
