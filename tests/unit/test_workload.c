#include "regcred/kube/workload.h"

#include "regcred/base/buf.h"
#include "trees.h"
#include "watched_memory.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

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
    {"v1", "Deployment", "\"spec\":" TEMPLATE, false},
    {"apps/v1", "Pod", "\"spec\":" POD_SPEC, false},
    {"application/v1", "Deployment", "\"spec\":" TEMPLATE, false},
    {"argoproj.io/v1alpha1", "Rollout", "\"spec\":" TEMPLATE, false},
    {"example.com/v1", "Deployment", "\"spec\":" TEMPLATE, false},
    {"v1", "pod", "\"spec\":" POD_SPEC, false},
    {"", "Pod", "\"spec\":" POD_SPEC, false},
    {"v1", "Secret", "\"spec\":" POD_SPEC, false},
};

static void knows_the_kinds(void **state)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_NAME_MAX);
		struct tree tree;

		buf_append_format(&text, "{\"apiVersion\":\"%s\",\"kind\":\"%s\",%s}",
		                  kinds[i].api_version, kinds[i].kind, kinds[i].rest);
		tree_open(&tree, text.data);
		assert_true(workload_read(tree.item.root, kinds[i].api_version, kinds[i].kind,
		                          &workload, &error));
		if ((workload.kind != NULL) != kinds[i].found ||
		    workload.image_count != kinds[i].found)
			fail_msg("%s", text.data);
		if (workload.kind)
			assert_string_equal(workload.kind, kinds[i].kind);
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
	static const char *const names[] = {"container", "init", "ephemeral"};

	buf_append_format(out, "%s/%s as %s%s\n", workload->namespace, workload->name,
	                  workload->service_account.name,
	                  workload->service_account.node ? "" : " by default");
	for (size_t i = 0; i < workload->image_count; i++) {
		const struct workload_image *at = &workload->images[i];

		assert_ptr_equal(at->text, at->node->text);
		buf_append_format(out, "%s %s: %s%s\n", names[at->kind], at->container, at->text,
		                  at->templated ? " ?" : "");
	}
	append_references(out, "pulls with", &workload->pull_secrets);
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
     "pulls with one\npulls with $TWO ?\n"},
    {"{\"spec\":{\"serviceAccount\":\"old\",\"serviceAccountName\":\"\"}}", "/ as old\n"},
    {"{\"metadata\":{\"namespace\":5,\"name\":[]},\"spec\":{\"serviceAccountName\":7,"
     "\"containers\":{\"image\":\"x\"},\"initContainers\":[null,5,[],\"x\",{\"image\":null},"
     "{\"image\":5},{\"image\":\"\"},{\"image\":\"a\\u0000b\"},{\"name\":{},\"image\":\"z\"}],"
     "\"imagePullSecrets\":[null,\"x\",5,[\"name\"],{\"name\":5},{\"name\":\"\"}]}}",
     "/ as default by default\ninit : z\n"},
    {"{\"spec\":[]}", "/ as default by default\n"},
    {"{\"spec\":{\"imagePullSecrets\":null}}", "/ as default by default\n"},
    {"[]", "/ as default by default\n"},
};

static void reads_pods(void **state)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(pods); i++) {
		CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_NAME_MAX);
		struct tree tree;

		tree_open(&tree, pods[i].text);
		assert_true(workload_read(tree.item.root, "v1", "Pod", &workload, &error));
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
	struct error error;
	struct tree tree;

	(void)state;
	tree_open(&tree, account_text);
	assert_true(service_account_read(tree.item.root, "v1", "ServiceAccount", &account, &error));
	assert_true(account.is_one);
	assert_string_equal(account.name, "sa");
	assert_string_equal(account.namespace, "n");
	append_references(&out, "pulls with", &account.pull_secrets);
	append_references(&out, "mounts", &account.secrets);
	assert_string_equal(out.data, "pulls with a\nmounts token\n");
	assert_true(
	    service_account_read(tree.item.root, "x/v1", "ServiceAccount", &account, &error));
	assert_false(account.is_one);
	assert_true(service_account_read(tree.item.root, "v1", "Pod", &account, &error));
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
