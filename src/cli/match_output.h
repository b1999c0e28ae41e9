/* match_output.h - what is found for one image, as text for people and as JSON.
 *
 * No password is in either. The JSON of an image is an object with members in this
 * order; strings that are absent are "", bytes that are not UTF-8 are U+FFFD:
 *
 *	{"image", "repository",
 *	 "credentials": [{"registry", "username", "namespace", "secret", "file", "hubFallback"}],
 *	 "unmatched": [{"registry", "namespace", "secret", "reason"}]}
 *	{"image", "error"}
 */
#ifndef REGCRED_CLI_MATCH_OUTPUT_H
#define REGCRED_CLI_MATCH_OUTPUT_H

#include "gathering.h"
#include "match_near.h"
#include "table.h"

struct match_result {
	const struct gathering *gathering;
	const struct pod *pod;
	const struct pod_keyring *keyring;
	const char *image;
	const struct keyring_answer *answer;
	const struct error *invalid; /* the image is no image name; NULL: it is */
};

/* Whether the kubelet has a credential to try. */
bool match_is_yes(const struct match_result *result);

/* Appends lines about the image: the winner first, and why it wins; then the others that
 * match; then each entry that does not, the first thing that differs, and the mend. */
bool match_append_text(const struct match_result *result, struct match_near *near, struct look look,
                       struct buf *out, struct error *error);

/* The heading of a workload: what it is, and which Secrets it uses. */
void match_append_pod(const struct pod *pod, const struct pod_keyring *keyring, struct look look,
                      struct buf *out);

/* Appends the object, indented as an item of a list. */
bool match_append_json(const struct match_result *result, struct buf *out, struct error *error);

#endif
