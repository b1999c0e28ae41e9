/* config_scan.h - a pull secret's payload as it is written, for what is lost once it is
 * read as a Docker config: shapes, repeated keys, and values that are no values yet.
 * Private to check_config.c.
 *
 * Only sound JSON is scanned: of anything else the result means nothing.
 */
#ifndef REGCRED_CORE_CONFIG_SCAN_H
#define REGCRED_CORE_CONFIG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/buf.h"
#include "regcred/base/error.h"

/* A registry key, in the order of the text. */
struct config_scan_key {
	size_t start; /* of its name in `names`, which ends it with a zero byte */
	size_t len;
	uint64_t offset;     /* in the payload: docker_config_file_entry.position */
	bool unknown;        /* its auth has the marks of templated.h */
	bool unknown_beside; /* its user name or password is unknown, as it stands beside auth */
};

struct config_scan {
	bool has_auths;   /* a member of that name, in any case */
	bool has_helpers; /* credsStore or credHelpers say something */
	bool has_entries; /* beside auths: a member that is an entry by its own members */
	bool has_wrapped; /* in a bare map: an `auths` that holds registries */

	struct buf names;
	struct config_scan_key *keys;
	size_t key_count, key_capacity;

	struct buf placeholder; /* the field that holds one, such as auths["x"].auth; "": none */
	struct buf repeated;    /* the first field of an entry that stands there twice, likewise */
};

#define CONFIG_SCAN_INIT                                                                           \
	((struct config_scan){.names = BUF_INIT(BUF_CONFIG_MAX),                                   \
	                      .placeholder = BUF_INIT(BUF_CONFIG_MAX),                             \
	                      .repeated = BUF_INIT(BUF_CONFIG_MAX)})

/* Fills an initialised scan. `bare`: the members are the registries. False: no memory. */
bool config_scan_read(const char *bytes, size_t len, bool bare, struct config_scan *scan,
                      struct error *error);

/* Wipes and frees; for CLEANUP. */
void config_scan_release(struct config_scan *scan);

/* Whether a value inside of a config is one that somebody is still to fill in: it has the
 * marks of a template, or is a variable as a whole. A password may hold a dollar, and so
 * may a user name (robot$ci); NGC's $oauthtoken only looks like a variable. */
bool config_value_is_unknown(const struct buf *value);

/* Appends how messages call an entry: auths["ghcr.io"], without what could be a
 * credential, cut. */
void config_scan_show(struct buf *out, struct view registry, bool bare);

/* The name of a key, borrowed. */
struct view config_scan_name(const struct config_scan *scan, const struct config_scan_key *key);

#endif
