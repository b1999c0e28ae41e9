/* proof.h - that the Secret to be written would be used for certain images (--image,
 * --for), proved before it is written. generate goes through these steps in this order; without
 * either option there is no proof, NULL, which each of them takes.
 */
#ifndef REGCRED_CLI_PROOF_H
#define REGCRED_CLI_PROOF_H

#include "generate_request.h"

struct proof;

/* Reads the workloads. The name and the namespace that they agree on become the
 * request's, where nothing else says them; the request borrows from the proof.
 * Warns of workloads that would not use the Secret. */
bool proof_read(struct generate_request *request, struct proof **proof, struct error *error);

/* Holds the Docker config against all images: those of --image must be served, those of
 * --for where an entry is about their host, and an entry that was given must serve one of
 * these. Other images are named in one note, which --strict makes an error.
 * IMAGE_UNMATCHED, each image having been told, with all that was compared. */
bool proof_prove(struct proof *proof, struct generate_request *request, const struct buf *config,
                 struct error *error);

/* What --image and --for ask for, each once. */
const struct string_list *proof_images(const struct proof *proof);

/* For every way out. */
void proof_release(struct proof *proof);

#endif
