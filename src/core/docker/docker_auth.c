#include "regcred/docker/docker_auth.h"

#include "regcred/base/base64.h"

/* The kubelet trims all of Unicode's white space before it looks for a = at the end; but any
 * other than CR and LF fails in both encodings. */
bool docker_auth_decode(struct view auth, struct buf *pair, struct view *username,
                        struct view *password, enum docker_auth_fault *fault)
{
	size_t colon;

	*username = *password = VIEW_EMPTY;
	*fault = DOCKER_AUTH_NOT_BASE64;
	if (!base64_decode(pair, auth.data, auth.len, BASE64_EITHER))
		return false;
	*fault = DOCKER_AUTH_NO_COLON;
	colon = view_find(buf_view(pair), ':');
	if (colon == pair->len)
		return false;
	pair->data[colon] = '\0';
	*username = view_first(buf_view(pair), colon);
	*password = view_from(buf_view(pair), colon + 1);
	return true;
}

const char *docker_auth_fault_sentence(enum docker_auth_fault fault)
{
	return fault == DOCKER_AUTH_NOT_BASE64 ? "is not base64"
	                                       : "holds no colon between user name and password";
}
