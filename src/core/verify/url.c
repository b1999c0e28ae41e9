#include "url.h"

#include <strings.h>

#include "regcred/registry/image_reference.h"
#include "regcred/verify/dialogue.h"

bool dialogue_is_host(struct view text)
{
	enum { PORT_MAX = sizeof ":65535" - 1 };
	struct view host = image_domain_host(text), port = view_from(text, host.len);

	return image_host_is_valid(host, false) &&
	       (!port.len || (port.len > 1 && port.len <= PORT_MAX &&
	                      view_consists_of(view_from(port, 1), VIEW_DIGITS)));
}

static bool same_text(struct view a, struct view b)
{
	return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

bool url_host_is(struct view host, const char *listed)
{
	struct view wanted = view_of(listed);

	return same_text(host, wanted) || (image_domain_host(wanted).len == wanted.len &&
	                                   same_text(image_domain_host(host), wanted));
}

static bool take_scheme(struct view *text, const char *scheme)
{
	size_t len = strlen(scheme);

	if (text->len < len || strncasecmp(text->data, scheme, len) != 0)
		return false;
	*text = view_from(*text, len);
	return true;
}

bool url_parse(struct view text, struct url *url)
{
	static const char fit[] = VIEW_ALNUM "!$%&'()*+,-./:;=?@[]_~";
	size_t end = 0;

	url->secure = take_scheme(&text, "https://");
	if (!url->secure && !take_scheme(&text, "http://"))
		return false;
	while (end < text.len && text.data[end] != '/' && text.data[end] != '?')
		end++;
	url->host = view_first(text, end);
	url->rest = view_from(text, end);
	return dialogue_is_host(url->host) && view_consists_of(url->rest, fit);
}

bool url_same_origin(struct view a, struct view b)
{
	struct url first, second;

	return url_parse(a, &first) && url_parse(b, &second) && first.secure == second.secure &&
	       same_text(first.host, second.host);
}

void url_append_query(struct buf *url, const char *name, struct view value)
{
	buf_append_format(url, "%c%s=", strchr(url->data, '?') ? '&' : '?', name);
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] && strchr(VIEW_ALNUM "-._~:/,", value.data[i]))
			buf_append_char(url, value.data[i]);
		else
			buf_append_format(url, "%%%02X", (unsigned char)value.data[i]);
	}
}
