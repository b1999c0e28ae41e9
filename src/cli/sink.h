/* sink.h - a result on its way to standard output: text is appended piece by piece and
 * written in large pieces, so that memory does not follow its length.
 *
 * JSON lists are written so too, one element at a time:
 *
 *	sink_open(&sink, true, error)
 *	while (...)
 *		sink_add(&sink, build(...), error)
 *	sink_finish(&sink, error)
 */
#ifndef REGCRED_CLI_SINK_H
#define REGCRED_CLI_SINK_H

#include "../io/output.h"
#include "regcred/json/json.h"

struct sink {
	struct output output;
	struct buf text; /* append here, then call sink_flush */
	unsigned depth;  /* of the list, in levels of indentation */
	size_t count;    /* of its elements */
	bool is_list;    /* all of it is one */
};

#define SINK_INIT ((struct sink){.output = OUTPUT_INIT, .text = BUF_INIT((size_t)1 << 31)})

/* Begins with an initialised sink: text, or one list. */
bool sink_open(struct sink *sink, bool list, struct error *error);

/* Writes what has gathered, if that is worth it. */
bool sink_flush(struct sink *sink, struct error *error);

/* Writes the rest, and makes it final. */
bool sink_finish(struct sink *sink, struct error *error);

/* A list within text, `depth` levels in. An empty one is []. */
void sink_begin_list(struct sink *sink, unsigned depth);
void sink_end_list(struct sink *sink);

/* Writes the next element, and releases it. */
bool sink_add(struct sink *sink, struct json *element, struct error *error);

/* A registry key for it: as written, unless it may hold a credential; that is left out. */
struct json *sink_registry(struct view registry);

/* For CLEANUP. */
void sink_release(struct sink *sink);

#endif
