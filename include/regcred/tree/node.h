/* node.h - one object of a manifest as a tree, with the place of every value.
 *
 * What a tree means is what kubectl and the API server take the text for: JSON as
 * Go's encoding/json (1.24) reads it; YAML as sigs.k8s.io/yaml over go-yaml v2 turns
 * it into JSON (plain scalars by the rules of YAML 1.1 in go-yaml's resolve.go, dates
 * as strings, keys that are no strings as their text, `<<` merged). It is made by
 * manifest_reader.h; nothing here reads or writes text.
 *
 * Nodes are read-only, live in one arena that their maker owns, and go with it,
 * wiped. An alias is a second pointer to its anchor's node, so a tree may be a
 * graph; it has no cycles, and a walk that follows every pointer visits at most
 * NODE_WEIGHT_MAX nodes, nested at most NODE_DEPTH_MAX deep.
 *
 * Members stand in the order of the text, repeated ones too, and the last of a key
 * counts. What `<<` brought comes after, marked, each key once, and only if no member
 * after the `<<` has that key: go-yaml v2, other than YAML's own text, lets it replace
 * what is in front of it.
 */
#ifndef REGCRED_NODE_H
#define REGCRED_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/view.h"

enum {
	NODE_DEPTH_MAX = 10000,    /* Go's encoding/json, go-yaml's scannerc.go */
	NODE_WEIGHT_MAX = 4000000, /* nodes of one object, aliases followed */
};

/* Ceilings, in bytes. The API server takes 3 MiB in a request. */
enum {
	MANIFEST_TEXT_MAX = 16 * 1024 * 1024,   /* one scalar */
	MANIFEST_OBJECT_MAX = 64 * 1024 * 1024, /* the memory of one object */
};

enum node_kind {
	NODE_NULL,
	NODE_BOOL,
	NODE_NUMBER, /* its text is as written: 0x10, 1e3, .5 */
	NODE_STRING,
	NODE_SEQUENCE,
	NODE_MAPPING,
};

enum node_style {
	NODE_PLAIN,   /* a YAML scalar without quotes; a JSON number or word; a block collection */
	NODE_QUOTED,  /* in quotes, single or double; a JSON string */
	NODE_LITERAL, /* | */
	NODE_FOLDED,  /* > */
	NODE_FLOW,    /* a collection in {} or [] */
};

struct node_place {
	uint64_t line, column; /* from 1; columns in bytes */
	uint64_t offset;       /* in bytes from the start of the file; of UTF-16, as UTF-8 */
};

struct node {
	enum node_kind kind;
	enum node_style style;
	bool truth;              /* of NODE_BOOL */
	struct node_place place; /* of the first byte */
	uint64_t end;            /* of a collection in {} or []: offset of its last byte */
	const char *text;        /* of a scalar: decoded, may hold NUL, ends with a zero byte */
	size_t len;              /* bytes of `text` */
	const struct node_member *members; /* of a mapping; a sequence's items have no keys */
	size_t count;                      /* members or items */
	size_t weight;                     /* nodes below and itself, aliases followed */
};

struct node_member {
	const struct node *key; /* NULL in a sequence. Mostly a scalar: any kind has its text */
	const struct node *value;
	bool merged; /* by `<<` */
};

/* The value of the last member with that key, or NULL; a node of another kind, and
 * NULL, have no members. Keys compare by their text. */
const struct node *node_get(const struct node *mapping, const char *key);

/* The same over keys joined by dots, such as "spec.template.spec". */
const struct node *node_at(const struct node *root, const char *path);

/* The text of a scalar, which lives as long as the node. */
static inline struct view node_view(const struct node *node)
{
	return (struct view){node->text, node->len};
}

/* Its text if it is a string without NUL, else NULL; NULL for NULL. */
const char *node_string(const struct node *node);

/* The same, but "" where there is none. */
const char *node_text(const struct node *node);

/* Whether it is a string of just these bytes. */
bool node_is(const struct node *node, const char *text);

/* The order of two texts. */
static inline int node_compare(const struct node *a, const struct node *b)
{
	return view_compare(node_view(a), node_view(b));
}

/* For messages: "a list". */
const char *node_kind_name(enum node_kind kind);

#endif
