/* commands.h - the table of commands, which main.c holds: it dispatches, it prints the
 * help, it feeds the shells.
 */
#ifndef REGCRED_CLI_COMMANDS_H
#define REGCRED_CLI_COMMANDS_H

#include <stddef.h>

#include "options.h"
#include "regcred/base/buf.h"

#define COMPLETION_SHELLS "bash zsh fish"

struct command {
	const char *name;           /* NULL ends the table */
	const char *synopsis;       /* what follows the program's name */
	const char *summary;        /* one line, no period; NULL: neither listed nor completed */
	enum option_value argument; /* what its arguments may be, for the shells */
	const char *words;          /* VALUE_WORDS, VALUE_COMMAND: the choices, by blanks */
	const struct option_table *options;
	enum status (*run)(int argc, char **argv);
};

/* The commands that are all of a file: their options, and what they do. */
extern const struct option_table attach_options, check_options, completion_options,
    generate_options, help_options, match_options, show_options, snippet_options, verify_options,
    why_options;
enum status attach_run(int argc, char **argv);
enum status check_run(int argc, char **argv);
enum status completion_run(int argc, char **argv);
enum status generate_run(int argc, char **argv);
enum status help_run(int argc, char **argv);
enum status match_run(int argc, char **argv);
enum status show_run(int argc, char **argv);
enum status snippet_run(int argc, char **argv);
enum status verify_run(int argc, char **argv);
enum status why_run(int argc, char **argv);

/* What the scripts of `completion` ask: the candidates for the words argv[1..]. */
enum status completion_answer(int argc, char **argv);

/* The first is the default one. */
extern const struct command commands[];

/* NULL: there is no such command. */
const struct command *commands_find(const char *name);

/* The command that a word was probably meant for; NULL: none is near. */
const char *commands_nearest(const char *word);

/* What every command begins with: parses its options into `request`, and deals with
 * an error, --help and --version. False: that was all, and *status says how it
 * went. `name` is the command's. */
bool commands_begin(const char *name, int argc, char **argv, void *request, enum status *status);

/* What it does with a request that was parsed; *status is STATUS_OK when it is called. */
typedef bool command_work(void *request, enum status *status, struct error *error);

/* All of a command that has messages: begins it, works, and reports an error. With warnings
 * under --strict the answer is no. `request` stays the caller's. */
enum status commands_do(const char *name, int argc, char **argv, void *request, command_work *work);

/* The last part of a path, such as argv[0]; "" for NULL. */
const char *commands_called_as(const char *argv0);

/* Runs the command that the first argument names, else the default one. No argument at all
 * shows the usage; a misspelled command is not used as the NAME of a Secret. */
enum status commands_run(int argc, char **argv);

/* --- help.c: the help and the version, rendered from the tables, to standard output --- */

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
