/* pull_secret.h - an object of a manifest seen as what the kubelet takes registry
 * credentials from: a Secret of apiVersion v1, or a bare Docker config.
 *
 * Facts: Kubernetes 1.32 pkg/credentialprovider/secrets/secrets.go (the two types and
 * their keys; the type decides, the content of another type is never looked at),
 * pkg/apis/core/v1/conversion.go (stringData is merged over data, key by key).
 *
 * Lenient: nothing is judged but whether the payload can be had. What the API server
 * thinks of the rest is secret_admission.h's.
 *
 * Nodes and strings belong to the tree; the payload, and the tree that it is parsed
 * into, are the pull_secret's, and are wiped by pull_secret_release.
 */
#ifndef REGCRED_PULL_SECRET_H
#define REGCRED_PULL_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/arena.h"
#include "regcred/base/buf.h"
#include "regcred/base/error.h"
#include "regcred/tree/node.h"

enum pull_secret_kind {
	PULL_SECRET_NONE,      /* neither a Secret nor a Docker config */
	PULL_SECRET_CONFIG,    /* a Secret of type kubernetes.io/dockerconfigjson */
	PULL_SECRET_DOCKERCFG, /* a Secret of type kubernetes.io/dockercfg */
	PULL_SECRET_OTHER,     /* a Secret of any other type: nothing to the kubelet. Its payload
	                          is that of the first key of the two that it has */
	PULL_SECRET_BARE,      /* a Docker config outside of any Secret; it may be a bare map */
};

enum pull_secret_payload {
	PULL_SECRET_PRESENT,
	PULL_SECRET_MISSING, /* no such key; null and "" are present, and empty */
	PULL_SECRET_TYPE,    /* neither text nor bytes */
	PULL_SECRET_BASE64,  /* not base64 */
	PULL_SECRET_UNKNOWN, /* encrypted, or text with the marks of templated.h that is not
	                        base64, or no JSON: not checked */
};

struct pull_secret {
	enum pull_secret_kind kind;
	const char *ns, *name;                    /* "" if absent or no string */
	const char *type;                         /* "Opaque" if absent; "" for a bare config */
	const struct node *name_node, *type_node; /* NULL: absent */

	const char *key;                 /* .dockerconfigjson or .dockercfg; "" for a bare config */
	const struct node *payload_node; /* its value, the root of a bare config; NULL: missing */
	const struct node *key_node;     /* NULL: missing, or a bare config */
	bool string_data;                /* in stringData, as plain text */

	enum pull_secret_payload state;
	bool marked;        /* it is text with the marks of templated.h somewhere in it:
	                       values inside may be unknown */
	struct buf payload; /* decoded; empty unless PULL_SECRET_PRESENT */
	char problem[ERROR_MESSAGE_SIZE]; /* unless PULL_SECRET_PRESENT or _UNKNOWN: what is
	                                     wrong, naming the field, without its value */
	struct arena arena;               /* pull_secret_tree's */
	const struct node *tree;
};

#define PULL_SECRET_INIT ((struct pull_secret){.payload = BUF_INIT(BUF_CONFIG_MAX)})

/* Fills an initialised pull_secret anew; of one object, with the apiVersion and kind
 * that manifest_reader.h says. False: a payload over the ceiling. */
bool pull_secret_read(const struct node *root, const char *api_version, const char *kind,
                      struct pull_secret *secret, struct error *error);

/* The payload as JSON, parsed by the first call; it lives as long as the payload. NULL, with
 * JSON_INVALID or INPUT_TOO_LARGE: it is not JSON, or not PULL_SECRET_PRESENT. */
const struct node *pull_secret_tree(struct pull_secret *secret, struct error *error);

/* Wipes and frees; for CLEANUP. */
void pull_secret_release(struct pull_secret *secret);

#endif
