/* help.h - the help and the version, rendered from the tables, and the command
 * that shows them. All of it goes to standard output.
 */
#ifndef REGCRED_CLI_HELP_H
#define REGCRED_CLI_HELP_H

#include "options.h"
#include "regcred/base/buf.h"

extern const struct option_table help_options;

enum status help_run(int argc, char **argv);

/* How the user called us: "regcred-gen", or "kubectl regcred". Set once by main. */
void help_set_program(const char *argv0);
const char *help_program(void);

/* Prints how a command is used; its name is one of the table. */
enum status help_print(const char *command);

/* Shows in short, on standard error, how the program is used; the status of a usage error. */
enum status help_show_usage(void);

enum status help_print_version(void);

/* Prints a text that was built, and reports if that fails. */
enum status help_print_text(struct buf *text);

#endif
