/* Tables of objects and their problems, then tests/vectors/secret-admission.jsonl:
 * what the API server refused must have a problem, what it took must have none. */
#include "regcred/base/memory.h"
#include "regcred/kube/secret_admission.h"

#include <stdlib.h>

#include "regcred/base/buf.h"
#include "trees.h"
#include "vectors.h"
#include "watched_memory.h"

/* Stands in the data and annotations below, and is never to be seen in a message. */
#define PASSWORD "hunter2"

static const char *const rules[] = {
    [SECRET_PROBLEM_OBJECT] = "object", [SECRET_PROBLEM_KEY] = "key",
    [SECRET_PROBLEM_BASE64] = "base64", [SECRET_PROBLEM_TOO_LARGE] = "large",
    [SECRET_PROBLEM_CONFIG] = "config",
};

static const char *find(const char *text, struct node_place place)
{
	for (; place.line > 1; place.line--) {
		text = strchr(text, '\n');
		assert_non_null(text++);
	}
	assert_true(place.column <= strlen(text));
	return text + place.column - 1;
}

/* RULE `the text's next 8 bytes` MESSAGE (HINT), one problem a line. */
static void append_problems(struct buf *out, const char *text,
                            const struct secret_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct secret_problem *at = &problems->items[i];
		const char *place = find(text, at->place);

		if (strstr(at->message, PASSWORD) || strstr(at->hint, PASSWORD))
			fail_msg("a message holds a secret");
		assert_memory_equal(&at->place, &at->node->place, sizeof at->place);
		buf_append_format(out, "%s `%.*s` %s", rules[at->rule],
		                  (int)strcspn(place, "\n") < 8 ? (int)strcspn(place, "\n") : 8,
		                  place, at->message);
		if (at->hint[0])
			buf_append_format(out, " (%s)", at->hint);
		buf_append_char(out, '\n');
	}
}

static void judge(const struct tree *tree, struct secret_problems *problems)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;
	const struct manifest_item *item = &tree->item;
	struct error error;

	assert_true(pull_secret_read(item->root, item->api_version, item->kind, &secret, &error));
	secret_admission_check(item->root, item->api_version, item->kind, &secret, problems);
}

static void check(const char *text, const char *expected)
{
	CLEANUP(secret_problems_release) struct secret_problems problems = SECRET_PROBLEMS_INIT;
	CLEANUP(buf_release) struct buf found = BUF_INIT(BUF_CONFIG_MAX);
	struct tree tree;

	tree_open(&tree, text);
	judge(&tree, &problems);
	append_problems(&found, text, &problems);
	if (strcmp(found.data, expected) != 0)
		fail_msg("%.200s\nfound:\n%sexpected:\n%s", text, found.data, expected);
	tree_close(&tree);
}

/* ---- One field after the other ---- */

struct example {
	const char *text;
	const char *expected;
};

#define SECRET(rest)   "{\"apiVersion\":\"v1\",\"kind\":\"Secret\"," rest "}"
#define METADATA(rest) SECRET("\"metadata\":{\"name\":\"s\"," rest "}")
#define DATA(rest)     SECRET("\"metadata\":{\"name\":\"s\"},\"data\":{" rest "}")
#define CONFIG(rest)                                                                               \
	SECRET("\"metadata\":{\"name\":\"s\"},\"type\":\"kubernetes.io/dockerconfigjson\"," rest)
#define TYPED(type, rest) SECRET("\"metadata\":{\"name\":\"s\"},\"type\":\"" type "\"," rest)

static const struct example fields[] = {
    {METADATA("\"labels\":null"), ""},
    {METADATA("\"uid\":\"u\",\"selfLink\":\"x\",\"resourceVersion\":\"1\",\"generation\":1,"
              "\"creationTimestamp\":\"2024-02-29T1:00:00,5+01:00\",\"deletionTimestamp\":null,"
              "\"deletionGracePeriodSeconds\":9223372036854775807"),
     ""},
    {METADATA("\"uid\":1,\"resourceVersion\":2"),
     "object `1,\"resou` metadata.uid is a number, a string was expected (put it in quotes)\n"
     "object `2}}` metadata.resourceVersion is a number, a string was expected (put it in "
     "quotes)\n"},
    {METADATA("\"generation\":1e3"),
     "object `1e3}}` metadata.generation is not an integer of 64 bits\n"},
    {METADATA("\"generation\":-1"), "object `-1}}` metadata.generation is negative\n"},
    {METADATA("\"generation\":9223372036854775808"),
     "object `92233720` metadata.generation is not an integer of 64 bits\n"},
    {METADATA("\"generation\":\"1\""),
     "object `\"1\"}}` metadata.generation is a string, an integer was expected\n"},
    {METADATA("\"creationTimestamp\":\"\""), "object `\"\"}}` metadata.creationTimestamp is not an "
                                             "RFC 3339 time such as 2026-01-31T12:00:00Z\n"},
    {METADATA("\"creationTimestamp\":\"2023-02-29T00:00:00Z\""),
     "object `\"2023-02` metadata.creationTimestamp is not an RFC 3339 time such as "
     "2026-01-31T12:00:00Z\n"},
    {METADATA("\"deletionTimestamp\":\"2024-01-01T00:00:60Z\""),
     "object `\"2024-01` metadata.deletionTimestamp is not an RFC 3339 time such as "
     "2026-01-31T12:00:00Z\n"},
    {METADATA("\"deletionTimestamp\":5"), "object `5}}` metadata.deletionTimestamp is a number, a "
                                          "time such as 2026-01-31T12:00:00Z was expected\n"},
    {METADATA("\"labels\":[]"),
     "object `[]}}` metadata.labels is a list, a mapping was expected\n"},
    {METADATA("\"labels\":{\"a\":true,\"b\":null}"),
     "object `true,\"b\"` metadata.labels[\"a\"] is a boolean, a string was expected (put it in "
     "quotes)\n"},
    {METADATA("\"labels\":{\"a b\":\"c\",\"d\":\"e f\"}"),
     "object `\"a b\":\"c` metadata.labels[\"a b\"] is not valid: label key \"a b\" holds \" \": "
     "only A-Z, a-z, 0-9, \"-\", \"_\" and \".\" are allowed (did you mean \"a-b\"?)\n"
     "object `\"e f\"}}}` metadata.labels[\"d\"] is not valid: label value \"e f\" holds \" \": "
     "only A-Z, a-z, 0-9, \"-\", \"_\" and \".\" are allowed (did you mean \"e-f\"?)\n"},
    {METADATA("\"annotations\":{\"a b\":\"" PASSWORD "\"}"),
     "object `\"a b\":\"h` metadata.annotations[\"a b\"] is not valid: annotation key \"a b\" "
     "holds \" \": only A-Z, a-z, 0-9, \"-\", \"_\" and \".\" are allowed (did you mean "
     "\"a-b\"?)\n"},
    {METADATA("\"annotations\":{\"a\":{\"b\":\"" PASSWORD "\"}}"),
     "object `{\"b\":\"hu` metadata.annotations[\"a\"] is a mapping, a string was expected\n"},
    {METADATA("\"namespace\":\"a.b\""),
     "object `\"a.b\"}}` metadata.namespace is not valid: namespace \"a.b\" holds \".\": only a-z, "
     "0-9 and \"-\" are allowed (did you mean \"a-b\"?)\n"},
    {METADATA("\"namespace\":null"), ""},
    {METADATA("\"namespace\":\"${NS}\""), ""},
    {METADATA("\"finalizers\":[\"kubernetes\",\"a/b\",\"orphan\"]"), ""},
    {METADATA("\"finalizers\":[\"x\",null,\"a b/c\"]"),
     "object `\"x\",null` metadata.finalizers[0] is not a standard finalizer: write others as "
     "PREFIX/NAME\n"
     "object `null,\"a ` metadata.finalizers[1] is invalid: write a finalizer as PREFIX/NAME\n"
     "object `\"a b/c\"]` metadata.finalizers[2] is invalid: write a finalizer as PREFIX/NAME\n"},
    {METADATA("\"finalizers\":[\"orphan\",\"foregroundDeletion\"]"),
     "object `[\"orphan` metadata.finalizers contain both orphan and foregroundDeletion\n"},
    {METADATA("\"finalizers\":\"a/b\""),
     "object `\"a/b\"}}` metadata.finalizers is a string, a list was expected\n"},
    {METADATA("\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\",\"uid\":"
              "\"u\",\"controller\":true,\"blockOwnerDeletion\":null}]"),
     ""},
    {METADATA("\"ownerReferences\":[{\"apiVersion\":\"a/b/c\",\"kind\":\"Pod\",\"name\":\"\"}]"),
     "object `\"a/b/c\",` metadata.ownerReferences[0].apiVersion must be VERSION or GROUP/VERSION\n"
     "object `\"\"}]}}` metadata.ownerReferences[0].name is missing\n"
     "object `{\"apiVer` metadata.ownerReferences[0].uid is missing\n"},
    {METADATA("\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"name\":\"p\","
              "\"uid\":\"u\"}]"),
     "object `{\"apiVer` metadata.ownerReferences[0] is an Event, which cannot own objects\n"},
    {METADATA("\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"A\",\"name\":\"a\",\"uid\":"
              "\"1\",\"controller\":true},{\"apiVersion\":\"v1\",\"kind\":\"B\",\"name\":\"b\","
              "\"uid\":\"2\",\"controller\":true}]"),
     "object `true}]}}` metadata.ownerReferences[1].controller is true for two owners; only one "
     "can be the controller\n"},
    {METADATA("\"managedFields\":[{\"manager\":\"m\",\"operation\":\"Update\",\"apiVersion\":"
              "\"v1\",\"time\":\"2024-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{"
              "\"f:data\":{}}}]"),
     ""},
    {METADATA("\"managedFields\":[{\"operation\":\"Create\",\"fieldsType\":\"V2\"}]"),
     "object `\"Create\"` metadata.managedFields[0].operation must be Apply or Update\n"
     "object `\"V2\"}]}}` metadata.managedFields[0].fieldsType must be FieldsV1\n"},
    {METADATA("\"managedFields\":[{\"operation\":\"Apply\",\"manager\":\"a\\u0085\"},null]"),
     "object `\"a\\u0085` metadata.managedFields[0].manager contains a control character\n"
     "object `null]}}` metadata.managedFields[1].operation must be Apply or Update\n"},
    {METADATA("\"label\":{},\"type\":\"x\""),
     "object `\"label\":` metadata.label is not a field of metadata (did you mean labels?)\n"
     "object `\"type\":\"` metadata.type is not a field of metadata (move it out of metadata, to "
     "the top level)\n"},
    {METADATA("\"name\":\"t\""), "object `\"name\":\"` metadata.name appears more than once\n"},
    {METADATA("\"labels\":{\"a\":\"b\",\"a\":\"b\"}"),
     "object `\"a\":\"b\"}` metadata.labels[\"a\"] appears more than once\n"},
    {SECRET("\"metadata\":{\"name\":\"s\"},\"stringdata\":{},\"namespace\":\"n\",\"x y\":1"),
     "object `\"stringd` stringdata is not a field of a Secret (did you mean stringData?)\n"
     "object `\"namespa` namespace is not a field of a Secret (move it into metadata)\n"
     "object `\"x y\":1}` [\"x y\"] is not a field of a Secret\n"},
    {SECRET("\"metadata\":{\"name\":\"s\"},\"immutable\":\"true\",\"type\":5"),
     "object `\"true\",\"` immutable is a string, true or false was expected (take it out of the "
     "quotes)\n"
     "object `5}` type is a number, a string was expected (put it in quotes)\n"},
    {SECRET("\"metadata\":5"), "object `5}` metadata is a number, a mapping was expected\n"},
    {SECRET("\"metadata\":{\"name\":\"s\"},\"data\":[]"),
     "object `[]}` data is a list, a mapping was expected\n"},
};

static const struct example names[] = {
    {SECRET("\"metadata\":{}"),
     "object `{}}` metadata.name is missing: a Secret needs a name, or a generateName\n"},
    {SECRET("\"type\":\"x\""),
     "object `{\"apiVer` metadata.name is missing: a Secret needs a name, or a generateName\n"},
    {SECRET("\"metadata\":null"),
     "object `null}` metadata.name is missing: a Secret needs a name, or a generateName\n"},
    {SECRET("\"metadata\":{\"name\":\"\"}"),
     "object `\"\"}}` metadata.name is missing: a Secret needs a name, or a generateName\n"},
    {SECRET("\"metadata\":{\"name\":7}"),
     "object `7}}` metadata.name is a number, a string was expected (put it in quotes)\n"},
    {SECRET("\"metadata\":{\"name\":\"A\"}"),
     "object `\"A\"}}` metadata.name is not valid: name \"A\" holds \"A\": only a-z, 0-9, \"-\" "
     "and \".\" are allowed (did you mean \"a\"?)\n"},
    {SECRET("\"metadata\":{\"name\":\"{{ .x }}\"}"), ""},
    {SECRET("\"metadata\":{\"name\":\"$NAME\"}"), ""},
    {SECRET("\"metadata\":{\"generateName\":\"reg-\"}"), ""},
    {SECRET("\"metadata\":{\"generateName\":\"-reg\"}"),
     "object `\"-reg\"}}` metadata.generateName is not valid: name prefix \"-reg\" starts with "
     "\"-\" (did you mean \"reg\"?)\n"},
    {SECRET("\"metadata\":{\"generateName\":\"a.-\"}"),
     "object `\"a.-\"}}` metadata.generateName makes an invalid name: it is cut at 58 bytes, and a "
     "suffix is added\n"},
    {SECRET("\"metadata\":{\"name\":\"s\",\"generateName\":\"_\"}"),
     "object `\"_\"}}` metadata.generateName is not valid: name prefix \"_\" holds \"_\": only "
     "a-z, 0-9, \"-\" and \".\" are allowed\n"},
};

static const struct example data[] = {
    {DATA("\"a\":\"\",\"b\":null,\"c\":\"eA==\",\"d\":[0,255,null],\"e\":\"e\\n3\\r0=\""), ""},
    {DATA("\"a\":\"" PASSWORD "\""),
     "base64 `\"" PASSWORD "` data[\"a\"] is not base64 (it has 7 characters, not a multiple of 4: "
     "the end or the = padding is missing)\n"},
    {DATA("\"a\":\"{'" PASSWORD "'}\""),
     "base64 `\"{'hunte` data[\"a\"] is not base64 (put plain text in stringData)\n"},
    {DATA("\"a\":\"eA= =\""), "base64 `\"eA= =\"}` data[\"a\"] is not base64 (it contains blanks: "
                              "write it on one line, as base64 -w0 does)\n"},
    {DATA("\"a\":\"e3-_\""), "base64 `\"e3-_\"}}` data[\"a\"] is not base64 (use standard base64, "
                             "with + and / instead of - and _)\n"},
    {DATA("\"a\":\"${" PASSWORD "}\",\"b\":\"ENC[AES256_GCM,data:x]\""), ""},
    {DATA("\"a\":5,\"b\":{\"auths\":{}},\"c\":[256],\"d\":[\"x\"],\"e\":[1.0]"),
     "object `5,\"b\":{\"` data[\"a\"] is a number, base64 text was expected (put it in quotes, if "
     "it is base64)\n"
     "object `{\"auths\"` data[\"b\"] is a mapping, base64 text was expected (write it as a string "
     "in stringData)\n"
     "object `256],\"d\"` data[\"c\"][0] is not a byte: a number from 0 to 255 was expected\n"
     "object `\"x\"],\"e\"` data[\"d\"][0] is not a byte: a number from 0 to 255 was expected\n"
     "object `1.0]}}` data[\"e\"][0] is not a byte: a number from 0 to 255 was expected\n"},
    {DATA("\"a b\":\"eA==\",\"..x\":\"\""),
     "object `\"a b\":\"e` data[\"a b\"] is not valid: data key \"a b\" holds \" \": only A-Z, "
     "a-z, 0-9, \"-\", \"_\" and \".\" are allowed (did you mean \"a-b\"?)\n"
     "object `\"..x\":\"\"` data[\"..x\"] is not valid: data key \"..x\" starts with \"..\" (did "
     "you mean \".x\"?)\n"},
    {DATA("\"a\":\"\",\"a\":\"\""), "object `\"a\":\"\"}}` data[\"a\"] appears more than once\n"},
    {DATA("\"a\":\"eA==\"},\"stringData\":{\"a\":5,\"b\":null"),
     "object `5,\"b\":nu` stringData[\"a\"] is a number, a string was expected (put it in "
     "quotes)\n"},
    {CONFIG("\"data\":{\".dockerconfigjson\":\"bnVsbA==\"}"), ""},
    {CONFIG(
         "\"stringData\":{\".dockerconfigjson\":\"{}\"},\"data\":{\".dockerconfigjson\":\"eA==\"}"),
     ""},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":\"{\\\"a\\\":1.7976931348623158e308}\"}"), ""},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":\"{\\\"a\\\":[1.7976931348623159e308]}\"}"),
     "config `\"{\\\"a\\\":` stringData[\".dockerconfigjson\"] contains a number too large for a "
     "float64\n"},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":\" []\"}"),
     "config `\" []\"}}` stringData[\".dockerconfigjson\"] is JSON, but not an object\n"},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":\"" PASSWORD "\"}"),
     "config `\"" PASSWORD
     "` stringData[\".dockerconfigjson\"] is not JSON: line 1, column 1: a value was expected\n"},
    {CONFIG("\"stringData\":{\".dockerconfigjson\":\"{{ .Values.x }}\"}"), ""},
    {CONFIG("\"data\":{\".dockerconfigjson\":null}"),
     "config `null}}` data[\".dockerconfigjson\"] is empty; a JSON object was expected\n"},
    {CONFIG("\"data\":{\".dockerconfigjson\":\"x\"}"),
     "base64 `\"x\"}}` data[\".dockerconfigjson\"] is not base64 (it has 1 characters, not a "
     "multiple of 4: the end or the = padding is missing)\n"},
    {CONFIG("\"data\":{\"config.json\":\"e30=\"}"),
     "key `{\"config` data[\".dockerconfigjson\"] is missing: a Secret of type "
     "kubernetes.io/dockerconfigjson needs it (rename \"config.json\" to \".dockerconfigjson\")\n"},
    {CONFIG("\"data\":{\".dockercfg\":\"e30=\"}"),
     "key `{\".docke` data[\".dockerconfigjson\"] is missing: a Secret of type "
     "kubernetes.io/dockerconfigjson needs it (the key .dockercfg goes with type "
     "kubernetes.io/dockercfg)\n"},
    {CONFIG("\"data\":\"${DATA}\""), ""},
    {TYPED("kubernetes.io/tls", "\"data\":{\"tls.crt\":\"\"}"),
     "key `{\"tls.cr` data[\"tls.key\"] is missing: a Secret of type kubernetes.io/tls needs it\n"},
    {TYPED("kubernetes.io/basic-auth", "\"data\":null"),
     "key `{\"apiVer` data[\"username\"] is missing: a Secret of type kubernetes.io/basic-auth "
     "needs it, or a password\n"},
    {TYPED("kubernetes.io/basic-auth", "\"stringData\":{\"password\":null}"), ""},
    {TYPED("kubernetes.io/ssh-auth", "\"data\":{\"ssh-privatekey\":\"\"}"),
     "key `\"\"}}` data[\"ssh-privatekey\"] is empty\n"},
    {TYPED("kubernetes.io/ssh-auth", "\"data\":{\"ssh-privatekey\":\"eA==\"}"), ""},
    {TYPED("kubernetes.io/service-account-token", "\"data\":{}"),
     "object `{\"apiVer` metadata.annotations[\"kubernetes.io/service-account.name\"] is missing: "
     "a Secret of type kubernetes.io/service-account-token needs it\n"},
    {TYPED("kubernetes.io/DockerConfigJson", "\"data\":{\".dockerconfigjson\":\"eA==\"}"), ""},
    {TYPED("Opaque", "\"sops\":{\"mac\":\"x\"},\"data\":{\"a\":\"ENC[x]\"}"), ""},
};

static const struct example kinds[] = {
    {"{\"apiVersion\":\"v1\",\"kind\":\"secret\",\"metadata\":{\"name\":\"s\"}}",
     "object `\"secret\"` kind is \"secret\", which is not a kind of version v1 (did you mean "
     "Secret?)\n"},
    {"{\"apiVersion\":\"v2\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}}",
     "object `\"v2\",\"ki` apiVersion is \"v2\", which has no kind Secret (write apiVersion: "
     "v1)\n"},
    {"{\"apiVersion\":\"apps/v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}}",
     "object `\"apps/v1` apiVersion is \"apps/v1\", which has no kind Secret (write apiVersion: "
     "v1)\n"},
    {"{\"apiVersion\":5,\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}}",
     "object `5,\"kind\"` apiVersion is a number, a string was expected (put it in quotes)\n"},
    {"{\"apiVersion\":\"v1\",\"kind\":\"SECRETS\",\"metadata\":{\"name\":\"s\"}}",
     "object `\"SECRETS` kind is \"SECRETS\", which is not a kind of version v1 (did you mean "
     "Secret?)\n"},
    {"{\"kind\":\"secret\",\"x\":5}", ""},
    {"{\"apiVersion\":\"apps/v1\",\"kind\":\"secret\",\"x\":5}", ""},
    {"{\"apiVersion\":\"${V}\",\"kind\":\"Secret\",\"x\":5}", ""},
    {"{\"apiVersion\":\"/v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}}", ""},
    {"{\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}}", ""},
    {"{\"apiVersion\":\"example.com/v1\",\"kind\":\"Secret\",\"spec\":5}", ""},
    {"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"spec\":5}", ""},
    {"{\"apiVersion\":\"v1\",\"kind\":\"SecretList\",\"items\":5}", ""},
    {"[]", ""},
    {"{}", ""},
};

#define YAML(rest) "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n" rest

static const struct example in_yaml[] = {
    {YAML("  generation: 1e3\n  deletionGracePeriodSeconds: 0x10\n"), ""},
    {YAML("  generation: 1.5\n"),
     "object `1.5` metadata.generation is not an integer of 64 bits\n"},
    {YAML("  labels:\n    a: yes\n    b: 0123\n    c: 2001-01-01\n    d: ~\n"),
     "object `yes` metadata.labels[\"a\"] is a boolean, a string was expected (put it in quotes)\n"
     "object `0123` metadata.labels[\"b\"] is a number, a string was expected (put it in "
     "quotes)\n"},
    {YAML("  creationTimestamp: 2024-01-01T00:00:00Z\n"), ""},
    {YAML("  creationTimestamp: 2024-01-01\n"),
     "object `2024-01-` metadata.creationTimestamp is not an RFC 3339 time such as "
     "2026-01-31T12:00:00Z\n"},
    {YAML("metadata:\n  name: t\n"), "object `metadata` metadata appears more than once\n"},
    {YAML("data: {a: [0x7b, 0175]}\n"), ""},
    {YAML("data:\n  a: >\n    eA==\n    eA==\n"),
     "base64 `>` data[\"a\"] is not base64 (it contains blanks: write it on one line, as base64 "
     "-w0 does, or in a block with | for >)\n"},
    {YAML("data:\n  a: |\n    eHh4\n    eA==\n"), ""},
    {YAML("data:\n  a: " PASSWORD "\n  5: eA==\n"),
     "base64 `" PASSWORD "` data[\"a\"] is not base64 (it has 7 characters, not a multiple of 4: "
     "the end or the = padding is missing)\n"},
    {YAML("  labels: &l\n    a b: c\n  annotations: *l\n"),
     "object `a b: c` metadata.labels[\"a b\"] is not valid: label key \"a b\" holds \" \": only "
     "A-Z, a-z, 0-9, \"-\", \"_\" and \".\" are allowed (did you mean \"a-b\"?)\n"
     "object `a b: c` metadata.annotations[\"a b\"] is not valid: annotation key \"a b\" holds \" "
     "\": only A-Z, a-z, 0-9, \"-\", \"_\" and \".\" are allowed (did you mean \"a-b\"?)\n"},
    {YAML("  annotations: &a {x: y}\n  labels:\n    <<: *a\n    x: z\n"),
     "object `y}` metadata.annotations[\"x\"] is a boolean, a string was expected (put it in "
     "quotes)\n"},
    {YAML("type: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: |\n    "
          "{\"auths\": {}}\n"),
     ""},
    {YAML("type: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: |\n    auths: "
          "{}\n"),
     "config `|` stringData[\".dockerconfigjson\"] is not JSON: line 1, column 1: a value was "
     "expected\n"},
    {YAML("type: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: {auths: {}}\n"),
     "object `{auths: ` stringData[\".dockerconfigjson\"] is a mapping, a string was expected\n"},
    {YAML("immutable: yes\n"), ""},
    {YAML("immutable: \"yes\"\n"),
     "object `\"yes\"` immutable is a string, true or false was expected\n"},
    {YAML("stringData:\n  port: 5432\n  \"\": x\n"),
     "object `5432` stringData[\"port\"] is a number, a string was expected (put it in quotes)\n"
     "object `\"\": x` stringData[\"\"] is not valid: data key \"\" is empty\n"},
    {YAML("  name: t\nstatus: {}\n"), "object `name: t` metadata.name appears more than once\n"
                                      "object `status: ` status is not a field of a Secret\n"},
    {YAML("  finalizers:\n  - x\n  ownerReferences:\n  - kind: Pod\n"),
     "object `kind: Po` metadata.ownerReferences[0].apiVersion is missing\n"
     "object `kind: Po` metadata.ownerReferences[0].name is missing\n"
     "object `kind: Po` metadata.ownerReferences[0].uid is missing\n"
     "object `x` metadata.finalizers[0] is not a standard finalizer: write others as "
     "PREFIX/NAME\n"},
};

#define CHECK_ALL(examples)                                                                        \
	for (size_t i = 0; i < COUNT(examples); i++)                                               \
	check((examples)[i].text, (examples)[i].expected)

static void judges_every_field(void **state)
{
	(void)state;
	CHECK_ALL(fields);
}

static void judges_names(void **state)
{
	(void)state;
	CHECK_ALL(names);
}

static void judges_data(void **state)
{
	(void)state;
	CHECK_ALL(data);
}

static void judges_only_secrets(void **state)
{
	(void)state;
	CHECK_ALL(kinds);
}

static void judges_yaml(void **state)
{
	(void)state;
	CHECK_ALL(in_yaml);
}

/* ---- Limits ---- */

static void append_secret(struct buf *out, size_t keys, size_t plain, size_t each)
{
	buf_append_string(
	    out,
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\"data\":{");
	for (size_t i = 0; i < keys; i++) {
		buf_append_format(out, "%s\"k%zu\":\"", i ? "," : "", i);
		buf_append_repeated(out, 'A', each / 3 * 4);
		buf_append_char(out, '"');
	}
	buf_append_string(out, "},\"stringData\":{");
	for (size_t i = 0; i < plain; i++) {
		buf_append_format(out, "%s\"k%zu\":\"", i ? "," : "", i);
		buf_append_repeated(out, 'x', each);
		buf_append_char(out, '"');
	}
	buf_append_string(out, "}}");
}

static void counts_overridden_data_once(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	append_secret(&text, 2, 2, 524286);
	check(text.data, "");
	buf_reset(&text);
	append_secret(&text, 3, 2, 524286);
	check(text.data, "large `{\"k0\":\"A` data holds 1572858 bytes; the limit is 1048576\n");
}

static void limits_annotations(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	for (size_t size = 262143; size <= 262144; size++) {
		buf_reset(&text);
		buf_append_string(&text, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n"
		                         "  annotations:\n    a: x");
		buf_append_repeated(&text, 'x', size - 1);
		check(text.data, size < 262144
		                     ? ""
		                     : "object `a: xxxxx` metadata.annotations hold 262145 bytes, "
		                       "keys and values together; the limit is 262144\n");
	}
}

/* More than could be compared one with the other. */
static void stays_fast_with_many_keys(void **state)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	(void)state;
	append_secret(&text, 100000, 100000, 3);
	check(text.data, "");
}

static void lists_so_many_problems(void **state)
{
	CLEANUP(secret_problems_release) struct secret_problems problems = SECRET_PROBLEMS_INIT;
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct tree tree;

	(void)state;
	buf_append_string(
	    &text, "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}");
	for (int i = 0; i < SECRET_PROBLEMS_MAX + 7; i++)
		buf_append_format(&text, ",\"x%d\":1", i);
	buf_append_char(&text, '}');
	tree_open(&tree, text.data);
	judge(&tree, &problems);
	assert_int_equal(problems.count, SECRET_PROBLEMS_MAX);
	assert_int_equal(problems.unlisted, 7);
	tree_close(&tree);
}

/* ---- The vectors ---- */

static void append_manifest(struct vector_file *file, struct buf *out)
{
	const cJSON *gen = cJSON_GetObjectItemCaseSensitive(file->json, "gen");
	size_t len;
	const char *template = vector_string(file, "manifest_template", &len);
	const char *manifest, *hole;

	if (!template) {
		manifest = vector_string(file, "manifest", &len);
		buf_append(out, manifest, len);
		return;
	}
	hole = strstr(template, "@GEN@");
	assert_non_null(hole);
	buf_append(out, template, (size_t)(hole - template));
	buf_append_repeated(out, 'A', (size_t)gen->valueint);
	buf_append_string(out, hole + strlen("@GEN@"));
}

/* What is no Secret is another's business, though the server would not take it. */
static bool is_meant(const struct manifest_item *item)
{
	return item->event == MANIFEST_OBJECT && strcasecmp(item->kind, "Secret") == 0;
}

static void check_vector(struct vector_file *file)
{
	CLEANUP(secret_problems_release) struct secret_problems problems = SECRET_PROBLEMS_INIT;
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	bool accepted = vector_bool(file, "accepted");
	struct tree tree;

	append_manifest(file, &text);
	tree_open_bytes(&tree, text.data, text.len);
	judge(&tree, &problems);
	if (accepted && problems.count > 0)
		vector_fail(file, "is refused: %s", problems.items[0].message);
	if (accepted && tree.item.event == MANIFEST_BROKEN)
		vector_fail(file, "is not read");
	if (!accepted && is_meant(&tree.item) && problems.count == 0)
		vector_fail(file, "is taken");
	tree_close(&tree);
}

static void agrees_with_the_vectors(void **state)
{
	struct vector_file file;

	(void)state;
	vector_file_open(&file, "secret-admission.jsonl");
	while (vector_file_next(&file))
		check_vector(&file);
	vector_file_close(&file);
}

/* ---- Memory ---- */

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(judges_every_field),
	    cmocka_unit_test(judges_names),
	    cmocka_unit_test(judges_data),
	    cmocka_unit_test(judges_only_secrets),
	    cmocka_unit_test(judges_yaml),
	    cmocka_unit_test(counts_overridden_data_once),
	    cmocka_unit_test(limits_annotations),
	    cmocka_unit_test(stays_fast_with_many_keys),
	    cmocka_unit_test(lists_so_many_problems),
	    cmocka_unit_test(agrees_with_the_vectors),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("secret_admission", tests, NULL, NULL);
}
