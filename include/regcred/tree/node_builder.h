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
	struct error problem;
	struct node_place place;

	struct arena object, anchored; /* where nodes live */
	struct node_frame *frames;     /* the open collections */
	size_t depth, frames_size;
	struct node_member *members; /* of all open collections, in their order */
	size_t count, members_size;
	struct string_list anchors; /* names of the document's, and what each stands for */
	struct built **anchored_by;
	size_t anchored_by_size;
	size_t weight;             /* of the object so far */
	uint64_t aliased;          /* weight behind all aliases of the document */
	node_wanted_of *wanted_of; /* the caller's; NULL: all is wanted */
};

void node_builder_init(struct node_builder *builder);
void node_builder_release(struct node_builder *builder);

/* NODE_EVENT_DOCUMENT_END and NODE_EVENT_END are not for it. */
bool node_builder_feed(struct node_builder *builder, const struct node_event *event);

/* Right behind a key: whether nobody wants its value, so that the caller may leave its events
 * out and say node_builder_pass instead, which makes it null. */
bool node_builder_passes(struct node_builder *builder);
bool node_builder_pass(struct node_builder *builder);

/* Whether the event, a scalar or the beginning of a collection, can be a key. Anything
 * else is none of its business. */
bool node_builder_check_key(struct node_builder *builder, const struct node_event *event);

/* Forgets the object, finished or not. */
void node_builder_reset(struct node_builder *builder);

/* Forgets the anchors as well. */
void node_builder_reset_document(struct node_builder *builder);

/* While the outermost mapping alone is open, and has no anchor: the key whose value
 * comes next; NULL otherwise. */
const struct node *node_builder_key(const struct node_builder *builder);

/* A string member of the outermost mapping, which is still open: the last of that
 * key, or NULL. */
const char *node_builder_member(const struct node_builder *builder, const char *key);

/* The same, whatever its kind. */
const struct node *node_builder_value(const struct node_builder *builder, const char *key);

#endif
