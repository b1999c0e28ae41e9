/* intern.h - texts that are met again and again, each kept once and known by a number.
 *
 * Numbers count up from 0 in the order in which texts were first met; 0 is the empty
 * text. Texts may hold any bytes, never move, and are wiped with the rest.
 */
#ifndef REGCRED_INTERN_H
#define REGCRED_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/arena.h"
#include "regcred/base/view.h"

struct intern_text {
	const char *data;
	uint32_t len, hash;
};

struct intern {
	struct arena arena;
	struct intern_text *texts;
	size_t count, capacity;
	uint32_t *slots; /* the number of a text and 1; 0: free */
	size_t slot_count;
};

#define INTERN_INIT ((struct intern){0})

/* The number of a text. False: no memory, or more than 4 GiB. */
bool intern_add(struct intern *intern, struct view text, uint32_t *number);

/* How many numbers there are. */
size_t intern_count(const struct intern *intern);

/* With a zero byte behind it; "" for 0, and for a number that was not given. */
struct view intern_text(const struct intern *intern, uint32_t number);

/* For CLEANUP. */
void intern_release(struct intern *intern);

#endif
