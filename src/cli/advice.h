/* advice.h - what is known about a registry, held against a credential for it.
 */
#ifndef REGCRED_CLI_ADVICE_H
#define REGCRED_CLI_ADVICE_H

#include "generate_request.h"

/* Reports what credential_judge.h doubts; false: what it refuses. */
bool advice_check(struct report *report, const struct entry_request *entry, struct error *error);

#endif
