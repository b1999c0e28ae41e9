/* why.h - the command `why`: why Pods of a live cluster do not get their images, and what to
 * do.
 */
#ifndef REGCRED_CLI_WHY_H
#define REGCRED_CLI_WHY_H

#include "options.h"

extern const struct option_table why_options;

enum status why_run(int argc, char **argv);

#endif
