/* Any bytes as a manifest: every object is judged as a Secret, and looked at as a pull
 * Secret, a workload and a ServiceAccount. What the server would take must be sound
 * where the kubelet looks, and what a tree is printed as must be JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/json/json_reader.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/kube/secret_admission.h"
#include "regcred/kube/workload.h"
#include "regcred/manifest/manifest_reader.h"
#include "regcred/tree/node_json.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_json(const struct node *root)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	if (root->weight > 10000)
		return;
	node_json_print(root, &text);
	if (text.failure)
		return;
	must(json_is_object(text.data, text.len) == (root->kind == NODE_MAPPING));
}

static void check_secret(const struct node *root, const char *api_version, const char *kind)
{
	CLEANUP(secret_problems_release) struct secret_problems problems = SECRET_PROBLEMS_INIT;
	CLEANUP(pull_secret_release) struct pull_secret view = PULL_SECRET_INIT;
	struct error error;

	must(pull_secret_read(root, api_version, kind, &view, &error));
	secret_admission_check(root, api_version, kind, &view, &problems);
	for (size_t i = 0; i < problems.count; i++)
		must(problems.items[i].message[0] && problems.items[i].node);
	if (problems.count > 0 || strcmp(kind, "Secret") != 0)
		return;
	if (view.kind == PULL_SECRET_CONFIG || view.kind == PULL_SECRET_DOCKERCFG)
		must(view.state == PULL_SECRET_PRESENT || view.state == PULL_SECRET_UNKNOWN ||
		     view.state == PULL_SECRET_MISSING);
}

static void check_workload(const struct node *root, const char *api_version, const char *kind)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	CLEANUP(pod_specs_release) struct pod_specs specs = POD_SPECS_INIT;

	pod_specs_find(root, api_version, kind, &specs);
	for (size_t s = 0; s < specs.count; s++) {
		workload_read(root, kind, specs.items[s], &workload);
		for (size_t i = 0; i < workload.image_count; i++)
			must(workload.images[i].text[0]);
	}
	service_account_read(root, api_version, kind, &account);
}

static void check_object(const struct manifest_item *item)
{
	check_json(item->root);
	check_secret(item->root, item->api_version, item->kind);
	check_secret(item->root, "v1", "Secret");
	check_secret(item->root, "", "");
	check_workload(item->root, item->api_version, item->kind);
	check_workload(item->root, "v1", "Pod");
	check_workload(item->root, "v1", "ServiceAccount");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader =
	    manifest_reader_new_bytes(size ? (const char *)data : "", size);
	struct manifest_item item;
	struct error error;

	must(reader != NULL);
	while (manifest_reader_next(reader, &item, &error) && item.event != MANIFEST_END)
		if (item.event == MANIFEST_OBJECT)
			check_object(&item);
	return 0;
}
