#include "regcred/registry/registry_key.h"

#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"
#include "regcred/json/json.h"
#include "vectors.h"

#define HUB REGISTRY_KEY_DOCKER_HUB

enum {
	N = REGISTRY_ADVICE_NORMALISED,
	PORT = REGISTRY_ADVICE_PORT,
	PREFIX = REGISTRY_ADVICE_PREFIX,
	SLASH = REGISTRY_ADVICE_SLASH,
};

/* ---- Keys that are taken ---- */

static const struct {
	const char *in, *out;
	unsigned advice;
} accepted[] = {
    /* as they are */
    {"reg.example.com", "reg.example.com", 0},
    {"a.b", "a.b", 0},
    {"1.2", "1.2", 0},
    {"10.0.0.5", "10.0.0.5", 0},
    {"my--reg.example.com", "my--reg.example.com", 0},
    {"xn--bcher-kva.example", "xn--bcher-kva.example", 0},
    {"123456789012.dkr.ecr.us-east-1.amazonaws.com", "123456789012.dkr.ecr.us-east-1.amazonaws.com",
     0},
    {"localhost", "localhost", 0},
    {"docker.com", "docker.com", 0},
    {"mydocker.io", "mydocker.io", 0},
    {"eu.docker.io", "eu.docker.io", 0},

    /* scheme, in any case */
    {"https://reg.io", "reg.io", N},
    {"http://reg.io", "reg.io", N},
    {"HTTPS://reg.io", "reg.io", N},
    {"hTtP://reg.io", "reg.io", N},
    {"https://localhost", "localhost", N},

    /* host, lower-cased */
    {"Reg.Example.COM", "reg.example.com", N},
    {"REG:5000", "reg:5000", N},
    {"LOCALHOST", "localhost", N},
    {"*.Azurecr.IO", "*.azurecr.io", N},
    {"GHCR.io/org", "ghcr.io/org", N | PREFIX},

    /* a bare path is dropped */
    {"reg.io/", "reg.io", N},
    {"reg.io/v1", "reg.io", N},
    {"reg.io/v1/", "reg.io", N},
    {"reg.io/v2", "reg.io", N},
    {"reg.io/v2/", "reg.io", N},
    {"https://Reg.io:5000/v2/", "reg.io:5000", N},

    /* any other stays */
    {"reg.io/v3", "reg.io/v3", PREFIX},
    {"reg.io/v3/", "reg.io/v3/", SLASH},
    {"reg.io/v11", "reg.io/v11", PREFIX},
    {"reg.io/v1/team", "reg.io/v1/team", PREFIX},
    {"reg.io/v2/team/", "reg.io/v2/team/", SLASH},
    {"reg.io/v2/v1/team", "reg.io/v2/v1/team", PREFIX},
    {"reg.io/v1/v1", "reg.io/v1/v1", PREFIX},
    {"reg.io/v1/v1/", "reg.io/v1/v1/", SLASH},
    {"reg.io/team/v1", "reg.io/team/v1", PREFIX},
    {"reg.io/team/v2/", "reg.io/team/v2/", SLASH},
    {"ghcr.io/org", "ghcr.io/org", PREFIX},
    {"ghcr.io/org/", "ghcr.io/org/", SLASH},
    {"ghcr.io/org/app", "ghcr.io/org/app", PREFIX},
    {"ghcr.io/a/b/c/d/e/", "ghcr.io/a/b/c/d/e/", SLASH},
    {"https://ghcr.io/org/", "ghcr.io/org/", N | SLASH},
    {"localhost/team", "localhost/team", PREFIX},
    {"reg.io/0", "reg.io/0", PREFIX},
    {"reg.io/a.b_c__d-e---f", "reg.io/a.b_c__d-e---f", PREFIX},

    /* the beginning of a component is enough */
    {"reg.io/a.", "reg.io/a.", PREFIX},
    {"reg.io/a_", "reg.io/a_", PREFIX},
    {"reg.io/a__", "reg.io/a__", PREFIX},
    {"reg.io/a-", "reg.io/a-", PREFIX},
    {"reg.io/a---", "reg.io/a---", PREFIX},

    /* ports */
    {"reg.io:1", "reg.io:1", 0},
    {"reg.io:80", "reg.io:80", 0},
    {"reg.io:5000", "reg.io:5000", 0},
    {"reg.io:65535", "reg.io:65535", 0},
    {"reg.io:4430", "reg.io:4430", 0},
    {"registry:5000", "registry:5000", 0},
    {"localhost:5000/team", "localhost:5000/team", PREFIX},
    {"*:5000", "*:5000", 0},
    {"reg.io:443", "reg.io:443", PORT},
    {"https://reg.io:443/v2/", "reg.io:443", N | PORT},
    {"reg.io:443/team", "reg.io:443/team", PORT | PREFIX},
    {"reg.io:443/team/", "reg.io:443/team/", PORT | SLASH},
    {"reg.io:05000", "reg.io:05000", PORT},
    {"reg.io:0443", "reg.io:0443", PORT},
    {"reg.io:000000000000000000000001", "reg.io:000000000000000000000001", PORT},

    /* IPv6 */
    {"[::1]:5000", "[::1]:5000", 0},
    {"[::]:5000", "[::]:5000", 0},
    {"[2001:db8::1]:443", "[2001:db8::1]:443", PORT},
    {"[2001:DB8::1]:5000", "[2001:db8::1]:5000", N},
    {"[1:2:3:4:5:6:7:8]:5000/team", "[1:2:3:4:5:6:7:8]:5000/team", PREFIX},
    {"https://[::1]:5000/v2/", "[::1]:5000", N},

    /* a first component with an underscore is no domain, but stays in the name */
    {"reg_1.example.com", "reg_1.example.com", 0},
    {"reg__1.example.com/team/", "reg__1.example.com/team/", SLASH},
    {"a.b_c", "a.b_c", 0},
    {"*_1.example.com", "*_1.example.com", 0},
    {"https://Reg_1.example.com/v2/", "reg_1.example.com", N},

    /* wildcards, each within a label */
    {"*", "*", 0},
    {"https://*/", "*", N},
    {"*/team", "*/team", PREFIX},
    {"*.*", "*.*", 0},
    {"*.azurecr.io", "*.azurecr.io", 0},
    {"***.example.com", "***.example.com", 0},
    {"r*g.example.com", "r*g.example.com", 0},
    {"*-docker.pkg.dev/proj/", "*-docker.pkg.dev/proj/", SLASH},
    {"*.dkr.ecr.*.amazonaws.com", "*.dkr.ecr.*.amazonaws.com", 0},
    {"127.0.0.*:5000", "127.0.0.*:5000", 0},
    {"reg*:5000", "reg*:5000", 0},

    /* every spelling of the bare Docker Hub */
    {HUB, HUB, 0},
    {"https://index.docker.io/v1", HUB, N},
    {"https://index.docker.io/v2/", HUB, N},
    {"https://index.docker.io/", HUB, N},
    {"https://index.docker.io", HUB, N},
    {"http://index.docker.io/v1/", HUB, N},
    {"HTTPS://Index.Docker.IO/v1/", HUB, N},
    {"index.docker.io/v1/", HUB, N},
    {"index.docker.io/v1", HUB, N},
    {"index.docker.io", HUB, N},
    {"docker.io", HUB, N},
    {"Docker.io/", HUB, N},
    {"docker.io/v1/", HUB, N},
    {"docker.io/v2", HUB, N},
    {"https://docker.io/v2/", HUB, N},
    {"registry-1.docker.io", HUB, N},
    {"https://registry-1.docker.io/v2/", HUB, N},
    {"hub.docker.com", HUB, N},
    {"https://hub.docker.com/", HUB, N},
    {"registry.hub.docker.com", HUB, N},
    {"https://registry.hub.docker.com/v1/", HUB, N},

    /* Docker Hub with a path */
    {"docker.io/bob", "docker.io/bob", PREFIX},
    {"docker.io/bob/", "docker.io/bob/", SLASH},
    {"docker.io/bob/app", "docker.io/bob/app", PREFIX},
    {"docker.io/library/", "docker.io/library/", SLASH},
    {"https://docker.io/bob", "docker.io/bob", N | PREFIX},
    {"index.docker.io/bob", "docker.io/bob", N | PREFIX},
    {"https://index.docker.io/v1/bob", "docker.io/bob", N | PREFIX},
    {"docker.io/v1/bob/", "docker.io/bob/", N | SLASH},
    {"registry-1.docker.io/bob", "docker.io/bob", N | PREFIX},
    {"https://hub.docker.com/bob/app", "docker.io/bob/app", N | PREFIX},
    {"Registry.Hub.Docker.com/bob/", "docker.io/bob/", N | SLASH},

    /* Docker Hub's name with a port is another registry to the kubelet */
    {"docker.io:443", "docker.io:443", PORT},
    {"index.docker.io:5000", "index.docker.io:5000", 0},
    {"docker.io:443/bob", "docker.io:443/bob", PORT | PREFIX},
};

static void writes_one_spelling(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};
		unsigned advice = ~0u;

		if (!registry_key_normalise(accepted[i].in, &key, &advice, &error))
			fail_msg("%s: %s", accepted[i].in, error.message);
		assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
		if (strcmp(key.data, accepted[i].out) != 0 || advice != accepted[i].advice)
			fail_msg("%s: became %s with advice %u, not %s with %u", accepted[i].in,
			         key.data, advice, accepted[i].out, accepted[i].advice);
	}
}

/* Normalised once more, a key stays, and so does the advice on its form. */
static const char *find_unrest(const char *in)
{
	struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct buf again CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	unsigned advice, later;
	struct error error;

	if (!registry_key_normalise(in, &key, &advice, &error))
		return NULL;
	if (!registry_key_normalise(key.data, &again, &later, &error))
		return "becomes a key that is refused";
	if (strcmp(key.data, again.data) != 0)
		return "becomes a key that is not normal yet";
	if (later != (advice & ~(unsigned)N))
		return "becomes a key with other advice";
	return registry_key_same(key.data, again.data) ? NULL : "is not the same as itself";
}

static const char *const restless[] = {
    "docker.io/v1/v1",     "docker.io/v1/v1/",       "docker.io/v1/v1/bob",
    "docker.io/v1/v2/bob", "index.docker.io/v1/v2/", "https://index.docker.io/v1/v1/v1/a",
    "docker.io/v2/v1/bob", "docker.io/v2/bob",       "hub.docker.com/v2/v2/",
    "reg.io/v1/v1/v1/",    "https://Reg.io/v2/v2",
};

static void normal_keys_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		const char *fault = find_unrest(accepted[i].in);

		if (fault)
			fail_msg("%s %s", accepted[i].in, fault);
	}
	for (size_t i = 0; i < COUNT(restless); i++) {
		const char *fault = find_unrest(restless[i]);

		if (fault)
			fail_msg("%s %s", restless[i], fault);
	}
}

static void appends_to_what_is_there(void **state)
{
	struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct error error;
	unsigned advice;

	(void)state;
	assert_true(registry_key_normalise("reg.io", &key, &advice, &error));
	assert_true(registry_key_normalise("ghcr.io", &key, &advice, &error));
	assert_int_equal(advice, 0);
	assert_string_equal(key.data, "reg.ioghcr.io");
	assert_false(registry_key_normalise("a b", &key, &advice, &error));
	assert_string_equal(key.data, "reg.ioghcr.io");
}

/* ---- Keys that are refused ---- */

static const struct {
	const char *in;
	const char *message; /* a part of it */
} refused[] = {
    /* no host */
    {"", "names no host"},
    {"/", "names no host"},
    {"https://", "names no host"},
    {"https:///team", "names no host"},
    {"/team", "names no host"},

    /* what is not part of a registry */
    {"user@reg.io", "\"...@reg.io\" holds an @"},
    {"user:pw@reg.io", "\"...@reg.io\" holds an @"},
    {"https://user:pw@reg.io/v1/", "\"...@reg.io/v1/\" holds an @"},
    {"reg.io/team@sha256:abc", "holds an @"},
    {"reg.io?x", "\"reg.io?...\" holds a query"},
    {"reg.io/team?", "holds a query"},
    {"reg.io#x", "\"reg.io#...\" holds a fragment"},
    {"reg.io/#", "holds a fragment"},
    {"reg.io/te%61m", "holds a %"},
    {"reg%2Eio", "holds a %"},
    {"reg.io\\team", "holds a backslash"},
    {" reg.io", "holds a blank"},
    {"reg.io ", "holds a blank"},
    {"reg.io/a b", "holds a blank"},
    {"reg.io\n", "holds a blank"},
    {"reg.io\r", "holds a blank"},
    {"\treg.io", "holds a blank"},
    {"reg.io\x01", "not visible ASCII"},
    {"reg.io\x7F", "not visible ASCII"},
    {"b\xC3\xBC"
     "cher.example",
     "not visible ASCII"},
    {"reg.io/caf\xC3\xA9", "not visible ASCII"},
    {"reg\xFF.io", "not visible ASCII"},
    {"reg\xC2\xA0.io", "not visible ASCII"},

    /* schemes */
    {"ftp://reg.io", "has a scheme other than http:// or https://"},
    {"oci://reg.io/team", "has a scheme"},
    {"docker://reg.io", "has a scheme"},
    {"://reg.io", "has a scheme"},
    {"https://http://reg.io", "has a scheme"},
    {"httpss://reg.io", "has a scheme"},

    /* one label */
    {"myreg", "is one label without a port"},
    {"MyReg", "is one label without a port"},
    {"myreg/team", "is one label without a port"},
    {"https://registry", "is one label without a port"},
    {"reg_1", "is one label without a port"},
    {"reg*", "is one label without a port"},
    {"localhost1", "is one label without a port"},

    /* hosts */
    {"reg..io", "is not a host"},
    {".reg.io", "is not a host"},
    {"reg.io.", "is not a host"},
    {"-reg.io", "is not a host"},
    {"reg-.io", "is not a host"},
    {"reg.-io", "is not a host"},
    {"reg.io-", "is not a host"},
    {"*-.io", "is not a host"},
    {"_reg.io", "is not a host"},
    {"reg_.io", "is not a host"},
    {"reg.io_", "is not a host"},
    {"reg___1.io", "is not a host"},
    {"reg_1.example.com:5000", "is not a host"}, /* no domain, so no port */
    {"reg,io", "is not a host"},
    {"reg.[a-z]o", "is not a host"},
    {"re[a-g].io", "is not a host"},
    {"{reg}.io", "is not a host"},
    {"reg$istry.io", "is not a host"},
    {"\"reg.io\"", "is not a host"},
    {"reg~1.io", "is not a host"},

    /* ports */
    {"reg.io:", "has an invalid port"},
    {"::1", "has an invalid port"},
    {"reg.io:/team", "has an invalid port"},
    {"reg.io:0", "has an invalid port"},
    {"reg.io:65536", "has an invalid port"},
    {"reg.io:99999999999999999999999999", "has an invalid port"},
    {"reg.io:abc", "has an invalid port"},
    {"reg.io:5000a", "has an invalid port"},
    {"reg.io:-1", "has an invalid port"},
    {"reg.io:+1", "has an invalid port"},
    {"reg.io:*", "has an invalid port"},
    {"reg.io:5000:5000", "has an invalid port"},
    {"::1", "has an invalid port"},
    {"docker.io:", "has an invalid port"},

    /* IPv6 */
    {"[::1]", "without a port"},
    {"[::1]/team", "without a port"},
    {"https://[2001:DB8::1]/v2/", "without a port"},
    {"[::1]:", "has an invalid port"},
    {"[::g]:5000", "is not an IPv6 address"},
    {"[]:5000", "is not an IPv6 address"},
    {"[::1]x:5000", "is not an IPv6 address"},
    {"[1:2:3]:5000", "is not an IPv6 address"},
    {"[::ffff:1.2.3.4]:5000", "is not an IPv6 address"},
    {"[10.0.0.1]:5000", "is not an IPv6 address"},
    {"[*]:5000", "is not an IPv6 address"},
    {"[::1:5000", ""},
    {"a[::1]:5000", ""},

    /* paths */
    {"reg.io//", "has an empty path component"},
    {"reg.io//team", "has an empty path component"},
    {"reg.io/team//app", "has an empty path component"},
    {"reg.io/v1//", "has an empty path component"},
    {"reg.io/v2//team", "has an empty path component"},
    {"reg.io/Team", "has upper case in the path"},
    {"reg.io/team/App", "has upper case in the path"},
    {"reg.io/V2/", "has upper case in the path"},
    {"docker.io/Bob", "has upper case in the path"},
    {"reg.io/*", "has a wildcard in the path"},
    {"reg.io/team/*", "has a wildcard in the path"},
    {"reg.io/te*m", "has a wildcard in the path"},
    {"reg.io/team:latest", "has a colon in the path"},
    {"reg.io/team/app:1", "has a colon in the path"},
    {"reg.io/.", "has a path that no image name begins with"},
    {"reg.io/./team", "has a path that no image name begins with"},
    {"reg.io/../team", "has a path that no image name begins with"},
    {"reg.io/-team", "has a path that no image name begins with"},
    {"reg.io/_", "has a path that no image name begins with"},
    {"reg.io/a..b", "has a path that no image name begins with"},
    {"reg.io/a___b", "has a path that no image name begins with"},
    {"reg.io/a._b", "has a path that no image name begins with"},
    {"reg.io/a-.b", "has a path that no image name begins with"},
    {"reg.io/a~b", "has a path that no image name begins with"},
    {"reg.io/a+b", "has a path that no image name begins with"},
    {"reg.io/a,b", "has a path that no image name begins with"},
    {"reg.io/a./b", ""},
    {"reg.io/a-/b", ""},
    {"reg.io/a_/", ""},
    {"reg.io/[a]", "has a path that no image name begins with"},
};

static void says_why_a_key_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		struct error error = {.diagnostic = DIAGNOSTIC_COUNT};
		unsigned advice;

		if (registry_key_normalise(refused[i].in, &key, &advice, &error))
			fail_msg("%s became %s", refused[i].in, key.data);
		assert_int_equal(error.diagnostic, DIAGNOSTIC_REGISTRY_INVALID);
		assert_int_equal(error.status, STATUS_USAGE);
		assert_int_equal(key.len, 0);
		if (!strstr(error.message, refused[i].message))
			fail_msg("%s: not \"%s\" but \"%s\"", refused[i].in, refused[i].message,
			         error.message);
	}
}

static void messages_leave_out_what_may_be_a_credential(void **state)
{
	/* Each holds "hunter2" in its user-info, query or fragment. */
	static const char *const keys[] = {
	    "hunter2@reg.io",
	    "user:hunter2@reg.io",
	    "https://user:hunter2@reg.io/v1/",
	    "HTTPS://user:hunter2@reg.io",
	    "ftp://user:hunter2@reg.io",
	    "user:hunter2@x@reg.io",
	    "user:@hunter2@reg.io",
	    "user:x@hunter2@y@reg.io/a@b",
	    "user:hunter2/x@reg.io",
	    "user:x/hunter2@reg.io",
	    "user:hunter2 @reg.io",
	    "user:hunter2%40@reg.io",
	    "user:hunter2\n@reg.io",
	    "user:\\hunter2@reg.io",
	    "user:hunter2@",
	    "reg.io?hunter2",
	    "reg.io/team?token=hunter2&x=1",
	    "reg.io?a#hunter2",
	    "reg.io#hunter2",
	    "reg.io/#a?hunter2",
	    "https://reg.io/team/#hunter2",
	    "reg.io?x@hunter2",
	    "user:pw@reg.io?hunter2",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		struct error error;
		unsigned advice;

		assert_false(registry_key_normalise(keys[i], &key, &advice, &error));
		if (strstr(error.message, "hunter2") || strstr(error.hint, "hunter2"))
			fail_msg("the message on key %zu shows too much", i);
	}
}

/* A user who writes USER:PASSWORD@HOST quotes nothing, whatever the password is. */
static void messages_leave_out_passwords_that_hold_delimiters(void **state)
{
	static const char *const keys[] = {
	    "user:hunter2?x@reg.io",       "user:hunter2#x@reg.io",
	    "user:hunter2?@reg.io/team",   "https://user:hunter2#x@reg.io/v1/",
	    "user:hunter2://x@reg.io",     "https://user:hunter2://x@reg.io",
	    "user:hunter2/?x@reg.io/team", "user:hunter2#x?y@reg.io",
	};
	size_t shown = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		struct error error;
		unsigned advice;

		assert_false(registry_key_normalise(keys[i], &key, &advice, &error));
		if (strstr(error.message, "hunter2") || strstr(error.hint, "hunter2")) {
			print_error("the message on key %zu shows too much\n", i);
			shown++;
		}
	}
	assert_int_equal(shown, 0);
}

/* ---- Lengths ---- */

/* HOST, a slash, `len` times a letter, TAIL. */
static bool takes(const char *host, size_t len, const char *tail)
{
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct error error = {.diagnostic = DIAGNOSTIC_REGISTRY_INVALID};
	unsigned advice;
	bool taken;

	buf_append_string(&text, host);
	buf_append_repeated(&text, 'a', len);
	buf_append_string(&text, tail);
	taken = registry_key_normalise(text.data, &key, &advice, &error);
	assert_int_equal(error.diagnostic, DIAGNOSTIC_REGISTRY_INVALID);
	return taken;
}

static const struct {
	const char *host;
	size_t len; /* the longest that is taken */
	const char *tail;
} limits[] = {
    {"reg.io/", 255, ""},
    {"reg.io:5000/", 255, ""},
    {"[::1]:5000/", 255, ""},
    {"https://reg.io/", 255, ""},
    {"reg.io/v1/", 255, ""}, /* the kubelet drops /v1 */
    {"reg.io/v2/", 255, ""},
    {"reg.io/v3/", 252, ""},
    {"reg.io/", 253, "/"}, /* another character must follow */
    {"reg.io/", 253, "-"},
    {"reg.io/", 253, "_"},
    {"reg.io/", 253, "/a"},
    {"*.io/", 255, ""},
    {"docker.io/", 253, ""}, /* an image on Docker Hub has two components */
    {"docker.io/", 253, "/"},
    {"docker.io/", 251, "-"},
    {"docker.io/bob/", 251, ""},
    {"docker.io/v1/", 253, ""},
    {"index.docker.io/v1/bob/", 251, ""},
    {"docker.io:443/", 255, ""}, /* not Docker Hub */
    {"reg_1.io/", 246, ""},      /* no domain: the host counts, and its slash */
    {"reg_1.io/", 244, "/"},
    {"r_", 248, ".io"}, /* and a path must follow */
};

static void a_path_fits_into_an_image_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++)
		for (size_t len = 240; len < 300; len++)
			if (takes(limits[i].host, len, limits[i].tail) != (len <= limits[i].len))
				fail_msg("%sa...a%s with %zu letters", limits[i].host,
				         limits[i].tail, len);
}

static void a_host_may_be_long(void **state)
{
	(void)state;
	assert_true(takes("", 1000, ".io")); /* only the path of an image is limited */
	assert_true(takes("", 1000, ":5000"));
}

static void a_key_beyond_all_measure_is_refused(void **state)
{
	static const char *const tails[] = {".io", "@reg.io", "?x", "#x", " ", ".io/a//b"};
	static char text[2 * BUF_NAME_MAX];

	(void)state;
	for (size_t len = BUF_NAME_MAX - 30; len < BUF_NAME_MAX + 1000; len++) {
		struct buf key CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
		const char *tail = tails[len % (COUNT(tails))];
		struct error error;
		unsigned advice;

		memset(text, 'a', len);
		strcpy(text + len, tail);
		if (registry_key_normalise(text, &key, &advice, &error)) {
			assert_true(key.len <= BUF_NAME_MAX);
			assert_string_equal(tail, ".io");
		} else {
			assert_int_equal(error.diagnostic, DIAGNOSTIC_REGISTRY_INVALID);
		}
	}
}

/* ---- Sameness ---- */

static const struct {
	const char *a, *b;
	bool same;
} twins[] = {
    {"reg.io", "reg.io", true},
    {HUB, HUB, true},
    {"reg.io/team", "reg.io/team", true},
    {"reg.io/team", "reg.io/v1/team", true},
    {"reg.io/team", "reg.io/v2/team", true},
    {"reg.io/v1/team", "reg.io/v2/team", true},
    {"reg.io/v1/team/", "reg.io/team/", true},
    {"reg.io:5000/team", "reg.io:5000/v2/team", true},
    {"[::1]:5000/team", "[::1]:5000/v2/team", true},
    {"docker.io/bob", "docker.io/v2/bob", true},
    {"reg.io/v1/v1/", "reg.io/v2/v1/", true},
    {"reg.io", "reg.com", false},
    {"reg.io", "reg.io:443", false},
    {"reg.io", "reg.io/team", false},
    {"reg.io/team", "reg.io/team/", false},
    {"reg.io/team", "reg.io/teams", false},
    {"reg.io/team", "ghcr.io/team", false},
    {"reg.io/team", "reg.io:443/v1/team", false},
    {"reg.io/v1/team", "reg.io/v1/v1/team", false},
    {"reg.io/v1/v2/team", "reg.io/team", false},
    {"reg.io/v3/team", "reg.io/team", false},
    {"reg.io/v1team", "reg.io/team", false},
    {"reg.io/v1/v1", "reg.io/v1/v2", false},
    {"*.io", "reg.io", false},
    {"a", "ab", false},
    {"a/v1/b", "ab/b", false},
    {"docker.io/bob", HUB, false},
    {"index.docker.io:5000", HUB, false},
};

static void finds_keys_that_are_one_to_the_kubelet(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(twins); i++)
		if (registry_key_same(twins[i].a, twins[i].b) != twins[i].same ||
		    registry_key_same(twins[i].b, twins[i].a) != twins[i].same)
			fail_msg("%s, %s", twins[i].a, twins[i].b);
}

/* ---- What the kubelet did with keys ---- */

/* Keys that matched some image all the same, and why they are refused. */
static const struct {
	const char *key; /* the whole; NULL: any with a byte of `bytes` */
	const char *bytes;
	const char *reason;
} dropped[] = {
    {NULL, "@", "user-info, which the kubelet ignores and others send"},
    {NULL, "?", "a query, which the kubelet ignores"},
    {NULL, "#", "a fragment, which the kubelet ignores"},
    {NULL, "%", "an escape, which only the kubelet decodes"},
    {"reg.example.com:", NULL, "an invalid port"},
    {"MyReg", NULL, "one label without a port; lower-cased it is on Docker Hub"},
};

static const char *why_dropped(const char *key)
{
	for (size_t i = 0; i < COUNT(dropped); i++)
		if (dropped[i].key ? strcmp(dropped[i].key, key) == 0
		                   : strpbrk(key, dropped[i].bytes) != NULL)
			return dropped[i].reason;
	return NULL;
}

/* The host of an image's or a key's name, its path, and its port or "". */
struct place {
	char host[512];
	const char *port, *path;
};

static void take_place(struct place *place, const char *name)
{
	size_t len = strcspn(name, "/");
	char *bracket, *colon;

	assert_true(len < sizeof place->host);
	memcpy(place->host, name, len);
	place->host[len] = '\0';
	for (char *c = place->host; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	bracket = strrchr(place->host, ']');
	colon = strchr(bracket ? bracket : place->host, ':');
	if (colon)
		*colon = '\0';
	place->port = colon ? colon + 1 : "";
	place->path = name + len;
}

/* Whether a normalised key serves a repository, as kubelet-side URLsMatch says. */
static bool serves(const char *key, const char *repository)
{
	struct place pattern, image;
	const char *path;

	if (strcmp(key, HUB) == 0) /* the fallback finds it */
		return strncmp(repository, "docker.io/", 10) == 0 ||
		       strcspn(repository, "/") < strcspn(repository, ".:");
	take_place(&pattern, key);
	take_place(&image, repository);
	path = pattern.path;
	if (strncmp(path, "/v1/", 4) == 0 || strncmp(path, "/v2/", 4) == 0)
		path += 3;
	if (strcmp(pattern.port, image.port) != 0 || strncmp(image.path, path, strlen(path)) != 0)
		return false;
	if (*pattern.host == '[')
		return strcmp(pattern.host, image.host) == 0;
	for (char *c = pattern.host; *c; c++) /* FNM_PATHNAME keeps a * in its label */
		if (*c == '.')
			*c = '/';
	for (char *c = image.host; *c; c++)
		if (*c == '.')
			*c = '/';
	return fnmatch(pattern.host, image.host, FNM_PATHNAME | FNM_NOESCAPE) == 0;
}

/* Images that are written with a name of Docker Hub that is its own host. */
static bool is_hub_mirror(const char *repository)
{
	return strncmp(repository, "registry-1.docker.io/", 21) == 0;
}

static void check_match(struct vector_file *file, const char *key, const char *repository)
{
	struct buf normal CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	const char *reason = why_dropped(key);
	struct error error;
	unsigned advice;
	bool taken = registry_key_normalise(key, &normal, &advice, &error);

	if (taken && reason)
		vector_fail(file, "%s is taken in spite of %s", key, reason);
	else if (!taken && !reason)
		vector_fail(file, "%s matches %s, but: %s", key, repository, error.message);
	else if (taken && !serves(normal.data, repository) &&
	         !(strcmp(normal.data, HUB) == 0 && is_hub_mirror(repository)))
		vector_fail(file, "%s matches %s, but %s does not", key, repository, normal.data);
}

/* From its first tree on, the program gives cJSON its own memory: let the vectors
 * be read with that, too. */
static int give_cjson_our_memory(void **state)
{
	struct json *first CLEANUP(json_release) = json_object();

	(void)state;
	return first ? 0 : -1;
}

static void takes_the_keys_that_match_and_keeps_their_meaning(void **state)
{
	struct vector_file file;
	size_t count = 0, len;

	(void)state;
	vector_file_open(&file, "kubelet-match.jsonl");
	while (vector_file_next(&file)) {
		const char *repository = vector_string(&file, "repo", &len);
		const cJSON *expect = cJSON_GetObjectItemCaseSensitive(file.json, "expect");
		const cJSON *match;

		cJSON_ArrayForEach(match, expect)
		{
			const char *key =
			    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(match, "key"));

			assert_non_null(key);
			assert_non_null(repository);
			check_match(&file, key, repository);
			count++;
		}
	}
	vector_file_close(&file);
	assert_true(count > 500);
}

static size_t check_keys_of(struct vector_file *file, const cJSON *map)
{
	const cJSON *entry;
	size_t count = 0;

	cJSON_ArrayForEach(entry, map)
	{
		const char *fault = entry->string ? find_unrest(entry->string) : NULL;

		if (fault)
			vector_fail(file, "%s %s", entry->string, fault);
		count++;
	}
	return count;
}

static void all_keys_that_are_taken_are_normal_at_once(void **state)
{
	struct vector_file file;
	size_t count = 0;

	(void)state;
	vector_file_open(&file, "kubelet-match.jsonl");
	while (vector_file_next(&file)) {
		const cJSON *secrets = cJSON_GetObjectItemCaseSensitive(file.json, "secrets");
		const cJSON *secret;

		cJSON_ArrayForEach(secret, secrets)
		{
			const char *text = cJSON_GetStringValue(secret);
			cJSON *config = text ? cJSON_Parse(text) : NULL;

			count += check_keys_of(&file, config);
			count += check_keys_of(&file, cJSON_GetObjectItem(config, "auths"));
			cJSON_Delete(config);
		}
	}
	vector_file_close(&file);
	assert_true(count > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_one_spelling),
	    cmocka_unit_test(normal_keys_stay),
	    cmocka_unit_test(appends_to_what_is_there),
	    cmocka_unit_test(says_why_a_key_is_refused),
	    cmocka_unit_test(messages_leave_out_what_may_be_a_credential),
	    cmocka_unit_test(messages_leave_out_passwords_that_hold_delimiters),
	    cmocka_unit_test(a_path_fits_into_an_image_name),
	    cmocka_unit_test(a_host_may_be_long),
	    cmocka_unit_test(a_key_beyond_all_measure_is_refused),
	    cmocka_unit_test(finds_keys_that_are_one_to_the_kubelet),
	    cmocka_unit_test(takes_the_keys_that_match_and_keeps_their_meaning),
	    cmocka_unit_test(all_keys_that_are_taken_are_normal_at_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("registry_key", tests, give_cjson_our_memory, NULL);
}
