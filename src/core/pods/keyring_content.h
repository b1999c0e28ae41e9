/* keyring_content.h - what a keyring holds of each Secret. Private to keyring*.c. */
#ifndef REGCRED_CORE_KEYRING_CONTENT_H
#define REGCRED_CORE_KEYRING_CONTENT_H

#include <stdint.h>

#include "regcred/pods/keyring.h"

/* The value of the data key of one Secret, or of several. */
struct content {
	const char *failure;           /* NULL: it can be decoded */
	struct keyring_entry *entries; /* in the order of the document */
	size_t count;
	uint32_t *order; /* of the entries: `plain` ones by host and port, then `wild` ones */
	size_t plain, wild;
};

/* By bytes. */
int compare_views(struct view a, struct view b);

/* By host, then port. */
int compare_hosts(const struct index_pattern *a, const struct index_pattern *b);

/* Where the plain entries of this host and port begin, or would, in `order`. */
size_t content_find(const struct content *content, const struct index_pattern *image);

/* The contents of a keyring, each with the number of its first entry. */
size_t keyring_slot_count(const struct keyring *keyring);
const struct content *keyring_slot(const struct keyring *keyring, size_t slot, size_t *first);

#endif
