#include "check_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../io/screen.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/json/json.h"

enum { FLUSH_SIZE = 64 * 1024 };

bool check_sink_flush(struct check_sink *sink, struct error *error)
{
	if (!buf_check(&sink->text, "the result", error))
		return false;
	if (sink->text.len < FLUSH_SIZE)
		return true;
	return check_sink_finish(sink, error);
}

bool check_sink_finish(struct check_sink *sink, struct error *error)
{
	if (!buf_check(&sink->text, "the result", error) ||
	    !output_write(sink->output, sink->text.data, sink->text.len, error))
		return false;
	buf_rewind(&sink->text);
	return true;
}

const char *check_severity_word(enum check_rule rule)
{
	static const char *const words[] = {
	    [SEVERITY_ERROR] = "error",
	    [SEVERITY_WARNING] = "warning",
	    [SEVERITY_NOTE] = "note",
	};

	return words[check_rule_facts(rule)->severity];
}

void check_clean_text(const char *text, struct buf *out)
{
	size_t len = strlen(text);

	buf_reset(out);
	for (size_t at = 0; at < len;) {
		char valid[UTF8_MAX];
		uint32_t rune;

		at += utf8_decode(text + at, len - at, &rune);
		buf_append(out, valid,
		           utf8_encode(rune == UTF8_INVALID ? UTF8_REPLACEMENT : rune, valid));
	}
}

/* ---- Text ---- */

static const char *colour_of(enum severity severity)
{
	static const char *const colours[] = {
	    [SEVERITY_ERROR] = "\033[1;31m",
	    [SEVERITY_WARNING] = "\033[1;35m",
	    [SEVERITY_NOTE] = "\033[1;36m",
	};

	return colours[severity];
}

static void append_harmless(struct buf *out, const char *text)
{
	harmless_append(out, text, strlen(text));
}

static void append_finding(const struct check_result *result, const struct check_finding *finding,
                           bool colour, struct buf *out)
{
	const struct check_rule_facts *rule = check_rule_facts(finding->rule);

	append_harmless(out, reading_name(result->reading, finding->file));
	buf_append_format(out, ":%" PRIu64 ":%" PRIu64 ": %s%s:%s ", finding->place.line,
	                  finding->place.column, colour ? colour_of(rule->severity) : "",
	                  check_severity_word(finding->rule), colour ? "\033[0m" : "");
	append_harmless(out, finding->message);
	buf_append_format(out, " [%s]\n", rule->id);
	if (*finding->hint) {
		buf_append_string(out, "hint: ");
		append_harmless(out, finding->hint);
		buf_append_char(out, '\n');
	}
}

bool check_write_text(const struct check_result *result, struct check_sink *sink,
                      struct error *error)
{
	bool colour = screen_has_colour(sink->output->fd);

	for (size_t i = 0; i < check_finding_count(result->check); i++) {
		const struct check_finding *finding = check_finding(result->check, i);

		if (result->quiet && check_rule_facts(finding->rule)->severity == SEVERITY_NOTE)
			continue;
		append_finding(result, finding, colour, &sink->text);
		if (!check_sink_flush(sink, error))
			return false;
	}
	return true;
}

/* ---- JSON ---- */

static bool add_text(struct json *object, const char *key, const char *text)
{
	return json_add(object, key, json_bytes(text, strlen(text)));
}

static bool add_number(struct json *object, const char *key, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, number);
	return json_add(object, key, json_raw(text));
}

static bool write_object(const struct check_result *result, const struct check_finding *finding,
                         struct buf *out, struct error *error)
{
	CLEANUP(json_release) struct json *object = json_object();

	if (!add_text(object, "file", reading_name(result->reading, finding->file)) ||
	    !add_number(object, "line", finding->place.line) ||
	    !add_number(object, "column", finding->place.column) ||
	    !add_text(object, "severity", check_severity_word(finding->rule)) ||
	    !add_text(object, "rule", check_rule_facts(finding->rule)->id) ||
	    !add_text(object, "message", finding->message) ||
	    !add_text(object, "hint", finding->hint))
		return error_out_of_memory(error);
	return json_print(object, JSON_INDENTED, 1, out, error);
}

bool check_write_json(const struct check_result *result, struct check_sink *sink,
                      struct error *error)
{
	size_t count = check_finding_count(result->check);

	buf_append_char(&sink->text, '[');
	for (size_t i = 0; i < count; i++) {
		buf_append_string(&sink->text, i ? ",\n    " : "\n    ");
		if (!write_object(result, check_finding(result->check, i), &sink->text, error) ||
		    !check_sink_flush(sink, error))
			return false;
	}
	buf_append_string(&sink->text, count ? "\n]\n" : "]\n");
	return true;
}
