#include "check_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../io/machine.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"
#include "regcred/base/string_list.h"

const char *check_severity_word(enum severity severity)
{
	static const char *const words[] = {
	    [SEVERITY_ERROR] = "error",
	    [SEVERITY_WARNING] = "warning",
	    [SEVERITY_NOTE] = "note",
	};

	return words[severity];
}

const char *check_path(const struct check_result *result, const struct check_finding *finding)
{
	const char *path = reading_name(result->reading, finding->file);

	while (strncmp(path, "./", 2) == 0)
		path += 2 + strspn(path + 2, "/");
	return path;
}

void check_append_text(const struct check_finding *finding, struct buf *out)
{
	buf_append_format(out, "%s.%s%s", finding->message, *finding->hint ? " Hint: " : "",
	                  finding->hint);
}

struct node_place check_place(const struct check_result *result,
                              const struct check_finding *finding, struct columns *columns)
{
	struct node_place place = finding->place;

	place.line += place.line == 0;
	place.column += place.column == 0;
	place.column = columns_in_characters(columns, reading_name(result->reading, finding->file),
	                                     place.line, place.column);
	return place;
}

/* FNV-1a in 64 bits. */
static uint64_t hash_more(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	while (*text++);
	return hash;
}

uint64_t check_fingerprint(const struct check_finding *finding, const char *path, const char *text)
{
	uint64_t hash =
	    hash_more(UINT64_C(14695981039346656037), check_rule_facts(finding->rule)->id);

	return hash_more(hash_more(hash, path), text);
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
	append_harmless(out, reading_name(result->reading, finding->file));
	buf_append_format(out, ":%" PRIu64 ":%" PRIu64 ": %s%s:%s ", finding->place.line,
	                  finding->place.column, colour ? colour_of(finding->severity) : "",
	                  check_severity_word(finding->severity), colour ? "\033[0m" : "");
	append_harmless(out, finding->message);
	buf_append_format(out, " [%s]\n", check_rule_facts(finding->rule)->id);
	if (*finding->hint) {
		buf_append_string(out, "hint: ");
		append_harmless(out, finding->hint);
		buf_append_char(out, '\n');
	}
}

bool check_write_text(const struct check_result *result, struct sink *sink, struct error *error)
{
	bool colour = screen_has_colour(sink->output.fd);

	for (size_t i = 0; i < check_finding_count(result->check); i++) {
		const struct check_finding *finding = check_finding(result->check, i);

		if (result->quiet && finding->severity == SEVERITY_NOTE)
			continue;
		append_finding(result, finding, colour, &sink->text);
		if (!sink_flush(sink, error))
			return false;
	}
	return true;
}

/* ---- JSON ---- */

struct json *check_finding_json(const struct check_finding *finding, const char *file)
{
	return json_build("{file:%t,line:%d,column:%d,severity:%s,rule:%s,message:%t,hint:%t}",
	                  file, (long long)finding->place.line, (long long)finding->place.column,
	                  check_severity_word(finding->severity),
	                  check_rule_facts(finding->rule)->id, finding->message, finding->hint);
}

bool check_write_json(const struct check_result *result, struct sink *sink, struct error *error)
{
	for (size_t i = 0; i < check_finding_count(result->check); i++) {
		const struct check_finding *finding = check_finding(result->check, i);
		const char *file = reading_name(result->reading, finding->file);

		if (!sink_add(sink, check_finding_json(finding, file), error))
			return false;
	}
	return true;
}

/* ---- GitHub: workflow commands ---- */

/* As actions/toolkit packages/core/src/command.ts escapes: escapeData, escapeProperty. */
static void append_escaped(struct buf *out, const struct buf *text, const char *special)
{
	for (size_t i = 0; i < text->len; i++)
		if (strchr(special, text->data[i]))
			buf_append_format(out, "%%%02X", (unsigned char)text->data[i]);
		else
			buf_append_char(out, text->data[i]);
}

static void append_command(const struct check_result *result, const struct check_finding *finding,
                           struct columns *columns, struct buf *out)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf plain = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct node_place place = check_place(result, finding, columns);

	append_harmless(&path, check_path(result, finding));
	check_append_text(finding, &plain);
	harmless_append(&text, plain.data, plain.len);
	buf_append_format(
	    out, "::%s file=",
	    finding->severity == SEVERITY_NOTE ? "notice" : check_severity_word(finding->severity));
	append_escaped(out, &path, "%\r\n:,");
	buf_append_format(out, ",line=%" PRIu64 ",col=%" PRIu64 ",title=%s::", place.line,
	                  place.column, check_rule_facts(finding->rule)->id);
	append_escaped(out, &text, "%\r\n");
	buf_append_char(out, '\n');
}

bool check_write_github(const struct check_result *result, struct sink *sink, struct error *error)
{
	CLEANUP(columns_release) struct columns columns = COLUMNS_INIT;

	for (size_t i = 0; i < check_finding_count(result->check); i++) {
		append_command(result, check_finding(result->check, i), &columns, &sink->text);
		if (!sink_flush(sink, error))
			return false;
	}
	return true;
}

/* ---- GitLab: a code quality report ---- */

/* GitLab drops all but one of those with the same fingerprint: the same finding in one file
 * is numbered. */
struct repetitions {
	struct string_list keys;
	size_t *counts;
	size_t count, capacity;
};

static struct json *fingerprint_of(const struct check_finding *finding, const char *path,
                                   struct repetitions *seen)
{
	uint64_t hash = check_fingerprint(finding, path, finding->message);
	char text[64];
	uint32_t number =
	    string_list_number(&seen->keys, (struct view){(const char *)&hash, sizeof hash});

	while (seen->count <= number) {
		memory_extend(&seen->counts, seen->count, &seen->capacity, sizeof *seen->counts);
		seen->counts[seen->count++] = 0;
	}
	snprintf(text, sizeof text, "%016" PRIx64 "-%zu", hash, seen->counts[number]++);
	return json_string(text);
}

static struct json *quality_of(const struct check_result *result,
                               const struct check_finding *finding, struct repetitions *seen)
{
	static const char *const severities[] = {
	    [SEVERITY_ERROR] = "major",
	    [SEVERITY_WARNING] = "minor",
	    [SEVERITY_NOTE] = "info",
	};
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *path = check_path(result, finding);
	uint64_t line = finding->place.line;

	check_append_text(finding, &text);
	return json_build("{description:%t,check_name:%s,fingerprint:%j,severity:%s,"
	                  "location:{path:%t,lines:{begin:%d}}}",
	                  text.data, check_rule_facts(finding->rule)->id,
	                  fingerprint_of(finding, path, seen), severities[finding->severity], path,
	                  (long long)(line ? line : 1));
}

bool check_write_gitlab(const struct check_result *result, struct sink *sink, struct error *error)
{
	struct repetitions seen = {0};
	bool written = true;

	for (size_t i = 0; written && i < check_finding_count(result->check); i++)
		written = sink_add(sink, quality_of(result, check_finding(result->check, i), &seen),
		                   error);
	string_list_release(&seen.keys);
	memory_release(seen.counts);
	return written;
}
