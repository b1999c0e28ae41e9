/* check_reference.h - what the checks across objects keep of each, until all are read:
 * numbers of texts, and places. Private to check_reference.c, check_resolve.c,
 * check_image.c and check_capitals.c.
 *
 * A namespace that is absent or not known yet is the empty text, and agrees with any.
 * Of a Secret's content only the registry keys stay.
 */
#ifndef REGCRED_CORE_CHECK_REFERENCE_H
#define REGCRED_CORE_CHECK_REFERENCE_H

#include "check_object.h"
#include "regcred/base/intern.h"

enum { UNKNOWN = UINT32_MAX }; /* a name, an image or the keys of a Secret */

/* What a Secret is to a Pod that pulls with it; the better come first. */
enum standing {
	STANDING_PULL,    /* a pull secret */
	STANDING_UNKNOWN, /* will be made, or has a type or spelling that is not known */
	STANDING_MEANT,   /* it has the key of a pull secret, under another type */
	STANDING_OTHER,
};

struct secret_fact {
	uint32_t name, namespace;
	uint32_t standing; /* enum standing */
	uint32_t type;
	uint32_t keys; /* a Docker config with its registry keys and nothing else; 0: none */
};

struct mention {
	uint32_t text; /* a name, an image; UNKNOWN: not to be judged */
	uint32_t column;
	uint64_t line;
};

/* A workload or a ServiceAccount: whatever lists pull secrets. */
struct consumer {
	uint64_t first; /* of its mentions: pull secrets, and images behind them */
	uint32_t secret_count, image_count;
	uint32_t file;
	uint32_t namespace;
	uint32_t name;          /* of a ServiceAccount; UNKNOWN: it is a workload */
	uint32_t ignored;       /* by its annotation: bits from CHECK_REF_MISSING on */
	struct mention account; /* that a workload runs as; text 0: not said */
};

/* A registry key with capitals in its host. */
struct capital {
	struct check_origin origin;
	struct node_place place;
	uint32_t host;        /* with its port */
	uint32_t shown, hint; /* how messages call the entry, and what mends it */
};

struct check_references {
	struct intern texts;
	struct secret_fact *secrets; /* when all are read: by name, namespace, standing */
	size_t secret_count, secret_capacity;
	struct consumer *consumers; /* in the order they are met */
	size_t consumer_count, consumer_capacity;
	struct mention *mentions;
	size_t mention_count, mention_capacity;
	struct capital *capitals;
	size_t capital_count, capital_capacity;
};

/* A Pod's pull secrets, and whether they say all about its images. */
struct pull_set {
	uint32_t *keys; /* sorted, each once */
	size_t count, capacity;
	bool unknown; /* some secret could be anything */
};

/* What check_image.c judges: the images of a workload with these secrets. Keeps what it
 * needs; false: no memory. */
struct check_images;
struct check_images *check_images_new(void);
void check_images_free(struct check_images **images);
bool check_images_add(struct check_images *images, struct check_references *references,
                      const struct consumer *consumer, struct pull_set *set);
bool check_images_finish(struct check_images *images, struct check *check,
                         const struct check_references *references, struct error *error);

/* How a finding about the consumer is reported. */
struct check_origin consumer_origin(const struct consumer *consumer);
struct node_place mention_place(const struct mention *mention);

#endif
