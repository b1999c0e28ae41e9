/* makers.h - objects by which something in the cluster makes, copies or fills a Secret, so
 * that its content cannot be known. Private to pods. */
#ifndef REGCRED_CORE_MAKERS_H
#define REGCRED_CORE_MAKERS_H

#include <stdbool.h>

#include "regcred/base/string_list.h"
#include "regcred/manifest/manifest_reader.h"

struct made_secret {
	const char *maker; /* the kind of the object, or an annotation's owner */
	const char *ns;    /* "" if absent */
	const char *name;  /* NULL: it may be any */
	bool everywhere;   /* in any namespace */
};

typedef void made_visitor(void *context, const struct made_secret *made);

/* Visits each Secret that the object makes, a Secret that is copied elsewhere included. */
void makers_visit(const struct manifest_item *item, made_visitor *visit, void *context);

/* Adds what images are pulled from elsewhere or with other credentials: patterns like registry
 * keys, and names of images that a Kustomization changes. */
void redirects_add(const struct manifest_item *item, struct string_list *patterns,
                   struct string_list *names);

#endif
