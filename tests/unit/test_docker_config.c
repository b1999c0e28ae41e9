#include "regcred/docker/docker_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/kube/secret.h"
#include "regcred/registry/registry_key.h"
#include "regcred/tree/json_tree.h"
#include "vectors.h"

/* From its first tree on, the program gives cJSON its own memory: let the vectors
 * be read with that, too. */
static int give_cjson_our_memory(void **state)
{
	struct json *first CLEANUP(json_release) = json_object();

	(void)state;
	return first ? 0 : -1;
}

static void add(struct docker_config *config, const char *registry,
                const struct credential *credential)
{
	const struct docker_config_entry entry = {registry, credential, NULL};

	docker_config_add(config, &entry);
}

/* ---- What kubectl made ---- */

static const char *text_of(const struct vector_file *file, const char *member)
{
	size_t len;

	return vector_string(file, member, &len);
}

/* The name that kubectl --append-hash would give the config. */
static void append_hashed_name(struct buf *out, const char *name, const struct buf *config)
{
	struct buf data CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct secret secret = {.name = name, .type = SECRET_TYPE_DOCKER_CONFIG};
	char hash[SECRET_HASH_SIZE];
	struct error error;

	base64_encode(&data, config->data, config->len);
	secret_pairs_add(&secret.data, SECRET_KEY_DOCKER_CONFIG, data.data);
	assert_true(secret_hash(&secret, hash, &error));
	buf_append_format(out, "%s-%s", name, hash);
	secret_pairs_release(&secret.data);
}

static void agrees_with_kubectl(void **state)
{
	struct vector_file file;

	(void)state;
	vector_file_open(&file, "append-hash.jsonl");
	while (vector_file_next(&file)) {
		struct docker_config config CLEANUP(docker_config_release) = DOCKER_CONFIG_INIT;
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct buf name CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		const struct credential credential = {text_of(&file, "username"),
		                                      text_of(&file, "password"),
		                                      text_of(&file, "email")};
		struct error error;

		add(&config, text_of(&file, "server"), &credential);
		assert_true(docker_config_print(&config, &text, &error));
		if (strcmp(text.data, text_of(&file, "dockerconfigjson")) != 0)
			vector_fail(&file, "the config is another");
		append_hashed_name(&name, text_of(&file, "name"), &text);
		if (strcmp(name.data, text_of(&file, "hashed_name")) != 0)
			vector_fail(&file, "the hashed name is another");
	}
	vector_file_close(&file);
}

/* ---- Single properties ---- */

static const struct {
	struct credential credential;
	const char *entry;
} entries[] = {
    {{"user", "pass", NULL},
     "{\"username\":\"user\",\"password\":\"pass\",\"auth\":\"dXNlcjpwYXNz\"}"},
    {{"user", "pass", ""},
     "{\"username\":\"user\",\"password\":\"pass\",\"auth\":\"dXNlcjpwYXNz\"}"},
    {{"user", "pass", "a@b.c"},
     "{\"username\":\"user\",\"password\":\"pass\",\"email\":\"a@b.c\",\"auth\":\"dXNlcjpwYXNz\"}"},
    {{"user", "", NULL}, "{\"username\":\"user\",\"auth\":\"dXNlcjo=\"}"},
    {{"", "pass", NULL}, "{\"password\":\"pass\",\"auth\":\"OnBhc3M=\"}"},
    {{"", "", "e"}, "{\"email\":\"e\"}"},
    {{"", "", NULL}, "{}"},
    {{"<u>", "a:b&\"\\\n", "\xE2\x80\xA8"},
     "{\"username\":\"\\u003cu\\u003e\",\"password\":\"a:b\\u0026\\\"\\\\\\n\",\"email\":"
     "\"\\u2028\","
     "\"auth\":\"PHU+OmE6YiYiXAo=\"}"},
};

static void empty_fields_are_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(entries); i++) {
		struct docker_config config CLEANUP(docker_config_release) = DOCKER_CONFIG_INIT;
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct buf expected CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct error error;

		add(&config, "reg.io", &entries[i].credential);
		assert_true(docker_config_print(&config, &text, &error));
		buf_append_format(&expected, "{\"auths\":{\"reg.io\":%s}}", entries[i].entry);
		assert_string_equal(text.data, expected.data);
	}
}

static void no_entry_is_an_empty_map(void **state)
{
	struct docker_config config = DOCKER_CONFIG_INIT;
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

	(void)state;
	assert_true(docker_config_print(&config, &text, &error));
	assert_string_equal(text.data, "{\"auths\":{}}");
	assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
	docker_config_release(&config);
	docker_config_release(&config);
}

/* Sorted by bytes, as Go sorts a map's keys. */
static const char *const sorted[] = {
    "*.example.com", "*:5000",   "10.0.0.1",
    "[::1]:5000",    "a-b.io",   "a.io",
    "a.io/b",        "a.io/b-c", "a.io/b/",
    "a.io:5000",     "a.ioo",    "a_b.io",
    "docker.io/bob", "ghcr.io",  "https://index.docker.io/v1/",
    "localhost",     "r*.io",    "registry.example.com",
};

enum { SORTED_COUNT = COUNT(sorted) };

static void entries_are_sorted_by_bytes(void **state)
{
	static const struct credential credential = {"u", "p", NULL};

	(void)state;
	for (size_t step = 1; step < SORTED_COUNT; step++) {
		struct docker_config config CLEANUP(docker_config_release) = DOCKER_CONFIG_INIT;
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		const char *at;
		struct error error;

		for (size_t offset = 0; offset < step; offset++)
			for (size_t i = offset; i < SORTED_COUNT; i += step)
				add(&config, sorted[SORTED_COUNT - 1 - i], &credential);
		assert_int_equal(config.count, SORTED_COUNT);
		assert_true(docker_config_print(&config, &text, &error));
		at = text.data;
		for (size_t i = 0; i < SORTED_COUNT; i++) {
			char key[64];

			snprintf(key, sizeof key, "\"%s\":{", sorted[i]);
			at = strstr(at, key);
			assert_non_null(at);
		}
	}
}

static void what_is_kept_stands_among_them(void **state)
{
	static const char before[] = "{\"auths\":{\"c.io\":null,\"b.io-x\":{\"a\":\"<\"},"
	                             "\"https://b.io/v1/a\":{}},\"z\":[1.0],\"a\":{}}";
	struct docker_config config CLEANUP(docker_config_release) = DOCKER_CONFIG_INIT;
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct arena arena CLEANUP(arena_release) = ARENA_INIT;
	static const struct credential credential = {"u", "", NULL};
	const struct node *auths;
	struct error error;

	(void)state;
	add(&config, "b.io/a", &credential);
	assert_true(json_tree_parse(view_of(before), &arena, &config.original, &error));
	auths = node_get(config.original, "auths");
	for (size_t i = 0; i < auths->count; i++) {
		const struct docker_config_entry kept = {auths->members[i].key->text, NULL,
		                                         auths->members[i].value};

		docker_config_add(&config, &kept);
	}
	assert_true(docker_config_print(&config, &text, &error));
	assert_string_equal(text.data,
	                    "{\"auths\":{\"b.io-x\":{\"a\":\"\\u003c\"},"
	                    "\"b.io/a\":{\"username\":\"u\",\"auth\":\"dTo=\"},\"c.io\":null,"
	                    "\"https://b.io/v1/a\":{}},\"z\":[1.0],\"a\":{}}");
}

static void the_credential_is_read_when_printed(void **state)
{
	struct docker_config config CLEANUP(docker_config_release) = DOCKER_CONFIG_INIT;
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct credential credential = {"", "", NULL};
	struct error error;

	(void)state;
	add(&config, "reg.io", &credential);
	credential.username = "late";
	assert_true(docker_config_print(&config, &text, &error));
	assert_non_null(strstr(text.data, "\"late\""));
}

static const struct {
	const char *first, *second;
	const char *message; /* NULL: both are taken */
} pairs[] = {
    {"reg.io", "reg.io", "registry \"reg.io\" is given twice"},
    {REGISTRY_KEY_DOCKER_HUB, REGISTRY_KEY_DOCKER_HUB,
     "registry \"" REGISTRY_KEY_DOCKER_HUB "\" is given twice"},
    {"reg.io/team", "reg.io/v1/team",
     "registries \"reg.io/team\" and \"reg.io/v1/team\" are the same for the kubelet"},
    {"reg.io/v2/team", "reg.io/v1/team",
     "registries \"reg.io/v1/team\" and \"reg.io/v2/team\" are the same for the kubelet"},
    {"reg.io", "reg.io/team", NULL},
    {"reg.io", "reg.io:443", NULL},
    {"reg.io/team", "reg.io/team/", NULL},
    {"reg.io/v1/v1/a", "reg.io/v1/a", NULL},
    {"reg.io/v1", "reg.io/v2", NULL},
    {"docker.io/bob", REGISTRY_KEY_DOCKER_HUB, NULL},
};

static void refuses_keys_that_are_one_to_the_kubelet(void **state)
{
	static const struct credential credential = {"u", "hunter2", NULL};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct docker_config config CLEANUP(docker_config_release) = DOCKER_CONFIG_INIT;
		const struct docker_config_entry second = {pairs[i].second, &credential};
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

		add(&config, "other.io", &credential);
		add(&config, pairs[i].first, &credential);
		docker_config_add(&config, &second);
		if (docker_config_sort(&config, &error) != !pairs[i].message)
			fail_msg("%s, %s", pairs[i].first, pairs[i].second);
		assert_int_equal(error.diagnostic, pairs[i].message ? DIAGNOSTIC_REGISTRY_DUPLICATE
		                                                    : DIAGNOSTIC_COUNT);
		if (pairs[i].message)
			assert_string_equal(error.message, pairs[i].message);
	}
}

static void the_text_has_a_ceiling(void **state)
{
	static const struct credential credential = {"user", "pass", NULL};
	struct docker_config config CLEANUP(docker_config_release) = DOCKER_CONFIG_INIT;
	struct buf text CLEANUP(buf_release) = BUF_INIT(30);
	struct error error;

	(void)state;
	add(&config, "reg.io", &credential);
	assert_false(docker_config_print(&config, &text, &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_INPUT_TOO_LARGE);
	assert_null(strstr(error.message, "pass"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(agrees_with_kubectl),
	    cmocka_unit_test(empty_fields_are_left_out),
	    cmocka_unit_test(no_entry_is_an_empty_map),
	    cmocka_unit_test(entries_are_sorted_by_bytes),
	    cmocka_unit_test(what_is_kept_stands_among_them),
	    cmocka_unit_test(the_credential_is_read_when_printed),
	    cmocka_unit_test(refuses_keys_that_are_one_to_the_kubelet),
	    cmocka_unit_test(the_text_has_a_ceiling),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("docker_config", tests, give_cjson_our_memory, NULL);
}
