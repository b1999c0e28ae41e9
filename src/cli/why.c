#include <string.h>
#include <unistd.h>

#include "../io/machine.h"
#include "commands.h"
#include "regcred/base/memory.h"
#include "sink.h"
#include "why.h"

static void release_request(struct why_request *request)
{
	reading_release(&request->reading);
	memory_release(request->names);
	string_list_release(&request->asking.plain_http);
}

/* --- options --- */

static bool set_name(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct why_request *request = context;
	struct waiting_name name;

	(void)row;
	if (!waiting_name_parse(value, &name)) {
		return error_set(error, DIAGNOSTIC_OPTION_VALUE,
		                 "write the name of a Pod, or KIND/NAME such as deployment/web",
		                 "\"%s\" is not the name of a Pod or workload", value);
	}
	memory_extend(&request->names, request->name_count, &request->name_capacity,
	              sizeof *request->names);
	request->names[request->name_count++] = name;
	return true;
}

/* clang-format off */
static const struct option_row rows[] = {
	READING_ROW,
	{"Cluster", "namespace", NULL, 'n', "NS",
	 "use this namespace (default: kubectl's)", OPTIONS_NAMESPACE(struct why_request, ns)},
	{NULL, "all-namespaces", NULL, 'A', NULL,
	 "use all namespaces", OPTIONS_FLAG(struct why_request, all_namespaces)},
	{NULL, "context", NULL, 0, "CONTEXT",
	 "the context that kubectl uses", OPTIONS_TEXT(struct why_request, kubectl.context, VALUE_ANY)},
	{NULL, "kubeconfig", NULL, 0, "FILE",
	 "the configuration that kubectl uses", OPTIONS_TEXT(struct why_request, kubectl.kubeconfig, VALUE_FILE)},
	{NULL, "as", NULL, 0, "USER",
	 "the user that kubectl acts as", OPTIONS_TEXT(struct why_request, kubectl.as, VALUE_ANY)},
	{NULL, "request-timeout", NULL, 0, "TIME",
	 "how long kubectl waits for an answer, such as 10s",
	 OPTIONS_TEXT(struct why_request, kubectl.request_timeout, VALUE_ANY)},
	{"Asking", "verify", NULL, 0, NULL,
	 "also ask the registries", OPTIONS_FLAG(struct why_request, verify)},
	INQUIRY_ROWS(struct why_request, asking, "with --verify: "),
	{"Output", "output", NULL, 'o', "FORMAT", "text (default) or json", OPTIONS_OUTPUT("text json")},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table why_options = {rows, set_name, "why"};

static bool settle(struct why_request *request, struct error *error)
{
	const struct kubectl *kubectl = &request->kubectl;
	const char *option = inquiry_option_given(&request->asking);

	if (request->ns && request->all_namespaces)
		return error_set(error, DIAGNOSTIC_OPTION_CONFLICT, "leave one of them out",
		                 "-n and -A exclude each other");
	if (request->reading.named.count &&
	    (kubectl->context || kubectl->kubeconfig || kubectl->as || kubectl->request_timeout))
		return error_set(error, DIAGNOSTIC_OPTION_CONFLICT, "leave one of them out",
		                 "-f reads files, and ignores options for kubectl");
	if (!request->verify && option)
		return error_set(error, DIAGNOSTIC_OPTION_CONFLICT,
		                 "add it, or leave the option out",
		                 "option --%s goes with --verify", option);
	request->reading.refuses_empty = true;
	return reading_expand(&request->reading, error);
}

/* --- what is written --- */

/* Numbers the causes in the order in which they come, and counts each. If cases are not shown
 * together, each is a cause of its own. */
struct causes {
	size_t *of;     /* of a case: the number of its cause */
	size_t *counts; /* of a cause: how many cases have it */
};

static void release_causes(struct causes *causes)
{
	memory_release(causes->of);
	memory_release(causes->counts);
}

static struct causes find_causes(const struct why_gathering *gathering, bool together)
{
	CLEANUP(string_list_release) struct string_list known = STRING_LIST_INIT;
	size_t count = gathering->waiting.count, size = (count + 1) * sizeof(size_t);
	struct causes causes = {memory_acquire(size), memset(memory_acquire(size), 0, size)};

	for (size_t i = 0; i < count; i++) {
		CLEANUP(why_case_release) struct why_case result = WHY_CASE_INIT;
		CLEANUP(buf_release) struct buf cause = BUF_INIT(BUF_CONFIG_MAX);

		causes.of[i] = i;
		if (together) {
			why_explain(gathering, &gathering->waiting.items[i], &result);
			why_append_cause(&result, &cause);
			causes.of[i] = string_list_number(&known, buf_view(&cause));
		}
		causes.counts[causes.of[i]]++;
	}
	return causes;
}

static void append_nothing(const struct why_gathering *gathering, struct buf *out)
{
	const struct why_request *request = gathering->request;
	size_t pods = gathering->waiting.pods;

	buf_append_format(out, "No container waits for an image: looked at %zu Pod%s", pods,
	                  pods == 1 ? "" : "s");
	if (request->ns)
		buf_append_format(out, " of namespace %s", request->ns);
	buf_append_string(out, "\n");
}

/* Without a name and on a terminal, several Pods with one cause are shown once. */
static bool write_cases(const struct why_gathering *gathering, struct sink *sink,
                        struct error *error)
{
	struct look look = look_of(STDOUT_FILENO);
	bool together =
	    !sink->is_list && !gathering->request->name_count && screen_is_there(STDOUT_FILENO);
	CLEANUP(release_causes) struct causes causes = find_causes(gathering, together);
	size_t told = 0;

	for (size_t i = 0; i < gathering->waiting.count; i++) {
		CLEANUP(why_case_release) struct why_case result = WHY_CASE_INIT;

		if (causes.of[i] < told)
			continue;
		why_explain(gathering, &gathering->waiting.items[i], &result);
		if (!sink->is_list) {
			buf_append_string(&sink->text, i ? "\n" : "");
			why_append_text(&result, causes.counts[told], look, &sink->text);
		}
		if (!(sink->is_list ? sink_add(sink, why_json(&result), error)
		                    : sink_flush(sink, error)))
			return false;
		told++;
	}
	return true;
}

static bool why(void *context, enum status *status, struct error *error)
{
	struct why_request *request = context;
	CLEANUP(sink_release) struct sink sink = SINK_INIT;
	CLEANUP(why_gathering_release)
	struct why_gathering gathering = {
	    .request = request, .answer = KUBECTL_ANSWER_INIT, .waiting = WAITING_LIST_INIT};

	if (!settle(request, error) || !why_gather(&gathering, error) ||
	    (request->verify && !why_verify(&gathering, error)) ||
	    !sink_open(&sink, request->reading.common.output.index, error))
		return false;
	*status = gathering.waiting.count ? STATUS_NO : STATUS_OK;
	if (!gathering.waiting.count && !sink.is_list)
		append_nothing(&gathering, &sink.text);
	return write_cases(&gathering, &sink, error) && sink_finish(&sink, error);
}

enum status why_run(int argc, char **argv)
{
	CLEANUP(release_request) struct why_request request = {.ns = NULL};

	return commands_do("why", argc, argv, &request, why);
}
