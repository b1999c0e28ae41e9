/* generate.h - the main job: credentials in, a pull Secret out. */
#ifndef REGCRED_CLI_GENERATE_H
#define REGCRED_CLI_GENERATE_H

#include "regcred/base/diagnostic.h"

enum status generate_run(int argc, char **argv);

#endif
