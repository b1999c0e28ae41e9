/* secret.h - a Kubernetes Secret as plain data, its rules, its hashed name, and
 * the object that a manifest shows of it.
 *
 * A secret borrows every string it is given. What is printed or hashed of it needs its
 * pairs sorted by key, each key once (secret_pairs_sort), as the API server prints maps.
 *
 * Sources: Kubernetes 1.32 pkg/apis/core/validation/validation.go
 * (ValidateSecret), apimachinery pkg/api/validation/objectmeta.go, kubectl
 * pkg/util/hash/hash.go.
 */
#ifndef REGCRED_SECRET_H
#define REGCRED_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/json/json.h"

#define SECRET_TYPE_DOCKER_CONFIG "kubernetes.io/dockerconfigjson"
#define SECRET_KEY_DOCKER_CONFIG  ".dockerconfigjson"

enum {
	SECRET_HASH_SIZE = 11, /* ten characters and the zero byte */
	/* Decoded bytes above which client-side kubectl apply, which copies the
	 * manifest into an annotation of at most 256 KiB, fails. */
	SECRET_LARGE = 180 * 1024,
};

struct secret_pair {
	const char *key, *value;
};

struct secret_pairs {
	struct secret_pair *items;
	size_t count, capacity;
};

enum secret_immutable { SECRET_IMMUTABLE_ABSENT, SECRET_IMMUTABLE_FALSE, SECRET_IMMUTABLE_TRUE };

struct secret {
	const char *name;
	const char *type;
	enum secret_immutable immutable;
	bool no_data; /* no `data` map at all, which hashes otherwise than an empty one */
	struct secret_pairs labels, annotations;
	struct secret_pairs data; /* values in base64, as they stand in the object */
};

/* For CLEANUP. */
void secret_pairs_release(struct secret_pairs *pairs);

/* Adds a pair at the end. */
void secret_pairs_add(struct secret_pairs *pairs, const char *key, const char *value);

/* Sorts all of them by key. Returns a key that appears twice, or NULL. */
const char *secret_pairs_sort(struct secret_pairs *pairs);

/* Whether a key is among sorted pairs. */
bool secret_pairs_have(const struct secret_pairs *pairs, const char *key);

/* The sum of the decoded data values, in bytes: what the API server limits. */
size_t secret_size(const struct secret *secret);

/* Checks a label, an annotation: LABEL_INVALID, ANNOTATION_INVALID. */
bool secret_check_label(const char *key, const char *value, struct error *error);
bool secret_check_annotation(const char *key, const char *value, struct error *error);

/* Checks the whole: the name, the annotations' total size (262,144 bytes), the
 * data's (1,048,576 bytes). NAME_INVALID, ANNOTATION_INVALID, SECRET_TOO_LARGE. */
bool secret_check(const struct secret *secret, struct error *error);

/* The text that kubectl hashes, and the ten characters it makes of it. */
bool secret_hash_text(const struct secret *secret, struct buf *out, struct error *error);
bool secret_hash(const struct secret *secret, char hash[SECRET_HASH_SIZE], struct error *error);

/* The metadata of an object that goes with a Secret: the name, with `namespace_hole` a
 * namespace that is the hole of document.h, and the pairs if there are any; NULL:
 * none. The caller owns it. */
struct json *secret_metadata(const char *name, bool namespace_hole,
                             const struct secret_pairs *labels,
                             const struct secret_pairs *annotations);

/* The object, keys in the order people read: apiVersion, kind, metadata, type,
 * immutable, data. The caller owns it. */
struct json *secret_object(const struct secret *secret, bool namespace_hole);

#endif
