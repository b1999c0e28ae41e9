/* node_message.h - what a node says when it does not get an image, classified.
 *
 * The words come from the kubelet and from the container runtime behind it: containerd 1.6 to
 * 2.x, CRI-O (containers/image), docker (dockershim, cri-dockerd); kubelets 1.20 to 1.36. The
 * table in core/pods/node_message.c has a row for each piece of text, with its source.
 *
 * The image's own name is never taken for such a piece: an image may be called
 * "not-found". Nothing fails; whatever no row knows is NODE_OTHER.
 */
#ifndef REGCRED_NODE_MESSAGE_H
#define REGCRED_NODE_MESSAGE_H

#include "regcred/base/view.h"

enum node_problem {
	NODE_UNAUTHORIZED,
	NODE_NOT_FOUND,
	NODE_PLATFORM,
	NODE_RATE_LIMITED,
	NODE_TLS,
	NODE_HTTP,
	NODE_DNS,
	NODE_CONNECTION,
	NODE_TIMEOUT,
	NODE_INVALID_IMAGE,
	NODE_NEVER_PULL,
	NODE_SECRET_MISSING,
	NODE_SECRET_BROKEN,
	NODE_CREDENTIAL_CHECK,
	NODE_OTHER,
	NODE_PROBLEM_COUNT
};

/* The word of -o json, such as "not-found". */
const char *node_problem_word(enum node_problem problem);

struct node_message {
	enum node_problem problem;
	const char *meaning; /* a short sentence without a period; NULL: no row knows the words */
	struct view words;   /* the end of the message, without what the kubelet and containerd
	                        put in front; empty: the node only says that it waits */
};

/* `reason` and `message` are those of the waiting container's state, or of an event; `image`
 * is the container's. The words point into `message`. */
struct node_message node_message_read(struct view reason, struct view message, struct view image);

#endif
