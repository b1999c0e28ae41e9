/* In the order of what happens: contents are parsed, keyrings made, images looked up. Why
 * entries do not match is explained in keyring_note.c; keyring_near.c finds those that
 * almost do. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "keyring_index.h"
#include "regcred/base/memory.h"
#include "regcred/base/string_list.h"
#include "regcred/docker/docker_logins.h"
#include "regcred/registry/image_reference.h"

/* The value of the data key of one Secret, or of several. */
struct content {
	const char *failure;           /* NULL: it can be decoded */
	struct keyring_entry *entries; /* in the order of the document */
	size_t count;
	struct index index;
};

struct keyring_store {
	bool passwords;
	struct string_list texts; /* the records of contents, by their number */
	struct arena arena;       /* index keys, entries, indexes */
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
	bool undecodable;    /* some content is */
	size_t looked_into;  /* indexes of contents */
	struct index merged; /* of all entries */
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

/* ---- Indexes ---- */

static struct view cut(struct view text, size_t len)
{
	return view_first(text, text.len < len ? text.len : len);
}

static int compare_patterns(const struct index_pattern *a, const struct index_pattern *b,
                            size_t depth)
{
	int order = view_compare(a->host, b->host);

	if (!order && depth >= BY_PORT)
		order = view_compare(a->port, b->port);
	if (!order && depth > BY_PATH)
		order = view_compare(cut(a->path, depth - BY_PATH), cut(b->path, depth - BY_PATH));
	return order;
}

static int compare_filed(const void *a, const void *b)
{
	const struct filed *one = a, *other = b;
	const struct index_pattern *x = &one->entry->pattern, *y = &other->entry->pattern;
	int order = x->wild - y->wild;

	order = order ? order : compare_patterns(x, y, SIZE_MAX);
	return order ? order : (one->number > other->number) - (one->number < other->number);
}

/* There is room for them. */
static void index_add(struct index *index, const struct content *content, size_t first)
{
	for (size_t i = 0; i < content->count; i++) {
		const struct keyring_entry *entry = &content->entries[i];

		if (!entry->sound)
			continue;
		index->items[index->count++] = (struct filed){entry, first + i};
		index->plain += !entry->pattern.wild;
	}
}

static void index_sort(struct index *index)
{
	if (index->count)
		qsort(index->items, index->count, sizeof *index->items, compare_filed);
}

/* The first in the range that is not before the image (0), or is after it (1). */
static size_t find_bound(const struct index *index, struct index_range in,
                         const struct index_pattern *image, size_t depth, int least)
{
	while (in.from < in.to) {
		size_t middle = in.from + (in.to - in.from) / 2;

		if (compare_patterns(&index->items[middle].entry->pattern, image, depth) < least)
			in.from = middle + 1;
		else
			in.to = middle;
	}
	return in.from;
}

struct index_range index_narrow(const struct index *index, struct index_range in,
                                const struct index_pattern *image, size_t depth)
{
	return (struct index_range){find_bound(index, in, image, depth, 0),
	                            find_bound(index, in, image, depth, 1)};
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
	content.index.items =
	    arena_take_aligned(&store->arena, (count + 1) * sizeof *content.index.items);
	index_add(&content.index, &content, 0);
	index_sort(&content.index);
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

const struct keyring_entry *keyring_store_entries(const struct keyring_store *store, size_t content,
                                                  size_t *count)
{
	*count = store->contents[content].count;
	return store->contents[content].entries;
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
	memory_release(it->merged.items);
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
	memory_release(keyring->merged.items);
	keyring->merged = (struct index){0};
	keyring->looked_into = 0;
}

static const struct content *content_of(const struct keyring *keyring, const struct slot *slot)
{
	return &keyring->store->contents[slot->content];
}

size_t keyring_entry_count(const struct keyring *keyring)
{
	return keyring->entry_count;
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

const struct index *keyring_index(const struct keyring *keyring, size_t number, size_t *first)
{
	*first = 0;
	if (keyring->merged.items)
		return number ? NULL : &keyring->merged;
	if (number == keyring->count)
		return NULL;
	*first = keyring->slots[number].first;
	return &content_of(keyring, &keyring->slots[number])->index;
}

/* Each look into the indexes of all contents costs by their number. As soon as that is more
 * than there are entries, one index of them all pays. */
static void merge(struct keyring *keyring)
{
	struct index *merged = &keyring->merged;

	keyring->looked_into += keyring->count;
	if (merged->items || keyring->count < 2 || keyring->looked_into < keyring->entry_count)
		return;
	merged->items = memory_acquire((keyring->entry_count + 1) * sizeof *merged->items);
	for (size_t i = 0; i < keyring->count; i++)
		index_add(merged, content_of(keyring, &keyring->slots[i]), keyring->slots[i].first);
	index_sort(merged);
}

static void add_match(struct keyring_answer *answer, size_t entry, bool fallback)
{
	memory_extend(&answer->matches, answer->match_count, &answer->match_capacity,
	              sizeof *answer->matches);
	answer->matches[answer->match_count++] =
	    (struct keyring_match){.entry = entry, .hub_fallback = fallback};
}

/* Of those with the image's host and port: the ones whose path the image's begins with stand
 * first among those that agree with as many bytes of it. */
static void find_plain(const struct index *index, size_t first, const struct index_pattern *image,
                       struct keyring_answer *answer)
{
	struct index_range range = {0, index->plain};

	for (size_t len = 0; len <= image->path.len; len++) {
		range = index_narrow(index, range, image, BY_PATH + len);
		for (; range.from < range.to; range.from++) {
			const struct filed *filed = &index->items[range.from];

			if (filed->entry->pattern.path.len > len)
				break;
			add_match(answer, first + filed->number, false);
		}
		if (range.from == range.to)
			return;
	}
}

static void find_wild(const struct index *index, size_t first, const struct index_pattern *image,
                      struct keyring_answer *answer)
{
	for (size_t i = index->plain; i < index->count; i++)
		if (index_pattern_matches(&index->items[i].entry->pattern, image))
			add_match(answer, first + index->items[i].number, false);
}

/* Docker Hub's, which count where nothing else matches. */
static void find_hub(const struct index *index, size_t first, struct keyring_answer *answer)
{
	const struct index_pattern hub = {view_of(INDEX_KEY_DOCKER_HUB), VIEW_EMPTY, VIEW_EMPTY,
	                                  false};
	struct index_range range =
	    index_narrow(index, (struct index_range){0, index->plain}, &hub, BY_PORT);

	for (size_t i = range.from; i < range.to; i++)
		if (view_is(index->items[i].entry->index_key, INDEX_KEY_DOCKER_HUB))
			add_match(answer, first + index->items[i].number, true);
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
	int order = view_compare(second.index_key, first.index_key);

	order = order ? order : (one > other) - (one < other);
	return order ? order : view_compare(first.registry, second.registry);
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
	bool sound = index_pattern_parse(repository, &parsed, &image) == GO_URL_SOUND;
	const struct index *index;
	size_t first;

	for (size_t i = 0; sound && (index = keyring_index(keyring, i, &first)); i++) {
		find_plain(index, first, &image, answer);
		find_wild(index, first, &image, answer);
	}
	if (!answer->match_count && index_key_is_default_registry(repository))
		for (size_t i = 0; (index = keyring_index(keyring, i, &first)); i++)
			find_hub(index, first, answer);
	order_matches(keyring, answer);
}

bool keyring_lookup(struct keyring *keyring, struct view image, struct keyring_answer *answer,
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
	merge(keyring);
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
