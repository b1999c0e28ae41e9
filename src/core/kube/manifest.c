#include "regcred/kube/manifest.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/yaml/yaml_scalar.h"
#include "regcred/yaml/yaml_writer.h"

enum { LIST_DEPTH = 2 }; /* a List's items stand two levels in */

void manifest_release(struct manifest *manifest)
{
	buf_release(&manifest->head);
	buf_release(&manifest->objects);
	buf_release(&manifest->separator);
	buf_release(&manifest->tail);
}

/* What stands between two objects of a group is what stands between two groups. */
static void append_separator(struct manifest *manifest, size_t index)
{
	if (index > 0)
		buf_append(&manifest->objects, manifest->separator.data, manifest->separator.len);
}

static bool render_yaml(struct manifest *manifest, const struct json *const *objects, size_t count,
                        struct error *error)
{
	buf_append_string(&manifest->separator, "---\n");
	for (size_t i = 0; i < count; i++) {
		append_separator(manifest, i);
		yaml_append_object(&manifest->objects, objects[i]);
	}
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

static bool render_json(struct manifest *manifest, const struct json *const *objects, size_t count,
                        bool several, struct error *error)
{
	if (several && !render_list(manifest, error))
		return false;
	buf_append_string(&manifest->tail, "\n");
	for (size_t i = 0; i < count; i++) {
		append_separator(manifest, i);
		if (!json_print(objects[i], JSON_INDENTED, several ? LIST_DEPTH : 0,
		                &manifest->objects, error))
			return false;
	}
	return buf_check(&manifest->tail, "the list", error);
}

bool manifest_render(struct manifest *manifest, const struct json *const *objects, size_t count,
                     enum manifest_format format, bool several, struct error *error)
{
	*manifest = (struct manifest){.format = format,
	                              .head = BUF_INIT(BUF_NAME_MAX),
	                              .objects = BUF_INIT(BUF_CONFIG_MAX),
	                              .separator = BUF_INIT(BUF_NAME_MAX),
	                              .tail = BUF_INIT(BUF_NAME_MAX)};
	if (!(format == MANIFEST_YAML
	          ? render_yaml(manifest, objects, count, error)
	          : render_json(manifest, objects, count, several || count > 1, error)))
		return false;
	return buf_check(&manifest->objects, "the manifest", error);
}

enum { FILLING_MAX = K8S_LABEL_MAX + sizeof "\"\"" };

size_t manifest_group_max(const struct manifest *manifest)
{
	size_t holes = 0;

	for (size_t i = 0; i < manifest->objects.len; i++)
		holes += manifest->objects.data[i] == MANIFEST_HOLE;
	return manifest->head.len + manifest->separator.len + manifest->objects.len +
	       manifest->tail.len + holes * FILLING_MAX;
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

/* Every hole is filled with the same bytes, made once. */
void manifest_append(const struct manifest *manifest, const char *namespace, struct buf *out)
{
	const char *text = manifest->objects.data, *end = text + manifest->objects.len, *hole;
	char filling[FILLING_MAX];
	size_t len = 0;

	while ((hole = memchr(text, MANIFEST_HOLE, (size_t)(end - text)))) {
		buf_append(out, text, (size_t)(hole - text));
		text = hole + 1;
		if (len) {
			buf_append(out, filling, len);
			continue;
		}
		len = out->len;
		append_namespace(manifest, namespace, out);
		len = out->len - len; /* nothing, after a failure */
		memcpy(filling, out->data + out->len - len, len);
	}
	buf_append(out, text, (size_t)(end - text));
}
