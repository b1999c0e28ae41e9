/* generate.h - the main job: credentials in, a pull Secret out. */
#ifndef REGCRED_CLI_GENERATE_H
#define REGCRED_CLI_GENERATE_H

#if REGCRED_RING < 2
#error "src/cli is for the program alone"
#endif

#include "regcred/base/diagnostic.h"

enum status generate_run(int argc, char **argv);

#endif
