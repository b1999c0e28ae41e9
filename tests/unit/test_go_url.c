#include "regcred/registry/go_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"
#include "regcred/registry/index_key.h"

#define TEXT(string) string, sizeof(string) - 1

/* What stands behind https://, and host and path, or the fault. */
static const struct {
	const char *text;
	size_t len;
	const char *host, *path;
	enum go_url_fault fault;
} cases[] = {
    {TEXT("reg.io"), "reg.io", "", GO_URL_SOUND},
    {TEXT(""), "", "", GO_URL_SOUND},
    {TEXT("/"), "", "/", GO_URL_SOUND},
    {TEXT("reg.io/"), "reg.io", "/", GO_URL_SOUND},
    {TEXT("Reg.IO:05000//a/../b/"), "Reg.IO:05000", "//a/../b/", GO_URL_SOUND},
    {TEXT("reg.io?x%zz\x80"), "reg.io", "", GO_URL_SOUND},
    {TEXT("reg.io/a?b/c#d"), "reg.io", "/a", GO_URL_SOUND},
    {TEXT("reg.io#a?b/c"), "reg.io", "", GO_URL_SOUND},
    {TEXT("reg.io#%zz"), "", "", GO_URL_ESCAPE},
    {TEXT("reg.io#a\nb"), "reg.io", "", GO_URL_SOUND},
    {TEXT("reg.io#%0"), "", "", GO_URL_ESCAPE},
    {TEXT("reg.io\n"), "", "", GO_URL_CONTROL},
    {TEXT("reg.io?\x01"), "", "", GO_URL_CONTROL},
    {TEXT("reg.io/\x7F"), "", "", GO_URL_CONTROL},
    {TEXT("reg.io/a\0b"), "", "", GO_URL_CONTROL},
    /* user-info */
    {TEXT("u:p@reg.io"), "reg.io", "", GO_URL_SOUND},
    {TEXT("u@v@reg.io/a@b"), "reg.io", "/a@b", GO_URL_SOUND},
    {TEXT("@reg.io"), "reg.io", "", GO_URL_SOUND},
    {TEXT("u%20%zz@reg.io"), "", "", GO_URL_ESCAPE},
    {TEXT("u%00@reg.io"), "reg.io", "", GO_URL_SOUND},
    {TEXT("u p@reg.io"), "", "", GO_URL_USER_INFO},
    {TEXT("u[@reg.io"), "", "", GO_URL_USER_INFO},
    {TEXT("\xC3\xA9@reg.io"), "", "", GO_URL_USER_INFO},
    {TEXT("-._:~!$&'()*+,;=%41@reg.io"), "reg.io", "", GO_URL_SOUND},
    /* ports */
    {TEXT("reg.io:"), "reg.io:", "", GO_URL_SOUND},
    {TEXT("reg.io:99999999999"), "reg.io:99999999999", "", GO_URL_SOUND},
    {TEXT("reg.io:x"), "", "", GO_URL_PORT},
    {TEXT("reg.io:1:2"), "", "", GO_URL_PORT},
    {TEXT("reg.io:*"), "", "", GO_URL_PORT},
    {TEXT("reg.io:+1"), "", "", GO_URL_PORT},
    {TEXT(":5000"), ":5000", "", GO_URL_SOUND},
    /* hosts */
    {TEXT("-_.~!$&'()*+,;=]<>\""), "-_.~!$&'()*+,;=]<>\"", "", GO_URL_SOUND},
    {TEXT("r\xC3\xA9g.io"), "r\xC3\xA9g.io", "", GO_URL_SOUND},
    {TEXT("r%C3%A9g.io"), "r\xC3\xA9g.io", "", GO_URL_SOUND},
    {TEXT("%80%ff"), "\x80\xFF", "", GO_URL_SOUND},
    {TEXT("a%25b"), "a%b", "", GO_URL_SOUND},
    {TEXT("a%2525"), "a%25", "", GO_URL_SOUND},
    {TEXT("a%41"), "", "", GO_URL_ESCAPE},
    {TEXT("a%7f"), "", "", GO_URL_ESCAPE},
    {TEXT("a%2"), "", "", GO_URL_ESCAPE},
    {TEXT("a%"), "", "", GO_URL_ESCAPE},
    {TEXT("a%2g"), "", "", GO_URL_ESCAPE},
    {TEXT("a b"), "", "", GO_URL_HOST},
    {TEXT("a\\b"), "", "", GO_URL_HOST},
    {TEXT("a|b"), "", "", GO_URL_HOST},
    {TEXT("a^b"), "", "", GO_URL_HOST},
    {TEXT("a`b"), "", "", GO_URL_HOST},
    {TEXT("a{b}"), "", "", GO_URL_HOST},
    /* brackets */
    {TEXT("[::1]"), "[::1]", "", GO_URL_SOUND},
    {TEXT("[::1]:5000/a"), "[::1]:5000", "/a", GO_URL_SOUND},
    {TEXT("[::1]:"), "[::1]:", "", GO_URL_SOUND},
    {TEXT("[::ffff:1.2.3.4]:1"), "[::ffff:1.2.3.4]:1", "", GO_URL_SOUND},
    {TEXT("[fe80::1%25en0]:1"), "[fe80::1%en0]:1", "", GO_URL_SOUND},
    {TEXT("[fe80::1%25%20]:1"), "[fe80::1% ]:1", "", GO_URL_SOUND},
    {TEXT("[fe80::1%25%c3%a9]:1"), "", "", GO_URL_ESCAPE},
    {TEXT("[fe80::1%25]:1"), "", "", GO_URL_BRACKET},
    {TEXT("[fe80::1%25%0a]:1"), "", "", GO_URL_ESCAPE},
    {TEXT("[fe80::1%en0]:1"), "", "", GO_URL_ESCAPE},
    {TEXT("[1.2.3.4]:1"), "", "", GO_URL_BRACKET},
    {TEXT("[1:2]"), "", "", GO_URL_BRACKET},
    {TEXT("[]"), "", "", GO_URL_BRACKET},
    {TEXT("[::1"), "", "", GO_URL_BRACKET},
    {TEXT("re[a-g].io"), "", "", GO_URL_BRACKET},
    {TEXT("[[::1]"), "", "", GO_URL_BRACKET},
    {TEXT("[::1]]"), "", "", GO_URL_BRACKET},
    {TEXT("[::1]x"), "", "", GO_URL_PORT},
    {TEXT("[12345::]"), "", "", GO_URL_BRACKET},
    {TEXT("[1:2:3:4:5:6:7:8:9]"), "", "", GO_URL_BRACKET},
    /* paths */
    {TEXT("a/%41%2f%00%ff"), "a", NULL, GO_URL_SOUND},
    {TEXT("a/b c[]{}|\\^`\xFF"), "a", "/b c[]{}|\\^`\xFF", GO_URL_SOUND},
    {TEXT("a/%"), "", "", GO_URL_ESCAPE},
    {TEXT("a/%4"), "", "", GO_URL_ESCAPE},
    {TEXT("a/%3F%23%25"), "a", "/?#%", GO_URL_SOUND},
};

static void takes_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
		struct view text = {cases[i].text, cases[i].len};
		struct view host, path;
		struct go_url url = {0, 0};
		enum go_url_fault fault;

		buf_append_string(&out, "before");
		fault = go_url_parse(text, &out, &url);
		if (fault != cases[i].fault)
			fail_msg("%s: %s", cases[i].text, go_url_fault_sentence(fault));
		if (fault) {
			assert_int_equal(out.len, 6);
			continue;
		}
		host = (struct view){out.data + 6, url.host_len};
		path = (struct view){host.data + host.len, url.path_len};
		assert_int_equal(out.len, 6 + host.len + path.len);
		if (!view_is(host, cases[i].host))
			fail_msg("%s: host %s", cases[i].text, host.data);
		if (cases[i].path && !view_is(path, cases[i].path))
			fail_msg("%s: path %s", cases[i].text, path.data);
		if (!cases[i].path)
			assert_true(view_equal(path, (struct view){TEXT("/A/\0\xFF")}));
	}
}

static void splits_ports(void **state)
{
	static const struct {
		const char *text, *host, *port;
	} splits[] = {
	    {"", "", ""},
	    {"reg", "reg", ""},
	    {"reg:", "reg", ""},
	    {"reg:05", "reg", "05"},
	    {":5", "", "5"},
	    {"a:1:2", "a:1:2", ""},
	    {"[::1]", "[::1]", ""},
	    {"[::1]:5", "::1", "5"},
	    {"[::1]:", "::1", ""},
	    {"[::1", "[::1", ""},
	    {"[]:1", "", "1"},
	    {"[a[b]:1", "[a[b]:1", ""},
	    {"[a]b]:1", "[a]b]:1", ""},
	    {"a]:1", "a]:1", ""},
	    {"a[:1", "a[:1", ""},
	    {"*]", "*]", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(splits); i++) {
		struct view host, port;

		go_url_split_port(view_of(splits[i].text), &host, &port);
		if (!view_is(host, splits[i].host) || !view_is(port, splits[i].port))
			fail_msg("%s is split otherwise", splits[i].text);
	}
}

static void makes_index_keys(void **state)
{
	static const char *const pairs[][2] = {
	    {"https://index.docker.io/v1/", "index.docker.io"},
	    {"https://index.docker.io/v1", "index.docker.io/v1"},
	    {"http://reg.io:5000/v2/", "reg.io:5000"},
	    {"reg.io/v2/team/", "reg.io/team/"},
	    {"reg.io/v1/v2/x", "reg.io/v2/x"},
	    {"reg.io/v3/", "reg.io/v3/"},
	    {"reg.io/V1/", "reg.io/V1/"},
	    {"reg.io/%761/", "reg.io"},
	    {"reg.io//v1/", "reg.io//v1/"},
	    {"reg.io/v1//", "reg.io//"},
	    {"HTTPS://reg.io", "HTTPS://reg.io"},
	    {"http://https://reg.io", "https://reg.io"},
	    {"user:pw@reg.io", "reg.io"},
	    {"reg.io?x", "reg.io"},
	    {"reg.io#x", "reg.io"},
	    {"reg.io/", "reg.io"},
	    {"/", ""},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);

		assert_int_equal(index_key_append(view_of(pairs[i][0]), &key), GO_URL_SOUND);
		assert_string_equal(key.data, pairs[i][1]);
	}
}

static void knows_the_default_registry(void **state)
{
	(void)state;
	assert_true(index_key_is_default_registry(view_of("docker.io/library/x")));
	assert_true(index_key_is_default_registry(view_of("localhost/x")));
	assert_true(index_key_is_default_registry(view_of("MyReg/x")));
	assert_false(index_key_is_default_registry(view_of("localhost:5000/x")));
	assert_false(index_key_is_default_registry(view_of("reg.io/x")));
	assert_false(index_key_is_default_registry(view_of("[::1]/x")));
	assert_false(index_key_is_default_registry(view_of("/x")));
	assert_false(index_key_is_default_registry(view_of("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_apart),
	    cmocka_unit_test(splits_ports),
	    cmocka_unit_test(makes_index_keys),
	    cmocka_unit_test(knows_the_default_registry),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("go_url", tests, NULL, NULL);
}
