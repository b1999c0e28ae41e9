#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"

enum { LONG_BASE = 256 }; /* long options have numbers above all letters */

/* --- common rows ---------------------------------------------------------- */

enum { SECONDS_MAX = 24 * 60 * 60 };

bool options_store_flag(void *request, const struct option_row *row, char *value,
                        struct error *error)
{
	(void)value, (void)error;
	return *(bool *)((char *)request + row->at) = true;
}

bool options_store_text(void *request, const struct option_row *row, char *value,
                        struct error *error)
{
	return options_set_once((const char **)((char *)request + row->at), row, value, error);
}

bool options_check_file(const struct option_row *row, const char *value, struct error *error)
{
	return *value || error_set(error, DIAGNOSTIC_OPTION_VALUE, "is the variable for it set?",
	                           "option --%s names no file", row->name);
}

bool options_store_file(void *request, const struct option_row *row, char *value,
                        struct error *error)
{
	return options_check_file(row, value, error) &&
	       options_store_text(request, row, value, error);
}

/* Always false: the option is given twice. */
static bool refuse_second(const struct option_row *row, struct error *error)
{
	return error_set(error, DIAGNOSTIC_OPTION_REPEATED, "leave one of the two out",
	                 "option --%s is given twice", row->name);
}

int options_number(const char *value)
{
	bool number = *value && strspn(value, "0123456789") == strlen(value) && strlen(value) < 8;

	return number ? atoi(value) : -1;
}

bool options_store_seconds(void *request, const struct option_row *row, char *value,
                           struct error *error)
{
	unsigned *field = (unsigned *)((char *)request + row->at);
	int seconds = options_number(value);

	if (*field)
		return refuse_second(row, error);
	*field = (unsigned)seconds;
	if (seconds >= 1 && seconds <= SECONDS_MAX)
		return true;
	error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL,
	          "option --%s takes a whole number of seconds, from 1 to %d", row->name,
	          SECONDS_MAX);
	return error_hint(error, "such as --%s 60", row->name);
}

bool options_store_in_list(void *request, const struct option_row *row, char *value,
                           struct error *error)
{
	(void)error;
	string_list_add((struct string_list *)((char *)request + row->at), value);
	return true;
}

bool options_store_namespace(void *request, const struct option_row *row, char *value,
                             struct error *error)
{
	return options_store_text(request, row, value, error) &&
	       k8s_name_check(K8S_NAME_NAMESPACE, value, strlen(value), error);
}

/* [NS/]SECRET */
bool options_store_secret(void *request, const struct option_row *row, char *value,
                          struct error *error)
{
	const char *slash = strchr(value, '/'), *name = slash ? slash + 1 : value;

	if ((slash && !k8s_name_check(K8S_NAME_NAMESPACE, value, (size_t)(slash - value), error)) ||
	    !k8s_name_check(K8S_NAME_SECRET, name, strlen(name), error))
		return error_prefix(error, "option --%s", row->name);
	return options_store_in_list(request, row, value, error);
}

bool options_store_word(void *request, const struct option_row *row, char *value,
                        struct error *error)
{
	struct option_word *word = (struct option_word *)((char *)request + row->at);

	if (word->given)
		return refuse_second(row, error);
	word->index = options_word_index(row->words, value);
	if (word->index >= 0)
		return word->given = true;
	error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL, "option --%s has an unknown value",
	          row->name);
	return error_hint(error, "it is one of: %s", row->words);
}

bool options_set_once(const char **field, const struct option_row *row, const char *value,
                      struct error *error)
{
	if (*field)
		return refuse_second(row, error);
	*field = value;
	return true;
}

/* --- looking up ------------------------------------------------------------ */

static bool name_is(const char *name, const char *text, size_t len)
{
	return name && strlen(name) == len && strncmp(name, text, len) == 0;
}

const struct option_row *options_find(const struct option_table *table, const char *name,
                                      size_t len)
{
	const struct option_row *row;

	for (row = table->rows; row->name; row++)
		if (name_is(row->name, name, len) || name_is(row->alias, name, len))
			return row;
	return NULL;
}

const struct option_row *options_find_letter(const struct option_table *table, char letter)
{
	const struct option_row *row;

	for (row = table->rows; row->name; row++)
		if (row->letter == letter)
			return row;
	return NULL;
}

int options_word_index(const char *words, const char *word)
{
	size_t len = strlen(word);
	int index = 0;

	for (const char *at = words; *at; at += strspn(at, " "), index++) {
		size_t size = strcspn(at, " ");

		if (size == len && strncmp(at, word, len) == 0)
			return index;
		at += size;
	}
	return -1;
}

/* --- parsing ---------------------------------------------------------------- */

/* What getopt_long needs, made from the rows. */
struct getopt_tables {
	struct option longs[2 * OPTIONS_MAX + 1];
	char letters[3 * OPTIONS_MAX + 3];
};

static void add_long(struct getopt_tables *made, size_t *count, const char *name, int has_argument,
                     ptrdiff_t index)
{
	if (name)
		made->longs[(*count)++] =
		    (struct option){name, has_argument, NULL, LONG_BASE + (int)index};
}

/* The leading "-" returns arguments in their order, ":" reports a missing value as such. */
static void make_getopt_tables(const struct option_table *table, struct getopt_tables *made)
{
	const struct option_row *row;
	size_t count = 0;
	char *letter = made->letters;

	*letter++ = '-';
	*letter++ = ':';
	for (row = table->rows; row->name; row++) {
		int has_argument = row->value == VALUE_NONE       ? no_argument
		                   : row->value == VALUE_OPTIONAL ? optional_argument
		                                                  : required_argument;

		add_long(made, &count, row->name, has_argument, row - table->rows);
		add_long(made, &count, row->alias, has_argument, row - table->rows);
		if (row->letter) {
			*letter++ = row->letter;
			if (has_argument != no_argument)
				*letter++ = ':';
		}
	}
	*letter = '\0';
	made->longs[count] = (struct option){0};
}

/* "--passwordsecret". What follows the name may be a password: it is not repeated. */
static bool fail_joined(const struct option_row *row, struct error *error)
{
	error_set(error, DIAGNOSTIC_UNKNOWN_OPTION, NULL, "other characters follow option --%s",
	          row->name);
	return error_hint(error, "separate a value from its option with = or a blank: --%s=VALUE",
	                  row->name);
}

/* Each command has its own options, and its own help. */
static bool hint_help(const struct option_table *table, const char *does, struct error *error)
{
	return error_hint(error, "%s %s%s--help %s", help_program(),
	                  table->command ? table->command : "", table->command ? " " : "", does);
}

/* What an unknown name may have been meant for. */
struct meant {
	struct guess guess;
	const struct option_row *joined; /* whose value is joined to it; NULL: none */
	struct buf *begun;               /* those that begin so: perhaps an abbreviation */
};

static void look_around(const struct option_table *table, const char *given, struct meant *meant)
{
	size_t size = strlen(given), count = 0;

	meant->guess = guess_begin(given);
	for (const struct option_row *row = table->rows; row->name; row++) {
		size_t len = strlen(row->name);

		if (!meant->joined && row->argument && strncmp(given, row->name, len) == 0 &&
		    given[len] != '-')
			meant->joined = row;
		if (!row->help)
			continue;
		guess_try(&meant->guess, row->name);
		if (row->alias)
			guess_try(&meant->guess, row->alias);
		if (size > 1 && strncmp(row->name, given, size) == 0 && count++ < 6)
			buf_append_format(meant->begun, "%s--%s", count > 1 ? ", " : "", row->name);
	}
}

static bool has_option(const struct command *command, const char *name, char letter)
{
	const struct option_row *row = name ? options_find(command->options, name, strlen(name))
	                                    : options_find_letter(command->options, letter);

	return row && row->help;
}

/* Names the commands that have the option, by its name or else its letter; or the help. */
static bool hint_elsewhere(const struct option_table *table, const char *name, char letter,
                           struct error *error)
{
	CLEANUP(buf_release) struct buf list = BUF_INIT(256);

	for (const struct command *command = commands; command->name; command++)
		if (command->options && has_option(command, name, letter))
			buf_append_format(&list, "%s%s", list.len ? ", " : "", command->name);
	if (!list.len)
		return hint_help(table, "lists the options", error);
	return error_hint(error, "it is an option of %s; the command is the first argument",
	                  list.data);
}

/* "Did you mean": the nearest name, else those that it begins, else the command that has it. */
static bool unknown_long(const struct option_table *table, const char *name, size_t len,
                         struct error *error)
{
	CLEANUP(buf_release) struct buf begun = BUF_INIT(256);
	struct meant meant = {.begun = &begun};
	char given[32];

	snprintf(given, sizeof given, "%.*s", (int)len, name);
	error_set(error, DIAGNOSTIC_UNKNOWN_OPTION, NULL, "there is no option --%s", given);
	look_around(table, given, &meant);
	if (meant.guess.word && (meant.guess.distance == 1 || (!meant.joined && !begun.len)))
		return error_hint(error, "did you mean --%s?", meant.guess.word);
	if (meant.joined)
		return fail_joined(meant.joined, error);
	if (begun.len)
		return error_hint(error, "options are written in full: %s", begun.data);
	return hint_elsewhere(table, given, 0, error);
}

/* getopt_long takes any unambiguous beginning of a name; --password must never
 * mean --password-stdin, so what it is about to read is looked up first. */
static bool check_next(const struct option_table *table, int argc, char **argv, struct error *error)
{
	const char *next = optind < argc ? argv[optind] : NULL;
	size_t len;

	if (!next || strncmp(next, "--", 2) != 0 || !next[2])
		return true;
	next += 2;
	len = strcspn(next, "=");
	return options_find(table, next, len) || unknown_long(table, next, len, error);
}

/* Messages use the long name of an option. */
static bool fail_value(const struct option_table *table, const struct option_row *row,
                       const char *what, struct error *error)
{
	error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL, "option --%s %s", row->name, what);
	if (row->words && row->value == VALUE_WORDS)
		return error_hint(error, "it is one of: %s", row->words);
	return hint_help(table, "shows how it is written", error);
}

/* The row that getopt_long answers with. */
static const struct option_row *row_of(const struct option_table *table, int number)
{
	return number >= LONG_BASE ? table->rows + (number - LONG_BASE)
	                           : options_find_letter(table, (char)number);
}

/* getopt found no option of that letter, or no value, or one too many; `last` is
 * the option before, which a "=" in a cluster of letters belongs to. */
static bool fail_option(const struct option_table *table, int answer, const struct option_row *last,
                        struct error *error)
{
	const struct option_row *row = row_of(table, optopt);

	if (row && answer == ':')
		return fail_value(table, row, "needs a value", error);
	if (row)
		return fail_value(table, row, "takes no value", error);
	if (optopt == '=' && last)
		return fail_value(table, last, "takes no value", error);
	error_set(error, DIAGNOSTIC_UNKNOWN_OPTION, NULL, "there is no option -%c",
	          optopt > ' ' && optopt < 127 ? optopt : '?');
	return hint_elsewhere(table, NULL, (char)optopt, error);
}

/* Whether a word is exactly an option: "--name", "--name=...", "-n". */
static bool is_option(const struct option_table *table, const char *word)
{
	if (word[0] != '-' || !word[1])
		return false;
	if (word[1] == '-')
		return word[2] && options_find(table, word + 2, strcspn(word + 2, "="));
	return !word[2] && options_find_letter(table, word[1]);
}

/* "-password X" would be the password "assword". */
static bool fail_single_dash(const char *name, struct error *error)
{
	int len = (int)strcspn(name, "=");

	error_set(error, DIAGNOSTIC_UNKNOWN_OPTION, NULL, "there is no option -%.*s", len, name);
	return error_hint(error, "did you mean --%.*s?", len, name);
}

/* Strips the "=" of "-o=yaml", and refuses an option where a value should be. */
static bool take_value(const struct option_table *table, const struct option_row *row, char **argv,
                       char **value, struct error *error)
{
	const char *element = argv[optind - 1];
	bool apart = *value == element;

	if (!*value)
		return true;
	if (!apart && element[1] != '-') {
		if (options_find(table, element + 1, strcspn(element + 1, "=")))
			return fail_single_dash(element + 1, error);
		*value += **value == '=';
	}
	if (!apart || !is_option(table, element))
		return true;
	fail_value(table, row, "needs a value, but another option follows", error);
	return error_hint(error,
	                  "a value that looks like an option needs a =: --%s=%s; one "
	                  "with a $ needs single quotes, such as '$oauthtoken'",
	                  row->name, row->argument);
}

static bool take_argument(const struct option_table *table, void *request, char *argument,
                          struct error *error)
{
	if (table->argument)
		return table->argument(request, NULL, argument, error);
	return error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL, "this command takes no arguments");
}

/* "--immutable false": a flag takes no value, and the word would be an argument. */
static bool refuse_flag_value(const struct option_row *flag, const char *word, struct error *error)
{
	error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL, "option --%s takes no value", flag->name);
	if (strcmp(word, "true") == 0)
		return error_hint(error, "leave true out");
	return error_hint(error, "leave --%s out", flag->name);
}

struct parser {
	const struct option_table *table;
	int argc;
	char **argv;
	void *request;
	struct getopt_tables made;
	const struct option_row *last; /* the option before; NULL: none */
	bool ended;                    /* only arguments follow */
};

static bool follows_flag(const struct parser *parser, const char *argument)
{
	return parser->last && !parser->last->argument && *parser->argv[optind - 2] == '-' &&
	       options_word_index("true false", argument) >= 0;
}

/* An option or an argument. */
static bool take_next(struct parser *parser, struct error *error)
{
	const struct option_table *table = parser->table;
	char *value;
	int answer;

	if (!check_next(table, parser->argc, parser->argv, error))
		return false;
	answer =
	    getopt_long(parser->argc, parser->argv, parser->made.letters, parser->made.longs, NULL);
	value = optarg;
	parser->ended = answer < 0;
	if (parser->ended)
		return true;
	if (answer == 1 && follows_flag(parser, value))
		return refuse_flag_value(parser->last, value, error);
	if (answer == 1)
		return take_argument(table, parser->request, value, error);
	if (answer == '?' || answer == ':')
		return fail_option(table, answer, parser->last, error);
	parser->last = row_of(table, answer);
	return take_value(table, parser->last, parser->argv, &value, error) &&
	       parser->last->set(parser->request, parser->last, value, error);
}

bool options_parse(const struct option_table *table, int argc, char **argv, void *request,
                   struct error *error)
{
	const struct request *common = request;
	struct parser parser = {.table = table, .argc = argc, .argv = argv, .request = request};

	make_getopt_tables(table, &parser.made);
	opterr = 0;
	while (!common->help && !common->version && !parser.ended)
		if (!take_next(&parser, error))
			return false;
	while (!common->help && !common->version && optind < argc)
		if (!take_argument(table, request, argv[optind++], error))
			return false;
	return true;
}
