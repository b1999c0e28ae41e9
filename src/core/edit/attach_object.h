/* attach_object.h - what becomes of one object: edits of its text, and a digest of the tree
 * that they must make of it.
 *
 * A digest has 128 bits of all that the API server would get (kinds, texts, order), so that no
 * tree must be kept.
 */
#ifndef REGCRED_CORE_ATTACH_OBJECT_H
#define REGCRED_CORE_ATTACH_OBJECT_H

#include "attach_style.h"

struct attach_digest {
	uint64_t a, b;
};

struct attach_object {
	bool lacks;              /* a Secret */
	const char *refusal;     /* why it stays as it is all the same; NULL: it does not */
	struct node_place place; /* of what is refused */
	struct attach_digest digest;
};

/* Appends the edits of the object in `item`, none if it is refused. `text` holds the object. */
struct attach_object attach_object(const struct attach_options *options,
                                   const struct manifest_item *item, const struct attach_text *text,
                                   struct attach_edits *edits);

/* Whether a tree is what the digest says. */
bool attach_object_is(const struct node *root, struct attach_digest digest);

#endif
