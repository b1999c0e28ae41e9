/* snippet.h - the next step: what to paste and to run once the Secret is there.
 */
#ifndef REGCRED_CLI_SNIPPET_H
#define REGCRED_CLI_SNIPPET_H

#include "options.h"

extern const struct option_table snippet_options;

enum status snippet_run(int argc, char **argv);

#endif
