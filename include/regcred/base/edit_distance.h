/* edit_distance.h - how far apart two words are, for "did you mean ...?".
 *
 * The measure is the optimal string alignment distance: the fewest insertions,
 * deletions, replacements and swaps of two neighbours that turn one word into
 * the other, no piece being edited twice. It counts bytes, not characters.
 *
 * Pure, allocates nothing, cannot fail. Time grows with the product of the two
 * lengths, both of which are bounded.
 */
#ifndef REGCRED_EDIT_DISTANCE_H
#define REGCRED_EDIT_DISTANCE_H

#include <stddef.h>

/* Words longer than this are never measured: those are no typing errors. */
enum { EDIT_DISTANCE_LENGTH_MAX = 256 };

/* The distance between two C strings, or limit + 1 when it is greater than
 * `limit` or either string is longer than EDIT_DISTANCE_LENGTH_MAX bytes.
 * `limit` is less than SIZE_MAX; a small one is also the fast one. */
size_t edit_distance(const char *a, const char *b, size_t limit);

/* The nearest of the words that are tried. */
struct guess {
	const char *given;
	const char *word; /* the nearest so far, borrowed; NULL: none is near */
	size_t distance;  /* of it */
};

/* Two edits away is near, one in words of up to four bytes. `given` is borrowed. */
struct guess guess_begin(const char *given);
void guess_try(struct guess *guess, const char *word);

#endif
