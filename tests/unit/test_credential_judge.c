#include "regcred/docker/credential_judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"
#include "regcred/registry/registry_trap.h"

#define ECR       "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
#define GHP       "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
#define HUB       "https://index.docker.io/v1/"
#define BOM       "\xEF\xBB\xBF"
#define INVISIBLE "\xE2\x80\x8B"
#define NOBREAK   "\xC2\xA0"

/* All verdicts, such as "secret-placeholder!": one that refuses ends in "!", one of an
 * unfilled variable in "?". */
static void note(void *context, const struct credential_verdict *verdict)
{
	char *text = context;

	assert_true(*verdict->sentence && *verdict->hint);
	sprintf(text + strlen(text), "%s%s%s", *text ? " " : "", diagnostic_id(verdict->diagnostic),
	        verdict->refused    ? "!"
	        : verdict->unfilled ? "?"
	                            : "");
}

static const struct {
	const char *registry, *username, *password, *verdicts;
} cases[] = {
    {"registry.example.com", "bob", "hunter2", ""},
    {NULL, "bob", "hunter2", ""},

    /* passwords that are something else */
    {"registry.example.com", "bob", "   ", "password-invalid!"},
    {"registry.example.com", "bob", BOM, "password-invalid!"},
    {"registry.example.com", "bob", "{\"auths\":{\"ghcr.io\":{}}}", "password-invalid!"},
    {"registry.example.com", "bob", "{\"authorizationData\":[]}", "password-invalid!"},
    {"registry.example.com", "bob", "{\"accessToken\":\"x\"}", "password-invalid!"},
    {"registry.example.com", "bob", "{\"Username\":\"a\",\"Secret\":\"b\"}", "password-invalid!"},
    {"registry.example.com", "bob", "{\"Username\":\"a\"}", ""},
    {"registry.example.com", "bob", "{\"name\":\"robot$a\",\"secret\":\"b\"}", "password-invalid!"},
    {"registry.example.com", "bob", "{\"apiVersion\":\"v1\",\"kind\":\"Secret\"}",
     "password-invalid!"},
    {"registry.example.com", "bob", "eyJhdXRocyI6eyJnaGNyLmlvIjp7fX19", "password-invalid!"},
    {"registry.example.com", "bob", "eyJhbnkiOiJ0aGluZyJ9", ""},
    {"europe-docker.pkg.dev", "_json_key", "{\"type\":\"authorized_user\"}", "password-invalid!"},
    {"europe-docker.pkg.dev", "_json_key", "{\"type\":\"external_account\"}", "password-invalid!"},
    {"europe-docker.pkg.dev", "_json_key", "{\"type\":\"service_account\"}", ""},
    {"europe-docker.pkg.dev", "_json_key", " {\"type\":\"service_account\"}\n", ""},
    {ECR, "AWS", "QVdTOmh1bnRlcjI=", "password-invalid!"},
    {"registry.example.com", "bob", "QVdTOmh1bnRlcjI=", "password-invalid!"},
    {"registry.example.com", "bob", "QVdTO", ""},

    /* placeholders, and variables that were not expanded */
    {"registry.example.com", "bob", "%!s(MISSING)", "secret-placeholder!"},
    {"registry.example.com", "bob", "map[a:b]", "secret-placeholder!"},
    {"registry.example.com", "bob", "map[]", "secret-placeholder!"},
    {"registry.example.com", "bob", "$(cat token.txt)", "secret-placeholder?"},
    {"registry.example.com", "(null)", "hunter2", "secret-placeholder!"},
    {"registry.example.com", "bob", "$env:TOKEN", "secret-placeholder?"},
    {"registry.example.com", "bob", "${TOKEN:-}", "secret-placeholder?"},
    {"registry.example.com", "bob", "#{TOKEN}#", "secret-placeholder?"},
    {"registry.example.com", "bob", "((token))", "secret-placeholder?"},
    {"registry.example.com", "bob", "%!s", ""},
    {"registry.example.com", "bob", "$2y$10$abcdefg", ""},

    /* what holds more than the secret */
    {"registry.example.com", "bob", "export TOKEN=hunter2", "credential-doubtful"},
    {"registry.example.com", "bob", "hunter2 ", "credential-doubtful"},
    {"registry.example.com", "bob", "\thunter2", "credential-doubtful"},
    {"registry.example.com", "bob", "hunter 2", ""},
    {"registry.example.com", "bob", "\"hunter2\"", "credential-doubtful"},
    {"registry.example.com", "bob", "'hunter2'", "credential-doubtful"},
    {"registry.example.com", "bob", "hunter\"2", ""},
    {"registry.example.com", "bob", "\"hunter2'", ""},
    {"registry.example.com", "bob", "TOKEN=hunter2", "credential-doubtful"},
    {"registry.example.com", "bob", "A_2=x", "credential-doubtful"},
    {"registry.example.com", "bob", "AB=x", ""},
    {"registry.example.com", "bob", "token=x", ""},
    {"registry.example.com", "bob", "QUJDRA==", ""},
    {"registry.example.com", "bob", "TOKEN=", ""},
    {"registry.example.com", "bob", "Bearer hunter2", "credential-doubtful"},
    {"registry.example.com", "bob", "Basic aHVudGVyMg==", "credential-doubtful"},
    {"registry.example.com", "bob", "Bearerhunter2", ""},
    {"registry.example.com", "bob", "hunter" INVISIBLE "2", "credential-doubtful"},
    {"registry.example.com", "bob", BOM "hunter2", "credential-doubtful"},
    {"registry.example.com", "bob" NOBREAK, "hunter2", "credential-doubtful"},
    {"registry.example.com",
     "b\xC3\xB6"
     "b",
     "h\xC3\xBCnter2", ""},
    {"registry.example.com", "bob ", "hunter2 ", "credential-doubtful credential-doubtful"},
    {"registry.example.com", "bob--docker-password=hunter2", "x", "credential-doubtful"},
    {"registry.example.com", "bob--password-stdin", "x", "credential-doubtful"},
    {"registry.example.com", "bob--builder", "x", ""},

    /* nothing filled it in */
    {"registry.example.com", "<your-name>", "hunter2", "secret-placeholder!"},
    {"registry.example.com", "<token>x", "hunter2", ""},
    {"registry.example.com", "<token>", "hunter2", ""},
    {"registry.example.com", "bob", "<your-password>", "secret-placeholder!"},
    {"registry.example.com", "bob", "CHANGE_ME", "secret-placeholder!"},
    {"registry.example.com", "bob", "YOUR_PASSWORD", "secret-placeholder!"},
    {"registry.example.com", "bob", "REDACTED", "secret-placeholder!"},
    {"registry.example.com", "bob", "%!s(<nil>)", "secret-placeholder!"},
    {"registry.example.com", "bob", "undefined", "secret-placeholder!"},
    {"registry.example.com", "bob", "None", "secret-placeholder!"},
    {"registry.example.com", "bob", "Nonesuch", ""},
    {"registry.example.com", "bob", "$TOKEN", "secret-placeholder?"},
    {"registry.example.com", "bob", "${TOKEN}", "secret-placeholder?"},
    {"registry.example.com", "bob", "$(GHCR_TOKEN)", "secret-placeholder?"},
    {"registry.example.com", "bob", "${{ secrets.GHCR_TOKEN }}", "secret-placeholder?"},
    {"registry.example.com", "bob", "{{ .Values.password }}", "secret-placeholder?"},
    {"registry.example.com", "bob", "%TOKEN%", "secret-placeholder?"},
    {"registry.example.com", "$USER", "$TOKEN", "secret-placeholder? secret-placeholder?"},
    {"registry.example.com", "bob", "$TOKEN.", ""},
    {"registry.example.com", "bob", "$1abc", ""},
    {"registry.example.com", "bob", "100%", ""},
    {"registry.example.com", "bob", "$(", ""},
    {"nvcr.io", "$oauthtoken", "nvapi-x", ""},
    {"quay.io", "$app", "hunter2", ""},

    /* a token of another provider */
    {HUB, "bob", GHP, "token-provider"},
    {HUB, "bob", "glpat-ABCDEFGHIJKLMNOPQRST", "token-provider"},
    {HUB, "bob", "dckr_pat_ABCDEFGHIJKLMNOP", ""},
    {"ghcr.io", "bob", "dckr_pat_ABCDEFGHIJKLMNOP", "token-provider"},
    {"quay.io", "bob", "dop_v1_0123456789", "token-provider"},
    {"ghcr.io", "bob", GHP, ""},
    {"ghcr.io/acme/", "bob", GHP, ""},
    {"registry.example.com", "bob", GHP, ""},
    {"ghcr.io", "bob", "github_pat_11ABCDEFG0abcdefghijkl", "token-provider"},
    {HUB, "bob", "ghp_xxxxxxxxxxxx", "secret-placeholder!"},

    /* what a registry is known to want */
    {ECR, "AWS", "hunter2", "credential-doubtful token-short-lived"},
    {ECR, "bob", "eyJwYXlsb2FkIjoieCJ9", "username-provider token-short-lived"},
    {"acme.westeurope.geo.azurecr.io", "00000000-0000-0000-0000-000000000000", "x",
     "username-provider token-short-lived"},
    {"private.us.icr.io", "a@example.com", "x", "username-provider"},
    {"stg.nvcr.io", "x", "y", "username-provider"},
    {"ecr-public.aws.com", "x", "eyJwYXlsb2FkIjoieCJ9", "username-provider token-short-lived"},
    {"registry.connect.redhat.com", "12345", "y", "username-provider"},
    {"acme.tencentcloudcr.com", "tcr", "y", "username-provider"},
    {"registry.example.com", "bob", "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.c2ln",
     "token-expired!"},

    /* hosts that are not the registry that was meant */
    {"ghrc.io", "bob", "hunter2", "registry-lookalike!"},
    {"gchr.io", "bob", "hunter2", "registry-lookalike"},
    {"gccr.io", "bob", "hunter2", "registry-lookalike"},
    {"qauy.io", "bob", "hunter2", "registry-lookalike"},
    {"ghcr.com", "bob", "hunter2", "registry-lookalike"},
    {"registry.gitlab.io", "bob", "hunter2", "registry-lookalike"},
    {"acme.azurcr.io", "bob", "hunter2", "registry-lookalike"},
    {"acme.azurecr.com", "bob", "hunter2", "registry-lookalike"},
    {"eu.gcr.oi", "bob", "hunter2", "registry-lookalike"},
    {"mcr.microsft.com", "bob", "hunter2", "registry-lookalike"},
    {"europe-docker.pgk.dev", "bob", "hunter2", "registry-lookalike"},
    {"lcr.io", "bob", "hunter2", "registry-lookalike"},
    {"jcr.io", "bob", "hunter2", ""},
    {"quay.example.com", "bob", "hunter2", ""},
    {"ghcr.io.example.com", "bob", "hunter2", ""},
    {"registry.gitlab.example.com", "bob", "hunter2", ""},
    {"docker.local:5000", "bob", "hunter2", ""},
    {"registry.k8s.io", "bob", "hunter2", ""},
    {"github.com", "bob", "hunter2", "registry-no-images"},
    {"github.com/acme/app/pkgs/container/app", "bob", "hunter2", "registry-no-images!"},
    {"gitlab.com", "bob", "hunter2", "registry-no-images"},
    {"docker.com", "bob", "hunter2", "registry-no-images"},
    {"hub.docker.io", "bob", "hunter2", "registry-no-images"},
    {"gitlab.io", "bob", "hunter2", "registry-no-images"},
    {"docker.pkg.github.com", "bob", "hunter2", "registry-no-images"},
    {"azurecr.io", "bob", "hunter2", "registry-no-images"},
    {"pkg.dev", "bob", "hunter2", "registry-no-images"},
    {"dkr.ecr.eu-west-1.amazonaws.com", "AWS", "hunter2", "registry-no-images"},
    {"123456789012.ecr.eu-west-1.amazonaws.com", "AWS", "hunter2", "registry-no-images"},
    {"123456789012.drk.ecr.eu-west-1.amazonaws.com", "AWS", "hunter2", "registry-no-images"},
    {"europe-npm.pkg.dev", "bob", "hunter2", "registry-no-images"},
    {"github.example.com", "bob", "hunter2", ""},
    {"*", "bob", "hunter2", "registry-no-images"},
    {"*/team", "bob", "hunter2", "registry-no-images"},
    {"*:5000", "bob", "hunter2", ""},
    {"*.example.com", "bob", "hunter2", ""},
    {"123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "AWS", "eyJwYXlsb2FkIjoieCJ9",
     "token-short-lived"},
    {"us.icr.io", "iamapikey", "hunter2", ""},
};

static void test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char verdicts[1024] = "";
		const struct credential_case credential = {
		    .registry = cases[i].registry,
		    .username = view_of(cases[i].username),
		    .password = view_of(cases[i].password),
		    .now = 1800000000,
		};

		credential_judge(&credential, note, verdicts);
		if (strcmp(verdicts, cases[i].verdicts) != 0)
			print_message("%s %s %s\n", cases[i].registry, cases[i].username,
			              cases[i].password);
		assert_string_equal(verdicts, cases[i].verdicts);
	}
}

static void test_bom_is_dropped_once(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(64);

	(void)state;
	assert_false(credential_drop_bom(&text));
	buf_append_string(&text, BOM BOM "x");
	assert_true(credential_drop_bom(&text));
	assert_string_equal(text.data, BOM "x");
	assert_int_equal(text.len, 4);
	buf_truncate(&text, 3); /* nothing else: no password is left of it */
	assert_false(credential_drop_bom(&text));
}

static void test_what_is_shown_of_a_user_name(void **state)
{
	static const char *const names[][2] = {
	    {"", ""},
	    {"bob", "bob"},
	    {"bob--builder", "bob--builder"},
	    {"bob--docker-password=hunter2", "bob--docker-password"},
	    {"bob --password hunter2", "bob --password"},
	    {"bob--password-stdin", "bob--password-stdin"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct view shown = credential_username_shown(view_of(names[i][0]));

		assert_true(view_is(shown, names[i][1]));
	}
}

/* A hint that says "write HOST" never names such a host. */
static void test_proposals(void **state)
{
	(void)state;
	assert_false(registry_trap_may_propose(view_of("ghrc.io/acme/app")));
	assert_false(registry_trap_may_propose(view_of("gchr.io")));
	assert_false(registry_trap_may_propose(view_of("github.com/acme/app")));
	assert_true(registry_trap_may_propose(view_of("ghcr.io/acme/app")));
	assert_true(registry_trap_may_propose(view_of("registry.example.com")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_verdicts),
	    cmocka_unit_test(test_bom_is_dropped_once),
	    cmocka_unit_test(test_what_is_shown_of_a_user_name),
	    cmocka_unit_test(test_proposals),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("credential_judge", tests, NULL, NULL);
}
