#include "regcred/tree/node_json.h"

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/json/json_escape.h"
#include "regcred/tree/node_number.h"

static bool needs_escape(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* The bytes up to the next that cannot stand as they are. */
static size_t span(const char *text, size_t len)
{
	size_t at = 0;
	uint32_t rune;

	while (at < len && !needs_escape(text[at])) {
		size_t size = 1;

		if ((unsigned char)text[at] >= 0x80) {
			size = utf8_decode(text + at, len - at, &rune);
			if (rune == UTF8_INVALID)
				break;
		}
		at += size;
	}
	return at;
}

static void print_string(const struct node *string, struct buf *out)
{
	size_t at = 0;

	buf_append_char(out, '"');
	for (;;) {
		size_t plain = span(string->text + at, string->len - at);

		buf_append(out, string->text + at, plain);
		at += plain;
		if (at == string->len)
			break;
		if (needs_escape(string->text[at]))
			json_escape_byte(out, string->text[at]);
		else
			buf_append_string(out, "\xEF\xBF\xBD");
		at++;
	}
	buf_append_char(out, '"');
}

static void print_value(const struct node *node, struct buf *out)
{
	switch (node->kind) {
	case NODE_NULL:
		buf_append_string(out, "null");
		break;
	case NODE_BOOL:
		buf_append_string(out, node->truth ? "true" : "false");
		break;
	case NODE_NUMBER:
		node_number_print(node, out);
		break;
	case NODE_STRING:
		print_string(node, out);
		break;
	case NODE_SEQUENCE:
	case NODE_MAPPING:
		break;
	}
}

/* ---- Collections, without recursion: they nest as deep as the text wants ---- */

struct level {
	const struct node *node;
	size_t next; /* of its members */
};

struct levels {
	struct level *items;
	size_t count, capacity;
};

static bool is_collection(const struct node *node)
{
	return node->kind == NODE_SEQUENCE || node->kind == NODE_MAPPING;
}

static bool enter(struct levels *levels, const struct node *node, struct buf *out)
{
	if (!is_collection(node)) {
		print_value(node, out);
		return true;
	}
	memory_extend(&levels->items, levels->count, &levels->capacity, sizeof *levels->items);
	levels->items[levels->count++] = (struct level){node, 0};
	buf_append_char(out, node->kind == NODE_MAPPING ? '{' : '[');
	return true;
}

/* The next member of the innermost collection, or its end. */
static bool step(struct levels *levels, struct buf *out)
{
	struct level *level = &levels->items[levels->count - 1];
	const struct node *node = level->node;
	const struct node_member *member;

	if (level->next == node->count) {
		buf_append_char(out, node->kind == NODE_MAPPING ? '}' : ']');
		levels->count--;
		return true;
	}
	member = &node->members[level->next];
	if (level->next++ > 0)
		buf_append_char(out, ',');
	if (member->key) {
		print_string(member->key, out);
		buf_append_char(out, ':');
	}
	return enter(levels, member->value, out);
}

void node_json_print(const struct node *node, struct buf *out)
{
	struct levels levels = {0};
	bool sound = true;

	if (!node)
		buf_append_string(out, "null");
	else
		sound = enter(&levels, node, out);
	while (sound && levels.count > 0 && !out->failure)
		sound = step(&levels, out);
	memory_release(levels.items);
}
