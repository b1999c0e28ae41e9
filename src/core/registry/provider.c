#include "regcred/registry/provider.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/json/json_reader.h"
#include "regcred/registry/glob.h"
#include "regcred/registry/image_reference.h"

/* --- the providers ------------------------------------------------------------ */

/* The user name that says: the secret is a token of Microsoft Entra. */
#define ACR_ZERO_GUID "00000000-0000-0000-0000-000000000000"

static const struct provider providers[] = {
    /* docs.docker.com: security/access-tokens, enterprise/security/access-tokens, dhi */
    {.id = "docker-hub",
     .name = "Docker Hub",
     .hosts = "index.docker.io docker.io dhi.io",
     .tokens = "dckr_pat_ dckr_oat_",
     .registry = "docker.io",
     .username =
         "the Docker ID, not the e-mail address; for an organisation's token the organisation",
     .secret = "personal (dckr_pat_...) or organisation (dckr_oat_...) access token",
     .life = "as chosen, or no expiry",
     .least = "a token with Public Repo Read-only or Read-only; an organisation's with Image Pull "
              "on the repositories needed"},
    /* docs.github.com: packages, working-with-the-container-registry; actions,
     * github_token; apps, authenticating as an installation. The prefixes: github.blog,
     * Behind GitHub's new authentication token formats. */
    {.id = "ghcr",
     .name = "GitHub Container Registry",
     .hosts = "ghcr.io containers.*.ghe.com",
     .tokens = "ghp_ gho_ ghu_ ghs_ github_pat_",
     .registry = "ghcr.io",
     .username = "the GitHub user",
     .secret =
         "classic personal access token (ghp_...); a GitHub App's installation token (ghs_...), "
         "such as a job's GITHUB_TOKEN; fine-grained tokens (github_pat_...) are not accepted",
     .life = "as chosen; an installation token 1 hour, GITHUB_TOKEN until the job finishes",
     .least = "read:packages"},
    /* docs.gitlab.com: user/project/deploy_tokens, authenticate_with_container_registry,
     * security/tokens (prefixes); its own hosts have any name. */
    {.id = "gitlab",
     .name = "GitLab",
     .hosts = "registry.gitlab.com",
     .tokens = "glpat- gldt- glcbt-",
     .registry = "registry.gitlab.com",
     .username = "the deploy token's user name, gitlab+deploy-token-N unless another was chosen; "
                 "gitlab-ci-token for a job token",
     .secret = "deploy token (gldt-...), personal access token (glpat-...), job token (glcbt-... "
               "or a JWT); an instance may have another prefix than gl",
     .life = "as chosen; a job token expires with the job",
     .least = "a deploy token with read_registry",
     .fixed = {{"gitlab-ci-token", "glcbt-"}}},
    /* docs.redhat.com: Red Hat Quay, Managing access and permissions, Robot accounts */
    {.id = "quay",
     .name = "Quay.io",
     .hosts = "quay.io",
     .username = "NAMESPACE+ROBOT",
     .secret = "the robot's token",
     .life = "no expiry; a token of robot federation expires",
     .least = "a robot account with Read on the repositories needed"},
    /* docs.aws.amazon.com: AmazonECR registry_auth, GetAuthorizationToken. Hosts:
     * awslabs/amazon-ecr-credential-helper, ecr-login/api/client.go. */
    {.id = "ecr",
     .name = "Amazon ECR",
     .hosts = "*.dkr.ecr.*.amazonaws.com *.dkr.ecr-fips.*.amazonaws.com "
              "*.dkr.ecr.*.amazonaws.com.cn *.dkr.ecr.*.amazonaws.eu *.dkr-ecr.*.on.aws "
              "*.dkr-ecr-fips.*.on.aws *.dkr-ecr.*.on.amazonwebservices.com.cn",
     .username = "AWS",
     .secret = "what aws ecr get-login-password prints",
     .life = "12 hours",
     .least = "AmazonEC2ContainerRegistryPullOnly",
     .fixed = {{"AWS", ""}}},
    /* docs.aws.amazon.com: AmazonECR/latest/public, public-registry-auth */
    {.id = "ecr-public",
     .name = "Amazon ECR Public",
     .hosts = "public.ecr.aws ecr-public.aws.com",
     .username = "AWS",
     .secret = "what aws ecr-public get-login-password --region us-east-1 prints",
     .life = "12 hours",
     .least = "ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken; pulling works "
              "without any, at a lower rate",
     .fixed = {{"AWS", ""}}},
    /* docs.cloud.google.com: artifact-registry/docs/docker/authentication */
    {.id = "google",
     .name = "Google Artifact Registry",
     .hosts = "*-docker.pkg.dev gcr.io *.gcr.io",
     .tokens = "ya29.",
     .registry = "REGION-docker.pkg.dev",
     .username = "_json_key; _json_key_base64; oauth2accesstoken",
     .secret = "a service account's JSON key, no other type of key; its base64; an access token "
               "(ya29....)",
     .life = "a key until it is deleted; an access token 1 hour",
     .least = "Artifact Registry Reader (roles/artifactregistry.reader)",
     .fixed = {{"_json_key", PROVIDER_JSON},
               {"_json_key_base64", PROVIDER_BASE64_JSON},
               {"oauth2accesstoken", ""}}},
    /* learn.microsoft.com: container-registry-authentication, -auth-kubernetes,
     * -rbac-abac-repository-permissions. Hosts: the ACR provider of
     * kubernetes-sigs/cloud-provider-azure. */
    {.id = "acr",
     .name = "Azure Container Registry",
     .hosts = "*.azurecr.io *.*.geo.azurecr.io *.azurecr.cn *.*.geo.azurecr.cn *.azurecr.de "
              "*.azurecr.us",
     .username = "a service principal's application id; a token's name; the registry's name for "
                 "the admin user; " ACR_ZERO_GUID " for an access token",
     .secret = "the service principal's secret; the token's or the admin's password; an access "
               "token (a JWT, from az acr login --expose-token)",
     .life = "a service principal's secret 1 year by default; an access token 3 hours",
     .least = "AcrPull, in ABAC mode Container Registry Repository Reader; for a token the scope "
              "map _repositories_pull",
     .login = "az acr login --expose-token prints an access token, which goes with the user "
              "name " ACR_ZERO_GUID
              "; it lasts 3 hours, a service principal's secret or a token of the registry longer",
     .fixed = {{ACR_ZERO_GUID, PROVIDER_JWT}}},
    /* goharbor.io/docs: create-robot-accounts */
    {.id = "harbor",
     .name = "Harbor",
     .hosts = "",
     .username = "robot$NAME, in a project robot$PROJECT+NAME",
     .secret = "the robot account's secret",
     .life = "30 days by default",
     .least = "a robot account with Pull Repository"},
    /* access.redhat.com/RegistryAuthentication */
    {.id = "redhat",
     .name = "Red Hat",
     .hosts = "registry.redhat.io registry.connect.redhat.com",
     .username = "NUMBER|NAME of a registry service account",
     .secret = "the service account's token",
     .life = "no expiry",
     .least = "a registry service account, which can only pull"},
    /* docs.digitalocean.com: container-registry, use-registry-docker-kubernetes;
     * reference/doctl: registry login, registry docker-config */
    {.id = "digitalocean",
     .name = "DigitalOcean",
     .hosts = "registry.digitalocean.com",
     .tokens = "dop_v1_",
     .registry = "registry.digitalocean.com",
     .username = "the account's e-mail address, or the token once more",
     .secret = "API token (dop_v1_...)",
     .life = "as chosen; doctl registry login 30 days by default, doctl registry docker-config no "
             "expiry",
     .least = "doctl registry docker-config NAME, read-only unless told otherwise"},
    /* www.ibm.com/docs: IBM Cloud Paks, Updating the global image pull secret */
    {.id = "icr-entitled",
     .name = "IBM Entitled Registry",
     .hosts = "cp.icr.io",
     .username = "cp",
     .secret = "entitlement key",
     .life = "no expiry",
     .least = "an entitlement key, which can only pull",
     .fixed = {{"cp", ""}}},
    /* cloud.ibm.com/docs/Registry: registry_access, registry_access_trusted_profiles,
     * registry_private */
    {.id = "icr",
     .name = "IBM Cloud Container Registry",
     .hosts = "icr.io *.icr.io private.*.icr.io",
     .username = "iamapikey; iambearer for a bearer token; a trusted profile's id",
     .secret = "API key of a service ID; IAM bearer token (a JWT)",
     .life = "an API key no expiry, unless one was chosen; a bearer token 1 hour",
     .least = "Reader on the namespace, for a service ID",
     .fixed = {{"iambearer", PROVIDER_JWT}, {"iamapikey", ""}}},
    /* docs.oracle.com: Registry, Pulling images using the Docker CLI. BEARER_TOKEN:
     * ateam-oracle.com, authentication-mechanisms-for-oci-container-registry-ocir */
    {.id = "ocir",
     .name = "Oracle Cloud Infrastructure Registry",
     .hosts = "ocir.*.oci.oraclecloud.com *.ocir.io",
     .username = "TENANCY/USER or TENANCY/DOMAIN/USER, the tenancy by its Object Storage "
                 "namespace; BEARER_TOKEN for a bearer token",
     .secret = "auth token, at most two for a user; bearer token (a JWT)",
     .life = "an auth token as chosen, or no expiry; a bearer token as it says itself",
     .least = "a user allowed to read repos in the compartment",
     .fixed = {{"BEARER_TOKEN", PROVIDER_JWT}}},
    /* docs.nvidia.com/ngc; org.ngc.nvidia.com/setup/api-keys */
    {.id = "ngc",
     .name = "NVIDIA NGC",
     .hosts = "nvcr.io stg.nvcr.io",
     .tokens = "nvapi-",
     .registry = "nvcr.io",
     .username = "$oauthtoken, in single quotes",
     .secret = "API key (nvapi-...)",
     .life = "as chosen",
     .least = "a key for the service NGC Catalog or Private Registry alone",
     .fixed = {{"$oauthtoken", ""}}},
    /* alibabacloud.com/help/en/acr: GetAuthorizationToken */
    {.id = "alibaba",
     .name = "Alibaba Cloud Container Registry",
     .hosts = "registry.*.aliyuncs.com registry-*.*.aliyuncs.com *.*.cr.aliyuncs.com "
              "*.*.personal.cr.aliyuncs.com",
     .username = "the account or RAM user; cr_temp_user for a temporary password",
     .secret = "the registry's own password, set in the console; a temporary password",
     .life = "no expiry; a temporary password 1 hour",
     .least = "a RAM user with AliyunContainerRegistryReadOnlyAccess"},
    /* jfrog.com/help: JFrog Platform Administration, Access Tokens; Artifactory release
     * notes 7.98 (no new API keys) */
    {.id = "jfrog",
     .name = "JFrog",
     .hosts = "*.jfrog.io",
     .username = "the user",
     .secret = "identity token or reference token (64 characters); no new API keys",
     .life = "as chosen",
     .least = "a user or scoped token with Read on the repositories needed"},
    /* edu.chainguard.dev: chainguard/chainguard-images, authenticating */
    {.id = "chainguard",
     .name = "Chainguard",
     .hosts = "cgr.dev",
     .username = "the pull token's own; _token for a token of 1 hour",
     .secret = "a pull token (chainctl auth pull-token); what chainctl auth token prints",
     .life = "a pull token 30 days by default, 1 year at most; the other 1 hour",
     .least = "a pull token, which can only pull"},
    /* yandex.cloud/docs: container-registry/operations/authentication */
    {.id = "yandex",
     .name = "Yandex Container Registry",
     .hosts = "cr.yandex",
     .username = "json_key; iam; oauth",
     .secret = "a service account's authorized key (JSON); an IAM token; an OAuth token",
     .life = "a key until it is deleted; an IAM token 12 hours; an OAuth token 1 year",
     .least = "container-registry.images.puller",
     .fixed = {{"json_key", PROVIDER_JSON}, {"iam", "t1."}, {"oauth", "y0_"}}},
    /* www.scaleway.com/docs: container-registry, connect with docker CLI */
    {.id = "scaleway",
     .name = "Scaleway",
     .hosts = "rg.*.scw.cloud",
     .username = "nologin; any name is accepted",
     .secret = "the secret key of an API key",
     .life = "as chosen",
     .least = "an IAM application with ContainerRegistryReadOnly",
     .fixed = {{"nologin", ""}}},
    /* docs.apps.rancher.io: authentication */
    {.id = "suse",
     .name = "SUSE Application Collection",
     .hosts = "dp.apps.rancher.io",
     .username = "the user's e-mail address, or a service account's name",
     .secret = "the access token or the service account's secret",
     .life = "as chosen",
     .least = "a service account, which can only pull"},
    /* techdocs.broadcom.com: Tanzu, registry authentication */
    {.id = "broadcom",
     .name = "Broadcom",
     .hosts = "*.packages.broadcom.com",
     .username = "the support account's e-mail address",
     .secret = "registry token of the support portal",
     .life = "as the portal shows it",
     .least = "a registry token, which can only pull"},
    /* help.cloudsmith.io: docker-registry */
    {.id = "cloudsmith",
     .name = "Cloudsmith",
     .hosts = "docker.cloudsmith.io",
     .username = "token for an entitlement token; the user's or service's name for an API key",
     .secret = "entitlement token; API key",
     .life = "as chosen",
     .least = "an entitlement token, which can only pull"},
    /* www.ibm.com/docs: Instana, self-hosted, image pull secret */
    {.id = "instana",
     .name = "Instana",
     .hosts = "containers.instana.io",
     .username = "_",
     .secret = "the agent key or download key",
     .life = "no expiry",
     .least = "the download key, which can only pull",
     .fixed = {{"_", ""}}},
    /* www.tencentcloud.com/document: TCR, service accounts */
    {.id = "tencent",
     .name = "Tencent Container Registry",
     .hosts = "*.tencentcloudcr.com",
     .username =
         "tcr$NAME of a service account, in single quotes; the account's id for a temporary token",
     .secret = "the service account's password; a temporary token",
     .life = "as chosen; a temporary token 1 hour",
     .least = "a service account with pull alone"},
    /* support.huaweicloud.com: SWR, obtaining a long-term login command */
    {.id = "huawei",
     .name = "Huawei SWR",
     .hosts = "swr.*.myhuaweicloud.com",
     .username = "REGION@ACCESSKEY",
     .secret = "the login key that the console makes of the access key",
     .life = "24 hours, or as long as the access key",
     .least = "an IAM user with SWR read-only permission"},
    /* fly.io/docs: flyctl auth docker, tokens create */
    {.id = "fly",
     .name = "Fly.io",
     .hosts = "registry.fly.io",
     .username = "x; any name is accepted",
     .secret = "what fly tokens create prints",
     .life = "as chosen",
     .least = "a token for one organisation, read-only"},
    /* docs.gitea.com: usage/packages/container; forgejo.org/docs: user/packages */
    {.id = "gitea",
     .name = "Gitea, Forgejo",
     .hosts = "",
     .username = "the user",
     .secret = "access token",
     .life = "no expiry",
     .least = "read:package"},
};

enum { PROVIDER_COUNT = COUNT(providers) };

/* --- looks -------------------------------------------------------------------- */

/* What a { and the byte after it, a quote, white space or a brace, become: two
 * digits, and one that shares its bits with the byte after. */
static bool begins_like_base64_object(const char *secret, size_t len)
{
	static const struct {
		const char *digits, *third;
	} beginnings[] = {{"ey", "IJKL" /* " */ "ABCD" /* blank */},
	                  {"ew", "opqr" /* LF */ "0123" /* CR */ "klmn" /* tab */},
	                  {"e3", "0123"}};

	for (size_t i = 0; len >= 3 && i < COUNT(beginnings); i++)
		if (memcmp(secret, beginnings[i].digits, 2) == 0 &&
		    view_consists_of((struct view){secret + 2, 1}, beginnings[i].third))
			return true;
	return false;
}

static bool has_two_dots(struct view text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == '.';
	return count == 2;
}

bool provider_looks_like(const char *look, const char *secret, size_t len)
{
	struct view text = {secret, len};

	if (strcmp(look, PROVIDER_JSON) == 0)
		return json_is_object(secret, len);
	if (strcmp(look, PROVIDER_BASE64_JSON) == 0)
		return begins_like_base64_object(secret, len) &&
		       view_consists_of(text, VIEW_ALNUM "+/=\r\n");
	if (strcmp(look, PROVIDER_JWT) == 0)
		return begins_like_base64_object(secret, len) &&
		       view_consists_of(text, VIEW_ALNUM "-_=.") && has_two_dots(text);
	return view_begins(text, view_of(look));
}

/* --- rules -------------------------------------------------------------------- */

enum match { IS, IS_NOT };

/* All of it must hold. */
struct rule {
	const char *provider; /* its id, or ANYWHERE; "harbor": no known host */
	enum match user;
	const char *users; /* globs; with IS_NOT "" is any user */
	enum match secret;
	const char *look;
};

/* What is said where it does. */
struct row {
	struct rule rule;
	struct provider_remark remark;
};

/* An unknown host may well be a Harbor. */
static bool rule_holds(const struct rule *rule, const struct provider *provider,
                       const char *username, const char *secret, size_t len)
{
	if (*rule->provider && strcmp(rule->provider, provider ? provider->id : "harbor") != 0)
		return false;
	return glob_list_matches(rule->users, view_of(username), '\0') == (rule->user == IS) &&
	       provider_looks_like(rule->look, secret, len) == (rule->secret == IS);
}

/* The first row whose rule holds counts. */
static const struct provider_remark *find_remark(const struct row *rows, size_t count,
                                                 const struct provider *provider,
                                                 const char *username, const char *secret,
                                                 size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (rule_holds(&rows[i].rule, provider, username, secret, len))
			return &rows[i].remark;
	return NULL;
}

#define ANYWHERE   "" /* the host may be any, known or not */
#define ANY_USER   IS_NOT, ""
#define ANY_SECRET IS, ""

/* Sources are those of the providers above. */
static const struct row doubts[] = {
    /* What shells make of Harbor's robot$NAME and robot$PROJECT+NAME. */
    {{ANYWHERE, IS, "robot$ robot$*+ robot$+*", ANY_SECRET},
     {"lacks a part of robot$PROJECT+NAME",
      "a shell takes $ and what follows for a variable: write -u 'robot$NAME', in single quotes"}},
    {{ANYWHERE, IS, "robot\\$*", ANY_SECRET},
     {"has a backslash, which no robot account has",
      "leave it out within single quotes: -u 'robot$NAME'"}},
    {{"harbor", IS, "robot robot+*", ANY_SECRET},
     {"looks like what a shell leaves of a Harbor robot account robot$NAME",
      "a shell takes $ and what follows for a variable: write -u 'robot$NAME', in single quotes"}},

    {{"docker-hub", IS, "*@*", IS, "dckr_oat_"},
     {"is an e-mail address, and the secret an organisation's access token",
      "such a token goes with the organisation's name"}},

    /* gitlab-org/gitlab lib/gitlab/auth.rb: build_access_token_check, deploy_token_check */
    {{ANYWHERE, IS_NOT, "gitlab-ci-token", IS, "glcbt-"},
     {"does not go with a GitLab CI job token", "a job token goes with gitlab-ci-token"}},
    {{ANYWHERE, IS, "gitlab-ci-token", IS, "gldt-"},
     {"does not go with a GitLab deploy token",
      "a deploy token goes with its own user name, such as gitlab+deploy-token-1"}},

    {{"ecr", IS_NOT, "AWS", ANY_SECRET}, {"is not AWS", "Amazon ECR accepts no other user name"}},
    {{"ecr-public", IS_NOT, "AWS", ANY_SECRET},
     {"is not AWS", "Amazon ECR Public accepts no other user name"}},

    {{"google", IS_NOT, "_json_key", IS, PROVIDER_JSON},
     {"does not go with a JSON key", "a service account's JSON key goes with _json_key"}},
    {{"google", IS_NOT, "_json_key_base64", IS, PROVIDER_BASE64_JSON},
     {"does not go with a JSON key in base64",
      "such a key goes with _json_key_base64, or decoded with _json_key"}},
    {{"google", IS, "_json_key", IS_NOT, PROVIDER_JSON},
     {"is for a service account's JSON key, which the secret is not",
      "give the whole key file as it is; an access token goes with oauth2accesstoken"}},
    {{"google", IS, "_json_key_base64", IS_NOT, PROVIDER_BASE64_JSON},
     {"is for a JSON key in base64, which the secret is not",
      "encode the whole key file; an access token goes with oauth2accesstoken"}},
    {{"google", IS_NOT, "_json_key _json_key_base64 oauth2accesstoken _token _dcg*", ANY_SECRET},
     {"is not one that Google's registries accept",
      "a service account's JSON key goes with _json_key, an access token with "
      "oauth2accesstoken"}},

    {{"acr", IS, ACR_ZERO_GUID, IS_NOT, PROVIDER_JWT},
     {"is for an access token, which the secret is not",
      "a service principal's secret goes with its application id, a token's password with the "
      "token's name"}},

    {{"redhat", IS, "# #|", ANY_SECRET},
     {"is only the number of a registry service account",
      "it goes on with | and a name: write -u '12345678|name', in single quotes"}},

    {{"icr", IS, "*@*", ANY_SECRET},
     {"is an e-mail address", "an API key goes with iamapikey, a bearer token with iambearer"}},
    {{"icr", IS, "iamapikey", IS, PROVIDER_JWT},
     {"is for an API key, and the secret is a JWT", "a bearer token goes with iambearer"}},
    {{"icr", IS, "iambearer", IS_NOT, PROVIDER_JWT},
     {"is for a bearer token, which the secret is not", "an API key goes with iamapikey"}},
    {{"icr", IS_NOT, "iamapikey iambearer iamrefresh token cp Profile-*", ANY_SECRET},
     {"is not one that IBM Cloud accepts",
      "an API key goes with iamapikey, a bearer token with iambearer"}},
    {{"icr-entitled", IS, "*@*", ANY_SECRET},
     {"is an e-mail address", "an entitlement key goes with cp"}},

    {{"ocir", IS_NOT, "*/* BEARER_TOKEN", ANY_SECRET},
     {"names no tenancy", "write TENANCY/USER, the tenancy by its Object Storage namespace"}},
    {{"ocir", IS, "BEARER_TOKEN", IS_NOT, PROVIDER_JWT},
     {"is for a bearer token, which the secret is not", "an auth token goes with TENANCY/USER"}},

    {{"tencent", IS, "tcr tcr\\$*", ANY_SECRET},
     {"looks like what a shell leaves of a service account tcr$NAME",
      "a shell takes $ and what follows for a variable: write -u 'tcr$NAME', in single quotes"}},
    {{"instana", IS_NOT, "_", ANY_SECRET}, {"is not _", "Instana accepts no other user name"}},
    {{"yandex", IS_NOT, "json_key", IS, PROVIDER_JSON},
     {"does not go with a JSON key", "an authorized key in JSON goes with json_key"}},
    {{"yandex", IS_NOT, "iam", IS, "t1."},
     {"does not go with an IAM token", "an IAM token goes with iam"}},

    {{"ngc", IS_NOT, "$oauthtoken", ANY_SECRET},
     {"is not $oauthtoken",
      "NGC accepts no other user name; write -u '$oauthtoken', in single quotes, or a shell takes "
      "it for a variable"}},
};

#define RENEW_HINT "renew the Secret before that"

static const struct row lives[] = {
    {{ANYWHERE, ANY_USER, IS, "ghs_"},
     {"is a GitHub App's token, such as GITHUB_TOKEN: it is valid for 1 hour, or until its job "
      "ends",
      "use a classic personal access token with read:packages"}},
    {{ANYWHERE, ANY_USER, IS, "glcbt-"},
     {"is a GitLab CI job token, which expires with its job",
      "use a deploy token with read_registry"}},
    /* A personal token goes with any user name, and is no job's. */
    {{ANYWHERE, IS, "gitlab-ci-token", IS_NOT, "glpat-"},
     {"is a GitLab CI job token, as the user name says, and expires with its job",
      "use a deploy token with read_registry"}},
    {{"ecr", ANY_USER, ANY_SECRET},
     {"is valid for 12 hours from its issue, as all of Amazon ECR's",
      "renew the Secret before that, or let the nodes' own role pull"}},
    {{"ecr-public", ANY_USER, ANY_SECRET},
     {"is valid for 12 hours from its issue, as all of Amazon ECR's", RENEW_HINT}},
    {{"google", ANY_USER, IS, "ya29."},
     {"is a Google access token, valid for 1 hour",
      "use a service account's JSON key with Artifact Registry Reader, or let the nodes' own "
      "service account pull"}},
    {{"google", IS, "oauth2accesstoken", ANY_SECRET},
     {"is a Google access token by its user name, valid for 1 hour",
      "use a service account's JSON key with Artifact Registry Reader, or let the nodes' own "
      "service account pull"}},
    {{"acr", IS, ACR_ZERO_GUID, ANY_SECRET},
     {"is an Azure access token, valid for 3 hours",
      "use a service principal that can pull, or a token of the registry"}},
    {{"icr", IS, "iambearer", ANY_SECRET},
     {"is an IAM bearer token, valid for 1 hour",
      "use the API key of a service ID with iamapikey"}},
    /* Both spellings stand in the API's reference, and in what it answers. */
    {{"alibaba", IS, "cr_temp_user temp_user_cr", ANY_SECRET},
     {"is a temporary password, valid for 1 hour", "use a RAM user's own registry password"}},
};

/* --- what the header offers --------------------------------------------------- */

struct view provider_host_of(struct view key)
{
	struct view scheme = view_of("https://"); /* only Docker Hub's key has it */

	if (view_begins(key, scheme))
		key = view_from(key, scheme.len);
	key = view_first(key, view_find(key, '/'));
	return image_domain_host(key);
}

const struct provider *provider_find_host(struct view host)
{
	for (size_t i = 0; i < PROVIDER_COUNT; i++)
		if (glob_list_matches(providers[i].hosts, host, '.'))
			return &providers[i];
	return NULL;
}

const struct provider *provider_find(const char *registry)
{
	return provider_find_host(provider_host_of(view_of(registry)));
}

const struct provider *provider_at(size_t index)
{
	return index < PROVIDER_COUNT ? &providers[index] : NULL;
}

const struct provider *provider_of_token(const char *secret, size_t len)
{
	for (size_t i = 0; i < PROVIDER_COUNT; i++) {
		struct view tokens = view_of(providers[i].tokens ? providers[i].tokens : "");

		while (tokens.len) {
			struct view prefix = view_take(&tokens, ' ');

			if (len > prefix.len && memcmp(secret, prefix.data, prefix.len) == 0)
				return &providers[i];
		}
	}
	return NULL;
}

const char *provider_username(const struct provider *provider, const char *secret, size_t len)
{
	for (size_t i = 0; provider && i < PROVIDER_FIXED_MAX; i++) {
		const struct provider_fixed *fixed = &provider->fixed[i];

		if (fixed->username && provider_looks_like(fixed->look, secret, len))
			return fixed->username;
	}
	return NULL;
}

const struct provider_remark *provider_doubt_username(const struct provider *provider,
                                                      const char *username, const char *secret,
                                                      size_t len)
{
	return find_remark(doubts, COUNT(doubts), provider, username, secret, len);
}

const struct provider_remark *provider_life(const struct provider *provider, const char *username,
                                            const char *secret, size_t len)
{
	return find_remark(lives, COUNT(lives), provider, username, secret, len);
}
