/* companions.h - what goes with a Secret, each an object of its own: a Pod that uses
 * it, a ServiceAccount that gives it to Pods, and who may read it.
 *
 * All shapes are those of Kubernetes 1.32 staging/src/k8s.io/api/core/v1/types.go
 * (Pod, ServiceAccount) and rbac/v1/types.go (Role, RoleBinding):
 *   - the Pod keeps the profile `restricted` of the Pod Security Standards
 *     (staging/src/k8s.io/pod-security-admission/policy) and mounts no token;
 *   - the Role allows `get` on the one Secret by its name, nothing else. Its name is
 *     the Secret's and COMPANIONS_READER_SUFFIX, which fits every Secret: RBAC asks
 *     only for a path segment (pkg/apis/rbac/validation/validation.go,
 *     ValidateRBACName), of any length;
 *   - what may be the name of a subject: ValidateRoleBindingSubject, same file.
 *
 * The whole is plain data; strings are borrowed, the lists are owned.
 */
#ifndef REGCRED_COMPANIONS_H
#define REGCRED_COMPANIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/json/json.h"
#include "regcred/kube/namespaces.h"
#include "regcred/kube/secret.h"

#define COMPANIONS_READER_SUFFIX "-reader"

enum { COMPANIONS_MAX = 4 }; /* objects: ServiceAccount, Role, RoleBinding, Pod */

enum reader_kind { READER_USER, READER_GROUP, READER_SERVICE_ACCOUNT };

struct reader {
	enum reader_kind kind;
	const char *ns; /* of a ServiceAccount; NULL: that of the Secret */
	const char *name;
};

struct companions {
	const char *image;           /* of the Pod; NULL: no Pod */
	const char *service_account; /* its name; NULL: none */
	struct reader *readers;      /* none: neither Role nor RoleBinding */
	size_t reader_count, reader_capacity;
	struct secret_pairs labels; /* of all of them */
};

#define COMPANIONS_INIT ((struct companions){0})

/* For CLEANUP. */
void companions_release(struct companions *companions);

/* Sets the image of the Pod, whose name and its container's are made of the last part
 * of the image's path: IMAGE_INVALID. */
bool companions_set_pod(struct companions *companions, const char *image, struct error *error);

/* Sets the ServiceAccount: NAME_INVALID. `default` is the caller's to refuse. */
bool companions_set_service_account(struct companions *companions, const char *name,
                                    struct error *error);

/* Adds "user:NAME", "group:NAME" or "serviceaccount:[NS/]NAME", cut up in place. Names
 * of users and groups are any text without control characters or blanks around it.
 * READER_INVALID. */
bool companions_add_reader(struct companions *companions, char *text, struct error *error);

/* After all are added: none may appear twice, also not once with a namespace and once
 * without (READER_DUPLICATE); where the Secret has no namespace, a ServiceAccount must
 * name its own (READER_INVALID). */
bool companions_check_readers(const struct companions *companions,
                              const struct string_list *namespaces, struct error *error);

/* Whom that reader includes, as the end of a sentence: "includes everyone who ..."; NULL
 * for an ordinary one. */
const char *reader_is_wide(const struct reader *reader);

/* Makes the objects that go with a Secret of that name, in an order in which they can
 * be created; releasing them is the caller's, also after a failure. */
bool companions_make(const struct companions *companions, const char *secret, bool namespace_hole,
                     struct json *objects[COMPANIONS_MAX], size_t *count, struct error *error);

#endif
