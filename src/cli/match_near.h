/* match_near.h - of very many entries, those that a person would look at first: their
 * hosts are the image's, or near it.
 */
#ifndef REGCRED_CLI_MATCH_NEAR_H
#define REGCRED_CLI_MATCH_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"
#include "regcred/base/view.h"
#include "regcred/pods/keyring.h"

struct match_near_item {
	struct view host; /* of the entry's key */
	size_t entry;
};

struct match_near {
	const struct keyring *keyring; /* NULL: nothing was made yet */
	struct match_near_item *items; /* sorted by host */
	size_t count;
	size_t *hosts; /* where each host begins, and behind the last: `count` */
	size_t host_count;
};

/* Sorts the entries of a keyring, unless that was done. */
bool match_near_make(struct match_near *near, const struct keyring *keyring, struct error *error);

/* For CLEANUP, and before the keyring goes. */
void match_near_release(struct match_near *near);

/* Puts up to `most` entries into `entries`, and returns how many: those of the image's
 * host, matching ones too; then, if `wide`, those of hosts near it: one or two edits
 * away, in other letters, a wildcard with the same end, another name of Docker Hub. */
size_t match_near_find(const struct match_near *near, struct view repository, bool wide,
                       size_t *entries, size_t most);

#endif
