#include "generate.h"

#include <inttypes.h>
#include <string.h>

#include "../io/input.h"
#include "../io/machine.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/edit/secret_update.h"
#include "regcred/kube/document.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/secret_admission.h"
#include "regcred/manifest/manifest_reader.h"
#include "regcred/pods/keyring.h"
#include "regcred/registry/registry_key.h"

struct update {
	const char *place; /* what messages call the file */
	struct buf text;
	struct manifest_reader *reader; /* the tree is its own */
	struct manifest_item item;
	struct secret_update secret;
	struct buf name;         /* without the old hash */
	bool merges_string_data; /* the hash covers all of the data */
};

void update_release(struct update *update)
{
	if (!update)
		return;
	secret_update_release(&update->secret);
	manifest_reader_free(&update->reader);
	buf_release(&update->text);
	buf_release(&update->name);
	memory_release(update);
}

/* --- reading ------------------------------------------------------------------------ */

static bool refuse_item(const struct manifest_item *item, struct error *error)
{
	if (item->event == MANIFEST_BROKEN) {
		*error = *item->problem;
	} else {
		error_set(error, DIAGNOSTIC_UPDATE_REFUSED, NULL,
		          "this is a template, not a manifest");
		error_hint(error, "render it first, such as with helm template");
	}
	error_from_input(error);
	return error_prefix(error, "line %" PRIu64 ", column %" PRIu64, item->place.line,
	                    item->place.column);
}

/* There must be one object and nothing else. */
static bool count_objects(const struct update *update, struct error *error)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader =
	    manifest_reader_new_bytes(update->text.data, update->text.len);
	struct manifest_item item;
	size_t count = 0;

	for (;;) {
		if (!manifest_reader_next(reader, &item, error))
			return false;
		if (item.event == MANIFEST_END)
			break;
		if (item.event != MANIFEST_OBJECT)
			return refuse_item(&item, error);
		count++;
	}
	if (count == 1)
		return true;
	if (count == 0)
		return error_set(error, DIAGNOSTIC_UPDATE_REFUSED,
		                 "is the Secret there? kubectl get secret NAME -o yaml prints it",
		                 "there is no Secret in it");
	return error_set(error, DIAGNOSTIC_UPDATE_REFUSED,
	                 "give it what kubectl get secret NAME -o yaml prints",
	                 "there are %zu objects in it, and --update takes one Secret", count);
}

static bool read_secret(struct update *update, struct error *error)
{
	if (!count_objects(update, error))
		return false;
	update->reader = manifest_reader_new_bytes(update->text.data, update->text.len);
	return manifest_reader_next(update->reader, &update->item, error) &&
	       secret_update_read(update->item.root, update->item.api_version, update->item.kind,
	                          &update->secret, error);
}

/* The name without the hash that the new one replaces. */
static bool take_name(struct update *update, struct generate_request *request, struct error *error)
{
	const char *name = update->secret.name;
	size_t len = strlen(name);

	if (request->name)
		return true;
	if (!len) {
		return error_set(error, DIAGNOSTIC_UPDATE_REFUSED, "give it one with --name",
		                 "the Secret has no metadata.name");
	}
	if (request->append_hash && !secret_update_base_name(&update->secret, &len, error))
		return false;
	buf_append(&update->name, name, len);
	request->name = update->name.data;
	return buf_check(&update->name, "the name", error) &&
	       (k8s_name_check(K8S_NAME_SECRET, request->name, len, error) ||
	        error_from_input(error));
}

/* The bare config has no namespace; one that an option gives takes the place of it. */
static bool take_namespace(struct update *update, struct generate_request *request,
                           struct error *error)
{
	const char *ns = update->secret.ns;

	if (!*ns || request->namespaces.count || request->namespaces_file ||
	    request->common.output.index == OUTPUT_CONFIG)
		return true;
	return namespaces_add(&request->namespaces, ns, error) || error_from_input(error);
}

/* An option goes before what the Secret has. Both are sorted. */
static void take_pairs(struct secret_pairs *given, const struct secret_pairs *kept)
{
	size_t count = given->count;

	for (size_t i = 0; i < kept->count; i++) {
		const struct secret_pairs options = {.items = given->items, .count = count};

		if (!secret_pairs_have(&options, kept->items[i].key))
			secret_pairs_add(given, kept->items[i].key, kept->items[i].value);
	}
	secret_pairs_sort(given);
}

static bool complete_request(struct update *update, struct generate_request *request,
                             struct error *error)
{
	update->merges_string_data = request->append_hash;
	if (request->immutable == SECRET_IMMUTABLE_ABSENT)
		request->immutable = update->secret.immutable;
	take_pairs(&request->labels, &update->secret.labels);
	take_pairs(&request->annotations, &update->secret.annotations);
	return take_name(update, request, error) && take_namespace(update, request, error);
}

bool update_read(struct generate_request *request, struct update **made, struct error *error)
{
	const char *path = request->update_file;
	struct update *update;

	if (!path)
		return true;
	*made = update = memory_acquire(sizeof *update);
	*update = (struct update){.place = input_name(path),
	                          .text = BUF_INIT(BUF_CONFIG_MAX),
	                          .name = BUF_INIT(BUF_NAME_MAX)};
	secret_update_release(&update->secret); /* empty, and sound */
	if (!input_read(path, &update->text, error))
		return false;
	if (!read_secret(update, error) || !complete_request(update, request, error))
		return error_prefix(error, "%s", update->place);
	report_step(&request->common.report, "read Secret \"%s\" from %s: %zu entries",
	            update->secret.name, update->place, update->secret.config.entry_count);
	return true;
}

/* --- dropping and keeping entries ------------------------------------------------------ */

/* What is there instead of a registry that is not; long lists are cut. */
static bool refuse_absent(const struct update *update, const char *registry, struct error *error)
{
	CLEANUP(buf_release) struct buf there = BUF_INIT(ERROR_HINT_SIZE);
	const struct docker_login *entry;
	size_t next = 0;

	while ((entry = secret_update_entry(&update->secret, &next))) {
		buf_append_string(&there, there.len ? ", " : "");
		registry_key_display(&there, entry->registry);
	}
	error_set(error, DIAGNOSTIC_ENTRY_MISSING, NULL,
	          "%s: there is no registry \"%s\" to remove", update->place, registry);
	return there.len ? error_hint(error, "it has: %s", there.data) : false;
}

/* A key that is invalid is removed where it appears in just that spelling. */
static bool remove_registry(struct update *update, const struct generate_request *request,
                            struct registry_index *written, const char *registry,
                            struct error *error)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	bool exact = secret_update_drop_exact(&update->secret, registry), dropped = exact;
	unsigned advice;
	size_t count;

	if (!registry_key_normalise(registry, &key, &advice, error))
		return exact;
	dropped |= secret_update_drop(&update->secret, key.data) > 0;
	registry_index_find(written, key.data, &count);
	if (count) {
		return error_set(error, DIAGNOSTIC_OPTION_CONFLICT,
		                 "--registry alone replaces the whole entry",
		                 "registry \"%s\" is both removed and written", key.data);
	}
	if (!dropped)
		return refuse_absent(update, key.data, error);
	report_step(&request->common.report, "removed registry \"%s\"", key.data);
	return true;
}

static void replace_registry(struct update *update, const struct generate_request *request,
                             const char *key)
{
	size_t count = secret_update_drop(&update->secret, key);

	if (count > 1)
		report_step(&request->common.report,
		            "replaced registry \"%s\", which appeared in %zu spellings", key,
		            count);
	else
		report_step(&request->common.report,
		            count ? "replaced registry \"%s\"" : "added registry \"%s\"", key);
}

/* What no registry takes, though the kubelet reads it. */
static const char *useless(const struct docker_login *entry)
{
	if (entry->web_login_leftover)
		return NULL;
	if (entry->empty)
		return " holds neither user name nor password, and the kubelet runs no helper";
	if (entry->password.len && entry->password.data[entry->password.len - 1] == '\n')
		return " has a password that ends with a line end";
	return NULL;
}

struct hearing {
	const char *shown; /* the registry */
	struct buf *doubt;
};

/* The first verdict counts. */
static void hear(void *context, const struct credential_verdict *verdict)
{
	const struct hearing *hearing = context;

	if (hearing->doubt->len)
		return;
	if (verdict->part != CREDENTIAL_REGISTRY)
		buf_append_format(hearing->doubt, "the %s for ",
		                  credential_part_name(verdict->part));
	buf_append_format(hearing->doubt, "registry \"%.200s\" %s", hearing->shown,
	                  verdict->sentence);
}

static void judge_kept(const struct docker_login *entry, struct hearing *hearing)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error unusable;
	unsigned advice;
	const struct credential_case credential = {
	    .registry = registry_key_normalise(entry->registry.data, &key, &advice, &unusable)
	                    ? key.data
	                    : NULL,
	    .username = entry->username,
	    .password = entry->password,
	    .now = clock_now(),
	};

	credential_judge(&credential, hear, hearing);
}

/* What the kubelet can read, but not use, or a registry hardly accepts. */
static void append_doubt(const struct docker_login *entry, struct buf *doubt)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	const char *why = useless(entry);

	registry_key_display(&shown, entry->registry);
	if (entry->problem)
		buf_append_string(doubt, entry->problem);
	else if (why || !keyring_judge_key(entry->registry, &note))
		buf_append_format(doubt, "registry \"%.200s\"%s%s", shown.data, why ? why : ": ",
		                  why ? "" : note.sentence.data);
	else if (!entry->web_login_leftover)
		judge_kept(entry, &(struct hearing){shown.data, doubt});
}

/* It is kept, but reported. */
static void report_kept(const struct update *update, struct report *report)
{
	const struct docker_login *entry;
	size_t next = 0;

	while ((entry = secret_update_entry(&update->secret, &next))) {
		CLEANUP(buf_release) struct buf doubt = BUF_INIT(BUF_CONFIG_MAX);

		append_doubt(entry, &doubt);
		if (doubt.len)
			report_say(report, DIAGNOSTIC_ENTRY_KEPT,
			           "replace it with --registry, or drop it with --remove",
			           "%s: %s; it is kept", update->place, doubt.data);
	}
}

void update_keep_usernames(struct update *update, struct generate_request *request)
{
	struct error ignored;

	for (size_t i = 0; update && i < request->entry_count; i++) {
		struct entry_request *entry = &request->entries[i];
		const char *username = secret_update_username(&update->secret, entry->key.data);

		if (entry->credential.username || entry->imported || !username ||
		    !credential_check_username(username, &ignored))
			continue;
		report_step(&request->common.report, "keep the user name at registry \"%s\"",
		            entry->key.data);
		entry->credential.username = username;
	}
}

bool update_keep(struct update *update, struct generate_request *request,
                 struct docker_config *config, struct error *error)
{
	CLEANUP(registry_index_release) struct registry_index written = REGISTRY_INDEX_INIT;

	if (!update)
		return true;
	for (size_t i = 0; i < request->entry_count; i++)
		registry_index_add(&written, request->entries[i].key.data, i);
	for (size_t i = 0; i < request->removed.count; i++)
		if (!remove_registry(update, request, &written, request->removed.items[i].data,
		                     error))
			return false;
	for (size_t i = 0; i < request->entry_count; i++)
		replace_registry(update, request, request->entries[i].key.data);
	if (!secret_update_keep(&update->secret, config, error))
		return error_prefix(error, "%s", update->place);
	report_kept(update, &request->common.report);
	if (config->count)
		return true;
	error_set(error, DIAGNOSTIC_ENTRY_MISSING, NULL, "no registry would be left in the Secret");
	return error_hint(error, "kubectl delete secret %s%s%s removes all of it", request->name,
	                  request->namespaces.count == 1 ? " -n " : "",
	                  request->namespaces.count == 1 ? request->namespaces.items[0].data : "");
}

/* --- the new Secret -------------------------------------------------------------------- */

void update_fill(struct update *update, struct secret *secret)
{
	if (update)
		secret_update_fill(&update->secret, secret, update->merges_string_data);
}

static bool judge(const struct manifest_item *item, struct error *error)
{
	CLEANUP(secret_problems_release) struct secret_problems problems = SECRET_PROBLEMS_INIT;
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;

	if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
		return false;
	secret_admission_check(item->root, item->api_version, item->kind, &secret, &problems);
	if (!problems.count)
		return true;
	return error_set(error, DIAGNOSTIC_UPDATE_REFUSED, problems.items[0].hint,
	                 "the API server would reject the Secret: %s", problems.items[0].message);
}

/* The whole is judged as it will be read, with some namespace: each is a good one. */
static bool check_object(const struct json *object, struct error *error)
{
	CLEANUP(document_release) struct document document = {0};
	CLEANUP(buf_release) struct buf text = BUF_INIT(2 * BUF_CONFIG_MAX);
	CLEANUP(manifest_reader_free) struct manifest_reader *reader = NULL;
	struct manifest_item item;

	if (!document_render(&document, &object, 1, DOCUMENT_JSON, false, error))
		return false;
	document_append(&document, view_of("default"), &text);
	if (!buf_check(&text, "the manifest", error))
		return false;
	reader = manifest_reader_new_bytes(text.data, text.len);
	return manifest_reader_next(reader, &item, error) && judge(&item, error);
}

bool update_complete(struct update *update, struct json *object, struct error *error)
{
	if (!update)
		return true;
	secret_update_complete(&update->secret, object, update->merges_string_data);
	return check_object(object, error) || error_prefix(error, "%s", update->place);
}
