#include "regcred/docker_config.h"

#include <string.h>

#include "regcred/base64.h"
#include "regcred/json.h"
#include "regcred/memory.h"
#include "regcred/registry_key.h"

void docker_config_release(struct docker_config *config)
{
	memory_release(config->entries);
	*config = DOCKER_CONFIG_INIT;
}

static bool refuse_same(const char *registry, const char *other, struct error *error)
{
	if (strcmp(registry, other) == 0)
		error_set(error, DIAGNOSTIC_REGISTRY_DUPLICATE, "registry \"%s\" is given twice",
		          registry);
	else
		error_set(error, DIAGNOSTIC_REGISTRY_DUPLICATE,
		          "registries \"%s\" and \"%s\" are one and the same for the kubelet",
		          other, registry);
	return error_hint(error,
	                  "one entry is kept for each registry: leave one of them out, or give "
	                  "them paths that differ");
}

bool docker_config_add(struct docker_config *config, const struct docker_config_entry *entry,
                       struct error *error)
{
	size_t at = 0;

	for (size_t i = 0; i < config->count; i++) {
		if (registry_key_same(config->entries[i].registry, entry->registry))
			return refuse_same(entry->registry, config->entries[i].registry, error);
		if (strcmp(config->entries[i].registry, entry->registry) < 0)
			at = i + 1;
	}
	if (!memory_extend(&config->entries, config->count, &config->capacity, sizeof *entry))
		return error_out_of_memory(error);
	memmove(config->entries + at + 1, config->entries + at,
	        (config->count - at) * sizeof *entry);
	config->entries[at] = *entry;
	config->count++;
	return true;
}

static bool add_if_any(struct json *object, const char *key, const char *text)
{
	return !text || !*text || json_add(object, key, json_string(text));
}

/* auth is the base64 of user:password; none at all when both are empty. */
static bool append_auth(struct buf *auth, const struct credential *credential, struct error *error)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(auth->ceiling);

	buf_append_string(&pair, credential->username);
	buf_append_char(&pair, ':');
	buf_append_string(&pair, credential->password);
	if (pair.len > 1)
		base64_encode(auth, pair.data, pair.len);
	return buf_check(&pair, "a credential", error) && buf_check(auth, "a credential", error);
}

static struct json *entry_object(const struct credential *credential, const char *auth)
{
	struct json *object = json_object();

	if (!add_if_any(object, "username", credential->username) ||
	    !add_if_any(object, "password", credential->password) ||
	    !add_if_any(object, "email", credential->email) || !add_if_any(object, "auth", auth))
		json_release(&object);
	return object;
}

static bool add_entry(struct json *auths, const struct docker_config_entry *entry,
                      struct error *error)
{
	CLEANUP(buf_release) struct buf auth = BUF_INIT(BUF_CONFIG_MAX);

	return append_auth(&auth, entry->credential, error) &&
	       (json_add(auths, entry->registry, entry_object(entry->credential, auth.data)) ||
	        error_out_of_memory(error));
}

bool docker_config_print(const struct docker_config *config, struct buf *out, struct error *error)
{
	CLEANUP(json_release) struct json *root = json_object();
	CLEANUP(json_release) struct json *auths = json_object();
	struct json *filled;

	for (size_t i = 0; i < config->count; i++)
		if (!add_entry(auths, &config->entries[i], error))
			return false;
	filled = auths;
	auths = NULL; /* json_add takes it in any case */
	if (!json_add(root, "auths", filled))
		return error_out_of_memory(error);
	return json_print(root, JSON_COMPACT, 0, out, error);
}
