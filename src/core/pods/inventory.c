/* What is kept of each object. inventory_pods.c puts it together. */
#include <string.h>

#include "inventory_facts.h"
#include "makers.h"
#include "regcred/base/memory.h"
#include "regcred/docker/docker_logins.h"
#include "regcred/manifest/templated.h"

enum { NAME_MAX_BYTES = 253 }; /* the API server's limit: a longer text names nothing */

struct inventory *inventory_new(const struct inventory_options *options)
{
	struct inventory *inventory = memory_acquire(sizeof *inventory);

	*inventory = (struct inventory){.options = *options};
	inventory->store = keyring_store_new(options->passwords);
	string_list_number(&inventory->texts, VIEW_EMPTY);
	return inventory;
}

void inventory_free(struct inventory **inventory)
{
	struct inventory *it = *inventory;

	*inventory = NULL;
	if (!it)
		return;
	string_list_release(&it->texts);
	string_list_release(&it->questions);
	keyring_store_free(&it->store);
	memory_release(it->secrets);
	memory_release(it->workloads);
	memory_release(it->accounts);
	memory_release(it->mentions);
	memory_release(it->secret_facts.items);
	memory_release(it->account_facts.items);
	string_list_release(&it->redirected);
	string_list_release(&it->renamed);
	memory_release(it->bare);
	memory_release(it->answers);
	memory_release(it->with_secrets);
	arena_release(&it->variants);
	memory_release(it);
}

/* ---- Texts ---- */

uint32_t inventory_text(struct inventory *inventory, const char *text)
{
	return string_list_number(&inventory->texts, view_of(text));
}

const char *inventory_text_of(const struct inventory *inventory, uint32_t number)
{
	return number < inventory->texts.count ? inventory->texts.items[number].data : "";
}

static const char *keep(struct inventory *inventory, const char *text)
{
	return inventory_text_of(inventory, inventory_text(inventory, text));
}

static bool is_templated(const char *text)
{
	return value_is_templated(text, strlen(text));
}

enum namespace_class inventory_class_of(const char *ns)
{
	return !*ns ? NS_ABSENT : is_templated(ns) ? NS_TEMPLATED : NS_PLAIN;
}

bool inventory_wants(const struct inventory *inventory, const char *ns)
{
	const char *only = inventory->options.ns;

	return !only || inventory_class_of(ns) != NS_PLAIN || strcmp(only, ns) == 0;
}

/* ---- Facts ---- */

static void add_fact(struct inventory *inventory, struct facts *facts, struct fact fact,
                     const char *ns, const char *name)
{
	if (!*name || strlen(name) > NAME_MAX_BYTES)
		return;
	fact.name = is_templated(name) ? NAMELESS : inventory_text(inventory, name);
	fact.ns = inventory_text(inventory, ns);
	if (fact.class != NS_EVERYWHERE)
		fact.class = (uint8_t)inventory_class_of(ns);
	memory_extend(&facts->items, facts->count, &facts->capacity, sizeof *facts->items);
	facts->items[facts->count++] = fact;
	inventory->sorted = false;
}

static void add_made(void *context, const struct made_secret *made)
{
	struct inventory *inventory = context;
	struct fact fact = {.standing = STANDING_MADE};

	if (!made->everywhere && !inventory_wants(inventory, made->ns))
		return;
	fact.maker = keep(inventory, made->maker);
	fact.class = made->everywhere ? NS_EVERYWHERE : NS_PLAIN;
	add_fact(inventory, &inventory->secret_facts, fact, made->ns,
	         made->name ? made->name : "{{ }}");
}

void inventory_assume(struct inventory *inventory, const char *name)
{
	CLEANUP(buf_release) struct buf ns = BUF_INIT(BUF_CONFIG_MAX);
	const char *slash = strchr(name, '/');
	struct made_secret made = {"--assume", "", slash ? slash + 1 : name, !slash};

	if (slash)
		buf_append(&ns, name, (size_t)(slash - name));
	made.ns = ns.data;
	add_made(inventory, &made);
}

/* ---- Secrets ---- */

/* A bare config may be a bare map, as in ~/.dockercfg. */
static enum keyring_kind shape_of(const struct pull_secret *secret)
{
	CLEANUP(docker_logins_release)
	struct docker_logins config = DOCKER_LOGINS_INIT;
	struct error unusable;

	if (secret->kind == PULL_SECRET_DOCKERCFG)
		return KEYRING_DOCKERCFG;
	if (secret->kind == PULL_SECRET_BARE &&
	    docker_logins_parse((struct view){secret->payload.data, secret->payload.len},
	                        CONFIG_SHAPE_ANY, &config, &unusable) &&
	    config.bare)
		return KEYRING_DOCKERCFG;
	return KEYRING_DOCKERCONFIGJSON;
}

static bool has_templated_key(const struct keyring_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (value_is_templated(entries[i].registry.data, entries[i].registry.len))
			return true;
	return false;
}

/* With marks of a template in it, a content that cannot be decoded is not known yet, nor are
 * keys with such marks; nor is an empty one that is filled in the cluster. */
static void take_content(struct inventory *inventory, const struct node *root,
                         const struct pull_secret *from, struct inventory_secret *secret)
{
	const struct keyring_entry *entries;
	const char *failure;
	size_t count;

	secret->content = keyring_store_add(inventory->store, shape_of(from), from->payload.data,
	                                    from->payload.len);
	failure = keyring_store_failure(inventory->store, secret->content);
	entries = keyring_store_entries(inventory->store, secret->content, &count);
	if (failure && !from->marked)
		secret->problem = keep(inventory, failure);
	secret->unknown = (from->marked && (failure || has_templated_key(entries, count))) ||
	                  (!failure && root && secret_is_filled_later(root) && !count);
	if (failure && from->marked)
		secret->content = keyring_store_add(inventory->store, KEYRING_DOCKERCFG, "", 0);
}

static void take_payload(struct inventory *inventory, const struct node *root,
                         const struct pull_secret *from, struct inventory_secret *secret)
{
	switch (from->state) {
	case PULL_SECRET_PRESENT:
		take_content(inventory, root, from, secret);
		return;
	case PULL_SECRET_TYPE:
	case PULL_SECRET_BASE64:
		secret->problem = keep(inventory, from->problem);
		break;
	case PULL_SECRET_UNKNOWN:
	case PULL_SECRET_MISSING:
		break;
	}
	secret->unknown =
	    from->state == PULL_SECRET_UNKNOWN || (root && secret_is_filled_later(root));
	secret->content = keyring_store_add(inventory->store, KEYRING_DOCKERCFG, "", 0);
}

static void file_secret(struct inventory *inventory, const struct pull_secret *from, size_t number)
{
	struct fact fact = {.standing = STANDING_PULL, .number = (uint32_t)number};

	if (from->kind == PULL_SECRET_BARE) {
		memory_extend(&inventory->bare, inventory->bare_count, &inventory->bare_capacity,
		              sizeof *inventory->bare);
		inventory->bare[inventory->bare_count++] = number;
		return;
	}
	if (from->kind == PULL_SECRET_OTHER)
		fact.standing = STANDING_TYPE;
	if (from->kind == PULL_SECRET_OTHER && is_templated(from->type)) {
		fact.standing = STANDING_MADE;
		fact.maker = "a template";
	}
	if (fact.standing == STANDING_TYPE && is_templated(from->name))
		return;
	add_fact(inventory, &inventory->secret_facts, fact, from->ns, from->name);
}

void inventory_add_secret(struct inventory *inventory, size_t file, const struct node *root,
                          const struct pull_secret *from)
{
	struct inventory_secret secret = {.kind = from->kind, .file = file};

	if (from->kind == PULL_SECRET_NONE || !inventory_wants(inventory, from->ns))
		return;
	secret.ns = keep(inventory, from->ns);
	secret.name = keep(inventory, from->name);
	secret.type = keep(inventory, from->type);
	secret.has_payload = from->payload_node != NULL;
	if (from->kind != PULL_SECRET_OTHER)
		take_payload(inventory, root, from, &secret);
	file_secret(inventory, from, inventory->secret_count);
	memory_extend(&inventory->secrets, inventory->secret_count, &inventory->secret_capacity,
	              sizeof secret);
	inventory->secrets[inventory->secret_count++] = secret;
}

/* ---- Who names them ---- */

static struct inventory_place place_of(size_t file, const struct node *node)
{
	return (struct inventory_place){file, node ? node->place : (struct node_place){0}};
}

static void add_mention(struct inventory *inventory, struct inventory_image mention)
{
	mention.text = keep(inventory, mention.text);
	memory_extend(&inventory->mentions, inventory->mention_count, &inventory->mention_capacity,
	              sizeof mention);
	inventory->mentions[inventory->mention_count++] = mention;
}

static size_t add_names(struct inventory *inventory, size_t file,
                        const struct workload_references *names)
{
	for (size_t i = 0; i < names->count; i++)
		add_mention(inventory, (struct inventory_image){
		                           .text = names->items[i].name,
		                           .place = place_of(file, names->items[i].node)});
	return names->count;
}

static size_t add_images(struct inventory *inventory, size_t file, const struct workload *workload)
{
	for (size_t i = 0; i < workload->image_count; i++) {
		const struct workload_image *image = &workload->images[i];

		add_mention(inventory,
		            (struct inventory_image){image->text, place_of(file, image->node),
		                                     image->unknown, image->never_pulled});
	}
	return workload->image_count;
}

static void add_workload(struct inventory *inventory, size_t file, const struct workload *from)
{
	const char *only = inventory->options.ns;
	const char *ns = *from->ns || !only ? from->ns : only;
	const struct node *account = from->service_account.node;
	struct inventory_workload workload = {
	    .first = inventory->mention_count,
	    .admitted = from->admitted,
	    .lists = from->pull_secrets.listed,
	    .odd_list = from->pull_secrets.odd,
	    .account_named = account && *from->service_account.name,
	    .account_place = place_of(file, account),
	    .place = place_of(file, from->spec),
	};

	if (!inventory_wants(inventory, ns))
		return;
	workload.kind = keep(inventory, from->kind);
	workload.ns = keep(inventory, ns);
	workload.name = keep(inventory, from->name);
	workload.account =
	    workload.account_named ? keep(inventory, from->service_account.name) : "default";
	workload.secret_count = add_names(inventory, file, &from->pull_secrets);
	workload.image_count = add_images(inventory, file, from);
	memory_extend(&inventory->workloads, inventory->workload_count,
	              &inventory->workload_capacity, sizeof workload);
	inventory->workloads[inventory->workload_count++] = workload;
}

static void add_account(struct inventory *inventory, size_t file,
                        const struct service_account *from)
{
	struct account_fact account = {.first = inventory->mention_count};
	struct fact fact = {.number = (uint32_t)inventory->account_count};

	if (!inventory_wants(inventory, from->ns))
		return;
	account.ns = keep(inventory, from->ns);
	account.secret_count = add_names(inventory, file, &from->pull_secrets);
	memory_extend(&inventory->accounts, inventory->account_count, &inventory->account_capacity,
	              sizeof account);
	inventory->accounts[inventory->account_count++] = account;
	add_fact(inventory, &inventory->account_facts, fact, from->ns, from->name);
}

/* ---- Objects ---- */

static void add_workloads(struct inventory *inventory, size_t file,
                          const struct manifest_item *item)
{
	CLEANUP(pod_specs_release) struct pod_specs specs = POD_SPECS_INIT;
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;

	pod_specs_find(item->root, item->api_version, item->kind, &specs);
	for (size_t i = 0; i < specs.count; i++) {
		workload_read(item->root, item->kind, specs.items[i], &workload);
		add_workload(inventory, file, &workload);
	}
}

void inventory_add_object(struct inventory *inventory, size_t file,
                          const struct manifest_item *item, unsigned wanted)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;

	if (wanted & INVENTORY_SECRETS) {
		makers_visit(item, add_made, inventory);
		redirects_add(item, &inventory->redirected, &inventory->renamed);
	}
	if (wanted & INVENTORY_WORKLOADS)
		add_workloads(inventory, file, item);
	if (!(wanted & INVENTORY_ACCOUNTS))
		return;
	service_account_read(item->root, item->api_version, item->kind, &account);
	if (account.is_one)
		add_account(inventory, file, &account);
}

bool inventory_add(struct inventory *inventory, size_t file, const struct manifest_item *item,
                   unsigned wanted, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;

	if (!item->root || item->root->kind != NODE_MAPPING)
		return true;
	if (wanted & INVENTORY_SECRETS) {
		if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
			return false;
		inventory_add_secret(inventory, file, item->root, &secret);
	}
	inventory_add_object(inventory, file, item, wanted);
	return true;
}

/* ---- What there is ---- */

size_t inventory_secret_count(const struct inventory *inventory)
{
	return inventory->secret_count;
}

struct inventory_secret inventory_secret(const struct inventory *inventory, size_t number)
{
	return inventory->secrets[number];
}

static void append_label(struct buf *out, const char *kind, const char *ns, const char *name)
{
	buf_append_format(out, "%s %s%s%s", kind, ns, *ns ? "/" : "", name);
}

void inventory_secret_label(const struct inventory *inventory, size_t number, struct buf *out)
{
	struct inventory_secret secret = inventory_secret(inventory, number);

	if (secret.kind != PULL_SECRET_BARE)
		append_label(out, "Secret", secret.ns, secret.name);
}

size_t inventory_account_count(const struct inventory *inventory)
{
	return inventory->account_count;
}

const char *inventory_account_namespace(const struct inventory *inventory, size_t account)
{
	return inventory->accounts[account].ns;
}

size_t inventory_workload_count(const struct inventory *inventory)
{
	return inventory->workload_count;
}

struct inventory_workload inventory_workload(const struct inventory *inventory, size_t number)
{
	return inventory->workloads[number];
}

void inventory_workload_label(const struct inventory *inventory, size_t number, struct buf *out)
{
	struct inventory_workload workload = inventory_workload(inventory, number);

	append_label(out, workload.kind, workload.ns, workload.name);
}

struct inventory_image inventory_image(const struct inventory *inventory, size_t workload,
                                       size_t image)
{
	const struct inventory_workload *of = &inventory->workloads[workload];

	return inventory->mentions[of->first + of->secret_count + image];
}
