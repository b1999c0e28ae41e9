/* show.h - what is inside pull Secrets and Docker configs, passwords hidden. */
#ifndef REGCRED_CLI_SHOW_H
#define REGCRED_CLI_SHOW_H

#if REGCRED_RING < 2
#error "src/cli is for the program alone"
#endif

#include "options.h"
#include "regcred/base/diagnostic.h"

extern const struct option_table show_options;

enum status show_run(int argc, char **argv);

#endif
