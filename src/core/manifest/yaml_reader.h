/* yaml_reader.h - one document of a manifest_stream as events, read by libyaml.
 *
 * libyaml counts characters and takes U+0085, U+2028 and lone CRs for line ends; the
 * places given here are lines (LF) and bytes of the file. It also keeps what it reads
 * in memory of malloc: that is wiped when it goes.
 *
 * Failure: `problem` and `place`. The sentences say what is wrong and show nothing of
 * the document.
 */
#ifndef REGCRED_CORE_YAML_READER_H
#define REGCRED_CORE_YAML_READER_H

#include "manifest_stream.h"
#include "regcred/tree/node_event.h"

struct yaml_reader;

/* NULL: no memory. Reads the document from `stream->at` to its end, where `place` is
 * that of the first byte. */
struct yaml_reader *yaml_reader_new(struct manifest_stream *stream, struct node_place place);
void yaml_reader_free(struct yaml_reader *reader);

/* After NODE_EVENT_DOCUMENT_END another document may follow, behind `...`. */
bool yaml_reader_next(struct yaml_reader *reader, struct node_event *event);

const struct error *yaml_reader_problem(const struct yaml_reader *reader, struct node_place *place);

/* After a failure: reads on to the end of the document, for yaml_reader_marked. */
void yaml_reader_skip(struct yaml_reader *reader);

/* Whether marks of a template stand in what was read so far, and where the first is. */
bool yaml_reader_marked(const struct yaml_reader *reader, struct node_place *place);

#endif
