/* why_output.h - what `why` found, as text for people and as JSON, in the order of
 * the questions: the image,
 * what the node said, the Secrets, what match and check say, the conclusion, the next commands).
 *
 * No password is in either.
 */
#ifndef REGCRED_CLI_WHY_OUTPUT_H
#define REGCRED_CLI_WHY_OUTPUT_H

#include "table.h"
#include "why_explain.h"

/* An element of the list that -o json is. */
struct json *why_json(const struct why_case *result);

/* `count` Pods have this very cause: 1 or more. */
void why_append_text(const struct why_case *result, size_t count, struct look look,
                     struct buf *out);

/* Appends what two cases share if one telling does for both. */
void why_append_cause(const struct why_case *result, struct buf *out);

#endif
