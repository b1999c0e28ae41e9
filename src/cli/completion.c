/* What the shells complete: three short scripts, which ask the program.
 *
 * A script, or kubectl, gives the words of the line so far, the last one unfinished, to
 * `regcred-gen __complete WORD...`; kubectl does so by running the program under the name
 * kubectl_complete-regcred (kubectl 1.26 and later, pkg/cmd/plugin_completion.go). The answer
 * is cobra's (completions.go): a candidate a line, with a tab and its description, then ":"
 * and a number, 0 if files are candidates too, else 4. The candidates of a value that is
 * joined to its option ("--output=j") are values alone. */

#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "regcred/base/memory.h"

enum { ANSWER_MAX = 4 * 1024 * 1024 };

/* --- the scripts ------------------------------------------------------------------ */

/* Bash splits words at "=" and ":", which are joined again to ask, and replaces only
 * what follows the last of them. */
static const char bash_script[] =
    "# bash completion for regcred-gen\n"
    "_regcred_gen()\n"
    "{\n"
    "    local i word=${COMP_WORDS[1]-} cur=${COMP_WORDS[COMP_CWORD]} words=() answer line\n"
    "    for ((i = 2; i <= COMP_CWORD; i++)); do\n"
    "        if [[ ${COMP_WORDS[i]} == [=:]* || $word == *[=:] ]]; then\n"
    "            word+=${COMP_WORDS[i]}\n"
    "        else\n"
    "            words+=(\"$word\")\n"
    "            word=${COMP_WORDS[i]}\n"
    "        fi\n"
    "    done\n"
    "    [[ $cur != [=:] ]] || cur=\n"
    "    local value=$word\n"
    "    [[ $word != -*=* ]] || value=${word#*=}\n"
    "    local option=${word%\"$value\"} kept=${word%\"$cur\"}\n"
    "    answer=$(command \"${COMP_WORDS[0]/#\\~/$HOME}\" __complete ${words+\"${words[@]}\"} "
    "\"$word\" 2>/dev/null)\n"
    "    if [[ $answer == *:0 ]]; then\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        answer=$(compgen -f -- \"$value\")\n"
    "    fi\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        line=$option${line%%$'\\t'*}\n"
    "        [[ $line == \"$option\" || $line == \"$option\":[0-9] ]] || "
    "COMPREPLY+=(\"${line#\"$kept\"}\")\n"
    "    done <<<\"$answer\"\n"
    "}\n"
    "complete -F _regcred_gen regcred-gen kubectl-regcred\n";

/* Found on fpath as _regcred-gen it is run, else it is sourced. */
static const char zsh_script[] =
    "#compdef regcred-gen kubectl-regcred\n"
    "compdef _regcred_gen regcred-gen kubectl-regcred\n"
    "# zsh completion for regcred-gen\n"
    "_regcred_gen() {\n"
    "    local line\n"
    "    local -a answer candidates\n"
    "    answer=(${(f)\"$(command ${(Q)~words[1]} __complete "
    "\"${(@Q)words[2,CURRENT-1]}\" \"$PREFIX\" 2>/dev/null)\"})\n"
    "    [[ $PREFIX != -*=* ]] || compset -P 1 '*='\n"
    "    if [[ $answer[-1] == :0 ]]; then\n"
    "        _files\n"
    "        return\n"
    "    fi\n"
    "    for line in ${answer[1,-2]}; do\n"
    "        candidates+=(\"${${line%%$'\\t'*}//:/\\\\:}${${(M)line%%$'\\t'*}/$'\\t'/:}\")\n"
    "    done\n"
    "    _describe -V regcred-gen candidates\n"
    "}\n"
    "[ \"$funcstack[1]\" = _regcred-gen ] && _regcred_gen \"$@\"\n"
    "true\n";

static const char fish_script[] =
    "# fish completion for regcred-gen\n"
    "function __regcred_gen_complete\n"
    "    set -l words (commandline -opc)\n"
    "    set -l word (commandline -ct)\n"
    "    set -l answer (command $words[1] __complete $words[2..-1] \"$word\" 2>/dev/null)\n"
    "    set -l option (string match -r -- '^-[^=]*=' \"$word\")\n"
    "    if test \"$answer[-1]\" = :0\n"
    "        set answer (__fish_complete_path (string replace -- \"$option\" '' \"$word\")) :0\n"
    "    end\n"
    "    for line in $answer[1..-2]\n"
    "        echo \"$option$line\"\n"
    "    end\n"
    "end\n"
    "complete -c kubectl-regcred -w regcred-gen\n"
    "complete -c regcred-gen -k -f -a '(__regcred_gen_complete)'\n";

/* In the order of COMPLETION_SHELLS. */
static const char *const scripts[] = {bash_script, zsh_script, fish_script};

/* --- the answer ------------------------------------------------------------------- */

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

/* Names alone: what is in the variables may be secret. */
static void append_variables(struct buf *out, const char *begun)
{
	for (char *const *variable = environ; *variable; variable++)
		if (begins(*variable, begun))
			buf_append_format(out, "%.*s\n", (int)strcspn(*variable, "="), *variable);
}

static void append_commands(struct buf *out, const char *begun)
{
	for (const struct command *command = commands; command->name; command++)
		if (command->summary && begins(command->name, begun))
			append_candidate(out, "", command->name, command->summary);
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

static enum directive append_values(struct buf *out, enum option_value value, const char *words,
                                    const char *begun)
{
	if (value == VALUE_VARIABLE)
		append_variables(out, begun);
	if (value == VALUE_COMMAND)
		append_commands(out, begun);
	if (words && (value == VALUE_WORDS || value == VALUE_COMMAND))
		append_words(out, words, begun);
	return value == VALUE_FILE ? DIRECTIVE_FILES : DIRECTIVE_NO_FILES;
}

/* The row of the option that a word is, or begins with before a "="; NULL: none that takes
 * a value. */
static const struct option_row *row_of(const struct command *command, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct option_row *row = NULL;

	if (begins(word, "--") && len > 2)
		row = options_find(command->options, word + 2, len - 2);
	else if (*word == '-' && len == 2)
		row = options_find_letter(command->options, word[1]);
	return row && row->argument ? row : NULL;
}

/* Whether options ended before the word that is begun. */
static bool options_ended(int count, char **words)
{
	for (int i = 0; i < count - 1; i++)
		if (strcmp(words[i], "--") == 0)
			return true;
	return false;
}

static enum directive append_answer(struct buf *out, int count, char **words)
{
	const struct command *command = count > 1 ? commands_find(words[0]) : NULL;
	const char *begun = count > 0 ? words[count - 1] : "";
	const char *before = count > 1 ? words[count - 2] : "";
	const struct option_row *row;

	if (!command || !command->summary)
		command = commands;
	if (options_ended(count, words))
		return append_values(out, command->argument, command->words, begun);
	row = strchr(before, '=') ? NULL : row_of(command, before);
	if (row)
		return append_values(out, row->value, row->words, begun);
	row = strchr(begun, '=') ? row_of(command, begun) : NULL;
	if (row)
		return append_values(out, row->value, row->words, strchr(begun, '=') + 1);
	if (*begun == '-')
		append_options(out, command, begun);
	else if (count <= 1)
		append_commands(out, begun);
	else if (count == 2 || !command->words) /* a word is the only one of its kind */
		return append_values(out, command->argument, command->words, begun);
	return DIRECTIVE_NO_FILES;
}

enum status completion_answer(int argc, char **argv)
{
	CLEANUP(buf_release) struct buf answer = BUF_INIT(ANSWER_MAX);
	enum directive directive = append_answer(&answer, argc - 1, argv + 1);

	buf_append_format(&answer, ":%d\n", (int)directive);
	return help_print_text(&answer);
}

/* --- the command ------------------------------------------------------------------ */

struct completion_request {
	struct request common;
	const char *script;
};

static bool set_shell(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct completion_request *request = context;
	int index = options_word_index(COMPLETION_SHELLS, value);

	(void)row;
	if (request->script)
		return error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL,
		                 "completion takes one shell");
	if (index < 0)
		return error_set(error, DIAGNOSTIC_OPTION_VALUE, "it is one of: " COMPLETION_SHELLS,
		                 "shell \"%.80s\" is not known", value);
	request->script = scripts[index];
	return true;
}

static const struct option_row rows[] = {OPTIONS_END};

const struct option_table completion_options = {rows, set_shell, "completion"};

enum status completion_run(int argc, char **argv)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(ANSWER_MAX);
	struct completion_request request = {0};
	enum status status;
	struct error error;

	if (!commands_begin("completion", argc, argv, &request, &status))
		return status;
	if (request.script) {
		buf_append_string(&text, request.script);
		return help_print_text(&text);
	}
	error_set(&error, DIAGNOSTIC_OPTION_VALUE, "it is one of: " COMPLETION_SHELLS,
	          "completion needs a shell");
	report_error(&error);
	return error.status;
}
