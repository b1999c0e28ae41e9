/* secret_admission.h - what the API server refuses in a Secret.
 *
 * Judged as `kubectl create` with its default strict validation: decoding into Go's
 * types, unknown and repeated fields, then the rules for the finished object
 * (stringData merged over data, type defaulted, the name made of generateName). All
 * problems are found, not only those of the first stage that fails, one for each
 * cause, up to SECRET_PROBLEMS_MAX.
 *
 * Facts, from Kubernetes 1.32 (1.36 has the same):
 *   - staging/src/k8s.io/api/core/v1/types.go (Secret), apimachinery
 *     pkg/apis/meta/v1/types.go (ObjectMeta), time.go (RFC 3339);
 *   - sigs.k8s.io/json: names of fields match exactly; null is the zero value of any
 *     type, also as a value or item inside;
 *   - pkg/apis/core/v1/conversion.go (stringData), defaults.go (Opaque),
 *     pkg/apis/core/validation/validation.go (ValidateSecret), apimachinery
 *     pkg/api/validation/objectmeta.go, apiserver pkg/registry/rest/create.go,
 *     pkg/storage/names/generate.go.
 *
 * Not judged: what needs the cluster (whether the namespace exists, an update of an
 * immutable Secret), and values with the marks of templated.h.
 *
 * Messages are sentences without a final period that begin with the field,
 * `metadata.labels["a b"]` or `data[".dockerconfigjson"]`. They never show a value
 * of data, stringData or annotations.
 */
#ifndef REGCRED_SECRET_ADMISSION_H
#define REGCRED_SECRET_ADMISSION_H

#include <stddef.h>

#include "regcred/base/error.h"
#include "regcred/kube/pull_secret.h"

/* Problems of one object that are listed; more are counted only. */
enum { SECRET_PROBLEMS_MAX = 100 };

enum secret_problem_rule {
	SECRET_PROBLEM_OBJECT,    /* object-invalid */
	SECRET_PROBLEM_KEY,       /* secret-key: the key its type needs is missing */
	SECRET_PROBLEM_BASE64,    /* secret-base64 */
	SECRET_PROBLEM_TOO_LARGE, /* secret-too-large */
	SECRET_PROBLEM_CONFIG,    /* config-json: the config is not a JSON object */
};

/* All are errors. */
struct secret_problem {
	enum secret_problem_rule rule;
	const struct node *node; /* the offending value, or key; where something is missing,
	                            the nearest mapping it should be in. Of the tree */
	struct node_place place; /* the node's */
	char message[ERROR_MESSAGE_SIZE];
	char hint[ERROR_HINT_SIZE]; /* empty: none */
};

struct secret_problems {
	struct secret_problem *items; /* in the order they were found */
	size_t count, capacity;
	size_t unlisted; /* found beyond SECRET_PROBLEMS_MAX */
};

#define SECRET_PROBLEMS_INIT ((struct secret_problems){0})

/* Adds the problems of an object, of which manifest_reader.h says the apiVersion and
 * kind. Only what means to be a core Secret is judged: kind Secret, unless the apiVersion
 * is of a group that may have Secrets of its own (a name with a dot), and, in v1, a kind
 * such as secret or Secrets. Without apiVersion the server takes it for v1, and so does
 * this. Everything else has none. `secret` is what pull_secret_read made of the object. */
void secret_admission_check(const struct node *root, const char *api_version, const char *kind,
                            struct pull_secret *secret, struct secret_problems *problems);

/* Wipes and frees; for CLEANUP. Empty then. */
void secret_problems_release(struct secret_problems *problems);

#endif
