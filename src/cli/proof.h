/* proof.h - that the Secret to be written would be used for certain images (--image,
 * --for), proved before it is written.
 *
 * This is regcred-full's alone: reading manifests needs what the small program does
 * not link. generate goes through these steps in this order.
 */
#ifndef REGCRED_CLI_PROOF_H
#define REGCRED_CLI_PROOF_H

#if REGCRED_RING < 2
#error "src/cli is for the program alone"
#endif

#include "generate_request.h"

struct proof;

struct proof_steps {
	/* Reads the workloads. The name and the namespace that they agree on become the
	 * request's, where nothing else says them; the request borrows from the proof.
	 * Warns of workloads that would not use the Secret. */
	bool (*read)(struct generate_request *request, struct proof **proof, struct error *error);

	/* Holds the Docker config against all images. IMAGE_UNMATCHED, each image having
	 * been told, with all that was compared. */
	bool (*prove)(struct proof *proof, const struct generate_request *request,
	              const struct buf *config, struct error *error);

	/* For every way out. */
	void (*release)(struct proof *proof);
};

extern const struct proof_steps proof_steps;

#endif
