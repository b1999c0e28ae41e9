#include <string.h>

#include "../io/output.h"
#include "commands.h"
#include "regcred/base/memory.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/registry_trap.h"

enum { TEXT_MAX = 1024 * 1024, OPTION_COLUMN = 30, SCREEN = 80 };

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

/* Text in a column up to the edge of the screen, after what already takes `width`. */
static void append_text(struct buf *text, const char *words, size_t width, size_t column)
{
	if (width >= column) {
		buf_append_char(text, '\n');
		width = 0;
	}
	for (; *words; width = 0) {
		size_t len = strlen(words);

		if (len > SCREEN - column)
			for (len = SCREEN - column; len > 1 && words[len] != ' ';)
				len--;
		buf_append_repeated(text, ' ', column - width);
		buf_append_format(text, "%.*s\n", (int)len, words);
		words += len + (words[len] == ' ');
	}
}

/* "  -r, --registry HOST[:PORT][/PATH]", then the text at its column. */
static void append_option(struct buf *text, const struct option_row *row)
{
	const char letter[] = {'-', row->letter, ',', '\0'};
	size_t start = text->len;

	buf_append_format(text, "  %3s --%s%s%s", row->letter ? letter : "", row->name,
	                  row->argument ? " " : "", row->argument ? row->argument : "");
	append_text(text, row->help, text->len - start, OPTION_COLUMN);
	if (!row->alias)
		return;
	buf_append_format(text, "      --%s", row->alias);
	append_text(text, "the same", strlen("      --") + strlen(row->alias), OPTION_COLUMN);
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
	    "  printf %%s \"$TOKEN\" | %s -r ghcr.io -u octocat --password-stdin |\n"
	    "      kubectl apply --server-side -f -\n"
	    "\n",
	    called_as);
}

static void append_closing(struct buf *text)
{
	buf_append_format(
	    text,
	    "\nWith several registries, -u, -e and the password options belong to the -r before\n"
	    "them:\n"
	    "\n"
	    "  %s team-pull -n dev -n prod -r ghcr.io -u a --password-file a.txt \\\n"
	    "      -r docker.io -u b --password-env HUB_TOKEN\n"
	    "\n"
	    "Exit status: 0 done, 1 the answer is no, 2 usage error, 3 unusable input,\n"
	    "4 a file or program failed, 5 out of memory. The manual is regcred-gen(1).\n",
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

/* "  LABEL", then the words at their column. */
static void append_row(struct buf *text, const char *label, const char *words)
{
	enum { COLUMN = 19 };

	buf_append_format(text, "  %s", label);
	append_text(text, words, 2 + strlen(label), COLUMN);
}

static void append_provider(struct buf *text, const struct provider *provider)
{
	buf_append_format(text, "%s%s\n", text->len ? "\n" : "", provider->name);
	append_row(text, "hosts", *provider->hosts ? provider->hosts : "any host");
	append_row(text, "user name", provider->username);
	append_row(text, "secret", provider->secret);
	append_row(text, "life", provider->life);
	append_row(text, "least privilege", provider->least);
}

static enum status print_registries(void)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	const struct provider *provider;

	buf_append_string(&text, "What registries accept. In every case: use a secret that can "
	                         "only read, that\nexpires as soon as you can renew it, and renew "
	                         "it before it does.\n");
	for (size_t i = 0; (provider = provider_at(i)); i++)
		append_provider(&text, provider);
	return help_print_text(&text);
}

/* Registries with hosts of their own may be at any host. */
static void append_unknown(struct buf *text, const char *key)
{
	const struct provider *provider;

	buf_append_format(text, "%s is not known. Registries that people run on their own hosts:\n",
	                  key);
	for (size_t i = 0; (provider = provider_at(i)); i++)
		if (!*provider->hosts)
			append_provider(text, provider);
}

/* What is known of one host. */
static enum status print_registry(const char *host)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(TEXT_MAX), key = BUF_INIT(BUF_NAME_MAX);
	const struct provider *provider;
	struct registry_trap trap;
	struct error error;
	unsigned advice;

	if (!registry_key_normalise(host, &key, &advice, &error) ||
	    (registry_trap_find(view_of(key.data), &trap) &&
	     !error_set(&error, trap.diagnostic, trap.hint, "registry \"%s\" %s", key.data,
	                trap.sentence))) {
		report_error(&error);
		return STATUS_USAGE;
	}
	provider = provider_find(key.data);
	if (provider)
		append_provider(&text, provider);
	else
		append_unknown(&text, key.data);
	return help_print_text(&text);
}

/* --- the command ------------------------------------------------------------------ */

struct help_request {
	struct request common;
	const char *command;
	bool registries;
	const char *host; /* after registries */
};

static bool set_command(void *context, const struct option_row *row, char *value,
                        struct error *error)
{
	struct help_request *request = context;
	const struct command *command = commands_find(value);
	const char *nearest = commands_nearest(value);

	(void)row;
	if (request->registries && !request->host) {
		request->host = value;
		return true;
	}
	if (request->command || request->registries)
		return error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL,
		                 "help takes one COMMAND, or registries and a HOST");
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
		return request.host ? print_registry(request.host) : print_registries();
	return help_print(request.command ? request.command : commands->name);
}
