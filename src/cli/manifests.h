/* manifests.h - files of manifests, read into an inventory; and what is said of the documents
 * that are not taken.
 */
#ifndef REGCRED_CLI_MANIFESTS_H
#define REGCRED_CLI_MANIFESTS_H

#include "../io/report.h"
#include "reading.h"
#include "regcred/pods/inventory.h"

struct manifests {
	struct inventory *inventory;
	const struct reading_request *files;
	struct report *report;
	unsigned wanted; /* INVENTORY_... */
	size_t first;    /* the number of the first file: inventory places count from it */
};

/* Takes what is wanted out of all files. A document that does not parse is an error,
 * for what it hides is not known; one that is a template is skipped, with a warning. */
bool manifests_read(const struct manifests *manifests, struct error *error);

/* Warns of a Secret that looks like a pull Secret, but counts for nothing or is not
 * known; of a document that is a template. */
void manifests_tell_of_secret(struct report *report, const char *file,
                              const struct pull_secret *secret);
void manifests_tell_of_template(struct report *report, const char *file,
                                const struct manifest_item *item);

/* The error of a document that does not parse, with its place. Always false. */
bool manifests_fail_broken(const char *file, const struct manifest_item *item, struct error *error);

/* The first image that is not an image name is an error, IMAGE_INVALID. */
bool manifests_check_images(const struct string_list *images, struct error *error);

/* There is nothing that pulls images in the files: WORKLOAD_NONE. Always false. */
bool manifests_fail_without_workload(const struct reading_request *files, struct error *error);

#endif
