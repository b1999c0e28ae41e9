/* attach_style.h - where a list of pull Secrets is, or would be, and how an item of it is
 * written there: pieces of text around a name.
 */
#ifndef REGCRED_CORE_ATTACH_STYLE_H
#define REGCRED_CORE_ATTACH_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/buf.h"
#include "regcred/base/view.h"
#include "regcred/tree/node.h"

/* The bytes from `offset` of the stream on. */
struct attach_text {
	struct view bytes;
	uint64_t offset;
};

/* before ITEM [between ITEM]... after, where ITEM is head NAME tail. */
struct attach_style {
	uint64_t offset; /* where it goes */
	size_t removed;  /* bytes there that go */
	struct buf before, between, after;
	struct buf head, tail;
	char quote; /* around the name; 0: none, if YAML needs none */
};

/* Finds it for the last member `imagePullSecrets` of the mapping, a sequence or null; NULL:
 * it has none. `in_front`: in front of the items that are there, which always works, unless
 * an alias is in the way. False: there is no place; nothing to be released. */
bool attach_style_find(const struct attach_text *text, const struct node *mapping,
                       const struct node_member *member, bool in_front, struct attach_style *style);

void attach_style_release(struct attach_style *style);

/* Appends an item. */
void attach_style_item(const struct attach_style *style, const char *name, struct buf *out);

/* The length of a scalar as it is written; 0: it is not written as its bare text, with or
 * without quotes around. */
size_t attach_style_scalar_len(const struct attach_text *text, const struct node *scalar);

/* Appends a name in the quotes of that scalar. */
void attach_style_name(const struct attach_text *text, const struct node *scalar, const char *name,
                       struct buf *out);

#endif
