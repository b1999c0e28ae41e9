/* attach_style.h - edits of a text that add items to a list of pull Secrets, or rename one,
 * written as the text around them is.
 */
#ifndef REGCRED_CORE_ATTACH_STYLE_H
#define REGCRED_CORE_ATTACH_STYLE_H

#include "regcred/base/buf.h"
#include "regcred/edit/attach.h"

#define ATTACH_LIST "imagePullSecrets"

/* The bytes from `offset` of the stream on. */
struct attach_text {
	struct view bytes;
	uint64_t offset;
};

struct attach_edit {
	uint64_t offset; /* in the stream */
	size_t removed;  /* bytes there that go */
	size_t at, len;  /* what comes instead, in `text` */
};

struct attach_edits {
	struct attach_edit *items; /* owned */
	size_t count, capacity;
	struct buf text;
};

struct attach_list {
	const struct node *mapping;
	const struct node_member *member; /* a sequence or null; NULL: there is none yet */
	bool in_front;                    /* items go in front of those that are there */
};

/* Adds all names to a list: after the items it has, else in front of them, and says which.
 * False: there is no place. */
bool attach_style_add(const struct attach_text *text, struct attach_list *list,
                      struct attach_names names, struct attach_edits *edits);

/* Renames what a scalar names, in its quotes. False: it is not written as its bare text, with
 * or without quotes around. */
bool attach_style_rename(const struct attach_text *text, const struct node *scalar,
                         const char *name, struct attach_edits *edits);

#endif
