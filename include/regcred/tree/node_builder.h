/* node_builder.h - makes trees of nodes from events, without recursion.
 *
 * Feed it the events of one object; when `root` is there, the object is complete.
 * node_builder_reset then takes its memory back for the next. What has an anchor
 * lives on until node_builder_reset_document, as a later object of the document may
 * ask for it.
 *
 * Failure: `problem` and `place` say what is wrong with the object, and nothing may
 * be fed until the document is reset.
 */
#ifndef REGCRED_NODE_BUILDER_H
#define REGCRED_NODE_BUILDER_H

#include "regcred/base/arena.h"
#include "regcred/base/error.h"
#include "regcred/base/string_list.h"
#include "regcred/tree/node_event.h"
#include "regcred/tree/node_wanted.h"

struct node_frame;
struct built;

struct node_builder {
	const struct node *root; /* NULL: not complete */
	bool handed_out;         /* it is a List whose items were handed out */
	struct error problem;
	struct node_place place;

	struct arena object, anchored; /* where nodes live */
	struct node_frame *frames;     /* the open collections */
	size_t depth, frames_size;
	size_t base; /* frames below the object: of Lists whose items are handed out */
	size_t held; /* bytes of the nodes there */
	struct node_member *members; /* of all open collections, in their order */
	size_t count, members_size;
	struct string_list anchors; /* the document's names, and the value of each */
	struct built **anchored_by;
	size_t anchored_by_size;
	size_t weight;             /* of the object so far */
	uint64_t aliased;          /* weight of all aliases of the document */
	node_wanted_of *wanted_of; /* the caller's; NULL: all is wanted */
};

void node_builder_init(struct node_builder *builder);
void node_builder_release(struct node_builder *builder);

/* NODE_EVENT_DOCUMENT_END and NODE_EVENT_END are not for it. */
bool node_builder_feed(struct node_builder *builder, const struct node_event *event);

/* Right after a key: whether its value is not wanted, so that the caller may leave its events
 * out and say node_builder_pass instead, which makes it null. */
bool node_builder_passes(struct node_builder *builder);
bool node_builder_pass(struct node_builder *builder);

/* Forgets the object, which was complete. */
void node_builder_reset(struct node_builder *builder);

/* Forgets the document: what is open, and the anchors. */
void node_builder_reset_document(struct node_builder *builder);

/* While the outermost mapping of the object alone is open, and has no anchor: the key whose
 * value comes next, and in *head the members in front of it; NULL otherwise. */
const struct node *node_builder_key(const struct node_builder *builder, struct node *head);

/* Right after the beginning of that value, which is a sequence without an anchor: its items
 * become objects of their own, each the `root` in its turn, and it stays empty itself. What is
 * open below them lives on. */
void node_builder_hand_out(struct node_builder *builder);

/* While items are handed out: the members in front of the sequence. Else a mapping without any. */
struct node node_builder_list(const struct node_builder *builder);

#endif
