/* check_reference.h - what the checks across objects keep until all are read: the inventory,
 * and whose findings are silenced where. Private to check_reference.c, check_image.c and
 * check_capitals.c.
 */
#ifndef REGCRED_CORE_CHECK_REFERENCE_H
#define REGCRED_CORE_CHECK_REFERENCE_H

#include "check_object.h"
#include "regcred/base/string_list.h"
#include "regcred/pods/inventory.h"

/* A registry key with capitals in its host. */
struct capital {
	struct check_origin origin;
	struct node_place place;
	uint32_t host;        /* with its port */
	uint32_t shown, hint; /* how messages call the entry, and what fixes it */
};

/* A Secret that a ServiceAccount has for mounting alone. */
struct mount {
	struct check_origin origin;
	struct node_place place;
	uint32_t ns, name;
};

/* By the inventory's numbers. */
struct origins {
	struct check_origin *items;
	size_t count, capacity;
};

/* A workload that names a Secret, for images of a host. */
struct check_example {
	size_t workload;
	const char *secret;
};

struct check_references {
	struct inventory *inventory;
	struct origins workloads, accounts;
	struct string_list texts;
	struct capital *capitals;
	size_t capital_count, capital_capacity;
	struct mount *mounts;
	size_t mount_count, mount_capacity;

	/* check_image.c */
	struct string_list hosts;       /* "namespace\nhost", and "\nhost" for any namespace */
	struct check_example *examples; /* by the number of the host */
	size_t example_count, example_capacity;
	size_t *bare; /* workloads that name no Secret */
	size_t bare_count, bare_capacity;
};

/* The check owns it. */
struct check_references *check_references_of(struct check *check);
const struct check_options *check_options_of(const struct check *check);

void check_references_release(struct check_references *references);

/* check_image.c: the images of a workload, matched with what it pulls with; and after the last
 * workload those that name no Secret, though others do. */
void check_images_judge(struct check *check, size_t workload, const struct inventory_pod *pod);
void check_images_finish(struct check *check);

#endif
