/* go_url.h - a URL as Go's net/url takes it apart, as far as the kubelet cares: host
 * and path of what is after https://.
 *
 * Rules of Go 1.26 src/net/url/url.go (Parse, parseAuthority, parseHost, unescape,
 * validUserinfo), which 1.24.8 and later share; netip.ParseAddr for an address in
 * brackets; net.SplitHostPort (src/net/ipsock.go). Go before 1.24.8 took brackets
 * anywhere in a host, and colons before the port.
 *
 * Everything is bytes; nothing is folded, cleaned up or given a default.
 */
#ifndef REGCRED_GO_URL_H
#define REGCRED_GO_URL_H

#include "regcred/base/buf.h"
#include "regcred/base/view.h"

enum go_url_fault {
	GO_URL_SOUND,
	GO_URL_CONTROL,   /* a control character in front of the fragment */
	GO_URL_USER_INFO, /* a character that no user-info has */
	GO_URL_PORT,      /* what follows a colon is not all digits */
	GO_URL_BRACKET,   /* a [ that does not begin an IPv6 address, or one without end */
	GO_URL_HOST,      /* a character that no host has */
	GO_URL_ESCAPE,    /* a % without two hexadecimal digits, or one that a host may not have */
	GO_URL_FAULT_COUNT
};

/* What is wrong, as the end of a sentence: "holds a control character". */
const char *go_url_fault_sentence(enum go_url_fault fault);

struct go_url {
	size_t host_len; /* with port, without user-info */
	size_t path_len; /* decoded; empty, or begins with a slash */
};

/* Appends host and path of `text`, a URL without its scheme, one after the other. In
 * case of a fault nothing stays appended. Query and fragment are dropped. */
enum go_url_fault go_url_parse(struct view text, struct buf *out, struct go_url *url);

/* Splits at the port as net.SplitHostPort does; where that fails (no colon at all, or
 * brackets and colons in odd places) all of it is host, and the port is empty. */
void go_url_split_port(struct view host_and_port, struct view *host, struct view *port);

#endif
