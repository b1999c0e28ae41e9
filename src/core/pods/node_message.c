#include "regcred/pods/node_message.h"

#include <string.h>
#include <strings.h>

#include "regcred/base/buf.h"
#include "regcred/base/memory.h"

const char *node_problem_word(enum node_problem problem)
{
	static const char *const words[NODE_PROBLEM_COUNT] = {
	    [NODE_UNAUTHORIZED] = "unauthorized",
	    [NODE_NOT_FOUND] = "not-found",
	    [NODE_PLATFORM] = "platform",
	    [NODE_RATE_LIMITED] = "rate-limited",
	    [NODE_TLS] = "tls",
	    [NODE_HTTP] = "http",
	    [NODE_DNS] = "dns",
	    [NODE_CONNECTION] = "connection",
	    [NODE_TIMEOUT] = "timeout",
	    [NODE_INVALID_IMAGE] = "invalid-image",
	    [NODE_NEVER_PULL] = "never-pull",
	    [NODE_SECRET_MISSING] = "secret-missing",
	    [NODE_SECRET_BROKEN] = "secret-broken",
	    [NODE_CREDENTIAL_CHECK] = "credential-check",
	    [NODE_OTHER] = "other",
	};

	return words[problem];
}

/* --- the table -------------------------------------------------------------------------- */

enum where {
	REASON, /* it is the reason */
	START,  /* the kubelet's own error begins with it: no runtime was asked */
	WITHIN, /* anywhere, in upper or lower case */
	END,    /* likewise, at the end of the message or of one of several in a list */
};

struct row {
	enum where where;
	const char *text;
	enum node_problem problem;
	const char *meaning;
};

static const char broken[] = "a pull Secret of the Pod cannot be decoded";
static const char platform[] = "the image has no build for the node's platform";
static const char unsigned_image[] = "the node does not accept the image's signature";
static const char no_runtime[] = "the kubelet cannot reach the node's container runtime";
static const char outdated[] = "the image has a format that the node does not pull any more";
static const char limited[] = "the registry's pull limit is reached";
static const char plain_http[] = "the node uses HTTPS, but the registry does not";
static const char untrusted[] = "the node does not trust the registry's certificate";
static const char no_tls[] = "the node cannot establish a secure connection to the registry";
static const char no_name[] = "the node cannot resolve the registry's host name";
static const char late[] = "the registry does not answer in time";
static const char unreachable[] = "the node cannot connect to the registry";
static const char failing[] = "the registry, or a proxy in front of it, failed";
static const char absent[] = "the registry has no such image, or hides it from this login";
static const char none_sent[] = "the registry requires a login, and the node sent none";
static const char refused[] = "the registry refused the node's login";
static const char wanted[] = "the registry requires a login, and got none that it accepts";
static const char denied[] = "the registry denied access to the image";

/* The first row that fits counts, so specific rows come before general ones. Several credentials
 * are tried one after the other, and a message then holds the answers to all of them: a login
 * that found nothing was at least accepted, so "not found" goes before "unauthorized". */
/* clang-format off */
static const struct row rows[] = {
	/* kubelet: pkg/kubelet/images/types.go, image_manager.go; kubelet_pods.go for the Secret */
	{REASON, "InvalidImageName", NODE_INVALID_IMAGE, "the image's name is invalid"},
	{REASON, "ErrImageNeverPull", NODE_NEVER_PULL,
	 "the image is not on the node, and the Pod forbids pulling it"},
	{WITHIN, "is not present with pull policy of Never", NODE_NEVER_PULL,
	 "the image is not on the node, and the Pod forbids pulling it"},
	{REASON, "FailedToRetrieveImagePullSecret", NODE_SECRET_MISSING,
	 "the node does not find a pull Secret of the Pod"},
	{WITHIN, "Unable to retrieve some image pull secrets", NODE_SECRET_MISSING,
	 "the node does not find a pull Secret of the Pod"},
	{REASON, "SignatureValidationFailed", NODE_OTHER, unsigned_image},
	{WITHIN, "the signature validation failed", NODE_OTHER, unsigned_image},
	{START, "pull QPS exceeded", NODE_RATE_LIMITED,
	 "the kubelet pulls too many images at once (its registryPullQPS), and tries again"},
	{WITHIN, "record image pull intent", NODE_CREDENTIAL_CHECK,
	 "the kubelet cannot keep its record of who may use the image"},
	/* kubelet: pkg/credentialprovider/config.go, and Go's encoding/base64 and encoding/json */
	{START, "illegal base64 data", NODE_SECRET_BROKEN, broken},
	{START, "invalid character", NODE_SECRET_BROKEN, broken},
	{START, "unexpected end of JSON input", NODE_SECRET_BROKEN, broken},
	{START, "json: cannot unmarshal", NODE_SECRET_BROKEN, broken},
	{START, "unable to parse auth field", NODE_SECRET_BROKEN, broken},
	/* gRPC: internal/transport/http2_client.go; the kubelet does not reach its runtime */
	{WITHIN, "dial unix ", NODE_OTHER, no_runtime},
	{WITHIN, "error reading from server: EOF", NODE_OTHER, no_runtime},
	/* containers/image: signature/policy_eval.go; containerd: pkg/imageverifier */
	{WITHIN, "Source image rejected: ", NODE_OTHER, unsigned_image},
	{WITHIN, "blocked pull of ", NODE_OTHER, "an image verifier of the node rejects the image"},
	/* containerd: core/images/handlers.go, client/pull.go; docker: distribution/pull_v2.go */
	{WITHIN, "manifest.v1+prettyjws", NODE_OTHER, outdated},
	{WITHIN, "schema 1 support", NODE_OTHER, outdated},
	{WITHIN, "unexpected media type text/html", NODE_OTHER, failing},
	/* containerd: core/images/image.go (before 2.0 images/image.go) */
	{WITHIN, "no match for platform", NODE_PLATFORM, platform},
	/* docker: distribution/pull_v2.go, image/store.go */
	{WITHIN, "no matching manifest for", NODE_PLATFORM, platform},
	{WITHIN, "cannot be used on this platform", NODE_PLATFORM, platform},
	{WITHIN, "does not match the specified platform", NODE_PLATFORM, platform},
	/* containers/image: manifest/docker_schema2_list.go, internal/manifest/oci_index.go */
	{WITHIN, "no image found in manifest list", NODE_PLATFORM, platform},
	{WITHIN, "no image found in image index", NODE_PLATFORM, platform},
	/* distribution-spec: the error code; net/http: the status */
	{WITHIN, "toomanyrequests", NODE_RATE_LIMITED, limited},
	{WITHIN, "429 Too Many Requests", NODE_RATE_LIMITED, limited},
	{WITHIN, "too many requests to registry", NODE_RATE_LIMITED, limited},
	{WITHIN, "pull rate limit", NODE_RATE_LIMITED, limited},
	/* Go: net/http/transport.go, crypto/tls/conn.go; net/http/server.go from the other side */
	{WITHIN, "server gave HTTP response to HTTPS client", NODE_HTTP, plain_http},
	{WITHIN, "first record does not look like a TLS handshake", NODE_HTTP, plain_http},
	{WITHIN, "HTTP request to an HTTPS server", NODE_HTTP,
	 "the node uses plain HTTP, but the registry requires HTTPS"},
	{WITHIN, "malformed HTTP response", NODE_HTTP,
	 "the node uses plain HTTP, but the registry requires HTTPS"},
	/* Go: crypto/x509/verify.go, crypto/tls/alert.go */
	{WITHIN, "certificate has expired or is not yet valid", NODE_TLS,
	 "the registry's certificate has expired, or the node's clock is wrong"},
	{WITHIN, "x509: certificate is valid for", NODE_TLS,
	 "the registry's certificate is for another host name"},
	{WITHIN, "x509: cannot validate certificate for", NODE_TLS,
	 "the registry's certificate is for another host name"},
	{WITHIN, "x509: ", NODE_TLS, untrusted},
	{WITHIN, "certificate signed by unknown authority", NODE_TLS, untrusted},
	{WITHIN, "tls: ", NODE_TLS, no_tls},
	/* Go: net/http/transport.go */
	{WITHIN, "proxyconnect tcp", NODE_CONNECTION, "the node cannot connect to its proxy"},
	{WITHIN, "Proxy Authentication Required", NODE_CONNECTION, "the node's proxy requires a login"},
	/* Go: net/net.go, net/dnsclient_unix.go; libc's getaddrinfo */
	{WITHIN, "no such host", NODE_DNS, no_name},
	{WITHIN, "dial tcp: lookup ", NODE_DNS, no_name},
	{WITHIN, "server misbehaving", NODE_DNS, no_name},
	{WITHIN, "Temporary failure in name resolution", NODE_DNS, no_name},
	{WITHIN, "Name or service not known", NODE_DNS, no_name},
	/* Go: net/net.go, net/http/client.go, net/http/transport.go, context; gRPC's code */
	{WITHIN, "i/o timeout", NODE_TIMEOUT, late},
	{WITHIN, "TLS handshake timeout", NODE_TIMEOUT, late},
	{WITHIN, "timeout awaiting response headers", NODE_TIMEOUT, late},
	{WITHIN, "Client.Timeout exceeded", NODE_TIMEOUT, late},
	{WITHIN, "context deadline exceeded", NODE_TIMEOUT, late},
	{WITHIN, "code = DeadlineExceeded", NODE_TIMEOUT, late},
	{WITHIN, "request canceled while waiting for connection", NODE_TIMEOUT, late},
	{WITHIN, "connection timed out", NODE_TIMEOUT, late},
	{END, "context canceled", NODE_TIMEOUT, "the node gave up: the pull made no progress"},
	/* errno(3), as Go's syscall says it */
	{WITHIN, "connection refused", NODE_CONNECTION, "nothing listens at the registry's address"},
	{WITHIN, "no route to host", NODE_CONNECTION, unreachable},
	{WITHIN, "host is unreachable", NODE_CONNECTION, unreachable},
	{WITHIN, "network is unreachable", NODE_CONNECTION, unreachable},
	{WITHIN, "connection reset by peer", NODE_CONNECTION, unreachable},
	{WITHIN, "broken pipe", NODE_CONNECTION, unreachable},
	{WITHIN, "no space left on device", NODE_OTHER, "the node's disk is full"},
	/* net/http: status texts; containers/image has them in parentheses */
	{WITHIN, "Internal Server Error", NODE_OTHER, failing},
	{WITHIN, "Bad Gateway", NODE_OTHER, failing},
	{WITHIN, "Service Unavailable", NODE_OTHER, failing},
	{WITHIN, "Gateway Time", NODE_OTHER, failing},
	/* docker before 1.11 and some registries: both in one */
	{WITHIN, "does not exist or no pull access", NODE_UNAUTHORIZED, denied},
	/* distribution-spec: error codes; containerd: core/remotes/docker/resolver.go; gRPC's code */
	{WITHIN, "manifest unknown", NODE_NOT_FOUND, absent},
	{WITHIN, "manifest_unknown", NODE_NOT_FOUND, absent},
	{WITHIN, "name unknown", NODE_NOT_FOUND, absent},
	{WITHIN, "name_unknown", NODE_NOT_FOUND, absent},
	{WITHIN, "repository name not known to registry", NODE_NOT_FOUND, absent},
	{WITHIN, "404 Not Found", NODE_NOT_FOUND, absent},
	{WITHIN, "code = NotFound", NODE_NOT_FOUND, absent},
	{WITHIN, "404 (Not Found)", NODE_NOT_FOUND, absent},
	{WITHIN, "StatusCode: 404, ", NODE_NOT_FOUND, absent},
	{END, " not found", NODE_NOT_FOUND, absent}, /* Harbor: "unknown: artifact a/b:1 not found" */
	/* containerd: core/remotes/docker/{authorizer,resolver}.go, auth/fetch.go */
	{WITHIN, "no basic auth credentials", NODE_UNAUTHORIZED, none_sent},
	{WITHIN, "failed to fetch anonymous token", NODE_UNAUTHORIZED, none_sent},
	{WITHIN, "failed to fetch oauth token", NODE_UNAUTHORIZED, refused},
	{WITHIN, "pull access denied", NODE_UNAUTHORIZED, denied},
	{WITHIN, "authorization failed", NODE_UNAUTHORIZED, wanted},
	{WITHIN, "insufficient_scope", NODE_UNAUTHORIZED, denied},
	/* containers/image: docker/errors.go */
	{WITHIN, "401 (Unauthorized)", NODE_UNAUTHORIZED, wanted},
	{WITHIN, "403 (Forbidden)", NODE_UNAUTHORIZED, denied},
	{WITHIN, "StatusCode: 403, ", NODE_UNAUTHORIZED, denied},
	{WITHIN, "invalid username/password", NODE_UNAUTHORIZED, refused},
	/* registries: Docker Hub, Amazon ECR */
	{WITHIN, "incorrect username or password", NODE_UNAUTHORIZED, refused},
	{WITHIN, "authorization token has expired", NODE_UNAUTHORIZED,
	 "the token that the node sent has expired"},
	/* net/http: status texts; distribution-spec: error codes, and what registries say with them */
	{WITHIN, "401 Unauthorized", NODE_UNAUTHORIZED, wanted},
	{WITHIN, "403 Forbidden", NODE_UNAUTHORIZED, denied},
	{WITHIN, "authentication required", NODE_UNAUTHORIZED, wanted},
	{WITHIN, "authentication failed", NODE_UNAUTHORIZED, refused},
	{WITHIN, "unauthorized: ", NODE_UNAUTHORIZED, wanted},
	{WITHIN, "unauthorized to access", NODE_UNAUTHORIZED, denied},
	{END, "unauthorized", NODE_UNAUTHORIZED, wanted},
	{WITHIN, "denied: ", NODE_UNAUTHORIZED, denied},
	{WITHIN, "requested access to the resource is denied", NODE_UNAUTHORIZED, denied},
	{WITHIN, "access forbidden", NODE_UNAUTHORIZED, denied},
	{WITHIN, "is not authorized", NODE_UNAUTHORIZED, denied},
	/* net/http: what a proxy answers to CONNECT */
	{END, ": Forbidden", NODE_CONNECTION, "the node's proxy does not let it connect"},
	/* the runtimes' own look at the name: distribution/reference */
	{WITHIN, "invalid reference format", NODE_INVALID_IMAGE, "the image's name is invalid"},
	/* cri-api: pkg/errors/errors.go; only if its words say no more */
	{REASON, "RegistryUnavailable", NODE_CONNECTION, unreachable},
	{WITHIN, "because the registry is unavailable", NODE_CONNECTION, unreachable},
	{END, "EOF", NODE_CONNECTION, "the registry closed the connection"},
};
/* clang-format on */

/* --- what is in front ----------------------------------------------------------------- */

/* A prefix; `quoted`: it is followed by an image's name in quotes and `": `. */
struct wrapper {
	const char *text;
	bool quoted;
};

static const struct wrapper of_kubelet[] = {
    {"Back-off pulling image ", true},
    {"Failed to pull image ", true},
    {"Failed to inspect image ", true},
    {"Failed to apply default image tag ", true},
    {"ErrImagePull: ", false},
    {"RegistryUnavailable: ", false},
    {"SignatureValidationFailed: ", false},
    {0},
};

static const struct wrapper of_runtimes[] = {
    {"rpc error: code = ", false}, /* and a word, and " desc = " */
    {"failed to pull and unpack image ", true},
    {"failed to resolve reference ", true},
    {"failed to resolve image: ", false},
    {"Error response from daemon: ", false},
    {0},
};

static bool skip(struct view *view, const char *text)
{
	if (!view_begins(*view, view_of(text)))
		return false;
	*view = view_from(*view, strlen(text));
	return true;
}

/* Behind the next `separator`; not at all without one. */
static bool skip_to(struct view *view, const char *separator)
{
	size_t len = strlen(separator);
	const char *at = memmem(view->data, view->len, separator, len);

	if (at)
		*view = view_from(*view, (size_t)(at - view->data) + len);
	return at != NULL;
}

/* What follows the image's name; nothing does where the node only says that it waits. */
static void skip_name(struct view *view)
{
	if (skip_to(view, "\": "))
		return;
	if (view->len && view->data[view->len - 1] == '"')
		*view = view_from(*view, view->len);
}

static bool unwrap_one(struct view *view, const struct wrapper *wrapper)
{
	if (!skip(view, wrapper->text))
		return false;
	if (wrapper->quoted)
		skip_name(view);
	else if (wrapper == of_runtimes)
		skip_to(view, " desc = ");
	return true;
}

static void unwrap(struct view *view, const struct wrapper *wrappers)
{
	const struct wrapper *wrapper = wrappers;

	while (wrapper->text)
		wrapper = unwrap_one(view, wrapper) ? wrappers : wrapper + 1;
}

/* CRI-O first says how its mirrors failed: `(Mirrors also failed: [...]): `. The registry's
 * own answer counts. */
static bool skip_mirrors(struct view *view)
{
	if (!skip(view, "(Mirrors also failed: "))
		return false;
	while (skip_to(view, "]): "))
		;
	return true;
}

/* --- comparing ------------------------------------------------------------------------------ */

static bool is_end(struct view view, size_t at)
{
	return at == view.len || view.data[at] == ',' || view.data[at] == ']' ||
	       view.data[at] == '\n';
}

static bool holds(struct view words, const char *text, bool at_end)
{
	size_t len = strlen(text);
	int first = tolower((unsigned char)*text);

	for (size_t i = 0; i + len <= words.len; i++)
		if (tolower((unsigned char)words.data[i]) == first &&
		    strncasecmp(words.data + i, text, len) == 0 &&
		    (!at_end || is_end(words, i + len)))
			return true;
	return false;
}

enum { IMAGE_MAX = 1024 }; /* longer ones are no names of images, and stay */

/* The text with every mention of the image taken out. */
static void append_without(struct buf *out, struct view text, struct view image)
{
	size_t i = 0;

	while (i < text.len) {
		if (image.len && image.len <= IMAGE_MAX && view_begins(view_from(text, i), image)) {
			i += image.len;
			continue;
		}
		buf_append_char(out, text.data[i++]);
	}
}

static const struct row *find_row(struct view reason, struct view own, struct view words)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		bool fits = row->where == REASON  ? view_is(reason, row->text)
		            : row->where == START ? view_begins(own, view_of(row->text))
		                                  : holds(words, row->text, row->where == END);

		if (fits)
			return row;
	}
	return NULL;
}

struct node_message node_message_read(struct view reason, struct view message, struct view image)
{
	CLEANUP(buf_release) struct buf bare = BUF_INIT(BUF_CONFIG_MAX);
	struct node_message result = {.problem = NODE_OTHER, .words = message};
	struct view own;
	const struct row *row;

	unwrap(&result.words, of_kubelet);
	own = result.words;
	unwrap(&result.words, of_runtimes);
	append_without(&bare, skip_mirrors(&result.words) ? result.words : own, image);
	row = find_row(reason, own, buf_view(&bare));
	if (row) {
		result.problem = row->problem;
		result.meaning = row->meaning;
	}
	return result;
}
