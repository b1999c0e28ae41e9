#include "regcred/edit/companions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/memory.h"
#include "regcred/kube/document.h"

#include "watched_memory.h"

/* ---- Readers ---- */

static bool add(struct companions *companions, char *text, struct error *error)
{
	*error = (struct error){.diagnostic = DIAGNOSTIC_COUNT};
	return companions_add_reader(companions, text, error);
}

static void assert_refused(const char *text, enum diagnostic diagnostic, const char *message,
                           const char *hint)
{
	struct companions companions CLEANUP(companions_release) = COMPANIONS_INIT;
	char room[512];
	struct error error;

	snprintf(room, sizeof room, "%s", text);
	if (add(&companions, room, &error))
		fail_msg("taken: %s", text);
	assert_int_equal(error.diagnostic, diagnostic);
	assert_int_equal(error.status, STATUS_USAGE);
	if (!strstr(error.message, message))
		fail_msg("%s: no \"%s\" in: %s", text, message, error.message);
	if (!strstr(error.hint, hint))
		fail_msg("%s: no \"%s\" in: %s", text, hint, error.hint);
	assert_int_equal(companions.reader_count, 0);
}

static void readers_are_taken_apart(void **state)
{
	static const struct {
		const char *text;
		enum reader_kind kind;
		const char *ns, *name;
	} cases[] = {
	    {"user:jane", READER_USER, NULL, "jane"},
	    {"user:CN=Jane Doe,O=dev", READER_USER, NULL, "CN=Jane Doe,O=dev"},
	    {"user:system:serviceaccount:dev:x", READER_USER, NULL, "system:serviceaccount:dev:x"},
	    {"user:https://idp.example.com#a/b", READER_USER, NULL, "https://idp.example.com#a/b"},
	    {"group:dev-team", READER_GROUP, NULL, "dev-team"},
	    {"group:\xEA\xB0\x9C\xEB\xB0\x9C", READER_GROUP, NULL, "\xEA\xB0\x9C\xEB\xB0\x9C"},
	    {"serviceaccount:builder", READER_SERVICE_ACCOUNT, NULL, "builder"},
	    {"serviceaccount:ci/builder.v1", READER_SERVICE_ACCOUNT, "ci", "builder.v1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct companions companions CLEANUP(companions_release) = COMPANIONS_INIT;
		char room[256];
		struct error error;

		snprintf(room, sizeof room, "%s", cases[i].text);
		if (!add(&companions, room, &error))
			fail_msg("%s: %s", cases[i].text, error.message);
		assert_int_equal(companions.readers[0].kind, cases[i].kind);
		assert_string_equal(companions.readers[0].name, cases[i].name);
		if (cases[i].ns)
			assert_string_equal(companions.readers[0].ns, cases[i].ns);
		else
			assert_null(companions.readers[0].ns);
	}
}

static void readers_that_are_nobody_are_refused(void **state)
{
	static const struct {
		const char *text, *message, *hint;
	} cases[] = {
	    {"", "unknown kind", "user:NAME"},
	    {"jane", "\"jane\" has an unknown kind", "serviceaccount:[NS/]NAME"},
	    {"User:jane", "unknown kind", "user:NAME"},
	    {"sa:dev/x", "unknown kind", "serviceaccount:[NS/]NAME"},
	    {"user", "unknown kind", "user:NAME"},
	    {"user:", "has no name", "variable"},
	    {"group:", "has no name", "variable"},
	    {"serviceaccount:", "has no name", "variable"},
	    {"user: jane", "blank", "blank"},
	    {"group:dev-team\t", "control", "cluster"},
	    {"group:dev-team ", "blank", "blank"},
	    {"user:a\nb", "control", "cluster"},
	    {"user:a\xC2\x85", "control", "cluster"},
	    {"user:\xFF", "UTF-8", "cluster"},
	    {"serviceaccount:dev/", "name \"\" is empty", ""},
	    {"serviceaccount:/x", "namespace \"\" is empty", ""},
	    {"serviceaccount:a/b/c", "\"b/c\" holds \"/\"", "b-c"},
	    {"serviceaccount:dev:x", "\"dev:x\" holds \":\"", "serviceaccount:NS/NAME"},
	    {"serviceaccount:Dev/x", "namespace \"Dev\"", "\"dev\""},
	    {"serviceaccount:a.b/x", "namespace \"a.b\"", "\"a-b\""},
	    {"serviceaccount:dev/X", "name \"X\"", "\"x\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(cases[i].text, DIAGNOSTIC_READER_INVALID, cases[i].message,
		               cases[i].hint);
}

static bool check_in(const char *const *names, size_t count, const struct companions *companions,
                     struct error *error)
{
	struct string_list namespaces CLEANUP(string_list_release) = STRING_LIST_INIT;

	for (size_t i = 0; i < count; i++)
		assert_true(namespaces_add(&namespaces, names[i], error));
	return companions_check_readers(companions, &namespaces, error);
}

static void the_same_reader_twice_is_refused(void **state)
{
	static const char *const texts[] = {"user:a", "group:a", "serviceaccount:a",
	                                    "serviceaccount:dev/a", "serviceaccount:ci/a"};
	static const char *const names[] = {"prod"};
	struct companions companions CLEANUP(companions_release) = COMPANIONS_INIT;
	char room[6][64];
	struct error error;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		snprintf(room[i], sizeof room[i], "%s", texts[i]);
		assert_true(add(&companions, room[i], &error));
	}
	assert_true(check_in(names, 1, &companions, &error));
	for (size_t i = 0; i < 5; i++) {
		char message[80];

		companions.reader_count = 5;
		snprintf(room[5], sizeof room[5], "%s", texts[i]);
		snprintf(message, sizeof message, "\"%s\" is given twice", texts[i]);
		assert_true(add(&companions, room[5], &error));
		assert_false(check_in(names, 1, &companions, &error));
		assert_int_equal(error.diagnostic, DIAGNOSTIC_READER_DUPLICATE);
		assert_non_null(strstr(error.message, message));
	}
}

static void accounts_need_a_namespace(void **state)
{
	static const char *const names[] = {"dev", "prod"};
	struct reader readers[] = {{READER_USER, NULL, "a"},
	                           {READER_SERVICE_ACCOUNT, "ci", "a"},
	                           {READER_SERVICE_ACCOUNT, NULL, "a"}};
	struct companions companions = {.readers = readers, .reader_count = 2};
	struct error error;

	(void)state;
	assert_true(check_in(names, 0, &companions, &error));
	companions.reader_count = 3;
	assert_false(check_in(names, 0, &companions, &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_READER_INVALID);
	assert_non_null(strstr(error.hint, "serviceaccount:NS/a"));
	assert_true(check_in(names, 2, &companions, &error));
	/* The second and the third are one and the same in prod. */
	readers[1].ns = "prod";
	assert_true(check_in(names, 1, &companions, &error));
	assert_false(check_in(names, 2, &companions, &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_READER_DUPLICATE);
}

static void readers_that_are_everybody_are_known(void **state)
{
	(void)state;
	assert_non_null(
	    reader_is_wide(&(struct reader){READER_GROUP, NULL, "system:authenticated"}));
	assert_non_null(reader_is_wide(&(struct reader){READER_USER, NULL, "system:anonymous"}));
	assert_null(reader_is_wide(&(struct reader){READER_USER, NULL, "system:authenticated"}));
	assert_null(reader_is_wide(&(struct reader){READER_GROUP, NULL, "dev-team"}));
}

static void images_are_images(void **state)
{
	static const char *const images[] = {
	    "", "App", "a b", "app:", "app@sha256:00", "https://ghcr.io/a", "a//b", "app:-"};
	struct companions companions = COMPANIONS_INIT;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(images); i++) {
		error = (struct error){.diagnostic = DIAGNOSTIC_COUNT};
		if (companions_set_pod(&companions, images[i], &error))
			fail_msg("taken: %s", images[i]);
		assert_int_equal(error.diagnostic, DIAGNOSTIC_IMAGE_INVALID);
		assert_int_equal(error.status, STATUS_USAGE);
	}
	assert_true(companions_set_pod(&companions, "ghcr.io/a/app:1", &error));
	assert_string_equal(companions.image, "ghcr.io/a/app:1");
}

static void service_accounts_have_valid_names(void **state)
{
	struct companions companions = COMPANIONS_INIT;
	struct error error;

	(void)state;
	assert_true(companions_set_service_account(&companions, "puller.v1", &error));
	assert_string_equal(companions.service_account, "puller.v1");
	assert_false(companions_set_service_account(&companions, "Puller", &error));
	assert_int_equal(error.diagnostic, DIAGNOSTIC_NAME_INVALID);
	assert_non_null(strstr(error.message, "ServiceAccount"));
	assert_non_null(strstr(error.hint, "puller"));
}

/* ---- The objects ---- */

static bool write_all(const struct companions *companions, bool hole, struct buf *out,
                      struct error *error)
{
	struct json *objects[COMPANIONS_MAX] = {0};
	struct document manifest CLEANUP(document_release) = {0};
	size_t count;
	bool made = companions_make(companions, "regcred", hole, objects, &count, error) &&
	            document_render(&manifest, (const struct json *const *)objects, count,
	                            DOCUMENT_YAML, false, error);

	if (made)
		document_append(&manifest, view_of("on"), out);
	for (size_t i = 0; i < COMPANIONS_MAX; i++)
		json_release(&objects[i]);
	return made && buf_check(out, "the text", error);
}

static void assert_made(const struct companions *companions, bool hole, const char *expected)
{
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;

	assert_true(write_all(companions, hole, &text, &error));
	assert_string_equal(text.data, expected);
}

static void a_service_account_hands_the_secret_on(void **state)
{
	struct companions companions = {.service_account = "puller"};

	(void)state;
	assert_made(&companions, false,
	            "apiVersion: v1\n"
	            "kind: ServiceAccount\n"
	            "metadata:\n"
	            "  name: puller\n"
	            "imagePullSecrets:\n"
	            "- name: regcred\n");
}

static void a_pod_is_restricted_and_mounts_no_token(void **state)
{
	struct companions companions = {.image = "ghcr.io/octocat/app:1"};

	(void)state;
	assert_made(&companions, false,
	            "apiVersion: v1\n"
	            "kind: Pod\n"
	            "metadata:\n"
	            "  name: app\n"
	            "spec:\n"
	            "  containers:\n"
	            "  - name: app\n"
	            "    image: ghcr.io/octocat/app:1\n"
	            "    securityContext:\n"
	            "      allowPrivilegeEscalation: false\n"
	            "      capabilities:\n"
	            "        drop:\n"
	            "        - ALL\n"
	            "  imagePullSecrets:\n"
	            "  - name: regcred\n"
	            "  automountServiceAccountToken: false\n"
	            "  securityContext:\n"
	            "    runAsNonRoot: true\n"
	            "    seccompProfile:\n"
	            "      type: RuntimeDefault\n");
}

static void a_role_lets_read_the_one_secret(void **state)
{
	struct reader readers[] = {{READER_GROUP, NULL, "dev-team"},
	                           {READER_USER, NULL, "yes"},
	                           {READER_SERVICE_ACCOUNT, "ci", "x"},
	                           {READER_SERVICE_ACCOUNT, NULL, "y"}};
	struct companions companions = {.readers = readers, .reader_count = 4};

	(void)state;
	assert_made(&companions, true,
	            "apiVersion: rbac.authorization.k8s.io/v1\n"
	            "kind: Role\n"
	            "metadata:\n"
	            "  name: regcred-reader\n"
	            "  namespace: \"on\"\n"
	            "rules:\n"
	            "- apiGroups:\n"
	            "  - \"\"\n"
	            "  resources:\n"
	            "  - secrets\n"
	            "  resourceNames:\n"
	            "  - regcred\n"
	            "  verbs:\n"
	            "  - get\n"
	            "---\n"
	            "apiVersion: rbac.authorization.k8s.io/v1\n"
	            "kind: RoleBinding\n"
	            "metadata:\n"
	            "  name: regcred-reader\n"
	            "  namespace: \"on\"\n"
	            "subjects:\n"
	            "- kind: Group\n"
	            "  name: dev-team\n"
	            "  apiGroup: rbac.authorization.k8s.io\n"
	            "- kind: User\n"
	            "  name: \"yes\"\n"
	            "  apiGroup: rbac.authorization.k8s.io\n"
	            "- kind: ServiceAccount\n"
	            "  name: x\n"
	            "  namespace: ci\n"
	            "- kind: ServiceAccount\n"
	            "  name: \"y\"\n"
	            "  namespace: \"on\"\n"
	            "roleRef:\n"
	            "  kind: Role\n"
	            "  name: regcred-reader\n"
	            "  apiGroup: rbac.authorization.k8s.io\n");
}

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void pods_are_called_after_their_image(void **state)
{
	static const struct {
		const char *image, *name;
	} cases[] = {
	    {"app", "app"},
	    {"app:1.2", "app"},
	    {"reg.example.com:5000/app", "app"},
	    {"reg.example.com:5000/team/my_app.web__x:v1", "my-app-web-x"},
	    {"ghcr.io/a/b/c@sha256:" DIGEST, "c"},
	    {"ghcr.io/a/b:1@sha256:" DIGEST, "b"},
	    {"1234", "\"1234\""},
	    {"a/abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12_4567",
	     "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct companions companions = {.image = cases[i].image};
		struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
		char expected[128];
		struct error error;

		assert_true(write_all(&companions, false, &text, &error));
		snprintf(expected, sizeof expected, "\n  name: %s\n", cases[i].name);
		if (!strstr(text.data, expected))
			fail_msg("%s: no %s in %s", cases[i].image, expected, text.data);
		snprintf(expected, sizeof expected, "\n  - name: %s\n", cases[i].name);
		assert_non_null(strstr(text.data, expected));
	}
}

static void labels_are_on_all_of_them(void **state)
{
	struct secret_pair pair = {"app", "shop"};
	struct reader reader = {READER_USER, NULL, "jane"};
	struct companions companions = {.image = "app",
	                                .service_account = "puller",
	                                .readers = &reader,
	                                .reader_count = 1,
	                                .labels = {&pair, 1, 1}};
	struct buf text CLEANUP(buf_release) = BUF_INIT(BUF_CONFIG_MAX);
	size_t found = 0;
	struct error error;

	(void)state;
	assert_true(write_all(&companions, true, &text, &error));
	for (const char *at = text.data; (at = strstr(at, "\n  labels:\n    app: shop\n")); at++)
		found++;
	assert_int_equal(found, COMPANIONS_MAX);
	assert_non_null(strstr(text.data, "\n  serviceAccountName: puller\n"));
	/* The ServiceAccount is there before the Pod that runs as it, the Role before what
	 * refers to it. */
	assert_true(strstr(text.data, "kind: ServiceAccount") < strstr(text.data, "kind: Pod"));
	assert_true(strstr(text.data, "kind: Role\n") < strstr(text.data, "kind: RoleBinding"));
}

static void none_are_wanted_by_default(void **state)
{
	struct companions companions = COMPANIONS_INIT;
	struct json *objects[COMPANIONS_MAX] = {0};
	struct error error;
	size_t count = 1;

	(void)state;
	assert_true(companions_make(&companions, "regcred", true, objects, &count, &error));
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(readers_are_taken_apart, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(readers_that_are_nobody_are_refused, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(the_same_reader_twice_is_refused, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(accounts_need_a_namespace, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(readers_that_are_everybody_are_known, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(images_are_images, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(service_accounts_have_valid_names, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(a_service_account_hands_the_secret_on, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(a_pod_is_restricted_and_mounts_no_token, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(a_role_lets_read_the_one_secret, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(pods_are_called_after_their_image, watched_begin,
	                                    watched_end),
	    cmocka_unit_test_setup_teardown(labels_are_on_all_of_them, watched_begin, watched_end),
	    cmocka_unit_test_setup_teardown(none_are_wanted_by_default, watched_begin, watched_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("companions", tests, NULL, NULL);
}
