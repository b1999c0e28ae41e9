/* ServiceAccounts that have a pull Secret under `secrets` alone: that list is for mounting,
 * and only imagePullSecrets is for pulling. Which of their Secrets are pull Secrets is known
 * when all objects are read. */
#include <stdlib.h>
#include <string.h>

#include "check_object.h"
#include "regcred/base/arena.h"
#include "regcred/base/memory.h"
#include "regcred/kube/workload.h"
#include "regcred/manifest/templated.h"

/* A Secret by its name: a pull Secret that is there, or one that an account mounts. */
struct named {
	const char *name, *namespace;
	struct check_origin origin; /* of a mount */
	struct node_place place;
};

struct named_list {
	struct named *items;
	size_t count, capacity;
};

struct check_accounts {
	struct arena texts;
	struct named_list secrets, mounts;
};

static void add(struct check_accounts *accounts, struct named_list *list, struct named named)
{
	named.name = arena_copy(&accounts->texts, named.name, strlen(named.name));
	named.namespace = arena_copy(&accounts->texts, named.namespace, strlen(named.namespace));
	memory_extend(&list->items, list->count, &list->capacity, sizeof named);
	list->items[list->count++] = named;
}

static bool names(const struct workload_references *references, const char *name)
{
	for (size_t i = 0; i < references->count; i++)
		if (references->items[i].templated || strcmp(references->items[i].name, name) == 0)
			return true;
	return false;
}

static void add_mounts(struct check_accounts *accounts, const struct check_object *object)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	const struct manifest_item *item = object->item;

	service_account_read(item->root, item->api_version, item->kind, &account);
	for (size_t i = 0; i < account.secrets.count; i++) {
		const struct workload_reference *mount = &account.secrets.items[i];

		if (!mount->templated && !names(&account.pull_secrets, mount->name))
			add(accounts, &accounts->mounts,
			    (struct named){mount->name, account.namespace, object->origin,
			                   mount->node->place});
	}
}

void check_account_look(struct check_accounts *accounts, const struct check_object *object)
{
	const struct pull_secret *secret = object->secret;

	if (object->kind == CHECK_KIND_SERVICE_ACCOUNT)
		add_mounts(accounts, object);
	else if (secret &&
	         (secret->kind == PULL_SECRET_CONFIG || secret->kind == PULL_SECRET_DOCKERCFG))
		add(accounts, &accounts->secrets,
		    (struct named){.name = secret->name, .namespace = secret->namespace});
}

static int compare(const void *a, const void *b)
{
	const struct named *one = a, *other = b;
	int order = strcmp(one->name, other->name);

	return order ? order : strcmp(one->namespace, other->namespace);
}

static bool has(const struct named_list *list, const char *name, const char *namespace)
{
	const struct named wanted = {.name = name, .namespace = namespace};

	return list->count && bsearch(&wanted, list->items, list->count, sizeof wanted, compare);
}

/* An absent namespace agrees with any: that of a mount, with the names alone. */
static bool has_pull_secret(const struct named_list *secrets, const struct named *mount)
{
	size_t low = 0, high = secrets->count;

	if (*mount->namespace)
		return has(secrets, mount->name, mount->namespace) || has(secrets, mount->name, "");
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(secrets->items[middle].name, mount->name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < secrets->count && strcmp(secrets->items[low].name, mount->name) == 0;
}

void check_account_finish(struct check_accounts *accounts, struct check *check)
{
	struct named_list *secrets = &accounts->secrets;

	if (secrets->count)
		qsort(secrets->items, secrets->count, sizeof *secrets->items, compare);
	for (size_t i = 0; i < accounts->mounts.count; i++) {
		const struct named *mount = &accounts->mounts.items[i];

		if (has_pull_secret(secrets, mount))
			check_report(check, mount->origin, CHECK_REF_MOUNT_ONLY, mount->place,
			             "name it under imagePullSecrets of the ServiceAccount, too",
			             "the pull Secret \"%s\" is only under secrets, which is for "
			             "mounting: nothing is pulled with it",
			             mount->name);
	}
}

struct check_accounts *check_accounts_new(void)
{
	struct check_accounts *accounts = memory_acquire(sizeof *accounts);

	*accounts = (struct check_accounts){0};
	return accounts;
}

void check_accounts_free(struct check_accounts **accounts)
{
	struct check_accounts *old = *accounts;

	*accounts = NULL;
	if (!old)
		return;
	arena_release(&old->texts);
	memory_release(old->secrets.items);
	memory_release(old->mounts.items);
	memory_release(old);
}
