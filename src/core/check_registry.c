/* Registry keys of a payload: which of them the kubelet never uses, which of them others
 * do not understand, and which are more than they seem. */
#include <stdlib.h>
#include <string.h>

#include "check_config.h"
#include "regcred/index_key.h"
#include "regcred/keyring.h"
#include "regcred/memory.h"
#include "regcred/registry_key.h"

/* A live key, as it is compared with the others of its Secret. */
struct live_key {
	const char *index;  /* what the kubelet files it under */
	const char *normal; /* registry_key.h; "": it has none */
	const struct docker_config_file_entry *entry;
};

/* `names` never grows while keys point into it. */
struct live_keys {
	struct live_key *items;
	size_t count;
	struct buf names;
};

static void live_keys_release(struct live_keys *keys)
{
	memory_release(keys->items);
	buf_release(&keys->names);
}

/* ---- One key alone ---- */

static void report_key(const struct config_view *view, enum check_rule rule, const char *hint,
                       const char *registry, const char *sentence)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);

	config_scan_show(&shown, registry, view->bare);
	check_report(view->check, view->object->origin, rule, view->place, hint, "%s %s",
	             shown.data, sentence);
}

static bool has_scheme(const char *registry)
{
	return strncmp(registry, "https://", 8) == 0 || strncmp(registry, "http://", 7) == 0;
}

static void judge_live(const struct config_view *view, const char *registry, const char *normal,
                       unsigned advice)
{
	if (strcmp(normal, REGISTRY_KEY_DOCKER_HUB) == 0) {
		if (strcmp(registry, REGISTRY_KEY_DOCKER_HUB) != 0)
			report_key(view, CHECK_REGISTRY_DOCKER_HUB_KEY,
			           "write " REGISTRY_KEY_DOCKER_HUB ", which all of them find",
			           registry,
			           "is Docker Hub to the kubelet, but not to docker and the tools of "
			           "the go-containerregistry family");
		return;
	}
	if (has_scheme(registry))
		report_key(view, CHECK_REGISTRY_SCHEME, "leave the scheme out, as in the image name",
		           registry,
		           "has a scheme, which the kubelet drops and other tools compare");
	if (advice & REGISTRY_ADVICE_PREFIX)
		report_key(view, CHECK_REGISTRY_PREFIX_LEAK,
		           "end the path with a slash, unless the image has just that name",
		           registry,
		           "also serves paths that only begin so: the kubelet compares bytes");
}

/* The key's names go behind each other into keys->names, the index key first. */
static bool judge_key(const struct config_view *view, const struct docker_config_file_entry *entry,
                      struct keyring_note *note, struct live_keys *keys, struct error *error)
{
	struct view registry = {entry->registry.data, entry->registry.len};
	size_t start = keys->names.len, normal;
	struct error unusable;
	unsigned advice;
	bool dead;

	if (!keyring_judge_key(registry, note, &dead, error))
		return false;
	if (dead) {
		report_key(view, CHECK_REGISTRY_DEAD_KEY, note->hint.data, entry->registry.data,
		           note->sentence.data);
		return true;
	}
	index_key_append(registry, &keys->names);
	buf_append_char(&keys->names, '\0');
	normal = keys->names.len;
	if (registry_key_normalise(entry->registry.data, &keys->names, &advice, &unusable))
		judge_live(view, entry->registry.data, keys->names.data + normal, advice);
	buf_append_char(&keys->names, '\0');
	if (!buf_check(&keys->names, "the registries", error))
		return false;
	keys->items[keys->count++] =
	    (struct live_key){.index = (const char *)start, .normal = (const char *)normal};
	return true;
}
