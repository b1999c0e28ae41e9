/* Every case of tests/vectors/kubelet-match.jsonl, which the kubelet's own packages
 * answered; then tables of what is not in there. */
#include "regcred/keyring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base64.h"
#include "regcred/memory.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- The vectors ---- */

static cJSON *member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void fill(struct keyring *keyring, const struct vector_file *file)
{
	const cJSON *types = member(file->json, "secret_types");
	const cJSON *plain = member(file->json, "secrets");
	const cJSON *list = plain ? plain : member(file->json, "secrets_b64");
	struct error error;
	size_t number = 0;
	cJSON *node;

	cJSON_ArrayForEach(node, list)
	{
		CLEANUP(buf_release) struct buf decoded = BUF_INIT(BUF_CONFIG_MAX);
		const char *type = cJSON_GetStringValue(cJSON_GetArrayItem(types, (int)number));
		enum keyring_kind kind = KEYRING_DOCKERCONFIGJSON;
		size_t len;
		const char *text = vector_node_string(node, &len);

		if (!plain) {
			assert_true(base64_decode(&decoded, text, len, BASE64_PADDED));
			text = decoded.data;
			len = decoded.len;
		}
		if (!type || keyring_kind_find(type, &kind))
			assert_true(keyring_add(keyring, kind, text, len, number, &error));
		number++;
	}
}

/* A member, or the same as base64 under NAME_b64. */
static bool same(struct view seen, const cJSON *expected, const char *name)
{
	CLEANUP(buf_release) struct buf decoded = BUF_INIT(BUF_CONFIG_MAX);
	size_t len;
	const char *text = vector_node_string(member(expected, name), &len);
	char encoded[64];

	if (text)
		return view_equal(seen, (struct view){text, len});
	snprintf(encoded, sizeof encoded, "%s_b64", name);
	text = vector_node_string(member(expected, encoded), &len);
	assert_non_null(text);
	assert_true(base64_decode(&decoded, text, len, BASE64_PADDED));
	return view_equal(seen, (struct view){decoded.data, decoded.len});
}

static const char *difference(const struct keyring *keyring, const struct keyring_match *match,
                              const cJSON *expected)
{
	struct keyring_entry entry = keyring_entry(keyring, match->entry);

	if ((double)entry.secret != member(expected, "secret")->valuedouble)
		return "secret";
	if (!same(entry.registry, expected, "key"))
		return "key";
	if (!same(entry.index_key, expected, "matched_as"))
		return "matched_as";
	if (!same(entry.username, expected, "username"))
		return "username";
	if (!same(entry.password, expected, "password"))
		return "password";
	if (match->hub_fallback != (cJSON_IsTrue(member(expected, "hub_fallback")) != 0))
		return "hub_fallback";
	return NULL;
}

/* The number of the vector's group that has this position, from 1; 0: none. */
static size_t unordered_group(const struct vector_file *file, size_t position)
{
	const cJSON *groups = member(file->json, "unordered");
	const cJSON *group, *place;
	size_t number = 0;

	cJSON_ArrayForEach(group, groups)
	{
		number++;
		cJSON_ArrayForEach(place, group)
		{
			if (place->valuedouble == (double)position)
				return number;
		}
	}
	return 0;
}

static void check_matches(struct vector_file *file, const struct keyring *keyring,
                          const struct keyring_answer *answer)
{
	const cJSON *expect = member(file->json, "expect");

	if ((size_t)cJSON_GetArraySize(expect) != answer->match_count) {
		vector_fail(file, "%zu matches instead of %d", answer->match_count,
		            cJSON_GetArraySize(expect));
		return;
	}
	for (size_t i = 0; i < answer->match_count; i++) {
		const struct keyring_match *match = &answer->matches[i];
		const char *what = difference(keyring, match, cJSON_GetArrayItem(expect, (int)i));

		if (what)
			vector_fail(file, "match %zu: another %s", i, what);
		if (match->unordered != unordered_group(file, i))
			vector_fail(file, "match %zu: unordered %zu", i, match->unordered);
	}
}

/* Each entry is explained, and called a match just if it is one. */
static void check_notes(struct vector_file *file, const struct keyring *keyring,
                        const struct keyring_answer *answer)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	struct error error;

	for (size_t i = 0; i < keyring_entry_count(keyring); i++) {
		bool matches = false;

		for (size_t j = 0; j < answer->match_count; j++)
			matches = matches || answer->matches[j].entry == i;
		assert_true(keyring_explain(keyring, answer, i, &note, &error));
		if (matches != (note.reason == KEYRING_MATCHES))
			vector_fail(file, "entry %zu: explained as %s", i,
			            keyring_reason_word(note.reason));
		if (!matches && !note.sentence.len)
			vector_fail(file, "entry %zu: no sentence", i);
	}
}

static void check_vector(struct vector_file *file, struct keyring *keyring,
                         struct keyring_answer *answer)
{
	const char *kind = cJSON_GetStringValue(member(file->json, "error_kind"));
	bool wants_image_error = kind && strcmp(kind, "image") == 0;
	bool wants_secret_error = kind && strcmp(kind, "secret") == 0;
	struct error error;
	struct view image;
	size_t len;

	image.data = vector_string(file, "image", &image.len);
	if (!keyring_lookup(keyring, image, answer, &error)) {
		if (!wants_image_error)
			vector_fail(file, "%s", error.message);
		assert_int_equal(error.diagnostic, DIAGNOSTIC_IMAGE_INVALID);
		return;
	}
	if (wants_image_error)
		vector_fail(file, "the image is accepted");
	if (answer->undecodable != wants_secret_error)
		vector_fail(file, "undecodable: %d", answer->undecodable);
	if (!wants_image_error &&
	    strcmp(vector_string(file, "repo", &len), answer->repository.data) != 0)
		vector_fail(file, "repository %s", answer->repository.data);
	if (!kind)
		check_matches(file, keyring, answer);
	if (!kind)
		check_notes(file, keyring, answer);
}

static void vectors_hold(void **state)
{
	struct vector_file file;

	(void)state;
	vector_file_open(&file, "kubelet-match.jsonl");
	while (vector_file_next(&file)) {
		CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
		CLEANUP(keyring_free) struct keyring *keyring = keyring_new();

		assert_non_null(keyring);
		fill(keyring, &file);
		check_vector(&file, keyring, &answer);
	}
	vector_file_close(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vectors_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
