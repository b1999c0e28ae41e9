/* SARIF 2.1.0 (OASIS Standard, 2020), as far as code-scanning pages show it: GitHub, "SARIF
 * support for code scanning"; GitLab and Azure read the same. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check_output.h"
#include "regcred/base/memory.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

enum { TOOL_DEPTH = 3 };

/* A new object or list in another. */
static struct json *add_new(struct json *parent, const char *key, struct json *child)
{
	if (key)
		json_add(parent, key, child);
	else
		json_append(parent, child);
	return child;
}

/* {"text": TEXT}, which is what SARIF puts every sentence into. */
static void add_message(struct json *object, const char *key, const char *text)
{
	json_add(object, key, json_object_of("text", json_bytes(text, strlen(text))));
}

/* ---- The rules ---- */

/* What the pages filter by: the part of the id that names the group. */
static struct json *tags_of(const char *id)
{
	struct json *tags = json_array();
	bool access = strncmp(id, "rbac-", 5) == 0 || strcmp(id, "last-applied-credential") == 0;

	json_append(tags, json_string("kubernetes"));
	json_append(tags, json_string("image-pull-secret"));
	json_append(tags, json_string(access ? "security" : "correctness"));
	return tags;
}

static struct json *properties_of(const struct check_rule_facts *facts)
{
	static const char *const severities[] = {
	    [SEVERITY_ERROR] = "error",
	    [SEVERITY_WARNING] = "warning",
	    [SEVERITY_NOTE] = "recommendation",
	};
	struct json *properties = json_object();

	json_add(properties, "tags", tags_of(facts->id));
	json_add_text(properties, "precision", "very-high");
	json_add_text(properties, "problem.severity", severities[facts->severity]);
	return properties;
}

static struct json *help_of(const char *text)
{
	struct json *help = json_object();

	json_add_text(help, "text", text);
	json_add_text(help, "markdown", text);
	return help;
}

/* The reason is half a sentence. */
static void append_reason(const struct check_rule_facts *facts, struct buf *out)
{
	buf_append_format(out, "%s.", facts->reason);
	if (*out->data >= 'a' && *out->data <= 'z')
		*out->data = (char)(*out->data - 'a' + 'A');
}

static struct json *rule_of(enum check_rule rule)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT(BUF_NAME_MAX);
	const struct check_rule_facts *facts = check_rule_facts(rule);
	const char *level = check_severity_word(facts->severity);
	struct json *descriptor = json_object();

	append_reason(facts, &reason);
	json_add_text(descriptor, "id", facts->id);
	add_message(descriptor, "shortDescription", reason.data);
	add_message(descriptor, "fullDescription", facts->help);
	json_add(descriptor, "help", help_of(facts->help));
	json_add(descriptor, "defaultConfiguration", json_object_of("level", json_string(level)));
	json_add(descriptor, "properties", properties_of(facts));
	return descriptor;
}

static bool write_tool(struct sink *sink, struct error *error)
{
	CLEANUP(json_release) struct json *tool = json_object();
	struct json *driver = add_new(tool, "driver", json_object());
	struct json *rules;

	json_add_text(driver, "name", "regcred-gen");
	json_add_text(driver, "version", REGCRED_VERSION);
	json_add_text(driver, "semanticVersion", REGCRED_VERSION);
	rules = add_new(driver, "rules", json_array());
	for (int rule = 0; rule < CHECK_RULE_COUNT; rule++)
		json_append(rules, rule_of((enum check_rule)rule));
	return json_print(tool, JSON_INDENTED, TOOL_DEPTH, &sink->text, error);
}

/* ---- The results ---- */

/* A path as a URI reference (RFC 3986, 3.3 and 4.2): relative to wherever the program
 * ran, which in CI is the root of the repository. */
static void append_uri(struct buf *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                            "0123456789-._~/";

	if (*path == '/')
		buf_append_string(out, "file://");
	for (; *path; path++) {
		if (strchr(plain, *path))
			buf_append_char(out, *path);
		else
			buf_append_format(out, "%%%02X", (unsigned char)*path);
	}
}

/* SARIF counts code points or the halves of UTF-16, never bytes (3.14.17, columnKind). */
static struct json *locations_of(const char *path, struct node_place place)
{
	CLEANUP(buf_release) struct buf uri = BUF_INIT(BUF_NAME_MAX * 4);
	struct json *physical = json_object();
	struct json *artifact = add_new(physical, "artifactLocation", json_object());
	struct json *region = add_new(physical, "region", json_object());

	append_uri(&uri, path);
	json_add_text(artifact, "uri", uri.data);
	if (*path != '/')
		json_add_text(artifact, "uriBaseId", "%SRCROOT%");
	json_add_number(region, "startLine", (long long)place.line);
	json_add_number(region, "startColumn", (long long)place.column);
	return json_array_of(json_object_of("physicalLocation", physical));
}

static struct json *fingerprints_of(uint64_t hash)
{
	char text[24];

	snprintf(text, sizeof text, "%016" PRIx64, hash);
	return json_object_of("ruleFileMessage/v1", json_string(text));
}

static struct json *result_of(const struct check_result *result,
                              const struct check_finding *finding, struct columns *columns)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *id = check_rule_facts(finding->rule)->id;
	const char *path = check_path(result, finding);
	struct node_place place = check_place(result, finding, columns);
	struct json *object = json_object();

	check_append_text(finding, &text);
	json_add_text(object, "ruleId", id);
	json_add_number(object, "ruleIndex", (long long)(uint64_t)finding->rule);
	json_add_text(object, "level", check_severity_word(finding->severity));
	add_message(object, "message", text.data);
	json_add(object, "locations", locations_of(path, place));
	json_add(object, "partialFingerprints",
	         fingerprints_of(check_fingerprint(finding, path, text.data)));
	return object;
}

bool check_write_sarif(const struct check_result *result, struct sink *sink, struct error *error)
{
	CLEANUP(columns_release) struct columns columns = COLUMNS_INIT;

	buf_append_string(&sink->text, "{\n    \"$schema\": \"" SCHEMA "\",\n"
	                               "    \"version\": \"2.1.0\",\n"
	                               "    \"runs\": [\n        {\n            \"tool\": ");
	if (!write_tool(sink, error))
		return false;
	buf_append_string(&sink->text, ",\n            \"columnKind\": \"unicodeCodePoints\",\n"
	                               "            \"results\": ");
	sink_begin_list(sink, TOOL_DEPTH);
	for (size_t i = 0; i < check_finding_count(result->check); i++)
		if (!sink_add(sink, result_of(result, check_finding(result->check, i), &columns),
		              error))
			return false;
	sink_end_list(sink);
	buf_append_string(&sink->text, "\n        }\n    ]\n}\n");
	return true;
}
