#include <string.h>

#include "commands.h"
#include "regcred/base/memory.h"
#include "regcred/edit/snippet.h"
#include "regcred/kube/k8s_name.h"

struct snippet_request {
	struct request common;
	const char *name, *ns; /* NULL: not given */
};

/* --- options --------------------------------------------------------------------- */

static bool set_name(void *context, const struct option_row *row, char *value, struct error *error)
{
	return options_set_once(&((struct snippet_request *)context)->name, row, value, error) &&
	       k8s_name_check(K8S_NAME_SECRET, value, strlen(value), error);
}

static bool set_name_argument(void *context, const struct option_row *row, char *value,
                              struct error *error)
{
	struct snippet_request *request = context;

	(void)row;
	if (request->name)
		return error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL,
		                 "the Secret is given two names");
	request->name = value;
	return k8s_name_check(K8S_NAME_SECRET, value, strlen(value), error);
}

/* clang-format off */
static const struct option_row rows[] = {
	{"The Secret", "name", NULL, 0, "NAME",
	 "its name, also as an argument (default: regcred)", VALUE_ANY, NULL, set_name},
	{NULL, "namespace", NULL, 'n', "NS",
	 "the namespace of the Secret (default: kubectl's)", OPTIONS_NAMESPACE(struct snippet_request, ns)},

	{"Messages", "quiet", NULL, 'q', NULL, "hide notes", OPTIONS_FLAG(struct request, report.quiet)},
	{NULL, "verbose", NULL, 'v', NULL, "report progress", OPTIONS_FLAG(struct request, report.verbose)},
	OPTIONS_END
};
/* clang-format on */

const struct option_table snippet_options = {rows, set_name_argument, "snippet"};

enum status snippet_run(int argc, char **argv)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(64 * BUF_NAME_MAX);
	struct snippet_request request = {0};
	enum status status;

	if (!commands_begin("snippet", argc, argv, &request, &status))
		return status;
	snippet_append(&text, &(struct snippet){.program = help_program(),
	                                        .secret = request.name ? request.name : "regcred",
	                                        .ns = request.ns});
	return help_print_text(&text);
}
