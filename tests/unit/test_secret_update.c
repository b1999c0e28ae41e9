#include "regcred/edit/secret_update.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

#include "regcred/base/memory.h"
#include "regcred/manifest/manifest_reader.h"

/* Stands in every Secret, and in no message. */
#define PASSWORD "hunter2"

#define HEAD         "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/dockerconfigjson\n"
#define NAME         "metadata: {name: s}\n"
#define DATA(config) "stringData:\n  .dockerconfigjson: '" config "'\n"
#define GOOD                                                                                       \
	DATA("{\"auths\":{\"https://a.io\":{\"username\":\"u\",\"password\":\"" PASSWORD "\"}}}")

/* The reader owns the tree. */
struct held {
	struct manifest_reader *reader;
	struct secret_update update;
};

static void held_release(struct held *held)
{
	secret_update_release(&held->update);
	manifest_reader_free(&held->reader);
}

static bool read_text(const char *text, struct held *held, struct error *error)
{
	struct manifest_item item;

	*held = (struct held){.reader = manifest_reader_new_bytes(text, strlen(text))};
	secret_update_release(&held->update);
	if (!manifest_reader_next(held->reader, &item, error))
		return false;
	if (item.event == MANIFEST_BROKEN) {
		*error = *item.problem;
		return false;
	}
	return secret_update_read(item.root, item.api_version, item.kind, &held->update, error);
}

static const struct {
	const char *text;
	enum diagnostic diagnostic;
	const char *message; /* a part of it */
} refused[] = {
    {HEAD NAME, DIAGNOSTIC_UPDATE_REFUSED, "the Secret has no data[\".dockerconfigjson\"]"},
    {HEAD GOOD "immutable: true\n", DIAGNOSTIC_UPDATE_REFUSED, "line 6, column 12: the Secret is"},
    {HEAD GOOD "immutable: \"true\"\n", DIAGNOSTIC_UPDATE_REFUSED, "neither true nor false"},
    {HEAD GOOD "metadata: []\n", DIAGNOSTIC_UPDATE_REFUSED, "metadata is not a mapping"},
    {HEAD GOOD "metadata: {labels: []}\n", DIAGNOSTIC_UPDATE_REFUSED,
     "metadata.labels is not a map"},
    {HEAD GOOD "metadata: {name: 1}\n", DIAGNOSTIC_UPDATE_REFUSED, "metadata.name is not a string"},
    {HEAD GOOD "metadata: {labels: {a: 1}}\n", DIAGNOSTIC_UPDATE_REFUSED,
     "line 6, column 24: metadata.labels[\"a\"] is not a string"},
    {HEAD GOOD "metadata: {labels: {a: b, a: b}}\n", DIAGNOSTIC_UPDATE_REFUSED, "twice"},
    {HEAD GOOD "metadata: {labels: {a: -b}}\n", DIAGNOSTIC_LABEL_INVALID, "line 6, column 24: "},
    {HEAD GOOD "metadata: {name: a, name: b}\n", DIAGNOSTIC_UPDATE_REFUSED,
     "metadata.name appears twice"},
    {HEAD GOOD "metadata: {\"a\\0b\": b}\n", DIAGNOSTIC_UPDATE_REFUSED, "a key holds a NUL byte"},
    {HEAD GOOD "data: {x: \"" PASSWORD "\"}\n", DIAGNOSTIC_UPDATE_REFUSED,
     "data[\"x\"] is not base64"},
    {HEAD GOOD "data: {x: 1}\n", DIAGNOSTIC_UPDATE_REFUSED, "data[\"x\"] is not a string"},
    {HEAD DATA("{\"auths\": \"" PASSWORD "\"}"), DIAGNOSTIC_CONFIG_INVALID,
     "data[\".dockerconfigjson\"]: line 1, column 11: auths is a string"},
    {HEAD DATA("{\"" PASSWORD "\": {}}"), DIAGNOSTIC_CONFIG_INVALID, "without auths around it"},
    {HEAD DATA("{"), DIAGNOSTIC_JSON_INVALID, "data[\".dockerconfigjson\"]: line 1, column 2"},
    {"apiVersion: v1\nkind: Secret\n" GOOD, DIAGNOSTIC_UPDATE_REFUSED, "another type"},
    {"apiVersion: v1\nkind: Pod\n", DIAGNOSTIC_UPDATE_REFUSED, "not a Secret"},
    {"{\"auths\":{}}", DIAGNOSTIC_UPDATE_REFUSED, "a Docker config, not a Secret"},
};

/* As deep as the reader lets it. */
static void refuses_depth(void **state)
{
	enum { DEPTH = 9000 };
	static char text[sizeof HEAD GOOD "x: " + 2 * DEPTH] = HEAD GOOD "x: ";
	CLEANUP(held_release) struct held held;
	struct error error;

	(void)state;
	memset(text + strlen(text), '[', DEPTH);
	memset(text + strlen(text), ']', DEPTH);
	assert_false(read_text(text, &held, &error));
	assert_string_equal(error.message, "line 6, column 103: the Secret is nested too deep");
}

static void refuses_by_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		CLEANUP(held_release) struct held held;
		struct error error;

		if (read_text(refused[i].text, &held, &error))
			fail_msg("row %zu is taken", i);
		if (error.diagnostic != refused[i].diagnostic || error.status != STATUS_DATA ||
		    !strstr(error.message, refused[i].message))
			fail_msg("row %zu: %s", i, error.message);
		assert_null(strstr(error.message, PASSWORD));
	}
}

static void drops_what_means_the_same(void **state)
{
	CLEANUP(held_release) struct held held;
	struct error error;
	size_t next = 0;

	(void)state;
	assert_true(read_text(HEAD NAME DATA("{\"auths\":{\"https://a.io\":{},\"A.io/v2/\":{},"
	                                     "\"u:p@a.io\":{},\"b.io\":{}}}"),
	                      &held, &error));
	assert_int_equal(secret_update_drop(&held.update, "c.io"), 0);
	assert_int_equal(secret_update_drop(&held.update, "a.io"), 3);
	assert_false(secret_update_drop_exact(&held.update, "@a.io"));
	assert_true(secret_update_drop_exact(&held.update, "u:p@a.io"));
	assert_string_equal(secret_update_entry(&held.update, &next)->registry.data, "b.io");
	assert_null(secret_update_entry(&held.update, &next));
}

/* What the kubelet takes for a registry, and its neighbours. */
static const struct {
	const char *stored, *registry;
	bool same;
} spellings[] = {
    {"ghcr.io:", "ghcr.io", true},
    {"https://bob:x@ghcr.io", "ghcr.io", true},
    {"bob@ghcr.io", "ghcr.io", true},
    {"@ghcr.io", "ghcr.io", true},
    {"ghcr.io?x", "ghcr.io", true},
    {"ghcr.io/?q", "ghcr.io", true},
    {"ghcr.io#f", "ghcr.io", true},
    {"ghcr.io/v1/?x", "ghcr.io", true},
    {"https://ghcr.io/v2/#y", "ghcr.io", true},
    {"ghcr.io:/org/", "ghcr.io/org/", true},
    {"u@ghcr.io/org/", "ghcr.io/org/", true},
    {"ghcr.io/%6Frg/", "ghcr.io/org/", true},
    {"https://u@index.docker.io/v1/", "https://index.docker.io/v1/", true},
    {"index.docker.io?x", "https://index.docker.io/v1/", true},
    {"index.docker.io/v1/?", "https://index.docker.io/v1/", true},
    {"docker.io:", "https://index.docker.io/v1/", true},
    {"u@ghcr.io/org", "ghcr.io", false},
    {"u@ghcr.io/org", "ghcr.io/org/", false},
    {"ghcr.io:5000?x", "ghcr.io", false},
    {"docker.io/library?x", "https://index.docker.io/v1/", false},
    {"%zz", "ghcr.io", false},
};

static void finds_keys_that_are_one_to_the_kubelet(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spellings); i++) {
		CLEANUP(held_release) struct held held;
		char text[1024];
		struct error error;

		snprintf(text, sizeof text,
		         HEAD NAME DATA("{\"auths\":{\"%s\":{\"username\":\"u\"}}}"),
		         spellings[i].stored);
		assert_true(read_text(text, &held, &error));
		if ((secret_update_username(&held.update, spellings[i].registry) != NULL) !=
		        spellings[i].same ||
		    secret_update_drop(&held.update, spellings[i].registry) != spellings[i].same)
			fail_msg("%s and %s", spellings[i].stored, spellings[i].registry);
	}
}

static const struct {
	const char *config, *fault; /* NULL: kept */
} entries[] = {
    {"{\"auths\":{\"a.io\":{}}}", NULL},
    {"{\"auths\":{\"a.io\":null}}", NULL},
    {"{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"},\"b.io\":{\"identitytoken\":\"t\",\"x\":[1.0]}},"
     "\"y\":{},\"credHelpers\":{\"a\":\"b\"}}",
     NULL},
    {"{\"auths\":{\"a.io\":{\"auth\":\"" PASSWORD "\"}}}", "auths[\"a.io\"].auth"},
    {"{\"auths\":{\"a.io\":1}}", "auths[\"a.io\"] is a number"},
    {"{\"auths\":{\"a\\u0000b\":{}}}", "NUL"},
};

static void keeps_the_rest_of_the_config(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(entries); i++) {
		CLEANUP(held_release) struct held held;
		CLEANUP(docker_config_release) struct docker_config config = DOCKER_CONFIG_INIT;
		CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_CONFIG_MAX);
		char text[1024];
		struct error error;

		snprintf(text, sizeof text, HEAD NAME DATA("%s"), entries[i].config);
		assert_true(read_text(text, &held, &error));
		if (secret_update_keep(&held.update, &config, &error)) {
			assert_null(entries[i].fault);
			assert_true(docker_config_print(&config, &out, &error));
			assert_string_equal(out.data, entries[i].config);
			continue;
		}
		assert_int_equal(error.diagnostic, DIAGNOSTIC_ENTRY_UNUSABLE);
		assert_non_null(entries[i].fault);
		assert_non_null(strstr(error.message, entries[i].fault));
		assert_null(strstr(error.message, PASSWORD));
	}
}

/* {} in a Secret of the name s: kubelet-semantics, the hash of "regcred" with {}. */
static void knows_its_own_hash(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} names[] = {
	    {"regcred-hck9d7gkh6", 7}, {"regcred-hck9d7gkh7", 18}, {"regcred", 7},
	    {"a-hck9d7gkh6", 12},      {"-hck9d7gkh6", 11},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		CLEANUP(held_release) struct held held;
		char text[256];
		struct error error;
		size_t len;

		snprintf(text, sizeof text,
		         HEAD "metadata: {name: %s}\ndata: {.dockerconfigjson: e30=}\n",
		         names[i].name);
		assert_true(read_text(text, &held, &error));
		assert_true(secret_update_base_name(&held.update, &len, &error));
		assert_int_equal(len, names[i].len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_depth),
	    cmocka_unit_test(finds_keys_that_are_one_to_the_kubelet),
	    cmocka_unit_test(refuses_by_place),
	    cmocka_unit_test(drops_what_means_the_same),
	    cmocka_unit_test(keeps_the_rest_of_the_config),
	    cmocka_unit_test(knows_its_own_hash),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("secret_update", tests, NULL, NULL);
}
