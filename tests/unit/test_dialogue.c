/* Conversations with registries, as their documentation and what they send today show them,
 * and with servers that mean no good. */
#include "regcred/verify/dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"

enum { EXCHANGES_MAX = 9 };

#define BASIC           "Basic b2N0b2NhdDpzM2NyZXQ=" /* octocat:s3cret */
#define JSON            "Content-Type: application/json\r\n"
#define HTML            "Content-Type: text/html; charset=utf-8\r\n"
#define MANIFEST        "Content-Type: application/vnd.oci.image.index.v1+json\r\n"
#define ASKS(challenge) "WWW-Authenticate: " challenge "\r\n"
#define BEARER(realm)   ASKS("Bearer realm=\"" realm "\",service=\"s\"")
#define TOKEN           "{\"token\":\"t0ken\"}"

/* What is expected to be asked, and what comes back. */
struct exchange {
	const char *request; /* METHOD URL, and the Authorization behind " > " */
	int status;          /* 0: there is no answer */
	const char *headers, *body;
};

struct conversation {
	const char *what, *image; /* HOST/PATH REFERENCE, or HOST */
	bool anonymous, privileges;
	struct exchange exchanges[EXCHANGES_MAX];
	enum verdict verdict;
	int status;
	const char *message, *hint; /* the message; what is in the hint */
	const char *grants;         /* NULL: not known */
	long limit, remains;        /* 0: not known */
};

/* {"access":[{"type":"repository","name":"acme/app","actions":["pull","push"]}]} */
#define GRANTING                                                                                   \
	"eyJhbGciOiJSUzI1NiJ9.eyJhY2Nlc3MiOlt7InR5cGUiOiJyZXBvc2l0b3J5IiwibmFtZSI6ImFjbWUvYXBwI"   \
	"iwiYWN0aW9ucyI6WyJwdWxsIiwicHVzaCJdfV19.c2ln"

/* {"access":[{"type":"repository","name":"acme/other","actions":["push"]}]} */
#define GRANTING_OTHER                                                                             \
	"eyJhbGciOiJSUzI1NiJ9.eyJhY2Nlc3MiOlt7InR5cGUiOiJyZXBvc2l0b3J5IiwibmFtZSI6ImFjbWUvb3RoZ"   \
	"XIiLCJhY3Rpb25zIjpbInB1c2giXX1dfQ.c2ln"

/* clang-format off */
static const struct conversation conversations[] = {
	/* --- a login ------------------------------------------------------------------- */
	{.what = "Docker Hub", .image = "docker.io", .exchanges = {
		{"GET https://registry-1.docker.io/v2/", 401, JSON ASKS("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\""), "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\",\"detail\":null}]}"},
		{"GET https://auth.docker.io/token?service=registry.docker.io&account=octocat > " BASIC, 200, JSON, "{\"token\":\"t0ken\",\"access_token\":\"t0ken\",\"expires_in\":300}"},
		{"GET https://registry-1.docker.io/v2/ > Bearer t0ken", 200, JSON, "{}"}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "Docker Hub, wrong password", .image = "docker.io", .exchanges = {
		{"GET https://registry-1.docker.io/v2/", 401, ASKS("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\""), ""},
		{"GET https://auth.docker.io/token?service=registry.docker.io&account=octocat > " BASIC, 401, JSON, "{\"details\":\"incorrect username or password\"}"}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "auth.docker.io answered 401 Unauthorized: incorrect username or password", .hint = "check user name and password"},
	{.what = "GHCR, whose scope is a placeholder", .image = "ghcr.io", .exchanges = {
		{"GET https://ghcr.io/v2/", 401, ASKS("Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:user/image:pull\""), ""},
		{"GET https://ghcr.io/token?service=ghcr.io&account=octocat > " BASIC, 403, JSON, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"denied\"}]}"}},
	 .verdict = VERDICT_REFUSED, .status = 403, .message = "ghcr.io answered 403 Forbidden: denied"},
	{.what = "Quay, wrong password", .image = "quay.io", .exchanges = {
		{"GET https://quay.io/v2/", 401, ASKS("Bearer realm=\"https://quay.io/v2/auth\",service=\"quay.io\""), ""},
		{"GET https://quay.io/v2/auth?service=quay.io&account=octocat > " BASIC, 401, JSON, "{\"error\": \"Invalid Username or Password\"}"}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "quay.io answered 401 Unauthorized: Invalid Username or Password"},
	{.what = "ECR", .image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com", .exchanges = {
		{"GET https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/", 401, ASKS("Basic realm=\"https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/\",service=\"ecr.amazonaws.com\""), "Not Authorized\n"},
		{"GET https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/ > " BASIC, 200, "", ""}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "ECR, an old token", .image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com", .exchanges = {
		{"GET https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/", 401, ASKS("Basic realm=\"x\""), ""},
		{"GET https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/ > " BASIC, 403, JSON, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"Your authorization token has expired. Reauthenticate and try again.\"}]}"}},
	 .verdict = VERDICT_REFUSED, .status = 403, .message = "123456789012.dkr.ecr.eu-west-1.amazonaws.com answered 403 Forbidden: Your authorization token has expired. Reauthenticate and try again.", .hint = "has not expired"},
	{.what = "ACR, which says access_token", .image = "acme.azurecr.io", .exchanges = {
		{"GET https://acme.azurecr.io/v2/", 401, ASKS("Bearer realm=\"https://acme.azurecr.io/oauth2/token\",service=\"acme.azurecr.io\"") ASKS("Basic realm=\"https://acme.azurecr.io\""), ""},
		{"GET https://acme.azurecr.io/oauth2/token?service=acme.azurecr.io&account=octocat > " BASIC, 200, JSON, "{\"access_token\":\"t0ken\"}"},
		{"GET https://acme.azurecr.io/v2/ > Bearer t0ken", 200, JSON, "{}"}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "Nexus", .image = "nexus.example.com:8443", .exchanges = {
		{"GET https://nexus.example.com:8443/v2/", 401, ASKS("BASIC realm=\"Sonatype Nexus Repository Manager\""), ""},
		{"GET https://nexus.example.com:8443/v2/ > " BASIC, 401, ASKS("BASIC realm=\"Sonatype Nexus Repository Manager\""), ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "nexus.example.com:8443 answered 401 Unauthorized"},
	{.what = "Artifactory, Basic in front of Bearer in another header", .image = "acme.jfrog.io", .exchanges = {
		{"GET https://acme.jfrog.io/v2/", 401, ASKS("Basic realm=\"Artifactory Realm\"") ASKS("Bearer realm=\"https://acme.jfrog.io/v2/token\",service=\"acme.jfrog.io\""), ""},
		{"GET https://acme.jfrog.io/v2/token?service=acme.jfrog.io&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"GET https://acme.jfrog.io/v2/ > Bearer t0ken", 200, "", ""}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "a token that the registry does not take", .image = "reg.example.com", .exchanges = {
		{"GET https://reg.example.com/v2/", 401, BEARER("https://reg.example.com/token"), ""},
		{"GET https://reg.example.com/token?service=s&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"GET https://reg.example.com/v2/ > Bearer t0ken", 401, BEARER("https://reg.example.com/token"), ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "reg.example.com answered 401 Unauthorized"},
	{.what = "open to everybody", .image = "reg.example.com", .exchanges = {
		{"GET https://reg.example.com/v2/", 200, JSON, "{}"}},
	 .verdict = VERDICT_NEEDS_NONE, .status = 200},
	{.what = "a web page", .image = "www.example.com", .exchanges = {
		{"GET https://www.example.com/v2/", 200, HTML, "<html>"}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 200, .message = "www.example.com answered 200 with a web page", .hint = "check that www.example.com is the address of the registry"},
	{.what = "no /v2/", .image = "www.example.com", .exchanges = {
		{"GET https://www.example.com/v2/", 404, "", ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 404, .message = "www.example.com answered 404 Not Found"},
	{.what = "a key for many hosts", .image = "*.azurecr.io", .exchanges = {{0}},
	 .verdict = VERDICT_UNREACHABLE, .message = "\"*.azurecr.io\" does not name one host", .hint = "name an IMAGE"},
	{.what = "plain HTTP, and it speaks HTTPS", .image = "plain.example.com:5000", .exchanges = {
		{"GET http://plain.example.com:5000/v2/", 400, "Content-Type: text/plain\r\n", "Client sent an HTTP request to an HTTPS server.\n"}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 400, .message = "plain.example.com:5000 answered 400 Bad Request", .hint = "ask it without --plain-http"},
	{.what = "plain HTTP where it is allowed", .image = "plain.example.com:5000", .exchanges = {
		{"GET http://plain.example.com:5000/v2/", 401, ASKS("Basic realm=x"), ""},
		{"GET http://plain.example.com:5000/v2/ > " BASIC, 200, "", "{}"}},
	 .verdict = VERDICT_OK, .status = 200},

	/* --- an image ------------------------------------------------------------------ */
	{.what = "Docker Hub with its limit", .image = "docker.io/acme/app 1.0", .exchanges = {
		{"HEAD https://registry-1.docker.io/v2/acme/app/manifests/1.0", 401, ASKS("Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:acme/app:pull\""), ""},
		{"GET https://auth.docker.io/token?service=registry.docker.io&scope=repository:acme/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://registry-1.docker.io/v2/acme/app/manifests/1.0 > Bearer t0ken", 200, MANIFEST "ratelimit-limit: 100;w=21600\r\nratelimit-remaining: 76;w=21600\r\n", ""}},
	 .verdict = VERDICT_OK, .status = 200, .limit = 100, .remains = 76},
	{.what = "GitLab, a challenge without scope", .image = "registry.gitlab.com/acme/app latest", .exchanges = {
		{"HEAD https://registry.gitlab.com/v2/acme/app/manifests/latest", 401, ASKS("Bearer realm=\"https://gitlab.com/jwt/auth\",service=\"container_registry\""), ""},
		{"GET https://gitlab.com/jwt/auth?service=container_registry&scope=repository:acme/app:pull&account=octocat > " BASIC, 403, JSON, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"access forbidden\"}]}"}},
	 .verdict = VERDICT_REFUSED, .status = 403, .message = "gitlab.com answered 403 Forbidden: access forbidden"},
	{.what = "Google, no right to the repository", .image = "europe-docker.pkg.dev/p/r/app 1", .exchanges = {
		{"HEAD https://europe-docker.pkg.dev/v2/p/r/app/manifests/1", 401, ASKS("Bearer realm=\"https://europe-docker.pkg.dev/v2/token\",service=\"europe-docker.pkg.dev\",scope=\"repository:p/r/app:pull\""), ""},
		{"GET https://europe-docker.pkg.dev/v2/token?service=europe-docker.pkg.dev&scope=repository:p/r/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://europe-docker.pkg.dev/v2/p/r/app/manifests/1 > Bearer t0ken", 403, JSON, ""}},
	 .verdict = VERDICT_REFUSED, .status = 403, .message = "europe-docker.pkg.dev answered 403 Forbidden", .hint = "the login is accepted"},
	{.what = "Harbor, no such tag", .image = "harbor.example.com/acme/app 9", .exchanges = {
		{"HEAD https://harbor.example.com/v2/acme/app/manifests/9", 401, ASKS("Bearer realm=\"https://harbor.example.com/service/token\",service=\"harbor-registry\",scope=\"repository:acme/app:pull\""), ""},
		{"GET https://harbor.example.com/service/token?service=harbor-registry&scope=repository:acme/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://harbor.example.com/v2/acme/app/manifests/9 > Bearer t0ken", 404, JSON, ""}},
	 .verdict = VERDICT_NOT_FOUND, .status = 404, .message = "harbor.example.com answered 404 Not Found", .hint = "check name and tag"},
	{.what = "a digest", .image = "reg.example.com/app sha256:0000", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/sha256:0000", 200, MANIFEST, ""}},
	 .verdict = VERDICT_NEEDS_NONE, .status = 200},
	{.what = "a token for everybody", .image = "quay.io/acme/app 1", .anonymous = true, .exchanges = {
		{"HEAD https://quay.io/v2/acme/app/manifests/1", 401, ASKS("Bearer realm=\"https://quay.io/v2/auth\",service=\"quay.io\",scope=\"repository:acme/app:pull\""), ""},
		{"GET https://quay.io/v2/auth?service=quay.io&scope=repository:acme/app:pull", 200, JSON, TOKEN},
		{"HEAD https://quay.io/v2/acme/app/manifests/1 > Bearer t0ken", 200, MANIFEST, ""}},
	 .verdict = VERDICT_NEEDS_NONE, .status = 200},
	{.what = "a token for everybody that opens nothing", .image = "ghcr.io/acme/app 1", .anonymous = true, .exchanges = {
		{"HEAD https://ghcr.io/v2/acme/app/manifests/1", 401, ASKS("Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:acme/app:pull\""), ""},
		{"GET https://ghcr.io/token?service=ghcr.io&scope=repository:acme/app:pull", 200, JSON, TOKEN},
		{"HEAD https://ghcr.io/v2/acme/app/manifests/1 > Bearer t0ken", 401, ASKS("Bearer realm=\"x\",error=\"insufficient_scope\""), ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "ghcr.io answered 401 Unauthorized: insufficient_scope", .hint = "regcred-gen -r ghcr.io -u USER"},
	{.what = "Basic, and nobody to be", .image = "nexus.example.com/app 1", .anonymous = true, .exchanges = {
		{"HEAD https://nexus.example.com/v2/app/manifests/1", 401, ASKS("Basic realm=x"), ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "nexus.example.com asks for user name and password", .hint = "regcred-gen -r nexus.example.com -u USER"},
	{.what = "several scopes", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, ASKS("Bearer realm=\"https://reg.example.com/t?x=1\",scope=\"repository:app:pull  repository:a b:pull\""), ""},
		{"GET https://reg.example.com/t?x=1&scope=repository:app:pull&scope=repository:a&scope=b:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://reg.example.com/v2/app/manifests/1 > Bearer t0ken", 200, MANIFEST, ""}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "a registry without HEAD", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 405, "", ""},
		{"GET https://reg.example.com/v2/app/manifests/1", 401, ASKS("Basic realm=x"), ""},
		{"GET https://reg.example.com/v2/app/manifests/1 > " BASIC, 404, JSON, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}"}},
	 .verdict = VERDICT_NOT_FOUND, .status = 404, .message = "reg.example.com answered 404 Not Found: manifest unknown"},
	{.what = "no HEAD with a credential alone", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, ASKS("Basic realm=x"), ""},
		{"HEAD https://reg.example.com/v2/app/manifests/1 > " BASIC, 405, "", ""},
		{"GET https://reg.example.com/v2/app/manifests/1 > " BASIC, 200, MANIFEST, "{}"}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "too many pulls, for seconds", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 429, "Retry-After: 120\r\nRateLimit-Limit: 100\r\nRateLimit-Remaining: 0\r\n", ""}},
	 .verdict = VERDICT_RATE_LIMITED, .status = 429, .message = "reg.example.com answered 429 Too Many Requests", .hint = "try again after 120 seconds", .limit = 100, .remains = -2},
	{.what = "too many pulls, until a date", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, ASKS("Basic realm=x"), ""},
		{"HEAD https://reg.example.com/v2/app/manifests/1 > " BASIC, 429, "Retry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\n", "{\"message\":\"toomanyrequests: You have reached your pull rate limit\"}"}},
	 .verdict = VERDICT_RATE_LIMITED, .status = 429, .message = "reg.example.com answered 429 Too Many Requests: toomanyrequests: You have reached your pull rate limit", .hint = "try again after Fri, 31 Dec 2027 23:59:59 GMT"},
	{.what = "too many logins", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com/t"), ""},
		{"GET https://auth.example.com/t?service=s&scope=repository:app:pull&account=octocat > " BASIC, 429, "", ""}},
	 .verdict = VERDICT_RATE_LIMITED, .status = 429, .message = "auth.example.com answered 429 Too Many Requests", .hint = "try again later"},
	{.what = "a server that is broken", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 500, "", ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 500, .message = "reg.example.com answered 500 Internal Server Error"},
	{.what = "a page instead of a manifest", .image = "www.example.com/app 1", .exchanges = {
		{"HEAD https://www.example.com/v2/app/manifests/1", 404, HTML, ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 404, .message = "www.example.com answered 404 Not Found with a web page"},
	{.what = "401 without a challenge", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, "", ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "reg.example.com answered 401 Unauthorized without a way to log in"},
	{.what = "a challenge of another kind", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, ASKS("Negotiate"), ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "reg.example.com answered 401 Unauthorized without a way to log in"},
	{.what = "refused before anybody is asked who it is", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 403, "", ""}},
	 .verdict = VERDICT_REFUSED, .status = 403, .message = "reg.example.com answered 403 Forbidden"},
	{.what = "silence", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 0, NULL, NULL}},
	 .verdict = VERDICT_UNREACHABLE, .status = 0, .message = "no answer", .hint = "wait"},
	{.what = "a silent token server", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com/t"), ""},
		{"GET https://auth.example.com/t?service=s&scope=repository:app:pull&account=octocat > " BASIC, 0, NULL, NULL}},
	 .verdict = VERDICT_UNREACHABLE, .status = 0, .message = "no answer"},
	{.what = "a token server without a token", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com/t"), ""},
		{"GET https://auth.example.com/t?service=s&scope=repository:app:pull&account=octocat > " BASIC, 200, HTML, "<html>"}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 200, .message = "auth.example.com answered without a token"},
	{.what = "a token server that is not there", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com/t"), ""},
		{"GET https://auth.example.com/t?service=s&scope=repository:app:pull&account=octocat > " BASIC, 404, JSON, ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 404, .message = "auth.example.com answered 404 Not Found"},

	/* --- what it may do ---------------------------------------------------------------- */
	{.what = "may push", .image = "reg.example.com/acme/app 1", .privileges = true, .exchanges = {
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1", 401, BEARER("https://reg.example.com/t"), ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1 > Bearer t0ken", 200, MANIFEST, ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull,push,delete&account=octocat > " BASIC, 200, JSON, "{\"token\":\"" GRANTING "\"}"}},
	 .verdict = VERDICT_OK, .status = 200, .grants = "pull push"},
	{.what = "may do nothing with this one", .image = "reg.example.com/acme/app 1", .privileges = true, .exchanges = {
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1", 401, BEARER("https://reg.example.com/t"), ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1 > Bearer t0ken", 200, MANIFEST, ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull,push,delete&account=octocat > " BASIC, 200, JSON, "{\"token\":\"" GRANTING_OTHER "\"}"}},
	 .verdict = VERDICT_OK, .status = 200, .grants = ""},
	{.what = "a token that does not tell", .image = "reg.example.com/acme/app 1", .privileges = true, .exchanges = {
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1", 401, BEARER("https://reg.example.com/t"), ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1 > Bearer t0ken", 200, MANIFEST, ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull,push,delete&account=octocat > " BASIC, 200, JSON, TOKEN}},
	 .verdict = VERDICT_OK, .status = 200, .message = "what octocat may do besides pulling is not known: the registry's token does not tell"},
	{.what = "GHCR gives no token for more than a pull", .image = "ghcr.io/acme/app 1", .privileges = true, .exchanges = {
		{"HEAD https://ghcr.io/v2/acme/app/manifests/1", 401, BEARER("https://ghcr.io/token"), ""},
		{"GET https://ghcr.io/token?service=s&scope=repository:acme/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://ghcr.io/v2/acme/app/manifests/1 > Bearer t0ken", 200, MANIFEST, ""},
		{"GET https://ghcr.io/token?service=s&scope=repository:acme/app:pull,push,delete&account=octocat > " BASIC, 403, JSON, ""}},
	 .verdict = VERDICT_OK, .status = 200, .message = "what octocat may do besides pulling is not known: the registry gives no token to push and delete"},
	{.what = "no answer about more than a pull", .image = "reg.example.com/acme/app 1", .privileges = true, .exchanges = {
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1", 401, BEARER("https://reg.example.com/t"), ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"HEAD https://reg.example.com/v2/acme/app/manifests/1 > Bearer t0ken", 200, MANIFEST, ""},
		{"GET https://reg.example.com/t?service=s&scope=repository:acme/app:pull,push,delete&account=octocat > " BASIC, 0, NULL, NULL}},
	 .verdict = VERDICT_OK, .status = 200, .message = "what octocat may do besides pulling is not known: no answer"},
	{.what = "Basic authentication", .image = "nexus.example.com/app 1", .privileges = true, .exchanges = {
		{"HEAD https://nexus.example.com/v2/app/manifests/1", 401, ASKS("Basic realm=x"), ""},
		{"HEAD https://nexus.example.com/v2/app/manifests/1 > " BASIC, 200, MANIFEST, ""}},
	 .verdict = VERDICT_OK, .status = 200, .message = "what octocat may do besides pulling is not known: Basic authentication does not tell"},
	{.what = "a login, which is about no image", .image = "reg.example.com", .privileges = true, .exchanges = {
		{"GET https://reg.example.com/v2/", 401, BEARER("https://reg.example.com/t"), ""},
		{"GET https://reg.example.com/t?service=s&account=octocat > " BASIC, 200, JSON, TOKEN},
		{"GET https://reg.example.com/v2/ > Bearer t0ken", 200, JSON, "{}"}},
	 .verdict = VERDICT_OK, .status = 200, .message = "what octocat may do besides pulling is not known: it depends on the image, and none is named"},

	/* --- redirects ------------------------------------------------------------------- */
	{.what = "to another server, open to all", .image = "registry.k8s.io/pause 3.9", .exchanges = {
		{"HEAD https://registry.k8s.io/v2/pause/manifests/3.9", 307, "Location: https://europe-docker.pkg.dev/v2/k8s/pause/manifests/3.9\r\n", ""},
		{"HEAD https://europe-docker.pkg.dev/v2/k8s/pause/manifests/3.9", 200, MANIFEST, ""}},
	 .verdict = VERDICT_NEEDS_NONE, .status = 200},
	{.what = "to another server that asks who it is", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 307, "Location: https://evil.example.com/v2/\r\n", ""},
		{"HEAD https://evil.example.com/v2/", 401, ASKS("Basic realm=x"), ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "evil.example.com answered 401 Unauthorized"},
	{.what = "with a credential, which stays", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, ASKS("Basic realm=x"), ""},
		{"HEAD https://reg.example.com/v2/app/manifests/1 > " BASIC, 302, "Location: https://store.example.com/x?sig=1\r\n", ""},
		{"HEAD https://store.example.com/x?sig=1", 200, "", ""}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "on the same server, before a credential", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 308, "location: /v2/library/app/manifests/1\r\n", ""},
		{"HEAD https://reg.example.com/v2/library/app/manifests/1", 401, ASKS("Basic realm=x"), ""},
		{"HEAD https://reg.example.com/v2/library/app/manifests/1 > " BASIC, 200, MANIFEST, ""}},
	 .verdict = VERDICT_OK, .status = 200},
	{.what = "there and back is not the same server", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 302, "Location: https://evil.example.com/\r\n", ""},
		{"HEAD https://evil.example.com/", 302, "Location: https://reg.example.com/evil\r\n", ""},
		{"HEAD https://reg.example.com/evil", 401, ASKS("Basic realm=x"), ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "reg.example.com answered 401 Unauthorized"},
	{.what = "to plain HTTP", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 302, "Location: http://reg.example.com/v2/\r\n", ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 302, .message = "reg.example.com answered 302"},
	{.what = "to another protocol", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 302, "Location: file:///etc/passwd\r\n", ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 302, .message = "reg.example.com answered 302"},
	{.what = "without end", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 302, "Location: /a\r\n", ""},
		{"HEAD https://reg.example.com/a", 302, "Location: /b\r\n", ""},
		{"HEAD https://reg.example.com/b", 302, "Location: /a\r\n", ""},
		{"HEAD https://reg.example.com/a", 302, "Location: /b\r\n", ""},
		{"HEAD https://reg.example.com/b", 302, "Location: /a\r\n", ""},
		{"HEAD https://reg.example.com/a", 302, "Location: /b\r\n", ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 302, .message = "reg.example.com answered 302"},
	{.what = "of the token server", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com/t"), ""},
		{"GET https://auth.example.com/t?service=s&scope=repository:app:pull&account=octocat > " BASIC, 302, "Location: https://evil.example.com/\r\n", ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 302, .message = "auth.example.com answered 302"},

	/* --- realms that must not be followed ---------------------------------------------- */
	{.what = "elsewhere by plain HTTP", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("http://evil.example.com/t"), ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 401, .message = "reg.example.com names the token server http://evil.example.com/t, which does not use HTTPS: no credential is sent to it", .hint = "--plain-http HOST"},
	{.what = "by plain HTTP where it is allowed", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("http://plain.example.com:99/t"), ""},
		{"GET http://plain.example.com:99/t?service=s&scope=repository:app:pull&account=octocat > " BASIC, 401, "", ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "plain.example.com:99 answered 401 Unauthorized"},
	{.what = "an address that parsers read in two ways", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com@evil.example.com/t"), ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 401, .message = "reg.example.com names a token server with an invalid address: \"https://auth.example.com@evil.example.com/t\""},
	{.what = "a backslash", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com\\\\.evil.example.com/t"), ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 401, .message = "reg.example.com names a token server with an invalid address: \"https://auth.example.com\\.evil.example.com/t\""},
	{.what = "a path", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("/token"), ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 401, .message = "reg.example.com names a token server with an invalid address: \"/token\""},
	{.what = "a new line", .image = "reg.example.com/app 1", .exchanges = {
		{"HEAD https://reg.example.com/v2/app/manifests/1", 401, BEARER("https://auth.example.com/\x01x"), ""}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 401, .message = "reg.example.com names a token server with an invalid address: \"https://auth.example.com/\x01x\""},

	/* --- answers that mean no good ------------------------------------------------------ */
	{.what = "the password in the answer", .image = "reg.example.com", .exchanges = {
		{"GET https://reg.example.com/v2/", 401, ASKS("Basic realm=x"), ""},
		{"GET https://reg.example.com/v2/ > " BASIC, 401, JSON, "{\"errors\":[{\"message\":\"not s3cret\"}]}"}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "the answer repeats the password, and is not shown"},
	{.what = "a token that is two headers", .image = "reg.example.com", .exchanges = {
		{"GET https://reg.example.com/v2/", 401, BEARER("https://reg.example.com/t"), ""},
		{"GET https://reg.example.com/t?service=s&account=octocat > " BASIC, 200, JSON, "{\"token\":\"a\\r\\nCookie: b\"}"}},
	 .verdict = VERDICT_NOT_A_REGISTRY, .status = 200, .message = "reg.example.com answered without a token"},
	{.what = "an error that is no string", .image = "reg.example.com", .exchanges = {
		{"GET https://reg.example.com/v2/", 403, JSON, "{\"errors\":[[{\"message\":1}]]}"}},
	 .verdict = VERDICT_REFUSED, .status = 403, .message = "reg.example.com answered 403 Forbidden"},
	{.what = "a service that is more than one", .image = "reg.example.com", .exchanges = {
		{"GET https://reg.example.com/v2/", 401, ASKS("Bearer realm=\"https://reg.example.com/t\",service=\"a&b=\xc3\xa9 #\""), ""},
		{"GET https://reg.example.com/t?service=a%26b%3D%C3%A9%20%23&account=octocat > " BASIC, 401, "", ""}},
	 .verdict = VERDICT_REFUSED, .status = 401, .message = "reg.example.com answered 401 Unauthorized"},
};
/* clang-format on */

static const char *const plain_http[] = {"plain.example.com", "plain.example.com:5000"};

/* HOST[/PATH REFERENCE] */
static struct dialogue_question question_of(const char *image)
{
	struct view text = view_of(image);
	size_t slash = view_find(text, '/'), blank = view_find(text, ' ');
	struct dialogue_question question = {.host = view_first(text, slash),
	                                     .repository = VIEW_EMPTY,
	                                     .reference = VIEW_EMPTY,
	                                     .plain_http = plain_http,
	                                     .plain_http_count = 2};

	if (slash < text.len) {
		question.repository = view_from(view_first(text, blank), slash + 1);
		question.reference = view_from(text, blank + 1);
	}
	return question;
}

static void assert_request(const struct conversation *said, const struct dialogue *dialogue,
                           const char *expected)
{
	const struct dialogue_request *request = dialogue_request(dialogue);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	if (request)
		buf_append_format(&text, "%s %s%s%s", request->method, request->url.data,
		                  request->authorization.len ? " > " : "",
		                  request->authorization.data);
	if (strcmp(text.data, expected) != 0)
		fail_msg("%s: asks \"%s\", not \"%s\"", said->what, text.data, expected);
}

static void converse(const struct conversation *said, struct dialogue *dialogue)
{
	for (const struct exchange *next = said->exchanges; next->request; next++) {
		struct dialogue_answer answer = {next->status,
		                                 view_of(next->headers ? next->headers : ""),
		                                 view_of(next->body ? next->body : "")};

		assert_request(said, dialogue, next->request);
		if (next->status)
			dialogue_take(dialogue, &answer);
		else
			dialogue_fail(dialogue, VERDICT_UNREACHABLE, "no answer", "wait");
	}
	assert_request(said, dialogue, "");
}

static void assert_result(const struct conversation *said, const struct dialogue_result *result)
{
	const char *message = said->message ? said->message : "";

	if (result->verdict != said->verdict)
		fail_msg("%s: %s, not %s", said->what, verdict_word(result->verdict),
		         verdict_word(said->verdict));
	if (strcmp(result->message.data, message) != 0)
		fail_msg("%s: says \"%s\", not \"%s\"", said->what, result->message.data, message);
	if (said->hint && !strstr(result->hint.data, said->hint))
		fail_msg("%s: the hint \"%s\" lacks \"%s\"", said->what, result->hint.data,
		         said->hint);
	assert_int_equal(result->status, said->status);
	assert_int_equal(result->grants_known, said->grants != NULL);
	assert_string_equal(result->grants.data, said->grants ? said->grants : "");
	assert_int_equal(result->limit, said->limit ? said->limit : -1);
	assert_int_equal(result->limit_remains, said->remains == -2 ? 0
	                                        : said->remains     ? said->remains
	                                                            : -1);
}

static void test_conversations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(conversations); i++) {
		const struct conversation *said = &conversations[i];
		struct dialogue_question question = question_of(said->image);
		CLEANUP(dialogue_release) struct dialogue dialogue;

		question.privileges = said->privileges;
		dialogue_begin(&dialogue, &question);
		dialogue_attempt(&dialogue, view_of(said->anonymous ? "" : "octocat"),
		                 view_of("s3cret"));
		converse(said, &dialogue);
		assert_result(said, &dialogue.result);
	}
}

static void answer(struct dialogue *dialogue, int status, const char *headers)
{
	struct dialogue_answer given = {status, view_of(headers), VIEW_EMPTY};

	assert_non_null(dialogue_request(dialogue));
	dialogue_take(dialogue, &given);
}

/* The registry is asked once what it wants; each credential then goes at once. */
static void test_next_credential(void **state)
{
	struct dialogue_question question = question_of("reg.example.com/app 1");
	CLEANUP(dialogue_release) struct dialogue dialogue;

	(void)state;
	dialogue_begin(&dialogue, &question);
	assert_null(dialogue_request(&dialogue));
	dialogue_attempt(&dialogue, view_of("a"), view_of("b"));
	assert_false(dialogue_is_open(&dialogue));
	answer(&dialogue, 401, ASKS("Basic realm=x"));
	assert_true(dialogue_is_open(&dialogue));
	answer(&dialogue, 401, "");
	assert_int_equal(dialogue.result.verdict, VERDICT_REFUSED);
	assert_false(dialogue.settled);

	dialogue_attempt(&dialogue, VIEW_EMPTY, VIEW_EMPTY);
	assert_null(dialogue_request(&dialogue));
	assert_int_equal(dialogue.result.verdict, VERDICT_REFUSED);

	dialogue_attempt(&dialogue, view_of("octocat"), view_of("s3cret"));
	assert_string_equal(dialogue_request(&dialogue)->authorization.data, BASIC);
	answer(&dialogue, 200, MANIFEST);
	assert_int_equal(dialogue.result.verdict, VERDICT_OK);
	assert_string_equal(dialogue.result.message.data, "");
	assert_int_equal(dialogue.request.authorization.len, 0);
}

/* What was found without a credential holds for all, and for who joins. */
static void test_settled(void **state)
{
	struct dialogue_question question = question_of("reg.example.com");
	CLEANUP(dialogue_release) struct dialogue first, second;

	(void)state;
	dialogue_begin(&first, &question);
	dialogue_attempt(&first, view_of("a"), view_of("b"));
	answer(&first, 503, "");
	assert_true(first.settled);
	dialogue_attempt(&first, view_of("c"), view_of("d"));
	assert_null(dialogue_request(&first));

	dialogue_begin(&second, &question);
	dialogue_join(&second, &first);
	dialogue_attempt(&second, view_of("c"), view_of("d"));
	assert_null(dialogue_request(&second));
	assert_int_equal(second.result.verdict, VERDICT_NOT_A_REGISTRY);
	assert_int_equal(second.result.status, 503);
	assert_string_equal(second.result.message.data, first.result.message.data);
}

/* Who joins with no user name is refused, and its next credential is tried all the same. */
static void test_joined_without_a_user(void **state)
{
	struct dialogue_question question = question_of("reg.example.com");
	CLEANUP(dialogue_release) struct dialogue first, second;

	(void)state;
	dialogue_begin(&first, &question);
	dialogue_attempt(&first, view_of("a"), view_of("b"));
	answer(&first, 401, ASKS("Basic realm=x"));
	dialogue_begin(&second, &question);
	dialogue_join(&second, &first);
	dialogue_attempt(&second, VIEW_EMPTY, VIEW_EMPTY);
	assert_int_equal(second.result.verdict, VERDICT_REFUSED);
	assert_false(second.settled);
	dialogue_attempt(&second, view_of("octocat"), view_of("s3cret"));
	assert_string_equal(dialogue_request(&second)->authorization.data, BASIC);
}

static void test_joined(void **state)
{
	struct dialogue_question question = question_of("reg.example.com");
	CLEANUP(dialogue_release) struct dialogue first, second;

	(void)state;
	dialogue_begin(&first, &question);
	dialogue_attempt(&first, view_of("a"), view_of("b"));
	answer(&first, 401, BEARER("https://auth.example.com/t"));
	dialogue_begin(&second, &question);
	dialogue_join(&second, &first);
	dialogue_attempt(&second, view_of("octocat"), view_of("s3cret"));
	assert_string_equal(dialogue_request(&second)->url.data,
	                    "https://auth.example.com/t?service=s&account=octocat");
	assert_string_equal(dialogue_request(&second)->authorization.data, BASIC);
}

static void test_words(void **state)
{
	(void)state;
	for (int i = 0; i < VERDICT_COUNT; i++)
		assert_true(*verdict_word((enum verdict)i));
	assert_string_equal(verdict_word(VERDICT_NOT_FOUND), "not-found");
	assert_string_equal(verdict_word(VERDICT_NEEDS_NONE), "needs-none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_conversations),
	    cmocka_unit_test(test_next_credential),
	    cmocka_unit_test(test_settled),
	    cmocka_unit_test(test_joined),
	    cmocka_unit_test(test_joined_without_a_user),
	    cmocka_unit_test(test_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
