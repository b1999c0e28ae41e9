#include "generate.h"

#include <string.h>
#include <unistd.h>

#include "../io/machine.h"
#include "../io/terminal.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/index_key.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/registry_trap.h"

/* --- what to report about a registry key -------------------------------------- */

static const struct {
	enum registry_advice advice;
	enum diagnostic diagnostic;
	const char *sentence; /* after: registry "KEY" */
	const char *hint;
} advices[] = {
    {REGISTRY_ADVICE_PORT, DIAGNOSTIC_REGISTRY_PORT,
     "matches only images that are written with this port",
     "write the registry as the image names do"},
    {REGISTRY_ADVICE_PREFIX, DIAGNOSTIC_REGISTRY_PREFIX,
     "also serves images whose path only begins with these characters",
     "end it with a / to serve only what is below it; podman and skopeo do not find such a key"},
    {REGISTRY_ADVICE_SLASH, DIAGNOSTIC_REGISTRY_SLASH,
     "does not serve an image with exactly that name, and podman and skopeo do not find it", NULL},
};

static bool serves(const char *key, const char *image)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf of_key = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf of_image = BUF_INIT(BUF_NAME_MAX);
	struct image_reference reference;
	struct index_pattern pattern, repository;
	struct error invalid;

	return image_reference_parse(view_of(image), &name, &reference, &invalid) &&
	       index_pattern_parse(view_of(key), &of_key, &pattern) == GO_URL_SOUND &&
	       index_pattern_parse(reference.repository, &of_image, &repository) == GO_URL_SOUND &&
	       index_pattern_matches(&pattern, &repository);
}

/* Whether an image is proved that the key serves, so that its path needs no note. */
static bool is_proved(const struct generate_request *request, const char *key)
{
	for (size_t i = 0; i < request->images.count; i++)
		if (serves(key, request->images.items[i].data))
			return true;
	return request->workloads.count > 0;
}

/* Of a host that is not the registry that was meant. False: it is refused. */
static bool check_host(struct report *report, const char *key, struct error *error)
{
	struct registry_trap trap;

	if (!registry_trap_find(view_of(key), &trap))
		return true;
	if (!trap.refused) {
		report_say(report, trap.diagnostic, trap.hint, "registry \"%s\" %s", key,
		           trap.sentence);
		return true;
	}
	error_set(error, trap.diagnostic, trap.hint, "registry \"%s\" %s", key, trap.sentence);
	error->status = STATUS_USAGE;
	return false;
}

bool credentials_check_key(struct generate_request *request, const char *given, const char *key,
                           unsigned advice, struct error *error)
{
	const unsigned path = REGISTRY_ADVICE_PREFIX | REGISTRY_ADVICE_SLASH;
	struct report *report = &request->common.report;

	if (advice & path && is_proved(request, key))
		advice &= ~path;
	if (advice & REGISTRY_ADVICE_NORMALISED)
		report_say(report, DIAGNOSTIC_REGISTRY_NORMALISED, NULL,
		           "registry \"%s\" is written as \"%s\"", given, key);
	for (size_t i = 0; i < COUNT(advices); i++)
		if (advice & advices[i].advice)
			report_say(report, advices[i].diagnostic, advices[i].hint,
			           "registry \"%s\" %s", key, advices[i].sentence);
	return check_host(report, key, error);
}

/* --- checks of a credential by what is known of its registry -------------------------- */

/* What the verdicts are for, and whether one refuses. */
struct advice {
	struct report *report;
	const struct entry_request *entry;
	struct error *error;
	bool refused;
};

/* An option that cannot be meant is a usage error, what was read is unusable. */
static enum status status_of(const struct entry_request *entry,
                             const struct credential_verdict *verdict)
{
	if (entry->imported || verdict->diagnostic == DIAGNOSTIC_TOKEN_EXPIRED)
		return STATUS_DATA;
	if (verdict->part == CREDENTIAL_PASSWORD && entry->source.channel != PASSWORD_ARGUMENT)
		return STATUS_DATA;
	return STATUS_USAGE;
}

/* The first refusal is the error. The registry was checked by credentials_check_key. */
static void hear(void *context, const struct credential_verdict *verdict)
{
	struct advice *advice = context;
	const char *part = credential_part_name(verdict->part), *key = advice->entry->key.data;

	if (verdict->part == CREDENTIAL_REGISTRY || (verdict->refused && advice->refused))
		return;
	if (!verdict->refused) {
		report_say(advice->report, verdict->diagnostic, verdict->hint,
		           "the %s for registry \"%s\" %s", part, key, verdict->sentence);
		return;
	}
	advice->refused = true;
	error_set(advice->error, verdict->diagnostic, verdict->hint,
	          "the %s for registry \"%s\" %s", part, key, verdict->sentence);
	advice->error->status = status_of(advice->entry, verdict);
}

bool credentials_judge(struct generate_request *request, const struct entry_request *entry,
                       struct error *error)
{
	struct advice advice = {&request->common.report, entry, error, false};
	const struct credential_case credential = {
	    .registry = entry->key.data,
	    .username = view_of(entry->credential.username),
	    .password = buf_view(&entry->password),
	    .now = clock_now(),
	};

	credential_judge(&credential, hear, &advice);
	return !advice.refused;
}

/* --- before anything is read --------------------------------------------------- */

/* A registry with a fixed user name needs none. */
static bool has_fixed_username(const struct entry_request *entry)
{
	const struct provider *provider = provider_find(entry->key.data);

	return provider && provider->fixed[0].username;
}

static bool refuse_without_username(const struct entry_request *entry, struct error *error)
{
	return error_set(
	    error, DIAGNOSTIC_USERNAME_MISSING, "give it with --username",
	    "the user name for registry \"%s\" is missing, and there is no terminal to ask on",
	    entry->key.data);
}

static bool check_can_ask(const struct entry_request *entry, struct error *error)
{
	bool has_username = entry->credential.username || has_fixed_username(entry);

	if ((has_username && entry->source.channel != PASSWORD_ASK) || terminal_is_there())
		return true;
	if (!has_username)
		return refuse_without_username(entry, error);
	return error_set(
	    error, DIAGNOSTIC_PASSWORD_MISSING,
	    "give it with --password-stdin, --password-file, --password-fd or "
	    "--password-env",
	    "the password for registry \"%s\" is missing, and there is no terminal to ask on",
	    entry->key.data);
}

static void report_source(struct report *report, const struct entry_request *entry)
{
	if (entry->source.channel == PASSWORD_ARGUMENT)
		report_say(
		    report, DIAGNOSTIC_PASSWORD_VISIBLE,
		    "use --password-stdin, --password-file, --password-fd or --password-env",
		    "the password for registry \"%s\" was visible in the process table, and stays "
		    "in the shell's history",
		    entry->key.data);
	if (entry->source.channel == PASSWORD_STDIN && isatty(STDIN_FILENO))
		report_say(report, DIAGNOSTIC_PASSWORD_ECHOED,
		           "without --password-stdin you are asked, and the password is not shown",
		           "standard input is a terminal: the password shows as you type it");
}

/* A shell takes $oauthtoken for a variable, which is empty. */
static bool check_username(const struct entry_request *entry, struct error *error)
{
	const struct provider *provider = provider_find(entry->key.data);
	const char *username = entry->credential.username;

	if (!username || credential_check_username(username, error))
		return true;
	if (!*username && provider && provider->fixed[0].username &&
	    *provider->fixed[0].username == '$')
		error_hint(error, "the user name there is exactly '%s': write it in single quotes",
		           provider->fixed[0].username);
	return false;
}

static bool prepare_entry(struct generate_request *request, struct entry_request *entry,
                          struct error *error)
{
	const char *registry = entry->registry ? entry->registry : REGISTRY_KEY_DOCKER_HUB;
	const struct credential *credential = &entry->credential;
	unsigned advice;

	if (!registry_key_normalise(registry, &entry->key, &advice, error) ||
	    !credentials_check_key(request, registry, entry->key.data, advice, error))
		return false;
	report_source(&request->common.report, entry);
	return check_username(entry, error) &&
	       (!credential->email || credential_check_email(credential->email, error));
}

/* Duplicates are reported before anything that is missing. */
bool credentials_prepare(struct generate_request *request, struct error *error)
{
	CLEANUP(docker_config_release) struct docker_config config = DOCKER_CONFIG_INIT;

	for (size_t i = 0; i < request->entry_count; i++)
		if (!prepare_entry(request, &request->entries[i], error))
			return false;
	return credentials_collect(request, &config, error);
}

bool credentials_check(const struct generate_request *request, struct error *error)
{
	for (size_t i = 0; i < request->entry_count; i++)
		if (!request->entries[i].imported && !check_can_ask(&request->entries[i], error))
			return false;
	return true;
}

bool credentials_collect(struct generate_request *request, struct docker_config *config,
                         struct error *error)
{
	for (size_t i = 0; i < request->entry_count; i++) {
		struct entry_request *entry = &request->entries[i];
		const struct docker_config_entry added = {entry->key.data, &entry->credential,
		                                          NULL};

		docker_config_add(config, &added);
	}
	return docker_config_sort(config, error);
}

/* --- reading ---------------------------------------------------------------------- */

/* Docker Hub, which is meant where no registry is given, has a key that few people know. */
static void append_place(struct buf *prompt, const struct entry_request *entry)
{
	bool hub = strcmp(entry->key.data, REGISTRY_KEY_DOCKER_HUB) == 0;

	buf_append_format(prompt, hub ? " at Docker Hub (%s): " : " at %s: ", entry->key.data);
}

static bool ask_username(struct entry_request *entry, struct error *error)
{
	CLEANUP(buf_release) struct buf prompt = BUF_INIT(BUF_NAME_MAX);

	buf_append_string(&prompt, "User name");
	append_place(&prompt, entry);
	if (!terminal_ask(prompt.data, true, &entry->username, error))
		return false;
	entry->credential.username = entry->username.data;
	if (credential_check_username(entry->username.data, error))
		return true;
	if (!entry->username.len)
		error_hint(error, TERMINAL_HINT_EMPTY);
	return error_from_input(error);
}

void credentials_drop_bom(struct generate_request *request, struct entry_request *entry)
{
	if (credential_drop_bom(&entry->password))
		report_say(
		    &request->common.report, DIAGNOSTIC_PASSWORD_BOM, NULL,
		    "the byte order mark at the start of the password for registry \"%s\" was "
		    "dropped",
		    entry->key.data);
}

static bool read_password(struct generate_request *request, struct entry_request *entry,
                          struct error *error)
{
	CLEANUP(buf_release) struct buf prompt = BUF_INIT(BUF_NAME_MAX);
	const char *username = entry->credential.username;

	buf_append_format(&prompt, "Password of %.200s", username ? username : "the user");
	append_place(&prompt, entry);
	if (!password_read(&entry->source, prompt.data, &entry->password, error)) {
		if (error->diagnostic == DIAGNOSTIC_PASSWORD_INVALID)
			error_prefix(error, "registry \"%s\"", entry->key.data);
		return false;
	}
	credentials_drop_bom(request, entry);
	report_step(&request->common.report, "took the password of %s at %s",
	            username ? username : "a user to be asked for", entry->key.data);
	entry->credential.password = entry->password.data;
	return true;
}

/* The fixed user name of the provider, for such a secret. */
static bool take_fixed_username(struct generate_request *request, struct entry_request *entry)
{
	const char *username = provider_username(provider_find(entry->key.data),
	                                         entry->password.data, entry->password.len);

	if (!username)
		return false;
	report_say(&request->common.report, DIAGNOSTIC_USERNAME_FIXED, NULL,
	           "the user name at registry \"%s\" is %s", entry->key.data, username);
	entry->credential.username = username;
	return true;
}

static bool ask(struct generate_request *request, struct entry_request *entry, struct error *error)
{
	bool fixed = has_fixed_username(entry);

	if (!entry->credential.username && !fixed && !ask_username(entry, error))
		return false;
	if (entry->source.channel == PASSWORD_ASK && !read_password(request, entry, error))
		return false;
	if (entry->credential.username || take_fixed_username(request, entry))
		return true;
	if (!terminal_is_there())
		return refuse_without_username(entry, error);
	return ask_username(entry, error);
}

/* What is only read comes before what a person is asked for, when nothing else can
 * fail any more. */
bool credentials_read(struct generate_request *request, struct error *error)
{
	for (size_t i = 0; i < request->entry_count; i++) {
		enum password_channel channel = request->entries[i].source.channel;

		if (channel != PASSWORD_ASK && channel != PASSWORD_IMPORTED &&
		    !read_password(request, &request->entries[i], error))
			return false;
	}
	for (size_t i = 0; i < request->entry_count; i++)
		if (!ask(request, &request->entries[i], error))
			return false;
	for (size_t i = 0; i < request->entry_count; i++)
		if (request->entries[i].source.channel != PASSWORD_IMPORTED &&
		    !credentials_judge(request, &request->entries[i], error))
			return false;
	return true;
}
