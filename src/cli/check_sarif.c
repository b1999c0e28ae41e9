/* SARIF 2.1.0 (OASIS Standard, 2020), as far as code-scanning pages show it: GitHub, "SARIF
 * support for code scanning"; GitLab and Azure read the same. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check_output.h"
#include "regcred/base/memory.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

enum { TOOL_DEPTH = 3 };

/* ---- The rules ---- */

/* The reason is half a sentence. */
static void append_reason(const struct check_rule_facts *facts, struct buf *out)
{
	buf_append_format(out, "%s.", facts->reason);
	if (*out->data >= 'a' && *out->data <= 'z')
		*out->data = (char)(*out->data - 'a' + 'A');
}

/* The pages filter by tags: the part of the id that names the group. */
static struct json *rule_of(enum check_rule rule)
{
	static const char *const severities[] = {
	    [SEVERITY_ERROR] = "error",
	    [SEVERITY_WARNING] = "warning",
	    [SEVERITY_NOTE] = "recommendation",
	};
	CLEANUP(buf_release) struct buf reason = BUF_INIT(BUF_NAME_MAX);
	const struct check_rule_facts *facts = check_rule_facts(rule);
	bool access = strncmp(facts->id, "rbac-", 5) == 0 || rule == CHECK_LAST_APPLIED_CREDENTIAL;

	append_reason(facts, &reason);
	return json_build("{id:%s,shortDescription:{text:%t},fullDescription:{text:%t},"
	                  "help:{text:%t,markdown:%t},defaultConfiguration:{level:%s},"
	                  "properties:{tags:[kubernetes,image-pull-secret,%s],precision:very-high,"
	                  "problem.severity:%s}}",
	                  facts->id, reason.data, facts->help, facts->help, facts->help,
	                  report_severity_word(facts->severity),
	                  access ? "security" : "correctness", severities[facts->severity]);
}

static bool write_tool(struct sink *sink, struct error *error)
{
	struct json *rules = json_array();
	CLEANUP(json_release)
	struct json *tool =
	    json_build("{driver:{name:regcred-gen,version:%s,semanticVersion:%s,rules:%j}}",
	               REGCRED_VERSION, REGCRED_VERSION, rules);

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
struct json *check_sarif_result(struct check_writing *writing, const struct check_finding *finding)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf uri = BUF_INIT(BUF_NAME_MAX * 4);
	const char *path = check_path(writing, finding);
	struct node_place place = check_place(writing, finding);
	char fingerprint[24];

	check_append_text(finding, &text);
	append_uri(&uri, path);
	snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64,
	         check_fingerprint(finding, path, text.data));
	return json_build(
	    "{ruleId:%s,ruleIndex:%d,level:%s,message:{text:%t},locations:[{physicalLocation:{"
	    "artifactLocation:{uri:%t,uriBaseId:%s},region:{startLine:%d,startColumn:%d}}}],"
	    "partialFingerprints:{ruleFileMessage/v1:%s}}",
	    check_rule_facts(finding->rule)->id, (long long)finding->rule,
	    report_severity_word(finding->severity), text.data, uri.data,
	    *path == '/' ? NULL : "%SRCROOT%", (long long)place.line, (long long)place.column,
	    fingerprint);
}

/* ---- Around them ---- */

bool check_begin_sarif(struct sink *sink, struct error *error)
{
	buf_append_string(&sink->text, "{\n    \"$schema\": \"" SCHEMA "\",\n"
	                               "    \"version\": \"2.1.0\",\n"
	                               "    \"runs\": [\n        {\n            \"tool\": ");
	if (!write_tool(sink, error))
		return false;
	buf_append_string(&sink->text, ",\n            \"columnKind\": \"unicodeCodePoints\",\n"
	                               "            \"results\": ");
	sink_begin_list(sink, TOOL_DEPTH);
	return true;
}

void check_end_sarif(struct sink *sink)
{
	sink_end_list(sink);
	buf_append_string(&sink->text, "\n        }\n    ]\n}\n");
}
