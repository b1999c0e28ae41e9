/* credentials.h - from what the options say to a Docker config that is complete.
 */
#ifndef REGCRED_CLI_CREDENTIALS_H
#define REGCRED_CLI_CREDENTIALS_H

#include "generate_request.h"
#include "regcred/docker/docker_config.h"

/* What a registry key should tell its user; `advice` is what normalising it gave. */
void credentials_report_key(struct report *report, const char *given, const char *key,
                            unsigned advice);

/* Normalises and checks all that is known without reading anything. What registry
 * keys should tell their user is reported on the way. */
bool credentials_prepare(struct generate_request *request, struct error *error);

/* Whether each entry has what it needs, or there is a terminal to ask on. */
bool credentials_check(const struct generate_request *request, struct error *error);

/* Reads the passwords that are in variables and removes the variables, before
 * anything else is run. */
bool credentials_take_variables(struct generate_request *request, struct error *error);

/* Puts every entry into `config`, which borrows from the request; the entries stay
 * where they are from then on. */
bool credentials_collect(struct generate_request *request, struct docker_config *config,
                         struct error *error);

/* Fills in what is missing: reads the passwords, then asks the person; and holds all
 * of it against what is known about the registries. */
bool credentials_read(struct generate_request *request, struct error *error);

#endif
