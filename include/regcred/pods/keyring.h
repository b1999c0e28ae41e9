/* keyring.h - which credentials the kubelet tries for an image, in which order, and
 * why it does not try the others.
 *
 * A keyring holds the pull secrets of one Pod in the Pod's order. It answers as the
 * kubelet does (Kubernetes 1.32 pkg/credentialprovider/keyring.go: Add, Lookup,
 * URLsMatch, isDefaultRegistryMatch; secrets/secrets.go: MakeDockerKeyring):
 *   - any secret that cannot be decoded makes the pull of every image fail;
 *   - every entry whose key matches counts, in descending byte order of the index
 *     keys, whatever secret they come from; under one index key in order of addition,
 *     but those of one secret in an order that is left to chance;
 *   - only if nothing matches, and the image is one of Docker Hub (or looks so), the
 *     entries under the index key index.docker.io;
 *   - an entry without credentials counts as any other.
 *
 * Life cycle: keyring_new, keyring_add for each pull secret, then any lookups (adding
 * more in between is fine). keyring_free wipes everything. What keyring_entry hands
 * out points into the keyring and lives until then.
 *
 *	keyring_add(keyring, KEYRING_DOCKERCONFIGJSON, bytes, len, number, error);
 *	if (!keyring_lookup(keyring, view_of("ghcr.io/org/app:1"), &answer, error))
 *		...                           // image-invalid, or no memory
 *	if (answer.undecodable)                // the Pod is lost
 *		...                            // keyring_failure(keyring, 0)
 *	for (size_t i = 0; i < answer.match_count; i++)
 *		keyring_entry(keyring, answer.matches[i].entry)...
 *
 * Speed: a lookup costs by the length of the image name, the number of different
 * arrangements of wildcards, and of matches, not by the number of entries. Why an entry does not
 * match is only worked out when asked (keyring_explain).
 *
 * A registry key may hold a credential (user:password@host): show it through
 * registry_key_display, or take the sentences of a keyring_note, which do so.
 */
#ifndef REGCRED_KEYRING_H
#define REGCRED_KEYRING_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/base/error.h"
#include "regcred/base/view.h"

/* The type of a pull secret; any other type is none to the kubelet. */
enum keyring_kind {
	KEYRING_DOCKERCONFIGJSON, /* kubernetes.io/dockerconfigjson, .dockerconfigjson */
	KEYRING_DOCKERCFG,        /* kubernetes.io/dockercfg, .dockercfg: the bare map */
};

/* Finds the kind by a Secret's type; false: the kubelet passes over such a Secret. */
bool keyring_kind_find(const char *type, enum keyring_kind *kind);

/* The data key whose value is read, such as ".dockerconfigjson". */
const char *keyring_kind_data_key(enum keyring_kind kind);

struct keyring;

/* NULL: no memory. */
struct keyring *keyring_new(void);

/* For CLEANUP: wipes, frees, and sets *keyring to NULL, which is fine too. */
void keyring_free(struct keyring **keyring);

/* Adds what stands under the secret's data key. `secret` is any number of the
 * caller's and comes back in the results; the order of the calls is the Pod's. No
 * bytes at all add nothing, as for the kubelet. A secret that cannot be decoded is
 * kept as a failure, not reported here. False: no memory. The bytes are not kept. */
bool keyring_add(struct keyring *keyring, enum keyring_kind kind, const char *bytes, size_t len,
                 size_t secret, struct error *error);

/* ---- What is in it ---- */

/* A secret that the kubelet cannot decode: no image of the Pod is pulled. */
struct keyring_failure {
	size_t secret;
	struct error error; /* JSON_INVALID, CONFIG_INVALID, ENTRY_UNUSABLE or INPUT_TOO_LARGE;
	                       the message begins with line and column of the document */
};

size_t keyring_failure_count(const struct keyring *keyring);
const struct keyring_failure *keyring_failure(const struct keyring *keyring, size_t number);

/* An entry of a decoded secret. All views may hold any bytes, and have a zero byte behind. */
struct keyring_entry {
	size_t secret;         /* the caller's number */
	size_t number;         /* in its secret, from 0, in the order of the document */
	struct view registry;  /* the key as written */
	struct view index_key; /* what the kubelet files it under; empty if it is skipped */
	struct view username;
	struct view password;
	bool skipped;    /* the key does not parse: the kubelet passes over the entry */
	bool token_only; /* no password, but an identity or registry token, which is never sent */
};

/* All of them, in order of addition. */
size_t keyring_entry_count(const struct keyring *keyring);
struct keyring_entry keyring_entry(const struct keyring *keyring, size_t entry);

/* ---- Looking up ---- */

struct keyring_match {
	size_t entry;      /* for keyring_entry */
	size_t unordered;  /* 0: the place is certain. Else those with the same number stand side
	                      by side (by bytes of their keys), and their order is chance */
	bool hub_fallback; /* found as Docker Hub's */
};

/* May be used again and again; wiped by keyring_answer_release. */
struct keyring_answer {
	struct buf repository;         /* the image without tag and digest, as it is compared */
	bool undecodable;              /* some secret is: nothing is tried. No matches then */
	struct keyring_match *matches; /* in the order they are tried; none: anonymous pull */
	size_t match_count, match_capacity;
};

#define KEYRING_ANSWER_INIT ((struct keyring_answer){.repository = BUF_INIT(BUF_CONFIG_MAX)})

void keyring_answer_release(struct keyring_answer *answer);

/* `image` is as in a manifest: any bytes. False: IMAGE_INVALID, with the message of
 * image_reference.h, or no memory; the answer is then empty. */
bool keyring_lookup(struct keyring *keyring, struct view image, struct keyring_answer *answer,
                    struct error *error);

/* ---- Explaining ---- */

/* The first thing that differs, in the order in which a person would look. */
enum keyring_reason {
	KEYRING_MATCHES,      /* it is among the matches; the note may hold a remark */
	KEYRING_SKIPPED,      /* the key is no URL: the kubelet passes over the entry */
	KEYRING_DEAD,         /* no image name can ever match the key */
	KEYRING_HUB_SPELLING, /* meant for Docker Hub, but never applies to its images */
	KEYRING_HUB_SHADOWED, /* Docker Hub's, which only counts if nothing else matches */
	KEYRING_HOST,
	KEYRING_PORT,
	KEYRING_PATH,
	KEYRING_REASON_COUNT
};

/* The word that -o json gives: "match", "shadowed", "host", "port", "path"; "dead key" for
 * the rest. */
const char *keyring_reason_word(enum keyring_reason reason);

/* What would mend it, or what to know of a match. */
enum keyring_mend {
	KEYRING_MEND_NONE,
	KEYRING_MEND_TYPO,        /* one or two edits away in the host */
	KEYRING_MEND_CASE,        /* upper case in host or path */
	KEYRING_MEND_HUB,         /* Docker Hub's one key */
	KEYRING_MEND_PORT,        /* the port is missing, too much, or another */
	KEYRING_MEND_PATH,        /* the path goes further than the image, or goes elsewhere */
	KEYRING_MEND_SLASH,       /* the final slash keeps the image itself out */
	KEYRING_MEND_WILDCARD,    /* covers one label only; is literal in a path */
	KEYRING_MEND_SCHEME,      /* a scheme that is not exactly http:// or https:// */
	KEYRING_MEND_SPELLING,    /* what makes the key dead or skipped can be left out */
	KEYRING_MEND_PREFIX_LEAK, /* of a match: the path ends within a component */
	KEYRING_MEND_HUB_LEAK,    /* of a match: Docker Hub's credential goes to another host */
	KEYRING_MEND_TOKEN,       /* of a match: a token that is never sent */
	KEYRING_MEND_EMPTY,       /* of a match: no credentials: an anonymous try, which counts */
	KEYRING_MEND_COUNT
};

struct keyring_note {
	enum keyring_reason reason;
	enum keyring_mend mend;
	struct buf sentence; /* why it does not match; of a match the remark, or "" */
	struct buf hint;     /* what to do, or "" */
	struct buf registry; /* the key to write instead, or "" */
};

#define KEYRING_NOTE_INIT                                                                          \
	((struct keyring_note){.sentence = BUF_INIT(BUF_CONFIG_MAX),                               \
	                       .hint = BUF_INIT(BUF_CONFIG_MAX),                                   \
	                       .registry = BUF_INIT(BUF_CONFIG_MAX)})

void keyring_note_release(struct keyring_note *note);

/* Why the entry is among the answer's matches or not; where some secret is undecodable,
 * whether it would be. `note` is filled anew. False:
 * no memory. Costs by the number of matches and the length of the names. */
bool keyring_explain(const struct keyring *keyring, const struct keyring_answer *answer,
                     size_t entry, struct keyring_note *note, struct error *error);

/* ---- Keys alone, for linting ---- */

/* Whether the kubelet can never use an entry with this key for the images it is meant
 * for: skipped, dead, or a dead spelling of Docker Hub. The note tells as above;
 * otherwise its reason is KEYRING_MATCHES, and it is empty. */
bool keyring_judge_key(struct view registry, struct keyring_note *note, bool *dead,
                       struct error *error);

/* Whether the kubelet files both keys under one index key, so that in one secret
 * their order is left to chance. *same is false if one of them is skipped. */
bool keyring_same_index(struct view a, struct view b, bool *same, struct error *error);

#endif
