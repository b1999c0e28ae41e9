/* provider.h - what is publicly known about the registries that many people use.
 *
 * One table, one row a provider: which hosts are its, what it takes as user name
 * and secret, how long those live, what least privilege is called there. Two more
 * tables say which pairs of user name and secret cannot be right and which do not
 * last. The rows are in core/registry/provider.c, each with the document it comes from.
 *
 * All of it is advice: a registry may change its mind, and a host that nobody here
 * knows may be anything. So doubts are kept to what cannot be right, and a secret
 * is judged by its look alone: its first characters and its alphabet, nothing is
 * decoded (token.h does that). Nothing is allocated, so nothing can fail. Texts
 * are constant and hold no byte of a user name or secret.
 */
#ifndef REGCRED_PROVIDER_H
#define REGCRED_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/view.h"

/* What a secret looks like from outside is the text that it begins with, "" for any, or one of: */
#define PROVIDER_JSON        "{}"       /* one JSON object, such as a Google key */
#define PROVIDER_BASE64_JSON "e30="     /* base64 of something that begins like one */
#define PROVIDER_JWT         "e30.e30." /* three parts of base64url, the first begins like one */

/* A user name that is the same for everybody, and the secrets it goes with. */
struct provider_fixed {
	const char *username; /* NULL: no more */
	const char *look;
};

enum { PROVIDER_FIXED_MAX = 3 };

/* Texts are phrases without a final period, and are there unless it says otherwise. */
struct provider {
	const char *id;       /* stable, such as "ecr" */
	const char *name;     /* as its owner writes it */
	const char *hosts;    /* globs, blank between them: a * is a run of bytes within
	                         one label, as the kubelet has it. "": any host */
	const char *tokens;   /* what only its secrets begin with, blank between; NULL: nothing */
	const char *registry; /* where those belong; there with `tokens` alone */
	const char *username;
	const char *secret; /* what it is called and how it looks */
	const char *life;
	const char *least; /* the role or scope that can pull and nothing else */
	const char *login; /* where docker login leaves an identity token: what to do; or NULL */
	struct provider_fixed fixed[PROVIDER_FIXED_MAX]; /* the first that goes with a secret */
};

/* What is said of a pair that cannot be right, or of a secret that does not last. */
struct provider_remark {
	const char *sentence; /* completes: the user name (the secret) for registry "X" ... */
	const char *hint;
};

/* By a normalised registry key, whose port and path do not matter; a key may be a
 * glob itself. NULL: of no known provider. */
const struct provider *provider_find(const char *registry);

/* The same by a host alone. */
const struct provider *provider_find_host(struct view host);

/* The host of a key or an image, without port. */
struct view provider_host_of(struct view key);

/* The rows in the order to list them, which is also that of searching; NULL after the last. */
const struct provider *provider_at(size_t index);

/* The fixed user name for this secret, when none is given. NULL: there is none,
 * or no provider. */
const char *provider_username(const struct provider *provider, const char *secret, size_t len);

/* Why the pair cannot be right; NULL: nothing known against it. The provider is
 * NULL for an unknown host, where Harbor's and GitLab's rules still hold. */
const struct provider_remark *provider_doubt_username(const struct provider *provider,
                                                      const char *username, const char *secret,
                                                      size_t len);

/* Whose secret it is by its beginning, wherever it is used; NULL: it may be anybody's. */
const struct provider *provider_of_token(const char *secret, size_t len);

/* Whether the secret looks so. */
bool provider_looks_like(const char *look, const char *secret, size_t len);

/* How soon the secret ends; NULL: not known to be short-lived. What the secret
 * says itself (token.h) is more exact, where it says anything. */
const struct provider_remark *provider_life(const struct provider *provider, const char *username,
                                            const char *secret, size_t len);

#endif
