#include "import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../io/helper.h"
#include "../io/home.h"
#include "../io/input.h"
#include "advice.h"
#include "credentials.h"
#include "regcred/base/memory.h"
#include "regcred/docker/docker_config_file.h"
#include "regcred/docker/helper_reply.h"
#include "regcred/registry/registry_index.h"
#include "regcred/registry/registry_key.h"

/* One place that logins may be in, read. */
struct place {
	struct buf name; /* what messages call it */
	struct docker_config_file file;
	struct registry_index entries, helpers; /* of the file, what docker left behind not */
};

/* The import as it goes. */
struct import {
	struct generate_request *request;
	struct place *places; /* in the order in which they are asked */
	size_t place_count, place_capacity;
	size_t named_count; /* entries that --registry names */
	size_t unusable;    /* entries that were reported */
	enum status status; /* the worst of them */
};

static void import_release(struct import *import)
{
	for (size_t i = 0; i < import->place_count; i++) {
		buf_release(&import->places[i].name);
		docker_config_file_release(&import->places[i].file);
		registry_index_release(&import->places[i].entries);
		registry_index_release(&import->places[i].helpers);
	}
	memory_release(import->places);
}

/* --- reading the places ----------------------------------------------------------- */

static bool index_place(struct place *place, struct error *error)
{
	const struct docker_config_file *file = &place->file;

	for (size_t i = 0; i < file->entry_count; i++)
		if (!file->entries[i].web_login_leftover &&
		    !registry_index_add(&place->entries, file->entries[i].registry.data, i, error))
			return false;
	for (size_t i = 0; i < file->helper_count; i++)
		if (!registry_index_add(&place->helpers, file->helpers[i].registry, i, error))
			return false;
	return true;
}

static bool add_place(struct import *import, const char *name, const struct buf *text,
                      struct error *error)
{
	struct place *place;

	memory_extend(&import->places, import->place_count, &import->place_capacity, sizeof *place);
	place = &import->places[import->place_count++];
	*place = (struct place){.name = BUF_INIT(BUF_NAME_MAX)};
	buf_append_string(&place->name, name);
	if (!buf_check(&place->name, "a path", error))
		return false;
	if (!docker_config_file_parse(text->data, text->len, &place->file, error)) {
		if (error->status != STATUS_FAULT && !*error->hint)
			error_hint(error, "a Docker config is a JSON object with \"auths\" in it, "
			                  "such as ~/.docker/config.json");
		return error_prefix(error, "%s", name);
	}
	report_step(&import->request->common.report, "read %s: %zu entries, %zu helpers%s", name,
	            place->file.entry_count, place->file.helper_count,
	            place->file.store ? ", a store" : "");
	return index_place(place, error);
}

static bool read_place(struct import *import, const char *path, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	return input_read(path, &text, error) &&
	       add_place(import, input_is_stdin(path) ? INPUT_STDIN : path, &text, error);
}

/* A path below what a variable names; a variable that is not set is no place. A file
 * that is not there is none either. */
static bool read_login(struct import *import, const char *variable, const char *below,
                       struct error *error)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_NAME_MAX);
	const char *folder = strcmp(variable, "HOME") == 0 ? home_folder() : getenv(variable);

	if (!folder || !*folder)
		return true;
	buf_append_format(&path, "%s%s", folder, below);
	if (!buf_check(&path, "a path", error))
		return false;
	if (access(path.data, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		report_step(&import->request->common.report, "no %s", path.data);
		return true;
	}
	return read_place(import, path.data, error);
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

static bool read_variable(struct import *import, const char *variable, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	if (!is_set(variable))
		return true;
	buf_append_string(&text, getenv(variable));
	return buf_check(&text, variable, error) && add_place(import, variable, &text, error);
}

/* Where docker and podman look, in their order: docker's cli/config (config.go),
 * containers/image pkg/docker/config (config.go), containers-auth.json(5). */
static bool read_logins(struct import *import, struct error *error)
{
	static const struct {
		const char *variable, *below;
		const char *unless; /* a variable that takes its place; NULL: none */
	} logins[] = {
	    {"DOCKER_CONFIG", "/config.json", NULL},
	    {"HOME", "/.docker/config.json", "DOCKER_CONFIG"},
	    {"XDG_RUNTIME_DIR", "/containers/auth.json", NULL},
	    {"HOME", "/.config/containers/auth.json", NULL},
	    {"HOME", "/.dockercfg", NULL},
	};

	if (!read_variable(import, "DOCKER_AUTH_CONFIG", error))
		return false;
	if (is_set("REGISTRY_AUTH_FILE"))
		return read_login(import, "REGISTRY_AUTH_FILE", "", error);
	if (!home_folder())
		report_step(&import->request->common.report,
		            "HOME is not set, and the system knows no home of this user");
	for (size_t i = 0; i < sizeof logins / sizeof *logins; i++)
		if (!(logins[i].unless && is_set(logins[i].unless)) &&
		    !read_login(import, logins[i].variable, logins[i].below, error))
			return false;
	return true;
}

/* --- finding a registry in a place --------------------------------------------------- */

/* Two keys of one file that mean the registry are an error: either may be right. */
static bool find_entry(struct place *place, const char *registry,
                       const struct docker_config_file_entry **found, struct error *error)
{
	size_t count;
	const struct registry_index_item *items =
	    registry_index_find(&place->entries, registry, &count);

	*found = count ? &place->file.entries[items->number] : NULL;
	if (count < 2)
		return true;
	return error_set(error, DIAGNOSTIC_REGISTRY_DUPLICATE, "leave one of them out",
	                 "it stands there twice, in different spellings");
}

static const struct docker_config_file_helper *find_helper(struct place *place,
                                                           const char *registry)
{
	size_t count;
	const struct registry_index_item *items =
	    registry_index_find(&place->helpers, registry, &count);

	return count ? &place->file.helpers[items->number] : NULL;
}

/* --- taking a credential ------------------------------------------------------------- */

/* An email that was given as an option goes before the stored one. */
static bool take(struct entry_request *entry, const struct buf *username,
                 const struct buf *password, const struct buf *email, struct error *error)
{
	const char *given = entry->credential.email;

	buf_append(&entry->username, username->data, username->len);
	buf_append(&entry->password, password->data, password->len);
	if (email && !given)
		buf_append(&entry->email, email->data, email->len);
	entry->credential =
	    (struct credential){entry->username.data, entry->password.data,
	                        given || !entry->email.len ? given : entry->email.data};
	entry->source.channel = PASSWORD_IMPORTED;
	return buf_check(&entry->username, "a user name", error) &&
	       buf_check(&entry->password, "a password", error) &&
	       buf_check(&entry->email, "an email", error) &&
	       credential_check_username(entry->credential.username, error) &&
	       (!entry->credential.email ||
	        credential_check_email(entry->credential.email, error)) &&
	       credential_check_password(entry->password.data, entry->password.len, error);
}

/* What a helper answers; *found is false if it has no such entry. */
static bool ask_helper(struct import *import, const char *name, const char *server,
                       struct entry_request *entry, bool *found, struct error *error)
{
	CLEANUP(helper_reply_release) struct helper_reply reply = HELPER_REPLY_INIT;
	CLEANUP(buf_release) struct buf output = BUF_INIT(BUF_PASSWORD_MAX);
	bool succeeded;

	*found = false;
	if (!helper_name_is_valid(name)) {
		return error_set(error, DIAGNOSTIC_HELPER_FAILED,
		                 "it is what comes behind docker-credential-, and holds "
		                 "only letters, digits, \".\", \"_\" and \"-\"",
		                 "\"%.80s\" is no name of a credential helper", name);
	}
	report_step(&import->request->common.report, "ask docker-credential-%s for \"%s\"", name,
	            server);
	if (!helper_get(name, server, import->request->helper_timeout, &output, &succeeded, error))
		return false;
	if (!succeeded && helper_reply_is_not_found(output.data, output.len))
		return true;
	if (!succeeded) {
		error_set(error, DIAGNOSTIC_HELPER_FAILED, NULL,
		          "docker-credential-%s failed; what it said is not shown", name);
		return error_hint(error, HELPER_HINT_TRY, name);
	}
	if (!helper_reply_parse(output.data, output.len, &reply, error)) {
		if (error->diagnostic == DIAGNOSTIC_HELPER_REPLY)
			error_hint(error, HELPER_HINT_TRY, name);
		return error_prefix(error, "docker-credential-%s", name);
	}
	*found = reply.username.len > 0;
	return !*found || take(entry, &reply.username, &reply.secret, NULL, error) ||
	       error_prefix(error, "docker-credential-%s", name);
}

/* Tries one place for the registry of `entry`. */
static bool take_from(struct import *import, struct place *place, struct entry_request *entry,
                      bool *found, struct error *error)
{
	const struct docker_config_file_entry *stored;
	const struct docker_config_file_helper *helper;
	const char *registry = entry->key.data, *name, *server;

	*found = false;
	if (!find_entry(place, registry, &stored, error))
		return false;
	helper = find_helper(place, registry);
	name = helper ? helper->name : place->file.store;
	server = helper ? helper->registry : stored ? stored->registry.data : registry;
	if (name && *name && !ask_helper(import, name, server, entry, found, error))
		return false;
	if (*found)
		return true;
	if (!stored || (stored->empty && name))
		return true;
	*found = true;
	if (stored->problem) {
		return error_set(error, DIAGNOSTIC_ENTRY_UNUSABLE,
		                 "log in anew with a user name and a password or access "
		                 "token, or give them here with --registry, --username "
		                 "and --password-stdin",
		                 "%s", stored->problem);
	}
	if (stored->disagrees)
		report_say(&import->request->common.report, DIAGNOSTIC_AUTH_MISMATCH,
		           "the kubelet takes auth, and so does this",
		           "%s: auth of registry \"%s\" differs from its user name and password",
		           place->name.data, registry);
	return take(entry, &stored->username, &stored->password, &stored->email, error);
}

/* --- the whole ------------------------------------------------------------------------ */

/* What is wrong with one entry is said at once, so that all of them are. */
static bool note_unusable(struct import *import, struct error *error)
{
	if (error->status == STATUS_FAULT)
		return false;
	error_from_input(error);
	report_error(error);
	if (error->status > import->status)
		import->status = error->status;
	import->unusable++;
	return true;
}

/* Always false. */
static bool refuse_missing(const struct import *import, const char *registry, struct error *error)
{
	error_set(error, DIAGNOSTIC_ENTRY_MISSING, NULL, "there is no login for registry \"%s\"",
	          registry);
	if (!import->request->from_file)
		return error_hint(error,
		                  "docker login makes one; -v shows where it was looked for");
	error_prefix(error, "%s", import->places[0].name.data);
	return error_hint(error, "docker login makes one%s",
	                  import->request->registry_given
	                      ? "; without --registry, all that are there are taken"
	                      : "");
}

/* The first place that knows the registry wins. */
static bool complete(struct import *import, struct entry_request *entry, struct error *error)
{
	bool found = false;

	for (size_t i = 0; i < import->place_count && !found; i++) {
		struct place *place = &import->places[i];

		if (!take_from(import, place, entry, &found, error)) {
			error_prefix(error, "%s: registry \"%s\"", place->name.data,
			             entry->key.data);
			return note_unusable(import, error);
		}
		if (found)
			report_step(&import->request->common.report, "took registry \"%s\" from %s",
			            entry->key.data, place->name.data);
	}
	if (found)
		return advice_check(&import->request->common.report, entry, error) ||
		       note_unusable(import, error);
	refuse_missing(import, entry->key.data, error);
	return note_unusable(import, error);
}

/* The keys of a place by number: those of its entries, then those of its helpers. NULL:
 * what docker left behind. */
static size_t key_count(const struct place *place)
{
	return place->file.entry_count + place->file.helper_count;
}

static const char *key_of(const struct place *place, size_t number)
{
	const struct docker_config_file *file = &place->file;

	if (number >= file->entry_count)
		return file->helpers[number - file->entry_count].registry;
	return file->entries[number].web_login_leftover ? NULL
	                                                : file->entries[number].registry.data;
}

/* Whether --registry or an earlier key, by the number that it has in `all`, means the
 * same registry. */
static bool is_wanted(const struct import *import, struct registry_index *all, const char *key,
                      size_t number)
{
	size_t count;
	const struct registry_index_item *first = registry_index_find(all, key, &count);

	for (size_t i = 0; i < import->named_count; i++)
		if (registry_key_same(import->request->entries[i].key.data, key))
			return true;
	return count && first->number < number;
}

/* Adds an entry for a stored key, unless its registry is there already. */
static bool want(struct import *import, struct registry_index *all, size_t number,
                 const struct place *place, const char *stored, struct error *error)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct generate_request *request = import->request;
	struct entry_request *entry;
	unsigned advice;

	if (!registry_key_normalise(stored, &key, &advice, error) ||
	    !credentials_check_key(request, stored, key.data, advice, error)) {
		error_prefix(error, "%s", place->name.data);
		return note_unusable(import, error);
	}
	if (is_wanted(import, all, key.data, number))
		return true;
	entry = generate_request_add_entry(request);
	entry->imported = true;
	buf_append(&entry->key, key.data, key.len);
	return buf_check(&entry->key, "a registry", error);
}

/* No text: what stands before the NUL may be a password, and is no registry. */
static bool refuse_nul(struct import *import, const struct place *place, const struct buf *registry,
                       struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);

	registry_key_display(&shown, buf_view(registry));
	if (!buf_check(&shown, "a registry", error))
		return false;
	error_set(error, DIAGNOSTIC_REGISTRY_INVALID, NULL,
	          "%s: registry \"%.200s\" holds a NUL byte", place->name.data, shown.data);
	return note_unusable(import, error);
}

static bool has_nul(const struct place *place, size_t number)
{
	return number < place->file.entry_count &&
	       view_holds(buf_view(&place->file.entries[number].registry), '\0');
}

static bool want_place(struct import *import, struct registry_index *all, size_t first,
                       const struct place *place, struct error *error)
{
	for (size_t i = 0; i < key_count(place); i++) {
		const char *stored = key_of(place, i);

		if (!stored)
			report_say(&import->request->common.report, DIAGNOSTIC_WEB_LOGIN, NULL,
			           "%s: \"%s\" is docker's own, and no registry", place->name.data,
			           place->file.entries[i].registry.data);
		else if (has_nul(place, i)
		             ? !refuse_nul(import, place, &place->file.entries[i].registry, error)
		             : !want(import, all, first + i, place, stored, error))
			return false;
	}
	return true;
}

static bool want_all(struct import *import, struct error *error)
{
	CLEANUP(registry_index_release) struct registry_index all = REGISTRY_INDEX_INIT;
	size_t number = 0;

	for (size_t i = 0; i < import->place_count; i++)
		for (size_t j = 0; j < key_count(&import->places[i]); j++, number++) {
			const char *stored = key_of(&import->places[i], j);

			if (stored && !registry_index_add(&all, stored, number, error))
				return false;
		}
	import->named_count = import->request->entry_count;
	number = 0;
	for (size_t i = 0; i < import->place_count; i++) {
		if (!want_place(import, &all, number, &import->places[i], error))
			return false;
		number += key_count(&import->places[i]);
	}
	return true;
}

bool import_entries(struct generate_request *request, struct error *error)
{
	CLEANUP(import_release) struct import import = {.request = request};

	if (!request->from_file && !request->from_login)
		return true;
	if (!(request->from_file ? read_place(&import, request->from_file, error)
	                         : read_logins(&import, error)))
		return false;
	if ((request->from_file ? !request->registry_given : request->all) &&
	    !want_all(&import, error))
		return false;
	for (size_t i = 0; i < request->entry_count; i++)
		if (request->entries[i].imported && !complete(&import, &request->entries[i], error))
			return false;
	if (import.unusable) {
		error_set(error, DIAGNOSTIC_ENTRY_UNUSABLE, NULL,
		          "nothing is written: %zu of the wanted entries cannot be used",
		          import.unusable);
		error->status = import.status;
		return false;
	}
	if (request->entry_count)
		return true;
	if (request->from_login) {
		return error_set(error, DIAGNOSTIC_ENTRY_MISSING,
		                 "docker login makes one; -v shows where it was looked for",
		                 "this machine has no login");
	}
	return error_set(error, DIAGNOSTIC_ENTRY_MISSING,
	                 "docker login writes one into ~/.docker/config.json; a registry "
	                 "that only credsStore knows must be named with --registry",
	                 "%s holds no credential", import.places[0].name.data);
}
