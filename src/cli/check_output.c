#include "check_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"

const char *check_path(const struct check_writing *writing, const struct check_finding *finding)
{
	const char *path = reading_name(writing->reading, finding->file);

	while (strncmp(path, "./", 2) == 0)
		path += 2 + strspn(path + 2, "/");
	return path;
}

void check_append_text(const struct check_finding *finding, struct buf *out)
{
	buf_append_format(out, "%s.%s%s", finding->message, *finding->hint ? " Hint: " : "",
	                  finding->hint);
}

struct node_place check_place(struct check_writing *writing, const struct check_finding *finding)
{
	struct node_place place = finding->place;

	place.line += place.line == 0;
	place.column += place.column == 0;
	place.column =
	    columns_in_characters(&writing->columns, reading_name(writing->reading, finding->file),
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

static void append_harmless(struct buf *out, const char *text)
{
	harmless_append(out, text, strlen(text));
}

void check_append_lines(struct check_writing *writing, const struct check_finding *finding,
                        struct buf *out)
{
	if (writing->quiet && finding->severity == SEVERITY_NOTE)
		return;
	append_harmless(out, reading_name(writing->reading, finding->file));
	buf_append_format(out, ":%" PRIu64 ":%" PRIu64 ": ", finding->place.line,
	                  finding->place.column);
	report_append(out, writing->colour, finding->severity, check_rule_facts(finding->rule)->id,
	              finding->message, finding->hint);
}

/* ---- JSON ---- */

struct json *check_finding_json(const struct check_finding *finding, const char *file)
{
	return json_build("{file:%t,line:%d,column:%d,severity:%s,rule:%s,message:%t,hint:%t}",
	                  file, (long long)finding->place.line, (long long)finding->place.column,
	                  report_severity_word(finding->severity),
	                  check_rule_facts(finding->rule)->id, finding->message, finding->hint);
}

struct json *check_json(struct check_writing *writing, const struct check_finding *finding)
{
	return check_finding_json(finding, reading_name(writing->reading, finding->file));
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

void check_append_command(struct check_writing *writing, const struct check_finding *finding,
                          struct buf *out)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf plain = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct node_place place = check_place(writing, finding);

	append_harmless(&path, check_path(writing, finding));
	check_append_text(finding, &plain);
	harmless_append(&text, plain.data, plain.len);
	buf_append_format(out, "::%s file=",
	                  finding->severity == SEVERITY_NOTE
	                      ? "notice"
	                      : report_severity_word(finding->severity));
	append_escaped(out, &path, "%\r\n:,");
	buf_append_format(out, ",line=%" PRIu64 ",col=%" PRIu64 ",title=%s::", place.line,
	                  place.column, check_rule_facts(finding->rule)->id);
	append_escaped(out, &text, "%\r\n");
	buf_append_char(out, '\n');
}

/* ---- GitLab: a code quality report ---- */

/* GitLab drops all but one of those with the same fingerprint: the same finding in one file
 * is numbered. */
static struct json *fingerprint_of(struct check_writing *writing,
                                   const struct check_finding *finding, const char *path)
{
	uint64_t hash = check_fingerprint(finding, path, finding->message);
	char text[64];
	uint32_t number =
	    string_list_number(&writing->seen, (struct view){(const char *)&hash, sizeof hash});

	while (writing->count <= number) {
		memory_extend(&writing->repeated, writing->count, &writing->capacity,
		              sizeof *writing->repeated);
		writing->repeated[writing->count++] = 0;
	}
	snprintf(text, sizeof text, "%016" PRIx64 "-%zu", hash, writing->repeated[number]++);
	return json_string(text);
}

struct json *check_quality(struct check_writing *writing, const struct check_finding *finding)
{
	static const char *const severities[] = {
	    [SEVERITY_ERROR] = "major",
	    [SEVERITY_WARNING] = "minor",
	    [SEVERITY_NOTE] = "info",
	};
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *path = check_path(writing, finding);
	uint64_t line = finding->place.line;

	check_append_text(finding, &text);
	return json_build("{description:%t,check_name:%s,fingerprint:%j,severity:%s,"
	                  "location:{path:%t,lines:{begin:%d}}}",
	                  text.data, check_rule_facts(finding->rule)->id,
	                  fingerprint_of(writing, finding, path), severities[finding->severity],
	                  path, (long long)(line ? line : 1));
}

/* ---- All of them ---- */

void check_writing_release(struct check_writing *writing)
{
	columns_release(&writing->columns);
	string_list_release(&writing->seen);
	memory_release(writing->repeated);
}
