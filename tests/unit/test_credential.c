#include "regcred/docker/credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

#define BYTES(literal) literal, sizeof(literal) - 1

/* ---- User names ---- */

static const struct {
	const char *username;
	const char *message; /* NULL: valid */
} usernames[] = {
    {"octocat", NULL},
    {"AWS", NULL},
    {"$oauthtoken", NULL},
    {"_json_key", NULL},
    {"robot$proj+ci", NULL},
    {"00000000-0000-0000-0000-000000000000", NULL},
    {"tenant/user@example.com", NULL},
    {" ", NULL},
    {"a b", NULL},
    {"\"'\\<>&", NULL},
    {"\xC3\xA9\xED\x95\x9C\xF0\x9F\x98\x80", NULL},
    {"\xC2\xA0\xE2\x80\xA8", NULL},
    {"", "the user name is empty"},
    {":", "the user name holds a colon"},
    {"user:pw", "the user name holds a colon"},
    {"a:", "the user name holds a colon"},
    {"a\n", "the user name ends with a line end"},
    {"a\rb", "the user name holds a line end inside"},
    {"a\tb", "the user name holds a control character"},
    {"\x01", "the user name holds a control character"},
    {"a\x1F", "the user name holds a control character"},
    {"a\x7F", "the user name holds a control character"},
    {"a\xC2\x80", "the user name holds a control character"},
    {"a\xC2\x85", "the user name holds a control character"},
    {"a\xC2\x9F", "the user name holds a control character"},
    {"\xFF", "the user name is not valid UTF-8"},
    {"caf\xE9", "the user name is not valid UTF-8"},
    {"a\xC3", "the user name is not valid UTF-8"},
    {"\xED\xA0\x80", "the user name is not valid UTF-8"},
};

static void judges_user_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(usernames); i++) {
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};
		bool valid = !usernames[i].message;

		if (credential_check_username(usernames[i].username, &error) != valid)
			fail_msg("user name %zu is misjudged", i);
		assert_int_equal(error.diagnostic,
		                 valid ? DIAGNOSTIC_COUNT : DIAGNOSTIC_USERNAME_INVALID);
		if (!valid)
			assert_string_equal(error.message, usernames[i].message);
	}
}

static void a_colon_is_explained_without_its_password(void **state)
{
	struct error error;

	(void)state;
	assert_false(credential_check_username("user:hunter2", &error));
	assert_non_null(strstr(error.hint, "joined by a colon"));
	assert_null(strstr(error.message, "hunter2"));
	assert_null(strstr(error.hint, "hunter2"));
	assert_int_equal(error.status, STATUS_USAGE);
}

/* ---- Emails ---- */

static const struct {
	const char *email;
	const char *message;
} emails[] = {
    {"", NULL},
    {"a@b.c", NULL},
    {"not an email", NULL},
    {"a:b", NULL},
    {"\xC3\xA9@example.com", NULL},
    {"a@b.c\n", "the email ends with a line end"},
    {"a\tb", "the email holds a control character"},
    {"a\x7F", "the email holds a control character"},
    {"a\xC2\x90", "the email holds a control character"},
    {"a\xFF", "the email is not valid UTF-8"},
};

static void judges_emails(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(emails); i++) {
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};
		bool valid = !emails[i].message;

		if (credential_check_email(emails[i].email, &error) != valid)
			fail_msg("email %zu is misjudged", i);
		assert_int_equal(error.diagnostic,
		                 valid ? DIAGNOSTIC_COUNT : DIAGNOSTIC_EMAIL_INVALID);
		if (!valid)
			assert_string_equal(error.message, emails[i].message);
	}
}

/* ---- Line ends ---- */

static const struct {
	const char *read;
	size_t len;
	size_t kept;
} line_ends[] = {
    {BYTES(""), 0},           {BYTES("pw"), 2},         {BYTES("pw\n"), 2},
    {BYTES("pw\r\n"), 2},     {BYTES("pw\r"), 2},       {BYTES("pw\n\n"), 3},
    {BYTES("pw\r\n\r\n"), 4}, {BYTES("pw\n\r\n"), 3},   {BYTES("pw\r\r"), 3},
    {BYTES("pw\n\r"), 3},     {BYTES("pw\r\r\n"), 3},   {BYTES("\n"), 0},
    {BYTES("\r\n"), 0},       {BYTES("\r"), 0},         {BYTES("\n\n"), 1},
    {BYTES("p\nw"), 3},       {BYTES("\npw"), 3},       {BYTES("pw "), 3},
    {BYTES("pw \n"), 3},      {BYTES("pw\n "), 4},      {BYTES("pw\t"), 3},
    {BYTES("pw\0\n"), 3},     {BYTES("pw\xC2\x85"), 4}, {BYTES("pw\xE2\x80\xA8"), 5},
};

static void drops_exactly_one_line_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(line_ends); i++) {
		struct buf password CLEANUP(buf_release) = BUF_INIT(BUF_PASSWORD_MAX);

		buf_append(&password, line_ends[i].read, line_ends[i].len);
		credential_trim_line_end(&password);
		if (password.len != line_ends[i].kept ||
		    memcmp(password.data, line_ends[i].read, password.len) != 0 ||
		    password.data[password.len])
			fail_msg("line end %zu", i);
	}
}

/* ---- Passwords ---- */

static const struct {
	const char *password;
	size_t len;
	const char *message;
} passwords[] = {
    {BYTES("hunter2"), NULL},
    {BYTES(" "), NULL},
    {BYTES(":"), NULL},
    {BYTES("a:b\"\\<>&'`$%"), NULL},
    {BYTES("\xC3\xA9\xED\x95\x9C\xF0\x9F\x98\x80"), NULL},
    {BYTES("\xC2\xA0\xE2\x80\xA8"), NULL},
    {BYTES("{not json"), NULL},
    {BYTES("[1]"), NULL},
    {BYTES(""), "the password is empty"},
    {BYTES("\0"), "the password holds a NUL byte"},
    {BYTES("hunter2\0"), "the password holds a NUL byte"},
    {BYTES("hun\0ter2"), "the password holds a NUL byte"},
    {BYTES("hunter2\n"), "the password ends with a line end"},
    {BYTES("\nhunter2"), "the password holds a line end inside"},
    {BYTES("hun\nter2"), "the password holds a line end inside"},
    {BYTES("hun\r\nter2"), "the password holds a line end inside"},
    {BYTES("hun\rter2"), "the password holds a line end inside"},
    {BYTES("hun\tter2"), "the password holds a control character"},
    {BYTES("hunter2\x1B"), "the password holds a control character"},
    {BYTES("hunter2\x7F"), "the password holds a control character"},
    {BYTES("hunter2\xC2\x85"), "the password holds a control character"},
    {BYTES("hunter2\xFF"), "the password is not valid UTF-8"},
    {BYTES("hunter2\xC3"), "the password is not valid UTF-8"},
    {BYTES("hunter2\xC0\x80"), "the password is not valid UTF-8"},
    {BYTES("hunter2\xED\xA0\x80"), "the password is not valid UTF-8"},

    /* a JSON object may hold line ends and tabs */
    {BYTES("{}"), NULL},
    {BYTES("{\n}"), NULL},
    {BYTES("\n{}\n"), NULL},
    {BYTES("{\r\n\t\"type\": \"service_account\",\r\n\t\"key\": \"hunter2\\n\"\r\n}\r\n"), NULL},
    {BYTES("{\"a\":{\"b\":[1,\n2]}}"), NULL},
    {BYTES("{\"a\":\"\xC3\xA9\"}\n"), NULL},
    {BYTES("{\n\"a\":\"hunter2\n\"}"), "the password holds a line end inside"},
    {BYTES("{\"a\":\t\"hunter2\t\"}"), "the password holds a control character"},
    {BYTES("{\"hunter2\":1}\n{}"), "the password holds a line end inside"},
    {BYTES("{\"hunter2\":\n"), "the password ends with a line end"},
    {BYTES("{\"hunter2\":\n01}"), "the password holds a line end inside"},
    {BYTES("[\n\"hunter2\"\n]"), "the password holds a line end inside"},
    {BYTES("\"hunter2\"\n"), "the password ends with a line end"},
    {BYTES("null\n"), "the password ends with a line end"},
    {BYTES("{\n\"a\":\"hunter2\x7F\"}"), "the password holds a"},
    {BYTES("{\n\"a\":\"hunter2\xC2\x85\"}"), "the password holds a"},
    {BYTES("{\n}\v"), "the password holds a"},
    {BYTES("{\n}\0"), "the password holds a"},
    {BYTES("{\n\"a\":\"hunter2\xFF\"}"), "the password"},
};

static void judges_passwords(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(passwords); i++) {
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};
		bool valid = !passwords[i].message;

		if (credential_check_password(passwords[i].password, passwords[i].len, &error) !=
		    valid)
			fail_msg("password %zu is misjudged", i);
		if (valid) {
			assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
			continue;
		}
		assert_int_equal(error.diagnostic, DIAGNOSTIC_PASSWORD_INVALID);
		assert_int_equal(error.status, STATUS_DATA);
		if (!strstr(error.message, passwords[i].message))
			fail_msg("password %zu: %s", i, error.message);
		if (strstr(error.message, "hun") || strstr(error.hint, "hun"))
			fail_msg("the message on password %zu shows it", i);
	}
}

static void every_control_character_is_refused_in_a_password(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 0x80; byte++) {
		const char plain[] = {'a', (char)byte, 'b'};
		const char object[] = {'{', (char)byte, '}'};
		bool control = byte < 0x20 || byte == 0x7F;
		bool blank = byte == '\t' || byte == '\n' || byte == '\r';
		struct error error;

		assert_int_equal(credential_check_password(plain, 3, &error), !control);
		assert_int_equal(credential_check_password(object, 3, &error), !control || blank);
	}
}

static void a_long_password_is_judged_whole(void **state)
{
	struct buf password CLEANUP(buf_release) = BUF_INIT(BUF_PASSWORD_MAX);
	struct error error;

	(void)state;
	buf_append_repeated(&password, 'x', BUF_PASSWORD_MAX);
	assert_true(credential_check_password(password.data, password.len, &error));
	password.data[password.len - 1] = '\n';
	assert_false(credential_check_password(password.data, password.len, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(judges_user_names),
	    cmocka_unit_test(a_colon_is_explained_without_its_password),
	    cmocka_unit_test(judges_emails),
	    cmocka_unit_test(drops_exactly_one_line_end),
	    cmocka_unit_test(judges_passwords),
	    cmocka_unit_test(every_control_character_is_refused_in_a_password),
	    cmocka_unit_test(a_long_password_is_judged_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("credential", tests, NULL, NULL);
}
