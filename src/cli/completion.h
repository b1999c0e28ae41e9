/* completion.h - what the shells complete: three short scripts, which ask the program.
 *
 * A script, or kubectl, gives the words of the line so far, the last one unfinished, to
 * `regcred-gen __complete WORD...`; kubectl does so by running the program under the name
 * kubectl_complete-regcred (kubectl 1.26 and later, pkg/cmd/plugin_completion.go). The answer
 * is cobra's (completions.go): a candidate a line, with a tab and its description, then ":"
 * and a number, 0 if files are candidates too, else 4. The candidates of a value that is
 * joined to its option ("--output=j") are values alone.
 */
#ifndef REGCRED_CLI_COMPLETION_H
#define REGCRED_CLI_COMPLETION_H

#include "options.h"
#include "regcred/base/diagnostic.h"

extern const struct option_table completion_options;

/* completion bash|zsh|fish: writes that shell's script. */
enum status completion_run(int argc, char **argv);

/* Answers for the words argv[1..]. */
enum status completion_answer(int argc, char **argv);

#endif
