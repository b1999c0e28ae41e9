#include "regcred/kube/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/kube/document.h"
#include "regcred/kube/k8s_name.h"
#include "vectors.h"

/* From its first tree on, the program gives cJSON its own memory: let the vectors
 * be read with that, too. */
static int give_cjson_our_memory(void **state)
{
	struct json *first CLEANUP(json_release) = json_object();

	(void)state;
	return first ? 0 : -1;
}

static void add(struct secret_pairs *pairs, const char *key, const char *value)
{
	secret_pairs_add(pairs, key, value);
	assert_null(secret_pairs_sort(pairs));
}

static void secret_release(struct secret *secret)
{
	secret_pairs_release(&secret->labels);
	secret_pairs_release(&secret->annotations);
	secret_pairs_release(&secret->data);
}

/* ---- What kubectl made ---- */

static const char *text_of(const struct vector_file *file, const char *member)
{
	size_t len;

	return vector_string(file, member, &len);
}

static void take_vector(struct secret *secret, const struct vector_file *file)
{
	const cJSON *immutable = cJSON_GetObjectItemCaseSensitive(file->json, "immutable");
	const cJSON *data = cJSON_GetObjectItemCaseSensitive(file->json, "data");
	const cJSON *last = data && data->child ? data->child->prev : NULL;

	secret->name = text_of(file, "name");
	secret->type = text_of(file, "type");
	if (immutable)
		secret->immutable =
		    cJSON_IsTrue(immutable) ? SECRET_IMMUTABLE_TRUE : SECRET_IMMUTABLE_FALSE;
	secret->no_data = !cJSON_IsObject(data);
	/* Backwards, for they are sorted in the vectors. */
	for (const cJSON *pair = last; pair; pair = pair == data->child ? NULL : pair->prev)
		add(&secret->data, pair->string, pair->valuestring);
}

static void agrees_with_kubectl(void **state)
{
	struct vector_file file;

	(void)state;
	vector_file_open(&file, "secret-hash.jsonl");
	while (vector_file_next(&file)) {
		struct secret secret CLEANUP(secret_release) = {0};
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		char hash[SECRET_HASH_SIZE], name[512];
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

		take_vector(&secret, &file);
		assert_true(secret_hash_text(&secret, &text, &error));
		assert_true(secret_hash(&secret, hash, &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
		if (strcmp(text.data, text_of(&file, "encoded")) != 0)
			vector_fail(&file, "the hashed text is another");
		if (strcmp(hash, text_of(&file, "hash")) != 0)
			vector_fail(&file, "the hash is another");
		snprintf(name, sizeof name, "%s-%s", secret.name, hash);
		if (strcmp(name, text_of(&file, "hashed_name")) != 0)
			vector_fail(&file, "the hashed name is another");
	}
	vector_file_close(&file);
}

static void labels_and_annotations_are_not_hashed(void **state)
{
	struct secret plain CLEANUP(secret_release) = {.name = "regcred",
	                                               .type = SECRET_TYPE_DOCKER_CONFIG};
	struct secret marked CLEANUP(secret_release) = plain;
	char first[SECRET_HASH_SIZE], second[SECRET_HASH_SIZE];
	struct error error;

	(void)state;
	add(&plain.data, SECRET_KEY_DOCKER_CONFIG, "e30=");
	add(&marked.data, SECRET_KEY_DOCKER_CONFIG, "e30=");
	add(&marked.labels, "a", "b");
	add(&marked.annotations, "c", "d");
	assert_true(secret_hash(&plain, first, &error));
	assert_true(secret_hash(&marked, second, &error));
	assert_string_equal(first, "hck9d7gkh6");
	assert_string_equal(second, first);
}

/* ---- Pairs ---- */

static void pairs_are_sorted_by_bytes(void **state)
{
	static const char *const keys[] = {"-", ".a",  "10",  "9",  "A", "Z",       "_",
	                                   "a", "a.b", "a/b", "aa", "b", "\xC3\xA9"};
	enum { COUNT = COUNT(keys) };

	(void)state;
	for (size_t step = 1; step < COUNT; step++) {
		struct secret_pairs pairs CLEANUP(secret_pairs_release) = {0};

		for (size_t offset = 0; offset < step; offset++)
			for (size_t i = offset; i < COUNT; i += step)
				add(&pairs, keys[i], keys[COUNT - 1 - i]);
		assert_int_equal(pairs.count, COUNT);
		for (size_t i = 0; i < COUNT; i++) {
			assert_string_equal(pairs.items[i].key, keys[i]);
			assert_string_equal(pairs.items[i].value, keys[COUNT - 1 - i]);
		}
	}
}

static void a_repeated_key_is_found(void **state)
{
	static const char *const keys[] = {"b", "a", "d", "c"};
	struct secret_pairs pairs CLEANUP(secret_pairs_release) = {0};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		add(&pairs, keys[i], "first");
	secret_pairs_add(&pairs, "d", "second");
	assert_string_equal(secret_pairs_sort(&pairs), "d");
}

/* ---- Limits ---- */

static void append_base64_of_zeroes(struct buf *out, size_t len)
{
	struct buf zeroes CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_repeated(&zeroes, '\0', len);
	base64_encode(out, zeroes.data, zeroes.len);
	assert_false(out->failure);
}

static void many_pairs_are_sorted_at_once(void **state)
{
	static const char *const keys[] = {"b", "a.b", "", "a-b", "ab", "a"};
	static const char *const sorted[] = {"", "a", "a-b", "a.b", "ab", "b"};
	struct secret_pairs pairs CLEANUP(secret_pairs_release) = {0};

	(void)state;
	assert_null(secret_pairs_sort(&pairs));
	assert_false(secret_pairs_have(&pairs, ""));
	for (size_t i = 0; i < 6; i++)
		secret_pairs_add(&pairs, keys[i], "v");
	assert_null(secret_pairs_sort(&pairs));
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(pairs.items[i].key, sorted[i]);
		assert_true(secret_pairs_have(&pairs, keys[i]));
	}
	assert_false(secret_pairs_have(&pairs, "aa"));
	secret_pairs_add(&pairs, "a-b", "again");
	assert_string_equal(secret_pairs_sort(&pairs), "a-b");
}

static void the_size_is_that_of_the_decoded_values(void **state)
{
	struct secret secret CLEANUP(secret_release) = {.name = "a", .type = "Opaque"};

	(void)state;
	assert_int_equal(secret_size(&secret), 0);
	add(&secret.data, "a-long-key-does-not-count", "");
	assert_int_equal(secret_size(&secret), 0);
	add(&secret.data, "b", "e30=");
	add(&secret.data, "c", "Zm9v");
	add(&secret.data, "d", "Zg==");
	assert_int_equal(secret_size(&secret), 6);
}

static void data_may_fill_a_mebibyte_and_no_more(void **state)
{
	(void)state;
	for (size_t more = 0; more < 3; more++) {
		struct secret secret CLEANUP(secret_release) = {.name = "a", .type = "Opaque"};
		struct buf value CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

		append_base64_of_zeroes(&value, K8S_SECRET_MAX - 3 + more);
		add(&secret.data, "a", value.data);
		add(&secret.data, "b", "e30=");
		assert_int_equal(secret_size(&secret), K8S_SECRET_MAX - 1 + more);
		assert_int_equal(secret_check(&secret, &error), more < 2);
		assert_int_equal(error.diagnostic,
		                 more < 2 ? DIAGNOSTIC_COUNT : DIAGNOSTIC_SECRET_TOO_LARGE);
		if (more == 2)
			assert_string_equal(error.message, "the Secret holds 1048577 bytes, the "
			                                   "limit is 1048576");
	}
}

static void annotations_may_fill_their_limit_and_no_more(void **state)
{
	(void)state;
	for (size_t more = 0; more < 3; more++) {
		struct secret secret CLEANUP(secret_release) = {.name = "a", .type = "Opaque"};
		struct buf value CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

		buf_append_repeated(&value, 'x',
		                    262144 -
		                        strlen("key"
		                               "k"
		                               "v") -
		                        1 + more);
		add(&secret.annotations, "key", value.data);
		add(&secret.annotations, "k", "v");
		assert_int_equal(secret_check(&secret, &error), more < 2);
		assert_int_equal(error.diagnostic,
		                 more < 2 ? DIAGNOSTIC_COUNT : DIAGNOSTIC_ANNOTATION_INVALID);
		if (more == 2)
			assert_string_equal(error.message, "the annotations are 262145 bytes "
			                                   "long, the limit is 262144");
	}
}

static void a_hashed_name_may_be_too_long(void **state)
{
	(void)state;
	for (size_t len = 241; len < 245; len++) {
		struct secret secret = {.type = "Opaque"};
		char name[300];
		char hash[SECRET_HASH_SIZE];
		struct error error;

		memset(name, 'a', len);
		name[len] = '\0';
		secret.name = name;
		assert_true(secret_check(&secret, &error));
		assert_true(secret_hash(&secret, hash, &error));
		snprintf(name + len, sizeof name - len, "-%s", hash);
		if (secret_check(&secret, &error) != (len + 11 <= K8S_SUBDOMAIN_MAX))
			fail_msg("a name of %zu bytes", strlen(name));
		if (len + 11 > K8S_SUBDOMAIN_MAX)
			assert_int_equal(error.diagnostic, DIAGNOSTIC_NAME_INVALID);
	}
}

static void the_name_is_checked(void **state)
{
	static const char *const names[] = {"", "A", "a_b", "a/b", "-a", "a\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct secret secret = {.name = names[i], .type = "Opaque"};
		struct error error;

		assert_false(secret_check(&secret, &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_NAME_INVALID);
		assert_int_equal(error.status, STATUS_USAGE);
	}
}

static const struct {
	const char *key, *value;
	bool label, annotation;
} marks[] = {
    {"app", "web", true, true},
    {"example.com/app", "", true, true},
    {"app", "a b", false, true},
    {"app", "line\nline\x01", false, true},
    {"app", "\xC3\xA9", false, true},
    {"app", "\xFF", false, false},
    {"app", "a\xE2\x82", false, false},
    {"Example.com/app", "a", false, true},
    {"", "a", false, false},
    {"a b", "a", false, false},
    {"a/b/c", "a", false, false},
    {"\xFF", "a", false, false},
};

static void labels_and_annotations_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

		if (secret_check_label(marks[i].key, marks[i].value, &error) != marks[i].label)
			fail_msg("label %zu", i);
		assert_int_equal(error.diagnostic,
		                 marks[i].label ? DIAGNOSTIC_COUNT : DIAGNOSTIC_LABEL_INVALID);
		error.diagnostic = DIAGNOSTIC_COUNT;
		if (secret_check_annotation(marks[i].key, marks[i].value, &error) !=
		    marks[i].annotation)
			fail_msg("annotation %zu", i);
		assert_int_equal(error.diagnostic, marks[i].annotation
		                                       ? DIAGNOSTIC_COUNT
		                                       : DIAGNOSTIC_ANNOTATION_INVALID);
	}
}

/* ---- The object ---- */

static void assert_object(const struct secret *secret, bool namespace_hole, const char *expected)
{
	struct json *object CLEANUP(json_release) = secret_object(secret, namespace_hole);
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	assert_non_null(object);
	assert_true(json_print(object, JSON_COMPACT, 0, &text, &error));
	assert_string_equal(text.data, expected);
}

static void the_object_has_the_keys_in_reading_order(void **state)
{
	struct secret secret CLEANUP(secret_release) = {.name = "regcred",
	                                                .type = SECRET_TYPE_DOCKER_CONFIG};

	(void)state;
	assert_object(
	    &secret, false,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"regcred\"},"
	    "\"type\":\"kubernetes.io/dockerconfigjson\",\"data\":{}}");
	add(&secret.data, SECRET_KEY_DOCKER_CONFIG, "e30=");
	assert_object(
	    &secret, false,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"regcred\"},"
	    "\"type\":\"kubernetes.io/dockerconfigjson\","
	    "\"data\":{\".dockerconfigjson\":\"e30=\"}}");
	assert_object(
	    &secret, true,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"regcred\","
	    "\"namespace\":" DOCUMENT_HOLE_TEXT "},"
	    "\"type\":\"kubernetes.io/dockerconfigjson\","
	    "\"data\":{\".dockerconfigjson\":\"e30=\"}}");
	secret.immutable = SECRET_IMMUTABLE_TRUE;
	add(&secret.labels, "b", "2");
	add(&secret.labels, "a", "1");
	add(&secret.annotations, "d", "<4>");
	add(&secret.annotations, "c", "\x01");
	assert_object(
	    &secret, true,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"regcred\","
	    "\"namespace\":" DOCUMENT_HOLE_TEXT ",\"labels\":{\"a\":\"1\",\"b\":\"2\"},"
	    "\"annotations\":{\"c\":\"\\u0001\",\"d\":\"\\u003c4\\u003e\"}},"
	    "\"type\":\"kubernetes.io/dockerconfigjson\",\"immutable\":true,"
	    "\"data\":{\".dockerconfigjson\":\"e30=\"}}");
	secret.immutable = SECRET_IMMUTABLE_FALSE;
	secret_pairs_release(&secret.labels);
	secret_pairs_release(&secret.annotations);
	assert_object(
	    &secret, false,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"regcred\"},"
	    "\"type\":\"kubernetes.io/dockerconfigjson\",\"immutable\":false,"
	    "\"data\":{\".dockerconfigjson\":\"e30=\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(agrees_with_kubectl),
	    cmocka_unit_test(labels_and_annotations_are_not_hashed),
	    cmocka_unit_test(pairs_are_sorted_by_bytes),
	    cmocka_unit_test(a_repeated_key_is_found),
	    cmocka_unit_test(many_pairs_are_sorted_at_once),
	    cmocka_unit_test(the_size_is_that_of_the_decoded_values),
	    cmocka_unit_test(data_may_fill_a_mebibyte_and_no_more),
	    cmocka_unit_test(annotations_may_fill_their_limit_and_no_more),
	    cmocka_unit_test(a_hashed_name_may_be_too_long),
	    cmocka_unit_test(the_name_is_checked),
	    cmocka_unit_test(labels_and_annotations_are_checked),
	    cmocka_unit_test(the_object_has_the_keys_in_reading_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("secret", tests, give_cjson_our_memory, NULL);
}
