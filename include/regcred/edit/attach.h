/* attach.h - a pull Secret into the `imagePullSecrets` of a stream of manifests, every other
 * byte kept: bytes in, bytes out.
 *
 * Each object is edited in whatever style it is written:
 *   - a list with items gets one more, written as its last one is. Where its end cannot be
 *     found (a text over several lines, an alias), the new one goes to the front;
 *   - an empty list gets its first item, `null`, `~` and nothing become a list;
 *   - a new list goes in front of the mapping's first key, in that key's column, written
 *     as that mapping is (block, flow, JSON on one line or on many);
 *   - with `replace`, an item of that name, or of that name and a hash that kubectl
 *     --append-hash made of it (Kubernetes 1.32 kubectl pkg/util/hash/hash.go), gets the
 *     new name instead.
 *
 * The proof: what is written is read again first, and each object must be the old one and the
 * additions. Of YAML that is a whole document, as its anchors may reach anywhere; if the proof
 * fails, the document stays as it is. Of JSON it is one object, and the members that nobody
 * reads (workload_wanted) are only judged, as their bytes are the same.
 *
 * An object that cannot be edited (its members come from a merge key, its list is an alias, or
 * no list) stays as it is, and so does a document that is a template, does not parse or is
 * UTF-16; each is reported.
 *
 * In memory is the current document; but a List of more than 1 MiB is proved and written part
 * by part, cut where an item begins: in YAML with its dash in the first column, until an anchor is
 * met, and each part is read again as a List of its own. If such a List breaks off, its beginning
 * is edited.
 */
#ifndef REGCRED_ATTACH_H
#define REGCRED_ATTACH_H

#include "regcred/base/view.h"
#include "regcred/kube/workload.h"
#include "regcred/manifest/manifest_reader.h"

struct attach_names {
	const char *const *items;
	size_t count;
};

/* Chooses the Secrets for a pod spec, all of valid names; workload NULL: for a ServiceAccount of
 * that namespace. */
typedef struct attach_names attach_chooser(void *context, const char *ns,
                                           const struct workload *workload);

struct attach_options {
	attach_chooser *choose;
	void *context;
	const char *replace;   /* NULL: nothing is */
	bool service_accounts; /* they are looked at, too */
};

struct attach_events {
	void *context;     /* of the others */
	json_source *read; /* the stream; as json_reader.h wants it */

	/* The object lacks a Secret. */
	void (*object)(void *context, const struct manifest_item *item);

	/* What stays as it is, at item->place: MANIFEST_TEMPLATE and MANIFEST_BROKEN are the rest
	 * of a document; MANIFEST_OBJECT lacks a Secret all the same, and is a whole document if it
	 * has no `root`. */
	void (*kept)(void *context, const struct manifest_item *item, const char *why);

	/* The next bytes, not none; `changed`: not as they were. False ends it all. */
	bool (*write)(void *context, struct view bytes, bool changed, struct error *error);
};

/* False: reading or writing failed. */
bool attach_stream(const struct attach_options *options, const struct attach_events *events,
                   struct error *error);

#endif
