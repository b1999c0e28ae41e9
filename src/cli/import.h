/* import.h - credentials that exist already: an explicit Docker config
 * (--from-file), or the logins of this machine (--from-login).
 */
#ifndef REGCRED_CLI_IMPORT_H
#define REGCRED_CLI_IMPORT_H

#include "generate_request.h"

/* Completes the entries that are to be taken from elsewhere, and adds those that no
 * --registry names where all are wanted. Every entry that cannot be used is reported;
 * if there was one, or a registry that nobody knows, false. Runs credential helpers;
 * variables that hold a password must be gone by then. */
bool import_entries(struct generate_request *request, struct error *error);

#endif
