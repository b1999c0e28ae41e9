#include <inttypes.h>
#include <string.h>

#include "../io/input.h"
#include "attach_request.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/pods/keyring.h"

#define SECRET_HINT "give it the manifest of a pull Secret, as regcred-gen writes it"

void attach_secrets_release(struct attach_secrets *secrets)
{
	for (size_t i = 0; i < secrets->count; i++) {
		memory_release(secrets->items[i].namespace);
		memory_release(secrets->items[i].name);
		keyring_free(&secrets->items[i].keyring);
	}
	keyring_store_free(&secrets->store);
	memory_release(secrets->items);
	memory_release(secrets->chosen);
	*secrets = (struct attach_secrets){0};
}

/* ---- Reading ---- */

static bool refuse(const char *path, const struct manifest_item *item, const char *problem,
                   struct error *error)
{
	return error_set(error, DIAGNOSTIC_SECRET_NONE, SECRET_HINT,
	                 "%s:%" PRIu64 ":%" PRIu64 ": %s", path, item->place.line,
	                 item->place.column, problem);
}

static bool add_secret(struct attach_secrets *secrets, const char *path,
                       const struct manifest_item *item, const struct pull_secret *pull,
                       struct error *error)
{
	struct attach_secret *secret;
	size_t content;
	enum keyring_kind kind =
	    pull->kind == PULL_SECRET_DOCKERCFG ? KEYRING_DOCKERCFG : KEYRING_DOCKERCONFIGJSON;

	if (pull->state == PULL_SECRET_UNKNOWN)
		return refuse(path, item, "the Secret's data is encrypted, or a placeholder",
		              error);
	if (pull->state != PULL_SECRET_PRESENT)
		return refuse(path, item, *pull->problem ? pull->problem : "the Secret has no data",
		              error);
	if (!k8s_name_check(K8S_NAME_SECRET, pull->name, strlen(pull->name), error)) {
		error_prefix(error, "%s", path);
		return error_from_input(error);
	}
	content = keyring_store_add(secrets->store, kind, pull->payload.data, pull->payload.len);
	if (keyring_store_failure(secrets->store, content))
		return refuse(path, item, keyring_store_failure(secrets->store, content), error);
	memory_extend(&secrets->items, secrets->count, &secrets->capacity, sizeof *secrets->items);
	secret = &secrets->items[secrets->count++];
	*secret = (struct attach_secret){.namespace = memory_copy_string(pull->namespace),
	                                 .name = memory_copy_string(pull->name),
	                                 .keyring = keyring_new(secrets->store)};
	keyring_add(secret->keyring, content, 0);
	return true;
}

static bool take_item(struct attach_secrets *secrets, const char *path,
                      const struct manifest_item *item, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret pull = PULL_SECRET_INIT;

	if (item->event != MANIFEST_OBJECT)
		return refuse(path, item,
		              item->problem ? item->problem->message : "this is a template", error);
	if (!pull_secret_read(item->root, item->api_version, item->kind, &pull, error))
		return error_prefix(error, "%s", path);
	if (pull.kind == PULL_SECRET_BARE)
		return refuse(path, item, "this is a Docker config, not a Secret", error);
	return (pull.kind != PULL_SECRET_CONFIG && pull.kind != PULL_SECRET_DOCKERCFG) ||
	       add_secret(secrets, path, item, &pull, error);
}

bool attach_secrets_read(struct attach_secrets *secrets, const char *path, struct error *error)
{
	CLEANUP(input_close) struct input_stream stream = INPUT_STREAM_INIT;
	CLEANUP(manifest_reader_free) struct manifest_reader *reader = NULL;
	struct manifest_item item;

	if (!input_open(&stream, path, error))
		return false;
	secrets->store = keyring_store_new(false);
	reader = manifest_reader_new(input_stream_read, &stream);
	do {
		if (!manifest_reader_next(reader, &item, error))
			return false;
		if (item.event != MANIFEST_END && !take_item(secrets, path, &item, error))
			return false;
	} while (item.event != MANIFEST_END);
	secrets->chosen = memory_acquire((secrets->count + 1) * sizeof *secrets->chosen);
	return secrets->count || error_set(error, DIAGNOSTIC_SECRET_NONE, SECRET_HINT,
	                                   "there is no pull Secret in %s", path);
}

/* ---- Choosing ---- */

static bool serves(const struct attach_secret *secret, const struct workload *workload)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	struct error ignored;

	for (size_t i = 0; i < workload->image_count; i++) {
		const struct workload_image *image = &workload->images[i];

		if (image->unknown ||
		    !keyring_lookup(secret->keyring, view_of(image->text), &answer, &ignored))
			continue;
		if (keyring_answer_is_usable(secret->keyring, &answer))
			return true;
	}
	return false;
}

static bool agree(const char *namespace, const char *other)
{
	return !*namespace || !*other || strcmp(namespace, other) == 0;
}

struct attach_names attach_choose(void *context, const char *namespace,
                                  const struct workload *workload)
{
	struct attach_request *request = context;
	struct attach_secrets *secrets = &request->secrets;
	struct attach_names names = {.items = secrets->chosen};

	if (!secrets->count)
		return (struct attach_names){&request->name, 1};
	for (size_t i = 0; i < secrets->count; i++) {
		const struct attach_secret *secret = &secrets->items[i];

		if (agree(secret->namespace, namespace) && (!workload || serves(secret, workload)))
			secrets->chosen[names.count++] = secret->name;
	}
	return names;
}
