#include <string.h>
#include <unistd.h>

#include "../io/files.h"
#include "commands.h"
#include "manifests.h"
#include "match_output.h"
#include "regcred/base/memory.h"
#include "regcred/kube/workload.h"
#include "sink.h"

struct match_request {
	struct subjects of;
	struct string_list assumed;
};

static void release_request(struct match_request *request)
{
	subjects_release(&request->of);
	string_list_release(&request->assumed);
}

/* clang-format off */
static const struct option_row rows[] = {
	SUBJECT_ROWS,
	{NULL, "assume", NULL, 0, "[NS/]SECRET",
	 "assume that this Secret exists, with unknown content; repeatable",
	 OPTIONS_SECRETS(struct match_request, assumed)},
	{"Output", "output", NULL, 'o', "FORMAT", "text (default) or json", OPTIONS_OUTPUT("text json")},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table match_options = {rows, subjects_set_argument, "match"};

/* --- what there is to answer ------------------------------------------------------------- */

/* Workloads beside the Secrets count if nothing else says which images are meant. */
static bool read_all(struct match_request *request, struct inventory *inventory,
                     struct error *error)
{
	bool asked = request->of.images.count || request->of.workloads.named.count;

	for (size_t i = 0; i < request->assumed.count; i++)
		inventory_assume(inventory, request->assumed.items[i].data);
	return subjects_read(&request->of, inventory,
	                     asked ? INVENTORY_SECRETS | INVENTORY_ACCOUNTS : INVENTORY_ALL, error);
}

static bool fail_without_images(const struct match_request *request, struct error *error)
{
	if (request->of.workloads.files.count)
		return manifests_fail_without_workload(&request->of.workloads, request->of.ns,
		                                       error);
	return error_set(error, DIAGNOSTIC_IMAGE_MISSING,
	                 "name it: match -f FILE IMAGE; or its workload: --for FILE",
	                 "there is no image to match");
}

/* --- answering ---------------------------------------------------------------------------- */

/* The answers on their way out. */
struct answering {
	const struct match_request *request;
	struct report *report;
	struct inventory *inventory;
	struct sink sink;
	struct look look;
	struct inventory_pod pod;   /* of the last workload */
	struct match_result result; /* of the current image */
	size_t images;              /* how many were answered under one heading */
	bool open;                  /* an image of the current Pod is neither matched nor missed */
	enum status status;
};

static void release_answering(struct answering *answering)
{
	sink_release(&answering->sink);
	inventory_pod_release(&answering->pod);
	inventory_free(&answering->inventory);
}

/* Why images are neither matched nor missed. */
static void note_unknown(const struct answering *answering)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	const struct string_list *reasons = &answering->result.pod->reasons;

	if (answering->result.workload != INVENTORY_NONE) {
		inventory_workload_label(answering->inventory, answering->result.workload, &label);
		buf_append_string(&label, ": ");
	}
	for (size_t i = 0; i < reasons->count; i++)
		report_say(answering->report, DIAGNOSTIC_SECRET_UNKNOWN, NULL, "%s%s", label.data,
		           reasons->items[i].data);
}

static void note_image(const struct answering *answering, const char *image)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	bool istio = strcmp(image, "auto") == 0;

	inventory_workload_label(answering->inventory, answering->result.workload, &label);
	report_say(answering->report, DIAGNOSTIC_IMAGE_UNKNOWN, istio ? NULL : "render it first",
	           istio ? "image \"%s\" of %s is set by Istio"
	                 : "image \"%s\" of %s is not filled in yet",
	           image, label.data);
}

static bool write_result(struct answering *answering, struct error *error)
{
	if (answering->sink.is_list)
		return sink_add(&answering->sink, match_json(&answering->result), error);
	buf_append_string(&answering->sink.text, answering->images++ ? "\n" : "");
	match_append_text(&answering->result, answering->look, &answering->sink.text);
	return sink_flush(&answering->sink, error);
}

/* An IMAGE that is none is a wrong argument. */
static bool answer_image(struct answering *answering, const char *image, bool unknown,
                         struct error *error)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	struct match_result *result = &answering->result;
	struct error invalid;

	result->image = image;
	result->answer = &answer;
	result->invalid = &invalid;
	result->verdict = inventory_judge(result->inventory, result->pod, view_of(image), unknown,
	                                  &answer, &invalid);
	answering->open |= result->verdict == INVENTORY_OPEN && !unknown;
	if (result->verdict == INVENTORY_INVALID && result->workload == INVENTORY_NONE) {
		report_error(&invalid);
		answering->status = STATUS_USAGE;
	} else if (!match_is_fine(result) && answering->status == STATUS_OK) {
		answering->status = STATUS_NO;
	}
	return write_result(answering, error);
}

/* The images that were given are one Pod's, which uses every Secret. */
static bool answer_arguments(struct answering *answering, struct error *error)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	const struct string_list *images = &answering->request->of.images;
	bool sound = true;

	inventory_pod_of_all(answering->inventory, &pod);
	answering->result.pod = &pod;
	answering->result.workload = INVENTORY_NONE;
	for (size_t i = 0; i < images->count && sound; i++)
		sound = answer_image(answering, images->items[i].data, false, error);
	if (sound && answering->open)
		note_unknown(answering);
	answering->result.pod = NULL;
	return sound;
}

static void begin_workload(struct answering *answering, size_t number)
{
	struct sink *sink = &answering->sink;

	inventory_pod_of(answering->inventory, number, &answering->pod);
	answering->result.pod = &answering->pod;
	answering->result.workload = number;
	answering->open = false;
	notes_of_pod(answering->inventory, number, &answering->pod, answering->report);
	if (sink->is_list)
		return;
	buf_append_string(&sink->text, answering->images ? "\n" : "");
	match_append_pod(&answering->result, answering->look, &sink->text);
	answering->images = 0;
}

/* Each image once. */
static bool answer_workload(struct answering *answering, size_t number, struct error *error)
{
	CLEANUP(string_list_release) struct string_list images = STRING_LIST_INIT;
	size_t count = inventory_workload(answering->inventory, number).image_count;

	begin_workload(answering, number);
	for (size_t i = 0; i < count; i++) {
		struct inventory_image image = inventory_image(answering->inventory, number, i);

		if (!string_list_borrow_once(&images, view_of(image.text)))
			continue;
		if (image.unknown)
			note_image(answering, image.text);
		if (!answer_image(answering, image.text, image.unknown, error))
			return false;
	}
	if (answering->open)
		note_unknown(answering);
	return true;
}

static bool match(void *context, enum status *status, struct error *error)
{
	struct match_request *request = context;
	const struct string_list *images = &request->of.images;
	bool json = request->of.secrets.common.output.index;
	CLEANUP(release_answering)
	struct answering answering = {
	    .request = request,
	    .report = &request->of.secrets.common.report,
	    .inventory = inventory_new(&(struct inventory_options){.ns = request->of.ns}),
	    .sink = SINK_INIT,
	    .look = look_of(STDOUT_FILENO)};

	/* An invalid IMAGE is reported before anything is read; but JSON has an item for it. */
	if ((!json && !manifests_check_images(images, error)) ||
	    !read_all(request, answering.inventory, error))
		return false;
	if (!images->count && !inventory_workload_count(answering.inventory))
		return fail_without_images(request, error);
	notes_of_inventory(answering.inventory, request->of.ns, images->count > 0,
	                   answering.report);
	answering.result =
	    (struct match_result){.inventory = answering.inventory, .subjects = &request->of};
	if (!sink_open(&answering.sink, json, error) || !answer_arguments(&answering, error))
		return false;
	for (size_t i = 0; i < inventory_workload_count(answering.inventory); i++)
		if (!answer_workload(&answering, i, error))
			return false;
	*status = answering.status;
	return sink_finish(&answering.sink, error);
}

enum status match_run(int argc, char **argv)
{
	CLEANUP(release_request) struct match_request request = {0};

	return commands_do("match", argc, argv, &request, match);
}
