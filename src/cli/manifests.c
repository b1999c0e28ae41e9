#include "manifests.h"

#include <string.h>
#include <unistd.h>

#include "../io/input.h"
#include "regcred/base/memory.h"
#include "regcred/registry/image_reference.h"

/* What the user may have taken for a pull Secret that counts. */
void manifests_note_secret(struct report *report, const char *file,
                           const struct pull_secret *secret)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);

	if (secret->kind == PULL_SECRET_NONE || secret->kind == PULL_SECRET_BARE)
		return;
	buf_append_format(&label, "Secret %s%s%s", secret->ns, *secret->ns ? "/" : "",
	                  secret->name);
	file = input_name(file);
	if (secret->kind == PULL_SECRET_OTHER) {
		if (secret->state != PULL_SECRET_MISSING)
			report_say(
			    report, DIAGNOSTIC_SECRET_TYPE,
			    "its type must be kubernetes.io/dockerconfigjson; a type cannot be "
			    "changed, so delete the Secret and create it again",
			    "%s: the kubelet ignores %s: its type is %s", file, label.data,
			    secret->type);
	} else if (secret->state == PULL_SECRET_UNKNOWN) {
		report_say(report, DIAGNOSTIC_SECRET_UNKNOWN, "decrypt or render it first",
		           "%s: %s is encrypted, or not filled in yet", file, label.data);
	} else if (secret->state == PULL_SECRET_MISSING) {
		report_say(report, DIAGNOSTIC_SECRET_UNKNOWN, NULL, "%s: %s is ignored: %s", file,
		           label.data, secret->problem);
	}
}

void manifests_note_template(struct report *report, const char *file,
                             const struct manifest_item *item)
{
	report_say(report, DIAGNOSTIC_TEMPLATE, "render it first, such as with helm template",
	           "%s:%llu: the document is a template and is skipped", input_name(file),
	           (unsigned long long)item->place.line);
}

bool manifests_fail_broken(const char *file, const struct manifest_item *item, struct error *error)
{
	*error = *item->problem;
	error_prefix(error, "%s:%llu:%llu", input_name(file), (unsigned long long)item->place.line,
	             (unsigned long long)item->place.column);
	return error_from_input(error);
}

static bool visit_object(const struct manifests *manifests, size_t file,
                         const struct manifest_item *item, struct error *error)
{
	CLEANUP(pull_secret_release) struct pull_secret secret = PULL_SECRET_INIT;
	const char *name = reading_name(manifests->files, file);

	if (!item->root || item->root->kind != NODE_MAPPING)
		return true;
	if (manifests->wanted & INVENTORY_SECRETS) {
		if (!pull_secret_read(item->root, item->api_version, item->kind, &secret, error))
			return error_prefix(error, "%s", input_name(name));
		if (inventory_wants(manifests->inventory, secret.ns))
			manifests_note_secret(manifests->report, name, &secret);
		inventory_add_secret(manifests->inventory, manifests->first + file, item->root,
		                     &secret);
	}
	inventory_add_object(manifests->inventory, manifests->first + file, item,
	                     manifests->wanted);
	return true;
}

static bool visit(void *context, size_t file, const struct manifest_item *item, struct error *error)
{
	const struct manifests *manifests = context;
	const char *name = reading_name(manifests->files, file);

	if (item->event == MANIFEST_BROKEN)
		return manifests_fail_broken(name, item, error);
	if (item->event == MANIFEST_OBJECT)
		return visit_object(manifests, file, item, error);
	manifests_note_template(manifests->report, name, item);
	return true;
}

bool manifests_read(const struct manifests *manifests, struct error *error)
{
	return reading_each(manifests->files, visit, (void *)manifests, error);
}

bool manifests_check_images(const struct string_list *images, struct error *error)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct image_reference reference;

	for (size_t i = 0; i < images->count; i++)
		if (!image_reference_parse(images->items[i], &name, &reference, error))
			return false;
	return true;
}

bool manifests_fail_without_workload(const struct reading_request *files, const char *ns,
                                     struct error *error)
{
	return error_set(
	    error, DIAGNOSTIC_WORKLOAD_NONE,
	    "a workload is a Pod, or a kind with an apiVersion and containers that have an image",
	    "there is no workload%s%s in %s", ns ? " of namespace " : "", ns ? ns : "",
	    input_name(reading_name(files, 0)));
}

/* --- subjects --------------------------------------------------------------------------- */

/* Whether an argument that may be an image is a file of manifests. */
static bool is_manifest(const char *argument)
{
	static const char *const ends[] = {".yaml", ".yml", ".json"};
	const char *end = strrchr(argument, '.');

	for (size_t i = 0; end && i < COUNT(ends); i++)
		if (strcmp(end, ends[i]) == 0)
			return access(argument, F_OK) == 0;
	return false;
}

bool subjects_set_argument(void *request, const struct option_row *row, char *value,
                           struct error *error)
{
	struct subjects *subjects = request;

	(void)row;
	if (is_manifest(value))
		return reading_add(&subjects->secrets, value, error);
	string_list_add(&subjects->images, value);
	return true;
}

/* Both for the files of -f and those of --for, of which one may be standard input. */
static bool settle_both(struct reading_request *secrets, struct reading_request *workloads,
                        struct error *error)
{
	workloads->common = secrets->common;
	workloads->recursive = secrets->recursive;
	if (secrets->reads_stdin && workloads->reads_stdin)
		return error_set(error, DIAGNOSTIC_STDIN_TWICE, NULL,
		                 "-f and --for both read standard input");
	return reading_expand(workloads, error) &&
	       (workloads->reads_stdin ? reading_expand(secrets, error)
	                               : reading_settle(secrets, error));
}

static bool read_part(struct subjects *subjects, struct reading_request *files, size_t first,
                      unsigned wanted, struct inventory *inventory, struct error *error)
{
	const struct manifests manifests = {inventory, files, &subjects->secrets.common.report,
	                                    wanted, first};

	return !files->files.count || manifests_read(&manifests, error);
}

bool subjects_read(struct subjects *subjects, struct inventory *inventory, unsigned wanted,
                   struct error *error)
{
	return settle_both(&subjects->secrets, &subjects->workloads, error) &&
	       read_part(subjects, &subjects->workloads, 0, INVENTORY_ALL, inventory, error) &&
	       read_part(subjects, &subjects->secrets, subjects->workloads.files.count, wanted,
	                 inventory, error);
}

const char *subjects_file(const struct subjects *subjects, size_t file)
{
	size_t count = subjects ? subjects->workloads.files.count : 0;

	if (!subjects)
		return "the Docker config";
	return file < count ? reading_name(&subjects->workloads, file)
	                    : reading_name(&subjects->secrets, file - count);
}

void subjects_append_secret(const struct subjects *subjects, const struct inventory *inventory,
                            size_t secret, struct buf *out)
{
	struct inventory_secret it = inventory_secret(inventory, secret);
	const char *file = subjects_file(subjects, it.file);

	if (it.kind == PULL_SECRET_BARE)
		buf_append_string(out, input_name(file));
	else
		inventory_secret_label(inventory, secret, out);
}

bool subjects_append_failure(const struct subjects *subjects, const struct inventory *inventory,
                             const struct inventory_pod *pod, size_t number, struct buf *out)
{
	const char *message;
	size_t secret;

	if (!inventory_pod_failure(inventory, pod, number, &secret, &message))
		return false;
	subjects_append_secret(subjects, inventory, secret, out);
	buf_append_format(out, ": %s", message);
	return true;
}

void subjects_release(struct subjects *subjects)
{
	reading_release(&subjects->secrets);
	reading_release(&subjects->workloads);
	string_list_release(&subjects->images);
}
