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
#include "regcred/registry/registry_trap.h"

/* A live key, as it is compared with the others of its Secret: offsets into the list's
 * `names`, of C strings. */
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

static bool has_scheme(const char *registry)
{
	return strncmp(registry, "https://", 8) == 0 || strncmp(registry, "http://", 7) == 0;
}

/* /v1/ is dropped, /v1 is not. An image may be named so, but that is unlikely. */
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

/* `shown` is how messages call the entry. A key without normal form, such as one with
 * user-info, still has a scheme and a path. */
static void judge_spelling(const struct config_view *view, const char *registry, const char *shown,
                           const char *index_key, const char *normal)
{
	if (strcmp(normal, REGISTRY_KEY_DOCKER_HUB) == 0) {
		if (strcmp(registry, REGISTRY_KEY_DOCKER_HUB) != 0)
			config_report(view, CHECK_REGISTRY_DOCKER_HUB_KEY,
			              "write " REGISTRY_KEY_DOCKER_HUB ", which all of them find",
			              "%s is Docker Hub to the kubelet, but not to docker and the "
			              "go-containerregistry family",
			              shown);
		return;
	}
	if (has_scheme(registry))
		config_report(
		    view, CHECK_REGISTRY_SCHEME, "leave the scheme out, as in the image name",
		    "%s has a scheme, which the kubelet drops and other tools compare", shown);
	if (is_open_prefix(index_key))
		config_report(view, CHECK_REGISTRY_PREFIX_LEAK,
		              "end the path with a slash, unless an image has exactly that name",
		              "%s also serves paths that only begin with it: the kubelet compares "
		              "bytes",
		              shown);
}

/* https://quay.io/repository/ORG/APP: what a browser shows. */
static bool is_page(const char *index_key, struct error *page)
{
	CLEANUP(buf_release) struct buf host = BUF_INIT(BUF_NAME_MAX);
	size_t len = strcspn(index_key, "/");

	buf_append(&host, index_key, len);
	return !registry_trap_check_address(host.data, index_key + len, index_key, page);
}

static void judge_live(const struct config_view *view, const char *registry, const char *shown,
                       const char *index_key, const char *normal, unsigned advice)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);
	bool proposes = *normal && registry_trap_may_propose(view_of(normal));
	struct registry_trap trap;
	struct error page;

	buf_append_format(&hint, "write %s",
	                  proposes ? normal : "HOST[:PORT][/PATH] in lower case");
	if (is_page(index_key, &page)) {
		config_report(view, CHECK_REGISTRY_DEAD_KEY, page.hint,
		              "%s is the address of a web page or an API", shown);
		return;
	}
	if (*normal && ends_in_version(index_key))
		config_report(view, CHECK_REGISTRY_DEAD_KEY, hint.data,
		              "%s: the key ends in the version of the API without a slash, which "
		              "the kubelet takes for the path of an image",
		              shown);
	if (advice & REGISTRY_ADVICE_PORT)
		config_report(view, CHECK_REGISTRY_PORT, "write the registry as the image names do",
		              "%s matches only images that are written with this port", shown);
	if (!registry_trap_find(view_of(normal), &trap)) /* the judge of credentials reports it */
		judge_spelling(view, registry, shown, index_key, normal);
	check_capitals_keep(view->check, view->object->origin, view->place, view_of(index_key),
	                    shown, hint.data);
}

/* A key that lives is kept, to be compared with the others. */
static void judge_key(const struct config_view *view, size_t number, struct keyring_note *note,
                      struct live_keys *keys)
{
	const struct view *registry = &view->file->entries[number].registry;
	CLEANUP(buf_release) struct buf shown = config_show(view, *registry);
	struct live_key live = {.index = keys->names.len, .entry = number};
	struct error unusable;
	unsigned advice = 0;

	if (!keyring_judge_key(*registry, note)) {
		config_report(view, CHECK_REGISTRY_DEAD_KEY, note->hint.data, "%s: %s", shown.data,
		              note->sentence.data);
		return;
	}
	index_key_append(*registry, &keys->names);
	buf_append_char(&keys->names, '\0');
	live.normal = keys->names.len;
	registry_key_normalise(registry->data, &keys->names, &advice, &unusable);
	buf_append_char(&keys->names, '\0');
	memory_extend(&keys->items, keys->count, &keys->capacity, sizeof *keys->items);
	keys->items[keys->count++] = live;
	judge_live(view, registry->data, shown.data, keys->names.data + live.index,
	           keys->names.data + live.normal, advice);
}

/* ---- Two keys that mean the same ---- */

/* Keys in the order of their names, of the one kind or the other. */
struct order {
	const char *names;
	bool normal;
};

static int compare_names(const struct order *order, const struct live_key *a,
                         const struct live_key *b)
{
	return strcmp(order->names + (order->normal ? a->normal : a->index),
	              order->names + (order->normal ? b->normal : b->index));
}

static int compare_keys(const void *a, const void *b, void *context)
{
	const struct live_key *one = a, *other = b;
	int order = compare_names(context, one, other);

	return order ? order : (one->entry > other->entry) - (one->entry < other->entry);
}

static void report_same(const struct config_view *view, size_t first, size_t other,
                        const char *words)
{
	const struct docker_login *entries = view->file->entries;
	CLEANUP(buf_release) struct buf one = config_show(view, entries[first].registry);
	CLEANUP(buf_release) struct buf two = config_show(view, entries[other].registry);

	config_report(view, CHECK_REGISTRY_AMBIGUOUS, "keep one of them", "%s and %s %s", one.data,
	              two.data, words);
}

/* Each key against the first one of its index key; then docker.io and Docker Hub's own key: both
 * are found, and the second never used. */
static void judge_same(const struct config_view *view, struct live_keys *keys, bool normal)
{
	const struct live_key *items = keys->items;
	struct order order = {keys->names.data, normal}, by_index = {keys->names.data, false};
	size_t first = 0;

	qsort_r(keys->items, keys->count, sizeof *items, compare_keys, &order);
	for (size_t i = 1; i < keys->count; i++) {
		bool same_index = compare_names(&by_index, &items[first], &items[i]) == 0;

		if (compare_names(&order, &items[first], &items[i]) != 0)
			first = i;
		else if (!normal)
			report_same(view, items[first].entry, items[i].entry,
			            "mean the same: which is tried first is random");
		else if (!same_index && order.names[items[i].normal])
			report_same(view, items[first].entry, items[i].entry,
			            "are one registry: the kubelet uses only one of them");
	}
}

/* ---- All of them ---- */

void check_registry_judge(const struct config_view *view)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(live_keys_release)
	struct live_keys keys = {.names = BUF_INIT(4 * (size_t)BUF_CONFIG_MAX)};
	const struct docker_logins *file = view->file;

	for (size_t i = 0; i < file->entry_count; i++) {
		const struct docker_login *entry = &file->entries[i];

		if (!entry->web_login_leftover &&
		    !value_is_templated(entry->registry.data, entry->registry.len))
			judge_key(view, i, &note, &keys);
	}
	if (keys.count > 1) {
		judge_same(view, &keys, false);
		judge_same(view, &keys, true);
	}
}
