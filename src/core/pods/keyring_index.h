/* keyring_index.h - where a keyring finds its entries. Private to keyring*.c. */
#ifndef REGCRED_CORE_KEYRING_INDEX_H
#define REGCRED_CORE_KEYRING_INDEX_H

#include "regcred/pods/keyring.h"

struct filed {
	const struct keyring_entry *entry;
	size_t number;
};

/* Entries that can match: `plain` ones by host, port and path, then those with a wildcard. */
struct index {
	struct filed *items;
	size_t plain, count;
};

struct index_range {
	size_t from, to;
};

/* What is compared: the host, the port too, or so many bytes of the path as well. */
enum { BY_HOST, BY_PORT, BY_PATH = BY_PORT };

/* Those of a range of plain entries that agree with the image. */
struct index_range index_narrow(const struct index *index, struct index_range in,
                                const struct index_pattern *image, size_t depth);

/* The indexes of a keyring, one after the other, then NULL. Numbers are from *first on. */
const struct index *keyring_index(const struct keyring *keyring, size_t number, size_t *first);

#endif
