#include "regcred/tree/node_json.h"

#include "regcred/json/json.h"
#include "regcred/tree/node_number.h"

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
		node_number_print(node, out);
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
