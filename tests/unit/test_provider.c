#include "regcred/base/memory.h"
#include "regcred/registry/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ZERO_GUID "00000000-0000-0000-0000-000000000000"
#define JSON_KEY  "{\n  \"type\": \"service_account\"\n}\n"
#define BASE64    "ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCIKfQo="
#define JWT       "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.c2lnbmF0dXJl"
#define ECR       "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
#define GOOGLE    "europe-docker.pkg.dev"

static const struct provider *find(const char *registry)
{
	return registry ? provider_find(registry) : NULL;
}

static const char *id_of(const char *registry)
{
	const struct provider *provider = find(registry);

	return provider ? provider->id : "none";
}

static const struct {
	const char *registry;
	const char *id;
} hosts[] = {
    {"https://index.docker.io/v1/", "docker-hub"},
    {"docker.io/team", "docker-hub"},
    {"ghcr.io", "ghcr"},
    {"ghcr.io:443", "ghcr"},
    {"ghcr.io/team/app", "ghcr"},
    {"ghcr.io.example.com", "none"},
    {"xghcr.io", "none"},
    {"team.ghcr.io", "none"},
    {"registry.gitlab.com/group", "gitlab"},
    {"registry.gitlab.example.com", "none"},
    {"quay.io", "quay"},
    {ECR, "ecr"},
    {ECR "/team", "ecr"},
    {"123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "ecr"},
    {"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "ecr"},
    {"123456789012.dkr-ecr.us-east-1.on.aws", "ecr"},
    {"*.dkr.ecr.us-east-1.amazonaws.com", "ecr"},
    {"dkr.ecr.us-east-1.amazonaws.com", "none"},
    {"a.b.dkr.ecr.us-east-1.amazonaws.com", "none"},
    {"s3.us-east-1.amazonaws.com", "none"},
    {"public.ecr.aws", "ecr-public"},
    {GOOGLE, "google"},
    {"us-central1-docker.pkg.dev/project/repo", "google"},
    {"-docker.pkg.dev.example.com", "none"},
    {"europe-npm.pkg.dev", "none"},
    {"gcr.io/project", "google"},
    {"eu.gcr.io", "google"},
    {"a.eu.gcr.io", "none"},
    {"myregistry.azurecr.io", "acr"},
    {"*.azurecr.io", "acr"},
    {"myregistry.azurecr.cn", "acr"},
    {"azurecr.io", "none"},
    {"registry.redhat.io", "redhat"},
    {"registry.digitalocean.com/team", "digitalocean"},
    {"icr.io", "icr"},
    {"de.icr.io", "icr"},
    {"cp.icr.io", "icr-entitled"},
    {"*.icr.io", "icr"},
    {"fra.ocir.io/tenancy", "ocir"},
    {"ocir.eu-frankfurt-1.oci.oraclecloud.com", "ocir"},
    {"nvcr.io", "ngc"},
    {"registry.cn-hangzhou.aliyuncs.com", "alibaba"},
    {"registry-vpc.cn-hangzhou.aliyuncs.com", "alibaba"},
    {"team-registry.cn-hangzhou.cr.aliyuncs.com", "alibaba"},
    {"crpi-1.cn-hangzhou.personal.cr.aliyuncs.com", "alibaba"},
    {"oss-cn-hangzhou.aliyuncs.com", "none"},
    {"team.jfrog.io", "jfrog"},
    {"harbor.example.com", "none"},
    {"localhost:5000", "none"},
    {"[::1]:5000", "none"},
    {"*", "none"},
    {"", "none"},
};

static void finds_the_provider_of_a_host(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++)
		assert_string_equal(id_of(hosts[i].registry), hosts[i].id);
}

/* A row without a text would be printed as (null); a host of its own must find
 * it, not a row before it. */
static void has_complete_rows(void **state)
{
	const struct provider *provider;
	size_t count = 0;

	(void)state;
	for (; (provider = provider_at(count)); count++) {
		const char *texts[] = {provider->name,   provider->hosts, provider->username,
		                       provider->secret, provider->life,  provider->least};
		char host[100];

		for (size_t i = 0; i < COUNT(texts); i++)
			assert_true(texts[i] && (*texts[i] || texts[i] == provider->hosts));
		for (size_t other = 0; other < count; other++)
			assert_string_not_equal(provider->id, provider_at(other)->id);
		for (const char *glob = provider->hosts; *glob; glob += strspn(glob, " ")) {
			size_t len = strcspn(glob, " ");

			assert_true(len < sizeof host);
			memcpy(host, glob, len);
			host[len] = '\0';
			assert_ptr_equal(provider_find(host), provider);
			glob += len;
		}
	}
	assert_int_equal(count, 28);
	assert_null(provider_at(count));
	assert_null(provider_at(SIZE_MAX));
}

static const struct {
	const char *registry;
	const char *secret;
	const char *username; /* NULL: none */
} usernames[] = {
    {"https://index.docker.io/v1/", "dckr_pat_x", NULL},
    {"ghcr.io", "ghp_x", NULL},
    {"registry.gitlab.com", "gldt-x", NULL},
    {"registry.gitlab.com", "glcbt-x", "gitlab-ci-token"},
    {"quay.io", "x", NULL},
    {ECR, "x", "AWS"},
    {"public.ecr.aws", "", "AWS"},
    {GOOGLE, JSON_KEY, "_json_key"},
    {GOOGLE, BASE64, "_json_key_base64"},
    {GOOGLE, "eyJ0eXBlIjoiIn0=", "_json_key_base64"},
    {GOOGLE, "e30", "_json_key_base64"},
    {GOOGLE, "ya29.x", "oauth2accesstoken"},
    {GOOGLE, JWT, "oauth2accesstoken"},
    {GOOGLE, "", "oauth2accesstoken"},
    {GOOGLE, "{", "oauth2accesstoken"},
    {GOOGLE, "[{}]", "oauth2accesstoken"},
    {"my.azurecr.io", JWT, ZERO_GUID},
    {"my.azurecr.io", "x", NULL},
    {"my.azurecr.io", "eyJ.x", NULL},
    {"my.azurecr.io", "eyJ.x.y.z", NULL},
    {"my.azurecr.io", "eyJ.x.y~", NULL},
    {"registry.redhat.io", JWT, NULL},
    {"registry.digitalocean.com", "dop_v1_x", NULL},
    {"icr.io", "x", "iamapikey"},
    {"de.icr.io", JWT, "iambearer"},
    {"cp.icr.io", JWT, "cp"},
    {"fra.ocir.io", "x", NULL},
    {"fra.ocir.io", JWT, "BEARER_TOKEN"},
    {"nvcr.io", "x", "$oauthtoken"},
    {"registry.cn-hangzhou.aliyuncs.com", "x", NULL},
    {"team.jfrog.io", JWT, NULL},
    {"harbor.example.com", "glcbt-x", NULL},
};

static void knows_the_fixed_user_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(usernames); i++) {
		const char *secret = usernames[i].secret;
		const char *username =
		    provider_username(find(usernames[i].registry), secret, strlen(secret));

		assert_string_equal(username ? username : "none",
		                    usernames[i].username ? usernames[i].username : "none");
	}
}

/* What is given without -u must never be doubted. */
static void does_not_doubt_its_own_user_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(usernames); i++)
		if (usernames[i].username)
			assert_null(provider_doubt_username(
			    find(usernames[i].registry), usernames[i].username, usernames[i].secret,
			    strlen(usernames[i].secret)));
}

static const struct {
	const char *registry;
	const char *username;
	const char *secret;
	const char *sentence; /* how it begins; NULL: no doubt */
} pairs[] = {
    {"private.us.icr.io", "bob", "x", "is not one that IBM Cloud accepts"},
    {"eu.gcr.io", "bob", "x", "is not one that Google's registries accept"},
    {"harbor.example.com", "robot", "x", "looks like what a shell leaves"},
    {"harbor.example.com", "robot+ci", "x", "looks like what a shell leaves"},
    {"harbor.example.com", "robot$", "x", "lacks a part"},
    {"harbor.example.com", "robot$team+", "x", "lacks a part"},
    {"harbor.example.com", "robot$+ci", "x", "lacks a part"},
    {"harbor.example.com", "robot\\$ci", "x", "has a backslash"},
    {"harbor.example.com", "robot$ci", "x", NULL},
    {"harbor.example.com", "robot$team+ci", "x", NULL},
    {"harbor.example.com", "robots", "x", NULL},
    {"harbor.example.com", "robot-ci", "x", NULL},
    {"harbor.example.com", "a@example.com", JSON_KEY, NULL},
    {"harbor.example.com", "", "", NULL},
    {"ghcr.io", "robot", "ghp_x", NULL}, /* a user may be called so */
    {"quay.io", "robot+ci", "x", NULL},
    {"quay.io", "someone", "x", NULL},
    {"ghcr.io", "robot$", "x", "lacks a part"},
    {"https://index.docker.io/v1/", "a@example.com", "dckr_oat_x", "is an e-mail address"},
    {"https://index.docker.io/v1/", "a@example.com", "dckr_pat_x", NULL},
    {"https://index.docker.io/v1/", "team", "dckr_oat_x", NULL},
    {"registry.gitlab.com", "someone", "glcbt-x", "does not go with a GitLab CI job token"},
    {"git.example.com:5050", "gitlab-ci-token", "gldt-x", "does not go with a GitLab deploy"},
    {"git.example.com:5050", "gitlab-ci-token", "glpat-x", NULL},
    {"registry.gitlab.com", "gitlab+deploy-token-1", "gldt-x", NULL},
    {ECR, "aws", "x", "is not AWS"},
    {ECR, "AWSx", "x", "is not AWS"},
    {"public.ecr.aws", "someone", "x", "is not AWS"},
    {GOOGLE, "a@example.com", JSON_KEY, "does not go with a JSON key"},
    {GOOGLE, "_json_key_base64", JSON_KEY, "does not go with a JSON key"},
    {GOOGLE, "oauth2accesstoken", BASE64, "does not go with a JSON key in base64"},
    {GOOGLE, "_json_key", "ya29.x", "is for a service account's JSON key"},
    {GOOGLE, "_json_key_base64", "ya29.x", "is for a JSON key in base64"},
    {GOOGLE, "_token", "ya29.x", NULL},
    {"my.azurecr.io", ZERO_GUID, "x", "is for an access token"},
    {"my.azurecr.io", "token1", "x", NULL},
    {"registry.redhat.io", "12345678", "x", "is only the number"},
    {"registry.redhat.io", "12345678|", "x", "is only the number"},
    {"registry.redhat.io", "12345678|ci", "x", NULL},
    {"registry.redhat.io", "someone1", "x", NULL},
    {"registry.redhat.io", "", "x", NULL},
    {"icr.io", "a@example.com", "x", "is an e-mail address"},
    {"icr.io", "iamapikey", JWT, "is for an API key"},
    {"icr.io", "iambearer", "x", "is for a bearer token"},
    {"icr.io", "Profile-1234", "x", NULL},
    {"cp.icr.io", "a@example.com", "x", "is an e-mail address"},
    {"fra.ocir.io", "someone", "x", "names no tenancy"},
    {"fra.ocir.io", "tenancy/domain/someone", "x", NULL},
    {"fra.ocir.io", "BEARER_TOKEN", "x", "is for a bearer token"},
    {"nvcr.io", "", "x", "is not $oauthtoken"},
    {"nvcr.io", "\\$oauthtoken", "x", "is not $oauthtoken"},
    {"nvcr.io", "oauthtoken", "x", "is not $oauthtoken"},
};

static void doubts_what_cannot_be_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		const char *expected = pairs[i].sentence;
		const struct provider_remark *doubt =
		    provider_doubt_username(find(pairs[i].registry), pairs[i].username,
		                            pairs[i].secret, strlen(pairs[i].secret));

		if (!expected && doubt)
			fail_msg("%s at %s %s", pairs[i].username, pairs[i].registry,
			         doubt->sentence);
		if (expected && (!doubt || strncmp(doubt->sentence, expected, strlen(expected))))
			fail_msg("%s at %s: %s", pairs[i].username, pairs[i].registry,
			         doubt ? doubt->sentence : "no doubt");
		assert_true(!doubt || *doubt->hint);
	}
}

static const struct {
	const char *registry;
	const char *username;
	const char *secret;
	const char *says; /* NULL: not known to be short-lived */
} spans[] = {
    {"ghcr.io", "someone", "ghs_x", "1 hour"},
    {"containers.ghe.example.com", "someone", "ghs_x", "1 hour"},
    {"ghcr.io", "someone", "ghp_x", NULL},
    {"ghcr.io", "someone", "ghs", NULL},
    {"registry.gitlab.com", "gitlab-ci-token", "x", "expires with its job"},
    {"git.example.com:5050", "gitlab-ci-token", "x", "expires with its job"},
    {"git.example.com:5050", "gitlab-ci-token", "glpat-x", NULL},
    {"git.example.com:5050", "someone", "glcbt-x", "expires with its job"},
    {"registry.gitlab.com", "gitlab+deploy-token-1", "gldt-x", NULL},
    {ECR, "AWS", "x", "12 hours"},
    {"public.ecr.aws", "AWS", "x", "12 hours"},
    {GOOGLE, "oauth2accesstoken", "x", "1 hour"},
    {GOOGLE, "someone", "ya29.x", "1 hour"},
    {GOOGLE, "_json_key", JSON_KEY, NULL},
    {GOOGLE, "_json_key_base64", BASE64, NULL},
    {"my.azurecr.io", ZERO_GUID, JWT, "3 hours"},
    {"my.azurecr.io", "token1", "x", NULL},
    {"icr.io", "iambearer", JWT, "1 hour"},
    {"icr.io", "iamapikey", "x", NULL},
    {"registry.cn-hangzhou.aliyuncs.com", "cr_temp_user", "x", "1 hour"},
    {"registry.cn-hangzhou.aliyuncs.com", "someone", "x", NULL},
    {"registry.example.com", "cr_temp_user", "x", NULL},
    {"registry.example.com", "oauth2accesstoken", "ya29.x", NULL},
};

static void knows_what_does_not_last(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spans); i++) {
		const struct provider_remark *life =
		    provider_life(find(spans[i].registry), spans[i].username, spans[i].secret,
		                  strlen(spans[i].secret));

		assert_int_equal(life != NULL, spans[i].says != NULL);
		assert_true(!life || strstr(life->sentence, spans[i].says));
		assert_true(!life || (*life->sentence && *life->hint));
	}
}

/* A secret is bytes: NUL ends nothing, and is in no alphabet. */
static void reads_no_further_than_the_secret(void **state)
{
	static const char secret[] = "eyJ0\0eXBl";

	(void)state;
	assert_string_equal(provider_username(find(GOOGLE), secret, sizeof secret - 1),
	                    "oauth2accesstoken");
	assert_string_equal(provider_username(find(GOOGLE), JSON_KEY, 1), "oauth2accesstoken");
	assert_null(provider_life(find("ghcr.io"), "someone", "ghs_x", 3));
	assert_string_equal(provider_username(find(GOOGLE), "", 0), "oauth2accesstoken");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_the_provider_of_a_host),
	    cmocka_unit_test(has_complete_rows),
	    cmocka_unit_test(knows_the_fixed_user_name),
	    cmocka_unit_test(does_not_doubt_its_own_user_names),
	    cmocka_unit_test(doubts_what_cannot_be_right),
	    cmocka_unit_test(knows_what_does_not_last),
	    cmocka_unit_test(reads_no_further_than_the_secret),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("provider", tests, NULL, NULL);
}
