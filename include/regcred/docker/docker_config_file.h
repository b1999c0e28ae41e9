/* docker_config_file.h - an existing Docker config, as it was read: docker's
 * config.json, podman's auth.json, a Secret's .dockerconfigjson, or the legacy
 * .dockercfg, which is the bare map of registries.
 *
 * It is read as the kubelet reads it (Kubernetes 1.32 pkg/credentialprovider/
 * config.go over Go's encoding/json): member names in any case, registry keys
 * exact; `auth` wins over `username` and `password`; of a repeated member the last
 * that is not null counts, repeated `auths` are merged, and `"auths": null` empties
 * what came before; null for an entry is an entry without credentials; a repeated
 * registry replaces the whole entry. What docker keeps beside (credHelpers,
 * credsStore) is read as docker reads it.
 *
 * Which shape is wanted: CONFIG_SHAPE_ANY takes what is found. An object with any member
 * of a Docker config is one; otherwise it is the bare map, if all of its members are
 * objects or null. The other two are what the kubelet makes of a pull secret by its
 * type: only `auths` and HttpHeaders are looked at in a wrapped one, helpers are passed
 * over whatever their type; every member of a bare one is a registry, `auths` too; null
 * is a config without entries.
 *
 * Failure of the whole file: JSON_INVALID (not JSON, nested too deep, more behind
 * it), CONFIG_INVALID (another shape, or a wrong type outside an entry), INPUT_TOO_LARGE
 * (a string over BUF_CONFIG_MAX) or
 * OUT_OF_MEMORY. The message begins with line and column and names the member.
 * What is wrong inside one entry is that entry's `problem`, so that all of them can
 * be named in one run; nothing is dropped in silence.
 *
 * No message holds a user name, password or auth; registry keys are shown as
 * registry_key_display shows them, long ones cut.
 *
 * The bytes are the caller's and are not kept. All that is kept is wiped by
 * docker_config_file_release.
 */
#ifndef REGCRED_DOCKER_CONFIG_FILE_H
#define REGCRED_DOCKER_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/json/json_reader.h"

/* What is wrong with an entry. After one of the first three, the kubelet can read
 * nothing of the whole file, and pulls no image for the Pod; with the others it
 * would try the entry, in vain. */
enum docker_config_file_fault {
	CONFIG_FAULT_NONE,
	CONFIG_FAULT_TYPE,           /* the entry, or a member of it, has the wrong type */
	CONFIG_FAULT_BASE64,         /* auth */
	CONFIG_FAULT_COLON,          /* auth */
	CONFIG_FAULT_EMPTY,          /* no user name and no password, and no helper for it */
	CONFIG_FAULT_TOKEN_USERNAME, /* <token>: what goes with it is an identity token */
	CONFIG_FAULT_TOKEN,          /* identitytoken or registrytoken, and no password */
	CONFIG_FAULT_USERNAME,       /* empty */
	CONFIG_FAULT_PASSWORD,       /* empty */
	CONFIG_FAULT_NUL,            /* in the registry key, user name, password or email */
	CONFIG_FAULT_COUNT
};

/* Whether the kubelet fails for it. */
bool docker_config_file_fault_is_fatal(enum docker_config_file_fault fault);

struct docker_config_file_entry {
	/* Any bytes, NUL included; an entry without a problem has none. */
	struct buf registry; /* the key as written */
	struct buf username; /* those of `auth`, if there is one that can be decoded */
	struct buf password;
	struct buf email;
	struct json_position position; /* of the key */
	uint64_t value_offset;         /* where its value begins, in the bytes that were read */

	bool has_auth;           /* not empty */
	bool has_identity_token; /* not empty */
	bool has_registry_token; /* not empty */
	bool disagrees;          /* user name or password stand there too, and differ from auth */
	bool empty;              /* no user name, no password, no token */
	bool web_login_leftover; /* docker's .../access-token or .../refresh-token: not a registry,
	                            and judged by nothing but what the kubelet fails for */

	enum docker_config_file_fault fault;
	char *problem; /* NULL: usable; or `empty`, and the helper must be asked.
	                  Else a sentence: auths["ghcr.io"].auth is not base64 */
	struct json_position problem_position;
};

struct docker_config_file_helper {
	char *registry; /* the key as written */
	char *name;     /* as in docker-credential-NAME, not judged; "": none, not even `store` */
	struct json_position position; /* of the key */
};

/* Entries and helpers stand in the order of the file, each registry once. */
struct docker_config_file {
	struct docker_config_file_entry *entries;
	size_t entry_count, entry_capacity;
	struct docker_config_file_helper *helpers; /* credHelpers */
	size_t helper_count, helper_capacity;
	char *store; /* credsStore, not judged; NULL: none */
	bool bare;   /* a map of registries without `auths` around it */
};

#define DOCKER_CONFIG_FILE_INIT ((struct docker_config_file){0})

enum docker_config_shape {
	CONFIG_SHAPE_ANY,
	CONFIG_SHAPE_WRAPPED, /* of a Secret of type kubernetes.io/dockerconfigjson */
	CONFIG_SHAPE_BARE,    /* kubernetes.io/dockercfg */
};

/* Fills an initialised, empty `file`. False: it is still empty. */
bool docker_config_file_parse_shape(const char *bytes, size_t len, enum docker_config_shape shape,
                                    struct docker_config_file *file, struct error *error);

/* The same in CONFIG_SHAPE_ANY. */
bool docker_config_file_parse(const char *bytes, size_t len, struct docker_config_file *file,
                              struct error *error);

/* Wipes and frees; for CLEANUP. The file is empty then. */
void docker_config_file_release(struct docker_config_file *file);

#endif
