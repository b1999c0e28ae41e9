/* guess.h - "did you mean ...?": the nearest of the words that are tried. */
#ifndef REGCRED_CLI_GUESS_H
#define REGCRED_CLI_GUESS_H

#include <stddef.h>

struct guess {
	const char *given;
	const char *word; /* the nearest so far, borrowed; NULL: none is near */
	size_t distance;  /* of it (edit_distance.h) */
};

/* Two edits away is near, one in words of up to four bytes. `given` is borrowed. */
struct guess guess_begin(const char *given);
void guess_try(struct guess *guess, const char *word);

#endif
