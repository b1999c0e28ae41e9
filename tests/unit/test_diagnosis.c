/* diagnosis.h: one conclusion from the facts, and commands that can be pasted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"
#include "regcred/why/diagnosis.h"

#define IMAGE   "r.example.com/team/app:1"
#define REFUSED "rpc error: code = Unknown desc = x: 401 Unauthorized"

static struct waiting_pod pod(const char *owner_kind, const char *owner)
{
	return (struct waiting_pod){.ns = "dev",
	                            .name = "web-x",
	                            .uid = "",
	                            .owner_kind = owner_kind,
	                            .owner = owner,
	                            .node = "n1",
	                            .account = "default",
	                            .absent = ""};
}

static struct waiting waits(struct waiting_pod *of, const char *state, const char *message)
{
	return (struct waiting){
	    .pod = of,
	    .container = "app",
	    .image = IMAGE,
	    .state = state,
	    .message = message,
	    .said = node_message_read(view_of(state), view_of(message), view_of(IMAGE))};
}

/* Of a Pod with one Secret, `regcred`, in that state; matched unless it is NULL. */
static struct diagnosis_facts facts_of(const struct waiting *waiting,
                                       const struct diagnosis_secret *secret, bool matched)
{
	return (struct diagnosis_facts){.waiting = waiting,
	                                .program = "regcred-gen",
	                                .account = "default",
	                                .secrets = secret,
	                                .secret_count = secret != NULL,
	                                .matched = matched ? "regcred" : NULL,
	                                .usable = matched,
	                                .key = view_of(matched ? "r.example.com" : ""),
	                                .username = view_of(matched ? "bob" : ""),
	                                .near = "",
	                                .finding = ""};
}

static void concludes(const struct diagnosis_facts *facts, enum node_problem kind,
                      const char *conclusion, const char *next)
{
	CLEANUP(diagnosis_release) struct diagnosis diagnosis = DIAGNOSIS_INIT;

	diagnose(facts, &diagnosis);
	assert_string_equal(node_problem_word(diagnosis.kind), node_problem_word(kind));
	if (!strstr(diagnosis.conclusion.data, conclusion))
		fail_msg("%s", diagnosis.conclusion.data);
	if (!next)
		assert_int_equal(diagnosis.next.count, 0);
	else
		assert_string_equal(diagnosis.next.items[0].data, next);
}

static void a_refused_login_has_a_cause_in_the_secrets(void **state)
{
	static const struct {
		enum diagnosis_state state;
		bool none, matched;
		enum node_problem kind;
		const char *conclusion, *next;
	} cases[] = {
	    {DIAGNOSIS_READ, true, false, NODE_UNAUTHORIZED, "The Pod has no pull Secret",
	     "regcred-gen -r r.example.com -n dev --name regcred | kubectl create -f -"},
	    {DIAGNOSIS_ABSENT, false, false, NODE_SECRET_MISSING,
	     "Secret dev/regcred does not exist",
	     "regcred-gen -r r.example.com -n dev --name regcred | kubectl create -f -"},
	    {DIAGNOSIS_IGNORED, false, false, NODE_UNAUTHORIZED,
	     "The kubelet ignores Secret dev/regcred: its type is Opaque",
	     "kubectl get secret regcred -n dev -o jsonpath='{.data.\\.dockerconfigjson}' | "
	     "regcred-gen --from-file - -n dev --name regcred | kubectl replace --force -f -"},
	    {DIAGNOSIS_FOREIGN, false, false, NODE_UNAUTHORIZED,
	     "Secret dev/regcred is not a pull Secret: its type is Opaque",
	     "regcred-gen -r r.example.com -n dev --name regcred-pull | kubectl create -f -"},
	    {DIAGNOSIS_BROKEN, false, false, NODE_UNAUTHORIZED,
	     "Secret dev/regcred cannot be decoded",
	     "kubectl get secret regcred -n dev -o yaml | regcred-gen check -f -"},
	    {DIAGNOSIS_UNREAD, false, false, NODE_UNAUTHORIZED,
	     "Secret dev/regcred could not be read",
	     "kubectl auth can-i get secret/regcred -n dev"},
	    {DIAGNOSIS_READ, false, false, NODE_UNAUTHORIZED,
	     "Secret dev/regcred has no entry for r.example.com/team/app",
	     "kubectl get secret regcred -n dev -o yaml | regcred-gen --update - -r r.example.com "
	     "| "
	     "kubectl apply --server-side --force-conflicts -f -"},
	    {DIAGNOSIS_READ, false, true, NODE_UNAUTHORIZED,
	     "r.example.com does not accept the login of bob in Secret dev/regcred",
	     "kubectl get secret regcred -n dev -o yaml | regcred-gen verify -f - " IMAGE},
	    /* One that is absent beside one that was tried is not the cause. */
	    {DIAGNOSIS_ABSENT, false, true, NODE_UNAUTHORIZED, "does not accept the login of bob",
	     "kubectl get secret regcred -n dev -o yaml | regcred-gen verify -f - " IMAGE},
	};
	struct waiting_pod of = pod("Deployment", "web");
	struct waiting waiting = waits(&of, "ErrImagePull", REFUSED);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct diagnosis_secret secret = {"regcred", false, cases[i].state, "Opaque"};
		struct diagnosis_facts facts =
		    facts_of(&waiting, cases[i].none ? NULL : &secret, cases[i].matched);

		concludes(&facts, cases[i].kind, cases[i].conclusion, cases[i].next);
	}
}

static void what_else_is_known_of_a_login_is_said(void **state)
{
	const struct diagnosis_secret secret = {"regcred", false, DIAGNOSIS_READ, NULL};
	struct waiting_pod of = pod("", "");
	struct waiting waiting = waits(&of, "ErrImagePull", REFUSED);
	struct diagnosis_facts facts = facts_of(&waiting, &secret, true);

	(void)state;
	facts.finding = "the token expired on 2026-01-01";
	concludes(&facts, NODE_UNAUTHORIZED,
	          "(entry r.example.com): the token expired on 2026-01-01",
	          "kubectl get secret regcred -n dev -o yaml | regcred-gen --update - -r "
	          "r.example.com -u bob | kubectl apply --server-side --force-conflicts -f -");
	facts.usable = false;
	concludes(&facts, NODE_UNAUTHORIZED, "has no user name or no password",
	          "kubectl get secret regcred -n dev -o yaml | regcred-gen --update - -r "
	          "r.example.com -u bob | kubectl apply --server-side --force-conflicts -f -");
	facts = facts_of(&waiting, NULL, false);
	facts.late = "pull";
	concludes(&facts, NODE_UNAUTHORIZED, "before ServiceAccount default listed Secret pull",
	          "kubectl get pod web-x -n dev -o yaml | kubectl replace --force -f -");
	of = pod("Deployment", "web");
	concludes(&facts, NODE_UNAUTHORIZED, "create the Pod again",
	          "kubectl rollout restart deployment web -n dev");
	of = pod("Job", "nightly");
	concludes(&facts, NODE_UNAUTHORIZED, "create the Pod again",
	          "kubectl delete pod web-x -n dev");
	of = pod("Node", "n1");
	concludes(&facts, NODE_UNAUTHORIZED, "create the Pod again", NULL);
	waiting.cached = true;
	concludes(
	    &facts, NODE_CREDENTIAL_CHECK,
	    "since Kubernetes 1.35 a Pod may use it only with its own credential. The Pod was",
	    NULL);
}

static void other_problems_are_not_the_secrets(void **state)
{
	static const struct {
		const char *state, *message;
		enum node_problem kind;
		const char *conclusion, *next;
	} cases[] = {
	    {"ErrImagePull", "rpc error: code = NotFound desc = " IMAGE ": not found",
	     NODE_NOT_FOUND, "r.example.com has no image " IMAGE ", or hides it from bob",
	     "kubectl get secret regcred -n dev -o yaml | regcred-gen verify -f - " IMAGE},
	    {"ErrImagePull", "no match for platform in manifest: not found", NODE_PLATFORM,
	     "is not built for the platform of node n1",
	     "kubectl get node n1 -L kubernetes.io/os,kubernetes.io/arch"},
	    {"ErrImagePull", "429 Too Many Requests", NODE_RATE_LIMITED,
	     "limits how much bob may pull",
	     "kubectl get secret regcred -n dev -o yaml | regcred-gen verify -f - " IMAGE},
	    {"ErrImagePull", "pull QPS exceeded", NODE_RATE_LIMITED,
	     "The kubelet limits its own pulls", "kubectl describe pod web-x -n dev"},
	    {"ErrImagePull", "x509: certificate signed by unknown authority", NODE_TLS,
	     "The node does not trust the registry's certificate (r.example.com): no pull Secret",
	     "curl -vI https://r.example.com/v2/"},
	    {"ErrImagePull", "http: server gave HTTP response to HTTPS client", NODE_HTTP,
	     "Let the registry speak HTTPS", "curl -I http://r.example.com/v2/"},
	    {"ErrImagePull", "dial tcp: lookup r.example.com: no such host", NODE_DNS,
	     "Check the image's host", "curl -sSI https://r.example.com/v2/"},
	    {"ErrImagePull", "connect: connection refused", NODE_CONNECTION,
	     "Nothing listens at the registry's address", "curl -sSI https://r.example.com/v2/"},
	    {"ErrImagePull", "dial tcp 10.0.0.1:443: i/o timeout", NODE_TIMEOUT,
	     "The registry does not answer in time", "curl -sSI https://r.example.com/v2/"},
	    {"ErrImageNeverPull", "x", NODE_NEVER_PULL, "imagePullPolicy: Never keeps the kubelet",
	     "kubectl patch deployment web -n dev -p '{\"spec\":{\"template\":{\"spec\":{"
	     "\"containers\":[{\"name\":\"app\",\"imagePullPolicy\":\"IfNotPresent\"}]}}}}'"},
	    {"ErrImagePull", "no space left on device", NODE_OTHER, "The node's disk is full",
	     "kubectl describe pod web-x -n dev"},
	    {"ErrImagePull", "the moon is in the wrong place", NODE_OTHER,
	     "The node's message does not match a known cause",
	     "kubectl describe pod web-x -n dev"},
	    {"ImagePullBackOff", "Back-off pulling image \"" IMAGE "\"", NODE_OTHER,
	     "The node's message has expired", "kubectl describe pod web-x -n dev"},
	    {"illegal base64 data at input byte 0", "illegal base64 data at input byte 0",
	     NODE_SECRET_BROKEN, "all of them can be decoded now",
	     "kubectl describe pod web-x -n dev"},
	};
	const struct diagnosis_secret secret = {"regcred", false, DIAGNOSIS_READ, NULL};
	struct waiting_pod of = pod("Deployment", "web");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct waiting waiting = waits(&of, cases[i].state, cases[i].message);
		struct diagnosis_facts facts = facts_of(&waiting, &secret, true);

		concludes(&facts, cases[i].kind, cases[i].conclusion, cases[i].next);
	}
}

/* The words are gone, but the Secrets still show the cause. */
static void secrets_explain_a_silent_node(void **state)
{
	struct diagnosis_secret secret = {"regcred", false, DIAGNOSIS_ABSENT, NULL};
	struct waiting_pod of = pod("", "");
	struct waiting waiting =
	    waits(&of, "ImagePullBackOff", "Back-off pulling image \"" IMAGE "\"");
	struct diagnosis_facts facts = facts_of(&waiting, &secret, false);

	(void)state;
	concludes(&facts, NODE_SECRET_MISSING, "Secret dev/regcred does not exist",
	          "regcred-gen -r r.example.com -n dev --name regcred | kubectl create -f -");
	secret.state = DIAGNOSIS_BROKEN;
	secret.detail = "auth is not base64";
	concludes(&facts, NODE_SECRET_BROKEN, "not even a public one: auth is not base64",
	          "kubectl get secret regcred -n dev -o yaml | regcred-gen check -f -");
}

/* Docker Hub's way of saying that there is no such repository. */
static void a_denied_image_may_not_exist(void **state)
{
#define DENIED "pull access denied, repository does not exist or may require authorization: "
	struct diagnosis_secret secret = {"regcred", false, DIAGNOSIS_READ, NULL};
	struct waiting_pod of = pod("Deployment", "web");
	struct waiting hub =
	    waits(&of, "ErrImagePull", DENIED "insufficient_scope: authorization failed");
	struct waiting basic = waits(&of, "ErrImagePull", DENIED "no basic auth credentials");
	struct diagnosis_facts facts = facts_of(&hub, NULL, false);

	(void)state;
	concludes(&facts, NODE_UNAUTHORIZED, "check its name first",
	          "kubectl edit deployment web -n dev");
	facts = facts_of(&hub, &secret, false);
	concludes(&facts, NODE_UNAUTHORIZED, "check its name first",
	          "kubectl edit deployment web -n dev");
	facts = facts_of(&basic, &secret, false);
	concludes(&facts, NODE_UNAUTHORIZED, "Secret dev/regcred has no entry",
	          "kubectl get secret regcred -n dev -o yaml | regcred-gen --update - -r "
	          "r.example.com | kubectl apply --server-side --force-conflicts -f -");
	secret.state = DIAGNOSIS_ABSENT;
	facts = facts_of(&hub, &secret, false);
	concludes(&facts, NODE_SECRET_MISSING, "Secret dev/regcred does not exist",
	          "regcred-gen -r r.example.com -n dev --name regcred | kubectl create -f -");
}

static void node_and_registry_may_disagree(void **state)
{
	static const struct {
		const char *message;
		enum verdict verdict;
		const char *conclusion; /* its end; NULL: nothing is added */
	} cases[] = {
	    {REFUSED, VERDICT_OK, "the Secret has changed since the node tried"},
	    {REFUSED, VERDICT_REFUSED, ". From here the registry refuses it, too"},
	    {REFUSED, VERDICT_NOT_FOUND,
	     ". From here the image is not found: check its name and tag"},
	    {REFUSED, VERDICT_NEEDS_NONE, ". From here the image needs no login"},
	    {REFUSED, VERDICT_UNREACHABLE, NULL},
	    {"manifest unknown", VERDICT_OK,
	     ". From here the registry gives the image to this login"},
	    {"manifest unknown", VERDICT_NOT_FOUND, ". From here it is not found, either"},
	    {"i/o timeout", VERDICT_OK,
	     "the problem is on the node or between it and the registry"},
	    {"i/o timeout", VERDICT_UNREACHABLE,
	     ". From here the registry cannot be reached, either"},
	};
	const struct diagnosis_secret secret = {"regcred", false, DIAGNOSIS_READ, NULL};
	struct waiting_pod of = pod("", "");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(diagnosis_release) struct diagnosis diagnosis = DIAGNOSIS_INIT;
		struct waiting waiting = waits(&of, "ErrImagePull", cases[i].message);
		struct diagnosis_facts facts = facts_of(&waiting, &secret, true);

		facts.from_here = &cases[i].verdict;
		diagnose(&facts, &diagnosis);
		if (cases[i].conclusion)
			assert_non_null(strstr(diagnosis.conclusion.data, cases[i].conclusion));
		else
			assert_null(strstr(diagnosis.conclusion.data, "From here"));
	}
}

static void every_cause_has_a_conclusion(void **state)
{
	const struct diagnosis_secret secret = {"regcred", false, DIAGNOSIS_READ, NULL};
	struct waiting_pod of = pod("", "");

	(void)state;
	for (int problem = 0; problem < NODE_PROBLEM_COUNT; problem++)
		for (int matched = 0; matched < 2; matched++) {
			CLEANUP(diagnosis_release) struct diagnosis diagnosis = DIAGNOSIS_INIT;
			struct waiting waiting = waits(&of, "ErrImagePull", "x");
			struct diagnosis_facts facts;

			waiting.said.problem = (enum node_problem)problem;
			waiting.said.meaning = "the node says so";
			facts = facts_of(&waiting, matched ? &secret : NULL, matched);
			diagnose(&facts, &diagnosis);
			assert_true(diagnosis.conclusion.len > 0);
			assert_null(strchr(diagnosis.conclusion.data, '%'));
		}
}

/* --update refuses it, and --from-file reads it. */
static void a_bare_map_is_made_anew(void **state)
{
	const struct diagnosis_secret secret = {"regcred", false, DIAGNOSIS_READ, NULL,
	                                        ".dockercfg"};
	struct waiting_pod of = pod("", "");
	struct waiting waiting = waits(&of, "ErrImagePull", REFUSED);
	struct diagnosis_facts facts = facts_of(&waiting, &secret, false);

	(void)state;
	concludes(&facts, NODE_UNAUTHORIZED, "has no entry",
	          "kubectl get secret regcred -n dev -o jsonpath='{.data.\\.dockercfg}' | "
	          "regcred-gen --from-file - -r r.example.com -n dev --name regcred | "
	          "kubectl replace --force -f -");
	facts = facts_of(&waiting, &secret, true);
	facts.finding = "expired";
	concludes(&facts, NODE_UNAUTHORIZED, "does not accept",
	          "kubectl get secret regcred -n dev -o jsonpath='{.data.\\.dockercfg}' | "
	          "regcred-gen --from-file - -r r.example.com -u bob -n dev --name regcred | "
	          "kubectl replace --force -f -");
}

static void names_that_are_none_make_no_command(void **state)
{
	const struct diagnosis_secret secret = {"x; rm -rf /", false, DIAGNOSIS_ABSENT, NULL};
	const struct diagnosis_secret ready = {"regcred", false, DIAGNOSIS_READ, NULL};
	struct waiting_pod of = pod("", "");
	struct waiting waiting = waits(&of, "ErrImagePull", REFUSED);
	struct diagnosis_facts facts = facts_of(&waiting, &secret, false);

	(void)state;
	concludes(&facts, NODE_SECRET_MISSING, "does not exist", NULL);
	facts = facts_of(&waiting, NULL, false);
	of.ns = "$(reboot)";
	concludes(&facts, NODE_UNAUTHORIZED, "The Pod has no pull Secret", NULL);
	of = pod("", "");
	facts = facts_of(&waiting, &ready, true);
	facts.key = view_of("r.example.com/a'b");
	facts.username = view_of("it's $me");
	facts.finding = "expired";
	concludes(&facts, NODE_UNAUTHORIZED, "does not accept",
	          "kubectl get secret regcred -n dev -o yaml | regcred-gen --update - -r "
	          "'r.example.com/a'\\''b' -u 'it'\\''s $me' | kubectl apply --server-side "
	          "--force-conflicts -f -");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_refused_login_has_a_cause_in_the_secrets),
	    cmocka_unit_test(what_else_is_known_of_a_login_is_said),
	    cmocka_unit_test(other_problems_are_not_the_secrets),
	    cmocka_unit_test(secrets_explain_a_silent_node),
	    cmocka_unit_test(a_denied_image_may_not_exist),
	    cmocka_unit_test(node_and_registry_may_disagree),
	    cmocka_unit_test(every_cause_has_a_conclusion),
	    cmocka_unit_test(a_bare_map_is_made_anew),
	    cmocka_unit_test(names_that_are_none_make_no_command),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("diagnosis", tests, NULL, NULL);
}
