/* docker_auth.h - the `auth` of one entry: base64 of "user:password".
 *
 * As the kubelet reads it (Kubernetes 1.32 pkg/credentialprovider/config.go,
 * decodeDockerConfigFieldAuth): padded base64 if the text, without white space
 * after it, ends in "=", else base64 without padding; then the bytes are split
 * at the first colon. Nothing is trimmed, and the bytes may be any.
 */
#ifndef REGCRED_DOCKER_AUTH_H
#define REGCRED_DOCKER_AUTH_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

enum docker_auth_fault {
	DOCKER_AUTH_NOT_BASE64,
	DOCKER_AUTH_NO_COLON,
};

/* Fills `pair`, an empty buf that may hold `auth`, and sets both views into it; each ends
 * with a zero byte. False: *fault is set, and the views are empty. */
bool docker_auth_decode(struct view auth, struct buf *pair, struct view *username,
                        struct view *password, enum docker_auth_fault *fault);

/* What is wrong, as the end of a sentence: "is not base64". */
const char *docker_auth_fault_sentence(enum docker_auth_fault fault);

#endif
