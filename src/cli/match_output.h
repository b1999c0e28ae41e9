/* match_output.h - what is found for one image, as text for people and as JSON.
 *
 * No password is in either, and no registry key or image with what could be a credential in
 * it. The JSON of an image is an object with members in this order; strings that are absent
 * are "", bytes that are not UTF-8 are U+FFFD:
 *
 *	{"image", "repository",
 *	 "credentials": [{"registry", "username", "namespace", "secret", "file", "hubFallback",
 *	                  "usable"}],
 *	 "unmatched": [{"registry", "namespace", "secret", "reason"}],
 *	 "unmatchedCount", "unknown": [reason]}
 *	{"image", "error"}
 *
 * `unmatched` holds the UNMATCHED_MAX nearest.
 */
#ifndef REGCRED_CLI_MATCH_OUTPUT_H
#define REGCRED_CLI_MATCH_OUTPUT_H

#include "manifests.h"
#include "regcred/json/json.h"
#include "table.h"

enum { UNMATCHED_MAX = 20 };

struct match_result {
	const struct inventory *inventory;
	const struct inventory_pod *pod;
	size_t workload; /* INVENTORY_NONE: images alone */
	const struct subjects *subjects;
	const char *image;
	enum inventory_verdict verdict;
	const struct keyring_answer *answer;
	const struct error *invalid; /* of INVENTORY_INVALID */
};

/* Whether there is nothing against it: a credential is tried, or something is unknown. */
bool match_is_fine(const struct match_result *result);

/* The image, without what could be a credential in it. */
void match_append_image(const char *image, struct buf *out);

/* Appends lines about the image: the winner first, and why it wins; then the others that
 * match; then the nearest of those that do not, the first thing that differs, and the fix. */
void match_append_text(const struct match_result *result, struct look look, struct buf *out);

/* The heading of a workload: what it is, and which Secrets it uses. */
void match_append_pod(const struct match_result *result, struct look look, struct buf *out);

struct json *match_json(const struct match_result *result);

/* The member `credentials` of it. */
struct json *match_credentials_json(const struct match_result *result);

#endif
