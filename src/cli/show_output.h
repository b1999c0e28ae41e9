/* show_output.h - one pull Secret or Docker config, as a table for people and as JSON:
 *
 *	{"file", "namespace", "name", "type", "entries": [{"registry", "username",
 *	 "passwordLength", "email", "authAgrees", "provider", "expires", "problem"}]}
 *
 * authAgrees is null without an auth, provider (the id of provider.h), expires (RFC
 * 3339, UTC) and problem are null where there is none; with the passwords revealed,
 * "password" follows passwordLength. What is wrong with a Secret as a whole is the
 * problem of an entry whose registry is "".
 */
#ifndef REGCRED_CLI_SHOW_OUTPUT_H
#define REGCRED_CLI_SHOW_OUTPUT_H

#include <stdint.h>

#include "regcred/docker/docker_logins.h"
#include "regcred/kube/pull_secret.h"
#include "table.h"

struct shown_secret {
	const char *file;
	const struct pull_secret *secret;
	const struct docker_logins *config; /* what is in it */
	const char *problem;                /* with the whole; NULL: none */
};

struct show_style {
	struct look look;
	bool reveal;
	int64_t now; /* seconds since 1970 */
};

bool show_append_text(const struct shown_secret *shown, const struct show_style *style,
                      struct buf *out, struct error *error);

/* The same for -o json; the caller releases it. */
struct json *show_json(const struct shown_secret *shown, bool reveal);

#endif
