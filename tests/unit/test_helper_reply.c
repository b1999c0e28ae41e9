#include "regcred/docker/helper_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

#define TEXT(string) string, sizeof(string) - 1

/* Stands in every reply that is refused, and in no message. */
#define PASSWORD "hunter2"

static const struct {
	const char *output;
	const char *server;
	const char *username;
	const char *secret;
} sound[] = {
    {"{\"ServerURL\":\"ghcr.io\",\"Username\":\"u\",\"Secret\":\"s\"}", "ghcr.io", "u", "s"},
    {"{\"Secret\":\"s\",\"Username\":\"u\"}\n", "", "u", "s"},
    {" \t\r\n{\"Username\" : \"u\", \"Secret\" : \"s\"} \r\n\t ", "", "u", "s"},
    {"{\"username\":\"u\",\"SECRET\":\"s\",\"serverurl\":\"r\"}", "r", "u", "s"},
    {"{\"U\u017Fername\":\"u\",\"\u017Fecret\":\"s\"}", "", "u", "s"},
    {"{\"Username\":\"u\",\"Secret\":\"s\",\"Expires\":{\"Secret\":1},\"x\":[]}", "", "u", "s"},
    {"{\"Username\":\"a\",\"Secret\":\"b\",\"username\":\"u\",\"secret\":\"s\"}", "", "u", "s"},
    {"{\"Username\":\"u\",\"Secret\":\"s\",\"Secret\":null,\"ServerURL\":null}", "", "u", "s"},
    {"{\"Username\":\"u:\\u00e9\",\"Secret\":\" s\\n\"}", "", "u:\u00E9", " s\n"},
    {"{\"Username\":\"<token>x\",\"Secret\":\"s\"}", "", "<token>x", "s"},
};

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sound); i++) {
		CLEANUP(helper_reply_release) struct helper_reply reply = HELPER_REPLY_INIT;
		struct error error, before;

		memset(&error, 0xA5, sizeof error);
		before = error;
		if (!helper_reply_parse((struct view){sound[i].output, strlen(sound[i].output)},
		                        &reply, &error))
			fail_msg("row %zu: %s", i, error.message);
		assert_string_equal(reply.server.data, sound[i].server);
		assert_string_equal(reply.username.data, sound[i].username);
		assert_string_equal(reply.secret.data, sound[i].secret);
		assert_memory_equal(&error, &before, sizeof error);
	}
}

static const struct {
	const char *output;
	size_t len;
	const char *message;
} refused[] = {
    {TEXT(""), "the reply is not JSON: line 1, column 1: a value was expected, but the input ends"},
    {TEXT(PASSWORD), "the reply is not JSON: line 1, column 1: a value was expected"},
    {TEXT("{\"Secret\":\"" PASSWORD "\",}"),
     "the reply is not JSON: line 1, column 21: a key was expected, not '}'"},
    {TEXT("{\"Username\":\"u\",\"Secret\":\"" PASSWORD "\"}{}"),
     "the reply is not JSON: line 1, column 36: the end of the input was expected, not '{'"},
    {TEXT("null"), "the reply is not a JSON object"},
    {TEXT("\"" PASSWORD "\""), "the reply is not a JSON object"},
    {TEXT("[{\"Username\":\"u\",\"Secret\":\"" PASSWORD "\"}]"), "the reply is not a JSON object"},
    {TEXT("{\"Secret\":\"" PASSWORD "\"}"), "the reply's Username is missing or empty"},
    {TEXT("{\"Username\":\"\",\"Secret\":\"" PASSWORD "\"}"),
     "the reply's Username is missing or empty"},
    {TEXT("{\"Username\":null,\"Secret\":\"" PASSWORD "\"}"),
     "the reply's Username is missing or empty"},
    {TEXT("{\"Username\":\"" PASSWORD "\"}"), "the reply's Secret is missing or empty"},
    {TEXT("{\"Username\":\"" PASSWORD "\",\"Secret\":\"\"}"),
     "the reply's Secret is missing or empty"},
    {TEXT("{\"Username\":\"" PASSWORD "\",\"Secret\":1}"), "the reply's Secret is not a string"},
    {TEXT("{\"Username\":{\"Username\":\"" PASSWORD "\"}}"),
     "the reply's Username is not a string"},
    {TEXT("{\"ServerURL\":[\"" PASSWORD "\"]}"), "the reply's ServerURL is not a string"},
    {TEXT("{\"Username\":true,\"Username\":\"u\",\"Secret\":\"" PASSWORD "\"}"),
     "the reply's Username is not a string"},
    {TEXT("{\"Username\":\"u\",\"Secret\":\"" PASSWORD "\\u0000\"}"),
     "the reply's Secret holds a NUL byte"},
    {TEXT("{\"Username\":\"\\u0000\",\"Secret\":\"" PASSWORD "\"}"),
     "the reply's Username holds a NUL byte"},
    {TEXT("{\"Username\":\"<token>\",\"Secret\":\"" PASSWORD "\"}"),
     "the reply holds an identity token, which the kubelet cannot use"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		CLEANUP(helper_reply_release) struct helper_reply reply = HELPER_REPLY_INIT;
		bool token = strstr(refused[i].output, "<token>") != NULL;
		struct error error;

		if (helper_reply_parse((struct view){refused[i].output, refused[i].len}, &reply,
		                       &error))
			fail_msg("row %zu was accepted", i);
		assert_string_equal(error.message, refused[i].message);
		assert_int_equal(error.diagnostic,
		                 token ? DIAGNOSTIC_HELPER_TOKEN : DIAGNOSTIC_HELPER_REPLY);
		assert_int_equal(error.status, STATUS_DATA);
		assert_int_equal(*error.hint != '\0', token);
		assert_null(strstr(error.message, PASSWORD));
		assert_null(strstr(error.hint, PASSWORD));
		assert_true(!reply.server.len && !reply.username.len && !reply.secret.len);
	}
}

static void knows_an_empty_reply(void **state)
{
	static const char *const replies[] = {
	    "{}", "{\"ServerURL\":\"s\",\"Username\":\"\",\"Secret\":\"\"}", "{\"Username\":null}"};

	(void)state;
	for (size_t i = 0; i < COUNT(replies); i++) {
		CLEANUP(helper_reply_release) struct helper_reply reply = HELPER_REPLY_INIT;
		struct error error;

		assert_true(helper_reply_parse(view_of(replies[i]), &reply, &error));
		assert_true(!reply.username.len && !reply.secret.len);
	}
}

#define NOT_FOUND "credentials not found in native keychain"

static const struct {
	const char *output;
	size_t len;
	bool not_found;
} failures[] = {
    {TEXT(NOT_FOUND), true},
    {TEXT(NOT_FOUND "\n"), true},
    {TEXT(" \r\n\t" NOT_FOUND "\v\f\r\n "), true},
    {TEXT(""), false},
    {TEXT(" \n"), false},
    {TEXT("Credentials not found in native keychain"), false},
    {TEXT(NOT_FOUND "."), false},
    {TEXT(NOT_FOUND "\0"), false},
    {TEXT("error: " NOT_FOUND), false},
    {TEXT("no credentials server URL"), false},
};

static void knows_not_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(failures); i++)
		if (helper_reply_is_not_found((struct view){failures[i].output, failures[i].len}) !=
		    failures[i].not_found)
			fail_msg("row %zu", i);
}

static const struct {
	const char *name;
	bool valid;
} names[] = {
    {"desktop", true}, {"ecr-login", true},    {"osxkeychain", true},  {"a", true},
    {"9", true},       {"_x", true},           {"gcloud.v2_X-", true}, {"", false},
    {"-x", false},     {".x", false},          {"..", false},          {"../x", false},
    {"a/b", false},    {"a b", false},         {"a\n", false},         {"a;b", false},
    {"$x", false},     {"caf\xC3\xA9", false},
};

static void knows_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		if (helper_name_is_valid(names[i].name) != names[i].valid)
			fail_msg("%s", names[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads),       cmocka_unit_test(knows_an_empty_reply),
	    cmocka_unit_test(refuses),     cmocka_unit_test(knows_not_found),
	    cmocka_unit_test(knows_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("helper_reply", tests, NULL, NULL);
}
