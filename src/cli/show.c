#include <string.h>
#include <unistd.h>

#include "../io/clock.h"
#include "commands.h"
#include "manifests.h"
#include "reading.h"
#include "regcred/base/memory.h"
#include "regcred/kube/workload.h"
#include "show_output.h"
#include "sink.h"

struct show_request {
	struct reading_request reading;
	bool reveal;
};

static void release_request(struct show_request *request)
{
	reading_release(&request->reading);
}

/* clang-format off */
static const struct option_row rows[] = {
	READING_ROW,
	{"Output", "reveal", NULL, 0, NULL, "show the passwords", OPTIONS_FLAG(struct show_request, reveal)},
	{NULL, "output", NULL, 'o', "FORMAT", "text (default) or json", OPTIONS_OUTPUT("text json")},
	OPTIONS_MESSAGES,
	OPTIONS_END
};
/* clang-format on */

const struct option_table show_options = {rows, reading_set_argument, "show"};

/* --- what is known of a Secret ---------------------------------------------------------- */

/* The Secrets on their way out. */
struct showing {
	struct show_request *request;
	struct sink sink;
	struct show_style style;
	size_t secrets;
	bool broken;     /* something in a Secret is */
	bool unreadable; /* a file is */
	bool unparsed;   /* a document is not a manifest */
};

/* The shape that the type asks for: what the kubelet finds in it. */
static enum docker_config_shape shape_of(const struct pull_secret *secret)
{
	switch (secret->kind) {
	case PULL_SECRET_CONFIG:
		return CONFIG_SHAPE_WRAPPED;
	case PULL_SECRET_DOCKERCFG:
		return CONFIG_SHAPE_BARE;
	default:
		return CONFIG_SHAPE_ANY;
	}
}

/* What the payload holds; what is wrong with all of it goes to `problem`. */
static void read_payload(const struct pull_secret *secret, struct docker_logins *config,
                         struct error *problem)
{
	if (secret->state == PULL_SECRET_UNKNOWN)
		return;
	if (secret->state != PULL_SECRET_PRESENT)
		error_set(problem, DIAGNOSTIC_CONFIG_INVALID, NULL, "%s", secret->problem);
	else if (docker_logins_parse(buf_view(&secret->payload), shape_of(secret), config,
	                             problem) &&
	         !config->entry_count && secret->kind != PULL_SECRET_BARE)
		error_set(problem, DIAGNOSTIC_CONFIG_INVALID, NULL,
		          secret->kind == PULL_SECRET_CONFIG ? "there is no entry under auths"
		                                             : "there is no entry in it");
}

static bool is_broken(const struct shown_secret *shown)
{
	for (size_t i = 0; i < shown->config->entry_count; i++)
		if (shown->config->entries[i].problem)
			return true;
	return shown->problem != NULL;
}

static bool show_secret(struct showing *showing, const char *file, const struct pull_secret *secret,
                        struct error *error)
{
	CLEANUP(docker_logins_release)
	struct docker_logins config = DOCKER_LOGINS_INIT;
	struct shown_secret shown = {.file = file, .secret = secret, .config = &config};
	struct error problem = {.message = ""};

	read_payload(secret, &config, &problem);
	if (*problem.message)
		shown.problem = problem.message;
	showing->broken |= is_broken(&shown);
	showing->secrets++;
	if (showing->request->reading.common.output.index)
		return sink_add(&showing->sink, show_json(&shown, showing->style.reveal), error);
	buf_append_string(&showing->sink.text, showing->secrets > 1 ? "\n" : "");
	return show_append_text(&shown, &showing->style, &showing->sink.text, error) &&
	       sink_flush(&showing->sink, error);
}

static bool visit_object(struct showing *showing, const char *file,
                         const struct manifest_item *item, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;

	if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
		return error_prefix(error, "%s", file);
	manifests_tell_of_secret(&showing->request->reading.common.report, file, &secret);
	if (secret.kind == PULL_SECRET_NONE || secret.kind == PULL_SECRET_OTHER)
		return true;
	return show_secret(showing, file, &secret, error);
}

/* A broken document does not keep the others from being shown. */
static bool visit_item(void *context, size_t file, const struct manifest_item *item,
                       struct error *error)
{
	struct showing *showing = context;
	const struct reading_request *reading = &showing->request->reading;
	const char *name = reading_name(reading, file);
	struct error broken;

	if (item->event == MANIFEST_OBJECT)
		return visit_object(showing, name, item, error);
	if (item->event == MANIFEST_TEMPLATE) {
		manifests_tell_of_template(&showing->request->reading.common.report, name, item);
		return true;
	}
	manifests_fail_broken(name, item, &broken);
	report_error(&broken);
	return showing->unparsed = true;
}

/* --- the command -------------------------------------------------------------------------- */

static bool show(struct showing *showing, struct error *error)
{
	const struct show_request *request = showing->request;

	if (!sink_open(&showing->sink, request->reading.common.output.index, error) ||
	    !reading_each(&request->reading, visit_item, showing, &showing->unreadable, error))
		return false;
	if (!showing->secrets && !showing->unreadable && !showing->unparsed) {
		return error_set(error, DIAGNOSTIC_SECRET_NONE,
		                 "a pull Secret is of type kubernetes.io/dockerconfigjson or "
		                 "kubernetes.io/dockercfg; a Docker config has auths",
		                 "there is no pull Secret in what was read");
	}
	return sink_finish(&showing->sink, error);
}

static enum status status_of(const struct showing *showing)
{
	if (showing->unreadable)
		return STATUS_SYSTEM;
	if (showing->unparsed)
		return STATUS_DATA;
	return showing->broken || showing->request->reading.common.report.failed ? STATUS_NO
	                                                                         : STATUS_OK;
}

static void release_showing(struct showing *showing)
{
	sink_release(&showing->sink);
}

enum status show_run(int argc, char **argv)
{
	CLEANUP(release_request) struct show_request request = {0};
	CLEANUP(release_showing)
	struct showing showing = {.request = &request,
	                          .sink = SINK_INIT,
	                          .style = {.look = look_of(STDOUT_FILENO), .now = clock_now()}};
	enum status status;
	struct error error;

	if (!commands_begin("show", argc, argv, &request, &status))
		return status;
	showing.style.reveal = request.reveal;
	request.reading.wanted = workload_wanted;
	if (reading_settle(&request.reading, &error) && show(&showing, &error))
		return status_of(&showing);
	report_error(&error);
	return error.status;
}
