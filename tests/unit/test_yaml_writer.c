#include "regcred/yaml/yaml_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <yaml.h>

#include "regcred/base/memory.h"
#include "regcred/yaml/yaml_scalar.h"

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

/* The same tree, made by way of our own functions. */
static struct json *rebuild(const cJSON *node)
{
	struct json *tree;

	if (cJSON_IsString(node))
		return json_string(node->valuestring);
	if (!cJSON_IsObject(node) && !cJSON_IsArray(node))
		return json_raw(cJSON_IsTrue(node)    ? "true"
		                : cJSON_IsFalse(node) ? "false"
		                                      : "null");
	tree = cJSON_IsObject(node) ? json_object() : json_array();
	for (const cJSON *item = node->child; item; item = item->next)
		if (cJSON_IsObject(node))
			json_add(tree, item->string, rebuild(item));
		else
			json_append(tree, rebuild(item));
	return tree;
}

/* From its first tree on, the program gives cJSON its own memory. */
static int give_cjson_our_memory(void **state)
{
	struct json *first CLEANUP(json_release) = json_object();

	(void)state;
	return first ? 0 : -1;
}

static const struct {
	const char *json;
	const char *yaml; /* NULL: only what libyaml reads is looked at */
} cases[] = {
    {"{}", ""},
    {"{\"a\":\"b\"}", "a: b\n"},
    {"{\"a\":\"\"}", "a: \"\"\n"},
    {"{\"a\":\"true\",\"b\":true,\"c\":false,\"d\":null}",
     "a: \"true\"\nb: true\nc: false\nd: null\n"},
    {"{\"a\":{},\"b\":[],\"c\":\"d\"}", "a: {}\nb: []\nc: d\n"},
    {"{\"a\":{\"b\":{\"c\":\"d\",\"e\":\"f\"},\"g\":\"h\"},\"i\":\"j\"}",
     "a:\n  b:\n    c: d\n    e: f\n  g: h\ni: j\n"},
    {"{\"a\":{\"b\":{},\"c\":[]}}", "a:\n  b: {}\n  c: []\n"},
    {"{\"a\":[\"b\",\"c\"],\"d\":\"e\"}", "a:\n- b\n- c\nd: e\n"},
    {"{\"a\":[\"1\",\"\",\"- x\",true,null]}", "a:\n- \"1\"\n- \"\"\n- \"- x\"\n- true\n- null\n"},
    {"{\"a\":[{},[],\"b\"]}", "a:\n- {}\n- []\n- b\n"},
    {"{\"a\":[{\"b\":\"c\"}]}", "a:\n- b: c\n"},
    {"{\"a\":[{\"b\":\"c\",\"d\":\"e\"},{\"f\":\"g\"}],\"h\":\"i\"}",
     "a:\n- b: c\n  d: e\n- f: g\nh: i\n"},
    {"{\"a\":{\"b\":[{\"c\":\"d\",\"e\":\"f\"}]}}", "a:\n  b:\n  - c: d\n    e: f\n"},
    {"{\"a\":[{\"b\":{\"c\":\"d\"},\"e\":\"f\"}]}", "a:\n- b:\n    c: d\n  e: f\n"},
    {"{\"a\":[{\"b\":[\"c\",\"d\"],\"e\":\"f\"}]}", "a:\n- b:\n  - c\n  - d\n  e: f\n"},
    {"{\"a\":[{\"b\":[{\"c\":\"d\",\"e\":\"f\"}]}]}", "a:\n- b:\n  - c: d\n    e: f\n"},
    {"{\"a\":[{\"b\":{},\"c\":[]},{\"d\":[]}]}", "a:\n- b: {}\n  c: []\n- d: []\n"},
    {"{\"true\":\"a\",\"1\":\"b\",\"\":\"c\",\"a: b\":\"d\",\"-\":\"e\",\"n\":\"f\"}",
     "\"true\": a\n\"1\": b\n\"\": c\n\"a: b\": d\n\"-\": e\n\"n\": f\n"},
    {"{\"a\":[{\"null\":\"b\",\"2\":{\"3\":[\"4\"]}}]}",
     "a:\n- \"null\": b\n  \"2\":\n    \"3\":\n    - \"4\"\n"},
    {"{\"a\\nb\":\"c\\nd\\n\",\"e\\u0001\":\"\\u2028\"}",
     "\"a\\nb\": \"c\\nd\\n\"\n\"e\\u0001\": \"\\u2028\"\n"},
    {"{\"a\":[[\"b\",\"c\"],[[\"d\"],{\"e\":[\"f\"]}],\"g\"]}", NULL},
    {"{\"imagePullSecrets\":[{\"name\":\"regcred\"}],\"containers\":[{\"name\":\"a\",\"image\":"
     "\"reg.io:5000/a@sha256:b\",\"args\":[\"-c\",\"echo: x #y\"],\"env\":[{\"name\":\"A\","
     "\"value\":\"1\"},{\"name\":\"B\"}]}]}",
     "imagePullSecrets:\n- name: regcred\ncontainers:\n- name: a\n"
     "  image: reg.io:5000/a@sha256:b\n  args:\n  - \"-c\"\n  - \"echo: x #y\"\n  env:\n"
     "  - name: A\n    value: \"1\"\n  - name: B\n"},
};

static void prints_what_libyaml_reads_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		cJSON *source = cJSON_Parse(cases[i].json);
		struct json *tree CLEANUP(json_release) = rebuild(source);
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct buf read CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		struct buf expected CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

		yaml_append_object(&text, tree);
		if (cases[i].yaml)
			assert_string_equal(text.data, cases[i].yaml);
		note_yaml_stream(&read, &text);
		if (text.len)
			note_json(&expected, source);
		cJSON_Delete(source);
		assert_string_equal(read.data, expected.data);
	}
}

static void raw_pieces_are_printed_as_they_are(void **state)
{
	struct json *root CLEANUP(json_release) = json_object();
	struct json *array = json_array();
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);

	(void)state;
	json_append(array, json_raw("1e3"));
	json_add(root, "a", json_raw("-1"));
	json_add(root, "b", json_raw("\x01"));
	json_add(root, "c", array);
	yaml_append_object(&text, root);
	assert_string_equal(text.data, "a: -1\nb: \x01\nc:\n- 1e3\n");
}

static void long_texts_stay_on_one_line(void **state)
{
	struct json *root CLEANUP(json_release) = json_object();
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct buf value CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_append_string(&value, "word ");
	buf_append_string(&value, "end");
	json_add(root, "a", json_string(value.data));
	yaml_append_object(&text, root);
	assert_ptr_equal(strchr(text.data, '\n'), text.data + text.len - 1);
	assert_int_equal(text.len, value.len + strlen("a: \"\"\n"));
}

static void appends_and_failure_sticks(void **state)
{
	cJSON *source = cJSON_Parse("{\"a\":[{\"b\":\"c\",\"d\":{\"e\":[]}},{\"f\":\"g\"}]}");
	struct json *tree CLEANUP(json_release) = rebuild(source);
	struct buf whole CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	cJSON_Delete(source);
	buf_append_string(&whole, "---\n");
	yaml_append_object(&whole, tree);
	assert_string_equal(whole.data, "---\na:\n- b: c\n  d:\n    e: []\n- f: g\n");
	for (size_t ceiling = 0; ceiling <= whole.len; ceiling++) {
		struct buf text CLEANUP(buf_release) = BUF_INIT(ceiling);

		buf_append_string(&text, "---\n");
		yaml_append_object(&text, tree);
		assert_int_equal(text.failure, ceiling < whole.len);
		assert_true(text.len <= ceiling);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(prints_what_libyaml_reads_back),
	    cmocka_unit_test(raw_pieces_are_printed_as_they_are),
	    cmocka_unit_test(long_texts_stay_on_one_line),
	    cmocka_unit_test(appends_and_failure_sticks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("yaml_writer", tests, give_cjson_our_memory, NULL);
}
