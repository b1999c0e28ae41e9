/* memory.h - the one place memory comes from, wiped when it goes back.
 *
 * Nearly everything here holds a credential at some time, so all of it is
 * treated alike: a block is zeroed when it is released, whatever it held.
 *
 * Memory that runs out ends the program, in one place: the function that
 * memory_on_exhaustion names. No caller sees NULL.
 */
#ifndef REGCRED_MEMORY_H
#define REGCRED_MEMORY_H

#include <stddef.h>

/* A block of `size` bytes, not zeroed, aligned for any type; never NULL. The
 * caller owns it and ends it with memory_release. */
void *memory_acquire(size_t size);

/* Wipes the block, then frees it. NULL is fine. */
void memory_release(void *block);

/* Zeroes `size` bytes in a way that no compiler drops. NULL with 0 is fine. */
void memory_wipe(void *bytes, size_t size);

/* Makes room for one more item in an array of *capacity items of `size` bytes,
 * doubling it when it is full; the old array is wiped. Start with NULL and 0; end
 * with memory_release. */
void memory_extend(void *array, size_t count, size_t *capacity, size_t size);

/* A copy of the string, for memory_release. */
char *memory_copy_string(const char *text);

/* Names what ends the program when memory runs out. It must not return, and cannot
 * acquire memory. Without one the program traps. */
void memory_on_exhaustion(void (*end)(void));

/* Memory has run out, also in a library that has its own. */
_Noreturn void memory_exhausted(void);

/* How many items an array has. */
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* On a variable: calls `function(&variable)` on every way out of its scope. */
#define CLEANUP(function) __attribute__((cleanup(function)))

#endif
