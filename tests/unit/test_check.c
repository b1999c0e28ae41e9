/* Every rule but the reference ones: what triggers it, where, and its near neighbours
 * that do not. */
#include "regcred/base/memory.h"
#include "regcred/check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/base/buf.h"
#include "vectors.h"
#include "watched_memory.h"

enum { NOW = 1700000000 }; /* 2023-11-14T22:13:20Z */

#define PASSWORD "hunter2"

/* ---- Helpers ---- */

static void add_text(struct check *check, size_t file, const char *text, size_t len)
{
	struct manifest_reader *reader = manifest_reader_new_bytes(text, len);
	struct manifest_item item = {.event = MANIFEST_OBJECT};
	struct error error;

	assert_non_null(reader);
	while (item.event != MANIFEST_END) {
		assert_true(manifest_reader_next(reader, &item, &error));
		assert_true(check_add(check, file, &item, &error));
	}
	manifest_reader_free(&reader);
}

/* "LINE:COLUMN rule-id", a blank between them; of file 0, others as "FILE/...". */
static void append_findings(const struct check *check, struct buf *out)
{
	for (size_t i = 0; i < check_results(check)->finding_count; i++) {
		const struct check_finding *finding = &check_results(check)->findings[i];

		buf_append_string(out, i ? " " : "");
		if (finding->file)
			buf_append_format(out, "%zu/", finding->file);
		buf_append_format(out, "%u:%u %s", (unsigned)finding->place.line,
		                  (unsigned)finding->place.column,
		                  check_rule_facts(finding->rule)->id);
		if (strstr(finding->message, PASSWORD) || strstr(finding->hint, PASSWORD))
			fail_msg("a finding holds a password: %s", finding->message);
		if (!*finding->message || finding->message[strlen(finding->message) - 1] == '.')
			fail_msg("no sentence: %s", finding->message);
	}
}

static size_t mismatches; /* printed, and failed for at the end of a test */

static int settle(void **state)
{
	size_t found = mismatches;

	(void)state;
	mismatches = 0;
	return found ? -1 : 0;
}

static void check_texts(const struct check_options *options, const char *const *texts, size_t count,
                        const char *expected)
{
	struct check *check = check_new(options);
	struct buf out = BUF_INIT(BUF_CONFIG_MAX);

	assert_non_null(check);
	for (size_t i = 0; i < count; i++)
		add_text(check, i, texts[i], strlen(texts[i]));
	check_finish(check);
	append_findings(check, &out);
	if (strcmp(out.data, expected) != 0) {
		print_error("expected \"%s\", got \"%s\" for\n%s", expected, out.data, texts[0]);
		mismatches++;
	}
	buf_release(&out);
	check_free(&check);
}

static const struct check_options usual = {.now = NOW};

static void check_text(const char *text, const char *expected)
{
	check_texts(&usual, &text, 1, expected);
}

/* ---- Examples ---- */

#define HEAD  "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
#define TYPED HEAD "type: kubernetes.io/dockerconfigjson\n"
#define ANNOTATED(annotation)                                                                      \
	"apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: {" annotation "}}\n"       \
	"type: kubernetes.io/dockerconfigjson\n"
#define DATA(value)           TYPED "data:\n  .dockerconfigjson: " value "\n"
#define PLAIN(json)           TYPED "stringData:\n  .dockerconfigjson: '" json "'\n"
#define AUTHS(json)           PLAIN("{\"auths\":{" json "}}")
#define LEGACY(json)          HEAD "type: kubernetes.io/dockercfg\nstringData:\n  .dockercfg: '" json "'\n"
#define GOOD                  "\"ghcr.io\":{\"auth\":\"dXNlcjpwYXNz\"}"
#define LOGIN(user, password) "{\"username\":\"" user "\",\"password\":\"" password "\"}"
#define CONFIG_B64            "eyJhdXRocyI6eyJnaGNyLmlvIjp7ImF1dGgiOiJkWE5sY2pwd1lYTnoifX19"
#define CONFIG_TWICE                                                                               \
	"ZXlKaGRYUm9jeUk2ZXlKbmFHTnlMbWx2SWpwN0ltRjFkR2dpT2lKa1dFNXNZMnB3ZDFsWVRub2lmWDE5"
#define APPLIED(rest)                                                                              \
	"apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n"                     \
	"    kubectl.kubernetes.io/last-applied-configuration: |\n      " rest "\n"                \
	"type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: " CONFIG_B64 "\n"
#define JWT_OVER  "eyJhbGciOiJub25lIn0.eyJleHAiOjEwMDB9."
#define JWT_HOUR  "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDM2MDB9."
#define JWT_YEARS "eyJhbGciOiJub25lIn0.eyJleHAiOjE4MDAwMDAwMDB9."
#define ROLE(rule)                                                                                 \
	"apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: "                  \
	"r}\nrules:\n- " rule "\n"

/* Between documents that stand in front of it or behind. */
#define POD(image)                                                                                 \
	"---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"                                    \
	"spec: {containers: [{name: a, image: '" image "'}]}\n---\n"

struct example {
	const char *text, *expected;
};

static const struct example documents[] = {
    {"a: [\n", "2:1 parse-error"},
    {"{\"a\":]}", "1:6 parse-error"},
    {"a: b\n---\na: [\n---\n" DATA("x"), "4:1 parse-error 10:22 secret-base64"},
    {TYPED "data:\n  .dockerconfigjson: eyJh\ndXRo\n", "7:1 parse-error"},
    {"name: {{ .x }}\nb: [\n", "1:7 template"},
    {"a: {{ x }}\n---\nb: {{ y }}\n---\nc: [\n---\n" DATA("x"), "1:4 template"},
    {DATA("x") "---\nname: {{ .Values.name }}\n", "8:7 template"},
};

static const struct example secrets[] = {
    {"apiVersion: v1\nkind: Secret\nmetadata:\n  name: A_b\n", "4:9 object-invalid"},
    {"apiVersion: v1\nkind: Secret\nmetadata: {name: a-b}\n", ""},
    {"apiVersion: v1\nkind: secret\nmetadata: {name: a}\n", "2:7 object-invalid"},
    {HEAD "data: {a: eA==}\ndata: {b: eA==}\n", "5:1 object-invalid"},
    {HEAD "foo: 1\n", "4:1 object-invalid"},
    {HEAD "type: ${TYPE}\nstringData: {.dockerconfigjson: '{}'}\n", ""},
    {"apiVersion: v1\nkind: Secret\nmetadata: {name: '{{x}}'}\n", ""},
    {HEAD "stringData:\n  .dockerconfigjson: x\n", "5:3 secret-type"},
    {HEAD "type: Opaque\nstringData:\n  .dockercfg: x\n", "4:7 secret-type"},
    {HEAD "type: kubernetes.io/DockerConfigJson\ndata: {.dockerconfigjson: e30=}\n",
     "4:7 secret-type"},
    {HEAD "type: Opaque\nstringData:\n  config.json: x\n", ""},
    {TYPED "data:\n  config.json: e30=\n", "6:3 secret-key"},
    {TYPED "data:\n  .dockercfg: e30=\n", "6:3 secret-key"},
    {HEAD "type: kubernetes.io/dockercfg\ndata:\n  .dockerconfigjson: e30=\n", "6:3 secret-key"},
    {DATA("e30"), "6:22 secret-base64"},
    {HEAD "data:\n  a: b c\n", "5:6 secret-base64"},
    {HEAD "data:\n  a: YiBj\n", ""},
    {DATA("<base64>"), "6:22 secret-placeholder"},
    {DATA("CHANGE_ME"), "6:22 secret-placeholder"},
    {DATA("CHANGEME"), "6:22 secret-placeholder"},
    {DATA("'<Base64_인코딩_자격증명>'"), "6:22 secret-placeholder"},
    {DATA("eyJhdXRocyI6..."), "6:22 secret-placeholder"},
    {DATA("your-base64-encoded-config"), "6:22 secret-placeholder"},
    {PLAIN("<the config>"), "6:22 secret-placeholder"},
    {DATA("Q0hBTkdFX01FCg=="), "6:22 secret-placeholder"}, /* base64 of CHANGE_ME */
    {HEAD "data:\n  a: <base64>\n", "5:6 secret-placeholder"},
    {HEAD "data:\n  a: CHANGEME\n", ""},
    {HEAD "stringData:\n  a: CHANGE_ME\n", ""},
    {AUTHS("\"ghcr.io\":" LOGIN("octocat", "<token>")), "6:22 secret-placeholder"},
    {AUTHS("\"<registry>\":" LOGIN("<user>", "<password>")), "6:22 secret-placeholder"},
    {AUTHS("\"ghcr.io\":{\"auth\":\"<base64>\"}"), "6:22 secret-placeholder"},
    {AUTHS("\"ghcr.io\":{\"auth\":\"PHVzZXI+OjxwYXNzd29yZD4=\"}"), "6:22 secret-placeholder"},
    {AUTHS("\"ghcr.io\":" LOGIN("user", "your-password") ",\"a\":{}"), "6:22 secret-placeholder"},
    {AUTHS("\"ghcr.io\":" LOGIN("user", "password")), ""},
    {AUTHS("\"your.example.com\":" LOGIN("user", "secret")), ""},
    {DATA("ENC[AES256_GCM,data:abc,type:str]"), ""},
    {DATA("ENC[AES256_GCM,data:abc,type:str]") "sops:\n  mac: x\n", ""},
    {DATA("e30=") "sops:\n  mac: x\n", "6:22 config-no-auths"},
    {DATA("${CONFIG}"), ""},
    {DATA("<path:kv/data/registry#config>"), ""},
    {AUTHS("\"ghcr.io\":" LOGIN("u", "<path:kv/data/registry#token>")), ""},
    {ANNOTATED("avp.kubernetes.io/path: kv/data/registry") "data:\n  .dockerconfigjson: <config>\n",
     ""},
    {ANNOTATED("replicator.v1.mittwald.de/replicate-from: a/b") "data: {.dockerconfigjson: e30K}\n",
     ""},
    {ANNOTATED("reflector.v1.k8s.emberstack.com/reflects: a/b") "data: {.dockerconfigjson: e30=}\n",
     ""},
    {ANNOTATED("secretgen.carvel.dev/image-pull-secret: ''") "data: {.dockerconfigjson: e30K}\n",
     ""},
    {ANNOTATED("a/b: c") "data: {.dockerconfigjson: e30K}\n", "5:27 config-no-auths"},
    {ANNOTATED("a/b: c") "data:\n  .dockerconfigjson: <config>\n", "6:22 secret-placeholder"},
    {DATA(CONFIG_TWICE), "6:22 secret-double-base64"},
    {PLAIN(CONFIG_B64), "6:22 secret-double-base64"},
    {DATA(CONFIG_B64), ""},
    {APPLIED("{\"data\":{\".dockerconfigjson\":\"aHVudGVyMg==\"}}"),
     "6:55 last-applied-credential"},
    {APPLIED("{\"stringData\":{\".dockerconfigjson\":\"{}\"}}"), "6:55 last-applied-credential"},
    {APPLIED("{\"metadata\":{\"name\":\".dockerconfigjson\"},\"data\":{\"a\":\"b\"}}"), ""},
    {APPLIED("{\"data\":{\".dockerconfigjson\":\"\"}}"), ""},
};

static const struct example configs[] = {
    {DATA("WzFd"), "6:22 config-json"},
    {DATA("eyJhdXRocyI6"), "6:22 config-json"},
    {PLAIN("{\"auths\":[]}"), "6:22 config-json"},
    {PLAIN("{\"auths\":{\"a.io\":\"x\"}}"), "6:22 config-json"},
    {AUTHS("\"a.io\":{\"auth\":1}"), "6:22 config-json"},
    {LEGACY("{\"a.io\":1}"), "6:15 config-json"},
    {AUTHS(GOOD), ""},
    {PLAIN("{\"AUTHS\":{" GOOD "},\"HttpHeaders\":{\"a\":\"b\"},\"x\":1}"), ""},
    {LEGACY("{" GOOD "}"), ""},
    {PLAIN("{}"), "6:22 config-no-auths"},
    {PLAIN("null"), "6:22 config-no-auths"},
    {PLAIN("{\"auths\":{}}"), "6:22 config-no-auths"},
    {PLAIN("{\"auths\":null}"), "6:22 config-no-auths"},
    {PLAIN("{\"foo\":{\"bar\":1}}"), "6:22 config-no-auths"},
    {LEGACY("{}"), "6:15 config-no-auths"},
    {PLAIN("{" GOOD "}"), "6:22 config-legacy-shape"},
    {PLAIN("{\"a.io\":" LOGIN("u", "p") "}"), "6:22 config-legacy-shape"},
    {LEGACY("{\"auths\":{" GOOD "}}"), "6:15 config-legacy-shape"},
    {LEGACY("{\"auths\":{}}"), "6:15 config-legacy-shape"},
    {PLAIN("{\"credsStore\":\"desktop\"}"), "6:22 config-helper-only"},
    {PLAIN("{\"auths\":{\"ghcr.io\":{}},\"credsStore\":\"desktop\"}"), "6:22 config-helper-only"},
    {PLAIN("{\"auths\":{},\"credHelpers\":{\"a.io\":\"ecr-login\"}}"), "6:22 config-helper-only"},
    {PLAIN("{\"auths\":{" GOOD "},\"credsStore\":\"desktop\"}"), ""},
    {PLAIN("{\"auths\":{" GOOD ",\"a.io\":{}},\"credsStore\":\"desktop\"}"), "6:22 empty-entry"},
    {AUTHS("\"a.io\":{\"auth\":\"" PASSWORD "!\"}"), "6:22 auth-base64"},
    {AUTHS("\"a.io\":{\"auth\":\"dXNl cjpwYXNz\"}"), "6:22 auth-base64"},
    {AUTHS("\"a.io\":{\"auth\":\"${AUTH}\"}"), ""},
    {AUTHS("\"a.io\":{\"auth\":\"dXNlcnBhc3M=\"}"), "6:22 auth-no-colon"},
    {AUTHS("\"a.io\":{\"auth\":\"dXNlcjpwYXNzCg==\"}"), "6:22 auth-newline"},
    {AUTHS("\"a.io\":{\"username\":\"user\",\"password\":\"pass\",\"auth\":\"dXNlcjpwYXNzCg==\"}"),
     "6:22 auth-newline"},
    {AUTHS("\"a.io\":" LOGIN("user", PASSWORD "\\r\\n")), "6:22 auth-newline"},
    {AUTHS("\"a.io\":{\"username\":\"user\",\"password\":\"" PASSWORD
           "\",\"auth\":\"dXNlcjpwYXNz\"}"),
     "6:22 auth-mismatch"},
    {AUTHS("\"a.io\":{\"username\":\"user\",\"password\":\"pass\",\"auth\":\"dXNlcjpwYXNz\"}"), ""},
    {AUTHS("\"a.io\":{\"username\":\"user\",\"password\":\"${P}\",\"auth\":\"dXNlcjpwYXNz\"}"), ""},
    {AUTHS("\"${R}\":{\"username\":\"$U\",\"password\":\"$(P)\",\"auth\":\"{{ .a }}\"}"), ""},
    {DATA("ewogICJhdXRocyI6..."), "6:22 secret-placeholder"},
    {AUTHS("\"a.io\":{}"), "6:22 empty-entry"},
    {AUTHS("\"a.io\":null"), "6:22 empty-entry"},
    {AUTHS("\"a.io\":{\"auth\":\"dXNlcjo=\"}"), "6:22 empty-entry"},
    {AUTHS("\"a.io\":" LOGIN("", PASSWORD)), "6:22 empty-entry"},
    {AUTHS("\"a.io\":{\"identitytoken\":\"" PASSWORD "\"}"), "6:22 identity-token-only"},
    {AUTHS("\"a.io\":" LOGIN("<token>", PASSWORD)), ""},
    {AUTHS("\"a.io\":{\"auth\":\"dXNlcjpwYXNz\",\"identitytoken\":\"" PASSWORD "\"}"), ""},
    {AUTHS(GOOD "," GOOD), "6:22 duplicate-key"},
    {AUTHS(GOOD "," GOOD "," GOOD), "6:22 duplicate-key"},
    {PLAIN("{\"auths\":{" GOOD "},\"Auths\":{" GOOD "}}"), "6:22 duplicate-key"},
    {AUTHS("\"a.io\":{\"auth\":\"dXNlcjpwYXNz\",\"Auth\":\"dXNlcjpwYXNz\"}"), "6:22 duplicate-key"},
    {AUTHS("\"a.io\":{\"auth\":\"dXNlcjpwYXNz\",\"x\":1,\"x\":2}"), ""},
    {AUTHS("\"a.io\":" LOGIN("user", JWT_OVER)), "6:22 token-expired"},
    {AUTHS("\"a.io\":" LOGIN("user", JWT_HOUR)), "6:22 token-short-lived"},
    {AUTHS("\"a.io\":" LOGIN("user", JWT_YEARS)), ""},
    {AUTHS("\"123456789012.dkr.ecr.eu-west-1.amazonaws.com\":" LOGIN("AWS", PASSWORD)),
     "6:22 token-short-lived 6:22 credential-doubtful"},
    {AUTHS("\"123456789012.dkr.ecr.eu-west-1.amazonaws.com\":" LOGIN("me", JWT_YEARS)),
     "6:22 username-provider 6:22 credential-doubtful"},
    {AUTHS("\"nvcr.io\":" LOGIN("$oauthtoken", PASSWORD)), ""},
    {AUTHS("\"nvcr.io\":" LOGIN("me", PASSWORD)), "6:22 username-provider"},
    {AUTHS("\"nvcr.io\":" LOGIN("$USER", PASSWORD)), ""},
    {AUTHS("\"nvcr.io\":" LOGIN("me", "{{ .x }}")), ""},
};

/* What cannot be right, in data (base64) and in stringData. */
static const struct example credentials[] = {
    {AUTHS("\"a.io\":" LOGIN("u", "\\\"p\\\"")), "6:22 credential-doubtful"},
    {AUTHS("\"a.io\":" LOGIN("u", " p")), "6:22 credential-doubtful"},
    {AUTHS("\"a.io\":" LOGIN("u", "TOKEN=p")), "6:22 credential-doubtful"},
    {AUTHS("\"a.io\":" LOGIN("u", "Bearer p")), "6:22 credential-doubtful"},
    {AUTHS("\"a.io\":" LOGIN("u", "p\\u200b")), "6:22 credential-doubtful"},
    {AUTHS("\"a.io\":" LOGIN("u--docker-password=hunter2", "p")), "6:22 credential-doubtful"},
    {AUTHS("\"a.io\":" LOGIN("u", "p p")), ""},
    {AUTHS("\"a.io\":" LOGIN("u", "pa\\\"ss")), ""},
    {AUTHS("\"a.io\":" LOGIN("u", "   ")), "6:22 password-invalid"},
    {AUTHS("\"a.io\":" LOGIN("u", "{\\\"auths\\\":{}}")), "6:22 password-invalid"},
    {AUTHS("\"a.io\":" LOGIN("u", "{\\\"Username\\\":1,\\\"Secret\\\":2}")),
     "6:22 password-invalid"},
    {AUTHS("\"a.io\":" LOGIN("u", "{\\\"a\\\":{}}")), ""},
    {AUTHS("\"quay.io\":" LOGIN("u", "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")),
     "6:22 token-provider"},
    {AUTHS("\"ghcr.io\":" LOGIN("u", "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")), ""},
    {AUTHS("\"a.io\":" LOGIN("u", "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")), ""},
    {AUTHS("\"ghrc.io\":" LOGIN("u", "p")), "6:22 registry-lookalike"},
    {AUTHS("\"qauy.io\":" LOGIN("u", "p")), "6:22 registry-lookalike"},
    {AUTHS("\"github.com\":" LOGIN("u", "p")), "6:22 registry-no-images"},
    {AUTHS("\"github.com/acme/app/pkgs\":" LOGIN("u", "p")), "6:22 registry-no-images"},
    {AUTHS("\"quay.io/repository/a/b\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"quay.io/a/b/\":" LOGIN("u", "p")), ""},
    {AUTHS("\"azurecr.io\":" LOGIN("u", "p")), "6:22 registry-no-images"},
    {AUTHS("\"x.azurecr.io\":" LOGIN("u", "p")), ""},
    {AUTHS("\"*\":" LOGIN("u", "p")), "6:22 registry-no-images"},
    {AUTHS("\"*.azurecr.io\":" LOGIN("u", "p")), ""},
    {AUTHS("\"a.io\":" LOGIN("%!s(<nil>)", "%!s(<nil>)")), "6:22 secret-placeholder"},
    {AUTHS("\"a.io\":" LOGIN("u", "undefined")), "6:22 secret-placeholder"},
    {AUTHS("\"[name].azurecr.io\":" LOGIN("u", "p")), "6:22 secret-placeholder"},
    /* variables: behind base64 nothing fills them in */
    {AUTHS("\"a.io\":" LOGIN("u", "$TOKEN")), ""},
    {AUTHS("\"a.io\":{\"auth\":\"${AUTH}\"}"), ""},
    /* {"auths":{"a.io":{"username":"u","password":"$TOKEN"}}} */
    {DATA("eyJhdXRocyI6eyJhLmlvIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoiJFRPS0VOIn19fQ=="),
     "6:22 secret-placeholder"},
    /* {"auths":{"a.io":{"username":"u","password":"pa$word"}}} */
    {DATA("eyJhdXRocyI6eyJhLmlvIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoicGEkd29yZCJ9fX0="), ""},
    /* {"auths":{"a.io":{"auth":"${AUTH}"}}} */
    {DATA("eyJhdXRocyI6eyJhLmlvIjp7ImF1dGgiOiIke0FVVEh9In19fQ=="), "6:22 secret-placeholder"},
    /* {"auths":{"a.io":{"auth":"$A:$B"}}} */
    {DATA("eyJhdXRocyI6eyJhLmlvIjp7ImF1dGgiOiIkQTokQiJ9fX0="), "6:22 secret-placeholder"},
    /* {"auths":{"${REG}":{"auth":"YTpi"}}} */
    {DATA("eyJhdXRocyI6eyIke1JFR30iOnsiYXV0aCI6IllUcGkifX19"), "6:22 secret-placeholder"},
    {AUTHS("\"${REG}\":{\"auth\":\"YTpi\"}"), ""},
    {AUTHS("\"a.io\":{\"auth\":\"$A:$B\"}"), ""},
    /* auth of $A:$B */
    {AUTHS("\"a.io\":{\"auth\":\"JEE6JEI=\"}"), "6:22 secret-placeholder"},
    /* ${DOCKERCONFIGJSON} as a whole */
    {DATA("JHtET0NLRVJDT05GSUdKU09OfQ=="), "6:22 secret-placeholder"},
    {PLAIN("${DOCKERCONFIGJSON}"), ""},
};

static const struct example registries[] = {
    {AUTHS("\"HTTPS://ghcr.io\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"ghcr.io/*\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"reg ex.io\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"registry-1.docker.io\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"hub.docker.com\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"https://index.docker.io/v1\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"localreg\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"https://ghcr.io/v1\":" LOGIN("u", "p")),
     "6:22 registry-dead-key 6:22 registry-scheme"},
    {AUTHS("\"reg.io:5000/v2\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"ghcr.io/v3/\":" LOGIN("u", "p")), ""},
    {AUTHS("\"GHCR.io\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"https://Reg.Example.com/v2/\":" LOGIN("u", "p")),
     "6:22 registry-dead-key 6:22 registry-scheme"},
    {AUTHS("\"GHCR.io/Org\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {AUTHS("\"MyReg\":" LOGIN("u", "p")), "6:22 registry-dead-key"},
    {LEGACY("{\"*.Example.com\":" LOGIN("u", "p") "}"), "6:15 registry-dead-key"},
    {AUTHS("\"GHCR.io\":" LOGIN("u", "p") "," GOOD), "6:22 registry-dead-key "
                                                     "6:22 registry-ambiguous"},
    {AUTHS("\"GHCR.io\":" LOGIN("u", "p")) POD("GHCR.io/a/b:1"), ""},
    {POD("GHCR.io/a") AUTHS("\"https://GHCR.io/a/\":" LOGIN("u", "p")), "12:22 registry-scheme"},
    {AUTHS("\"*.Example.com\":" LOGIN("u", "p")) POD("reg.Example.com/a"), ""},
    {AUTHS("\"GHCR.io\":" LOGIN("u", "p")) POD("ghcr.io/a"), "6:22 registry-dead-key"},
    {AUTHS("\"GHCR.io\":" LOGIN("u", "p")) POD("GHCR.io:80/a"), "6:22 registry-dead-key"},
    {AUTHS("\"GHCR.io\":" LOGIN("u", "p")) POD("Reg.io/a"), "6:22 registry-dead-key"},
    {AUTHS("\"localreg:5000\":" LOGIN("u", "p")), ""},
    {AUTHS("\"*.azurecr.io\":" LOGIN("u", "p")), ""},
    {AUTHS("\"${REGISTRY}\":" LOGIN("u", "p")), ""},
    {AUTHS("\"$REGISTRY/*\":" LOGIN("u", "p")), ""},
    {AUTHS("\"docker.io\":" LOGIN("u", "p")), "6:22 registry-docker-hub-key"},
    {AUTHS("\"index.docker.io\":" LOGIN("u", "p")), "6:22 registry-docker-hub-key"},
    {AUTHS("\"http://index.docker.io/v1/\":" LOGIN("u", "p")), "6:22 registry-docker-hub-key"},
    {AUTHS("\"https://index.docker.io/v1/\":" LOGIN("u", "p")), ""},
    {AUTHS("\"https://index.docker.io/v1/access-token\":" LOGIN(
         "u", "p") ","
                   "\"https://index.docker.io/v1/\":" LOGIN("u", "p")),
     ""},
    {AUTHS("\"ghcr.io/org\":" LOGIN("u", "p")), "6:22 registry-prefix-leak"},
    {AUTHS("\"ghcr.io/org/\":" LOGIN("u", "p")), ""},
    {AUTHS("\"me:hunter2@ghcr.io\":" LOGIN("u", "p")), ""},
    {AUTHS("\"me:hunter2@ghcr.io/org/\":" LOGIN("u", "p")), ""},
    {AUTHS("\"me:hunter2@ghcr.io/org\":" LOGIN("u", "p")), "6:22 registry-prefix-leak"},
    {AUTHS("\"https://me:hunter2@ghcr.io/org\":" LOGIN("u", "p")),
     "6:22 registry-prefix-leak 6:22 registry-scheme"},
    {AUTHS("\"ghcr.io/v2/\":" LOGIN("u", "p")), ""},
    {AUTHS("\"ghcr.io\":" LOGIN("u", "p") ",\"ghcr.io/v1/\":" LOGIN("v", "q")),
     "6:22 registry-ambiguous"},
    {AUTHS("\"docker.io\":" LOGIN("u", "p") ",\"https://index.docker.io/v1/\":" LOGIN("v", "q")),
     "6:22 registry-docker-hub-key 6:22 registry-ambiguous"},
    {AUTHS("\"ghcr.io\":" LOGIN("u", "p") ",\"ghcr.io:443\":" LOGIN("v", "q")),
     "6:22 registry-port"},
    {AUTHS("\"ghcr.io:5000\":" LOGIN("u", "p")), ""},
    {AUTHS("\"docker.io:443\":" LOGIN("u", "p")), "6:22 registry-port"},
    {AUTHS("\"docker.com\":" LOGIN("u", "p")), "6:22 registry-no-images"},
    {AUTHS("\"https://ghcr.io\":" LOGIN("u", "p")), "6:22 registry-scheme"},
    {LEGACY("{\"https://ghcr.io\":" LOGIN("u", "p") "}"), "6:15 registry-scheme"},
};

static const struct example roles[] = {
    {ROLE("{apiGroups: [''], resources: [secrets], verbs: [get]}"), "5:33 rbac-secrets-unscoped"},
    {ROLE("{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [a]}"), ""},
    {ROLE("{apiGroups: [''], resources: [secrets], verbs: [create]}"), ""},
    {ROLE("{apiGroups: [''], resources: [secrets], verbs: [list]}"), "5:51 rbac-secrets-list"},
    {ROLE("{apiGroups: [''], resources: [secrets], verbs: [get, watch]}"),
     "5:33 rbac-secrets-unscoped 5:56 rbac-secrets-list"},
    {ROLE("{apiGroups: [''], resources: [secrets], verbs: [watch], resourceNames: [a]}"), ""},
    {ROLE("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}"), "5:34 rbac-secrets-wildcard"},
    {ROLE("{apiGroups: [''], resources: ['*'], verbs: [get]}"), "5:33 rbac-secrets-wildcard"},
    {ROLE("{apiGroups: [''], resources: [secrets], verbs: ['*']}"), "5:51 rbac-secrets-wildcard"},
    {ROLE("{apiGroups: [apps], resources: ['*'], verbs: ['*']}"), ""},
    {ROLE("{apiGroups: [''], resources: [pods], verbs: ['*']}"), ""},
    {ROLE("{nonResourceURLs: ['*'], verbs: ['*']}"), ""},
    {"apiVersion: example.com/v1\nkind: Role\nrules: [{apiGroups: ['*'], resources: ['*'], verbs: "
     "['*']}]\n",
     ""},
    {"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: "
     "null\n",
     ""},
};

/* Pod specs: line 2 is the head, line 3 the spec. */
#define BARE(spec)   "---\n{apiVersion: v1, kind: Pod, metadata: {name: p},\nspec: {" spec "}}\n"
#define ONE(image)   "containers: [{name: a, image: '" image "'}]"
#define NAMED(items) BARE("imagePullSecrets: " items ", " ONE("a"))
#define ROLLOUT(spec)                                                                              \
	"---\n{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: p},\nspec: "      \
	"{template: "                                                                              \
	"{spec: {" spec "}}}}\n"
#define DEPLOYMENT(around, spec)                                                                   \
	"---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: p},\nspec: {" around        \
	"template: {spec: {" spec "}}}}\n"
#define ACCOUNT(rest)                                                                              \
	"---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: a},\n" rest "}\n"
#define STATIC(annotation)                                                                         \
	"---\n{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {" annotation           \
	"}},\nspec: "                                                                              \
	"{imagePullSecrets: [{name: s}], " ONE("a") "}}\n"

static const struct example pods[] = {
    /* strings */
    {"apiVersion: v1\nkind: Pod\nmetadata: {name: true, namespace: 12}\nspec: {containers: []}\n",
     "3:18 object-invalid 3:35 object-invalid"},
    {"apiVersion: v1\nkind: Pod\nmetadata: {name: .inf, labels: {a: .nan, b: x}}\n"
     "spec: {serviceAccountName: 1, containers: [{name: no, image: 1.25}]}\n",
     "3:18 object-invalid 3:36 object-invalid 4:28 object-invalid 4:62 object-invalid"},
    {"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":null},\"spec\":"
     "{\"template\":{\"metadata\":{\"labels\":{\"v\":1}},\"spec\":{\"containers\":[]}}}}",
     "1:116 object-invalid"},
    {"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: 5, annotations: {a: yes}}\n",
     "3:18 object-invalid 3:38 object-invalid"},
    {"apiVersion: example.com/v1\nkind: App\nmetadata: {name: a}\nspec: {containers: [{name: 1, "
     "image: {tag: x}}]}\n",
     ""},
    {"{\"auths\":{\"ghcr.io\":{\"auth\":\"dTpw\"}}}", "1:1 object-invalid"},
    {"{\"name\":\"x\",\"version\":\"1\"}", ""},
    {"auths: {ghcr.io: {username: u, password: p}}\nimage: x\n", ""},
    /* the list */
    {NAMED("[{name: a}, {name: b.c}]"), ""},
    {NAMED("[]"), ""},
    {NAMED("null"), ""},
    {NAMED("[{name: ''}, {}, null]"), ""},
    {NAMED("'{{ .x }}'"), ""},
    {NAMED("['{{ .x }}', {name: '${NAME}'}]"), ""},
    {NAMED("[a]"), "3:27 ref-shape"},
    {NAMED("[5]"), "3:27 ref-shape"},
    {NAMED("[[a]]"), "3:27 ref-shape"},
    {NAMED("[{secretName: a}]"), "3:28 ref-shape"},
    {NAMED("[{name: a, namespace: b}]"), "3:37 ref-shape"},
    {NAMED("[{name: a, $patch: delete}, {$patch: replace}]"), ""},
    {NAMED("[{name: 5}]"), "3:34 ref-shape"},
    {NAMED("[{name: My_Secret}]"), "3:34 ref-shape"},
    {NAMED("[{name: ns/regcred}]"), "3:34 ref-shape"},
    {NAMED("{name: a}"), "3:26 ref-shape"},
    {NAMED("regcred"), "3:26 ref-shape"},
    {ROLLOUT("imagePullSecrets: [a], " ONE("a")), "3:45 ref-shape"},
    /* the field */
    {BARE("imagePullSecret: [{name: a}], " ONE("a")), "3:8 ref-shape"},
    {BARE("imagepullsecrets: [{name: a}], " ONE("a")), "3:8 ref-shape"},
    {BARE("image_pull_secrets: [{name: a}], " ONE("a")), "3:8 ref-shape"},
    {BARE("imagePullSecerts: [{name: a}], " ONE("a")), "3:8 ref-shape"},
    {BARE("imagePullPolicy: Always, " ONE("a")), ""},
    {BARE("containers: [{name: a, image: a, imagePullPolicy: Never}]"), ""},
    {BARE("containers: [{name: a, image: a, imagePullSecrets: [{name: s}]}]"), "3:41 ref-shape"},
    {BARE(ONE("a") ", initContainers: [{name: a, image: a, imagePullSecret: s}]"),
     "3:82 ref-shape"},
    {DEPLOYMENT("", "imagePullSecrets: [{name: s}], " ONE("a")), ""},
    {DEPLOYMENT("imagePullSecrets: [{name: s}], ", ONE("a")), "3:8 ref-shape"},
    {"---\n{apiVersion: batch/v1, kind: CronJob, metadata: {name: p},\nspec: {jobTemplate: {spec: "
     "{template: {imagePullSecrets: [], spec: {" ONE("a") "}}}}}}\n",
     "3:40 ref-shape"},
    {"---\n{apiVersion: v1, kind: Pod, metadata: {name: p},\nimagePullSecrets: [{name: s}], spec: "
     "{" ONE("a") "}}\n",
     "3:1 ref-shape"},
    {ACCOUNT("imagePullSecrets: [a]"), "3:20 ref-shape"},
    {ACCOUNT("imagePullSecret: [{name: a}]"), "3:1 ref-shape"},
    {ACCOUNT("spec: {imagePullSecrets: [{name: a}]}"), "3:8 ref-shape"},
    {"---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: p},\nspec: {template: "
     "{metadata: "
     "{imagePullSecrets: [{name: s}]}, spec: {" ONE("a") "}}}}\n",
     "3:30 ref-shape"},
    {BARE("securityContext: {imagePullSecrets: [{name: s}]}, " ONE("a")), "3:26 ref-shape"},
    {ACCOUNT("imagePullSecrets: [{name: a}]"), ""},
    /* fields of the same name that are others' */
    {"---\n{apiVersion: sparkoperator.k8s.io/v1beta2, kind: SparkApplication, metadata: {name: p}, "
     "spec: {image: a, imagePullSecrets: [a]}}\n",
     ""},
    {"---\n{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: p}, spec: "
     "{imagePullSecrets: [a], template: {spec: {" ONE("a") "}}}}\n",
     ""},
    {"---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: p}, data: {imagePullSecrets: 'a'}}\n",
     ""},
    /* images */
    {BARE(ONE("ghcr.io/localhost:5001/a:v1")), "3:38 image-invalid"},
    {BARE(ONE("https://ghcr.io/a/b")), "3:38 image-invalid"},
    {BARE(ONE("ghcr.io/App:1")), "3:38 image-invalid"},
    {BARE(ONE("None:None")), "3:38 image-invalid"},
    {BARE(ONE("a b")), "3:38 image-invalid"},
    {ROLLOUT(ONE("A/B:c:d")), "3:56 image-invalid"},
    {BARE(ONE("a") ", volumes: [{name: a, image: {reference: 'a b'}}]"), "3:84 image-invalid"},
    {BARE(ONE("localhost:5000/a@sha256:"
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")),
     ""},
    {BARE(ONE("auto")), ""},
    {BARE(ONE("{{ .Values.Image }}")), ""},
    {BARE(ONE("$REGISTRY/A")), ""},
    {BARE(ONE("ko://github.com/Org/App/cmd")), ""},
    {BARE(ONE("IMAGE_NAME")), ""},
    {BARE(ONE("<your image>")), "3:38 image-invalid"},
    {BARE(ONE("@IMAGE@")), ""},
    {BARE("containers: [{name: a, image: ''}]"), ""},
    /* static Pods */
    {STATIC("kubernetes.io/config.source: file"), "3:34 static-pod"},
    {STATIC("kubernetes.io/config.source: api"), ""},
    {STATIC("kubernetes.io/config.mirror: abc"), "3:34 static-pod"},
    {STATIC("a: b"), ""},
    /* Secrets that are only mounted */
    {DATA(CONFIG_B64) ACCOUNT("secrets: [{name: s}]"), "9:18 ref-mount-only"},
    {DATA(CONFIG_B64) ACCOUNT("secrets: [{name: s}], imagePullSecrets: [{name: s}]"), ""},
    {DATA(CONFIG_B64) ACCOUNT("secrets: [{name: other}]"), ""},
    {DATA(CONFIG_B64) ACCOUNT("imagePullSecrets: [{name: s}]"), ""},
    {HEAD "type: Opaque\n" ACCOUNT("secrets: [{name: s}]"), ""},
    {"apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: b}\n"
     "type: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: " CONFIG_B64 "}\n"
     "---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, namespace: c}, "
     "secrets: [{name: s}]}\n",
     ""},
};

static void check_examples(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_text(examples[i].text, examples[i].expected);
}

static void test_documents(void **state)
{
	(void)state;
	check_examples(documents, COUNT(documents));
}

static void test_secrets(void **state)
{
	(void)state;
	check_examples(secrets, COUNT(secrets));
}

static void test_configs(void **state)
{
	(void)state;
	check_examples(configs, COUNT(configs));
}

static void test_credentials(void **state)
{
	(void)state;
	check_examples(credentials, COUNT(credentials));
}

static void test_registries(void **state)
{
	(void)state;
	check_examples(registries, COUNT(registries));
}

static void test_roles(void **state)
{
	(void)state;
	check_examples(roles, COUNT(roles));
}

static void test_pods(void **state)
{
	(void)state;
	check_examples(pods, COUNT(pods));
}

/* ---- Silence ---- */

static const char *const sound[] = {
    "",
    "# nothing\n",
    "{}",
    "null\n",
    "---\n---\n...\n",
    "apiVersion: v1\nkind: List\nitems: []\n",
    "{\"apiVersion\":\"v1\",\"kind\":\"SecretList\",\"items\":null}",
    HEAD "type: Opaque\ndata: {password: c2VjcmV0}\nstringData: {token: '<token>'}\n",
    HEAD "type: kubernetes.io/tls\ndata: {tls.crt: eA==, tls.key: eA==}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_b}\ndata:\n  s.yaml: |\n    kind: Secret\n"
    "    data: {a: '<base64>'}\n",
    "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec:\n"
    "  encryptedData: {.dockerconfigjson: AgBy}\n"
    "  template: {type: kubernetes.io/dockerconfigjson}\n",
    "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: s}\nspec:\n"
    "  target:\n    template: {type: kubernetes.io/dockerconfigjson}\n",
    "apiVersion: example.com/v1\nkind: Secret\nmetadata: {name: A_b}\ndata: 5\n",
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n"
    "  kind: Secret\n  data: {.dockerconfigjson: '<base64>'}\n",
    "imagePullSecrets: []\nimage: {repository: x, tag: '<tag>'}\nauths: {ghcr.io: {}}\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator:\n"
    "- name: s\n  type: kubernetes.io/dockerconfigjson\n  files: [.dockerconfigjson=x.json]\n",
    "services:\n  web: {image: 'ghcr.io/org/web'}\nsecrets: {a: {file: b}}\n",
    "on: push\njobs: {a: {runs-on: x, steps: [{run: 'echo ${{ secrets.X }}'}]}}\n",
    "{\"name\":\"x\",\"version\":\"1.0.0\",\"dependencies\":{}}",
    "{\"openapi\":\"3.0.0\",\"paths\":{\"/a\":{\"get\":{}}}}",
    "{\"auths\":{\"ghcr.io\":{}}}",
    "# Source: chart/templates/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n"
    "  name: s\n  labels: &a {b: c}\n  annotations: *a\n"
    "---\n# apiVersion: v1\n# kind: Secret\n# data: {a: '<base64>'}\n",
};

static void test_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sound); i++)
		check_text(sound[i], "");
}

/* ---- What the API server took and refused ---- */

static void append_manifest(struct vector_file *file, struct buf *out)
{
	size_t len, generated;
	const char *text = vector_string(file, "manifest", &len);
	const char *hole;

	if (text) {
		buf_append(out, text, len);
		return;
	}
	text = vector_string(file, "manifest_template", &len);
	hole = strstr(text, "@GEN@");
	generated = (size_t)cJSON_GetObjectItem(file->json, "gen")->valueint;
	buf_append(out, text, (size_t)(hole - text));
	buf_append_repeated(out, 'A', generated);
	buf_append_string(out, hole + 5);
}

/* What other tools write where there is nothing: no mistake here. */
static bool is_nothing(const struct buf *text)
{
	return text->len == strspn(text->data, " \n") || strcmp(text->data, "{}") == 0 ||
	       strcmp(text->data, "null") == 0;
}

static void check_vector(struct vector_file *file)
{
	struct check *check = check_new(&usual);
	struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	bool accepted = vector_bool(file, "accepted"), refused = false, errors = false;

	append_manifest(file, &text);
	add_text(check, 0, text.data, text.len);
	check_finish(check);
	for (size_t i = 0; i < check_results(check)->finding_count; i++) {
		enum check_rule rule = check_results(check)->findings[i].rule;

		refused = refused || rule == CHECK_OBJECT_INVALID || rule == CHECK_PARSE_ERROR;
		errors = errors || check_rule_facts(rule)->severity == SEVERITY_ERROR;
	}
	if (accepted && refused)
		vector_fail(file, "is called invalid");
	if (!accepted && !errors && !is_nothing(&text))
		vector_fail(file, "is not found");
	buf_release(&text);
	check_free(&check);
}

static void test_admission(void **state)
{
	struct vector_file file;

	(void)state;
	vector_file_open(&file, "secret-admission.jsonl");
	while (vector_file_next(&file))
		check_vector(&file);
	vector_file_close(&file);
}

/* ---- Ignoring ---- */

#define IGNORING(rules)                                                                            \
	"apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    "                 \
	"regcred-gen/ignore: '" rules                                                              \
	"'\ntype: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: e30, a: x}\n"

static void test_ignoring(void **state)
{
	const char *text = DATA("e30") "---\n" DATA("WzFd");
	struct check_options options = usual;

	(void)state;
	options.ignored = check_rule_bit(CHECK_SECRET_BASE64);
	check_texts(&options, &text, 1, "13:22 config-json");
	check_text(IGNORING("config-json"), "8:27 secret-base64 8:35 secret-base64");
	check_text(IGNORING("secret-base64"), "");
	check_text(IGNORING("config-json, secret-base64 ,"), "");
}

static void test_unknown_ignored(void **state)
{
	const char *text = IGNORING("secret-base46,secret-base64");
	struct check *check = check_new(&usual);

	(void)state;
	add_text(check, 3, text, strlen(text));
	check_finish(check);
	assert_int_equal(check_results(check)->finding_count, 0);
	assert_int_equal(check_results(check)->remark_count, 1);
	assert_int_equal(check_results(check)->remarks[0].file, 3);
	assert_int_equal(check_results(check)->remarks[0].place.line, 6);
	assert_int_equal(check_results(check)->remarks[0].place.column, 25);
	assert_string_equal(check_results(check)->remarks[0].word, "secret-base46");
	check_free(&check);
}

/* ---- Order, files, rules ---- */

static void test_order(void **state)
{
	const char *const texts[] = {DATA("WzFd"), "a: {{ b }}\n---\n" DATA("x"),
	                             DATA("x") "---\n" DATA("WzFd")};

	(void)state;
	check_texts(&usual, texts, COUNT(texts),
	            "6:22 config-json 1/1:4 template 2/6:22 secret-base64 2/13:22 config-json");
}

static void test_json_places(void **state)
{
	(void)state;
	check_text("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n"
	           "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\n"
	           " \"type\":\"kubernetes.io/dockerconfigjson\",\n"
	           " \"data\":{\".dockerconfigjson\":\"e30=\",\"a\":\"?\"}}]}",
	           "4:30 config-no-auths 4:41 secret-base64");
}

static void test_rules(void **state)
{
	(void)state;
	for (int i = 0; i < CHECK_RULE_COUNT; i++) {
		const struct check_rule_facts *rule = check_rule_facts((enum check_rule)i);

		assert_non_null(rule->id);
		assert_int_equal(check_rule_find(rule->id, strlen(rule->id)), i);
		assert_true(strlen(rule->reason) > 10 && !strchr(rule->reason, '\n'));
		assert_true(strlen(rule->help) > 40);
	}
	assert_int_equal(check_rule_find("parse-errors", 12), CHECK_RULE_COUNT);
	assert_int_equal(check_rule_find("", 0), CHECK_RULE_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_documents, settle),
	    cmocka_unit_test_teardown(test_secrets, settle),
	    cmocka_unit_test_teardown(test_configs, settle),
	    cmocka_unit_test_teardown(test_credentials, settle),
	    cmocka_unit_test_teardown(test_registries, settle),
	    cmocka_unit_test_teardown(test_roles, settle),
	    cmocka_unit_test_teardown(test_pods, settle),
	    cmocka_unit_test_teardown(test_sound, settle),
	    cmocka_unit_test_teardown(test_admission, settle),
	    cmocka_unit_test_teardown(test_ignoring, settle),
	    cmocka_unit_test_teardown(test_unknown_ignored, settle),
	    cmocka_unit_test_teardown(test_order, settle),
	    cmocka_unit_test_teardown(test_json_places, settle),
	    cmocka_unit_test_teardown(test_rules, settle),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
