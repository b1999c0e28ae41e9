/* docker_auth.h - the `auth` of one entry: base64 of "user:password".
 *
 * As the kubelet reads it (Kubernetes 1.32 pkg/credentialprovider/config.go,
 * decodeDockerConfigFieldAuth): padded base64 if the text, without white space
 * behind it, ends in "=", else base64 without padding; then the bytes are split
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
	DOCKER_AUTH_NO_ROOM, /* an append failed: buf_check of the two bufs tells */
};

/* Appends to both. False: *fault is set, and nothing was appended. */
bool docker_auth_decode(const char *auth, size_t len, struct buf *username, struct buf *password,
                        enum docker_auth_fault *fault);

/* What is wrong, as the end of a sentence: "is not base64". */
const char *docker_auth_fault_sentence(enum docker_auth_fault fault);

#endif
