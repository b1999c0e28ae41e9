#include "regcred/kube/document.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/yaml/yaml_scalar.h"
#include "regcred/yaml/yaml_writer.h"

enum { LIST_DEPTH = 2 }; /* a List's items stand two levels in */

void document_release(struct document *document)
{
	buf_release(&document->head);
	buf_release(&document->objects);
	buf_release(&document->separator);
	buf_release(&document->tail);
}

/* What stands between two objects of a group is what stands between two groups. */
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

/* A List whose one item is a hole. */
static struct json *list_object(void)
{
	struct json *list = json_object_of("apiVersion", json_string("v1"));

	json_add(list, "kind", json_string("List"));
	json_add(list, "items", json_array_of(json_raw(DOCUMENT_HOLE_TEXT)));
	return list;
}

/* Prints that list and cuts it at the hole; what separates two items begins as
 * the line of an item does. */
static bool render_list(struct document *document, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(json_release) struct json *list = list_object();
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
	          : render_json(document, objects, count, several || count > 1, error)))
		return false;
	return buf_check(&document->objects, "the manifest", error);
}

enum { FILLING_MAX = K8S_LABEL_MAX + sizeof "\"\"" };

size_t document_group_max(const struct document *document)
{
	size_t holes = 0;

	for (size_t i = 0; i < document->objects.len; i++)
		holes += document->objects.data[i] == DOCUMENT_HOLE;
	return document->head.len + document->separator.len + document->objects.len +
	       document->tail.len + holes * FILLING_MAX;
}

static void append_namespace(const struct document *document, const char *namespace,
                             struct buf *out)
{
	if (document->format == DOCUMENT_YAML) {
		yaml_scalar_append(out, namespace, strlen(namespace));
		return;
	}
	buf_append_char(out, '"'); /* a namespace holds nothing that JSON escapes */
	buf_append_string(out, namespace);
	buf_append_char(out, '"');
}

/* Every hole is filled with the same bytes, made once. */
void document_append(const struct document *document, const char *namespace, struct buf *out)
{
	const char *text = document->objects.data, *end = text + document->objects.len, *hole;
	char filling[FILLING_MAX];
	size_t len = 0;

	while ((hole = memchr(text, DOCUMENT_HOLE, (size_t)(end - text)))) {
		buf_append(out, text, (size_t)(hole - text));
		text = hole + 1;
		if (len) {
			buf_append(out, filling, len);
			continue;
		}
		len = out->len;
		append_namespace(document, namespace, out);
		len = out->len - len; /* nothing, after a failure */
		memcpy(filling, out->data + out->len - len, len);
	}
	buf_append(out, text, (size_t)(end - text));
}
