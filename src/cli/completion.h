/* completion.h - what the shells complete, rendered from the option table.
 */
#ifndef REGCRED_CLI_COMPLETION_H
#define REGCRED_CLI_COMPLETION_H

#include "options.h"
#include "regcred/base/diagnostic.h"

extern const struct option_table completion_options;

/* completion bash|zsh|fish: writes that shell's script. */
enum status completion_run(int argc, char **argv);

/* kubectl completes "kubectl regcred ..." by running the program called
 * kubectl_complete-regcred (kubectl 1.26 and later, pkg/cmd/plugin_completion.go):
 * it gets the words so far, the last one unfinished, and prints one candidate a
 * line, then ":" and a number that says whether files are candidates too. */
enum status completion_answer_kubectl(int argc, char **argv);

#endif
