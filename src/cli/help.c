#include "help.h"

#include <string.h>

#include "../io/output.h"
#include "commands.h"
#include "regcred/base/memory.h"
#include "regcred/registry/provider.h"

enum { TEXT_MAX = 1024 * 1024, OPTION_COLUMN = 34 };

static const char *called_as = "regcred-gen";

void help_set_program(const char *argv0)
{
	if (strcmp(commands_called_as(argv0), "kubectl-regcred") == 0)
		called_as = "kubectl regcred";
}

const char *help_program(void)
{
	return called_as;
}

enum status help_print_text(struct buf *text)
{
	CLEANUP(output_release) struct output output = OUTPUT_INIT;
	struct error error;

	if (buf_check(text, "the text", &error) && output_open(&output, NULL, &error) &&
	    output_write(&output, text->data, text->len, &error) && output_commit(&output, &error))
		return STATUS_OK;
	report_error(&error);
	return error.status;
}

/* --- the pieces of a help text -------------------------------------------------- */

/* "  -r, --registry HOST[:PORT][/PATH]", then the text at its column. */
static void append_option(struct buf *text, const struct option_row *row)
{
	size_t start = text->len, width;

	if (row->letter)
		buf_append_format(text, "  -%c, --%s", row->letter, row->name);
	else
		buf_append_format(text, "      --%s", row->name);
	if (row->argument)
		buf_append_format(text, " %s", row->argument);
	width = text->len - start;
	if (width >= OPTION_COLUMN) {
		buf_append_char(text, '\n');
		width = 0;
	}
	buf_append_repeated(text, ' ', OPTION_COLUMN - width);
	buf_append_format(text, "%s\n", row->help);
	if (row->alias)
		buf_append_format(text, "      --%s%*s%s\n", row->alias,
		                  OPTION_COLUMN - 8 - (int)strlen(row->alias), "", "the same");
}

static void append_options(struct buf *text, const struct option_table *table)
{
	for (const struct option_row *row = table->rows; row->name; row++) {
		if (!row->help)
			continue;
		if (row->group)
			buf_append_format(text, "\n%s:\n", row->group);
		append_option(text, row);
	}
}

static void append_commands(struct buf *text)
{
	buf_append_string(text, "\nCommands:\n");
	for (const struct command *command = commands; command->name; command++)
		if (command->summary)
			buf_append_format(text, "  %-12s%s\n", command->name, command->summary);
}

static void append_opening(struct buf *text)
{
	buf_append_format(
	    text,
	    "Turn registry credentials into a Kubernetes image pull Secret. In ten seconds:\n"
	    "\n"
	    "  printf %%s \"$TOKEN\" | %s -r ghcr.io -u octocat --password-stdin | kubectl apply "
	    "-f -\n"
	    "\n",
	    called_as);
}

static void append_closing(struct buf *text)
{
	buf_append_format(
	    text,
	    "\nWith several registries, user name, email and password belong to the -r before "
	    "them:\n"
	    "\n"
	    "  %s team-pull -n dev -n prod -r ghcr.io -u a --password-file a.txt \\\n"
	    "      -r docker.io -u b --password-env HUB_TOKEN\n"
	    "\n"
	    "Exit status: 0 done, 1 the answer is no, 2 usage, 3 unusable input, 4 a file failed,\n"
	    "5 out of memory. The manual, regcred-gen(1), tells the rest.\n",
	    called_as);
}

/* How a command is called. */
static void append_usage(struct buf *text, const struct command *command)
{
	buf_append_format(text, "Usage: %s %s\n", called_as, command->synopsis);
	if (command != commands)
		return;
	buf_append_format(text, "       %s COMMAND [ARGUMENT]...\n", called_as);
	append_commands(text);
}

enum status help_show_usage(void)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	append_usage(&text, commands);
	buf_append_format(&text, "\n%s --help shows the options and an example.\n", called_as);
	report_text(&text);
	return STATUS_USAGE;
}

enum status help_print(const char *name)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	const struct command *command = commands_find(name);
	bool is_default = command == commands;

	if (is_default)
		append_opening(&text);
	append_usage(&text, command);
	if (!is_default)
		buf_append_format(&text, "\n%c%s.\n", command->summary[0] - 'a' + 'A',
		                  command->summary + 1);
	append_options(&text, command->options);
	if (is_default)
		append_closing(&text);
	return help_print_text(&text);
}

enum status help_print_version(void)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	buf_append_string(&text, "regcred-gen " REGCRED_VERSION "\n");
	return help_print_text(&text);
}

/* --- help registries ---------------------------------------------------------------- */

static void append_provider(struct buf *text, const struct provider *provider)
{
	buf_append_format(text, "\n%s (%s)\n", provider->name,
	                  *provider->hosts ? provider->hosts : "any host");
	buf_append_format(text, "  user name        %s\n", provider->username);
	buf_append_format(text, "  secret           %s\n", provider->secret);
	buf_append_format(text, "  life             %s\n", provider->life);
	buf_append_format(text, "  least privilege  %s\n", provider->least);
}

static enum status print_registries(void)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	const struct provider *provider;

	buf_append_string(
	    &text, "What registries are known to want. Whatever it is: a secret that can only "
	           "read,\nthat lives as short as you can renew it, and that is renewed before "
	           "it ends.\n");
	for (size_t i = 0; (provider = provider_at(i)); i++)
		append_provider(&text, provider);
	return help_print_text(&text);
}

/* --- the command ------------------------------------------------------------------ */

struct help_request {
	struct request common;
	const char *command;
	bool registries;
};

static bool set_command(void *context, const struct option_row *row, char *value,
                        struct error *error)
{
	struct help_request *request = context;
	const struct command *command = commands_find(value);
	const char *nearest = commands_nearest(value);

	(void)row;
	if (request->command || request->registries)
		return error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL, "help takes one COMMAND");
	request->registries = strcmp(value, "registries") == 0;
	if (request->registries)
		return true;
	if (command && command->summary) {
		request->command = command->name;
		return true;
	}
	error_set(error, DIAGNOSTIC_UNKNOWN_COMMAND, "regcred-gen help lists the commands",
	          "there is no command \"%.80s\"", value);
	return nearest ? error_hint(error, "did you mean %s?", nearest) : false;
}

static const struct option_row rows[] = {OPTIONS_END};

const struct option_table help_options = {rows, set_command, "help"};

enum status help_run(int argc, char **argv)
{
	struct help_request request = {0};
	enum status status;

	if (!commands_begin("help", argc, argv, &request, &status))
		return status;
	if (request.registries)
		return print_registries();
	return help_print(request.command ? request.command : commands->name);
}
