#include "snippet.h"

#include <string.h>

#include "../io/input.h"
#include "commands.h"
#include "help.h"
#include "reading.h"
#include "regcred/base/memory.h"
#include "regcred/edit/snippet.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/workload.h"

enum { PART_MAX = 16 * 1024 * 1024 };

struct snippet_request {
	struct reading_request reading; /* the workloads of --for; no file: none */
	const char *name, *namespace;   /* NULL: not given */
	struct buf parts[SNIPPET_PARTS];
	size_t workloads, templates; /* in the manifests */
};

/* --- options --------------------------------------------------------------------- */

static bool set_name_once(const char **field, const struct option_row *row, char *value,
                          enum k8s_name_kind kind, struct error *error)
{
	return options_set_once(field, row, value, error) &&
	       k8s_name_check(kind, value, strlen(value), error);
}

static bool set_name(void *context, const struct option_row *row, char *value, struct error *error)
{
	return set_name_once(&((struct snippet_request *)context)->name, row, value,
	                     K8S_NAME_SECRET, error);
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

static bool set_namespace(void *context, const struct option_row *row, char *value,
                          struct error *error)
{
	return set_name_once(&((struct snippet_request *)context)->namespace, row, value,
	                     K8S_NAME_NAMESPACE, error);
}

/* clang-format off */
static const struct option_row rows[] = {
	{"The Secret", "name", NULL, 0, "NAME",
	 "its name, also as an argument (default: regcred, or FILE's)", VALUE_ANY, NULL, set_name},
	{NULL, "namespace", NULL, 'n', "NS",
	 "where it is (default: kubectl's own, or FILE's)", VALUE_ANY, NULL, set_namespace},
	{NULL, "for", NULL, 0, "FILE",
	 "for the workloads in FILE; repeatable; - is stdin", VALUE_FILE, NULL, reading_set_file},

	{"Messages", "quiet", NULL, 'q', NULL, "hide notes", VALUE_NONE, NULL, options_set_quiet},
	{NULL, "verbose", NULL, 'v', NULL, "tell what is done", VALUE_NONE, NULL, options_set_verbose},
	OPTIONS_END
};
/* clang-format on */

const struct option_table snippet_options = {rows, set_name_argument, "snippet"};

static void release(struct snippet_request *request)
{
	for (size_t i = 0; i < SNIPPET_PARTS; i++)
		buf_release(&request->parts[i]);
	reading_release(&request->reading);
}

/* --- what is printed ----------------------------------------------------------------- */

/* Adds one part, unless it is there already, for another workload. */
static bool add_part(struct snippet_request *request, enum snippet_part part,
                     const struct snippet *snippet, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PART_MAX);
	struct buf *all = &request->parts[part];

	if (!snippet_append(&text, part, snippet, error) || !buf_check(&text, "the text", error))
		return false;
	if (strstr(all->data, text.data))
		return true;
	if (all->len)
		buf_append_char(all, '\n');
	buf_append(all, text.data, text.len);
	return buf_check(all, "the text", error);
}

static bool add_all(struct snippet_request *request, const struct snippet *snippet,
                    struct error *error)
{
	for (int part = 0; part < SNIPPET_PARTS; part++)
		if (!add_part(request, (enum snippet_part)part, snippet, error))
			return false;
	return true;
}

/* What holds without any manifest: the two places that are asked for most. */
static bool add_usual(struct snippet_request *request, struct error *error)
{
	struct snippet snippet = {
	    .program = help_program(),
	    .secret = request->name ? request->name : "regcred",
	    .namespace = request->namespace,
	    .account = "default",
	    .kind = "Pod",
	    .path = "spec",
	};

	if (!add_all(request, &snippet, error))
		return false;
	snippet.kind = "Deployment, StatefulSet, DaemonSet, ReplicaSet, Job";
	snippet.path = "spec.template.spec";
	return add_part(request, SNIPPET_LINES, &snippet, error);
}

/* --- --for ------------------------------------------------------------------------------ */

/* What the list of a workload names, as snippet.h wants it. */
struct names {
	const char **items;
	size_t count, capacity;
};

static void names_release(struct names *names)
{
	memory_release(names->items);
}

static bool names_add(struct names *names, const struct workload_references *references)
{
	for (size_t i = 0; i < references->count; i++) {
		memory_extend(&names->items, names->count, &names->capacity, sizeof *names->items);
		names->items[names->count++] = references->items[i].name;
	}
	return true;
}

/* A manifest may hold anything, a name that goes into a command may not. */
static const char *valid_or(const char *name, enum k8s_name_kind kind, const char *otherwise)
{
	struct error ignored;

	return k8s_name_check(kind, name, strlen(name), &ignored) ? name : otherwise;
}

/* Completes a snippet whose kind, path, name, namespace and account are the manifest's:
 * what the options say comes first, what cannot be a name is not known. */
static bool add_for(struct snippet_request *request, struct snippet snippet,
                    const struct workload_references *listed, size_t file, struct error *error)
{
	CLEANUP(names_release) struct names names = {0};
	const char *path = reading_name(&request->reading, file);

	if (!names_add(&names, listed))
		return error_out_of_memory(error);
	snippet.program = help_program();
	snippet.secret = request->name;
	for (size_t i = 0; i < names.count && !snippet.secret; i++)
		snippet.secret = valid_or(names.items[i], K8S_NAME_SECRET, NULL);
	if (!snippet.secret)
		snippet.secret = "regcred";
	snippet.name = valid_or(snippet.name, K8S_NAME_SECRET, NULL);
	snippet.account = valid_or(snippet.account, K8S_NAME_SECRET, "default");
	snippet.namespace = request->namespace
	                        ? request->namespace
	                        : valid_or(snippet.namespace, K8S_NAME_NAMESPACE, NULL);
	snippet.listed = names.items;
	snippet.listed_count = names.count;
	snippet.file = input_is_stdin(path) ? NULL : path;
	request->workloads++;
	return add_all(request, &snippet, error);
}

static bool add_object(struct snippet_request *request, size_t file,
                       const struct manifest_item *item, struct error *error)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	struct snippet snippet = {.path = pod_spec_path(item->api_version, item->kind)};

	if (snippet.path) {
		workload_read(item->root, item->kind, node_at(item->root, snippet.path), &workload);
		snippet.kind = workload.kind;
		snippet.name = workload.name;
		snippet.namespace = workload.namespace;
		snippet.account = workload.service_account.name;
		return add_for(request, snippet, &workload.pull_secrets, file, error);
	}
	service_account_read(item->root, item->api_version, item->kind, &account);
	if (!account.is_one)
		return true;
	snippet.path = "";
	snippet.kind = "ServiceAccount";
	snippet.name = snippet.account = account.name;
	snippet.namespace = account.namespace;
	return add_for(request, snippet, &account.pull_secrets, file, error);
}

static bool visit(void *context, size_t file, const struct manifest_item *item, struct error *error)
{
	struct snippet_request *request = context;

	if (item->event == MANIFEST_OBJECT)
		return add_object(request, file, item, error);
	if (item->event == MANIFEST_TEMPLATE) {
		request->templates++;
		return true;
	}
	*error = *item->problem;
	error_from_input(error);
	return error_prefix(error, "%s:%llu:%llu", reading_name(&request->reading, file),
	                    (unsigned long long)item->place.line,
	                    (unsigned long long)item->place.column);
}

static bool read_workloads(struct snippet_request *request, struct error *error)
{
	const char *first;

	if (!reading_settle(&request->reading, error) ||
	    !reading_each(&request->reading, visit, request, NULL, error))
		return false;
	if (request->workloads)
		return true;
	first = reading_name(&request->reading, 0);
	error_set(error, DIAGNOSTIC_WORKLOAD_NONE, NULL,
	          "there is nothing that pulls images, nor a ServiceAccount, in %s%s",
	          input_is_stdin(first) ? INPUT_STDIN : first,
	          request->reading.files.count > 1 ? " and the other files" : "");
	if (request->templates)
		return error_hint(error, "it holds templates: render them first, as in helm "
		                         "template . | regcred-gen snippet --for -");
	return error_hint(error,
	                  "it may be a Pod, a Deployment or another of Kubernetes' own kinds "
	                  "that make Pods, or a ServiceAccount, with its apiVersion");
}

/* --- the whole ------------------------------------------------------------------------ */

static enum status print(const struct snippet_request *request)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(PART_MAX);

	for (int part = 0; part < SNIPPET_PARTS; part++) {
		const struct buf *lines = &request->parts[part];

		buf_append_format(&text, "%s### %s\n\n", part ? "\n" : "",
		                  snippet_heading((enum snippet_part)part));
		buf_append(&text, lines->data, lines->len);
	}
	return help_print_text(&text);
}

enum status snippet_run(int argc, char **argv)
{
	CLEANUP(release) struct snippet_request request = {0};
	enum status status;
	struct error error;

	for (size_t i = 0; i < SNIPPET_PARTS; i++)
		request.parts[i] = BUF_INIT(PART_MAX);
	if (!commands_begin("snippet", argc, argv, &request, &status))
		return status;
	if (request.reading.named.count ? read_workloads(&request, &error)
	                                : add_usual(&request, &error))
		return print(&request);
	report_error(&error);
	return error.status;
}
