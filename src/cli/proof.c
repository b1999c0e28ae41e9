#include "proof.h"

#include <string.h>
#include <unistd.h>

#include "gathering.h"
#include "match_output.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"

struct proof {
	struct reading_request files;
	struct gathering workloads;
	struct gathering made; /* the Secret that is to be written, alone */
	struct pod_keyring keyring;
	struct string_list images; /* each once */
};

void proof_release(struct proof *proof)
{
	if (!proof)
		return;
	reading_release(&proof->files);
	pod_keyring_release(&proof->keyring);
	gathering_release(&proof->workloads);
	gathering_release(&proof->made);
	string_list_release(&proof->images);
	memory_release(proof);
}

/* --- reading workloads ------------------------------------------------------------------ */

static bool read_workloads(const struct generate_request *request, struct proof *proof,
                           struct report *report, struct error *error)
{
	proof->files.common = request->common;
	proof->workloads.report = report;
	proof->workloads.wants = GATHER_PODS | GATHER_ACCOUNTS;
	for (size_t i = 0; i < request->workloads.count; i++)
		if (!reading_add(&proof->files, request->workloads.items[i].data, error))
			return false;
	if (!request->workloads.count)
		return true;
	if (!reading_expand(&proof->files, error) ||
	    !gathering_read(&proof->workloads, &proof->files, error))
		return false;
	if (proof->workloads.pod_count)
		return true;
	return error_set(error, DIAGNOSTIC_WORKLOAD_NONE,
	                 "a Pod counts, and each kind of Kubernetes' own that makes Pods, such "
	                 "as a Deployment, with its apiVersion",
	                 "there is no workload in %s", reading_name(&proof->files, 0));
}

static void collect_images(const struct generate_request *request, struct proof *proof)
{
	for (size_t i = 0; i < request->images.count; i++)
		string_list_add_once(&proof->images, request->images.items[i].data);
	for (size_t i = 0; i < proof->workloads.pod_count; i++) {
		const struct string_list *images = &proof->workloads.pods[i].images;

		for (size_t j = 0; j < images->count; j++)
			string_list_add_once(&proof->images, images->items[j].data);
	}
}

/* --- what the workloads say ------------------------------------------------------------- */

/* The one of several words that is to be taken; the workloads may disagree. */
struct choice {
	const char *what; /* "pull Secrets" */
	const char *hint;
	const char *first;     /* NULL: nobody said any */
	const char *second;    /* NULL: all agree */
	const struct pod *pod; /* who said the first */
};

static void offer(struct choice *choice, const char *word, const struct pod *pod)
{
	if (!*word)
		return;
	if (!choice->first) {
		choice->first = word;
		choice->pod = pod;
	} else if (!choice->second && strcmp(choice->first, word) != 0) {
		choice->second = word;
	}
}

static bool settle_choice(const struct choice *choice, struct report *report,
                          enum k8s_name_kind kind, struct error *error)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);

	if (choice->second) {
		return error_set(error, DIAGNOSTIC_FOR_AMBIGUOUS, choice->hint,
		                 "the workloads name several %s: %s and %s", choice->what,
		                 choice->first, choice->second);
	}
	gathering_pod_label(choice->pod, &label);
	if (!buf_check(&label, "a name", error))
		return false;
	if (!k8s_name_check(kind, choice->first, strlen(choice->first), error)) {
		error_prefix(error, "%s", label.data);
		return error_from_input(error);
	}
	report_say(report, DIAGNOSTIC_NAME_TAKEN, NULL, "the %s is %s, as in %s",
	           kind == K8S_NAME_SECRET ? "name" : "namespace", choice->first, label.data);
	return true;
}

static bool take_name(const struct gathering *workloads, struct generate_request *request,
                      struct error *error)
{
	struct choice choice = {.what = "pull Secrets", .hint = "say with --name which one it is"};

	for (size_t i = 0; i < workloads->pod_count; i++) {
		const struct pod *pod = &workloads->pods[i];
		struct name_found found;
		const char *account;
		const struct string_list *names = gathering_names(workloads, pod, &account, &found);

		for (size_t j = 0; j < names->count; j++)
			offer(&choice, names->items[j].data, pod);
	}
	if (!choice.first)
		return true;
	if (!settle_choice(&choice, &request->common.report, K8S_NAME_SECRET, error))
		return false;
	request->name = choice.first;
	return true;
}

static bool take_namespace(const struct gathering *workloads, struct generate_request *request,
                           struct error *error)
{
	struct choice choice = {.what = "namespaces",
	                        .hint = "say with --namespace which; it is repeatable"};

	for (size_t i = 0; i < workloads->pod_count; i++)
		offer(&choice, workloads->pods[i].namespace, &workloads->pods[i]);
	if (!choice.first)
		return true;
	return settle_choice(&choice, &request->common.report, K8S_NAME_NAMESPACE, error) &&
	       namespaces_add(&request->namespaces, choice.first, error);
}

static bool has_namespace(const struct string_list *namespaces, const char *name)
{
	for (size_t i = 0; i < namespaces->count; i++)
		if (strcmp(namespaces->items[i].data, name) == 0)
			return true;
	return false;
}

/* A Secret that its workload does not use helps nobody. */
static bool tell_of_pod(const struct gathering *workloads, const struct pod *pod,
                        struct generate_request *request, struct error *error)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	const char *account, *name = request->name ? request->name : "regcred";
	struct name_found found;
	const struct string_list *names = gathering_names(workloads, pod, &account, &found);

	gathering_pod_label(pod, &label);
	if (!buf_check(&label, "a name", error))
		return false;
	if (!string_list_find(names, view_of(name), NULL))
		report_say(
		    &request->common.report, DIAGNOSTIC_SECRET_UNREFERENCED,
		    "name it in imagePullSecrets of the pod's spec, or of its ServiceAccount",
		    "%s does not name Secret %s", label.data, name);
	else if (request->append_hash)
		report_say(&request->common.report, DIAGNOSTIC_SECRET_UNREFERENCED,
		           "put the new name into the workload, as kustomize does",
		           "%s names Secret %s, and not what --append-hash makes of it", label.data,
		           name);
	if (*pod->namespace && request->namespaces.count &&
	    !has_namespace(&request->namespaces, pod->namespace))
		report_say(&request->common.report, DIAGNOSTIC_SECRET_UNREFERENCED,
		           "a Pod has the Secrets of its own namespace alone: add --namespace",
		           "the Secret is not written for the namespace of %s", label.data);
	return true;
}

static bool take(struct proof *proof, struct generate_request *request, struct error *error)
{
	const struct gathering *workloads = &proof->workloads;

	if (request->format == OUTPUT_CONFIG) /* no Secret around it */
		return true;
	if (!request->name && !take_name(workloads, request, error))
		return false;
	if (!request->namespaces.count && !request->namespaces_file &&
	    !take_namespace(workloads, request, error))
		return false;
	for (size_t i = 0; i < workloads->pod_count; i++)
		if (!tell_of_pod(workloads, &workloads->pods[i], request, error))
			return false;
	return true;
}

bool proof_read(struct generate_request *request, struct proof **made, struct error *error)
{
	struct proof *proof = memory_acquire(sizeof *proof);
	*proof = (struct proof){0};
	*made = proof;
	if (!gathering_check_images(&request->images, error) ||
	    !read_workloads(request, proof, &request->common.report, error))
		return false;
	collect_images(request, proof);
	return take(proof, request, error);
}

/* --- proving ------------------------------------------------------------------------------ */

/* The Secret as it will be, for match to look into. */
static bool add_made(struct proof *proof, const struct generate_request *request,
                     const struct buf *config, struct error *error)
{
	struct gathering *made = &proof->made;
	struct given_secret *secret;

	memory_extend(&made->secrets, made->secret_count, &made->secret_capacity, sizeof *secret);
	secret = &made->secrets[made->secret_count++];
	*secret = (struct given_secret){
	    .kind = request->format == OUTPUT_CONFIG ? PULL_SECRET_BARE : PULL_SECRET_CONFIG,
	    .read_as = KEYRING_DOCKERCONFIGJSON,
	    .namespace = memory_copy_string(""),
	    .name = memory_copy_string(request->name ? request->name : "regcred"),
	    .file = "the Docker config",
	    .payload = BUF_INIT(BUF_CONFIG_MAX)};
	buf_append(&secret->payload, config->data, config->len);
	return buf_check(&secret->payload, "the Docker config", error);
}

static bool tell_unproved(const struct match_result *result, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(match_near_release) struct match_near near = {0};
	struct error unproved;

	error_set(&unproved, DIAGNOSTIC_IMAGE_UNMATCHED, NULL,
	          "the kubelet would find no credential in it for image \"%s\"", result->image);
	report_error(&unproved);
	if (!match_append_text(result, &near, look_of(STDERR_FILENO), &text, error))
		return false;
	report_text(&text);
	return true;
}

static bool prove_image(const struct proof *proof, const struct pod *pod, const char *image,
                        bool *proved, struct error *error)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	struct match_result result = {&proof->made, pod, &proof->keyring, image, &answer, NULL};
	struct error invalid;

	if (!keyring_lookup(proof->keyring.keyring, view_of(image), &answer, &invalid)) {
		if (invalid.diagnostic != DIAGNOSTIC_IMAGE_INVALID) {
			*error = invalid;
			return false;
		}
		result.invalid = &invalid;
	}
	*proved = match_is_yes(&result);
	return *proved || tell_unproved(&result, error);
}

bool proof_prove(struct proof *proof, const struct generate_request *request,
                 const struct buf *config, struct error *error)
{
	static const struct pod pod = {0};
	size_t count = proof->images.count, failed = 0;

	if (!add_made(proof, request, config, error) ||
	    !gathering_keyring(&proof->made, &pod, &proof->keyring, error))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool proved;

		if (!prove_image(proof, &pod, proof->images.items[i].data, &proved, error))
			return false;
		failed += !proved;
		if (proved)
			report_step(&request->common.report, "proved: image %s is covered",
			            proof->images.items[i].data);
	}
	return !failed ||
	       error_set(error, DIAGNOSTIC_IMAGE_UNMATCHED, NULL,
	                 "nothing is written: %zu of %zu images have no credential", failed, count);
}
