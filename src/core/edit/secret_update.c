/* In the order of what happens: reading the object, its config, dropping entries, making
 * the new one. */
#include "regcred/edit/secret_update.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/registry/index_key.h"
#include "regcred/tree/json_tree.h"
#include "regcred/tree/node_json.h"

#define CONFIG_IN_DATA   "data[\"" SECRET_KEY_DOCKER_CONFIG "\"]"
#define LAST_APPLIED_KEY "kubectl.kubernetes.io/last-applied-configuration"

enum { DEPTH_MAX = 100 }; /* managedFields, the deepest, need some ten */

/* ---- What the update owns ---- */

void secret_update_release(struct secret_update *update)
{
	secret_pairs_release(&update->labels);
	secret_pairs_release(&update->annotations);
	secret_pairs_release(&update->data);
	secret_pairs_release(&update->string_data);
	buf_release(&update->payload);
	docker_logins_release(&update->config);
	memory_release(update->gone);
	registry_index_release(&update->index);
	arena_release(&update->arena);
	*update = (struct secret_update){.payload = BUF_INIT(BUF_CONFIG_MAX)};
}

/* ---- Reading the object ---- */

/* Always false: "line L, column C: SENTENCE". */
static bool refuse(const struct node *node, const char *hint, struct error *error,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

static bool refuse(const struct node *node, const char *hint, struct error *error,
                   const char *format, ...)
{
	char sentence[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	return error_set(error, DIAGNOSTIC_UPDATE_REFUSED, hint,
	                 "line %" PRIu64 ", column %" PRIu64 ": %s", node->place.line,
	                 node->place.column, sentence);
}

static const struct {
	enum pull_secret_kind kind;
	const char *sentence, *hint;
} refused_kinds[] = {
    {PULL_SECRET_NONE, "this is not a Secret",
     "give it what kubectl get secret NAME -o yaml prints"},
    {PULL_SECRET_BARE, "this is a Docker config, not a Secret",
     "--from-file takes the entries of a Docker config"},
    {PULL_SECRET_DOCKERCFG,
     "the Secret has the old type kubernetes.io/dockercfg, and a type cannot be changed",
     "decode its .dockercfg into a file, make a Secret of another name with --from-file FILE, and "
     "use that in the Pods"},
    {PULL_SECRET_OTHER,
     "the Secret has another type than " SECRET_TYPE_DOCKER_CONFIG ", and a type cannot be changed",
     "make a new Secret, without --update, or delete this one first"},
};

static bool check_kind(const struct pull_secret *pull, const struct node *root, struct error *error)
{
	for (size_t i = 0; i < COUNT(refused_kinds); i++)
		if (pull->kind == refused_kinds[i].kind)
			return refuse(pull->type_node ? pull->type_node : root,
			              refused_kinds[i].hint, error, "%s",
			              refused_kinds[i].sentence);
	return true;
}

static bool check_payload(const struct pull_secret *pull, const struct node *root,
                          struct error *error)
{
	const struct node *place = pull->payload_node ? pull->payload_node : root;

	if (pull->state == PULL_SECRET_PRESENT)
		return true;
	if (pull->state == PULL_SECRET_MISSING)
		return refuse(place, "make a new one, without --update", error,
		              "the Secret has no " CONFIG_IN_DATA);
	if (pull->state == PULL_SECRET_UNKNOWN)
		return refuse(place, "decrypt it, or render the template first", error,
		              CONFIG_IN_DATA " is encrypted, or still to be filled in");
	return refuse(place,
	              "it is the Docker config in base64, on one line, as base64 -w0 makes it",
	              error, "%s", pull->problem);
}

static bool read_immutable(struct secret_update *update, struct error *error)
{
	const struct node *node = node_get(update->root, "immutable");

	if (!node || node->kind == NODE_NULL)
		return true;
	if (node->kind != NODE_BOOL)
		return refuse(node, "write one of the two, without quotes, or leave it out", error,
		              "immutable is neither true nor false");
	update->immutable = SECRET_IMMUTABLE_FALSE;
	return !node->truth || refuse(node,
	                              "delete it first and make a new one, without --update; or "
	                              "make one of another name and use that in the Pods",
	                              error, "the Secret is immutable: its data cannot be changed");
}

/* A string, or "" for null; NULL, with the error set, for anything else. */
static const char *text_of(const struct node *node, const char *path, const char *key,
                           struct error *error)
{
	const char *hint = node->style == NODE_PLAIN ? "put it in quotes" : "";

	if (node->kind == NODE_NULL)
		return "";
	if (!node_string(node) && *key)
		refuse(node, hint, error, "%s[\"%.150s\"] is not a string", path, key);
	else if (!node_string(node))
		refuse(node, hint, error, "%s is not a string", path);
	return node_string(node);
}

/* From here on keys are C strings. The depth is limited because later walks recurse. */
static bool check_nodes(const struct node *node, size_t depth, struct error *error)
{
	if (depth == DEPTH_MAX)
		return refuse(node, "", error, "the Secret is nested too deep");
	for (size_t i = 0;
	     (node->kind == NODE_MAPPING || node->kind == NODE_SEQUENCE) && i < node->count; i++) {
		const struct node *key = node->members[i].key;

		if (key && strlen(key->text) != key->len)
			return refuse(key, "", error, "a key holds a NUL byte");
		if (!check_nodes(node->members[i].value, depth + 1, error))
			return false;
	}
	return true;
}

/* Members that are taken apart here, made anew, or dropped as the server's. */
static const char parts[] = "apiVersion kind metadata type immutable data stringData";
static const char metadata_parts[] =
    "name namespace labels annotations uid resourceVersion generation creationTimestamp "
    "deletionTimestamp deletionGracePeriodSeconds managedFields selfLink";

/* No part may appear twice: which one would count? */
static bool check_repeated(const struct node *mapping, const char *list, const char *prefix,
                           struct error *error)
{
	for (size_t i = 0; mapping && mapping->kind == NODE_MAPPING && i < mapping->count; i++) {
		const char *name = mapping->members[i].key->text;
		const struct node *last =
		    view_is_one_of(view_of(name), list) ? node_get(mapping, name) : NULL;

		if (last && last != mapping->members[i].value)
			return refuse(last, "is a --- missing between two objects?", error,
			              "%s%s appears twice", prefix, name);
	}
	return true;
}

/* "": absent. NULL: no string. */
static const char *read_name(const struct secret_update *update, const char *path,
                             struct error *error)
{
	const struct node *node = node_at(update->root, path);

	return node ? text_of(node, path, "", error) : "";
}

static bool read_metadata(struct secret_update *update, struct error *error)
{
	const struct node *metadata = node_get(update->root, "metadata");

	if (metadata && metadata->kind != NODE_MAPPING && metadata->kind != NODE_NULL)
		return refuse(metadata, "", error, "metadata is not a mapping");
	update->name = read_name(update, "metadata.name", error);
	if (!update->name)
		return false;
	update->ns = read_name(update, "metadata.namespace", error);
	return update->ns != NULL;
}

/* In base64, unwrapped and with nothing in its unused bits, as Go prints it. */
static bool encode(struct secret_update *update, const void *bytes, size_t len, const char **value,
                   struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	base64_encode(&text, bytes, len);
	*value = arena_copy(&update->arena, text.data, text.len);
	return buf_check(&text, "the data", error);
}

/* What one member of a map becomes; *value NULL: it is left out. */
typedef bool read_value(struct secret_update *update, const struct node_member *member,
                        const char **value, struct error *error);

static bool check_pair(const struct node_member *member, const char *path, const char **value,
                       bool (*check)(const char *, const char *, struct error *),
                       struct error *error)
{
	const struct node_place *place = &member->value->place;

	*value = text_of(member->value, path, member->key->text, error);
	if (!*value)
		return false;
	if (check(member->key->text, *value, error))
		return true;
	error_prefix(error, "line %" PRIu64 ", column %" PRIu64, place->line, place->column);
	return error_from_input(error);
}

static bool read_label(struct secret_update *update, const struct node_member *member,
                       const char **value, struct error *error)
{
	(void)update;
	return check_pair(member, "metadata.labels", value, secret_check_label, error);
}

static bool read_annotation(struct secret_update *update, const struct node_member *member,
                            const char **value, struct error *error)
{
	(void)update;
	return strcmp(member->key->text, LAST_APPLIED_KEY) == 0 ||
	       check_pair(member, "metadata.annotations", value, secret_check_annotation, error);
}

static bool read_data(struct secret_update *update, const struct node_member *member,
                      const char **value, struct error *error)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT(BUF_CONFIG_MAX);
	const char *key = member->key->text, *given;

	if (strcmp(key, SECRET_KEY_DOCKER_CONFIG) == 0)
		return true;
	given = text_of(member->value, "data", key, error);
	if (!given)
		return false;
	if (base64_decode(&bytes, given, strlen(given), BASE64_PADDED))
		return encode(update, bytes.data, bytes.len, value, error);
	return buf_check(&bytes, "the data", error) &&
	       refuse(member->value, "base64 -w0 makes it on one line", error,
	              "data[\"%.150s\"] is not base64", key);
}

static bool read_string_data(struct secret_update *update, const struct node_member *member,
                             const char **value, struct error *error)
{
	const struct node *text = member->value;
	const char *key = member->key->text;

	if (strcmp(key, SECRET_KEY_DOCKER_CONFIG) == 0)
		return true;
	if (text->kind != NODE_STRING && text->kind != NODE_NULL)
		return text_of(text, "stringData", key, error) != NULL;
	return encode(update, text->text, text->kind == NODE_STRING ? text->len : 0, value, error);
}

/* A map that may be absent or null. */
static bool read_map(struct secret_update *update, const char *path, struct secret_pairs *pairs,
                     read_value *read, struct error *error)
{
	const struct node *node = node_at(update->root, path);
	const char *repeated;

	if (!node || node->kind == NODE_NULL)
		return true;
	if (node->kind != NODE_MAPPING)
		return refuse(node, "", error, "%s is not a mapping", path);
	for (size_t i = 0; i < node->count; i++) {
		const char *value = NULL;

		if (!read(update, &node->members[i], &value, error))
			return false;
		if (value)
			secret_pairs_add(pairs, node->members[i].key->text, value);
	}
	repeated = secret_pairs_sort(pairs);
	return !repeated || error_set(error, DIAGNOSTIC_UPDATE_REFUSED, NULL,
	                              "%s[\"%.150s\"] appears twice", path, repeated);
}

static bool read_maps(struct secret_update *update, struct error *error)
{
	return read_map(update, "metadata.labels", &update->labels, read_label, error) &&
	       read_map(update, "metadata.annotations", &update->annotations, read_annotation,
	                error) &&
	       read_map(update, "data", &update->data, read_data, error) &&
	       read_map(update, "stringData", &update->string_data, read_string_data, error);
}

/* ---- Reading its config ---- */

/* The other members are printed from C strings. */
static bool check_members(const struct node *config, struct error *error)
{
	for (size_t i = 0; i < config->count; i++)
		if (!json_tree_names(&config->members[i], "auths") &&
		    strlen(config->members[i].key->text) != config->members[i].key->len)
			return error_set(error, DIAGNOSTIC_CONFIG_INVALID, NULL,
			                 "a member holds a NUL byte");
	return true;
}

/* The registry as the kubelet reads the key, without user-info, query, fragment, an empty
 * port and %-escapes. */
static void append_reading(struct view key, struct buf *out)
{
	CLEANUP(buf_release) struct buf index_key = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct index_pattern pattern;

	if (index_key_append(key, &index_key) ||
	    index_pattern_parse(buf_view(&index_key), &text, &pattern))
		return;
	buf_append(out, pattern.host.data, pattern.host.len);
	buf_append_string(out, pattern.port.len ? ":" : "");
	buf_append(out, pattern.port.data, pattern.port.len);
	buf_append(out, pattern.path.data, pattern.path.len);
}

/* What cannot be normalised is indexed under what the kubelet makes of it: it would go on
 * trying an entry that is left behind under such a key. */
static void index_entry(struct secret_update *update, size_t number)
{
	CLEANUP(buf_release) struct buf reading = BUF_INIT(BUF_CONFIG_MAX);
	struct view registry = update->config.entries[number].registry;
	size_t before = update->index.count;

	registry_index_add(&update->index, registry.data, number);
	if (update->index.count > before)
		return;
	append_reading(registry, &reading);
	registry_index_add(&update->index, reading.data, number);
}

static bool read_config(struct secret_update *update, struct error *error)
{
	const struct docker_logins *config = &update->config;

	if (!json_tree_parse(buf_view(&update->payload), &update->arena, &update->tree, error) ||
	    (update->tree->kind != NODE_NULL && /* to the API server and the kubelet empty */
	     !docker_logins_read(update->tree, CONFIG_SHAPE_ANY, &update->config, error))) {
		if (!*error->hint)
			error_hint(error, "decoded, it must be a JSON object with \"auths\" in it: "
			                  "make a new Secret, without --update");
		return error_prefix(error, CONFIG_IN_DATA);
	}
	if (config->bare && config->entry_count)
		return error_set(
		    error, DIAGNOSTIC_CONFIG_INVALID,
		    "decode it into a file, and make a new Secret with --from-file FILE",
		    CONFIG_IN_DATA " is a map of registries without auths around it, "
		                   "which the kubelet ignores");
	update->gone = memory_acquire(config->entry_count + 1);
	memset(update->gone, 0, config->entry_count + 1);
	for (size_t i = 0; i < config->entry_count; i++)
		index_entry(update, i);
	return check_members(update->tree, error);
}

bool secret_update_read(const struct node *root, const char *api_version, const char *kind,
                        struct secret_update *update, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret pull = PULL_SECRET_INIT;

	*update = (struct secret_update){.root = root, .payload = BUF_INIT(BUF_CONFIG_MAX)};
	if (!pull_secret_read(root, api_version, kind, &pull, error) ||
	    !check_kind(&pull, root, error) || !check_nodes(root, 0, error) ||
	    !check_repeated(root, parts, "", error) ||
	    !check_repeated(node_get(root, "metadata"), metadata_parts, "metadata.", error) ||
	    !read_immutable(update, error) || !check_payload(&pull, root, error))
		return false;
	buf_append(&update->payload, pull.payload.data, pull.payload.len);
	return buf_check(&update->payload, "the Docker config", error) &&
	       read_metadata(update, error) && read_maps(update, error) &&
	       read_config(update, error);
}

/* ---- Dropping entries ---- */

size_t secret_update_drop(struct secret_update *update, const char *registry)
{
	size_t count;
	const struct registry_index_item *found =
	    registry_index_find(&update->index, registry, &count);

	for (size_t i = 0; i < count; i++)
		update->gone[found[i].number] = true;
	return count;
}

bool secret_update_drop_exact(struct secret_update *update, const char *stored)
{
	for (size_t i = 0; i < update->config.entry_count; i++)
		if (view_is(update->config.entries[i].registry, stored))
			return update->gone[i] = true;
	return false;
}

const char *secret_update_username(struct secret_update *update, const char *registry)
{
	size_t count;
	const struct registry_index_item *found =
	    registry_index_find(&update->index, registry, &count);

	for (size_t i = 0; i < count; i++) {
		const struct view *username = &update->config.entries[found[i].number].username;

		if (username->len && strlen(username->data) == username->len)
			return username->data;
	}
	return NULL;
}

const struct docker_login *secret_update_entry(const struct secret_update *update, size_t *next)
{
	while (*next < update->config.entry_count && update->gone[*next])
		++*next;
	return *next < update->config.entry_count ? &update->config.entries[(*next)++] : NULL;
}

/* ---- The new config ---- */

static bool is_unreadable(const struct docker_login *entry)
{
	/* No registry has a NUL byte in its name. */
	return docker_login_fault_is_fatal(entry->fault) ||
	       strlen(entry->registry.data) != entry->registry.len;
}

bool secret_update_keep(struct secret_update *update, struct docker_config *config,
                        struct error *error)
{
	const struct docker_login *entry;
	size_t next = 0;

	while ((entry = secret_update_entry(update, &next))) {
		if (is_unreadable(entry)) {
			return error_set(error, DIAGNOSTIC_ENTRY_UNUSABLE,
			                 "replace the entry with --registry, or drop it "
			                 "with --remove",
			                 CONFIG_IN_DATA ": %s: with it, no image is pulled at all",
			                 entry->problem ? entry->problem
			                                : "a registry holds a NUL byte");
		}
		docker_config_add(config,
		                  &(struct docker_config_entry){.registry = entry->registry.data,
		                                                .kept = entry->value});
	}
	config->original = update->tree;
	return true;
}

/* ---- The new Secret ---- */

/* What stringData says goes before data. */
void secret_update_fill(const struct secret_update *update, struct secret *secret, bool merged)
{
	static const struct secret_pairs none = {0};
	const struct secret_pairs *plain = merged ? &update->string_data : &none;

	for (size_t i = 0; i < update->data.count; i++)
		if (!secret_pairs_have(plain, update->data.items[i].key))
			secret_pairs_add(&secret->data, update->data.items[i].key,
			                 update->data.items[i].value);
	for (size_t i = 0; i < plain->count; i++)
		secret_pairs_add(&secret->data, plain->items[i].key, plain->items[i].value);
	secret_pairs_sort(&secret->data);
}

/* ---- The rest of the object ---- */

/* A scalar that is not a simple string, as JSON. */
static struct json *scalar_tree(const struct node *node)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(2 * BUF_CONFIG_MAX);

	if (node_string(node) && utf8_valid(node->text, node->len))
		return json_string(node->text);
	node_json_print(node, &text);
	return json_raw(text.data);
}

static struct json *tree_of(const struct node *node)
{
	bool mapping = node->kind == NODE_MAPPING;
	struct json *tree;

	if (!mapping && node->kind != NODE_SEQUENCE)
		return scalar_tree(node);
	tree = mapping ? json_object() : json_array();
	for (size_t i = 0; i < node->count; i++) {
		struct json *child = tree_of(node->members[i].value);

		if (mapping)
			json_add(tree, node->members[i].key->text, child);
		else
			json_append(tree, child);
	}
	return tree;
}

/* Adds all members of the mapping but those listed. */
static void add_others(struct json *object, const struct node *mapping, const char *but)
{
	for (size_t i = 0; mapping && i < mapping->count; i++)
		if (!view_is_one_of(view_of(mapping->members[i].key->text), but))
			json_add(object, mapping->members[i].key->text,
			         tree_of(mapping->members[i].value));
}

static struct json *member_of(struct json *object, const char *key)
{
	const struct json *member = json_first(object);

	while (member && strcmp(json_key(member), key) != 0)
		member = json_next(member);
	return (struct json *)member;
}

void secret_update_complete(const struct secret_update *update, struct json *object, bool merged)
{
	add_others(member_of(object, "metadata"), node_get(update->root, "metadata"),
	           metadata_parts);
	if (!merged && update->string_data.count) {
		struct json *texts = json_object();

		add_others(texts, node_get(update->root, "stringData"), SECRET_KEY_DOCKER_CONFIG);
		json_add(object, "stringData", texts);
	}
	add_others(object, update->root, parts);
}

/* ---- Its old name ---- */

bool secret_update_base_name(const struct secret_update *update, size_t *len, struct error *error)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf data = BUF_INIT(BUF_CONFIG_MAX);
	struct secret secret = {.type = SECRET_TYPE_DOCKER_CONFIG, .immutable = update->immutable};
	char hash[SECRET_HASH_SIZE];
	bool sound;

	*len = strlen(update->name);
	if (*len <= SECRET_HASH_SIZE || update->name[*len - SECRET_HASH_SIZE] != '-')
		return true;
	buf_append(&name, update->name, *len - SECRET_HASH_SIZE);
	base64_encode(&data, update->payload.data, update->payload.len);
	if (!buf_check(&name, "the name", error) || !buf_check(&data, "the data", error))
		return false;
	secret.name = name.data;
	secret_pairs_add(&secret.data, SECRET_KEY_DOCKER_CONFIG, data.data);
	secret_update_fill(update, &secret, true);
	sound = secret_hash(&secret, hash, error);
	secret_pairs_release(&secret.data);
	if (sound && strcmp(update->name + *len - (SECRET_HASH_SIZE - 1), hash) == 0)
		*len = name.len;
	return sound;
}
