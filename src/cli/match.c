#include "match.h"

#include <string.h>
#include <unistd.h>

#include "../io/input.h"
#include "../io/output.h"
#include "commands.h"
#include "gathering.h"
#include "match_output.h"
#include "reading.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"

struct match_request {
	struct reading_request secrets;   /* -f */
	struct reading_request workloads; /* --for */
	const char *namespace;
	struct string_list images;
	bool json, output_given;
};

static void release_request(struct match_request *request)
{
	reading_release(&request->secrets);
	reading_release(&request->workloads);
	string_list_release(&request->images);
}

/* --- options -------------------------------------------------------------------------- */

static bool set_image(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct match_request *request = context;

	(void)row;
	(void)error;
	string_list_add(&request->images, value);
	return true;
}

static bool set_for(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct match_request *request = context;

	return reading_set_file(&request->workloads, row, value, error);
}

static bool set_namespace(void *context, const struct option_row *row, char *value,
                          struct error *error)
{
	struct match_request *request = context;

	return options_set_once(&request->namespace, row, value, error) &&
	       k8s_name_check(K8S_NAME_NAMESPACE, value, strlen(value), error);
}

static bool set_output(void *context, const struct option_row *row, char *value,
                       struct error *error)
{
	struct match_request *request = context;

	int index;

	if (!options_take_word(row, value, &request->output_given, &index, error))
		return false;
	request->json = index == 1;
	return true;
}

/* clang-format off */
static const struct option_row rows[] = {
	READING_ROW,
	{NULL, "for", NULL, 0, "FILE",
	 "take images and pull Secrets from its workloads; repeatable", VALUE_FILE, NULL, set_for},
	{NULL, "namespace", NULL, 'n', "NS",
	 "look at this namespace alone", VALUE_ANY, NULL, set_namespace},
	{"Output", "output", NULL, 'o', "FORMAT", "text (default) or json", VALUE_WORDS, "text json", set_output},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table match_options = {rows, set_image, "match"};

/* --- what there is to answer ------------------------------------------------------------- */

/* The images that were given are one Pod's, which uses every Secret. */
static bool add_images(const struct match_request *request, struct gathering *gathering,
                       struct error *error)
{
	struct pod *pod = request->images.count ? gathering_add_pod(gathering, error) : NULL;

	if (!pod)
		return request->images.count == 0;
	for (size_t i = 0; i < request->images.count; i++)
		string_list_add(&pod->images, request->images.items[i].data);
	return true;
}

/* --for FILE first. Workloads beside the Secrets count if nothing else says which
 * images are meant. */
static bool gather(struct match_request *request, struct gathering *gathering, struct error *error)
{
	bool asked = request->images.count || request->workloads.files.count;

	if (!add_images(request, gathering, error))
		return false;
	if (request->workloads.files.count) {
		gathering->wants = GATHER_ALL;
		if (!gathering_read(gathering, &request->workloads, error))
			return false;
	}
	gathering->wants = asked ? GATHER_SECRETS | GATHER_ACCOUNTS : GATHER_ALL;
	return !request->secrets.files.count || gathering_read(gathering, &request->secrets, error);
}

static bool settle(struct match_request *request, struct error *error)
{
	request->workloads.common = request->secrets.common;
	if (request->secrets.reads_stdin && request->workloads.reads_stdin)
		return error_set(error, DIAGNOSTIC_STDIN_TWICE, NULL,
		                 "-f and --for both want standard input");
	request->workloads.recursive = request->secrets.recursive;
	return reading_expand(&request->workloads, error) &&
	       (request->workloads.reads_stdin ? reading_expand(&request->secrets, error)
	                                       : reading_settle(&request->secrets, error));
}

static bool fail_without_images(const struct match_request *request, struct error *error)
{
	if (request->workloads.files.count) {
		return error_set(error, DIAGNOSTIC_WORKLOAD_NONE,
		                 "a Pod counts, and each kind of Kubernetes' own that makes "
		                 "Pods, such as a Deployment, with its apiVersion",
		                 "there is no workload in %s",
		                 reading_name(&request->workloads, 0));
	}
	return error_set(error, DIAGNOSTIC_IMAGE_MISSING,
	                 "name it: match -f FILE IMAGE; or its workload: --for FILE",
	                 "there is no image to match");
}

/* --- what else is worth saying ------------------------------------------------------------ */

static void tell_of_namespaces(const struct gathering *gathering, struct report *report)
{
	const char *first = NULL;

	for (size_t i = 0; i < gathering->secret_count; i++) {
		const char *namespace = gathering->secrets[i].namespace;

		if (first && *namespace && strcmp(first, namespace) != 0) {
			report_say(report, DIAGNOSTIC_NAMESPACES_MIXED,
			           "--namespace NS looks at one alone",
			           "the Secrets are of several namespaces, such as %s and %s; a "
			           "Pod has those of its own",
			           first, namespace);
			return;
		}
		if (!first && *namespace)
			first = namespace;
	}
}

static void tell_of_gathering(const struct match_request *request,
                              const struct gathering *gathering, struct report *report)
{
	if (!gathering->secret_count)
		report_say(report, DIAGNOSTIC_SECRET_ABSENT,
		           "a pull Secret is of type kubernetes.io/dockerconfigjson or "
		           "kubernetes.io/dockercfg",
		           "there is no pull Secret in what was read%s%s",
		           request->namespace ? " of namespace " : "",
		           request->namespace ? request->namespace : "");
	if (request->images.count)
		tell_of_namespaces(gathering, report);
}

static void tell_of_vague(const struct pod_keyring *keyring, const char *label,
                          struct report *report)
{
	const struct name_found *found = &keyring->vague_found;

	if (keyring->vague)
		report_say(report, DIAGNOSTIC_NAMESPACE_VAGUE,
		           "--namespace NS says which namespace it is for",
		           "%s has no namespace, and \"%s\" is in several, such as %s and %s: that "
		           "of %s is taken",
		           label, keyring->vague, found->namespace, found->other, found->namespace);
}

/* A bare config may be what a missing Secret is to hold. */
static bool tell_of_pod(const struct gathering *gathering, const struct pod *pod,
                        const struct pod_keyring *keyring, struct report *report,
                        struct error *error)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);

	if (!pod->kind)
		return true;
	gathering_pod_label(pod, &label);
	if (!buf_check(&label, "a name", error))
		return false;
	tell_of_vague(keyring, label.data, report);
	if (gathering->bare_count)
		return true;
	for (size_t i = 0; i < keyring->missing.count; i++)
		report_say(report, DIAGNOSTIC_REFERENCE_MISSING,
		           "the kubelet goes on without it; a Secret must be in the Pod's own "
		           "namespace",
		           "%s names Secret %s, which is not among those given", label.data,
		           keyring->missing.items[i].data);
	if (!keyring->names->count && gathering->secret_count)
		report_say(report, DIAGNOSTIC_SECRET_UNREFERENCED,
		           "name the Secret in imagePullSecrets of the pod's spec, or of the "
		           "ServiceAccount",
		           keyring->account
		               ? "%s names no pull Secret, nor does its ServiceAccount %s"
		               : "%s names no pull Secret, and its ServiceAccount %s is not among "
		                 "the manifests: none is used",
		           label.data, pod->account);
	return true;
}

/* --- answering ---------------------------------------------------------------------------- */

/* The answers on their way out. */
struct answering {
	struct match_request *request;
	struct gathering *gathering;
	struct output output;
	struct buf text;
	struct look look;
	size_t images;
	enum status status;
};

enum { CHUNK = 64 * 1024 };

static bool flush(struct answering *answering, size_t least, struct error *error)
{
	if (answering->text.len < least)
		return true;
	if (!buf_check(&answering->text, "the answer", error) ||
	    !output_write(&answering->output, answering->text.data, answering->text.len, error))
		return false;
	buf_rewind(&answering->text);
	return true;
}

static bool append_result(struct answering *answering, const struct match_result *result,
                          struct match_near *near, struct error *error)
{
	struct buf *text = &answering->text;
	bool first = answering->images++ == 0;

	if (!answering->request->json) {
		buf_append_string(text, first ? "" : "\n");
		return match_append_text(result, near, answering->look, text, error);
	}
	buf_append_string(text, first ? "\n" : ",\n");
	return match_append_json(result, text, error);
}

/* What one image does to the status: an IMAGE that is none is a wrong argument. */
static void settle_status(struct answering *answering, const struct match_result *result)
{
	if (match_is_yes(result) || answering->status == STATUS_USAGE)
		return;
	answering->status = result->invalid && !result->pod->kind ? STATUS_USAGE : STATUS_NO;
}

/* `asked` lacks only whether the image is one. */
static bool answer_image(struct answering *answering, const struct match_result *asked,
                         struct keyring_answer *answer, struct match_near *near,
                         struct error *error)
{
	struct match_result result = *asked;
	struct error invalid;

	if (!keyring_lookup(result.keyring->keyring, view_of(result.image), answer, &invalid)) {
		if (invalid.diagnostic != DIAGNOSTIC_IMAGE_INVALID) {
			*error = invalid;
			return false;
		}
		result.invalid = &invalid;
		if (!result.pod->kind)
			report_error(&invalid);
	}
	settle_status(answering, &result);
	return append_result(answering, &result, near, error) && flush(answering, CHUNK, error);
}

static bool answer_pod(struct answering *answering, const struct pod *pod, struct error *error)
{
	CLEANUP(pod_keyring_release) struct pod_keyring keyring = {0};
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(match_near_release) struct match_near near = {0};
	struct match_result result = {answering->gathering, pod, &keyring, NULL, &answer, NULL};

	if (!gathering_keyring(answering->gathering, pod, &keyring, error) ||
	    !tell_of_pod(answering->gathering, pod, &keyring,
	                 &answering->request->secrets.common.report, error))
		return false;
	if (!answering->request->json && pod->kind) {
		buf_append_string(&answering->text, answering->images ? "\n" : "");
		match_append_pod(pod, &keyring, answering->look, &answering->text);
		answering->images = 0;
	}
	for (size_t i = 0; i < pod->images.count; i++) {
		result.image = pod->images.items[i].data;
		if (!answer_image(answering, &result, &answer, &near, error))
			return false;
	}
	return true;
}

static bool answer_all(struct answering *answering, struct error *error)
{
	const struct gathering *gathering = answering->gathering;

	if (!output_open(&answering->output, NULL, error))
		return false;
	if (answering->request->json)
		buf_append_char(&answering->text, '[');
	for (size_t i = 0; i < gathering->pod_count; i++)
		if (!answer_pod(answering, &gathering->pods[i], error))
			return false;
	if (answering->request->json)
		buf_append_string(&answering->text, answering->images ? "\n]\n" : "]\n");
	return flush(answering, 1, error) && output_commit(&answering->output, error);
}

static void release_answering(struct answering *answering)
{
	output_release(&answering->output);
	buf_release(&answering->text);
}

static bool match(struct match_request *request, enum status *status, struct error *error)
{
	struct report *report = &request->secrets.common.report;
	CLEANUP(gathering_release)
	struct gathering gathering = {.report = report, .namespace = request->namespace};
	CLEANUP(release_answering)
	struct answering answering = {.request = request,
	                              .gathering = &gathering,
	                              .output = OUTPUT_INIT,
	                              .text = BUF_INIT((size_t)1 << 31),
	                              .look = look_of(STDOUT_FILENO)};

	/* An IMAGE that is none is told before anything is read; but JSON has an item for it. */
	if ((!request->json && !gathering_check_images(&request->images, error)) ||
	    !settle(request, error) || !gather(request, &gathering, error))
		return false;
	if (!gathering.pod_count)
		return fail_without_images(request, error);
	tell_of_gathering(request, &gathering, report);
	if (!answer_all(&answering, error))
		return false;
	*status = answering.status;
	return true;
}

enum status match_run(int argc, char **argv)
{
	CLEANUP(release_request) struct match_request request = {0};
	enum status status;
	struct error error;

	if (!commands_begin("match", argc, argv, &request, &status))
		return status;
	if (!match(&request, &status, &error)) {
		report_error(&error);
		return error.status;
	}
	return status != STATUS_OK || !request.secrets.common.report.failed ? status : STATUS_NO;
}
