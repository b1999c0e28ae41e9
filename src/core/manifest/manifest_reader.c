/* Documents: which language they are in. Events, whatever the language. Lists, whose
 * items are objects of their own. What is handed out. */
#include "regcred/manifest/manifest_reader.h"

#include <string.h>

#include "manifest_stream.h"
#include "regcred/base/memory.h"
#include "regcred/tree/json_tree.h"
#include "regcred/tree/node_builder.h"
#include "template_marks.h"
#include "yaml_reader.h"

enum {
	LOOK_MAX = 1024 * 1024, /* how far into a document is looked before it is read */
	/* A List with more than this in front of its items is built whole. */
	LIST_HEAD_MAX = 16,
	SETTINGS_MAX = 64 * 1024, /* settings are written by hand */
};

#define CONFIG_KEY "functionConfig"

/* A List that was built whole: its items are handed out afterwards. */
struct built_list {
	const struct node *list;
	size_t next;
};

struct manifest_reader {
	struct manifest_stream stream;
	enum { LANGUAGE_OPEN, LANGUAGE_JSON, LANGUAGE_YAML } language; /* by its beginning */
	bool same_document;       /* the current one is not begun yet */
	struct yaml_reader *yaml; /* NULL: not needed yet */
	struct json_reader json;
	bool in_yaml, in_json; /* what reads the document */
	bool json_ends_value;
	bool json_marked; /* it has marks of a template */
	struct node_place json_mark;
	uint64_t json_offset; /* of the first value's first byte */

	struct node_builder builder;
	struct built_list *built;
	size_t built_count, built_size;
	struct buf implied_kind;

	size_t document; /* the number of the current one */
	bool wants_config;
	bool spent;          /* what is built goes with the next step */
	bool document_ended; /* so does the whole document */
	struct error problem;
};

enum outcome { GO_ON, GIVE };

/* ---- Documents ---- */

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* The first byte that is neither white space nor in a comment; all that is in memory if
 * there is none. */
static size_t find_content(struct manifest_stream *stream)
{
	size_t have = 0, at = 0;
	bool comment = false;

	for (; at < have || (have = manifest_stream_ahead(stream, at + 1)) > at; at++) {
		char byte = stream->at[at];
		bool space = is_space(byte);

		comment = byte == '\n' ? false : comment || byte == '#';
		if ((!comment && !space) || ((unsigned char)byte < ' ' && !space) || at > LOOK_MAX)
			break;
	}
	return at;
}

/* A manifest or a Docker config is no other program's, however it is written. */
static bool is_ours(const char *bytes, size_t len)
{
	static const char *const keys[] = {"\"kind\"", "\"apiVersion\"", "\"auth"};

	for (size_t i = 0; i < COUNT(keys); i++)
		if (memmem(bytes, len, keys[i], strlen(keys[i])))
			return true;
	return false;
}

/* Whether there is a comment, as some programs have them in JSON, outside of strings. */
static bool holds_comment(const char *bytes, size_t len)
{
	bool quoted = false;
	char before = ' ';

	for (size_t at = 0; at + 1 < len; before = bytes[at++]) {
		if (bytes[at] == '"')
			quoted = !quoted;
		else if (quoted)
			at += bytes[at] == '\\';
		else if (bytes[at] == '/' && (bytes[at + 1] == '/' || bytes[at + 1] == '*') &&
		         before != ':')
			return true;
	}
	return false;
}

/* `{` in front of a key, `[` or a comment: no template, and no YAML as people write it. */
static bool begins_json(const char *bytes, size_t len)
{
	size_t at = 1;

	if (*bytes != '{')
		return *bytes == '[' || *bytes == '/';
	while (at < len && is_space(bytes[at]))
		at++;
	return at < len && (bytes[at] == '"' || bytes[at] == '/');
}

/* Settings of another program, which are no manifest, and not a broken one either. */
static bool is_settings(struct manifest_stream *stream, size_t content)
{
	size_t have = manifest_stream_ahead(stream, SETTINGS_MAX);
	const char *bytes = stream->at + content;

	return stream->complete && have <= SETTINGS_MAX && begins_json(bytes, have - content) &&
	       !is_ours(bytes, have - content) && holds_comment(bytes, have - content);
}

/* What a stream begins with decides for all of it. */
static void find_language(struct manifest_reader *reader, size_t content)
{
	const struct manifest_stream *stream = &reader->stream;
	struct view before = {stream->at, content};
	bool json = stream->place.offset == 0 && !stream->utf16 && stream->at[content] == '{' &&
	            view_consists_of(before, " \t\r\n");

	if (reader->language == LANGUAGE_OPEN)
		reader->language = json ? LANGUAGE_JSON : LANGUAGE_YAML;
}

static void begin_json(struct manifest_reader *reader, size_t content)
{
	struct manifest_stream *stream = &reader->stream;
	struct template_marks marks = {0};
	size_t have = manifest_stream_ahead(stream, LOOK_MAX), at;

	reader->json_marked = template_marks_find(&marks, stream->at, have, &at);
	if (reader->json_marked)
		reader->json_mark = manifest_stream_place(stream, at - 1);
	manifest_stream_pass(stream, content);
	json_reader_init(&reader->json, manifest_stream_source, stream, MANIFEST_TEXT_MAX);
	json_reader_begin_at(&reader->json, stream->place.line, stream->place.column);
	reader->json_offset = stream->place.offset;
	reader->in_json = true;
	reader->json_ends_value = false;
}

static void end_document(struct manifest_reader *reader)
{
	if (reader->in_json)
		json_reader_release(&reader->json);
	reader->in_json = reader->in_yaml = false;
}

/* For what reader->problem says. The rest of the document is skipped. One with a template's
 * marks need be no YAML. */
static enum outcome break_off(struct manifest_reader *reader, struct manifest_item *item,
                              struct node_place place)
{
	bool marked = reader->json_marked;
	struct node_place mark = reader->json_mark;

	if (reader->in_yaml) {
		yaml_reader_skip(reader->yaml);
		marked = yaml_reader_marked(reader->yaml, &mark);
	}
	item->event = MANIFEST_BROKEN;
	item->problem = &reader->problem;
	item->place = place;
	if (marked && reader->problem.diagnostic != DIAGNOSTIC_INPUT_TOO_LARGE) {
		item->event = MANIFEST_TEMPLATE;
		item->problem = NULL;
		item->place = mark;
	}
	end_document(reader);
	node_builder_reset_document(&reader->builder);
	reader->document_ended = true;
	reader->language = LANGUAGE_YAML; /* one that breaks off decides nothing */
	return GIVE;
}

static void begin_yaml(struct manifest_reader *reader)
{
	if (!reader->yaml)
		reader->yaml = yaml_reader_new();
	yaml_reader_begin(reader->yaml, &reader->stream);
	reader->in_yaml = true;
}

/* A line that begins with `---` is no part of its document. On it kubectl takes nothing else
 * but a comment: false, and `place` is where something else stands. */
static bool pass_separator(struct manifest_stream *stream, struct node_place *place)
{
	size_t have = manifest_stream_ahead(stream, 3), at = 3;
	char byte = '\0';

	if (stream->stray || have < 3 || memcmp(stream->at, "---", 3) != 0)
		return true;
	for (bool comment = false; byte != '\n'; at++) {
		if (at == have && (have = manifest_stream_ahead(stream, at + 1)) == at)
			break;
		byte = stream->at[at];
		comment |= byte == '#';
		if (!comment && !is_space(byte)) {
			*place = manifest_stream_place(stream, at);
			return false;
		}
	}
	manifest_stream_pass(stream, at);
	return true;
}

static void pass_mark(struct manifest_stream *stream)
{
	if (manifest_stream_ahead(stream, 3) >= 3 && memcmp(stream->at, "\xEF\xBB\xBF", 3) == 0)
		manifest_stream_pass(stream, 3);
}

static enum outcome refuse(struct manifest_reader *reader, struct manifest_item *item,
                           struct node_place place, const char *hint, const char *sentence)
{
	error_set(&reader->problem, DIAGNOSTIC_MANIFEST_INVALID, hint, "%s", sentence);
	return break_off(reader, item, place);
}

/* kubectl reads such a stream as JSON to its end. What follows is judged all the same. */
static enum outcome refuse_separator_in_json(struct manifest_reader *reader,
                                             struct manifest_item *item)
{
	error_set(&reader->problem, DIAGNOSTIC_MANIFEST_INVALID,
	          "leave it out between JSON objects; else put it in front of the first, too",
	          "kubectl does not read a --- after JSON");
	reader->language = LANGUAGE_YAML;
	reader->same_document = true;
	item->event = MANIFEST_BROKEN;
	item->problem = &reader->problem;
	item->place = reader->stream.begins;
	return GIVE;
}

/* Nothing but white space and comments, and the `...` of its end. */
static bool is_empty(struct manifest_stream *stream, size_t content)
{
	size_t left = manifest_stream_ahead(stream, content + 4) - content;

	return left == 0 || (left == 3 && stream->dots && stream->at[content] == '.');
}

static enum outcome begin_document(struct manifest_reader *reader, struct manifest_item *item)
{
	struct manifest_stream *stream = &reader->stream;
	struct node_place place;
	size_t content;

	if (!reader->same_document && !manifest_stream_next(stream)) {
		item->event = MANIFEST_END;
		return GIVE;
	}
	reader->same_document = false;
	if (reader->language == LANGUAGE_JSON && !stream->stray)
		return refuse_separator_in_json(reader, item);
	if (!pass_separator(stream, &place)) {
		begin_yaml(reader);
		return refuse(reader, item, place, "put the document on the next line",
		              "only a comment may follow --- on its line");
	}
	pass_mark(stream);
	content = find_content(stream);
	if (is_empty(stream, content) || is_settings(stream, content))
		return GO_ON;
	find_language(reader, content);
	if (reader->language == LANGUAGE_JSON) {
		begin_json(reader, content);
		return GO_ON;
	}
	place = manifest_stream_place(stream, content);
	begin_yaml(reader);
	if (stream->stray)
		return refuse(reader, item, place, "separate documents with ---",
		              "kubectl does not read what follows ... without a ---");
	if (stream->at[content] == '%')
		return refuse(reader, item, place, "leave it out",
		              "kubectl reads no directive, a line that begins with %");
	return GO_ON;
}

/* ---- Events ---- */

static bool fail_json(struct manifest_reader *reader, struct node_event *event)
{
	struct json_position place = reader->json.failure_place;

	reader->problem = reader->json.failure;
	event->place =
	    (struct node_place){place.line, place.column, reader->json_offset + place.offset};
	return false;
}

/* Behind a value at the top a document ends, and another may begin. */
static bool next_json(struct manifest_reader *reader, struct node_event *event)
{
	bool another;

	*event = (struct node_event){.type = NODE_EVENT_DOCUMENT_END};
	if (reader->json_ends_value) {
		reader->json_ends_value = false;
		return json_reader_another(&reader->json, &another, &reader->problem) ||
		       fail_json(reader, event);
	}
	if (!json_reader_next(&reader->json, &reader->problem))
		return fail_json(reader, event);
	*event = json_tree_event(&reader->json);
	event->place.offset += reader->json_offset;
	reader->json_ends_value = reader->json.depth == 0;
	return true;
}

static bool next_event(struct manifest_reader *reader, struct node_event *event)
{
	if (reader->in_json)
		return next_json(reader, event);
	return yaml_reader_next(reader->yaml, event, &reader->problem);
}

/* ---- What is handed out ---- */

static bool ends_in_list(const char *kind)
{
	size_t len = kind ? strlen(kind) : 0;

	return len >= 4 && strcmp(kind + len - 4, "List") == 0;
}

/* An item of a typed List may leave out what the List says of all. */
static void name_item(struct manifest_reader *reader, struct manifest_item *item,
                      const struct node *list)
{
	const char *kind = node_string(node_get(list, "kind"));
	const char *own_version = node_string(node_get(item->root, "apiVersion"));
	const char *own_kind = node_string(node_get(item->root, "kind"));
	bool implied = !node_get(item->root, "apiVersion") && !node_get(item->root, "kind") &&
	               item->root->kind == NODE_MAPPING && ends_in_list(kind) && kind[4] != '\0';

	item->api_version = own_version ? own_version : "";
	item->kind = own_kind ? own_kind : "";
	if (!implied)
		return;
	buf_reset(&reader->implied_kind);
	buf_append(&reader->implied_kind, kind, strlen(kind) - 4);
	item->api_version = node_text(node_get(list, "apiVersion"));
	item->kind = reader->implied_kind.data;
}

/* Lists have items; an object whose kind merely ends so is what it is. */
static bool is_list(const struct node *root)
{
	const struct node *items = node_get(root, "items");

	return items && (items->kind == NODE_SEQUENCE || items->kind == NODE_NULL) &&
	       ends_in_list(node_string(node_get(root, "kind")));
}

static void push_built(struct manifest_reader *reader, const struct node *list)
{
	memory_extend(&reader->built, reader->built_count, &reader->built_size,
	              sizeof *reader->built);
	reader->built[reader->built_count++] = (struct built_list){list, 0};
}

static enum outcome give_config(struct manifest_reader *reader, struct manifest_item *item,
                                const struct node *config)
{
	if (!reader->wants_config || !config)
		return GO_ON;
	item->event = MANIFEST_CONFIG;
	item->root = config;
	item->place = config->place;
	return GIVE;
}

/* `list` is what it is an item of, if any. GO_ON: it is a List itself, whose items come now. */
static enum outcome give(struct manifest_reader *reader, struct manifest_item *item,
                         const struct node *root, const struct node *list)
{
	if (is_list(root)) {
		push_built(reader, root);
		return give_config(reader, item, node_get(root, CONFIG_KEY));
	}
	item->event = MANIFEST_OBJECT;
	item->root = root;
	item->place = root->place;
	name_item(reader, item, list);
	return GIVE;
}

static enum outcome give_from_built(struct manifest_reader *reader, struct manifest_item *item)
{
	struct built_list *built = &reader->built[reader->built_count - 1];
	const struct node *items = node_get(built->list, "items");

	if (built->next == items->count) {
		reader->built_count--;
		return GO_ON;
	}
	return give(reader, item, items->members[built->next++].value, built->list);
}

/* ---- Lists that are handed out while they are read ---- */

/* kubectl sorts keys: apiVersion, items, kind. */
static bool begins_list(const struct manifest_reader *reader, const struct node_event *event,
                        struct node *head)
{
	const struct node *key = node_builder_key(&reader->builder, head), *kind;

	if (!key || !node_is(key, "items") || event->type != NODE_EVENT_OPEN ||
	    event->kind != NODE_SEQUENCE || event->anchor || head->count > LIST_HEAD_MAX)
		return false;
	kind = node_get(head, "kind");
	if (node_string(kind))
		return ends_in_list(node_string(kind));
	return node_is(node_get(head, "apiVersion"), "v1");
}

/* A List whose items were handed out: what follows them. */
static enum outcome end_list(struct manifest_reader *reader, struct manifest_item *item,
                             const struct node *root)
{
	const struct node *items = node_get(root, "items"), *config = node_get(root, CONFIG_KEY);

	if (items->kind == NODE_SEQUENCE)
		push_built(reader, root);
	if (config && config->place.offset > items->place.offset)
		return give_config(reader, item, config);
	return GO_ON;
}

static enum outcome end_object(struct manifest_reader *reader, struct manifest_item *item)
{
	const struct node list = node_builder_list(&reader->builder);
	const struct node *root = reader->builder.root;

	reader->spent = true;
	if (reader->builder.handed_out)
		return end_list(reader, item, root);
	return give(reader, item, root, &list);
}

/* ---- Reading on ---- */

/* A document of nothing, or of null, is none. */
static enum outcome end_root(struct manifest_reader *reader, struct manifest_item *item)
{
	const struct node *root = reader->builder.root;

	reader->document_ended = true;
	if (!root || root->kind == NODE_NULL)
		return GO_ON;
	return end_object(reader, item);
}

static enum outcome break_off_built(struct manifest_reader *reader, struct manifest_item *item)
{
	reader->problem = reader->builder.problem;
	return break_off(reader, item, reader->builder.place);
}

/* It is judged as strictly as what is kept. */
static enum outcome pass_value(struct manifest_reader *reader, struct manifest_item *item,
                               struct node_event *event)
{
	if (!json_reader_skip(&reader->json, &reader->problem)) {
		fail_json(reader, event);
		return break_off(reader, item, event->place);
	}
	return node_builder_pass(&reader->builder) ? GO_ON : break_off_built(reader, item);
}

static enum outcome read_on(struct manifest_reader *reader, struct manifest_item *item)
{
	struct node_builder *builder = &reader->builder;
	struct node_event event;
	struct node head;
	bool begins;

	if (!next_event(reader, &event))
		return break_off(reader, item, event.place);
	if (event.type == NODE_EVENT_END) {
		end_document(reader);
		return GO_ON;
	}
	if (event.type == NODE_EVENT_DOCUMENT_END)
		return end_root(reader, item);
	begins = begins_list(reader, &event, &head);
	if (!node_builder_feed(builder, &event))
		return break_off_built(reader, item);
	if (begins) {
		node_builder_hand_out(builder);
		return give_config(reader, item, node_get(&head, CONFIG_KEY));
	}
	if (reader->in_json && node_builder_passes(builder))
		return pass_value(reader, item, &event);
	return builder->root && builder->base ? end_object(reader, item) : GO_ON;
}

/* What was handed out goes. */
static void forget(struct manifest_reader *reader)
{
	if (reader->document_ended) {
		node_builder_reset_document(&reader->builder);
		reader->document++;
	} else if (reader->spent) {
		node_builder_reset(&reader->builder);
	}
	reader->document_ended = reader->spent = false;
}

static enum outcome move(struct manifest_reader *reader, struct manifest_item *item)
{
	item->json = reader->in_json;
	if (reader->built_count)
		return give_from_built(reader, item);
	forget(reader);
	item->document = reader->document;
	if (reader->in_yaml || reader->in_json)
		return read_on(reader, item);
	return begin_document(reader, item);
}

bool manifest_reader_next(struct manifest_reader *reader, struct manifest_item *item,
                          struct error *error)
{
	enum outcome outcome;

	*item = (struct manifest_item){.api_version = "", .kind = "", .document = reader->document};
	do
		outcome = move(reader, item);
	while (outcome == GO_ON);
	item->begins = reader->stream.begins.offset;
	item->anchors = reader->builder.anchors.count > 0;
	if (reader->stream.failed)
		*error = reader->stream.failure;
	return !reader->stream.failed;
}

/* ---- Life ---- */

static struct manifest_reader *new_reader(void)
{
	struct manifest_reader *reader = memory_acquire(sizeof *reader);
	memset(reader, 0, sizeof *reader);
	node_builder_init(&reader->builder);
	buf_init(&reader->implied_kind, MANIFEST_TEXT_MAX);
	return reader;
}

struct manifest_reader *manifest_reader_new(json_source *source, void *context)
{
	struct manifest_reader *reader = new_reader();

	manifest_stream_init(&reader->stream, source, context);
	return reader;
}

struct manifest_reader *manifest_reader_new_bytes(const char *bytes, size_t len)
{
	struct manifest_reader *reader = new_reader();

	manifest_stream_init_bytes(&reader->stream, bytes, len);
	return reader;
}

void manifest_reader_want_config(struct manifest_reader *reader)
{
	reader->wants_config = true;
}

void manifest_reader_want(struct manifest_reader *reader, node_wanted_of *wanted)
{
	reader->builder.wanted_of = wanted;
}

void manifest_reader_free(struct manifest_reader **reader)
{
	struct manifest_reader *old = *reader;

	*reader = NULL;
	if (!old)
		return;
	end_document(old);
	yaml_reader_free(old->yaml);
	memory_release(old->built);
	buf_release(&old->implied_kind);
	node_builder_release(&old->builder);
	manifest_stream_release(&old->stream);
	memory_release(old);
}
