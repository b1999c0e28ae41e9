/* docker_config.h - the Docker config JSON that a pull Secret carries.
 *
 * A config is a set of entries, printed sorted by registry key as Go prints a map. It
 * borrows every string it is given: they must outlive it. Beside the entries made of
 * credentials it may hold what a config that was there before held, as it stood.
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
#include "regcred/tree/node.h"

/* Made of a credential, or kept from a config that was there before. */
struct docker_config_entry {
	const char *registry;                /* a normalised key; of one that is kept any */
	const struct credential *credential; /* read when the config is printed; NULL: kept */
	const struct node *kept;
};

struct docker_config {
	struct docker_config_entry *entries;
	size_t count, capacity;
	const struct node *original; /* its members but `auths` are printed after `auths` */
};

#define DOCKER_CONFIG_INIT ((struct docker_config){0})

/* For CLEANUP. */
void docker_config_release(struct docker_config *config);

/* Adds an entry. */
void docker_config_add(struct docker_config *config, const struct docker_config_entry *entry);

/* Checks the entries, none of them kept yet: a registry that is there twice, or that the
 * kubelet could not tell from another, is REGISTRY_DUPLICATE. */
bool docker_config_sort(struct docker_config *config, struct error *error);

/* Sorts the entries and appends the config's JSON, without a final line feed. Strings are printed
 * as they are: they must be valid UTF-8, and were checked where they came in. */
bool docker_config_print(struct docker_config *config, struct buf *out, struct error *error);

#endif
