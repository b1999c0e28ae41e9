/* Tables of files, then every document of tests/vectors/kubelet-match.jsonl: what
 * the kubelet reads there must be what is read here. */
#include "regcred/docker/docker_logins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "vectors.h"

/* Stands in the files below as plain text and as base64 of u:hunter2, and is
 * never to be seen in a message. */
#define PASSWORD "hunter2"
#define AUTH     "dTpodW50ZXIy"

static void check_holds_no_secret(const char *text)
{
	static const char *const secrets[] = {PASSWORD, AUTH, "aHVudGVyMg"};

	for (size_t i = 0; text && i < COUNT(secrets); i++)
		if (strstr(text, secrets[i]))
			fail_msg("a message holds a secret");
}

/* ---- Files that are read ---- */

static void append_flag(struct buf *out, bool flag, const char *name)
{
	if (flag)
		buf_append_format(out, " %s", name);
}

/* KEY = USER / PASSWORD / EMAIL FLAGS ! PROBLEM, one entry a line. */
static void append_entry(struct buf *out, const struct docker_login *entry)
{
	buf_append_format(out, "%s = %s / %s / %s", entry->registry.data, entry->username.data,
	                  entry->password.data, entry->email.data);
	append_flag(out, entry->has_auth, "auth");
	append_flag(out, entry->has_identity_token, "identity");
	append_flag(out, entry->has_registry_token, "registry");
	append_flag(out, entry->disagrees, "disagrees");
	append_flag(out, entry->empty, "empty");
	append_flag(out, entry->web_login_leftover, "leftover");
	if (entry->problem)
		buf_append_format(out, " ! %s", entry->problem);
	buf_append_char(out, '\n');
	assert_int_equal(entry->problem != NULL, entry->fault != CONFIG_FAULT_NONE);
	check_holds_no_secret(entry->problem);
}

static void append_file(struct buf *out, const struct docker_logins *file)
{
	buf_append_string(out, file->bare ? "bare\n" : "");
	for (size_t i = 0; i < file->entry_count; i++)
		append_entry(out, &file->entries[i]);
	for (size_t i = 0; i < file->helper_count; i++)
		buf_append_format(out, "%s -> %s\n", file->helpers[i].registry,
		                  file->helpers[i].name);
	if (file->store)
		buf_append_format(out, "-> %s\n", file->store);
}

static const struct {
	const char *text;
	const char *read;
} sound[] = {
    /* shapes */
    {"{}", "bare\n"},
    {"{\"auths\":{}}", ""},
    {"{\"auths\":null}", ""},
    {" {\"auths\":{\"ghcr.io\":{\"auth\":\"" AUTH "\"}}}\n", "ghcr.io = u / hunter2 /  auth\n"},
    {"{\"ghcr.io\":{\"auth\":\"" AUTH "\",\"email\":\"a@b\"}}",
     "bare\nghcr.io = u / hunter2 / a@b auth\n"},
    {"{\"ghcr.io\":null}",
     "bare\nghcr.io =  /  /  empty ! [\"ghcr.io\"] holds neither user name nor password\n"},
    {"{\"psFormat\":\"x\",\"auths\":{},\"x\":[1,{\"auths\":1}]}", ""},
    {"{\"HttpHeaders\":{\"X\":\"y\",\"Z\":null}}", ""},
    {"{\"currentContext\":\"default\",\"plugins\":{}}", ""},
    /* members */
    {"{\"AUTH\u017F\":{\"a.io\":{\"U\u017FerName\":\"u\",\"PASSWORD\":\"p\",\"Email\":\"e\"}}}",
     "a.io = u / p / e\n"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"\",\"username\":\"u\",\"password\":\"p\"}}}",
     "a.io = u / p / \n"},
    {"{\"auths\":{\"a.io\":{\"auth\":null,\"username\":\"u\",\"password\":\"p\",\"email\":null}}}",
     "a.io = u / p / \n"},
    {"{\"auths\":{\"a.io\":{\"username\":\"v\",\"password\":\"p\",\"username\":\"u\","
     "\"USERNAME\":null}}}",
     "a.io = u / p / \n"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"!\",\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth\n"},
    {"{\"auths\":{\"a.io\":{\"x\":[{\"auth\":1}],\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth\n"},
    /* auth and the fields beside it */
    {"{\"auths\":{\"a.io\":{\"username\":\"u\",\"password\":\"hunter2\",\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth\n"},
    {"{\"auths\":{\"a.io\":{\"username\":\"u\",\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth\n"},
    {"{\"auths\":{\"a.io\":{\"username\":\"v\",\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth disagrees\n"},
    {"{\"auths\":{\"a.io\":{\"password\":\"hunter\",\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth disagrees\n"},
    /* tokens */
    {"{\"auths\":{\"a.io\":{\"identitytoken\":\"t\",\"registrytoken\":\"t\",\"auth\":\"" AUTH
     "\"}}}",
     "a.io = u / hunter2 /  auth identity registry\n"},
    {"{\"auths\":{\"a.io\":{\"identitytoken\":\"\",\"registrytoken\":5,\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth\n"},
    {"{\"auths\":{\"a.io\":{\"identityto\u212Aen\":\"t\",\"auth\":\"MDAwMDo=\"}}}",
     "a.io = 0000 /  /  auth identity ! auths[\"a.io\"] has a token instead of a password, which "
     "the kubelet cannot use\n"},
    {"{\"auths\":{\"a.io\":{\"registrytoken\":\"" PASSWORD "\"}},\"credsStore\":\"x\"}",
     "a.io =  /  /  registry ! auths[\"a.io\"] has a token instead of a password, which the "
     "kubelet cannot use\n-> x\n"},
    {"{\"auths\":{\"a.io\":{\"username\":\"<token>\",\"password\":\"" PASSWORD "\"}}}",
     "a.io = <token> / hunter2 / \n"},
    /* repetitions */
    {"{\"auths\":{\"b.io\":{\"auth\":\"" AUTH "\"}},\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\"}}}",
     "b.io = u / hunter2 /  auth\na.io = u / hunter2 /  auth\n"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\",\"email\":\"e\"}},"
     "\"Auths\":{\"a\\u002eio\":{\"username\":\"v\",\"password\":\"p\"}}}",
     "a.io = v / p / \n"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"!\"},\"b.io\":{\"auth\":\"" AUTH "\"},\"a.io\":{\"auth\":"
     "\"" AUTH "\"}}}",
     "b.io = u / hunter2 /  auth\n"
     "a.io = u / hunter2 /  auth ! auths[\"a.io\"].auth is not base64\n"},
    {"{\"auths\":{\"a.io\":{\"username\":\"u\"},\"a.io\":{\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth\n"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"!\"},\"a.io\":{\"auth\":\"AAAA\"},\"a.io\":{}}}",
     "a.io =  /  /  ! auths[\"a.io\"].auth is not base64\n"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\"},\"A.io\":{\"auth\":\"" AUTH "\"}}}",
     "a.io = u / hunter2 /  auth\nA.io = u / hunter2 /  auth\n"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\"}},\"auths\":null}", ""},
    {"{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\"},\"b.io\":{\"auth\":\"!\"}},\"auths\":null}",
     "b.io =  /  /  auth ! auths[\"b.io\"].auth is not base64\n"},
    /* problems, several in a file */
    {"{\"auths\":{\"a.io\":5,\"b.io\":[\"" PASSWORD "\"],\"c.io\":{\"auth\":\"" AUTH "\"},"
     "\"d.io\":{\"password\":{\"x\":\"" PASSWORD "\"}}}}",
     "a.io =  /  /  ! auths[\"a.io\"] is a number, an object was expected\n"
     "b.io =  /  /  ! auths[\"b.io\"] is an array, an object was expected\n"
     "c.io = u / hunter2 /  auth\n"
     "d.io =  /  /  ! auths[\"d.io\"].password is an object, a string was expected\n"},
    {"{\"auths\":{\"a.io\":{\"auth\":1},\"b.io\":{\"username\":true,\"username\":\"u\","
     "\"password\":\"p\"},\"c.io\":{\"email\":[]}}}",
     "a.io =  /  /  ! auths[\"a.io\"].auth is a number, a string was expected\n"
     "b.io = u / p /  ! auths[\"b.io\"].username is true, a string was expected\n"
     "c.io =  /  /  ! auths[\"c.io\"].email is an array, a string was expected\n"},
    {"{\"a.io\":{\"auth\":\"" PASSWORD "!\"},\"b.io\":{\"auth\":\"aHVudGVyMg==\"}}",
     "bare\na.io =  /  /  auth ! [\"a.io\"].auth is not base64\n"
     "b.io =  /  /  auth ! [\"b.io\"].auth holds no colon between user name and password\n"},
    {"{\"auths\":{\"a.io\":{\"username\":\"u\"},\"b.io\":{\"password\":\"" PASSWORD "\"},"
     "\"c.io\":{\"auth\":\"Og==\"},\"d.io\":{}}}",
     "a.io = u /  /  ! auths[\"a.io\"] has an empty password\n"
     "b.io =  / hunter2 /  ! auths[\"b.io\"] has an empty user name\n"
     "c.io =  /  /  auth empty ! auths[\"c.io\"] holds neither user name nor password\n"
     "d.io =  /  /  empty ! auths[\"d.io\"] holds neither user name nor password\n"},
    {"{\"auths\":{\"a.io\":{\"username\":\"u\",\"password\":\"p\\u0000\"},"
     "\"b.io\":{\"email\":\"\\u0000\",\"auth\":\"" AUTH "\"},\"c.io\\u0000\":{\"auth\":\"" AUTH
     "\"},\"d.io\":{\"auth\":\"AHU6cA==\"}}}",
     "a.io = u / p /  ! auths[\"a.io\"] holds a NUL byte\n"
     "b.io = u / hunter2 /  auth ! auths[\"b.io\"] holds a NUL byte\n"
     "c.io = u / hunter2 /  auth ! auths[\"c.io\\x00\"] holds a NUL byte\n"
     "d.io =  / p /  auth ! auths[\"d.io\"] holds a NUL byte\n"},
    {"{\"auths\":{\"https://u:" PASSWORD "@a.io/x?y\":{}}}",
     NULL}, /* the key itself is kept whole */
    /* helpers */
    {"{\"auths\":{\"a.io\":{},\"b.io\":{\"auth\":\"\"},\"c.io\":null},\"credsStore\":\"desktop\"}",
     "a.io =  /  /  empty\nb.io =  /  /  empty\nc.io =  /  /  empty\n-> desktop\n"},
    {"{\"auths\":{\"a.io\":{\"email\":\"e\"},\"b.io\":{\"username\":\"u\"}},"
     "\"credHelpers\":{\"a.io\":\"ecr-login\"}}",
     "a.io =  /  / e empty\nb.io = u /  /  ! auths[\"b.io\"] has an empty password\n"
     "a.io -> ecr-login\n"},
    {"{\"credhelpers\":{\"b.io\":\"x\",\"a.io\":\"y\",\"b.io\":\"z\",\"c.io\":null},"
     "\"CREDSSTORE\":\"s\",\"credsStore\":null}",
     "a.io -> y\nb.io -> z\nc.io -> \n-> s\n"},
    {"{\"credHelpers\":{\"a.io\":\"x\"},\"credHelpers\":null,\"credsStore\":\"s\",\"credsStore\":"
     "\"\"}",
     ""},
    {"{\"credHelpers\":{\"a.io\":\"x\"},\"credHelpers\":{\"b.io\":\"y\"}}",
     "a.io -> x\nb.io -> y\n"},
    /* what docker's web login leaves */
    {"{\"auths\":{\"https://index.docker.io/v1/\":{},\"https://index.docker.io/v1/access-token\":"
     "{},\"https://index.docker.io/v1/refresh-token\":{\"username\":\"u\"}}}",
     "https://index.docker.io/v1/ =  /  /  empty ! auths[\"https://index.docker.io/v1/\"] holds "
     "neither user name nor password\n"
     "https://index.docker.io/v1/access-token =  /  /  empty leftover\n"
     "https://index.docker.io/v1/refresh-token = u /  /  leftover\n"},
    {"{\"auths\":{\"https://index.docker.io/v1/access-token/\":{\"auth\":\"" AUTH "\"}}}",
     "https://index.docker.io/v1/access-token/ = u / hunter2 /  auth\n"},
};

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sound); i++) {
		CLEANUP(docker_logins_release)
		struct docker_logins file = DOCKER_LOGINS_INIT;
		CLEANUP(buf_release) struct buf read = BUF_INIT(BUF_CONFIG_MAX);
		struct error error, before;

		memset(&error, 0xA5, sizeof error);
		before = error;
		if (!docker_logins_parse((struct view){sound[i].text, strlen(sound[i].text)},
		                         CONFIG_SHAPE_ANY, &file, &error))
			fail_msg("%s: %s", sound[i].text, error.message);
		append_file(&read, &file);
		if (sound[i].read)
			assert_string_equal(read.data, sound[i].read);
		assert_memory_equal(&error, &before, sizeof error);
	}
}

static void shows_keys_without_credentials(void **state)
{
	static const char text[] =
	    "{\"auths\":{\"https://u:" PASSWORD "@a.io/x?" PASSWORD "\":{}}}";
	CLEANUP(docker_logins_release)
	struct docker_logins file = DOCKER_LOGINS_INIT;
	struct error error;

	(void)state;
	assert_true(docker_logins_parse((struct view){text, strlen(text)}, CONFIG_SHAPE_ANY, &file,
	                                &error));
	assert_string_equal(file.entries[0].registry.data,
	                    "https://u:" PASSWORD "@a.io/x?" PASSWORD);
	assert_string_equal(file.entries[0].problem,
	                    "auths[\"...@a.io/x?...\"] holds neither user name nor "
	                    "password");
}

static void cuts_long_keys(void **state)
{
	CLEANUP(docker_logins_release)
	struct docker_logins file = DOCKER_LOGINS_INIT;
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	(void)state;
	buf_append_string(&text, "{\"auths\":{\"");
	buf_append_repeated(&text, 'x', 100000);
	buf_append_string(&text, "\":{}}}");
	assert_true(docker_logins_parse((struct view){text.data, text.len}, CONFIG_SHAPE_ANY, &file,
	                                &error));
	assert_int_equal(file.entries[0].registry.len, 100000);
	assert_true(strlen(file.entries[0].problem) < 300);
	assert_non_null(strstr(file.entries[0].problem, "xxx...\"] holds neither"));
}

static void reports_positions(void **state)
{
	static const char text[] = "{\"auths\":\n{\"a.io\":{},\n \"b.io\": {\"auth\": 5},\n"
	                           "  \"c.io\":{\n\"auth\":\"!\"}}}";
	static const struct {
		uint64_t line, column, problem_line, problem_column;
	} expected[] = {{2, 2, 2, 2}, {3, 2, 3, 19}, {4, 3, 5, 8}};
	CLEANUP(docker_logins_release)
	struct docker_logins file = DOCKER_LOGINS_INIT;
	struct error error;

	(void)state;
	assert_true(docker_logins_parse((struct view){text, strlen(text)}, CONFIG_SHAPE_ANY, &file,
	                                &error));
	assert_int_equal(file.entry_count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct docker_login *entry = &file.entries[i];

		assert_int_equal(entry->position.line, expected[i].line);
		assert_int_equal(entry->position.column, expected[i].column);
		assert_int_equal(entry->problem_position.line, expected[i].problem_line);
		assert_int_equal(entry->problem_position.column, expected[i].problem_column);
	}
}

/* Many repetitions: what counts is the last of each, and that it takes no age. */
static void takes_many_entries(void **state)
{
	enum { ENTRIES = 60000, REGISTRIES = 20000 };
	CLEANUP(docker_logins_release)
	struct docker_logins file = DOCKER_LOGINS_INIT;
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	(void)state;
	buf_append_string(&text, "{\"auths\":{");
	for (int i = 0; i < ENTRIES; i++)
		buf_append_format(&text, "%s\"%d.io\":{\"username\":\"%d\",\"password\":\"p\"}",
		                  i ? "," : "", i * 7 % REGISTRIES, i);
	buf_append_string(&text, "}}");
	assert_true(docker_logins_parse((struct view){text.data, text.len}, CONFIG_SHAPE_ANY, &file,
	                                &error));
	assert_int_equal(file.entry_count, REGISTRIES);
	for (int i = 0; i < REGISTRIES; i++) {
		int last = ENTRIES - REGISTRIES + i;

		assert_int_equal(atoi(file.entries[i].username.data), last);
		assert_int_equal(atoi(file.entries[i].registry.data), last * 7 % REGISTRIES);
	}
}

/* ---- Files that are refused ---- */

static const struct {
	const char *text;
	enum diagnostic diagnostic;
	const char *message;
} refused[] = {
    {"", DIAGNOSTIC_JSON_INVALID, "line 1, column 1: a value was expected, but the input ends"},
    {PASSWORD, DIAGNOSTIC_JSON_INVALID, "line 1, column 1: a value was expected"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\"}}}" PASSWORD, DIAGNOSTIC_JSON_INVALID,
     "line 1, column 43: the end of the input was expected"},
    {"{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\",}}}", DIAGNOSTIC_JSON_INVALID,
     "line 1, column 41: a key was expected, not '}'"},
    {"{\"auths\":[],}", DIAGNOSTIC_JSON_INVALID, "line 1, column 13: a key was expected, not '}'"},
    {"null", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 1: the Docker config is null, an object was expected"},
    {"[{\"auth\":\"" AUTH "\"}]", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 1: the Docker config is an array, an object was expected"},
    {"\"" PASSWORD "\"", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 1: the Docker config is a string, an object was expected"},
    {"{\n\"auths\": [\"" PASSWORD "\"]}", DIAGNOSTIC_CONFIG_INVALID,
     "line 2, column 10: auths is an array, an object was expected"},
    {"{\"auths\":{},\"Auths\":\"" PASSWORD "\"}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 21: auths is a string, an object was expected"},
    {"{\"auths\":{},\"HttpHeaders\":[]}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 27: HttpHeaders is an array, an object was expected"},
    {"{\"auths\":{},\"httpheaders\":{\"" PASSWORD "\":[]}}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 38: a member of HttpHeaders is an array, a string was expected"},
    {"{\"credHelpers\":\"" PASSWORD "\"}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 16: credHelpers is a string, an object was expected"},
    {"{\"credHelpers\":{\"u:" PASSWORD "@a.io\":1}}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 34: credHelpers[\"...@a.io\"] is a number, a string was expected"},
    {"{\"credHelpers\":{\"a.io\":\"x\\u0000\"}}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 24: credHelpers[\"a.io\"] holds a NUL byte"},
    {"{\"credHelpers\":{\"a.io\\u0000\":\"x\"}}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 17: a key of credHelpers holds a NUL byte"},
    {"{\"credsStore\":{}}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 15: credsStore is an object, a string was expected"},
    {"{\"credsStore\":\"\\u0000\"}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 15: credsStore holds a NUL byte"},
    {"{\"kind\":\"Secret\",\"data\":{\"x\":\"" PASSWORD "\"}}", DIAGNOSTIC_CONFIG_INVALID,
     "line 1, column 9: a member is a string: neither a Docker config nor a map of registries has "
     "it"},
    {"{\"ghcr.io\":{\"auth\":\"" AUTH "\"},\n\"" PASSWORD "\":[]}", DIAGNOSTIC_CONFIG_INVALID,
     "line 2, column 11: a member is an array: neither a Docker config nor a map of registries "
     "has it"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct docker_logins file = DOCKER_LOGINS_INIT;
		struct error error;

		if (docker_logins_parse((struct view){refused[i].text, strlen(refused[i].text)},
		                        CONFIG_SHAPE_ANY, &file, &error))
			fail_msg("%s was accepted", refused[i].text);
		assert_string_equal(error.message, refused[i].message);
		assert_int_equal(error.diagnostic, refused[i].diagnostic);
		assert_int_equal(error.status, STATUS_DATA);
		check_holds_no_secret(error.message);
		assert_true(!file.entries && !file.helpers && !file.store);
	}
}

static void refuses_what_is_nested_too_deep(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct docker_logins file = DOCKER_LOGINS_INIT;
	struct error error;

	(void)state;
	buf_append_string(&text, "{\"auths\":{},\"x\":");
	buf_append_repeated(&text, '[', NODE_DEPTH_MAX);
	buf_append_repeated(&text, ']', NODE_DEPTH_MAX);
	buf_append_char(&text, '}');
	assert_false(docker_logins_parse((struct view){text.data, text.len}, CONFIG_SHAPE_ANY,
	                                 &file, &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_JSON_INVALID);
}

/* ---- What the kubelet reads ---- */

/* The text of VALUE, or of VALUE_b64 in `out`. */
static const char *take_bytes(const cJSON *object, const char *member, struct buf *out, size_t *len)
{
	cJSON *plain = cJSON_GetObjectItemCaseSensitive(object, member);
	char name[32];
	const char *text;

	if (plain)
		return vector_node_string(plain, len);
	snprintf(name, sizeof name, "%s_b64", member);
	text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
	assert_non_null(text);
	assert_true(base64_decode(out, text, strlen(text), BASE64_PADDED));
	*len = out->len;
	return out->data;
}

static bool same(struct view read, const cJSON *expected, const char *member)
{
	CLEANUP(buf_release) struct buf decoded = BUF_INIT(BUF_CONFIG_MAX);
	size_t len;
	const char *bytes = take_bytes(expected, member, &decoded, &len);

	return read.len == len && memcmp(read.data, bytes, len) == 0;
}

static bool holds_credential(const struct docker_logins *file, const cJSON *expected)
{
	for (size_t i = 0; i < file->entry_count; i++)
		if (same(file->entries[i].registry, expected, "key"))
			return same(file->entries[i].username, expected, "username") &&
			       same(file->entries[i].password, expected, "password") &&
			       !docker_login_fault_is_fatal(file->entries[i].fault);
	return false;
}

static bool is_fatal(const struct docker_logins *file)
{
	for (size_t i = 0; i < file->entry_count; i++)
		if (docker_login_fault_is_fatal(file->entries[i].fault))
			return true;
	return false;
}

/* The kubelet takes null, and objects of any shape, for an empty config. */
static bool is_another_shape(const struct error *error)
{
	return strstr(error->message, "the Docker config is null") ||
	       strstr(error->message, "neither a Docker config nor");
}

struct secret {
	const char *bytes;
	size_t len;
	int index;
	const char *type;
};

/* True if the kubelet could read it. It sees nothing in a bare map that is not of
 * the legacy type. */
static bool check_secret(struct vector_file *vectors, const struct secret *secret)
{
	CLEANUP(docker_logins_release)
	struct docker_logins file = DOCKER_LOGINS_INIT;
	const cJSON *expected;
	struct error error;

	if (!docker_logins_parse((struct view){secret->bytes, secret->len}, CONFIG_SHAPE_ANY, &file,
	                         &error))
		return is_another_shape(&error);
	cJSON_ArrayForEach(expected, cJSON_GetObjectItemCaseSensitive(vectors->json, "expect"))
	{
		const cJSON *index = cJSON_GetObjectItemCaseSensitive(expected, "secret");

		if ((int)index->valuedouble == secret->index && !holds_credential(&file, expected))
			vector_fail(vectors, "a credential of secret %d is not read",
			            secret->index);
	}
	return !is_fatal(&file) ||
	       (file.bare && strcmp(secret->type, "kubernetes.io/dockercfg") != 0);
}

/* One of the two lists is there. */
static bool check_secrets(struct vector_file *vectors, const cJSON *plain, const cJSON *encoded)
{
	const cJSON *types = cJSON_GetObjectItemCaseSensitive(vectors->json, "secret_types");
	const cJSON *list = plain ? plain : encoded;
	struct secret secret = {.index = 0};
	bool readable = true;
	cJSON *node;

	cJSON_ArrayForEach(node, list)
	{
		CLEANUP(buf_release) struct buf decoded = BUF_INIT(BUF_CONFIG_MAX);
		const char *type = cJSON_GetStringValue(cJSON_GetArrayItem(types, secret.index));

		secret.type = type ? type : "kubernetes.io/dockerconfigjson";
		secret.bytes = vector_node_string(node, &secret.len);
		if (encoded) {
			assert_true(
			    base64_decode(&decoded, secret.bytes, secret.len, BASE64_PADDED));
			secret.bytes = decoded.data;
			secret.len = decoded.len;
		}
		if (secret.len && strncmp(secret.type, "kubernetes.io/docker", 20) == 0)
			readable = check_secret(vectors, &secret) && readable;
		secret.index++;
	}
	return readable;
}

static void check_line(struct vector_file *vectors)
{
	const cJSON *plain = cJSON_GetObjectItemCaseSensitive(vectors->json, "secrets");
	const cJSON *encoded = cJSON_GetObjectItemCaseSensitive(vectors->json, "secrets_b64");
	size_t len;
	const char *kind = vector_string(vectors, "error_kind", &len);
	bool readable = check_secrets(vectors, plain, encoded);

	if (kind && strcmp(kind, "image") == 0) /* fails before it reads */
		return;
	if (readable == (kind != NULL))
		vector_fail(vectors,
		            readable ? "nothing is wrong here" : "something is wrong here");
}

static void reads_as_the_kubelet_does(void **state)
{
	struct vector_file vectors;

	(void)state;
	vector_file_open(&vectors, "kubelet-match.jsonl");
	while (vector_file_next(&vectors))
		check_line(&vectors);
	vector_file_close(&vectors);
}

/* ---- auth ---- */

#define TEXT(string) string, sizeof(string) - 1

static const struct {
	const char *auth;
	size_t auth_len;
	const char *username;
	size_t username_len;
	const char *password;
	size_t password_len;
} sound_auths[] = {
    {TEXT("dXNlcjpwYXNz"), TEXT("user"), TEXT("pass")},
    {TEXT("dXNlcjpwdw=="), TEXT("user"), TEXT("pw")},
    {TEXT("dXNlcjpwdw"), TEXT("user"), TEXT("pw")}, /* padding left out */
    {TEXT("dXNlcjpw\ndw==\r\n\n"), TEXT("user"), TEXT("pw")},
    {TEXT("dXNlcjpwdw\n"), TEXT("user"), TEXT("pw")},
    {TEXT("\ndXNlcjpwdx=="), TEXT("user"), TEXT("pw")}, /* unused bits */
    {TEXT("dXNlcjphOmI6"), TEXT("user"), TEXT("a:b:")},
    {TEXT("dXNlcjpwYXNzCg=="), TEXT("user"), TEXT("pass\n")},
    {TEXT("Og=="), TEXT(""), TEXT("")},
    {TEXT("OnA="), TEXT(""), TEXT("p")},
    {TEXT("dTo="), TEXT("u"), TEXT("")},
    {TEXT("ADoA"), TEXT("\0"), TEXT("\0")},
    {TEXT("/zr+"), TEXT("\xFF"), TEXT("\xFE")},
    {TEXT("IHUgOiBwIA=="), TEXT(" u "), TEXT(" p ")},
};

static void decodes_auth(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sound_auths); i++) {
		CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_NAME_MAX);
		struct view username, password;

		if (docker_login_decode((struct view){sound_auths[i].auth, sound_auths[i].auth_len},
		                        &pair, &username, &password))
			fail_msg("row %zu", i);
		assert_int_equal(username.len, sound_auths[i].username_len);
		assert_memory_equal(username.data, sound_auths[i].username, username.len);
		assert_int_equal(password.len, sound_auths[i].password_len);
		assert_memory_equal(password.data, sound_auths[i].password, password.len);
	}
}

static const struct {
	const char *auth;
	size_t len;
	enum docker_login_fault fault;
} faulty_auths[] = {
    {TEXT(""), CONFIG_FAULT_COLON}, /* an empty auth is the caller's to see */
    {TEXT("\r\n"), CONFIG_FAULT_COLON},
    {TEXT("AA"), CONFIG_FAULT_COLON},
    {TEXT("dXNlcg=="), CONFIG_FAULT_COLON},
    {TEXT(" "), CONFIG_FAULT_BASE64},
    {TEXT("="), CONFIG_FAULT_BASE64},
    {TEXT("user:pass"), CONFIG_FAULT_BASE64},
    {TEXT(" dXNlcjpwdw=="), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw== "), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw "), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw==\xC2\xA0"), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw\xE2\x80\x83"), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw==\xC2\x85\n"), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw==\n\n \n"), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw="), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw==="), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwYXNz="), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw==x"), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjo_Pz8-"), CONFIG_FAULT_BASE64},
    {TEXT("dXNlcjpwdw==\0"), CONFIG_FAULT_BASE64},
};

static void refuses_auth(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(faulty_auths); i++) {
		CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_NAME_MAX);
		struct view username, password;

		assert_int_equal(
		    docker_login_decode((struct view){faulty_auths[i].auth, faulty_auths[i].len},
		                        &pair, &username, &password),
		    faulty_auths[i].fault);
		assert_true(!username.len && !password.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decodes_auth),
	    cmocka_unit_test(refuses_auth),
	    cmocka_unit_test(reads),
	    cmocka_unit_test(shows_keys_without_credentials),
	    cmocka_unit_test(cuts_long_keys),
	    cmocka_unit_test(reports_positions),
	    cmocka_unit_test(takes_many_entries),
	    cmocka_unit_test(refuses),
	    cmocka_unit_test(refuses_what_is_nested_too_deep),
	    cmocka_unit_test(reads_as_the_kubelet_does),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("docker_logins", tests, NULL, NULL);
}
