#include "regcred/base/edit_distance.h"

#include <string.h>

enum { ROW = EDIT_DISTANCE_LENGTH_MAX + 1 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One row of the matrix: the distances from the first `i` bytes of `a` to the starts of `b`
 * that are no more than `limit` longer or shorter; all others are beyond the limit. A swap
 * looks two rows back. Returns the row's smallest entry. */
static size_t fill_row(size_t rows[3][ROW + 1], const char *a, size_t i, const char *b,
                       size_t b_len, size_t limit)
{
	size_t *row = rows[i % 3];
	const size_t *above = rows[(i + 2) % 3];
	const size_t *above_that = rows[(i + 1) % 3];
	size_t first = i > limit ? i - limit : 1;
	size_t last = limit < b_len - least(i, b_len) ? i + limit : b_len;
	size_t smallest = first == 1 ? i : limit + 1;

	row[first - 1] = smallest;
	row[last + 1] = limit + 1;
	for (size_t j = first; j <= last; j++) {
		/* The row above has a wider band by one, so that this was set.
		 * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
		size_t kept = above[j - 1] + (a[i - 1] != b[j - 1]);

		row[j] = least(kept, least(above[j], row[j - 1]) + 1);
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
			row[j] = least(row[j], above_that[j - 2] + 1);
		smallest = least(smallest, row[j]);
	}
	return smallest;
}

size_t edit_distance(const char *a, const char *b, size_t limit)
{
	size_t a_len = strnlen(a, ROW);
	size_t b_len = strnlen(b, ROW);
	size_t rows[3][ROW + 1];
	size_t smallest = 0;

	if (a_len == ROW || b_len == ROW)
		return limit + 1;
	if ((a_len > b_len ? a_len - b_len : b_len - a_len) > limit)
		return limit + 1;
	for (size_t j = 0; j <= b_len + 1; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t before = smallest;

		/* A swap skips a row, so it takes two rows beyond the limit. */
		smallest = fill_row(rows, a, i, b, b_len, limit);
		if (least(before, smallest) > limit)
			return limit + 1;
	}
	return least(rows[a_len % 3][b_len], limit + 1);
}

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
