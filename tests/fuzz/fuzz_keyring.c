/* A line with an image, then pull secrets divided by lines of `---` (with `-` behind for
 * the legacy type): the matches are those of a plain walk over all entries, in the right
 * order, and all others are explained. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/pods/keyring.h"
#include "regcred/registry/index_key.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static int compare(struct view a, struct view b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool entry_matches(struct view index_key, struct view repository)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	struct index_pattern one, other;

	return !index_pattern_parse(index_key, &key, &one) &&
	       !index_pattern_parse(repository, &image, &other) &&
	       index_pattern_matches(&one, &other);
}

static void check_order(const struct keyring *keyring, const struct keyring_answer *answer)
{
	for (size_t i = 1; i < answer->match_count; i++) {
		struct keyring_entry before = keyring_entry(keyring, answer->matches[i - 1].entry);
		struct keyring_entry entry = keyring_entry(keyring, answer->matches[i].entry);
		int order = compare(before.index_key, entry.index_key);
		bool chance = !order && before.secret == entry.secret;

		must(order > 0 || (!order && before.secret <= entry.secret));
		must(!chance || compare(before.registry, entry.registry) < 0);
		must(chance == (answer->matches[i].unordered &&
		                answer->matches[i].unordered == answer->matches[i - 1].unordered));
	}
}

static void check_answer(const struct keyring *keyring, const struct keyring_answer *answer)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	struct view repository = {answer->repository.data, answer->repository.len};
	bool fallback = answer->match_count && answer->matches[0].hub_fallback;

	for (size_t i = 0; i < keyring_entry_count(keyring); i++) {
		struct keyring_entry entry = keyring_entry(keyring, i);
		bool found = false;

		for (size_t j = 0; j < answer->match_count; j++)
			found = found || answer->matches[j].entry == i;
		if (fallback)
			must(found == view_is(entry.index_key, INDEX_KEY_DOCKER_HUB));
		else
			must(found ==
			     (!entry.skipped && entry_matches(entry.index_key, repository)));
		keyring_explain(keyring, answer, i, &note);
		must(found == (note.reason == KEYRING_MATCHES));
		must(found || note.sentence.len);
	}
	check_order(keyring, answer);
}

/* None of the nearest matches, and none comes twice. */
static void check_nearest(const struct keyring *keyring, const struct keyring_answer *answer)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	size_t entries[8], count = keyring_nearest(keyring, answer, entries, 8);

	must(count <= 8 && count + answer->match_count <= keyring_entry_count(keyring));
	for (size_t i = 0; i < count; i++) {
		keyring_explain(keyring, answer, entries[i], &note);
		must(note.reason != KEYRING_MATCHES);
		for (size_t j = 0; j < i; j++)
			must(entries[i] != entries[j]);
	}
}

static struct view take(struct view *rest, const char *until)
{
	const char *end = memmem(rest->data, rest->len, until, strlen(until));
	struct view taken = *rest;

	if (end)
		taken.len = (size_t)(end - rest->data);
	*rest = view_from(*rest, end ? taken.len + strlen(until) : rest->len);
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);
	struct view rest = {size ? (const char *)data : "", size};
	struct view image = take(&rest, "\n");
	struct error error;

	for (size_t i = 0; rest.len; i++) {
		struct view secret = take(&rest, "\n---");
		bool bare = secret.len && *secret.data == '-';

		secret = view_from(secret, bare);
		keyring_add(keyring,
		            keyring_store_add(store,
		                              bare ? KEYRING_DOCKERCFG : KEYRING_DOCKERCONFIGJSON,
		                              secret.data, secret.len),
		            i);
	}
	if (!keyring_lookup(keyring, image, &answer, &error))
		must(error.diagnostic == DIAGNOSTIC_IMAGE_INVALID);
	else if (!answer.undecodable) {
		check_answer(keyring, &answer);
		check_nearest(keyring, &answer);
	}
	return 0;
}
