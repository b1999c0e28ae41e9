#include "gathering.h"

#include <stdlib.h>
#include <string.h>

#include "../io/input.h"
#include "regcred/base/memory.h"
#include "regcred/docker/docker_config_file.h"
#include "regcred/kube/workload.h"
#include "regcred/registry/image_reference.h"

/* --- memory ------------------------------------------------------------------------- */

static void release_pod(struct pod *pod)
{
	memory_release(pod->kind);
	memory_release(pod->namespace);
	memory_release(pod->name);
	memory_release(pod->account);
	string_list_release(&pod->images);
	string_list_release(&pod->pull_secrets);
}

void gathering_release(struct gathering *gathering)
{
	for (size_t i = 0; i < gathering->secret_count; i++) {
		struct given_secret *secret = &gathering->secrets[i];

		memory_release(secret->namespace);
		memory_release(secret->name);
		memory_release(secret->problem);
		buf_release(&secret->payload);
	}
	for (size_t i = 0; i < gathering->pod_count; i++)
		release_pod(&gathering->pods[i]);
	for (size_t i = 0; i < gathering->account_count; i++) {
		memory_release(gathering->accounts[i].namespace);
		memory_release(gathering->accounts[i].name);
		string_list_release(&gathering->accounts[i].pull_secrets);
	}
	memory_release(gathering->secrets);
	memory_release(gathering->pods);
	memory_release(gathering->accounts);
	name_index_release(&gathering->secret_names);
	name_index_release(&gathering->account_names);
	memory_release(gathering->bare);
	keyring_store_free(&gathering->store);
	*gathering = (struct gathering){0};
}

/* --- taking objects out ---------------------------------------------------------------- */

static bool agrees(const char *a, const char *b)
{
	return !*a || !*b || strcmp(a, b) == 0;
}

static bool is_wanted(const struct gathering *gathering, const char *namespace)
{
	return !gathering->namespace || agrees(gathering->namespace, namespace);
}

static bool is_pull_secret(enum pull_secret_kind kind)
{
	return kind == PULL_SECRET_CONFIG || kind == PULL_SECRET_DOCKERCFG ||
	       kind == PULL_SECRET_BARE;
}

/* A bare config may be a bare map, as in ~/.dockercfg. What cannot be read is found by
 * the keyring. */
static bool find_kind(struct given_secret *secret, struct error *error)
{
	CLEANUP(docker_config_file_release)
	struct docker_config_file config = DOCKER_CONFIG_FILE_INIT;
	struct error unusable;

	secret->read_as =
	    secret->kind == PULL_SECRET_DOCKERCFG ? KEYRING_DOCKERCFG : KEYRING_DOCKERCONFIGJSON;
	if (secret->kind != PULL_SECRET_BARE)
		return true;
	if (docker_config_file_parse(secret->payload.data, secret->payload.len, &config,
	                             &unusable)) {
		if (config.bare)
			secret->read_as = KEYRING_DOCKERCFG;
	} else if (unusable.diagnostic == DIAGNOSTIC_OUT_OF_MEMORY) {
		return error_out_of_memory(error);
	}
	return true;
}

/* The last one that was met. */
static bool file_secret(struct gathering *gathering, const struct given_secret *given,
                        struct error *error)
{
	size_t number = gathering->secret_count - 1;

	if (given->kind != PULL_SECRET_BARE)
		return name_index_add(&gathering->secret_names, given->name, given->namespace,
		                      number, error);
	memory_extend(&gathering->bare, gathering->bare_count, &gathering->bare_capacity,
	              sizeof *gathering->bare);
	gathering->bare[gathering->bare_count++] = number;
	return true;
}

static bool keep_secret(struct gathering *gathering, const char *file, struct pull_secret *secret,
                        struct error *error)
{
	struct given_secret *given;

	memory_extend(&gathering->secrets, gathering->secret_count, &gathering->secret_capacity,
	              sizeof *given);
	given = &gathering->secrets[gathering->secret_count++];
	*given = (struct given_secret){.kind = secret->kind,
	                               .namespace = memory_copy_string(secret->namespace),
	                               .name = memory_copy_string(secret->name),
	                               .file = file,
	                               .payload = BUF_INIT(BUF_CONFIG_MAX)};
	if (secret->state == PULL_SECRET_PRESENT) {
		given->payload = secret->payload;
		secret->payload = BUF_INIT(BUF_CONFIG_MAX);
	} else if (secret->state != PULL_SECRET_UNKNOWN && secret->state != PULL_SECRET_MISSING) {
		given->problem = memory_copy_string(secret->problem);
	}
	return file_secret(gathering, given, error) && find_kind(given, error);
}

/* What the user may have taken for a pull Secret that counts. */
void gathering_tell_of_secret(struct report *report, const char *file,
                              const struct pull_secret *secret)
{
	const char *slash = *secret->namespace ? "/" : "";

	if (secret->kind == PULL_SECRET_OTHER && secret->state != PULL_SECRET_MISSING)
		report_say(report, DIAGNOSTIC_SECRET_TYPE,
		           "its type must be kubernetes.io/dockerconfigjson; a type cannot be "
		           "changed, so create it anew",
		           "%s: the kubelet passes over Secret %s%s%s: its type is %s", file,
		           secret->namespace, slash, secret->name, secret->type);
	else if (is_pull_secret(secret->kind) && secret->state == PULL_SECRET_UNKNOWN)
		report_say(report, DIAGNOSTIC_SECRET_UNKNOWN, "decrypt or render it first",
		           "%s: what is in Secret %s%s%s is not known: it is encrypted, or still "
		           "to be filled in",
		           file, secret->namespace, slash, secret->name);
	else if (is_pull_secret(secret->kind) && secret->state == PULL_SECRET_MISSING)
		report_say(report, DIAGNOSTIC_SECRET_UNKNOWN, NULL,
		           "%s: Secret %s%s%s counts for nothing: %s", file, secret->namespace,
		           slash, secret->name, secret->problem);
}

static bool take_secret(struct gathering *gathering, const char *file,
                        const struct manifest_item *item, bool *taken, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;

	if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
		return error_prefix(error, "%s", file);
	*taken = secret.kind != PULL_SECRET_NONE;
	if (!*taken || !is_wanted(gathering, secret.namespace))
		return true;
	gathering_tell_of_secret(gathering->report, file, &secret);
	return !is_pull_secret(secret.kind) || keep_secret(gathering, file, &secret, error);
}

struct pod *gathering_add_pod(struct gathering *gathering, struct error *error)
{
	struct pod *pod;

	if (!memory_extend(&gathering->pods, gathering->pod_count, &gathering->pod_capacity,
	                   sizeof *pod)) {
		error_out_of_memory(error);
		return NULL;
	}
	pod = &gathering->pods[gathering->pod_count++];
	*pod = (struct pod){0};
	return pod;
}

/* One that is named twice counts twice, as for the kubelet. */
static void copy_names(const struct workload_references *references, struct string_list *names)
{
	for (size_t i = 0; i < references->count; i++)
		string_list_add(names, references->items[i].name);
}

static void copy_images(const struct gathering *gathering, const char *file,
                        const struct workload *workload, struct pod *pod)
{
	for (size_t i = 0; i < workload->image_count; i++) {
		const struct workload_image *image = &workload->images[i];

		if (image->unknown)
			report_say(gathering->report, DIAGNOSTIC_IMAGE_UNKNOWN, "render it first",
			           "%s: image \"%s\" of %s %s is still to be filled in", file,
			           image->text, workload->kind, workload->name);
		else
			string_list_add_once(&pod->images, image->text);
	}
}

static bool keep_workload(struct gathering *gathering, const char *file,
                          const struct workload *workload, struct error *error)
{
	const char *namespace = *workload->namespace   ? workload->namespace
	                        : gathering->namespace ? gathering->namespace
	                                               : "";
	struct pod *pod = gathering_add_pod(gathering, error);

	if (!pod)
		return false;
	pod->kind = memory_copy_string(workload->kind);
	pod->namespace = memory_copy_string(namespace);
	pod->name = memory_copy_string(workload->name);
	pod->account = memory_copy_string(workload->service_account.name);
	copy_names(&workload->pull_secrets, &pod->pull_secrets);
	copy_images(gathering, file, workload, pod);
	return true;
}

static bool take_workload(struct gathering *gathering, const char *file,
                          const struct manifest_item *item, bool *taken, struct error *error)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	CLEANUP(pod_specs_release) struct pod_specs specs = POD_SPECS_INIT;

	pod_specs_find(item->root, item->api_version, item->kind, &specs);
	*taken = specs.count > 0;
	for (size_t i = 0; i < specs.count; i++) {
		workload_read(item->root, item->kind, specs.items[i], &workload);
		if (is_wanted(gathering, workload.namespace) &&
		    !keep_workload(gathering, file, &workload, error))
			return false;
	}
	return true;
}

static bool keep_account(struct gathering *gathering, const struct service_account *account,
                         struct error *error)
{
	struct given_account *given;

	memory_extend(&gathering->accounts, gathering->account_count, &gathering->account_capacity,
	              sizeof *given);
	given = &gathering->accounts[gathering->account_count++];
	*given = (struct given_account){.namespace = memory_copy_string(account->namespace),
	                                .name = memory_copy_string(account->name)};
	copy_names(&account->pull_secrets, &given->pull_secrets);
	return name_index_add(&gathering->account_names, given->name, given->namespace,
	                      gathering->account_count - 1, error);
}

static bool take_account(struct gathering *gathering, const struct manifest_item *item,
                         struct error *error)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;

	service_account_read(item->root, item->api_version, item->kind, &account);
	return !account.is_one || keep_account(gathering, &account, error);
}

void gathering_tell_of_template(struct report *report, const char *file,
                                const struct manifest_item *item)
{
	report_say(report, DIAGNOSTIC_TEMPLATE, "render it first, such as with helm template",
	           "%s:%llu: the document is a template, and is passed over", file,
	           (unsigned long long)item->place.line);
}

bool gathering_fail_broken(const char *file, const struct manifest_item *item, struct error *error)
{
	*error = *item->problem;
	error_prefix(error, "%s:%llu:%llu", file, (unsigned long long)item->place.line,
	             (unsigned long long)item->place.column);
	return error_from_input(error);
}

/* One visit: the files, and who gathers. */
struct visit {
	struct gathering *gathering;
	const struct reading_request *files;
};

static bool visit_item(void *context, size_t file, const struct manifest_item *item,
                       struct error *error)
{
	const struct visit *visit = context;
	struct gathering *gathering = visit->gathering;
	const char *name = reading_name(visit->files, file);
	bool taken = false;

	if (item->event == MANIFEST_BROKEN)
		return gathering_fail_broken(name, item, error);
	if (item->event == MANIFEST_TEMPLATE) {
		gathering_tell_of_template(gathering->report, name, item);
		return true;
	}
	if (gathering->wants & GATHER_SECRETS && !take_secret(gathering, name, item, &taken, error))
		return false;
	if (!taken && gathering->wants & GATHER_PODS &&
	    !take_workload(gathering, name, item, &taken, error))
		return false;
	return taken || !(gathering->wants & GATHER_ACCOUNTS) ||
	       take_account(gathering, item, error);
}

bool gathering_read(struct gathering *gathering, const struct reading_request *files,
                    struct error *error)
{
	struct visit visit = {gathering, files};

	if (!reading_each(files, visit_item, &visit, NULL, error))
		return false;
	name_index_sort(&gathering->secret_names);
	name_index_sort(&gathering->account_names);
	return true;
}

bool gathering_check_images(const struct string_list *images, struct error *error)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct image_reference reference;

	for (size_t i = 0; i < images->count; i++)
		if (!image_reference_parse(images->items[i], &name, &reference, error))
			return false;
	return true;
}

/* --- what results call it ----------------------------------------------------------------- */

void gathering_label(const struct given_secret *secret, struct buf *out)
{
	if (secret->kind == PULL_SECRET_BARE)
		buf_append_string(out, input_is_stdin(secret->file) ? INPUT_STDIN : secret->file);
	else
		buf_append_format(out, "Secret %s%s%s", secret->namespace,
		                  *secret->namespace ? "/" : "", secret->name);
}

void gathering_pod_label(const struct pod *pod, struct buf *out)
{
	buf_append_format(out, "%s %s%s%s", pod->kind, pod->namespace, *pod->namespace ? "/" : "",
	                  pod->name);
}

/* --- which Secrets a pod uses ----------------------------------------------------------- */

static bool add_failure(struct pod_keyring *keyring, size_t secret, size_t number,
                        struct error *error)
{
	(void)error;
	memory_extend(&keyring->failures, keyring->failure_count, &keyring->failure_capacity,
	              sizeof *keyring->failures);
	keyring->failures[keyring->failure_count++] = (struct pod_failure){secret, number};
	return true;
}

static bool add_secret(const struct gathering *gathering, size_t number,
                       struct pod_keyring *keyring, struct error *error)
{
	const struct given_secret *secret = &gathering->secrets[number];
	size_t before = keyring_failure_count(keyring->keyring);

	if (secret->problem)
		return add_failure(keyring, number, 0, error);
	keyring_add(keyring->keyring,
	            keyring_store_add(gathering->store, secret->read_as, secret->payload.data,
	                              secret->payload.len),
	            number);
	return keyring_failure_count(keyring->keyring) == before ||
	       add_failure(keyring, number, before, error);
}

static bool add_bare(const struct gathering *gathering, struct pod_keyring *keyring,
                     struct error *error)
{
	for (size_t i = 0; i < gathering->bare_count; i++)
		if (!add_secret(gathering, gathering->bare[i], keyring, error))
			return false;
	return true;
}

/* For the only pod, a payload that is in the keyring is not needed any more. */
static bool add_all(struct gathering *gathering, struct pod_keyring *keyring, struct error *error)
{
	for (size_t i = 0; i < gathering->secret_count; i++) {
		if (!add_secret(gathering, i, keyring, error))
			return false;
		if (gathering->pod_count == 1)
			buf_release(&gathering->secrets[i].payload);
	}
	return true;
}

const struct string_list *gathering_names(const struct gathering *gathering, const struct pod *pod,
                                          const char **account, struct name_found *found)
{
	const struct given_account *asked;

	*account = found->other = NULL;
	if (pod->pull_secrets.count ||
	    !name_index_find(&gathering->account_names, pod->account, pod->namespace, found))
		return &pod->pull_secrets;
	asked = &gathering->accounts[found->number];
	*account = asked->name;
	return &asked->pull_secrets;
}

/* Keeps the first name that is in several namespaces. */
static void note_vague(struct pod_keyring *keyring, const char *name,
                       const struct name_found *found)
{
	if (!found->other || keyring->vague)
		return;
	keyring->vague = name;
	keyring->vague_found = *found;
}

static bool add_named(struct gathering *gathering, const struct pod *pod,
                      struct pod_keyring *keyring, struct error *error)
{
	struct name_found found;
	const struct string_list *names =
	    gathering_names(gathering, pod, &keyring->account, &found);

	keyring->names = names;
	note_vague(keyring, pod->account, &found);
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i].data;

		if (!name_index_find(&gathering->secret_names, name, pod->namespace, &found)) {
			string_list_add(&keyring->missing, name);
			continue;
		}
		note_vague(keyring, name, &found);
		if (!add_secret(gathering, found.number, keyring, error))
			return false;
	}
	return add_bare(gathering, keyring, error);
}

bool gathering_keyring(struct gathering *gathering, const struct pod *pod,
                       struct pod_keyring *keyring, struct error *error)
{
	if (!gathering->store)
		gathering->store = keyring_store_new(false);
	keyring->keyring = keyring_new(gathering->store);
	return pod->kind ? add_named(gathering, pod, keyring, error)
	                 : add_all(gathering, keyring, error);
}

const char *gathering_failure(const struct gathering *gathering, const struct pod_keyring *keyring,
                              size_t failure)
{
	const struct pod_failure *found = &keyring->failures[failure];
	const struct given_secret *secret = &gathering->secrets[found->secret];

	return secret->problem ? secret->problem
	                       : keyring_failure(keyring->keyring, found->number).message;
}

void pod_keyring_release(struct pod_keyring *keyring)
{
	keyring_free(&keyring->keyring);
	memory_release(keyring->failures);
	string_list_release(&keyring->missing);
	*keyring = (struct pod_keyring){0};
}
