#include "url.h"

#include <strings.h>

#include "regcred/registry/image_reference.h"
#include "regcred/verify/dialogue.h"

static bool is_digits(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.len > 0 && text.len <= 5;
}

/* Where the colon in front of the port is; host.len: there is none. */
static size_t port_at(struct view host)
{
	size_t from = host.len && host.data[0] == '[' ? view_find(host, ']') : 0;

	return from + view_find(view_from(host, from), ':');
}

bool dialogue_is_host(struct view host)
{
	size_t colon = port_at(host);

	return image_host_is_valid(view_first(host, colon), false) &&
	       (colon == host.len || is_digits(view_from(host, colon + 1)));
}

static bool same_text(struct view a, struct view b)
{
	return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

bool url_host_is(struct view host, const char *listed)
{
	struct view wanted = view_of(listed);

	return same_text(host, wanted) || (port_at(wanted) == wanted.len &&
	                                   same_text(view_first(host, port_at(host)), wanted));
}

static bool take_scheme(struct view *text, const char *scheme)
{
	size_t len = strlen(scheme);

	if (text->len < len || strncasecmp(text->data, scheme, len) != 0)
		return false;
	*text = view_from(*text, len);
	return true;
}

static bool is_fit_for_url(struct view rest)
{
	for (size_t i = 0; i < rest.len; i++)
		if (rest.data[i] <= ' ' || rest.data[i] > '~' ||
		    strchr("\"<>\\^`{|}#", rest.data[i]))
			return false;
	return true;
}

bool url_parse(struct view text, struct url *url)
{
	size_t end = 0;

	url->secure = take_scheme(&text, "https://");
	if (!url->secure && !take_scheme(&text, "http://"))
		return false;
	while (end < text.len && text.data[end] != '/' && text.data[end] != '?')
		end++;
	url->host = view_first(text, end);
	url->rest = view_from(text, end);
	return dialogue_is_host(url->host) && is_fit_for_url(url->rest);
}

bool url_same_origin(struct view a, struct view b)
{
	struct url first, second;

	return url_parse(a, &first) && url_parse(b, &second) && first.secure == second.secure &&
	       same_text(first.host, second.host);
}

void url_append_query(struct buf *url, const char *name, struct view value)
{
	static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                 "0123456789-._~:/,";

	buf_append_format(url, "%c%s=", strchr(url->data, '?') ? '&' : '?', name);
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] && strchr(unreserved, value.data[i]))
			buf_append_char(url, value.data[i]);
		else
			buf_append_format(url, "%%%02X", (unsigned char)value.data[i]);
	}
}
