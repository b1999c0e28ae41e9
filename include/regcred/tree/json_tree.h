/* json_tree.h - a small JSON document as a tree of nodes: Docker configs, replies of
 * credential helpers and of registries, tokens. Read once, then looked at with node.h.
 *
 * Reads as json_reader.h does, which is as Go's encoding/json: one value, strictly, with
 * the place of every node in the text. Members stay in their order, repeated ones too.
 *
 * Ownership: nodes and their text are copies that live in `arena`, which is the caller's;
 * arena_reset and arena_release wipe them. The text given is not needed afterwards. The
 * arena may hold other things, and several trees.
 *
 *	CLEANUP(arena_release) struct arena arena = ARENA_INIT;
 *	const struct node *root;
 *
 *	if (!json_tree_parse(text, &arena, &root, error))
 *		return false;
 *	auths = json_tree_field(root, "auths");
 *
 * Failure: JSON_INVALID or INPUT_TOO_LARGE (a string over 16 MiB, a tree over the
 * ceilings of node.h); the message begins "line L, column C: " and shows no value.
 */
#ifndef REGCRED_JSON_TREE_H
#define REGCRED_JSON_TREE_H

#include "regcred/base/arena.h"
#include "regcred/base/error.h"
#include "regcred/base/view.h"
#include "regcred/json/json_reader.h"
#include "regcred/tree/node_event.h"

/* *root is set on success only. */
bool json_tree_parse(struct view text, struct arena *arena, const struct node **root,
                     struct error *error);

/* Whether Go decodes the member into the struct field `name` (ASCII): encoding/json (1.24)
 * finds fields in any case, by Unicode's simple folding, in which U+017F is an s and U+212A a
 * k. Keys of maps, such as registries, are exact. */
bool json_tree_names(const struct node_member *member, const char *name);

/* What Go leaves in a field of a struct that several members may name: the value of the
 * last that is not null; null if all are, NULL if there is none. For maps Go merges all of
 * them: walk the members with json_tree_names. A node that is no mapping, and NULL, have
 * no members. */
const struct node *json_tree_field(const struct node *mapping, const char *name);

/* For readers of streams: the reader's event as an event of a tree. Its text is the
 * reader's. */
struct node_event json_tree_event(const struct json_reader *reader);

#endif
