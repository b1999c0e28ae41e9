/* docker_config.h - the Docker config JSON that a pull Secret carries.
 *
 * A config is a set of entries, sorted by registry key as Go prints a map. It
 * borrows every string it is given: they must outlive it.
 *
 * The text is, byte for byte, what kubectl create secret docker-registry makes
 * (kubectl 1.32 pkg/cmd/create/create_secret_docker.go): members username,
 * password, email, auth, empty ones left out, compact, escaped as Go does.
 */
#ifndef REGCRED_DOCKER_CONFIG_H
#define REGCRED_DOCKER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/buf.h"
#include "regcred/credential.h"

struct docker_config_entry {
	const char *registry;                /* a normalised key, see registry_key.h */
	const struct credential *credential; /* read when the config is printed */
};

struct docker_config {
	struct docker_config_entry *entries; /* sorted by registry, by bytes */
	size_t count, capacity;
};

#define DOCKER_CONFIG_INIT ((struct docker_config){0})

/* For CLEANUP. */
void docker_config_release(struct docker_config *config);

/* Adds an entry. A registry that is there already, or that the kubelet could not
 * tell from one that is, is REGISTRY_DUPLICATE. */
bool docker_config_add(struct docker_config *config, const struct docker_config_entry *entry,
                       struct error *error);

/* Appends the config's JSON, without a final line feed. Strings are printed as
 * they are: they must be valid UTF-8, and were checked by whoever took them. */
bool docker_config_print(const struct docker_config *config, struct buf *out, struct error *error);

#endif
