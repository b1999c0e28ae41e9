/* document.h - the same objects for many namespaces.
 *
 * The objects that one namespace gets, its group, are rendered once, with a hole
 * wherever the namespace belongs, and then written once for each namespace: a
 * hundred thousand Secrets cost little more than copying their bytes. The hole is
 * one control character, which neither format ever holds otherwise, as both
 * escape it.
 *
 * Several objects are YAML documents between "---" lines, or the items of a v1
 * List in JSON.
 */
#ifndef REGCRED_DOCUMENT_H
#define REGCRED_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/json/json.h"

#define DOCUMENT_HOLE      '\x01'
#define DOCUMENT_HOLE_TEXT "\x01"

enum document_format { DOCUMENT_YAML, DOCUMENT_JSON };

/* The pieces of the text: HEAD OBJECTS [SEPARATOR OBJECTS]... TAIL. */
struct document {
	enum document_format format;
	struct buf head, objects, separator, tail;
	size_t hole_count; /* in `objects` */
};

/* For CLEANUP. */
void document_release(struct document *document);

/* Renders the `count` objects of a group, at least one, into an empty (zeroed)
 * document. `several` says that more than one group will be written. */
bool document_render(struct document *document, const struct json *const *objects, size_t count,
                     enum document_format format, bool several, struct error *error);

/* The most bytes that one group and what is around it can take. */
size_t document_group_max(const struct document *document);

/* Appends a group, its holes filled with `ns`: a valid namespace name, which is at
 * most K8S_LABEL_MAX bytes long; a longer one is cut there. */
void document_append(const struct document *document, struct view ns, struct buf *out);

#endif
