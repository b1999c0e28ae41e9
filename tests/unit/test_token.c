#include "regcred/registry/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/base64.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"

enum { UNKNOWN = -77 };

/* UNKNOWN if the secret says nothing; no secret in these tables ends then. */
static int64_t expiry_of(const char *secret, size_t len)
{
	int64_t expires = UNKNOWN;
	bool known = token_expiry((struct view){secret, len}, &expires);

	assert_true(known || expires == UNKNOWN);
	return expires;
}

/* Appends base64url without padding. */
static void append_part(struct buf *out, const char *bytes, size_t len)
{
	size_t start = out->len;

	base64_encode(out, bytes, len);
	while (out->len > start && out->data[out->len - 1] == '=')
		buf_truncate(out, out->len - 1);
	for (char *c = out->data + start; *c; c++)
		*c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
}

static int64_t jwt_expiry(const char *header, const char *payload)
{
	struct buf token CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	append_part(&token, header, strlen(header));
	buf_append_char(&token, '.');
	append_part(&token, payload, strlen(payload));
	buf_append_string(&token, ".c2ln");
	assert_false(token.failure);
	return expiry_of(token.data, token.len);
}

#define HEADER "{\"alg\":\"RS256\"}"

static const struct {
	const char *payload;
	int64_t expires;
} payloads[] = {
    {"{\"exp\":1700000000}", 1700000000},
    {" {\n\"sub\":\"a\", \"exp\" : 1700000000 }\n", 1700000000},
    {"{\"exp\":1700000000.75}", 1700000000},
    {"{\"exp\":1.7e9}", 1700000000},
    {"{\"exp\":1.7E+9}", 1700000000},
    {"{\"exp\":17000000005e-1}", 1700000000},
    {"{\"exp\":0.0000017e15}", 1700000000},
    {"{\"exp\":0}", 0},
    {"{\"exp\":-0}", 0},
    {"{\"exp\":-1}", -1},
    {"{\"exp\":-1.9}", -1},
    {"{\"exp\":9007199254740991}", TOKEN_EXPIRY_MAX},
    {"{\"exp\":-9007199254740991}", -TOKEN_EXPIRY_MAX},
    {"{\"exp\":9007199254740992}", UNKNOWN},
    {"{\"exp\":99999999999999999999999999}", UNKNOWN},
    {"{\"exp\":1e400}", UNKNOWN},
    {"{\"exp\":-1e400}", UNKNOWN},
    {"{\"exp\":1e99999999999999999999}", UNKNOWN},
    {"{\"exp\":1e-99999999999999999999}", 0},
    {"{\"exp\":0e99999999999999999999}", 0},
    {"{\"exp\":0.0e-99999999999999999999}", 0},
    {"{\"exp\":01}", UNKNOWN},
    {"{\"exp\":1.}", UNKNOWN},
    {"{\"exp\":+1}", UNKNOWN},
    {"{\"exp\":NaN}", UNKNOWN},
    {"{\"exp\":\"1700000000\"}", UNKNOWN},
    {"{\"exp\":null}", UNKNOWN},
    {"{\"exp\":[1700000000]}", UNKNOWN},
    {"{\"exp\":{\"exp\":1700000000}}", UNKNOWN},
    {"{\"a\":{\"exp\":1},\"b\":[{\"exp\":2}]}", UNKNOWN},
    {"{\"a\":{\"exp\":1},\"exp\":3,\"b\":[{\"exp\":2}]}", 3},
    {"{\"exp\":1,\"exp\":2}", 2},
    {"{\"exp\":1,\"exp\":null}", UNKNOWN},
    {"{\"exp\":1,\"exp\":[]}", UNKNOWN},
    {"{\"exp\":1e400,\"exp\":2}", 2},
    {"{\"Exp\":1}", UNKNOWN},
    {"{\"exp \":1}", UNKNOWN},
    {"{\"exp\\u0000\":1}", UNKNOWN},
    {"{\"\\u0065xp\":1}", 1},
    {"{\"a\":\"\xFF\xFF\xFF\xFF\",\"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\":1,\"exp\":2}", 2},
    {"{\"a\":1}", UNKNOWN},
    {"{}", UNKNOWN},
    {"", UNKNOWN},
    {"1700000000", UNKNOWN},
    {"[{\"exp\":1}]", UNKNOWN},
    {"{\"exp\":1}{\"exp\":1}", UNKNOWN},
    {"{\"exp\":1} x", UNKNOWN},
    {"{\"exp\":1", UNKNOWN},
    {"{\"exp\":1,}", UNKNOWN},
};

static void reads_the_end_of_a_jwt(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(payloads); i++) {
		int64_t expires = jwt_expiry(HEADER, payloads[i].payload);

		if (expires != payloads[i].expires)
			fail_msg("%s ends at %lld", payloads[i].payload, (long long)expires);
	}
	assert_int_equal(jwt_expiry("{}", "{\"exp\":1}"), 1);
	assert_int_equal(jwt_expiry("{\"exp\":1}", "{}"), UNKNOWN);
	assert_int_equal(jwt_expiry("[]", "{\"exp\":1}"), UNKNOWN);
	assert_int_equal(jwt_expiry("", "{\"exp\":1}"), UNKNOWN);
	assert_int_equal(jwt_expiry("{", "{\"exp\":1}"), UNKNOWN);
}

/* e30 is {}, eyJleHAiOjF9 is {"exp":1}; {"a":"???>>>"} needs - and _ . */
static const struct {
	const char *secret;
	int64_t expires;
} forms[] = {
    {"e30.eyJleHAiOjF9.c2ln", 1},
    {"e30=.eyJleHAiOjF9.c2ln", 1},
    {"e30.eyJleHAiOjF9.", 1}, /* unsigned */
    {"e30.eyJleHAiOjF9.-_-_", 1},
    {"e30.eyJhIjoiw78_Pz8-Pj4iLCJleHAiOjF9.c2ln", 1},
    {"e30.eyJhIjoiw78/Pz8+Pj4iLCJleHAiOjF9.c2ln", UNKNOWN},
    {"e30.eyJleHAiOjF9.a+/b", UNKNOWN},
    {"e30.eyJleHAiOjF9.c2l%", UNKNOWN},
    {"e30.eyJleHAiOjF9.a", UNKNOWN},
    {"e30.eyJleHAiOjF9.c2ln.c2ln", UNKNOWN},
    {"e30.eyJleHAiOjF9.c2ln.", UNKNOWN},
    {"e30.eyJleHAiOjF9", UNKNOWN},
    {".eyJleHAiOjF9.c2ln", UNKNOWN},
    {"e30..c2ln", UNKNOWN},
    {"e30==.eyJleHAiOjF9.c2ln", UNKNOWN},
    {"e3.0.eyJleHAiOjF9.c2ln", UNKNOWN},
    {"e30\n.eyJleHAiOjF9.c2ln", UNKNOWN},
    {" e30.eyJleHAiOjF9.c2ln", UNKNOWN},
    {"e30.eyJleHAiOjF9.c2ln ", UNKNOWN},
    {"Bearer e30.eyJleHAiOjF9.c2ln", UNKNOWN},
    {"glcbt-e30.eyJleHAiOjF9.c2ln", UNKNOWN},
    {"ya29.a0AfH6SMBx", UNKNOWN},
    {"dckr_pat_abcdefghijklmnopqrstuvwxyz0", UNKNOWN},
    {"{\"exp\":1}", UNKNOWN},
    {"a.b.c", UNKNOWN},
    {"..", UNKNOWN},
    {".", UNKNOWN},
    {"====", UNKNOWN},
    {"eyJleHAiOjF9", UNKNOWN},
    {"x", UNKNOWN},
    {"", UNKNOWN},
};

static void wants_the_form_of_a_jwt(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		int64_t expires = expiry_of(forms[i].secret, strlen(forms[i].secret));

		if (expires != forms[i].expires)
			fail_msg("%s ends at %lld", forms[i].secret, (long long)expires);
	}
	assert_int_equal(expiry_of("e30\0eyJleHAiOjF9.c2ln.", 22), UNKNOWN);
	assert_int_equal(expiry_of("e30.eyJleHAiOjF9.c2\0n", 21), UNKNOWN);
}

#define REST "\"version\":\"2\",\"type\":\"DATA_KEY\""

static const struct {
	const char *json;
	int64_t expires;
} ecr[] = {
    {"{\"payload\":\"a+/b==\",\"datakey\":\"AQEBAHh\"," REST ",\"expiration\":1700000000}",
     1700000000},
    {"{\"expiration\":1700000000,\"payload\":\"\",\"datakey\":\"\"}", 1700000000},
    {"{\"expiration\":1.7e9,\"payload\":\"?>?>\",\"datakey\":\"~~~\"}", 1700000000},
    {"{\"expiration\":1700000000,\"payload\":\"a\"}", UNKNOWN},
    {"{\"expiration\":1700000000,\"datakey\":\"a\"}", UNKNOWN},
    {"{\"payload\":\"a\",\"datakey\":\"a\"}", UNKNOWN},
    {"{\"expiration\":\"1\",\"payload\":\"a\",\"datakey\":\"a\"}", UNKNOWN},
    {"{\"expiration\":1,\"payload\":{},\"datakey\":\"a\"}", UNKNOWN},
    {"{\"expiration\":1,\"payload\":\"a\",\"datakey\":1}", UNKNOWN},
    {"{\"expiration\":1,\"payload\":\"a\",\"datakey\":\"a\",\"payload\":[\"a\"]}", UNKNOWN},
    {"{\"expiration\":1e400,\"payload\":\"a\",\"datakey\":\"a\"}", UNKNOWN},
    {"[{\"expiration\":1,\"payload\":\"a\",\"datakey\":\"a\"}]", UNKNOWN},
    {"{\"expiration\":1,\"payload\":\"a\",\"datakey\":\"a\"}}", UNKNOWN},
    {"AWS:eyJwYXlsb2FkIjoi", UNKNOWN},
    {"", UNKNOWN},
};

static void reads_the_end_of_an_ecr_password(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ecr); i++) {
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

		base64_encode(&text, ecr[i].json, strlen(ecr[i].json));
		assert_int_equal(expiry_of(text.data, text.len), ecr[i].expires);
		while (text.len && text.data[text.len - 1] == '=')
			buf_truncate(&text, text.len - 1);
		assert_int_equal(expiry_of(text.data, text.len), ecr[i].expires);
		buf_append_char(&text, '\n');
		assert_int_equal(expiry_of(text.data, text.len), UNKNOWN);
	}
}

/* A number of a million digits, objects nested as deep as JSON may, and deeper. */
static void bears_what_is_huge(void **state)
{
	struct buf payload CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	buf_append_string(&payload, "{\"exp\":1");
	buf_append_repeated(&payload, '0', 1000000);
	buf_append_string(&payload, "e-999991}");
	assert_int_equal(jwt_expiry(HEADER, payload.data), 1000000000);

	buf_reset(&payload);
	buf_append_string(&payload, "{\"exp\":0.");
	buf_append_repeated(&payload, '0', 1000000);
	buf_append_string(&payload, "17e1000010}");
	assert_int_equal(jwt_expiry(HEADER, payload.data), 1700000000);

	for (size_t depth = 9999; depth <= 10000; depth++) {
		buf_reset(&payload);
		buf_append_string(&payload, "{\"a\":");
		buf_append_repeated(&payload, '[', depth);
		buf_append_repeated(&payload, ']', depth);
		buf_append_string(&payload, ",\"exp\":5}");
		assert_int_equal(jwt_expiry(HEADER, payload.data), depth == 9999 ? 5 : UNKNOWN);
	}
}

static const struct {
	int64_t seconds;
	const char *text;
} remaining[] = {
    {0, "0 s"},
    {59, "59 s"},
    {60, "1 min"},
    {2459, "40 min"},
    {3599, "59 min"},
    {3600, "1 h"},
    {3659, "1 h"},
    {7500, "2 h 5 min"},
    {43200, "12 h"},
    {172799, "47 h 59 min"},
    {172800, "2 days"},
    {300000, "3 days"},
    {-7500, "2 h 5 min"},
    {INT64_MAX, "106751991167300 days"},
    {INT64_MIN, "106751991167300 days"},
};

static void says_how_long(void **state)
{
	char text[TOKEN_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(remaining); i++) {
		token_remaining(remaining[i].seconds, text);
		assert_string_equal(text, remaining[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_the_end_of_a_jwt),
	    cmocka_unit_test(wants_the_form_of_a_jwt),
	    cmocka_unit_test(reads_the_end_of_an_ecr_password),
	    cmocka_unit_test(bears_what_is_huge),
	    cmocka_unit_test(says_how_long),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
