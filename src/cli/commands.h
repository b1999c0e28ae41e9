/* commands.h - the table of commands: it dispatches, it prints the help, it feeds
 * the shells.
 *
 * Two programs are made of the same sources, and differ in this table alone.
 * regcred-gen has the main job and nothing else, so that it is small and starts
 * fast; for everything else it becomes regcred-full, which has all of it, the main
 * job too, and the libraries that reading manifests needs.
 */
#ifndef REGCRED_CLI_COMMANDS_H
#define REGCRED_CLI_COMMANDS_H

#if REGCRED_RING < 2
#error "src/cli is for the program alone"
#endif

#include <stddef.h>

#include "command_table.h"
#include "options.h"
#include "regcred/base/diagnostic.h"

struct command {
	const char *name;     /* NULL ends the table */
	const char *synopsis; /* what follows the program's name */
	const char *summary;  /* one line, no period */
	const char *words;    /* what its arguments may be, for the shells; NULL: anything */
	const struct option_table *options;
	enum status (*run)(int argc, char **argv); /* NULL: not in this program */
};

/* What this program has. */
struct program {
	bool is_full;
	enum status (*answer_kubectl)(int argc, char **argv); /* completion.h; NULL: not here */
	const struct update_steps *update;                    /* update.h; NULL: not here */
	const struct proof_steps *proof;                      /* proof.h; NULL: not here */
};

extern const struct program program;

/* The first is the default one. */
extern const struct command commands[];

/* NULL: there is no such command. */
const struct command *commands_find(const char *name);

/* What every command begins with: parses its options into `request`, and deals with
 * an error, --help and --version. False: that was all, and *status tells how it
 * went. `name` is the command's. */
bool commands_begin(const char *name, int argc, char **argv, void *request, enum status *status);

/* The last part of a path, such as argv[0]; "" for NULL. */
const char *commands_called_as(const char *argv0);

/* Runs the command that the first argument names, else the default one; what this
 * program has not, regcred-full runs in its place. */
enum status commands_run(int argc, char **argv);

#endif
