#include "regcred/base/memory.h"
#include "regcred/kube/workload.h"

#include "regcred/base/buf.h"
#include "trees.h"
#include "watched_memory.h"

/* ---- Kinds ---- */

#define POD_SPEC "{\"containers\":[{\"name\":\"c\",\"image\":\"ghcr.io/a/b\"}]}"
#define TEMPLATE "{\"template\":{\"spec\":" POD_SPEC "}}"

static const struct {
	const char *api_version, *kind, *rest;
	bool found;
} kinds[] = {
    {"v1", "Pod", "\"spec\":" POD_SPEC, true},
    {"v1", "PodTemplate", "\"template\":{\"spec\":" POD_SPEC "}", true},
    {"v1", "ReplicationController", "\"spec\":" TEMPLATE, true},
    {"apps/v1", "Deployment", "\"spec\":" TEMPLATE, true},
    {"apps/v1beta2", "StatefulSet", "\"spec\":" TEMPLATE, true},
    {"extensions/v1beta1", "DaemonSet", "\"spec\":" TEMPLATE, true},
    {"apps/v1", "ReplicaSet", "\"spec\":" TEMPLATE, true},
    {"batch/v1", "Job", "\"spec\":" TEMPLATE, true},
    {"batch/v1beta1", "CronJob", "\"spec\":{\"jobTemplate\":{\"spec\":" TEMPLATE "}}", true},
    {"argoproj.io/v1alpha1", "Rollout", "\"spec\":" TEMPLATE, true},
    {"serving.knative.dev/v1", "Service", "\"spec\":" TEMPLATE, true},
    {"apps.openshift.io/v1", "DeploymentConfig", "\"spec\":" TEMPLATE, true},
    {"jobset.x-k8s.io/v1alpha2", "JobSet",
     "\"spec\":{\"replicatedJobs\":[{\"template\":{\"spec\":" TEMPLATE "}}]}", true},
    {"example.com/v1", "Deployment", "\"spec\":" TEMPLATE, true},
    {"example.com/v1", "Thing", "\"spec\":{\"containers\":[{\"name\":\"c\"},\"x\"]}", false},
    {"example.com/v1", "Thing", "\"spec\":{\"containers\":{\"image\":\"x\"}}", false},
    {"example.com/v1", "Thing", "\"spec\":{\"containers\":[{\"image\":{}}]}", false},
    {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "\"spec\":" TEMPLATE, false},
    {"kyverno.io/v1", "ClusterPolicy", "\"spec\":" TEMPLATE, false},
    {"helm.toolkit.fluxcd.io/v2", "HelmRelease", "\"spec\":" TEMPLATE, false},
    {"apps/v1", "ControllerRevision", "\"data\":{\"spec\":" TEMPLATE "}", false},
    {"v1", "Deployment", "\"spec\":" TEMPLATE, false},
    {"v1", "ConfigMap", "\"data\":" POD_SPEC, false},
    {"v1", "pod", "\"spec\":" POD_SPEC, false},
    {"", "Pod", "\"spec\":" POD_SPEC, false},
    {"v1", "Secret", "\"spec\":" POD_SPEC, false},
};

static void knows_the_kinds(void **state)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	CLEANUP(pod_specs_release) struct pod_specs specs = POD_SPECS_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_NAME_MAX);
		struct tree tree;

		buf_append_format(&text, "{\"apiVersion\":\"%s\",\"kind\":\"%s\",%s}",
		                  kinds[i].api_version, kinds[i].kind, kinds[i].rest);
		tree_open(&tree, text.data);
		pod_specs_find(tree.item.root, kinds[i].api_version, kinds[i].kind, &specs);
		if (specs.count != kinds[i].found)
			fail_msg("%s", text.data);
		if (specs.count) {
			workload_read(tree.item.root, kinds[i].kind, specs.items[0], &workload);
			assert_int_equal(workload.image_count, 1);
			assert_string_equal(workload.kind, kinds[i].kind);
		}
		tree_close(&tree);
	}
}

/* ---- What is read ---- */

static void append_references(struct buf *out, const char *what,
                              const struct workload_references *references)
{
	for (size_t i = 0; i < references->count; i++) {
		const struct workload_reference *at = &references->items[i];

		assert_ptr_equal(at->name, at->node->text);
		buf_append_format(out, "%s %s%s\n", what, at->name, at->templated ? " ?" : "");
	}
}

static void append_workload(struct buf *out, const struct workload *workload)
{
	static const char *const names[] = {"container", "init", "ephemeral", "volume"};

	buf_append_format(out, "%s/%s as %s%s\n", workload->ns, workload->name,
	                  workload->service_account.name,
	                  workload->service_account.node ? "" : " by default");
	for (size_t i = 0; i < workload->image_count; i++) {
		const struct workload_image *at = &workload->images[i];

		assert_ptr_equal(at->text, at->node->text);
		buf_append_format(out, "%s %s: %s%s%s\n", names[at->kind], at->container, at->text,
		                  at->unknown ? " ?" : "", at->never_pulled ? " never" : "");
	}
	append_references(out, "pulls with", &workload->pull_secrets);
	buf_append_string(out, workload->pull_secrets.listed ? "listed\n" : "");
	buf_append_string(out, workload->pull_secrets.odd ? "odd\n" : "");
	buf_append_string(out, workload->admitted ? "admitted\n" : "");
}

static const struct {
	const char *text, *expected;
} pods[] = {
    {"{\"metadata\":{\"namespace\":\"n\",\"name\":\"p\"},\"spec\":{"
     "\"ephemeralContainers\":[{\"name\":\"e\",\"image\":\"debug\"}],"
     "\"initContainers\":[{\"name\":\"i\",\"image\":\"${INIT}\"}],"
     "\"containers\":[{\"name\":\"a\",\"image\":\"x\"},{\"image\":\"{{ .y }}\"}],"
     "\"imagePullSecrets\":[{\"name\":\"one\"},{\"name\":\"\"},{\"name\":\"$TWO\"},{}],"
     "\"serviceAccount\":\"old\",\"serviceAccountName\":\"sa\"}}",
     "n/p as sa\ncontainer a: x\ncontainer : {{ .y }} ?\ninit i: ${INIT} ?\nephemeral e: debug\n"
     "pulls with one\npulls with $TWO ?\nlisted\n"},
    {"{\"spec\":{\"serviceAccount\":\"old\",\"serviceAccountName\":\"\"}}", "/ as old\n"},
    {"{\"metadata\":{\"namespace\":5,\"name\":[]},\"spec\":{\"serviceAccountName\":7,"
     "\"containers\":{\"image\":\"x\"},\"initContainers\":[null,5,[],\"x\",{\"image\":null},"
     "{\"image\":5},{\"image\":\"\"},{\"image\":\"a\\u0000b\"},{\"name\":{},\"image\":\"z\"}],"
     "\"imagePullSecrets\":[null,\"x\",5,[\"name\"],{\"name\":5},{\"name\":\"\"}]}}",
     "/ as default by default\ninit : z\nlisted\nodd\n"},
    {"{\"metadata\":{\"uid\":\"1\"},\"spec\":{\"volumes\":[{\"name\":\"m\",\"image\":{"
     "\"reference\":\"ghcr.io/a/model\",\"pullPolicy\":\"Never\"}},{\"emptyDir\":{}}],"
     "\"containers\":[{\"image\":\"auto\",\"imagePullPolicy\":\"Never\"}],"
     "\"imagePullSecrets\":[{\"name\":\"\"}]}}",
     "/ as default by default\ncontainer : auto ? never\nvolume m: ghcr.io/a/model never\n"
     "listed\nadmitted\n"},
    {"{\"spec\":{\"imagePullSecrets\":{\"name\":\"a\"}},\"status\":{\"phase\":\"Running\"}}",
     "/ as default by default\nodd\nadmitted\n"},
    {"{\"spec\":{\"imagePullSecrets\":[\"a\"]},\"status\":{}}",
     "/ as default by default\nlisted\nodd\n"},
    {"{\"spec\":{\"imagePullSecrets\":[{\"name\":\"a\",\"$patch\":\"delete\"}]}}",
     "/ as default by default\nlisted\n"},
    {"{\"spec\":{\"imagePullSecrets\":\"${LIST}\"}}",
     "/ as default by default\npulls with ${LIST} ?\n"},
    {"{\"spec\":{\"imagePullSecrets\":[\"${ITEM}\"]}}",
     "/ as default by default\npulls with ${ITEM} ?\nlisted\n"},
    {"{\"spec\":[]}", "/ as default by default\n"},
    {"{\"spec\":{\"imagePullSecrets\":null}}", "/ as default by default\n"},
    {"[]", "/ as default by default\n"},
};

static void reads_pods(void **state)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(pods); i++) {
		CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
		struct tree tree;

		tree_open(&tree, pods[i].text);
		workload_read(tree.item.root, "Pod", node_get(tree.item.root, "spec"), &workload);
		append_workload(&out, &workload);
		assert_string_equal(out.data, pods[i].expected);
		tree_close(&tree);
	}
}

static const char account_text[] =
    "{\"metadata\":{\"name\":\"sa\",\"namespace\":\"n\"},\"imagePullSecrets\":[{\"name\":\"a\"},5],"
    "\"secrets\":[{\"name\":\"token\"},{}]}";

static void reads_service_accounts(void **state)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
	struct tree tree;

	(void)state;
	tree_open(&tree, account_text);
	service_account_read(tree.item.root, "v1", "ServiceAccount", &account);
	assert_true(account.is_one);
	assert_string_equal(account.name, "sa");
	assert_string_equal(account.ns, "n");
	append_references(&out, "pulls with", &account.pull_secrets);
	append_references(&out, "mounts", &account.secrets);
	assert_string_equal(out.data, "pulls with a\nmounts token\n");
	service_account_read(tree.item.root, "x/v1", "ServiceAccount", &account);
	assert_false(account.is_one);
	service_account_read(tree.item.root, "v1", "Pod", &account);
	assert_false(account.is_one);
	assert_int_equal(account.pull_secrets.count, 0);
	tree_close(&tree);
}

/* ---- Memory ---- */

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_the_kinds),
	    cmocka_unit_test(reads_pods),
	    cmocka_unit_test(reads_service_accounts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("workload", tests, NULL, NULL);
}
