#include "commands.h"

#include <string.h>

#include "regcred/base/edit_distance.h"

const struct command *commands_find(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

bool commands_begin(const char *name, int argc, char **argv, void *request, enum status *status)
{
	struct request *common = request;
	struct error error;

	if (!options_parse(commands_find(name)->options, argc, argv, request, &error)) {
		report_error(&error);
		*status = error.status;
		return false;
	}
	if (common->help)
		*status = help_print(name);
	else if (common->version)
		*status = help_print_version();
	return !common->help && !common->version;
}

enum status commands_do(const char *name, int argc, char **argv, void *request, command_work *work)
{
	const struct request *common = request;
	enum status status;
	struct error error;

	if (!commands_begin(name, argc, argv, request, &status))
		return status;
	status = STATUS_OK;
	if (!work(request, &status, &error)) {
		report_error(&error);
		return error.status;
	}
	return status == STATUS_OK && common->report.failed ? STATUS_NO : status;
}

const char *commands_called_as(const char *argv0)
{
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL;

	return slash ? slash + 1 : argv0 ? argv0 : "";
}

const char *commands_nearest(const char *word)
{
	struct guess guess = guess_begin(word);

	for (const struct command *command = commands; command->name; command++)
		if (command->summary)
			guess_try(&guess, command->name);
	return guess.word;
}

/* Whether one letter was replaced: in a short word that makes another word, which a Secret
 * may well be called: helm, batch. */
static bool is_another_word(const char *word, const char *command)
{
	size_t len = strlen(command), differing = 0;

	if (strlen(word) != len || len > 5)
		return false;
	for (size_t i = 0; i < len; i++)
		differing += word[i] != command[i];
	return differing == 1;
}

/* The command that the first argument misspells, so that it is no NAME; NULL: none. */
static const char *mistyped(const char *word)
{
	const char *nearest = commands_nearest(word);

	if (!nearest || strpbrk(word, "0123456789-.") || is_another_word(word, nearest))
		return NULL;
	return edit_distance(word, nearest, 2) < 2 || strlen(nearest) > 7 ? nearest : NULL;
}

/* What other programs have as a command; alone, or before a word that is no option. */
static const char *other_word(int argc, char **argv)
{
	if (argc > 2 && *argv[2] == '-')
		return NULL;
	if (strcmp(argv[1], "version") == 0)
		return "--version";
	return strcmp(argv[1], "registries") == 0 ? "help registries" : NULL;
}

static enum status refuse_mistyped(const char *name, const char *nearest)
{
	struct error error;

	error_set(&error, DIAGNOSTIC_UNKNOWN_COMMAND, NULL, "there is no command \"%s\"", name);
	error_hint(&error, "did you mean %s? For a Secret of that name write --name %s", nearest,
	           name);
	report_error(&error);
	return error.status;
}

/* kubectl completes "kubectl regcred ..." by running the program under this name. */
static bool is_called_by_kubectl(const char *argv0)
{
	return strcmp(commands_called_as(argv0), "kubectl_complete-regcred") == 0;
}

enum status commands_run(int argc, char **argv)
{
	const struct command *command;
	const char *nearest;

	if (is_called_by_kubectl(argv[0]))
		return completion_answer(argc, argv);
	if (argc < 2)
		return help_show_usage();
	command = commands_find(argv[1]);
	if (command)
		return command->run(argc - 1, argv + 1);
	nearest = other_word(argc, argv);
	if (!nearest)
		nearest = mistyped(argv[1]);
	return nearest ? refuse_mistyped(argv[1], nearest) : commands->run(argc, argv);
}
