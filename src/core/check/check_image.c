/* Images that none of the workload's pull Secrets serves; and workloads that name no Secret,
 * though others of their namespace do for the same registry. */
#include <string.h>

#include "check_reference.h"
#include "regcred/base/memory.h"
#include "regcred/pods/image_host.h"

/* ---- Images without a credential ---- */

/* What comes nearest to the image, of the few entries that are looked at. */
enum { EXPLAINED_MAX = 8 };

/* How near an entry comes to the image. */
static int nearness(const struct keyring_note *note)
{
	if (note->fix != KEYRING_FIX_NONE)
		return 3;
	return note->reason == KEYRING_PATH ? 2 : note->reason == KEYRING_PORT;
}

/* Why the nearest entry does not match. Of one that is not near there is nothing to say:
 * the note is then empty. */
static void explain(const struct keyring *keyring, const struct keyring_answer *answer,
                    struct keyring_note *note)
{
	size_t entries[EXPLAINED_MAX], nearest = 0;
	size_t count = keyring_nearest(keyring, answer, entries, EXPLAINED_MAX);
	int best = 0;

	for (size_t i = 0; i < count && best < 3; i++) {
		keyring_explain(keyring, answer, entries[i], note);
		if (nearness(note) > best) {
			best = nearness(note);
			nearest = entries[i];
		}
	}
	keyring_note_release(note);
	*note = KEYRING_NOTE_INIT;
	if (best)
		keyring_explain(keyring, answer, nearest, note);
}

/* The note fixes a key for an image that is right; here the image may be the wrong one. */
static void build_hint(const struct keyring_note *note, struct buf *hint)
{
	if (note->fix == KEYRING_FIX_TYPO)
		buf_append_string(hint, "one of the two is mistyped");
	else if (note->fix == KEYRING_FIX_CASE)
		buf_append_string(hint, "write both in lower case");
	else if (note->registry.len)
		buf_append_format(hint,
		                  "the pull Secret needs an entry for %s, or the image "
		                  "another name",
		                  note->registry.data);
	else
		buf_append_string(hint, note->hint.data);
}

/* Where a pull without one of the Secrets is nothing unusual. */
static const char *excuse_of(struct check *check, const struct inventory_image *image)
{
	struct view text = view_of(image->text);

	switch (image_host_find(image_host_of(text))) {
	case IMAGE_HOST_OPEN:
		return "; the registry also has public images";
	case IMAGE_HOST_NODE:
		return "; the node usually has its own";
	case IMAGE_HOST_LOCAL:
		return "; the registry is local";
	case IMAGE_HOST_ASKS:
		break;
	}
	if (image->never_pulled)
		return "; it is never pulled";
	return inventory_redirects(check_references_of(check)->inventory, text)
	           ? "; another object sets where it is pulled from"
	           : NULL;
}

static void report(struct check *check, size_t workload, const struct inventory_image *image,
                   const struct keyring *keyring, const struct keyring_answer *answer)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);
	const char *excuse = excuse_of(check, image);

	explain(keyring, answer, &note);
	build_hint(&note, &hint);
	check_report_as(check, check_references_of(check)->workloads.items[workload],
	                CHECK_IMAGE_UNMATCHED, excuse ? SEVERITY_NOTE : SEVERITY_WARNING,
	                image->place.at, hint.data,
	                "no pull Secret has a credential for the image \"%s\"%s%s%s", image->text,
	                excuse ? excuse : "", note.sentence.len ? ": " : "", note.sentence.data);
}

static bool is_all_known(const struct inventory_pod *pod)
{
	for (size_t i = 0; i < pod->count; i++)
		if (pod->pulls[i].state == INVENTORY_MISSING)
			return false;
	return !pod->unknown && !pod->broken;
}

/* ---- Workloads without a Secret ---- */

static void append_key(struct buf *out, const char *ns, struct view host)
{
	buf_reset(out);
	buf_append_format(out, "%s\n", ns);
	buf_append(out, host.data, host.len);
}

static void add_example(struct check *check, const char *ns, struct view host,
                        struct check_example example)
{
	struct check_references *references = check_references_of(check);
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);

	append_key(&key, ns, host);
	if (string_list_number(&references->hosts, buf_view(&key)) < references->example_count)
		return;
	memory_extend(&references->examples, references->example_count,
	              &references->example_capacity, sizeof example);
	references->examples[references->example_count++] = example;
}

/* A Secret that may hold anything counts where the registry asks for a credential. */
static void keep_example(struct check *check, size_t workload, const struct inventory_pod *pod,
                         struct view image, enum inventory_verdict verdict)
{
	struct view host = image_host_of(image);
	const struct check_example example = {workload, pod->pulls[0].name};

	if (verdict != INVENTORY_YES &&
	    (is_all_known(pod) || image_host_find(host) != IMAGE_HOST_ASKS))
		return;
	add_example(check, inventory_workload(check_references_of(check)->inventory, workload).ns,
	            host, example);
	add_example(check, "", host, example);
}

static const struct check_example *find_example(struct check *check, const char *ns,
                                                struct view host)
{
	struct check_references *references = check_references_of(check);
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
	uint32_t number;

	append_key(&key, ns, host);
	return string_list_find(&references->hosts, buf_view(&key), &number)
	           ? &references->examples[number]
	           : NULL;
}

/* In its own namespace; one that is absent on either side agrees. */
static const struct check_example *find_agreeing(struct check *check, const char *ns,
                                                 struct view host)
{
	const struct inventory *inventory = check_references_of(check)->inventory;
	const struct check_example *example = find_example(check, ns, host);

	if (example || !*ns)
		return example;
	example = find_example(check, "", host);
	return example && !*inventory_workload(inventory, example->workload).ns ? example : NULL;
}

/* A list that a ServiceAccount got later does not reach a Pod that is there. */
static bool report_old(struct check *check, size_t number)
{
	CLEANUP(inventory_pod_release) struct inventory_pod pod = INVENTORY_POD_INIT;
	struct inventory *inventory = check_references_of(check)->inventory;
	struct inventory_workload workload = inventory_workload(inventory, number);

	if (!workload.admitted || !workload.image_count)
		return false;
	inventory_pod_of_its_account(inventory, number, &pod);
	if (!pod.count)
		return false;
	check_report(check, check_references_of(check)->workloads.items[number], CHECK_REF_ABSENT,
	             inventory_image(inventory, number, 0).place.at,
	             "delete the Pod, so that it is created again",
	             "Pod %s has no pull Secret: its ServiceAccount %s names \"%s\", but got it "
	             "after the Pod was created",
	             workload.name, workload.account, pod.pulls[0].name);
	return true;
}

static void report_absent(struct check *check, size_t number)
{
	struct inventory *inventory = check_references_of(check)->inventory;
	struct inventory_workload workload = inventory_workload(inventory, number);

	for (size_t i = 0; i < workload.image_count; i++) {
		CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
		struct inventory_image image = inventory_image(inventory, number, i);
		struct view host = image_host_of(view_of(image.text));
		const struct check_example *example =
		    host.len && !image.unknown && !image.never_pulled
		        ? find_agreeing(check, workload.ns, host)
		        : NULL;

		if (!example)
			continue;
		inventory_workload_label(inventory, example->workload, &label);
		check_report(check, check_references_of(check)->workloads.items[number],
		             CHECK_REF_ABSENT, image.place.at,
		             "name the Secret in imagePullSecrets of this pod spec, too",
		             "%s %s names no pull Secret, but %s names \"%s\" for images of %.*s",
		             workload.kind, workload.name, label.data, example->secret,
		             (int)host.len, host.data);
		return;
	}
}

/* ---- One workload after the other ---- */

void check_images_judge(struct check *check, size_t number, const struct inventory_pod *pod)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	struct check_references *references = check_references_of(check);
	struct inventory *inventory = references->inventory;
	struct inventory_workload workload = inventory_workload(inventory, number);
	bool judged = is_all_known(pod) && keyring_entry_count(pod->keyring);
	struct error invalid;

	if (!pod->count && !pod->unknown && !workload.lists) {
		memory_extend(&references->bare, references->bare_count, &references->bare_capacity,
		              sizeof *references->bare);
		references->bare[references->bare_count++] = number;
	}
	for (size_t i = 0; pod->count && i < workload.image_count; i++) {
		struct inventory_image image = inventory_image(inventory, number, i);
		enum inventory_verdict verdict;

		if (image.unknown || !image_host_of(view_of(image.text)).len)
			continue;
		verdict =
		    inventory_judge(inventory, pod, view_of(image.text), false, &answer, &invalid);
		if (verdict == INVENTORY_INVALID)
			continue;
		keep_example(check, number, pod, view_of(image.text), verdict);
		if (judged && verdict == INVENTORY_NO)
			report(check, number, &image, pod->keyring, &answer);
	}
}

void check_images_finish(struct check *check)
{
	const struct check_references *references = check_references_of(check);

	for (size_t i = 0; i < references->bare_count; i++)
		if (!report_old(check, references->bare[i]))
			report_absent(check, references->bare[i]);
}
