#include "regcred/kube/workload.h"

#include <string.h>
#include <strings.h>

#include "regcred/base/memory.h"
#include "regcred/base/view.h"
#include "regcred/manifest/templated.h"

/* ---- What is read of an object ---- */

#define NODE_WANTED_NAMES                                                                          \
	{"apiVersion", NULL}, {"kind", NULL},                                                      \
	{                                                                                          \
		"metadata", metadata                                                               \
	}

static const struct node_wanted metadata[] = {
    {"annotations", NULL}, {"name", NULL}, {"namespace", NULL}, {"uid", NULL}, NODE_WANTED_END};
static const struct node_wanted nothing[] = {NODE_WANTED_END};
static const struct node_wanted containers[] = {
    {"image", NULL}, {"imagePullPolicy", NULL}, {"name", NULL}, NODE_WANTED_END};
static const struct node_wanted volumes[] = {{"image", NULL}, {"name", NULL}, NODE_WANTED_END};
static const struct node_wanted pod_spec[] = {
    {"containers", containers}, {"ephemeralContainers", containers},
    {"imagePullSecrets", NULL}, {"initContainers", containers},
    {"serviceAccount", NULL},   {"serviceAccountName", NULL},
    {"volumes", volumes},       NODE_WANTED_END,
};
static const struct node_wanted pod_template[] = {{"spec", pod_spec}, NODE_WANTED_END};
static const struct node_wanted workload_spec[] = {{"template", pod_template}, NODE_WANTED_END};
static const struct node_wanted job_template[] = {{"spec", workload_spec}, NODE_WANTED_END};
static const struct node_wanted cron_job_spec[] = {{"jobTemplate", job_template}, NODE_WANTED_END};

/* A Pod's status says whether it is admitted by having members at all. */
static const struct node_wanted of_pod[] = {
    NODE_WANTED_NAMES, {"spec", pod_spec}, {"status", nothing}, NODE_WANTED_END};
static const struct node_wanted of_template[] = {
    NODE_WANTED_NAMES, {"template", pod_template}, NODE_WANTED_END};
static const struct node_wanted of_workload[] = {
    NODE_WANTED_NAMES, {"spec", workload_spec}, NODE_WANTED_END};
static const struct node_wanted of_cron_job[] = {
    NODE_WANTED_NAMES, {"spec", cron_job_spec}, NODE_WANTED_END};
static const struct node_wanted of_account[] = {
    NODE_WANTED_NAMES, {"imagePullSecrets", NULL}, {"secrets", NULL}, NODE_WANTED_END};
static const struct node_wanted of_others[] = {NODE_WANTED_NAMES, NODE_WANTED_END};

/* ---- Where pod specs are ---- */

/* The built-in kinds that have one. */
static const struct row {
	const char *kind;
	const char *groups; /* blank between; "": the core, whose apiVersion is a version alone */
	const char *spec;
	const struct node_wanted *wanted;
} rows[] = {
    {"Pod", "", "spec", of_pod},
    {"PodTemplate", "", "template.spec", of_template},
    {"ReplicationController", "", "spec.template.spec", of_workload},
    {"Deployment", "apps extensions", "spec.template.spec", of_workload},
    {"StatefulSet", "apps", "spec.template.spec", of_workload},
    {"DaemonSet", "apps extensions", "spec.template.spec", of_workload},
    {"ReplicaSet", "apps extensions", "spec.template.spec", of_workload},
    {"Job", "batch extensions", "spec.template.spec", of_workload},
    {"CronJob", "batch", "spec.jobTemplate.spec.template.spec", of_cron_job},
};

/* Kinds that hold patterns, values or old copies of pod specs, from which no Pod is made. */
static const char talkers[] =
    "CustomResourceDefinition ClusterPolicy Policy ValidatingPolicy MutatingPolicy "
    "GeneratingPolicy "
    "ConstraintTemplate Assign ModifySet HelmRelease HelmChart HelmChartConfig Application "
    "ApplicationSet ControllerRevision Kustomization ConfigMap Secret TestAssert Test "
    "PodSecurityPolicy Composition ResourceGraphDefinition";

void pod_specs_release(struct pod_specs *specs)
{
	memory_release(specs->items);
	*specs = POD_SPECS_INIT;
}

void workload_release(struct workload *workload)
{
	memory_release(workload->images);
	memory_release(workload->pull_secrets.items);
	*workload = WORKLOAD_INIT;
}

void service_account_release(struct service_account *account)
{
	memory_release(account->pull_secrets.items);
	memory_release(account->secrets.items);
	*account = SERVICE_ACCOUNT_INIT;
}

static bool is_templated(const struct node *string)
{
	return string && value_is_templated(string->text, string->len);
}

/* The items of a list; no items if it is not a list. */
static size_t item_count(const struct node *list)
{
	return list && list->kind == NODE_SEQUENCE ? list->count : 0;
}

static bool is_core(const char *api_version)
{
	const char *slash = strchr(api_version, '/');

	return *api_version && (!slash || slash == api_version);
}

static const struct row *find_row(const char *kind)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].kind, kind) == 0)
			return &rows[i];
	return NULL;
}

/* The same, unless it is another group's kind of that name. */
static const struct row *find_built_in(const char *api_version, const char *kind)
{
	const struct row *row = find_row(kind);
	struct view group = {api_version, strcspn(api_version, "/")};

	if (!row || !(*row->groups ? api_version[group.len] && view_is_one_of(group, row->groups)
	                           : is_core(api_version)))
		return NULL;
	return row;
}

const char *pod_spec_path(const char *api_version, const char *kind)
{
	const struct row *row = find_built_in(api_version, kind);

	return row ? row->spec : NULL;
}

bool workload_is_kind(const char *kind)
{
	return find_row(kind);
}

static void add_spec(struct pod_specs *specs, const struct node *spec)
{
	memory_extend(&specs->items, specs->count, &specs->capacity, sizeof(void *));
	specs->items[specs->count++] = spec;
}

static bool is_pod_spec(const struct node *mapping)
{
	const struct node *list = node_get(mapping, "containers");

	for (size_t i = 0; i < item_count(list); i++)
		if (*node_text(node_get(list->members[i].value, "image")))
			return true;
	return false;
}

enum { DEPTH_MAX = 64 }; /* no custom resource nests its Pods deeper */

static void search(const struct node *node, int depth, struct pod_specs *specs)
{
	if (depth == DEPTH_MAX || (node->kind != NODE_MAPPING && node->kind != NODE_SEQUENCE))
		return;
	if (is_pod_spec(node)) {
		add_spec(specs, node);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		search(node->members[i].value, depth + 1, specs);
}

void pod_specs_find(const struct node *root, const char *api_version, const char *kind,
                    struct pod_specs *specs)
{
	const char *path = pod_spec_path(api_version, kind);
	const struct node *spec;

	specs->count = 0;
	if (path) {
		spec = node_at(root, path);
		if (spec && spec->kind == NODE_MAPPING)
			add_spec(specs, spec);
	} else if (root && *kind && strchr(api_version, '/') &&
	           !view_is_one_of(view_of(kind), talkers)) {
		search(root, 0, specs);
	}
}

/* A List has its items, and of a Secret all is judged. */
static bool is_kept_whole(const char *kind)
{
	size_t len = strlen(kind);

	return strcasecmp(kind, "Secret") == 0 || (len >= 4 && strcmp(kind + len - 4, "List") == 0);
}

const struct node_wanted *workload_wanted(const char *api_version, const char *kind)
{
	const struct row *row = find_built_in(api_version, kind);

	if (row)
		return row->wanted;
	if (!is_core(api_version) || is_kept_whole(kind))
		return NULL;
	return strcmp(kind, "ServiceAccount") == 0 ? of_account : of_others;
}

/* ---- What a pod spec says ---- */

static void add_reference(struct workload_references *references, const char *text,
                          const struct node *name)
{
	memory_extend(&references->items, references->count, &references->capacity,
	              sizeof *references->items);
	references->items[references->count++] =
	    (struct workload_reference){text, name, is_templated(name)};
}

/* A list or an item that a template fills in is a name that is not known. */
static void add_references(struct workload_references *references, const struct node *list)
{
	references->listed = item_count(list) > 0;
	if (value_is_unknown(list))
		add_reference(references, list->text, list);
	else
		references->odd = list && list->kind != NODE_SEQUENCE && list->kind != NODE_NULL;
	for (size_t i = 0; i < item_count(list); i++) {
		const struct node *item = list->members[i].value;
		const struct node *name = value_is_unknown(item) ? item : node_get(item, "name");
		const char *text = node_string(name);

		references->odd = references->odd || (item->kind != NODE_MAPPING && item != name) ||
		                  (name && !text);
		if (text && *text && !node_is(node_get(item, "$patch"), "delete"))
			add_reference(references, text, name); /* else a patch takes it away */
	}
}

static const struct {
	const char *list, *image, *policy;
} places[] = {
    [CONTAINER_PLAIN] = {"containers", "image", "imagePullPolicy"},
    [CONTAINER_INIT] = {"initContainers", "image", "imagePullPolicy"},
    [CONTAINER_EPHEMERAL] = {"ephemeralContainers", "image", "imagePullPolicy"},
    [CONTAINER_VOLUME] = {"volumes", "image.reference", "image.pullPolicy"},
};

/* Istio's webhook fills in an image that is "auto" (istio 1.24
 * manifests/charts/gateway/templates/deployment.yaml). */
static void add_image(struct workload *workload, const struct node *container,
                      enum container_kind kind)
{
	const struct node *image = node_at(container, places[kind].image);

	if (!*node_text(image))
		return;
	memory_extend(&workload->images, workload->image_count, &workload->image_capacity,
	              sizeof *workload->images);
	workload->images[workload->image_count++] = (struct workload_image){
	    .text = image->text,
	    .node = image,
	    .kind = kind,
	    .container = node_text(node_get(container, "name")),
	    .unknown = is_templated(image) || node_is(image, "auto"),
	    .never_pulled = node_is(node_at(container, places[kind].policy), "Never"),
	};
}

static void add_images(struct workload *workload)
{
	for (size_t kind = 0; kind < COUNT(places); kind++) {
		const struct node *list = node_get(workload->spec, places[kind].list);

		for (size_t i = 0; i < item_count(list); i++)
			add_image(workload, list->members[i].value, (enum container_kind)kind);
	}
}

/* serviceAccount is the old name; the new one wins (core/v1/conversion.go). */
static struct workload_reference find_service_account(const struct node *spec)
{
	static const char *const names[] = {"serviceAccountName", "serviceAccount"};

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct node *node = node_get(spec, names[i]);

		if (*node_text(node))
			return (struct workload_reference){node->text, node, is_templated(node)};
	}
	return (struct workload_reference){.name = "default"};
}

/* kubectl's dry run writes an empty status. */
static bool is_admitted(const struct node *root)
{
	const struct node *status = node_get(root, "status");

	return *node_text(node_at(root, "metadata.uid")) ||
	       (status && status->kind == NODE_MAPPING && status->count);
}

void workload_read(const struct node *root, const char *kind, const struct node *spec,
                   struct workload *workload)
{
	workload_release(workload);
	workload->kind = kind;
	workload->ns = node_text(node_at(root, "metadata.namespace"));
	workload->name = node_text(node_at(root, "metadata.name"));
	workload->spec = spec;
	workload->admitted = strcmp(kind, "Pod") == 0 && is_admitted(root);
	workload->service_account = find_service_account(spec);
	add_images(workload);
	add_references(&workload->pull_secrets, node_get(spec, "imagePullSecrets"));
}

void service_account_read(const struct node *root, const char *api_version, const char *kind,
                          struct service_account *account)
{
	service_account_release(account);
	account->ns = account->name = "";
	if (strcmp(kind, "ServiceAccount") != 0 || !is_core(api_version))
		return;
	account->is_one = true;
	account->ns = node_text(node_at(root, "metadata.namespace"));
	account->name = node_text(node_at(root, "metadata.name"));
	add_references(&account->pull_secrets, node_get(root, "imagePullSecrets"));
	add_references(&account->secrets, node_get(root, "secrets"));
}
