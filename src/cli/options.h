/* options.h - options are rows of a table.
 *
 * One row is all there is of an option: how it is parsed, what the help says, what the
 * shells complete. getopt_long parses; this module refuses the abbreviations that it would
 * accept, and lets "-o=yaml" mean "-o yaml" as kubectl does.
 */
#ifndef REGCRED_CLI_OPTIONS_H
#define REGCRED_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

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
	size_t at; /* for options_store_*: where in the request it goes; else left out */
};

/* A choice among the words of a row. */
struct option_word {
	int index; /* of the word, from 0 */
	bool given;
};

/* The first member of every command's request. */
struct request {
	struct report report;
	check_rules ignored;       /* by --ignore, beside what `report` knows of it */
	struct option_word output; /* the format, of the words of that command's row */
	bool help, version;
};

enum { OPTIONS_MAX = 80 }; /* rows in a table */

/* One command's options, and what takes its arguments. */
struct option_table {
	const struct option_row *rows;
	option_setter *argument; /* called with row NULL; NULL: arguments are refused */
	const char *command;     /* whose --help lists the rows; NULL: the default one's */
};

/* Setters that store at row->at: true in a bool; a borrowed text, once, in a const char *; a
 * choice, once, in a struct option_word. */
option_setter options_store_flag, options_store_text, options_store_file, options_store_in_list,
    options_store_word, options_store_seconds;
option_setter options_store_namespace, options_store_secret; /* valid names; the latter in a list */
option_setter ignore_set;                                    /* ignore.c */

/* clang-format off */
/* The end of a row: a flag, a text, the format of the output. */
#define OPTIONS_FLAG(request, field) \
	VALUE_NONE, NULL, options_store_flag, offsetof(request, field)
#define OPTIONS_TEXT(request, field, value) \
	value, NULL, options_store_text, offsetof(request, field)
#define OPTIONS_NAMESPACE(request, field) \
	VALUE_ANY, NULL, options_store_namespace, offsetof(request, field)
#define OPTIONS_SECONDS(request, field) /* an unsigned, 0: not given */ \
	VALUE_ANY, NULL, options_store_seconds, offsetof(request, field)
#define OPTIONS_LIST(request, field, value) \
	value, NULL, options_store_in_list, offsetof(request, field)
#define OPTIONS_SECRETS(request, field) \
	VALUE_ANY, NULL, options_store_secret, offsetof(request, field)
#define OPTIONS_OUTPUT(words) \
	VALUE_WORDS, words, options_store_word, offsetof(struct request, output)

/* The last rows of every table, and those before them in the tables of commands that
 * have messages. */
#define OPTIONS_MESSAGES \
	{"Messages", "quiet", NULL, 'q', NULL, "hide notes", OPTIONS_FLAG(struct request, report.quiet)}, \
	{NULL, "verbose", NULL, 'v', NULL, "report progress", OPTIONS_FLAG(struct request, report.verbose)}, \
	{NULL, "strict", NULL, 0, NULL, "treat warnings as errors", OPTIONS_FLAG(struct request, report.strict)}, \
	{NULL, "ignore", NULL, 0, "ID[,ID]", "hide these warnings and notes; repeatable", VALUE_ANY, NULL, ignore_set}
#define OPTIONS_END \
	{NULL, "help", NULL, 'h', NULL, "show this help", OPTIONS_FLAG(struct request, help)}, \
	{NULL, "version", NULL, 0, NULL, "show the version", OPTIONS_FLAG(struct request, version)}, \
	{0}
/* clang-format on */

/* Parses argv[1..] into `request`, whose first member is a struct request. Stops
 * with success at --help or --version. UNKNOWN_OPTION, OPTION_VALUE, and what the
 * setters refuse. Messages never repeat a value here: it may be a password. */
bool options_parse(const struct option_table *table, int argc, char **argv, void *request,
                   struct error *error);

/* Sets the field, which borrows the value; it is an error if it is set already. */
bool options_set_once(const char **field, const struct option_row *row, const char *value,
                      struct error *error);

/* An empty name of a file is an error: it is mostly a variable that is not set. */
bool options_check_file(const struct option_row *row, const char *value, struct error *error);

/* The row of an option by a name of its own or its alias, of `len` bytes, or by
 * its letter; NULL: none. */
const struct option_row *options_find(const struct option_table *table, const char *name,
                                      size_t len);
const struct option_row *options_find_letter(const struct option_table *table, char letter);

/* A whole number of up to 7 digits; -1: it is none. */
int options_number(const char *value);

/* The place of `word` among the blank-separated `words`, from 0; -1: none. */
int options_word_index(const char *words, const char *word);

#endif
