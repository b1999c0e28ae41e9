/* The reader against tables of documents, and against what Go's decoder said to
 * those in tests/vectors. A vector's content is never printed, only its id. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "feed.h"
#include "regcred/base/memory.h"
#include "regcred/json/json_reader.h"

enum { TEXT_MAX = BUF_CONFIG_MAX };
#define DOCUMENT(string) string, sizeof(string) - 1

/* ---- Reading a document in pieces ---- */

static void open_feed(struct json_reader *reader, struct feed *feed, size_t text_max)
{
	if (feed->chunk)
		json_reader_init(reader, feed_source, feed, text_max);
	else
		json_reader_init_bytes(reader, feed->bytes, feed->len, text_max);
}

/* ---- Events as text ---- */

/* One letter an event: "{k<auths>{}}." */
static void note_event(const struct json_reader *reader, struct buf *out)
{
	static const char letters[] = "^{}[]ksntfz.";
	enum json_event event = reader->event;
	const struct buf *text = &reader->text;
	bool has_text = event == JSON_KEY || event == JSON_STRING || event == JSON_NUMBER;

	buf_append_char(out, letters[event]);
	assert_true(has_text || text->len == 0);
	if (!has_text)
		return;
	buf_append_char(out, '<');
	for (size_t i = 0; i < text->len; i++)
		buf_append_format(out, (unsigned char)text->data[i] < 0x20 ? "\\%02X" : "%c",
		                  (unsigned char)text->data[i]);
	buf_append_char(out, '>');
}

static void note_position(const struct json_reader *reader, struct buf *out)
{
	struct json_position position = reader->position;

	buf_append_format(out, "%u:%u:%u ", (unsigned)position.offset, (unsigned)position.line,
	                  (unsigned)position.column);
}

/* Appends the events, then the positions if wanted. False with `error`. */
static bool note_document(struct feed feed, struct buf *events, struct buf *positions,
                          struct error *error)
{
	struct json_reader reader;
	bool sound;

	open_feed(&reader, &feed, TEXT_MAX);
	assert_int_equal(reader.event, JSON_START);
	while ((sound = json_reader_next(&reader, error))) {
		note_event(&reader, events);
		if (positions)
			note_position(&reader, positions);
		if (reader.event == JSON_END)
			break;
	}
	assert_true(!sound || reader.depth == 0);
	assert_true(sound || reader.text.len == 0);
	json_reader_release(&reader);
	return sound;
}

static bool accepts(const char *bytes, size_t len)
{
	struct json_reader reader;
	struct error error;
	bool sound;

	json_reader_init_bytes(&reader, bytes, len, TEXT_MAX);
	do
		sound = json_reader_next(&reader, &error);
	while (sound && reader.event != JSON_END);
	json_reader_release(&reader);
	return sound;
}

static const size_t chunks[] = {0, 1, 2, 3, 5, 7, 8, 9, 64, SIZE_MAX};

/* ---- Documents that are accepted ---- */

static const struct {
	const char *name;
	const char *bytes;
	size_t len;
	const char *events;
} accepted[] = {
    {"empty object", DOCUMENT("{}"), "{}."},
    {"empty array", DOCUMENT("[]"), "[]."},
    {"white space", DOCUMENT(" \t\r\n{ \n} \n"), "{}."},
    {"white space of every length", DOCUMENT("[       1,        2,         3]"), "[n<1>n<2>n<3>]."},
    {"words", DOCUMENT("[true,false,null]"), "[tfz]."},
    {"word alone", DOCUMENT("null"), "z."},
    {"string alone", DOCUMENT("\"\""), "s<>."},
    {"number alone", DOCUMENT("0"), "n<0>."},
    {"numbers", DOCUMENT("[-0,10,0.5,-1.25e+10,1E-2,0e0,1e999]"),
     "[n<-0>n<10>n<0.5>n<-1.25e+10>n<1E-2>n<0e0>n<1e999>]."},
    {"docker config", DOCUMENT("{\"auths\": {\"reg.io\": {\"auth\": \"QQ==\"}}, \"n\": [1]}"),
     "{k<auths>{k<reg.io>{k<auth>s<QQ==>}}k<n>[n<1>]}."},
    {"arrays in objects in arrays", DOCUMENT("[{\"a\":[[],{}]},[]]"), "[{k<a>[[]{}]}[]]."},
    {"repeated keys", DOCUMENT("{\"a\":1,\"a\":2,\"\":3}"), "{k<a>n<1>k<a>n<2>k<>n<3>}."},
    {"escapes", DOCUMENT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "s<\"\\/\\08\\0C\\0A\\0D\\09>."},
    {"escaped letters", DOCUMENT("\"\\u0041\\u00e9\\u20AC\""), "s<A\u00E9\u20AC>."},
    {"escaped NUL", DOCUMENT("[\"a\\u0000b\",1]"), "[s<a\\00b>n<1>]."},
    {"DEL is no control character", DOCUMENT("\"\x7F\""), "s<\x7F>."},
    {"UTF-8 of every length", DOCUMENT("\"$\u00E9\u20AC\U0001F600\""),
     "s<$\u00E9\u20AC\U0001F600>."},
    {"line separators", DOCUMENT("\"\u2028\u2029\""), "s<\u2028\u2029>."},
    {"surrogate pair", DOCUMENT("\"\\ud83d\\uDE00\""), "s<\U0001F600>."},
    {"outermost pairs", DOCUMENT("\"\\ud800\\udc00\\udbff\\udfff\""), "s<\U00010000\U0010FFFF>."},
    {"lone high surrogate", DOCUMENT("\"\\ud800\""), "s<\uFFFD>."},
    {"lone low surrogate", DOCUMENT("\"\\udc00\\udfff\""), "s<\uFFFD\uFFFD>."},
    {"high surrogate, letter", DOCUMENT("\"\\ud800A\""), "s<\uFFFDA>."},
    {"high surrogate, escaped letter", DOCUMENT("\"\\ud800\\u0041\""), "s<\uFFFDA>."},
    {"high surrogate, other escape", DOCUMENT("\"\\ud800\\n\""), "s<\uFFFD\\0A>."},
    {"high surrogate, pair", DOCUMENT("\"\\ud800\\ud83d\\ude00\""), "s<\uFFFD\U0001F600>."},
    {"surrogates the wrong way round", DOCUMENT("\"\\ude00\\ud83d\""), "s<\uFFFD\uFFFD>."},
    {"lone continuation byte", DOCUMENT("\"a\x80z\""), "s<a\uFFFDz>."},
    {"Latin-1", DOCUMENT("\"caf\xE9\""), "s<caf\uFFFD>."},
    {"cut sequence", DOCUMENT("\"\xE2\x82\""), "s<\uFFFD\uFFFD>."},
    {"cut sequence before a letter", DOCUMENT("\"\xF0\x9F\x98z\""), "s<\uFFFD\uFFFD\uFFFDz>."},
    {"overlong form", DOCUMENT("\"\xC0\xAF\""), "s<\uFFFD\uFFFD>."},
    {"surrogate in UTF-8", DOCUMENT("\"\xED\xA0\x80\""), "s<\uFFFD\uFFFD\uFFFD>."},
    {"above U+10FFFF", DOCUMENT("\"\xF4\x90\x80\x80\""), "s<\uFFFD\uFFFD\uFFFD\uFFFD>."},
    {"byte 0xFF in a key", DOCUMENT("{\"\xFF\":1}"), "{k<\uFFFD>n<1>}."},
    {"specials at each place of eight", DOCUMENT("[\"1234567\",\"12345678\",\"123456\\n8\"]"),
     "[s<1234567>s<12345678>s<123456\\0A8>]."},
};

static void test_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(accepted); i++) {
		struct buf first = BUF_INIT(TEXT_MAX);

		for (size_t c = 0; c < COUNT(chunks); c++) {
			struct feed feed = {accepted[i].bytes, accepted[i].len, chunks[c], false};
			struct buf events = BUF_INIT(TEXT_MAX);
			struct buf positions = BUF_INIT(TEXT_MAX);
			struct error error;

			if (!note_document(feed, &events, &positions, &error))
				fail_msg("%s, chunk %zu: %s", accepted[i].name, chunks[c],
				         error.message);
			assert_string_equal(events.data, accepted[i].events);
			if (c == 0)
				buf_append(&first, positions.data, positions.len);
			assert_string_equal(positions.data, first.data);
			buf_release(&events);
			buf_release(&positions);
		}
		buf_release(&first);
	}
}

static void test_positions(void **state)
{
	static const char document[] = "\n{\r\n  \"k\\n\" : [ -1,\n\"\u00E9\", true ]\n}\n";
	struct feed feed = {DOCUMENT(document), 0, false};
	struct buf events = BUF_INIT(TEXT_MAX);
	struct buf positions = BUF_INIT(TEXT_MAX);
	struct error error;

	(void)state;
	assert_true(note_document(feed, &events, &positions, &error));
	assert_string_equal(events.data, "{k<k\\0A>[n<-1>s<\u00E9>t]}.");
	assert_string_equal(positions.data, "1:2:1 6:3:3 14:3:11 16:3:13 20:4:1 26:4:7 31:4:12 "
	                                    "33:5:1 35:6:1 ");
	buf_release(&events);
	buf_release(&positions);
}

/* ---- Documents that are refused ---- */

static const struct {
	const char *bytes;
	size_t len;
	const char *message;
} refused[] = {
    {DOCUMENT(""), "line 1, column 1: a value was expected, but the input ends"},
    {DOCUMENT(" \n "), "line 2, column 2: a value was expected, but the input ends"},
    {DOCUMENT("\xEF\xBB\xBF{}"), "line 1, column 1: a value was expected, not a byte order mark"},
    {DOCUMENT("\xFF\xFE{"), "line 1, column 1: a value was expected"},
    {DOCUMENT("{} x"), "line 1, column 4: the end of the input was expected"},
    {DOCUMENT("{}{}"), "line 1, column 3: the end of the input was expected, not '{'"},
    {DOCUMENT("{}\0"), "line 1, column 3: the end of the input was expected"},
    {DOCUMENT("{}\v"), "line 1, column 3: the end of the input was expected"},
    {DOCUMENT("null,"), "line 1, column 5: the end of the input was expected, not ','"},
    {DOCUMENT("1 2"), "line 1, column 3: the end of the input was expected"},
    {DOCUMENT("\0"), "line 1, column 1: a value was expected"},
    {DOCUMENT("hunter2"), "line 1, column 1: a value was expected"},
    {DOCUMENT("'a'"), "line 1, column 1: a value was expected"},
    {DOCUMENT("// c\n{}"), "line 1, column 1: a value was expected"},
    {DOCUMENT("\xC2\xA0{}"), "line 1, column 1: a value was expected"},
    {DOCUMENT("]"), "line 1, column 1: a value was expected, not ']'"},
    {DOCUMENT("["), "line 1, column 2: a value was expected, but the input ends"},
    {DOCUMENT("[1"), "line 1, column 3: a comma or ']' was expected, but the input ends"},
    {DOCUMENT("[1,]"), "line 1, column 4: a value was expected, not ']'"},
    {DOCUMENT("[,1]"), "line 1, column 2: a value was expected, not ','"},
    {DOCUMENT("[1 2]"), "line 1, column 4: a comma or ']' was expected"},
    {DOCUMENT("[1}"), "line 1, column 3: a comma or ']' was expected, not '}'"},
    {DOCUMENT("[[1]"), "line 1, column 5: a comma or ']' was expected, but the input ends"},
    {DOCUMENT("{"), "line 1, column 2: a key or '}' was expected, but the input ends"},
    {DOCUMENT("{]"), "line 1, column 2: a key or '}' was expected, not ']'"},
    {DOCUMENT("{a:1}"), "line 1, column 2: a key or '}' was expected"},
    {DOCUMENT("{1:1}"), "line 1, column 2: a key or '}' was expected"},
    {DOCUMENT("{\"a\"}"), "line 1, column 5: a colon was expected after a key, not '}'"},
    {DOCUMENT("{\"a\""), "line 1, column 5: a colon was expected after a key, but the input ends"},
    {DOCUMENT("{\"a\" 1}"), "line 1, column 6: a colon was expected after a key"},
    {DOCUMENT("{\"a\":}"), "line 1, column 6: a value was expected, not '}'"},
    {DOCUMENT("{\"a\"::1}"), "line 1, column 6: a value was expected, not ':'"},
    {DOCUMENT("{\"a\":1,}"), "line 1, column 8: a key was expected, not '}'"},
    {DOCUMENT("{\"a\":1,,}"), "line 1, column 8: a key was expected, not ','"},
    {DOCUMENT("{\"a\":1 \"b\":2}"), "line 1, column 8: a comma or '}' was expected"},
    {DOCUMENT("{\"a\":1]"), "line 1, column 7: a comma or '}' was expected, not ']'"},
    {DOCUMENT("{\n\"a\":1;}"), "line 2, column 6: a comma or '}' was expected"},
    {DOCUMENT("01"), "line 1, column 2: the end of the input was expected"},
    {DOCUMENT("[-01]"), "line 1, column 4: a comma or ']' was expected"},
    {DOCUMENT("+1"), "line 1, column 1: a value was expected"},
    {DOCUMENT(".5"), "line 1, column 1: a value was expected"},
    {DOCUMENT("[1.]"), "line 1, column 4: a digit was expected, not ']'"},
    {DOCUMENT("1.e1"), "line 1, column 3: a digit was expected"},
    {DOCUMENT("1e"), "line 1, column 3: a digit was expected, but the input ends"},
    {DOCUMENT("1e+"), "line 1, column 4: a digit was expected, but the input ends"},
    {DOCUMENT("-"), "line 1, column 2: a digit was expected, but the input ends"},
    {DOCUMENT("-a"), "line 1, column 2: a digit was expected"},
    {DOCUMENT("0x10"), "line 1, column 2: the end of the input was expected"},
    {DOCUMENT("[1e5.2]"), "line 1, column 5: a comma or ']' was expected"},
    {DOCUMENT("NaN"), "line 1, column 1: a value was expected"},
    {DOCUMENT("True"), "line 1, column 1: a value was expected"},
    {DOCUMENT("tru"), "line 1, column 1: a value was expected"},
    {DOCUMENT("[flase]"), "line 1, column 2: a value was expected"},
    {DOCUMENT("[fals]"), "line 1, column 2: a value was expected"},
    {DOCUMENT("n"), "line 1, column 1: a value was expected"},
    {DOCUMENT("nil"), "line 1, column 1: a value was expected"},
    {DOCUMENT("name: x"), "line 1, column 1: a value was expected"},
    {DOCUMENT("{\"a\":t,"), "line 1, column 6: a value was expected"},
    {DOCUMENT("nul\0"), "line 1, column 1: a value was expected"},
    {DOCUMENT("nullx"), "line 1, column 5: the end of the input was expected"},
    {DOCUMENT("\""), "line 1, column 2: a string is not closed"},
    {DOCUMENT("\"abc"), "line 1, column 5: a string is not closed"},
    {DOCUMENT("\"\xE2\x82"), "line 1, column 4: a string is not closed"},
    {DOCUMENT("\"a\\"), "line 1, column 3: a string is not closed"},
    {DOCUMENT("\"a\\\""), "line 1, column 5: a string is not closed"},
    {DOCUMENT("\"a\tb\""), "line 1, column 3: a string holds a raw control character"},
    {DOCUMENT("\"a\nb\""), "line 1, column 3: a string holds a raw control character"},
    {DOCUMENT("\"12345678901\0\""), "line 1, column 13: a string holds a raw control character"},
    {DOCUMENT("\"1234567\x1F\""), "line 1, column 9: a string holds a raw control character"},
    {DOCUMENT("\"\\a\""), "line 1, column 2: a string holds an escape that JSON does not know"},
    {DOCUMENT("\"\\'\""), "line 1, column 2: a string holds an escape that JSON does not know"},
    {DOCUMENT("\"\\\0\""), "line 1, column 2: a string holds an escape that JSON does not know"},
    {DOCUMENT("\"\\U0041\""), "line 1, column 2: a string holds an escape that JSON does not know"},
    {DOCUMENT("\"\\u12\""), "line 1, column 2: four hexadecimal digits were expected after \\u"},
    {DOCUMENT("\"\\u12G4\""), "line 1, column 2: four hexadecimal digits were expected after \\u"},
    {DOCUMENT("\"\\u 123\""), "line 1, column 2: four hexadecimal digits were expected after \\u"},
    {DOCUMENT("\"\\ud800\\u"), "line 1, column 8: four hexadecimal digits were expected after \\u"},
    {DOCUMENT("{\"a\\x\":1}"),
     "line 1, column 4: a string holds an escape that JSON does not know"},
};

/* Skipping has to refuse the same, for the same reason. */
static void check_skip_refuses(struct feed feed, const char *message)
{
	struct json_reader reader;
	struct error error;

	open_feed(&reader, &feed, TEXT_MAX);
	if (json_reader_skip(&reader, &error))
		assert_false(json_reader_next(&reader, &error));
	assert_string_equal(error.message, message);
	json_reader_release(&reader);
}

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused) * COUNT(chunks); i++) {
		const size_t at = i / COUNT(chunks);
		const size_t chunk = chunks[i % COUNT(chunks)];
		struct feed feed = {refused[at].bytes, refused[at].len, chunk, false};
		struct buf events = BUF_INIT(TEXT_MAX);
		struct error error;

		if (note_document(feed, &events, NULL, &error))
			fail_msg("accepted, though %s", refused[at].message);
		assert_string_equal(error.message, refused[at].message);
		assert_int_equal(error.diagnostic, DIAGNOSTIC_JSON_INVALID);
		assert_int_equal(error.status, STATUS_DATA);
		buf_release(&events);
		check_skip_refuses(feed, refused[at].message);
	}
}

static void test_error_stays(void **state)
{
	struct json_reader reader;
	struct error error;

	(void)state;
	json_reader_init_bytes(&reader, DOCUMENT("[1,}]"), TEXT_MAX);
	assert_true(json_reader_next(&reader, &error));
	assert_true(json_reader_next(&reader, &error));
	for (int i = 0; i < 3; i++) {
		memset(&error, 0, sizeof error);
		assert_false(json_reader_next(&reader, &error));
		assert_string_equal(error.message,
		                    "line 1, column 4: a value was expected, not '}'");
	}
	json_reader_release(&reader);
}

static void test_success_leaves_error_alone(void **state)
{
	struct json_reader reader;
	struct error error, before;

	(void)state;
	memset(&error, 0xA5, sizeof error);
	before = error;
	json_reader_init_bytes(&reader, DOCUMENT("[1]"), TEXT_MAX);
	for (int i = 0; i < 6; i++) /* the end can be asked for again */
		assert_true(json_reader_next(&reader, &error));
	assert_int_equal(reader.event, JSON_END);
	assert_memory_equal(&error, &before, sizeof error);
	json_reader_release(&reader);
}

/* ---- Limits ---- */

static char *nested(size_t depth, size_t *len)
{
	char *document = malloc(depth * 6 + 1);

	assert_non_null(document);
	*len = 0;
	for (size_t i = 0; i < depth; i++)
		*len += (size_t)sprintf(document + *len, i % 3 ? "[" : "{\"\":");
	if (depth % 3 == 1)
		document[(*len)++] = '1';
	for (size_t i = depth; i-- > 0;)
		document[(*len)++] = i % 3 ? ']' : '}';
	return document;
}

static void test_depth(void **state)
{
	static const struct {
		size_t depth;
		bool accepted;
	} cases[] = {{1, true}, {9, true}, {JSON_DEPTH_MAX, true}, {JSON_DEPTH_MAX + 1, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_reader reader;
		struct error error;
		size_t len;
		char *document = nested(cases[i].depth, &len);

		assert_int_equal(accepts(document, len), cases[i].accepted);
		json_reader_init_bytes(&reader, document, len, TEXT_MAX);
		assert_int_equal(json_reader_skip(&reader, &error), cases[i].accepted);
		if (!cases[i].accepted)
			assert_non_null(strstr(error.message, "nested too deep"));
		json_reader_release(&reader);
		free(document);
	}
}

static void test_ceiling(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *message; /* NULL: within a ceiling of 8 bytes */
	} cases[] = {
	    {DOCUMENT("\"12345678\""), NULL},
	    {DOCUMENT("\"123456\u00E9\""), NULL},
	    {DOCUMENT("\"\\u0031\\u0032\\u0033\\u0034\""), NULL},
	    {DOCUMENT("-1234567"), NULL},
	    {DOCUMENT("{\"12345678\":\"12345678\"}"), NULL},
	    {DOCUMENT("\"123456789\""), "line 1, column 1: a string is longer than 8 bytes"},
	    {DOCUMENT("[\n \"1234567\u00E9\"]"),
	     "line 2, column 2: a string is longer than 8 bytes"},
	    {DOCUMENT("[\"12345678\\n\"]"), "line 1, column 2: a string is longer than 8 bytes"},
	    {DOCUMENT("[\"1234567\xFF\"]"), "line 1, column 2: a string is longer than 8 bytes"},
	    {DOCUMENT("[\"1234567\\ud83d\\ude00"),
	     "line 1, column 2: a string is longer than 8 bytes"},
	    {DOCUMENT("{\"123456789\":1}"), "line 1, column 2: a string is longer than 8 bytes"},
	    {DOCUMENT("[1234567.89]"), "line 1, column 2: a number is longer than 8 bytes"},
	    {DOCUMENT("12345678.9"), "line 1, column 1: a number is longer than 8 bytes"},
	    {DOCUMENT("12345678e1"), "line 1, column 1: a number is longer than 8 bytes"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases) * COUNT(chunks); i++) {
		const size_t at = i / COUNT(chunks);
		struct feed feed = {cases[at].bytes, cases[at].len, chunks[i % COUNT(chunks)],
		                    false};
		struct json_reader reader;
		struct error error;
		bool sound;

		open_feed(&reader, &feed, 8);
		while ((sound = json_reader_next(&reader, &error)))
			if (reader.event == JSON_END)
				break;
		assert_int_equal(sound, cases[at].message == NULL);
		if (!sound) {
			assert_string_equal(error.message, cases[at].message);
			assert_int_equal(error.diagnostic, DIAGNOSTIC_INPUT_TOO_LARGE);
		}
		json_reader_release(&reader);
	}
}

/* ---- Sources ---- */

static void test_source_failure(void **state)
{
	static const char *const starts[] = {
	    "",    " ",  "{",    "{\"a",   "{\"a\\u00", "[1",     "[1.",  "[1e+",
	    "[tr", "[]", "[1] ", "{\"a\"", "\"\\",      "\"\xE2", "\xEF", "-"};

	(void)state;
	for (size_t i = 0; i < COUNT(starts) * COUNT(chunks); i++) {
		const char *start = starts[i / COUNT(chunks)];
		struct feed feed = {start, strlen(start), chunks[i % COUNT(chunks)], true};
		struct buf events = BUF_INIT(TEXT_MAX);
		struct error error;

		if (!feed.chunk)
			continue;
		assert_false(note_document(feed, &events, NULL, &error));
		assert_string_equal(error.message, "the pipe burst");
		assert_int_equal(error.diagnostic, DIAGNOSTIC_INPUT_FAILED);
		buf_release(&events);
	}
}

/* Strings, escapes, numbers and white space across the seams of the window. */
static void test_window_seams(void **state)
{
	static const char element[] =
	    "\"\\ud83d\\ude00 \u00E9\U0001F600 plain\" ,\n  -12.5e+1,true,";
	const size_t count = 9000;
	struct buf document = BUF_INIT(TEXT_MAX);
	struct buf whole = BUF_INIT(TEXT_MAX);
	struct error error;

	(void)state;
	buf_append_char(&document, '[');
	for (size_t i = 0; i < count; i++)
		buf_append_string(&document, element);
	buf_append_string(&document, "0]");
	assert_true(note_document((struct feed){document.data, document.len, 0, false}, &whole,
	                          &whole, &error));
	for (size_t chunk = 65530; chunk < 65540; chunk++) {
		struct feed feed = {document.data, document.len, chunk, false};
		struct buf pieces = BUF_INIT(TEXT_MAX);

		assert_true(note_document(feed, &pieces, &pieces, &error));
		assert_int_equal(pieces.len, whole.len);
		assert_memory_equal(pieces.data, whole.data, whole.len);
		buf_release(&pieces);
	}
	assert_true(buf_check(&whole, "the test's events", &error));
	buf_release(&document);
	buf_release(&whole);
}

/* ---- Skipping ---- */

static void test_skip(void **state)
{
	static const struct {
		const char *document;
		size_t steps;       /* events before the skip */
		const char *events; /* that of the skip and those behind it */
	} cases[] = {
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 0, "}."},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 1, "}."},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 2, "]k<c>n<3>}."},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 3, "]k<c>n<3>}."},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 5, "}]k<c>n<3>}."},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 8, "}]k<c>n<3>}."},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 13, "."},
	    {"{\"a\":{},\"c\":\"\\u0041\\n\xFF\"}", 2, "}k<c>s<A\\0A\uFFFD>}."},
	    {"[\"x\",\"y\"]", 2, "s<x>s<y>]."},
	    {"[]", 1, "]."},
	    {"true", 0, "t."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_reader reader;
		struct buf events = BUF_INIT(TEXT_MAX);
		struct error error;

		json_reader_init_bytes(&reader, cases[i].document, strlen(cases[i].document),
		                       TEXT_MAX);
		for (size_t step = 0; step < cases[i].steps; step++)
			assert_true(json_reader_next(&reader, &error));
		assert_true(json_reader_skip(&reader, &error));
		note_event(&reader, &events);
		while (reader.event != JSON_END) {
			assert_true(json_reader_next(&reader, &error));
			note_event(&reader, &events);
		}
		assert_string_equal(events.data, cases[i].events);
		buf_release(&events);
		json_reader_release(&reader);
	}
}

/* What is skipped may be of any length, and is never copied: no buf grows, and
 * bytes in memory need no window. */
static void test_skip_takes_no_memory(void **state)
{
	static const char document[] =
	    "{\"key\":[\"much longer than eight \\u00e9 \xFF\",1234567890]}";
	struct json_reader reader;
	struct error error;

	(void)state;
	json_reader_init_bytes(&reader, DOCUMENT(document), 8);
	assert_true(json_reader_next(&reader, &error));
	assert_true(json_reader_next(&reader, &error));
	buf_release(&reader.text);
	assert_true(json_reader_skip(&reader, &error));
	assert_int_equal(reader.event, JSON_ARRAY_END);
	assert_true(json_reader_next(&reader, &error));
	assert_true(json_reader_next(&reader, &error));
	assert_int_equal(reader.event, JSON_END);
	assert_int_equal(reader.text.size, 0);
	assert_null(reader.window);
	json_reader_release(&reader);
	json_reader_init_bytes(&reader, DOCUMENT("[\"much longer than eight\"]"), 8);
	assert_true(json_reader_next(&reader, &error));
	assert_true(json_reader_skip(&reader, &error)); /* from within */
	assert_int_equal(reader.text.size, 0);
	json_reader_release(&reader);
}

static void test_is_object(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool answer;
	} cases[] = {
	    {DOCUMENT("{}"), true},
	    {DOCUMENT(" {\"type\":\"service_account\",\"n\":[1,{}]}\n"), true},
	    {DOCUMENT("{\"a\":1}{\"b\":2}"), false},
	    {DOCUMENT("{\"a\":1} x"), false},
	    {DOCUMENT("{\"a\":1"), false},
	    {DOCUMENT("{}\0"), false},
	    {DOCUMENT("[]"), false},
	    {DOCUMENT("[{}]"), false},
	    {DOCUMENT("\"{}\""), false},
	    {DOCUMENT("null"), false},
	    {DOCUMENT("12"), false},
	    {DOCUMENT("hunter2"), false},
	    {DOCUMENT(" "), false},
	    {NULL, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(json_is_object(cases[i].bytes, cases[i].len), cases[i].answer);
	}
}

/* ---- Wiping ---- */

static void test_text_is_wiped(void **state)
{
	static const char document[] = "[\"correct horse\",1]";
	struct json_reader reader;
	struct error error;
	const char *data;

	(void)state;
	json_reader_init_bytes(&reader, DOCUMENT(document), TEXT_MAX);
	assert_true(json_reader_next(&reader, &error));
	assert_true(json_reader_next(&reader, &error));
	data = reader.text.data;
	assert_string_equal(data, "correct horse");
	assert_true(json_reader_next(&reader, &error));
	assert_ptr_equal(reader.text.data, data);
	assert_string_equal(data, "1");
	for (size_t i = 2; i < strlen("correct horse"); i++)
		assert_int_equal(data[i], 0);
	json_reader_release(&reader);
	json_reader_release(&reader);
}

/* ---- What Go's decoder said ---- */

/* The string members that matter here. */
enum field { ID, ERROR, STAGE, MEDIA, MANIFEST, FIELDS };

static const char *const field_keys[FIELDS] = {"id", "error", "stage", "media", "manifest"};

enum { DOCUMENTS_MAX = 8 };

struct vector {
	struct buf fields[FIELDS];
	bool accepted;
	bool other_types; /* holds Secrets that the kubelet does not look into */
	struct buf documents[DOCUMENTS_MAX];
	size_t count;
};

static void vector_init(struct vector *vector)
{
	memset(vector, 0, sizeof *vector);
	for (size_t i = 0; i < FIELDS; i++)
		buf_init(&vector->fields[i], TEXT_MAX);
	for (size_t i = 0; i < DOCUMENTS_MAX; i++)
		buf_init(&vector->documents[i], TEXT_MAX);
}

static void vector_release(struct vector *vector)
{
	for (size_t i = 0; i < FIELDS; i++)
		buf_release(&vector->fields[i]);
	for (size_t i = 0; i < DOCUMENTS_MAX; i++)
		buf_release(&vector->documents[i]);
}

static bool field_is(const struct vector *vector, enum field field, const char *text)
{
	return strcmp(vector->fields[field].data, text) == 0;
}

static void append_base64(struct buf *out, const struct buf *text)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0;
	unsigned count = 0;

	for (size_t i = 0; i < text->len; i++) {
		const char *digit = memchr(digits, text->data[i], sizeof digits - 1);

		if (!digit)
			break;
		bits = bits << 6 | (unsigned)(digit - digits);
		count += 6;
		if (count >= 8) {
			count -= 8;
			buf_append_char(out, (char)(bits >> count));
		}
	}
}

static void append_text(struct buf *out, const struct buf *text)
{
	buf_append(out, text->data, text->len);
}

typedef void append_function(struct buf *out, const struct buf *text);

static void must(bool done, const struct vector *vector, const char *complaint)
{
	if (!done)
		fail_msg("vector %s: %s", vector->fields[ID].data, complaint);
}

static void next(struct json_reader *reader, const struct vector *vector)
{
	struct error error;

	must(json_reader_next(reader, &error), vector, "its line cannot be read");
}

/* Empty ones are left out: the kubelet does not decode them. */
static void read_documents(struct json_reader *reader, struct vector *vector,
                           append_function *append)
{
	for (next(reader, vector); reader->event == JSON_STRING; next(reader, vector)) {
		must(vector->count < DOCUMENTS_MAX, vector, "it has too many documents");
		if (reader->text.len)
			append(&vector->documents[vector->count++], &reader->text);
	}
	assert_int_equal(reader->event, JSON_ARRAY_END);
}

static bool text_is(const struct json_reader *reader, const char *name)
{
	return strcmp(reader->text.data, name) == 0;
}

static void read_types(struct json_reader *reader, struct vector *vector)
{
	for (next(reader, vector); reader->event == JSON_STRING; next(reader, vector))
		if (!text_is(reader, "kubernetes.io/dockerconfigjson") &&
		    !text_is(reader, "kubernetes.io/dockercfg"))
			vector->other_types = true;
}

/* Reads the value of a member, to its last event. */
static void read_member(struct json_reader *reader, struct vector *vector, const char *key)
{
	struct error error;

	next(reader, vector);
	for (size_t i = 0; i < FIELDS; i++)
		if (strcmp(key, field_keys[i]) == 0)
			append_text(&vector->fields[i], &reader->text);
	if (strcmp(key, "accepted") == 0)
		vector->accepted = reader->event == JSON_TRUE;
	else if (strcmp(key, "secrets") == 0)
		read_documents(reader, vector, append_text);
	else if (strcmp(key, "secrets_b64") == 0)
		read_documents(reader, vector, append_base64);
	else if (strcmp(key, "secret_types") == 0)
		read_types(reader, vector);
	else
		must(json_reader_skip(reader, &error), vector, "its line cannot be read");
}

static void read_vector(const char *line, size_t len, struct vector *vector)
{
	struct json_reader reader;

	json_reader_init_bytes(&reader, line, len, TEXT_MAX);
	next(&reader, vector);
	for (next(&reader, vector); reader.event == JSON_KEY; next(&reader, vector)) {
		char key[32];

		snprintf(key, sizeof key, "%s", reader.text.data);
		read_member(&reader, vector, key);
	}
	next(&reader, vector);
	assert_int_equal(reader.event, JSON_END);
	json_reader_release(&reader);
}

/* Whether Go refused a document as no JSON, rather than for what it says. */
static bool is_syntax_error(const struct vector *vector)
{
	return strstr(vector->fields[ERROR].data, "invalid character '") ||
	       strstr(vector->fields[ERROR].data, "unexpected end of JSON input") ||
	       strstr(vector->fields[ERROR].data, "exceeded max depth");
}

static size_t refused_documents(const struct vector *vector)
{
	size_t count = 0;

	for (size_t i = 0; i < vector->count; i++)
		count += !accepts(vector->documents[i].data, vector->documents[i].len);
	return count;
}

static void judge_kubelet(struct vector *vector)
{
	const size_t count = refused_documents(vector);

	if (vector->fields[ERROR].len == 0 && !vector->other_types)
		must(count == 0, vector, "a document is refused that Go accepts");
	else if (is_syntax_error(vector))
		must(count > 0, vector, "all documents are accepted, of which Go refuses one");
}

/* The contents of a manifest's `data` and `stringData`. */
static void read_contents(struct vector *vector)
{
	struct json_reader reader;
	append_function *append = NULL;

	json_reader_init_bytes(&reader, vector->fields[MANIFEST].data, vector->fields[MANIFEST].len,
	                       TEXT_MAX);
	for (next(&reader, vector); reader.event != JSON_END; next(&reader, vector)) {
		if (reader.event == JSON_KEY && reader.depth == 1)
			append = text_is(&reader, "data")         ? append_base64
			         : text_is(&reader, "stringData") ? append_text
			                                          : NULL;
		else if (append && reader.event == JSON_STRING)
			append(&vector->documents[vector->count++], &reader.text);
		assert_in_range(vector->count, 0, DOCUMENTS_MAX - 1);
	}
	json_reader_release(&reader);
}

static void judge_admission(struct vector *vector)
{
	if (!field_is(vector, MEDIA, "application/json"))
		return;
	if (field_is(vector, STAGE, "decode") && is_syntax_error(vector)) {
		must(!accepts(vector->fields[MANIFEST].data, vector->fields[MANIFEST].len), vector,
		     "a manifest is accepted that Go refuses");
		return;
	}
	if (vector->accepted && vector->fields[MANIFEST].len) /* not a template */
		must(accepts(vector->fields[MANIFEST].data, vector->fields[MANIFEST].len), vector,
		     "a manifest is refused that Go accepts");
	if (!field_is(vector, STAGE, "validate") || !is_syntax_error(vector))
		return;
	read_contents(vector);
	must(vector->count == 0 || refused_documents(vector) > 0, vector,
	     "all contents are accepted, of which Go refuses one");
}

static void judge_file(const char *name, void judge(struct vector *vector))
{
	const char *folder = getenv("REGCRED_VECTORS");
	char path[4096];
	char *line = NULL;
	size_t size = 0;
	size_t count = 0;
	ssize_t len;
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder ? folder : "tests/vectors", name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("cannot open %s", path);
	for (; (len = getline(&line, &size, file)) > 0; count++) {
		struct vector vector;

		vector_init(&vector);
		read_vector(line, (size_t)len, &vector);
		judge(&vector);
		vector_release(&vector);
	}
	assert_true(feof(file) && count > 100);
	free(line);
	fclose(file);
}

static void test_kubelet_vectors(void **state)
{
	(void)state;
	judge_file("kubelet-match.jsonl", judge_kubelet);
}

static void test_admission_vectors(void **state)
{
	(void)state;
	judge_file("secret-admission.jsonl", judge_admission);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accepted),
	    cmocka_unit_test(test_positions),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_error_stays),
	    cmocka_unit_test(test_success_leaves_error_alone),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_source_failure),
	    cmocka_unit_test(test_window_seams),
	    cmocka_unit_test(test_skip),
	    cmocka_unit_test(test_skip_takes_no_memory),
	    cmocka_unit_test(test_is_object),
	    cmocka_unit_test(test_text_is_wiped),
	    cmocka_unit_test(test_kubelet_vectors),
	    cmocka_unit_test(test_admission_vectors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("json_reader", tests, NULL, NULL);
}
