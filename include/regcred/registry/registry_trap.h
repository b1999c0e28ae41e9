/* registry_trap.h - hosts that are not the registry that was meant.
 *
 * Five kinds: the address of a web page or an API, a host that serves no images, a * for
 * all hosts, a host one typo away from a known registry (such hosts have been registered to collect
 * tokens: ghrc.io, reported in August 2025), and a placeholder.
 *
 * What is known of them is in tables in core/registry/registry_trap.c.
 */
#ifndef REGCRED_REGISTRY_TRAP_H
#define REGCRED_REGISTRY_TRAP_H

#include <stdbool.h>

#include "regcred/base/error.h"
#include "regcred/base/view.h"

enum { REGISTRY_TRAP_TEXT = 256 };

struct registry_trap {
	enum diagnostic diagnostic;        /* REGISTRY_LOOKALIKE or REGISTRY_NO_IMAGES */
	bool refused;                      /* it cannot be meant; else only a doubt */
	char sentence[REGISTRY_TRAP_TEXT]; /* completes: registry "X" ... */
	char hint[REGISTRY_TRAP_TEXT];
};

/* Of a normalised key, or an image name. False: nothing is known against it. */
bool registry_trap_find(struct view key, struct registry_trap *trap);

/* Whether a hint may propose to write the host of that key or image. Every text that says
 * "write HOST" with a host from the input asks first. */
bool registry_trap_may_propose(struct view key);

/* The address of a web page or an API: REGISTRY_INVALID, with the right form in the hint.
 * `host` is in lower case and without port, `path` as written; `shown` is for the message. */
bool registry_trap_check_address(const char *host, const char *path, const char *shown,
                                 struct error *error);

/* Whether it is a page or an API of Docker Hub, whose path means nothing for a key. */
bool registry_trap_is_hub_page(const char *host, const char *path);

/* A key that still has to be filled in, such as [name].azurecr.io: SECRET_PLACEHOLDER. */
bool registry_trap_check_filled(const char *key, struct error *error);

#endif
