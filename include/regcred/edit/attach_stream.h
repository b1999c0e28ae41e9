/* attach_stream.h - attach.h over a whole stream, one document after the other: bytes in,
 * bytes out, in memory the document at hand.
 *
 * A document that is a template, that does not parse, that is UTF-16 or refused passes
 * unchanged, and is told.
 */
#ifndef REGCRED_ATTACH_STREAM_H
#define REGCRED_ATTACH_STREAM_H

#include "regcred/edit/attach.h"
#include "regcred/json/json_reader.h"

struct attach_events {
	void *context;     /* of the others */
	json_source *read; /* the stream; as json_reader.h wants it */

	/* Something is to be added to the object. */
	void (*object)(void *context, const struct manifest_item *item);

	/* A document passes unchanged, MANIFEST_OBJECT: although something is to be added. */
	void (*kept)(void *context, enum manifest_event event, struct node_place place,
	             const char *why);

	/* The next bytes, a document or more; `changed`: not as they were. False ends it all. */
	bool (*write)(void *context, struct view bytes, bool changed, struct error *error);
};

/* False: reading or writing failed. */
bool attach_stream(struct attach *attach, const struct attach_events *events, struct error *error);

#endif
