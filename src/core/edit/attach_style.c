/* Bytes around a place; an item, as others are written; the four places of a list. */
#include "attach_style.h"

#include <string.h>

#include "regcred/yaml/yaml_scalar.h"

#define LIST_KEY "imagePullSecrets"

/* ---- Bytes ---- */

static bool holds(const struct attach_text *text, uint64_t offset)
{
	return offset >= text->offset && offset - text->offset < text->bytes.len;
}

/* 0: outside of the text. */
static char byte_at(const struct attach_text *text, uint64_t offset)
{
	return holds(text, offset) ? text->bytes.data[offset - text->offset] : '\0';
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

/* Whether it holds nothing but these bytes. */
static bool consists_of(struct view view, const char *bytes)
{
	for (size_t i = 0; i < view.len; i++)
		if (!view.data[i] || !strchr(bytes, view.data[i]))
			return false;
	return true;
}

/* Where the line begins, after a byte order mark. */
static uint64_t line_start(const struct attach_text *text, uint64_t offset)
{
	uint64_t start = offset;

	while (start > text->offset && byte_at(text, start - 1) != '\n')
		start--;
	return start + (view_begins(span(text, start, offset), view_of("\xEF\xBB\xBF")) ? 3 : 0);
}

/* Where the next line begins, or the end of the text. */
static uint64_t line_end(const struct attach_text *text, uint64_t offset)
{
	uint64_t end = text->offset + text->bytes.len;
	struct view rest = span(text, offset, end);
	size_t feed = view_find(rest, '\n');

	return feed < rest.len ? offset + feed + 1 : end;
}

/* What is in front of the place in its line. */
static struct view indentation(const struct attach_text *text, uint64_t offset)
{
	return span(text, line_start(text, offset), offset);
}

/* As the line in front of the place ends, else the one that it is in. */
static struct view line_feed(const struct attach_text *text, uint64_t offset)
{
	uint64_t start = offset;

	while (start > text->offset && byte_at(text, start - 1) != '\n')
		start--;
	if (start == text->offset)
		start = line_end(text, offset);
	return view_of(start - text->offset >= 2 && byte_at(text, start - 2) == '\r' ? "\r\n"
	                                                                             : "\n");
}

/* Where a node begins, after its anchor and tag and comments that follow these. */
static uint64_t content(const struct attach_text *text, const struct node *node)
{
	uint64_t at = node->place.offset;
	const char *until = NULL; /* what ends the anchor, tag or comment at hand */

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

size_t attach_style_scalar_len(const struct attach_text *text, const struct node *scalar)
{
	uint64_t offset = scalar->place.offset;
	size_t quotes = scalar->style == NODE_QUOTED;
	struct view raw = span(text, offset, offset + scalar->len + 2 * quotes);

	if ((scalar->style != NODE_PLAIN && !quotes) || !raw.len ||
	    memcmp(raw.data + quotes, scalar->text, scalar->len) != 0 ||
	    (quotes && raw.data[0] != raw.data[raw.len - 1]))
		return 0;
	return raw.len;
}

/* ---- An item ---- */

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

void attach_style_name(const struct attach_text *text, const struct node *scalar, const char *name,
                       struct buf *out)
{
	append_name(scalar->style == NODE_QUOTED ? byte_at(text, scalar->place.offset) : '\0', name,
	            out);
}

void attach_style_item(const struct attach_style *style, const char *name, struct buf *out)
{
	append(out, buf_view(&style->head));
	append_name(style->quote, name, out);
	append(out, buf_view(&style->tail));
}

/* In a flow list. */
static void set_flow_item(struct attach_style *style, bool json, bool compact)
{
	buf_append_string(&style->head, json ? "{\"name\":" : "{name:");
	buf_append_string(&style->head, compact ? "" : " ");
	buf_append_string(&style->tail, "}");
	style->quote = json ? '"' : '\0';
}

/* As that item is written, if it is a mapping of nothing but a name. */
static bool copy_item(const struct attach_text *text, const struct node *item,
                      struct attach_style *style)
{
	const struct node *name = node_get(item, "name");
	bool flow = item->style == NODE_FLOW;
	uint64_t end;
	struct view head, tail = VIEW_EMPTY;
	size_t len;

	if (!name || item->count != 1 || name->kind != NODE_STRING)
		return false;
	len = attach_style_scalar_len(text, name);
	end = name->place.offset + len;
	head = span(text, item->place.offset, name->place.offset);
	if (flow)
		tail = span(text, end, item->end + 1);
	if (!len || !head.len || (flow && !tail.len) ||
	    !consists_of(head, flow ? "{ \t\r\n\"'name:" : " \"'name:") ||
	    !consists_of(tail, " \t\r\n,}"))
		return false;
	append(&style->head, head);
	append(&style->tail, tail);
	style->quote = name->style == NODE_QUOTED ? byte_at(text, name->place.offset) : '\0';
	return true;
}

/* ---- A list that has items ---- */

/* Where the last thing begins that a node is made of. */
static uint64_t last_offset(const struct node *node)
{
	while ((node->kind == NODE_MAPPING || node->kind == NODE_SEQUENCE) &&
	       node->style != NODE_FLOW && node->count)
		node = node->members[node->count - 1].value;
	return node->style == NODE_FLOW ? node->end : node->place.offset;
}

/* Between two items of a block list: a line end, the column, the dash and what follows it. */
static void set_block_between(const struct attach_text *text, uint64_t first, struct view dash,
                              struct attach_style *style)
{
	append(&style->between, line_feed(text, first));
	append(&style->between, indentation(text, first));
	append(&style->between, dash);
}

static bool in_block_front(const struct attach_text *text, uint64_t first,
                           struct attach_style *style)
{
	style->offset = first;
	buf_append_string(&style->before, "- ");
	set_block_between(text, first, view_of("- "), style);
	buf_append_string(&style->head, "name: ");
	append(&style->after, line_feed(text, first));
	append(&style->after, indentation(text, first));
	return true;
}

static bool in_block(const struct attach_text *text, const struct node *list, bool in_front,
                     struct attach_style *style)
{
	const struct node *last = list->members[list->count - 1].value;
	uint64_t first = content(text, list), offset = last_offset(last);
	struct view indent = indentation(text, first);
	struct view dash = indentation(text, last->place.offset);

	if (byte_at(text, first) != '-' || !consists_of(indent, " "))
		return false;
	if (in_front)
		return in_block_front(text, first, style);
	if (last->place.offset < first || offset < last->place.offset)
		return false;
	/* The dash may be on a line of its own. */
	dash = dash.len > indent.len && dash.data[indent.len] == '-' ? view_from(dash, indent.len)
	                                                             : view_of("- ");
	if (!view_begins(dash, view_of("-")) || !consists_of(view_from(dash, 1), " "))
		return false;
	if (!copy_item(text, last, style))
		buf_append_string(&style->head, "name: ");
	style->offset = line_end(text, offset);
	set_block_between(text, first, dash, style);
	if (byte_at(text, style->offset - 1) != '\n') {
		append(&style->before, buf_view(&style->between));
		return true;
	}
	append(&style->before, indent);
	append(&style->before, dash);
	append(&style->after, line_feed(text, first));
	return true;
}

/* Whether no blank follows the colon of a key. */
static bool is_compact(const struct attach_text *text, const struct node *key)
{
	uint64_t colon = key->place.offset + attach_style_scalar_len(text, key);

	return byte_at(text, colon) == ':' && !strchr(" \t\r\n", byte_at(text, colon + 1));
}

/* What is between the last item and the one in front of it; for a single item what is in
 * front of it, if that is on another line. */
static void set_flow_between(const struct attach_text *text, const struct node *list, bool compact,
                             struct attach_style *style)
{
	const struct node *last = list->members[list->count - 1].value;
	const struct node *other = list->count > 1 ? list->members[list->count - 2].value : NULL;
	struct view between =
	    span(text, other ? other->end + 1 : content(text, list) + 1, last->place.offset);

	if (other && between.len && consists_of(between, " \t\r\n,")) {
		append(&style->between, between);
		return;
	}
	buf_append_char(&style->between, ',');
	if (!other && view_holds(between, '\n') && consists_of(between, " \t\r\n"))
		append(&style->between, between);
	else if (!compact)
		buf_append_char(&style->between, ' ');
}

static bool in_flow(const struct attach_text *text, const struct node_member *member, bool in_front,
                    struct attach_style *style)
{
	const struct node *list = member->value;
	const struct node *last = list->count ? list->members[list->count - 1].value : NULL;
	bool json = byte_at(text, member->key->place.offset) == '"';
	bool compact = json && is_compact(text, member->key);

	if (byte_at(text, content(text, list)) != '[')
		return false;
	if (!last || in_front) {
		style->offset = content(text, list) + 1;
		set_flow_item(style, json, compact);
		buf_append_string(&style->between, compact ? "," : ", ");
		buf_append_string(&style->after, !last ? "" : compact ? "," : ", ");
		return true;
	}
	if (last->kind != NODE_MAPPING || last->style != NODE_FLOW ||
	    last->place.offset < list->place.offset || byte_at(text, last->end) != '}')
		return false;
	style->offset = last->end + 1;
	if (!copy_item(text, last, style))
		set_flow_item(style, json, compact);
	set_flow_between(text, list, compact, style);
	append(&style->before, buf_view(&style->between));
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

/* On lines of its own, if nothing follows the colon. */
static bool below_key(const struct attach_text *text, const struct node *key,
                      struct attach_style *style)
{
	if (!consists_of(span(text, style->offset, line_end(text, style->offset)), " \r\n") ||
	    !consists_of(indentation(text, key->place.offset), " "))
		return false;
	append(&style->between, line_feed(text, style->offset));
	append(&style->between, indentation(text, key->place.offset));
	buf_append_string(&style->between, "- ");
	append(&style->before, buf_view(&style->between));
	buf_append_string(&style->head, "name: ");
	return true;
}

static bool for_null(const struct attach_text *text, const struct node *mapping,
                     const struct node_member *member, struct attach_style *style)
{
	const struct node *list = member->value;
	bool json = mapping->style == NODE_FLOW && byte_at(text, member->key->place.offset) == '"';
	bool compact = json && is_compact(text, member->key);

	style->offset = list->len ? content(text, list) : empty_place(text, list->place.offset);
	style->removed = list->len;
	if (!view_equal(span(text, style->offset, style->offset + list->len),
	                (struct view){list->text, list->len}))
		return false;
	if (!list->len && mapping->style != NODE_FLOW && below_key(text, member->key, style))
		return true;
	buf_append_string(&style->before, list->len ? "[" : " [");
	set_flow_item(style, json, compact);
	buf_append_string(&style->between, compact ? "," : ", ");
	buf_append_string(&style->after, "]");
	return true;
}

/* ---- A new list ---- */

/* How far the lists of the mapping are indented below their keys. */
static size_t list_indentation(const struct node *mapping)
{
	for (size_t i = 0; i < mapping->count; i++) {
		const struct node *key = mapping->members[i].key;
		const struct node *value = mapping->members[i].value;

		if (value->kind == NODE_SEQUENCE && value->style != NODE_FLOW &&
		    value->place.line > key->place.line && value->place.column >= key->place.column)
			return (size_t)(value->place.column - key->place.column);
	}
	return 0;
}

static bool new_in_block(const struct attach_text *text, const struct node *mapping,
                         struct attach_style *style)
{
	uint64_t offset = mapping->members[0].key->place.offset;
	struct view feed = line_feed(text, offset);
	size_t pad = indentation(text, offset).len;

	style->offset = offset;
	append(&style->between, feed);
	buf_append_repeated(&style->between, ' ', pad + list_indentation(mapping));
	buf_append_string(&style->between, "- ");
	buf_append_string(&style->before, LIST_KEY ":");
	append(&style->before, buf_view(&style->between));
	buf_append_string(&style->head, "name: ");
	append(&style->after, feed);
	buf_append_repeated(&style->after, ' ', pad);
	return true;
}

/* What a level of the mapping is indented by, more than the line that it begins in. */
static struct view unit_of(const struct attach_text *text, const struct node *mapping,
                           struct view indent)
{
	uint64_t start = line_start(text, mapping->place.offset), end = start;
	struct view outer;

	while (byte_at(text, end) == ' ' || byte_at(text, end) == '\t')
		end++;
	outer = span(text, start, end);
	return view_begins(indent, outer) && indent.len > outer.len ? view_from(indent, outer.len)
	                                                            : view_of("  ");
}

/* A line end, an indentation, and so many units more. */
static void append_line(struct buf *out, struct view feed, struct view indent, struct view unit,
                        size_t units)
{
	append(out, feed);
	append(out, indent);
	while (units--)
		append(out, unit);
}

/* JSON that has each member on a line of its own. */
static void new_on_lines(const struct attach_text *text, const struct node *mapping,
                         struct view indent, struct attach_style *style)
{
	struct view unit = unit_of(text, mapping, indent);
	struct view feed = line_feed(text, style->offset);

	buf_append_string(&style->before, "\"" LIST_KEY "\": [");
	append_line(&style->before, feed, indent, unit, 1);
	buf_append_char(&style->between, ',');
	append_line(&style->between, feed, indent, unit, 1);
	buf_append_char(&style->head, '{');
	append_line(&style->head, feed, indent, unit, 2);
	buf_append_string(&style->head, "\"name\": ");
	style->quote = '"';
	append_line(&style->tail, feed, indent, unit, 1);
	buf_append_char(&style->tail, '}');
	append_line(&style->after, feed, indent, unit, 0);
	buf_append_string(&style->after, "],");
	append_line(&style->after, feed, indent, unit, 0);
}

/* An empty mapping is JSON if its key is in double quotes. */
static bool is_json(const struct attach_text *text, const struct node *mapping,
                    const struct node *first)
{
	uint64_t at = mapping->place.offset;

	if (first)
		return byte_at(text, first->place.offset) == '"';
	while (at > text->offset && strchr(" \t:", byte_at(text, at - 1)))
		at--;
	return at > text->offset && byte_at(text, at - 1) == '"';
}

static bool new_in_flow(const struct attach_text *text, const struct node *mapping,
                        struct attach_style *style)
{
	const struct node *first = mapping->count ? mapping->members[0].key : NULL;
	bool on_lines = first && first->place.line > mapping->place.line;
	/* Without a line feed between the two the line may be all of the document. */
	struct view indent = on_lines ? indentation(text, first->place.offset) : VIEW_EMPTY;
	bool json = is_json(text, mapping, first),
	     compact = json && first && is_compact(text, first);

	on_lines = on_lines && consists_of(indent, " \t");
	if (byte_at(text, content(text, mapping)) != '{')
		return false;
	style->offset = first ? first->place.offset : content(text, mapping) + 1;
	if (json && on_lines) {
		new_on_lines(text, mapping, indent, style);
		return true;
	}
	buf_append_string(&style->before, json ? "\"" LIST_KEY "\":" : LIST_KEY ":");
	buf_append_string(&style->before, compact ? "[" : " [");
	set_flow_item(style, json, compact);
	buf_append_string(&style->between, compact ? "," : ", ");
	buf_append_string(&style->after, first ? "]," : "]");
	if (on_lines)
		append_line(&style->after, line_feed(text, style->offset), indent, VIEW_EMPTY, 0);
	else if (first && !compact)
		buf_append_char(&style->after, ' ');
	return true;
}

/* ---- The whole ---- */

void attach_style_release(struct attach_style *style)
{
	buf_release(&style->before);
	buf_release(&style->between);
	buf_release(&style->after);
	buf_release(&style->head);
	buf_release(&style->tail);
}

static bool find(const struct attach_text *text, const struct node *mapping,
                 const struct node_member *member, bool in_front, struct attach_style *style)
{
	if (!member && mapping->style == NODE_FLOW)
		return new_in_flow(text, mapping, style);
	if (!member)
		return mapping->count && new_in_block(text, mapping, style);
	if (member->value->kind == NODE_NULL)
		return for_null(text, mapping, member, style);
	return member->value->style == NODE_FLOW ? in_flow(text, member, in_front, style)
	                                         : in_block(text, member->value, in_front, style);
}

bool attach_style_find(const struct attach_text *text, const struct node *mapping,
                       const struct node_member *member, bool in_front, struct attach_style *style)
{
	*style = (struct attach_style){.before = BUF_INIT(BUF_PASSWORD_MAX),
	                               .between = BUF_INIT(BUF_PASSWORD_MAX),
	                               .after = BUF_INIT(BUF_PASSWORD_MAX),
	                               .head = BUF_INIT(BUF_PASSWORD_MAX),
	                               .tail = BUF_INIT(BUF_PASSWORD_MAX)};
	if (find(text, mapping, member, in_front, style))
		return true;
	attach_style_release(style);
	return false;
}
