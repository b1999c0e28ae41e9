#include "regcred/base/memory.h"
#include "regcred/kube/pull_secret.h"

#include "trees.h"
#include "watched_memory.h"

#define PASSWORD "hunter2"

static const char *const kinds[] = {"none", "config", "dockercfg", "other", "bare"};
static const char *const states[] = {"present", "missing", "type", "base64", "unknown"};

/* KIND NAMESPACE/NAME TYPE KEY STATE FLAGS: PAYLOAD or PROBLEM */
static void append_secret(struct buf *out, const struct pull_secret *secret)
{
	buf_append_format(out, "%s %s/%s %s %s %s", kinds[secret->kind], secret->ns, secret->name,
	                  secret->type, secret->key, states[secret->state]);
	buf_append_string(out, secret->string_data ? " plain" : "");
	buf_append_string(out, secret->marked ? " marked" : "");
	buf_append_string(out, ": ");
	if (secret->state == PULL_SECRET_PRESENT)
		buf_append(out, secret->payload.data, secret->payload.len);
	else
		assert_int_equal(secret->payload.len, 0);
	buf_append_string(out, secret->problem);
}

static void check(const char *text, const char *expected)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;
	struct tree tree;

	tree_open(&tree, text);
	assert_true(pull_secret_read(tree.item.root, tree.item.api_version, tree.item.kind, &secret,
	                             &error));
	append_secret(&out, &secret);
	assert_string_equal(out.data, expected);
	if (secret.key_node)
		assert_string_equal(secret.key_node->text, secret.key);
	if (strstr(secret.problem, PASSWORD))
		fail_msg("a message holds a secret");
	tree_close(&tree);
}

#define SECRET(rest) "{\"apiVersion\":\"v1\",\"kind\":\"Secret\"," rest "}"
#define CONFIG(rest)                                                                               \
	SECRET("\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"},\"type\":"                       \
	       "\"kubernetes.io/dockerconfigjson\"," rest)
#define CONFIG_IS(rest) "config n/s kubernetes.io/dockerconfigjson .dockerconfigjson " rest

static const struct {
	const char *text, *expected;
} examples[] = {
    {CONFIG("\"data\":{\".dockerconfigjson\":\"e3\\n0=\"}"), CONFIG_IS("present: {}")},
    {CONFIG("\"data\":{\".dockerconfigjson\":\"eA==\"},"
            "\"stringData\":{\".dockerconfigjson\":\"{ }\"}"),
     CONFIG_IS("present plain: { }")},
    {CONFIG("\"data\":{\".dockerconfigjson\":\"eA==\",\".dockerconfigjson\":\"e30=\"}"),
     CONFIG_IS("present: {}")},
    {CONFIG("\"data\":{\".dockerconfigjson\":null}"), CONFIG_IS("present: ")},
    {CONFIG("\"data\":{\".dockerconfigjson\":[123,125]}"), CONFIG_IS("present: {}")},
    {CONFIG("\"data\":{\".dockerconfigjson\":[123,256]}"),
     CONFIG_IS("type: data[\".dockerconfigjson\"] is a list, base64 text was expected")},
    {CONFIG("\"data\":{\".dockerconfigjson\":\"" PASSWORD "\"}"),
     CONFIG_IS("base64: data[\".dockerconfigjson\"] is not base64")},
    {CONFIG("\"data\":{\".dockerconfigjson\":{\"auths\":{}}}"),
     CONFIG_IS("type: data[\".dockerconfigjson\"] is not text")},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":[123]}"),
     CONFIG_IS("type plain: stringData[\".dockerconfigjson\"] is not text")},
    {CONFIG("\"data\":{\".dockercfg\":\"e30=\"}"),
     CONFIG_IS("missing: data[\".dockerconfigjson\"] is missing")},
    {CONFIG("\"data\":\"${DATA}\""), CONFIG_IS("unknown: ")},
    {CONFIG("\"data\":5"), CONFIG_IS("missing: data[\".dockerconfigjson\"] is missing")},
    {CONFIG("\"data\":{\".dockerconfigjson\":\"${CONFIG}\"}"), CONFIG_IS("unknown marked: ")},
    {CONFIG("\"data\":{\".dockerconfigjson\":\"ENC[AES256_GCM,data:x]\"}"), CONFIG_IS("unknown: ")},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":\"{{ .x }}\"}"),
     CONFIG_IS("unknown plain marked: ")},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":\"{\\\"a\\\":\\\"$B\\\"}\"}"),
     CONFIG_IS("present plain marked: {\"a\":\"$B\"}")},
    {SECRET("\"type\":\"kubernetes.io/dockercfg\",\"data\":{\".dockercfg\":\"e30=\"}"),
     "dockercfg / kubernetes.io/dockercfg .dockercfg present: {}"},
    {SECRET("\"type\":null,\"data\":{\".dockercfg\":\"e30=\"}"),
     "other / Opaque .dockercfg present: {}"},
    {SECRET("\"type\":\"Opaque\",\"data\":{\".dockercfg\":\"e30=\"},"
            "\"stringData\":{\".dockerconfigjson\":\"x\"}"),
     "other / Opaque .dockerconfigjson present plain: x"},
    {SECRET("\"metadata\":{\"name\":5},\"type\":\"x\""),
     "other / x .dockerconfigjson missing: data[\".dockerconfigjson\"] is missing"},
    {"{\"kind\":\"Secret\",\"type\":\"kubernetes.io/dockercfg\"}",
     "dockercfg / kubernetes.io/dockercfg .dockercfg missing: data[\".dockercfg\"] is missing"},
    {"{\"apiVersion\":\"example.com/v1\",\"kind\":\"Secret\",\"auths\":{}}", "none /   present: "},
    {"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"auths\":{}}", "none /   present: "},
    {"{\"auths\":{\"a\":{\"auth\":\"x\"},\"a\":null},\"n\":1.50}",
     "bare /   present: {\"auths\":{\"a\":{\"auth\":\"x\"},\"a\":null},\"n\":1.50}"},
    {"{\"credsStore\":\"desktop\"}", "bare /   present: {\"credsStore\":\"desktop\"}"},
    {"{\"ghcr.io\":{\"auth\":\"x\"},\"localhost\":null}",
     "bare /   present: {\"ghcr.io\":{\"auth\":\"x\"},\"localhost\":null}"},
    {"{\"auths\":{\"a\":{\"auth\":\"${A}\"}}}",
     "bare /   present marked: {\"auths\":{\"a\":{\"auth\":\"${A}\"}}}"},
    {"{\"postgres\":{\"username\":\"x\",\"password\":\"y\"}}", "none /   present: "},
    {"{\"ghcr.io\":{\"auth\":\"x\"},\"replicas\":3}", "none /   present: "},
    {"{\"ghcr.io\":null}", "none /   present: "},
    {"{}", "none /   present: "},
    {"[]", "none /   present: "},
};

static void sees_pull_secrets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++)
		check(examples[i].text, examples[i].expected);
}

/* One after the other in the same place, each anew. */
static void forgets_what_was_before(void **state)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;
	struct error error;
	struct tree tree;

	(void)state;
	tree_open(&tree, examples[0].text);
	assert_true(pull_secret_read(tree.item.root, "v1", "Secret", &secret, &error));
	assert_int_equal(secret.payload.len, 2);
	assert_true(pull_secret_read(tree.item.root, "v1", "Pod", &secret, &error));
	assert_int_equal(secret.kind, PULL_SECRET_NONE);
	assert_int_equal(secret.payload.len, 0);
	assert_null(secret.payload_node);
	assert_true(pull_secret_read(NULL, "", "", &secret, &error));
	assert_int_equal(secret.kind, PULL_SECRET_NONE);
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sees_pull_secrets),
	    cmocka_unit_test(forgets_what_was_before),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("pull_secret", tests, NULL, NULL);
}
