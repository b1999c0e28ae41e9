/* challenge.h - what a server asks for: the grammar of WWW-Authenticate.
 *
 * RFC 9110 sections 11.2 to 11.6.1: a header holds challenges, a challenge a scheme and
 * either a token68 or parameters, all of them separated by commas, so that a comma may
 * begin a parameter or the next challenge:
 *
 *	Bearer realm="https://auth.example.com/token",service="a, b", Basic realm="x"
 *
 * Schemes and names of parameters are compared without case. What does not follow the
 * grammar ends the header; what was in front of it counts, as for docker's client.
 *
 * Nothing is copied but a parameter's value, and nothing costs more than the length of
 * the header.
 */
#ifndef REGCRED_CHALLENGE_H
#define REGCRED_CHALLENGE_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/view.h"

/* Points into the header. */
struct challenge {
	struct view scheme;
	struct view token68;    /* empty: there is none */
	struct view parameters; /* as written, for challenge_parameter */
};

/* Takes the next challenge off the front of a header's value. False: there are no more. */
bool challenge_next(struct view *header, struct challenge *challenge);

/* Whether its scheme is this one, such as "Bearer". */
bool challenge_is(const struct challenge *challenge, const char *scheme);

/* Puts the value of a parameter, unquoted, in the place of what is in `value`; of a repeated
 * one the last counts. False: it is absent, and `value` is empty. */
bool challenge_parameter(const struct challenge *challenge, const char *name, struct buf *value);

#endif
