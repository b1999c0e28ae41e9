/* check.h - what is wrong in pull Secrets and in the manifests that use them.
 *
 * Objects go in one by one, as manifest_reader.h hands them out, each with the number
 * of the file it stands in; findings come out at the end, sorted by file and place. Of
 * an object nothing is kept but its findings and what the checks across objects need:
 * names, registry keys, user names, images.
 *
 *	struct check *check = check_new(&options);
 *	while (manifest_reader_next(reader, &item, error) && item.event != MANIFEST_END)
 *		check_add(check, file, &item, error);
 *	check_finish(check, error);
 *	for (size_t i = 0; i < check_finding_count(check); i++)
 *		check_finding(check, i)...
 *
 * A file in which a template was met has one finding, which says so: all others in it
 * are dropped.
 *
 * Messages are sentences without a final period. They name the field and never hold a
 * password, a user name's password part or a value of data, but may hold bytes of the
 * manifest (names, keys, images): whoever prints them makes those harmless.
 *
 * Failure: only out of memory.
 */
#ifndef REGCRED_CHECK_H
#define REGCRED_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/diagnostic.h"
#include "regcred/error.h"
#include "regcred/manifest_reader.h"
#include "regcred/node.h"

/* ---- Rules ---- */

/* Every rule, once: ROW(name, id, severity, reason). The ids are stable; the manual has
 * a section for each, and a test holds the two together. The reason is one line without
 * final period, for --list-rules and SARIF. */
/* clang-format off */
#define CHECK_RULES(ROW)                                                                          \
	/* the document */                                                                        \
	ROW(PARSE_ERROR, "parse-error", ERROR,                                                    \
	    "the document is neither YAML nor JSON")                                              \
	ROW(TEMPLATE, "template", WARNING,                                                        \
	    "a template is no manifest before it is rendered")                                    \
	/* the Secret */                                                                          \
	ROW(OBJECT_INVALID, "object-invalid", ERROR,                                              \
	    "the API server refuses the Secret")                                                  \
	ROW(SECRET_TYPE, "secret-type", ERROR,                                                    \
	    "the kubelet passes over a pull secret of another type")                              \
	ROW(SECRET_KEY, "secret-key", ERROR,                                                      \
	    "the key that the Secret's type needs is not there")                                  \
	ROW(SECRET_BASE64, "secret-base64", ERROR,                                                \
	    "a value of data is not base64")                                                      \
	ROW(SECRET_PLACEHOLDER, "secret-placeholder", ERROR,                                      \
	    "the value still has to be filled in")                                                \
	ROW(SECRET_DOUBLE_BASE64, "secret-double-base64", ERROR,                                  \
	    "the value was encoded as base64 twice")                                              \
	ROW(SECRET_TOO_LARGE, "secret-too-large", ERROR,                                          \
	    "the API server takes 1 MiB of data in a Secret")                                     \
	ROW(LAST_APPLIED_CREDENTIAL, "last-applied-credential", WARNING,                          \
	    "kubectl apply left a second copy of the credential in an annotation")                \
	/* the Docker config in it */                                                             \
	ROW(CONFIG_JSON, "config-json", ERROR,                                                    \
	    "the Docker config is not a JSON object, or the kubelet cannot read it")              \
	ROW(CONFIG_NO_AUTHS, "config-no-auths", ERROR,                                            \
	    "a Docker config without auths holds no credential")                                  \
	ROW(CONFIG_LEGACY_SHAPE, "config-legacy-shape", ERROR,                                    \
	    "the shape of the Docker config belongs to the other type of pull secret")            \
	ROW(CONFIG_HELPER_ONLY, "config-helper-only", ERROR,                                      \
	    "the credential is in a helper's store, where the kubelet cannot get it")             \
	ROW(AUTH_BASE64, "auth-base64", ERROR,                                                    \
	    "auth is not base64, and the kubelet then pulls no image of the Pod")                 \
	ROW(AUTH_NO_COLON, "auth-no-colon", ERROR,                                                \
	    "auth has no colon, and the kubelet then pulls no image of the Pod")                  \
	ROW(AUTH_NEWLINE, "auth-newline", ERROR,                                                  \
	    "a line end became part of the password")                                             \
	ROW(AUTH_MISMATCH, "auth-mismatch", WARNING,                                              \
	    "auth wins over username and password, and differs from them")                        \
	ROW(EMPTY_ENTRY, "empty-entry", ERROR,                                                    \
	    "an entry without credentials is tried all the same")                                 \
	ROW(IDENTITY_TOKEN_ONLY, "identity-token-only", ERROR,                                    \
	    "the kubelet never sends an identity token")                                          \
	ROW(DUPLICATE_KEY, "duplicate-key", WARNING,                                              \
	    "of a repeated key the last one counts, and the others are lost")                     \
	ROW(TOKEN_EXPIRED, "token-expired", ERROR,                                                \
	    "the secret has ended")                                                               \
	ROW(TOKEN_SHORT_LIVED, "token-short-lived", WARNING,                                      \
	    "the secret ends soon after it was issued")                                           \
	ROW(USERNAME_PROVIDER, "username-provider", WARNING,                                      \
	    "the registry does not know such a user name")                                        \
	/* registry keys */                                                                       \
	ROW(REGISTRY_DEAD_KEY, "registry-dead-key", ERROR,                                        \
	    "the kubelet never uses this key for the images it is meant for")                     \
	ROW(REGISTRY_DOCKER_HUB_KEY, "registry-docker-hub-key", WARNING,                          \
	    "the kubelet finds this key of Docker Hub, other tools do not")                       \
	ROW(REGISTRY_PREFIX_LEAK, "registry-prefix-leak", WARNING,                                \
	    "a path without a final slash also serves its namesakes")                             \
	ROW(REGISTRY_AMBIGUOUS, "registry-ambiguous", WARNING,                                    \
	    "two keys mean the same, and chance decides which comes first")                       \
	ROW(REGISTRY_SCHEME, "registry-scheme", NOTE,                                             \
	    "the kubelet drops the scheme of a registry, others do not")                          \
	/* references */                                                                          \
	ROW(REF_MISSING, "ref-missing", ERROR,                                                    \
	    "the Secret that is referred to is not there")                                        \
	ROW(REF_NAMESPACE, "ref-namespace", ERROR,                                                \
	    "a Pod takes Secrets from its own namespace alone")                                   \
	ROW(REF_TYPE, "ref-type", ERROR,                                                          \
	    "the Secret that is referred to is no pull secret")                                   \
	ROW(IMAGE_UNMATCHED, "image-unmatched", WARNING,                                          \
	    "none of the pull secrets has a credential for the image")                            \
	/* access to Secrets */                                                                   \
	ROW(RBAC_SECRETS_WILDCARD, "rbac-secrets-wildcard", WARNING,                              \
	    "a * in a rule reaches Secrets")                                                      \
	ROW(RBAC_SECRETS_UNSCOPED, "rbac-secrets-unscoped", NOTE,                                 \
	    "a rule without resourceNames reaches every Secret")                                  \
	ROW(RBAC_SECRETS_LIST, "rbac-secrets-list", NOTE,                                         \
	    "list and watch show the content of every Secret")
/* clang-format on */

enum check_rule {
#define CHECK_RULE_ENUM(name, id, severity, reason) CHECK_##name,
	CHECK_RULES(CHECK_RULE_ENUM)
#undef CHECK_RULE_ENUM
	    CHECK_RULE_COUNT /* below 64: sets of rules are bits */
};

typedef uint64_t check_rules;

static inline check_rules check_rule_bit(enum check_rule rule)
{
	return UINT64_C(1) << rule;
}

struct check_rule_facts {
	const char *id;
	enum severity severity;
	const char *reason; /* one line */
	const char *help;   /* why, and how to mend it; whole sentences */
};

/* `rule` is below CHECK_RULE_COUNT. */
struct check_rule_facts check_rule_facts(enum check_rule rule);

/* The rule whose id these `len` bytes are; CHECK_RULE_COUNT: none. */
enum check_rule check_rule_find(const char *id, size_t len);

/* ---- Findings ---- */

struct check_finding {
	enum check_rule rule;
	size_t file;             /* the caller's number */
	struct node_place place; /* of the offending value */
	const char *message;
	const char *hint; /* "": none */
};

struct check_options {
	int64_t now;         /* Unix seconds, for what a secret says of its end */
	check_rules ignored; /* never reported, wherever they are */
	bool complete;       /* whatever is referred to must be among the objects */
};

struct check;

/* NULL: no memory. */
struct check *check_new(const struct check_options *options);

/* For CLEANUP: wipes, frees and sets to NULL. */
void check_free(struct check **check);

/* Takes what the reader handed out, for as long as the call lasts; MANIFEST_END is
 * nothing. Files come in the order of their numbers. */
bool check_add(struct check *check, size_t file, const struct manifest_item *item,
               struct error *error);

/* After the last object: the checks across objects, and the order of the findings. */
bool check_finish(struct check *check, struct error *error);

/* After check_finish, by file, line, column, rule; each once. */
size_t check_finding_count(const struct check *check);
const struct check_finding *check_finding(const struct check *check, size_t index);

/* Findings that are more than can be kept: counted only. */
enum { CHECK_FINDINGS_MAX = 1000000 };
size_t check_unlisted(const struct check *check);

/* An annotation regcred-gen/ignore that names no rule: nothing is wrong with what the
 * manifest makes, so it is no finding; whoever wrote it should know all the same. */
struct check_remark {
	size_t file;
	struct node_place place; /* of the annotation's value */
	const char *word;        /* what it names instead, cut */
};

enum { CHECK_REMARKS_MAX = 100 };

size_t check_remark_count(const struct check *check);
const struct check_remark *check_remark(const struct check *check, size_t index);

#endif
