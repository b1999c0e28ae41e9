#include "regcred/yaml/yaml_scalar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <yaml.h>

#include "regcred/base/memory.h"
#include "vectors.h"

struct expected {
	const char *text;
	size_t len;
};

/* The next event, or NULL for a text that is not YAML. */
static yaml_event_t *next_event(yaml_parser_t *parser, yaml_event_t *event)
{
	yaml_event_delete(event);
	return yaml_parser_parse(parser, event) ? event : NULL;
}

static bool reads_as(const yaml_event_t *event, struct expected expected)
{
	return event && event->type == YAML_SCALAR_EVENT &&
	       event->data.scalar.length == expected.len &&
	       memcmp(event->data.scalar.value, expected.text, expected.len) == 0;
}

/* Whether libyaml finds exactly one mapping with this one key and value. */
static bool document_holds(const struct buf *document, struct expected key, struct expected value)
{
	yaml_parser_t parser;
	yaml_event_t event = {.type = YAML_NO_EVENT};
	bool holds;

	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)document->data, document->len);
	holds = next_event(&parser, &event) && next_event(&parser, &event) &&
	        next_event(&parser, &event) && event.type == YAML_MAPPING_START_EVENT &&
	        reads_as(next_event(&parser, &event), key) &&
	        reads_as(next_event(&parser, &event), value) && next_event(&parser, &event) &&
	        event.type == YAML_MAPPING_END_EVENT;
	yaml_event_delete(&event);
	yaml_parser_delete(&parser);
	return holds;
}

static bool survives(const char *text, size_t len)
{
	struct buf document CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	const struct expected expected = {text, len};

	yaml_scalar_append(&document, text, len);
	buf_append_string(&document, ": ");
	yaml_scalar_append(&document, text, len);
	buf_append_char(&document, '\n');
	return !memchr(document.data, '\n', document.len - 1) &&
	       document_holds(&document, expected, expected);
}

/* Whether the text begins as kubectl begins what it does not leave plain. */
static bool is_marked(const char *text)
{
	return text && text[0] && strchr("\"'|", text[0]);
}

static bool kubectl_quotes_key(const char *entry)
{
	return entry && is_marked(entry + strspn(entry, " "));
}

static void survives_wherever_kubectl_quotes(void **state)
{
	struct vector_file file;
	size_t len;

	(void)state;
	vector_file_open(&file, "yaml-scalars.jsonl");
	while (vector_file_next(&file)) {
		const char *yaml = vector_string(&file, "yaml", &len);
		const char *entry = vector_string(&file, "entry", &len);
		bool failed = vector_string(&file, "error", &len) != NULL;
		const char *key = vector_string(&file, "key", &len);

		if (key && kubectl_quotes_key(entry) && yaml_scalar_is_plain(key, len))
			vector_fail(&file, "key: kubectl quotes it");
		if (key && !survives(key, len))
			vector_fail(&file, "key: libyaml reads something else");

		const char *value = vector_string(&file, "value", &len);

		if ((is_marked(yaml) || failed) && yaml_scalar_is_plain(value, len))
			vector_fail(&file, "value: kubectl quotes it");
		if (!survives(value, len))
			vector_fail(&file, "value: libyaml reads something else");
	}
	vector_file_close(&file);
}

/* clang-format off */
static const char *const ordinary[] = {
	"regcred", "dev", "a-b.c", "v1", "k:v", "e", "e3e", "E_x", "ghcr.io/org:tag",
	"kubernetes.io/dockerconfigjson", ".dockerconfigjson", "a@sha256:0",
	"eyJhdXRocyI6e319", "YQ==", "none", "nil", "yess", "infinite",
};
/* clang-format on */

static void leaves_ordinary_texts_plain(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ordinary); i++) {
		struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

		yaml_scalar_append(&out, ordinary[i], strlen(ordinary[i]));
		assert_string_equal(out.data, ordinary[i]);
	}
}

/* Each is something else to one reader at least. */
/* clang-format off */
static const char *const special[] = {
	"", " ", "~", "null", "nULL", "y", "N", "tRuE", "oN", "=", "<<",
	".inf", "+.INF", "-.inf", ".NaN",
	"inf", "-Infinity", "nan", /* Rust's */
	"fal\305\277e", "o\357\254\200", "ye\305\277", /* Ruby folds long s and ligatures */
	":a", ":", /* Ruby's symbols */
	"1,000", "1,", "-1,0.5", ".", /* Ruby's numbers */
	"0", "-1", "+1", "007", "08", "0o7", "0O7", "0x1F", "-0X1f", "0b1", "1_", "1_000.5",
	"+_1", "0_x1", "0b-1", "0o+7", /* go-yaml drops every _, Go takes the second sign */
	"1.", ".5", "-.5", "1e3", "1E-3", "1.e+5", "1e400", "123456789012345678901234567890",
	"e3", "-E+3", "0x", "0x_", "0b,", /* float to npm's yaml; int to PyYAML and Ruby */
	"12:30", "-1:2:3", "1:2:3.4", "1_0:20", /* base 60 */
	"2001-01-01", "2001-1-1", "2001-13-45", "-2001-01-01 1:00:00",
	"2001-01-01T00:00:00Z", "2001-01-01t1:2:3.4 +01:00", "2001-01-01  00:00:00",
	"2001-01-01 00:00:00 and more", /* an old Psych's time */
	"---", "--- a", "---a", "...", "... a", "- a", "-", "? a", "?", ": a",
	"a b", "1.2.3", "10.0.0.1:5000", "123abc", "-n", "_1", "..", ".", "a,b", "a[0]", ".e3", "E_3",
	"\303\251",
	"a: b", "a:", "a #b", " a", "a ", "#a", ",a", "[a", "]", "{a", "}",
	"&a", "*a", "!a", "|", ">", "'a", "\"a", "%a", "@a", "`a",
};
/* clang-format on */

static void quotes_what_some_reader_retypes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(special); i++) {
		if (yaml_scalar_is_plain(special[i], strlen(special[i])))
			fail_msg("\"%s\" is left plain", special[i]);
		assert_true(survives(special[i], strlen(special[i])));
	}
}

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *text;
	size_t len;
	const char *scalar;
} escapes[] = {
    {TEXT("\"\\/"), "\"\\\"\\\\/\""},
    {TEXT("a\nb\tc\rd"), "\"a\\nb\\tc\\rd\""},
    {TEXT("\0\x01\x1B\x1F"), "\"\\u0000\\u0001\\u001B\\u001F\""},
    {TEXT("\x7F\xC2\x80\xC2\x85\xC2\x9F\xC2\xA0"), "\"\\u007F\\u0080\\u0085\\u009F\xC2\xA0\""},
    {TEXT("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA\xE2\x80\xB0"),
     "\"\\u2028\\u2029\\u202A\xE2\x80\xB0\""},
    {TEXT("\xEF\xBB\xBF\xEF\xBF\xBD\xEF\xBF\xBE\xEF\xBF\xBF"),
     "\"\\uFEFF\xEF\xBF\xBD\\uFFFE\\uFFFF\""},
    {TEXT("\xF0\x9F\x98\x80"), "\"\xF0\x9F\x98\x80\""},
    {TEXT("\xFF"), "\"\xEF\xBF\xBD\""},
};

static void escapes_what_cannot_be_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(escapes); i++) {
		struct buf out CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

		yaml_scalar_append(&out, escapes[i].text, escapes[i].len);
		assert_string_equal(out.data, escapes[i].scalar);
	}
}

/* Pieces that matter to YAML; the sequence is the same in every run. */
static void survives_any_mixture(void **state)
{
	static const char *const pieces[] = {"-",
	                                     "?",
	                                     ":",
	                                     ",",
	                                     "[",
	                                     "]",
	                                     "{",
	                                     "}",
	                                     "#",
	                                     "&",
	                                     "*",
	                                     "!",
	                                     "|",
	                                     ">",
	                                     "'",
	                                     "\"",
	                                     "%",
	                                     "@",
	                                     "`",
	                                     " ",
	                                     "\t",
	                                     "\n",
	                                     "\r",
	                                     "\\",
	                                     "=",
	                                     "<",
	                                     "~",
	                                     ".",
	                                     "+",
	                                     "_",
	                                     "/",
	                                     "0",
	                                     "1",
	                                     "9",
	                                     "a",
	                                     "n",
	                                     "\xC2\x85",
	                                     "\xC2\xA0",
	                                     "\xE2\x80\xA8",
	                                     "\xEF\xBB\xBF",
	                                     "\xF0\x9F\x98\x80"};
	uint32_t random = 1;
	char text[64];

	(void)state;
	for (int round = 0; round < 50000; round++) {
		size_t len = 0;

		do {
			random = random * 1664525u + 1013904223u;
			const char *piece = pieces[(random >> 16) % (COUNT(pieces))];

			memcpy(text + len, piece, strlen(piece));
			len += strlen(piece);
		} while (random >> 29 && len < 60);
		if (!survives(text, len))
			fail_msg("\"%.*s\" is read as something else", (int)len, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(survives_wherever_kubectl_quotes),
	    cmocka_unit_test(leaves_ordinary_texts_plain),
	    cmocka_unit_test(quotes_what_some_reader_retypes),
	    cmocka_unit_test(escapes_what_cannot_be_printed),
	    cmocka_unit_test(survives_any_mixture),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("yaml_scalar", tests, NULL, NULL);
}
