/* Manifests, and what each workload in them pulls with: Secrets and how they were found,
 * then a line for each image. */
#include "regcred/pods/inventory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"
#include "watched_memory.h"

#define SEP "---\n"
#define SECRET(ns, name, config)                                                                   \
	SEP "apiVersion: v1\nkind: Secret\nmetadata: {" ns "name: " name "}\ntype: "               \
	    "kubernetes.io/"                                                                       \
	    "dockerconfigjson\nstringData: "                                                       \
	    "{.dockerconfigjson: '" config "'}\n"
#define CONFIG(host) "{\"auths\":{\"" host "\":{\"username\":\"u\",\"password\":\"p\"}}}"
#define ACCOUNT(ns, list)                                                                          \
	SEP "apiVersion: v1\nkind: ServiceAccount\nmetadata: {" ns "name: "                        \
	    "default}"                                                                             \
	    "\nimagePullSecrets: "                                                                 \
	    "[" list "]\n"
#define POD(metadata, spec, image)                                                                 \
	SEP "apiVersion: v1\nkind: Pod\nmetadata: {" metadata "name: p}\nspec: {" spec             \
	    "containers: [{image: \"" image "\"}]}\n"
#define LIST(name)             "imagePullSecrets: [{name: \"" name "\"}], "
#define GHCR                   "ghcr.io/a/b"
#define IN_A                   "namespace: a, "
#define IN_B                   "namespace: b, "
#define CRD(group, kind, rest) SEP "apiVersion: " group "/v1\nkind: " kind "\n" rest "\n"

static const struct {
	const char *what, *manifests, *expected;
} cases[] = {
    {"its own list", SECRET(IN_A, "r", CONFIG("ghcr.io")) POD(IN_A, LIST("r"), GHCR),
     "r found; yes\n"},
    {"no credential for the image",
     SECRET(IN_A, "r", CONFIG("ghcr.io")) POD(IN_A, LIST("r"), "quay.io/a/b"), "r found; no\n"},
    {"another namespace", SECRET(IN_B, "r", CONFIG("ghcr.io")) POD(IN_A, LIST("r"), GHCR),
     "r missing, but in b; no\n"},
    {"an absent namespace agrees with any",
     SECRET("", "r", CONFIG("ghcr.io")) POD(IN_A, LIST("r"), GHCR) POD("", LIST("r"), GHCR),
     "r found; yes\nr found; yes\n"},
    {"the very namespace goes first",
     SECRET("", "r", CONFIG("quay.io")) SECRET(IN_A, "r", CONFIG("ghcr.io"))
         POD(IN_A, LIST("r"), GHCR),
     "r found; yes\n"},
    {"of another type",
     SEP "apiVersion: v1\nkind: Secret\nmetadata: {name: r}\nstringData: {a: b}\n" POD(
         "", LIST("r"), GHCR),
     "r of another type; no\n"},
    {"a template for a name",
     SECRET("", "r", CONFIG("ghcr.io")) POD("", LIST("${NAME}"), "quay.io/a/b"),
     "${NAME} unknown; open\n"},
    {"a Secret whose name is a template",
     SECRET("", "'${NAME}'", CONFIG("ghcr.io")) POD("", LIST("r"), GHCR), "r unknown; open\n"},
    {"a namespace that is a template on one side",
     SECRET("namespace: '${NS}', ", "r", CONFIG("ghcr.io")) POD(IN_A, LIST("r"), GHCR)
         POD("namespace: '${NS}', ", LIST("r"), GHCR) POD("", LIST("r"), GHCR),
     "r unknown; open\nr found; yes\nr found; yes\n"},
    {"two namespaces that are templates",
     SECRET("namespace: '${A}', ", "r", CONFIG("ghcr.io"))
         POD("namespace: '${B}', ", LIST("r"), GHCR),
     "r unknown; open\n"},
    {"an image that is a template",
     SECRET("", "r", CONFIG("ghcr.io")) POD("", LIST("r"), "{{ .image }}")
         POD("", LIST("r"), "auto"),
     "r found; open\nr found; open\n"},
    {"SealedSecret",
     CRD("bitnami.com", "SealedSecret", "metadata: {name: r, namespace: a}")
         POD(IN_A, LIST("r"), GHCR) POD(IN_B, LIST("r"), GHCR),
     "r made by SealedSecret; open\nr missing, but in a; no\n"},
    {"a Secret that is there although a SealedSecret makes it",
     CRD("bitnami.com", "SealedSecret", "metadata: {name: r}") SECRET("", "r", CONFIG("ghcr.io"))
         POD("", LIST("r"), "quay.io/a/b"),
     "r found; no\n"},
    {"another Secret decides",
     CRD("bitnami.com", "SealedSecret", "metadata: {name: s}") SECRET("", "r", CONFIG("ghcr.io"))
         POD("", "imagePullSecrets: [{name: s}, {name: r}], ", GHCR),
     "s made by SealedSecret; r found; yes\n"},
    {"a Secret that is filled",
     SEP "apiVersion: v1\nkind: Secret\nmetadata: {name: r, annotations: "
         "{replicator.v1.mittwald.de/replicate-from: x/r}}\ntype: "
         "kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: "
         "'{\"auths\":{}}'}\n" POD("", LIST("r"), GHCR),
     "r found; open\n"},
    {"copied by reflector",
     SEP "apiVersion: v1\nkind: Secret\nmetadata: {name: r, namespace: b, annotations: "
         "{reflector.v1.k8s.emberstack.com/reflection-auto-enabled: \"true\"}}\ntype: "
         "kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: "
         "'{\"auths\":{}}'}\n" POD(IN_A, LIST("r"), GHCR),
     "r made by reflector; open\n"},
    {"Kyverno",
     CRD("kyverno.io", "ClusterPolicy",
         "metadata: {name: c}\nspec: {rules: [{generate: {kind: Secret, name: r, namespace: "
         "'{{request.object.metadata.name}}', clone: {name: r, namespace: b}}}, {generate: "
         "{kind: ConfigMap, name: other}}]}") POD(IN_A, LIST("r"), GHCR)
         POD(IN_A, LIST("other"), GHCR),
     "r made by ClusterPolicy; open\nother missing; no\n"},
    {"OpenShift",
     POD(IN_A, LIST("default-dockercfg-x7k2p"), GHCR) POD(IN_A, LIST("-dockercfg-x7k2p"), GHCR),
     "default-dockercfg-x7k2p made by OpenShift; open\n-dockercfg-x7k2p missing; no\n"},
    {"variants that agree about the image",
     SECRET("", "r", CONFIG("ghcr.io")) SECRET("", "r", CONFIG("ghcr.io/a"))
         POD("", LIST("r"), GHCR),
     "r found twice; yes\n"},
    {"variants that do not",
     SECRET("", "r", CONFIG("ghcr.io")) SECRET("", "r", CONFIG("quay.io")) POD("", LIST("r"), GHCR)
         POD("", LIST("r"), "docker.io/a/b"),
     "r found twice; open\nr found twice; no\n"},
    {"two that differ, beside one that is encrypted",
     SECRET("", "r", CONFIG("ghcr.io")) SECRET("", "r", CONFIG("quay.io"))
         SECRET("", "s", "ENC[AES256_GCM,data:x]")
             POD("", "imagePullSecrets: [{name: r}, {name: s}], ", "docker.io/a/b"),
     "r found twice; s found; open\n"},
    {"the same twice",
     SECRET("", "r", CONFIG("ghcr.io")) SECRET("", "r", CONFIG("ghcr.io"))
         POD("", LIST("r"), "quay.io/a/b"),
     "r found; no\n"},
    {"of two namespaces, for a Pod without one",
     SECRET(IN_A, "r", CONFIG("ghcr.io")) SECRET(IN_B, "r", CONFIG("quay.io"))
         POD("", LIST("r"), GHCR),
     "r found twice; open\n"},
    {"the ServiceAccount's list",
     SECRET("", "r", CONFIG("ghcr.io")) ACCOUNT(IN_A, "{name: r}") POD(IN_A, "", GHCR)
         POD(IN_B, "", GHCR),
     "account: r found; yes\nno\n"},
    {"two ServiceAccounts, one without a namespace",
     SECRET("", "r", CONFIG("ghcr.io")) ACCOUNT("", "") ACCOUNT(IN_A, "{name: r}")
         POD(IN_A, "", GHCR) POD(IN_B, "", GHCR),
     "account: r found; yes\naccount: no\n"},
    {"two ServiceAccounts of one name that differ",
     SECRET("", "r", CONFIG("ghcr.io")) ACCOUNT("", "{name: r}") ACCOUNT("", "{name: s}")
         POD(IN_A, "", "quay.io/a/b"),
     "account: s missing; open\n"},
    {"a ServiceAccount whose name is a template",
     ACCOUNT("", "") POD("", "serviceAccountName: '{{ x }}', ", GHCR), "open\n"},
    {"a list with an empty name is not empty",
     SECRET("", "r", CONFIG("ghcr.io")) ACCOUNT("", "{name: r}") POD("", LIST(""), GHCR), "no\n"},
    {"an admitted Pod has its own list alone",
     SECRET("", "r", CONFIG("ghcr.io")) ACCOUNT("", "{name: r}") POD("uid: x, ", "", GHCR), "no\n"},
    {"one Secret that cannot be decoded is enough",
     SECRET("", "r", CONFIG("ghcr.io")) SECRET("", "s", "{")
         POD("", "imagePullSecrets: [{name: r}, {name: s}], ", GHCR),
     "r found; s found; broken\n"},
    {"an entry without credentials",
     SECRET("", "r", "{\"auths\":{\"ghcr.io\":{}}}") POD("", LIST("r"), GHCR),
     "r found; unusable\n"},
    {"marks of a template next to an ordinary key",
     SECRET("", "r", "{\"auths\":{\"ghcr.io\":{\"username\":\"u\",\"password\":\"${P}\"}}}")
         POD("", LIST("r"), GHCR) POD("", LIST("r"), "quay.io/a/b"),
     "r found; yes\nr found; no\n"},
    {"a key that is a template",
     SECRET("", "r", "{\"auths\":{\"${R}\":{\"username\":\"u\",\"password\":\"p\"}}}")
         POD("", LIST("r"), GHCR),
     "r found; open\n"},
    {"what is no image name", POD("", "", "ghcr.io/A"), "invalid\n"},
    {"a bare config counts for all", POD(IN_A, LIST("r"), GHCR) SEP CONFIG("ghcr.io") "\n",
     "r missing;  found; yes\n"},
};

static const char *const states[] = {
    [INVENTORY_FOUND] = "found",     [INVENTORY_TYPE] = "of another type",
    [INVENTORY_MADE] = "made by ",   [INVENTORY_UNKNOWN] = "unknown",
    [INVENTORY_MISSING] = "missing",
};

static const char *const verdicts[] = {
    [INVENTORY_YES] = "yes",   [INVENTORY_NO] = "no",         [INVENTORY_UNUSABLE] = "unusable",
    [INVENTORY_OPEN] = "open", [INVENTORY_BROKEN] = "broken", [INVENTORY_INVALID] = "invalid",
};

static void append_pull(const struct inventory_pull *pull, struct buf *out)
{
	buf_append_format(out, "%s %s%s%s", pull->name, states[pull->state],
	                  pull->maker ? pull->maker : "", pull->variant_count > 1 ? " twice" : "");
	if (pull->elsewhere)
		buf_append_format(out, ", but in %s", pull->elsewhere);
	buf_append_string(out, "; ");
}

static void append_pod(struct inventory *inventory, size_t number, struct buf *out)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	struct inventory_image image = inventory_image(inventory, number, 0);
	enum inventory_verdict verdict;
	struct error invalid;

	inventory_pod_of(inventory, number, &pod);
	buf_append_string(out, pod.from_account ? "account: " : "");
	for (size_t i = 0; i < pod.count; i++)
		append_pull(&pod.pulls[i], out);
	verdict =
	    inventory_judge(inventory, &pod, view_of(image.text), image.unknown, &answer, &invalid);
	buf_append_format(out, "%s\n", verdicts[verdict]);
	assert_true(verdict != INVENTORY_OPEN || pod.reasons.count || image.unknown);
}

static struct inventory *read_all(const char *manifests, const char *ns)
{
	const struct inventory_options options = {.ns = ns};
	struct inventory *inventory = inventory_new(&options);
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(manifests, strlen(manifests));
	struct manifest_item item;
	struct error error;

	while (manifest_reader_next(reader, &item, &error) && item.event != MANIFEST_END) {
		if (item.event != MANIFEST_OBJECT)
			fail_msg("%s: %s", manifests, item.problem ? item.problem->message : "?");
		assert_true(inventory_add(inventory, 0, &item, INVENTORY_ALL, &error));
	}
	return inventory;
}

static void answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_CONFIG_MAX);
		CLEANUP(inventory_free)
		struct inventory *inventory = read_all(cases[i].manifests, NULL);

		for (size_t j = 0; j < inventory_workload_count(inventory); j++)
			append_pod(inventory, j, &out);
		if (strcmp(out.data, cases[i].expected) != 0)
			fail_msg("%s:\n%s", cases[i].what, out.data);
	}
}

static void looks_at_one_namespace(void **state)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(inventory_free)
	struct inventory *inventory =
	    read_all(SECRET(IN_A, "r", CONFIG("ghcr.io")) SECRET(IN_B, "r", CONFIG("quay.io"))
	                 POD(IN_B, LIST("r"), GHCR) POD("", LIST("r"), GHCR),
	             "a");

	(void)state;
	assert_int_equal(inventory_secret_count(inventory), 1);
	assert_int_equal(inventory_workload_count(inventory), 1);
	append_pod(inventory, 0, &out);
	assert_string_equal(out.data, "r found; yes\n");
	buf_reset(&out);
	inventory_workload_label(inventory, 0, &out);
	inventory_secret_label(inventory, 0, &out);
	assert_string_equal(out.data, "Pod a/pSecret a/r");
}

/* A pod that is filled again and again, though Pods share their ServiceAccount. */
static void fills_again(void **state)
{
	static const char manifests[] =
	    SECRET(IN_A, "r", CONFIG("ghcr.io")) ACCOUNT(IN_A, "{name: r}")
	        ACCOUNT(IN_B, "{name: s}") POD(IN_A, "", GHCR) POD(IN_A, "", GHCR)
	            POD(IN_B, "", GHCR) POD(IN_A, LIST("s"), GHCR) POD(IN_A, "", GHCR);
	static const char *const names[] = {"r", "r", "s", "s", "r"};
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	CLEANUP(inventory_free) struct inventory *inventory = read_all(manifests, NULL);
	const struct keyring *before = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		inventory_pod_of(inventory, i, &pod);
		assert_int_equal(pod.count, 1);
		assert_string_equal(pod.pulls[0].name, names[i]);
		assert_true(i != 1 || pod.keyring == before);
		before = pod.keyring;
	}
}

static void assumes(void **state)
{
	static const char manifests[] =
	    POD(IN_A, LIST("r"), GHCR) POD(IN_A, LIST("s"), GHCR) POD(IN_B, LIST("s"), GHCR);
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(inventory_free) struct inventory *inventory = read_all(manifests, NULL);

	(void)state;
	inventory_assume(inventory, "r");
	inventory_assume(inventory, "a/s");
	for (size_t i = 0; i < 3; i++)
		append_pod(inventory, i, &out);
	assert_string_equal(out.data, "r made by --assume; open\ns made by --assume; open\n"
	                              "s missing, but in a; no\n");
}

static void has_all_for_images_alone(void **state)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(inventory_free)
	struct inventory *inventory = read_all(
	    SECRET(IN_A, "r", CONFIG("ghcr.io")) SECRET(IN_B, "s", CONFIG("quay.io")), NULL);
	struct error invalid;

	(void)state;
	inventory_pod_of_all(inventory, &pod);
	assert_int_equal(pod.count, 2);
	assert_int_equal(
	    inventory_judge(inventory, &pod, view_of("quay.io/a/b"), false, &answer, &invalid),
	    INVENTORY_YES);
	assert_int_equal(keyring_entry(pod.keyring, answer.matches[0].entry).secret, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(answers, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(looks_at_one_namespace, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(fills_again, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(assumes, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(has_all_for_images_alone, watched_begin, watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
