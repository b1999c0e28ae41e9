/* go_integer.h - integers as Go's strconv.ParseUint reads them with base 0 (strconv/atoi.go,
 * Go 1.24): decimal; 0x, 0o and 0b, in either case of the letter; octal behind another
 * leading 0. Its `_` are the callers' to drop, and signs theirs to take. Private to the core.
 */
#ifndef REGCRED_CORE_GO_INTEGER_H
#define REGCRED_CORE_GO_INTEGER_H

#include <stdbool.h>
#include <stdint.h>

#include "regcred/base/view.h"

/* False: no integer, or beyond uint64; the value is then of no use. */
bool go_integer_parse(struct view text, uint64_t *value);

/* The same of nothing but digits; `base` is at most 16. */
bool go_integer_parse_base(struct view digits, unsigned base, uint64_t *value);

/* Appends a digit. False, and nothing is changed: it is none of the base, or the value would
 * be beyond uint64. */
bool go_integer_add_digit(uint64_t *value, unsigned base, char digit);

#endif
