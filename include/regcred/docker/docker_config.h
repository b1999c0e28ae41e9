/* docker_config.h - the Docker config JSON that a pull Secret carries.
 *
 * A config is a set of entries, printed sorted by registry key as Go prints a map. It
 * borrows every string it is given: they must outlive it. Beside the entries made of
 * credentials it may hold pieces of a config that was there before, as they stood.
 *
 * The text is, byte for byte, what kubectl create secret docker-registry makes
 * (kubectl 1.32 pkg/cmd/create/create_secret_docker.go): members username,
 * password, email, auth, empty ones left out, compact, escaped as Go does.
 */
#ifndef REGCRED_DOCKER_CONFIG_H
#define REGCRED_DOCKER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/docker/credential.h"

struct docker_config_entry {
	const char *registry;                /* a normalised key, see registry_key.h */
	const struct credential *credential; /* read when the config is printed */
};

/* A piece that is kept: an entry of `auths`, or another member of the config. */
struct docker_config_kept {
	const char *key;  /* any spelling */
	const char *text; /* its value, as node_json.h makes it */
};

struct docker_config_pieces {
	struct docker_config_kept *items;
	size_t count, capacity;
};

struct docker_config {
	struct docker_config_entry *entries;
	size_t count, capacity;
	struct docker_config_pieces kept;    /* entries */
	struct docker_config_pieces members; /* printed after `auths`, in this order */
};

#define DOCKER_CONFIG_INIT ((struct docker_config){0})

/* For CLEANUP. */
void docker_config_release(struct docker_config *config);

/* Adds an entry. */
void docker_config_add(struct docker_config *config, const struct docker_config_entry *entry);

/* Sorts the entries. A registry that is there twice, or that the kubelet could not tell from
 * another, is REGISTRY_DUPLICATE. */
bool docker_config_sort(struct docker_config *config, struct error *error);

/* Adds a piece at the end of `kept` or `members`; what else is there is not looked at. */
void docker_config_keep(struct docker_config_pieces *pieces, const char *key, const char *text);

/* Appends the config's JSON, without a final line feed. Strings are printed as
 * they are: they must be valid UTF-8, and were checked by whoever took them. */
bool docker_config_print(const struct docker_config *config, struct buf *out, struct error *error);

#endif
