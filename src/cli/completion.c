#include "completion.h"

#include <string.h>

#include "commands.h"
#include "help.h"
#include "regcred/base/memory.h"

enum { SCRIPT_MAX = 1024 * 1024 };

/* --- shared pieces --------------------------------------------------------------- */

static bool is_complete(const struct command *command)
{
	return command->summary != NULL;
}

/* Names of all commands, with `between` between them. */
static void append_command_names(struct buf *out, const char *between)
{
	for (const struct command *command = commands; command->name; command++)
		if (is_complete(command))
			buf_append_format(out, "%s%s", command == commands ? "" : between,
			                  command->name);
}

/* Text inside single quotes: what `special` lists gets a backslash, a quote
 * becomes `quote`. */
static void append_quoted(struct buf *out, const char *text, const char *special, const char *quote)
{
	for (; *text; text++) {
		if (*text == '\'') {
			buf_append_string(out, quote);
			continue;
		}
		if (strchr(special, *text))
			buf_append_char(out, '\\');
		buf_append_char(out, *text);
	}
}

/* --- bash ------------------------------------------------------------------------- */

static const char bash_opening[] =
    "# bash completion for regcred-gen\n"
    "_regcred_gen()\n"
    "{\n"
    "    local IFS=$'\\n' command=generate\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    [ \"$prev\" = = ] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    [ \"$cur\" = = ] && cur=\n"
    "    COMPREPLY=()\n";

static const char bash_closing[] = "}\n"
                                   "complete -F _regcred_gen regcred-gen kubectl-regcred\n";

static void append_bash_names(struct buf *out, const char *command, const struct option_row *row)
{
	buf_append_format(out, "    %s:--%s", command, row->name);
	if (row->alias)
		buf_append_format(out, "|%s:--%s", command, row->alias);
	if (row->letter)
		buf_append_format(out, "|%s:-%c", command, row->letter);
	buf_append_string(out, ") ");
}

/* What follows an option that takes a value. */
static void append_bash_value(struct buf *out, const char *command, const struct option_row *row)
{
	if (!row->help || !row->argument)
		return;
	append_bash_names(out, command, row);
	if (row->value == VALUE_FILE)
		buf_append_string(out,
		                  "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); ");
	else if (row->value == VALUE_VARIABLE)
		buf_append_string(out, "COMPREPLY=($(compgen -e -- \"$cur\")); ");
	else if (row->value == VALUE_WORDS)
		buf_append_format(out, "COMPREPLY=($(IFS=' ' compgen -W '%s' -- \"$cur\")); ",
		                  row->words);
	buf_append_string(out, "return ;;\n");
}

static void append_bash_options(struct buf *out, const struct command *command)
{
	buf_append_format(out, "    %s:-*) COMPREPLY=($(IFS=' ' compgen -W '", command->name);
	for (const struct option_row *row = command->options->rows; row->name; row++) {
		if (!row->help)
			continue;
		buf_append_format(out, "--%s ", row->name);
		if (row->alias)
			buf_append_format(out, "--%s ", row->alias);
	}
	buf_append_string(out, "' -- \"$cur\")) ;;\n");
}

static void render_bash(struct buf *out)
{
	buf_append_string(out, bash_opening);
	buf_append_string(out, "    case ${COMP_WORDS[1]} in\n    ");
	append_command_names(out, "|");
	buf_append_string(out,
	                  ") [ \"$COMP_CWORD\" -gt 1 ] && command=${COMP_WORDS[1]} ;;\n    esac\n"
	                  "    case $command:$prev in\n");
	for (const struct command *command = commands; command->name; command++)
		for (const struct option_row *row = is_complete(command) ? command->options->rows
		                                                         : NULL;
		     row && row->name; row++)
			append_bash_value(out, command->name, row);
	buf_append_string(out, "    esac\n    case $command:$cur in\n");
	for (const struct command *command = commands; command->name; command++)
		if (is_complete(command))
			append_bash_options(out, command);
	for (const struct command *command = commands; command->name; command++)
		if (command->words)
			buf_append_format(
			    out,
			    "    %s:*) COMPREPLY=($(IFS=' ' compgen -W '%s' -- \"$cur\")) ;;\n",
			    command->name, command->words);
	buf_append_string(out, "    generate:*) [ \"$COMP_CWORD\" -eq 1 ] && "
	                       "COMPREPLY=($(IFS=' ' compgen -W '");
	append_command_names(out, " ");
	buf_append_string(out, "' -- \"$cur\")) ;;\n    esac\n");
	buf_append_string(out, bash_closing);
}

/* --- zsh -------------------------------------------------------------------------- */

static void append_zsh_text(struct buf *out, const char *text)
{
	append_quoted(out, text, "[]:\\", "'\\''");
}

/* One spelling of an option: '*--name=[help]:ARGUMENT:action'. */
static void append_zsh_spelling(struct buf *out, const char *spelling, const char *joint,
                                const struct option_row *row)
{
	buf_append_format(out, "        '*%s%s[", spelling, row->argument ? joint : "");
	append_zsh_text(out, row->help);
	buf_append_char(out, ']');
	if (row->argument) {
		buf_append_char(out, ':');
		append_zsh_text(out, row->argument);
		buf_append_char(out, ':');
		if (row->value == VALUE_FILE)
			buf_append_string(out, "_files");
		else if (row->value == VALUE_VARIABLE)
			buf_append_string(out, "_parameters -g \"*export*\"");
		else if (row->value == VALUE_WORDS)
			buf_append_format(out, "(%s)", row->words);
	}
	buf_append_string(out, "' \\\n");
}

static void append_zsh_row(struct buf *out, const struct option_row *row)
{
	const char *const names[] = {row->name, row->alias};
	char letter[] = {'-', row->letter, '\0'};

	if (!row->help)
		return;
	if (row->letter)
		append_zsh_spelling(out, letter, "+", row);
	for (size_t i = 0; i < 2; i++) {
		char spelling[64] = "--";

		if (!names[i])
			continue;
		strncat(spelling, names[i], sizeof spelling - sizeof "--");
		append_zsh_spelling(out, spelling, "=", row);
	}
}

static void render_zsh(struct buf *out)
{
	buf_append_string(out, "#compdef regcred-gen kubectl-regcred\n"
	                       "compdef _regcred_gen regcred-gen kubectl-regcred\n"
	                       "# zsh completion for regcred-gen\n"
	                       "_regcred_gen() {\n"
	                       "    local command=generate\n"
	                       "    local -a commands\n"
	                       "    commands=(\n");
	for (const struct command *command = commands; command->name; command++)
		if (is_complete(command)) {
			buf_append_format(out, "        '%s:", command->name);
			append_zsh_text(out, command->summary);
			buf_append_string(out, "'\n");
		}
	buf_append_string(out, "    )\n    if (( CURRENT > 2 )) && [[ $words[2] == (");
	append_command_names(out, "|");
	buf_append_string(out, ") ]]; then\n"
	                       "        command=$words[2]\n"
	                       "        shift words\n"
	                       "        (( CURRENT-- ))\n"
	                       "    elif (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
	                       "        _describe command commands\n"
	                       "        return\n"
	                       "    fi\n"
	                       "    case $command in\n");
	for (const struct command *command = commands; command->name; command++) {
		if (!is_complete(command))
			continue;
		buf_append_format(out, "    (%s) _arguments -s -S : \\\n", command->name);
		for (const struct option_row *row = command->options->rows; row->name; row++)
			append_zsh_row(out, row);
		if (command->words)
			buf_append_format(out, "        '1:argument:(%s)' ;;\n", command->words);
		else
			buf_append_string(out, "        '1:name:_nothing' ;;\n");
	}
	buf_append_string(out, "    esac\n"
	                       "}\n"
	                       "[ \"$funcstack[1]\" = _regcred-gen ] && _regcred_gen \"$@\"\n"
	                       "true\n");
}

/* --- fish ------------------------------------------------------------------------- */

static void append_fish_text(struct buf *out, const char *text)
{
	buf_append_string(out, " -d '");
	append_quoted(out, text, "\\", "\\'");
	buf_append_string(out, "'\n");
}

static void append_fish_row(struct buf *out, const char *command, const struct option_row *row)
{
	if (!row->help)
		return;
	buf_append_format(out, "complete -c regcred-gen -n '__regcred_gen_is %s' -l %s", command,
	                  row->name);
	if (row->alias)
		buf_append_format(out, " -l %s", row->alias);
	if (row->letter)
		buf_append_format(out, " -s %c", row->letter);
	if (row->value == VALUE_FILE)
		buf_append_string(out, " -r -F");
	else if (row->value == VALUE_VARIABLE)
		buf_append_string(out, " -x -a '(set -nx)'");
	else if (row->value == VALUE_WORDS)
		buf_append_format(out, " -x -a '%s'", row->words);
	else if (row->argument)
		buf_append_string(out, " -x");
	append_fish_text(out, row->help);
}

static void render_fish(struct buf *out)
{
	buf_append_string(out, "# fish completion for regcred-gen\n"
	                       "function __regcred_gen_is\n"
	                       "    set -l tokens (commandline -opc)\n"
	                       "    set -l command generate\n"
	                       "    if set -q tokens[2]; and contains -- $tokens[2] ");
	append_command_names(out, " ");
	buf_append_string(out, "\n"
	                       "        set command $tokens[2]\n"
	                       "    end\n"
	                       "    test $command = $argv[1]\n"
	                       "end\n"
	                       "complete -c kubectl-regcred -w regcred-gen\n"
	                       "complete -c regcred-gen -f\n");
	for (const struct command *command = commands; command->name; command++) {
		if (!is_complete(command))
			continue;
		buf_append_format(
		    out, "complete -c regcred-gen -n 'test (count (commandline -opc)) -eq 1' -a %s",
		    command->name);
		append_fish_text(out, command->summary);
		if (command->words)
			buf_append_format(
			    out, "complete -c regcred-gen -n '__regcred_gen_is %s' -a '%s'\n",
			    command->name, command->words);
		for (const struct option_row *row = command->options->rows; row->name; row++)
			append_fish_row(out, command->name, row);
	}
}

/* --- kubectl ---------------------------------------------------------------------- */

/* cobra's ShellCompDirective, completions.go. */
enum directive { DIRECTIVE_FILES = 0, DIRECTIVE_NO_FILES = 4 };

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void append_candidate(struct buf *out, const char *dashes, const char *candidate,
                             const char *summary)
{
	buf_append_format(out, "%s%s%s%s\n", dashes, candidate, summary ? "\t" : "",
	                  summary ? summary : "");
}

static void append_words(struct buf *out, const char *words, const char *begun)
{
	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (begins(at, begun))
			buf_append_format(out, "%.*s\n", (int)len, at);
		at += len;
	}
}

static void append_options(struct buf *out, const struct command *command, const char *begun)
{
	begun += strspn(begun, "-");
	for (const struct option_row *row = command->options->rows; row->name; row++) {
		if (row->help && begins(row->name, begun))
			append_candidate(out, "--", row->name, row->help);
		if (row->help && row->alias && begins(row->alias, begun))
			append_candidate(out, "--", row->alias, row->help);
	}
}

/* The row of a word that is an option, or begins as one that is joined to its value. */
static const struct option_row *row_of(const struct command *command, const char *word)
{
	if (begins(word, "--"))
		return options_find(command->options, word + 2, strcspn(word + 2, "="));
	return *word == '-' && word[1] && !word[2] ? options_find_letter(command->options, word[1])
	                                           : NULL;
}

/* The values of an option that takes one. */
static enum directive append_values(struct buf *out, const struct option_row *row,
                                    const char *begun)
{
	if (row->value == VALUE_WORDS)
		append_words(out, row->words, begun);
	return row->value == VALUE_FILE ? DIRECTIVE_FILES : DIRECTIVE_NO_FILES;
}

static enum directive append_answer(struct buf *out, int count, char **words)
{
	const struct command *command = count > 1 ? commands_find(words[0]) : NULL;
	const char *begun = count > 0 ? words[count - 1] : "";
	const struct option_row *row;

	if (!command || !is_complete(command))
		command = commands;
	row =
	    count > 1 && !strchr(words[count - 2], '=') ? row_of(command, words[count - 2]) : NULL;
	if (row && row->argument)
		return append_values(out, row, begun);
	row = begins(begun, "--") && strchr(begun, '=') ? row_of(command, begun) : NULL;
	if (row && row->argument)
		return append_values(out, row, strchr(begun, '=') + 1);
	if (*begun == '-')
		append_options(out, command, begun);
	else if (command->words)
		append_words(out, command->words, begun);
	else if (count <= 1)
		for (command = commands; command->name; command++)
			if (is_complete(command) && begins(command->name, begun))
				append_candidate(out, "", command->name, command->summary);
	return DIRECTIVE_NO_FILES;
}

enum status completion_answer_kubectl(int argc, char **argv)
{
	CLEANUP(buf_release) struct buf answer = BUF_INIT(SCRIPT_MAX);
	enum directive directive = append_answer(&answer, argc - 1, argv + 1);

	buf_append_format(&answer, ":%d\n", (int)directive);
	return help_print_text(&answer);
}

/* --- the command ------------------------------------------------------------------ */

typedef void shell_renderer(struct buf *out);

/* In the order of COMPLETION_SHELLS. */
static shell_renderer *const renderers[] = {render_bash, render_zsh, render_fish};

struct completion_request {
	struct request common;
	shell_renderer *render;
};

static bool set_shell(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct completion_request *request = context;
	int index = options_word_index(COMPLETION_SHELLS, value);

	(void)row;
	if (request->render)
		return error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL,
		                 "completion takes one shell");
	if (index >= 0) {
		request->render = renderers[index];
		return true;
	}
	return error_set(error, DIAGNOSTIC_OPTION_VALUE, "it is one of: " COMPLETION_SHELLS,
	                 "shell \"%.80s\" is not known", value);
}

static const struct option_row rows[] = {OPTIONS_END};

const struct option_table completion_options = {rows, set_shell, "completion"};

enum status completion_run(int argc, char **argv)
{
	CLEANUP(buf_release) struct buf script = BUF_INIT(SCRIPT_MAX);
	struct completion_request request = {0};
	enum status status;
	struct error error;

	if (!commands_begin("completion", argc, argv, &request, &status))
		return status;
	if (request.render) {
		request.render(&script);
		return help_print_text(&script);
	}
	error_set(&error, DIAGNOSTIC_OPTION_VALUE, NULL, "completion needs a shell");
	error_hint(&error, "it is one of: " COMPLETION_SHELLS);
	report_error(&error);
	return error.status;
}
