/* What was fed, and where it stands in the file; events; problems in plain words. */
#include "yaml_reader.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/tree/yaml_resolve.h"
#include "template_marks.h"

enum {
	/* libyaml reads ahead, and a scalar is what lies between two events. */
	UNREAD_MAX = MANIFEST_TEXT_MAX + 128 * 1024,
	HISTORY_MAX = UNREAD_MAX * 2,
	/* For a look at the line before a problem. */
	KEPT_MIN = 4096,
	SKIP_SIZE = 16 * 1024,
	/* libyaml looks at every open flow collection for each token: the sum of their
	 * depths is bounded, to about a second. */
	FLOW_WORK_MAX = 1 << 28,
	/* It looks at every %TAG line for each other one. */
	DIRECTIVES_MAX = 1000,
};

/* A character of the document: the index is libyaml's, the rest the file's. */
struct cursor {
	size_t at; /* in the history */
	uint64_t index;
	struct node_place place;
};

struct yaml_reader {
	yaml_parser_t parser;
	yaml_event_t event;
	struct manifest_stream *stream;

	struct buf history;   /* what libyaml was fed, from a little before the cursor */
	struct cursor cursor; /* of the last event */
	uint64_t dropped;     /* bytes fed before the history */
	uint64_t flow_work;
	struct template_marks marks;
	struct node_place mark; /* of the first */

	struct buf binary; /* decoded !!binary */
	bool ended;        /* NODE_EVENT_END comes next */
	bool too_long, too_many_directives;
	struct error problem;
	struct node_place place;
};

/* ---- What was fed ---- */

static void step(const struct yaml_reader *reader, struct cursor *cursor)
{
	const char *bytes = reader->history.data + cursor->at;
	size_t len = 1;
	uint32_t rune = (unsigned char)*bytes;

	if (rune >= 0x80)
		len = utf8_decode(bytes, reader->history.len - cursor->at, &rune);
	cursor->at += len;
	cursor->place.offset += len;
	cursor->index++;
	if (reader->stream->utf16)
		cursor->place.column += rune > 0xFFFF && rune != UTF8_INVALID ? 4 : 2;
	else
		cursor->place.column += len;
	if (rune == '\n') {
		cursor->place.line++;
		cursor->place.column = 1;
	}
}

/* Moves over plain ASCII within a line, at most `count` bytes. */
static void step_plain(const struct yaml_reader *reader, struct cursor *cursor, uint64_t count)
{
	const char *bytes = reader->history.data + cursor->at;
	size_t left = reader->history.len - cursor->at, run = 0;

	if (count < left)
		left = (size_t)count;
	while (run < left && (signed char)bytes[run] >= ' ')
		run++;
	cursor->at += run;
	cursor->place.offset += run;
	cursor->index += run;
	cursor->place.column += run * (reader->stream->utf16 ? 2 : 1);
}

static struct cursor cursor_at_index(const struct yaml_reader *reader, uint64_t index)
{
	struct cursor cursor = reader->cursor;

	while (cursor.index < index && cursor.at < reader->history.len) {
		step_plain(reader, &cursor, index - cursor.index);
		if (cursor.index < index && cursor.at < reader->history.len)
			step(reader, &cursor);
	}
	return cursor;
}

static struct cursor cursor_at_offset(const struct yaml_reader *reader, uint64_t offset)
{
	struct cursor cursor = reader->cursor;

	while (reader->dropped + cursor.at < offset && cursor.at < reader->history.len) {
		step_plain(reader, &cursor, offset - reader->dropped - cursor.at);
		if (reader->dropped + cursor.at < offset && cursor.at < reader->history.len)
			step(reader, &cursor);
	}
	return cursor;
}

static bool remember(struct yaml_reader *reader, const char *bytes, size_t len)
{
	struct buf *history = &reader->history;
	size_t drop = reader->cursor.at;

	if (drop > KEPT_MIN && drop >= history->len / 2) {
		drop -= KEPT_MIN / 2;
		memmove(history->data, history->data + drop, history->len - drop);
		buf_truncate(history, history->len - drop);
		reader->cursor.at -= drop;
		reader->dropped += drop;
	}
	buf_append(history, bytes, len);
	return !history->failure;
}

static void look_for_marks(struct yaml_reader *reader, const char *bytes, size_t len)
{
	uint64_t offset = reader->dropped + reader->history.len - len;
	size_t at;

	if (!template_marks_find(&reader->marks, bytes, len, &at))
		return;
	/* The first of its two bytes may have come before. */
	reader->mark = cursor_at_offset(reader, offset + at - 1).place;
}

/* As much as is asked for: which problem libyaml meets first must not hang on the
 * pieces that a source gives. */
static int read_handler(void *context, unsigned char *bytes, size_t size, size_t *got)
{
	struct yaml_reader *reader = context;
	struct manifest_stream *stream = reader->stream;
	size_t count;

	*got = 0;
	if (reader->history.len - reader->cursor.at > UNREAD_MAX) {
		reader->too_long = true;
		return 0;
	}
	while (*got < size && (count = manifest_stream_ahead(stream, 1)) > 0) {
		if (stream->directives > DIRECTIVES_MAX) {
			reader->too_many_directives = true;
			return 0;
		}
		if (count > size - *got)
			count = size - *got;
		memcpy(bytes + *got, stream->at, count);
		if (!remember(reader, stream->at, count))
			return 0;
		look_for_marks(reader, stream->at, count);
		manifest_stream_pass(stream, count);
		*got += count;
	}
	return 1;
}

/* ---- Problems ---- */

enum hint { HINT_NONE, HINT_TAB, HINT_QUOTES, HINT_COLON, HINT_INDENT };

static const char *const hints[] = {
    [HINT_TAB] = "indent with spaces",
    [HINT_QUOTES] = "put the value in quotes",
    [HINT_COLON] = "put a value that holds ': ' in quotes, or look at the indentation",
    [HINT_INDENT] = "look at the indentation of this line and of those above it",
};

/* What libyaml says, what is said instead, and whether the place where the thing at
 * hand began is the better one. */
static const struct {
	const char *problem;
	const char *sentence;
	enum hint hint;
	bool context;
} problems[] = {
    {"found character that cannot start any token", "a value cannot begin with this character",
     HINT_QUOTES, false},
    {"found a tab character that violates indentation", "a tab stands where indentation belongs",
     HINT_TAB, false},
    {"found a tab character where an indentation space is expected",
     "a tab stands where indentation belongs", HINT_TAB, false},
    {"mapping values are not allowed in this context", "a ': ' cannot stand here", HINT_COLON,
     false},
    {"could not find expected ':'", "the line has no ':' behind its key", HINT_INDENT, true},
    {"did not find expected key", "a key was expected, at the indentation of the keys above",
     HINT_INDENT, false},
    {"did not find expected '-' indicator",
     "another item of the list ('- ') was expected, or an end of its indentation", HINT_INDENT,
     false},
    {"block sequence entries are not allowed in this context",
     "an item of a list ('- ') cannot stand here", HINT_INDENT, false},
    {"mapping keys are not allowed in this context", "a key cannot stand here", HINT_INDENT, false},
    {"found unexpected end of stream", "a quote is not closed", HINT_NONE, true},
    {"found unexpected document indicator", "a quote is not closed", HINT_NONE, true},
    {"did not find expected ',' or ']'", "a ',' or ']' was expected", HINT_NONE, false},
    {"did not find expected ',' or '}'", "a ',' or '}' was expected", HINT_NONE, false},
    {"did not find expected node content", "a value was expected", HINT_NONE, false},
    {"did not find expected <document start>",
     "the document goes on behind its value, which has ended", HINT_NONE, false},
    {"found unexpected ':'", "a ':' cannot stand here", HINT_QUOTES, false},
    {"found unknown escape character", "a \\ in double quotes begins no escape that YAML knows",
     HINT_NONE, false},
    {"did not find expected hexdecimal number",
     "hexadecimal digits were expected behind \\x, \\u or \\U", HINT_NONE, false},
    {"found invalid Unicode character escape code",
     "an escape is no character (YAML has no surrogate pairs)", HINT_NONE, false},
    {"did not find expected alphabetic or numeric character",
     "an anchor (&) or alias (*) has no name, or one with wrong characters", HINT_QUOTES, true},
    {"found an indentation indicator equal to 0", "the indentation behind | or > must be 1 to 9",
     HINT_NONE, false},
    {"did not find expected comment or line break",
     "nothing but a comment may follow | or > in its line", HINT_NONE, false},
    {"found undefined tag handle", "a tag (!x!y) has a handle that no %TAG line explains",
     HINT_QUOTES, false},
    {"did not find expected whitespace or line break", "a blank must stand behind a tag (!)",
     HINT_QUOTES, false},
    {"did not find expected tag URI", "a tag (!) is not well-formed", HINT_QUOTES, false},
    {"found unknown directive name", "a line that begins with % is no directive that YAML knows",
     HINT_QUOTES, true},
    {"found unexpected non-alphabetical character",
     "a line that begins with % is no directive that YAML knows", HINT_QUOTES, true},
    {"could not find expected directive name",
     "a line that begins with % is no directive that YAML knows", HINT_QUOTES, true},
    {"found incompatible YAML document", "a %YAML line asks for a version other than 1.1 and 1.2",
     HINT_NONE, false},
    {"control characters are not allowed", "a control character must not stand in YAML", HINT_NONE,
     false},
    {"invalid leading UTF-8 octet", "a byte is not UTF-8", HINT_NONE, false},
    {"invalid trailing UTF-8 octet", "a byte is not UTF-8", HINT_NONE, false},
    {"incomplete UTF-8 octet sequence", "a byte is not UTF-8", HINT_NONE, false},
    {"invalid length of a UTF-8 sequence", "a byte is not UTF-8", HINT_NONE, false},
    {"invalid Unicode character", "a byte is not UTF-8", HINT_NONE, false},
};

static bool is_base64(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '+' || byte == '/' || byte == '=';
}

static size_t base64_run(const char *bytes, size_t len)
{
	size_t run = 0;

	while (run < len && is_base64(bytes[run]))
		run++;
	return run;
}

/* A long run, or a shorter one with all kinds of characters, as no word has them. */
static bool is_base64_text(const char *bytes, size_t len)
{
	enum { WORD_MAX = 15, LINE_MIN = 40 };
	bool upper = false, lower = false, digit = false;

	for (size_t i = 0; i < len; i++) {
		upper |= bytes[i] >= 'A' && bytes[i] <= 'Z';
		lower |= bytes[i] >= 'a' && bytes[i] <= 'z';
		digit |= bytes[i] >= '0' && bytes[i] <= '9';
	}
	return len > LINE_MIN || (len > WORD_MAX && upper && lower && digit);
}

/* Base64 as `base64` wraps it: the line is nothing else, and looks like it, or the end of
 * the line above does. */
static bool is_wrapped_base64(const struct yaml_reader *reader, size_t line)
{
	const char *bytes = reader->history.data;
	size_t left = reader->history.len - line, above = line, run;

	run = base64_run(bytes + line, left);
	if (run == 0 || (run < left && bytes[line + run] != '\n' && bytes[line + run] != '\r'))
		return false;
	if (is_base64_text(bytes + line, run))
		return true;
	while (above > 0 && (bytes[above - 1] == '\n' || bytes[above - 1] == '\r'))
		above--;
	for (run = 0; run < above && is_base64(bytes[above - 1 - run]);)
		run++;
	return is_base64_text(bytes + above - run, run);
}

static size_t line_start(const struct yaml_reader *reader, size_t at)
{
	while (at > 0 && reader->history.data[at - 1] != '\n')
		at--;
	return at;
}

/* The wrapped text may be where the problem is, or in the line above. */
static bool hint_base64(struct yaml_reader *reader, size_t at)
{
	size_t line = line_start(reader, at);

	for (int tries = 0; tries < 2; tries++) {
		if (is_wrapped_base64(reader, line)) {
			reader->place.line -= (uint64_t)tries;
			reader->place.column = 1;
			error_set(&reader->problem, DIAGNOSTIC_MANIFEST_INVALID, NULL,
			          "a line of base64 stands outside of its value");
			error_hint(&reader->problem, "write base64 in one line: base64 -w0");
			return true;
		}
		line = line ? line_start(reader, line - 1) : 0;
	}
	return false;
}

/* In a line that begins with tabs, blanks aside, they are what is wrong. */
static bool hint_tab(struct yaml_reader *reader, size_t at)
{
	size_t line = line_start(reader, at);
	const char *bytes = reader->history.data;
	size_t tab = line;

	while (tab < reader->history.len && bytes[tab] == ' ')
		tab++;
	if (tab == reader->history.len || bytes[tab] != '\t')
		return false;
	reader->place.column = (tab - line) * (reader->stream->utf16 ? 2 : 1) + 1;
	error_set(&reader->problem, DIAGNOSTIC_MANIFEST_INVALID, NULL,
	          "a tab stands where indentation belongs");
	error_hint(&reader->problem, "%s", hints[HINT_TAB]);
	return true;
}

static struct cursor find_problem(const struct yaml_reader *reader, bool context)
{
	const yaml_parser_t *parser = &reader->parser;

	if (parser->error == YAML_READER_ERROR)
		return cursor_at_offset(reader, parser->problem_offset);
	if (context && parser->context)
		return cursor_at_index(reader, parser->context_mark.index);
	return cursor_at_index(reader, parser->problem_mark.index);
}

static void explain(struct yaml_reader *reader)
{
	const char *text = reader->parser.problem ? reader->parser.problem : "";
	const char *sentence = "the document is not YAML";
	enum hint hint = HINT_NONE;
	bool context = false;
	struct cursor cursor;

	for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
		if (strcmp(problems[i].problem, text) == 0) {
			sentence = problems[i].sentence;
			hint = problems[i].hint;
			context = problems[i].context;
		}
	cursor = find_problem(reader, context);
	reader->place = cursor.place;
	if (reader->parser.error != YAML_READER_ERROR &&
	    (hint_base64(reader, cursor.at) || hint_tab(reader, cursor.at)))
		return;
	error_set(&reader->problem, DIAGNOSTIC_MANIFEST_INVALID, NULL, "%s", sentence);
	if (hints[hint])
		error_hint(&reader->problem, "%s", hints[hint]);
}

static bool fail(struct yaml_reader *reader, const char *sentence)
{
	reader->place = reader->cursor.place;
	return error_set(&reader->problem, DIAGNOSTIC_MANIFEST_INVALID, NULL, "%s", sentence);
}

/* Behind the last token that libyaml found, or the last event. */
static struct cursor behind_last_token(const struct yaml_reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;

	if (parser->tokens.tail > parser->tokens.start)
		return cursor_at_index(reader, parser->tokens.tail[-1].end_mark.index);
	return cursor_at_index(reader, reader->event.end_mark.index);
}

/* libyaml does not say where what it is reading began: at the first byte behind all
 * it has read that is no white space or comment. */
static bool fail_too_long(struct yaml_reader *reader)
{
	struct cursor cursor = behind_last_token(reader), start = cursor;
	bool comment = false, found;

	for (; cursor.at < reader->history.len; step(reader, &cursor)) {
		char byte = reader->history.data[cursor.at];

		comment = byte == '\n' ? false : comment || byte == '#';
		if (!comment && !strchr(" \t\r\n", byte))
			break;
	}
	found = cursor.at < reader->history.len;
	reader->place = found ? cursor.place : start.place;
	return error_set(
	    &reader->problem, DIAGNOSTIC_INPUT_TOO_LARGE, NULL, "%s longer than %d bytes",
	    found ? "a value is" : "the white space and comments here are", MANIFEST_TEXT_MAX);
}

static bool fail_too_long_here(struct yaml_reader *reader)
{
	reader->place = reader->cursor.place;
	return error_set(&reader->problem, DIAGNOSTIC_INPUT_TOO_LARGE, NULL,
	                 "a value is longer than %d bytes", MANIFEST_TEXT_MAX);
}

static bool fail_parse(struct yaml_reader *reader)
{
	if (reader->parser.error == YAML_MEMORY_ERROR)
		memory_exhausted();
	if (reader->too_many_directives)
		return fail(reader,
		            "the document begins with more than 1000 lines that begin with %");
	if (reader->too_long || reader->history.failure)
		return fail_too_long(reader);
	explain(reader);
	return false;
}

/* ---- Events ---- */

static void wipe(void *start, const void *end)
{
	if (start)
		memory_wipe(start, (size_t)((const char *)end - (const char *)start));
}

static void drop_event(struct yaml_reader *reader)
{
	yaml_event_t *event = &reader->event;

	if (event->type == YAML_SCALAR_EVENT)
		memory_wipe(event->data.scalar.value, event->data.scalar.length);
	yaml_event_delete(event);
	buf_reset(&reader->binary);
}

static bool read_binary(struct yaml_reader *reader, struct node_event *event)
{
	if (!base64_decode(&reader->binary, event->text, event->len, BASE64_PADDED))
		return fail(reader, "a value is !!binary, but not base64");
	event->text = reader->binary.data;
	event->len = reader->binary.len;
	return true;
}

/* libyaml forgets the tag `!`, which makes a plain scalar a string: but it stands
 * where the event begins. */
static bool has_bare_tag(const struct yaml_reader *reader)
{
	return reader->cursor.at < reader->history.len &&
	       reader->history.data[reader->cursor.at] == '!';
}

static enum node_style style_of(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return NODE_QUOTED;
	case YAML_LITERAL_SCALAR_STYLE:
		return NODE_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return NODE_FOLDED;
	default:
		return NODE_PLAIN;
	}
}

/* `name: #@ data.values.name`: to YAML the value is nothing, and a comment follows. */
static bool is_filled_by_ytt(const struct yaml_reader *reader)
{
	const char *behind = reader->history.data + reader->cursor.at;

	return strncmp(behind + strspn(behind, " \t"), "#@", 2) == 0;
}

static bool take_scalar(struct yaml_reader *reader, struct node_event *event)
{
	const char *tag = (const char *)reader->event.data.scalar.tag;
	bool plain;
	struct yaml_scalar_kind kind = {NODE_STRING, false};

	event->type = NODE_EVENT_SCALAR;
	event->text = (const char *)reader->event.data.scalar.value;
	event->len = reader->event.data.scalar.length;
	event->anchor = (const char *)reader->event.data.scalar.anchor;
	event->style = style_of(reader->event.data.scalar.style);
	plain = event->style == NODE_PLAIN && !tag && !has_bare_tag(reader);
	if (event->len > MANIFEST_TEXT_MAX)
		return fail_too_long_here(reader);
	if (tag && !yaml_resolve_tagged(tag, event->text, event->len, &kind))
		return fail(reader, "a value is not of the kind that its tag (!!) says");
	if (plain && event->len == 0 && is_filled_by_ytt(reader))
		return fail(reader, "a value is still to be filled in by ytt");
	if (plain)
		kind = yaml_resolve(event->text, event->len);
	event->kind = kind.kind;
	event->truth = kind.truth;
	event->merge = plain && event->len == 2 && memcmp(event->text, "<<", 2) == 0;
	return !tag || !yaml_tag_is_binary(tag) || read_binary(reader, event);
}

static bool take_open(struct yaml_reader *reader, struct node_event *event)
{
	event->type = NODE_EVENT_OPEN;
	if (reader->event.type == YAML_MAPPING_START_EVENT) {
		event->kind = NODE_MAPPING;
		event->anchor = (const char *)reader->event.data.mapping_start.anchor;
		if (reader->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
			event->style = NODE_FLOW;
	} else {
		event->kind = NODE_SEQUENCE;
		event->anchor = (const char *)reader->event.data.sequence_start.anchor;
		if (reader->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
			event->style = NODE_FLOW;
	}
	return true;
}

/* Without `...` nothing may follow a document: if something does, it is broken. */
static bool look_behind(struct yaml_reader *reader)
{
	drop_event(reader);
	if (!yaml_parser_parse(&reader->parser, &reader->event))
		return fail_parse(reader);
	reader->ended = reader->event.type == YAML_STREAM_END_EVENT;
	return true;
}

/* With `*skip`: nothing that anybody waits for. */
static bool take_event(struct yaml_reader *reader, struct node_event *event, bool *skip)
{
	switch (reader->event.type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(reader, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return take_open(reader, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		event->type = NODE_EVENT_CLOSE;
		return true;
	case YAML_ALIAS_EVENT:
		event->type = NODE_EVENT_ALIAS;
		event->anchor = (const char *)reader->event.data.alias.anchor;
		return true;
	case YAML_DOCUMENT_END_EVENT:
		event->type = NODE_EVENT_DOCUMENT_END;
		return !reader->event.data.document_end.implicit || look_behind(reader);
	case YAML_STREAM_END_EVENT:
		event->type = NODE_EVENT_END;
		return true;
	default:
		*skip = true;
		return true;
	}
}

bool yaml_reader_next(struct yaml_reader *reader, struct node_event *event)
{
	bool skip = false;

	*event = (struct node_event){.type = NODE_EVENT_END, .place = reader->cursor.place};
	if (reader->ended)
		return true;
	do {
		skip = false;
		drop_event(reader);
		if (!yaml_parser_parse(&reader->parser, &reader->event))
			return fail_parse(reader);
		reader->flow_work += (uint64_t)reader->parser.flow_level;
		if (reader->flow_work > FLOW_WORK_MAX)
			return fail(reader, "collections in {} and [] are nested too deep");
		reader->cursor = cursor_at_index(reader, reader->event.start_mark.index);
		*event = (struct node_event){.place = reader->cursor.place};
		if (!take_event(reader, event, &skip))
			return false;
	} while (skip);
	return true;
}

const struct error *yaml_reader_problem(const struct yaml_reader *reader, struct node_place *place)
{
	*place = reader->place;
	return &reader->problem;
}

bool yaml_reader_marked(const struct yaml_reader *reader, struct node_place *place)
{
	*place = reader->mark;
	return reader->marks.found;
}

void yaml_reader_skip(struct yaml_reader *reader)
{
	struct manifest_stream *stream = reader->stream;
	size_t count;

	while ((count = manifest_stream_ahead(stream, 1)) > 0) {
		uint64_t fed = reader->dropped + reader->history.len;

		count = count < SKIP_SIZE ? count : SKIP_SIZE;
		/* The last byte may be the first of a mark. */
		reader->cursor = cursor_at_offset(reader, fed ? fed - 1 : 0);
		if (!reader->marks.found && remember(reader, stream->at, count))
			look_for_marks(reader, stream->at, count);
		manifest_stream_pass(stream, count);
	}
}

/* ---- Life ---- */

/* libyaml grows its strings with realloc, which leaves copies behind, and gives up on
 * others half read. glibc can wipe what is freed (M_PERTURB), but for small blocks, of
 * which it keeps up to seven of a size as they are: those are taken once more. libyaml's
 * strings double from 16 bytes on. */
#if defined(M_PERTURB) && !defined(REGCRED_SANITIZED)
static void wipe_what_is_freed(void)
{
	static bool done;

	if (!done)
		mallopt(M_PERTURB, 1);
	done = true;
}

static void wipe_what_is_kept(void)
{
	enum { SMALLEST = 16, LARGEST = 1024, KEPT = 7 };
	void *blocks[KEPT];

	for (size_t size = SMALLEST; size <= LARGEST; size *= 2) {
		for (int i = 0; i < KEPT; i++) {
			blocks[i] = malloc(size);
			if (blocks[i])
				memory_wipe(blocks[i], size);
		}
		for (int i = 0; i < KEPT; i++)
			free(blocks[i]);
	}
}
#else
static void wipe_what_is_freed(void)
{
}

static void wipe_what_is_kept(void)
{
}
#endif

struct yaml_reader *yaml_reader_new(struct manifest_stream *stream, struct node_place place)
{
	struct yaml_reader *reader = memory_acquire(sizeof *reader);

	wipe_what_is_freed();
	*reader = (struct yaml_reader){.stream = stream, .cursor.place = place};
	buf_init(&reader->history, HISTORY_MAX);
	buf_init(&reader->binary, MANIFEST_TEXT_MAX);
	if (!yaml_parser_initialize(&reader->parser))
		memory_exhausted();
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&reader->parser, read_handler, reader);
	return reader;
}

void yaml_reader_free(struct yaml_reader *reader)
{
	yaml_parser_t *parser;

	if (!reader)
		return;
	parser = &reader->parser;
	drop_event(reader);
	for (yaml_token_t *token = parser->tokens.head; token != parser->tokens.tail; token++)
		if (token->type == YAML_SCALAR_TOKEN)
			memory_wipe(token->data.scalar.value, token->data.scalar.length);
	wipe(parser->raw_buffer.start, parser->raw_buffer.end);
	wipe(parser->buffer.start, parser->buffer.end);
	yaml_parser_delete(parser);
	wipe_what_is_kept();
	buf_release(&reader->history);
	buf_release(&reader->binary);
	memory_release(reader);
}
