/* Manifests as tables: a text, and all that is read of it, with places. Each is read
 * whole and in pieces of several sizes. */
#include "regcred/base/memory.h"
#include "regcred/manifest/manifest_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "feed.h"
#include "watched_memory.h"

#define TEXT(string) string, sizeof(string) - 1

enum { NOTES_MAX = 1024 * 1024 };

/* ---- Reading in pieces ---- */

static struct manifest_reader *open_feed(struct feed *feed)
{
	return feed->chunk ? manifest_reader_new(feed_source, feed)
	                   : manifest_reader_new_bytes(feed->bytes, feed->len);
}

/* ---- Trees as text ---- */

static void note_place(struct buf *out, struct node_place place)
{
	buf_append_format(out, "%u:%u", (unsigned)place.line, (unsigned)place.column);
}

static void note_text(struct buf *out, const struct node *node)
{
	static const char quotes[][2] = {"'", "\"", "|", ">", "?"};

	if (node->kind == NODE_STRING)
		buf_append_string(out, quotes[node->style]);
	if (node->kind == NODE_NUMBER)
		buf_append_char(out, '#');
	for (size_t i = 0; i < node->len; i++)
		if ((unsigned char)node->text[i] < ' ')
			buf_append_format(out, "\\%02X", (unsigned)node->text[i]);
		else
			buf_append_char(out, node->text[i]);
	assert_int_equal(node->text[node->len], 0);
	if (node->kind == NODE_STRING)
		buf_append_string(out, quotes[node->style]);
}

/* Small trees only: it calls itself. */
static void note_node(struct buf *out, const struct node *node)
{
	bool mapping = node->kind == NODE_MAPPING;

	note_place(out, node->place);
	if (!mapping && node->kind != NODE_SEQUENCE) {
		note_text(out, node);
		assert_int_equal(node->weight, 1);
		return;
	}
	buf_append_string(out, node->style == NODE_FLOW ? "F" : "");
	buf_append_string(out, mapping ? "{" : "[");
	for (size_t i = 0; i < node->count; i++) {
		const struct node_member *member = &node->members[i];

		buf_append_string(out, i ? " " : "");
		assert_true(mapping == (member->key != NULL));
		if (member->key)
			note_node(out, member->key);
		buf_append_string(out, member->merged ? "<< " : member->key ? " " : "");
		note_node(out, member->value);
	}
	buf_append_string(out, mapping ? "}" : "]");
}

static void note_item(struct buf *out, const struct manifest_item *item)
{
	buf_append_format(out, "%zu ", item->document);
	if (item->event == MANIFEST_OBJECT) {
		if (*item->api_version || *item->kind)
			buf_append_format(out, "%s/%s ", item->api_version, item->kind);
		assert_true(item->root->place.line == item->place.line &&
		            item->root->place.column == item->place.column);
		note_node(out, item->root);
	} else {
		note_place(out, item->place);
		if (item->event == MANIFEST_TEMPLATE)
			buf_append_string(out, " template");
		else
			buf_append_format(out, " %s%s%s", item->problem->message,
			                  *item->problem->hint ? "; " : "", item->problem->hint);
	}
	buf_append_char(out, '\n');
}

static bool note_manifest(struct feed feed, struct buf *out, struct error *error)
{
	CLEANUP(manifest_reader_free) struct manifest_reader *reader = open_feed(&feed);
	struct manifest_item item;

	while (manifest_reader_next(reader, &item, error)) {
		if (item.event == MANIFEST_END)
			return true;
		note_item(out, &item);
	}
	return false;
}

static const size_t chunks[] = {0, 1, 2, 3, 5, 7, 64, SIZE_MAX};

static void expect(const char *text, size_t len, const char *notes)
{
	for (size_t i = 0; i < COUNT(chunks); i++) {
		CLEANUP(buf_release) struct buf out = BUF_INIT(NOTES_MAX);
		struct error error;

		if (!note_manifest((struct feed){text, len, chunks[i], false}, &out, &error))
			fail_msg("%s: %s", text, error.message);
		if (strcmp(out.data, notes) != 0)
			fail_msg("in pieces of %zu:\n%s\nexpected:\n%s\nfound:\n%s", chunks[i],
			         text, notes, out.data);
	}
}

struct reading {
	const char *text;
	size_t len;
	const char *notes;
};

static void expect_all(const struct reading *readings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect(readings[i].text, readings[i].len, readings[i].notes);
}

/* ---- The tables ---- */

static const struct reading values[] = {
    {TEXT("a: b\n"), "0 1:1{1:1'a' 1:4'b'}\n"},
    {TEXT("x: [1, 0x10, \"y\", 'z', ~, yes, off, 2001-01-01]\n"),
     "0 1:1{1:1'x' 1:4F[1:5#1 1:8#0x10 1:14\"y\" 1:19\"z\" 1:24~ 1:27yes 1:32off "
     "1:37'2001-01-01']}\n"},
    {TEXT("\303\251: [\303\244, \"\303\266\", \360\237\230\200, x]\r\nb: c\n"),
     "0 1:1{1:1'\303\251' 1:5F[1:6'\303\244' 1:10\"\303\266\" 1:16'\360\237\230\200' 1:22'x'] "
     "2:1'b' 2:4'c'}\n"},
    {TEXT("\"a\\tb\": \"\\u00e9\\0\"\n"), "0 1:1{1:1\"a\\09b\" 1:9\"\303\251\\00\"}\n"},
    {TEXT("a: |\n  x\n  y\n\nb: >-\n  x\n  y\nc:\n"),
     "0 1:1{1:1'a' 1:4|x\\0Ay\\0A| 5:1'b' 5:4>x y> 8:1'c' 8:3}\n"},
    {TEXT("- - a\n  -   b\n-\n  c: d\n"), "0 1:1[1:3[1:5'a' 2:7'b'] 4:3{4:3'c' 4:6'd'}]\n"},
    {TEXT("text\n"), "0 1:1'text'\n"},
    {TEXT("a: one\n  two\nb: c\n"), "0 1:1{1:1'a' 1:4'one two' 3:1'b' 3:4'c'}\n"},
    {TEXT("yes: 1\n0x10: 2\n1.50: 3\n\"yes\": 4\n? k\n: 5\n"),
     "0 1:1{1:1true 1:6#1 2:1#16 2:7#2 3:1#1.5 3:7#3 4:1\"yes\" 4:8#4 5:3'k' 6:3#5}\n"},
    {TEXT("a: !!str 12\nb: ! 12\nc: !Foo 12\nd: !!int \"3\"\ne: !!binary aGk=\nf: !!float 3\ng: "
          "!Foo {h: !Bar [1]}\n"),
     "0 1:1{1:1'a' 1:4'12' 2:1'b' 2:4'12' 3:1'c' 3:4'12' 4:1'd' 4:4#3 5:1'e' 5:4'hi' 6:1'f' 6:4#3 "
     "7:1'g' 7:4F{7:10'h' 7:13F[7:19#1]}}\n"},
    {TEXT("a: \n# c\n  # d\n  b: c # e\n"), "0 1:1{1:1'a' 4:3{4:3'b' 4:6'c'}}\n"},
    {TEXT("a: 1\na: 2\n"), "0 1:1{1:1'a' 1:4#1 2:1'a' 2:4#2}\n"},
    {TEXT("{\"a\": [1, -2.5e3, true, false, null, \"x\\ud83d\\ude00\\ud800\", {}], \"b\": {\"c\": "
          "\"d\"}}"),
     "0 1:1F{1:2\"a\" 1:7F[1:8#1 1:11#-2.5e3 1:19true 1:25false 1:32null "
     "1:38\"x\360\237\230\200\357\277\275\" 1:61F{}] 1:66\"b\" 1:71F{1:72\"c\" 1:77\"d\"}}\n"},
    {TEXT("{\n\t\"a\": \"\377\303\251\", \"b\": 1\r\n}\n"),
     "0 1:1F{2:2\"a\" 2:7\"\357\277\275\303\251\" 2:14\"b\" 2:19#1}\n"},
    {TEXT("{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}"),
     "0 v1/Pod 1:1F{1:2\"apiVersion\" 1:16\"v1\" 1:22\"kind\" 1:30\"Pod\"}\n"},
    {TEXT("kind: 1\napiVersion: [v1]\n"),
     "0 1:1{1:1'kind' 1:7#1 2:1'apiVersion' 2:13F[2:14'v1']}\n"},
    {TEXT("kind: a\nkind: b\n"), "0 /b 1:1{1:1'kind' 1:7'a' 2:1'kind' 2:7'b'}\n"},
    {TEXT("# c\n{a: b, }\n"), "0 2:1F{2:2'a' 2:5'b'}\n"},
    {TEXT("---\n{\"a\": 1, } # c\n"), "0 2:1F{2:2\"a\" 2:7#1}\n"},
    {TEXT("---\n{\"a\": 1} # c\n"), "0 2:1F{2:2\"a\" 2:7#1}\n"},
    {TEXT("# c\n{ # c\n\"a\": 1}"), "0 2:1F{3:1\"a\" 3:6#1}\n"},
    {TEXT("# c\n{\"a\": 'b'}"), "0 2:1F{2:2\"a\" 2:7\"b\"}\n"},
    {TEXT("[1, {\"a\": 2}]"), "0 1:1F[1:2#1 1:5F{1:6\"a\" 1:11#2}]\n"},
    {TEXT("\"text\""), "0 1:1\"text\"\n"},
    {TEXT("a: b\302\205c: d\n"), "0 1:1{1:1'a' 1:4'b' 1:7'c' 1:10'd'}\n"},
    {TEXT("a: b\rc: d\ne: f\n"), "0 1:1{1:1'a' 1:4'b' 1:6'c' 1:9'd' 2:1'e' 2:4'f'}\n"},
    {TEXT("a: \"x\n\n  y\" \nb: c"), "0 1:1{1:1'a' 1:4\"x\\0Ay\" 4:1'b' 4:4'c'}\n"},
};

/* What kubectl 1.32 reads otherwise than libyaml, tried one by one. */
static const struct reading dialect[] = {
    {TEXT("a: [--bind=::, fd00::]\nb: {k: s:, m: b:c:}\nc: {d:}\ne: [f::1]\n"),
     "0 1:1{1:1'a' 1:4F[1:5'--bind=::' 1:16'fd00::'] 2:1'b' 2:4F{2:5'k' 2:8's:' 2:12'm' "
     "2:15'b:c:'} 3:1'c' 3:4F{3:5'd:' 3:7} 4:1'e' 4:4F[4:5'f::1']}\n"},
    {TEXT("a: {b:,c: 1}\nd: x:,y\n\"e:,\": \"f:,\" # :,\ng: |\n  h:, i:[\n"),
     "0 1:1{1:1'a' 1:4F{1:5'b:' 1:7 1:8'c' 1:11#1} 2:1'd' 2:4'x:,y' 3:1\"e:,\" 3:8\"f:,\" 4:1'g' "
     "4:4|h:, i:[\\0A|}\n"},
    {TEXT("a: {\"b\":[1], 'c':{}, \"d\":\"e\"}\n"),
     "0 1:1{1:1'a' 1:4F{1:5\"b\" 1:9F[1:10#1] 1:14\"c\" 1:18F{} 1:22\"d\" 1:26\"e\"}}\n"},
    {TEXT("a: [b:\n  c]\n"), "0 1:1{1:1'a' 1:4F[1:5F{1:5'b' 2:3'c'}]}\n"},
    {TEXT("a: \364\217\277\277\nb: [c:d, \364\217\277\277]\n"),
     "0 1:1{1:1'a' 1:4'\364\217\277\277' 2:1'b' 2:4F[2:5'c:d' 2:10'\364\217\277\277']}\n"},
    {TEXT("a: [:]\n"), "0 1:5 a value was expected\n"},
    {TEXT("a: [b, :]\n"), "0 1:8 a value was expected\n"},
    {TEXT("a: [:b]\n"), "0 1:5 a value was expected\n"},
    {TEXT("a: [b? c]\n"),
     "0 1:5 a value in [] or {} has a ? without quotes; put the value in quotes\n"},
    {TEXT("a: {b: [http://c?d]}\n"),
     "0 1:9 a value in [] or {} has a ? without quotes; put the value in quotes\n"},
    {TEXT("a: {b?: c}\n"),
     "0 1:5 a value in [] or {} has a ? without quotes; put the value in quotes\n"},
    {TEXT("a: b? c\nd: [e, 'f?', \"g?\"]\nh: i?\n"),
     "0 1:1{1:1'a' 1:4'b? c' 2:1'd' 2:4F[2:5'e' 2:8\"f?\" 2:14\"g?\"] 3:1'h' 3:4'i?'}\n"},
    {TEXT("a: [? b : c]\n"), "0 1:1{1:1'a' 1:4F[1:5F{1:7'b' 1:11'c'}]}\n"},
    {TEXT("a: !!str \"b\\\\c\n  \\\"\\/d\"\n"),
     "0 2:5 kubectl does not read the escape \\/; write / without the backslash\n"},
    {TEXT("a: \"b/\\\\/\"\nc: 'd\\/'\ne: f\\/\n# \\/\n"),
     "0 1:1{1:1'a' 1:4\"b/\\/\" 2:1'c' 2:4\"d\\/\" 3:1'e' 3:4'f\\/'}\n"},
    {TEXT("a: !!timestamp 2001-01-01\n"), "0 1:1{1:1'a' 1:4'2001-01-01'}\n"},
    {TEXT("a: !!timestamp x\n"), "0 1:4 a value does not match its tag (!!)\n"},
    {TEXT("# caf\351\na: caf\303\n\377: \"\355\240\200\" # \370\nb: c\n"),
     "0 2:1{2:1'a' 2:4'caf\357\277\275' 3:1'\357\277\275' "
     "3:4\"\357\277\275\357\277\275\357\277\275\" 4:1'b' 4:4'c'}\n"},
    {TEXT("\303\251: \377: \001\n"), "0 1:8 a control character is not allowed in YAML\n"},
    {TEXT("a: |\n  b"), "0 1:1{1:1'a' 1:4|b\\0A|}\n"},
    {TEXT("a: |-\n  b"), "0 1:1{1:1'a' 1:4|b|}\n"},
    {TEXT("a: |+\n  b\n\n---\nc: >\n  d"), "0 1:1{1:1'a' 1:4|b\\0A\\0A|}\n"
                                           "1 5:1{5:1'c' 5:4>d\\0A>}\n"},
    {TEXT("1.10: a\n08: b\n1e3: c\n.5: d\n"),
     "0 1:1{1:1#1.1 1:7'a' 2:1#8 2:5'b' 3:1#1000 3:6'c' 4:1#0.5 4:5'd'}\n"},
    {TEXT("9223372036854775808: a\n"), "0 1:1 a key is a number that kubectl does not read\n"},
    {TEXT("a: b\n---\n# \001\n"), "0 1:1{1:1'a' 1:4'b'}\n"
                                  "1 3:3 a control character is not allowed in YAML\n"},
    {TEXT("a: b\n---\n\n\357\273\277c: d\ne: f\n"),
     "0 1:1{1:1'a' 1:4'b'}\n"
     "1 5:1 there is more text after the end of the document\n"},
};

static const struct reading documents[] = {
    {TEXT("a: b\n...\n...\n...\n# c\n---\nc: d\n... # x\ne: f"),
     "0 1:1{1:1'a' 1:4'b'}\n"
     "1 7:1{7:1'c' 7:4'd'}\n"
     "2 9:1 kubectl does not read what follows ... without a ---; separate documents with ---\n"},
    {TEXT(""), ""},
    {TEXT("\n \n# c\n"), ""},
    {TEXT("---\n"), ""},
    {TEXT("---\n---\n# c\n---\nnull\n---\n~\n"), ""},
    {TEXT("--- \n...\n"), ""},
    {TEXT("a: b\n---\nc: d\n"), "0 1:1{1:1'a' 1:4'b'}\n"
                                "1 3:1{3:1'c' 3:4'd'}\n"},
    {TEXT("a: b\n---\nc: d\n---"), "0 1:1{1:1'a' 1:4'b'}\n"
                                   "1 3:1{3:1'c' 3:4'd'}\n"},
    {TEXT("---\na: b\n--- # c\nc: d\n---# c\nd: e\n---\te\n"),
     "0 2:1{2:1'a' 2:4'b'}\n"
     "1 4:1{4:1'c' 4:4'd'}\n"
     "2 6:1{6:1'd' 6:4'e'}\n"
     "3 7:5 only a comment may follow --- on its line; put the document on the next line\n"},
    {TEXT("a: b\n--- {c: d}\n--- |\n  x\n--- \"y\"\n---x\n----\n---\nz: 1\n"),
     "0 1:1{1:1'a' 1:4'b'}\n"
     "1 2:5 only a comment may follow --- on its line; put the document on the next line\n"
     "2 3:5 only a comment may follow --- on its line; put the document on the next line\n"
     "3 5:5 only a comment may follow --- on its line; put the document on the next line\n"
     "4 6:4 only a comment may follow --- on its line; put the document on the next line\n"
     "5 7:4 only a comment may follow --- on its line; put the document on the next line\n"
     "6 9:1{9:1'z' 9:4#1}\n"},
    {TEXT("---{{ if .x }}\na: b\n---\nc: d\n"), "0 1:4 template\n"
                                                "1 4:1{4:1'c' 4:4'd'}\n"},
    {TEXT("a: b\r\n---\r\nc: d\r\n"), "0 1:1{1:1'a' 1:4'b'}\n"
                                      "1 3:1{3:1'c' 3:4'd'}\n"},
    {TEXT("a: b\n...\n---\nc: d\n...\n"), "0 1:1{1:1'a' 1:4'b'}\n"
                                          "1 4:1{4:1'c' 4:4'd'}\n"},
    {TEXT("a: b\n...\nc: d\n"),
     "0 1:1{1:1'a' 1:4'b'}\n"
     "1 3:1 kubectl does not read what follows ... without a ---; separate documents with ---\n"},
    {TEXT("a: b\n... c\n---\nd: e\n"),
     "0 1:1{1:1'a' 1:4'b'}\n"
     "1 2:5 kubectl does not read what follows ... without a ---; separate documents with ---\n"
     "2 4:1{4:1'd' 4:4'e'}\n"},
    {TEXT("a: b\n... # c\n# d\n"), "0 1:1{1:1'a' 1:4'b'}\n"},
    {TEXT("a: |\n  x\n  ---\n ---\n---\n"),
     "0 4:2 a key was expected, at the indentation of the keys above; check the indentation of "
     "this line and of the lines above it\n"},
    {TEXT("a: \"b\n---\nc: d\n"), "0 1:4 a quote is not closed\n"
                                  "1 3:1{3:1'c' 3:4'd'}\n"},
    {TEXT("%YAML 1.1\n---\na: b\n---\n# c\n%TAG ! x\n---\nc: d\n"),
     "0 1:1 kubectl reads no directive, a line that begins with %; leave it out\n"
     "1 3:1{3:1'a' 3:4'b'}\n"
     "2 6:1 kubectl reads no directive, a line that begins with %; leave it out\n"
     "3 8:1{8:1'c' 8:4'd'}\n"},
    {TEXT("# c\n---\na: b\n"), "0 3:1{3:1'a' 3:4'b'}\n"},
    {TEXT("\357\273\277a: b\nc: d\n"), "0 1:4{1:4'a' 1:7'b' 2:1'c' 2:4'd'}\n"},
    {TEXT("\357\273\277{\"a\": 1}"), "0 1:4F{1:5\"a\" 1:10#1}\n"},
    {TEXT("\357\273\277---\na: b\n---\n\357\273\277c: d\n"), "0 2:1{2:1'a' 2:4'b'}\n"
                                                             "1 4:4{4:4'c' 4:7'd'}\n"},
    {TEXT("\377\376a\000:\000 \000\351\000 \000b\000\n\000-\000-\000-\000\n\000b\000:\000 "
          "\000[\000=\330\000\336,\000 \000c\000]\000\n\000"),
     "0 1:3{1:3'a' 1:9'\303\251 b'}\n"
     "1 3:1{3:1'b' 3:7F[3:9'\360\237\230\200' 3:17'c']}\n"},
    {TEXT("\376\377\000a\000:\000 \000b\000\n"), "0 1:3{1:3'a' 1:9'b'}\n"},
    {TEXT("\377\376{\000\"\000a\000\"\000:\000 \0001\000}\000"), "0 1:3F{1:5\"a\" 1:15#1}\n"},
    {TEXT("\377\376a\000:\000 \000=\330x\000"), "0 1:3{1:3'a' 1:9'\357\277\275x'}\n"},
    {TEXT("\376\377\000a\000:\000 \000b\000"), "0 1:3{1:3'a' 1:9'b\357\277\275'}\n"},
    {TEXT("\376\377\000-\000-\000-\000 \000x\000\n"),
     "0 1:11 only a comment may follow --- on its line; put the document on the next line\n"},
    {TEXT("\377\376"), ""},
    {TEXT("a: b\n---\n\357\273\277---\nc: d\n"), "0 1:1{1:1'a' 1:4'b'}\n"
                                                 "1 4:1{4:1'c' 4:4'd'}\n"},
    {TEXT("\357\273"), "0 1:1'\357\277\275\357\277\275'\n"},
    {TEXT("{\"a\":1}{\"b\":2}\n{\"c\":3}  "), "0 1:1F{1:2\"a\" 1:6#1}\n"
                                              "1 1:8F{1:9\"b\" 1:13#2}\n"
                                              "2 2:1F{2:2\"c\" 2:6#3}\n"},
    {TEXT("{\"a\":1}\n---\n{\"b\":2}\n---\nc: d\n---\n {\"e\":1}\n"),
     "0 1:1F{1:2\"a\" 1:6#1}\n"
     "1 2:1 kubectl does not read a --- after JSON; leave it out between JSON objects; else put it "
     "in front of the first, too\n"
     "1 3:1F{3:2\"b\" 3:6#2}\n"
     "2 5:1{5:1'c' 5:4'd'}\n"
     "3 7:2F{7:3\"e\" 7:7#1}\n"},
    {TEXT("\n{\"a\":1}\n---\n"), "0 2:1F{2:2\"a\" 2:6#1}\n"
                                 "1 3:1 kubectl does not read a --- after JSON; leave it out "
                                 "between JSON objects; else put it in front of the first, too\n"},
    {TEXT("{\"a\":1}\n...\n"), "0 1:1F{1:2\"a\" 1:6#1}\n"
                               "1 2:1 a value was expected\n"},
    {TEXT("---\n{\"a\":1}\n---\n{\"b\":2}\n"), "0 2:1F{2:2\"a\" 2:6#1}\n"
                                               "1 4:1F{4:2\"b\" 4:6#2}\n"},
    {TEXT("a: b\n---\n{\"b\":2}\n{\"c\":3}\n"),
     "0 1:1{1:1'a' 1:4'b'}\n"
     "1 4:1 there is more text after the end of the document\n"},
    {TEXT("# c\n# {\n{\"a\":\n 1}\n"), "0 3:1F{3:2\"a\" 4:2#1}\n"},
    {TEXT("{\"a\":1} [2] null 3"), "0 1:1F{1:2\"a\" 1:6#1}\n"
                                   "1 1:9F[1:10#2]\n"
                                   "3 1:18#3\n"},
    {TEXT("{\"a\":1}\n{\"b\":\n---\nc: d\n"), "0 1:1F{1:2\"a\" 1:6#1}\n"
                                              "1 3:1 a value was expected, but the input ends\n"
                                              "2 4:1{4:1'c' 4:4'd'}\n"},
    {TEXT("{}\n{}"), "0 1:1F{}\n"
                     "1 2:1F{}\n"},
    {TEXT("{}"), "0 1:1F{}\n"},
};

static const struct reading lists[] = {
    {TEXT("apiVersion: v1\nitems:\n- kind: Pod\n  apiVersion: v1\n- a: 1\nkind: List\nmetadata:\n  "
          "x: y\n"),
     "0 v1/Pod 3:3{3:3'kind' 3:9'Pod' 4:3'apiVersion' 4:15'v1'}\n"
     "0 5:3{5:3'a' 5:6#1}\n"},
    {TEXT("{\"apiVersion\": \"v1\", \"items\": [{\"kind\": \"Pod\", \"apiVersion\": \"v1\"}, 2, "
          "null], \"kind\": \"List\", \"metadata\": {}}{\"a\":1}"),
     "0 v1/Pod 1:32F{1:33\"kind\" 1:41\"Pod\" 1:48\"apiVersion\" 1:62\"v1\"}\n"
     "0 1:69#2\n"
     "0 1:72null\n"
     "1 1:110F{1:111\"a\" 1:115#1}\n"},
    {TEXT("kind: SecretList\napiVersion: v1\nitems:\n- a: 1\n- {kind: Pod}\n- {apiVersion: v2}\n- "
          "text\n"),
     "0 v1/Secret 4:3{4:3'a' 4:6#1}\n"
     "0 /Pod 5:3F{5:4'kind' 5:10'Pod'}\n"
     "0 v2/ 6:3F{6:4'apiVersion' 6:16'v2'}\n"
     "0 7:3'text'\n"},
    {TEXT("{\"items\": [{\"a\": 1}], \"kind\": \"SecretList\", \"apiVersion\": \"v1\"}"),
     "0 v1/Secret 1:12F{1:13\"a\" 1:18#1}\n"},
    {TEXT("{\"apiVersion\": \"apps/v1\", \"items\": [{\"a\": 1}], \"kind\": \"DeploymentList\"}"),
     "0 apps/v1/Deployment 1:37F{1:38\"a\" 1:43#1}\n"},
    {TEXT("kind: List\nitems:\n- kind: List\n  items: [1, {kind: PodList, items: [{a: 1}]}]\n- "
          "{items: [2], kind: List}\n- kind: List\n  items: ~\n- 3\n"),
     "0 4:11#1\n"
     "0 /Pod 4:38F{4:39'a' 4:42#1}\n"
     "0 5:12#2\n"
     "0 8:3#3\n"},
    {TEXT("kind: List\nitems: []\n"), ""},
    {TEXT("kind: List\nitems:\n"), ""},
    {TEXT("kind: List\nitems: ~\n---\na: b\n"), "1 4:1{4:1'a' 4:4'b'}\n"},
    {TEXT("kind: List\nitems: {a: b}\n"),
     "0 /List 1:1{1:1'kind' 1:7'List' 2:1'items' 2:8F{2:9'a' 2:12'b'}}\n"},
    {TEXT("kind: List\n"), "0 /List 1:1{1:1'kind' 1:7'List'}\n"},
    {TEXT("kind: AllowList\nspec: {items: [1]}\n"),
     "0 /AllowList 1:1{1:1'kind' 1:7'AllowList' 2:1'spec' 2:7F{2:8'items' 2:15F[2:16#1]}}\n"},
    {TEXT("kind: ConfigMap\nitems: [1]\n"),
     "0 /ConfigMap 1:1{1:1'kind' 1:7'ConfigMap' 2:1'items' 2:8F[2:9#1]}\n"},
    {TEXT("{\"kind\": \"List\", \"items\": [1]} \"kind\""), "0 1:28#1\n1 1:32\"kind\"\n"},
    {TEXT("apiVersion: v1\nitems: [1]\nkind: ConfigMap\n"), "0 2:9#1\n"},
    {TEXT("items: [1]\n"), "0 1:1{1:1'items' 1:8F[1:9#1]}\n"},
    {TEXT("spec:\n  apiVersion: v1\n  kind: List\n  items: [1]\n"),
     "0 1:1{1:1'spec' 2:3{2:3'apiVersion' 2:15'v1' 3:3'kind' 3:9'List' 4:3'items' "
     "4:10F[4:11#1]}}\n"},
    {TEXT("kind: List\nitems: [1]\nitems: [2]\nx: [{y: z}]\n"), "0 2:9#1\n"
                                                                "0 3:9#2\n"},
    {TEXT("x: &x [1, 2]\nkind: List\nitems: *x\n"), "0 1:8#1\n"
                                                    "0 1:11#2\n"},
    {TEXT("apiVersion: v1\nitems: [1]\nx: &x [1, 2]\nitems: *x\nkind: List\n"), "0 2:9#1\n"
                                                                                "0 3:8#1\n"
                                                                                "0 3:11#2\n"},
    {TEXT("kind: List\nitems: &x [1, 2]\n"), "0 2:12#1\n"
                                             "0 2:15#2\n"},
    {TEXT("apiVersion: v1\nitems:\n- a: 1\n- b: \"x\n---\nc: d\n"), "0 3:3{3:3'a' 3:6#1}\n"
                                                                    "0 4:6 a quote is not closed\n"
                                                                    "1 6:1{6:1'c' 6:4'd'}\n"},
    {TEXT("{\"kind\": \"List\", \"items\": [{\"a\": 1}, {\"b\" 2}]}\n---\nc: d\n"),
     "0 1:28F{1:29\"a\" 1:34#1}\n"
     "0 1:43 a colon was expected after a key\n"
     "1 3:1{3:1'c' 3:4'd'}\n"},
    {TEXT("kind: List\nitems: [1]\n? [a]\n: b\n"),
     "0 2:9#1\n"
     "0 3:3 a key is a mapping or a sequence itself, and must be a string\n"},
    {TEXT("apiVersion: v1\nitems: [{a: 1}]\nkind: SecretList\n"), "0 2:9F{2:10'a' 2:13#1}\n"},
};

static const struct reading aliases[] = {
    {TEXT("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n"),
     "0 1:1{1:1'a' 1:4F{1:8'b' 1:11#1} 2:1'c' 1:4F{1:8'b' 1:11#1} 3:1'd' 3:4F[1:4F{1:8'b' 1:11#1} "
     "1:4F{1:8'b' 1:11#1}]}\n"},
    {TEXT("&k a: *k\n"), "0 1:1{1:1'a' 1:1'a'}\n"},
    {TEXT("a: &x 1\nb: &x 2\nc: *x\n"), "0 1:1{1:1'a' 1:4#1 2:1'b' 2:4#2 3:1'c' 2:4#2}\n"},
    {TEXT("*x : 1\n"), "0 1:1 an alias (*) has no anchor (&)\n"},
    {TEXT("&a [&b 1, *b]\n"), "0 1:1F[1:5#1 1:5#1]\n"},
    {TEXT("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3, m: 4}\n"),
     "0 1:1{1:1'a' 1:4F{1:8'k' 1:11#1 1:14'l' 1:17#2} 2:1'b' 2:4F{2:13'l' 2:16#3 2:19'm' 2:22#4 "
     "1:8'k'<< 1:11#1}}\n"},
    {TEXT("a: &x {k: 1, l: 2}\nb: {l: 3, <<: *x}\n"),
     "0 1:1{1:1'a' 1:4F{1:8'k' 1:11#1 1:14'l' 1:17#2} 2:1'b' 2:4F{2:5'l' 2:8#3 1:14'l'<< 1:17#2 "
     "1:8'k'<< 1:11#1}}\n"},
    {TEXT("b: {<<: [{k: 1, l: 1}, {k: 2, m: 2}], n: 3}\n"),
     "0 1:1{1:1'b' 1:4F{1:39false 1:42#3 1:17'l'<< 1:20#1 1:11'k'<< 1:14#1 1:31'm'<< 1:34#2}}\n"},
    {TEXT("a: &x {k: 1}\nb: &y {<<: *x, l: 2}\nc: {<<: *y}\n"),
     "0 1:1{1:1'a' 1:4F{1:8'k' 1:11#1} 2:1'b' 2:4F{2:16'l' 2:19#2 1:8'k'<< 1:11#1} 3:1'c' "
     "3:4F{1:8'k'<< 1:11#1 2:16'l'<< 2:19#2}}\n"},
    {TEXT("\"<<\": {a: 1}\n"), "0 1:1{1:1\"<<\" 1:7F{1:8'a' 1:11#1}}\n"},
    {TEXT("<<: {}\na: 1\n"), "0 1:1{2:1'a' 2:4#1}\n"},
    {TEXT("<<: 1\n"), "0 1:1 << merges mappings only, or a sequence of them\n"},
    {TEXT("<<: [1]\n"), "0 1:1 << merges mappings only, or a sequence of them\n"},
    {TEXT("- <<\n"), "0 1:1[1:3'<<']\n"},
    {TEXT("kind: List\nitems:\n- &x {a: 1}\n- b: *x\n- {<<: *x}\n---\nc: *x\n"),
     "0 3:3F{3:7'a' 3:10#1}\n"
     "0 4:3{4:3'b' 3:3F{3:7'a' 3:10#1}}\n"
     "0 5:3F{3:7'a'<< 3:10#1}\n"
     "1 7:4 an alias (*) has no anchor (&)\n"},
    {TEXT("kind: List\nitems:\n- a: {b: &x [1]}\n- *x\n"),
     "0 3:3{3:3'a' 3:6F{3:7'b' 3:10F[3:14#1]}}\n"
     "0 3:10F[3:14#1]\n"},
    {TEXT("x: *a\n---\na: b\n"), "0 1:4 an alias (*) has no anchor (&)\n"
                                 "1 3:1{3:1'a' 3:4'b'}\n"},
    {TEXT("x: &a [*a]\n"), "0 1:8 an alias (*) refers to a value that contains it\n"},
    {TEXT("x: &a {b: {c: *a}}\n"), "0 1:15 an alias (*) refers to a value that contains it\n"},
    {TEXT("&a {<<: *a}\n"), "0 1:9 an alias (*) refers to a value that contains it\n"},
    {TEXT("a: &x [1]\n? *x\n: b\n"),
     "0 2:3 a key is a mapping or a sequence itself, and must be a string\n"},
};

/* Settings of other programs: JSON with comments, and commas behind the last. */
static const struct reading settings[] = {
    {TEXT("{\n  // a\n  \"b\": {\"c\": [1, 2,],}, /* d */\n}\n"), ""},
    {TEXT("// a\n[1]\n"), ""},
    {TEXT("/* a\n * b */\n{\"c\": \"http://d\"}"), ""},
    {TEXT("{\"a\": 1 // b\n}\n---\nc: d\n"), "0 4:1{4:1'c' 4:4'd'}\n"},
    {TEXT("{\"a\": \"/* b */ // c\"}"), "0 1:1F{1:2\"a\" 1:7\"/* b */ // c\"}\n"},
    {TEXT("{\"kind\": 1, // b\n}\n"), "0 1:13 a key was expected\n"},
    {TEXT("{\"auths\": {} // b\n}\n"), "0 1:14 a comma or '}' was expected\n"},
    {TEXT("{\"a\": // b\n}\n"), ""},
    {TEXT("{{/* a */}}\n"), "0 1:1 template\n"},
    {TEXT("{\"a\": b://c}\n"), "0 1:7 a value was expected\n"},
};

static const struct reading templates[] = {
    {TEXT("name: {{ .Name }}\n---\na: b\n"), "0 1:7 template\n"
                                             "1 3:1{3:1'a' 3:4'b'}\n"},
    {TEXT("a: b\n---\n{{ if .x }}\nc: d\n{{ end }}\n---\ne: f\n"), "0 1:1{1:1'a' 1:4'b'}\n"
                                                                   "1 3:1 template\n"
                                                                   "2 7:1{7:1'e' 7:4'f'}\n"},
    {TEXT("a: \"{{ .x }}\"\n"), "0 1:1{1:1'a' 1:4\"{{ .x }}\"}\n"},
    {TEXT("a: b {{ x }}\n"), "0 1:1{1:1'a' 1:4'b {{ x }}'}\n"},
    {TEXT("a: b\n#@ foo\nc: {{x: 1}: 2}\n"), "0 2:1 template\n"},
    {TEXT("a: b\n#@ foo\nc:  #@ data.values.c\nd: 1\n---\ne: f\n"), "0 2:1 template\n"
                                                                    "1 6:1{6:1'e' 6:4'f'}\n"},
    {TEXT("a:\n- #@ x\n"), "0 2:3 template\n"},
    {TEXT("a: \"\" #@ x\nb: # @ y\n"), "0 1:1{1:1'a' 1:4\"\" 2:1'b' 2:3}\n"},
    {TEXT("a: |\n  b: #@ x\n"), "0 1:1{1:1'a' 1:4|b: #@ x\\0A|}\n"},
    {TEXT("a: <% x %>\nb: [\n"), "0 1:4 template\n"},
    {TEXT("{% if x %}\na: b\n"), "0 1:1 template\n"},
    {TEXT("a: [\nb: c\n\n\n   {{ x }}\n---\nd: e\n"), "0 5:4 template\n"
                                                      "1 7:1{7:1'd' 7:4'e'}\n"},
    {TEXT("{\"a\": {{ x }}}\n"), "0 1:7 template\n"},
    {TEXT("{\"a\": {{ x }},\n \"b\"}\n"), "0 1:7 template\n"},
    {TEXT("{{ x }}\n"), "0 1:1 template\n"},
    {TEXT("kind: List\nitems:\n- a: 1\n- b: {{ x }}\n- c: 1\n---\nd: e\n"),
     "0 3:3{3:3'a' 3:6#1}\n"
     "0 4:6 template\n"
     "1 7:1{7:1'd' 7:4'e'}\n"},
    {TEXT("\tx: {{ y }}\n"), "0 1:5 template\n"},
    {TEXT("? [a]\n: b # {%\n"), "0 2:7 template\n"},
    {TEXT("a: {b: c\n# #{ @#\n"), "0 3:1 a ',' or '}' was expected\n"},
    {TEXT("\"\303\251\": {{ x }}\n"), "0 1:7 template\n"},
};

static const struct reading broken[] = {
    {TEXT("a: [1, , 2]\n"), "0 1:8 a value was expected\n"},
    {TEXT("a: b\n\tc: d\n"), "0 2:1 a tab is used for indentation; indent with spaces\n"},
    {TEXT("a:\n\tb: c\n"), "0 2:1 a tab is used for indentation; indent with spaces\n"},
    {TEXT("a:\n  \tb: c\n"), "0 2:3 a tab is used for indentation; indent with spaces\n"},
    {TEXT("a: @b\n"), "0 1:4 a value cannot begin with this character; put the value in quotes\n"},
    {TEXT("a: `b`\n"), "0 1:4 a value cannot begin with this character; put the value in quotes\n"},
    {TEXT("a: %b\n"), "0 1:4 a value cannot begin with this character; put the value in quotes\n"},
    {TEXT("a: b: c\n"), "0 1:5 a ': ' is not allowed here; put a value that contains ': ' in "
                        "quotes, or check the indentation\n"},
    {TEXT("a: b\n  c: d\n"), "0 2:4 a ': ' is not allowed here; put a value that contains ': ' in "
                             "quotes, or check the indentation\n"},
    {TEXT("a:\n  b: c\n d: e\n"), "0 3:2 a key was expected, at the indentation of the keys above; "
                                  "check the indentation of this line and of the lines above it\n"},
    {TEXT("a: \"b\nc: d\n"), "0 1:4 a quote is not closed\n"},
    {TEXT("a: 'b\n"), "0 1:4 a quote is not closed\n"},
    {TEXT("a: [1, 2\nb: c\n"), "0 2:2 a ',' or ']' was expected\n"},
    {TEXT("a: {b: c\n"), "0 2:1 a ',' or '}' was expected\n"},
    {TEXT("a: ]\n"), "0 1:4 a value was expected\n"},
    {TEXT("a: b\n]\n"), "0 2:1 a key was expected, at the indentation of the keys above; check the "
                        "indentation of this line and of the lines above it\n"},
    {TEXT("# c\n{a: b} c\n"), "0 2:8 there is more text after the end of the document\n"},
    {TEXT("{a: b}\n"), "0 1:2 a key or '}' was expected\n"},
    {TEXT("a: b\n- c\n"), "0 2:1 a key was expected, at the indentation of the keys above; check "
                          "the indentation of this line and of the lines above it\n"},
    {TEXT("- a\nb: c\n"),
     "0 2:1 another item of the list ('- ') was expected, or an end of its indentation; check the "
     "indentation of this line and of the lines above it\n"},
    {TEXT("a: - b\n"), "0 1:4 an item of a list ('- ') is not allowed here; check the indentation "
                       "of this line and of the lines above it\n"},
    {TEXT("a\nb: c\n"), "0 2:2 a ': ' is not allowed here; put a value that contains ': ' in "
                        "quotes, or check the indentation\n"},
    {TEXT("a: \"\\q\"\n"), "0 1:5 a \\ in double quotes begins an unknown escape\n"},
    {TEXT("a: \"\\ud83d\\ude00\"\n"),
     "0 1:7 an escape is not a character (YAML has no surrogate pairs)\n"},
    {TEXT("a: \"\\u12\"\n"), "0 1:7 hexadecimal digits were expected after \\x, \\u or \\U\n"},
    {TEXT("a: !x!y z\n"), "0 1:4 a tag (!x!y) has an unknown handle; put the value in quotes\n"},
    {TEXT("a: &\n"), "0 1:4 an anchor (&) or alias (*) has no name, or one with wrong characters; "
                     "put the value in quotes\n"},
    {TEXT("a: * b\n"), "0 1:4 an anchor (&) or alias (*) has no name, or one with wrong "
                       "characters; put the value in quotes\n"},
    {TEXT("a: |x\n"), "0 1:5 only a comment may follow | or > on its line\n"},
    {TEXT("a: |0\n"), "0 1:5 the indentation after | or > must be 1 to 9\n"},
    {TEXT("a: b\n%c: d\n"),
     "0 2:1 kubectl reads no directive, a line that begins with %; put the value in quotes\n"},
    {TEXT("a: \001\n---\nb: c\n"), "0 1:4 a control character is not allowed in YAML\n"
                                   "1 3:1{3:1'b' 3:4'c'}\n"},
    {TEXT("a: \000b\n"), "0 1:4 a control character is not allowed in YAML\n"},
    {TEXT("a: b\177\n"), "0 1:5 a control character is not allowed in YAML\n"},
    {TEXT("~: 1\n"), "0 1:1 a key is empty, and must be a string\n"},
    {TEXT(": 1\n"), "0 1:1 a key was expected, at the indentation of the keys above; check the "
                    "indentation of this line and of the lines above it\n"},
    {TEXT("[a]: 1\n"), "0 1:1 a key is a mapping or a sequence itself, and must be a string\n"},
    {TEXT("? {a: b}\n: c\n"),
     "0 1:3 a key is a mapping or a sequence itself, and must be a string\n"},
    {TEXT("a: !!int x\n"), "0 1:4 a value does not match its tag (!!)\n"},
    {TEXT("a: !!null x\n"), "0 1:4 a value does not match its tag (!!)\n"},
    {TEXT("a: !!binary \"%\"\n"), "0 1:4 a value is tagged !!binary, but is not base64\n"},
    {TEXT("data:\n  .dockerconfigjson: "
          "eyJhdXRocyI6eyJnaGNyLmlvIjp7InVzZXJuYW1lIjoib2N0b2NhdCIsInBhc3N3b3JkIjoi\naHVudGVyMiJ9fX"
          "0=\nkind: Secret\n"),
     "0 3:1 a line of base64 is outside of its value; write base64 on one line: base64 -w0\n"},
    {TEXT("data:\n  .dockerconfigjson: "
          "eyJhdXRocyI6eyJnaGNyLmlvIjp7InVzZXJuYW1lIjoib2N0b2NhdCIsInBhc3N3b3JkIjoi\naHVudGVyMiJ9fX"
          "0=\n"),
     "0 3:1 a line of base64 is outside of its value; write base64 on one line: base64 -w0\n"},
    {TEXT(
         "data:\n  auth: "
         "eyJhdXRocyI6eyJnaGNyLmlvIjp7InVzZXJuYW1lIjoib2N0b2NhdCIsInBhc3N3b3JkIjoi\neyJhdXRocyI6eyJ"
         "naGNyLmlvIjp7InVzZXJuYW1lIjoib2N0b2NhdCIsInBhc3N3b3JkIjoi\naHVudGVyMiJ9fX0=\ntype: x\n"),
     "0 3:1 a line of base64 is outside of its value; write base64 on one line: base64 -w0\n"},
    {TEXT("data:\r\n  auth: "
          "eyJhdXRocyI6eyJnaGNyLmlvIjp7InVzZXJuYW1lIjoib2N0b2NhdCIsInBhc3N3b3JkIjoi\r\naHVudGVyMiJ9"
          "fX0=\r\n"),
     "0 3:1 a line of base64 is outside of its value; write base64 on one line: base64 -w0\n"},
    {TEXT("data:\n  .dockerconfigjson: |\neyJhdXRocyI6eyJnaGNy\nLmlvIjp7\n"),
     "0 3:1 a line of base64 is outside of its value; write base64 on one line: base64 -w0\n"},
    {TEXT("data:\n  .dockerconfigjson: eyJhdXRocyI6eyJnaGNy\nLmlv\n"),
     "0 3:1 a line of base64 is outside of its value; write base64 on one line: base64 -w0\n"},
    {TEXT("kind: CustomResourceDefinition\nmetadata\n"),
     "0 2:1 the line has no ':' after its key; check the indentation of this line and of the lines "
     "above it\n"},
    {TEXT("{\"a\": 1"), "0 1:8 a comma or '}' was expected, but the input ends\n"},
    {TEXT("{\"a\" 1}"), "0 1:6 a colon was expected after a key\n"},
    {TEXT("{\"a\": 01}\n"), "0 1:8 a comma or '}' was expected\n"},
    {TEXT("{\"a\": 1, }\n"), "0 1:10 a key was expected, not '}'\n"},
    {TEXT("---\n{\"a\": 01}\n"), "0 2:1F{2:2\"a\" 2:7#01}\n"},
    {TEXT("---\n{\"a\": \"x\n\"}"), "0 2:1F{2:2\"a\" 2:7\"x \"}\n"},
    {TEXT("{\"a\": 1}}"), "0 1:1F{1:2\"a\" 1:7#1}\n"
                          "1 1:9 a value was expected, not '}'\n"},
    {TEXT("\n{\"a\": \"b\"\n \"c\": 1}\n---\nd: e\n"), "0 3:2 a comma or '}' was expected\n"
                                                       "1 5:1{5:1'd' 5:4'e'}\n"},
    {TEXT("{"), "0 1:2 a key or '}' was expected, but the input ends\n"},
    {TEXT("{\"a\": tru}"), "0 1:7 a value was expected\n"},
    {TEXT("a: b\n...\n]\n---\nc: d\n"),
     "0 1:1{1:1'a' 1:4'b'}\n"
     "1 3:1 kubectl does not read what follows ... without a ---; separate documents with ---\n"
     "2 5:1{5:1'c' 5:4'd'}\n"},
};

static void reads_values(void **state)
{
	(void)state;
	expect_all(values, COUNT(values));
}

static void reads_what_kubectl_reads(void **state)
{
	(void)state;
	expect_all(dialect, COUNT(dialect));
}

static void cuts_documents(void **state)
{
	(void)state;
	expect_all(documents, COUNT(documents));
}

static void takes_lists_apart(void **state)
{
	(void)state;
	expect_all(lists, COUNT(lists));
}

static void follows_aliases(void **state)
{
	(void)state;
	expect_all(aliases, COUNT(aliases));
}

static void knows_templates(void **state)
{
	(void)state;
	expect_all(templates, COUNT(templates));
}

static void skips_settings(void **state)
{
	(void)state;
	expect_all(settings, COUNT(settings));
}

static void explains_what_is_broken(void **state)
{
	(void)state;
	expect_all(broken, COUNT(broken));
}

/* ---- Large and deep ---- */

static void repeat(struct buf *out, const char *text, size_t count)
{
	if (text[0] && !text[1])
		buf_append_repeated(out, *text, count);
	else
		for (size_t i = 0; i < count; i++)
			buf_append_string(out, text);
}

/* What the first event is, of `text`: 'o' object, 't' template, or a problem. */
static void expect_first(const struct buf *text, const char *problem)
{
	struct feed feed = {text->data, text->len, 4096, false};
	CLEANUP(manifest_reader_free) struct manifest_reader *reader = open_feed(&feed);
	struct manifest_item item;
	struct error error;

	assert_false(text->failure);
	assert_true(manifest_reader_next(reader, &item, &error));
	assert_int_equal(item.event, problem ? MANIFEST_BROKEN : MANIFEST_OBJECT);
	if (problem)
		assert_string_equal(item.problem->message, problem);
}

static const struct {
	const char *before, *open, *middle, *close;
	size_t count;
	const char *problem;
} deep[] = {
    {"", "[", "", "]", NODE_DEPTH_MAX, NULL},
    {"", "[", "", "]", NODE_DEPTH_MAX + 1, "collections are nested too deep"},
    {"", "[", "", "", 100000, "collections are nested too deep"},
    {"", "- ", "x", "", NODE_DEPTH_MAX, NULL},
    {"", "- ", "x", "", NODE_DEPTH_MAX + 1, "collections are nested too deep"},
    {"", "{\"a\":", "1", "}", NODE_DEPTH_MAX, NULL},
    {"", "{\"a\":", "1", "}", NODE_DEPTH_MAX + 1, "objects and arrays are nested too deep"},
    {"#\n", "{a: ", "1", "}", NODE_DEPTH_MAX, NULL},
    {"", "{\"a\":[", "1", "]}", 100000, "objects and arrays are nested too deep"},
    {"a: ", "[[[[[[[[", "1", "", 100, "a ',' or ']' was expected"},
};

static void bears_depth(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(deep); i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(SIZE_MAX / 2);

		buf_append_string(&text, deep[i].before);
		repeat(&text, deep[i].open, deep[i].count);
		buf_append_string(&text, deep[i].middle);
		repeat(&text, deep[i].close, deep[i].count);
		expect_first(&text, deep[i].problem);
	}
}

/* One value of `count` bytes, and what is in front of it and behind. */
static const struct {
	const char *before, *fill, *behind;
	size_t count;
	const char *problem;
} large[] = {
    {"a: ", "x", "\n", MANIFEST_TEXT_MAX, NULL},
    {"a: ", "x", "\n", MANIFEST_TEXT_MAX + 1, "a value is longer than 16777216 bytes"},
    {"a: \"", "x", "", MANIFEST_TEXT_MAX + 1024 * 1024, "a value is longer than 16777216 bytes"},
    {"a: |\n  ", "x", "", MANIFEST_TEXT_MAX + 1024 * 1024, "a value is longer than 16777216 bytes"},
    {"a: b\n", "# \n", "", MANIFEST_TEXT_MAX,
     "the white space and comments here are longer than 16777216 bytes"},
    {"{\"a\": \"", "x", "\"}", MANIFEST_TEXT_MAX, NULL},
    {"{\"a\": \"", "x", "\"}", MANIFEST_TEXT_MAX + 1, "a string is longer than 16777216 bytes"},
    {"- a\n", "- a\n", "", 1000000, "an object needs more than 64 MiB of memory"},
    {"{\"a\": [0", ",0", "]}", 1000000, "an object needs more than 64 MiB of memory"},
};

static void bears_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(large); i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(SIZE_MAX / 2);

		buf_append_string(&text, large[i].before);
		repeat(&text, large[i].fill, large[i].count);
		buf_append_string(&text, large[i].behind);
		expect_first(&text, large[i].problem);
	}
}

/* Each of them might be a List's. */
static void bears_many_items(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(SIZE_MAX / 2);

	(void)state;
	repeat(&text, "items: []\n", 100000);
	expect_first(&text, NULL);
	buf_reset(&text);
	repeat(&text, "x: 1\n", 100);
	buf_append_string(&text, "kind: List\nitems: [[], 1]\n");
	expect_first(&text, NULL);
}

/* Ten of ten of ten: the weight is what a walk would meet. */
static void stops_alias_bombs(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(NOTES_MAX);

	(void)state;
	buf_append_string(&text, "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
	for (int i = 1; i < 30; i++) {
		buf_append_format(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_append_format(&text, "*a%d,", i - 1);
		buf_append_string(&text, "]\n");
	}
	expect_first(&text, "an object has more than 4000000 values, counting aliases (*)");
}

/* A chain of aliases is no way around the depth either. */
static void stops_deep_aliases(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(NOTES_MAX);

	(void)state;
	buf_append_string(&text, "- &a0 1\n");
	for (int i = 1; i <= 6; i++) {
		buf_append_format(&text, "- &a%d ", i);
		repeat(&text, "[", NODE_DEPTH_MAX / 5);
		buf_append_format(&text, "*a%d", i - 1);
		repeat(&text, "]", NODE_DEPTH_MAX / 5);
		buf_append_char(&text, '\n');
	}
	expect_first(&text, "collections are nested too deep");
}

/* Memory follows the largest item. */
static void streams_lists(void **state)
{
	static const char *const forms[][3] = {
	    {"{\"apiVersion\":\"v1\",\"items\":[0", ",{\"a\":\"0123456789\"}",
	     "],\"kind\":\"List\"}"},
	    {"apiVersion: v1\nitems:\n- 0\n", "- {a: '0123456789'}\n", "kind: List\n"},
	    {"kind: FooList\nitems:\n- 0\n", "- a: 0123456789\n  b: [1]\n", "apiVersion: x\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(SIZE_MAX / 2);
		struct manifest_item item = {.event = MANIFEST_OBJECT};
		struct feed feed;
		struct manifest_reader *reader;
		struct error error;
		size_t count = 0, most = 0;

		buf_append_string(&text, forms[i][0]);
		repeat(&text, forms[i][1], 100000);
		buf_append_string(&text, forms[i][2]);
		feed = (struct feed){text.data, text.len, 4096, false};
		reader = open_feed(&feed);
		live = 0;
		while (manifest_reader_next(reader, &item, &error) &&
		       item.event == MANIFEST_OBJECT) {
			count++;
			most = live > most ? live : most;
		}
		assert_int_equal(item.event, MANIFEST_END);
		assert_int_equal(count, 100001);
		assert_in_range(most, 0, 20);
		manifest_reader_free(&reader);
	}
}

/* ---- What goes wrong outside ---- */

static void passes_failures_on(void **state)
{
	static const char *const texts[] = {"", "a: b\n", "{\"a\": 1", "a: \"b", "[", "---\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t chunk = 1; chunk < 4; chunk++) {
			CLEANUP(buf_release) struct buf out = BUF_INIT(NOTES_MAX);
			struct feed feed = {texts[i], strlen(texts[i]), chunk, true};
			struct error error;

			assert_false(note_manifest(feed, &out, &error));
			assert_int_equal(error.diagnostic, DIAGNOSTIC_INPUT_FAILED);
		}
}

static const char everything[] =
    "a: &a {b: !!binary aGk=, \"c\": [1, ~]}\nd: {<<: *a}\n--- \n"
    "{\"apiVersion\": \"v1\", \"items\": [{\"a\": \"hunter2\"}], \"kind\": \"List\"}\n"
    "{\"items\": [{\"kind\": \"List\", \"items\": [1]}], \"kind\": \"SecretList\"}\n---\n"
    "apiVersion: v1\nitems:\n- &b {x: hunter2}\n- *b\nkind: ConfigMapList\n---\n"
    "a: {{ x }}\n---\n{\"s\": 1 // c\n}\n---\na: \"hunter2\n---\n{\"a\": 1, }";

/* A reader that is left in the middle. */
static void is_left_at_any_time(void **state)
{
	(void)state;
	for (size_t count = 0; count < 12; count++) {
		struct feed feed = {TEXT(everything), 100, false};
		struct manifest_reader *reader;
		struct manifest_item item;
		struct error error;

		taken = live = unwiped = 0;
		reader = open_feed(&feed);
		for (size_t i = 0; i < count; i++)
			assert_true(manifest_reader_next(reader, &item, &error));
		manifest_reader_free(&reader);
		manifest_reader_free(&reader);
		assert_null(reader);
		assert_int_equal(live, 0);
		assert_int_equal(unwiped, 0);
	}
}

#if defined(__GLIBC__) && !defined(REGCRED_SANITIZED)
/* How many blocks of that size, as malloc hands them out, hold a run of the letter. */
static size_t count_left(size_t size, const char *run)
{
	enum { BLOCKS = 7 };
	char *blocks[BLOCKS];
	size_t left = 0;

	for (size_t i = 0; i < BLOCKS; i++) {
		blocks[i] = malloc(size);
		assert_non_null(blocks[i]);
		left += memmem(blocks[i], size, run, strlen(run)) != NULL;
	}
	for (size_t i = 0; i < BLOCKS; i++)
		free(blocks[i]);
	return left;
}

/* libyaml's strings go through malloc itself. */
static void leaves_nothing_of_libyaml(void **state)
{
	static const char *const beginnings[] = {
	    "a: x\n---\nb: yy\n---\na: !!binary \"", /* never closed */
	    "a: ",
	    "a: |\n  ",
	};
	static char text[3000];

	(void)state;
	if (getenv("REGCRED_VALGRIND"))
		skip(); /* it has a malloc of its own */
	for (size_t b = 0; b < COUNT(beginnings); b++)
		for (size_t len = 40; len < sizeof text - 100; len *= 2) {
			struct manifest_reader *reader;
			struct manifest_item item;
			struct error error;
			size_t start = strlen(beginnings[b]);

			memcpy(text, beginnings[b], start);
			memset(text + start, 'S', len);
			reader = manifest_reader_new_bytes(text, start + len);
			do
				assert_true(manifest_reader_next(reader, &item, &error));
			while (item.event != MANIFEST_END);
			manifest_reader_free(&reader);
			for (size_t size = 16; size <= 1024; size *= 2)
				assert_int_equal(count_left(size, "SSSSSSSS"), 0);
		}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_values),
		cmocka_unit_test(reads_what_kubectl_reads),
		cmocka_unit_test(cuts_documents),
		cmocka_unit_test(takes_lists_apart),
		cmocka_unit_test(follows_aliases),
		cmocka_unit_test(knows_templates),
		cmocka_unit_test(skips_settings),
		cmocka_unit_test(explains_what_is_broken),
		cmocka_unit_test(bears_depth),
		cmocka_unit_test(bears_size),
		cmocka_unit_test(bears_many_items),
		cmocka_unit_test(stops_alias_bombs),
		cmocka_unit_test(stops_deep_aliases),
		cmocka_unit_test(streams_lists),
		cmocka_unit_test(passes_failures_on),
		cmocka_unit_test(is_left_at_any_time),
#if defined(__GLIBC__) && !defined(REGCRED_SANITIZED)
		cmocka_unit_test(leaves_nothing_of_libyaml),
#endif
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("manifest_reader", tests, NULL, NULL);
}
