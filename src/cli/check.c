#include "check.h"

#include <inttypes.h>
#include <string.h>

#include "../io/clock.h"
#include "check_output.h"
#include "commands.h"
#include "help.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"
#include "regcred/json/json.h"

enum check_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF };

struct check_request {
	struct reading_request reading;
	int format; /* enum check_format */
	bool format_given, complete, list_rules;
};

static void release_request(struct check_request *request)
{
	reading_release(&request->reading);
}

/* --- options -------------------------------------------------------------------------- */

static bool set_output(void *context, const struct option_row *row, char *value,
                       struct error *error)
{
	struct check_request *request = context;

	return options_take_word(row, value, &request->format_given, &request->format, error);
}

static bool set_complete(void *context, const struct option_row *row, char *value,
                         struct error *error)
{
	struct check_request *request = context;

	(void)row, (void)value, (void)error;
	return request->complete = true;
}

static bool set_list_rules(void *context, const struct option_row *row, char *value,
                           struct error *error)
{
	struct check_request *request = context;

	(void)row, (void)value, (void)error;
	return request->list_rules = true;
}

/* clang-format off */
static const struct option_row rows[] = {
	READING_ROW,
	{"Rules", "complete", NULL, 0, NULL,
	 "everything that is referred to must be here", VALUE_NONE, NULL, set_complete},
	{NULL, "list-rules", NULL, 0, NULL,
	 "show the rules, and check nothing", VALUE_NONE, NULL, set_list_rules},
	{"Output", "output", NULL, 'o', "FORMAT", "text (default), json or sarif", VALUE_WORDS,
	 "text json sarif", set_output},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table check_options = {rows, reading_set_argument, "check"};

/* --- the rules ------------------------------------------------------------------------ */

enum { RULE_COLUMN = 26, SEVERITY_COLUMN = 9 };

static void append_rules(struct buf *text)
{
	for (int i = 0; i < CHECK_RULE_COUNT; i++) {
		const struct check_rule_facts *rule = check_rule_facts((enum check_rule)i);

		buf_append_format(text, "%-*s%-*s%s\n", RULE_COLUMN, rule->id, SEVERITY_COLUMN,
		                  check_severity_word((enum check_rule)i), rule->reason);
	}
}

static struct json *json_of_rule(enum check_rule number)
{
	const struct check_rule_facts *rule = check_rule_facts(number);
	struct json *object = json_object();

	if (json_add(object, "rule", json_string(rule->id)) &&
	    json_add(object, "severity", json_string(check_severity_word(number))) &&
	    json_add(object, "reason", json_string(rule->reason)) &&
	    json_add(object, "help", json_string(rule->help)))
		return object;
	json_release(&object);
	return NULL;
}

static bool append_rules_json(struct buf *text, struct error *error)
{
	CLEANUP(json_release) struct json *list = json_array();

	for (int i = 0; i < CHECK_RULE_COUNT; i++)
		if (!json_append(list, json_of_rule((enum check_rule)i)))
			return error_out_of_memory(error);
	if (!json_print(list, JSON_INDENTED, 0, text, error))
		return false;
	buf_append_char(text, '\n');
	return true;
}

static bool list_rules(const struct check_request *request, enum status *status,
                       struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	if (request->format == FORMAT_SARIF) {
		return error_set(error, DIAGNOSTIC_OPTION_VALUE,
		                 "check -o sarif has the rules beside its results",
		                 "--list-rules is written as text or json");
	}
	if (request->format == FORMAT_TEXT)
		append_rules(&text);
	else if (!append_rules_json(&text, error))
		return false;
	*status = help_print_text(&text);
	return true;
}

/* --- the findings --------------------------------------------------------------------- */

static bool visit(void *context, size_t file, const struct manifest_item *item, struct error *error)
{
	return check_add(context, file, item, error);
}

static void tell_remarks(struct check_request *request, const struct check *check)
{
	struct report *report = &request->reading.common.report;

	for (size_t i = 0; i < check_remark_count(check); i++) {
		const struct check_remark *remark = check_remark(check, i);

		report_say(report, DIAGNOSTIC_IGNORE_UNKNOWN,
		           "check --list-rules shows all of them",
		           "%s:%" PRIu64 ":%" PRIu64
		           ": the annotation regcred-gen/ignore names \"%s\", which is no rule",
		           reading_name(&request->reading, remark->file), remark->place.line,
		           remark->place.column, remark->word);
	}
	if (check_unlisted(check))
		report_say(report, DIAGNOSTIC_FINDINGS_UNLISTED, NULL,
		           "%zu more findings are not listed", check_unlisted(check));
}

static bool write_findings(const struct check_request *request, const struct check *check,
                           struct error *error)
{
	static check_writer *const writers[] = {
	    [FORMAT_TEXT] = check_write_text,
	    [FORMAT_JSON] = check_write_json,
	    [FORMAT_SARIF] = check_write_sarif,
	};
	CLEANUP(output_release) struct output output = OUTPUT_INIT;
	struct check_sink sink = {.output = &output, .text = BUF_INIT(BUF_CONFIG_MAX)};
	const struct check_result result = {
	    .check = check,
	    .reading = &request->reading,
	    .quiet = request->reading.common.report.quiet,
	};
	bool written = output_open(&output, NULL, error) &&
	               writers[request->format](&result, &sink, error) &&
	               check_sink_finish(&sink, error) && output_commit(&output, error);

	buf_release(&sink.text);
	return written;
}

/* What is not listed may be anything. */
static enum status judge(const struct check_request *request, const struct check *check,
                         bool unreadable)
{
	const struct report *report = &request->reading.common.report;
	enum severity worst = check_unlisted(check) ? SEVERITY_ERROR : SEVERITY_NOTE;

	if (unreadable)
		return STATUS_SYSTEM;
	for (size_t i = 0; i < check_finding_count(check); i++) {
		enum severity severity = check_rule_facts(check_finding(check, i)->rule)->severity;

		worst = severity < worst ? severity : worst;
	}
	if (worst == SEVERITY_ERROR || (worst == SEVERITY_WARNING && report->strict))
		return STATUS_NO;
	return report->failed ? STATUS_NO : STATUS_OK;
}

static bool check_manifests(struct check_request *request, enum status *status, struct error *error)
{
	const struct check_options options = {.now = clock_now(),
	                                      .ignored = request->reading.common.ignored,
	                                      .complete = request->complete};
	CLEANUP(check_free) struct check *check = NULL;
	bool unreadable = false;

	if (!reading_settle(&request->reading, error))
		return false;
	check = check_new(&options);
	if (!reading_each(&request->reading, visit, check, &unreadable, error) ||
	    !check_finish(check, error))
		return false;
	tell_remarks(request, check);
	*status = judge(request, check, unreadable);
	return write_findings(request, check, error);
}

enum status check_run(int argc, char **argv)
{
	CLEANUP(release_request) struct check_request request = {.list_rules = false};
	enum status status = STATUS_OK;
	struct error error;

	if (!commands_begin("check", argc, argv, &request, &status))
		return status;
	if (request.list_rules ? list_rules(&request, &status, &error)
	                       : check_manifests(&request, &status, &error))
		return status;
	report_error(&error);
	return error.status;
}
