/* token.h - when a secret expires, if that is part of it.
 *
 * Two kinds do:
 *
 *   JWT (RFC 7519, signed: RFC 7515 section 7.1): three parts of base64url joined
 *   by dots; the first two are JSON objects, and the second has a number `exp` in
 *   Unix seconds. Padding is none of the standard's and accepted; an empty third
 *   part (no signature) too.
 *
 *   Amazon ECR's password: standard base64, padded or not, of a JSON object with
 *   the strings `payload` and `datakey` and a number `expiration` in Unix seconds.
 *
 * JSON is read as strictly as everywhere (json_tree.h). Names are exact, as RFC
 * 7519 section 4 wants it; of repeated members the last one counts, as in Go, and
 * one that is no number then means: not known. Numbers may have fractions, which
 * are cut off, and exponents. Signatures are not checked: this is no proof of
 * anything, only what the secret claims.
 */
#ifndef REGCRED_TOKEN_H
#define REGCRED_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/arena.h"
#include "regcred/base/view.h"
#include "regcred/tree/node.h"

/* Ends beyond this, on either side of 1970, count as not known: 2^53 - 1, up to
 * which a double is exact. Any two of them can be subtracted without overflow. */
#define TOKEN_EXPIRY_MAX INT64_C(9007199254740991)

/* False: the secret says nothing of it, and *expires stays. Else Unix seconds. */
bool token_expiry(struct view secret, int64_t *expires);

/* The claims of a JWT; NULL: it is none. */
const struct node *token_claims(struct view token, struct arena *arena);

enum { TOKEN_TEXT_SIZE = 32 };

/* A span for a message, rounded down: "3 days" from two days on, else "26 h",
 * "2 h 5 min", "40 min", "20 s". The sign is left out. */
void token_remaining(int64_t seconds, char text[TOKEN_TEXT_SIZE]);

#endif
