/* registry_key.h - the key under which a registry stands in a Docker config.
 *
 * A key is normalised to the spelling that the kubelet, docker and
 * go-containerregistry all find, and refused when no valid image name can ever
 * match it in the kubelet. What the kubelet does with a key: Kubernetes 1.32
 * pkg/credentialprovider/keyring.go (Add, URLsMatch, isDefaultRegistryMatch);
 * what an image name is: distribution/reference 0.6.0 regexp.go, normalize.go.
 */
#ifndef REGCRED_REGISTRY_KEY_H
#define REGCRED_REGISTRY_KEY_H

#include <stdbool.h>

#include "regcred/base/buf.h"

/* Docker Hub's one key: what docker login writes, kubectl's default server. */
#define REGISTRY_KEY_DOCKER_HUB "https://index.docker.io/v1/"

/* What to report about a key that is accepted; bits. */
enum registry_advice {
	REGISTRY_ADVICE_NORMALISED = 1, /* written otherwise than it was given */
	REGISTRY_ADVICE_PORT = 2,       /* :443, or a port with leading zeros: exact match only */
	REGISTRY_ADVICE_PREFIX = 4,     /* a path without final slash is a plain byte prefix */
	REGISTRY_ADVICE_SLASH = 8,      /* a path with one does not serve the image of that name */
};

/* Appends the normalised key of `text`, a C string of any bytes, to `key` and sets *advice. It may
 * be BUF_NAME_MAX / 2 bytes long.
 *
 *   scheme http:// or https://, in any case    dropped
 *   host                                       lower-cased (ASCII)
 *   path of only /, /v1, /v1/, /v2 or /v2/     dropped
 *   a bare Docker Hub host, in all spellings   REGISTRY_KEY_DOCKER_HUB
 *   a Docker Hub host with a path              docker.io/PATH, without a leading /v1
 *   everything else                            stays
 *
 * Failure: REGISTRY_INVALID. The message repeats the key without what could be
 * a credential in it (user-info, query, fragment). */
bool registry_key_normalise(const char *text, struct buf *key, unsigned *advice,
                            struct error *error);

/* Appends a key as a message may show it: what could be a credential in it
 * (user-info, query, fragment) becomes "...", a NUL byte "\x00". */
void registry_key_display(struct buf *out, struct view key);

/* Appends what messages call a member of a map: MAP["KEY"], with the key as above, cut at
 * 200 bytes. */
void registry_key_display_member(struct buf *out, const char *map, struct view key);

/* An order of normalised keys, for qsort, in which those are equal that are one and
 * the same for the kubelet, which drops one leading /v1 or /v2 of a path: it would try
 * their credentials in an order that is left to chance. */
int registry_key_compare(const char *a, const char *b);

/* Whether they are. */
bool registry_key_same(const char *a, const char *b);

#endif
