#include "credentials.h"

#include <string.h>
#include <unistd.h>

#include "../io/terminal.h"
#include "advice.h"
#include "regcred/base/memory.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"

/* --- what a registry key should tell its user -------------------------------- */

static const struct {
	enum registry_advice advice;
	enum diagnostic diagnostic;
	const char *sentence; /* after: registry "KEY" */
	const char *hint;
} advices[] = {
    {REGISTRY_ADVICE_PORT, DIAGNOSTIC_REGISTRY_PORT,
     "matches only images whose name has the port written just so",
     "write the registry just as the image names do"},
    {REGISTRY_ADVICE_PREFIX, DIAGNOSTIC_REGISTRY_PREFIX,
     "is a plain prefix: it also serves every path that merely begins so",
     "end it with a / to keep it to what lies below it"},
    {REGISTRY_ADVICE_SLASH, DIAGNOSTIC_REGISTRY_SLASH,
     "does not serve the image of that very name without the /",
     "leave the / out if there is such an image, and mind that the key is a plain prefix then"},
};

void credentials_report_key(struct report *report, const char *given, const char *key,
                            unsigned advice)
{
	if (advice & REGISTRY_ADVICE_NORMALISED)
		report_say(report, DIAGNOSTIC_REGISTRY_NORMALISED, NULL,
		           "registry \"%s\" is written as \"%s\"", given, key);
	for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
		if (advice & advices[i].advice)
			report_say(report, advices[i].diagnostic, advices[i].hint,
			           "registry \"%s\" %s", key, advices[i].sentence);
}

/* --- before anything is read --------------------------------------------------- */

/* A registry where everybody has the same user name needs none. */
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

	if (has_username && entry->source.channel != PASSWORD_ASK)
		return true;
	if (terminal_is_there())
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
		           "without --password-stdin you are asked, and nothing shows",
		           "standard input is a terminal: the password shows as you type it");
}

static bool prepare_entry(struct generate_request *request, struct entry_request *entry,
                          struct error *error)
{
	const char *registry = entry->registry ? entry->registry : REGISTRY_KEY_DOCKER_HUB;
	const struct credential *credential = &entry->credential;
	unsigned advice;

	if (!registry_key_normalise(registry, &entry->key, &advice, error))
		return false;
	credentials_report_key(&request->common.report, registry, entry->key.data, advice);
	report_source(&request->common.report, entry);
	return (!credential->username || credential_check_username(credential->username, error)) &&
	       (!credential->email || credential_check_email(credential->email, error));
}

bool credentials_prepare(struct generate_request *request, struct error *error)
{
	for (size_t i = 0; i < request->entry_count; i++)
		if (!prepare_entry(request, &request->entries[i], error))
			return false;
	return true;
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
		const struct docker_config_entry added = {entry->key.data, &entry->credential};

		if (!docker_config_add(config, &added, error))
			return false;
	}
	return true;
}

/* --- reading ---------------------------------------------------------------------- */

static bool ask_username(struct entry_request *entry, struct error *error)
{
	CLEANUP(buf_release) struct buf prompt = BUF_INIT(2 * BUF_NAME_MAX);

	buf_append_format(&prompt, "User name at %s: ", entry->key.data);
	if (!buf_check(&prompt, "the question", error) ||
	    !terminal_ask(prompt.data, true, &entry->username, error))
		return false;
	entry->credential.username = entry->username.data;
	return credential_check_username(entry->username.data, error) || error_from_input(error);
}

static bool make_prompt(const struct entry_request *entry, struct buf *prompt, struct error *error)
{
	if (entry->source.channel == PASSWORD_ASK)
		buf_append_format(prompt, "Password of %s at %s: ",
		                  entry->credential.username ? entry->credential.username
		                                             : "the user",
		                  entry->key.data);
	return buf_check(prompt, "the question", error);
}

static bool read_password(struct generate_request *request, struct entry_request *entry,
                          struct error *error)
{
	CLEANUP(buf_release) struct buf prompt = BUF_INIT(4 * BUF_NAME_MAX);

	if (!make_prompt(entry, &prompt, error))
		return false;
	if (!password_read(&entry->source, prompt.data, &entry->password, error)) {
		if (error->diagnostic == DIAGNOSTIC_PASSWORD_INVALID)
			error_prefix(error, "registry \"%s\"", entry->key.data);
		return false;
	}
	report_step(&request->common.report, "took the password of %s at %s",
	            entry->credential.username ? entry->credential.username
	                                       : "a user to be asked for",
	            entry->key.data);
	entry->credential.password = entry->password.data;
	return true;
}

/* A variable is wiped before anything can wait, or be run. */
bool credentials_take_variables(struct generate_request *request, struct error *error)
{
	for (size_t i = 0; i < request->entry_count; i++)
		if (request->entries[i].source.channel == PASSWORD_ENVIRONMENT &&
		    !read_password(request, &request->entries[i], error))
			return false;
	for (size_t i = 0; i < request->entry_count; i++) /* two may name the same one */
		password_forget(&request->entries[i].source);
	return true;
}

/* The user name that everybody has there, for such a secret. */
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

		if (channel != PASSWORD_ENVIRONMENT && channel != PASSWORD_ASK &&
		    channel != PASSWORD_IMPORTED &&
		    !read_password(request, &request->entries[i], error))
			return false;
	}
	for (size_t i = 0; i < request->entry_count; i++)
		if (!ask(request, &request->entries[i], error))
			return false;
	for (size_t i = 0; i < request->entry_count; i++)
		if (!advice_check(&request->common.report, &request->entries[i], error))
			return false;
	return true;
}
