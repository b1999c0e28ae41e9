/* manifest.h - the same objects for many namespaces.
 *
 * The objects that one namespace gets, its group, are rendered once, with a hole
 * wherever the namespace stands, and then written once for each namespace: a
 * hundred thousand Secrets cost little more than copying their bytes. The hole is
 * one control character, which neither format ever holds otherwise, as both
 * escape it.
 *
 * Several objects are YAML documents between "---" lines, or the items of a v1
 * List in JSON.
 */
#ifndef REGCRED_MANIFEST_H
#define REGCRED_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/json/json.h"

#define MANIFEST_HOLE      '\x01'
#define MANIFEST_HOLE_TEXT "\x01"

enum manifest_format { MANIFEST_YAML, MANIFEST_JSON };

/* The pieces of the text: HEAD OBJECTS [SEPARATOR OBJECTS]... TAIL. */
struct manifest {
	enum manifest_format format;
	struct buf head, objects, separator, tail;
};

/* For CLEANUP. */
void manifest_release(struct manifest *manifest);

/* Renders the `count` objects of a group, at least one, into an empty (zeroed)
 * manifest. `several` says that more than one group will be written. */
bool manifest_render(struct manifest *manifest, const struct json *const *objects, size_t count,
                     enum manifest_format format, bool several, struct error *error);

/* The most bytes that one group and what stands around it can take. */
size_t manifest_group_max(const struct manifest *manifest);

/* Appends a group, its holes filled with `namespace`, a valid namespace name. */
void manifest_append(const struct manifest *manifest, const char *namespace, struct buf *out);

#endif
