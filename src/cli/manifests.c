#include "manifests.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/registry/image_reference.h"

/* What the user may have taken for a pull Secret that counts. */
void manifests_tell_of_secret(struct report *report, const char *file,
                              const struct pull_secret *secret)
{
	const char *slash = *secret->namespace ? "/" : "";

	if (secret->kind == PULL_SECRET_NONE || secret->kind == PULL_SECRET_BARE)
		return;
	if (secret->kind == PULL_SECRET_OTHER && secret->state != PULL_SECRET_MISSING)
		report_say(report, DIAGNOSTIC_SECRET_TYPE,
		           "its type must be kubernetes.io/dockerconfigjson; a type cannot be "
		           "changed, so create it anew",
		           "%s: the kubelet ignores Secret %s%s%s: its type is %s", file,
		           secret->namespace, slash, secret->name, secret->type);
	else if (secret->kind != PULL_SECRET_OTHER && secret->state == PULL_SECRET_UNKNOWN)
		report_say(report, DIAGNOSTIC_SECRET_UNKNOWN, "decrypt or render it first",
		           "%s: Secret %s%s%s is encrypted, or not filled in yet", file,
		           secret->namespace, slash, secret->name);
	else if (secret->kind != PULL_SECRET_OTHER && secret->state == PULL_SECRET_MISSING)
		report_say(report, DIAGNOSTIC_SECRET_UNKNOWN, NULL,
		           "%s: Secret %s%s%s counts for nothing: %s", file, secret->namespace,
		           slash, secret->name, secret->problem);
}

void manifests_tell_of_template(struct report *report, const char *file,
                                const struct manifest_item *item)
{
	report_say(report, DIAGNOSTIC_TEMPLATE, "render it first, such as with helm template",
	           "%s:%llu: the document is a template and is skipped", file,
	           (unsigned long long)item->place.line);
}

bool manifests_fail_broken(const char *file, const struct manifest_item *item, struct error *error)
{
	*error = *item->problem;
	error_prefix(error, "%s:%llu:%llu", file, (unsigned long long)item->place.line,
	             (unsigned long long)item->place.column);
	return error_from_input(error);
}

static bool visit_object(const struct manifests *manifests, size_t file,
                         const struct manifest_item *item, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;
	const char *name = reading_name(manifests->files, file);

	if (!item->root || item->root->kind != NODE_MAPPING)
		return true;
	if (manifests->wanted & INVENTORY_SECRETS) {
		if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
			return error_prefix(error, "%s", name);
		if (inventory_wants(manifests->inventory, secret.namespace))
			manifests_tell_of_secret(manifests->report, name, &secret);
		inventory_add_secret(manifests->inventory, manifests->first + file, item->root,
		                     &secret);
	}
	inventory_add_object(manifests->inventory, manifests->first + file, item,
	                     manifests->wanted);
	return true;
}

static bool visit(void *context, size_t file, const struct manifest_item *item, struct error *error)
{
	const struct manifests *manifests = context;
	const char *name = reading_name(manifests->files, file);

	if (item->event == MANIFEST_BROKEN)
		return manifests_fail_broken(name, item, error);
	if (item->event == MANIFEST_OBJECT)
		return visit_object(manifests, file, item, error);
	manifests_tell_of_template(manifests->report, name, item);
	return true;
}

bool manifests_read(const struct manifests *manifests, struct error *error)
{
	return reading_each(manifests->files, visit, (void *)manifests, NULL, error);
}

bool manifests_check_images(const struct string_list *images, struct error *error)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct image_reference reference;

	for (size_t i = 0; i < images->count; i++)
		if (!image_reference_parse(images->items[i], &name, &reference, error))
			return false;
	return true;
}

bool manifests_fail_without_workload(const struct reading_request *files, struct error *error)
{
	return error_set(error, DIAGNOSTIC_WORKLOAD_NONE,
	                 "a Pod counts, and each kind that holds containers with an image, with "
	                 "its apiVersion",
	                 "there is no workload in %s", reading_name(files, 0));
}
