/* yaml_reader.h - the documents of a manifest_stream as events, read by libyaml.
 *
 * What kubectl reads otherwise than libyaml (go-yaml v2, which is older than it), and what
 * is done about it here: a byte that is not UTF-8 is U+FFFD; a `:` in front of one of
 * `,[]{}` belongs to a plain scalar; the last line always ends; `?` in a plain scalar in []
 * or {}, and `\/` in double quotes, are refused.
 *
 * libyaml counts characters and takes U+0085, U+2028 and lone CRs for line ends; the
 * places given here are lines (LF) and bytes of the file. It also keeps what it reads
 * in memory of malloc: that is wiped when the reader goes.
 *
 * Failure: `problem`, and its place is the event's. The sentences say what is wrong and
 * show nothing of the document.
 */
#ifndef REGCRED_CORE_YAML_READER_H
#define REGCRED_CORE_YAML_READER_H

#include "manifest_stream.h"
#include "regcred/tree/node_event.h"

struct yaml_reader;

struct yaml_reader *yaml_reader_new(void);
void yaml_reader_free(struct yaml_reader *reader);

/* Begins with the current document, from `stream->at` to its end. The document before it may
 * have been left at any time. */
void yaml_reader_begin(struct yaml_reader *reader, struct manifest_stream *stream);

/* One document: NODE_EVENT_DOCUMENT_END, then NODE_EVENT_END. */
bool yaml_reader_next(struct yaml_reader *reader, struct node_event *event, struct error *problem);

/* After a failure: reads on to the end of the document, for yaml_reader_marked. */
void yaml_reader_skip(struct yaml_reader *reader);

/* Whether marks of a template stand in what was read so far, and where the first is. */
bool yaml_reader_marked(const struct yaml_reader *reader, struct node_place *place);

#endif
