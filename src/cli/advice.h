/* advice.h - what is known about a registry, held against a credential for it.
 */
#ifndef REGCRED_CLI_ADVICE_H
#define REGCRED_CLI_ADVICE_H

#include "generate_request.h"

/* Reports user names that cannot be right and secrets that do not last. A secret
 * that has ended is TOKEN_EXPIRED. */
bool advice_check(struct report *report, const struct entry_request *entry, struct error *error);

#endif
