#include "generate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../io/helper.h"
#include "../io/input.h"
#include "../io/machine.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/docker/docker_logins.h"
#include "regcred/docker/helper_reply.h"
#include "regcred/docker/login_shape.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/manifest/manifest_reader.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_index.h"
#include "regcred/registry/registry_key.h"

/* One place that logins may be in, read. */
struct place {
	char *name; /* what messages call it */
	struct docker_logins logins;
};

/* A registry that a place knows. */
struct known {
	size_t place; /* its number */
	struct view key;
	const struct docker_login *login;         /* NULL: a helper has it */
	const struct docker_login_helper *helper; /* NULL: it is in the file */
};

/* The import as it goes. */
struct import {
	struct generate_request *request;
	struct report *report;
	struct place *places; /* in the order in which they are asked */
	size_t place_count, place_capacity;
	struct known *known; /* of all places: of each its logins, then its helpers */
	size_t known_count, known_capacity;
	struct registry_index index; /* of them, but for what docker left */
	size_t named_count;          /* entries that --registry names */
	size_t unusable;             /* entries that were reported */
	enum status status;          /* the worst of them */
	const char *silent;          /* the last helper that had no login; NULL: none */
};

static void import_release(struct import *import)
{
	for (size_t i = 0; i < import->place_count; i++) {
		memory_release(import->places[i].name);
		docker_logins_release(&import->places[i].logins);
	}
	memory_release(import->places);
	memory_release(import->known);
	registry_index_release(&import->index);
}

/* --- helpers ------------------------------------------------------------------------ */

static bool run_helper(const struct import *import, const char *name, const char *action,
                       const char *input, struct buf *output, enum helper_end *end,
                       struct error *error)
{
	*end = HELPER_NOT_RUN;
	if (!helper_name_is_valid(name))
		return error_set(
		    error, DIAGNOSTIC_HELPER_FAILED,
		    "it is the part after docker-credential-, and contains only letters, "
		    "digits, \".\", \"_\" and \"-\"",
		    "\"%.80s\" is not the name of a credential helper", name);
	return helper_run(name, action, input, import->request->helper_timeout, output, end, error);
}

/* The logins of a store are in no file. Some helpers have no list. */
static void list_store(struct import *import, struct place *place)
{
	CLEANUP(buf_release) struct buf output = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(string_list_release) struct string_list servers = STRING_LIST_INIT;
	const char *store = place->logins.store;
	enum helper_end end;
	struct error error;

	report_step(import->report, "ask docker-credential-%s for its list", store);
	if (run_helper(import, store, "list", "", &output, &end, &error) &&
	    end == HELPER_SUCCEEDED && helper_reply_list(buf_view(&output), &servers)) {
		for (size_t i = 0; i < servers.count; i++)
			docker_logins_add_helper(&place->logins, servers.items[i].data, store);
		return;
	}
	if (place->logins.entry_count + place->logins.helper_count) /* what docker logged in to */
		return;
	report_say(import->report, DIAGNOSTIC_LOGIN_SKIPPED,
	           "name the registries that it knows with --registry",
	           "%s: docker-credential-%s could not list its logins", place->name, store);
}

/* --- reading the places ----------------------------------------------------------- */

static void add_known(struct import *import, const struct known *known)
{
	memory_extend(&import->known, import->known_count, &import->known_capacity, sizeof *known);
	import->known[import->known_count] = *known;
	if (!docker_logins_is_leftover(known->key))
		registry_index_add(&import->index, known->key.data, import->known_count);
	import->known_count++;
}

/* Docker looks for the very name of a helper's registry, so that a wildcard is never found. */
static void add_all_known(struct import *import, const struct place *place)
{
	const struct docker_logins *logins = &place->logins;
	size_t number = (size_t)(place - import->places);

	for (size_t i = 0; i < logins->entry_count; i++)
		add_known(import, &(struct known){number, logins->entries[i].registry,
		                                  &logins->entries[i], NULL});
	for (size_t i = 0; i < logins->helper_count; i++) {
		const struct docker_login_helper *helper = &logins->helpers[i];

		if (!strchr(helper->registry, '*'))
			add_known(import,
			          &(struct known){number, view_of(helper->registry), NULL, helper});
		else
			report_say(import->report, DIAGNOSTIC_LOGIN_SKIPPED,
			           "write each registry in full",
			           "%s: credHelpers[\"%.200s\"] was skipped: docker supports no "
			           "wildcards there",
			           place->name, helper->registry);
	}
}

/* Takes the logins over. */
static void add_place(struct import *import, const char *name, struct docker_logins *logins)
{
	struct place *place;

	memory_extend(&import->places, import->place_count, &import->place_capacity, sizeof *place);
	place = &import->places[import->place_count++];
	*place = (struct place){memory_copy_string(name), *logins};
	*logins = DOCKER_LOGINS_INIT;
	report_step(import->report, "read %s: %zu entr%s, %zu helper%s%s", name,
	            place->logins.entry_count, place->logins.entry_count == 1 ? "y" : "ies",
	            place->logins.helper_count, place->logins.helper_count == 1 ? "" : "s",
	            place->logins.store ? ", a store" : "");
	if (import->request->all && place->logins.store)
		list_store(import, place);
	add_all_known(import, place);
}

/* --- --from-file ---------------------------------------------------------------------- */

/* What is in a manifest. */
struct found {
	size_t count;       /* of the pull Secrets */
	struct buf payload; /* of the last of them */
	struct buf other;   /* what the first of the other objects is */
};

static void found_release(struct found *found)
{
	buf_release(&found->payload);
	buf_release(&found->other);
}

static bool take_object(const struct manifest_item *item, struct found *found, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;

	if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
		return false;
	if (secret.kind != PULL_SECRET_CONFIG && secret.kind != PULL_SECRET_DOCKERCFG) {
		if (!found->other.len && *item->kind && !node_get(item->root, "auths"))
			buf_append_format(
			    &found->other,
			    secret.kind == PULL_SECRET_OTHER ? "a Secret of type %.80s"
			                                     : "of kind %.80s",
			    secret.kind == PULL_SECRET_OTHER ? secret.type : item->kind);
		return true;
	}
	if (secret.state != PULL_SECRET_PRESENT)
		return error_set(error, DIAGNOSTIC_CONFIG_INVALID, NULL, "Secret \"%.80s\": %s",
		                 secret.name,
		                 *secret.problem ? secret.problem : "its content is encrypted");
	found->count++;
	buf_reset(&found->payload);
	buf_append(&found->payload, secret.payload.data, secret.payload.len);
	return true;
}

static bool find_secret(const struct buf *text, struct found *found, struct error *error)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(text->data, text->len);
	struct manifest_item item = {.event = MANIFEST_TEMPLATE};

	while (item.event != MANIFEST_END) {
		if (!manifest_reader_next(reader, &item, error) ||
		    (item.event == MANIFEST_OBJECT && !take_object(&item, found, error)))
			return false;
	}
	if (found->count > 1)
		return error_set(error, DIAGNOSTIC_CONFIG_INVALID,
		                 "give a manifest with one of them",
		                 "there are %zu pull Secrets in it", found->count);
	return found->count || !found->other.len ||
	       error_set(error, DIAGNOSTIC_CONFIG_INVALID,
	                 "give a Docker config, or a Secret of type " SECRET_TYPE_DOCKER_CONFIG
	                 " such as kubectl get secret NAME -o yaml prints",
	                 "the manifest is %s, and not a pull Secret", found->other.data);
}

static bool holds(const struct buf *text, const char *word)
{
	return memmem(text->data, text->len, word, strlen(word)) != NULL;
}

/* Perhaps. kubectl fills in no apiVersion; where it was left out, a Secret is read all the
 * same. */
static bool is_manifest(const struct buf *text)
{
	return holds(text, "kind") && (holds(text, "apiVersion") || holds(text, "Secret"));
}

/* The one registry that is wanted; NULL: there are none, or several. */
static const char *only_registry(const struct generate_request *request)
{
	return request->registry_given && request->entry_count == 1 ? request->entries[0].key.data
	                                                            : NULL;
}

static bool is_utf16(const struct buf *text)
{
	return view_begins(buf_view(text), view_of("\xFF\xFE")) ||
	       view_begins(buf_view(text), view_of("\xFE\xFF"));
}

static bool parse_given(struct import *import, const struct buf *text, struct docker_logins *logins,
                        const char **look, struct error *error)
{
	CLEANUP(found_release)
	struct found found = {.payload = BUF_INIT(BUF_CONFIG_MAX), .other = BUF_INIT(BUF_NAME_MAX)};

	if (is_manifest(text) && !find_secret(text, &found, error))
		return false;
	if (login_shape_parse(buf_view(found.count ? &found.payload : text),
	                      only_registry(import->request), logins, look, error)) {
		*look = found.count ? "a pull Secret" : *look;
		if (!logins->bare || !logins->misspelt)
			return true;
		error_set(error, DIAGNOSTIC_CONFIG_INVALID, NULL, "docker does not know \"%.80s\"",
		          logins->misspelt);
		return error_hint(error, "did you mean \"%s\"?", logins->meant);
	}
	if (is_utf16(text))
		error_set(error, DIAGNOSTIC_JSON_INVALID,
		          "iconv -f UTF-16 -t UTF-8 FILE | regcred-gen --from-file -",
		          "the text is UTF-16, as PowerShell writes it; UTF-8 was expected");
	if (error->diagnostic == DIAGNOSTIC_INPUT_TOO_LARGE)
		error_hint(error, "a Secret holds 1 MiB at most: give a Docker config with fewer "
		                  "registries");
	else if (!*error->hint)
		error_hint(error, "a Docker config is a JSON object with \"auths\" in it, such as "
		                  "~/.docker/config.json");
	return false;
}

static bool read_given(struct import *import, const char *path, struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(docker_logins_release) struct docker_logins logins = DOCKER_LOGINS_INIT;
	const char *name = input_name(path), *look;

	if (!input_read(path, &text, error))
		return false;
	if (!parse_given(import, &text, &logins, &look, error))
		return error_prefix(error, "%s", name);
	if (look)
		report_step(import->report, "%s is %s", name, look);
	add_place(import, name, &logins);
	return true;
}

/* --- --from-login ------------------------------------------------------------------------ */

static void skip_place(const struct import *import, const char *name, const char *hint,
                       const char *why)
{
	report_say(import->report, DIAGNOSTIC_LOGIN_SKIPPED, hint, "%s was skipped: %s", name, why);
}

static void parse_login(struct import *import, const char *name, const struct buf *text)
{
	CLEANUP(docker_logins_release) struct docker_logins logins = DOCKER_LOGINS_INIT;
	struct error error;

	if (!view_trim(buf_view(text)).len)
		skip_place(import, name, NULL, "it is empty");
	else if (docker_logins_parse(buf_view(text), CONFIG_SHAPE_ANY, &logins, &error))
		add_place(import, name, &logins);
	else
		skip_place(import, name, "a Docker config is a JSON object with \"auths\" in it",
		           error.message);
}

/* Another place may have the login; but what a variable names should exist. */
static void skip_absent(const struct import *import, const char *variable, const char *path,
                        bool below_file)
{
	if (below_file && strcmp(variable, "DOCKER_CONFIG") == 0)
		skip_place(
		    import, path, "set it to the folder of that file",
		    "DOCKER_CONFIG must name the folder that holds config.json, not the file");
	else if (strcmp(variable, "REGISTRY_AUTH_FILE") == 0)
		skip_place(import, path, "correct the variable, or unset it",
		           "the file that REGISTRY_AUTH_FILE names does not exist");
	else
		report_step(import->report, "no %s", path);
}

static bool read_login(struct import *import, const char *variable, const char *path,
                       struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct stat status;
	bool there = stat(path, &status) == 0;

	if (!there && (errno == ENOENT || errno == ENOTDIR)) {
		skip_absent(import, variable, path, errno == ENOTDIR);
		return true;
	}
	if (there && S_ISDIR(status.st_mode)) {
		skip_place(import, path, NULL, "it is a folder");
		return true;
	}
	if (!input_read(path, &text, error))
		return false;
	parse_login(import, path, &text);
	return true;
}

/* NULL: not set, or empty. */
static const char *value_of(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value ? value : NULL;
}

/* Not JSON, and a path or a name that ends as those of configs do. */
static bool names_file(const char *value)
{
	const char *end = strrchr(value, '.');

	return value[strcspn(value, "{[\"")] == '\0' &&
	       (strpbrk(value, "/\\") || (end && strcmp(end, ".json") == 0) ||
	        access(value, F_OK) == 0);
}

/* The variable that should hold the JSON itself. */
static void read_variable(struct import *import, const char *variable)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *value = value_of(variable);

	if (!value)
		return;
	buf_append_string(&text, value);
	if (login_shape_is_base64(buf_view(&text)))
		skip_place(import, variable, "decode it with base64 -d",
		           "it holds base64, and must hold the JSON itself");
	else if (credential_is_unfilled(buf_view(&text)))
		skip_place(import, variable, "check that the CI job sets it",
		           "it holds the name of a variable that was not filled in");
	else if (names_file(value))
		skip_place(import, variable, "set it to the content of that file",
		           "it holds the name of a file, and must hold the JSON itself");
	else
		parse_login(import, variable, &text);
}

static bool read_below(struct import *import, const char *variable, const char *folder,
                       const char *below, struct error *error)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_NAME_MAX);

	buf_append_format(&path, "%s%s", folder ? folder : "", below);
	return !folder || (buf_check(&path, "a path", error) &&
	                   read_login(import, variable, path.data, error));
}

/* Where docker and podman look, in their order: docker's cli/config (config.go),
 * containers/image pkg/docker/config (config.go), containers-auth.json(5). */
static bool read_logins(struct import *import, struct error *error)
{
	const char *file = value_of("REGISTRY_AUTH_FILE"), *home = home_folder();
	const char *docker = value_of("DOCKER_CONFIG"), *config = value_of("XDG_CONFIG_HOME");
	const char *runtime = value_of("XDG_RUNTIME_DIR");
	char run[64];

	snprintf(run, sizeof run, "/run/containers/%u/auth.json", (unsigned)getuid());
	read_variable(import, "DOCKER_AUTH_CONFIG");
	if (file)
		return read_login(import, "REGISTRY_AUTH_FILE", file, error);
	if (!home)
		report_step(import->report,
		            "HOME is not set, and the system knows no home of this user");
	return read_below(import, "DOCKER_CONFIG", docker, "/config.json", error) &&
	       read_below(import, "HOME", docker ? NULL : home, "/.docker/config.json", error) &&
	       read_below(import, "XDG_RUNTIME_DIR", runtime ? runtime : "",
	                  runtime ? "/containers/auth.json" : run, error) &&
	       read_below(import, "XDG_CONFIG_HOME", config, "/containers/auth.json", error) &&
	       read_below(import, "HOME", config ? NULL : home, "/.config/containers/auth.json",
	                  error) &&
	       read_below(import, "HOME", home, "/.dockercfg", error);
}

/* --- finding a registry in a place --------------------------------------------------- */

static bool agree(const struct docker_login *a, const struct docker_login *b)
{
	return a->fault == b->fault && view_equal(a->username, b->username) &&
	       view_equal(a->password, b->password);
}

/* What a place has for a registry. Of several spellings those without a credential do not
 * count; where the others differ, that in normal form does. */
static bool find_in(struct import *import, size_t place, const char *registry, struct known *found,
                    struct error *error)
{
	const struct docker_login *normal = NULL;
	bool differ = false;
	size_t count;
	const struct registry_index_item *items =
	    registry_index_find(&import->index, registry, &count);

	*found = (struct known){.place = place};
	for (size_t i = 0; i < count; i++) {
		const struct known *known = &import->known[items[i].number];
		const struct docker_login *login = known->login;

		if (known->place != place)
			continue;
		if (!login) {
			found->helper = found->helper ? found->helper : known->helper;
			continue;
		}
		if (!login->empty && view_is(login->registry, registry))
			normal = login;
		if (!found->login || found->login->empty)
			found->login = login;
		else if (!login->empty && !agree(found->login, login))
			differ = true;
	}
	if (!differ)
		return true;
	if (!normal)
		return error_set(error, DIAGNOSTIC_REGISTRY_DUPLICATE, "leave one of them out",
		                 "it appears twice, in different spellings and with different "
		                 "credentials");
	found->login = normal;
	report_say(import->report, DIAGNOSTIC_REGISTRY_AMBIGUOUS, "leave the others out",
	           "%s: registry \"%s\" appears in several spellings with different credentials; "
	           "this one is used",
	           import->places[place].name, registry);
	return true;
}

/* --- taking a credential ------------------------------------------------------------- */

/* An email that was given as an option goes before the stored one. */
static bool take(struct import *import, struct entry_request *entry, struct view username,
                 struct view password, struct view email, struct error *error)
{
	const char *given = entry->credential.email;

	buf_append(&entry->username, username.data, username.len);
	buf_append(&entry->password, password.data, password.len);
	if (!given)
		buf_append(&entry->email, email.data, email.len);
	credentials_drop_bom(import->request, entry);
	entry->credential =
	    (struct credential){entry->username.data, entry->password.data,
	                        given || !entry->email.len ? given : entry->email.data};
	entry->source.channel = PASSWORD_IMPORTED;
	if (!buf_check(&entry->username, "a user name", error) ||
	    !buf_check(&entry->password, "a password", error) ||
	    !buf_check(&entry->email, "an email", error) ||
	    !credential_check_username(entry->credential.username, error) ||
	    (entry->credential.email && !credential_check_email(entry->credential.email, error)))
		return false;
	if (credential_check_password(entry->password.data, entry->password.len, error))
		return true;
	if (password.len && password.data[password.len - 1] == '\n')
		error_hint(error,
		           "make auth with printf %%s USER:PASSWORD | base64 -w0; echo adds a "
		           "line end");
	return false;
}

/* Where the provider has a way to a password, the hint is that. */
static bool hint_login(const char *registry, struct error *error)
{
	const struct provider *provider = provider_find(registry);

	if (provider && provider->login)
		error_hint(error, "%s", provider->login);
	return false;
}

static bool read_reply(struct import *import, const char *name, struct view output,
                       struct entry_request *entry, bool *found, struct error *error)
{
	CLEANUP(helper_reply_release) struct helper_reply reply = HELPER_REPLY_INIT;

	if (!helper_reply_parse(output, &reply, error)) {
		if (error->diagnostic == DIAGNOSTIC_HELPER_REPLY)
			error_hint(error, HELPER_HINT_TRY, name);
		else
			hint_login(entry->key.data, error);
		return error_prefix(error, "docker-credential-%s", name);
	}
	*found = reply.username.len > 0;
	return !*found || take(import, entry, reply.username, reply.secret, VIEW_EMPTY, error) ||
	       error_prefix(error, "docker-credential-%s", name);
}

/* What a helper answers; *found is false if it has no such entry. */
static bool ask_helper(struct import *import, const char *name, const char *server,
                       struct entry_request *entry, bool *found, enum helper_end *end,
                       struct error *error)
{
	CLEANUP(buf_release) struct buf output = BUF_INIT(BUF_PASSWORD_MAX);
	bool silent;

	*found = false;
	report_step(import->report, "ask docker-credential-%s for \"%s\"", name, server);
	if (!run_helper(import, name, "get", server, &output, end, error))
		return false;
	silent = *end == HELPER_FAILED && helper_reply_is_not_found(buf_view(&output));
	if (*end == HELPER_FAILED && !silent) {
		error_set(error, DIAGNOSTIC_HELPER_FAILED, NULL,
		          "docker-credential-%s failed; its output is not shown", name);
		return error_hint(error, HELPER_HINT_TRY, name);
	}
	if (!silent && !read_reply(import, name, buf_view(&output), entry, found, error))
		return false;
	if (!*found)
		import->silent = name;
	return true;
}

/* Always false. */
static bool hint_misspelt(const struct place *place, struct error *error)
{
	return error_hint(error, "docker does not know \"%.80s\": did you mean \"%s\"?",
	                  place->logins.misspelt, place->logins.meant);
}

/* Why the entry of a file cannot be used. */
static bool refuse_stored(const struct place *place, const struct docker_login *stored,
                          const char *registry, struct error *error)
{
	CLEANUP(buf_release) struct buf problem = BUF_INIT(BUF_CONFIG_MAX);

	if (stored->problem) {
		buf_append_string(&problem, stored->problem);
	} else { /* empty, and the helpers are those of other registries */
		registry_key_display_member(&problem, place->logins.bare ? "" : "auths",
		                            stored->registry);
		buf_append_string(&problem, " holds neither user name nor password");
	}
	error_set(error, DIAGNOSTIC_ENTRY_UNUSABLE,
	          "log in again with a user name and a password or access token, or give them here "
	          "with --registry, --username and --password-stdin",
	          "%s", problem.data);
	if (stored->fault == CONFIG_FAULT_TOKEN)
		return hint_login(registry, error);
	if (stored->fault == CONFIG_FAULT_EMPTY && place->logins.misspelt)
		return hint_misspelt(place, error);
	return false;
}

static bool take_stored(struct import *import, const struct place *place,
                        const struct docker_login *stored, struct entry_request *entry,
                        struct error *error)
{
	if (stored->problem || stored->empty)
		return refuse_stored(place, stored, entry->key.data, error);
	if (stored->disagrees)
		report_say(import->report, DIAGNOSTIC_AUTH_MISMATCH,
		           "the kubelet uses auth, and so does regcred-gen",
		           "%s: auth of registry \"%s\" differs from its user name and password",
		           place->name, entry->key.data);
	return take(import, entry, stored->username, stored->password, stored->email, error);
}

/* The kubelet would use what the file holds, docker would not. */
static bool may_use_stored(const struct import *import, const struct place *place,
                           const struct docker_login *stored, enum helper_end end,
                           const struct error *error)
{
	if (end != HELPER_NOT_RUN || !import->request->from_file || !stored || stored->empty ||
	    stored->problem)
		return false;
	report_say(import->report, DIAGNOSTIC_LOGIN_SKIPPED,
	           "log in again if it is old, or install the helper",
	           "%s: %s; the credential in the file is used", place->name, error->message);
	return true;
}

/* Tries one place for `registry`, which is the entry's or a parent of it. */
static bool take_from(struct import *import, size_t number, const char *registry,
                      struct entry_request *entry, bool *found, struct error *error)
{
	const struct place *place = &import->places[number];
	const struct docker_login *stored;
	const char *name, *server;
	struct known known;
	enum helper_end end;

	*found = false;
	if (!find_in(import, number, registry, &known, error))
		return false;
	stored = known.login;
	name = known.helper ? known.helper->name : place->logins.store;
	server = known.helper ? known.helper->registry : stored ? stored->registry.data : registry;
	if (name && *name && !ask_helper(import, name, server, entry, found, &end, error) &&
	    !may_use_stored(import, place, stored, end, error))
		return false;
	if (*found || !stored || (stored->empty && (name || number + 1 < import->place_count)))
		return true; /* another place may know more */
	*found = true;
	return take_stored(import, place, stored, entry, error);
}

/* --- the whole ------------------------------------------------------------------------ */

/* What is wrong with one entry is said at once, so that all of them are. */
static void note_unusable(struct import *import, struct error *error)
{
	error_from_input(error);
	report_error(error);
	if (error->status > import->status)
		import->status = error->status;
	import->unusable++;
}

static bool hint_missing(const struct import *import, struct error *error)
{
	const struct generate_request *request = import->request;

	if (import->silent && strcmp(import->silent, "ecr-login") == 0)
		return error_hint(error, "docker-credential-ecr-login has no login for it: check "
		                         "the AWS credentials that it finds here");
	if (import->silent)
		return error_hint(
		    error, "docker-credential-%.80s has no login for it; -v shows what was asked",
		    import->silent);
	if (request->from_file && import->place_count && import->places[0].logins.misspelt)
		return hint_misspelt(&import->places[0], error);
	return error_hint(error, "docker login makes one%s",
	                  !request->from_file ? "; -v shows where it was looked for"
	                  : request->registry_given
	                      ? "; without --registry, all existing ones are taken"
	                      : "");
}

static void refuse_missing(struct import *import, const char *registry)
{
	struct error error;

	error_set(&error, DIAGNOSTIC_ENTRY_MISSING, NULL, "there is no login for registry \"%s\"",
	          registry);
	if (import->request->from_file)
		error_prefix(&error, "%s", input_name(import->request->from_file));
	hint_missing(import, &error);
	note_unusable(import, &error);
}

/* The first place that knows the registry wins. False: one knows it, but cannot be used,
 * which was reported. */
static bool try_places(struct import *import, const char *registry, struct entry_request *entry,
                       bool *found)
{
	struct error error;

	*found = false;
	for (size_t i = 0; i < import->place_count && !*found; i++) {
		const char *place = import->places[i].name;

		if (!take_from(import, i, registry, entry, found, &error)) {
			error_prefix(&error, "%s: registry \"%s\"", place, registry);
			note_unusable(import, &error);
			return false;
		}
		if (*found)
			report_step(import->report, "took registry \"%s\" from %s", registry,
			            place);
	}
	return true;
}

/* ghcr.io/org/ -> ghcr.io/org -> ghcr.io. False: there is none. */
static bool become_parent(struct buf *key)
{
	char *slash =
	    strchr(key->data, ':') && strstr(key->data, "://") ? NULL : strrchr(key->data, '/');

	if (!slash)
		return false;
	buf_truncate(key, (size_t)(slash - key->data));
	if (strcmp(key->data, "docker.io") == 0) {
		buf_reset(key);
		buf_append_string(key, REGISTRY_KEY_DOCKER_HUB);
	}
	return true;
}

/* A path without a login of its own takes that of the nearest parent, as podman does
 * (containers-auth.json(5)). */
static void complete(struct import *import, struct entry_request *entry)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(2 * BUF_NAME_MAX);
	struct error error;
	bool found;

	buf_append_string(&key, entry->key.data);
	do {
		if (!try_places(import, key.data, entry, &found))
			return;
	} while (!found && become_parent(&key));
	if (!found) {
		refuse_missing(import, entry->key.data);
		return;
	}
	if (strcmp(key.data, entry->key.data) != 0)
		report_say(import->report, DIAGNOSTIC_REGISTRY_PARENT, NULL,
		           "registry \"%s\" takes the login for \"%s\"", entry->key.data, key.data);
	if (!credentials_judge(import->request, entry, &error))
		note_unusable(import, &error);
}

/* Whether --registry or an earlier key, by its number, means the same registry. */
static bool is_wanted(struct import *import, const char *key, size_t number)
{
	size_t count;
	const struct registry_index_item *first = registry_index_find(&import->index, key, &count);

	for (size_t i = 0; i < import->named_count; i++)
		if (registry_key_same(import->request->entries[i].key.data, key))
			return true;
	return count && first->number < number;
}

/* Adds an entry for a stored key, unless its registry is there already. */
static void want(struct import *import, size_t number)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	struct view stored = import->known[number].key;
	struct entry_request *entry;
	struct error error;
	unsigned advice;
	bool nul = view_holds(stored, '\0');
	bool valid = !nul && registry_key_normalise(stored.data, &key, &advice, &error);

	if (valid && is_wanted(import, key.data, number))
		return;
	registry_key_display(&shown, stored);
	if (nul)
		error_set(&error, DIAGNOSTIC_REGISTRY_INVALID, NULL,
		          "registry \"%.200s\" holds a NUL byte", shown.data);
	if (!valid ||
	    !credentials_check_key(import->request, stored.data, key.data, advice, &error)) {
		error_prefix(&error, "%s", import->places[import->known[number].place].name);
		note_unusable(import, &error);
		return;
	}
	entry = generate_request_add_entry(import->request);
	entry->imported = true;
	buf_append(&entry->key, key.data, key.len);
}

static void want_all(struct import *import)
{
	import->named_count = import->request->entry_count;
	for (size_t i = 0; i < import->known_count; i++)
		if (!docker_logins_is_leftover(import->known[i].key))
			want(import, i);
		else
			report_say(import->report, DIAGNOSTIC_WEB_LOGIN, NULL,
			           "%s: \"%s\" is docker's own, and not a registry",
			           import->places[import->known[i].place].name,
			           import->known[i].key.data);
}

/* Always false. */
static bool refuse_nothing(const struct import *import, struct error *error)
{
	if (!import->request->from_file)
		return error_set(error, DIAGNOSTIC_ENTRY_MISSING,
		                 "docker login makes one; -v shows where it was looked for",
		                 "this machine has no login");
	return error_set(error, DIAGNOSTIC_ENTRY_MISSING,
	                 "docker login writes one into ~/.docker/config.json; a registry "
	                 "that only credsStore knows must be named with --registry",
	                 "%s holds no credential", input_name(import->request->from_file));
}

bool import_entries(struct generate_request *request, struct error *error)
{
	CLEANUP(import_release)
	struct import import = {.request = request, .report = &request->common.report};

	if (!request->from_file && !request->from_login)
		return true;
	if (!(request->from_file ? read_given(&import, request->from_file, error)
	                         : read_logins(&import, error)))
		return false;
	if (request->from_file ? !request->registry_given : request->all)
		want_all(&import);
	for (size_t i = 0; i < request->entry_count; i++)
		if (request->entries[i].imported)
			complete(&import, &request->entries[i]);
	if (import.unusable) {
		error_set(error, DIAGNOSTIC_ENTRY_UNUSABLE, NULL,
		          "nothing is written: %zu of the wanted entries cannot be used",
		          import.unusable);
		error->status = import.status;
		return false;
	}
	return request->entry_count || refuse_nothing(&import, error);
}
