/* keyring.h - which credentials the kubelet tries for an image, in which order, and
 * why it does not try the others.
 *
 * A store holds what pull Secrets contain, parsed once each; contents that are equal are one.
 * A keyring is a list of contents: the pull Secrets of one Pod in the Pod's order. It
 * answers as the kubelet does (Kubernetes 1.32 pkg/credentialprovider/keyring.go: Add,
 * Lookup, URLsMatch, isDefaultRegistryMatch; secrets/secrets.go: MakeDockerKeyring):
 *   - any Secret that cannot be decoded makes the pull of every image fail;
 *   - every entry whose key matches counts, in descending byte order of the index
 *     keys, whatever Secret they come from; under one index key in order of addition,
 *     but those of one Secret in an order that is left to chance;
 *   - only if nothing matches, and the image is one of Docker Hub (or looks so), the
 *     entries under the index key index.docker.io;
 *   - an entry without credentials counts as any other.
 *
 *	content = keyring_store_add(store, KEYRING_DOCKERCONFIGJSON, bytes, len);
 *	keyring_add(keyring, content, number);
 *	if (!keyring_lookup(keyring, view_of("ghcr.io/org/app:1"), &answer, error))
 *		...                            // IMAGE_INVALID
 *	if (answer.undecodable)                // the Pod is lost
 *		...                            // keyring_store_failure(store, content)
 *	for (size_t i = 0; i < answer.match_count; i++)
 *		keyring_entry(keyring, answer.matches[i].entry)...
 *
 * Cost: making a keyring costs by the number of its Secrets, not of their entries, until so
 * much is looked up that an index of all entries pays. A lookup finds keys without a wildcard by
 * binary search and tries those with one in turn.
 *
 * What keyring_entry hands out points into the store, which must outlive its keyrings.
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
#include "regcred/registry/index_key.h"

/* The type of a pull Secret; the kubelet ignores any other. */
enum keyring_kind {
	KEYRING_DOCKERCONFIGJSON, /* kubernetes.io/dockerconfigjson, .dockerconfigjson */
	KEYRING_DOCKERCFG,        /* kubernetes.io/dockercfg, .dockercfg: the bare map */
};

/* ---- Contents ---- */

struct keyring_store;

/* Without `passwords` they are not kept, only whether there is one. */
struct keyring_store *keyring_store_new(bool passwords);

/* For CLEANUP: wipes, frees, and sets *store to NULL, which is fine too. */
void keyring_store_free(struct keyring_store **store);

/* The number of the value of a Secret's data key. No bytes at all are a content without
 * entries, as for the kubelet. The bytes are not kept. */
size_t keyring_store_add(struct keyring_store *store, enum keyring_kind kind, const char *bytes,
                         size_t len);

/* Why the kubelet cannot decode it, beginning with line and column of the document;
 * NULL: it can. */
const char *keyring_store_failure(const struct keyring_store *store, size_t content);

/* ---- Keyrings ---- */

struct keyring;

/* Empty. Several may share a store. */
struct keyring *keyring_new(const struct keyring_store *store);

/* For CLEANUP, as above. */
void keyring_free(struct keyring **keyring);

/* Adds a content of the store. `secret` is any number of the caller's and comes back in the
 * results; the order of the calls is the Pod's. */
void keyring_add(struct keyring *keyring, size_t content, size_t secret);

/* An entry of a decoded Secret. All views may hold any bytes, and end with a zero byte that
 * is not counted. */
struct keyring_entry {
	size_t secret;         /* the caller's number */
	size_t number;         /* in its Secret, from 0, in the order of the document */
	struct view registry;  /* the key as written */
	struct view index_key; /* what the kubelet files it under; empty if it is skipped */
	struct view username;
	struct view password; /* empty where the store keeps none */
	bool has_password;
	bool skipped;    /* the key does not parse: the kubelet skips the entry */
	bool token_only; /* no password, but an identity or registry token, which is never sent */

	/* private: */
	bool sound; /* the index key can be parsed in its turn: `pattern` is there */
	struct index_pattern pattern;
};

/* What a content holds, in the order of the document. */
const struct keyring_entry *keyring_store_entries(const struct keyring_store *store, size_t content,
                                                  size_t *count);

/* All of a keyring, in order of addition. */
size_t keyring_entry_count(const struct keyring *keyring);
struct keyring_entry keyring_entry(const struct keyring *keyring, size_t entry);

/* Whether a container runtime can log in with it: with an empty user name containerd and
 * CRI-O pull anonymously. */
static inline bool keyring_entry_is_usable(const struct keyring_entry *entry)
{
	return entry->username.len > 0;
}

/* ---- Looking up ---- */

struct keyring_match {
	size_t entry;      /* for keyring_entry */
	size_t unordered;  /* 0: the place is certain. Else those with the same number stand side
	                      by side (by bytes of their keys), and their order is chance */
	bool hub_fallback; /* found as Docker Hub's */
};

/* May be used again and again. */
struct keyring_answer {
	struct buf repository;         /* the image without tag and digest, as it is compared */
	bool undecodable;              /* some secret is: nothing is tried. No matches then */
	struct keyring_match *matches; /* in the order they are tried; none: anonymous pull */
	size_t match_count, match_capacity;
};

#define KEYRING_ANSWER_INIT ((struct keyring_answer){.repository = BUF_INIT(BUF_CONFIG_MAX)})

void keyring_answer_release(struct keyring_answer *answer);

/* Whether some match can be logged in with. */
bool keyring_answer_is_usable(const struct keyring *keyring, const struct keyring_answer *answer);

/* `image` is as in a manifest: any bytes. False: IMAGE_INVALID, with the message of
 * image_reference.h; the answer is then empty. */
bool keyring_lookup(struct keyring *keyring, struct view image, struct keyring_answer *answer,
                    struct error *error);

/* ---- Explaining ---- */

/* The first thing that differs, in the order in which a person would look. */
enum keyring_reason {
	KEYRING_MATCHES,      /* it is among the matches; the note may hold a remark */
	KEYRING_SKIPPED,      /* the key is not a URL: the kubelet skips the entry */
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

/* What would fix it, or what to know of a match. */
enum keyring_fix {
	KEYRING_FIX_NONE,
	KEYRING_FIX_TYPO,        /* one or two edits away in the host */
	KEYRING_FIX_CASE,        /* upper case in host or path */
	KEYRING_FIX_HUB,         /* Docker Hub's one key */
	KEYRING_FIX_PORT,        /* the port is missing, too much, or another */
	KEYRING_FIX_PATH,        /* the path goes further than the image, or goes elsewhere */
	KEYRING_FIX_SLASH,       /* the final slash keeps the image itself out */
	KEYRING_FIX_WILDCARD,    /* covers one label only; is literal in a path */
	KEYRING_FIX_SCHEME,      /* a scheme that is not exactly http:// or https:// */
	KEYRING_FIX_SPELLING,    /* what makes the key dead or skipped can be left out */
	KEYRING_FIX_PREFIX_LEAK, /* of a match: the path ends within a component */
	KEYRING_FIX_HUB_LEAK,    /* of a match: Docker Hub's credential goes to another host */
	KEYRING_FIX_TOKEN,       /* of a match: a token that is never sent */
	KEYRING_FIX_EMPTY,       /* of a match: no credentials: an anonymous try, which counts */
};

struct keyring_note {
	enum keyring_reason reason;
	enum keyring_fix fix;
	struct buf sentence; /* why it does not match; of a match the remark, or "" */
	struct buf hint;     /* what to do, or "" */
	struct buf registry; /* the key to write instead, or "" */
};

#define KEYRING_NOTE_INIT                                                                          \
	((struct keyring_note){.sentence = BUF_INIT(BUF_CONFIG_MAX),                               \
	                       .hint = BUF_INIT(BUF_CONFIG_MAX),                                   \
	                       .registry = BUF_INIT(BUF_CONFIG_MAX)})

void keyring_note_release(struct keyring_note *note);

/* Why the entry is among the answer's matches or not; where some Secret is undecodable,
 * whether it would be. `note` is filled anew. Costs by the length of the names. */
void keyring_explain(const struct keyring *keyring, const struct keyring_answer *answer,
                     size_t entry, struct keyring_note *note);

/* Of the entries that do not match, the `most` that a person would look at first: those of
 * the image's host and port, of its host, of hosts that look like it, others. Returns how many;
 * each part in order of addition. Of very many entries only some are considered. */
size_t keyring_nearest(const struct keyring *keyring, const struct keyring_answer *answer,
                       size_t *entries, size_t most);

/* ---- Keys alone, for linting ---- */

/* Whether the kubelet can use an entry with this key for the images it is meant for. If not
 * it is skipped, dead, or a dead spelling of Docker Hub: the note says which, as above. Otherwise
 * the note's reason is KEYRING_MATCHES, and it is empty. A zero byte is after the key. */
bool keyring_judge_key(struct view registry, struct keyring_note *note);

#endif
