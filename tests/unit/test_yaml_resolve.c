/* What kubectl 1.32 made of these, tried one by one. */
#include "regcred/base/memory.h"
#include "regcred/tree/yaml_resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TAG "tag:yaml.org,2002:"

/* One letter a kind: ~ null, t true, f false, # number, s string. */
static char letter(struct yaml_scalar_kind kind)
{
	static const char letters[] = "~?#s";

	return kind.kind == NODE_BOOL ? (kind.truth ? 't' : 'f') : letters[kind.kind];
}

static const struct {
	char kind;
	const char *texts; /* with blanks between them */
} plain[] = {
    {'~', "~ null Null NULL"},
    {'t', "y Y yes Yes YES true True TRUE on On ON"},
    {'f', "n N no No NO false False FALSE off Off OFF"},
    {'s', "yEs nULL tRUE nope nul nullx none oN Nil"},
    {'#', "0 -0 +1 12 -12 007 0o17 0O17 0x1F 0X1f -0x1f 0b101 0B1 -0b1 0b-1 0b+1 1_000 1__0_ 0_"},
    {'#', "089 1. 1.5 -1.5e3 1e3 1E+3 1.e-3 .5 .5e3 9223372036854775808 18446744073709551615"},
    {'#', "99999999999999999999999 0xFFFFFFFFFFFFFFFF 1e308 1_0.5 -9223372036854775808"},
    {'#', ".nan .NaN .NAN .inf .Inf .INF +.inf -.inf -.INF +.5 -.5 .5_0 .5e1_0"},
    {'s',
     "0x 0o 0b 0o8 0xG 0b2 1e 1e+ e3 . .e3 + - -- +-1 .5_ ._5 .5__0 _1 1e400 -1e400 12:30 1,000"},
    {'s', "0x1FFFFFFFFFFFFFFFF 1.5.1 .infx .iNF -.nan +.nan << = 0x1.8p3 infinity 1a 0b--1 -0b-1"},
    {'s', "2001-01-01 2001-01-01T00:00:00Z v1 x 1.2.3 3d"},
};

static void resolves(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(plain); i++)
		for (const char *text = plain[i].texts; *text;) {
			size_t len = strcspn(text, " ");

			if (letter(yaml_resolve(text, len)) != plain[i].kind)
				fail_msg("%.*s", (int)len, text);
			text += len + (text[len] == ' ');
		}
	assert_int_equal(yaml_resolve("", 0).kind, NODE_NULL);
	assert_int_equal(yaml_resolve("1\0", 2).kind, NODE_STRING);
}

static void takes_long_texts(void **state)
{
	char digits[2000];

	(void)state;
	memset(digits, '7', sizeof digits);
	assert_int_equal(yaml_resolve(digits, 300).kind, NODE_NUMBER);
	assert_int_equal(yaml_resolve(digits, 310).kind, NODE_STRING); /* above a double */
	assert_int_equal(yaml_resolve(digits, sizeof digits).kind, NODE_STRING);
}

static const struct {
	const char *tag;
	const char *text;
	char kind; /* 0: refused */
} tagged[] = {
    {TAG "int", "3", '#'},
    {TAG "int", "0x10", '#'},
    {TAG "int", "1.5", 0},
    {TAG "int", "x", 0},
    {TAG "float", "3", '#'},
    {TAG "float", "3.5", '#'},
    {TAG "float", ".inf", '#'},
    {TAG "float", "x", 0},
    {TAG "bool", "yes", 't'},
    {TAG "bool", "off", 'f'},
    {TAG "bool", "1", 0},
    {TAG "null", "", '~'},
    {TAG "null", "null", '~'},
    {TAG "null", "x", 0},
    {TAG "str", "123", 's'},
    {TAG "str", "", 's'},
    {"!Foo", "12", 's'},
    {"!vault", "yes", 's'},
    {TAG "binary", "aA==", 's'},
    {TAG "timestamp", "2001-01-01", 's'},
    {TAG "foo", "1", 's'},
    {TAG "timestamp", "2001-1-1 1:2:3", 's'},
    {TAG "timestamp", "2001-01-01t00:00:00.5+01:00", 's'},
    {TAG "timestamp", "2001-01-01T1:2:3,5Z", 's'},
    {TAG "timestamp", "2000-02-29", 's'},
    {TAG "timestamp", "", 0},
    {TAG "timestamp", "x", 0},
    {TAG "timestamp", "01-01-01", 0},
    {TAG "timestamp", "2001-01-011", 0},
    {TAG "timestamp", "2001-01", 0},
};

static void obeys_tags(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tagged); i++) {
		struct yaml_scalar_kind kind;
		bool fits = yaml_resolve_tagged(tagged[i].tag, tagged[i].text,
		                                strlen(tagged[i].text), &kind);

		if (fits != (tagged[i].kind != 0) || (fits && letter(kind) != tagged[i].kind))
			fail_msg("%s %s", tagged[i].tag, tagged[i].text);
	}
	assert_true(yaml_tag_is_binary(TAG "binary"));
	assert_false(yaml_tag_is_binary("!binary"));
}

static const struct {
	const char *text;
	const char *key;
} keys[] = {
    {"yes", "true"},
    {"N", "false"},
    {"0x10", "16"},
    {"-0b11", "-3"},
    {"1_000", "1000"},
    {"017", "15"},
    {"-0", "0"},
    {"name", "name"},
    {".inf", ".inf"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"9223372036854775807", "9223372036854775807"},
    {"9223372036854775808", NULL},
    {"18446744073709551615", NULL},
    {"18446744073709551616", "1.8446744e+19"},
    {"-9223372036854775809", "-9.223372e+18"},
    {"1.10", "1.1"},
    {"08", "8"},
    {"1e3", "1000"},
    {"3.0", "3"},
    {".5", "0.5"},
    {"-0.0", "-0"},
    {"1e20", "1e+20"},
    {"1e-7", "1e-07"},
    {"0.00001", "1e-05"},
    {"0.0001", "0.0001"},
    {"123456789.123456789", "1.2345679e+08"},
    {"100000.5", "100000.5"},
    {"1e5", "100000"},
    {"1e6", "1e+06"},
    {"12345.678", "12345.678"},
    {"3.14159265358979", "3.1415927"},
    {"4e38", ".inf"},
    {"1e-30", "1e-30"},
    {"1_0.50", "10.5"},
    {"1e400", "1e400"},
};

static void names_keys(void **state)
{
	char name[NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		size_t len = strlen(keys[i].text);
		struct yaml_scalar_kind kind = yaml_resolve(keys[i].text, len);
		struct node_event event = {
		    .kind = kind.kind, .truth = kind.truth, .text = keys[i].text, .len = len};

		if (yaml_resolve_key(&event, name) != (keys[i].key != NULL))
			fail_msg("%s", keys[i].text);
		if (!keys[i].key)
			continue;
		assert_int_equal(event.len, strlen(keys[i].key));
		assert_memory_equal(event.text, keys[i].key, event.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(resolves),
	    cmocka_unit_test(takes_long_texts),
	    cmocka_unit_test(obeys_tags),
	    cmocka_unit_test(names_keys),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("yaml_resolve", tests, NULL, NULL);
}
