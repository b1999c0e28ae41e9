/* Registry keys of a payload: which of them the kubelet never uses, which of them others
 * do not understand, and which are more than they seem. */
#include <stdlib.h>
#include <string.h>

#include "check_config.h"
#include "regcred/base/memory.h"
#include "regcred/manifest/templated.h"
#include "regcred/pods/keyring.h"
#include "regcred/registry/index_key.h"
#include "regcred/registry/registry_key.h"

/* A live key, as it is compared with the others of its Secret: where its names stand in
 * the list's `names`, each ended by a zero byte. */
struct live_key {
	size_t index;  /* what the kubelet files it under */
	size_t normal; /* as registry_key.h has it; "": it has none */
	size_t entry;
};

struct live_keys {
	struct live_key *items;
	size_t count, capacity;
	struct buf names;
};

static void live_keys_release(struct live_keys *keys)
{
	memory_release(keys->items);
	buf_release(&keys->names);
}

/* ---- One key alone ---- */

/* `shown` is how messages call the entry. */
static void report_key(const struct config_view *view, enum check_rule rule, const char *hint,
                       const char *shown, const char *sentence)
{
	check_report(view->check, view->object->origin, rule, view->place, hint, "%s%s", shown,
	             sentence);
}

static bool has_scheme(const char *registry)
{
	return strncmp(registry, "https://", 8) == 0 || strncmp(registry, "http://", 7) == 0;
}

/* /v1/ is dropped, /v1 is not. An image may be named so, but nobody means that. */
static bool ends_in_version(const char *index_key)
{
	const char *path = strchr(index_key, '/');

	return path && (strcmp(path, "/v1") == 0 || strcmp(path, "/v2") == 0);
}

static bool is_open_prefix(const char *index_key)
{
	return strchr(index_key, '/') && index_key[strlen(index_key) - 1] != '/' &&
	       !ends_in_version(index_key);
}

/* What no normal form is had of, such as a key with user-info, still has a scheme and a
 * path. */
static void judge_spelling(const struct config_view *view, const char *registry, const char *shown,
                           const char *index_key, const char *normal)
{
	if (strcmp(normal, REGISTRY_KEY_DOCKER_HUB) == 0) {
		if (strcmp(registry, REGISTRY_KEY_DOCKER_HUB) != 0)
			report_key(view, CHECK_REGISTRY_DOCKER_HUB_KEY,
			           "write " REGISTRY_KEY_DOCKER_HUB ", which all of them find",
			           shown,
			           " is Docker Hub to the kubelet, but not to docker and the "
			           "go-containerregistry family");
		return;
	}
	if (has_scheme(registry))
		report_key(view, CHECK_REGISTRY_SCHEME,
		           "leave the scheme out, as in the image name", shown,
		           " has a scheme, which the kubelet drops and other tools compare");
	if (is_open_prefix(index_key))
		report_key(view, CHECK_REGISTRY_PREFIX_LEAK,
		           "end the path with a slash, unless an image has just that name", shown,
		           " also serves paths that only begin so: the kubelet compares bytes");
}

/* Dead, unless an image is written so. */
static bool judge_capitals(const struct config_view *view, const char *index_key, const char *shown,
                           const char *normal, struct error *error)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_format(&hint, "write %s", *normal ? normal : "HOST[:PORT][/PATH] in lower case");
	return buf_check(&hint, "a hint", error) &&
	       check_capitals_keep(view->check, view->object->origin, view->place,
	                           view_of(index_key), shown, hint.data, error);
}

static bool keep_live(struct live_keys *keys, const struct live_key *key, struct error *error)
{
	if (!buf_check(&keys->names, "the registries", error))
		return false;
	memory_extend(&keys->items, keys->count, &keys->capacity, sizeof *keys->items);
	keys->items[keys->count++] = *key;
	return true;
}

static bool judge_version(const struct config_view *view, const char *shown, const char *normal,
                          struct error *error)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_format(&hint, "write %s", normal);
	if (!buf_check(&hint, "a hint", error))
		return false;
	report_key(view, CHECK_REGISTRY_DEAD_KEY, hint.data, shown,
	           ": the key ends in the version of the API without a slash, which the kubelet "
	           "takes for the path of an image");
	return true;
}

static bool judge_live(const struct config_view *view, const char *registry, const char *shown,
                       const struct buf *names, const struct live_key *live, struct error *error)
{
	const char *index_key = names->data + live->index, *normal = names->data + live->normal;

	if (check_capitals_are_in(view_of(index_key)) &&
	    !judge_capitals(view, index_key, shown, normal, error))
		return false;
	if (*normal && ends_in_version(index_key) && !judge_version(view, shown, normal, error))
		return false;
	judge_spelling(view, registry, shown, index_key, normal);
	return true;
}

/* A key that lives is kept, to be compared with the others. */
static bool judge_key(const struct config_view *view, size_t number, struct keyring_note *note,
                      struct live_keys *keys, struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	const struct buf *registry = &view->file->entries[number].registry;
	struct view key = {registry->data, registry->len};
	struct live_key live = {.index = keys->names.len, .entry = number};
	struct error unusable = {.status = STATUS_OK};
	unsigned advice;
	bool dead;

	config_scan_show(&shown, key, view->bare);
	if (!keyring_judge_key(key, note, &dead, error))
		return false;
	buf_append_string(&shown, dead ? ": " : "");
	if (!buf_check(&shown, "a registry key", error))
		return false;
	if (dead) {
		report_key(view, CHECK_REGISTRY_DEAD_KEY, note->hint.data, shown.data,
		           note->sentence.data);
		return true;
	}
	index_key_append(key, &keys->names);
	buf_append_char(&keys->names, '\0');
	live.normal = keys->names.len;
	if (!registry_key_normalise(registry->data, &keys->names, &advice, &unusable) &&
	    unusable.diagnostic == DIAGNOSTIC_OUT_OF_MEMORY)
		return error_out_of_memory(error);
	buf_append_char(&keys->names, '\0');
	return keep_live(keys, &live, error) &&
	       judge_live(view, registry->data, shown.data, &keys->names, &live, error);
}

/* ---- Two keys that mean the same ---- */

static int compare_index(const void *a, const void *b, void *names)
{
	const struct live_key *one = a, *other = b;
	int order = strcmp((char *)names + one->index, (char *)names + other->index);

	return order ? order : (one->entry > other->entry) - (one->entry < other->entry);
}

static int compare_normal(const void *a, const void *b, void *names)
{
	const struct live_key *one = a, *other = b;
	int order = strcmp((char *)names + one->normal, (char *)names + other->normal);

	return order ? order : (one->entry > other->entry) - (one->entry < other->entry);
}

static bool report_same(const struct config_view *view, size_t first, size_t other,
                        const char *words, struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	const struct docker_config_file_entry *entries = view->file->entries;

	config_scan_show(&shown, buf_view(&entries[first].registry), view->bare);
	buf_append_string(&shown, " and ");
	config_scan_show(&shown, buf_view(&entries[other].registry), view->bare);
	if (!buf_check(&shown, "the registries", error))
		return false;
	check_report(view->check, view->object->origin, CHECK_REGISTRY_AMBIGUOUS, view->place,
	             "keep one of them", "%s %s", shown.data, words);
	return true;
}

/* Each key against the first one of its index key. */
static bool judge_same_index(const struct config_view *view, struct live_keys *keys,
                             struct error *error)
{
	const struct live_key *items = keys->items;
	const char *names = keys->names.data;
	size_t first = 0;

	qsort_r(keys->items, keys->count, sizeof *items, compare_index, keys->names.data);
	for (size_t i = 1; i < keys->count; i++) {
		if (strcmp(names + items[first].index, names + items[i].index) != 0)
			first = i;
		else if (!report_same(view, items[first].entry, items[i].entry,
		                      "mean the same: chance decides which is tried first", error))
			return false;
	}
	return true;
}

/* docker.io and Docker Hub's own key: both are found, and the second never used. */
static bool judge_same_registry(const struct config_view *view, struct live_keys *keys,
                                struct error *error)
{
	const struct live_key *items = keys->items;
	const char *names = keys->names.data;
	size_t first = 0;

	qsort_r(keys->items, keys->count, sizeof *items, compare_normal, keys->names.data);
	for (size_t i = 1; i < keys->count; i++) {
		if (!names[items[i].normal] ||
		    strcmp(names + items[first].normal, names + items[i].normal) != 0)
			first = i;
		else if (strcmp(names + items[first].index, names + items[i].index) != 0 &&
		         !report_same(view, items[first].entry, items[i].entry,
		                      "are one registry: the kubelet uses only one of them", error))
			return false;
	}
	return true;
}

/* ---- All of them ---- */

static bool judge_all(const struct config_view *view, struct keyring_note *note,
                      struct live_keys *keys, struct error *error)
{
	const struct docker_config_file *file = view->file;

	for (size_t i = 0; i < file->entry_count; i++) {
		const struct docker_config_file_entry *entry = &file->entries[i];

		if (!entry->web_login_leftover &&
		    !value_is_templated(entry->registry.data, entry->registry.len) &&
		    !judge_key(view, i, note, keys, error))
			return false;
	}
	return keys->count < 2 ||
	       (judge_same_index(view, keys, error) && judge_same_registry(view, keys, error));
}

bool check_registry_judge(const struct config_view *view, struct error *error)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(live_keys_release)
	struct live_keys keys = {.names = BUF_INIT(BUF_CONFIG_MAX)};

	return judge_all(view, &note, &keys, error);
}
