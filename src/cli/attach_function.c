/* A KRM function (https://github.com/kubernetes-sigs/kustomize, cmd/config/docs/api-conventions/
 * functions-spec.md): a ResourceList in, a ResourceList out. kustomize 5.8 writes the
 * functionConfig after the items, so the list is read twice. */
#include <stdlib.h>
#include <string.h>

#include "attach_request.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/yaml/yaml_writer.h"

enum { LIST_MAX = 64 * 1024 * 1024 };

bool attach_function_begins(struct view bytes)
{
	return memmem(bytes.data, bytes.len, "ResourceList", strlen("ResourceList")) &&
	       memmem(bytes.data, bytes.len, "config.kubernetes.io/",
	              strlen("config.kubernetes.io/"));
}

/* ---- functionConfig ---- */

/* ConfigMaps have strings only. */
static bool take_switch(const struct node *node, bool *value, struct error *error)
{
	if (!node || node->kind == NODE_NULL)
		return true;
	if (node->kind != NODE_BOOL && !node_is(node, "true") && !node_is(node, "false"))
		return error_set(error, DIAGNOSTIC_OPTION_VALUE, "write \"true\" or \"false\"",
		                 "functionConfig: serviceAccounts has an unknown value") ||
		       error_from_input(error);
	*value |= node->kind == NODE_BOOL ? node->truth : node_is(node, "true");
	return true;
}

static bool take_config(struct attach_request *request, const struct node *config,
                        struct error *error)
{
	static const char *const fields[] = {"data", "spec"};

	for (size_t i = 0; i < COUNT(fields); i++) {
		const struct node *field = node_get(config, fields[i]);
		const struct node *name = node_get(field, "name");

		if (!take_switch(node_get(field, "serviceAccounts"), &request->service_accounts,
		                 error))
			return false;
		if (!name)
			continue;
		if (!node_string(name)) {
			error_set(error, DIAGNOSTIC_NAME_INVALID, NULL,
			          "functionConfig: %s.name is not a string", fields[i]);
			return error_from_input(error);
		}
		buf_reset(&request->config_name);
		buf_append_string(&request->config_name, name->text);
		request->name = request->config_name.data;
	}
	if (k8s_name_check(K8S_NAME_SECRET, request->name, strlen(request->name), error))
		return true;
	error_from_input(error);
	return error_prefix(error, "functionConfig");
}

bool attach_function_configure(struct attach_request *request, struct view text,
                               struct error *error)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(text.data, text.len);
	struct manifest_item item;

	manifest_reader_want_config(reader);
	do {
		if (!manifest_reader_next(reader, &item, error))
			return false;
		if (item.event == MANIFEST_CONFIG && !take_config(request, item.root, error))
			return false;
	} while (item.event != MANIFEST_END);
	return true;
}

/* ---- results ---- */

/* NULL: the object has no name or kind. */
static struct json *reference_to(const struct manifest_item *item)
{
	const char *name = node_string(node_at(item->root, "metadata.name"));

	return name && *item->api_version && *item->kind
	           ? json_build("{apiVersion:%t,kind:%t,namespace:%t,name:%t}", item->api_version,
	                        item->kind, node_string(node_at(item->root, "metadata.namespace")),
	                        name)
	           : NULL;
}

/* Where kustomize and kpt have it from, as annotations of the object say; NULL: they do not. */
static struct json *file_of(const struct manifest_item *item)
{
	static const char *const prefixes[] = {"internal.config.kubernetes.io/",
	                                       "config.kubernetes.io/"};
	const struct node *annotations = node_at(item->root, "metadata.annotations");

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
		const char *path;

		buf_append_format(&key, "%spath", prefixes[i]);
		path = node_string(node_get(annotations, key.data));
		buf_reset(&key);
		buf_append_format(&key, "%sindex", prefixes[i]);
		if (path)
			return json_build(
			    "{path:%t,index:%d}", path,
			    strtoll(node_text(node_get(annotations, key.data)), NULL, 10));
	}
	return NULL;
}

struct json *attach_function_result(const char *message, bool is_error,
                                    const struct manifest_item *item)
{
	return json_build("{message:%t,severity:%s,resourceRef:%j,file:%j}", message,
	                  is_error ? "error" : "warning", item ? reference_to(item) : NULL,
	                  item ? file_of(item) : NULL);
}

/* Where the List's first member can go: after separators and comments, and `{`. */
static size_t find_start(struct view text)
{
	size_t at = view_begins(text, view_of("\xEF\xBB\xBF")) ? 3 : 0;

	while (at < text.len) {
		struct view line = view_from(text, at);

		if (*line.data == '{')
			return at + 1;
		if (*line.data != '#' && *line.data != '\n' && *line.data != '\r' &&
		    !view_begins(line, view_of("---")))
			return at;
		at += view_find(line, '\n') + (view_find(line, '\n') < line.len);
	}
	return at;
}

bool attach_function_answer(struct buf *list, struct json *results, struct error *error)
{
	CLEANUP(json_release)
	struct json *object = json_build("{results:%j}", results);
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(list->ceiling), rest = BUF_INIT(list->ceiling);
	size_t start = find_start(buf_view(list));
	bool is_json = start && list->data[start - 1] == '{';

	if (!json_first(results))
		return true;
	if (is_json && !json_print(object, JSON_COMPACT, 0, &text, error))
		return false;
	buf_append(&rest, list->data + start, list->len - start);
	buf_truncate(list, start);
	if (is_json) {
		buf_append(list, text.data + 1, text.len - 2);
		buf_append_string(list, ", ");
	} else {
		yaml_append_object(list, object);
	}
	buf_append(list, rest.data, rest.len);
	return buf_check(list, "the ResourceList", error);
}
