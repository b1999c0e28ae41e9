#include "regcred/registry/image_reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEX96 HEX64 "0123456789abcdef0123456789abcdef"

static const struct {
	const char *image, *domain, *path, *tag, *digest;
} sound[] = {
    {"ubuntu", "docker.io", "library/ubuntu", "", ""},
    {"ubuntu:22.04", "docker.io", "library/ubuntu", "22.04", ""},
    {"ubuntu:A_b.c-D", "docker.io", "library/ubuntu", "A_b.c-D", ""},
    {"ubuntu:_", "docker.io", "library/ubuntu", "_", ""},
    {"bob/app", "docker.io", "bob/app", "", ""},
    {"docker.io/ubuntu", "docker.io", "library/ubuntu", "", ""},
    {"docker.io/a/b/c", "docker.io", "a/b/c", "", ""},
    {"index.docker.io/ubuntu:1", "docker.io", "library/ubuntu", "1", ""},
    {"Docker.io/ubuntu", "Docker.io", "ubuntu", "", ""},
    {"INDEX.docker.io/x", "INDEX.docker.io", "x", "", ""},
    {"index.docker.io:443/x", "index.docker.io:443", "x", "", ""},
    {"localhost/x", "localhost", "x", "", ""},
    {"localhost:5000", "docker.io", "library/localhost", "5000", ""},
    {"localhost:5000/x:1", "localhost:5000", "x", "1", ""},
    {"Reg/x", "Reg", "x", "", ""},
    {"reg/x", "docker.io", "reg/x", "", ""},
    {"reg:05/x", "reg:05", "x", "", ""},
    {"a--b.c/x", "a--b.c", "x", "", ""},
    {"0.0.0.0/x", "0.0.0.0", "x", "", ""},
    {"[::1]/x", "[::1]", "x", "", ""},
    {"[2001:DB8::1]:5000/x:1", "[2001:DB8::1]:5000", "x", "1", ""},
    {"[:]:1/x", "[:]:1", "x", "", ""},
    {"reg_1.example.com/x", "", "reg_1.example.com/x", "", ""},
    {"a__b.c/x/y", "", "a__b.c/x/y", "", ""},
    {"reg.io/a.b_c__d---e/0", "reg.io", "a.b_c__d---e/0", "", ""},
    {"reg.io/x@sha256:" HEX64, "reg.io", "x", "", "sha256:" HEX64},
    {"reg.io/x:1@sha384:" HEX96, "reg.io", "x", "1", "sha384:" HEX96},
    {"x@sha512:" HEX64 HEX64, "docker.io", "library/x", "", "sha512:" HEX64 HEX64},
    {HEX64 ":1", "docker.io", "library/" HEX64, "1", ""},
    {HEX64 "0", "docker.io", "library/" HEX64 "0", "", ""},
};

static void parses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sound); i++) {
		CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
		struct image_reference reference;
		struct error error;
		size_t domain = strlen(sound[i].domain);

		if (!image_reference_parse(view_of(sound[i].image), &name, &reference, &error))
			fail_msg("%s: %s", sound[i].image, error.message);
		if (!view_is(reference.domain, sound[i].domain) ||
		    !view_is(reference.path, sound[i].path) ||
		    !view_is(reference.tag, sound[i].tag) ||
		    !view_is(reference.digest, sound[i].digest))
			fail_msg("%s is cut up otherwise", sound[i].image);
		assert_int_equal(reference.repository.len,
		                 domain + (domain > 0) + strlen(sound[i].path));
		assert_ptr_equal(reference.repository.data, name.data);
	}
}

static const struct {
	const char *image, *why, *hint;
} refused[] = {
    {"", "is empty", "variable"},
    {HEX64, "an image's ID", "@sha256"},
    {"https://reg.io/x", "has a scheme", "HOST"},
    {"docker://x", "has a scheme", "HOST"},
    {" x", "blank", "none"},
    {"x\n", "blank", "none"},
    {"x y", "blank", "none"},
    {"r\xC3\xA9g.io/x", "not visible ASCII", "xn--"},
    {"x\x7F", "not visible ASCII", ""},
    {"${REGISTRY}/x", "placeholder", "render"},
    {"{{ .Values.image }}", "placeholder", "render"},
    {"Ubuntu", "upper case", "write ubuntu"},
    {"Ubuntu:LATEST", "upper case", "write ubuntu:LATEST"},
    {"reg.io/Team/App@sha256:" HEX64, "upper case", "write reg.io/team/app@sha256:" HEX64},
    {"Reg/App", "upper case", "write reg/app"},
    {"GHCR.io:5000/Team/App:V1", "upper case", "write ghcr.io:5000/team/app:V1"},
    {"x@sha256:" HEX96, "digest", "64"},
    {"x@sha256:0123", "digest", "64"},
    {"x@", "digest", "64"},
    {"x@sha1:" HEX64, "digest", "64"},
    {"x@sha256:" HEX64 "@sha256:" HEX64, "digest", "64"},
    {"x:1@sha256:ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "digest", ""},
    {"u@reg.io/x", "has a user name", "HOST"},
    {"x:", "empty tag", "variable"},
    {"reg.io/x:@sha256:" HEX64, "empty tag", "variable"},
    {"x:-1", "malformed tag", "A-Z"},
    {"x:.1", "malformed tag", "A-Z"},
    {"x:1:2", "malformed tag", "A-Z"},
    {"x:a+b", "malformed tag", "A-Z"},
    {"reg..io/x", "an invalid host", "labels"},
    {"-reg.io/x", "an invalid host", "labels"},
    {"reg-.io/x", "an invalid host", "labels"},
    {".reg.io/x", "an invalid host", "labels"},
    {"reg.io./x", "an invalid host", "labels"},
    {"reg.io:/x", "an invalid host", "labels"},
    {"reg.io:x/x", "an invalid host", "labels"},
    {"reg:1:2/x", "an invalid host", "labels"},
    {"[]/x.y", "", ""},
    {"[::1/x", "an invalid host", ""},
    {"[::1]x/x", "an invalid host", ""},
    {"[::1%25en0]:1/x", "an invalid host", ""},
    {"Reg_1/x", "an invalid host", ""},
    {"reg___1.io/x", "an invalid host", ""},
    {"reg.io/", "no repository", "HOST/PATH"},
    {"/x", "empty component", "variable"},
    {"x/", "empty component", "variable"},
    {"reg.io//x", "empty component", "variable"},
    {"reg.io/x/", "empty component", "variable"},
    {"reg.io/x./y", "malformed repository", "components"},
    {"reg.io/x..y", "malformed repository", "components"},
    {"reg.io/x___y", "malformed repository", "components"},
    {"reg.io/x._y", "malformed repository", "components"},
    {"reg.io/-x", "malformed repository", "components"},
    {"reg.io/x_", "malformed repository", "components"},
    {"reg.io/x*", "malformed repository", "components"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
		struct image_reference reference;
		struct error error;

		if (image_reference_parse(view_of(refused[i].image), &name, &reference, &error))
			fail_msg("\"%s\" is accepted", refused[i].image);
		assert_int_equal(error.diagnostic, DIAGNOSTIC_IMAGE_INVALID);
		assert_int_equal(error.status, STATUS_USAGE);
		if (!strstr(error.message, refused[i].why) || !strstr(error.hint, refused[i].hint))
			fail_msg("%s / %s", error.message, error.hint);
		assert_true(*error.hint);
	}
}

static void refuses_zero_bytes(void **state)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct image_reference reference;
	struct error error;

	(void)state;
	assert_false(
	    image_reference_parse((struct view){"reg.io/x\0", 9}, &name, &reference, &error));
	assert_non_null(strstr(error.message, "not visible ASCII"));
}

static void hides_what_may_be_a_credential(void **state)
{
	static const char *const images[] = {
	    "https://u:hunter2@reg.io/x",
	    "u:hunter2@reg.io/x",
	    "u:hunter2@reg.io/X:1@sha256:0123",
	    "hunter2@reg.io/x y",
	};
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct image_reference reference;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(images); i++) {
		assert_false(image_reference_parse(view_of(images[i]), &name, &reference, &error));
		assert_null(strstr(error.message, "hunter2"));
		assert_null(strstr(error.hint, "hunter2"));
	}
}

/* `count` letters between two texts. */
static bool accepts(const char *before, size_t count, const char *behind)
{
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct image_reference reference;
	struct error error;

	buf_append_string(&image, before);
	buf_append_repeated(&image, 'a', count);
	buf_append_string(&image, behind);
	return image_reference_parse(view_of(image.data), &name, &reference, &error);
}

static void counts_lengths(void **state)
{
	(void)state;
	assert_true(accepts("reg.io/", IMAGE_PATH_MAX, ""));
	assert_false(accepts("reg.io/", IMAGE_PATH_MAX + 1, ""));
	assert_true(accepts("", IMAGE_PATH_MAX - 8, ":1"));
	assert_false(accepts("", IMAGE_PATH_MAX - 7, ":1"));
	assert_true(accepts("reg_1.", IMAGE_PATH_MAX - 8, "/x"));
	assert_false(accepts("reg_1.", IMAGE_PATH_MAX - 7, "/x"));
	assert_true(accepts("", 100000, ".io/x"));
	assert_true(accepts("x:", IMAGE_TAG_MAX, ""));
	assert_false(accepts("x:", IMAGE_TAG_MAX + 1, ""));
}

static void judges_starts_of_paths(void **state)
{
	static const struct {
		const char *text;
		enum image_path path;
		size_t at;
	} cases[] = {
	    {"", IMAGE_PATH_OPEN, 9},      {"a", IMAGE_PATH_WHOLE, 9},
	    {"a/", IMAGE_PATH_OPEN, 9},    {"a/b", IMAGE_PATH_WHOLE, 9},
	    {"a--", IMAGE_PATH_OPEN, 9},   {"a__", IMAGE_PATH_OPEN, 9},
	    {"a*", IMAGE_PATH_BROKEN, 1},  {"/a", IMAGE_PATH_BROKEN, 0},
	    {"a/B", IMAGE_PATH_BROKEN, 2}, {"a.-", IMAGE_PATH_BROKEN, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t at = 9;

		assert_int_equal(image_path_judge(view_of(cases[i].text), false, &at),
		                 cases[i].path);
		assert_int_equal(at, cases[i].at);
	}
	assert_int_equal(image_path_judge(view_of("*_*.io"), true, NULL), IMAGE_PATH_WHOLE);
	assert_true(image_host_is_valid(view_of("*-docker.pkg.dev"), true));
	assert_false(image_host_is_valid(view_of("*-docker.pkg.dev"), false));
	assert_false(image_host_is_valid(view_of("-*.io"), true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parses),
	    cmocka_unit_test(refuses),
	    cmocka_unit_test(refuses_zero_bytes),
	    cmocka_unit_test(hides_what_may_be_a_credential),
	    cmocka_unit_test(counts_lengths),
	    cmocka_unit_test(judges_starts_of_paths),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("image_reference", tests, NULL, NULL);
}
