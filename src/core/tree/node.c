#include "regcred/tree/node.h"

#include <string.h>

/* The last one counts, as for Go's decoders. */
static const struct node *get(const struct node *mapping, struct view key)
{
	if (!mapping || mapping->kind != NODE_MAPPING)
		return NULL;
	for (size_t i = mapping->count; i-- > 0;)
		if (view_equal(node_view(mapping->members[i].key), key))
			return mapping->members[i].value;
	return NULL;
}

const struct node *node_get(const struct node *mapping, const char *key)
{
	return get(mapping, view_of(key));
}

const struct node *node_at(const struct node *root, const char *path)
{
	const char *dot;

	for (; root && (dot = strchr(path, '.')); path = dot + 1)
		root = get(root, (struct view){path, (size_t)(dot - path)});
	return node_get(root, path);
}

const char *node_string(const struct node *node)
{
	if (!node || node->kind != NODE_STRING || memchr(node->text, '\0', node->len))
		return NULL;
	return node->text;
}

const char *node_text(const struct node *node)
{
	const char *text = node_string(node);

	return text ? text : "";
}

bool node_is(const struct node *node, const char *text)
{
	return node && node->kind == NODE_STRING && view_is(node_view(node), text);
}

const char *node_kind_name(enum node_kind kind)
{
	static const char *const names[] = {
	    [NODE_NULL] = "null",       [NODE_BOOL] = "a boolean",  [NODE_NUMBER] = "a number",
	    [NODE_STRING] = "a string", [NODE_SEQUENCE] = "a list", [NODE_MAPPING] = "a mapping",
	};

	return names[kind];
}
