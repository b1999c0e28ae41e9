/* generate_options.h - the options of generate: a row and a setter each, which fill in a
 * generate_request.
 */
#ifndef REGCRED_CLI_GENERATE_OPTIONS_H
#define REGCRED_CLI_GENERATE_OPTIONS_H

#include "generate_request.h"

extern const struct option_table generate_options;

#endif
