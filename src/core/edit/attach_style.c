/* Bytes around a place; what an item is written like; the four places of a list. */
#include "attach_style.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/yaml/yaml_scalar.h"

/* BEFORE ITEM [BETWEEN ITEM]... AFTER, each as `expand` reads it. */
struct style {
	const char *before, *item, *between, *after;
	uint64_t offset;             /* where it goes */
	size_t removed;              /* bytes there that go */
	struct view feed, indent;    /* of a line */
	struct view unit;            /* what a level is indented by */
	struct view head, tail, gap; /* as others have it: around a name, between items */
	bool json, compact;          /* keys are quoted, without a blank after the colon */
	char quote;                  /* around the name; 0: none, if YAML needs none */
};

/* ---- Bytes ---- */

/* 0: outside of the text. */
static char byte_at(const struct attach_text *text, uint64_t offset)
{
	return offset >= text->offset && offset - text->offset < text->bytes.len
	           ? text->bytes.data[offset - text->offset]
	           : '\0';
}

/* From one place to another; empty if that cannot be. */
static struct view span(const struct attach_text *text, uint64_t from, uint64_t to)
{
	if (from < text->offset || to < from || to - text->offset > text->bytes.len)
		return VIEW_EMPTY;
	return (struct view){text->bytes.data + (from - text->offset), (size_t)(to - from)};
}

static void append(struct buf *out, struct view view)
{
	buf_append(out, view.data, view.len);
}

static uint64_t line_start(const struct attach_text *text, uint64_t offset)
{
	while (offset > text->offset && byte_at(text, offset - 1) != '\n')
		offset--;
	return offset;
}

/* What is in front of the place in its line, but a byte order mark. */
static struct view indentation(const struct attach_text *text, uint64_t offset)
{
	struct view indent = span(text, line_start(text, offset), offset);

	return view_begins(indent, view_of("\xEF\xBB\xBF")) ? view_from(indent, 3) : indent;
}

/* Where the line feed of the line stands, or the end of the text. */
static uint64_t line_end(const struct attach_text *text, uint64_t offset)
{
	struct view rest = span(text, offset, text->offset + text->bytes.len);
	size_t feed = view_find(rest, '\n');

	return offset + feed - (feed && feed < rest.len && rest.data[feed - 1] == '\r');
}

/* As the line in front of the place ends, else the one that it is in. */
static struct view line_feed(const struct attach_text *text, uint64_t offset)
{
	uint64_t start = line_start(text, offset);
	bool returns = start == text->offset ? byte_at(text, line_end(text, offset)) == '\r'
	                                     : byte_at(text, start - 2) == '\r';

	return view_of(returns ? "\r\n" : "\n");
}

/* Where a node begins, after its anchor and tag and comments that follow these. */
static uint64_t content(const struct attach_text *text, const struct node *node)
{
	uint64_t at = node->place.offset;
	const char *until = NULL; /* what ends the current anchor, tag or comment */

	for (char c; (c = byte_at(text, at)); at++) {
		if (until)
			until = strchr(until, c) ? NULL : until;
		else if (c == '&' || c == '!')
			until = " \t\r\n";
		else if (c == '#')
			until = "\n";
		else if (!strchr(" \t\r\n", c))
			break;
	}
	return at;
}

/* A scalar as it is written; empty: not as its bare text, with or without quotes around. */
static struct view raw_scalar(const struct attach_text *text, const struct node *scalar)
{
	uint64_t offset = content(text, scalar);
	size_t quotes = scalar->style == NODE_QUOTED;
	struct view raw = span(text, offset, offset + scalar->len + 2 * quotes);

	if ((scalar->style != NODE_PLAIN && !quotes) || !raw.len ||
	    memcmp(raw.data + quotes, scalar->text, scalar->len) != 0 ||
	    (quotes && raw.data[0] != raw.data[raw.len - 1]))
		return VIEW_EMPTY;
	return raw;
}

/* ---- Edits ---- */

static void append_name(char quote, const char *name, struct buf *out)
{
	if (!quote) {
		yaml_scalar_append(out, name, strlen(name));
		return;
	}
	buf_append_char(out, quote);
	buf_append_string(out, name);
	buf_append_char(out, quote);
}

/* A line as indented as the others; what else stands in front of these is left out. */
static void append_line(const struct style *style, struct buf *out)
{
	append(out, style->feed);
	for (size_t i = 0; i < style->indent.len; i++)
		buf_append_char(out, style->indent.data[i] == '\t' ? '\t' : ' ');
}

/* A line feed brings the indentation with it, a tab is a level of it more; @ is the name,
 * < > and | are copies; quotes are JSON's, and blanks are left out where others have none. */
static void expand(const struct style *style, const char *pattern, const char *name,
                   struct buf *out)
{
	for (char c; (c = *pattern); pattern++) {
		if (c == '\n')
			append_line(style, out);
		else if (c == '@')
			append_name(style->quote, name, out);
		else if (strchr("\t<>|", c))
			append(out, c == '\t'  ? style->unit
			            : c == '<' ? style->head
			            : c == '>' ? style->tail
			                       : style->gap);
		else if ((c != '"' || style->json) && (c != ' ' || !style->compact))
			buf_append_char(out, c);
	}
}

/* Opens an edit; its text is appended to edits->text until end_edit. */
static void begin_edit(struct attach_edits *edits, uint64_t offset, size_t removed)
{
	memory_extend(&edits->items, edits->count, &edits->capacity, sizeof *edits->items);
	edits->items[edits->count] = (struct attach_edit){offset, removed, edits->text.len, 0};
}

static void end_edit(struct attach_edits *edits)
{
	struct attach_edit *edit = &edits->items[edits->count++];

	edit->len = edits->text.len - edit->at;
}

bool attach_style_rename(const struct attach_text *text, const struct node *scalar,
                         const char *name, struct attach_edits *edits)
{
	struct view raw = raw_scalar(text, scalar);

	if (!raw.len)
		return false;
	begin_edit(edits, content(text, scalar), raw.len);
	append_name(scalar->style == NODE_QUOTED ? *raw.data : '\0', name, &edits->text);
	end_edit(edits);
	return true;
}

/* ---- A list that has items ---- */

/* Takes the style of an item that is a mapping of nothing but a name. */
static bool copy_item(const struct attach_text *text, const struct node *item, struct style *style)
{
	const struct node *name = node_get(item, "name");
	bool flow = item->style == NODE_FLOW;
	struct view head, tail = VIEW_EMPTY, raw;

	if (!name || item->count != 1 || name->kind != NODE_STRING)
		return false;
	raw = raw_scalar(text, name);
	head = span(text, item->place.offset, name->place.offset);
	if (flow)
		tail = span(text, name->place.offset + raw.len, item->end + 1);
	if (!raw.len || !head.len || (flow && !tail.len) ||
	    !view_consists_of(head, flow ? "{ \t\r\n\"'name:" : " \"'name:") ||
	    !view_consists_of(tail, " \t\r\n,}"))
		return false;
	style->head = head;
	style->tail = tail;
	style->quote = name->style == NODE_QUOTED ? *raw.data : '\0';
	return true;
}

static const struct node *last_item(const struct node *list)
{
	return list->count ? list->members[list->count - 1].value : NULL;
}

/* Where the last line begins that an item has something in; 0: unknown. */
static uint64_t last_line(const struct attach_text *text, const struct node *item)
{
	while ((item->kind == NODE_MAPPING || item->kind == NODE_SEQUENCE) &&
	       item->style != NODE_FLOW && item->count)
		item = last_item(item);
	if (item->style == NODE_FLOW)
		return item->end;
	return raw_scalar(text, item).len || !item->len ? item->place.offset : 0;
}

/* Behind the line in which the last item ends. The dash may be on a line of its own. */
static bool behind_block(const struct attach_text *text, const struct node *list,
                         struct style *style)
{
	const struct node *last = last_item(list);
	struct view dash = indentation(text, last->place.offset);
	uint64_t line = last_line(text, last);

	if (last->place.offset < content(text, list) || line < last->place.offset)
		return false;
	dash = dash.len > style->indent.len && dash.data[style->indent.len] == '-'
	           ? view_from(dash, style->indent.len)
	           : view_of("- ");
	if (!view_consists_of(view_from(dash, 1), " "))
		return false;
	if (!copy_item(text, last, style))
		style->head = view_of("name: ");
	style->gap = dash;
	style->offset = line_end(text, line);
	style->item = "\n|<@>";
	return true;
}

static bool find_in_block(const struct attach_text *text, struct attach_list *place,
                          struct style *style)
{
	const struct node *list = place->member->value;
	uint64_t first = content(text, list);

	style->feed = line_feed(text, first);
	style->indent = indentation(text, first);
	if (byte_at(text, first) != '-' || !view_consists_of(style->indent, " "))
		return false;
	place->in_front = !behind_block(text, list, style);
	if (place->in_front) {
		style->offset = first;
		style->item = "- name: @\n";
	}
	return true;
}

/* Whether no blank follows the colon of a key. */
static bool is_compact(const struct attach_text *text, const struct node *key)
{
	uint64_t colon = key->place.offset + raw_scalar(text, key).len;

	return byte_at(text, colon) == ':' && !strchr(" \t\r\n", byte_at(text, colon + 1));
}

/* An item in a flow list, as a key shows; NULL: there is none. */
static void set_flow_item(const struct attach_text *text, const struct node *key, bool json,
                          struct style *style)
{
	style->json = json;
	style->compact = json && key && is_compact(text, key);
	style->quote = json ? '"' : '\0';
	style->item = "{\"name\": @}";
	style->between = ", ";
}

static bool is_quoted(const struct attach_text *text, const struct node *key)
{
	return byte_at(text, key->place.offset) == '"';
}

/* What is between the last item and the one in front of it; for a single item what is in
 * front of it, if that is on another line. */
static void set_flow_gap(const struct attach_text *text, const struct node *list,
                         struct style *style)
{
	const struct node *last = last_item(list);
	const struct node *other = list->count > 1 ? list->members[list->count - 2].value : NULL;
	struct view gap =
	    span(text, other ? other->end + 1 : content(text, list) + 1, last->place.offset);

	style->gap = gap;
	if (other && gap.len && view_consists_of(gap, " \t\r\n,"))
		style->between = "|";
	else if (!other && view_holds(gap, '\n') && view_consists_of(gap, " \t\r\n"))
		style->between = ",|";
	style->before = style->between;
}

static bool behind_flow(const struct attach_text *text, const struct node *list,
                        struct style *style)
{
	const struct node *last = last_item(list);

	if (last->kind != NODE_MAPPING || last->style != NODE_FLOW ||
	    last->place.offset < list->place.offset || byte_at(text, last->end) != '}' ||
	    (list->count > 1 &&
	     last->place.offset <= list->members[list->count - 2].value->place.offset))
		return false;
	style->offset = last->end + 1;
	if (copy_item(text, last, style))
		style->item = "<@>";
	set_flow_gap(text, list, style);
	return true;
}

static bool find_in_flow(const struct attach_text *text, struct attach_list *place,
                         struct style *style)
{
	const struct node *list = place->member->value;

	if (byte_at(text, content(text, list)) != '[')
		return false;
	set_flow_item(text, place->member->key, is_quoted(text, place->member->key), style);
	place->in_front = !list->count || !behind_flow(text, list, style);
	if (place->in_front) {
		style->offset = content(text, list) + 1;
		style->after = list->count ? ", " : "";
	}
	return true;
}

/* ---- A list that has no value ---- */

/* After the anchor and the tag of a value that is empty. */
static uint64_t empty_place(const struct attach_text *text, uint64_t offset)
{
	uint64_t at = offset, end = offset;

	while (byte_at(text, at) == '&' || byte_at(text, at) == '!') {
		while (byte_at(text, at) && !strchr(" \t\r\n", byte_at(text, at)))
			at++;
		end = at;
		while (byte_at(text, at) == ' ' || byte_at(text, at) == '\t')
			at++;
	}
	return end;
}

/* Whether the list can have lines below its key, as nothing follows the colon. */
static bool ends_line(const struct attach_text *text, const struct attach_list *place,
                      uint64_t offset)
{
	return !place->member->value->len && place->mapping->style != NODE_FLOW &&
	       view_consists_of(span(text, offset, line_end(text, offset)), " ") &&
	       view_consists_of(indentation(text, place->member->key->place.offset), " ");
}

static bool find_for_null(const struct attach_text *text, struct attach_list *place,
                          struct style *style)
{
	const struct node *list = place->member->value, *key = place->member->key;

	style->offset = list->len ? content(text, list) : empty_place(text, list->place.offset);
	style->removed = list->len;
	if (ends_line(text, place, style->offset)) {
		style->feed = line_feed(text, style->offset);
		style->indent = indentation(text, key->place.offset);
		style->item = "\n- name: @";
		return true;
	}
	set_flow_item(text, key, is_quoted(text, key), style);
	style->before = list->len ? "[" : " [";
	style->after = "]";
	return view_equal(span(text, style->offset, style->offset + list->len),
	                  (struct view){list->text, list->len});
}

/* ---- A new list ---- */

/* How far the lists of the mapping are indented below their keys. */
static struct view list_indentation(const struct attach_text *text, const struct node *mapping)
{
	for (size_t i = 0; i < mapping->count; i++) {
		const struct node *key = mapping->members[i].key;
		const struct node *value = mapping->members[i].value;
		struct view indent = indentation(text, value->place.offset);

		if (value->kind == NODE_SEQUENCE && value->style != NODE_FLOW &&
		    value->place.line > key->place.line &&
		    value->place.column >= key->place.column &&
		    value->place.column - key->place.column <= indent.len)
			return view_from(
			    indent, indent.len - (size_t)(value->place.column - key->place.column));
	}
	return VIEW_EMPTY;
}

static bool find_new_in_block(const struct attach_text *text, const struct node *mapping,
                              struct style *style)
{
	if (!mapping->count)
		return false;
	style->offset = mapping->members[0].key->place.offset;
	style->feed = line_feed(text, style->offset);
	style->indent = indentation(text, style->offset);
	style->unit = list_indentation(text, mapping);
	style->before = ATTACH_LIST ":";
	style->item = "\n\t- name: @";
	style->after = "\n";
	return true;
}

/* JSON that has each member on a line of its own; the unit is what the lines of the mapping are
 * indented by, more than the one that it begins in. */
static void set_lines(const struct attach_text *text, const struct node *mapping,
                      struct style *style)
{
	struct view outer = indentation(text, mapping->place.offset), indent = style->indent;
	size_t blanks = 0;

	while (blanks < outer.len && strchr(" \t", outer.data[blanks]))
		blanks++;
	outer.len = blanks;
	style->unit = view_begins(indent, outer) && indent.len > blanks ? view_from(indent, blanks)
	                                                                : view_of("  ");
	style->compact = false;
	style->item = "\n\t{\n\t\t\"name\": @\n\t}";
	style->between = ",";
	style->after = "\n],\n";
}

/* An empty mapping is JSON if its key is in double quotes. */
static bool follows_quote(const struct attach_text *text, const struct node *mapping)
{
	uint64_t at = mapping->place.offset;

	while (at > text->offset && strchr(" \t:", byte_at(text, at - 1)))
		at--;
	return at > text->offset && byte_at(text, at - 1) == '"';
}

static bool find_new_in_flow(const struct attach_text *text, const struct node *mapping,
                             struct style *style)
{
	const struct node *first = mapping->count ? mapping->members[0].key : NULL;

	if (byte_at(text, content(text, mapping)) != '{')
		return false;
	set_flow_item(text, first, first ? is_quoted(text, first) : follows_quote(text, mapping),
	              style);
	style->offset = first ? first->place.offset : content(text, mapping) + 1;
	style->before = "\"" ATTACH_LIST "\": [";
	style->after = first ? "], " : "]";
	/* Without a line feed between the two the line may be all of the document. */
	if (!first || first->place.line == mapping->place.line)
		return true;
	style->feed = line_feed(text, style->offset);
	style->indent = indentation(text, style->offset);
	if (!view_consists_of(style->indent, " \t"))
		return true;
	style->after = "],\n";
	if (style->json)
		set_lines(text, mapping, style);
	return true;
}

/* ---- The whole ---- */

static bool find(const struct attach_text *text, struct attach_list *list, struct style *style)
{
	if (!list->member)
		return list->mapping->style == NODE_FLOW
		           ? find_new_in_flow(text, list->mapping, style)
		           : find_new_in_block(text, list->mapping, style);
	if (list->member->value->kind == NODE_NULL)
		return find_for_null(text, list, style);
	return list->member->value->style == NODE_FLOW ? find_in_flow(text, list, style)
	                                               : find_in_block(text, list, style);
}

bool attach_style_add(const struct attach_text *text, struct attach_list *list,
                      struct attach_names names, struct attach_edits *edits)
{
	struct style style = {.before = "", .between = "", .after = ""};

	if (!find(text, list, &style))
		return false;
	begin_edit(edits, style.offset, style.removed);
	expand(&style, style.before, "", &edits->text);
	for (size_t i = 0; i < names.count; i++) {
		expand(&style, i ? style.between : "", "", &edits->text);
		expand(&style, style.item, names.items[i], &edits->text);
	}
	expand(&style, style.after, "", &edits->text);
	end_edit(edits);
	return true;
}
