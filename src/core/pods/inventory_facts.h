/* inventory_facts.h - what an inventory keeps. Private to inventory*.c. */
#ifndef REGCRED_CORE_INVENTORY_FACTS_H
#define REGCRED_CORE_INVENTORY_FACTS_H

#include <stdint.h>

#include "regcred/base/string_list.h"
#include "regcred/pods/inventory.h"

enum { NAMELESS = UINT32_MAX }; /* the name is a template: it may be any */

/* How sure a namespace is; the order of sorting. */
enum namespace_class { NS_PLAIN, NS_ABSENT, NS_TEMPLATED, NS_EVERYWHERE };

/* What an object is to a Pod that names it; the better come first. */
enum standing { STANDING_PULL, STANDING_MADE, STANDING_TYPE };

/* An object under its name. */
struct fact {
	uint32_t name, ns;
	uint8_t class;    /* enum namespace_class */
	uint8_t standing; /* of Secrets */
	uint32_t number;  /* of the Secret or ServiceAccount */
	const char *maker;
};

struct facts {
	struct fact *items;
	size_t count, capacity;
};

/* The list of a ServiceAccount. */
struct account_fact {
	const char *ns;
	size_t first, secret_count; /* among the mentions */
};

struct inventory {
	struct inventory_options options;
	struct string_list texts; /* 0: the empty one */
	struct keyring_store *store;
	struct inventory_secret *secrets;
	size_t secret_count, secret_capacity;
	struct inventory_workload *workloads;
	size_t workload_count, workload_capacity;
	struct account_fact *accounts;
	size_t account_count, account_capacity;
	struct inventory_image *mentions; /* of each list the names of pull Secrets, then images */
	size_t mention_count, mention_capacity;
	struct facts secret_facts, account_facts;
	struct string_list redirected, renamed; /* keys as those of registries; names of images */
	size_t *bare;                           /* numbers of bare configs */
	size_t bare_count, bare_capacity;

	/* From the first question on. */
	bool sorted;
	struct string_list questions;   /* name and namespace, as bytes */
	struct inventory_pull *answers; /* by the number of the question; without name and place */
	size_t answer_count, answer_capacity;
	struct arena variants;
	bool *with_secrets; /* by the number of a namespace; NULL: not noted yet */
	size_t with_secrets_count;
	bool has_secrets;
	size_t effort; /* spent on names that may be meant */
};

/* Facts that stand side by side. */
struct range {
	size_t from, to;
};

/* Before any of what follows. */
void inventory_sort(struct inventory *inventory);

bool any_agrees(const struct inventory *inventory, const struct facts *facts, uint32_t name,
                uint32_t ns);

/* Texts are kept once: the number of one, and the text of a number. */
uint32_t inventory_text(struct inventory *inventory, const char *text);
const char *inventory_text_of(const struct inventory *inventory, uint32_t number);
enum namespace_class inventory_class_of(const char *ns);

#endif
