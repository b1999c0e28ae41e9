#include "generate.h"

#include <string.h>
#include <unistd.h>

#include "match_output.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/manifest/templated.h"
#include "regcred/registry/index_key.h"

struct proof {
	struct reading_request files;
	struct inventory *workloads;
	struct inventory *made; /* the Secret that is to be written, alone */
	struct inventory_pod pod;
	struct string_list images; /* each once: those of --image, then those of --for */
	struct buf foreign;        /* images on hosts that no entry is about */
	size_t required;           /* how many images are --image's */
	size_t failed;
};

void proof_release(struct proof *proof)
{
	if (!proof)
		return;
	reading_release(&proof->files);
	inventory_pod_release(&proof->pod);
	inventory_free(&proof->workloads);
	inventory_free(&proof->made);
	string_list_release(&proof->images);
	buf_release(&proof->foreign);
	memory_release(proof);
}

/* --- reading workloads ------------------------------------------------------------------ */

static bool read_workloads(const struct generate_request *request, struct proof *proof,
                           struct report *report, struct error *error)
{
	const struct manifests manifests = {proof->workloads, &proof->files, report,
	                                    INVENTORY_WORKLOADS | INVENTORY_ACCOUNTS, 0};

	proof->files.common = request->common;
	for (size_t i = 0; i < request->workloads.count; i++)
		if (!reading_add(&proof->files, request->workloads.items[i].data, error))
			return false;
	if (!request->workloads.count)
		return true;
	if (!reading_expand(&proof->files, error) || !manifests_read(&manifests, error))
		return false;
	return inventory_workload_count(proof->workloads) ||
	       manifests_fail_without_workload(&proof->files, NULL, error);
}

/* An image that is not known yet cannot be proved. */
static void collect_images(const struct generate_request *request, struct proof *proof,
                           struct report *report)
{
	for (size_t i = 0; i < request->images.count; i++)
		string_list_add_once(&proof->images, request->images.items[i].data);
	proof->required = proof->images.count;
	for (size_t i = 0; i < inventory_workload_count(proof->workloads); i++) {
		size_t count = inventory_workload(proof->workloads, i).image_count;

		for (size_t j = 0; j < count; j++) {
			struct inventory_image image = inventory_image(proof->workloads, i, j);

			if (!image.unknown)
				string_list_add_once(&proof->images, image.text);
			else
				report_say(report, DIAGNOSTIC_IMAGE_UNKNOWN, NULL,
				           "image \"%s\" is not filled in yet, and is not checked",
				           image.text);
		}
	}
}

/* --- what the workloads say ------------------------------------------------------------- */

/* The one of several words that is to be taken; the workloads may disagree. */
struct choice {
	const char *first;  /* NULL: none was given */
	const char *second; /* NULL: all agree */
	size_t workload;    /* that said the first */
};

static void offer(struct choice *choice, const char *word, size_t workload)
{
	if (!*word || value_is_templated(word, strlen(word)))
		return;
	if (!choice->first) {
		choice->first = word;
		choice->workload = workload;
	} else if (!choice->second && strcmp(choice->first, word) != 0) {
		choice->second = word;
	}
}

static struct choice choose(struct inventory *workloads, enum k8s_name_kind kind)
{
	struct choice choice = {0};

	for (size_t i = 0; i < inventory_workload_count(workloads); i++) {
		CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;

		if (kind == K8S_NAME_NAMESPACE) {
			offer(&choice, inventory_workload(workloads, i).ns, i);
			continue;
		}
		inventory_pod_of(workloads, i, &pod);
		for (size_t j = 0; j < pod.count; j++)
			offer(&choice, pod.pulls[j].name, i);
	}
	return choice;
}

/* What the workloads say; *chosen stays if they say nothing. */
static bool take_word(struct inventory *workloads, enum k8s_name_kind kind, struct report *report,
                      const char **chosen, struct error *error)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	struct choice choice = choose(workloads, kind);
	bool name = kind == K8S_NAME_SECRET;

	if (choice.second)
		return error_set(error, DIAGNOSTIC_FOR_AMBIGUOUS,
		                 name ? "choose one with --name"
		                      : "choose with --namespace, which is repeatable",
		                 "the workloads name several %s: %s and %s",
		                 name ? "pull Secrets" : "namespaces", choice.first, choice.second);
	if (!choice.first)
		return true;
	inventory_workload_label(workloads, choice.workload, &label);
	if (!k8s_name_check(kind, choice.first, strlen(choice.first), error)) {
		error_prefix(error, "%s", label.data);
		return error_from_input(error);
	}
	report_say(report, DIAGNOSTIC_NAME_TAKEN, NULL, "the %s is %s, as in %s",
	           name ? "name" : "namespace", choice.first, label.data);
	*chosen = choice.first;
	return true;
}

static bool names(const struct inventory_pod *pod, const char *secret)
{
	for (size_t i = 0; i < pod->count; i++)
		if (strcmp(pod->pulls[i].name, secret) == 0)
			return true;
	return false;
}

/* Warns of a Secret that its workload does not use. */
static void note_workload(struct inventory *workloads, size_t number,
                          struct generate_request *request)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	const char *name = request->name ? request->name : "regcred";
	const char *ns = inventory_workload(workloads, number).ns;

	inventory_pod_of(workloads, number, &pod);
	inventory_workload_label(workloads, number, &label);
	if (!names(&pod, name) && !pod.unknown)
		report_say(&request->common.report, DIAGNOSTIC_SECRET_UNREFERENCED,
		           "name it in imagePullSecrets of the pod spec, or of its ServiceAccount",
		           "%s does not name Secret %s", label.data, name);
	else if (request->append_hash)
		report_say(&request->common.report, DIAGNOSTIC_SECRET_UNREFERENCED,
		           "put the new name into the workload, as kustomize does",
		           "%s names Secret %s, but --append-hash changes the name", label.data,
		           name);
	if (*ns && request->namespaces.count &&
	    !string_list_find(&request->namespaces, view_of(ns), NULL))
		report_say(&request->common.report, DIAGNOSTIC_SECRET_UNREFERENCED,
		           "a Pod uses only Secrets in its own namespace: add --namespace",
		           "the Secret is not written for the namespace of %s", label.data);
}

static bool take(struct proof *proof, struct generate_request *request, struct error *error)
{
	struct report *report = &request->common.report;
	const char *ns = NULL;

	if (request->common.output.index == OUTPUT_CONFIG) /* no Secret around it */
		return true;
	if (!request->name &&
	    !take_word(proof->workloads, K8S_NAME_SECRET, report, &request->name, error))
		return false;
	if (!request->namespaces.count && !request->namespaces_file &&
	    (!take_word(proof->workloads, K8S_NAME_NAMESPACE, report, &ns, error) ||
	     (ns && !namespaces_add(&request->namespaces, ns, error))))
		return false;
	for (size_t i = 0; i < inventory_workload_count(proof->workloads); i++)
		note_workload(proof->workloads, i, request);
	return true;
}

bool proof_read(struct generate_request *request, struct proof **made, struct error *error)
{
	struct proof *proof;

	if (!request->images.count && !request->workloads.count)
		return true;
	proof = memory_acquire(sizeof *proof);
	*proof = (struct proof){.workloads = inventory_new(&(struct inventory_options){0}),
	                        .made = inventory_new(&(struct inventory_options){0}),
	                        .pod = INVENTORY_POD_INIT,
	                        .foreign = BUF_INIT(BUF_CONFIG_MAX)};
	*made = proof;
	if (!manifests_check_images(&request->images, error) ||
	    !read_workloads(request, proof, &request->common.report, error))
		return false;
	collect_images(request, proof, &request->common.report);
	return take(proof, request, error);
}

/* --- proving ------------------------------------------------------------------------------ */

/* The Secret as it will be, for match to look into. */
static void add_made(struct proof *proof, const struct generate_request *request,
                     const struct buf *config)
{
	const struct pull_secret secret = {
	    .kind = request->common.output.index == OUTPUT_CONFIG ? PULL_SECRET_BARE
	                                                          : PULL_SECRET_CONFIG,
	    .state = PULL_SECRET_PRESENT,
	    .ns = "",
	    .name = request->name ? request->name : "regcred",
	    .type = "",
	    .payload = *config,
	};

	inventory_add_secret(proof->made, 0, NULL, &secret);
	inventory_pod_of_all(proof->made, &proof->pod);
}

static void tell_unproved(const struct match_result *result)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	struct error unproved;

	match_append_image(result->image, &image);
	error_set(&unproved, DIAGNOSTIC_IMAGE_UNMATCHED, NULL,
	          "the kubelet would find no credential in the Secret for image \"%s\"",
	          image.data);
	report_error(&unproved);
	match_append_text(result, look_of(STDERR_FILENO), &text);
	report_text(&text);
}

/* The host of a key or repository, without port; that of Docker Hub is docker.io. */
static struct view host_of(struct view name, struct buf *parsed)
{
	struct index_pattern pattern;

	if (index_pattern_parse(name, parsed, &pattern) != GO_URL_SOUND)
		return VIEW_EMPTY;
	return view_is(name, INDEX_KEY_DOCKER_HUB) ? view_of("docker.io") : pattern.host;
}

/* Whether an entry is for the host of the image, whatever its port and path. */
static bool is_about(const struct proof *proof, struct view repository)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	struct view host = host_of(repository, &image);

	for (size_t i = 0; i < keyring_entry_count(proof->pod.keyring); i++)
		if (index_host_matches(
		        host_of(keyring_entry(proof->pod.keyring, i).index_key, &key), host))
			return true;
	return false;
}

static void note_foreign(struct proof *proof, const char *image)
{
	buf_append_string(&proof->foreign, proof->foreign.len ? ", " : "");
	match_append_image(image, &proof->foreign);
}

static void prove_image(struct proof *proof, const struct generate_request *request, size_t number,
                        bool *served)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	const char *image = proof->images.items[number].data;
	struct error invalid;
	struct match_result result = {.inventory = proof->made,
	                              .pod = &proof->pod,
	                              .workload = INVENTORY_NONE,
	                              .image = image,
	                              .answer = &answer,
	                              .invalid = &invalid};

	result.verdict =
	    inventory_judge(proof->made, &proof->pod, view_of(image), false, &answer, &invalid);
	for (size_t i = 0; i < answer.match_count; i++)
		served[answer.matches[i].entry] = true;
	if (result.verdict == INVENTORY_YES) {
		report_step(&request->common.report, "proved: image %s is covered", image);
	} else if (number >= proof->required && result.verdict == INVENTORY_NO &&
	           !is_about(proof, buf_view(&answer.repository))) {
		note_foreign(proof, image);
	} else {
		tell_unproved(&result);
		proof->failed++;
	}
}

/* What was given for workloads must be for some image of them. */
static bool prove_entries(const struct proof *proof, const struct generate_request *request,
                          const bool *served)
{
	CLEANUP(string_list_release) struct string_list given = STRING_LIST_INIT;
	bool all = true;

	for (size_t i = 0; i < request->entry_count; i++)
		string_list_borrow_once(&given, buf_view(&request->entries[i].key));
	for (size_t i = 0; i < keyring_entry_count(proof->pod.keyring); i++) {
		struct keyring_entry entry = keyring_entry(proof->pod.keyring, i);
		struct error unused;

		if (served[i] || !string_list_find(&given, entry.registry, NULL))
			continue;
		error_set(
		    &unused, DIAGNOSTIC_IMAGE_UNMATCHED, "leave it out, or correct the registry",
		    "registry \"%.200s\" serves no image of the workloads", entry.registry.data);
		report_error(&unused);
		all = false;
	}
	return all;
}

static bool settle_proof(const struct proof *proof, struct generate_request *request, bool entries,
                         struct error *error)
{
	if (proof->failed)
		return error_set(error, DIAGNOSTIC_IMAGE_UNMATCHED, NULL,
		                 "nothing is written: there is no credential for %zu of %zu images",
		                 proof->failed, proof->images.count);
	if (!entries || (proof->foreign.len && request->common.report.strict))
		return error_set(error, DIAGNOSTIC_IMAGE_UNMATCHED, NULL,
		                 proof->foreign.len
		                     ? "nothing is written: there is no credential for %s"
		                     : "nothing is written%s",
		                 proof->foreign.data);
	if (proof->foreign.len)
		report_say(&request->common.report, DIAGNOSTIC_IMAGE_FOREIGN,
		           "--strict refuses that", "the Secret is not for these images: %s",
		           proof->foreign.data);
	return true;
}

bool proof_prove(struct proof *proof, struct generate_request *request, const struct buf *config,
                 struct error *error)
{
	bool *served, entries = true;
	size_t count;

	if (!proof)
		return true;
	add_made(proof, request, config);
	count = keyring_entry_count(proof->pod.keyring);
	served = memory_acquire(count + 1);
	memset(served, 0, count + 1);
	for (size_t i = 0; i < proof->images.count; i++)
		prove_image(proof, request, i, served);
	if (proof->images.count > proof->required)
		entries = prove_entries(proof, request, served);
	memory_release(served);
	return settle_proof(proof, request, entries, error);
}

const struct string_list *proof_images(const struct proof *proof)
{
	static const struct string_list none;

	return proof ? &proof->images : &none;
}
