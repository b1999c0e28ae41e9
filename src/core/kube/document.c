#include "regcred/kube/document.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/yaml/yaml_scalar.h"
#include "regcred/yaml/yaml_writer.h"

enum { LIST_DEPTH = 2 }; /* a List's items are two levels in */

enum { FILLING_MAX = K8S_LABEL_MAX + sizeof "\"\"" };

void document_release(struct document *document)
{
	buf_release(&document->head);
	buf_release(&document->objects);
	buf_release(&document->separator);
	buf_release(&document->tail);
}

/* Prints a List whose one item is a hole and cuts it there; what separates two items begins as
 * the line of an item does. */
static bool render_list(struct document *document, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(json_release)
	struct json *list =
	    json_build("{apiVersion:v1,kind:List,items:[%j]}", json_raw(DOCUMENT_HOLE_TEXT));
	size_t hole, line;

	if (!json_print(list, JSON_INDENTED, 0, &text, error))
		return false;
	hole = line = view_find(buf_view(&text), DOCUMENT_HOLE);
	while (text.data[line] != '\n')
		line--;
	buf_append(&document->head, text.data, hole);
	buf_append_string(&document->separator, ",");
	buf_append(&document->separator, text.data + line, hole - line);
	buf_append_string(&document->tail, text.data + hole + 1);
	return true;
}

static void count_holes(struct document *document)
{
	for (size_t i = 0; i < document->objects.len; i++)
		document->hole_count += document->objects.data[i] == DOCUMENT_HOLE;
}

/* Two objects of a group are separated as two groups are. */
bool document_render(struct document *document, const struct json *const *objects, size_t count,
                     enum document_format format, bool several, struct error *error)
{
	bool yaml = format == DOCUMENT_YAML, list = !yaml && (several || count > 1);
	struct buf *text = &document->objects;

	*document = (struct document){.format = format,
	                              .head = BUF_INIT(BUF_NAME_MAX),
	                              .objects = BUF_INIT(BUF_CONFIG_MAX),
	                              .separator = BUF_INIT(BUF_NAME_MAX),
	                              .tail = BUF_INIT(BUF_NAME_MAX)};
	if (list && !render_list(document, error))
		return false;
	buf_append_string(yaml ? &document->separator : &document->tail, yaml ? "---\n" : "\n");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_append(text, document->separator.data, document->separator.len);
		if (yaml)
			yaml_append_object(text, objects[i]);
		else if (!json_print(objects[i], JSON_INDENTED, list ? LIST_DEPTH : 0, text, error))
			return false;
	}
	count_holes(document);
	return buf_check(text, "the manifest", error);
}

size_t document_group_max(const struct document *document)
{
	return document->head.len + document->separator.len + document->objects.len +
	       document->tail.len + document->hole_count * FILLING_MAX;
}

/* The namespace as the format writes it. It holds nothing that is escaped in quotes. */
static struct view make_filling(const struct document *document, struct view ns,
                                char quoted[FILLING_MAX])
{
	if (ns.len > K8S_LABEL_MAX)
		ns.len = K8S_LABEL_MAX;
	if (document->format == DOCUMENT_YAML && yaml_scalar_is_plain(ns.data, ns.len))
		return ns;
	quoted[0] = quoted[ns.len + 1] = '"';
	memcpy(quoted + 1, ns.data, ns.len);
	return (struct view){quoted, ns.len + 2};
}

void document_append(const struct document *document, struct view ns, struct buf *out)
{
	char quoted[FILLING_MAX];
	struct view filling = make_filling(document, ns, quoted);
	struct view rest = buf_view(&document->objects);

	for (size_t i = 0; i < document->hole_count; i++) {
		struct view piece = view_take(&rest, DOCUMENT_HOLE);

		buf_append(out, piece.data, piece.len);
		buf_append(out, filling.data, filling.len);
	}
	buf_append(out, rest.data, rest.len);
}
