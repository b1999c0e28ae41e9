#include "manifests.h"

#include <string.h>

#include "regcred/base/memory.h"

static void note_namespaces(const struct inventory *inventory, struct report *report)
{
	const char *first = "";

	for (size_t i = 0; i < inventory_secret_count(inventory); i++) {
		const char *ns = inventory_secret(inventory, i).ns;

		if (*first && *ns && strcmp(first, ns) != 0) {
			report_say(report, DIAGNOSTIC_NAMESPACES_MIXED,
			           "--namespace NS uses only one",
			           "the Secrets are in several namespaces, such as %s and %s; a "
			           "Pod uses only those in its own",
			           first, ns);
			return;
		}
		if (!*first)
			first = ns;
	}
}

static size_t count_pull_secrets(const struct inventory *inventory)
{
	size_t count = 0;

	for (size_t i = 0; i < inventory_secret_count(inventory); i++)
		count += inventory_secret(inventory, i).kind != PULL_SECRET_OTHER;
	return count;
}

void notes_of_inventory(const struct inventory *inventory, const char *ns, bool images,
                        struct report *report)
{
	if (!count_pull_secrets(inventory))
		report_say(report, DIAGNOSTIC_SECRET_ABSENT,
		           "a pull Secret is of type kubernetes.io/dockerconfigjson or "
		           "kubernetes.io/dockercfg",
		           "the input contains no pull Secret%s%s", ns ? " of namespace " : "",
		           ns ? ns : "");
	if (images)
		note_namespaces(inventory, report);
}

/* A Pod without a namespace, and Secrets of several. */
static void note_variants(const struct inventory *inventory, const struct inventory_pull *pull,
                          const char *label, struct report *report)
{
	const char *taken = inventory_secret(inventory, pull->secret).ns;

	for (size_t i = 1; i < pull->variant_count; i++) {
		const char *other = inventory_secret(inventory, pull->variants[i]).ns;

		if (strcmp(taken, other) != 0) {
			report_say(report, DIAGNOSTIC_NAMESPACE_VAGUE,
			           "set its namespace with --namespace NS",
			           "%s has no namespace, and \"%s\" is in several, such as %s and "
			           "%s: that of %s is taken",
			           label, pull->name, taken, other, taken);
			return;
		}
	}
}

static void note_pull(const struct inventory *inventory, const struct inventory_pull *pull,
                      const char *label, struct report *report)
{
	if (pull->state == INVENTORY_FOUND)
		note_variants(inventory, pull, label, report);
	if (pull->state == INVENTORY_MISSING)
		report_say(report, DIAGNOSTIC_REFERENCE_MISSING,
		           !pull->elsewhere
		               ? "the kubelet skips it: add its file with -f"
		               : "it is in another namespace; a Pod uses only Secrets in its own",
		           "%s names Secret %s, which is not among those given", label, pull->name);
	if (pull->state == INVENTORY_TYPE)
		report_say(report, DIAGNOSTIC_REFERENCE_MISSING,
		           "delete it and create it again as kubernetes.io/dockerconfigjson",
		           "%s names Secret %s, which is not a pull Secret", label, pull->name);
}

static void note_no_secret(const struct inventory_workload *workload, bool account_found,
                           const char *label, struct report *report)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT(BUF_CONFIG_MAX);

	if (workload->odd_list)
		buf_append_string(&why, ": the items of its imagePullSecrets are not objects with "
		                        "a name");
	else if (workload->admitted)
		buf_append_string(&why, ": it was created without one, and does not get the list "
		                        "of its ServiceAccount later");
	else if (workload->lists)
		buf_append_string(&why, ": its imagePullSecrets hold an empty name");
	else
		buf_append_format(&why,
		                  account_found ? ", nor does its ServiceAccount %s"
		                                : ", and its ServiceAccount %s is not among the "
		                                  "manifests",
		                  workload->account);
	report_say(report, DIAGNOSTIC_SECRET_UNREFERENCED,
	           workload->admitted
	               ? "delete the Pod, so that it is created again"
	               : "name the Secret in imagePullSecrets of the pod spec, or of the "
	                 "ServiceAccount",
	           "%s names no pull Secret%s", label, why.data);
}

void notes_of_pod(const struct inventory *inventory, size_t number, const struct inventory_pod *pod,
                  struct report *report)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	struct inventory_workload workload = inventory_workload(inventory, number);
	bool has_bare = pod->count && !*pod->pulls[pod->count - 1].name;

	inventory_workload_label(inventory, number, &label);
	for (size_t i = 0; i < pod->count && !has_bare; i++)
		note_pull(inventory, &pod->pulls[i], label.data, report);
	if (!pod->count && !pod->unknown && count_pull_secrets(inventory))
		note_no_secret(&workload, pod->account_found, label.data, report);
}
