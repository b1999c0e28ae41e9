#include "regcred/edit/snippet.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/edit/kubectl.h"

/* Appends commands in which @s, @n and @p are replaced by the Secret, the option for the
 * namespace and the program. */
static void append_commands(struct buf *out, const struct snippet *snippet, const char *commands)
{
	for (const char *mark; (mark = strchr(commands, '@')); commands = mark + 2) {
		buf_append(out, commands, (size_t)(mark - commands));
		if (mark[1] == 's')
			buf_append_string(out, snippet->secret);
		else if (mark[1] == 'n')
			kubectl_append_namespace(out, snippet->ns);
		else
			buf_append_string(out, snippet->program);
	}
	buf_append_string(out, commands);
}

/* In a pipe without -q, which would end kubectl early, and so fail under pipefail. */
static void append_link(struct buf *out, const struct snippet *snippet)
{
	append_commands(out, snippet,
	                "kubectl get serviceaccount default@n -o "
	                "jsonpath='{range .imagePullSecrets[*]}{.name}{\"\\n\"}{end}' |\n"
	                "  grep -Fx @s >/dev/null ||\n  ");
	kubectl_append_link(out, "default", snippet->ns, snippet->secret, "\n  ");
	buf_append_char(out, '\n');
}

static const struct {
	const char *question;
	const char *commands;
} checks[] = {
    {"Why does a Pod not get its image? Its events",
     "kubectl describe pods@n\n"
     "kubectl get events@n --field-selector involvedObject.kind=Pod,type=Warning\n"},
    {"Do the names agree? The Secrets that the Pods name, and whether this one exists",
     "kubectl get pods@n -o "
     "custom-columns='POD:.metadata.name,SECRETS:.spec.imagePullSecrets[*].name'\n"
     "kubectl get secret @s@n\n"},
    {"Is it the registry of the image? Only an entry that matches is used",
     "kubectl get secret @s@n -o yaml | @p show\n"},
    {"The same as it is stored, the password included",
     "kubectl get secret @s@n -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d\n"},
    {"Is it the type? It must be kubernetes.io/dockerconfigjson",
     "kubectl get secret @s@n -o jsonpath='{.type}{\"\\n\"}'\n"},
    {"Is it the namespace? The Secret must be in that of the Pod",
     "kubectl get secrets --all-namespaces --field-selector metadata.name=@s\n"},
    {"All of it at once", "kubectl get secrets,serviceaccounts,pods@n -o yaml | @p check\n"},
};

void snippet_append(struct buf *out, const struct snippet *snippet)
{
	append_commands(out, snippet,
	                "### Add the Secret to manifests, before they are applied\n\n"
	                "@p attach @s -f app.yaml | kubectl apply --server-side@n -f -\n\n"
	                "### Or to a ServiceAccount, for Pods that name no Secret and are created "
	                "from now on\n\n");
	append_link(out, snippet);
	buf_append_string(out, "\n### What may be wrong\n\n");
	for (size_t i = 0; i < COUNT(checks); i++) {
		buf_append_format(out, "# %s:\n", checks[i].question);
		append_commands(out, snippet, checks[i].commands);
	}
}
