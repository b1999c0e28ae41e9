#include "regcred/docker/docker_config.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/json/json.h"
#include "regcred/registry/registry_key.h"

void docker_config_release(struct docker_config *config)
{
	memory_release(config->entries);
	memory_release(config->kept.items);
	memory_release(config->members.items);
	*config = DOCKER_CONFIG_INIT;
}

void docker_config_add(struct docker_config *config, const struct docker_config_entry *entry)
{
	memory_extend(&config->entries, config->count, &config->capacity, sizeof *entry);
	config->entries[config->count++] = *entry;
}

void docker_config_keep(struct docker_config_pieces *pieces, const char *key, const char *text)
{
	memory_extend(&pieces->items, pieces->count, &pieces->capacity, sizeof *pieces->items);
	pieces->items[pieces->count++] = (struct docker_config_kept){key, text};
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

static void add_if_any(struct json *object, const char *key, const char *text)
{
	if (text && *text)
		json_add(object, key, json_string(text));
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

static struct json *entry_object(const struct credential *credential, const char *auth)
{
	struct json *object = json_object();

	add_if_any(object, "username", credential->username);
	add_if_any(object, "password", credential->password);
	add_if_any(object, "email", credential->email);
	add_if_any(object, "auth", auth);
	return object;
}

/* What is under one key of `auths`: made of a credential, or kept. */
struct line {
	const char *registry;
	const struct credential *credential; /* NULL: kept */
	const char *text;
};

static int line_by_registry(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->registry, ((const struct line *)b)->registry);
}

/* All of them, sorted; the caller releases them. */
static struct line *sorted_lines(const struct docker_config *config, size_t *count)
{
	struct line *lines;

	*count = config->count + config->kept.count;
	lines = memory_acquire((*count + 1) * sizeof *lines);
	for (size_t i = 0; i < config->count; i++)
		lines[i] =
		    (struct line){config->entries[i].registry, config->entries[i].credential, NULL};
	for (size_t i = 0; i < config->kept.count; i++)
		lines[config->count + i] =
		    (struct line){config->kept.items[i].key, NULL, config->kept.items[i].text};
	qsort(lines, *count, sizeof *lines, line_by_registry);
	return lines;
}

static bool add_line(struct json *auths, const struct line *line, struct error *error)
{
	CLEANUP(buf_release) struct buf auth = BUF_INIT(BUF_CONFIG_MAX);

	if (line->credential && !append_auth(&auth, line->credential, error))
		return false;
	json_add(auths, line->registry,
	         line->credential ? entry_object(line->credential, auth.data)
	                          : json_raw(line->text));
	return true;
}

bool docker_config_print(const struct docker_config *config, struct buf *out, struct error *error)
{
	CLEANUP(json_release) struct json *root = json_object();
	struct json *auths = json_object();
	size_t count;
	struct line *lines = sorted_lines(config, &count);
	bool sound = true;

	json_add(root, "auths", auths);
	for (size_t i = 0; sound && i < count; i++)
		sound = add_line(auths, &lines[i], error);
	memory_release(lines);
	for (size_t i = 0; i < config->members.count; i++)
		json_add(root, config->members.items[i].key,
		         json_raw(config->members.items[i].text));
	return sound && json_print(root, JSON_COMPACT, 0, out, error);
}
