#include <inttypes.h>
#include <string.h>

#include "../io/input.h"
#include "attach_request.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/kube/pull_secret.h"

#define SECRET_HINT "give it the manifest of a pull Secret, as regcred-gen writes it"

void attach_secrets_release(struct attach_secrets *secrets)
{
	inventory_free(&secrets->inventory);
	memory_release(secrets->chosen);
}

/* ---- Reading ---- */

static bool refuse(const char *path, const struct manifest_item *item, const char *problem,
                   struct error *error)
{
	return error_set(error, DIAGNOSTIC_SECRET_NONE, SECRET_HINT,
	                 "%s:%" PRIu64 ":%" PRIu64 ": %s", path, item->place.line,
	                 item->place.column, problem);
}

static bool add_secret(struct inventory *inventory, const char *path,
                       const struct manifest_item *item, const struct pull_secret *pull,
                       struct error *error)
{
	struct inventory_secret secret;

	if (pull->state == PULL_SECRET_MISSING)
		return refuse(path, item, *pull->problem ? pull->problem : "the Secret has no data",
		              error);
	if (!k8s_name_check(K8S_NAME_SECRET, pull->name, strlen(pull->name), error)) {
		error_prefix(error, "%s", path);
		return error_from_input(error);
	}
	inventory_add_secret(inventory, 0, item->root, pull);
	secret = inventory_secret(inventory, inventory_secret_count(inventory) - 1);
	if (secret.unknown)
		return refuse(path, item, "the Secret's data is encrypted, or a placeholder",
		              error);
	return !secret.problem || refuse(path, item, secret.problem, error);
}

static bool take_item(struct inventory *inventory, const char *path,
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
	       add_secret(inventory, path, item, &pull, error);
}

bool attach_secrets_read(struct attach_secrets *secrets, const char *path, struct error *error)
{
	CLEANUP(input_close) struct input_stream stream = INPUT_STREAM_INIT;
	CLEANUP(manifest_reader_free) struct manifest_reader *reader = NULL;
	struct manifest_item item;
	size_t count;

	if (!input_open(&stream, path, error))
		return false;
	secrets->inventory = inventory_new(&(struct inventory_options){0});
	reader = manifest_reader_new(input_stream_read, &stream);
	do {
		if (!manifest_reader_next(reader, &item, error))
			return false;
		if (item.event != MANIFEST_END &&
		    !take_item(secrets->inventory, path, &item, error))
			return false;
	} while (item.event != MANIFEST_END);
	count = inventory_secret_count(secrets->inventory);
	secrets->chosen = memory_acquire((count + 1) * sizeof *secrets->chosen);
	return count || error_set(error, DIAGNOSTIC_SECRET_NONE, SECRET_HINT,
	                          "there is no pull Secret in %s", path);
}

/* ---- Choosing ---- */

static bool serves(const struct inventory *inventory, size_t secret,
                   const struct workload *workload)
{
	for (size_t i = 0; i < workload->image_count; i++)
		if (!workload->images[i].unknown &&
		    inventory_serves(inventory, secret, view_of(workload->images[i].text)))
			return true;
	return false;
}

static bool agree(const char *ns, const char *other)
{
	return !*ns || !*other || strcmp(ns, other) == 0;
}

struct attach_names attach_choose(void *context, const char *ns, const struct workload *workload)
{
	struct attach_request *request = context;
	struct attach_secrets *secrets = &request->secrets;
	struct attach_names names = {.items = secrets->chosen};

	if (!secrets->inventory)
		return (struct attach_names){&request->name, 1};
	for (size_t i = 0; i < inventory_secret_count(secrets->inventory); i++) {
		struct inventory_secret secret = inventory_secret(secrets->inventory, i);

		if (agree(secret.ns, ns) && (!workload || serves(secrets->inventory, i, workload)))
			secrets->chosen[names.count++] = secret.name;
	}
	return names;
}
