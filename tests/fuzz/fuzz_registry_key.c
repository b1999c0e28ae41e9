/* Any bytes as a registry key: its index key, what is said of it, and what
 * registry_key.h makes of it must agree. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/pods/keyring.h"
#include "regcred/registry/index_key.h"
#include "regcred/registry/registry_key.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* A key that generate would write is never one that the kubelet cannot use, but for those
 * near Docker Hub, which some image could be written to match. */
static void check_normal(const char *text)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error error;
	unsigned advice;

	if (!registry_key_normalise(text, &key, &advice, &error))
		return;
	must(keyring_judge_key(buf_view(&key), &note) || note.reason == KEYRING_HUB_SPELLING);
}

/* An index key without escapes, queries and fragments means what it says. */
static void check_pattern(struct view index_key)
{
	CLEANUP(buf_release) struct buf parsed = BUF_INIT(BUF_CONFIG_MAX);
	struct index_pattern pattern;

	if (index_pattern_parse(index_key, &parsed, &pattern))
		return;
	must(!pattern.path.len || *pattern.path.data == '/');
	if (!pattern.wild)
		must(index_pattern_matches(&pattern, &pattern));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf index_key = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct view key;

	buf_append(&text, data, size);
	key = (struct view){text.data, text.len};
	must(keyring_judge_key(key, &note) == (note.sentence.len == 0));
	must((index_key_append(key, &index_key) != GO_URL_SOUND) ==
	     (note.reason == KEYRING_SKIPPED));
	check_pattern((struct view){index_key.data, index_key.len});
	check_normal(text.data);
	return 0;
}
