/* SARIF 2.1.0 (OASIS Standard, 2020), as far as code-scanning pages show it: GitHub, "SARIF
 * support for code scanning"; GitLab and Azure read the same. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../io/columns.h"
#include "check_output.h"
#include "regcred/base/memory.h"
#include "regcred/json/json.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

enum { TOOL_DEPTH = 3, RESULT_DEPTH = 4 };

/* A new object or list in another. NULL, like a NULL `parent`: no memory; the calls that
 * take it then fail in turn, and lose nothing. */
static struct json *add_new(struct json *parent, const char *key, struct json *child)
{
	bool added = key ? json_add(parent, key, child) : json_append(parent, child);

	return added ? child : NULL;
}

static bool add_text(struct json *object, const char *key, const char *text)
{
	return json_add(object, key, json_string(text));
}

/* {"text": TEXT}, which is what SARIF puts every sentence into. */
static bool add_message(struct json *object, const char *key, const char *text)
{
	return add_text(add_new(object, key, json_object()), "text", text);
}

/* ---- The rules ---- */

/* What the pages filter by: the part of the id that names the group. */
static bool add_tags(struct json *properties, const char *id)
{
	struct json *tags = add_new(properties, "tags", json_array());
	bool access = strncmp(id, "rbac-", 5) == 0 || strcmp(id, "last-applied-credential") == 0;

	return json_append(tags, json_string("kubernetes")) &&
	       json_append(tags, json_string("image-pull-secret")) &&
	       json_append(tags, json_string(access ? "security" : "correctness"));
}

static bool add_properties(struct json *descriptor, const struct check_rule_facts *facts)
{
	static const char *const severities[] = {
	    [SEVERITY_ERROR] = "error",
	    [SEVERITY_WARNING] = "warning",
	    [SEVERITY_NOTE] = "recommendation",
	};
	struct json *properties = add_new(descriptor, "properties", json_object());

	return add_tags(properties, facts->id) && add_text(properties, "precision", "very-high") &&
	       add_text(properties, "problem.severity", severities[facts->severity]);
}

static bool add_help(struct json *descriptor, const char *text)
{
	struct json *help = add_new(descriptor, "help", json_object());

	return add_text(help, "text", text) && add_text(help, "markdown", text);
}

static bool add_level(struct json *descriptor, const char *word)
{
	return add_text(add_new(descriptor, "defaultConfiguration", json_object()), "level", word);
}

/* The reason is half a sentence. */
static void build_reason(const struct check_rule_facts *facts, struct buf *out)
{
	buf_append_format(out, "%s.", facts->reason);
	if (out->len && *out->data >= 'a' && *out->data <= 'z')
		*out->data = (char)(*out->data - 'a' + 'A');
}

static bool append_rule(struct json *rules, enum check_rule rule)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT(BUF_NAME_MAX);
	const struct check_rule_facts *facts = check_rule_facts(rule);
	struct json *descriptor = add_new(rules, NULL, json_object());

	build_reason(facts, &reason);
	return !reason.failure && add_text(descriptor, "id", facts->id) &&
	       add_message(descriptor, "shortDescription", reason.data) &&
	       add_message(descriptor, "fullDescription", facts->help) &&
	       add_help(descriptor, facts->help) &&
	       add_level(descriptor, check_severity_word(rule)) &&
	       add_properties(descriptor, facts);
}

static bool write_tool(struct check_sink *sink, struct error *error)
{
	CLEANUP(json_release) struct json *tool = json_object();
	struct json *driver = add_new(tool, "driver", json_object());
	bool built = add_text(driver, "name", "regcred-gen") &&
	             add_text(driver, "version", REGCRED_VERSION) &&
	             add_text(driver, "semanticVersion", REGCRED_VERSION);
	struct json *rules = add_new(driver, "rules", json_array());

	for (int rule = 0; built && rule < CHECK_RULE_COUNT; rule++)
		built = append_rule(rules, (enum check_rule)rule);
	return built ? json_print(tool, JSON_INDENTED, TOOL_DEPTH, &sink->text, error)
	             : error_out_of_memory(error);
}

/* ---- The results ---- */

/* A path as a URI reference (RFC 3986, 3.3 and 4.2): relative to wherever the program
 * ran, which in CI is the root of the repository. */
static void append_uri(struct buf *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                            "0123456789-._~/";

	while (strncmp(path, "./", 2) == 0)
		path += 2 + strspn(path + 2, "/");
	if (*path == '/')
		buf_append_string(out, "file://");
	for (; *path; path++) {
		if (strchr(plain, *path))
			buf_append_char(out, *path);
		else
			buf_append_format(out, "%%%02X", (unsigned char)*path);
	}
}

static bool add_number(struct json *object, const char *key, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, number);
	return json_add(object, key, json_raw(text));
}

static bool add_location(struct json *result, const char *path, struct node_place place)
{
	CLEANUP(buf_release) struct buf uri = BUF_INIT(BUF_NAME_MAX * 4);
	struct json *locations = add_new(result, "locations", json_array());
	struct json *location = add_new(locations, NULL, json_object());
	struct json *physical = add_new(location, "physicalLocation", json_object());
	struct json *artifact = add_new(physical, "artifactLocation", json_object());
	struct json *region = add_new(physical, "region", json_object());

	append_uri(&uri, path);
	return !uri.failure && add_text(artifact, "uri", uri.data) &&
	       (*path == '/' || add_text(artifact, "uriBaseId", "%SRCROOT%")) &&
	       add_number(region, "startLine", place.line) &&
	       add_number(region, "startColumn", place.column);
}

/* FNV-1a in 64 bits. */
static uint64_t hash_more(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	while (*text++);
	return hash;
}

/* The same finding in another run, wherever it has moved in its file. */
static bool add_fingerprint(struct json *result, const char *id, const char *path,
                            const char *message)
{
	struct json *fingerprints = add_new(result, "partialFingerprints", json_object());
	uint64_t hash = UINT64_C(14695981039346656037);
	char text[24];

	hash = hash_more(hash_more(hash_more(hash, id), path), message);
	snprintf(text, sizeof text, "%016" PRIx64, hash);
	return add_text(fingerprints, "ruleFileMessage/v1", text);
}

/* Pages with little room show the first sentence alone. False: no memory. */
static bool build_text(const struct check_finding *finding, struct buf *out)
{
	CLEANUP(buf_release) struct buf clean = BUF_INIT(BUF_CONFIG_MAX);
	bool whole;

	check_clean_text(finding->message, &clean);
	whole = !clean.failure;
	buf_append_format(out, "%s.", clean.data);
	if (*finding->hint) {
		check_clean_text(finding->hint, &clean);
		whole = whole && !clean.failure;
		buf_append_format(out, " Hint: %s", clean.data);
	}
	return whole && !out->failure;
}

/* SARIF counts code points or the halves of UTF-16, never bytes (3.14.17, columnKind). */
static struct node_place place_of(const struct check_finding *finding, const char *path,
                                  struct columns *columns)
{
	struct node_place place = finding->place;

	place.line += place.line == 0;
	place.column += place.column == 0;
	place.column = columns_in_characters(columns, path, place.line, place.column);
	return place;
}

static bool write_result(const struct check_result *result, const struct check_finding *finding,
                         struct columns *columns, struct check_sink *sink, struct error *error)
{
	CLEANUP(json_release) struct json *object = json_object();
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *id = check_rule_facts(finding->rule)->id;
	const char *path = reading_name(result->reading, finding->file);

	if (!build_text(finding, &text) || !add_text(object, "ruleId", id) ||
	    !add_number(object, "ruleIndex", (uint64_t)finding->rule) ||
	    !add_text(object, "level", check_severity_word(finding->rule)) ||
	    !add_message(object, "message", text.data) ||
	    !add_location(object, path, place_of(finding, path, columns)) ||
	    !add_fingerprint(object, id, path, text.data) || columns->starved)
		return error_out_of_memory(error);
	return json_print(object, JSON_INDENTED, RESULT_DEPTH, &sink->text, error);
}

bool check_write_sarif(const struct check_result *result, struct check_sink *sink,
                       struct error *error)
{
	CLEANUP(columns_release) struct columns columns = COLUMNS_INIT;
	size_t count = check_finding_count(result->check);

	buf_append_string(&sink->text, "{\n    \"$schema\": \"" SCHEMA "\",\n"
	                               "    \"version\": \"2.1.0\",\n"
	                               "    \"runs\": [\n        {\n            \"tool\": ");
	if (!write_tool(sink, error))
		return false;
	buf_append_string(&sink->text, ",\n            \"columnKind\": \"unicodeCodePoints\",\n"
	                               "            \"results\": [");
	for (size_t i = 0; i < count; i++) {
		buf_append_string(&sink->text, i ? ",\n                " : "\n                ");
		if (!write_result(result, check_finding(result->check, i), &columns, sink, error) ||
		    !check_sink_flush(sink, error))
			return false;
	}
	buf_append_string(&sink->text, count ? "\n            ]" : "]");
	buf_append_string(&sink->text, "\n        }\n    ]\n}\n");
	return buf_check(&sink->text, "the result", error);
}
