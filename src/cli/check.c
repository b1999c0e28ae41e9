#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "../io/files.h"
#include "../io/input.h"
#include "../io/machine.h"
#include "check_output.h"
#include "commands.h"
#include "regcred/base/memory.h"

/* In the order of the words of --output. */
enum check_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF, FORMAT_GITHUB, FORMAT_GITLAB };

struct check_request {
	struct reading_request reading;
	struct string_list assumed;
	bool complete, list_rules;
	struct check *check;
};

static void release_request(struct check_request *request)
{
	reading_release(&request->reading);
	string_list_release(&request->assumed);
	check_free(&request->check);
}

/* --- options -------------------------------------------------------------------------- */

/* clang-format off */
static const struct option_row rows[] = {
	READING_ROW,
	{"Rules", "assume", NULL, 0, "[NS/]SECRET",
	 "assume that this Secret exists; repeatable", OPTIONS_SECRETS(struct check_request, assumed)},
	{NULL, "complete", NULL, 0, NULL,
	 "report every reference to a Secret that is not given", OPTIONS_FLAG(struct check_request, complete)},
	{NULL, "list-rules", NULL, 0, NULL,
	 "list the rules and exit", OPTIONS_FLAG(struct check_request, list_rules)},
	{"Output", "output", NULL, 'o', "FORMAT", "text (default), json, sarif, github or gitlab",
	 OPTIONS_OUTPUT("text json sarif github gitlab")},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table check_options = {rows, reading_set_argument, "check"};

/* --- the rules ------------------------------------------------------------------------ */

enum { RULE_COLUMN = 25, SEVERITY_COLUMN = 9 };

static void append_rules(struct buf *text)
{
	for (int i = 0; i < CHECK_RULE_COUNT; i++) {
		const struct check_rule_facts *rule = check_rule_facts((enum check_rule)i);

		buf_append_format(text, "%-*s%-*s%s\n", RULE_COLUMN, rule->id, SEVERITY_COLUMN,
		                  report_severity_word(rule->severity), rule->reason);
	}
}

static struct json *json_of_rule(enum check_rule number)
{
	const struct check_rule_facts *rule = check_rule_facts(number);

	return json_build("{rule:%s,severity:%s,reason:%s,help:%s}", rule->id,
	                  report_severity_word(rule->severity), rule->reason, rule->help);
}

static bool write_rules(const struct check_request *request, struct sink *sink, struct error *error)
{
	if (request->reading.common.output.index == FORMAT_TEXT) {
		append_rules(&sink->text);
		return true;
	}
	for (int i = 0; i < CHECK_RULE_COUNT; i++)
		if (!sink_add(sink, json_of_rule((enum check_rule)i), error))
			return false;
	return true;
}

static bool list_rules(const struct check_request *request, struct error *error)
{
	CLEANUP(sink_release) struct sink sink = SINK_INIT;
	int format = request->reading.common.output.index;

	if (format > FORMAT_JSON)
		return error_set(error, DIAGNOSTIC_OPTION_VALUE, "use -o json, or leave -o out",
		                 "--list-rules is written as text or json");
	return sink_open(&sink, format == FORMAT_JSON, error) &&
	       write_rules(request, &sink, error) && sink_finish(&sink, error);
}

/* --- the findings --------------------------------------------------------------------- */

/* What Chainsaw and kuttl compare the cluster with: fragments of objects, from which nothing
 * is made. Their files are called 00-assert.yaml, errors.yaml, chainsaw-assert-1.yaml. */
static bool is_assertion(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	return strstr(name, "assert") || strncmp(name, "errors", 6) == 0 ||
	       strstr(name, "-errors") || strstr(name, "-error-");
}

static bool visit(void *context, size_t file, const struct manifest_item *item, struct error *error)
{
	const struct check_request *request = context;
	CLEANUP(buf_release) struct buf chart = BUF_INIT(BUF_NAME_MAX);
	const char *path = reading_name(&request->reading, file);

	if (item->event == MANIFEST_OBJECT && is_assertion(path))
		return true;
	check_set_on_node(request->check, strstr(path, "etc/kubernetes/manifests/"));
	if (item->event != MANIFEST_TEMPLATE || !chart_find(path, &chart))
		return check_add(request->check, file, item, error);
	check_add_template(request->check, file, item, chart.data);
	return true;
}

static void report_remarks(struct check_request *request)
{
	const struct check *check = request->check;
	struct report *report = &request->reading.common.report;

	for (size_t i = 0; i < check_results(check)->remark_count; i++) {
		const struct check_remark *remark = &check_results(check)->remarks[i];

		report_say(report, DIAGNOSTIC_IGNORE_UNKNOWN,
		           "regcred-gen check --list-rules lists them",
		           "%s:%" PRIu64 ":%" PRIu64
		           ": the annotation regcred-gen/ignore names \"%s\", which is not a rule",
		           input_name(reading_name(&request->reading, remark->file)),
		           remark->place.line, remark->place.column, remark->word);
	}
	if (check_results(check)->unlisted)
		report_say(report, DIAGNOSTIC_FINDINGS_UNLISTED, NULL,
		           "%zu more findings are not listed", check_results(check)->unlisted);
}

static const struct {
	check_lines *lines;
	check_element *element; /* without lines */
} formats[] = {
    [FORMAT_TEXT] = {check_append_lines, NULL},  [FORMAT_JSON] = {NULL, check_json},
    [FORMAT_SARIF] = {NULL, check_sarif_result}, [FORMAT_GITHUB] = {check_append_command, NULL},
    [FORMAT_GITLAB] = {NULL, check_quality},
};

static bool write_each(const struct check_request *request, struct sink *sink, struct error *error)
{
	CLEANUP(check_writing_release)
	struct check_writing writing = {.reading = &request->reading,
	                                .quiet = request->reading.common.report.quiet,
	                                .colour = screen_has_colour(STDOUT_FILENO),
	                                .columns = COLUMNS_INIT};
	int format = request->reading.common.output.index;

	for (size_t i = 0; i < check_results(request->check)->finding_count; i++) {
		const struct check_finding *finding = &check_results(request->check)->findings[i];

		if (formats[format].lines)
			formats[format].lines(&writing, finding, &sink->text);
		if (!(formats[format].lines
		          ? sink_flush(sink, error)
		          : sink_add(sink, formats[format].element(&writing, finding), error)))
			return false;
	}
	return true;
}

static bool write_findings(const struct check_request *request, struct error *error)
{
	CLEANUP(sink_release) struct sink sink = SINK_INIT;
	int format = request->reading.common.output.index;
	bool sarif = format == FORMAT_SARIF;

	if (!sink_open(&sink, !formats[format].lines && !sarif, error) ||
	    (sarif && !check_begin_sarif(&sink, error)) || !write_each(request, &sink, error))
		return false;
	if (sarif)
		check_end_sarif(&sink);
	return sink_finish(&sink, error);
}

/* Counts joined by commas, the last by "and". */
static void append_counts(struct buf *out, const size_t *counts, const char *const *nouns,
                          size_t number, bool nothings)
{
	size_t last = number;

	while (last && !nothings && !counts[last - 1])
		last--;
	for (size_t i = 0, written = 0; i < last; i++)
		if (counts[i] || nothings)
			buf_append_format(out, "%s%zu %s%s",
			                  !written++      ? ""
			                  : i == last - 1 ? " and "
			                                  : ", ",
			                  counts[i], nouns[i], counts[i] == 1 ? "" : "s");
}

/* "Clean" and "nothing was read" must not look the same. */
static void append_summary(const struct check_request *request, struct buf *line)
{
	const struct check *check = request->check;
	static const char *const kinds[] = {"Secret", "ServiceAccount", "workload"};
	static const char *const severities[] = {"error", "warning", "note"};
	struct check_counts counts = check_results(check)->counts;
	size_t found[SEVERITY_NOTE + 1] = {0};

	for (size_t i = 0; i < check_results(check)->finding_count; i++)
		found[check_results(check)->findings[i].severity]++;
	buf_append_string(line, "checked ");
	append_counts(line, (size_t[]){counts.secrets, counts.accounts, counts.workloads}, kinds, 3,
	              true);
	buf_append_format(line, " in %zu file%s: ", request->reading.read,
	                  request->reading.read == 1 ? "" : "s");
	append_counts(line, found, severities, SEVERITY_NOTE + 1, false);
	buf_append_string(line, check_results(check)->finding_count ? "\n" : "nothing found\n");
}

/* What is not listed may be anything. */
static enum status judge(const struct check_request *request)
{
	const struct check *check = request->check;
	const struct report *report = &request->reading.common.report;
	enum severity worst = check_results(check)->unlisted ? SEVERITY_ERROR : SEVERITY_NOTE;

	if (request->reading.unreadable)
		return STATUS_SYSTEM;
	for (size_t i = 0; i < check_results(check)->finding_count; i++) {
		enum severity severity = check_results(check)->findings[i].severity;

		worst = severity < worst ? severity : worst;
	}
	return worst == SEVERITY_ERROR || (worst == SEVERITY_WARNING && report->strict) ? STATUS_NO
	                                                                                : STATUS_OK;
}

static bool check_manifests(struct check_request *request, enum status *status, struct error *error)
{
	CLEANUP(buf_release) struct buf summary = BUF_INIT(BUF_NAME_MAX);
	struct reading_request *reading = &request->reading;

	request->check = check_new(&(struct check_options){.now = clock_now(),
	                                                   .ignored = reading->common.ignored,
	                                                   .complete = request->complete,
	                                                   .assumed = &request->assumed});
	reading->refuses_empty = reading->goes_on = true;
	if (!reading_settle(reading, error) || !reading_each(reading, visit, request, error))
		return false;
	check_finish(request->check);
	report_remarks(request);
	*status = judge(request);
	append_summary(request, &summary);
	if (!write_findings(request, error))
		return false;
	if (!reading->common.report.quiet)
		report_text(&summary);
	return true;
}

static bool work(void *context, enum status *status, struct error *error)
{
	struct check_request *request = context;

	return request->list_rules ? list_rules(request, error)
	                           : check_manifests(request, status, error);
}

enum status check_run(int argc, char **argv)
{
	CLEANUP(release_request) struct check_request request = {.list_rules = false};

	return commands_do("check", argc, argv, &request, work);
}
