#include "regcred/kube/workload.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/manifest/templated.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Where each kind keeps the spec of its Pods. */
static const struct row {
	const char *kind;
	const char *groups[3]; /* "": the core, whose apiVersion is a version alone */
	const char *spec;
} rows[] = {
    {"Pod", {""}, "spec"},
    {"PodTemplate", {""}, "template.spec"},
    {"ReplicationController", {""}, "spec.template.spec"},
    {"Deployment", {"apps", "extensions"}, "spec.template.spec"},
    {"StatefulSet", {"apps"}, "spec.template.spec"},
    {"DaemonSet", {"apps", "extensions"}, "spec.template.spec"},
    {"ReplicaSet", {"apps", "extensions"}, "spec.template.spec"},
    {"Job", {"batch", "extensions"}, "spec.template.spec"},
    {"CronJob", {"batch"}, "spec.jobTemplate.spec.template.spec"},
};

static const struct {
	const char *list;
	enum container_kind kind;
} containers[] = {
    {"containers", CONTAINER_PLAIN},
    {"initContainers", CONTAINER_INIT},
    {"ephemeralContainers", CONTAINER_EPHEMERAL},
};

static void references_release(struct workload_references *references)
{
	memory_release(references->items);
}

void workload_release(struct workload *workload)
{
	memory_release(workload->images);
	references_release(&workload->pull_secrets);
	*workload = WORKLOAD_INIT;
}

void service_account_release(struct service_account *account)
{
	references_release(&account->pull_secrets);
	references_release(&account->secrets);
	*account = SERVICE_ACCOUNT_INIT;
}

static const char *text_of(const struct node *node)
{
	const char *text = node_string(node);

	return text ? text : "";
}

static bool is_templated(const struct node *string)
{
	return value_is_templated(string->text, string->len);
}

/* ---- Which kind it is ---- */

static bool is_in_group(const char *api_version, const char *group)
{
	const char *slash = strchr(api_version, '/');
	size_t len = slash ? (size_t)(slash - api_version) : 0;

	return *api_version && strlen(group) == len && strncmp(api_version, group, len) == 0;
}

static const struct row *find_row(const char *api_version, const char *kind)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t g = 0; g < COUNT(rows[i].groups) && rows[i].groups[g]; g++)
			if (strcmp(rows[i].kind, kind) == 0 &&
			    is_in_group(api_version, rows[i].groups[g]))
				return &rows[i];
	return NULL;
}

/* ---- Lists ---- */

/* The items of a list; no items if it is none. */
static size_t item_count(const struct node *list)
{
	return list && list->kind == NODE_SEQUENCE ? list->count : 0;
}

static bool add_reference(struct workload_references *references, const struct node *name)
{
	const char *text = node_string(name);

	if (!text || !*text)
		return true;
	memory_extend(&references->items, references->count, &references->capacity,
	              sizeof *references->items);
	references->items[references->count++] =
	    (struct workload_reference){text, name, is_templated(name)};
	return true;
}

static bool add_references(struct workload_references *references, const struct node *list)
{
	for (size_t i = 0; i < item_count(list); i++)
		if (!add_reference(references, node_get(list->members[i].value, "name")))
			return false;
	return true;
}

static bool add_image(struct workload *workload, const struct node *container,
                      enum container_kind kind)
{
	const struct node *image = node_get(container, "image");
	const char *text = node_string(image);

	if (!text || !*text)
		return true;
	memory_extend(&workload->images, workload->image_count, &workload->image_capacity,
	              sizeof *workload->images);
	workload->images[workload->image_count++] = (struct workload_image){
	    .text = text,
	    .node = image,
	    .kind = kind,
	    .container = text_of(node_get(container, "name")),
	    .templated = is_templated(image),
	};
	return true;
}

static bool add_images(struct workload *workload)
{
	for (size_t c = 0; c < COUNT(containers); c++) {
		const struct node *list = node_get(workload->spec, containers[c].list);

		for (size_t i = 0; i < item_count(list); i++)
			if (!add_image(workload, list->members[i].value, containers[c].kind))
				return false;
	}
	return true;
}

/* ---- The objects ---- */

/* serviceAccount is the old name; the new one wins (core/v1/conversion.go). */
static struct workload_reference find_service_account(const struct node *spec)
{
	static const char *const names[] = {"serviceAccountName", "serviceAccount"};

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct node *node = node_get(spec, names[i]);
		const char *text = node_string(node);

		if (text && *text)
			return (struct workload_reference){text, node, is_templated(node)};
	}
	return (struct workload_reference){.name = "default"};
}

bool workload_read(const struct node *root, const char *api_version, const char *kind,
                   struct workload *workload, struct error *error)
{
	const struct row *row = find_row(api_version, kind);

	workload_release(workload);
	if (!row)
		return true;
	workload->kind = row->kind;
	workload->namespace = text_of(node_at(root, "metadata.namespace"));
	workload->name = text_of(node_at(root, "metadata.name"));
	workload->path = row->spec;
	workload->spec = node_at(root, row->spec);
	workload->service_account = find_service_account(workload->spec);
	return (add_images(workload) &&
	        add_references(&workload->pull_secrets,
	                       node_get(workload->spec, "imagePullSecrets"))) ||
	       error_out_of_memory(error);
}

bool service_account_read(const struct node *root, const char *api_version, const char *kind,
                          struct service_account *account, struct error *error)
{
	service_account_release(account);
	account->namespace = account->name = "";
	if (strcmp(kind, "ServiceAccount") != 0 || !is_in_group(api_version, ""))
		return true;
	account->is_one = true;
	account->namespace = text_of(node_at(root, "metadata.namespace"));
	account->name = text_of(node_at(root, "metadata.name"));
	return (add_references(&account->pull_secrets, node_get(root, "imagePullSecrets")) &&
	        add_references(&account->secrets, node_get(root, "secrets"))) ||
	       error_out_of_memory(error);
}
