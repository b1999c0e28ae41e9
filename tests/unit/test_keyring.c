/* Every case of tests/vectors/kubelet-match.jsonl, which the kubelet's own packages
 * answered; then tables of what is not in there. */
#include "regcred/pods/keyring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/registry/registry_key.h"
#include "vectors.h"
#include "watched_memory.h"

/* ---- The vectors ---- */

static cJSON *member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void add(struct keyring_store *store, struct keyring *keyring, enum keyring_kind kind,
                const char *text, size_t len, size_t secret)
{
	keyring_add(keyring, keyring_store_add(store, kind, text, len), secret);
}

static void fill(struct keyring_store *store, struct keyring *keyring,
                 const struct vector_file *file)
{
	const cJSON *types = member(file->json, "secret_types");
	const cJSON *plain = member(file->json, "secrets");
	const cJSON *list = plain ? plain : member(file->json, "secrets_b64");
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
		if (type && strcmp(type, "kubernetes.io/dockercfg") == 0)
			kind = KEYRING_DOCKERCFG;
		if (!type || strcmp(type, "kubernetes.io/dockerconfigjson") == 0 ||
		    kind == KEYRING_DOCKERCFG)
			add(store, keyring, kind, text, len, number);
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

	for (size_t i = 0; i < keyring_entry_count(keyring); i++) {
		bool matches = false;

		for (size_t j = 0; j < answer->match_count; j++)
			matches = matches || answer->matches[j].entry == i;
		keyring_explain(keyring, answer, i, &note);
		if (matches != (note.reason == KEYRING_MATCHES))
			vector_fail(file, "entry %zu: explained as %s", i,
			            keyring_reason_word(note.reason));
		if (!matches && !note.sentence.len)
			vector_fail(file, "entry %zu: no sentence", i);
	}
}

/* A key that matched is not called dead, unless it is one meant for Docker Hub; one that
 * registry_key.h lets pass is alive. */
static void check_keys(struct vector_file *file, const struct keyring *keyring,
                       const struct keyring_answer *answer)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	struct error error;
	unsigned advice;
	bool dead;

	for (size_t i = 0; i < answer->match_count; i++) {
		struct keyring_entry entry = keyring_entry(keyring, answer->matches[i].entry);

		dead = !keyring_judge_key(entry.registry, &note);
		if (dead && note.reason != KEYRING_HUB_SPELLING)
			vector_fail(file, "match %zu has a dead key: %s", i, note.sentence.data);
	}
	for (size_t i = 0; i < keyring_entry_count(keyring); i++) {
		CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
		struct keyring_entry entry = keyring_entry(keyring, i);

		if (!registry_key_normalise(entry.registry.data, &key, &advice, &error))
			continue;
		dead = !keyring_judge_key(view_of(key.data), &note);
		if (dead && note.reason != KEYRING_HUB_SPELLING)
			vector_fail(file, "%s is taken, but dead: %s", key.data,
			            note.sentence.data);
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
	if (kind)
		return;
	check_matches(file, keyring, answer);
	check_notes(file, keyring, answer);
	check_keys(file, keyring, answer);
}

static void vectors_hold(void **state)
{
	struct vector_file file;

	(void)state;
	vector_file_open(&file, "kubelet-match.jsonl");
	while (vector_file_next(&file)) {
		CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
		CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
		CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);

		fill(store, keyring, &file);
		check_vector(&file, keyring, &answer);
	}
	vector_file_close(&file);
}

/* ---- Notes ---- */

#define AUTH "dTpodW50ZXIy" /* u:hunter2 */

/* A keyring of one secret with these keys, up to NULL. */
static struct keyring *keyring_of(struct keyring_store *store, const char *const *keys)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct keyring *keyring = keyring_new(store);

	buf_append_string(&text, "{\"auths\":{");
	for (size_t i = 0; keys[i]; i++)
		buf_append_format(&text, "%s\"%s\":{\"auth\":\"" AUTH "\"}", i ? "," : "", keys[i]);
	buf_append_string(&text, "}}");
	add(store, keyring, KEYRING_DOCKERCONFIGJSON, text.data, text.len, 7);
	return keyring;
}

static const struct {
	const char *image, *key;
	enum keyring_reason reason;
	enum keyring_fix fix;
	const char *registry; /* to write instead */
	const char *words;    /* of the sentence */
} notes[] = {
    {"ghcr.io/org/app", "ghcr.io", KEYRING_MATCHES, KEYRING_FIX_NONE, "", ""},
    {"ghcr.io/org/app", "ghcr.io/org", KEYRING_MATCHES, KEYRING_FIX_NONE, "", ""},
    {"ghcr.io/org/app", "ghcr.io/org/", KEYRING_MATCHES, KEYRING_FIX_NONE, "", ""},
    {"ghcr.io/org/app", "ghcr.io/org/app", KEYRING_MATCHES, KEYRING_FIX_NONE, "", ""},
    {"ghcr.io/orgx/app", "ghcr.io/org", KEYRING_MATCHES, KEYRING_FIX_PREFIX_LEAK, "ghcr.io/org/",
     "serves \"/orgx/app\""},
    {"localhost/app", "index.docker.io", KEYRING_MATCHES, KEYRING_FIX_HUB_LEAK, "", "localhost"},
    /* host */
    {"ghcr.io/app", "gchr.io", KEYRING_HOST, KEYRING_FIX_TYPO, "ghcr.io", "\"gchr.io\""},
    {"ghcr.io/app", "https://ghr.io/v2/", KEYRING_HOST, KEYRING_FIX_TYPO, "ghcr.io", ""},
    {"ghcr.io/o/app", "gchr.io/o", KEYRING_HOST, KEYRING_FIX_TYPO, "ghcr.io/o", ""},
    {"ghcr.io/app", "GHCR.io", KEYRING_HOST, KEYRING_FIX_CASE, "ghcr.io", "upper case"},
    {"ghcr.io/app", "quay.io", KEYRING_HOST, KEYRING_FIX_NONE, "", "\"ghcr.io\""},
    {"a.io/app", "b.io", KEYRING_HOST, KEYRING_FIX_NONE, "", ""},
    {"a.b.example.com/app", "*.example.com", KEYRING_HOST, KEYRING_FIX_WILDCARD, "a.b.example.com",
     "one label"},
    {"example.com/app", "*.example.com", KEYRING_HOST, KEYRING_FIX_WILDCARD, "example.com", ""},
    {"example.org/app", "*.example.com", KEYRING_HOST, KEYRING_FIX_NONE, "", ""},
    {"ubuntu", "dokcer.io", KEYRING_HOST, KEYRING_FIX_TYPO, REGISTRY_KEY_DOCKER_HUB, ""},
    /* port */
    {"reg.io:5000/app", "reg.io", KEYRING_PORT, KEYRING_FIX_PORT, "reg.io:5000", "does not"},
    {"reg.io/app", "reg.io:443", KEYRING_PORT, KEYRING_FIX_PORT, "reg.io", "default"},
    {"reg.io:5000/app", "reg.io:05000", KEYRING_PORT, KEYRING_FIX_PORT, "reg.io:5000", "05000"},
    {"[::1]:5000/app", "[::1]:1", KEYRING_PORT, KEYRING_FIX_PORT, "[::1]:5000", ""},
    /* path */
    {"reg.io/app", "reg.io/app/", KEYRING_PATH, KEYRING_FIX_SLASH, "reg.io/app", "slash"},
    {"reg.io/a/b", "reg.io/a/b/c", KEYRING_PATH, KEYRING_FIX_PATH, "reg.io/a/b", "is longer"},
    {"reg.io/a/b", "reg.io/c", KEYRING_PATH, KEYRING_FIX_NONE, "", "\"/c\""},
    {"ubuntu", "docker.io/ubuntu", KEYRING_PATH, KEYRING_FIX_PATH, "docker.io/library/ubuntu",
     "library"},
    {"ubuntu", "docker.io/bob", KEYRING_PATH, KEYRING_FIX_NONE, "", ""},
    /* Docker Hub */
    {"ubuntu", "hub.docker.com", KEYRING_HUB_SPELLING, KEYRING_FIX_HUB, REGISTRY_KEY_DOCKER_HUB,
     "never"},
    {"ubuntu", "https://index.docker.io/v1", KEYRING_HUB_SPELLING, KEYRING_FIX_HUB,
     REGISTRY_KEY_DOCKER_HUB, ""},
    {"ubuntu", "index.docker.io/library", KEYRING_HUB_SPELLING, KEYRING_FIX_HUB,
     "docker.io/library", ""},
    {"ubuntu", "DOCKER.io", KEYRING_HUB_SPELLING, KEYRING_FIX_HUB, REGISTRY_KEY_DOCKER_HUB, ""},
    {"ubuntu", "*.docker.io", KEYRING_HUB_SPELLING, KEYRING_FIX_HUB, REGISTRY_KEY_DOCKER_HUB, ""},
    {"ghcr.io/x", "index.docker.io:443", KEYRING_HOST, KEYRING_FIX_NONE, "", ""},
    {"ghcr.io/x", "index.docker.io", KEYRING_HOST, KEYRING_FIX_NONE, "", ""},
    /* dead */
    {"ghcr.io/x", "HTTPS://ghcr.io", KEYRING_DEAD, KEYRING_FIX_SCHEME, "ghcr.io", "scheme"},
    {"ghcr.io/x", "https://https://ghcr.io", KEYRING_DEAD, KEYRING_FIX_SCHEME, "ghcr.io", ""},
    {"ghcr.io/x", "oci://u:hunter2@ghcr.io", KEYRING_DEAD, KEYRING_FIX_SCHEME, "", "scheme"},
    {"ghcr.io/x", "ghcr.io/*", KEYRING_DEAD, KEYRING_FIX_WILDCARD, "ghcr.io", "literally"},
    {"ghcr.io/x", "ghcr.io/o/*/x", KEYRING_DEAD, KEYRING_FIX_WILDCARD, "ghcr.io/o/", ""},
    {"ghcr.io/x", "ghcr.io/Org", KEYRING_DEAD, KEYRING_FIX_CASE, "ghcr.io/org", "upper case"},
    {"ghcr.io/x", "ghcr.io/a//b", KEYRING_DEAD, KEYRING_FIX_SPELLING, "ghcr.io/a/b", "empty"},
    {"ghcr.io/x", "ghcr.io/a:1", KEYRING_DEAD, KEYRING_FIX_SPELLING, "ghcr.io/a", "tag"},
    {"ghcr.io/x", "ghcr.io/_", KEYRING_DEAD, KEYRING_FIX_NONE, "", "no image name"},
    {"ghcr.io/x", "ghcr.io/a%253", KEYRING_DEAD, KEYRING_FIX_NONE, "", "%"},
    {"ghcr.io/x", "ghcr", KEYRING_DEAD, KEYRING_FIX_NONE, "", "one label"},
    {"ghcr.io/x", "-ghcr.io", KEYRING_DEAD, KEYRING_FIX_NONE, "", "not a host"},
    {"ghcr.io/x", "gh_cr.io:5000", KEYRING_DEAD, KEYRING_FIX_NONE, "", "not a host"},
    {"ghcr.io/x", "[fe80::1%25en0]:5", KEYRING_DEAD, KEYRING_FIX_NONE, "", "%"},
    {"ghcr.io/x", "[::ffff:1.2.3.4]:5", KEYRING_DEAD, KEYRING_FIX_NONE, "", "not a host"},
    {"ghcr.io/x", "[::1]", KEYRING_DEAD, KEYRING_FIX_PORT, "", "IPv6"},
    {"ghcr.io/x", "", KEYRING_DEAD, KEYRING_FIX_NONE, "", "no host"},
    {"ghcr.io/x", "https:///x", KEYRING_DEAD, KEYRING_FIX_NONE, "", "no host"},
    {"ghcr.io/x", "gh_cr.io", KEYRING_HOST, KEYRING_FIX_TYPO, "ghcr.io", ""},
    {"ghcr.io/x", "Ghcr", KEYRING_HOST, KEYRING_FIX_NONE, "", ""},
    {"ghcr.io/x", "localhost", KEYRING_HOST, KEYRING_FIX_NONE, "", ""},
    /* skipped */
    {"ghcr.io/x", " ghcr.io", KEYRING_SKIPPED, KEYRING_FIX_SPELLING, "ghcr.io", "blank"},
    {"ghcr.io/x", "ghcr.io\\n", KEYRING_SKIPPED, KEYRING_FIX_SPELLING, "ghcr.io", "blank"},
    {"ghcr.io/x", "gh cr.io", KEYRING_SKIPPED, KEYRING_FIX_SPELLING, "", "blank"},
    {"ghcr.io/x", "ghcr.io:x", KEYRING_SKIPPED, KEYRING_FIX_NONE, "", "port"},
    {"ghcr.io/x", "gh[a-c]r.io", KEYRING_SKIPPED, KEYRING_FIX_NONE, "", "1.24.8"},
    {"ghcr.io/x", "ghcr.io/%zz", KEYRING_SKIPPED, KEYRING_FIX_NONE, "", "escape"},
};

static void explains(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(notes); i++) {
		CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
		CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
		CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
		CLEANUP(keyring_free)
		struct keyring *keyring =
		    keyring_of(store, (const char *const[]){notes[i].key, NULL});
		struct error error;

		assert_true(keyring_lookup(keyring, view_of(notes[i].image), &answer, &error));
		keyring_explain(keyring, &answer, 0, &note);
		if (note.reason != notes[i].reason || note.fix != notes[i].fix ||
		    strcmp(note.registry.data, notes[i].registry) != 0 ||
		    !strstr(note.sentence.data, notes[i].words))
			fail_msg("%s, %s: %d %d %s: %s", notes[i].image, notes[i].key, note.reason,
			         note.fix, note.registry.data, note.sentence.data);
		assert_int_equal(answer.match_count, note.reason == KEYRING_MATCHES);
		assert_true(!note.registry.len || strstr(note.hint.data, note.registry.data));
		assert_null(strstr(note.sentence.data, "hunter2"));
		assert_null(strstr(note.hint.data, "hunter2"));
	}
}

/* What is suggested in the place of a key makes the image match. */
static void suggests_what_helps(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(notes); i++) {
		CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
		CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
		CLEANUP(keyring_free)
		struct keyring *keyring =
		    keyring_of(store, (const char *const[]){notes[i].registry, NULL});
		struct error error;

		if (!*notes[i].registry || notes[i].reason == KEYRING_MATCHES ||
		    notes[i].reason == KEYRING_DEAD)
			continue;
		assert_true(keyring_lookup(keyring, view_of(notes[i].image), &answer, &error));
		if (answer.match_count != 1)
			fail_msg("%s does not help %s", notes[i].registry, notes[i].image);
	}
}

static void reports_what_shadows(void **state)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
	CLEANUP(keyring_free)
	struct keyring *keyring =
	    keyring_of(store, (const char *const[]){REGISTRY_KEY_DOCKER_HUB, "docker.io", NULL});
	struct error error;

	(void)state;
	assert_true(keyring_lookup(keyring, view_of("ubuntu"), &answer, &error));
	assert_int_equal(answer.match_count, 1);
	assert_int_equal(answer.matches[0].entry, 1);
	keyring_explain(keyring, &answer, 0, &note);
	assert_int_equal(note.reason, KEYRING_HUB_SHADOWED);
	assert_string_equal(keyring_reason_word(note.reason), "shadowed");
}

static void remarks_on_credentials(void **state)
{
	static const char text[] =
	    "{\"auths\":{\"a.io\":{\"identitytoken\":\"t\",\"auth\":\"MDo=\"},"
	    "\"a.io/\":{},\"http://a.io\":{\"username\":\"u\"}}}";
	static const enum keyring_fix fixes[] = {KEYRING_FIX_TOKEN, KEYRING_FIX_EMPTY,
	                                         KEYRING_FIX_NONE};
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);
	struct error error;

	(void)state;
	add(store, keyring, KEYRING_DOCKERCONFIGJSON, text, sizeof text - 1, 0);
	assert_true(keyring_lookup(keyring, view_of("a.io/x"), &answer, &error));
	assert_int_equal(answer.match_count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(answer.matches[i].unordered, 1);
		keyring_explain(keyring, &answer, i, &note);
		assert_int_equal(note.reason, KEYRING_MATCHES);
		assert_int_equal(note.fix, fixes[i]);
	}
}

/* The image's port, its host, a host like it, others; in order of addition. */
static void finds_what_is_near(void **state)
{
	static const char *const keys[] = {"x.org",           "a.example.com:443", "b.example.com",
	                                   "a.example.com/y", "a.example.com/z",   NULL};
	static const size_t expected[] = {3, 4, 1, 2, 0};
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_of(store, keys);
	size_t found[COUNT(expected) + 1];
	struct error error;

	(void)state;
	assert_true(keyring_lookup(keyring, view_of("a.example.com/x"), &answer, &error));
	assert_int_equal(keyring_nearest(keyring, &answer, found, COUNT(found)), COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(found[i], expected[i]);
}

static void judges_keys_alone(void **state)
{
	static const struct {
		const char *key;
		bool dead;
	} keys[] = {
	    {"ghcr.io", false},
	    {"index.docker.io", false},
	    {"docker.io/bob", false},
	    {"*.azurecr.io", false},
	    {"*", false},
	    {"localhost", false},
	    {"MyReg", false},
	    {"reg.io/v1", false},
	    {"reg_1.io/a", false},
	    {"hub.docker.com", true},
	    {"index.docker.io/v1", true},
	    {"reg", true},
	    {"reg.io/*", true},
	    {"re[a-z].io", true},
	    {"reg.io/a?b", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
		bool dead;

		dead = !keyring_judge_key(view_of(keys[i].key), &note);
		if (dead != keys[i].dead)
			fail_msg("%s: %s", keys[i].key, note.sentence.data);
		assert_int_equal(dead, note.sentence.len > 0);
	}
}

static void cuts_long_names_in_sentences(void **state)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
	bool dead;

	(void)state;
	buf_append_repeated(&key, '-', 100000);
	dead = !keyring_judge_key((struct view){key.data, key.len}, &note);
	assert_true(dead && note.sentence.len < 400);
}

/* ---- Failures ---- */

static const struct {
	enum keyring_kind kind;
	const char *text;
	const char *words;
} failures[] = {
    {KEYRING_DOCKERCONFIGJSON, "x", "line 1, column 1: "},
    {KEYRING_DOCKERCONFIGJSON, "{} x", "line 1, column 4: "},
    {KEYRING_DOCKERCONFIGJSON, " ", "line 1"},
    {KEYRING_DOCKERCONFIGJSON, "[]", "an array"},
    {KEYRING_DOCKERCFG, "null x", "line 1, column 6: "},
    {KEYRING_DOCKERCONFIGJSON, "{\"auths\":[]}", "auths is an array"},
    {KEYRING_DOCKERCONFIGJSON, "{\"HttpHeaders\":{\"a\":1}}", "HttpHeaders"},
    {KEYRING_DOCKERCONFIGJSON, "{\"auths\":{\"a.io\":\n{\"auth\":\"hunter2!\"},\"b\":1}}",
     "line 2, column 9: auths[\"a.io\"].auth is not base64"},
    {KEYRING_DOCKERCFG, "{\"a.io\":1}", "[\"a.io\"] is a number"},
    {KEYRING_DOCKERCFG, "{\"auths\":{\"auth\":{}}}", "[\"auths\"].auth"},
    {KEYRING_DOCKERCONFIGJSON, "{\"auths\":{\"a\":{\"auth\":\"!\"}},\"auths\":null}", "not base64"},
};

static void fails_as_a_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(failures); i++) {
		CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
		CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
		CLEANUP(keyring_free)
		struct keyring *keyring = keyring_of(store, (const char *const[]){"a.io", NULL});
		size_t content = keyring_store_add(store, failures[i].kind, failures[i].text,
		                                   strlen(failures[i].text));
		const char *message = keyring_store_failure(store, content);
		struct error error;

		keyring_add(keyring, content, 9);
		assert_non_null(message);
		if (!strstr(message, failures[i].words))
			fail_msg("%s", message);
		assert_null(strstr(message, "hunter2"));
		assert_true(keyring_lookup(keyring, view_of("a.io/x"), &answer, &error));
		assert_true(answer.undecodable);
		assert_int_equal(answer.match_count, 0);
		assert_string_equal(answer.repository.data, "a.io/x");
		assert_false(keyring_lookup(keyring, view_of("a.io/X"), &answer, &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_IMAGE_INVALID);
	}
}

static const struct {
	enum keyring_kind kind;
	const char *text;
	size_t entries;
} harmless[] = {
    {KEYRING_DOCKERCONFIGJSON, "", 0},
    {KEYRING_DOCKERCONFIGJSON, "null", 0},
    {KEYRING_DOCKERCFG, " null\n", 0},
    {KEYRING_DOCKERCONFIGJSON, "{\"a.io\":{}}", 0},
    {KEYRING_DOCKERCONFIGJSON, "{\"a.io\":1}", 0},
    {KEYRING_DOCKERCONFIGJSON, "{\"credsStore\":1,\"credHelpers\":[],\"auths\":{\"a\":{}}}", 1},
    {KEYRING_DOCKERCFG, "{\"auths\":{\"a\":{\"auth\":\"!\"}}}", 1},
    {KEYRING_DOCKERCFG, "{\"HttpHeaders\":{\"a\":1},\"credsStore\":null}", 2},
    {KEYRING_DOCKERCONFIGJSON, "{\"auths\":{\"a\":{}},\"auths\":null,\"auths\":{\"b\":null}}", 1},
};

static void skips_what_the_kubelet_skips(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(harmless); i++) {
		CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
		CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);
		size_t content = keyring_store_add(store, harmless[i].kind, harmless[i].text,
		                                   strlen(harmless[i].text));

		keyring_add(keyring, content, 0);
		if (keyring_store_failure(store, content) ||
		    keyring_entry_count(keyring) != harmless[i].entries)
			fail_msg("%s", harmless[i].text);
	}
}

/* ---- Many ---- */

/* Secrets with one entry each, under few hosts and many paths, exact and wild. */
static void finds_among_many(void **state)
{
	enum { SECRETS = 3000 };
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);
	struct error error;
	char text[256];

	(void)state;
	for (size_t i = 0; i < SECRETS; i++) {
		snprintf(text, sizeof text, "{\"auths\":{\"%s.io/p%zu/\":{\"username\":\"%zu\"}}}",
		         i % 2 ? "*" : "reg", i / 2 % 1000, i);
		add(store, keyring, KEYRING_DOCKERCONFIGJSON, text, strlen(text), i);
	}
	for (size_t i = 0; i < 1000; i++) {
		snprintf(text, sizeof text, "reg.io/p%zu/app", i);
		assert_true(keyring_lookup(keyring, view_of(text), &answer, &error));
		assert_int_equal(answer.match_count, i < 500 ? 4 : 2);
		assert_int_equal(keyring_entry(keyring, answer.matches[0].entry).secret, 2 * i);
		assert_int_equal(
		    keyring_entry(keyring, answer.matches[i < 500 ? 2 : 1].entry).secret,
		    2 * i + 1);
		assert_int_equal(answer.matches[0].unordered, 0);
	}
}

/* Every arrangement of wildcards over ten labels matches. */
static void finds_among_many_shapes(void **state)
{
	enum { LABELS = 10, SHAPES = 1 << LABELS };
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(true);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);
	struct error error;

	(void)state;
	for (size_t i = 0; i < SHAPES; i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_NAME_MAX);

		buf_append_string(&text, "{\"");
		for (size_t label = 0; label < LABELS; label++)
			buf_append_string(&text, i >> label & 1 ? "*." : "a.");
		buf_append_string(&text, "io/x\":{}}");
		add(store, keyring, KEYRING_DOCKERCFG, text.data, text.len, i);
		if (i % 100 && i + 1 < SHAPES)
			continue;
		assert_true(
		    keyring_lookup(keyring, view_of("a.a.a.a.a.a.a.a.a.a.io/x"), &answer, &error));
		assert_int_equal(answer.match_count, i + 1);
		assert_int_equal(keyring_entry(keyring, answer.matches[0].entry).secret, 0);
	}
	assert_true(keyring_lookup(keyring, view_of("b.a.a.a.a.a.a.a.a.a.io/x"), &answer, &error));
	assert_int_equal(answer.match_count, SHAPES / 2);
}

/* ---- Memory ---- */

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(vectors_hold, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(explains, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(suggests_what_helps, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(reports_what_shadows, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(remarks_on_credentials, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(finds_what_is_near, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(judges_keys_alone, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(cuts_long_names_in_sentences, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(fails_as_a_whole, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(skips_what_the_kubelet_skips, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(finds_among_many, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(finds_among_many_shapes, watched_begin, watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
