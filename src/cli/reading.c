#include "reading.h"

#include <string.h>
#include <unistd.h>

#include "../io/files.h"
#include "../io/input.h"
#include "../io/progress.h"
#include "regcred/base/memory.h"
#include "regcred/kube/workload.h"

bool reading_add(struct reading_request *request, const char *path, struct error *error)
{
	if (!*path) {
		return error_set(error, DIAGNOSTIC_OPTION_VALUE, "is the variable for it set?",
		                 "a file has an empty name");
	}
	if (input_is_stdin(path)) {
		if (request->reads_stdin) {
			return error_set(error, DIAGNOSTIC_STDIN_TWICE, "leave one of the two out",
			                 "standard input is given twice");
		}
		request->reads_stdin = true;
	}
	string_list_add(&request->named, path);
	return true;
}

bool reading_set_file(void *request, const struct option_row *row, char *value, struct error *error)
{
	struct reading_request *files = (struct reading_request *)((char *)request + row->at);

	return reading_add(files, value, error);
}

bool reading_set_argument(void *context, const struct option_row *row, char *value,
                          struct error *error)
{
	(void)row;
	return reading_add(context, value, error);
}

bool reading_settle(struct reading_request *request, struct error *error)
{
	return (request->named.count > 0 || reading_add(request, "-", error)) &&
	       reading_expand(request, error);
}

bool reading_expand(struct reading_request *request, struct error *error)
{
	for (size_t i = 0; i < request->named.count; i++)
		if (!files_add(&request->files, request->named.items[i].data, request->recursive,
		               error))
			return false;
	if (request->reads_stdin && isatty(STDIN_FILENO))
		report_say(&request->common.report, DIAGNOSTIC_READING_TERMINAL,
		           "end it with Ctrl-D; -f FILE reads a file",
		           "manifests are read from standard input, which is a terminal");
	return true;
}

const char *reading_name(const struct reading_request *request, size_t file)
{
	return request->files.items[file].data;
}

/* A pipe whose writer failed is not a pipe without findings. */
static bool refuse_empty(const struct reading_request *request, size_t file, struct error *error)
{
	if (!request->refuses_empty || !input_is_stdin(reading_name(request, file)))
		return true;
	return error_set(error, DIAGNOSTIC_INPUT_EMPTY, "did the command that writes to it fail?",
	                 "standard input holds no document");
}

/* False: *at_file says whether it is the file that cannot be read. */
static bool visit_file(struct reading_request *request, size_t file, struct progress *progress,
                       reading_visitor *visit, void *context, bool *at_file, struct error *error)
{
	CLEANUP(input_close) struct input_stream stream = INPUT_STREAM_INIT;
	CLEANUP(manifest_reader_free) struct manifest_reader *reader = NULL;
	struct report *report = &request->common.report;
	struct manifest_item item;

	stream.progress = progress;
	*at_file = true;
	if (!files_check(reading_name(request, file), request->recursive, error) ||
	    !input_open(&stream, reading_name(request, file), error))
		return false;
	if (report->verbose)
		progress_hide(progress);
	if (stream.fd != STDIN_FILENO && input_is_binary(&stream)) {
		report_say(report, DIAGNOSTIC_FILE_BINARY, NULL, "%s is binary and was skipped",
		           stream.name);
		return true;
	}
	report_step(report, "read %s", stream.name);
	reader = manifest_reader_new(input_stream_read, &stream);
	if (!request->reads_all)
		manifest_reader_want(reader, workload_wanted);
	while (manifest_reader_next(reader, &item, error)) {
		*at_file = false;
		if (item.event == MANIFEST_END) {
			request->read++;
			return item.document || refuse_empty(request, file, error);
		}
		if (!visit(context, file, &item, error))
			return false;
		*at_file = true;
	}
	return false;
}

bool reading_each(struct reading_request *request, reading_visitor *visit, void *context,
                  struct error *error)
{
	CLEANUP(progress_hide) struct progress progress;

	progress_begin(&progress, &request->files, &request->common.report);
	for (size_t i = 0; i < request->files.count; i++) {
		bool at_file;

		if (visit_file(request, i, &progress, visit, context, &at_file, error))
			continue;
		if (!request->goes_on || !at_file || error->status == STATUS_FAULT)
			return false;
		progress_hide(&progress);
		report_error(error);
		request->unreadable = true;
	}
	return true;
}

void reading_release(struct reading_request *request)
{
	string_list_release(&request->named);
	string_list_release(&request->files);
}
