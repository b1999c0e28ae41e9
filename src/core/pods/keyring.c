/* In the order of what happens: adding, sealing, looking up. Why entries do not match is
 * told in keyring_note.c.
 *
 * Entries with the same index key form a group, which is parsed once. Sealing puts the
 * groups in the kubelet's order; a group's rank is its place there. They are found by a
 * hash over the host's labels that hold no wildcard, the port and the path: for each shape
 * (which labels are wild) that there is, and each start of the image's path. */
#include "regcred/pods/keyring.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/arena.h"
#include "regcred/base/memory.h"
#include "regcred/docker/docker_config_file.h"
#include "regcred/registry/host_glob.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/index_key.h"

#define NONE UINT32_MAX

/* Registry, user name and password stand one behind the other, each with a zero byte. */
struct entry {
	const char *text;
	uint32_t registry_len, username_len, password_len;
	uint32_t secret; /* index into `secrets` */
	uint32_t group;  /* NONE: skipped */
	uint32_t number : 31;
	uint32_t token_only : 1;
};

struct group {
	struct view text; /* the index key */
	struct index_pattern pattern;
	bool sound;                           /* the index key can be parsed in its turn */
	uint32_t rank;                        /* from here on: since the last sealing */
	uint32_t first, count;                /* of its entries in `sorted` */
	uint32_t next_by_text, next_by_place; /* with the same hash */
};

/* Of a host: how many labels it has, and which of the first 64 are wild, a bit each. */
struct shape {
	size_t labels;
	uint64_t wild;
};

/* Heads of chains; their number is a power of two. */
struct table {
	uint32_t *heads;
	size_t size;
};

struct keyring {
	struct arena arena;
	size_t *secrets; /* the caller's numbers, one for each call of keyring_add */
	size_t secret_count, secret_capacity;
	struct keyring_failure *failures;
	size_t failure_count, failure_capacity;
	struct entry *entries;
	size_t entry_count, entry_capacity;
	struct group *groups;
	size_t group_count, group_capacity;
	struct table by_text;

	bool sealed;          /* what follows is in step with what is above */
	uint32_t *by_rank;    /* groups in the kubelet's order */
	uint32_t *sorted;     /* entries by rank, secret, key; skipped ones at the end */
	struct shape *shapes; /* of all hosts, each once */
	size_t shape_count, shape_capacity;
	struct table by_place;

	struct buf index_key, parsed; /* for the key or image at hand */
	uint32_t *found;              /* ranks of groups that match it */
	size_t found_count, found_capacity;
};

struct keyring *keyring_new(void)
{
	struct keyring *keyring = memory_acquire(sizeof *keyring);

	if (keyring)
		*keyring = (struct keyring){.index_key = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX),
		                            .parsed = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX)};
	return keyring;
}

static void unseal(struct keyring *keyring)
{
	memory_release(keyring->by_rank);
	memory_release(keyring->sorted);
	memory_release(keyring->shapes);
	memory_release(keyring->by_place.heads);
	keyring->by_rank = keyring->sorted = NULL;
	keyring->shapes = NULL;
	keyring->shape_count = keyring->shape_capacity = 0;
	keyring->by_place = (struct table){NULL, 0};
	keyring->sealed = false;
}

void keyring_free(struct keyring **keyring)
{
	struct keyring *it = *keyring;

	*keyring = NULL;
	if (!it)
		return;
	unseal(it);
	arena_release(&it->arena);
	memory_release(it->secrets);
	memory_release(it->failures);
	memory_release(it->entries);
	memory_release(it->groups);
	memory_release(it->by_text.heads);
	memory_release(it->found);
	buf_release(&it->index_key);
	buf_release(&it->parsed);
	memory_release(it);
}

/* ---- Kinds ---- */

static const struct {
	const char *type, *data_key;
	enum docker_config_shape shape;
} kinds[] = {
    [KEYRING_DOCKERCONFIGJSON] = {"kubernetes.io/dockerconfigjson", ".dockerconfigjson",
                                  CONFIG_SHAPE_WRAPPED},
    [KEYRING_DOCKERCFG] = {"kubernetes.io/dockercfg", ".dockercfg", CONFIG_SHAPE_BARE},
};

bool keyring_kind_find(const char *type, enum keyring_kind *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		*kind = (enum keyring_kind)i;
		if (strcmp(type, kinds[i].type) == 0)
			return true;
	}
	return false;
}

const char *keyring_kind_data_key(enum keyring_kind kind)
{
	return kinds[kind].data_key;
}

/* ---- Tables ---- */

/* FNV-1a, so that a hash can be taken further byte by byte. */
#define HASH_START UINT64_C(0xCBF29CE484222325)

static uint64_t hash_byte(uint64_t hash, char byte)
{
	return (hash ^ (unsigned char)byte) * UINT64_C(0x100000001B3);
}

static uint64_t hash_view(uint64_t hash, struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = hash_byte(hash, text.data[i]);
	return hash;
}

static bool is_wild(const struct shape *shape, size_t label)
{
	return label >= 64 || (shape->wild >> label & 1);
}

/* Port and host, but for its wild labels. The path goes on from there. */
static uint64_t hash_host(const struct index_pattern *pattern, const struct shape *shape)
{
	uint64_t hash = hash_byte(hash_view(HASH_START, pattern->port), '/');
	struct view host = pattern->host, label;
	bool more;

	for (size_t i = 0;; i++) {
		more = index_host_take_label(&host, &label);
		hash = hash_byte(is_wild(shape, i) ? hash : hash_view(hash, label), '.');
		if (!more)
			return hash;
	}
}

static struct shape shape_of(const struct index_pattern *pattern)
{
	struct shape shape = {0, 0};
	struct view host = pattern->host, label;
	bool more;

	do {
		more = index_host_take_label(&host, &label);
		if (shape.labels < 64 && pattern->wild && host_glob_is_wild(label))
			shape.wild |= UINT64_C(1) << shape.labels;
		shape.labels++;
	} while (more);
	return shape;
}

static uint32_t *table_slot(const struct table *table, uint64_t hash)
{
	return &table->heads[(hash ^ hash >> 32) & (table->size - 1)];
}

/* An empty table for `count` groups. */
static bool table_make(struct table *table, size_t count)
{
	size_t size = 64;

	while (size < count * 2)
		size *= 2;
	memory_release(table->heads);
	*table = (struct table){memory_acquire(size * sizeof *table->heads), size};
	if (!table->heads) {
		table->size = 0;
		return false;
	}
	memset(table->heads, 0xFF, size * sizeof *table->heads);
	return true;
}

static void link_by_text(struct keyring *keyring, uint32_t number)
{
	struct group *group = &keyring->groups[number];
	uint32_t *slot = table_slot(&keyring->by_text, hash_view(HASH_START, group->text));

	group->next_by_text = *slot;
	*slot = number;
}

static uint32_t find_by_text(const struct keyring *keyring, struct view text)
{
	uint32_t number = NONE;

	if (keyring->by_text.heads)
		number = *table_slot(&keyring->by_text, hash_view(HASH_START, text));
	while (number != NONE && !view_equal(keyring->groups[number].text, text))
		number = keyring->groups[number].next_by_text;
	return number;
}

/* ---- Adding ---- */

/* The pattern points into keyring->parsed; from now on into the index key itself, which
 * mostly has the same bytes, or into a copy. */
static bool settle(struct keyring *keyring, struct group *group)
{
	const struct buf *parsed = &keyring->parsed;
	struct index_pattern *pattern = &group->pattern;
	const char *text = group->text.data;
	const char *from = parsed->data;

	if (parsed->len > group->text.len || memcmp(from, text, parsed->len) != 0)
		text = arena_copy(&keyring->arena, from, parsed->len);
	pattern->host.data = text + (pattern->host.data - from);
	pattern->port.data = text + (pattern->port.data - from);
	pattern->path.data = text + (pattern->path.data - from);
	return true;
}

/* The group of the index key in keyring->index_key, a new one if need be. */
static bool find_group(struct keyring *keyring, uint32_t *number)
{
	struct view key = {keyring->index_key.data, keyring->index_key.len};
	struct group group = {.sound = false};
	enum go_url_fault fault;

	*number = find_by_text(keyring, key);
	if (*number != NONE)
		return true;
	group.text = (struct view){arena_copy(&keyring->arena, key.data, key.len), key.len};
	fault = index_pattern_parse(key, &keyring->parsed, &group.pattern);
	group.sound = !fault;
	if (!group.text.data || fault == GO_URL_NO_ROOM || (!fault && !settle(keyring, &group)) ||
	    !memory_extend(&keyring->groups, keyring->group_count, &keyring->group_capacity,
	                   sizeof group))
		return false;
	*number = (uint32_t)keyring->group_count;
	keyring->groups[keyring->group_count++] = group;
	if (keyring->group_count * 2 <= keyring->by_text.size) {
		link_by_text(keyring, *number);
		return true;
	}
	if (!table_make(&keyring->by_text, keyring->group_count * 2))
		return false;
	for (uint32_t i = 0; i < keyring->group_count; i++)
		link_by_text(keyring, i);
	return true;
}

static char *append(char *to, const struct buf *text)
{
	memcpy(to, text->data, text->len + 1);
	return to + text->len + 1;
}

static bool add_entry(struct keyring *keyring, const struct docker_config_file_entry *from,
                      uint32_t number)
{
	struct view registry = {from->registry.data, from->registry.len};
	struct entry entry = {
	    .registry_len = (uint32_t)from->registry.len,
	    .username_len = (uint32_t)from->username.len,
	    .password_len = (uint32_t)from->password.len,
	    .secret = (uint32_t)(keyring->secret_count - 1),
	    .group = NONE,
	    .number = number & 0x7FFFFFFF,
	    .token_only =
	        !from->password.len && (from->has_identity_token || from->has_registry_token),
	};
	char *text =
	    arena_take(&keyring->arena, registry.len + from->username.len + from->password.len + 2);
	enum go_url_fault fault;

	if (!text || keyring->entry_count >= NONE - 1 ||
	    !memory_extend(&keyring->entries, keyring->entry_count, &keyring->entry_capacity,
	                   sizeof entry))
		return false;
	entry.text = text;
	append(append(append(text, &from->registry), &from->username), &from->password);
	buf_reset(&keyring->index_key);
	fault = index_key_append(registry, &keyring->index_key);
	if (fault == GO_URL_NO_ROOM || (!fault && !find_group(keyring, &entry.group)))
		return false;
	keyring->entries[keyring->entry_count++] = entry;
	return true;
}

/* The failure that stands first in the document, if there is one. */
static const struct docker_config_file_entry *find_fatal(const struct docker_config_file *file)
{
	const struct docker_config_file_entry *found = NULL;

	for (size_t i = 0; i < file->entry_count; i++) {
		const struct docker_config_file_entry *entry = &file->entries[i];

		if (docker_config_file_fault_is_fatal(entry->fault) &&
		    (!found || entry->problem_position.offset < found->problem_position.offset))
			found = entry;
	}
	return found;
}

static bool add_failure(struct keyring *keyring, size_t secret, const struct error *failure,
                        struct error *error)
{
	if (failure->diagnostic == DIAGNOSTIC_OUT_OF_MEMORY ||
	    !memory_extend(&keyring->failures, keyring->failure_count, &keyring->failure_capacity,
	                   sizeof *keyring->failures))
		return error_out_of_memory(error);
	keyring->failures[keyring->failure_count++] = (struct keyring_failure){secret, *failure};
	return true;
}

static bool add_entries(struct keyring *keyring, const struct docker_config_file *file,
                        struct error *error)
{
	for (size_t i = 0; i < file->entry_count; i++)
		if (!add_entry(keyring, &file->entries[i], (uint32_t)i))
			return error_out_of_memory(error);
	return true;
}

bool keyring_add(struct keyring *keyring, enum keyring_kind kind, const char *bytes, size_t len,
                 size_t secret, struct error *error)
{
	CLEANUP(docker_config_file_release)
	struct docker_config_file file = DOCKER_CONFIG_FILE_INIT;
	const struct docker_config_file_entry *fatal;
	struct error failure;

	if (!len)
		return true;
	unseal(keyring);
	memory_extend(&keyring->secrets, keyring->secret_count, &keyring->secret_capacity,
	              sizeof *keyring->secrets);
	keyring->secrets[keyring->secret_count++] = secret;
	if (!docker_config_file_parse_shape(bytes, len, kinds[kind].shape, &file, &failure))
		return add_failure(keyring, secret, &failure, error);
	fatal = find_fatal(&file);
	if (!fatal)
		return add_entries(keyring, &file, error);
	error_set(&failure, DIAGNOSTIC_ENTRY_UNUSABLE, NULL,
	          "line %" PRIu64 ", column %" PRIu64 ": %s", fatal->problem_position.line,
	          fatal->problem_position.column, fatal->problem);
	return add_failure(keyring, secret, &failure, error);
}

/* ---- What is in it ---- */

size_t keyring_failure_count(const struct keyring *keyring)
{
	return keyring->failure_count;
}

const struct keyring_failure *keyring_failure(const struct keyring *keyring, size_t number)
{
	return &keyring->failures[number];
}

size_t keyring_entry_count(const struct keyring *keyring)
{
	return keyring->entry_count;
}

static struct view registry_of(const struct entry *entry)
{
	return (struct view){entry->text, entry->registry_len};
}

struct keyring_entry keyring_entry(const struct keyring *keyring, size_t entry)
{
	const struct entry *it = &keyring->entries[entry];
	const char *username = it->text + it->registry_len + 1;

	return (struct keyring_entry){
	    .secret = keyring->secrets[it->secret],
	    .number = it->number,
	    .registry = registry_of(it),
	    .index_key = it->group == NONE ? VIEW_EMPTY : keyring->groups[it->group].text,
	    .username = {username, it->username_len},
	    .password = {username + it->username_len + 1, it->password_len},
	    .skipped = it->group == NONE,
	    .token_only = it->token_only,
	};
}

/* ---- Sealing ---- */

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare_views(struct view a, struct view b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int group_descending(const void *a, const void *b, void *context)
{
	const struct keyring *keyring = context;
	const uint32_t *one = a, *other = b;

	return compare_views(keyring->groups[*other].text, keyring->groups[*one].text);
}

static uint32_t rank_of(const struct keyring *keyring, const struct entry *entry)
{
	return entry->group == NONE ? NONE : keyring->groups[entry->group].rank;
}

/* Go's map has no order; the key's bytes give one, so that the answer is always the same. */
static int entry_ascending(const void *a, const void *b, void *context)
{
	const struct keyring *keyring = context;
	const struct entry *one = &keyring->entries[*(const uint32_t *)a];
	const struct entry *other = &keyring->entries[*(const uint32_t *)b];
	int order = compare_numbers(rank_of(keyring, one), rank_of(keyring, other));

	order = order ? order : compare_numbers(one->secret, other->secret);
	return order ? order : compare_views(registry_of(one), registry_of(other));
}

/* 0, 1, 2, ... */
static uint32_t *take_numbers(size_t count)
{
	uint32_t *numbers = memory_acquire((count + 1) * sizeof *numbers);

	for (uint32_t i = 0; numbers && i < count; i++)
		numbers[i] = i;
	return numbers;
}

static void rank_groups(struct keyring *keyring)
{
	qsort_r(keyring->by_rank, keyring->group_count, sizeof *keyring->by_rank, group_descending,
	        keyring);
	for (uint32_t rank = 0; rank < keyring->group_count; rank++) {
		struct group *group = &keyring->groups[keyring->by_rank[rank]];

		group->rank = rank;
		group->first = group->count = 0;
	}
}

static void sort_entries(struct keyring *keyring)
{
	qsort_r(keyring->sorted, keyring->entry_count, sizeof *keyring->sorted, entry_ascending,
	        keyring);
	for (uint32_t i = 0; i < keyring->entry_count; i++) {
		uint32_t number = keyring->entries[keyring->sorted[i]].group;
		struct group *group = number == NONE ? NULL : &keyring->groups[number];

		if (group && !group->count++)
			group->first = i;
	}
}

static int compare_shapes(const void *a, const void *b)
{
	const struct shape *one = a, *other = b;
	int order = (one->labels > other->labels) - (one->labels < other->labels);

	return order ? order : (one->wild > other->wild) - (one->wild < other->wild);
}

/* A shape like the one before is not noted again. */
static bool add_shape(struct keyring *keyring, const struct shape *shape)
{
	if (keyring->shape_count &&
	    !compare_shapes(&keyring->shapes[keyring->shape_count - 1], shape))
		return true;
	memory_extend(&keyring->shapes, keyring->shape_count, &keyring->shape_capacity,
	              sizeof *shape);
	keyring->shapes[keyring->shape_count++] = *shape;
	return true;
}

static void keep_shapes_once(struct keyring *keyring)
{
	size_t count = keyring->shape_count;

	if (!count)
		return;
	qsort(keyring->shapes, count, sizeof *keyring->shapes, compare_shapes);
	keyring->shape_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct shape shape = keyring->shapes[i];

		add_shape(keyring, &shape); /* there is room */
	}
}

static bool place_groups(struct keyring *keyring)
{
	for (uint32_t number = 0; number < keyring->group_count; number++) {
		struct group *group = &keyring->groups[number];
		struct shape shape;
		uint32_t *slot;

		if (!group->sound)
			continue;
		shape = shape_of(&group->pattern);
		if (!add_shape(keyring, &shape))
			return false;
		slot = table_slot(&keyring->by_place, hash_view(hash_host(&group->pattern, &shape),
		                                                group->pattern.path));
		group->next_by_place = *slot;
		*slot = number;
	}
	keep_shapes_once(keyring);
	return true;
}

static bool seal(struct keyring *keyring)
{
	if (keyring->sealed)
		return true;
	unseal(keyring);
	keyring->by_rank = take_numbers(keyring->group_count);
	keyring->sorted = take_numbers(keyring->entry_count);
	if (!keyring->by_rank || !keyring->sorted ||
	    !table_make(&keyring->by_place, keyring->group_count))
		return false;
	rank_groups(keyring);
	sort_entries(keyring);
	keyring->sealed = place_groups(keyring);
	return keyring->sealed;
}

/* ---- Looking up ---- */

static bool add_found(struct keyring *keyring, uint32_t rank)
{
	memory_extend(&keyring->found, keyring->found_count, &keyring->found_capacity,
	              sizeof *keyring->found);
	keyring->found[keyring->found_count++] = rank;
	return true;
}

/* Groups with the path and the shape that the hash is of. Others may have the same hash,
 * and so stand in two of the chains; only the place that is theirs counts. */
static bool find_in_chain(struct keyring *keyring, const struct index_pattern *image,
                          const struct shape *shape, uint64_t hash)
{
	uint32_t number = *table_slot(&keyring->by_place, hash);

	for (; number != NONE; number = keyring->groups[number].next_by_place) {
		const struct group *group = &keyring->groups[number];
		struct shape own;

		if (group->pattern.path.len != image->path.len ||
		    !index_pattern_matches(&group->pattern, image))
			continue;
		own = shape_of(&group->pattern);
		if (!compare_shapes(&own, shape) && !add_found(keyring, group->rank))
			return false;
	}
	return true;
}

/* Groups of one shape, for each start of the path. */
static bool find_shape(struct keyring *keyring, const struct index_pattern *image,
                       const struct shape *shape)
{
	struct index_pattern start = *image;
	uint64_t hash = hash_host(image, shape);

	for (start.path.len = 0;; start.path.len++) {
		if (!find_in_chain(keyring, &start, shape, hash))
			return false;
		if (start.path.len == image->path.len)
			return true;
		hash = hash_byte(hash, image->path.data[start.path.len]);
	}
}

static int rank_ascending(const void *a, const void *b)
{
	return compare_numbers(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* With more shapes than this, trying every group is the faster way. */
enum { SHAPES_MAX = 256 };

static bool find_one_by_one(struct keyring *keyring, const struct index_pattern *image)
{
	for (size_t i = 0; i < keyring->group_count; i++) {
		const struct group *group = &keyring->groups[i];

		if (group->sound && index_pattern_matches(&group->pattern, image) &&
		    !add_found(keyring, group->rank))
			return false;
	}
	return true;
}

static bool find_by_shape(struct keyring *keyring, const struct index_pattern *image)
{
	size_t labels = shape_of(image).labels;

	for (size_t i = 0; i < keyring->shape_count; i++)
		if (keyring->shapes[i].labels == labels &&
		    !find_shape(keyring, image, &keyring->shapes[i]))
			return false;
	return true;
}

/* Fills keyring->found, in order. */
static bool find_groups(struct keyring *keyring, const struct index_pattern *image)
{
	bool found = keyring->shape_count > SHAPES_MAX ? find_one_by_one(keyring, image)
	                                               : find_by_shape(keyring, image);

	if (!found)
		return false;
	if (keyring->found_count)
		qsort(keyring->found, keyring->found_count, sizeof *keyring->found, rank_ascending);
	return true;
}

/* How many entries from the i-th of `sorted` on, up to `end`, are of one secret. */
static uint32_t run_length(const struct keyring *keyring, uint32_t i, uint32_t end)
{
	uint32_t secret = keyring->entries[keyring->sorted[i]].secret;
	uint32_t behind = i + 1;

	while (behind < end && keyring->entries[keyring->sorted[behind]].secret == secret)
		behind++;
	return behind - i;
}

/* All entries of a group; `*unordered` counts the runs that chance orders. */
static bool add_matches(const struct keyring *keyring, const struct group *group, bool fallback,
                        size_t *unordered, struct keyring_answer *answer)
{
	uint32_t end = group->first + group->count;
	uint32_t run;

	for (uint32_t i = group->first; i < end; i += run) {
		run = run_length(keyring, i, end);
		*unordered += run > 1;
		for (uint32_t j = i; j < i + run; j++) {
			memory_extend(&answer->matches, answer->match_count,
			              &answer->match_capacity, sizeof *answer->matches);
			answer->matches[answer->match_count++] = (struct keyring_match){
			    keyring->sorted[j], run > 1 ? *unordered : 0, fallback};
		}
	}
	return true;
}

static bool collect(struct keyring *keyring, struct keyring_answer *answer)
{
	struct view repository = {answer->repository.data, answer->repository.len};
	struct index_pattern image;
	enum go_url_fault fault = index_pattern_parse(repository, &keyring->parsed, &image);
	size_t unordered = 0;
	uint32_t hub;

	keyring->found_count = 0;
	if (fault == GO_URL_NO_ROOM || (!fault && !find_groups(keyring, &image)))
		return false;
	for (size_t i = 0; i < keyring->found_count; i++) {
		uint32_t number = keyring->by_rank[keyring->found[i]];

		if (!add_matches(keyring, &keyring->groups[number], false, &unordered, answer))
			return false;
	}
	if (answer->match_count || !index_key_is_default_registry(repository))
		return true;
	hub = find_by_text(keyring, view_of(INDEX_KEY_DOCKER_HUB));
	return hub == NONE || add_matches(keyring, &keyring->groups[hub], true, &unordered, answer);
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
	answer->undecodable = keyring->failure_count > 0;
	if (answer->undecodable)
		return true;
	if (seal(keyring) && collect(keyring, answer))
		return true;
	answer->match_count = 0;
	buf_reset(&answer->repository);
	return error_out_of_memory(error);
}

void keyring_answer_release(struct keyring_answer *answer)
{
	buf_release(&answer->repository);
	memory_release(answer->matches);
	*answer = KEYRING_ANSWER_INIT;
}
