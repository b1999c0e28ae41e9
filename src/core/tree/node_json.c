#include "regcred/tree/node_json.h"

#include <stdlib.h>

#include "regcred/json/json.h"
#include "regcred/json/json_reader.h"
#include "regcred/tree/node_number.h"

/* The shortest text that reads as the same float64. */
static void print_float(double value, struct buf *out)
{
	enum { ENOUGH = 17 };
	size_t start = out->len;

	for (int precision = 1; precision <= ENOUGH; precision++) {
		buf_truncate(out, start);
		buf_append_format(out, "%.*g", precision, value);
		if (strtod(out->data + start, NULL) == value)
			return;
	}
}

/* As written if JSON has it so, else the number it means. */
static void print_number(const struct node *node, struct buf *out)
{
	char text[NUMBER_TEXT_SIZE];
	struct number number;

	if (json_is(node->text, node->len, JSON_NUMBER)) {
		buf_append(out, node->text, node->len);
	} else if (!number_read(node->text, node->len, &number)) {
		buf_append_format(out, "\"%s\"", node->text);
	} else if (number.integer) {
		number_name(&number, text);
		buf_append_string(out, text);
	} else {
		print_float(number.value, out);
	}
}

/* Nests no deeper than NODE_DEPTH_MAX. */
static void print_collection(const struct node *node, struct buf *out)
{
	bool mapping = node->kind == NODE_MAPPING;

	buf_append_char(out, mapping ? '{' : '[');
	for (size_t i = 0; i < node->count && !out->failure; i++) {
		const struct node *key = node->members[i].key;

		if (i > 0)
			buf_append_char(out, ',');
		if (key) {
			json_append_literal(out, node_view(key));
			buf_append_char(out, ':');
		}
		node_json_print(node->members[i].value, out);
	}
	buf_append_char(out, mapping ? '}' : ']');
}

void node_json_print(const struct node *node, struct buf *out)
{
	switch (node ? node->kind : NODE_NULL) {
	case NODE_NULL:
		buf_append_string(out, "null");
		break;
	case NODE_BOOL:
		buf_append_string(out, node->truth ? "true" : "false");
		break;
	case NODE_NUMBER:
		print_number(node, out);
		break;
	case NODE_STRING:
		json_append_literal(out, node_view(node));
		break;
	case NODE_SEQUENCE:
	case NODE_MAPPING:
		print_collection(node, out);
		break;
	}
}
