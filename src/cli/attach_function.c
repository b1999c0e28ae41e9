/* A KRM function (https://github.com/kubernetes-sigs/kustomize, cmd/config/docs/api-conventions/
 * functions-spec.md): a ResourceList in, a ResourceList out. kustomize 5.8 writes the
 * functionConfig behind the items, so the list is read twice. */
#include <string.h>

#include "attach_request.h"
#include "regcred/base/memory.h"
#include "regcred/edit/attach_stream.h"
#include "regcred/json/json.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/yaml/yaml_writer.h"

enum { LIST_MAX = 64 * 1024 * 1024 };

bool attach_function_begins(struct view bytes)
{
	return memmem(bytes.data, bytes.len, "ResourceList", strlen("ResourceList")) &&
	       memmem(bytes.data, bytes.len, "config.kubernetes.io/",
	              strlen("config.kubernetes.io/"));
}

/* ---- functionConfig ---- */

/* ConfigMaps have strings only. */
static bool is_true(const struct node *node)
{
	return node && ((node->kind == NODE_BOOL && node->truth) || node_is(node, "true"));
}

static bool take_config(struct attach_request *request, const struct node *config,
                        struct error *error)
{
	static const char *const fields[] = {"data", "spec"};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct node *field = node_get(config, fields[i]);
		const struct node *name = node_get(field, "name");

		request->service_accounts |= is_true(node_get(field, "serviceAccounts"));
		if (!name)
			continue;
		if (!node_string(name)) {
			error_set(error, DIAGNOSTIC_NAME_INVALID, NULL,
			          "functionConfig: %s.name is not a string", fields[i]);
			return error_from_input(error);
		}
		buf_reset(&request->config_name);
		buf_append_string(&request->config_name, name->text);
		request->name = request->config_name.data;
	}
	if (k8s_name_check(K8S_NAME_SECRET, request->name, strlen(request->name), error))
		return true;
	error_from_input(error);
	return error_prefix(error, "functionConfig");
}

static bool read_config(struct attach_request *request, struct view text, struct error *error)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(text.data, text.len);
	struct manifest_item item;

	manifest_reader_want_config(reader);
	do {
		if (!manifest_reader_next(reader, &item, error))
			return false;
		if (item.event == MANIFEST_CONFIG && !take_config(request, item.root, error))
			return false;
	} while (item.event != MANIFEST_END);
	return true;
}

/* ---- results ---- */

struct answer {
	struct view rest; /* of the text, not read yet */
	struct json *results;
	struct report *report;
	struct buf out;
};

static void answer_release(struct answer *answer)
{
	json_release(&answer->results);
	buf_release(&answer->out);
}

static void add_result(struct answer *answer, const char *message, bool is_error)
{
	struct json *result = json_object_of("message", json_bytes(message, strlen(message)));

	json_add(result, "severity", json_string(is_error ? "error" : "warning"));
	json_append(answer->results, result);
}

static ptrdiff_t read_text(void *context, char *bytes, size_t size, struct error *error)
{
	struct answer *answer = context;
	size_t len = size < answer->rest.len ? size : answer->rest.len;

	(void)error;
	memcpy(bytes, answer->rest.data, len);
	answer->rest = view_from(answer->rest, len);
	return (ptrdiff_t)len;
}

static void skip_object(void *context, const struct manifest_item *item)
{
	(void)context, (void)item;
}

static void note_kept(void *context, enum manifest_event event, struct node_place place,
                      const char *why)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT(BUF_NAME_MAX);
	struct answer *answer = context;

	if (event == MANIFEST_TEMPLATE)
		why = "it is a template";
	buf_append_format(&message, "the ResourceList is not changed: line %llu: %s",
	                  (unsigned long long)place.line, why);
	report_say(answer->report, DIAGNOSTIC_DOCUMENT_UNCHANGED, NULL, "%s", message.data);
	add_result(answer, message.data, answer->report->strict);
}

static bool write_text(void *context, struct view bytes, bool changed, struct error *error)
{
	struct buf *out = &((struct answer *)context)->out;

	(void)changed;
	buf_append(out, bytes.data, bytes.len);
	return buf_check(out, "the ResourceList", error);
}

/* Where the List's first member can go: behind separators and comments, and `{`. */
static size_t find_start(struct view text)
{
	size_t at = view_begins(text, view_of("\xEF\xBB\xBF")) ? 3 : 0;

	while (at < text.len) {
		struct view line = view_from(text, at);

		if (*line.data == '{')
			return at + 1;
		if (*line.data != '#' && *line.data != '\n' && *line.data != '\r' &&
		    !view_begins(line, view_of("---")))
			return at;
		at += view_find(line, '\n') + (view_find(line, '\n') < line.len);
	}
	return at;
}

static bool append_results(struct answer *answer, bool is_json, struct buf *out,
                           struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(LIST_MAX);
	CLEANUP(json_release) struct json *object = json_object_of("results", answer->results);

	answer->results = NULL;
	if (!is_json) {
		yaml_append_object(out, object);
		return true;
	}
	if (!json_print(object, JSON_COMPACT, 0, &text, error))
		return false;
	buf_append(out, text.data + 1, text.len - 2);
	buf_append_string(out, ", ");
	return true;
}

static bool append_answer(struct answer *answer, struct view text, struct buf *out,
                          struct error *error)
{
	size_t start = find_start(text);

	buf_append(out, text.data, start);
	if (json_first(answer->results) &&
	    !append_results(answer, start && text.data[start - 1] == '{', out, error))
		return false;
	buf_append(out, text.data + start, text.len - start);
	return buf_check(out, "the ResourceList", error);
}

/* ---- The whole ---- */

static bool change(struct attach_request *request, struct answer *answer, struct error *error)
{
	const struct attach_options options = {attach_choose, request, request->replace,
	                                       request->service_accounts};
	const struct attach_events events = {answer, read_text, skip_object, note_kept, write_text};
	CLEANUP(attach_release) struct attach attach;

	attach_init(&attach, &options);
	return attach_stream(&attach, &events, error);
}

enum status attach_function(struct attach_request *request, struct view text, struct buf *out)
{
	CLEANUP(answer_release)
	struct answer answer = {.rest = text,
	                        .results = json_array(),
	                        .report = &request->reading.common.report,
	                        .out = BUF_INIT(2 * LIST_MAX)};
	enum status status = STATUS_OK;
	struct error error;

	if (!read_config(request, text, &error) || !change(request, &answer, &error)) {
		report_error(&error);
		add_result(&answer, error.message, true);
		status = error.status;
	} else if (answer.report->failed) {
		status = STATUS_DATA;
	}
	if (append_answer(&answer, status ? text : buf_view(&answer.out), out, &error))
		return status;
	report_error(&error);
	return error.status;
}
