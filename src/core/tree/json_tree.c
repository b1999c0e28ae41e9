#include "regcred/tree/json_tree.h"

#include <inttypes.h>
#include <string.h>

#include "regcred/base/utf8.h"
#include "regcred/tree/node_builder.h"

struct node_event json_tree_event(const struct json_reader *reader)
{
	static const struct {
		enum node_event_type type;
		enum node_kind kind;
		enum node_style style;
		const char *word;
	} events[] = {
	    [JSON_OBJECT_BEGIN] = {NODE_EVENT_OPEN, NODE_MAPPING, NODE_FLOW, NULL},
	    [JSON_OBJECT_END] = {NODE_EVENT_CLOSE, NODE_MAPPING, NODE_FLOW, NULL},
	    [JSON_ARRAY_BEGIN] = {NODE_EVENT_OPEN, NODE_SEQUENCE, NODE_FLOW, NULL},
	    [JSON_ARRAY_END] = {NODE_EVENT_CLOSE, NODE_SEQUENCE, NODE_FLOW, NULL},
	    [JSON_KEY] = {NODE_EVENT_SCALAR, NODE_STRING, NODE_QUOTED, NULL},
	    [JSON_STRING] = {NODE_EVENT_SCALAR, NODE_STRING, NODE_QUOTED, NULL},
	    [JSON_NUMBER] = {NODE_EVENT_SCALAR, NODE_NUMBER, NODE_PLAIN, NULL},
	    [JSON_TRUE] = {NODE_EVENT_SCALAR, NODE_BOOL, NODE_PLAIN, "true"},
	    [JSON_FALSE] = {NODE_EVENT_SCALAR, NODE_BOOL, NODE_PLAIN, "false"},
	    [JSON_NULL] = {NODE_EVENT_SCALAR, NODE_NULL, NODE_PLAIN, "null"},
	    [JSON_END] = {NODE_EVENT_END, NODE_NULL, NODE_PLAIN, NULL},
	};
	enum json_event type = reader->event;
	struct json_position position = reader->position;
	const struct buf *text = &reader->text;
	const char *word = events[type].word;

	return (struct node_event){
	    .type = events[type].type,
	    .kind = events[type].kind,
	    .style = events[type].style,
	    .truth = type == JSON_TRUE,
	    .place = {position.line, position.column, position.offset},
	    .text = word ? word : text->data,
	    .len = word ? strlen(word) : text->len,
	};
}

static bool build(struct json_reader *reader, struct node_builder *builder, struct error *error)
{
	struct node_event event;

	do {
		if (!json_reader_next(reader, error))
			return false;
		event = json_tree_event(reader);
		if (!node_builder_feed(builder, &event)) {
			*error = builder->problem;
			return error_prefix(error, "line %" PRIu64 ", column %" PRIu64,
			                    builder->place.line, builder->place.column);
		}
	} while (event.type != NODE_EVENT_END);
	return true;
}

bool json_tree_parse(struct view text, struct arena *arena, const struct node **root,
                     struct error *error)
{
	struct json_reader reader;
	struct node_builder builder;
	bool sound;

	json_reader_init_bytes(&reader, text.data, text.len, BUF_CONFIG_MAX);
	node_builder_init(&builder);
	builder.object = *arena;
	sound = build(&reader, &builder, error);
	if (sound)
		*root = builder.root;
	*arena = builder.object;
	builder.object = ARENA_INIT;
	node_builder_release(&builder);
	json_reader_release(&reader);
	return sound;
}

/* To lower-case ASCII, as far as anything folds to it. */
static uint32_t fold(uint32_t rune)
{
	if (rune == 0x017F) /* long s */
		return 's';
	if (rune == 0x212A) /* Kelvin sign */
		return 'k';
	return rune >= 'A' && rune <= 'Z' ? rune - 'A' + 'a' : rune;
}

bool json_tree_names(const struct node_member *member, const char *name)
{
	struct view key = node_view(member->key);
	uint32_t rune;

	for (; *name && key.len; name++) {
		key = view_from(key, utf8_decode(key.data, key.len, &rune));
		if (fold(rune) != fold((unsigned char)*name))
			return false;
	}
	return !*name && !key.len;
}

const struct node *json_tree_field(const struct node *mapping, const char *name)
{
	const struct node *found = NULL;

	for (size_t i = 0; mapping && mapping->kind == NODE_MAPPING && i < mapping->count; i++) {
		const struct node_member *member = &mapping->members[i];

		if (json_tree_names(member, name) && (!found || member->value->kind != NODE_NULL))
			found = member->value;
	}
	return found;
}
