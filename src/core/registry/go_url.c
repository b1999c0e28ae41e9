#include "regcred/registry/go_url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

/* ---- Sentences ---- */

const char *go_url_fault_sentence(enum go_url_fault fault)
{
	static const char *const sentences[GO_URL_FAULT_COUNT] = {
	    [GO_URL_SOUND] = "is sound",
	    [GO_URL_CONTROL] = "holds a control character",
	    [GO_URL_USER_INFO] = "has a character before the @ that a URL cannot have there",
	    [GO_URL_PORT] = "has a port that is not all digits",
	    [GO_URL_BRACKET] = "has a bracket that is not around an IPv6 address",
	    [GO_URL_HOST] = "has a character in the host that a URL cannot have there",
	    [GO_URL_ESCAPE] = "has a malformed % escape",
	};

	return sentences[fault];
}

/* ---- Characters ---- */

/* url.go shouldEscape, in a host or a zone. */
static bool is_host_byte(unsigned char c)
{
	return isalnum(c) || c >= 0x80 || (c && strchr("-_.~!$&'()*+,;=:[]<>\"", c));
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One after the last one; 0: there is none. */
static size_t find_last(struct view text, char c)
{
	const char *found = text.len ? memrchr(text.data, c, text.len) : NULL;

	return found ? (size_t)(found - text.data) + 1 : 0;
}

/* ---- Escapes ---- */

/* Where a piece stands: what may be in it, raw and escaped. */
enum part { PART_USER_INFO, PART_HOST, PART_ZONE, PART_PATH, PART_FRAGMENT };

/* Whether a part may hold the byte as %XX. A host may only so hold what is not ASCII,
 * and a % itself; a zone what of ASCII a host may hold raw, a space, and a % itself. */
static bool may_be_escaped(enum part part, unsigned char byte)
{
	if (part == PART_HOST)
		return byte >= 0x80 || byte == '%';
	return part != PART_ZONE || byte == '%' || byte == ' ' ||
	       (byte < 0x80 && is_host_byte(byte));
}

/* url.go unescape. Appends to `out`, unless that is NULL. */
static enum go_url_fault unescape(struct view text, enum part part, struct buf *out)
{
	bool in_host = part == PART_HOST || part == PART_ZONE;
	enum go_url_fault fault = GO_URL_SOUND;
	size_t plain = 0; /* where the bytes begin that are still to be appended */

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		int high, low;

		if (c != '%') {
			if (in_host && !is_host_byte(c) && !fault)
				fault = GO_URL_HOST;
			continue;
		}
		high = i + 1 < text.len ? digit_value(text.data[i + 1]) : -1;
		low = i + 2 < text.len ? digit_value(text.data[i + 2]) : -1;
		if (high < 0 || low < 0)
			return GO_URL_ESCAPE;
		c = (unsigned char)(high * 16 + low);
		if (!may_be_escaped(part, c))
			return GO_URL_ESCAPE;
		if (out) {
			buf_append(out, text.data + plain, i - plain);
			buf_append_char(out, (char)c);
		}
		i += 2;
		plain = i + 1;
	}
	if (out)
		buf_append(out, text.data + plain, text.len - plain);
	return fault;
}

/* ---- Authority ---- */

/* netip.ParseAddr, as far as it is IPv6: RFC 4291 with an optional zone. */
static bool is_ipv6(struct view text)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr binary;
	size_t zone = view_find(text, '%');

	if (zone >= sizeof address || zone + 1 == text.len || memchr(text.data, '\0', text.len))
		return false;
	memcpy(address, text.data, zone);
	address[zone] = '\0';
	return inet_pton(AF_INET6, address, &binary) == 1;
}

static bool is_optional_port(struct view text)
{
	return !text.len ||
	       (*text.data == ':' && view_consists_of(view_from(text, 1), VIEW_DIGITS));
}

/* `host` begins with the only [ there is. */
static enum go_url_fault parse_bracket(struct view host, struct buf *out)
{
	size_t close = find_last(host, ']');
	size_t start = out->len + 1;
	struct view inside, zone;
	enum go_url_fault fault;
	const char *escape;

	if (!close)
		return GO_URL_BRACKET;
	if (!is_optional_port(view_from(host, close)))
		return GO_URL_PORT;
	inside = (struct view){host.data + 1, close - 2};
	escape = inside.len ? memmem(inside.data, inside.len, "%25", 3) : NULL;
	zone = view_from(inside, escape ? (size_t)(escape - inside.data) : inside.len);
	buf_append_char(out, '[');
	fault = unescape(view_first(inside, inside.len - zone.len), PART_HOST, out);
	if (!fault)
		fault = unescape(zone, PART_ZONE, out);
	if (!fault && !out->failure && !is_ipv6((struct view){out->data + start, out->len - start}))
		fault = GO_URL_BRACKET;
	buf_append_char(out, ']');
	buf_append(out, host.data + close, host.len - close);
	return fault;
}

static enum go_url_fault parse_host(struct view host, struct buf *out)
{
	size_t bracket = find_last(host, '[');

	if (bracket > 1)
		return GO_URL_BRACKET;
	if (bracket)
		return parse_bracket(host, out);
	if (!is_optional_port(view_from(host, view_find(host, ':'))))
		return GO_URL_PORT;
	return unescape(host, PART_HOST, out);
}

static enum go_url_fault check_user_info(struct view text)
{
	if (!view_consists_of(text, VIEW_ALNUM "-._:~!$&'()*+,;=%@"))
		return GO_URL_USER_INFO;
	/* Go unescapes user name and password apart, which a colon parts. */
	return unescape(text, PART_USER_INFO, NULL);
}

static enum go_url_fault parse_authority(struct view text, struct buf *out)
{
	size_t host = find_last(text, '@');
	enum go_url_fault fault = parse_host(view_from(text, host), out);

	return fault || !host ? fault : check_user_info(view_first(text, host - 1));
}

/* ---- The whole ---- */

static bool has_control(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
			return true;
	return false;
}

enum go_url_fault go_url_parse(struct view text, struct buf *out, struct go_url *url)
{
	size_t end = view_find(text, '#');
	struct view fragment = view_from(text, end);
	struct view rest = view_first(text, end);
	size_t start = out->len;
	size_t path;
	enum go_url_fault fault = has_control(rest) ? GO_URL_CONTROL : GO_URL_SOUND;

	rest = view_first(rest, view_find(rest, '?'));
	path = view_find(rest, '/');
	if (!fault)
		fault = parse_authority(view_first(rest, path), out);
	url->host_len = out->len - start;
	if (!fault)
		fault = unescape(view_from(rest, path), PART_PATH, out);
	url->path_len = out->len - start - url->host_len;
	if (!fault)
		fault = unescape(fragment, PART_FRAGMENT, NULL);
	if (fault)
		buf_truncate(out, start);
	return fault;
}

/* Whether the brackets stand as net.SplitHostPort wants them, for a port after `colon`. */
static bool port_is_apart(struct view text, size_t colon)
{
	size_t close;

	if (text.data[0] != '[')
		return view_find(text, ':') == colon && view_find(text, '[') == text.len &&
		       view_find(text, ']') == text.len;
	close = view_find(text, ']');
	return close + 1 == colon && view_find(view_from(text, 1), '[') == text.len - 1 &&
	       view_find(view_from(text, colon), ']') == text.len - colon;
}

void go_url_split_port(struct view text, struct view *host, struct view *port)
{
	size_t colon = find_last(text, ':');
	bool bracketed = text.len && text.data[0] == '[';

	*host = text;
	*port = (struct view){text.data + text.len, 0};
	if (!colon-- || !port_is_apart(text, colon))
		return;
	*port = view_from(text, colon + 1);
	*host = bracketed ? (struct view){text.data + 1, colon - 2} : view_first(text, colon);
}
