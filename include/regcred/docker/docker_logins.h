/* docker_logins.h - what an existing Docker config holds: docker's config.json, podman's
 * auth.json, a Secret's .dockerconfigjson, or the legacy .dockercfg, which is the bare map
 * of registries.
 *
 * It is read as the kubelet reads it (Kubernetes 1.32 pkg/credentialprovider/config.go over
 * Go's encoding/json): member names in any case, registry keys exact; `auth` wins over
 * `username` and `password`; of a repeated member the last that is not null counts,
 * repeated `auths` are merged, and `"auths": null` empties what came before; null for an
 * entry is an entry without credentials; a repeated registry replaces the whole entry. What
 * docker keeps beside (credHelpers, credsStore) is read as docker reads it.
 *
 * Which shape is wanted: CONFIG_SHAPE_ANY takes what is found. An object with any member of
 * a Docker config is one; otherwise it is the bare map, if all of its members are objects
 * or null. The other two are what the kubelet makes of a pull secret by its type: only
 * `auths` and HttpHeaders are looked at in a wrapped one, helpers are ignored whatever
 * their type; every member of a bare one is a registry, `auths` too; null is a config
 * without entries.
 *
 * Failure of the whole config: JSON_INVALID, INPUT_TOO_LARGE (of its text), CONFIG_INVALID
 * (another shape, or a wrong type outside an entry). The message begins with line and
 * column and names the member. What is wrong inside one entry is that entry's `problem`, so
 * that all of them can be named in one run; nothing is dropped in silence.
 *
 * No message holds a user name, password or auth; registry keys are shown as
 * registry_key_display shows them, long ones cut.
 *
 * All texts end with a zero byte and may hold others. They live in the tree that was read,
 * or in `arena`, which docker_logins_release wipes.
 */
#ifndef REGCRED_DOCKER_LOGINS_H
#define REGCRED_DOCKER_LOGINS_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/arena.h"
#include "regcred/base/buf.h"
#include "regcred/base/error.h"
#include "regcred/base/view.h"
#include "regcred/tree/node.h"

/* What is wrong with an entry. After one of the first three, the kubelet can read nothing
 * of the whole config, and pulls no image for the Pod; with the others it would try the
 * entry, without success. */
enum docker_login_fault {
	CONFIG_FAULT_NONE,
	CONFIG_FAULT_TYPE,     /* the entry, or a member of it, has the wrong type */
	CONFIG_FAULT_BASE64,   /* auth */
	CONFIG_FAULT_COLON,    /* auth */
	CONFIG_FAULT_EMPTY,    /* no user name and no password, and no helper for it */
	CONFIG_FAULT_TOKEN,    /* identitytoken or registrytoken, and no password */
	CONFIG_FAULT_USERNAME, /* empty */
	CONFIG_FAULT_PASSWORD, /* empty */
	CONFIG_FAULT_NUL,      /* in the registry key, user name, password or email */
	CONFIG_FAULT_COUNT
};

/* Whether the kubelet fails for it. */
bool docker_login_fault_is_fatal(enum docker_login_fault fault);

struct docker_login {
	struct view registry; /* the key as written */
	struct view username; /* those of `auth`, if there is one that can be decoded */
	struct view password;
	struct view email;
	struct node_place position; /* of the key */
	const struct node *value;   /* all of the entry */

	bool has_auth;           /* not empty */
	bool has_identity_token; /* not empty */
	bool has_registry_token; /* not empty */
	bool disagrees;          /* user name or password are there too, and differ from auth */
	bool empty;              /* no user name, no password, no token */
	bool web_login_leftover; /* docker_logins_is_leftover: judged only by what the kubelet
	                            fails for */

	enum docker_login_fault fault;
	const char *problem; /* NULL: usable; or `empty`, and the helper must be asked.
	                        Else a sentence: auths["ghcr.io"].auth is not base64 */
	struct node_place problem_position;
};

struct docker_login_helper {
	const char *registry; /* the key as written */
	const char *name;     /* as in docker-credential-NAME, not judged; "": none, not even
	                         `store` */
};

/* Entries and helpers stand in the order of the text, each registry once. */
struct docker_logins {
	struct docker_login *entries;
	size_t entry_count, entry_capacity;
	struct docker_login_helper *helpers; /* credHelpers */
	size_t helper_count, helper_capacity;
	const char *store;    /* credsStore, not judged; NULL: none */
	const char *misspelt; /* a member that docker does not know; NULL: none */
	const char *meant;    /* what it was probably meant to be, such as credsStore */
	bool bare;            /* a map of registries without `auths` around it */
	struct arena arena;
};

#define DOCKER_LOGINS_INIT ((struct docker_logins){0})

enum docker_config_shape {
	CONFIG_SHAPE_ANY,
	CONFIG_SHAPE_WRAPPED, /* of a Secret of type kubernetes.io/dockerconfigjson */
	CONFIG_SHAPE_BARE,    /* kubernetes.io/dockercfg */
};

/* Fills initialised, empty `logins` from a tree, which must outlive them. False: they are
 * still empty. */
bool docker_logins_read(const struct node *config, enum docker_config_shape shape,
                        struct docker_logins *logins, struct error *error);

/* The same from a text, which is not needed afterwards. */
bool docker_logins_parse(struct view text, enum docker_config_shape shape,
                         struct docker_logins *logins, struct error *error);

/* Adds a credential or a helper at the end; the texts are copied. */
void docker_logins_add(struct docker_logins *logins, const char *registry, struct view username,
                       struct view password);
void docker_logins_add_helper(struct docker_logins *logins, const char *registry, const char *name);

/* Decodes an `auth`, base64 of "user:password", as the kubelet does (config.go,
 * decodeDockerConfigFieldAuth): padded base64 if the text, without white space after it, ends
 * in "=", else base64 without padding; then the bytes are split at the first colon. Nothing
 * is trimmed, and the bytes may be any. Fills `pair`, an empty buf that may hold `auth`, and
 * sets both views into it; each ends with a zero byte. After CONFIG_FAULT_BASE64 and
 * CONFIG_FAULT_COLON the views are empty. */
enum docker_login_fault docker_login_decode(struct view auth, struct buf *pair,
                                            struct view *username, struct view *password);

/* Docker's web login leaves .../access-token and .../refresh-token of Docker Hub, which are
 * not registries. */
bool docker_logins_is_leftover(struct view registry);

/* Wipes and frees; for CLEANUP. The logins are empty then. */
void docker_logins_release(struct docker_logins *logins);

#endif
