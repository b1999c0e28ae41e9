/* waiting.h: which containers wait, what their node says, and whose Pods they are. */
#include "regcred/why/waiting.h"

#include "regcred/base/memory.h"
#include "trees.h"

#define IMAGE "r.example.com/a:1"
#define POD(name, more, spec, status)                                                              \
	"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"dev\",\"name\":"    \
	"\"" name "\",\"uid\":\"uid-" name "\"" more "},\"spec\":{\"nodeName\":\"n1\"," spec       \
	"},\"status\":{" status "}}"
#define CONTAINER "\"containers\":[{\"name\":\"app\",\"image\":\"" IMAGE "\"}]"
#define CACHED                                                                                     \
	"\"containers\":[{\"name\":\"app\",\"image\":\"" IMAGE                                     \
	"\",\"imagePullPolicy\":\"IfNotPresent\"}]"
#define STATUS(state) "\"containerStatuses\":[{\"name\":\"app\",\"state\":{" state "}}]"
#define WAITS(reason, message)                                                                     \
	STATUS("\"waiting\":{\"reason\":\"" reason "\",\"message\":\"" message "\"}")
#define BACK_OFF WAITS("ImagePullBackOff", "Back-off pulling image \\\"" IMAGE "\\\"")
#define EVENT(pod, uid, path, reason, message, time)                                               \
	"{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"involvedObject\":{\"kind\":\"Pod\","          \
	"\"namespace\":\"dev\",\"name\":\"" pod "\",\"uid\":\"" uid "\",\"fieldPath\":\"" path     \
	"\"},\"reason\":\"" reason "\",\"message\":\"" message "\",\"lastTimestamp\":\"" time      \
	"\"}"
#define FAILED(pod, words, time)                                                                   \
	EVENT(pod, "uid-" pod, "spec.containers{app}", "Failed",                                   \
	      "Failed to pull image \\\"" IMAGE "\\\": " words, time)

/* Takes the objects, and settles. */
static void read_objects(struct waiting_list *list, const char *const *objects)
{
	for (size_t i = 0; objects[i]; i++) {
		struct tree tree;

		tree_open(&tree, objects[i]);
		if (strcmp(tree.item.kind, "Pod") == 0)
			waiting_add_pod(list, tree.item.root, i);
		else
			waiting_add_event(list, tree.item.root);
		tree_close(&tree);
	}
	waiting_settle(list);
}

static void only_what_waits_is_listed(void **state)
{
	static const char *const objects[] = {
	    POD("well", "", CONTAINER, STATUS("\"running\":{}")),
	    POD("crash", "", CONTAINER, WAITS("CrashLoopBackOff", "back-off")),
	    POD("starts", "", CONTAINER, WAITS("ContainerCreating", "")),
	    POD("pull", "", CONTAINER, WAITS("ErrImagePull", "x")),
	    POD("never", "", CONTAINER, WAITS("ErrImageNeverPull", "x")),
	    POD("name", "", CONTAINER, WAITS("InvalidImageName", "x")),
	    POD("error", "", CONTAINER, WAITS("illegal base64 data at input byte 0", "x")),
	    POD("gone", ",\"deletionTimestamp\":\"2026-11-26T10:00:00Z\"", CONTAINER, BACK_OFF),
	    POD("empty", "", CONTAINER, ""),
	    NULL,
	};
	static const char *const names[] = {"pull", "never", "name", "error"};
	CLEANUP(waiting_release) struct waiting_list list = WAITING_LIST_INIT;

	(void)state;
	read_objects(&list, objects);
	assert_int_equal(list.pods, 9);
	assert_int_equal(list.count, COUNT(names));
	for (size_t i = 0; i < COUNT(names); i++)
		assert_string_equal(list.items[i].pod->name, names[i]);
	assert_int_equal(list.items[3].pod->number, 6);
}

/* The newest event of this Pod, in any order; the kubelet's own rate limit is skipped. */
static void the_newest_event_of_the_pod_counts(void **state)
{
	static const char *const objects[] = {
	    FAILED("a", "401 Unauthorized", "2026-11-26T10:00:01Z"),
	    FAILED("a", "pull QPS exceeded", "2026-11-26T10:00:09Z"),
	    POD("a", "", CONTAINER, BACK_OFF),
	    EVENT("a", "uid-older", "spec.containers{app}", "Failed",
	          "Failed to pull image \\\"" IMAGE "\\\": no such host", "2026-11-26T11:00:00Z"),
	    EVENT("a", "uid-a", "spec.containers{other}", "Failed",
	          "Failed to pull image \\\"x\\\": no such host", "2026-11-26T11:00:00Z"),
	    EVENT("a", "uid-a", "", "FailedToRetrieveImagePullSecret",
	          "Unable to retrieve some image pull secrets (one, two); attempting",
	          "2026-11-26T10:00:00Z"),
	    FAILED("a", "manifest unknown", "2026-11-26T10:00:05Z"),
	    FAILED("b", "no such host", "2026-11-26T12:00:00Z"),
	    NULL,
	};
	CLEANUP(waiting_release) struct waiting_list list = WAITING_LIST_INIT;

	(void)state;
	read_objects(&list, objects);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].said.problem, NODE_NOT_FOUND);
	assert_string_equal(list.items[0].state, "ImagePullBackOff");
	assert_string_equal(list.items[0].pod->absent, "one, two");
}

static void the_state_counts_where_it_says_more(void **state)
{
	static const char *const objects[] = {
	    POD("a", "", CONTAINER,
	        WAITS("ImagePullBackOff",
	              "Back-off pulling image \\\"" IMAGE "\\\": ErrImagePull: no such host")),
	    FAILED("a", "401 Unauthorized", "2026-11-26T10:00:01Z"),
	    POD("silent", "", CONTAINER, BACK_OFF),
	    NULL,
	};
	CLEANUP(waiting_release) struct waiting_list list = WAITING_LIST_INIT;

	(void)state;
	read_objects(&list, objects);
	assert_int_equal(list.items[0].said.problem, NODE_DNS);
	assert_int_equal(list.items[1].said.problem, NODE_OTHER);
	assert_int_equal(list.items[1].said.words.len, 0);
}

/* Only an event reports a volume; without one it does not wait. */
static void volumes_wait_by_their_events(void **state)
{
#define VOLUME CONTAINER ",\"volumes\":[{\"name\":\"data\",\"image\":{\"reference\":\"r/v:1\"}}]"
	static const char *const objects[] = {
	    POD("a", "", VOLUME, "\"phase\":\"Pending\""),
	    POD("b", "", VOLUME, "\"phase\":\"Pending\""),
	    EVENT("a", "uid-a", "", "Failed", "Failed to pull image \\\"r/v:1\\\": no such host",
	          "2026-11-26T10:00:01Z"),
	    NULL,
	};
	CLEANUP(waiting_release) struct waiting_list list = WAITING_LIST_INIT;

	(void)state;
	read_objects(&list, objects);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].kind, CONTAINER_VOLUME);
	assert_string_equal(list.items[0].container, "data");
	assert_string_equal(list.items[0].state, "ErrImagePull");
	assert_int_equal(list.items[0].said.problem, NODE_DNS);
}

static void an_image_that_runs_beside_is_cached(void **state)
{
	static const char *const objects[] = {
	    POD("a", "", CACHED, BACK_OFF),
	    POD("always", "", CONTAINER, BACK_OFF),
	    POD("runs", "", CONTAINER, STATUS("\"running\":{}")),
	    NULL,
	};
	CLEANUP(waiting_release) struct waiting_list list = WAITING_LIST_INIT;

	(void)state;
	read_objects(&list, objects);
	assert_true(list.items[0].cached);
	assert_false(list.items[1].cached);
}

static const char owned[] =
    POD("web-5d4f-x",
        ",\"labels\":{\"pod-template-hash\":\"5d4f\"},\"ownerReferences\":[{\"kind\":"
        "\"Other\",\"name\":\"o\"},{\"kind\":\"ReplicaSet\",\"name\":\"web-5d4f\","
        "\"controller\":true}]",
        CONTAINER, BACK_OFF);
static const char job[] =
    POD("n-1", ",\"ownerReferences\":[{\"kind\":\"Job\",\"name\":\"nightly-28\"}]", CONTAINER,
        BACK_OFF);

static void pods_are_found_by_many_names(void **state)
{
	static const struct {
		const char *word;
		bool parsed, is_owned, is_job;
	} words[] = {
	    {"web-5d4f-x", true, true, false},
	    {"pod/web-5d4f-x", true, true, false},
	    {"po/web-5d4f-x", true, true, false},
	    {"Pods/web-5d4f-x", true, true, false},
	    {"deploy/web", true, true, false},
	    {"Deployment/web", true, true, false},
	    {"deployments.apps/web", true, true, false},
	    {"deployment/web-5d4f", true, false, false},
	    {"rs/web-5d4f", true, true, false},
	    {"replicasets/web-5d4f", true, true, false},
	    {"job/nightly-28", true, false, true},
	    {"cj/nightly", true, false, true},
	    {"cronjobs/nigh", true, false, false},
	    {"web", true, false, false},
	    {"", false, false, false},
	    {"/x", false, false, false},
	    {"pod/", false, false, false},
	    {"a/b/c", false, false, false},
	    {"-n", false, false, false},
	    {"pod/-n", false, false, false},
	    {"A", false, false, false},
	    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x", false, false,
	     false},
	};
	struct tree first, second;

	(void)state;
	tree_open(&first, owned);
	tree_open(&second, job);
	for (size_t i = 0; i < COUNT(words); i++) {
		struct waiting_name name;

		assert_int_equal(waiting_name_parse(words[i].word, &name), words[i].parsed);
		if (!words[i].parsed)
			continue;
		assert_int_equal(waiting_name_fits(&name, first.item.root), words[i].is_owned);
		assert_int_equal(waiting_name_fits(&name, second.item.root), words[i].is_job);
	}
	tree_close(&first);
	tree_close(&second);
}

static void a_replica_set_is_its_deployments(void **state)
{
	static const char *const objects[] = {owned, job, NULL};
	CLEANUP(waiting_release) struct waiting_list list = WAITING_LIST_INIT;

	(void)state;
	read_objects(&list, objects);
	assert_string_equal(list.items[0].pod->owner_kind, "Deployment");
	assert_string_equal(list.items[0].pod->owner, "web");
	assert_string_equal(list.items[1].pod->owner_kind, "Job");
	assert_string_equal(list.items[1].pod->owner, "nightly-28");
	assert_string_equal(list.items[1].pod->account, "default");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_what_waits_is_listed),
	    cmocka_unit_test(the_newest_event_of_the_pod_counts),
	    cmocka_unit_test(the_state_counts_where_it_says_more),
	    cmocka_unit_test(volumes_wait_by_their_events),
	    cmocka_unit_test(an_image_that_runs_beside_is_cached),
	    cmocka_unit_test(pods_are_found_by_many_names),
	    cmocka_unit_test(a_replica_set_is_its_deployments),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("waiting", tests, NULL, NULL);
}
