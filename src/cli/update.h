/* update.h - a new Secret made from one that exists (--update, --remove). generate goes
 * through these steps in this order; without --update
 * there is none, NULL, which each of them takes.
 */
#ifndef REGCRED_CLI_UPDATE_H
#define REGCRED_CLI_UPDATE_H

#include "generate_request.h"
#include "regcred/docker/docker_config.h"
#include "regcred/json/json.h"

struct update;

/* Reads the Secret; what it says and no option does becomes the request's: name,
 * namespace, labels, annotations, immutable. The request borrows from it. *update
 * is to be released after a failure, too. */
bool update_read(struct generate_request *request, struct update **update, struct error *error);

/* Gives the entries that came without a user name the one that the Secret has for their
 * registry: rotating a password needs no more than the password. */
void update_keep_usernames(struct update *update, struct generate_request *request);

/* Drops what is replaced by the request's entries or removed; the rest is added to
 * `config`. */
bool update_keep(struct update *update, struct generate_request *request,
                 struct docker_config *config, struct error *error);

/* Adds the other data to the new Secret. */
void update_fill(struct update *update, struct secret *secret);

/* Adds what else is kept to its object, and holds the whole against the rules of the
 * API server. */
bool update_complete(struct update *update, struct json *object, struct error *error);

/* For every way out. Wipes and frees. */
void update_release(struct update *update);

#endif
