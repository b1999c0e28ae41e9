/* answer.h - reading what a registry or its token server answers. */
#ifndef REGCRED_VERIFY_ANSWER_H
#define REGCRED_VERIFY_ANSWER_H

#include "regcred/verify/dialogue.h"

/* Takes the value of the next header of that name out of `headers`, which then goes on
 * after it. False: there are no more. */
bool answer_next_header(struct view *headers, const char *name, struct view *value);

/* The first one's value, or an empty view. */
struct view answer_header(const struct dialogue_answer *answer, const char *name);

/* The number that a header begins with, such as "100;w=21600"; -1: there is none. */
long answer_number(const struct dialogue_answer *answer, const char *name);

/* Whether it is a web page. */
bool answer_is_page(const struct dialogue_answer *answer);

/* Appends what it says of its own failure: errors[0] of the distribution specification, a
 * member that others use for it, or the error of a challenge. At most 200 bytes. */
void answer_append_words(const struct dialogue_answer *answer, struct buf *out);

/* Appends the token of a token server's answer. False: there is none that may be sent. */
bool answer_append_token(const struct dialogue_answer *answer, struct buf *out);

/* Appends the actions that the token of this answer claims for a repository, with a blank
 * between. False: the token does not say (it is no JWT with the claim `access`). */
bool answer_append_grants(const struct dialogue_answer *answer, struct view repository,
                          struct buf *out);

#endif
