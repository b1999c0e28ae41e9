/* Pod specs and ServiceAccounts by themselves: imagePullSecrets where Kubernetes does not
 * look, or in a shape that it drops or refuses; images that no kubelet accepts; static Pods.
 *
 * A custom resource may have fields of the same names, so outside of pod specs only the
 * built-in kinds are judged.
 */
#include <stdio.h>
#include <string.h>

#include "check_object.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/workload.h"
#include "regcred/manifest/templated.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/registry_trap.h"

#define FIELD "imagePullSecrets"
struct pod_view {
	struct check *check;
	const struct check_object *object;
};

#define pod_report(view, rule, place, hint, ...)                                                   \
	check_report((view)->check, (view)->object->origin, rule, place, hint, __VA_ARGS__)

/* ---- What must be a string ---- */

/* The rest of the way to the value is in `before` and `behind`. */
static void judge_string(const struct pod_view *view, const struct node *node, const char *before,
                         const char *name, const char *behind)
{
	if (!node || node->kind == NODE_STRING || node->kind == NODE_NULL)
		return;
	pod_report(view, CHECK_OBJECT_INVALID, node->place,
	           node->kind == NODE_MAPPING || node->kind == NODE_SEQUENCE ? NULL
	                                                                     : "put it in quotes",
	           "%s%s%s is %s, a string was expected", before, name, behind,
	           node_kind_name(node->kind));
}

static void judge_strings(const struct pod_view *view, const struct node *owner, const char *before,
                          const char *const *names)
{
	for (; *names; names++)
		judge_string(view, node_get(owner, *names), before, *names, "");
}

static void judge_metadata(const struct pod_view *view, const struct node *metadata)
{
	static const char *const names[] = {"name", "generateName", "namespace", NULL};
	static const char *const maps[][2] = {{"labels", "metadata.labels[\""},
	                                      {"annotations", "metadata.annotations[\""}};

	judge_strings(view, metadata, "metadata.", names);
	for (size_t i = 0; i < COUNT(maps); i++) {
		const struct node *map = node_get(metadata, maps[i][0]);

		for (size_t at = 0; map && map->kind == NODE_MAPPING && at < map->count; at++)
			judge_string(view, map->members[at].value, maps[i][1],
			             map->members[at].key->text, "\"]");
	}
}

/* ---- The list ---- */

static void judge_name(const struct pod_view *view, size_t number, const struct node *name)
{
	struct error error;

	if (name->kind == NODE_NULL || value_is_unknown(name) ||
	    (name->kind == NODE_STRING && !name->len))
		return;
	if (name->kind != NODE_STRING)
		pod_report(view, CHECK_REF_SHAPE, name->place, "put it in quotes",
		           FIELD "[%zu].name is %s; a string was expected", number,
		           node_kind_name(name->kind));
	else if (!k8s_name_check(K8S_NAME_SECRET, name->text, name->len, &error))
		pod_report(view, CHECK_REF_SHAPE, name->place, error.hint,
		           FIELD "[%zu].name is invalid, no Secret can have it: %s", number,
		           error.message);
}

static void judge_named(const struct pod_view *view, size_t number, const struct node *item,
                        const struct node *name)
{
	judge_name(view, number, name);
	for (size_t i = 0; i < item->count; i++)
		if (!node_is(item->members[i].key, "name"))
			pod_report(view, CHECK_REF_SHAPE, item->members[i].key->place,
			           "leave it out: a Pod uses only Secrets in its own namespace",
			           FIELD "[%zu] has a field \"%s\", but only name is allowed",
			           number, item->members[i].key->text);
}

static void report_item(const struct pod_view *view, size_t number, const struct node *item)
{
	char hint[K8S_SUBDOMAIN_MAX + sizeof "write - name: "];
	struct error error;
	bool named = item->kind == NODE_STRING &&
	             k8s_name_check(K8S_NAME_SECRET, item->text, item->len, &error);

	snprintf(hint, sizeof hint, "write - name: %s", named ? item->text : "SECRET");
	pod_report(view, CHECK_REF_SHAPE, item->place, hint,
	           FIELD "[%zu] is %s; an object with a name was expected", number,
	           node_kind_name(item->kind));
}

/* An item that is null or {} counts as one of empty name, which the kubelet skips. One with a
 * $patch is of a strategic merge patch (Kustomize). */
static void judge_item(const struct pod_view *view, size_t number, const struct node *item)
{
	const struct node *name = node_get(item, "name");

	if (item->kind == NODE_NULL || value_is_unknown(item) || node_get(item, "$patch"))
		return;
	if (item->kind != NODE_MAPPING)
		report_item(view, number, item);
	else if (name)
		judge_named(view, number, item, name);
	else if (item->count)
		pod_report(view, CHECK_REF_SHAPE, item->members[0].key->place,
		           "write - name: SECRET", FIELD "[%zu] has no name", number);
}

static void judge_list(const struct pod_view *view, const struct node *list)
{
	if (list->kind == NODE_NULL || value_is_unknown(list))
		return;
	if (list->kind != NODE_SEQUENCE)
		pod_report(view, CHECK_REF_SHAPE, list->place,
		           "write it as a list: " FIELD ": [{name: SECRET}]",
		           FIELD " is %s; a list was expected", node_kind_name(list->kind));
	for (size_t i = 0; list->kind == NODE_SEQUENCE && i < list->count; i++)
		judge_item(view, i, list->members[i].value);
}

/* ---- The field ---- */

enum spelling { SPELLING_OTHER, SPELLING_RIGHT, SPELLING_WRONG };

/* imagePullSecret, imagepullsecrets, image_pull_secrets, imagePullSecerts. */
static enum spelling spelling_of(const struct node *key)
{
	enum { EDITS_MAX = 2 };
	char folded[sizeof FIELD + 4];
	size_t len = 0;

	if (key->len == sizeof FIELD - 1 && memcmp(key->text, FIELD, key->len) == 0)
		return SPELLING_RIGHT;
	if (key->len < sizeof FIELD - 1 - EDITS_MAX) /* as nearly all */
		return SPELLING_OTHER;
	for (size_t i = 0; i < key->len; i++) {
		char c = key->text[i];

		if (len == sizeof folded - 1)
			return SPELLING_OTHER;
		if (c != '_' && c != '-')
			folded[len++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	folded[len] = '\0';
	return edit_distance(folded, "imagepullsecrets", EDITS_MAX) <= EDITS_MAX ? SPELLING_WRONG
	                                                                         : SPELLING_OTHER;
}

/* The members of what should have the field. */
static void judge_owner(const struct pod_view *view, const struct node *owner, const char *called)
{
	for (size_t i = 0; i < owner->count; i++) {
		const struct node_member *member = &owner->members[i];
		enum spelling spelling = spelling_of(member->key);

		if (spelling == SPELLING_RIGHT)
			judge_list(view, member->value);
		else if (spelling == SPELLING_WRONG)
			pod_report(view, CHECK_REF_SHAPE, member->key->place,
			           "did you mean " FIELD "?", "\"%s\" is not a field of %s",
			           member->key->text, called);
	}
}

/* The members of what should not: where the field is misplaced, and where it belongs. */
static void judge_stranger(const struct pod_view *view, const struct node *stranger,
                           const char *called, const char *hint)
{
	for (size_t i = 0; stranger && stranger->kind == NODE_MAPPING && i < stranger->count; i++)
		if (spelling_of(stranger->members[i].key) != SPELLING_OTHER)
			pod_report(view, CHECK_REF_SHAPE, stranger->members[i].key->place, hint,
			           "%s is in %s, where Kubernetes does not look for it",
			           stranger->members[i].key->text, called);
}

static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};

static void judge_containers(const struct pod_view *view, const struct node *spec)
{
	for (size_t i = 0; i < COUNT(lists); i++) {
		const struct node *list = node_get(spec, lists[i]);

		for (size_t at = 0; list && list->kind == NODE_SEQUENCE && at < list->count; at++)
			judge_stranger(view, list->members[at].value, "a container",
			               "move it into the pod spec, beside containers");
	}
}

/* What is read of the pod spec of a built-in kind, and decides a pull: not the name of a container.
 */
static void judge_spec_strings(const struct pod_view *view, const struct node *spec)
{
	static const char *const names[] = {"serviceAccountName", "serviceAccount", NULL};
	static const char *const of_container[] = {"image", "imagePullPolicy", NULL};

	judge_strings(view, spec, "", names);
	for (size_t i = 0; i < COUNT(lists); i++) {
		const struct node *list = node_get(spec, lists[i]);

		for (size_t at = 0; list && list->kind == NODE_SEQUENCE && at < list->count; at++)
			judge_strings(view, list->members[at].value, "the container's ",
			              of_container);
	}
}

/* The mappings around the pod spec of a built-in kind, with their metadata: `path` leads to it. */
static void judge_ancestors(const struct pod_view *view, const char *path)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf above = BUF_INIT(BUF_NAME_MAX);
	const struct node *root = view->object->item->root;
	char *dot;

	buf_append_format(&hint, "move it to %s, beside containers", path);
	buf_append_string(&above, path);
	judge_spec_strings(view, node_at(root, path));
	judge_stranger(view, root, "the object itself", hint.data);
	judge_stranger(view, node_get(root, "metadata"), "metadata", hint.data);
	while ((dot = strrchr(above.data, '.'))) {
		const struct node *around;

		buf_truncate(&above, (size_t)(dot - above.data));
		around = node_at(root, above.data);
		judge_stranger(view, around, above.data, hint.data);
		judge_stranger(view, node_get(around, "metadata"), "metadata", hint.data);
		judge_metadata(view, node_get(around, "metadata"));
	}
}

/* ---- Images ---- */

/* What another program puts an image in the place of: ko (ko://PACKAGE), or a script
 * that looks for a name in capitals. */
static bool is_stand_in(const char *image)
{
	size_t len = strlen(image);

	return strncmp(image, "ko://", 5) == 0 ||
	       strspn(image, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == len ||
	       (len > 2 && strchr("@%", image[0]) && image[len - 1] == image[0]);
}

static void judge_image(const struct pod_view *view, const struct workload_image *image)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	struct image_reference reference;
	struct error error;

	if (image->unknown || is_stand_in(image->text) ||
	    image_reference_parse(view_of(image->text), &name, &reference, &error))
		return;
	pod_report(view, CHECK_IMAGE_INVALID, image->node->place,
	           registry_trap_may_propose(view_of(image->text)) ? error.hint : NULL, "%s",
	           error.message);
}

/* ---- Static Pods ---- */

/* What a kubelet reads from a folder or URL of its own, and its mirror in the cluster:
 * pkg/kubelet/types/pod_update.go. */
static bool is_static(const struct check_object *object)
{
	const struct node *annotations = node_at(object->item->root, "metadata.annotations");
	const struct node *source = node_get(annotations, "kubernetes.io/config.source");

	return object->on_node || node_get(annotations, "kubernetes.io/config.mirror") ||
	       node_is(source, "file") || node_is(source, "http");
}

static void judge_static(const struct pod_view *view, const struct workload *workload)
{
	if (strcmp(workload->kind, "Pod") == 0 && workload->pull_secrets.count &&
	    is_static(view->object))
		pod_report(view, CHECK_STATIC_POD, workload->pull_secrets.items[0].node->place,
		           "give the node the credential: in its config.json, or by a credential "
		           "provider",
		           "a static Pod names the Secret \"%s\", and is refused since Kubernetes "
		           "1.34",
		           workload->pull_secrets.items[0].name);
}

/* ---- All of it ---- */

static void judge_spec(const struct pod_view *view, const struct node *spec)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	const struct manifest_item *item = view->object->item;

	judge_owner(view, spec, "a pod spec");
	judge_containers(view, spec);
	judge_stranger(view, node_get(spec, "securityContext"), "securityContext",
	               "move it into the pod spec, beside containers");
	workload_read(item->root, item->kind, spec, &workload);
	for (size_t i = 0; i < workload.image_count; i++)
		judge_image(view, &workload.images[i]);
	judge_static(view, &workload);
}

static void judge_account(const struct pod_view *view, const struct node *root)
{
	static const char *const strangers[] = {"metadata", "spec"};

	judge_owner(view, root, "a ServiceAccount");
	for (size_t i = 0; i < COUNT(strangers); i++)
		judge_stranger(view, node_get(root, strangers[i]), strangers[i],
		               "move it to the top of the ServiceAccount");
}

void check_pod_look(struct check *check, const struct check_object *object)
{
	const struct pod_view view = {check, object};
	const struct manifest_item *item = object->item;
	const char *path = pod_spec_path(item->api_version, item->kind);

	judge_metadata(&view, node_get(item->root, "metadata"));
	if (object->kind == CHECK_KIND_SERVICE_ACCOUNT)
		judge_account(&view, item->root);
	if (path)
		judge_ancestors(&view, path);
	for (size_t i = 0; i < object->specs->count; i++)
		judge_spec(&view, object->specs->items[i]);
}
