#include "regcred/kube/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <yaml.h>

#include "regcred/base/memory.h"
#include "regcred/kube/secret.h"
#include "regcred/yaml/yaml_scalar.h"

#include "watched_memory.h"

/* Both notations as one text: each string in quotes, each other scalar without. */
static void note_string(struct buf *out, const char *text)
{
	buf_append_format(out, "\"%zu:%s\"", strlen(text), text);
}

static void note_json(struct buf *out, const cJSON *node)
{
	const char *word = cJSON_IsTrue(node) ? "true" : cJSON_IsFalse(node) ? "false" : "null";

	if (cJSON_IsString(node)) {
		note_string(out, node->valuestring);
	} else if (!cJSON_IsObject(node) && !cJSON_IsArray(node)) {
		buf_append_string(out, word);
	} else {
		buf_append_char(out, cJSON_IsObject(node) ? '{' : '[');
		for (const cJSON *item = node->child; item; item = item->next) {
			if (cJSON_IsObject(node))
				note_string(out, item->string);
			note_json(out, item);
		}
		buf_append_char(out, cJSON_IsObject(node) ? '}' : ']');
	}
}

static void note_yaml_scalar(struct buf *out, const yaml_node_t *node)
{
	const char *text = (const char *)node->data.scalar.value;
	bool plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	assert_int_equal(strlen(text), node->data.scalar.length);
	if (plain && !yaml_scalar_is_plain(text, strlen(text)))
		buf_append_string(out, text);
	else
		note_string(out, text);
}

static void note_yaml(struct buf *out, yaml_document_t *document, int index)
{
	const yaml_node_t *node = yaml_document_get_node(document, index);

	assert_non_null(node);
	if (node->type == YAML_SCALAR_NODE) {
		note_yaml_scalar(out, node);
	} else if (node->type == YAML_SEQUENCE_NODE) {
		buf_append_char(out, '[');
		for (int *item = node->data.sequence.items.start;
		     item < node->data.sequence.items.top; item++)
			note_yaml(out, document, *item);
		buf_append_char(out, ']');
	} else {
		buf_append_char(out, '{');
		for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
		     pair < node->data.mapping.pairs.top; pair++) {
			note_yaml(out, document, pair->key);
			note_yaml(out, document, pair->value);
		}
		buf_append_char(out, '}');
	}
}

/* The documents of a stream, one after the other. */
static void note_yaml_stream(struct buf *out, const struct buf *text)
{
	yaml_parser_t parser;
	bool more = true;

	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text->data, text->len);
	while (more) {
		yaml_document_t document;

		if (!yaml_parser_load(&parser, &document))
			fail_msg("line %zu: %s", parser.problem_mark.line + 1, parser.problem);
		more = yaml_document_get_root_node(&document);
		if (more)
			note_yaml(out, &document, 1);
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
}

/* ---- A Secret for some namespaces ---- */

static struct json *make_secret(bool namespace_hole, const char *annotation)
{
	struct secret secret = {.name = "regcred", .type = SECRET_TYPE_DOCKER_CONFIG};
	struct json *object;

	secret_pairs_add(&secret.data, SECRET_KEY_DOCKER_CONFIG, "e30=");
	if (annotation)
		secret_pairs_add(&secret.annotations, "a", annotation);
	object = secret_object(&secret, namespace_hole);
	secret_pairs_release(&secret.annotations);
	secret_pairs_release(&secret.data);
	return object;
}

/* The whole text, as it is written piece by piece. */
static bool write_all(const struct json *object, enum document_format format,
                      const char *const *namespaces, size_t count, struct buf *out,
                      struct error *error)
{
	struct document manifest CLEANUP(document_release) = {0};

	if (!document_render(&manifest, &object, 1, format, count > 1, error))
		return false;
	buf_append(out, manifest.head.data, manifest.head.len);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_append(out, manifest.separator.data, manifest.separator.len);
		document_append(&manifest, view_of(namespaces[i] ? namespaces[i] : ""), out);
	}
	buf_append(out, manifest.tail.data, manifest.tail.len);
	return buf_check(out, "the text", error);
}

static void assert_text(enum document_format format, const char *const *namespaces, size_t count,
                        const char *expected)
{
	struct json *object CLEANUP(json_release) = make_secret(namespaces[0], NULL);
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error = {.diagnostic = DIAGNOSTIC_COUNT};

	assert_true(write_all(object, format, namespaces, count, &text, &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_COUNT);
	assert_string_equal(text.data, expected);
}

static const char *const none[] = {NULL};
static const char *const two[] = {"dev", "1e3"};

#define YAML_HEAD                                                                                  \
	"apiVersion: v1\n"                                                                         \
	"kind: Secret\n"                                                                           \
	"metadata:\n"                                                                              \
	"  name: regcred\n"
#define YAML_REST                                                                                  \
	"type: kubernetes.io/dockerconfigjson\n"                                                   \
	"data:\n"                                                                                  \
	"  .dockerconfigjson: e30=\n"

static void yaml_is_one_document_for_each_namespace(void **state)
{
	(void)state;
	assert_text(DOCUMENT_YAML, none, 1, YAML_HEAD YAML_REST);
	assert_text(DOCUMENT_YAML, two, 1, YAML_HEAD "  namespace: dev\n" YAML_REST);
	assert_text(DOCUMENT_YAML, two, 2,
	            YAML_HEAD "  namespace: dev\n" YAML_REST "---\n" YAML_HEAD
	                      "  namespace: \"1e3\"\n" YAML_REST);
}

static void json_is_an_object_or_a_list(void **state)
{
	(void)state;
	assert_text(DOCUMENT_JSON, none, 1,
	            "{\n"
	            "    \"apiVersion\": \"v1\",\n"
	            "    \"kind\": \"Secret\",\n"
	            "    \"metadata\": {\n"
	            "        \"name\": \"regcred\"\n"
	            "    },\n"
	            "    \"type\": \"kubernetes.io/dockerconfigjson\",\n"
	            "    \"data\": {\n"
	            "        \".dockerconfigjson\": \"e30=\"\n"
	            "    }\n"
	            "}\n");
#define ITEM(ns)                                                                                   \
	"        {\n"                                                                              \
	"            \"apiVersion\": \"v1\",\n"                                                    \
	"            \"kind\": \"Secret\",\n"                                                      \
	"            \"metadata\": {\n"                                                            \
	"                \"name\": \"regcred\",\n"                                                 \
	"                \"namespace\": \"" ns "\"\n"                                              \
	"            },\n"                                                                         \
	"            \"type\": "                                                                   \
	"\"kubernetes.io/dockerconfigjson\",\n"                                                    \
	"            \"data\": {\n"                                                                \
	"                \".dockerconfigjson\": "                                                  \
	"\"e30=\"\n"                                                                               \
	"            }\n"                                                                          \
	"        }"
	assert_text(DOCUMENT_JSON, two, 2,
	            "{\n"
	            "    \"apiVersion\": \"v1\",\n"
	            "    \"kind\": \"List\",\n"
	            "    \"items\": [\n" ITEM("dev") ",\n" ITEM("1e3") "\n"
	                                                               "    ]\n"
	                                                               "}\n");
}

/* All are good names of namespaces; the last eight are more to a YAML reader. */
static const char *const names[] = {"dev", "team-a", "a", "x-1",  "kube-system", "0",         "123",
                                    "1e3", "true",   "n", "null", "0x1f",        "2001-01-01"};

enum { NAME_COUNT = COUNT(names) };

static void note_expected(struct buf *out, const char *ns, const char *annotation)
{
	buf_append_string(out, "{\"10:apiVersion\"\"2:v1\"\"4:kind\"\"6:Secret\"\"8:metadata\"{"
	                       "\"4:name\"\"7:regcred\"\"9:namespace\"");
	note_string(out, ns);
	buf_append_string(out, "\"11:annotations\"{\"1:a\"");
	note_string(out, annotation);
	buf_append_string(out, "}}\"4:type\"\"30:kubernetes.io/dockerconfigjson\"\"4:data\"{"
	                       "\"17:.dockerconfigjson\"\"4:e30=\"}}");
}

static void check_parsed(const char *annotation)
{
	struct json *object CLEANUP(json_release) = make_secret(true, annotation);
	struct buf expected CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct buf notes CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;
	cJSON *list;

	for (size_t i = 0; i < NAME_COUNT; i++)
		note_expected(&expected, names[i], annotation);
	assert_true(write_all(object, DOCUMENT_YAML, names, NAME_COUNT, &text, &error));
	note_yaml_stream(&notes, &text);
	assert_string_equal(notes.data, expected.data);
	buf_reset(&text);
	buf_reset(&notes);
	assert_true(write_all(object, DOCUMENT_JSON, names, NAME_COUNT, &text, &error));
	list = cJSON_Parse(text.data);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(list, "kind")),
	                    "List");
	for (cJSON *item = cJSON_GetObjectItemCaseSensitive(list, "items")->child; item;
	     item = item->next)
		note_json(&notes, item);
	cJSON_Delete(list);
	assert_string_equal(notes.data, expected.data);
}

static void both_formats_parse_as_the_same_objects(void **state)
{
	static const char *const annotations[] = {"plain",
	                                          "",
	                                          "true",
	                                          "---",
	                                          "a: b\n---\n",
	                                          "\"\\ <&> {}[],",
	                                          "\xE2\x80\xA8\xF0\x9F\x98\x80"};

	(void)state;
	for (size_t i = 0; i < COUNT(annotations); i++)
		check_parsed(annotations[i]);
}

static void what_looks_like_a_hole_is_none(void **state)
{
	(void)state;
	check_parsed(DOCUMENT_HOLE_TEXT);
	check_parsed("a" DOCUMENT_HOLE_TEXT "b" DOCUMENT_HOLE_TEXT);
}

static void every_hole_is_filled(void **state)
{
	struct json *object CLEANUP(json_release) = json_object();
	struct json *array = json_array();
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	(void)state;
	json_append(array, json_raw(DOCUMENT_HOLE_TEXT));
	json_add(object, "a", array);
	json_add(object, "b", json_raw(DOCUMENT_HOLE_TEXT));
	assert_true(write_all(object, DOCUMENT_YAML, two, 2, &text, &error));
	assert_string_equal(text.data, "a:\n- dev\nb: dev\n---\na:\n- \"1e3\"\nb: \"1e3\"\n");
	buf_reset(&text);
	assert_true(write_all(object, DOCUMENT_JSON, two, 1, &text, &error));
	assert_string_equal(text.data,
	                    "{\n    \"a\": [\n        \"dev\"\n    ],\n    \"b\": \"dev\"\n}\n");
}

/* ---- Several objects for each namespace ---- */

static struct json *small(const char *key, bool hole)
{
	struct json *object = json_object();

	json_add(object, key, hole ? json_raw(DOCUMENT_HOLE_TEXT) : json_string("x"));
	return object;
}

/* Groups of three objects, of which the last knows no namespace. */
static void assert_groups(enum document_format format, size_t count, const char *expected)
{
	struct json *objects[] = {small("a", true), small("b", true), small("c", false)};
	struct document manifest CLEANUP(document_release) = {0};
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	assert_true(document_render(&manifest, (const struct json *const *)objects, 3, format,
	                            count > 1, &error));
	buf_append(&text, manifest.head.data, manifest.head.len);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_append(&text, manifest.separator.data, manifest.separator.len);
		document_append(&manifest, view_of(two[i]), &text);
	}
	buf_append(&text, manifest.tail.data, manifest.tail.len);
	assert_true(text.len <= count * document_group_max(&manifest));
	assert_string_equal(text.data, expected);
	for (size_t i = 0; i < 3; i++)
		json_release(&objects[i]);
}

static void a_group_is_written_for_each_namespace(void **state)
{
	(void)state;
	assert_groups(DOCUMENT_YAML, 1, "a: dev\n---\nb: dev\n---\nc: x\n");
	assert_groups(DOCUMENT_YAML, 2,
	              "a: dev\n---\nb: dev\n---\nc: x\n---\n"
	              "a: \"1e3\"\n---\nb: \"1e3\"\n---\nc: x\n");
#define SMALL(key, value)                                                                          \
	"        {\n"                                                                              \
	"            \"" key "\": \"" value "\"\n"                                                 \
	"        }"
#define LIST(items)                                                                                \
	"{\n"                                                                                      \
	"    \"apiVersion\": \"v1\",\n"                                                            \
	"    \"kind\": \"List\",\n"                                                                \
	"    \"items\": [\n" items "\n"                                                            \
	"    ]\n"                                                                                  \
	"}\n"
	assert_groups(DOCUMENT_JSON, 1,
	              LIST(SMALL("a", "dev") ",\n" SMALL("b", "dev") ",\n" SMALL("c", "x")));
	assert_groups(
	    DOCUMENT_JSON, 2,
	    LIST(SMALL("a", "dev") ",\n" SMALL("b", "dev") ",\n" SMALL("c", "x") ",\n" SMALL(
	        "a", "1e3") ",\n" SMALL("b", "1e3") ",\n" SMALL("c", "x")));
}

static void the_pieces_stay_for_any_number_of_objects(void **state)
{
	struct json *object CLEANUP(json_release) = make_secret(true, NULL);
	struct document manifest CLEANUP(document_release) = {0};
	struct buf first CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	struct error error;

	(void)state;
	assert_true(document_render(&manifest, (const struct json *const *)&object, 1,
	                            DOCUMENT_YAML, true, &error));
	document_append(&manifest, view_of("dev"), &first);
	for (int i = 0; i < 100; i++) {
		struct buf again CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

		document_append(&manifest, view_of("dev"), &again);
		assert_string_equal(again.data, first.data);
	}
	document_release(&manifest);
	document_release(&manifest);
	assert_int_equal(manifest.objects.len, 0);
}

/* ---- The whole way, without memory at any of its steps ---- */

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(yaml_is_one_document_for_each_namespace, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(json_is_an_object_or_a_list, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(both_formats_parse_as_the_same_objects, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(what_looks_like_a_hole_is_none, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(every_hole_is_filled, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(a_group_is_written_for_each_namespace, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(the_pieces_stay_for_any_number_of_objects,
	                                    watched_begin, watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
