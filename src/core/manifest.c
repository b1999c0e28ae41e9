#include "regcred/manifest.h"

#include <string.h>

#include "regcred/k8s_name.h"
#include "regcred/memory.h"
#include "regcred/yaml_scalar.h"
#include "regcred/yaml_writer.h"

enum { LIST_DEPTH = 2 }; /* a List's items stand two levels in */

void manifest_release(struct manifest *manifest)
{
	buf_release(&manifest->head);
	buf_release(&manifest->object);
	buf_release(&manifest->separator);
	buf_release(&manifest->tail);
}

static bool render_yaml(struct manifest *manifest, const struct json *object, struct error *error)
{
	yaml_append_object(&manifest->object, object);
	buf_append_string(&manifest->separator, "---\n");
	return buf_check(&manifest->separator, "the separator", error);
}

/* A List whose one item is a hole; NULL: no memory. */
static struct json *list_object(void)
{
	struct json *list = json_object(), *items = json_array();
	bool sound = json_append(items, json_raw(MANIFEST_HOLE_TEXT));

	/* All three, as json_add takes the items even when it fails. */
	sound &= json_add(list, "apiVersion", json_string("v1"));
	sound &= json_add(list, "kind", json_string("List"));
	sound &= json_add(list, "items", items);
	if (!sound)
		json_release(&list);
	return list;
}

/* Prints that list and cuts it at the hole; what separates two items begins as
 * the line of an item does. */
static bool render_list(struct manifest *manifest, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(json_release) struct json *list = list_object();
	size_t hole, line;

	if (!json_print(list, JSON_INDENTED, 0, &text, error))
		return false;
	hole = strcspn(text.data, MANIFEST_HOLE_TEXT);
	for (line = hole; text.data[line] != '\n';)
		line--;
	buf_append(&manifest->head, text.data, hole);
	buf_append_string(&manifest->separator, ",");
	buf_append(&manifest->separator, text.data + line, hole - line);
	buf_append_string(&manifest->tail, text.data + hole + 1);
	return buf_check(&manifest->head, "the list", error) &&
	       buf_check(&manifest->separator, "the list", error);
}

static bool render_json(struct manifest *manifest, const struct json *object, bool several,
                        struct error *error)
{
	if (several && !render_list(manifest, error))
		return false;
	buf_append_string(&manifest->tail, "\n");
	return buf_check(&manifest->tail, "the list", error) &&
	       json_print(object, JSON_INDENTED, several ? LIST_DEPTH : 0, &manifest->object,
	                  error);
}

bool manifest_render(struct manifest *manifest, const struct json *object,
                     enum manifest_format format, bool several, struct error *error)
{
	*manifest = (struct manifest){.format = format,
	                              .head = BUF_INIT(BUF_NAME_MAX),
	                              .object = BUF_INIT(BUF_CONFIG_MAX),
	                              .separator = BUF_INIT(BUF_NAME_MAX),
	                              .tail = BUF_INIT(BUF_NAME_MAX)};
	if (!(format == MANIFEST_YAML ? render_yaml(manifest, object, error)
	                              : render_json(manifest, object, several, error)))
		return false;
	return buf_check(&manifest->object, "the manifest", error);
}

size_t manifest_object_max(const struct manifest *manifest)
{
	size_t holes = 0;

	for (size_t i = 0; i < manifest->object.len; i++)
		holes += manifest->object.data[i] == MANIFEST_HOLE;
	return manifest->head.len + manifest->separator.len + manifest->object.len +
	       manifest->tail.len + holes * (K8S_LABEL_MAX + sizeof "\"\"");
}

static void append_namespace(const struct manifest *manifest, const char *namespace,
                             struct buf *out)
{
	if (manifest->format == MANIFEST_YAML) {
		yaml_scalar_append(out, namespace, strlen(namespace));
		return;
	}
	buf_append_char(out, '"'); /* a namespace holds nothing that JSON escapes */
	buf_append_string(out, namespace);
	buf_append_char(out, '"');
}

void manifest_append(const struct manifest *manifest, const char *namespace, struct buf *out)
{
	const char *text = manifest->object.data, *end = text + manifest->object.len, *hole;

	while ((hole = memchr(text, MANIFEST_HOLE, (size_t)(end - text)))) {
		buf_append(out, text, (size_t)(hole - text));
		append_namespace(manifest, namespace, out);
		text = hole + 1;
	}
	buf_append(out, text, (size_t)(end - text));
}
