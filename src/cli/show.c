#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../io/input.h"
#include "../io/machine.h"
#include "commands.h"
#include "manifests.h"
#include "reading.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/docker/docker_logins.h"
#include "regcred/json/json.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/token.h"
#include "sink.h"
#include "table.h"

struct show_request {
	struct reading_request reading;
	bool reveal;
};

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

/* One pull Secret or Docker config, as a table for people and as JSON:
 *
 *	{"file", "namespace", "name", "type", "entries": [{"registry", "username",
 *	 "passwordLength", "email", "authAgrees", "provider", "expires", "problem"}]}
 *
 * authAgrees is null without an auth, provider (the id of provider.h), expires (RFC
 * 3339, UTC) and problem are null where there is none; with the passwords revealed,
 * "password" follows passwordLength. What is wrong with a Secret as a whole is the
 * problem of an entry whose registry is "". */
struct shown_secret {
	const char *file;
	const struct pull_secret *secret;
	const struct docker_logins *config; /* what is in it */
	const char *problem;                /* with the whole; NULL: none */
};

/* The Secrets on their way out. */
struct showing {
	struct show_request *request;
	struct sink sink;
	struct look look;
	int64_t now; /* seconds since 1970 */
	size_t secrets;
	bool broken;   /* something in a Secret is */
	bool unparsed; /* a document is not a manifest */
};

enum { TIME_SIZE = 32, YEAR_MAX = 9999, INDENT = 2 };

/* RFC 3339; false: it has no year that can be written so. */
static bool format_time(int64_t seconds, char text[TIME_SIZE])
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (!gmtime_r(&time, &parts) || parts.tm_year + 1900 < 0 || parts.tm_year + 1900 > YEAR_MAX)
		return false;
	return strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0;
}

/* By the key as it would be normalised; one that cannot be has no provider. */
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

/* --- the table ------------------------------------------------------------------------ */

static const char *auth_word(const struct docker_login *entry)
{
	switch (entry->fault) {
	case CONFIG_FAULT_BASE64:
	case CONFIG_FAULT_COLON:
		return "broken";
	default:
		return !entry->has_auth ? "none" : entry->disagrees ? "differs" : "agrees";
	}
}

static void add_expiry(struct table *table, const struct docker_login *entry, int64_t now)
{
	char time[TIME_SIZE], text[TIME_SIZE + TOKEN_TEXT_SIZE + 16], span[TOKEN_TEXT_SIZE];
	int64_t expires;
	bool over;

	if (!token_expiry(entry->password, &expires) || !format_time(expires, time))
		return;
	over = expires <= now;
	token_remaining(expires - now, span);
	snprintf(text, sizeof text, over ? "%s (%s ago)" : "%s (in %s)", time, span);
	table_line(table, over ? STYLE_BAD : STYLE_PLAIN, over ? "expired: " : "expires: ", text);
}

static struct view shown_username(const struct docker_login *entry, bool reveal)
{
	return reveal ? entry->username : credential_username_shown(entry->username);
}

static void add_row(struct table *table, const struct docker_login *entry,
                    const struct showing *showing)
{
	const struct provider *provider = find_provider(entry->registry);
	struct view username = shown_username(entry, showing->request->reveal);

	table_registry(table, entry->registry);
	table_cell(table, STYLE_PLAIN, username);
	if (showing->request->reveal)
		table_cell(table, STYLE_PLAIN, entry->password);
	else
		table_number(table, entry->password.len);
	table_cell(table, entry->disagrees ? STYLE_HINT : STYLE_PLAIN, view_of(auth_word(entry)));
	table_cell(table, STYLE_PLAIN, view_of(provider ? provider->name : ""));
	add_expiry(table, entry, showing->now);
	if (entry->problem)
		table_line(table, STYLE_BAD, "broken: ", entry->problem);
}

static bool append_entries(struct showing *showing, const struct docker_logins *config,
                           struct error *error)
{
	const char *const headings[] = {"REGISTRY", "USER NAME",
	                                showing->request->reveal ? "PASSWORD" : "PASSWORD BYTES",
	                                "AUTH", "PROVIDER"};
	enum { COLUMNS = COUNT(headings) };
	CLEANUP(table_release) struct table table = TABLE_INIT(COLUMNS, INDENT);

	for (size_t i = 0; i < COLUMNS; i++)
		table_cell(&table, STYLE_DIM, view_of(headings[i]));
	for (size_t i = 0; i < config->entry_count; i++)
		add_row(&table, &config->entries[i], showing);
	table_append(&table, showing->look, INDENT, &showing->sink.text);
	return buf_check(&table.text, "the table", error);
}

static void append_title(struct showing *showing, const struct shown_secret *shown)
{
	const struct pull_secret *secret = shown->secret;
	CLEANUP(buf_release) struct buf title = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf rest = BUF_INIT(BUF_CONFIG_MAX);
	struct buf *out = &showing->sink.text;

	if (secret->kind == PULL_SECRET_BARE)
		buf_append_string(&title, "Docker config");
	else
		buf_append_format(&title, "Secret %s%s%s", secret->ns, *secret->ns ? "/" : "",
		                  secret->name);
	buf_append_format(&rest, "%s%s, %s", *secret->type ? ", " : "", secret->type,
	                  input_name(shown->file));
	look_append(showing->look, out, STYLE_TITLE, buf_view(&title));
	look_append(showing->look, out, STYLE_DIM, buf_view(&rest));
	buf_append_char(out, '\n');
	if (title.failure || rest.failure)
		out->failure = true;
}

static bool append_text(struct showing *showing, const struct shown_secret *shown,
                        struct error *error)
{
	struct buf *out = &showing->sink.text;

	buf_append_string(out, showing->secrets > 1 ? "\n" : "");
	append_title(showing, shown);
	if (shown->problem)
		look_append_line(showing->look, out, INDENT, STYLE_BAD, "broken: ", shown->problem);
	if (shown->config->entry_count && !append_entries(showing, shown->config, error))
		return false;
	if (!shown->config->entry_count && !shown->problem)
		buf_append_string(out, "  no entries\n");
	return buf_check(out, "the table", error) && sink_flush(&showing->sink, error);
}

/* --- JSON ----------------------------------------------------------------------------- */

static struct json *json_agrees(const struct docker_login *entry)
{
	const char *word = auth_word(entry);

	return json_raw(strcmp(word, "none") == 0     ? "null"
	                : strcmp(word, "agrees") == 0 ? "true"
	                                              : "false");
}

static struct json *json_entry(const struct docker_login *entry, bool reveal)
{
	const struct provider *provider = find_provider(entry->registry);
	char time[TIME_SIZE];
	int64_t seconds;
	bool expires = token_expiry(entry->password, &seconds) && format_time(seconds, time);

	return json_build(
	    "{registry:%j,username:%v,passwordLength:%d,password:%j,email:%v,authAgrees:%j,"
	    "provider:%t,expires:%t,problem:%t}",
	    reveal ? json_bytes(entry->registry.data, entry->registry.len)
	           : sink_registry(entry->registry),
	    shown_username(entry, reveal), (long long)entry->password.len,
	    reveal ? json_bytes(entry->password.data, entry->password.len) : NULL, entry->email,
	    json_agrees(entry), provider ? provider->id : NULL, expires ? time : NULL,
	    entry->problem);
}

static struct json *json_of(const struct shown_secret *shown, bool reveal)
{
	const struct pull_secret *secret = shown->secret;
	const struct docker_login whole = {.registry = VIEW_EMPTY,
	                                   .username = VIEW_EMPTY,
	                                   .password = VIEW_EMPTY,
	                                   .email = VIEW_EMPTY,
	                                   .problem = shown->problem};
	struct json *entries = json_array();

	if (shown->problem)
		json_append(entries, json_entry(&whole, reveal));
	for (size_t i = 0; i < shown->config->entry_count; i++)
		json_append(entries, json_entry(&shown->config->entries[i], reveal));
	return json_build("{file:%t,namespace:%t,name:%t,type:%t,entries:%j}", shown->file,
	                  secret->ns, secret->name, secret->type, entries);
}

/* --- what is known of a Secret ---------------------------------------------------------- */

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
		return sink_add(&showing->sink, json_of(&shown, showing->request->reveal), error);
	return append_text(showing, &shown, error);
}

static bool visit_object(struct showing *showing, const char *file,
                         const struct manifest_item *item, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;

	if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
		return error_prefix(error, "%s", input_name(file));
	manifests_note_secret(&showing->request->reading.common.report, file, &secret);
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
		manifests_note_template(&showing->request->reading.common.report, name, item);
		return true;
	}
	manifests_fail_broken(name, item, &broken);
	report_error(&broken);
	return showing->unparsed = true;
}

/* --- the command -------------------------------------------------------------------------- */

static enum status status_of(const struct showing *showing)
{
	if (showing->request->reading.unreadable)
		return STATUS_SYSTEM;
	if (showing->unparsed)
		return STATUS_DATA;
	return showing->broken ? STATUS_NO : STATUS_OK;
}

static void release_request(struct show_request *request)
{
	reading_release(&request->reading);
}

static void release_showing(struct showing *showing)
{
	sink_release(&showing->sink);
}

static bool show(void *context, enum status *status, struct error *error)
{
	struct show_request *request = context;
	struct reading_request *reading = &request->reading;
	CLEANUP(release_showing)
	struct showing showing = {.request = request,
	                          .sink = SINK_INIT,
	                          .look = look_of(STDOUT_FILENO),
	                          .now = clock_now()};

	reading->goes_on = true;
	if (!reading_settle(reading, error) ||
	    !sink_open(&showing.sink, reading->common.output.index, error) ||
	    !reading_each(reading, visit_item, &showing, error))
		return false;
	if (!showing.secrets && !reading->unreadable && !showing.unparsed)
		return error_set(error, DIAGNOSTIC_SECRET_NONE,
		                 "a pull Secret is of type kubernetes.io/dockerconfigjson or "
		                 "kubernetes.io/dockercfg; a Docker config has auths",
		                 "the input contains no pull Secret");
	*status = status_of(&showing);
	return sink_finish(&showing.sink, error);
}

enum status show_run(int argc, char **argv)
{
	CLEANUP(release_request) struct show_request request = {0};

	return commands_do("show", argc, argv, &request, show);
}
