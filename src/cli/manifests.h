/* manifests.h - files of manifests, read into an inventory; and the warnings about documents
 * that are skipped. Also the subjects of match and verify: images, Secrets (-f) and workloads
 * (--for).
 */
#ifndef REGCRED_CLI_MANIFESTS_H
#define REGCRED_CLI_MANIFESTS_H

#include "../io/report.h"
#include "reading.h"
#include "regcred/pods/inventory.h"

struct manifests {
	struct inventory *inventory;
	struct reading_request *files;
	struct report *report;
	unsigned wanted; /* INVENTORY_... */
	size_t first;    /* the number of the first file: inventory places count from it */
};

/* Takes what is wanted out of all files. A document that does not parse is an error,
 * for what it hides is not known; one that is a template is skipped, with a warning. */
bool manifests_read(const struct manifests *manifests, struct error *error);

/* Warns of a Secret that looks like a pull Secret, but counts for nothing or is not
 * known; of a document that is a template. */
void manifests_note_secret(struct report *report, const char *file,
                           const struct pull_secret *secret);
void manifests_note_template(struct report *report, const char *file,
                             const struct manifest_item *item);

/* The error of a document that does not parse, with its place. Always false. */
bool manifests_fail_broken(const char *file, const struct manifest_item *item, struct error *error);

/* What a command is asked about; its request begins with it. */
struct subjects {
	struct reading_request secrets; /* -f */
	struct reading_request workloads;
	struct string_list images;
	const char *ns;
};

/* An image, or a file of manifests, which needs no -f. */
option_setter subjects_set_argument;

/* clang-format off */
#define SUBJECT_ROWS \
	READING_ROW, \
	{NULL, "for", NULL, 0, "FILE", "take images and pull Secrets from its workloads; repeatable", \
	 VALUE_FILE, NULL, reading_set_file, offsetof(struct subjects, workloads)}, \
	{NULL, "namespace", NULL, 'n', "NS", \
	 "use only this namespace", OPTIONS_NAMESPACE(struct subjects, ns)}
/* clang-format on */

/* Reads all files into the inventory; of those of -f what is wanted. Without any the Secrets are
 * on standard input. */
bool subjects_read(struct subjects *subjects, struct inventory *inventory, unsigned wanted,
                   struct error *error);

/* The file of that number: those of --for come first. Without subjects there are no files. */
const char *subjects_file(const struct subjects *subjects, size_t file);

/* What results call a Secret: "Secret dev/regcred", or the file of a bare config. */
void subjects_append_secret(const struct subjects *subjects, const struct inventory *inventory,
                            size_t secret, struct buf *out);

/* Why a Pod is broken: "Secret dev/regcred: MESSAGE". False: there are no more such Secrets. */
bool subjects_append_failure(const struct subjects *subjects, const struct inventory *inventory,
                             const struct inventory_pod *pod, size_t number, struct buf *out);

void subjects_release(struct subjects *subjects);

/* Says what else is worth knowing (notes.c): there is no pull Secret, in `ns` unless it is
 * NULL; for images that are given alone, the Secrets are of several namespaces. */
void notes_of_inventory(const struct inventory *inventory, const char *ns, bool images,
                        struct report *report);

/* A workload names a Secret that is not there, or none at all. */
void notes_of_pod(const struct inventory *inventory, size_t number, const struct inventory_pod *pod,
                  struct report *report);

/* The first image that is not an image name is an error, IMAGE_INVALID. */
bool manifests_check_images(const struct string_list *images, struct error *error);

/* There is nothing that pulls images in the files, in `ns` unless it is NULL: WORKLOAD_NONE.
 * Always false. */
bool manifests_fail_without_workload(const struct reading_request *files, const char *ns,
                                     struct error *error);

#endif
