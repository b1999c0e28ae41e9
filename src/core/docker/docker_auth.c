#include "regcred/docker/docker_auth.h"

#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"

/* The kubelet trims all of Unicode's white space before it looks at the last
 * character; but any other than CR and LF fails in both encodings. */
static enum base64_padding padding_of(const char *auth, size_t len)
{
	while (len && (auth[len - 1] == '\r' || auth[len - 1] == '\n'))
		len--;
	return len && auth[len - 1] == '=' ? BASE64_PADDED : BASE64_UNPADDED;
}

static bool split(const struct buf *pair, struct buf *username, struct buf *password,
                  enum docker_auth_fault *fault)
{
	const char *colon = memchr(pair->data, ':', pair->len);
	size_t before = colon ? (size_t)(colon - pair->data) : 0;
	size_t behind = colon ? pair->len - before - 1 : 0;

	*fault = colon ? DOCKER_AUTH_NO_ROOM : DOCKER_AUTH_NO_COLON;
	if (!colon || !buf_reserve(username, before) || !buf_reserve(password, behind))
		return false;
	buf_append(username, pair->data, before);
	buf_append(password, colon + 1, behind);
	return true;
}

bool docker_auth_decode(const char *auth, size_t len, struct buf *username, struct buf *password,
                        enum docker_auth_fault *fault)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(BUF_CONFIG_MAX);

	if (base64_decode(&pair, auth, len, padding_of(auth, len)))
		return split(&pair, username, password, fault);
	*fault = pair.failure ? DOCKER_AUTH_NO_ROOM : DOCKER_AUTH_NOT_BASE64;
	if (pair.failure)
		password->failure = pair.failure;
	return false;
}

const char *docker_auth_fault_sentence(enum docker_auth_fault fault)
{
	static const char *const sentences[] = {
	    [DOCKER_AUTH_NOT_BASE64] = "is not base64",
	    [DOCKER_AUTH_NO_COLON] = "holds no colon between user name and password",
	    [DOCKER_AUTH_NO_ROOM] = "does not fit into memory",
	};

	return sentences[fault];
}
