/* What was fed, and where it stands in the file; events; problems in plain words. */
#include "yaml_reader.h"

#include <ctype.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/base/scan.h"
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
	size_t fed_most; /* bytes that one document put into libyaml's buffers */

	/* From here on of the document. */
	struct buf history;   /* its bytes, from a little before the cursor */
	struct cursor cursor; /* of the last event */
	size_t fed;
	char last_byte;     /* of those fed; NUL: none */
	bool hides, cannot; /* a `:` was replaced; none can be */
	uint64_t flow_work;
	size_t flow; /* open collections in [] and {} */
	struct template_marks marks;
	struct node_place mark; /* of the first */

	struct buf binary; /* decoded !!binary */
	bool ended;        /* NODE_EVENT_END comes next */
	bool too_long;
	struct error *problem; /* the caller's */
	struct node_place *place;
};

/* ---- What was fed ---- */

static void step(const struct yaml_reader *reader, struct cursor *cursor)
{
	const char *bytes = reader->history.data + cursor->at;
	uint32_t rune;
	size_t len = utf8_decode(bytes, reader->history.len - cursor->at, &rune);

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

/* From the last event on to that index, but not over history.data[end]. */
static struct cursor cursor_to(const struct yaml_reader *reader, uint64_t index, size_t end)
{
	struct cursor cursor = reader->cursor;
	size_t width = reader->stream->utf16 ? 2 : 1;

	while (cursor.index < index && cursor.at < end) {
		const char *bytes = reader->history.data + cursor.at;
		size_t left = end - cursor.at, run;

		if (index - cursor.index < left)
			left = (size_t)(index - cursor.index);
		run = scan_string(bytes, left, true); /* ASCII within a line */
		cursor.at += run;
		cursor.place.offset += run;
		cursor.index += run;
		cursor.place.column += run * width;
		if (run < left)
			step(reader, &cursor);
	}
	return cursor;
}

static struct cursor cursor_at_index(const struct yaml_reader *reader, uint64_t index)
{
	return cursor_to(reader, index, reader->history.len);
}

static struct node_place place_in_history(const struct yaml_reader *reader, size_t at)
{
	return cursor_to(reader, UINT64_MAX, at).place;
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
	}
	buf_append(history, bytes, len);
	return !history->failure;
}

static void look_for_marks(struct yaml_reader *reader, const char *bytes, size_t len)
{
	size_t at;

	/* The first of its two bytes may have come before. */
	if (template_marks_find(&reader->marks, bytes, len, &at))
		reader->mark = place_in_history(reader, reader->history.len - len + at - 1);
}

/* ---- What libyaml is fed: character for character what is there, but for ... ---- */

/* ... a `:` that libyaml refuses in a plain scalar, which becomes a noncharacter until the
 * scalar is there. In quotes, block scalars and comments it does no harm. */
static const char hidden_colon[] = "\xF4\x8F\xBF\xBF"; /* U+10FFFF */
enum { HIDDEN_SIZE = sizeof hidden_colon - 1 };

static bool is_one_of(const char *characters, char byte)
{
	return byte && strchr(characters, byte);
}

/* Behind a quote, a bracket or a blank it is no plain scalar's. */
static bool is_in_plain(const struct yaml_reader *reader, char next)
{
	return reader->last_byte && !is_one_of(" \t\r\n,[]{}\"'", reader->last_byte) &&
	       is_one_of(",?[]{}", next);
}

static size_t feed_colon(struct yaml_reader *reader, char next, unsigned char *to)
{
	if (reader->cannot || !is_in_plain(reader, next)) {
		*to = ':';
		return 1;
	}
	reader->hides = true;
	memcpy(to, hidden_colon, HIDDEN_SIZE);
	return HIDDEN_SIZE;
}

/* ... and a byte that is not UTF-8. Returns how many bytes are fed; *used of the text's. */
static size_t feed_rune(struct yaml_reader *reader, const char *bytes, size_t len,
                        unsigned char *to, size_t *used)
{
	uint32_t rune;

	*used = utf8_decode(bytes, len, &rune);
	if (rune == UTF8_INVALID)
		return utf8_encode(UTF8_REPLACEMENT, (char *)to);
	reader->cannot |= *used == HIDDEN_SIZE && memcmp(bytes, hidden_colon, HIDDEN_SIZE) == 0;
	memcpy(to, bytes, *used);
	return *used;
}

static size_t copy_ascii(const char *bytes, size_t len, unsigned char *to)
{
	size_t i = 0;

	for (; i < len && (signed char)bytes[i] >= 0 && bytes[i] != ':'; i++)
		to[i] = (unsigned char)bytes[i];
	return i;
}

/* Feeds from `len` bytes, of which enough for a character follow any but the
 * document's last. Returns how many of them were used. */
static size_t feed_some(struct yaml_reader *reader, const char *bytes, size_t len, bool all,
                        unsigned char *to, size_t room, size_t *made)
{
	size_t at = 0, used;

	while (at < len && (all || len - at > UTF8_MAX) && room - *made >= UTF8_MAX) {
		size_t left = len - at < room - *made ? len - at : room - *made;

		used = copy_ascii(bytes + at, left, to + *made);
		*made += used;
		if (used == 0 && bytes[at] == ':') {
			used = 1;
			*made +=
			    feed_colon(reader, len - at > 1 ? bytes[at + 1] : '\0', to + *made);
		} else if (used == 0) {
			*made += feed_rune(reader, bytes + at, len - at, to + *made, &used);
		}
		at += used;
		reader->last_byte = bytes[at - 1];
	}
	return at;
}

/* As much as is asked for: which problem libyaml meets first must not hang on the
 * pieces that a source gives. The last line always ends, as kubectl has it. */
static int read_handler(void *context, unsigned char *bytes, size_t size, size_t *got)
{
	struct yaml_reader *reader = context;
	struct manifest_stream *stream = reader->stream;
	size_t count, used;

	*got = 0;
	if (reader->history.len - reader->cursor.at > UNREAD_MAX) {
		reader->too_long = true;
		return 0;
	}
	while (size - *got >= UTF8_MAX &&
	       (count = manifest_stream_ahead(stream, UTF8_MAX + 1)) > 0) {
		used = feed_some(reader, stream->at, count, stream->complete, bytes, size, got);
		if (!remember(reader, stream->at, used))
			return 0;
		look_for_marks(reader, stream->at, used);
		manifest_stream_pass(stream, used);
	}
	if (*got < size && reader->last_byte && reader->last_byte != '\n' &&
	    manifest_stream_ahead(stream, 1) == 0)
		bytes[(*got)++] = (unsigned char)(reader->last_byte = '\n');
	reader->fed += *got;
	return 1;
}

/* ---- Problems ---- */

static const char use_spaces[] = "indent with spaces";
static const char quote[] = "put the value in quotes";
static const char quote_colon[] =
    "put a value that contains ': ' in quotes, or check the indentation";
static const char check_indent[] = "check the indentation of this line and of the lines above it";

static const char directive[] = "kubectl reads no directive, a line that begins with %";

/* What libyaml says, what is said instead, and whether the place where the current
 * thing began is the better one. */
static const struct {
	const char *problem;
	const char *sentence;
	const char *hint;
	bool context;
} problems[] = {
    {"found character that cannot start any token", "a value cannot begin with this character",
     quote},
    {"found a tab character that violates indentation", "a tab is used for indentation",
     use_spaces},
    {"found a tab character where an indentation space is expected",
     "a tab is used for indentation", use_spaces},
    {"mapping values are not allowed in this context", "a ': ' is not allowed here", quote_colon},
    {"could not find expected ':'", "the line has no ':' after its key", check_indent, true},
    {"did not find expected key", "a key was expected, at the indentation of the keys above",
     check_indent},
    {"did not find expected '-' indicator",
     "another item of the list ('- ') was expected, or an end of its indentation", check_indent},
    {"block sequence entries are not allowed in this context",
     "an item of a list ('- ') is not allowed here", check_indent},
    {"mapping keys are not allowed in this context", "a key is not allowed here", check_indent},
    {"found unexpected end of stream", "a quote is not closed", NULL, true},
    {"found unexpected document indicator", "a quote is not closed", NULL, true},
    {"did not find expected ',' or ']'", "a ',' or ']' was expected"},
    {"did not find expected ',' or '}'", "a ',' or '}' was expected"},
    {"did not find expected node content", "a value was expected"},
    {"did not find expected <document start>", "there is more text after the end of the document"},
    {"found unexpected ':'", "a ':' is not allowed here", quote},
    {"found unknown escape character", "a \\ in double quotes begins an unknown escape"},
    {"did not find expected hexdecimal number",
     "hexadecimal digits were expected after \\x, \\u or \\U"},
    {"found invalid Unicode character escape code",
     "an escape is not a character (YAML has no surrogate pairs)"},
    {"did not find expected alphabetic or numeric character",
     "an anchor (&) or alias (*) has no name, or one with wrong characters", quote, true},
    {"found an indentation indicator equal to 0", "the indentation after | or > must be 1 to 9"},
    {"did not find expected comment or line break", "only a comment may follow | or > on its line"},
    {"found undefined tag handle", "a tag (!x!y) has an unknown handle", quote},
    {"did not find expected whitespace or line break", "a blank must follow a tag (!)", quote},
    {"did not find expected tag URI", "a tag (!) is invalid", quote},
    {"found unknown directive name", directive, quote, true},
    {"found unexpected non-alphabetical character", directive, quote, true},
    {"could not find expected directive name", directive, quote, true},
    {"control characters are not allowed", "a control character is not allowed in YAML"},
};

static bool is_base64(char byte)
{
	return isalnum((unsigned char)byte) || is_one_of("+/=", byte);
}

/* A long run, or a shorter one with all kinds of characters, as no word has them. */
static bool is_base64_text(const char *bytes, size_t len)
{
	enum { WORD_MAX = 15, LINE_MIN = 40 };
	bool upper = false, lower = false, digit = false;

	for (size_t i = 0; i < len; i++) {
		upper |= isupper((unsigned char)bytes[i]) != 0;
		lower |= islower((unsigned char)bytes[i]) != 0;
		digit |= isdigit((unsigned char)bytes[i]) != 0;
	}
	return len > LINE_MIN || (len > WORD_MAX && upper && lower && digit);
}

/* Base64 as `base64` wraps it: the line is nothing else, and looks like it, or the end of
 * the line above does. */
static bool is_wrapped_base64(const struct yaml_reader *reader, size_t line)
{
	const char *bytes = reader->history.data;
	size_t end = line, above = line, begin;

	while (end < reader->history.len && is_base64(bytes[end]))
		end++;
	if (end == line || (end < reader->history.len && !is_one_of("\r\n", bytes[end])))
		return false;
	while (above > 0 && is_one_of("\r\n", bytes[above - 1]))
		above--;
	for (begin = above; begin > 0 && is_base64(bytes[begin - 1]);)
		begin--;
	return is_base64_text(bytes + line, end - line) ||
	       is_base64_text(bytes + begin, above - begin);
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
			reader->place->line -= (uint64_t)tries;
			reader->place->column = 1;
			error_set(reader->problem, DIAGNOSTIC_MANIFEST_INVALID,
			          "write base64 on one line: base64 -w0",
			          "a line of base64 is outside of its value");
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
	reader->place->column = (tab - line) * (reader->stream->utf16 ? 2 : 1) + 1;
	error_set(reader->problem, DIAGNOSTIC_MANIFEST_INVALID, use_spaces,
	          "a tab is used for indentation");
	return true;
}

static struct cursor find_problem(const struct yaml_reader *reader, bool context)
{
	const yaml_parser_t *parser = &reader->parser;

	if (parser->error == YAML_READER_ERROR)
		return cursor_at_index(reader, parser->mark.index + parser->unread);
	if (context && parser->context)
		return cursor_at_index(reader, parser->context_mark.index);
	return cursor_at_index(reader, parser->problem_mark.index);
}

static void explain(struct yaml_reader *reader)
{
	const char *text = reader->parser.problem ? reader->parser.problem : "";
	const char *sentence = "the document is not YAML", *hint = NULL;
	bool context = false;
	struct cursor cursor;

	for (size_t i = 0; i < COUNT(problems); i++)
		if (strcmp(problems[i].problem, text) == 0) {
			sentence = problems[i].sentence;
			hint = problems[i].hint;
			context = problems[i].context;
		}
	cursor = find_problem(reader, context);
	*reader->place = cursor.place;
	if (reader->parser.error != YAML_READER_ERROR &&
	    (hint_base64(reader, cursor.at) || hint_tab(reader, cursor.at)))
		return;
	error_set(reader->problem, DIAGNOSTIC_MANIFEST_INVALID, hint, "%s", sentence);
}

static bool fail(struct yaml_reader *reader, const char *hint, const char *sentence)
{
	*reader->place = reader->cursor.place;
	return error_set(reader->problem, DIAGNOSTIC_MANIFEST_INVALID, hint, "%s", sentence);
}

static bool fail_too_long(struct yaml_reader *reader, struct cursor at, const char *what)
{
	*reader->place = at.place;
	return error_set(reader->problem, DIAGNOSTIC_INPUT_TOO_LARGE, NULL,
	                 "%s longer than %d bytes", what, MANIFEST_TEXT_MAX);
}

/* libyaml does not say where what it is reading began: at the first byte after its last token,
 * or the last event, that is no white space or comment. */
static bool fail_unread(struct yaml_reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	bool tokens = parser->tokens.tail > parser->tokens.start, comment = false;
	struct cursor start = cursor_at_index(
	    reader, (tokens ? parser->tokens.tail[-1].end_mark : reader->event.end_mark).index);

	for (struct cursor at = start; at.at < reader->history.len; step(reader, &at)) {
		char byte = reader->history.data[at.at];

		comment = byte == '\n' ? false : comment || byte == '#';
		if (!comment && !is_one_of(" \t\r\n", byte))
			return fail_too_long(reader, at, "a value is");
	}
	return fail_too_long(reader, start, "the white space and comments here are");
}

static bool fail_parse(struct yaml_reader *reader)
{
	if (reader->parser.error == YAML_MEMORY_ERROR)
		memory_exhausted();
	if (reader->too_long || reader->history.failure)
		return fail_unread(reader);
	explain(reader);
	return false;
}

/* ---- Events ---- */

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
		return fail(reader, NULL, "a value is tagged !!binary, but is not base64");
	event->text = reader->binary.data;
	event->len = reader->binary.len;
	return true;
}

/* Within libyaml's memory: what is left over is wiped. */
static void show_colons(const struct yaml_reader *reader, struct node_event *event)
{
	char *text = (char *)reader->event.data.scalar.value, *end = text + event->len;
	char *from = reader->hides ? memchr(text, *hidden_colon, event->len) : NULL, *to = from;

	if (!from)
		return;
	while (from < end) {
		bool hidden = (size_t)(end - from) >= HIDDEN_SIZE &&
		              memcmp(from, hidden_colon, HIDDEN_SIZE) == 0;

		*to++ = hidden ? ':' : *from;
		from += hidden ? HIDDEN_SIZE : 1;
	}
	memory_wipe(to, (size_t)(end - to));
	event->len = (size_t)(to - text);
}

/* In double quotes libyaml reads an escape that go-yaml v2 does not know. */
static bool check_escapes(struct yaml_reader *reader)
{
	const char *bytes = reader->history.data;
	const char *at = strchr(bytes + reader->cursor.at, '"');

	for (at = at ? at + 1 : ""; *at && *at != '"';) {
		if (*at != '\\') {
			at += strcspn(at, "\"\\");
			continue;
		}
		if (at[1] == '/') {
			fail(reader, "write / without the backslash",
			     "kubectl does not read the escape \\/");
			*reader->place = place_in_history(reader, (size_t)(at - bytes));
			return false;
		}
		at += at[1] ? 2 : 1;
	}
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

/* go-yaml v2 ends it there, and then wants a comma. */
static bool check_question(struct yaml_reader *reader, const struct node_event *event)
{
	return reader->flow == 0 || event->style != NODE_PLAIN ||
	       !memchr(event->text, '?', event->len) ||
	       fail(reader, quote, "a value in [] or {} has a ? without quotes");
}

static bool resolve(struct yaml_reader *reader, struct node_event *event)
{
	const char *tag = (const char *)reader->event.data.scalar.tag;
	bool plain = event->style == NODE_PLAIN && !tag && !has_bare_tag(reader);
	struct yaml_scalar_kind kind = {NODE_STRING, false};

	if (tag && !yaml_resolve_tagged(tag, event->text, event->len, &kind))
		return fail(reader, NULL, "a value does not match its tag (!!)");
	if (plain && event->len == 0 && is_filled_by_ytt(reader))
		return fail(reader, NULL, "a value still has to be filled in by ytt");
	if (plain)
		kind = yaml_resolve(event->text, event->len);
	event->kind = kind.kind;
	event->truth = kind.truth;
	event->merge = plain && event->len == 2 && memcmp(event->text, "<<", 2) == 0;
	return !tag || !yaml_tag_is_binary(tag) || read_binary(reader, event);
}

static bool take_scalar(struct yaml_reader *reader, struct node_event *event)
{
	event->type = NODE_EVENT_SCALAR;
	event->text = (const char *)reader->event.data.scalar.value;
	event->len = reader->event.data.scalar.length;
	event->anchor = (const char *)reader->event.data.scalar.anchor;
	event->style = style_of(reader->event.data.scalar.style);
	if (event->len > MANIFEST_TEXT_MAX)
		return fail_too_long(reader, reader->cursor, "a value is");
	show_colons(reader, event);
	if (reader->event.data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE &&
	    !check_escapes(reader))
		return false;
	return check_question(reader, event) && resolve(reader, event);
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
	reader->flow += reader->flow > 0 || event->style == NODE_FLOW;
	return true;
}

static bool parse(struct yaml_reader *reader)
{
	drop_event(reader);
	if (!yaml_parser_parse(&reader->parser, &reader->event))
		return fail_parse(reader);
	reader->flow_work += (uint64_t)reader->parser.flow_level;
	return reader->flow_work <= FLOW_WORK_MAX ||
	       fail(reader, NULL, "collections in {} and [] are nested too deep");
}

/* Nothing may follow a document: what does is kubectl's to drop. */
static bool look_behind(struct yaml_reader *reader)
{
	if (!parse(reader))
		return false;
	reader->ended = reader->event.type == YAML_STREAM_END_EVENT;
	return true;
}

static bool take_event(struct yaml_reader *reader, struct node_event *event)
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
		reader->flow -= reader->flow > 0;
		return true;
	case YAML_ALIAS_EVENT:
		event->type = NODE_EVENT_ALIAS;
		event->anchor = (const char *)reader->event.data.alias.anchor;
		return true;
	case YAML_DOCUMENT_END_EVENT:
		event->type = NODE_EVENT_DOCUMENT_END;
		return look_behind(reader);
	default: /* the end of the stream */
		event->type = NODE_EVENT_END;
		reader->ended = true;
		return true;
	}
}

static bool begins(yaml_event_type_t type)
{
	return type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT;
}

bool yaml_reader_next(struct yaml_reader *reader, struct node_event *event, struct error *problem)
{
	reader->problem = problem;
	reader->place = &event->place;
	*event = (struct node_event){.type = NODE_EVENT_END, .place = reader->cursor.place};
	if (reader->ended)
		return true;
	do
		if (!parse(reader))
			return false;
	while (begins(reader->event.type));
	reader->cursor = cursor_at_index(reader, reader->event.start_mark.index);
	event->place = reader->cursor.place;
	return take_event(reader, event);
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
		size_t known = reader->history.len;

		count = count < SKIP_SIZE ? count : SKIP_SIZE;
		/* The last byte may be the first of a mark. */
		reader->cursor = cursor_to(reader, UINT64_MAX, known ? known - 1 : 0);
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
#define WIPES_WHAT_IS_FREED
#endif

static void wipe_what_is_freed(void)
{
#ifdef WIPES_WHAT_IS_FREED
	static bool done;

	if (!done)
		mallopt(M_PERTURB, 1);
	done = true;
#endif
}

static void wipe_what_is_kept(void)
{
#ifdef WIPES_WHAT_IS_FREED
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
#endif
}

static void init_parser(struct yaml_reader *reader)
{
	if (!yaml_parser_initialize(&reader->parser))
		memory_exhausted();
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&reader->parser, read_handler, reader);
}

/* Resets a parser that read a document to its end, as a new one would allocate its
 * buffers again, which costs more than a small document. */
static void rewind_parser(yaml_parser_t *parser)
{
	parser->eof = 0;
	parser->buffer.pointer = parser->buffer.last = parser->buffer.start;
	parser->raw_buffer.pointer = parser->raw_buffer.last = parser->raw_buffer.start;
	parser->unread = parser->offset = 0;
	parser->mark = (yaml_mark_t){0, 0, 0};
	parser->stream_start_produced = parser->stream_end_produced = 0;
	parser->flow_level = 0;
	parser->tokens.head = parser->tokens.tail = parser->tokens.start;
	parser->tokens_parsed = 0;
	parser->token_available = 0;
	parser->indents.top = parser->indents.start;
	parser->indent = 0;
	parser->simple_key_allowed = 0;
	parser->simple_keys.top = parser->simple_keys.start;
	parser->states.top = parser->states.start;
	parser->state = YAML_PARSE_STREAM_START_STATE;
	parser->marks.top = parser->marks.start;
}

/* What moved in a buffer never reached further than what was ever in it. */
static void wipe_buffer(unsigned char *start, const unsigned char *end, size_t most)
{
	size_t size = start ? (size_t)(end - start) : 0;

	memory_wipe(start, size < most ? size : most);
}

static void delete_parser(struct yaml_reader *reader)
{
	yaml_parser_t *parser = &reader->parser;

	for (yaml_token_t *token = parser->tokens.head; token != parser->tokens.tail; token++)
		if (token->type == YAML_SCALAR_TOKEN)
			memory_wipe(token->data.scalar.value, token->data.scalar.length);
	wipe_buffer(parser->raw_buffer.start, parser->raw_buffer.end, reader->fed_most);
	wipe_buffer(parser->buffer.start, parser->buffer.end, reader->fed_most);
	yaml_parser_delete(parser);
	wipe_what_is_kept();
}

static void end_document(struct yaml_reader *reader)
{
	drop_event(reader);
	buf_reset(&reader->history);
	if (reader->fed > reader->fed_most)
		reader->fed_most = reader->fed;
}

struct yaml_reader *yaml_reader_new(void)
{
	struct yaml_reader *reader = memory_acquire(sizeof *reader);

	wipe_what_is_freed();
	*reader = (struct yaml_reader){.ended = true};
	buf_init(&reader->history, HISTORY_MAX);
	buf_init(&reader->binary, MANIFEST_TEXT_MAX);
	init_parser(reader);
	return reader;
}

void yaml_reader_begin(struct yaml_reader *reader, struct manifest_stream *stream)
{
	end_document(reader);
	if (reader->ended) {
		rewind_parser(&reader->parser);
	} else {
		delete_parser(reader);
		init_parser(reader);
	}
	*reader = (struct yaml_reader){.parser = reader->parser,
	                               .stream = stream,
	                               .fed_most = reader->fed_most,
	                               .history = reader->history,
	                               .binary = reader->binary,
	                               .cursor.place = stream->place};
}

void yaml_reader_free(struct yaml_reader *reader)
{
	if (!reader)
		return;
	end_document(reader);
	delete_parser(reader);
	buf_release(&reader->history);
	buf_release(&reader->binary);
	memory_release(reader);
}
