/* update.h - making a new Secret of one that exists (--update, --remove).
 *
 * This is regcred-full's alone: reading manifests needs what the small program does
 * not link. generate goes through these steps in this order.
 */
#ifndef REGCRED_CLI_UPDATE_H
#define REGCRED_CLI_UPDATE_H

#if REGCRED_RING < 2
#error "src/cli is for the program alone"
#endif

#include "generate_request.h"
#include "regcred/docker/docker_config.h"
#include "regcred/json/json.h"

struct update;

struct update_steps {
	/* Reads the Secret; what it says and no option does becomes the request's: name,
	 * namespace, labels, annotations, immutable. The request borrows from it. *update
	 * is to be released after a failure, too. */
	bool (*read)(struct generate_request *request, struct update **update, struct error *error);

	/* Drops what is replaced by the request's entries or removed; the rest is added to
	 * `config`. */
	bool (*keep)(struct update *update, struct generate_request *request,
	             struct docker_config *config, struct error *error);

	/* Adds the other data to the new Secret. */
	bool (*fill)(struct update *update, struct secret *secret, struct error *error);

	/* Adds what else is kept to its object, and holds the whole against the rules of the
	 * API server. */
	bool (*complete)(struct update *update, struct json *object, struct error *error);

	/* For every way out; NULL is fine. Wipes and frees. */
	void (*release)(struct update *update);
};

extern const struct update_steps update_steps;

#endif
