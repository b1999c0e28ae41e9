/* References to Secrets and ServiceAccounts, judged when all objects are read. The inventory
 * finds what they refer to. */
#include "check_reference.h"

#include <string.h>

#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/manifest/templated.h"

void check_references_release(struct check_references *references)
{
	inventory_free(&references->inventory);
	string_list_release(&references->texts);
	memory_release(references->workloads.items);
	memory_release(references->accounts.items);
	memory_release(references->capitals);
	memory_release(references->mounts);
	string_list_release(&references->hosts);
	memory_release(references->examples);
	memory_release(references->bare);
}

/* ---- Keeping facts ---- */

/* For those that the object has added. */
static void keep_origins(struct origins *origins, size_t count, struct check_origin origin)
{
	while (origins->count < count) {
		memory_extend(&origins->items, origins->count, &origins->capacity, sizeof origin);
		origins->items[origins->count++] = origin;
	}
}

static bool names(const struct workload_references *references, const char *name)
{
	for (size_t i = 0; i < references->count; i++)
		if (references->items[i].templated || strcmp(references->items[i].name, name) == 0)
			return true;
	return false;
}

/* Of a ServiceAccount: `secrets` is for mounting, and only imagePullSecrets is for pulling. */
static void keep_mounts(struct check_references *references, const struct check_object *object)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	const struct manifest_item *item = object->item;

	service_account_read(item->root, item->api_version, item->kind, &account);
	for (size_t i = 0; i < account.secrets.count; i++) {
		const struct workload_reference *from = &account.secrets.items[i];
		struct mount mount = {.origin = object->origin};

		if (from->templated || names(&account.pull_secrets, from->name))
			continue;
		mount.place = from->node->place;
		mount.ns = string_list_number(&references->texts, view_of(account.ns));
		mount.name = string_list_number(&references->texts, view_of(from->name));
		memory_extend(&references->mounts, references->mount_count,
		              &references->mount_capacity, sizeof mount);
		references->mounts[references->mount_count++] = mount;
	}
}

void check_reference_look(struct check *check, const struct check_object *object)
{
	struct check_references *references = check_references_of(check);
	struct inventory *inventory = references->inventory;
	size_t file = object->origin.file;

	if (object->secret)
		inventory_add_secret(inventory, file, object->item->root, object->secret);
	inventory_add_object(inventory, file, object->item, INVENTORY_ALL);
	if (object->kind == CHECK_KIND_SERVICE_ACCOUNT)
		keep_mounts(references, object);
	keep_origins(&references->workloads, inventory_workload_count(inventory), object->origin);
	keep_origins(&references->accounts, inventory_account_count(inventory), object->origin);
}

void check_reference_look_at_other(struct check *check, size_t file,
                                   const struct manifest_item *item)
{
	inventory_add_object(check_references_of(check)->inventory, file, item, INVENTORY_SECRETS);
}

/* ---- Saying it ---- */

/* One who refers to others. */
struct consumer {
	struct check *check;
	struct inventory *inventory;
	struct check_origin origin;
	const char *ns;
};

static void append_namespace(struct buf *out, const char *ns)
{
	if (*ns)
		buf_append_format(out, " in namespace \"%s\"", ns);
}

static void append_near(struct buf *hint, const char *near, const char *elsewhere)
{
	buf_append_format(hint, "did you mean \"%s\"?", near);
	if (!*elsewhere)
		return;
	buf_append_string(hint, " It is");
	append_namespace(hint, elsewhere);
	buf_append_string(hint, ", and a Pod uses only Secrets in its own");
}

static void say_missing(const struct consumer *consumer, const struct inventory_pull *pull,
                        const char *near, const char *elsewhere)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf place = BUF_INIT(BUF_CONFIG_MAX);

	append_namespace(&place, consumer->ns);
	if (near)
		append_near(&hint, near, elsewhere);
	else
		buf_append_string(&hint,
		                  "create it, or fix the name: the kubelet skips a missing Secret");
	check_report(consumer->check, consumer->origin, CHECK_REF_MISSING, pull->place.at,
	             hint.data, "imagePullSecrets names \"%s\", but there is no such Secret%s",
	             pull->name, place.data);
}

/* It is expected where everything is here, or pull Secrets of the namespace are, or a name
 * near it is. */
static void judge_missing(const struct consumer *consumer, const struct inventory_pull *pull)
{
	const char *elsewhere = "", *near;
	struct error invalid;

	if (!k8s_name_check(K8S_NAME_SECRET, pull->name, strlen(pull->name), &invalid))
		return; /* ref-shape says it */
	near = inventory_near(consumer->inventory, false, pull->name, consumer->ns, &elsewhere);
	if (near || check_options_of(consumer->check)->complete ||
	    inventory_has_pull_secrets(consumer->inventory, consumer->ns))
		say_missing(consumer, pull, near, elsewhere);
}

static void say_namespace(const struct consumer *consumer, const struct inventory_pull *pull)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);

	if (edit_distance(consumer->ns, pull->elsewhere, 2) <= 2)
		buf_append_format(&hint, "did you mean namespace \"%s\"?", pull->elsewhere);
	else
		buf_append_format(&hint,
		                  "a Pod uses only Secrets in its own namespace: create "
		                  "\"%s\" in \"%s\" too",
		                  pull->name, consumer->ns);
	check_report(consumer->check, consumer->origin, CHECK_REF_NAMESPACE, pull->place.at,
	             hint.data,
	             "the Secret \"%s\" is in namespace \"%s\", but it is referred to from "
	             "namespace \"%s\"",
	             pull->name, pull->elsewhere, consumer->ns);
}

static void say_type(const struct consumer *consumer, const struct inventory_pull *pull)
{
	struct inventory_secret secret = inventory_secret(consumer->inventory, pull->secret);

	check_report(consumer->check, consumer->origin, CHECK_REF_TYPE, pull->place.at,
	             secret.has_payload
	                 ? "create the Secret again as kubernetes.io/dockerconfigjson: its type "
	                   "cannot be changed"
	                 : "imagePullSecrets needs a Secret of type kubernetes.io/dockerconfigjson",
	             "the Secret \"%s\" is of type \"%s\", which the kubelet ignores when it pulls",
	             pull->name, secret.type);
}

static void judge_pulls(const struct consumer *consumer, const struct inventory_pod *pod)
{
	for (size_t i = 0; i < pod->count; i++) {
		const struct inventory_pull *pull = &pod->pulls[i];

		if (pull->state == INVENTORY_TYPE)
			say_type(consumer, pull);
		else if (pull->elsewhere)
			say_namespace(consumer, pull);
		else if (pull->state == INVENTORY_MISSING)
			judge_missing(consumer, pull);
	}
}

/* A ServiceAccount that is not there: the objects are rarely all that exist, so it is
 * reported only if the namespace has one of a similar name. Every namespace has its
 * "default". */
static void judge_account(const struct consumer *consumer,
                          const struct inventory_workload *workload)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);
	const char *name = workload->account, *elsewhere = "", *near;

	if (!workload->account_named || strcmp(name, "default") == 0 ||
	    value_is_templated(name, strlen(name)) ||
	    inventory_has_account(consumer->inventory, consumer->ns, name))
		return;
	near = inventory_near(consumer->inventory, true, name, consumer->ns, &elsewhere);
	if (near && !*elsewhere)
		append_near(&hint, near, "");
	else if (check_options_of(consumer->check)->complete)
		buf_append_string(&hint, "no Pod is created until its ServiceAccount exists");
	else
		return;
	check_report(consumer->check, consumer->origin, CHECK_REF_MISSING,
	             workload->account_place.at, hint.data,
	             "serviceAccountName is \"%s\", but there is no such ServiceAccount", name);
}

/* ---- All of them ---- */

static void judge_workload(struct check *check, size_t number, struct inventory_pod *pod)
{
	const struct check_references *references = check_references_of(check);
	struct inventory_workload workload = inventory_workload(references->inventory, number);
	const struct consumer consumer = {check, references->inventory,
	                                  references->workloads.items[number], workload.ns};

	inventory_pod_of(references->inventory, number, pod);
	if (!pod->from_account)
		judge_pulls(&consumer, pod);
	judge_account(&consumer, &workload);
	check_images_judge(check, number, pod);
}

static void judge_list(struct check *check, size_t number)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	const struct check_references *references = check_references_of(check);
	const struct consumer consumer = {
	    check, references->inventory, references->accounts.items[number],
	    inventory_account_namespace(references->inventory, number)};

	inventory_pod_of_account(references->inventory, number, &pod);
	judge_pulls(&consumer, &pod);
}

static void judge_mount(struct check *check, const struct mount *mount)
{
	const struct check_references *references = check_references_of(check);
	const struct view *texts = references->texts.items;
	const char *name = texts[mount->name].data;

	if (inventory_has_pull_secret(references->inventory, texts[mount->ns].data, name))
		check_report(check, mount->origin, CHECK_REF_MOUNT_ONLY, mount->place,
		             "name it under imagePullSecrets of the ServiceAccount, too",
		             "the pull Secret \"%s\" is only under secrets, which is for mounting: "
		             "it is not used to pull",
		             name);
}

void check_reference_finish(struct check *check)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	const struct check_references *references = check_references_of(check);

	for (size_t i = 0; i < inventory_workload_count(references->inventory); i++)
		judge_workload(check, i, &pod);
	for (size_t i = 0; i < inventory_account_count(references->inventory); i++)
		judge_list(check, i);
	for (size_t i = 0; i < references->mount_count; i++)
		judge_mount(check, &references->mounts[i]);
	check_images_finish(check);
}
