/* node_event.h - the events of a reader of YAML or of JSON, shared by yaml_reader.c,
 * manifest_reader.c and node_builder.c.
 */
#ifndef REGCRED_NODE_EVENT_H
#define REGCRED_NODE_EVENT_H

#include "regcred/tree/node.h"

enum node_event_type {
	NODE_EVENT_SCALAR, /* keys too */
	NODE_EVENT_OPEN,   /* a sequence or mapping */
	NODE_EVENT_CLOSE,
	NODE_EVENT_ALIAS,
	NODE_EVENT_DOCUMENT_END, /* the document is sound */
	NODE_EVENT_END,          /* nothing comes after it */
};

/* Texts live until the reader is asked again. */
struct node_event {
	enum node_event_type type;
	enum node_kind kind;
	enum node_style style;
	bool truth; /* of NODE_BOOL */
	bool merge; /* a scalar that, as a key, merges: a plain << */
	struct node_place place;
	const char *text; /* of a scalar */
	size_t len;
	const char *anchor; /* the name it is given, or an alias asks for; NULL: none */
};

#endif
