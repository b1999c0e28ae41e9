#include <string.h>
#include <unistd.h>

#include "../io/input.h"
#include "commands.h"
#include "inquiry.h"
#include "manifests.h"
#include "regcred/base/memory.h"
#include "sink.h"

struct verify_request {
	struct subjects of;
	struct inquiry_options asking;
};

static void release_request(struct verify_request *request)
{
	subjects_release(&request->of);
	string_list_release(&request->asking.plain_http);
}

/* clang-format off */
static const struct option_row rows[] = {
	SUBJECT_ROWS,
	{"Asking", "privileges", NULL, 0, NULL,
	 "also check whether it may push or delete", OPTIONS_FLAG(struct verify_request, asking.privileges)},
	INQUIRY_ROWS(struct verify_request, asking, ""),
	{"Output", "output", NULL, 'o', "FORMAT", "text (default) or json", OPTIONS_OUTPUT("text json")},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table verify_options = {rows, subjects_set_argument, "verify"};

/* --- reading ---------------------------------------------------------------------------- */

/* What is read, and what is to be asked of it. */
struct verifying {
	struct verify_request *request;
	struct report *report;
	struct inventory *inventory;
	struct string_list asked; /* the questions about workloads, each once */
	struct inquiry inquiry;
};

static void release_verifying(struct verifying *verifying)
{
	inquiry_release(&verifying->inquiry);
	inventory_free(&verifying->inventory);
	string_list_release(&verifying->asked);
}

/* --- questions -------------------------------------------------------------------------- */

static bool append_failure(const struct verifying *verifying, const struct inventory_pod *pod,
                           size_t number, struct buf *out)
{
	return subjects_append_failure(&verifying->request->of, verifying->inventory, pod, number,
	                               out);
}

/* With a Secret that the kubelet cannot decode, every image of the Pod fails. */
static void add_failures(struct verifying *verifying, const struct inventory_pod *pod,
                         struct inquiry_question *question)
{
	CLEANUP(buf_release) struct buf failure = BUF_INIT(BUF_CONFIG_MAX);

	for (size_t i = 0; append_failure(verifying, pod, i, &failure); i++) {
		buf_append_format(&question->problem, "%s%s", i ? "; " : "", failure.data);
		buf_reset(&failure);
	}
}

/* Of the workloads' questions, each is asked once. */
static bool is_new(struct verifying *verifying, const struct inventory_pod *pod, const char *image,
                   const struct keyring_answer *answer)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_string(&text, image);
	for (size_t i = 0; i < answer->match_count; i++) {
		struct keyring_entry entry = keyring_entry(pod->keyring, answer->matches[i].entry);

		buf_append_format(&text, " %zu.%zu", entry.secret, entry.number);
	}
	for (size_t i = 0; pod->broken && append_failure(verifying, pod, i, &text); i++)
		continue;
	return string_list_add_once(&verifying->asked, text.data);
}

static void add_image(struct verifying *verifying, const struct inventory_pod *pod,
                      const char *image, const struct keyring_answer *answer)
{
	struct inquiry_question *question = inquiry_add_image(&verifying->inquiry, image);

	if (question->problem.len)
		return;
	if (pod->broken)
		add_failures(verifying, pod, question);
	inquiry_add_matches(question, pod->keyring, answer);
}

static void add_workload_image(struct verifying *verifying, size_t workload,
                               const struct inventory_pod *pod, const struct inventory_image *image)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	struct error invalid;

	if (inventory_judge(verifying->inventory, pod, view_of(image->text), image->unknown,
	                    &answer, &invalid) == INVENTORY_OPEN) {
		inventory_workload_label(verifying->inventory, workload, &label);
		report_say(verifying->report, DIAGNOSTIC_IMAGE_UNKNOWN, NULL,
		           "image \"%s\" of %s is not verified: %s", image->text, label.data,
		           pod->reasons.count ? pod->reasons.items[0].data
		                              : "it is still a template");
	} else if (is_new(verifying, pod, image->text, &answer)) {
		add_image(verifying, pod, image->text, &answer);
	}
}

static void add_workloads(struct verifying *verifying)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	size_t count = inventory_workload_count(verifying->inventory);

	for (size_t i = 0; i < count; i++) {
		size_t images = inventory_workload(verifying->inventory, i).image_count;

		inventory_pod_of(verifying->inventory, i, &pod);
		notes_of_pod(verifying->inventory, i, &pod, verifying->report);
		for (size_t j = 0; j < images; j++) {
			struct inventory_image image = inventory_image(verifying->inventory, i, j);

			add_workload_image(verifying, i, &pod, &image);
		}
	}
}

static void add_images(struct verifying *verifying, const struct inventory_pod *pod)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	const struct string_list *images = &verifying->request->of.images;
	struct error invalid;

	for (size_t i = 0; i < images->count; i++) {
		inventory_judge(verifying->inventory, pod, images->items[i], false, &answer,
		                &invalid);
		add_image(verifying, pod, images->items[i].data, &answer);
	}
}

static void add_logins(struct verifying *verifying, const struct inventory_pod *pod)
{
	struct inquiry_question *question;

	for (size_t i = 0; i < keyring_entry_count(pod->keyring); i++) {
		struct keyring_entry entry = keyring_entry(pod->keyring, i);

		question = inquiry_add_login(&verifying->inquiry, entry.registry);
		inquiry_add_try(question, entry);
	}
	if (pod->broken)
		add_failures(verifying, pod, inquiry_add_login(&verifying->inquiry, VIEW_EMPTY));
}

static bool add_questions(struct verifying *verifying, struct error *error)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	const struct verify_request *request = verifying->request;

	inventory_pod_of_all(verifying->inventory, &pod);
	add_images(verifying, &pod);
	add_workloads(verifying);
	if (!request->of.images.count && !request->of.workloads.files.count)
		add_logins(verifying, &pod);
	if (verifying->inquiry.count) {
		notes_of_inventory(verifying->inventory, request->of.ns,
		                   request->of.images.count > 0, verifying->report);
		return true;
	}
	if (request->of.workloads.files.count)
		return error_set(
		    error, DIAGNOSTIC_WORKLOAD_NONE, NULL, "there is no image%s%s to ask for in %s",
		    request->of.ns ? " of namespace " : "", request->of.ns ? request->of.ns : "",
		    input_name(reading_name(&request->of.workloads, 0)));
	return error_set(error, DIAGNOSTIC_SECRET_NONE,
	                 "a pull Secret is of type kubernetes.io/dockerconfigjson or "
	                 "kubernetes.io/dockercfg",
	                 "the input contains no registry entry to log in with");
}

/* --- answers ---------------------------------------------------------------------------- */

static bool print_answers(const struct inquiry *inquiry, bool json, struct error *error)
{
	CLEANUP(sink_release) struct sink sink = SINK_INIT;
	struct look look = look_of(STDOUT_FILENO);

	if (!sink_open(&sink, json, error))
		return false;
	for (size_t i = 0; i < inquiry->count; i++) {
		if (!json)
			inquiry_append_text(inquiry, inquiry->questions[i], look, &sink.text);
		if (!(json ? sink_add(&sink, inquiry_json(inquiry, inquiry->questions[i]), error)
		           : sink_flush(&sink, error)))
			return false;
	}
	return sink_finish(&sink, error);
}

static bool verify(void *context, enum status *status, struct error *error)
{
	struct verify_request *request = context;
	struct inventory_options options = {.passwords = true, .ns = request->of.ns};
	CLEANUP(release_verifying)
	struct verifying verifying = {
	    .request = request,
	    .report = &request->of.secrets.common.report,
	    .inventory = inventory_new(&options),
	    .inquiry = {.options = &request->asking, .subjects = &request->of}};

	verifying.inquiry.inventory = verifying.inventory;
	if (!manifests_check_images(&request->of.images, error) ||
	    !subjects_read(&request->of, verifying.inventory,
	                   INVENTORY_SECRETS | INVENTORY_ACCOUNTS, error) ||
	    !add_questions(&verifying, error) ||
	    !inquiry_run(&verifying.inquiry, verifying.report, error) ||
	    !print_answers(&verifying.inquiry, request->of.secrets.common.output.index, error))
		return false;
	*status = inquiry_status(&verifying.inquiry);
	return true;
}

enum status verify_run(int argc, char **argv)
{
	CLEANUP(release_request) struct verify_request request = {0};

	return commands_do("verify", argc, argv, &request, verify);
}
