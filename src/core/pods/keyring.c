/* In the order of what happens: contents are parsed, keyrings made, images looked up. Why
 * entries do not match is told in keyring_note.c, which of them come near in
 * keyring_near.c. */
#include "regcred/pods/keyring.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keyring_content.h"
#include "regcred/base/memory.h"
#include "regcred/base/string_list.h"
#include "regcred/docker/docker_logins.h"
#include "regcred/registry/image_reference.h"

struct keyring_store {
	bool passwords;
	struct string_list texts; /* the records of contents, by their number */
	struct arena arena;       /* index keys, entries */
	struct content *contents;
	size_t count, capacity;
};

/* A content in its place. */
struct slot {
	size_t content;
	size_t secret; /* the caller's number */
	size_t first;  /* the keyring's number of its first entry */
};

struct keyring {
	const struct keyring_store *store;
	struct slot *slots;
	size_t count, capacity;
	size_t entry_count;
	bool undecodable; /* some content is */
};

static const enum docker_config_shape shapes[] = {
    [KEYRING_DOCKERCONFIGJSON] = CONFIG_SHAPE_WRAPPED,
    [KEYRING_DOCKERCFG] = CONFIG_SHAPE_BARE,
};

/* ---- Records: what is kept of a content, as one text, so that equal ones are found ---- */

/* The three texts follow, each with a zero byte. */
struct record {
	uint32_t registry_len, username_len, password_len;
	bool has_password, token_only;
};

static void append_text(struct buf *out, struct view text)
{
	buf_append(out, text.data, text.len + 1);
}

static void append_record(const struct keyring_store *store, const struct docker_login *entry,
                          struct buf *out)
{
	struct record record;

	memset(&record, 0, sizeof record);
	record.registry_len = (uint32_t)entry->registry.len;
	record.username_len = (uint32_t)entry->username.len;
	record.password_len = store->passwords ? (uint32_t)entry->password.len : 0;
	record.has_password = entry->password.len > 0;
	record.token_only =
	    !entry->password.len && (entry->has_identity_token || entry->has_registry_token);
	buf_append(out, &record, sizeof record);
	append_text(out, entry->registry);
	append_text(out, entry->username);
	buf_append(out, entry->password.data, record.password_len);
	buf_append_char(out, '\0');
}

/* The failure that comes first in the document, or NULL. */
static const struct docker_login *find_fatal(const struct docker_logins *file)
{
	const struct docker_login *found = NULL;

	for (size_t i = 0; i < file->entry_count; i++) {
		const struct docker_login *entry = &file->entries[i];

		if (docker_login_fault_is_fatal(entry->fault) &&
		    (!found || entry->problem_position.offset < found->problem_position.offset))
			found = entry;
	}
	return found;
}

/* '+' and the records, or '-' and why there are none. */
static void record_content(const struct keyring_store *store, enum keyring_kind kind,
                           const char *bytes, size_t len, struct buf *out)
{
	CLEANUP(docker_logins_release)
	struct docker_logins file = DOCKER_LOGINS_INIT;
	const struct docker_login *fatal;
	struct error failure;

	if (len && !docker_logins_parse((struct view){bytes, len}, shapes[kind], &file, &failure)) {
		buf_append_format(out, "-%s", failure.message);
		return;
	}
	fatal = find_fatal(&file);
	if (fatal) {
		buf_append_format(out, "-line %" PRIu64 ", column %" PRIu64 ": %s",
		                  fatal->problem_position.line, fatal->problem_position.column,
		                  fatal->problem);
		return;
	}
	buf_append_char(out, '+');
	for (size_t i = 0; i < file.entry_count; i++)
		append_record(store, &file.entries[i], out);
}

/* ---- Contents ---- */

struct keyring_store *keyring_store_new(bool passwords)
{
	struct keyring_store *store = memory_acquire(sizeof *store);

	*store = (struct keyring_store){.passwords = passwords};
	return store;
}

void keyring_store_free(struct keyring_store **store)
{
	struct keyring_store *it = *store;

	*store = NULL;
	if (!it)
		return;
	string_list_release(&it->texts);
	arena_release(&it->arena);
	memory_release(it->contents);
	memory_release(it);
}

static struct view keep(struct keyring_store *store, const struct buf *text)
{
	return (struct view){arena_copy(&store->arena, text->data, text->len), text->len};
}

/* The pattern points into `parsed`; from now on into a copy. */
static void settle(struct keyring_store *store, const struct buf *parsed,
                   struct index_pattern *pattern)
{
	struct view copy = keep(store, parsed);

	pattern->host.data = copy.data + (pattern->host.data - parsed->data);
	pattern->port.data = copy.data + (pattern->port.data - parsed->data);
	pattern->path.data = copy.data + (pattern->path.data - parsed->data);
}

static void file_under(struct keyring_store *store, struct keyring_entry *entry)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf parsed = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX);

	entry->skipped = index_key_append(entry->registry, &key) != GO_URL_SOUND;
	entry->index_key = VIEW_EMPTY;
	if (entry->skipped)
		return;
	entry->index_key = keep(store, &key);
	entry->sound =
	    index_pattern_parse(entry->index_key, &parsed, &entry->pattern) == GO_URL_SOUND;
	if (entry->sound)
		settle(store, &parsed, &entry->pattern);
}

static struct view take_text(struct view *rest, size_t len)
{
	struct view text = view_first(*rest, len);

	*rest = view_from(*rest, len + 1);
	return text;
}

static struct keyring_entry take_entry(struct keyring_store *store, struct view *rest)
{
	struct keyring_entry entry = {.sound = false};
	struct record record;

	memcpy(&record, rest->data, sizeof record);
	*rest = view_from(*rest, sizeof record);
	entry.registry = take_text(rest, record.registry_len);
	entry.username = take_text(rest, record.username_len);
	entry.password = take_text(rest, record.password_len);
	entry.has_password = record.has_password;
	entry.token_only = record.token_only;
	file_under(store, &entry);
	return entry;
}

int compare_views(struct view a, struct view b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

int compare_hosts(const struct index_pattern *a, const struct index_pattern *b)
{
	int order = compare_views(a->host, b->host);

	return order ? order : compare_views(a->port, b->port);
}

/* Hosts in full, sorted; then those with a wildcard; then what matches nothing. */
static int class_of(const struct keyring_entry *entry)
{
	return !entry->sound ? 2 : entry->pattern.wild;
}

static int compare_places(const void *a, const void *b, void *context)
{
	const struct keyring_entry *entries = context;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = class_of(&entries[x]) - class_of(&entries[y]);

	if (!order && !class_of(&entries[x]))
		order = compare_hosts(&entries[x].pattern, &entries[y].pattern);
	return order ? order : (x > y) - (x < y);
}

static void sort_content(struct keyring_store *store, struct content *content)
{
	content->order =
	    arena_take_aligned(&store->arena, (content->count + 1) * sizeof *content->order);
	for (size_t i = 0; i < content->count; i++) {
		int class = class_of(&content->entries[i]);

		content->order[i] = (uint32_t)i;
		content->plain += class == 0;
		content->wild += class == 1;
	}
	if (content->count)
		qsort_r(content->order, content->count, sizeof *content->order, compare_places,
		        content->entries);
}

static struct content open_content(struct keyring_store *store, struct view text)
{
	struct content content = {.failure = NULL};
	struct keyring_entry *entries = NULL;
	size_t capacity = 0, count = 0;
	struct view rest = view_from(text, 1);

	if (text.data[0] == '-') {
		content.failure = rest.data;
		return content;
	}
	while (rest.len) {
		memory_extend(&entries, count, &capacity, sizeof *entries);
		entries[count++] = take_entry(store, &rest);
	}
	content.entries = arena_take_aligned(&store->arena, (count + 1) * sizeof *entries);
	if (count)
		memcpy(content.entries, entries, count * sizeof *entries);
	memory_release(entries);
	content.count = count;
	sort_content(store, &content);
	return content;
}

size_t keyring_store_add(struct keyring_store *store, enum keyring_kind kind, const char *bytes,
                         size_t len)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT((size_t)UINT32_MAX);
	uint32_t number;

	record_content(store, kind, bytes, len, &text);
	number = string_list_number(&store->texts, buf_view(&text));
	if (store->count == number) {
		memory_extend(&store->contents, store->count, &store->capacity,
		              sizeof *store->contents);
		store->contents[store->count] = open_content(store, store->texts.items[number]);
		store->count++;
	}
	return number;
}

const char *keyring_store_failure(const struct keyring_store *store, size_t content)
{
	return store->contents[content].failure;
}

size_t keyring_store_entry_count(const struct keyring_store *store, size_t content)
{
	return store->contents[content].count;
}

/* ---- Keyrings ---- */

struct keyring *keyring_new(const struct keyring_store *store)
{
	struct keyring *keyring = memory_acquire(sizeof *keyring);

	*keyring = (struct keyring){.store = store};
	return keyring;
}

void keyring_free(struct keyring **keyring)
{
	struct keyring *it = *keyring;

	*keyring = NULL;
	if (!it)
		return;
	memory_release(it->slots);
	memory_release(it);
}

void keyring_add(struct keyring *keyring, size_t content, size_t secret)
{
	const struct content *added = &keyring->store->contents[content];

	memory_extend(&keyring->slots, keyring->count, &keyring->capacity, sizeof *keyring->slots);
	keyring->slots[keyring->count] = (struct slot){content, secret, keyring->entry_count};
	keyring->entry_count += added->count;
	keyring->undecodable |= added->failure != NULL;
	keyring->count++;
}

static const struct content *content_of(const struct keyring *keyring, const struct slot *slot)
{
	return &keyring->store->contents[slot->content];
}

size_t keyring_entry_count(const struct keyring *keyring)
{
	return keyring->entry_count;
}

size_t keyring_slot_count(const struct keyring *keyring)
{
	return keyring->count;
}

const struct content *keyring_slot(const struct keyring *keyring, size_t slot, size_t *first)
{
	*first = keyring->slots[slot].first;
	return content_of(keyring, &keyring->slots[slot]);
}

/* The last slot that begins at or before the entry; those without entries begin with the next. */
static const struct slot *slot_of(const struct keyring *keyring, size_t entry)
{
	size_t low = 0, high = keyring->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (keyring->slots[middle].first <= entry)
			low = middle;
		else
			high = middle;
	}
	return &keyring->slots[low];
}

struct keyring_entry keyring_entry(const struct keyring *keyring, size_t entry)
{
	const struct slot *slot = slot_of(keyring, entry);
	struct keyring_entry it = content_of(keyring, slot)->entries[entry - slot->first];

	it.secret = slot->secret;
	it.number = entry - slot->first;
	return it;
}

/* ---- Looking up ---- */

/* The first plain entry whose host and port are not before these. */
size_t content_find(const struct content *content, const struct index_pattern *image)
{
	size_t low = 0, high = content->plain;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct keyring_entry *entry = &content->entries[content->order[middle]];

		if (compare_hosts(&entry->pattern, image) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_match(struct keyring_answer *answer, size_t entry, bool fallback)
{
	memory_extend(&answer->matches, answer->match_count, &answer->match_capacity,
	              sizeof *answer->matches);
	answer->matches[answer->match_count++] =
	    (struct keyring_match){.entry = entry, .hub_fallback = fallback};
}

static void find_in(const struct content *content, size_t first, const struct index_pattern *image,
                    struct keyring_answer *answer)
{
	size_t wild = content->plain, end = wild + content->wild;

	for (size_t i = content_find(content, image); i < wild; i++) {
		const struct index_pattern *key = &content->entries[content->order[i]].pattern;

		if (compare_hosts(key, image) != 0)
			break;
		if (view_begins(image->path, key->path))
			add_match(answer, first + content->order[i], false);
	}
	for (size_t i = wild; i < end; i++)
		if (index_pattern_matches(&content->entries[content->order[i]].pattern, image))
			add_match(answer, first + content->order[i], false);
}

/* Docker Hub's, which count where nothing else matches. */
static void find_hub(const struct content *content, size_t first, struct keyring_answer *answer)
{
	const struct index_pattern hub = {view_of(INDEX_KEY_DOCKER_HUB), VIEW_EMPTY, VIEW_EMPTY,
	                                  false};

	for (size_t i = content_find(content, &hub); i < content->plain; i++) {
		const struct keyring_entry *entry = &content->entries[content->order[i]];

		if (compare_hosts(&entry->pattern, &hub) != 0)
			break;
		if (view_is(entry->index_key, INDEX_KEY_DOCKER_HUB))
			add_match(answer, first + content->order[i], true);
	}
}

/* Index keys from the last to the first in byte order; under one the Secrets in order. Go's
 * map has no order within a Secret; the key's bytes give one, so that the answer is always
 * the same. */
static int compare_matches(const void *a, const void *b, void *context)
{
	const struct keyring *keyring = context;
	size_t x = ((const struct keyring_match *)a)->entry;
	size_t y = ((const struct keyring_match *)b)->entry;
	const struct slot *one = slot_of(keyring, x), *other = slot_of(keyring, y);
	struct keyring_entry first = keyring_entry(keyring, x);
	struct keyring_entry second = keyring_entry(keyring, y);
	int order = compare_views(second.index_key, first.index_key);

	order = order ? order : (one > other) - (one < other);
	return order ? order : compare_views(first.registry, second.registry);
}

static bool is_left_to_chance(const struct keyring *keyring, size_t a, size_t b)
{
	return slot_of(keyring, a) == slot_of(keyring, b) &&
	       view_equal(keyring_entry(keyring, a).index_key, keyring_entry(keyring, b).index_key);
}

/* Numbers the runs whose order is chance. */
static void order_matches(const struct keyring *keyring, struct keyring_answer *answer)
{
	struct keyring_match *matches = answer->matches;
	size_t runs = 0;

	if (answer->match_count < 2)
		return;
	qsort_r(matches, answer->match_count, sizeof *matches, compare_matches, (void *)keyring);
	for (size_t i = 1; i < answer->match_count; i++) {
		if (!is_left_to_chance(keyring, matches[i - 1].entry, matches[i].entry))
			continue;
		if (!matches[i - 1].unordered)
			matches[i - 1].unordered = ++runs;
		matches[i].unordered = runs;
	}
}

static void find_all(const struct keyring *keyring, struct keyring_answer *answer)
{
	CLEANUP(buf_release) struct buf parsed = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX);
	struct view repository = buf_view(&answer->repository);
	struct index_pattern image;

	if (index_pattern_parse(repository, &parsed, &image) == GO_URL_SOUND)
		for (size_t i = 0; i < keyring->count; i++)
			find_in(content_of(keyring, &keyring->slots[i]), keyring->slots[i].first,
			        &image, answer);
	if (!answer->match_count && index_key_is_default_registry(repository))
		for (size_t i = 0; i < keyring->count; i++)
			find_hub(content_of(keyring, &keyring->slots[i]), keyring->slots[i].first,
			         answer);
	order_matches(keyring, answer);
}

bool keyring_lookup(const struct keyring *keyring, struct view image, struct keyring_answer *answer,
                    struct error *error)
{
	struct image_reference reference;

	answer->match_count = 0;
	answer->undecodable = false;
	if (!image_reference_parse(image, &answer->repository, &reference, error)) {
		buf_reset(&answer->repository);
		return false;
	}
	buf_truncate(&answer->repository, reference.repository.len);
	answer->undecodable = keyring->undecodable;
	if (!answer->undecodable)
		find_all(keyring, answer);
	return true;
}

bool keyring_answer_is_usable(const struct keyring *keyring, const struct keyring_answer *answer)
{
	for (size_t i = 0; i < answer->match_count; i++) {
		struct keyring_entry entry = keyring_entry(keyring, answer->matches[i].entry);

		if (keyring_entry_is_usable(&entry))
			return true;
	}
	return false;
}

void keyring_answer_release(struct keyring_answer *answer)
{
	buf_release(&answer->repository);
	memory_release(answer->matches);
	*answer = KEYRING_ANSWER_INIT;
}
