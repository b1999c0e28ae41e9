/* attach.h - the command that adds a pull Secret to manifests. */
#ifndef REGCRED_CLI_ATTACH_H
#define REGCRED_CLI_ATTACH_H

#include "options.h"

extern const struct option_table attach_options;

enum status attach_run(int argc, char **argv);

#endif
