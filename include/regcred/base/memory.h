/* memory.h - the one place memory comes from, wiped when it goes back.
 *
 * Nearly everything here holds a credential at some time, so all of it is
 * treated alike: a block is zeroed when it is released, whatever it held.
 */
#ifndef REGCRED_MEMORY_H
#define REGCRED_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* A block of `size` bytes, not zeroed, aligned for any type; NULL if there is
 * no memory. The caller owns it and ends it with memory_release. */
void *memory_acquire(size_t size);

/* Wipes the block, then frees it. NULL is fine. */
void memory_release(void *block);

/* Zeroes `size` bytes in a way that no compiler drops. NULL with 0 is fine. */
void memory_wipe(void *bytes, size_t size);

/* Makes room for one more item in an array of *capacity items of `size` bytes,
 * doubling it when it is full; the old array is wiped. False: no memory, and
 * nothing has changed. Start with NULL and 0; end with memory_release. */
bool memory_extend(void *array, size_t count, size_t *capacity, size_t size);

/* On a variable: calls `function(&variable)` on every way out of its scope. */
#define CLEANUP(function) __attribute__((cleanup(function)))

#endif
