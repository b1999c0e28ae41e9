/* credentials.h - from what the options say to a Docker config that is complete.
 */
#ifndef REGCRED_CLI_CREDENTIALS_H
#define REGCRED_CLI_CREDENTIALS_H

#include "generate_request.h"
#include "regcred/docker/docker_config.h"

/* Reports what a registry key should tell its user; `advice` is what normalising it gave.
 * False: its host is refused. */
bool credentials_check_key(struct generate_request *request, const char *given, const char *key,
                           unsigned advice, struct error *error);

/* A byte order mark in front of the password is dropped, with a note. */
void credentials_drop_bom(struct generate_request *request, struct entry_request *entry);

/* Normalises and checks all that is known without reading anything. What registry
 * keys should tell their user is reported on the way. */
bool credentials_prepare(struct generate_request *request, struct error *error);

/* Whether each entry has what it needs, or there is a terminal to ask on. */
bool credentials_check(const struct generate_request *request, struct error *error);

/* Puts every entry into `config`, which borrows from the request; the entries stay
 * where they are from then on. */
bool credentials_collect(struct generate_request *request, struct docker_config *config,
                         struct error *error);

/* Fills in what is missing: reads the passwords, then asks the person; and holds all
 * of it against what is known about the registries. */
bool credentials_read(struct generate_request *request, struct error *error);

#endif
