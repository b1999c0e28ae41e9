/* check.h - the command that finds what is wrong in pull Secrets and in the manifests
 * that use them.
 */
#ifndef REGCRED_CLI_CHECK_H
#define REGCRED_CLI_CHECK_H

#include "options.h"

extern const struct option_table check_options;

enum status check_run(int argc, char **argv);

#endif
