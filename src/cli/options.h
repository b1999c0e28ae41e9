/* options.h - options are rows of a table.
 *
 * One row is all there is of an option: how it is parsed, what the help says, what the
 * shells complete. getopt_long parses; this module refuses the abbreviations that it would
 * accept, and lets "-o=yaml" mean "-o yaml" as kubectl does.
 */
#ifndef REGCRED_CLI_OPTIONS_H
#define REGCRED_CLI_OPTIONS_H

#include <stdbool.h>

#include "../io/report.h"
#include "regcred/base/error.h"
#include "regcred/check/check.h"

/* What a value may be, for completion. */
enum option_value {
	VALUE_NONE,
	VALUE_ANY,
	VALUE_FILE,
	VALUE_VARIABLE,
	VALUE_WORDS,
	VALUE_COMMAND,
	VALUE_OPTIONAL
};

struct option_row;

/* Takes one occurrence into the command's request. `value` is NULL for a flag;
 * it points into argv and may be changed in place. */
typedef bool option_setter(void *request, const struct option_row *row, char *value,
                           struct error *error);

struct option_row {
	const char *group;    /* the heading in the help; NULL: as the row before */
	const char *name;     /* without dashes; NULL ends a table */
	const char *alias;    /* another long name that means the same; NULL: none */
	char letter;          /* 0: none */
	const char *argument; /* the placeholder in the help; NULL: a flag */
	const char *help;     /* one line; NULL: not shown, not completed */
	enum option_value value;
	const char *words; /* VALUE_WORDS: the choices, by blanks; otherwise the setter's own */
	option_setter *set;
};

/* The first member of every command's request. */
struct request {
	struct report report;
	check_rules ignored; /* by --ignore, beside what `report` knows of it */
	bool help, version;
};

enum { OPTIONS_MAX = 80 }; /* rows in a table */

/* One command's options, and what takes its arguments. */
struct option_table {
	const struct option_row *rows;
	option_setter *argument; /* called with row NULL; NULL: arguments are refused */
	const char *command;     /* whose --help lists the rows; NULL: the default one's */
};

option_setter options_set_quiet, options_set_verbose, options_set_strict;
option_setter options_set_help, options_set_version;
option_setter ignore_set; /* ignore.h */

/* Takes one of the row's words, once: *index is its place among them. */
bool options_take_word(const struct option_row *row, const char *value, bool *given, int *index,
                       struct error *error);

/* clang-format off */
/* The last rows of every table, and those before them in the tables of commands that
 * have messages. */
#define OPTIONS_MESSAGES \
	{"Messages", "quiet", NULL, 'q', NULL, "hide notes", VALUE_NONE, NULL, options_set_quiet}, \
	{NULL, "verbose", NULL, 'v', NULL, "tell what is done", VALUE_NONE, NULL, options_set_verbose}, \
	{NULL, "strict", NULL, 0, NULL, "make warnings errors", VALUE_NONE, NULL, options_set_strict}, \
	{NULL, "ignore", NULL, 0, "ID[,ID]", "hide these warnings and notes; repeatable", VALUE_ANY, NULL, ignore_set}
#define OPTIONS_END \
	{NULL, "help", NULL, 'h', NULL, "show this help", VALUE_NONE, NULL, options_set_help}, \
	{NULL, "version", NULL, 0, NULL, "show the version", VALUE_NONE, NULL, options_set_version}, \
	{0}
/* clang-format on */

/* Parses argv[1..] into `request`, whose first member is a struct request. Stops
 * with success at --help or --version. UNKNOWN_OPTION, OPTION_VALUE, and what the
 * setters refuse. Messages never repeat a value here: it may be a password. */
bool options_parse(const struct option_table *table, int argc, char **argv, void *request,
                   struct error *error);

/* Always false: the option is given twice. */
bool options_repeated(const struct option_row *row, struct error *error);

/* Sets the field, which borrows the value; it is an error if it is set already. */
bool options_set_once(const char **field, const struct option_row *row, const char *value,
                      struct error *error);

/* The row of an option by a name of its own or its alias, of `len` bytes, or by
 * its letter; NULL: none. */
const struct option_row *options_find(const struct option_table *table, const char *name,
                                      size_t len);
const struct option_row *options_find_letter(const struct option_table *table, char letter);

/* The place of `word` among the blank-separated `words`, from 0; -1: none. */
int options_word_index(const char *words, const char *word);

#endif
