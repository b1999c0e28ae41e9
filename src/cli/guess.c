#include "guess.h"

#include <string.h>

#include "regcred/base/edit_distance.h"

enum { SHORT = 4 };

struct guess guess_begin(const char *given)
{
	return (struct guess){.given = given, .distance = strlen(given) > SHORT ? 3 : 2};
}

void guess_try(struct guess *guess, const char *word)
{
	size_t distance = edit_distance(guess->given, word, guess->distance);

	if (distance >= guess->distance)
		return;
	guess->distance = distance;
	guess->word = word;
}
