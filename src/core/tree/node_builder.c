/* Memory; anchors; merging; and on top of them the events. */
#include "regcred/tree/node_builder.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/tree/yaml_resolve.h"

enum {
	/* How much all aliases of a document may expand to; go-yaml has a limit of
	 * the same purpose ("document contains excessive aliasing"). */
	ALIASED_MAX = 16 * NODE_WEIGHT_MAX,
};

static bool fail(struct node_builder *builder, struct node_place place, const char *sentence)
{
	builder->place = place;
	return error_set(&builder->problem, DIAGNOSTIC_MANIFEST_INVALID, NULL, "%s", sentence);
}

/* ---- Open collections ---- */

/* How deep it goes, for aliases; a node that is still open has no weight. */
struct built {
	struct node node;
	size_t height;
};

struct node_frame {
	struct built *built;
	size_t first;            /* of its members */
	const struct built *key; /* that waits for its value */
	bool key_merges;
	bool merges;
	bool anchored;     /* or inside something that is */
	bool hands_out;    /* its items, or those of its member `items`, are objects of their own */
	struct arena held; /* of what is open below such items */
	size_t outer;      /* builder->base below them */
	const struct node_wanted *wanted, *next; /* of its members, of those of the next value;
	                                            NULL: all */
};

static struct node_frame *top(const struct node_builder *builder)
{
	return builder->depth ? &builder->frames[builder->depth - 1] : NULL;
}

static bool wants_key(const struct node_builder *builder)
{
	const struct node_frame *frame = top(builder);

	return frame && frame->built->node.kind == NODE_MAPPING && !frame->key;
}

static bool fits(struct node_builder *builder, size_t size, struct node_place place)
{
	size_t held = builder->held + builder->object.held + builder->anchored.held +
	              builder->members_size * sizeof *builder->members;

	if (held <= MANIFEST_OBJECT_MAX && size <= MANIFEST_OBJECT_MAX - held)
		return true;
	builder->place = place;
	return error_set(&builder->problem, DIAGNOSTIC_INPUT_TOO_LARGE, NULL,
	                 "an object needs more than %d MiB of memory",
	                 MANIFEST_OBJECT_MAX / (1024 * 1024));
}

static void *take(struct node_builder *builder, bool anchored, size_t size, struct node_place place)
{
	if (!fits(builder, size, place))
		return NULL;
	return arena_take_aligned(anchored ? &builder->anchored : &builder->object, size);
}

static bool weigh(struct node_builder *builder, size_t weight, struct node_place place)
{
	builder->weight += weight;
	if (builder->weight <= NODE_WEIGHT_MAX)
		return true;
	builder->place = place;
	return error_set(&builder->problem, DIAGNOSTIC_MANIFEST_INVALID, NULL,
	                 "an object has more than %d values, counting aliases (*)",
	                 NODE_WEIGHT_MAX);
}

/* A new node with room for its text after it. */
static struct built *make(struct node_builder *builder, const struct node_event *event)
{
	const struct node_frame *frame = top(builder);
	bool anchored = event->anchor || (frame && frame->anchored);
	struct built *built;
	char *text;

	if (!weigh(builder, 1, event->place))
		return NULL;
	built = take(builder, anchored, sizeof *built + event->len + 1, event->place);
	if (!built)
		return NULL;
	text = (char *)(built + 1);
	if (event->len)
		memcpy(text, event->text, event->len);
	text[event->len] = '\0';
	*built = (struct built){.node = {.kind = event->kind,
	                                 .style = event->style,
	                                 .truth = event->truth,
	                                 .place = event->place,
	                                 .text = text,
	                                 .len = event->len}};
	return built;
}

/* ---- Anchors ---- */

/* A name may be given again: the latest counts. */
static bool set_anchor(struct node_builder *builder, const struct node_event *event,
                       struct built *built)
{
	size_t count = builder->anchors.count;
	uint32_t number;

	if (!event->anchor)
		return true;
	number = string_list_number(&builder->anchors, view_of(event->anchor));
	/* What names and tables take counts as well. */
	if (builder->anchors.count > count &&
	    !take(builder, true, strlen(event->anchor) + 4 * sizeof(struct view), event->place))
		return false;
	memory_extend(&builder->anchored_by, number, &builder->anchored_by_size, sizeof(void *));
	builder->anchored_by[number] = built;
	return true;
}

static struct built *find_anchor(struct node_builder *builder, const struct node_event *event)
{
	struct built *built = NULL;
	uint32_t number;

	if (string_list_find(&builder->anchors, view_of(event->anchor), &number))
		built = builder->anchored_by[number];
	if (!built)
		fail(builder, event->place, "an alias (*) has no anchor (&)");
	else if (!built->node.weight)
		fail(builder, event->place, "an alias (*) refers to a value that contains it");
	else if (built->height + builder->depth > NODE_DEPTH_MAX)
		fail(builder, event->place, "collections are nested too deep");
	else
		return built;
	return NULL;
}

/* ---- Members ---- */

static bool push_member(struct node_builder *builder, struct node_member member)
{
	if (builder->count == builder->members_size && !fits(builder, 0, member.value->place))
		return false;
	memory_extend(&builder->members, builder->count, &builder->members_size,
	              sizeof *builder->members);
	builder->members[builder->count++] = member;
	return true;
}

/* Puts a finished value, or a key, where it belongs. */
static bool place_value(struct node_builder *builder, const struct built *built, bool merge)
{
	struct node_frame *frame = top(builder);
	struct node_member member = {NULL, &built->node, false};

	if (builder->depth == builder->base) {
		builder->root = &built->node;
		return true;
	}
	if (wants_key(builder)) {
		frame->key = built;
		frame->key_merges = merge;
		return true;
	}
	if (frame->built->height < built->height + 1)
		frame->built->height = built->height + 1;
	if (frame->key) {
		member.key = &frame->key->node;
		member.merged = frame->key_merges;
		frame->merges |= frame->key_merges;
		frame->key = NULL;
	}
	return push_member(builder, member);
}

/* ---- Merging: << ---- */

/* Pushes the members of the source, but those whose keys are in `later`. */
static bool merge_mapping(struct node_builder *builder, struct string_list *later,
                          const struct node_member *merge, const struct node *source)
{
	if (source->kind != NODE_MAPPING)
		return fail(builder, merge->key->place,
		            "<< merges mappings only, or a sequence of them");
	for (size_t i = source->count; i-- > 0;) {
		struct node_member member = source->members[i];

		member.merged = true;
		if (string_list_borrow_once(later, node_view(member.key)) &&
		    !push_member(builder, member))
			return false;
	}
	return true;
}

/* Of a sequence the first has precedence. */
static bool merge_value(struct node_builder *builder, struct string_list *later,
                        const struct node_member *merge)
{
	const struct node *value = merge->value;

	if (value->kind != NODE_SEQUENCE)
		return merge_mapping(builder, later, merge, value);
	for (size_t i = 0; i < value->count; i++)
		if (!merge_mapping(builder, later, merge, value->members[i].value))
			return false;
	return true;
}

/* Pushes what each << brings after the members, from the last on, then takes the << out:
 * what is after a << beats it, and what is in front does not, for go-yaml v2 sets
 * keys in the order of the text. */
static bool merge_members(struct node_builder *builder, size_t first)
{
	CLEANUP(string_list_release) struct string_list later = STRING_LIST_INIT;
	size_t end = builder->count, kept = first;

	for (size_t i = end; i-- > first;) {
		struct node_member member = builder->members[i];

		if (!member.merged)
			string_list_borrow_once(&later, node_view(member.key));
		else if (!merge_value(builder, &later, &member))
			return false;
	}
	for (size_t i = first; i < builder->count; i++)
		if (i >= end || !builder->members[i].merged)
			builder->members[kept++] = builder->members[i];
	builder->count = kept;
	return true;
}

/* ---- Events ---- */

/* kubectl takes strings, numbers and booleans for keys, as JSON's are strings. */
static bool check_key(struct node_builder *builder, enum node_kind kind, struct node_place place)
{
	if (kind == NODE_SEQUENCE || kind == NODE_MAPPING)
		return fail(builder, place,
		            "a key is a mapping or a sequence itself, and must be a string");
	if (kind == NODE_NULL)
		return fail(builder, place, "a key is empty, and must be a string");
	return true;
}

static bool feed_scalar(struct node_builder *builder, const struct node_event *event)
{
	struct node_event named = *event;
	char name[NUMBER_TEXT_SIZE];
	struct built *built;

	if (wants_key(builder)) {
		if (!check_key(builder, event->kind, event->place))
			return false;
		if (!yaml_resolve_key(&named, name))
			return fail(builder, event->place,
			            "a key is a number that kubectl does not read");
	}
	built = make(builder, &named);
	if (!built)
		return false;
	built->node.weight = 1;
	return set_anchor(builder, event, built) && place_value(builder, built, event->merge);
}

static bool feed_alias(struct node_builder *builder, const struct node_event *event)
{
	struct built *built = find_anchor(builder, event);

	if (!built)
		return false;
	if (wants_key(builder) && !check_key(builder, built->node.kind, event->place))
		return false;
	if (!weigh(builder, built->node.weight, event->place))
		return false;
	builder->aliased += built->node.weight;
	if (builder->aliased > ALIASED_MAX)
		return fail(builder, event->place, "aliases (*) repeat too many values");
	return place_value(builder, built, false);
}

static bool feed_open(struct node_builder *builder, const struct node_event *event)
{
	struct node_frame frame = {.first = builder->count};

	if (wants_key(builder) && !check_key(builder, event->kind, event->place))
		return false;
	if (builder->depth == NODE_DEPTH_MAX)
		return fail(builder, event->place, "collections are nested too deep");
	frame.built = make(builder, event);
	frame.anchored = event->anchor || (top(builder) && top(builder)->anchored);
	if (!frame.built || !set_anchor(builder, event, frame.built))
		return false;
	frame.built->height = 1;
	if (top(builder))
		frame.wanted = top(builder)->key ? top(builder)->next : top(builder)->wanted;
	memory_extend(&builder->frames, builder->depth, &builder->frames_size,
	              sizeof *builder->frames);
	builder->frames[builder->depth++] = frame;
	return true;
}

static void end_handing_out(struct node_builder *builder, const struct node_frame *frame)
{
	arena_release(&builder->object);
	builder->object = frame->held;
	builder->held -= frame->held.held;
	builder->base = frame->outer;
}

static bool feed_close(struct node_builder *builder, const struct node_event *event)
{
	struct node_frame frame = *top(builder);
	struct node *node = &frame.built->node;
	struct node_member *members;

	if (builder->depth == builder->base)
		end_handing_out(builder, &frame);
	if (frame.merges && !merge_members(builder, frame.first))
		return false;
	node->count = builder->count - frame.first;
	members = take(builder, frame.anchored, node->count * sizeof *members, node->place);
	if (!members)
		return false;
	if (node->count)
		memcpy(members, builder->members + frame.first, node->count * sizeof *members);
	node->members = members;
	node->weight = 1;
	node->end = event->place.offset;
	while (builder->count > frame.first) {
		const struct node_member *member = &builder->members[--builder->count];

		node->weight += member->value->weight + (member->key != NULL);
	}
	builder->depth--;
	builder->handed_out = frame.hands_out;
	return place_value(builder, frame.built, false);
}

bool node_builder_feed(struct node_builder *builder, const struct node_event *event)
{
	switch (event->type) {
	case NODE_EVENT_SCALAR:
		return feed_scalar(builder, event);
	case NODE_EVENT_OPEN:
		return feed_open(builder, event);
	case NODE_EVENT_CLOSE:
		return feed_close(builder, event);
	case NODE_EVENT_ALIAS:
		return feed_alias(builder, event);
	case NODE_EVENT_DOCUMENT_END:
	case NODE_EVENT_END:
		break;
	}
	return true;
}

/* ---- Members that are not wanted ---- */

/* The members so far of the collection that is open at that depth. */
static struct node open_at(const struct node_builder *builder, size_t depth)
{
	size_t first = builder->frames[depth].first;
	size_t end = depth + 1 < builder->depth ? builder->frames[depth + 1].first : builder->count;

	return (struct node){.kind = NODE_MAPPING,
	                     .members = end ? builder->members + first : NULL,
	                     .count = end - first};
}

/* By what is known of the object so far. */
static const struct node_wanted *wanted_of_root(const struct node_builder *builder)
{
	struct node root = open_at(builder, builder->base);
	const char *kind = node_string(node_get(&root, "kind"));

	return kind ? builder->wanted_of(node_text(node_get(&root, "apiVersion")), kind) : NULL;
}

bool node_builder_passes(struct node_builder *builder)
{
	struct node_frame *frame = top(builder);

	if (!builder->wanted_of || !frame || !frame->key)
		return false;
	if (builder->depth == builder->base + 1)
		frame->wanted = wanted_of_root(builder);
	frame->next = NULL;
	if (!frame->wanted)
		return false;
	for (const struct node_wanted *entry = frame->wanted; entry->name; entry++)
		if (strcmp(entry->name, frame->key->node.text) == 0) {
			frame->next = entry->members;
			return false;
		}
	return true;
}

bool node_builder_pass(struct node_builder *builder)
{
	static const struct built nothing = {
	    .node = {.kind = NODE_NULL, .text = "null", .len = 4, .weight = 1}};

	return place_value(builder, &nothing, false);
}

/* ---- Items that are objects ---- */

const struct node *node_builder_key(const struct node_builder *builder, struct node *head)
{
	const struct node_frame *frame = top(builder);

	if (builder->depth != builder->base + 1 || !frame->key || frame->anchored)
		return NULL;
	*head = open_at(builder, builder->base);
	return &frame->key->node;
}

void node_builder_hand_out(struct node_builder *builder)
{
	struct node_frame *items = top(builder);

	items[-1].hands_out = true;
	items->held = builder->object;
	items->outer = builder->base;
	builder->held += builder->object.held;
	builder->object = ARENA_INIT;
	builder->base = builder->depth;
	builder->weight = 0;
}

struct node node_builder_list(const struct node_builder *builder)
{
	return builder->base ? open_at(builder, builder->base - 2)
	                     : (struct node){.kind = NODE_MAPPING};
}

/* ---- Life ---- */

void node_builder_init(struct node_builder *builder)
{
	*builder = (struct node_builder){0};
}

void node_builder_reset(struct node_builder *builder)
{
	arena_reset(&builder->object);
	builder->root = NULL;
	builder->handed_out = false;
	builder->weight = 0;
}

void node_builder_reset_document(struct node_builder *builder)
{
	while (builder->base)
		end_handing_out(builder, &builder->frames[builder->base - 1]);
	node_builder_reset(builder);
	builder->depth = builder->count = 0;
	string_list_release(&builder->anchors);
	arena_reset(&builder->anchored);
	builder->aliased = 0;
}

void node_builder_release(struct node_builder *builder)
{
	node_builder_reset_document(builder);
	arena_release(&builder->object);
	arena_release(&builder->anchored);
	memory_release(builder->frames);
	memory_release(builder->members);
	string_list_release(&builder->anchors);
	memory_release(builder->anchored_by);
	node_builder_init(builder);
}
