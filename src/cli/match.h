/* match.h - which credential the kubelet would try for an image, in which order, and
 * why not the others.
 */
#ifndef REGCRED_CLI_MATCH_H
#define REGCRED_CLI_MATCH_H

#include "options.h"
#include "regcred/base/diagnostic.h"

extern const struct option_table match_options;

enum status match_run(int argc, char **argv);

#endif
