#include "regcred/docker/docker_config.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/json/json.h"
#include "regcred/registry/registry_key.h"
#include "regcred/tree/json_tree.h"
#include "regcred/tree/node_json.h"

void docker_config_release(struct docker_config *config)
{
	memory_release(config->entries);
	*config = DOCKER_CONFIG_INIT;
}

void docker_config_add(struct docker_config *config, const struct docker_config_entry *entry)
{
	memory_extend(&config->entries, config->count, &config->capacity, sizeof *entry);
	config->entries[config->count++] = *entry;
}

static bool refuse_same(const char *registry, const char *other, struct error *error)
{
	static const char hint[] = "one entry is kept for each registry: leave one of them out, or "
	                           "give them paths that differ";

	if (strcmp(registry, other) == 0)
		return error_set(error, DIAGNOSTIC_REGISTRY_DUPLICATE, hint,
		                 "registry \"%s\" is given twice", registry);
	return error_set(error, DIAGNOSTIC_REGISTRY_DUPLICATE, hint,
	                 "registries \"%s\" and \"%s\" are the same for the kubelet", registry,
	                 other);
}

/* Those that are the same in the order of their text, so that messages do not vary. */
static int entry_by_registry(const void *a, const void *b)
{
	const char *one = ((const struct docker_config_entry *)a)->registry;
	const char *other = ((const struct docker_config_entry *)b)->registry;
	int order = registry_key_compare(one, other);

	return order ? order : strcmp(one, other);
}

bool docker_config_sort(struct docker_config *config, struct error *error)
{
	const struct docker_config_entry *entries = config->entries;

	if (config->count > 1)
		qsort(config->entries, config->count, sizeof *entries, entry_by_registry);
	for (size_t i = 1; i < config->count; i++)
		if (registry_key_same(entries[i - 1].registry, entries[i].registry))
			return refuse_same(entries[i - 1].registry, entries[i].registry, error);
	return true;
}

static const char *if_any(const char *text)
{
	return text && *text ? text : NULL;
}

/* auth is the base64 of user:password; none at all when both are empty. */
static bool append_auth(struct buf *auth, const struct credential *credential, struct error *error)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(auth->ceiling);

	buf_append_format(&pair, "%s:%s", credential->username, credential->password);
	if (pair.len > 1)
		base64_encode(auth, pair.data, pair.len);
	return buf_check(&pair, "a credential", error) && buf_check(auth, "a credential", error);
}

/* Strings are printed as they stand in the tree. */
static bool add_node(struct json *object, const char *key, const struct node *value,
                     struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	node_json_print(value, &text);
	json_add(object, key, json_raw(text.data));
	return buf_check(&text, "the Docker config", error);
}

static bool add_entry(struct json *auths, const struct docker_config_entry *entry,
                      struct error *error)
{
	CLEANUP(buf_release) struct buf auth = BUF_INIT(BUF_CONFIG_MAX);

	if (!entry->credential)
		return add_node(auths, entry->registry, entry->kept, error);
	if (!append_auth(&auth, entry->credential, error))
		return false;
	json_add(auths, entry->registry,
	         json_build("{username:%s,password:%s,email:%s,auth:%s}",
	                    if_any(entry->credential->username),
	                    if_any(entry->credential->password), if_any(entry->credential->email),
	                    if_any(auth.data)));
	return true;
}

static bool add_members(struct json *root, const struct node *original, struct error *error)
{
	for (size_t i = 0; original && i < original->count; i++) {
		const struct node_member *member = &original->members[i];

		if (!json_tree_names(member, "auths") &&
		    !add_node(root, member->key->text, member->value, error))
			return false;
	}
	return true;
}

static int entry_by_text(const void *a, const void *b)
{
	return strcmp(((const struct docker_config_entry *)a)->registry,
	              ((const struct docker_config_entry *)b)->registry);
}

bool docker_config_print(struct docker_config *config, struct buf *out, struct error *error)
{
	CLEANUP(json_release) struct json *root = json_object();
	struct json *auths = json_object();

	json_add(root, "auths", auths);
	if (config->count > 1)
		qsort(config->entries, config->count, sizeof *config->entries, entry_by_text);
	for (size_t i = 0; i < config->count; i++)
		if (!add_entry(auths, &config->entries[i], error))
			return false;
	return add_members(root, config->original, error) &&
	       json_print(root, JSON_COMPACT, 0, out, error);
}
