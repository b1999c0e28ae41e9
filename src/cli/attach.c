#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "../io/files.h"
#include "../io/input.h"
#include "../io/output.h"
#include "attach_request.h"
#include "commands.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"

enum {
	CHUNK = 128 * 1024,
	HELD_MAX = 2047 * 1024 * 1024, /* with --strict all of it */
	FUNCTION_MAX = 64 * 1024 * 1024,
	START_MAX = 4096, /* enough to recognise a ResourceList */
};

/* --- options --------------------------------------------------------------------- */

static bool set_secret_name(void *request, const struct option_row *row, char *value,
                            struct error *error)
{
	return options_store_text(request, row, value, error) &&
	       (k8s_name_check(K8S_NAME_SECRET, value, strlen(value), error) ||
	        error_prefix(error, "option --%s", row->name));
}

static bool set_name_argument(void *context, const struct option_row *row, char *value,
                              struct error *error)
{
	struct attach_request *request = context;

	(void)row;
	if (request->name)
		return error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, "a file is given with -f FILE",
		                 "the Secret is given two names");
	request->name = value;
	if (strchr(value, '.') && access(value, F_OK) == 0) {
		CLEANUP(buf_release) struct buf word = BUF_INIT(BUF_CONFIG_MAX);

		buf_append_word(&word, value);
		error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL,
		          "\"%s\" is a file, and the argument is the name of the Secret", value);
		return error_hint(error, "write -f %s, or --name %s for a Secret of that name",
		                  word.data, word.data);
	}
	if (k8s_name_check(K8S_NAME_SECRET, value, strlen(value), error))
		return true;
	return strchr(value, '/') || strstr(value, ".y") || strstr(value, ".json")
	           ? error_hint(error, "a file is given with -f FILE")
	           : false;
}

/* An option of kubectl. */
static bool refuse_namespace(void *request, const struct option_row *row, char *value,
                             struct error *error)
{
	(void)request;
	error_set(error, DIAGNOSTIC_UNKNOWN_OPTION, NULL, "attach has no option --%s", row->name);
	return error_hint(error,
	                  "leave it out: manifests name their namespace; make the Secret there "
	                  "with regcred-gen -n %s",
	                  value);
}

/* clang-format off */
static const struct option_row rows[] = {
	READING_ROW,
	{"The Secret", "name", NULL, 0, "NAME",
	 "its name, also as an argument (default: regcred)", VALUE_ANY, NULL, set_secret_name,
	 offsetof(struct attach_request, name)},
	{NULL, "secret", NULL, 0, "FILE",
	 "add the Secrets in FILE, each where an image needs it", OPTIONS_TEXT(struct attach_request, secret_file, VALUE_FILE)},
	{NULL, "service-accounts", NULL, 0, NULL,
	 "add it to ServiceAccounts too", OPTIONS_FLAG(struct attach_request, service_accounts)},
	{NULL, "replace", NULL, 0, "OLD",
	 "replace OLD with NAME", VALUE_ANY, NULL, set_secret_name,
	 offsetof(struct attach_request, replace)},
	{"Output", "in-place", NULL, 'i', NULL,
	 "rewrite the given files", OPTIONS_FLAG(struct attach_request, in_place)},
	{NULL, "check", NULL, 0, NULL,
	 "write nothing; fail if the Secret is missing somewhere", OPTIONS_FLAG(struct attach_request, check)},
	{NULL, "namespace", NULL, 'n', "NS", NULL, VALUE_ANY, NULL, refuse_namespace, 0},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table attach_options = {rows, set_name_argument, "attach"};

static void request_release(struct attach_request *request)
{
	reading_release(&request->reading);
	attach_secrets_release(&request->secrets);
	buf_release(&request->config_name);
}

static bool conflict(const char *sentence, const char *hint, struct error *error)
{
	return error_set(error, DIAGNOSTIC_OPTION_CONFLICT, hint, "%s", sentence);
}

/* What depends on more than one option. */
static bool settle(struct attach_request *request, struct error *error)
{
	const struct reading_request *reading = &request->reading;

	if (request->in_place && (!reading->named.count || reading->reads_stdin))
		return conflict("--in-place needs files to rewrite", "name them with -f FILE",
		                error);
	if (request->in_place && request->check)
		return conflict("--check writes nothing, and --in-place rewrites files",
		                "leave one of the two out", error);
	if (request->name && request->secret_file)
		return conflict("NAME and --secret both name the Secret", "leave NAME out", error);
	if (request->secret_file && input_is_stdin(request->secret_file) &&
	    (!reading->named.count || reading->reads_stdin))
		return error_set(error, DIAGNOSTIC_STDIN_TWICE, "name the manifests with -f FILE",
		                 "--secret and the manifests both read standard input");
	if (!request->name)
		request->name = "regcred";
	return (!request->secret_file ||
	        attach_secrets_read(&request->secrets, request->secret_file, error)) &&
	       reading_settle(&request->reading, error);
}

/* --- what is said ------------------------------------------------------------------ */

/* All files on their way through. */
struct copying {
	struct attach_request *request;
	struct output output;
	bool writes; /* or only looks */
	bool muted;  /* all of it was reported before */
	const char *file;
	struct input_stream *stream;
	struct buf start;     /* of the stream: read already */
	size_t given;         /* of the start */
	struct buf held;      /* not written yet */
	struct json *results; /* of a KRM function; NULL: it is none */
	bool began, in_lines; /* of the output: something is there, and ends with a line end */
	bool json;            /* the last file began so */
	bool changed, lacking;
};

static void copying_release(struct copying *copying)
{
	output_release(&copying->output);
	buf_release(&copying->start);
	buf_release(&copying->held);
	json_release(&copying->results);
}

/* Kind, namespace and name. */
static void append_object(struct buf *out, const struct manifest_item *item)
{
	const char *ns = node_text(node_at(item->root, "metadata.namespace"));
	const char *name = node_text(node_at(item->root, "metadata.name"));

	buf_append_string(out, item->kind);
	if (*name)
		buf_append_format(out, " \"%s%s%s\"", ns, *ns ? "/" : "", name);
}

static void note_object(void *context, const struct manifest_item *item)
{
	CLEANUP(buf_release) struct buf object = BUF_INIT(BUF_NAME_MAX);
	struct copying *copying = context;
	const struct attach_request *request = copying->request;
	bool any = request->secrets.inventory != NULL;
	struct error error;

	copying->lacking = true;
	if (!request->check)
		return;
	append_object(&object, item);
	error_set(&error, DIAGNOSTIC_SECRET_UNATTACHED, NULL,
	          "%s:%" PRIu64 ":%" PRIu64 ": %s lacks %s%s%s", copying->file, item->place.line,
	          item->place.column, object.data,
	          any ? "a pull Secret that serves its images" : "the pull Secret \"",
	          any ? "" : request->name, any ? "" : "\"");
	report_error(&error);
}

static void note_kept(void *context, const struct manifest_item *item, const char *why)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT(BUF_NAME_MAX);
	struct copying *copying = context;
	struct report *report = &copying->request->reading.common.report;
	bool template = item->event == MANIFEST_TEMPLATE;

	if (copying->muted)
		return;
	copying->lacking |= !template; /* a template is unknown to --check */
	if (item->root)
		append_object(&message, item);
	else
		buf_append_string(&message, "the document");
	buf_append_format(&message, " is not changed: %s", template ? "it is a template" : why);
	report_say(report, template ? DIAGNOSTIC_TEMPLATE : DIAGNOSTIC_DOCUMENT_UNCHANGED,
	           template ? "render it first, as with helm template . | regcred-gen attach"
	                    : NULL,
	           "%s:%" PRIu64 ":%" PRIu64 ": %s", copying->file, item->place.line,
	           item->place.column, message.data);
	if (copying->results)
		json_append(copying->results,
		            attach_function_result(message.data, report->strict, item));
}

/* --- copying --------------------------------------------------------------------- */

/* Reads enough to recognise a ResourceList. */
static bool read_start(struct copying *copying, struct error *error)
{
	char bytes[START_MAX];
	ptrdiff_t got = 1;

	buf_rewind(&copying->start);
	copying->given = 0;
	while (copying->start.len < START_MAX && got > 0) {
		got = input_stream_read(copying->stream, bytes, START_MAX - copying->start.len,
		                        error);
		if (got > 0)
			buf_append(&copying->start, bytes, (size_t)got);
	}
	return got >= 0;
}

static ptrdiff_t read_on(void *context, char *bytes, size_t size, struct error *error)
{
	struct copying *copying = context;
	struct view start = view_from(buf_view(&copying->start), copying->given);

	if (!start.len)
		return input_stream_read(copying->stream, bytes, size, error);
	size = size < start.len ? size : start.len;
	memcpy(bytes, start.data, size);
	copying->given += size;
	return (ptrdiff_t)size;
}

static bool flush(struct copying *copying, struct error *error)
{
	bool sound = buf_check(&copying->held, "the output", error) &&
	             output_write(&copying->output, copying->held.data, copying->held.len, error);

	buf_rewind(&copying->held);
	return sound;
}

static bool write_on(void *context, struct view bytes, bool changed, struct error *error)
{
	struct copying *copying = context;
	bool holds = copying->request->reading.common.report.strict || copying->results;

	copying->changed |= changed;
	if (!copying->writes)
		return true;
	copying->began = true;
	copying->in_lines = bytes.data[bytes.len - 1] == '\n';
	if (bytes.len >= CHUNK && !holds)
		return flush(copying, error) &&
		       output_write(&copying->output, bytes.data, bytes.len, error);
	buf_append(&copying->held, bytes.data, bytes.len);
	return copying->held.len < CHUNK || holds || flush(copying, error);
}

/* Two files are two documents. To kubectl a stream that begins with JSON is JSON alone, one
 * value after the other, without separators. */
static void separate(struct copying *copying)
{
	struct view start = buf_view(&copying->start);
	bool json = view_begins(start, view_of("{"));

	if (copying->writes && copying->began && start.len) {
		if (!copying->in_lines)
			buf_append_char(&copying->held, '\n');
		if (!(json && copying->json) && !view_begins(start, view_of("---")))
			buf_append_string(&copying->held, "---\n");
	}
	copying->json = json;
}

static bool copy_stream(struct copying *copying, struct error *error)
{
	struct attach_request *request = copying->request;
	const struct attach_options options = {attach_choose, request, request->replace,
	                                       request->service_accounts};
	const struct attach_events events = {copying, read_on, note_object, note_kept, write_on};

	copying->changed = false;
	separate(copying);
	return attach_stream(&options, &events, error);
}

/* A ResourceList, which is answered by itself; as it was if there is an error. */
static bool answer_function(struct copying *copying, enum status *status, struct error *error)
{
	struct buf *text = &copying->start;
	struct json *results;
	struct error problem;

	copying->results = json_array();
	if (!attach_function_configure(copying->request, buf_view(text), &problem) ||
	    !copy_stream(copying, &problem)) {
		report_error(&problem);
		json_append(copying->results, attach_function_result(problem.message, true, NULL));
		*status = problem.status;
	} else if (copying->request->reading.common.report.failed) {
		*status = STATUS_DATA;
	}
	if (*status) {
		buf_rewind(&copying->held);
		buf_append(&copying->held, text->data, text->len);
	}
	results = copying->results;
	copying->results = NULL;
	return attach_function_answer(&copying->held, results, error);
}

/* Reads a ResourceList whole, as its functionConfig may come last. */
static bool copy_function(struct copying *copying, enum status *status, struct error *error)
{
	if (!input_read_fd(copying->stream->fd, copying->file, &copying->start, error))
		return false;
	if (copying->writes)
		return answer_function(copying, status, error);
	return attach_function_configure(copying->request, buf_view(&copying->start), error) &&
	       copy_stream(copying, error);
}

/* Empty input: the command before the pipe has failed. */
static bool refuse_empty(const struct copying *copying, struct error *error)
{
	return copying->start.len == START_MAX || view_trim(buf_view(&copying->start)).len ||
	       error_set(error, DIAGNOSTIC_INPUT_EMPTY, "did the command that writes to it fail?",
	                 "standard input holds no document");
}

static bool copy_file(struct copying *copying, size_t file, enum status *status,
                      struct error *error)
{
	CLEANUP(input_close) struct input_stream stream = INPUT_STREAM_INIT;
	const char *path = reading_name(&copying->request->reading, file);

	if (!files_check(path, copying->request->reading.recursive, error) ||
	    !input_open(&stream, path, error))
		return false;
	copying->stream = &stream;
	copying->file = stream.name;
	report_step(&copying->request->reading.common.report, "read %s", stream.name);
	if (!read_start(copying, error) || (input_is_stdin(path) && !refuse_empty(copying, error)))
		return false;
	return input_is_stdin(path) && attach_function_begins(buf_view(&copying->start))
	           ? copy_function(copying, status, error)
	           : copy_stream(copying, error);
}

/* --- where it goes ----------------------------------------------------------------- */

static bool stop_if_strict(const struct attach_request *request, struct error *error)
{
	return !request->reading.common.report.failed ||
	       error_set(error, DIAGNOSTIC_STRICT, NULL,
	                 "nothing is written, as --strict was given");
}

/* Without an output, only reports. */
static bool copy_all(struct copying *copying, enum status *status, struct error *error)
{
	for (size_t i = 0; i < copying->request->reading.files.count; i++)
		if (!copy_file(copying, i, status, error))
			return false;
	return true;
}

static bool write_stdout(struct copying *copying, enum status *status, struct error *error)
{
	copying->writes = true;
	if (!output_open(&copying->output, NULL, error) || !copy_all(copying, status, error))
		return false;
	return (*status || stop_if_strict(copying->request, error)) && flush(copying, error) &&
	       output_commit(&copying->output, error);
}

static bool rewrite_file(struct copying *copying, size_t file, struct error *error)
{
	struct attach_request *request = copying->request;
	const char *path = reading_name(&request->reading, file);
	enum status status = STATUS_OK;

	output_release(&copying->output);
	copying->writes = copying->muted = true;
	copying->began = false;
	if (!output_open_in_place(&copying->output, path, error) ||
	    !copy_file(copying, file, &status, error) || !flush(copying, error) ||
	    !output_commit(&copying->output, error))
		return false;
	report_step(&request->reading.common.report, "rewrote %s", path);
	return true;
}

/* Each file is read before the first is rewritten, as --strict may stop all of it. */
static bool rewrite_files(struct copying *copying, struct error *error)
{
	struct attach_request *request = copying->request;
	size_t count = request->reading.files.count;
	bool *changes = memory_acquire(count + 1), sound = true;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && sound; i++) {
		sound = copy_file(copying, i, &status, error);
		changes[i] = copying->changed;
	}
	sound = sound && stop_if_strict(request, error);
	for (size_t i = 0; i < count && sound; i++)
		sound = !changes[i] || rewrite_file(copying, i, error);
	memory_release(changes);
	return sound;
}

static bool run(void *context, enum status *status, struct error *error)
{
	struct attach_request *request = context;
	CLEANUP(copying_release)
	struct copying copying = {.request = request,
	                          .output = OUTPUT_INIT,
	                          .start = BUF_INIT(FUNCTION_MAX),
	                          .held = BUF_INIT(HELD_MAX)};

	if (!settle(request, error))
		return false;
	if (request->in_place)
		return rewrite_files(&copying, error);
	if (!request->check)
		return write_stdout(&copying, status, error);
	if (!copy_all(&copying, status, error) || !stop_if_strict(request, error))
		return false;
	*status = copying.lacking ? STATUS_NO : STATUS_OK;
	return true;
}

enum status attach_run(int argc, char **argv)
{
	CLEANUP(request_release)
	struct attach_request request = {.config_name = BUF_INIT(BUF_NAME_MAX)};

	return commands_do("attach", argc, argv, &request, run);
}
