/* manifest_reader.h - the objects of a manifest, one after the other: YAML or JSON,
 * several documents, Lists, in any mix and of any size.
 *
 * How a stream is cut up:
 *   - at lines that begin with `---` (then blank, tab, line end or end), and behind
 *     those that begin with `...`, before anything is parsed, so that a broken
 *     document spoils no other. Documents that hold nothing are not counted;
 *   - a document whose first byte is `{` (and that goes on like JSON) is read by
 *     json_reader.h, and may be followed by others without a separator, as kubectl
 *     takes it; everything else is read by libyaml. So is a document that looks like
 *     JSON and is none, unless the stream begins so, which makes it JSON to kubectl
 *     (apimachinery 0.32 pkg/util/yaml/decoder.go, GuessJSONStream);
 *   - the `items` of a List (kind ends in "List", or not known yet and apiVersion is
 *     "v1") are objects of their own and are handed out one by one, so that memory
 *     follows the largest of them, not the List, unless more than 16 members stand in
 *     front of them. Lists in Lists too. An item without
 *     apiVersion and kind gets those of a typed List (SecretList).
 *   - UTF-16 (with BOM), a UTF-8 BOM, CRLF, `...`, comments, directives and empty
 *     documents are accepted, as kubectl does. Empty and null documents are handed
 *     out as no object at all.
 *
 * The only door to libyaml (behind it, core/manifest/yaml_reader.c), which refuses surrogate
 * pairs, and keeps its buffers in malloc's memory: what it held is wiped as far as
 * it lets us.
 */
#ifndef REGCRED_MANIFEST_READER_H
#define REGCRED_MANIFEST_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"
#include "regcred/json/json_reader.h"
#include "regcred/tree/node.h"

/* Ceilings: those of node.h, and 1000 directives in front of a document. */

enum manifest_event {
	MANIFEST_OBJECT,   /* `root` is an object, or whatever stands in its place */
	MANIFEST_TEMPLATE, /* a document that is a template: not to be judged */
	MANIFEST_BROKEN,   /* a document that does not parse, or is too large: `problem` */
	MANIFEST_END,      /* the stream is read to its end */
};

/* Valid until the reader is asked again. */
struct manifest_item {
	enum manifest_event event;
	const struct node *root;     /* MANIFEST_OBJECT */
	const char *api_version;     /* "" unless a string, or implied by a typed List */
	const char *kind;            /* likewise */
	bool in_list;                /* an item of a List */
	size_t document;             /* from 0: which of the stream's */
	struct node_place place;     /* of the object, of the template, of what is broken */
	uint64_t begins;             /* offset of its document, from its `---` on; at the end, of
	                                the end */
	const struct error *problem; /* MANIFEST_BROKEN: a sentence without place, and a hint */
};

struct manifest_reader;

/* NULL: no memory. `source` is as json_reader.h wants it, and is handed `context`. */
struct manifest_reader *manifest_reader_new(json_source *source, void *context);

/* Over bytes that stay the caller's. */
struct manifest_reader *manifest_reader_new_bytes(const char *bytes, size_t len);

/* For CLEANUP: wipes and frees. */
void manifest_reader_free(struct manifest_reader **reader);

/* Moves to the next object. False only for what ends all reading: the source failed,
 * or there is no memory. A broken document is an event, and the next ones follow. */
bool manifest_reader_next(struct manifest_reader *reader, struct manifest_item *item,
                          struct error *error);

#endif
