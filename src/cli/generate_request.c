#include "generate.h"

#include <string.h>

#include "../io/helper.h"
#include "regcred/base/memory.h"
#include "regcred/edit/kubectl.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/registry_trap.h"

enum { NAMESPACES_FILE_MAX = 64 * 1024 * 1024 };

void generate_request_init(struct generate_request *request)
{
	*request = (struct generate_request){.namespaces_text = BUF_INIT(NAMESPACES_FILE_MAX)};
}

void generate_request_release(struct generate_request *request)
{
	for (size_t i = 0; i < request->entry_count; i++) {
		struct entry_request *entry = &request->entries[i];

		buf_release(&entry->key);
		buf_release(&entry->username);
		buf_release(&entry->password);
		buf_release(&entry->email);
	}
	memory_release(request->entries);
	string_list_release(&request->removed);
	string_list_release(&request->images);
	string_list_release(&request->workloads);
	string_list_release(&request->asking.plain_http);
	string_list_release(&request->namespaces);
	buf_release(&request->namespaces_text);
	secret_pairs_release(&request->labels);
	secret_pairs_release(&request->annotations);
	companions_release(&request->companions);
}

struct entry_request *generate_request_add_entry(struct generate_request *request)
{
	struct entry_request *entry;

	memory_extend(&request->entries, request->entry_count, &request->entry_capacity,
	              sizeof *entry);
	entry = &request->entries[request->entry_count++];
	*entry = (struct entry_request){.key = BUF_INIT(BUF_NAME_MAX),
	                                .username = BUF_INIT(BUF_NAME_MAX),
	                                .password = BUF_INIT(BUF_PASSWORD_MAX),
	                                .email = BUF_INIT(BUF_NAME_MAX)};
	return entry;
}

/* --- what depends on more than one option ------------------------------------------- */

static bool check_combination(const struct generate_request *request, struct error *error)
{
	bool imports = request->from_file || request->from_login;
	const struct {
		bool wrong;
		const char *sentence, *hint;
	} conflicts[] = {
	    {request->removed.count && !request->update_file,
	     "--remove removes a registry from an existing Secret",
	     "name the Secret with --update FILE"},
	    {request->from_file && request->from_login,
	     "--from-file and --from-login both say where to import from",
	     "leave one of the two out"},
	    {request->all && !request->from_login, "--all goes with --from-login",
	     "add it, or leave --all out"},
	    {request->from_login && !request->all && !request->registry_given,
	     "--from-login needs a registry", "name it with --registry, or use --all"},
	    {request->helper_timeout && !imports,
	     "--helper-timeout goes with --from-file or --from-login", "leave it out"},
	};
	const char *option = inquiry_option_given(&request->asking);

	for (size_t i = 0; i < COUNT(conflicts); i++)
		if (conflicts[i].wrong)
			return error_set(error, DIAGNOSTIC_OPTION_CONFLICT, conflicts[i].hint, "%s",
			                 conflicts[i].sentence);
	return request->verify || !option ||
	       error_set(error, DIAGNOSTIC_OPTION_CONFLICT, "add it, or leave the option out",
	                 "option --%s goes with --verify", option);
}

/* Beside an import, a registry with neither user nor password is to be taken from
 * there. */
static void mark_imported(struct generate_request *request)
{
	bool imports = request->from_file || request->from_login;

	for (size_t i = 0; i < request->entry_count; i++) {
		struct entry_request *entry = &request->entries[i];

		entry->imported =
		    imports && !entry->credential.username && entry->source.channel == PASSWORD_ASK;
	}
}

/* HOST:PORT or HOST/PATH, which no name is, or what is never the registry's key itself
 * (hub.docker.com). */
static bool reads_as_registry(const char *name)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error unused;
	unsigned advice;

	return registry_key_normalise(name, &key, &advice, &unused) &&
	       (strpbrk(name, ":/") || strcmp(key.data, name) != 0);
}

/* The word order of docker login: a registry where the NAME goes. */
static bool check_name(const struct generate_request *request, struct error *error)
{
	const char *name = request->name;
	struct registry_trap trap;
	bool meant;

	if (!request->name_argument || request->registry_given)
		return true;
	meant = provider_find(name) || reads_as_registry(name);
	if (!meant && !registry_trap_find(view_of(name), &trap))
		return true;
	error_set(error, DIAGNOSTIC_NAME_REGISTRY, NULL,
	          "\"%s\" is a registry, and the argument is the name of the Secret", name);
	if (!meant)
		return error_hint(error, "give the registry with -r, and %s", trap.hint);
	if (strpbrk(name, ":/"))
		return error_hint(error, "write -r %s", name);
	return error_hint(error, "write -r %s, or --name %s for a Secret of that name", name, name);
}

/* With an import or --update, Docker Hub is not the default. */
static bool check_registry(struct generate_request *request, struct error *error)
{
	bool elsewhere = request->from_file || request->all || request->update_file;

	if (!elsewhere && !request->entry_count)
		generate_request_add_entry(request);
	if (!elsewhere || !request->entry_count || request->registry_given)
		return true;
	return error_set(error, DIAGNOSTIC_OPTION_ORDER,
	                 "name the registry; for Docker Hub it is docker.io",
	                 "option --%s belongs to no --registry", request->early_option);
}

/* Sorts labels or annotations, of which each may be given once. */
static bool sort_pairs(struct secret_pairs *pairs, const char *kind, enum diagnostic diagnostic,
                       struct error *error)
{
	const char *repeated = secret_pairs_sort(pairs);

	return !repeated || error_set(error, diagnostic, "leave one of the two out",
	                              "%s \"%s\" is given twice", kind, repeated);
}

/* The companions have the labels that the options give, not those of a Secret that is
 * updated. */
static bool check_labels(struct generate_request *request, struct error *error)
{
	if (!sort_pairs(&request->labels, "label", DIAGNOSTIC_LABEL_INVALID, error) ||
	    !sort_pairs(&request->annotations, "annotation", DIAGNOSTIC_ANNOTATION_INVALID, error))
		return false;
	for (size_t i = 0; i < request->labels.count; i++)
		secret_pairs_add(&request->companions.labels, request->labels.items[i].key,
		                 request->labels.items[i].value);
	return true;
}

bool generate_request_check(struct generate_request *request, struct error *error)
{
	if (request->common.output.index == OUTPUT_CONFIG && request->shape_option) {
		return error_set(error, DIAGNOSTIC_OPTION_CONFLICT, "leave one of the two out",
		                 "option --%s applies to objects, but --output config writes none",
		                 request->shape_option);
	}
	if (!check_name(request, error) || !check_labels(request, error) ||
	    !check_combination(request, error))
		return false;
	if (!request->helper_timeout)
		request->helper_timeout = HELPER_TIMEOUT_DEFAULT;
	mark_imported(request);
	return check_registry(request, error);
}

/* --- what goes with the Secret ----------------------------------------------------------- */

/* `default` is in every namespace already: applied, ours would take its place, and what
 * others have put into its list would be gone. */
static bool refuse_default(const struct generate_request *request, const char *secret,
                           struct error *error)
{
	CLEANUP(buf_release) struct buf command = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	size_t count = request->namespaces.count;

	buf_append_format(&name, "%s%s", secret, request->append_hash ? "-HASH" : "");
	kubectl_append_link(&command, "default",
	                    count == 0   ? NULL
	                    : count == 1 ? request->namespaces.items[0].data
	                                 : "NS",
	                    name.data, " ");
	error_set(error, DIAGNOSTIC_ACCOUNT_DEFAULT, NULL,
	          "the ServiceAccount \"default\" exists in every namespace: a new one would "
	          "replace the list of pull Secrets that it has");
	if (buf_check(&name, "a name", error) && buf_check(&command, "a command", error))
		error_hint(error, "make the Secret alone, then add it to that list: %s",
		           command.data);
	return false;
}

bool generate_request_check_companions(struct generate_request *request, const char *secret,
                                       struct error *error)
{
	struct companions *companions = &request->companions;

	if (companions->service_account && strcmp(companions->service_account, "default") == 0)
		return refuse_default(request, secret, error);
	if (!companions_check_readers(companions, &request->namespaces, error))
		return false;
	for (size_t i = 0; i < companions->reader_count; i++) {
		const char *who = reader_is_wide(&companions->readers[i]);

		if (who)
			report_say(&request->common.report, DIAGNOSTIC_READER_WIDE,
			           "name those who need it",
			           "reader \"%s\" %s, and all of them could read the credential",
			           companions->readers[i].name, who);
	}
	return true;
}
