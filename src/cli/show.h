/* show.h - what is inside pull Secrets and Docker configs, passwords hidden. */
#ifndef REGCRED_CLI_SHOW_H
#define REGCRED_CLI_SHOW_H

#include "options.h"
#include "regcred/base/diagnostic.h"

extern const struct option_table show_options;

enum status show_run(int argc, char **argv);

#endif
