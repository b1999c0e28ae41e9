/* url.h - the addresses that a dialogue asks.
 *
 * An address comes from an untrusted server and goes to another parser, which may read a
 * doubtful one differently. So only this is accepted: http or https, a host of letters,
 * digits, dots and dashes (or an IPv6 address in brackets), a port of digits, and after it
 * printable ASCII without quotes, backslash and fragment; no user-info.
 */
#ifndef REGCRED_VERIFY_URL_H
#define REGCRED_VERIFY_URL_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/view.h"

struct url {
	bool secure;      /* https */
	struct view host; /* with its port, if it has one */
	struct view rest; /* path and query; may be empty */
};

/* Points into `text`. False: it is no address as above. */
bool url_parse(struct view text, struct url *url);

/* Whether `listed`, HOST or HOST:PORT, names the host: without a port it does so for all. */
bool url_host_is(struct view host, const char *listed);

/* Whether both are answered by the same server: scheme, host and port are the same. */
bool url_same_origin(struct view a, struct view b);

/* Appends ?NAME=VALUE or &NAME=VALUE, VALUE percent-encoded but for : / and comma. */
void url_append_query(struct buf *url, const char *name, struct view value);

#endif
