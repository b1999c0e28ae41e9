/* Which entries come nearest to an image that they do not match. */
#include <string.h>
#include <strings.h>

#include "keyring_index.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"

enum {
	NEAR_MAX = 64,       /* of each rank, more than anyone reads */
	EXAMINED_MAX = 2000, /* entries of any host, and then of the image's */
};

enum rank { RANK_PORT, RANK_HOST, RANK_LIKE, RANK_OTHER, RANK_COUNT };

struct search {
	struct index_pattern image;
	bool image_sound, fallback;
	size_t found[RANK_COUNT][NEAR_MAX];
	size_t count[RANK_COUNT];
};

static bool ends_in(struct view text, struct view tail)
{
	return text.len >= tail.len && view_equal(view_from(text, text.len - tail.len), tail);
}

/* Other letters, one or two edits, a wildcard with the same end, another name of Docker
 * Hub. */
static bool hosts_are_alike(struct view host, struct view image)
{
	char a[EDIT_DISTANCE_LENGTH_MAX] = "", b[EDIT_DISTANCE_LENGTH_MAX] = "";
	const char *star = memrchr(host.data, '*', host.len);
	size_t difference = host.len > image.len ? host.len - image.len : image.len - host.len;

	if (star)
		return ends_in(image, view_from(host, (size_t)(star - host.data) + 1));
	if (view_is(image, "docker.io"))
		return ends_in(host, view_of("docker.io")) || ends_in(host, view_of("docker.com"));
	if (difference > 2 || host.len >= sizeof a || image.len >= sizeof b)
		return false;
	memcpy(a, host.data, host.len);
	memcpy(b, image.data, image.len);
	return strcasecmp(a, b) == 0 || edit_distance(a, b, 2) <= 2;
}

/* A key that the kubelet cannot use may still name the host. */
static bool is_alike(const struct search *search, const struct keyring_entry *entry)
{
	struct view host = search->image.host;

	if (entry->sound && hosts_are_alike(entry->pattern.host, host))
		return true;
	return memmem(entry->registry.data, entry->registry.len, host.data, host.len) != NULL;
}

static bool matches(const struct search *search, const struct keyring_entry *entry)
{
	if (search->fallback)
		return view_is(entry->index_key, INDEX_KEY_DOCKER_HUB);
	return search->image_sound && entry->sound &&
	       index_pattern_matches(&entry->pattern, &search->image);
}

/* The first in order of addition are kept, in this order. */
static void note(struct search *search, enum rank rank, size_t entry)
{
	size_t *found = search->found[rank], at = search->count[rank];

	if (at == NEAR_MAX && found[--at] < entry)
		return;
	for (; at && found[at - 1] > entry; at--)
		found[at] = found[at - 1];
	found[at] = entry;
	search->count[rank] += search->count[rank] < NEAR_MAX;
}

static enum rank rank_of(const struct search *search, const struct keyring_entry *entry)
{
	if (!entry->sound || entry->pattern.wild ||
	    !view_equal(entry->pattern.host, search->image.host))
		return is_alike(search, entry) ? RANK_LIKE : RANK_OTHER;
	return view_equal(entry->pattern.port, search->image.port) ? RANK_PORT : RANK_HOST;
}

static void examine(struct search *search, const struct keyring *keyring)
{
	size_t count = keyring_entry_count(keyring);

	for (size_t i = 0; i < count && i < EXAMINED_MAX; i++) {
		const struct keyring_entry entry = keyring_entry(keyring, i);

		if (!matches(search, &entry))
			note(search, rank_of(search, &entry), i);
	}
}

/* Those of the image's host among all others, too. */
static void find_of_host(struct search *search, const struct keyring *keyring)
{
	size_t first, examined = 0;
	const struct index *index;

	for (size_t i = 0; (index = keyring_index(keyring, i, &first)); i++) {
		struct index_range range = index_narrow(
		    index, (struct index_range){0, index->plain}, &search->image, BY_HOST);

		for (; range.from < range.to && examined < EXAMINED_MAX; range.from++, examined++) {
			const struct filed *filed = &index->items[range.from];

			if (first + filed->number >= EXAMINED_MAX && !matches(search, filed->entry))
				note(search, rank_of(search, filed->entry), first + filed->number);
		}
	}
}

static size_t take(const struct search *search, size_t *entries, size_t most)
{
	size_t taken = 0;

	for (int rank = 0; rank < RANK_COUNT; rank++)
		for (size_t i = 0; i < search->count[rank] && taken < most; i++)
			entries[taken++] = search->found[rank][i];
	return taken;
}

size_t keyring_nearest(const struct keyring *keyring, const struct keyring_answer *answer,
                       size_t *entries, size_t most)
{
	CLEANUP(buf_release) struct buf parsed = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX);
	struct search search = {.image = {VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY, false}};

	search.fallback = answer->match_count && answer->matches[0].hub_fallback;
	search.image_sound = index_pattern_parse(buf_view(&answer->repository), &parsed,
	                                         &search.image) == GO_URL_SOUND;
	examine(&search, keyring);
	if (keyring_entry_count(keyring) > EXAMINED_MAX && search.count[RANK_PORT] < NEAR_MAX)
		find_of_host(&search, keyring);
	return take(&search, entries, most);
}
