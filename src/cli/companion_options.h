/* companion_options.h - the options of generate that ask for objects beside the
 * Secret, and what can be said of them before anybody is asked for a password.
 */
#ifndef REGCRED_CLI_COMPANION_OPTIONS_H
#define REGCRED_CLI_COMPANION_OPTIONS_H

#include "generate_request.h"

option_setter companion_options_set_pod, companion_options_set_service_account;
option_setter companion_options_set_reader;

/* With the name of the Secret and the namespaces known. ACCOUNT_DEFAULT, and what
 * companions_check_namespaces finds; readers that are more than somebody are warned
 * about. */
bool companion_options_check(struct generate_request *request, const char *secret,
                             struct error *error);

#endif
