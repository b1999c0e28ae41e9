/* node_message.h: real words of nodes, each classified. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/pods/node_message.h"

#define LEN(array) (sizeof(array) / sizeof *(array))

#define IMAGE   "registry.example.com/private/hello:v1"
#define PULL    "rpc error: code = Unknown desc = failed to pull and unpack image \"" IMAGE "\": "
#define RESOLVE PULL "failed to resolve reference \"" IMAGE "\": "
#define NEWER   "failed to pull and unpack image \"" IMAGE "\": failed to resolve image: "

struct said {
	const char *message;
	enum node_problem problem;
};

static struct node_message read_message(const char *reason, const char *message)
{
	return node_message_read(view_of(reason), view_of(message), view_of(IMAGE));
}

static void check_all(const struct said *said, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct node_message found = read_message("ErrImagePull", said[i].message);

		if (found.problem != said[i].problem)
			fail_msg("%s: %s", node_problem_word(found.problem), said[i].message);
	}
}

/* --- containerd 1.6 to 2.1, as the API server handed them out ------------------------------ */

static void containerd_is_understood(void **state)
{
	static const struct said said[] = {
	    {RESOLVE
	     "pulling from host registry.example.com failed with status code [manifests v1]: "
	     "401 Unauthorized",
	     NODE_UNAUTHORIZED},
	    {RESOLVE "unexpected status code [manifests v1]: 401 Unauthorized", NODE_UNAUTHORIZED},
	    {RESOLVE "pull access denied, repository does not exist or may require authorization: "
	             "server message: insufficient_scope: authorization failed",
	     NODE_UNAUTHORIZED},
	    {RESOLVE "pull access denied, repository does not exist or may require authorization: "
	             "authorization failed: no basic auth credentials",
	     NODE_UNAUTHORIZED},
	    {RESOLVE "failed to authorize: failed to fetch anonymous token: unexpected status: 401 "
	             "Unauthorized",
	     NODE_UNAUTHORIZED},
	    {RESOLVE "failed to authorize: failed to fetch oauth token: unexpected status from GET "
	             "request to https://ghcr.io/token?scope=repository%3Aa%2Fb%3Apull&service="
	             "ghcr.io: 403 Forbidden",
	     NODE_UNAUTHORIZED},
	    {NEWER "unexpected status from HEAD request to https://registry.example.com/v2/private/"
	           "hello/manifests/v1: 401 Unauthorized",
	     NODE_UNAUTHORIZED},
	    {NEWER "unexpected status from HEAD request to https://registry.example.com/v2/private/"
	           "hello/manifests/v1: 403 Forbidden",
	     NODE_UNAUTHORIZED},
	    {"rpc error: code = NotFound desc = failed to pull and unpack image \"" IMAGE
	     "\": failed to resolve reference \"" IMAGE "\": " IMAGE ": not found",
	     NODE_NOT_FOUND},
	    {"rpc error: code = NotFound desc = " NEWER IMAGE ": not found", NODE_NOT_FOUND},
	    {"rpc error: code = NotFound desc = failed to pull and unpack image \"" IMAGE
	     "\": no match for platform in manifest: not found",
	     NODE_PLATFORM},
	    {PULL
	     "failed to copy: httpReadSeeker: failed open: unexpected status code "
	     "https://registry-1.docker.io/v2/library/busybox/manifests/sha256:50aa: 429 Too "
	     "Many Requests - Server message: toomanyrequests: You have reached your pull rate "
	     "limit. You may increase the limit by authenticating and upgrading: "
	     "https://www.docker.com/increase-rate-limit",
	     NODE_RATE_LIMITED},
	    {RESOLVE
	     "failed to do request: Head \"https://ca.example.com/v2/private/hello/manifests/"
	     "v1\": x509: certificate signed by unknown authority",
	     NODE_TLS},
	    {NEWER "failed to do request: Head \"https://ca.example.com/v2/a/manifests/v1\": tls: "
	           "failed to verify certificate: x509: certificate signed by unknown authority",
	     NODE_TLS},
	    {NEWER
	     "failed to do request: Head \"https://old.example.com/v2/a/manifests/v1\": remote "
	     "error: tls: handshake failure",
	     NODE_TLS},
	    {RESOLVE
	     "failed to do request: Head \"https://10.0.0.5:5000/v2/private/hello/manifests/"
	     "v1\": http: server gave HTTP response to HTTPS client",
	     NODE_HTTP},
	    {RESOLVE "failed to do request: Head \"https://nowhere.example.com/v2/hello/manifests/"
	             "v1\": dial tcp: lookup nowhere.example.com on 10.96.0.10:53: no such host",
	     NODE_DNS},
	    {RESOLVE "failed to do request: Head \"https://nowhere.example.com/v2/hello/manifests/"
	             "v1\": dial tcp: lookup nowhere.example.com on 10.96.0.10:53: read udp "
	             "10.0.2.15:36541->10.96.0.10:53: i/o timeout",
	     NODE_DNS},
	    {RESOLVE
	     "failed to authorize: failed to fetch anonymous token: Get "
	     "\"https://auth.docker.io/token?scope=repository%3Aa%3Apull\": dial tcp: lookup "
	     "auth.docker.io: Temporary failure in name resolution",
	     NODE_DNS},
	    {RESOLVE "failed to do request: Head \"https://closed.example.com/v2/hello/manifests/"
	             "v1\": dial tcp 10.0.0.9:443: connect: connection refused",
	     NODE_CONNECTION},
	    {RESOLVE "failed to do request: Head \"https://192.0.2.77:443/v2/hello/manifests/v1\": "
	             "dial tcp 192.0.2.77:443: connect: no route to host",
	     NODE_CONNECTION},
	    {RESOLVE "failed to do request: Head \"https://r.example.com/v2/a/manifests/v1\": EOF",
	     NODE_CONNECTION},
	    {RESOLVE "failed to do request: Head \"https://r.example.com/v2/a/manifests/v1\": "
	             "proxyconnect tcp: dial tcp: lookup proxy.corp: no such host",
	     NODE_CONNECTION},
	    {RESOLVE
	     "failed to do request: Head \"https://slow.example.com/v2/hello/manifests/v1\": "
	     "net/http: TLS handshake timeout",
	     NODE_TIMEOUT},
	    {RESOLVE
	     "failed to do request: Head \"https://slow.example.com/v2/hello/manifests/v1\": "
	     "dial tcp 192.0.2.9:443: i/o timeout",
	     NODE_TIMEOUT},
	    {"rpc error: code = DeadlineExceeded desc = failed to pull and unpack image \"" IMAGE
	     "\": context deadline exceeded",
	     NODE_TIMEOUT},
	    {PULL "failed to extract layer sha256:5f70: write /var/lib/a: no space left on device",
	     NODE_OTHER},
	    {RESOLVE
	     "failed to authorize: failed to fetch oauth token: unexpected status from POST "
	     "request to https://auth.docker.io/token: 504 Gateway Timeout: error code: 504",
	     NODE_OTHER},
	};

	(void)state;
	check_all(said, LEN(said));
}

/* --- what is not the registry's --------------------------------------------------------------- */

/* They have a meaning, which is more than "does not match a known cause". */
static void nodes_and_proxies_are_understood(void **state)
{
	static const struct said said[] = {
	    {"Back-off pulling image \"" IMAGE
	     "\": SignatureValidationFailed: image pull failed for " IMAGE
	     " because the signature validation failed: Source image rejected: A signature was "
	     "required, but no signature exists",
	     NODE_OTHER},
	    {PULL "image verifier signed blocked pull of " IMAGE
	          " with digest sha256:1 for reason: no",
	     NODE_OTHER},
	    {"rpc error: code = Unavailable desc = connection error: desc = \"transport: Error "
	     "while "
	     "dialing: dial unix /run/containerd/containerd.sock: connect: connection refused\"",
	     NODE_OTHER},
	    {"rpc error: code = Unavailable desc = error reading from server: EOF", NODE_OTHER},
	    {PULL "media type \"application/vnd.docker.distribution.manifest.v1+prettyjws\" is no "
	          "longer supported since containerd v2.1",
	     NODE_OTHER},
	    {PULL
	     "failed to unpack image on snapshotter overlayfs: unexpected media type text/html "
	     "for sha256:e: not found",
	     NODE_OTHER},
	    {RESOLVE
	     "failed to do request: Head \"https://registry.example.com/v2/\": context canceled",
	     NODE_TIMEOUT},
	    {RESOLVE "failed to do request: Head \"https://registry.example.com/v2/\": Proxy "
	             "Authentication Required",
	     NODE_CONNECTION},
	    {RESOLVE "failed to do request: Head \"https://registry.example.com/v2/\": Forbidden",
	     NODE_CONNECTION},
	};

	(void)state;
	check_all(said, LEN(said));
	for (size_t i = 0; i < LEN(said); i++)
		assert_non_null(read_message("ErrImagePull", said[i].message).meaning);
}

/* --- CRI-O ----------------------------------------------------------------------------------- */

static void crio_is_understood(void **state)
{
	static const struct said said[] = {
	    {"rpc error: code = Unknown desc = unable to retrieve auth token: invalid "
	     "username/password: unauthorized: authentication required",
	     NODE_UNAUTHORIZED},
	    {"rpc error: code = Unknown desc = Error reading manifest latest in docker.io/a/b: "
	     "errors:\n"
	     "denied: requested access to the resource is denied\nunauthorized: authentication "
	     "required",
	     NODE_UNAUTHORIZED},
	    {"initializing source docker://quay.io/a/b:v1: reading manifest v1 in quay.io/a/b: "
	     "unauthorized: access to the requested resource is not authorized",
	     NODE_UNAUTHORIZED},
	    {"[rpc error: code = Unknown desc = unable to retrieve auth token: invalid "
	     "username/password: unauthorized: Invalid Username or Password, rpc error: code = "
	     "Unknown "
	     "desc = reading manifest v1 in quay.io/a/b: manifest unknown]",
	     NODE_NOT_FOUND},
	    {"initializing source docker://registry.example.com/a:v2: reading manifest v2 in "
	     "registry.example.com/a: name unknown: repository name not known to registry",
	     NODE_NOT_FOUND},
	    {"choosing an image from manifest list docker://alpine:latest: no image found in "
	     "manifest "
	     "list for architecture amd64, variant \"\", OS darwin",
	     NODE_PLATFORM},
	    {"choosing an image from manifest list docker://x:1: no image found in image index for "
	     "architecture arm64, variant \"v8\", OS linux",
	     NODE_PLATFORM},
	    {"reading manifest 1.13 in docker.io/library/nginx: toomanyrequests: You have reached "
	     "your "
	     "pull rate limit",
	     NODE_RATE_LIMITED},
	    {"rpc error: code = DeadlineExceeded desc = initializing source "
	     "docker://r.example.com/a:1: "
	     "pinging container registry r.example.com: Get \"https://r.example.com/v2/\": dial "
	     "tcp "
	     "52.207.2.251:443: i/o timeout",
	     NODE_TIMEOUT},
	    {"pinging container registry r.example.com:5000: Get "
	     "\"https://r.example.com:5000/v2/\": "
	     "http: server gave HTTP response to HTTPS client",
	     NODE_HTTP},
	    {"(Mirrors also failed: [mirror.example.com/a:v1: pinging container registry "
	     "mirror.example.com: Get \"https://mirror.example.com/v2/\": dial tcp: lookup "
	     "mirror.example.com: no such host]): registry.example.com/a:v1: reading manifest v1 "
	     "in "
	     "registry.example.com/a: unauthorized: authentication required",
	     NODE_UNAUTHORIZED},
	    {"image pull failed for " IMAGE
	     " because the registry is unavailable: pinging container "
	     "registry registry.example.com: Get \"https://registry.example.com/v2/\": dial tcp "
	     "10.0.0.9:443: connect: connection refused",
	     NODE_CONNECTION},
	    {"Requesting bearer token: invalid status code from registry 401 (Unauthorized)",
	     NODE_UNAUTHORIZED},
	    {"Requesting bearer token: invalid status code from registry 403 (Forbidden)",
	     NODE_UNAUTHORIZED},
	    {"Requesting bearer token: invalid status code from registry 503 (Service Unavailable)",
	     NODE_OTHER},
	    {"reading manifest v1 in r.example.com/a: StatusCode: 403, \"<html>\"",
	     NODE_UNAUTHORIZED},
	    {"reading manifest v1 in r.example.com/a: StatusCode: 404, \"<html>\"", NODE_NOT_FOUND},
	    {"reading manifest v1 in r.example.com/a: unknown: artifact a:v1 not found",
	     NODE_NOT_FOUND},
	};

	(void)state;
	check_all(said, LEN(said));
}

/* --- docker: dockershim, cri-dockerd ---------------------------------------------------------- */

static void docker_is_understood(void **state)
{
	static const struct said said[] = {
	    {"rpc error: code = Unknown desc = Error response from daemon: pull access denied for "
	     "a/b, "
	     "repository does not exist or may require 'docker login': denied: requested access to "
	     "the "
	     "resource is denied",
	     NODE_UNAUTHORIZED},
	    {"Error response from daemon: Get \"https://registry.example.com/v2/\": unauthorized: "
	     "authentication required",
	     NODE_UNAUTHORIZED},
	    {"Error response from daemon: Get "
	     "https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/a/manifests/"
	     "v1: no basic auth credentials",
	     NODE_UNAUTHORIZED},
	    {"Error response from daemon: Head \"https://eu.gcr.io/v2/p/a/manifests/v1\": denied: "
	     "Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource",
	     NODE_UNAUTHORIZED},
	    {"Error response from daemon: repository a/b not found: does not exist or no pull "
	     "access",
	     NODE_UNAUTHORIZED},
	    {"Error response from daemon: manifest for a/b:v9 not found: manifest unknown: "
	     "manifest "
	     "unknown",
	     NODE_NOT_FOUND},
	    {"Error response from daemon: name unknown: The repository with name 'a' does not "
	     "exist in "
	     "the registry with id '1'",
	     NODE_NOT_FOUND},
	    {"rpc error: code = Unknown desc = no matching manifest for linux/arm/v7 in the "
	     "manifest "
	     "list entries",
	     NODE_PLATFORM},
	    {"Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest "
	     "list "
	     "entries: no match for platform in manifest: not found",
	     NODE_PLATFORM},
	    {"Error response from daemon: image operating system \"windows\" cannot be used on "
	     "this "
	     "platform",
	     NODE_PLATFORM},
	    {"Error response from daemon: toomanyrequests: You have reached your pull rate limit. "
	     "You "
	     "may increase the limit by authenticating and upgrading: "
	     "https://www.docker.com/increase-rate-limit",
	     NODE_RATE_LIMITED},
	    {"Error response from daemon: Get https://registry.example.com/v2/: x509: certificate "
	     "signed "
	     "by unknown authority",
	     NODE_TLS},
	    {"Error response from daemon: Get https://10.0.0.5/v2/: x509: cannot validate "
	     "certificate for "
	     "10.0.0.5 because it doesn't contain any IP SANs",
	     NODE_TLS},
	    {"Error response from daemon: Get https://registry-1.docker.io/v2/: net/http: request "
	     "canceled while waiting for connection (Client.Timeout exceeded while awaiting "
	     "headers)",
	     NODE_TIMEOUT},
	    {"Error response from daemon: invalid reference format", NODE_INVALID_IMAGE},
	};

	(void)state;
	check_all(said, LEN(said));
}

/* --- the kubelet ---------------------------------------------------------------------------------
 */

static void the_kubelet_is_understood(void **state)
{
	static const struct {
		const char *reason, *message;
		enum node_problem problem;
	} said[] = {
	    {"InvalidImageName",
	     "Failed to apply default image tag \"r/Hello:v1\": couldn't parse image reference "
	     "\"r/Hello:v1\": invalid reference format: repository name must be lowercase",
	     NODE_INVALID_IMAGE},
	    {"InvalidImageName",
	     "Failed to apply default image tag \"r/Hello\": couldn't parse image name "
	     "\"r/Hello\": "
	     "invalid reference format: repository name (Hello) must be lowercase",
	     NODE_INVALID_IMAGE},
	    {"ErrImageNeverPull",
	     "Container image \"" IMAGE "\" is not present with pull policy of Never",
	     NODE_NEVER_PULL},
	    {"Failed", "Container image \"" IMAGE "\" is not present with pull policy of Never",
	     NODE_NEVER_PULL},
	    {"illegal base64 data at input byte 0", "illegal base64 data at input byte 0",
	     NODE_SECRET_BROKEN},
	    {"Failed", "Failed to pull image \"" IMAGE "\": illegal base64 data at input byte 0",
	     NODE_SECRET_BROKEN},
	    {"ErrImagePull", "unexpected end of JSON input", NODE_SECRET_BROKEN},
	    {"ErrImagePull", "invalid character 'x' looking for beginning of value",
	     NODE_SECRET_BROKEN},
	    {"ErrImagePull",
	     "json: cannot unmarshal array into Go struct field DockerConfigJSON.auths of type "
	     "credentialprovider.DockerConfig",
	     NODE_SECRET_BROKEN},
	    {"ErrImagePull",
	     "unable to parse auth field, must be formatted as base64(username:password)",
	     NODE_SECRET_BROKEN},
	    {"FailedToRetrieveImagePullSecret",
	     "Unable to retrieve some image pull secrets (regcred); attempting to pull the image "
	     "may "
	     "not succeed.",
	     NODE_SECRET_MISSING},
	    {"Failed", "Failed to pull image \"" IMAGE "\": pull QPS exceeded", NODE_RATE_LIMITED},
	    {"RegistryUnavailable", "image pull failed for a because the registry is unavailable.",
	     NODE_CONNECTION},
	    {"SignatureValidationFailed",
	     "image pull failed for a because the signature validation failed: Source image "
	     "rejected",
	     NODE_OTHER},
	    {"ImagePullBackOff", "Back-off pulling image \"" IMAGE "\"", NODE_OTHER},
	    {"ImagePullBackOff",
	     "Back-off pulling image \"" IMAGE "\": ErrImagePull: " NEWER
	     "pull access denied, repository does not exist or may require authorization: "
	     "authorization failed: no basic auth credentials",
	     NODE_UNAUTHORIZED},
	    {"ImagePullBackOff",
	     "Back-off pulling image \"" IMAGE
	     "\": RegistryUnavailable: image pull failed for " IMAGE
	     " because the registry is unavailable: dial tcp 10.0.0.9:443: i/o timeout",
	     NODE_TIMEOUT},
	    {"Failed", "Failed to record image pull intent for container image \"a\": disk full",
	     NODE_CREDENTIAL_CHECK},
	};

	(void)state;
	for (size_t i = 0; i < LEN(said); i++)
		assert_string_equal(
		    node_problem_word(read_message(said[i].reason, said[i].message).problem),
		    node_problem_word(said[i].problem));
}

/* What a token server says is not what the kubelet says of a Secret. */
static void only_the_kubelet_speaks_of_secrets(void **state)
{
	static const struct said said[] = {
	    {RESOLVE "failed to authorize: failed to decode token response: invalid character '<' "
	             "looking for beginning of value",
	     NODE_OTHER},
	    {"rpc error: code = Unknown desc = unexpected end of JSON input", NODE_OTHER},
	};

	(void)state;
	check_all(said, LEN(said));
}

static void the_image_may_be_called_anything(void **state)
{
	static const char *const images[] = {"registry.example.com/429-too-many-requests:v1",
	                                     "unauthorized:v1", "registry.example.com/eof",
	                                     "denied: ", "registry.example.com/toomanyrequests:v1"};

	(void)state;
	for (size_t i = 0; i < LEN(images); i++) {
		char message[256] = "rpc error: code = Unknown desc = Error response from daemon: ";

		strcat(message, images[i]);
		strcat(message, ": manifest for ");
		strcat(message, images[i]);
		strcat(message, " not found: manifest unknown");
		assert_int_equal(
		    NODE_NOT_FOUND,
		    node_message_read(view_of("ErrImagePull"), view_of(message), view_of(images[i]))
		        .problem);
	}
}

static void its_own_words_are_what_is_left(void **state)
{
	static const struct {
		const char *message, *words;
	} cases[] = {
	    {RESOLVE "unexpected status code [manifests v1]: 401 Unauthorized",
	     "unexpected status code [manifests v1]: 401 Unauthorized"},
	    {"Back-off pulling image \"" IMAGE "\": ErrImagePull: " NEWER "x: not found",
	     "x: not found"},
	    {"Back-off pulling image \"" IMAGE "\"", ""},
	    {"rpc error: code = Unknown desc = Error response from daemon: no", "no"},
	    {"rpc error: code = ", ""},
	    {"Failed to pull image \"a", "\"a"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct view words = read_message("ErrImagePull", cases[i].message).words;

		assert_int_equal(words.len, strlen(cases[i].words));
		assert_memory_equal(words.data, cases[i].words, words.len);
	}
}

static void unknown_words_have_no_meaning(void **state)
{
	(void)state;
	assert_null(read_message("ErrImagePull", "the moon is in the wrong place").meaning);
	assert_non_null(read_message("ErrImageNeverPull", "").meaning);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(containerd_is_understood),
	    cmocka_unit_test(crio_is_understood),
	    cmocka_unit_test(nodes_and_proxies_are_understood),
	    cmocka_unit_test(docker_is_understood),
	    cmocka_unit_test(the_kubelet_is_understood),
	    cmocka_unit_test(only_the_kubelet_speaks_of_secrets),
	    cmocka_unit_test(the_image_may_be_called_anything),
	    cmocka_unit_test(its_own_words_are_what_is_left),
	    cmocka_unit_test(unknown_words_have_no_meaning),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
