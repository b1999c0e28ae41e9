/* What to write where; digests; the whole document. */
#include "regcred/edit/attach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach_style.h"
#include "regcred/base/memory.h"
#include "regcred/kube/secret.h"

#define LIST_KEY "imagePullSecrets"

void attach_init(struct attach *attach, const struct attach_options *options)
{
	*attach = (struct attach){.options = *options, .text = BUF_INIT(MANIFEST_OBJECT_MAX)};
}

void attach_release(struct attach *attach)
{
	memory_release(attach->edits);
	memory_release(attach->objects);
	buf_release(&attach->text);
	attach->edits = NULL;
	attach->objects = NULL;
}

void attach_reset(struct attach *attach)
{
	attach->edit_count = attach->object_count = 0;
	attach->refusal[0] = '\0';
	attach->in_front = attach->awkward = false;
	buf_rewind(&attach->text);
}

static void refuse(struct attach *attach, const struct node *node, const char *why)
{
	if (attach->refusal[0])
		return;
	snprintf(attach->refusal, sizeof attach->refusal, "%s", why);
	attach->place = node->place;
}

/* ---- Edits ---- */

/* Opens an edit; its text is appended to attach->text until end_edit. */
static void begin_edit(struct attach *attach, uint64_t offset, size_t removed)
{
	memory_extend(&attach->edits, attach->edit_count, &attach->edit_capacity,
	              sizeof *attach->edits);
	attach->edits[attach->edit_count] =
	    (struct attach_edit){offset, removed, attach->text.len, 0};
}

static void end_edit(struct attach *attach)
{
	struct attach_edit *edit = &attach->edits[attach->edit_count++];

	edit->len = attach->text.len - edit->at;
}

/* ---- One list ---- */

/* What becomes of one mapping's list. */
struct change {
	const struct node *mapping;
	const struct node_member *member; /* the list's; NULL: there is none */
	const struct node *replaced;      /* the name of an item; NULL: none */
	const char *replacement;
	struct attach_names names; /* of them those that are missing are added */
	bool *missing;             /* owned */
	size_t missing_count;
};

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

static const struct node *list_of(const struct change *change)
{
	return change->member ? change->member->value : NULL;
}

/* The name of a list's item; NULL: it has none. */
static const struct node *item_name(const struct node *list, size_t number)
{
	const struct node *name = node_get(list->members[number].value, "name");

	return node_string(name) ? name : NULL;
}

static bool has_name(const struct node *list, const char *name)
{
	for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++) {
		const struct node *there = item_name(list, i);

		if (there && strcmp(there->text, name) == 0)
			return true;
	}
	return false;
}

/* The old name of which the first missing one takes the place. */
static void find_replaced(const struct attach *attach, struct change *change)
{
	const struct node *list = list_of(change);
	const char *old = attach->options.replace;
	size_t first = 0;

	while (first < change->names.count && !change->missing[first])
		first++;
	if (!old || first == change->names.count || !list || list->kind != NODE_SEQUENCE)
		return;
	for (size_t i = 0; i < list->count && !change->replaced; i++) {
		const struct node *name = item_name(list, i);

		if (name && is_replaced(name->text, old))
			change->replaced = name;
	}
	if (!change->replaced)
		return;
	change->replacement = change->names.items[first];
	change->missing[first] = false;
	change->missing_count--;
}

static const struct node_member *find_member(const struct node *mapping)
{
	const struct node_member *found = NULL;

	for (size_t i = 0; i < mapping->count; i++)
		if (strcmp(mapping->members[i].key->text, LIST_KEY) == 0)
			found = &mapping->members[i];
	return found;
}

static bool has_merged(const struct node *mapping)
{
	return mapping->count && mapping->members[mapping->count - 1].merged;
}

/* Why the mapping cannot be edited; NULL: it can. */
static const char *find_obstacle(const struct change *change)
{
	const struct node *list = list_of(change);

	if (has_merged(change->mapping))
		return "it uses a merge key (<<)";
	if (!list)
		return NULL;
	if (list->kind != NODE_SEQUENCE && list->kind != NODE_NULL)
		return "its " LIST_KEY " is not a list";
	if (list->place.offset < change->member->key->place.offset)
		return "its " LIST_KEY " is an alias (*)";
	return NULL;
}

/* ---- Digests ---- */

static void mix(struct attach_digest *digest, uint64_t word)
{
	digest->a = (digest->a ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	digest->a = digest->a << 29 | digest->a >> 35;
	digest->b = (digest->b + word) * UINT64_C(0xC2B2AE3D27D4EB4F);
	digest->b ^= digest->b >> 32;
}

static void mix_text(struct attach_digest *digest, enum node_kind kind, const char *text,
                     size_t len)
{
	uint64_t word;

	mix(digest, (uint64_t)len << 4 | (uint64_t)kind);
	for (; len >= sizeof word; len -= sizeof word, text += sizeof word) {
		memcpy(&word, text, sizeof word);
		mix(digest, word);
	}
	word = 0;
	memcpy(&word, text, len);
	mix(digest, word);
}

static void mix_string(struct attach_digest *digest, const char *text)
{
	mix_text(digest, NODE_STRING, text, strlen(text));
}

static void mix_begin(struct attach_digest *digest, enum node_kind kind, size_t count)
{
	mix(digest, (uint64_t)count << 8 | 0x80 | (uint64_t)kind);
}

static void mix_added(struct attach_digest *digest, const struct change *change)
{
	for (size_t i = 0; i < change->names.count; i++) {
		if (!change->missing[i])
			continue;
		mix_begin(digest, NODE_MAPPING, 1);
		mix_string(digest, "name");
		mix_string(digest, change->names.items[i]);
	}
}

/* Goes over the changes as they are met. */
struct digesting {
	struct attach_digest digest;
	const struct change *changes;
	size_t left;
	const struct node *replaced;
	const char *replacement;
	bool in_front;
};

static void digest_node(struct digesting *digesting, const struct node *node);

static void digest_list(struct digesting *digesting, const struct change *change)
{
	const struct node *list = list_of(change);
	size_t count = list && list->kind == NODE_SEQUENCE ? list->count : 0;

	mix_begin(&digesting->digest, NODE_SEQUENCE, count + change->missing_count);
	if (digesting->in_front)
		mix_added(&digesting->digest, change);
	digesting->replaced = change->replaced;
	digesting->replacement = change->replacement;
	for (size_t i = 0; i < count; i++)
		digest_node(digesting, list->members[i].value);
	digesting->replaced = NULL;
	if (!digesting->in_front)
		mix_added(&digesting->digest, change);
}

static void digest_mapping(struct digesting *digesting, const struct node *mapping)
{
	const struct change *change = NULL;

	if (digesting->left && digesting->changes->mapping == mapping) {
		change = digesting->changes++;
		digesting->left--;
	}
	mix_begin(&digesting->digest, NODE_MAPPING, mapping->count + (change && !change->member));
	if (change && !change->member) {
		mix_string(&digesting->digest, LIST_KEY);
		digest_list(digesting, change);
	}
	for (size_t i = 0; i < mapping->count; i++) {
		const struct node_member *member = &mapping->members[i];

		digest_node(digesting, member->key);
		if (change && change->member == member)
			digest_list(digesting, change);
		else
			digest_node(digesting, member->value);
	}
}

static void digest_node(struct digesting *digesting, const struct node *node)
{
	if (node->kind == NODE_MAPPING) {
		digest_mapping(digesting, node);
	} else if (node->kind == NODE_SEQUENCE) {
		mix_begin(&digesting->digest, NODE_SEQUENCE, node->count);
		for (size_t i = 0; i < node->count; i++)
			digest_node(digesting, node->members[i].value);
	} else if (node == digesting->replaced) {
		mix_string(&digesting->digest, digesting->replacement);
	} else if (node->kind == NODE_NULL || node->kind == NODE_BOOL) {
		mix_begin(&digesting->digest, node->kind, node->truth);
	} else {
		mix_text(&digesting->digest, node->kind, node->text, node->len);
	}
}

static struct attach_digest digest_of(const struct node *root, const struct change *changes,
                                      size_t count, bool in_front)
{
	struct digesting digesting = {
	    .digest = {1, 2}, .changes = changes, .left = count, .in_front = in_front};

	digest_node(&digesting, root);
	return digesting.digest;
}

/* ---- One object ---- */

struct object {
	struct attach *attach;
	struct attach_text source;
	struct change *changes;
	size_t count, capacity;
};

static void replace_name(struct object *object, const struct change *change)
{
	struct attach *attach = object->attach;
	size_t len = attach_style_scalar_len(&object->source, change->replaced);

	if (!len) {
		refuse(attach, change->replaced, "the name to replace is not a plain scalar");
		return;
	}
	begin_edit(attach, change->replaced->place.offset, len);
	attach_style_name(&object->source, change->replaced, change->replacement, &attach->text);
	end_edit(attach);
}

static void add_names(struct object *object, const struct change *change)
{
	struct attach *attach = object->attach;
	struct attach_style style;

	if (!attach_style_find(&object->source, change->mapping, change->member, attach->in_front,
	                       &style)) {
		if (attach->in_front)
			refuse(attach, change->mapping, "there is no place for its " LIST_KEY);
		attach->awkward = true;
		return;
	}
	begin_edit(attach, style.offset, style.removed);
	buf_append(&attach->text, style.before.data, style.before.len);
	for (size_t i = 0, added = 0; i < change->names.count; i++) {
		if (!change->missing[i])
			continue;
		if (added++)
			buf_append(&attach->text, style.between.data, style.between.len);
		attach_style_item(&style, change->names.items[i], &attach->text);
	}
	buf_append(&attach->text, style.after.data, style.after.len);
	end_edit(attach);
	attach_style_release(&style);
}

/* One of the object's mappings that may have a list. */
static void look_at(struct object *object, const struct node *mapping, struct attach_names names)
{
	struct change change = {.mapping = mapping, .member = find_member(mapping), .names = names};
	const char *obstacle;

	change.missing = memory_acquire(names.count + 1);
	for (size_t i = 0; i < names.count; i++) {
		change.missing[i] = !has_name(list_of(&change), names.items[i]);
		change.missing_count += change.missing[i];
	}
	find_replaced(object->attach, &change);
	if (!change.missing_count && !change.replaced) {
		memory_release(change.missing);
		return;
	}
	memory_extend(&object->changes, object->count, &object->capacity, sizeof *object->changes);
	object->changes[object->count++] = change;
	obstacle = find_obstacle(&change);
	if (obstacle) {
		refuse(object->attach, mapping, obstacle);
		return;
	}
	if (change.replaced)
		replace_name(object, &change);
	if (change.missing_count)
		add_names(object, &change);
}

static void look_at_pod_specs(struct object *object, const struct manifest_item *item)
{
	CLEANUP(pod_specs_release) struct pod_specs specs = POD_SPECS_INIT;
	const struct attach_options *options = &object->attach->options;

	pod_specs_find(item->root, item->api_version, item->kind, &specs);
	for (size_t i = 0; i < specs.count; i++) {
		CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;

		workload_read(item->root, item->kind, specs.items[i], &workload);
		look_at(object, specs.items[i],
		        options->choose(options->context, workload.namespace, &workload));
	}
}

static void look_at_service_account(struct object *object, const struct manifest_item *item)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	const struct attach_options *options = &object->attach->options;

	service_account_read(item->root, item->api_version, item->kind, &account);
	if (account.is_one)
		look_at(object, item->root,
		        options->choose(options->context, account.namespace, NULL));
}

bool attach_object(struct attach *attach, const struct manifest_item *item, struct view text,
                   uint64_t offset)
{
	struct object object = {.attach = attach, .source = {text, offset}};
	bool changes;

	look_at_pod_specs(&object, item);
	if (attach->options.service_accounts)
		look_at_service_account(&object, item);
	changes = object.count > 0;
	memory_extend(&attach->objects, attach->object_count, &attach->object_capacity,
	              sizeof *attach->objects);
	attach->objects[attach->object_count++] =
	    digest_of(item->root, object.changes, object.count, attach->in_front);
	for (size_t i = 0; i < object.count; i++)
		memory_release(object.changes[i].missing);
	memory_release(object.changes);
	return changes;
}

/* ---- The document ---- */

static int compare_edits(const void *a, const void *b)
{
	const struct attach_edit *one = a, *other = b;

	return (one->offset > other->offset) - (one->offset < other->offset);
}

/* False: two edits are of one place, which an anchor shares. */
static bool apply(struct attach *attach, struct view document, uint64_t offset, struct buf *out)
{
	uint64_t at = offset;

	qsort(attach->edits, attach->edit_count, sizeof *attach->edits, compare_edits);
	for (size_t i = 0; i < attach->edit_count; i++) {
		const struct attach_edit *edit = &attach->edits[i];

		if (edit->offset < at || (i && edit->offset == edit[-1].offset) ||
		    edit->offset + edit->removed > offset + document.len)
			return false;
		buf_append(out, document.data + (at - offset), (size_t)(edit->offset - at));
		buf_append(out, attach->text.data + edit->at, edit->len);
		at = edit->offset + edit->removed;
	}
	buf_append(out, document.data + (at - offset), document.len - (size_t)(at - offset));
	return !out->failure;
}

static bool is_object(const struct attach *attach, size_t number, const struct node *root)
{
	struct attach_digest digest;

	if (number >= attach->object_count)
		return false;
	digest = digest_of(root, NULL, 0, false);
	return digest.a == attach->objects[number].a && digest.b == attach->objects[number].b;
}

static bool prove(const struct attach *attach, const char *bytes, size_t len)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(bytes, len);
	struct manifest_item item;
	struct error ignored;
	size_t count = 0;

	while (manifest_reader_next(reader, &item, &ignored)) {
		if (item.event == MANIFEST_END)
			return count == attach->object_count;
		if (item.event != MANIFEST_OBJECT || !is_object(attach, count++, item.root))
			return false;
	}
	return false;
}

static bool try(struct attach *attach, struct view document, uint64_t offset, struct buf *out)
{
	size_t before = out->len;

	if (!attach->refusal[0] && !attach->awkward && apply(attach, document, offset, out) &&
	    prove(attach, out->data + before, out->len - before))
		return true;
	buf_truncate(out, before);
	return false;
}

/* Takes all objects once more. */
static void take_in_front(struct attach *attach, struct view document, uint64_t offset)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(document.data, document.len);
	struct manifest_item item;
	struct error ignored;

	attach_reset(attach);
	attach->in_front = true;
	while (manifest_reader_next(reader, &item, &ignored) && item.event == MANIFEST_OBJECT)
		attach_object(attach, &item, document, 0);
	for (size_t i = 0; i < attach->edit_count; i++)
		attach->edits[i].offset += offset;
}

bool attach_finish(struct attach *attach, struct view document, uint64_t offset, struct buf *out)
{
	if (!attach->edit_count && !attach->refusal[0] && !attach->awkward) {
		buf_append(out, document.data, document.len);
		return true;
	}
	if (try(attach, document, offset, out))
		return true;
	if (attach->refusal[0])
		return false;
	take_in_front(attach, document, offset);
	if (try(attach, document, offset, out))
		return true;
	if (!attach->refusal[0])
		snprintf(
		    attach->refusal, sizeof attach->refusal,
		    "it shares a part through an alias (*), or has a form that cannot be extended");
	return false;
}
