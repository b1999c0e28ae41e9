/* What is missing where; digests; one object. */
#include "attach_object.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/kube/secret.h"

/* What becomes of one mapping's list. */
struct change {
	struct attach_list list;
	const struct node *replaced; /* the name of an item; NULL: none */
	const char *replacement;
	const char **names; /* owned: what is added */
	size_t count;
};

struct changes {
	const struct attach_options *options;
	struct change *items; /* owned, in the order of the text */
	size_t count, capacity;
};

static void changes_release(struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		memory_release(changes->items[i].names);
	memory_release(changes->items);
}

/* ---- What is missing ---- */

static bool is_hash(const char *text)
{
	static const char digits[] = "2456789bcdfghkmt";

	return strlen(text) == SECRET_HASH_SIZE - 1 && strspn(text, digits) == SECRET_HASH_SIZE - 1;
}

static bool is_replaced(const char *name, const char *old)
{
	size_t len = strlen(old);

	return strncmp(name, old, len) == 0 &&
	       (!name[len] || (name[len] == '-' && is_hash(name + len + 1)));
}

static size_t item_count(const struct attach_list *list)
{
	const struct node *value = list->member ? list->member->value : NULL;

	return value && value->kind == NODE_SEQUENCE ? value->count : 0;
}

/* NULL: it has none. */
static const struct node *item_name(const struct attach_list *list, size_t number)
{
	return node_get(list->member->value->members[number].value, "name");
}

static bool has_name(const struct attach_list *list, const char *name)
{
	for (size_t i = 0; i < item_count(list); i++)
		if (node_is(item_name(list, i), name))
			return true;
	return false;
}

/* The first missing name takes the place of an old one. */
static void find_replaced(struct change *change, const char *old)
{
	for (size_t i = 0; old && change->count && i < item_count(&change->list); i++) {
		const struct node *name = item_name(&change->list, i);

		if (!is_replaced(node_text(name), old))
			continue;
		change->replaced = name;
		change->replacement = change->names[0];
		memmove(change->names, change->names + 1, --change->count * sizeof *change->names);
		return;
	}
}

static const struct node_member *find_member(const struct node *mapping)
{
	const struct node_member *found = NULL;

	for (size_t i = 0; i < mapping->count; i++)
		if (node_is(mapping->members[i].key, ATTACH_LIST))
			found = &mapping->members[i];
	return found;
}

/* One of the object's mappings that may have a list. */
static void look_at(struct changes *changes, const struct node *mapping, struct attach_names names)
{
	struct change change = {.list = {.mapping = mapping, .member = find_member(mapping)},
	                        .names = memory_acquire((names.count + 1) * sizeof(char *))};

	for (size_t i = 0; i < names.count; i++)
		if (!has_name(&change.list, names.items[i]))
			change.names[change.count++] = names.items[i];
	find_replaced(&change, changes->options->replace);
	memory_extend(&changes->items, changes->count, &changes->capacity, sizeof change);
	if (change.count || change.replaced)
		changes->items[changes->count++] = change;
	else
		memory_release(change.names);
}

static void look_at_pod_specs(struct changes *changes, const struct manifest_item *item)
{
	CLEANUP(pod_specs_release) struct pod_specs specs = POD_SPECS_INIT;
	const struct attach_options *options = changes->options;

	pod_specs_find(item->root, item->api_version, item->kind, &specs);
	for (size_t i = 0; i < specs.count; i++) {
		CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;

		workload_read(item->root, item->kind, specs.items[i], &workload);
		look_at(changes, specs.items[i],
		        options->choose(options->context, workload.ns, &workload));
	}
}

static void look_at_service_account(struct changes *changes, const struct manifest_item *item)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	const struct attach_options *options = changes->options;

	service_account_read(item->root, item->api_version, item->kind, &account);
	if (account.is_one)
		look_at(changes, item->root, options->choose(options->context, account.ns, NULL));
}

/* ---- Edits ---- */

/* Why the mapping cannot be edited; NULL: it can. */
static const char *find_obstacle(const struct attach_list *list)
{
	const struct node *mapping = list->mapping;
	const struct node *value = list->member ? list->member->value : NULL;

	if (mapping->count && mapping->members[mapping->count - 1].merged)
		return "it uses a merge key (<<)";
	if (!value)
		return NULL;
	if (value->kind != NODE_SEQUENCE && value->kind != NODE_NULL)
		return "its " ATTACH_LIST " is not a list";
	if (value->place.offset < list->member->key->place.offset)
		return "its " ATTACH_LIST " is an alias (*)";
	return NULL;
}

/* NULL: it is done. */
static const char *edit(const struct attach_text *text, struct change *change,
                        struct attach_edits *edits)
{
	const struct attach_names names = {change->names, change->count};
	const char *obstacle = find_obstacle(&change->list);

	if (obstacle)
		return obstacle;
	if (change->replaced &&
	    !attach_style_rename(text, change->replaced, change->replacement, edits))
		return "the name to replace is not a plain scalar";
	if (names.count && !attach_style_add(text, &change->list, names, edits))
		return "there is no place for its " ATTACH_LIST;
	return NULL;
}

static int compare_edits(const void *a, const void *b)
{
	const struct attach_edit *one = a, *other = b;

	return (one->offset > other->offset) - (one->offset < other->offset);
}

/* ---- Digests ---- */

/* Goes over the changes as they are met. */
struct digesting {
	struct attach_digest digest;
	const struct change *changes;
	size_t left;
	const struct node *replaced;
	const char *replacement;
};

static void mix(struct attach_digest *digest, uint64_t word)
{
	digest->a = (digest->a ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	digest->a = digest->a << 29 | digest->a >> 35;
	digest->b = (digest->b + word) * UINT64_C(0xC2B2AE3D27D4EB4F);
	digest->b ^= digest->b >> 32;
}

/* Kind and size of what follows. */
static void mix_begin(struct attach_digest *digest, enum node_kind kind, size_t size)
{
	mix(digest, (uint64_t)size << 4 | (uint64_t)kind);
}

static void mix_text(struct attach_digest *digest, enum node_kind kind, const char *text,
                     size_t len)
{
	uint64_t word;

	mix_begin(digest, kind, len);
	for (size_t rest = len; rest; rest -= len, text += len) {
		len = rest < sizeof word ? rest : sizeof word;
		word = 0;
		memcpy(&word, text, len);
		mix(digest, word);
	}
}

static void mix_string(struct attach_digest *digest, const char *text)
{
	mix_text(digest, NODE_STRING, text, strlen(text));
}

static void digest_node(struct digesting *digesting, const struct node *node);

static void digest_added(struct digesting *digesting, const struct change *change)
{
	for (size_t i = 0; i < change->count; i++) {
		mix_begin(&digesting->digest, NODE_MAPPING, 1);
		mix_string(&digesting->digest, "name");
		mix_string(&digesting->digest, change->names[i]);
	}
}

static void digest_list(struct digesting *digesting, const struct change *change)
{
	size_t count = item_count(&change->list);

	mix_begin(&digesting->digest, NODE_SEQUENCE, count + change->count);
	if (change->list.in_front)
		digest_added(digesting, change);
	digesting->replaced = change->replaced;
	digesting->replacement = change->replacement;
	for (size_t i = 0; i < count; i++)
		digest_node(digesting, change->list.member->value->members[i].value);
	digesting->replaced = NULL;
	if (!change->list.in_front)
		digest_added(digesting, change);
}

static void digest_collection(struct digesting *digesting, const struct node *node)
{
	const struct change *change = NULL;

	if (digesting->left && digesting->changes->list.mapping == node) {
		change = digesting->changes++;
		digesting->left--;
	}
	mix_begin(&digesting->digest, node->kind, node->count + (change && !change->list.member));
	if (change && !change->list.member) {
		mix_string(&digesting->digest, ATTACH_LIST);
		digest_list(digesting, change);
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct node_member *member = &node->members[i];

		if (member->key)
			digest_node(digesting, member->key);
		if (change && change->list.member == member)
			digest_list(digesting, change);
		else
			digest_node(digesting, member->value);
	}
}

static void digest_node(struct digesting *digesting, const struct node *node)
{
	if (node->kind == NODE_MAPPING || node->kind == NODE_SEQUENCE)
		digest_collection(digesting, node);
	else if (node == digesting->replaced)
		mix_string(&digesting->digest, digesting->replacement);
	else if (node->kind == NODE_NULL || node->kind == NODE_BOOL)
		mix_begin(&digesting->digest, node->kind, node->truth);
	else
		mix_text(&digesting->digest, node->kind, node->text, node->len);
}

static struct attach_digest digest_of(const struct node *root, const struct change *changes,
                                      size_t count)
{
	struct digesting digesting = {.digest = {1, 2}, .changes = changes, .left = count};

	digest_node(&digesting, root);
	return digesting.digest;
}

bool attach_object_is(const struct node *root, struct attach_digest digest)
{
	struct attach_digest own = digest_of(root, NULL, 0);

	return own.a == digest.a && own.b == digest.b;
}

/* ---- One object ---- */

struct attach_object attach_object(const struct attach_options *options,
                                   const struct manifest_item *item, const struct attach_text *text,
                                   struct attach_edits *edits)
{
	CLEANUP(changes_release) struct changes changes = {.options = options};
	struct attach_object object = {.place = item->place};
	size_t count = edits->count, done = 0;

	look_at_pod_specs(&changes, item);
	if (options->service_accounts)
		look_at_service_account(&changes, item);
	object.lacks = changes.count > 0;
	while (done < changes.count && !object.refusal)
		object.refusal = edit(text, &changes.items[done++], edits);
	if (object.refusal) {
		object.place = changes.items[done - 1].list.mapping->place;
		edits->count = count;
		done = 0;
	}
	if (edits->count > count)
		qsort(edits->items + count, edits->count - count, sizeof *edits->items,
		      compare_edits);
	if (object.lacks || !item->json)
		object.digest = digest_of(item->root, changes.items, done);
	return object;
}
