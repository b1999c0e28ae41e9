/* image_host.h - what is known of the host of an image that no pull Secret serves.
 *
 * Tables of facts, in core/pods/image_host.c with their sources; a host in none of them
 * is expected to ask for a credential. Nothing fails.
 */
#ifndef REGCRED_IMAGE_HOST_H
#define REGCRED_IMAGE_HOST_H

#include "regcred/base/view.h"

enum image_host {
	IMAGE_HOST_ASKS,  /* for a credential, as far as is known */
	IMAGE_HOST_OPEN,  /* it serves images to everybody */
	IMAGE_HOST_NODE,  /* nodes usually have credentials of their own for it */
	IMAGE_HOST_LOCAL, /* the node itself, a local cluster */
};

/* The host with its port that an image names; empty: it names none, and is on Docker Hub. */
struct view image_host_of(struct view image);

/* By a host with its port. */
enum image_host image_host_find(struct view host);

#endif
