/* manifest_reader.h - the objects of a manifest, one after the other: YAML or JSON,
 * several documents, Lists, in any mix and of any size.
 *
 * What counts is what kubectl 1.32 reads (apimachinery 0.32 pkg/util/yaml/decoder.go, over
 * sigs.k8s.io/yaml 1.4 and go-yaml v2), and what it refuses or drops is reported:
 *   - a stream whose first byte but white space is `{` is JSON to its end: values one after
 *     the other, read by json_reader.h. A `---` in it is reported; what follows is read;
 *   - any other stream is YAML, read by libyaml, and cut at lines that begin with `---`
 *     before anything is parsed, so that a broken document spoils no other. On such a line
 *     nothing but a comment is accepted. What follows a `...` without a `---` is reported, and
 *     so is a directive. Documents that hold nothing are not counted;
 *   - the `items` of a List (kind ends in "List", or not known yet and apiVersion is
 *     "v1") are objects of their own and are handed out one by one, so that memory
 *     follows the largest of them, not the List, unless more than 16 members stand in
 *     front of them. Lists in Lists too. An item without
 *     apiVersion and kind gets those of a typed List (SecretList).
 *   - UTF-16 (with BOM), a UTF-8 BOM at the start of any document, CRLF, comments, bytes
 *     that are not UTF-8 (U+FFFD) and empty documents are taken. Empty and null documents
 *     are handed out as no object at all.
 *
 * The only door to libyaml (core/manifest/yaml_reader.c), which keeps its buffers in malloc's
 * memory: what it held is wiped as far as it lets us.
 */
#ifndef REGCRED_MANIFEST_READER_H
#define REGCRED_MANIFEST_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"
#include "regcred/json/json_reader.h"
#include "regcred/tree/node.h"
#include "regcred/tree/node_wanted.h"

/* Ceilings: those of node.h. */

enum manifest_event {
	MANIFEST_OBJECT,   /* `root` is an object, or whatever stands in its place */
	MANIFEST_TEMPLATE, /* a document that is a template: not to be checked */
	MANIFEST_BROKEN,   /* a document that does not parse, or is too large: `problem` */
	MANIFEST_CONFIG,   /* `root` is the functionConfig of a ResourceList: if it is wanted */
	MANIFEST_END,      /* the stream is read to its end */
};

/* Valid until the reader is asked again. */
struct manifest_item {
	enum manifest_event event;
	const struct node *root;     /* MANIFEST_OBJECT */
	const char *api_version;     /* "" unless a string, or implied by a typed List */
	const char *kind;            /* likewise */
	bool json;                   /* of a stream of JSON */
	bool anchors;                /* its document had some (&) so far: parts may be shared */
	size_t document;             /* from 0: which of the stream's */
	struct node_place place;     /* of the object, of the template, of what is broken */
	uint64_t begins;             /* offset of its document, from its `---` on; at the end, of
	                                the end */
	const struct error *problem; /* MANIFEST_BROKEN: a sentence without place, and a hint */
};

struct manifest_reader;

/* `source` is as json_reader.h wants it, and is handed `context`. */
struct manifest_reader *manifest_reader_new(json_source *source, void *context);

/* Over bytes that stay the caller's. */
struct manifest_reader *manifest_reader_new_bytes(const char *bytes, size_t len);

/* Hands out the `functionConfig` beside the `items` of a List, too: what a ResourceList
 * (KRM functions, config.kubernetes.io/v1) is configured with. */
void manifest_reader_want_config(struct manifest_reader *reader);

/* Names the members that the caller reads (node_wanted.h): in a stream of JSON the values of
 * all others may be null. Before the first object; NULL: all are kept. */
void manifest_reader_want(struct manifest_reader *reader, node_wanted_of *wanted);

/* For CLEANUP: wipes and frees. */
void manifest_reader_free(struct manifest_reader **reader);

/* Moves to the next object. False only if the source failed, which ends all reading. A
 * broken document is an event, and the next ones follow. */
bool manifest_reader_next(struct manifest_reader *reader, struct manifest_item *item,
                          struct error *error);

#endif
