#include "regcred/edit/snippet.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/edit/kubectl.h"
#include "regcred/json/json.h"
#include "regcred/yaml/yaml_writer.h"

/* --- imagePullSecrets --------------------------------------------------------- */

static bool append_name(struct json *list, const char *name)
{
	return json_append(list, json_object_of("name", json_string(name)));
}

/* What is listed already stays, in its order; NULL: no memory. */
static struct json *pull_secrets(const struct snippet *snippet)
{
	struct json *list = json_array();
	bool sound = list, listed = false;

	for (size_t i = 0; sound && i < snippet->listed_count; i++) {
		listed |= strcmp(snippet->listed[i], snippet->secret) == 0;
		sound = append_name(list, snippet->listed[i]);
	}
	if (!sound || (!listed && !append_name(list, snippet->secret)))
		json_release(&list);
	return list;
}

/* Puts a value below a path of keys joined by dots. */
static struct json *wrap(const char *path, struct json *value)
{
	char key[64] = "";
	size_t len = strcspn(path, ".");

	if (!len || len >= sizeof key)
		return value;
	memcpy(key, path, len);
	return json_object_of(key, wrap(path + len + (path[len] == '.'), value));
}

/* What kubectl calls a kind whose Pods are replaced when this list changes; NULL for
 * others: a Pod's and a Job's cannot be changed, a ReplicaSet's serves only new Pods. */
static const char *changeable(const char *kind)
{
	static const struct {
		const char *kind, *resource;
	} kinds[] = {
	    {"Deployment", "deployment"},
	    {"StatefulSet", "statefulset"},
	    {"DaemonSet", "daemonset"},
	    {"CronJob", "cronjob"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].resource;
	return NULL;
}

/* kubectl's default patch merges this list by name (types.go: patchMergeKey). */
static bool append_change(struct buf *out, const struct snippet *snippet, const char *resource,
                          struct error *error)
{
	CLEANUP(buf_release) struct buf patch = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(json_release)
	struct json *tree = wrap(
	    snippet->path,
	    json_object_of("imagePullSecrets",
	                   json_array_of(json_object_of("name", json_string(snippet->secret)))));

	if (!tree)
		return error_out_of_memory(error);
	if (!json_print(tree, JSON_COMPACT, 0, &patch, error) ||
	    !buf_check(&patch, "a patch", error))
		return false;
	buf_append_format(out, "\n# The same for the one that is there:\nkubectl patch %s %s",
	                  resource, snippet->name);
	kubectl_append_namespace(out, snippet->namespace);
	buf_append_string(out, " -p ");
	kubectl_append_word(out, patch.data);
	buf_append_char(out, '\n');
	return true;
}

static bool append_lines(struct buf *out, const struct snippet *snippet, struct error *error)
{
	CLEANUP(json_release)
	struct json *tree =
	    wrap(snippet->path, json_object_of("imagePullSecrets", pull_secrets(snippet)));
	const char *resource = changeable(snippet->kind);

	if (!tree)
		return error_out_of_memory(error);
	buf_append_format(out, "# %s%s%s\n", snippet->kind, snippet->name ? " " : "",
	                  snippet->name ? snippet->name : "");
	yaml_append_object(out, tree);
	return !snippet->name || !resource || append_change(out, snippet, resource, error);
}

/* --- commands --------------------------------------------------------------------- */

/* What to describe: kubectl takes the beginning of a name, too, and the names of a
 * workload's Pods begin with its own. */
static void append_pods(struct buf *out, const struct snippet *snippet)
{
	bool is_account = !*snippet->path;

	buf_append_string(out, is_account || !snippet->name ? "pods" : "pod ");
	if (!is_account && snippet->name)
		buf_append_string(out, snippet->name);
}

/* A file whose name would be taken for an option is written otherwise. */
static void append_file(struct buf *out, const struct snippet *snippet)
{
	const char *file = snippet->file ? snippet->file : "FILE";

	buf_append_string(out, *file == '-' ? "./" : "");
	kubectl_append_word(out, file);
}

/* Appends commands in which @s, @n, @d, @f and @p stand for the Secret, the option for
 * the namespace, the Pods, the file and the program. */
static void append_commands(struct buf *out, const struct snippet *snippet, const char *commands)
{
	for (const char *mark; (mark = strchr(commands, '@')); commands = mark + 2) {
		buf_append(out, commands, (size_t)(mark - commands));
		if (mark[1] == 's')
			buf_append_string(out, snippet->secret);
		else if (mark[1] == 'n')
			kubectl_append_namespace(out, snippet->namespace);
		else if (mark[1] == 'd')
			append_pods(out, snippet);
		else if (mark[1] == 'f')
			append_file(out, snippet);
		else
			buf_append_string(out, snippet->program);
	}
	buf_append_string(out, commands);
}

/* In a pipe without -q, which would end kubectl early, and so fail under pipefail. */
static void append_link(struct buf *out, const struct snippet *snippet)
{
	buf_append_format(out, "kubectl get serviceaccount %s", snippet->account);
	append_commands(out, snippet,
	                "@n -o jsonpath='{range .imagePullSecrets[*]}{.name}{\"\\n\"}{end}' |\n"
	                "  grep -Fx @s >/dev/null ||\n  ");
	kubectl_append_link(out, snippet->account, snippet->namespace, snippet->secret, "\n  ");
	buf_append_char(out, '\n');
}

static void append_events(struct buf *out, const struct snippet *snippet)
{
	append_commands(
	    out, snippet,
	    "kubectl describe @d@n\n"
	    "kubectl get events@n --field-selector involvedObject.kind=Pod,type=Warning\n");
}

static const struct {
	const char *question;
	const char *commands;
	bool of_file; /* only where there is one */
} checks[] = {
    {"Do the names agree? What the Pods name, and whether it is there",
     "kubectl get pods@n -o "
     "custom-columns='POD:.metadata.name,SECRETS:.spec.imagePullSecrets[*].name'\n"
     "kubectl get secret @s@n\n",
     false},
    {"Is it the registry of the image? Only one that matches it counts",
     "kubectl get secret @s@n -o yaml | @p show\n", false},
    {"Which credential does each image of the manifest get?",
     "kubectl get secrets@n -o yaml | @p match -f - --for @f\n", true},
    {"The same as it is stored, the password included",
     "kubectl get secret @s@n -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d\n", false},
    {"Is it the type? It must be kubernetes.io/dockerconfigjson",
     "kubectl get secret @s@n -o jsonpath='{.type}{\"\\n\"}'\n", false},
    {"Is it the namespace? The Secret must be in that of the Pod",
     "kubectl get secrets --all-namespaces --field-selector metadata.name=@s\n", false},
    {"All of it at once", "kubectl get secrets,serviceaccounts,pods@n -o yaml | @p check\n", false},
    {"And the manifest, before it is applied",
     "kubectl get secrets,serviceaccounts@n -o yaml | @p check - @f\n", true},
};

static void append_checks(struct buf *out, const struct snippet *snippet)
{
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		if (checks[i].of_file && !snippet->file)
			continue;
		buf_append_format(out, "# %s:\n", checks[i].question);
		append_commands(out, snippet, checks[i].commands);
	}
}

/* --- the whole ----------------------------------------------------------------------- */

const char *snippet_heading(enum snippet_part part)
{
	static const char *const headings[] = {
	    [SNIPPET_LINES] = "The lines that name the Secret, in their place",
	    [SNIPPET_LINK] =
	        "Or add it to the list of a ServiceAccount, for its Pods that name none",
	    [SNIPPET_EVENTS] = "Why an image is not pulled: the events",
	    [SNIPPET_CHECKS] = "What may be wrong",
	};

	return headings[part];
}

bool snippet_append(struct buf *out, enum snippet_part part, const struct snippet *snippet,
                    struct error *error)
{
	if (part == SNIPPET_LINES)
		return append_lines(out, snippet, error);
	if (part == SNIPPET_LINK)
		append_link(out, snippet);
	else if (part == SNIPPET_EVENTS)
		append_events(out, snippet);
	else
		append_checks(out, snippet);
	return true;
}
