/* verify.h - the command `verify`: whether the registry takes the credentials. */
#ifndef REGCRED_CLI_VERIFY_H
#define REGCRED_CLI_VERIFY_H

#include "options.h"

extern const struct option_table verify_options;

enum status verify_run(int argc, char **argv);

#endif
