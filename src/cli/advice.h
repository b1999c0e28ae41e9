/* advice.h - what is known about a registry, held against a credential for it.
 */
#ifndef REGCRED_CLI_ADVICE_H
#define REGCRED_CLI_ADVICE_H

#if REGCRED_RING < 2
#error "src/cli is for the program alone"
#endif

#include "generate_request.h"

/* Reports user names that cannot be right and secrets that do not last. A secret
 * that has ended is TOKEN_EXPIRED. */
bool advice_check(struct report *report, const struct entry_request *entry, struct error *error);

#endif
