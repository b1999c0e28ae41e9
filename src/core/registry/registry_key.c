#include "regcred/registry/registry_key.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "regcred/base/memory.h"
#include "regcred/registry/glob.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/registry_trap.h"

/* A key taken apart; the pieces point into one lower-cased or original copy. */
struct parts {
	const char *shown;        /* the key as a message may show it */
	char *host;               /* without port */
	const char *port;         /* after the colon; NULL: none */
	const char *path;         /* with its leading slash; "" for none */
	struct buf text, display; /* what the pieces above point into */
};

static void parts_release(struct parts *parts)
{
	buf_release(&parts->text);
	buf_release(&parts->display);
}

static bool refuse(const struct parts *parts, struct error *error, const char *why,
                   const char *hint)
{
	return error_set(error, DIAGNOSTIC_REGISTRY_INVALID, hint, "registry \"%s\" %s",
	                 parts->shown, why);
}

/* --- taking apart ------------------------------------------------------- */

/* Looked for in the whole key, in this order. */
static const struct {
	const char *bytes, *why, *hint;
} forbidden[] = {
    {"@", "holds an @: neither a user name nor a digest is part of a registry",
     "write HOST[:PORT][/PATH]; the user name goes to --username"},
    {"?", "holds a query", "leave out everything from the ? on"},
    {"#", "holds a fragment", "leave out everything from the # on"},
    {" \t\r\n\v\f", "holds a blank", "a registry is HOST[:PORT][/PATH], without blanks"},
    {"%", "holds a % escape, which no image name has",
     "write HOST[:PORT][/PATH] as in the image name"},
    {"\\", "holds a backslash", "write HOST[:PORT][/PATH] as in the image name"},
};

static bool check_characters(const struct parts *parts, const char *text, struct error *error)
{
	for (size_t i = 0; i < COUNT(forbidden); i++)
		if (strpbrk(text, forbidden[i].bytes))
			return refuse(parts, error, forbidden[i].why, forbidden[i].hint);
	for (; *text; text++)
		if (*text < 0x21 || *text > 0x7E)
			return refuse(parts, error,
			              "contains a character that is not visible ASCII",
			              "image names are ASCII; write an international host name in "
			              "its xn-- form");
	return true;
}

/* The text after http:// or https://, NULL (error set) after another scheme. */
static const char *skip_scheme(const struct parts *parts, const char *text, struct error *error)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t i = 0; i < 2; i++)
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
			text += strlen(schemes[i]), i = 2;
	if (!strstr(text, "://"))
		return text;
	refuse(parts, error, "has a scheme other than http:// or https://",
	       "write only HOST[:PORT][/PATH], as in the image name");
	return NULL;
}

static bool path_is_bare(const char *path)
{
	return !*path || glob_list_matches("/ /v1 /v1/ /v2 /v2/", view_of(path), '\0');
}

static bool parts_take(struct parts *parts, const char *text, struct error *error)
{
	const char *rest;
	size_t authority;
	char *host, *end;

	if (strlen(text) > BUF_NAME_MAX / 2)
		return error_set(error, DIAGNOSTIC_REGISTRY_INVALID, NULL,
		                 "a registry is %zu bytes long, the limit is %d", strlen(text),
		                 BUF_NAME_MAX / 2);
	registry_key_display(&parts->display, view_of(text));
	parts->shown = parts->display.data;
	if (!buf_check(&parts->display, "a registry", error) ||
	    !registry_trap_check_filled(parts->shown, error) ||
	    !check_characters(parts, text, error))
		return false;
	rest = skip_scheme(parts, text, error);
	if (!rest)
		return false;
	authority = strcspn(rest, "/");
	buf_append(&parts->text, rest, authority);
	buf_append_char(&parts->text, '\0');
	buf_append_string(&parts->text, path_is_bare(rest + authority) ? "" : rest + authority);
	if (!buf_check(&parts->text, "a registry", error))
		return false;
	host = parts->text.data;
	for (char *c = host; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	parts->path = host + authority + 1;
	end = host + image_domain_host(view_of(host)).len;
	parts->port = *end ? end + 1 : NULL;
	*end = '\0';
	parts->host = host;
	return true;
}

/* --- could an image name match? ------------------------------------------ */

/* The kubelet drops one leading /v1 or /v2 that more path follows. */
static const char *path_of_index(const char *path)
{
	return strncmp(path, "/v1/", 4) == 0 || strncmp(path, "/v2/", 4) == 0 ? path + 3 : path;
}

static bool host_is_domain(const char *host)
{
	return image_host_is_valid(view_of(host), true);
}

static bool check_port(const struct parts *parts, struct error *error)
{
	const char *port = parts->port;
	char *end;
	unsigned long number;

	if (!port)
		return true;
	number = strspn(port, "0123456789") ? strtoul(port, &end, 10) : 0;
	if (number >= 1 && number <= 65535 && !*end)
		return true;
	return refuse(parts, error, "has an invalid port",
	              strchr(port, ':')
	                  ? "write HOST or HOST:PORT, with an IPv6 address in brackets"
	                  : "write a port from 1 to 65535 after the colon, or leave it out");
}

static bool check_ipv6(const struct parts *parts, struct error *error)
{
	struct in6_addr address;
	char *close = strchr(parts->host, ']');
	bool sound = false;

	if (close && !close[1] && !strchr(parts->host, '.')) {
		*close = '\0';
		sound = inet_pton(AF_INET6, parts->host + 1, &address) == 1;
		*close = ']';
	}
	if (!sound)
		return refuse(parts, error, "is not an IPv6 address in brackets", NULL);
	if (parts->port)
		return true;
	refuse(parts, error, "is an IPv6 address without a port, which the kubelet never matches",
	       NULL);
	return error_hint(error, "add the port, such as %s:443, here and in the image name",
	                  parts->host);
}

static bool check_host(const struct parts *parts, struct error *error)
{
	const char *host = parts->host;

	if (!*host)
		return refuse(parts, error, "names no host", "is the variable for it set?");
	if (*host == '[')
		return check_ipv6(parts, error);
	/* One with an underscore is no domain, yet a valid first component of a path. */
	if (!host_is_domain(host) &&
	    (parts->port || image_path_judge(view_of(host), true, NULL) != IMAGE_PATH_WHOLE))
		return refuse(parts, error, "is not a host that an image name can have",
		              "labels of a-z, 0-9 and \"-\" joined by dots, such as "
		              "registry.example.com or *.example.com");
	if (parts->port || strchr(host, '.') || strcmp(host, "localhost") == 0 ||
	    strcmp(host, "*") == 0)
		return true;
	return refuse(
	    parts, error,
	    "is one label without a port: an image name that begins like this is on Docker Hub",
	    "write the full host name, or the port, as in the image name");
}

static const char *why_not_in_path(char c)
{
	if (c >= 'A' && c <= 'Z')
		return "has upper case in the path, which no image name has";
	if (c == '*')
		return "has a wildcard in the path, which the kubelet takes literally";
	if (c == '/')
		return "has an empty path component";
	if (c == ':')
		return "has a colon in the path: a tag is not part of it";
	return "has a path that no image name begins with";
}

static bool check_path(const struct parts *parts, bool on_docker_hub, struct error *error)
{
	const char *path = path_of_index(parts->path);
	size_t needed = host_is_domain(parts->host) ? 0 : strlen(parts->host) + 1;
	enum image_path whole = IMAGE_PATH_WHOLE;
	size_t at = 0;

	if (*path)
		whole = image_path_judge(view_of(path + 1), false, &at);
	if (whole == IMAGE_PATH_BROKEN)
		return refuse(parts, error, why_not_in_path(path[at + 1]),
		              "write the beginning of the image name, without tag");
	needed += *path ? strlen(path + 1) : 0;
	if (whole != IMAGE_PATH_WHOLE || !*path)
		needed += 1; /* one more character ends the component */
	if (on_docker_hub && *path && !strchr(path + 1, '/'))
		needed += 2; /* an image on Docker Hub has two components */
	if (needed > IMAGE_PATH_MAX)
		return refuse(parts, error, "is longer than the 255 bytes that an image name has",
		              NULL);
	return true;
}

/* --- putting together ----------------------------------------------------- */

static bool host_is_docker_hub(const struct parts *parts)
{
	static const char spellings[] = "docker.io index.docker.io registry-1.docker.io "
	                                "hub.docker.com registry.hub.docker.com";

	return !parts->port && glob_list_matches(spellings, view_of(parts->host), '.');
}

/* Without a leading /v1, unless what is left would be taken for another one. */
static const char *path_on_docker_hub(const char *path)
{
	const char *rest = path + 3;

	if (strncmp(path, "/v1/", 4) != 0 || path_is_bare(rest) || path_of_index(rest) != rest)
		return path;
	return rest;
}

static void append_key(struct buf *key, const struct parts *parts, bool on_docker_hub)
{
	const char *path = parts->path;

	if (on_docker_hub && !*path) {
		buf_append_string(key, REGISTRY_KEY_DOCKER_HUB);
		return;
	}
	buf_append_string(key, on_docker_hub ? "docker.io" : parts->host);
	if (parts->port)
		buf_append_format(key, ":%s", parts->port);
	buf_append_string(key, on_docker_hub ? path_on_docker_hub(path) : path);
}

static unsigned advice_for(const struct parts *parts, bool renamed)
{
	unsigned advice = renamed ? REGISTRY_ADVICE_NORMALISED : 0;

	if (parts->port && (strcmp(parts->port, "443") == 0 || *parts->port == '0'))
		advice |= REGISTRY_ADVICE_PORT;
	if (*parts->path)
		advice |= parts->path[strlen(parts->path) - 1] == '/' ? REGISTRY_ADVICE_SLASH
		                                                      : REGISTRY_ADVICE_PREFIX;
	return advice;
}

static size_t find_extra(struct view key)
{
	size_t query = view_find(key, '?'), fragment = view_find(key, '#');

	return query < fragment ? query : fragment;
}

static void append_visible(struct buf *out, struct view text)
{
	for (size_t len; (len = view_find(text, '\0')) < text.len;
	     text = view_from(text, len + 1)) {
		buf_append(out, text.data, len);
		buf_append_string(out, "\\x00");
	}
	buf_append(out, text.data, text.len);
}

/* Where an @ follows a ? or #, it cannot be known which part is which. */
void registry_key_display(struct buf *out, struct view key)
{
	const char *at = memrchr(key.data, '@', key.len);
	size_t end = find_extra(key);

	if (at) {
		buf_append_string(out, "...");
		if (key.data + end < at)
			return;
		key = view_from(key, (size_t)(at - key.data));
		end = find_extra(key);
	}
	append_visible(out, view_first(key, end));
	if (end < key.len)
		buf_append_format(out, "%c...", key.data[end]);
}

void registry_key_display_member(struct buf *out, const char *map, struct view key)
{
	/* Long enough for every host and most paths, so that a sentence keeps its end. */
	enum { SHOWN_MAX = 200 };
	size_t start;

	buf_append_format(out, "%s[\"", map);
	start = out->len;
	registry_key_display(out, key);
	if (out->len - start > SHOWN_MAX) {
		buf_truncate(out, start + SHOWN_MAX);
		buf_append_string(out, "...");
	}
	buf_append_string(out, "\"]");
}

bool registry_key_normalise(const char *text, struct buf *key, unsigned *advice,
                            struct error *error)
{
	CLEANUP(parts_release)
	struct parts parts = {.host = buf_nothing,
	                      .path = "",
	                      .text = BUF_INIT(BUF_NAME_MAX),
	                      .display = BUF_INIT(BUF_NAME_MAX)};
	size_t start = key->len;
	bool on_docker_hub;

	if (!parts_take(&parts, text, error) || !check_port(&parts, error) ||
	    !check_host(&parts, error) ||
	    !registry_trap_check_address(parts.host, parts.path, parts.shown, error))
		return false;
	on_docker_hub = host_is_docker_hub(&parts);
	if (on_docker_hub && registry_trap_is_hub_page(parts.host, parts.path))
		parts.path = "";
	if (!check_path(&parts, on_docker_hub, error))
		return false;
	append_key(key, &parts, on_docker_hub);
	if (!buf_check(key, "a registry", error))
		return false;
	*advice = advice_for(&parts, strcmp(key->data + start, text) != 0);
	return true;
}

int registry_key_compare(const char *a, const char *b)
{
	size_t host = strcspn(a, "/"), other = strcspn(b, "/");
	int order = memcmp(a, b, host < other ? host : other);

	if (order || host != other)
		return order ? order : (host > other) - (host < other);
	return strcmp(path_of_index(a + host), path_of_index(b + host));
}

bool registry_key_same(const char *a, const char *b)
{
	return registry_key_compare(a, b) == 0;
}
