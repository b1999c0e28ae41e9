#include "regcred/kube/document.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/yaml/yaml_scalar.h"
#include "regcred/yaml/yaml_writer.h"

enum { LIST_DEPTH = 2 }; /* a List's items are two levels in */

void document_release(struct document *document)
{
	buf_release(&document->head);
	buf_release(&document->objects);
	buf_release(&document->separator);
	buf_release(&document->tail);
	memory_release(document->holes);
	document->holes = NULL;
}

/* Two objects of a group are separated as two groups are. */
static void append_separator(struct document *document, size_t index)
{
	if (index > 0)
		buf_append(&document->objects, document->separator.data, document->separator.len);
}

static bool render_yaml(struct document *document, const struct json *const *objects, size_t count,
                        struct error *error)
{
	buf_append_string(&document->separator, "---\n");
	for (size_t i = 0; i < count; i++) {
		append_separator(document, i);
		yaml_append_object(&document->objects, objects[i]);
	}
	return buf_check(&document->separator, "the separator", error);
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
	hole = strcspn(text.data, DOCUMENT_HOLE_TEXT);
	for (line = hole; text.data[line] != '\n';)
		line--;
	buf_append(&document->head, text.data, hole);
	buf_append_string(&document->separator, ",");
	buf_append(&document->separator, text.data + line, hole - line);
	buf_append_string(&document->tail, text.data + hole + 1);
	return buf_check(&document->head, "the list", error) &&
	       buf_check(&document->separator, "the list", error);
}

static bool render_json(struct document *document, const struct json *const *objects, size_t count,
                        bool several, struct error *error)
{
	if (several && !render_list(document, error))
		return false;
	buf_append_string(&document->tail, "\n");
	for (size_t i = 0; i < count; i++) {
		append_separator(document, i);
		if (!json_print(objects[i], JSON_INDENTED, several ? LIST_DEPTH : 0,
		                &document->objects, error))
			return false;
	}
	return buf_check(&document->tail, "the list", error);
}

enum { FILLING_MAX = K8S_LABEL_MAX + sizeof "\"\"" };

static void find_holes(struct document *document)
{
	size_t capacity = 0;

	for (size_t i = 0; i < document->objects.len; i++)
		if (document->objects.data[i] == DOCUMENT_HOLE) {
			memory_extend(&document->holes, document->hole_count, &capacity,
			              sizeof *document->holes);
			document->holes[document->hole_count++] = i;
		}
}

bool document_render(struct document *document, const struct json *const *objects, size_t count,
                     enum document_format format, bool several, struct error *error)
{
	*document = (struct document){.format = format,
	                              .head = BUF_INIT(BUF_NAME_MAX),
	                              .objects = BUF_INIT(BUF_CONFIG_MAX),
	                              .separator = BUF_INIT(BUF_NAME_MAX),
	                              .tail = BUF_INIT(BUF_NAME_MAX)};
	if (!(format == DOCUMENT_YAML
	          ? render_yaml(document, objects, count, error)
	          : render_json(document, objects, count, several || count > 1, error)) ||
	    !buf_check(&document->objects, "the manifest", error))
		return false;
	find_holes(document);
	return true;
}

size_t document_group_max(const struct document *document)
{
	return document->head.len + document->separator.len + document->objects.len +
	       document->tail.len + document->hole_count * FILLING_MAX;
}

/* The namespace as the format writes it. It holds nothing that is escaped in quotes. */
static struct view make_filling(const struct document *document, struct view namespace,
                                char quoted[FILLING_MAX])
{
	if (namespace.len > K8S_LABEL_MAX)
	namespace.len = K8S_LABEL_MAX;
	if (document->format == DOCUMENT_YAML &&
	    yaml_scalar_is_plain(namespace.data, namespace.len))
		return namespace;
	quoted[0] = quoted[namespace.len + 1] = '"';
	memcpy(quoted + 1, namespace.data, namespace.len);
	return (struct view){quoted, namespace.len + 2};
}

void document_append(const struct document *document, struct view namespace, struct buf *out)
{
	const char *text = document->objects.data;
	char quoted[FILLING_MAX], *to;
	struct view filling = make_filling(document, namespace, quoted);
	size_t at = 0;

	if (!buf_reserve(out, document->objects.len + document->hole_count * FILLING_MAX))
		return;
	to = out->data + out->len;
	for (size_t i = 0; i < document->hole_count; i++) {
		size_t run = document->holes[i] - at;

		memcpy(to, text + at, run);
		memcpy(to + run, filling.data, filling.len);
		to += run + filling.len;
		at += run + 1;
	}
	memcpy(to, text + at, document->objects.len - at);
	to += document->objects.len - at;
	*to = '\0';
	out->len = (size_t)(to - out->data);
}
