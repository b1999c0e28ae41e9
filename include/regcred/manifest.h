/* manifest.h - one manifest for many namespaces.
 *
 * An object is rendered once, with a hole wherever its namespace stands, and
 * then written once for each namespace: a hundred thousand Secrets cost little
 * more than copying their bytes. The hole is one control character, which
 * neither format ever holds otherwise, as both escape it.
 *
 * Several objects are YAML documents between "---" lines, or the items of a v1
 * List in JSON.
 */
#ifndef REGCRED_MANIFEST_H
#define REGCRED_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/buf.h"
#include "regcred/json.h"

#define MANIFEST_HOLE      '\x01'
#define MANIFEST_HOLE_TEXT "\x01"

enum manifest_format { MANIFEST_YAML, MANIFEST_JSON };

/* The pieces of the text: HEAD OBJECT [SEPARATOR OBJECT]... TAIL. */
struct manifest {
	enum manifest_format format;
	struct buf head, object, separator, tail;
};

/* For CLEANUP. */
void manifest_release(struct manifest *manifest);

/* Renders `object` into an empty (zeroed) manifest. `several` says that more than
 * one object will be written. */
bool manifest_render(struct manifest *manifest, const struct json *object,
                     enum manifest_format format, bool several, struct error *error);

/* The most bytes that one object and what stands around it can take. */
size_t manifest_object_max(const struct manifest *manifest);

/* Appends the object, its holes filled with `namespace`, a valid namespace name. */
void manifest_append(const struct manifest *manifest, const char *namespace, struct buf *out);

#endif
