#include <stdlib.h>
#include <string.h>

#include "check_reference.h"
#include "regcred/base/memory.h"
#include "regcred/pods/keyring.h"
#include "regcred/registry/image_reference.h"

/* One image of one workload: the sets are few, and so are the images, so after sorting
 * each set makes one keyring, and each image is looked up in it once. */
struct pair {
	uint32_t set;   /* number of a text: the numbers of its keys */
	uint32_t image; /* likewise: its name */
	uint32_t consumer;
	uint32_t mention; /* of the consumer's */
};

struct check_images {
	struct pair *pairs;
	size_t count, capacity;
};

/* Registries that ask nobody for a credential. Sources: kubernetes.io blog 2023-03-10
 * (registry.k8s.io), Microsoft Artifact Registry FAQ, Amazon ECR Public user guide. */
static const char *const open_hosts[] = {
    "registry.k8s.io",
    "k8s.gcr.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "ecr-public.aws.com",
};

struct check_images *check_images_new(void)
{
	struct check_images *images = memory_acquire(sizeof *images);

	if (images)
		*images = (struct check_images){0};
	return images;
}

void check_images_free(struct check_images **images)
{
	if (!*images)
		return;
	memory_release((*images)->pairs);
	memory_release(*images);
	*images = NULL;
}

/* A registry of its own, of those that ask for a credential. */
static bool names_host(struct view image)
{
	const char *slash = memchr(image.data, '/', image.len);
	struct view host = {image.data, slash ? (size_t)(slash - image.data) : 0};

	for (size_t i = 0; i < sizeof open_hosts / sizeof *open_hosts; i++)
		if (view_is(host, open_hosts[i]))
			return false;
	return image_names_host(image);
}

static int compare_keys(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

bool check_images_add(struct check_images *images, struct check_references *references,
                      const struct consumer *consumer, struct pull_set *set)
{
	struct view keys = {(const char *)set->keys, set->count * sizeof *set->keys};
	size_t number = (size_t)(consumer - references->consumers);
	struct pair pair = {.consumer = (uint32_t)number};

	qsort(set->keys, set->count, sizeof *set->keys, compare_keys);
	if (!intern_add(&references->texts, keys, &pair.set))
		return false;
	for (uint32_t i = 0; i < consumer->image_count; i++) {
		pair.mention = consumer->secret_count + i;
		pair.image = references->mentions[consumer->first + pair.mention].text;
		if (pair.image == UNKNOWN ||
		    !names_host(intern_text(&references->texts, pair.image)))
			continue;
		memory_extend(&images->pairs, images->count, &images->capacity,
		              sizeof *images->pairs);
		images->pairs[images->count++] = pair;
	}
	return true;
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	return (x->image > y->image) - (x->image < y->image);
}

static struct keyring *keyring_of(const struct check_references *references, uint32_t set,
                                  struct keyring_store *store)
{
	struct view keys = intern_text(&references->texts, set);
	struct keyring *keyring = keyring_new(store);

	for (size_t at = 0; keyring && at < keys.len; at += sizeof(uint32_t)) {
		struct view config;
		uint32_t number;

		memcpy(&number, keys.data + at, sizeof number);
		config = intern_text(&references->texts, number);
		keyring_add(
		    keyring,
		    keyring_store_add(store, KEYRING_DOCKERCONFIGJSON, config.data, config.len),
		    at);
	}
	return keyring;
}

enum { EXPLAINED_MAX = 64 }; /* entries that are looked at for a reason */

/* How near an entry comes to the image. */
static int nearness(const struct keyring_note *note)
{
	if (note->fix != KEYRING_FIX_NONE)
		return 3;
	return note->reason == KEYRING_PATH ? 2 : note->reason == KEYRING_PORT;
}

/* Why the nearest entry does not match. Of one that is not near there is nothing to say:
 * the note is then empty. */
static bool explain(const struct keyring *keyring, const struct keyring_answer *answer,
                    struct keyring_note *note)
{
	size_t count = keyring_entry_count(keyring), nearest = 0;
	int best = 0;

	for (size_t i = 0; i < count && i < EXPLAINED_MAX && best < 3; i++) {
		keyring_explain(keyring, answer, i, note);
		if (nearness(note) > best) {
			best = nearness(note);
			nearest = i;
		}
	}
	if (best) {
		keyring_explain(keyring, answer, nearest, note);
		return true;
	}
	buf_reset(&note->sentence);
	buf_reset(&note->hint);
	return true;
}

/* The note mends a key for an image that is right; here the image may be the wrong one. */
static void build_hint(const struct keyring_note *note, struct buf *hint)
{
	if (note->fix == KEYRING_FIX_TYPO)
		buf_append_string(hint, "one of the two is mistyped");
	else if (note->fix == KEYRING_FIX_CASE)
		buf_append_string(hint, "write both in lower case");
	else if (note->registry.len)
		buf_append_format(hint,
		                  "the pull secret needs an entry for %s, or the image "
		                  "another name",
		                  note->registry.data);
	else
		buf_append_string(hint, note->hint.data);
}

static bool report(struct check *check, const struct check_references *references,
                   const struct pair *from, const struct pair *to, const struct keyring *keyring,
                   const struct keyring_answer *answer, struct error *error)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_CONFIG_MAX);

	if (!explain(keyring, answer, &note))
		return false;
	build_hint(&note, &hint);
	if (!buf_check(&hint, "a hint", error))
		return false;
	for (; from < to; from++) {
		const struct consumer *consumer = &references->consumers[from->consumer];
		const struct mention *mention =
		    &references->mentions[consumer->first + from->mention];

		check_report(check, consumer_origin(consumer), CHECK_IMAGE_UNMATCHED,
		             mention_place(mention), hint.data,
		             "no pull secret has a credential for the image \"%s\"%s%s",
		             intern_text(&references->texts, from->image).data,
		             note.sentence.len ? ": " : "", note.sentence.data);
	}
	return true;
}

/* All pairs of one set and one image. */
static bool judge(struct check *check, const struct check_references *references,
                  const struct pair *from, const struct pair *to, struct keyring *keyring,
                  struct error *error)
{
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	struct view image = intern_text(&references->texts, from->image);

	if (!keyring_lookup(keyring, image, &answer, error)) /* no image name: not ours to say */
		return error->diagnostic != DIAGNOSTIC_OUT_OF_MEMORY;
	if (answer.match_count || answer.undecodable)
		return true;
	return report(check, references, from, to, keyring, &answer, error);
}

static bool judge_set(struct check *check, const struct check_references *references,
                      const struct pair *from, const struct pair *to, struct error *error)
{
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(false);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_of(references, from->set, store);

	while (from < to) {
		const struct pair *end = from;

		while (end < to && end->image == from->image)
			end++;
		if (!judge(check, references, from, end, keyring, error))
			return false;
		from = end;
	}
	return true;
}

bool check_images_finish(struct check_images *images, struct check *check,
                         const struct check_references *references, struct error *error)
{
	const struct pair *at = images->pairs, *end;

	if (!images->count)
		return true;
	end = at + images->count;
	qsort(images->pairs, images->count, sizeof *images->pairs, compare_pairs);
	while (at < end) {
		const struct pair *next = at;

		while (next < end && next->set == at->set)
			next++;
		if (!judge_set(check, references, at, next, error))
			return false;
		at = next;
	}
	return true;
}
