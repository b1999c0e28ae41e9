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
#include "regcred/registry/provider.h"
#include "table.h"

/* Of one entry, what is not in it but known. */
struct shown_entry {
	const struct docker_login *entry;
	const struct provider *provider; /* NULL: not known */
	bool expiry_known;
	int64_t expires;     /* seconds since 1970 */
	const char *problem; /* NULL: none */
};

struct shown_secret {
	const char *file;
	const struct pull_secret *secret;
	const char *problem; /* with the whole; NULL: none */
	struct shown_entry *entries;
	size_t count, capacity;
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
