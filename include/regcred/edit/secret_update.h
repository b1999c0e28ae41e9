/* secret_update.h - a pull Secret that exists, taken apart so that a new one can be
 * made of it: some entries replaced or dropped, everything else kept.
 *
 * Kept is the meaning of all that a person or a tool wrote. Dropped is what the API
 * server wrote (Kubernetes 1.32 apimachinery pkg/apis/meta/v1/types.go, ObjectMeta), which
 * would stand in the way of applying it: uid, resourceVersion, generation, the two
 * timestamps and the grace period, managedFields, selfLink; and kubectl's annotation
 * with a copy of the manifest, the old credential in it.
 *
 * Refused is what the API server would not take back: a Secret of another type
 * (ValidateSecretUpdate in pkg/apis/core/validation/validation.go: a type never changes), one
 * that is immutable; and a config that the kubelet could not read, of which nothing
 * can be kept. An entry that only makes the kubelet fail may be replaced or dropped.
 *
 * All borrow from the tree, which must outlive the update; what is decoded or printed
 * is the update's, and wiped by secret_update_release.
 *
 * Messages name the field, and line and column where the tree has them; they never
 * hold a value of data or stringData.
 */
#ifndef REGCRED_SECRET_UPDATE_H
#define REGCRED_SECRET_UPDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/arena.h"
#include "regcred/docker/docker_config.h"
#include "regcred/docker/docker_logins.h"
#include "regcred/json/json.h"
#include "regcred/kube/secret.h"
#include "regcred/registry/registry_index.h"
#include "regcred/tree/node.h"

struct secret_update {
	const struct node *root;
	const char *name, *ns; /* "": none */
	enum secret_immutable immutable;
	struct secret_pairs labels, annotations;
	struct secret_pairs data;        /* other keys than the config's, in base64 */
	struct secret_pairs string_data; /* likewise, also in base64 */

	struct buf payload;          /* the config, as it was */
	struct arena arena;          /* of the tree, and of the data */
	const struct node *tree;     /* the same, read */
	struct docker_logins config; /* what the tree says */
	bool *gone;                  /* for each of its entries: replaced or removed */
	struct registry_index index; /* of its entries */
};

/* Takes an object apart, with the apiVersion and kind that manifest_reader.h says;
 * `update` is filled anew. UPDATE_REFUSED, CONFIG_INVALID, JSON_INVALID, LABEL_INVALID,
 * ANNOTATION_INVALID and what else names can be. */
bool secret_update_read(const struct node *root, const char *api_version, const char *kind,
                        struct secret_update *update, struct error *error);

/* Wipes and frees; for CLEANUP. */
void secret_update_release(struct secret_update *update);

/* Drops every entry whose key means the normalised key `registry`, in any spelling that
 * the kubelet takes for it, and says how many there were. */
size_t secret_update_drop(struct secret_update *update, const char *registry);

/* Drops the entry whose key is just this; false: there is none. */
bool secret_update_drop_exact(struct secret_update *update, const char *stored);

/* The user name that the Secret has for a normalised key; NULL: none. */
const char *secret_update_username(struct secret_update *update, const char *registry);

/* The next entry that is still there, from *next on; *next moves on. NULL: no more. */
const struct docker_login *secret_update_entry(const struct secret_update *update, size_t *next);

/* Adds what is left of the config to the new one, which borrows it. An entry that makes
 * the kubelet fail is ENTRY_UNUSABLE. */
bool secret_update_keep(struct secret_update *update, struct docker_config *config,
                        struct error *error);

/* Adds the other data keys to the new Secret, those of stringData too if `merged`:
 * what the API server stores. */
void secret_update_fill(const struct secret_update *update, struct secret *secret, bool merged);

/* Adds what else is kept to the object that was made of the new Secret; stringData
 * unless it was merged. */
void secret_update_complete(const struct secret_update *update, struct json *object, bool merged);

/* Sets *len to the length of the Secret's name without the hash of its content that kubectl
 * --append-hash appended; without such a hash, to that of the whole name. False: the Secret
 * cannot be hashed. */
bool secret_update_base_name(const struct secret_update *update, size_t *len, struct error *error);

#endif
