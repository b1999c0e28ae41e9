#include <string.h>
#include <unistd.h>

#include "../io/clock.h"
#include "commands.h"
#include "manifests.h"
#include "reading.h"
#include "regcred/base/memory.h"
#include "regcred/kube/workload.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/token.h"
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

/* By the key as it would be normalised; one that cannot be is nobody's. */
static const struct provider *find_provider(struct view registry)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error unusable;
	unsigned advice;

	if (view_holds(registry, '\0') ||
	    !registry_key_normalise(registry.data, &key, &advice, &unusable))
		return NULL;
	return provider_find(key.data);
}

static void know_entry(struct shown_secret *shown, const struct docker_login *entry)
{
	struct shown_entry *known;

	memory_extend(&shown->entries, shown->count, &shown->capacity, sizeof *known);
	known = &shown->entries[shown->count++];
	*known = (struct shown_entry){.entry = entry, .problem = entry->problem};
	known->expiry_known = token_expiry(entry->password, &known->expires);
	known->provider = find_provider(entry->registry);
}

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

static bool show_known(struct showing *showing, struct shown_secret *shown, struct error *error)
{
	bool json = showing->request->reading.common.output.index;

	showing->broken |= shown->problem != NULL;
	for (size_t i = 0; i < shown->count; i++)
		showing->broken |= shown->entries[i].problem != NULL;
	if (showing->secrets++ && !json)
		buf_append_char(&showing->sink.text, '\n');
	if (json)
		return sink_add(&showing->sink, show_json(shown, showing->style.reveal), error);
	return show_append_text(shown, &showing->style, &showing->sink.text, error) &&
	       sink_flush(&showing->sink, error);
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

static bool show_secret(struct showing *showing, const char *file, const struct pull_secret *secret,
                        struct error *error)
{
	CLEANUP(docker_logins_release)
	struct docker_logins config = DOCKER_LOGINS_INIT;
	struct shown_secret shown = {.file = file, .secret = secret};
	struct error problem = {.message = ""};
	bool written;

	read_payload(secret, &config, &problem);
	if (*problem.message)
		shown.problem = problem.message;
	for (size_t i = 0; i < config.entry_count; i++)
		know_entry(&shown, &config.entries[i]);
	written = show_known(showing, &shown, error);
	memory_release(shown.entries);
	return written;
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
