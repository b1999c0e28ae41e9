#include "commands.h"

#include <string.h>

#include "completion.h"
#include "help.h"

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

const char *commands_called_as(const char *argv0)
{
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL;

	return slash ? slash + 1 : argv0 ? argv0 : "";
}

static enum status refuse_reserved(const char *name)
{
	struct error error;

	error_set(&error, DIAGNOSTIC_UNKNOWN_COMMAND, NULL, "\"%s\" is no command of this version",
	          name);
	error_hint(&error, "the name is kept for one; for a Secret called so write --name %s",
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
	const struct command *command = argc > 1 ? commands_find(argv[1]) : NULL;

	if (is_called_by_kubectl(argv[0]))
		return completion_answer(argc, argv);
	if (!command)
		return commands->run(argc, argv);
	if (!command->run)
		return refuse_reserved(command->name);
	return command->run(argc - 1, argv + 1);
}
