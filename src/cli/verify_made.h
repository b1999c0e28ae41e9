/* verify_made.h - generate --verify: asks the registries about a Secret before it is
 * written.
 */
#ifndef REGCRED_CLI_VERIFY_MADE_H
#define REGCRED_CLI_VERIFY_MADE_H

#include "generate_request.h"
#include "regcred/base/string_list.h"

/* Asks for each of the images, or without any logs in with each entry of the Docker config.
 * VERIFY_REFUSED, VERIFY_FAILED: each answer that is not yes has been told. */
bool verify_made(struct generate_request *request, const struct buf *config,
                 const struct string_list *images, struct error *error);

#endif
