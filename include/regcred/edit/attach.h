/* attach.h - a pull Secret into the `imagePullSecrets` of a manifest, every other byte
 * kept: objects with their places in, edits of the text out.
 *
 * What is edited is one document, in whatever style it is written:
 *   - a list with items gets one more, written as its last one is;
 *   - an empty list gets its first item, `null`, `~` and nothing become a list;
 *   - a new list goes in front of the mapping's first key, in that key's column, written
 *     as that mapping is (block, flow, JSON on one line or on many);
 *   - with `replace`, an item of that name, or of that name and a hash that kubectl
 *     --append-hash made of it (Kubernetes 1.32 kubectl pkg/util/hash/hash.go), gets the
 *     new name instead.
 *
 * The proof: attach_finish reads what it has written again. Each object must be the old
 * one and the additions, else the document is refused and stays as it is. The comparison
 * is by a digest of 128 bits of what the API server would get (kinds, texts, order), so
 * that only one object is in memory. If the usual places do not work (a comment after
 * the last item of a flow list, a name over several lines), the item goes to the front.
 *
 * Refused, too: a mapping that has its members from a merge key, a list that is an
 * alias, the same mapping met twice. What an anchor shares with a place that is not a pod spec
 * is found by the proof.
 *
 * Pure: text in, text out. The names and the chooser are the caller's.
 */
#ifndef REGCRED_ATTACH_H
#define REGCRED_ATTACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/buf.h"
#include "regcred/base/view.h"
#include "regcred/kube/workload.h"
#include "regcred/manifest/manifest_reader.h"

/* Which Secrets are attached; all are valid names. */
struct attach_names {
	const char *const *items;
	size_t count;
};

/* Chooses for a pod spec; workload NULL: for a ServiceAccount of that namespace. */
typedef struct attach_names attach_chooser(void *context, const char *namespace,
                                           const struct workload *workload);

struct attach_options {
	attach_chooser *choose;
	void *context;
	const char *replace;   /* NULL: nothing is */
	bool service_accounts; /* they are looked at, too */
};

struct attach_edit {
	uint64_t offset; /* in the stream */
	size_t removed;  /* bytes there that go */
	size_t at, len;  /* what comes instead, in `text` */
};

struct attach_digest {
	uint64_t a, b;
};

/* The edits of one document. */
struct attach {
	struct attach_options options;
	bool in_front; /* of lists that have items */
	bool awkward;  /* that is needed */
	struct attach_edit *edits;
	size_t edit_count, edit_capacity;
	struct buf text;
	struct attach_digest *objects; /* what each must be, read again */
	size_t object_count, object_capacity;
	char refusal[160]; /* why the document must stay as it is; "": nothing */
	struct node_place place;
};

void attach_init(struct attach *attach, const struct attach_options *options);

/* For CLEANUP. */
void attach_release(struct attach *attach);

/* Begins another document. */
void attach_reset(struct attach *attach);

/* Takes the next object of the document. `text` is what has been read of the stream from
 * `offset` on; it holds the document so far. True: something is to be added to the object. */
bool attach_object(struct attach *attach, const struct manifest_item *item, struct view text,
                   uint64_t offset);

/* After the last object: appends the document, the bytes from `offset` on, with its edits
 * to `out`, and proves it. False: it is refused, nothing is appended. A document without
 * edits is just appended. */
bool attach_finish(struct attach *attach, struct view document, uint64_t offset, struct buf *out);

#endif
