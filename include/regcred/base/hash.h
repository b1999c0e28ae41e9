/* hash.h - a hash for tables whose keys others choose.
 *
 * SipHash-2-4 (Aumasson and Bernstein, 2012): without the key one cannot construct names that
 * fall into one slot, so that a table stays fast whatever the input. The key is the
 * program's, set once at its start; it is zero until then. No output may depend on it.
 */
#ifndef REGCRED_HASH_H
#define REGCRED_HASH_H

#include <stdint.h>

#include "regcred/base/view.h"

enum { HASH_KEY_SIZE = 16 };

/* Before any table is made. */
void hash_set_key(const unsigned char key[HASH_KEY_SIZE]);

uint64_t hash_of(struct view bytes);

#endif
