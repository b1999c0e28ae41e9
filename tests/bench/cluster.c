/*
 * Write a cluster as kubectl prints it; always the same for the same arguments.
 *
 *   cluster json MIB         kubectl get secrets,sa,pods -A --show-managed-fields -o json
 *   cluster yaml MIB         the same content with -o yaml
 *   cluster secrets N M      N pull secrets of M entries each, as YAML documents
 *
 * MIB is the least size; it ends with the namespace that reaches it. Nothing is wrong with what
 * it writes: every Pod finds its Secret, and every image its registry. The layout is that of
 * kubectl 1.32: JSON by four spaces, YAML by two with lists as deep as their keys, both sorted.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PODS = 40, DEPTH = 64, STATUS_USAGE = 2, RELEASE_BYTES = 24000 };

static bool yaml;
static uint64_t written;
static int depth;          /* of JSON: open objects and lists; of YAML: blanks / 2 */
static bool filled[DEPTH]; /* JSON: whether something stands before */
static bool dash;          /* YAML: the next line begins an item */
static uint64_t state = 1;

/* ---- Bytes ---- */

static void out(const char *text, size_t len)
{
	fwrite(text, 1, len, stdout);
	written += len;
}

static void say(const char *text)
{
	out(text, strlen(text));
}

static void blanks(int count)
{
	static const char blank[] =
	    "                                                                ";

	for (; count > 0; count -= (int)sizeof(blank) - 1)
		out(blank, count < (int)sizeof(blank) - 1 ? (size_t)count : sizeof(blank) - 1);
}

static void json_text(const char *text)
{
	say("\"");
	for (; *text; text++) {
		size_t plain = strcspn(text, "\"\\");

		out(text, plain);
		text += plain;
		if (!*text)
			break;
		say("\\");
		out(text, 1);
	}
	say("\"");
}

/* ---- Both layouts ---- */

/* Begins a line: the key, if there is one. */
static void begin_line(const char *key)
{
	if (yaml) {
		blanks(2 * depth - (dash ? 2 : 0));
		say(dash ? "- " : "");
		dash = false;
		if (key) {
			say(key);
			say(":");
		}
		return;
	}
	say(filled[depth] ? ",\n" : depth ? "\n" : "");
	filled[depth] = true;
	blanks(4 * depth);
	if (key) {
		json_text(key);
		say(": ");
	}
}

/* An object under a key, or an item that is one. */
static void open_map(const char *key)
{
	if (yaml) {
		if (key) {
			begin_line(key);
			say("\n");
		}
		dash = !key && depth >= 0;
		depth++;
		return;
	}
	begin_line(key);
	say("{");
	filled[++depth] = false;
}

static void close_json(const char *end)
{
	depth--;
	say("\n");
	blanks(4 * depth);
	say(end);
}

static void close_map(void)
{
	if (yaml)
		depth--;
	else
		close_json("}");
}

static void open_list(const char *key)
{
	begin_line(key);
	if (yaml) {
		say("\n");
		return;
	}
	say("[");
	filled[++depth] = false;
}

static void close_list(void)
{
	if (!yaml)
		close_json("]");
}

/* A value that YAML, too, has without quotes around it: a number, a word, {}. */
static void bare(const char *key, const char *value)
{
	begin_line(key);
	say(yaml ? " " : "");
	say(value);
	say(yaml ? "\n" : "");
}

/* A string that YAML must have in quotes. */
static void quoted(const char *key, const char *value)
{
	begin_line(key);
	say(yaml ? " " : "");
	json_text(value);
	say(yaml ? "\n" : "");
}

static void text(const char *key, const char *value)
{
	if (yaml)
		bare(key, value);
	else
		quoted(key, value);
}

__attribute__((format(printf, 2, 3))) static void format(const char *key, const char *format, ...)
{
	char value[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(value, sizeof(value), format, arguments);
	va_end(arguments);
	text(key, value);
}

/* ---- Content ---- */

/* xorshift64*, Vigna 2016 */
static uint64_t random_number(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

static void base64(const char *from, size_t len, char *to)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *bytes = (const unsigned char *)from;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16;

		three |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
		three |= i + 2 < len ? bytes[i + 2] : 0;
		*to++ = alphabet[three >> 18];
		*to++ = alphabet[three >> 12 & 63];
		*to++ = i + 1 < len ? alphabet[three >> 6 & 63] : '=';
		*to++ = i + 2 < len ? alphabet[three & 63] : '=';
	}
	*to = '\0';
}

static void uid(const char *key)
{
	uint64_t a = random_number(), b = random_number();

	format(key, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(a >> 32),
	       (unsigned)(a >> 16 & 0xFFFF), (unsigned)(a & 0xFFF), (unsigned)(b & 0xFFF),
	       (unsigned long long)(b >> 16));
}

/* The members of a tree of managed fields, with blanks between them: NAME> begins what NAME holds,
 * } ends it. */
static void fields(const char *tree)
{
	char key[128];

	for (size_t len; (tree += strspn(tree, " "), *tree); tree += len) {
		len = strcspn(tree, " ");
		snprintf(key, sizeof(key), "%.*s", (int)len, tree);
		if (strcmp(key, "}") == 0)
			close_map();
		else if (key[len - 1] == '>') {
			key[len - 1] = '\0';
			open_map(key);
		} else
			bare(key, "{}");
	}
}

static void managed(const char *manager, const char *tree)
{
	open_map(NULL);
	text("apiVersion", "v1");
	text("fieldsType", "FieldsV1");
	open_map("fieldsV1");
	fields(tree);
	close_map();
	text("manager", manager);
	text("operation", "Update");
	quoted("time", "2024-03-01T09:30:00Z");
	close_map();
}

static void begin_object(const char *kind)
{
	open_map(NULL);
	text("apiVersion", "v1");
	if (strcmp(kind, "Secret") != 0) /* its data is sorted in between */
		text("kind", kind);
}

static void end_metadata(int ns)
{
	char version[32];

	format("namespace", "team-%05d", ns);
	snprintf(version, sizeof(version), "%u", (unsigned)(random_number() >> 36));
	quoted("resourceVersion", version);
	uid("uid");
	close_map();
}

static void secret_metadata(const char *name, int ns)
{
	text("kind", "Secret");
	open_map("metadata");
	quoted("creationTimestamp", "2024-03-01T09:30:00Z");
	open_list("managedFields");
	managed("kubectl", "f:data> . f:.dockerconfigjson } f:type");
	close_list();
	text("name", name);
	end_metadata(ns);
}

static void print_config(char *config, size_t size, int entries)
{
	size_t at = (size_t)snprintf(config, size, "{\"auths\":{");

	for (int i = 0; i < entries; i++) {
		char pair[64], auth[128];

		snprintf(pair, sizeof(pair), "puller:%016llx", (unsigned long long)random_number());
		base64(pair, strlen(pair), auth);
		at += (size_t)snprintf(config + at, size - at,
		                       "%s\"registry-%05d.example.com\":{\"username\":\"puller\","
		                       "\"password\":\"%s\",\"auth\":\"%s\"}",
		                       i ? "," : "", i, pair + 7, auth);
	}
	snprintf(config + at, size - at, "}}");
}

static void pull_secret(int ns)
{
	char config[512], encoded[1024];

	print_config(config, sizeof(config), 2);
	base64(config, strlen(config), encoded);
	begin_object("Secret");
	open_map("data");
	text(".dockerconfigjson", encoded);
	close_map();
	secret_metadata("regcred", ns);
	text("type", "kubernetes.io/dockerconfigjson");
	close_map();
}

static void opaque_secret(int ns)
{
	begin_object("Secret");
	open_map("data");
	text("DATABASE_URL", "cG9zdGdyZXM6Ly9kYi5leGFtcGxlLmNvbTo1NDMyL2FwcA==");
	text("SESSION_KEY", "c2FtcGxlLXNlc3Npb24ta2V5LW9mLXRoaXJ0eS10d28=");
	close_map();
	secret_metadata("app-settings", ns);
	text("type", "Opaque");
	close_map();
}

/* What Helm keeps of a release is the largest thing in most clusters. */
static void release_secret(int ns)
{
	static char bytes[RELEASE_BYTES], encoded[RELEASE_BYTES * 2];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(33 + random_number() % 90);
	base64(bytes, sizeof(bytes), encoded);
	begin_object("Secret");
	open_map("data");
	text("release", encoded);
	close_map();
	secret_metadata("sh.helm.release.v1.app.v1", ns);
	text("type", "helm.sh/release.v1");
	close_map();
}

static void service_account(const char *name, int ns)
{
	open_map(NULL);
	text("apiVersion", "v1");
	open_list("imagePullSecrets");
	open_map(NULL);
	text("name", "regcred");
	close_map();
	close_list();
	text("kind", "ServiceAccount");
	open_map("metadata");
	quoted("creationTimestamp", "2024-03-01T09:30:00Z");
	text("name", name);
	end_metadata(ns);
	close_map();
}

static void pod_metadata(int ns, int number)
{
	open_map("metadata");
	open_map("annotations");
	quoted("prometheus.io/port", "8080");
	quoted("prometheus.io/scrape", "true");
	close_map();
	quoted("creationTimestamp", "2024-03-01T09:30:00Z");
	text("generateName", "app-6d5f7c9b8-");
	open_map("labels");
	text("app.kubernetes.io/instance", "app");
	text("app.kubernetes.io/name", "app");
	text("pod-template-hash", "6d5f7c9b8x");
	close_map();
	open_list("managedFields");
	managed("kube-controller-manager",
	        "f:metadata> f:annotations> . f:prometheus.io/port f:prometheus.io/scrape } "
	        "f:generateName f:labels> . f:app.kubernetes.io/instance f:app.kubernetes.io/name "
	        "f:pod-template-hash } f:ownerReferences> . } } f:spec> f:containers> "
	        "k:{\"name\":\"app\"}> . f:env> . k:{\"name\":\"LOG_LEVEL\"}> . f:name f:value } } "
	        "f:image f:imagePullPolicy f:name f:ports> . } f:resources> . f:limits> . f:cpu "
	        "f:memory } } f:terminationMessagePath f:terminationMessagePolicy } } f:dnsPolicy "
	        "f:enableServiceLinks f:imagePullSecrets> . } f:restartPolicy f:schedulerName "
	        "f:securityContext f:terminationGracePeriodSeconds }");
	managed("kubelet",
	        "f:status> f:conditions> . } f:containerStatuses f:hostIP f:phase f:podIP "
	        "f:startTime }");
	close_list();
	format("name", "app-6d5f7c9b8-%05d", number);
	end_metadata(ns);
}

static void variable(const char *name, const char *value)
{
	open_map(NULL);
	text("name", name);
	text("value", value);
	close_map();
}

static void container(const char *name, int registry, int tag)
{
	open_map(NULL);
	open_list("env");
	variable("LOG_LEVEL", "info");
	variable("DATABASE_HOST", "db.example.com");
	open_map(NULL);
	text("name", "POD_IP");
	open_map("valueFrom");
	open_map("fieldRef");
	text("apiVersion", "v1");
	text("fieldPath", "status.podIP");
	close_map();
	close_map();
	close_map();
	close_list();
	format("image", "registry-%05d.example.com/team/%s:1.%d.0", registry, name, tag);
	text("imagePullPolicy", "IfNotPresent");
	text("name", name);
	open_list("ports");
	open_map(NULL);
	bare("containerPort", "8080");
	text("name", "http");
	text("protocol", "TCP");
	close_map();
	close_list();
	open_map("resources");
	open_map("limits");
	text("cpu", "500m");
	text("memory", "256Mi");
	close_map();
	close_map();
	text("terminationMessagePath", "/dev/termination-log");
	text("terminationMessagePolicy", "File");
	open_list("volumeMounts");
	open_map(NULL);
	text("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount");
	text("name", "kube-api-access-x7k2m");
	bare("readOnly", "true");
	close_map();
	close_list();
	close_map();
}

static void toleration(const char *key)
{
	open_map(NULL);
	text("effect", "NoExecute");
	text("key", key);
	text("operator", "Exists");
	bare("tolerationSeconds", "300");
	close_map();
}

static void pod_spec(int number)
{
	open_map("spec");
	open_list("containers");
	container("app", 0, number % 20);
	container("proxy", 1, 4);
	close_list();
	text("dnsPolicy", "ClusterFirst");
	bare("enableServiceLinks", "true");
	open_list("imagePullSecrets");
	open_map(NULL);
	text("name", "regcred");
	close_map();
	close_list();
	format("nodeName", "node-%03d.example.com", number % 200);
	text("preemptionPolicy", "PreemptLowerPriority");
	bare("priority", "0");
	text("restartPolicy", "Always");
	text("schedulerName", "default-scheduler");
	bare("securityContext", "{}");
	text("serviceAccount", "app");
	text("serviceAccountName", "app");
	bare("terminationGracePeriodSeconds", "30");
	open_list("tolerations");
	toleration("node.kubernetes.io/not-ready");
	toleration("node.kubernetes.io/unreachable");
	close_list();
	close_map();
}

static void pod_status(int number)
{
	static const char *const conditions[] = {"Initialized", "Ready", "ContainersReady",
	                                         "PodScheduled"};

	open_map("status");
	open_list("conditions");
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++) {
		open_map(NULL);
		bare("lastProbeTime", "null");
		quoted("lastTransitionTime", "2024-03-01T09:30:00Z");
		quoted("status", "True");
		text("type", conditions[i]);
		close_map();
	}
	close_list();
	format("hostIP", "10.0.%d.%d", number % 200, number % 250);
	text("phase", "Running");
	format("podIP", "10.1.%d.%d", number % 200, number % 250);
	text("qosClass", "Burstable");
	quoted("startTime", "2024-03-01T09:30:00Z");
	close_map();
}

static void pod(int ns, int number)
{
	begin_object("Pod");
	pod_metadata(ns, number);
	pod_spec(number);
	pod_status(number);
	close_map();
}

static void write_cluster(uint64_t size)
{
	depth = yaml ? -1 : 0;
	open_map(NULL);
	dash = false;
	text("apiVersion", "v1");
	open_list("items");
	for (int ns = 0; written < size; ns++) {
		pull_secret(ns);
		opaque_secret(ns);
		release_secret(ns);
		service_account("default", ns);
		service_account("app", ns);
		for (int i = 0; i < PODS; i++)
			pod(ns, ns * PODS + i);
	}
	close_list();
	text("kind", "List");
	open_map("metadata");
	quoted("resourceVersion", "");
	close_map();
	close_map();
	say(yaml ? "" : "\n");
}

static void write_secrets(int count, int entries)
{
	size_t size = (size_t)entries * 256 + 64;
	char *config = malloc(size), *encoded = malloc(size * 2);

	if (!config || !encoded) {
		perror("cluster");
		exit(1);
	}
	for (int i = 0; i < count; i++) {
		print_config(config, size, entries);
		base64(config, strlen(config), encoded);
		printf("%sapiVersion: v1\nkind: Secret\nmetadata:\n  name: pull-%05d\ntype: "
		       "kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: %s\n",
		       i ? "---\n" : "", i, encoded);
	}
	free(config);
	free(encoded);
}

static int number_from(const char *digits)
{
	char *end;
	long number = strtol(digits, &end, 10);

	if (*digits == '\0' || *end != '\0' || number < 1 || number > 100000)
		number = 0;
	return (int)number;
}

int main(int argc, char **argv)
{
	int first = argc > 2 ? number_from(argv[2]) : 0;
	int second = argc > 3 ? number_from(argv[3]) : 0;

	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	if (argc == 4 && strcmp(argv[1], "secrets") == 0 && first && second)
		write_secrets(first, second);
	else if (argc == 3 && first &&
	         (strcmp(argv[1], "json") == 0 || strcmp(argv[1], "yaml") == 0)) {
		yaml = argv[1][0] == 'y';
		write_cluster((uint64_t)first << 20);
	} else {
		fputs("usage: cluster json|yaml MIB | cluster secrets N M\n", stderr);
		return STATUS_USAGE;
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
