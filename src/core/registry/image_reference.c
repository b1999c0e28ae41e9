/* In the order of what happens: characters, pieces, parsing, saying what is wrong. */
#include "regcred/registry/image_reference.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/registry/registry_key.h"

/* ---- Characters ---- */

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define WORD    LETTERS DIGITS "_"

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
	return is_lower_alnum(c) || is_upper(c);
}

/* ---- Pieces ---- */

/* Where a walk over a path stands. */
enum place {
	PLACE_START,
	PLACE_ALNUM,
	PLACE_DOT,
	PLACE_UNDER,
	PLACE_UNDER2,
	PLACE_DASH,
	PLACE_BAD
};

static enum place place_after(enum place place, char c)
{
	if (is_lower_alnum(c))
		return PLACE_ALNUM;
	if (c == '.' && place == PLACE_ALNUM)
		return PLACE_DOT;
	if (c == '_' && place == PLACE_ALNUM)
		return PLACE_UNDER;
	if (c == '_' && place == PLACE_UNDER)
		return PLACE_UNDER2;
	if (c == '-' && (place == PLACE_ALNUM || place == PLACE_DASH))
		return PLACE_DASH;
	if (c == '/' && place == PLACE_ALNUM)
		return PLACE_START;
	return PLACE_BAD;
}

enum image_path image_path_judge(struct view text, bool pattern, size_t *at)
{
	enum place place = PLACE_START;

	for (size_t i = 0; i < text.len; i++) {
		char c = pattern && text.data[i] == '*' ? '0' : text.data[i];

		place = place_after(place, c);
		if (place != PLACE_BAD)
			continue;
		if (at)
			*at = i;
		return IMAGE_PATH_BROKEN;
	}
	return place == PLACE_ALNUM ? IMAGE_PATH_WHOLE : IMAGE_PATH_OPEN;
}

bool image_host_is_valid(struct view host, bool pattern)
{
	char before = '.';

	if (host.len && host.data[0] == '[')
		return host.len > 2 && host.data[host.len - 1] == ']' &&
		       view_consists_of((struct view){host.data + 1, host.len - 2},
		                        DIGITS "abcdefABCDEF:");
	for (size_t i = 0; i < host.len; before = host.data[i++]) {
		char c = pattern && host.data[i] == '*' ? '0' : host.data[i];

		if (!is_alnum(c) && c != '-' && c != '.')
			return false;
		if (before == '.' && !is_alnum(c))
			return false;
		if (before == '-' && c == '.')
			return false;
	}
	return before != '.' && before != '-';
}

/* A host, and a port of digits if there is a colon behind it. */
static bool is_domain(struct view text)
{
	size_t from = text.len && text.data[0] == '[' ? view_find(text, ']') : 0;
	size_t colon = from + view_find(view_from(text, from), ':');
	struct view port = view_from(text, colon);

	return image_host_is_valid(view_first(text, colon), false) &&
	       (!port.len || (port.len > 1 && view_consists_of(view_from(port, 1), DIGITS)));
}

static bool is_digest(struct view digest)
{
	static const struct {
		const char *algorithm;
		size_t digits;
	} known[] = {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct view algorithm = view_of(known[i].algorithm);

		if (view_begins(digest, algorithm) && digest.len == algorithm.len + known[i].digits)
			return view_consists_of(view_from(digest, algorithm.len), DIGITS "abcdef");
	}
	return false;
}

static bool is_image_id(struct view text)
{
	return text.len == 64 && view_consists_of(text, DIGITS "abcdef");
}

/* ---- Parsing ---- */

enum fault {
	FAULT_NONE,
	FAULT_EMPTY,
	FAULT_ID,
	FAULT_SCHEME,
	FAULT_USER_INFO,
	FAULT_PLACEHOLDER,
	FAULT_BLANK,
	FAULT_BYTE,
	FAULT_CASE,
	FAULT_DIGEST,
	FAULT_TAG_EMPTY,
	FAULT_TAG_LONG,
	FAULT_TAG,
	FAULT_DOMAIN,
	FAULT_NO_PATH,
	FAULT_SLASH,
	FAULT_PATH,
	FAULT_LONG,
	FAULT_COUNT
};

/* An image in its two halves, as normalize.go's splitDockerDomain cuts it. */
struct halves {
	struct view domain;
	struct view remainder; /* of the text as written */
	bool official;         /* library/ goes in front of the remainder */
};

static struct halves split_domain(struct view text)
{
	size_t slash = view_find(text, '/');
	struct view maybe = view_first(text, slash);
	struct halves halves = {view_of("docker.io"), text, false};
	bool upper = false;

	for (size_t i = 0; i < maybe.len; i++)
		upper = upper || is_upper(maybe.data[i]);
	if (slash < text.len && (view_is(maybe, "localhost") || view_holds(maybe, '.') ||
	                         view_holds(maybe, ':') || upper)) {
		halves.domain = view_is(maybe, "index.docker.io") ? halves.domain : maybe;
		halves.remainder = view_from(text, slash + 1);
	}
	halves.official = view_is(halves.domain, "docker.io") && !view_holds(halves.remainder, '/');
	return halves;
}

/* Takes [:TAG] and [@DIGEST] off the name in reference->repository. */
static enum fault take_ends(struct image_reference *reference)
{
	struct view *name = &reference->repository;
	size_t at = view_find(*name, '@');
	size_t colon;

	if (at < name->len) {
		reference->digest = view_from(*name, at + 1);
		*name = view_first(*name, at);
		if (!is_digest(reference->digest))
			return FAULT_DIGEST;
	}
	for (colon = name->len; colon && name->data[colon - 1] != '/'; colon--)
		;
	colon += view_find(view_from(*name, colon), ':');
	if (colon == name->len)
		return FAULT_NONE;
	reference->tag = view_from(*name, colon + 1);
	*name = view_first(*name, colon);
	if (!reference->tag.len)
		return FAULT_TAG_EMPTY;
	if (!view_consists_of(view_first(reference->tag, 1), WORD) ||
	    !view_consists_of(reference->tag, WORD ".-"))
		return FAULT_TAG;
	return reference->tag.len > IMAGE_TAG_MAX ? FAULT_TAG_LONG : FAULT_NONE;
}

static enum fault fault_of_path(struct view path)
{
	if (!path.len)
		return FAULT_NO_PATH;
	for (size_t i = 0; i < path.len; i++)
		if (path.data[i] == '/' && (!i || i + 1 == path.len || path.data[i + 1] == '/'))
			return FAULT_SLASH;
	return FAULT_PATH;
}

static enum fault split_name(struct image_reference *reference)
{
	struct view name = reference->repository;
	size_t slash = view_find(name, '/');

	reference->domain = view_first(name, slash);
	reference->path = slash < name.len ? view_from(name, slash + 1) : VIEW_EMPTY;
	if (!is_domain(reference->domain)) {
		reference->domain = VIEW_EMPTY;
		reference->path = name;
		if (image_path_judge(view_first(name, slash), false, NULL) != IMAGE_PATH_WHOLE)
			return FAULT_DOMAIN;
	}
	if (image_path_judge(reference->path, false, NULL) != IMAGE_PATH_WHOLE)
		return fault_of_path(reference->path);
	return reference->path.len > IMAGE_PATH_MAX ? FAULT_LONG : FAULT_NONE;
}

/* `halves` are of the text that `name` was built from. */
static enum fault parse(const struct halves *halves, const struct buf *name,
                        struct image_reference *reference)
{
	struct view remote = view_first(halves->remainder, view_find(halves->remainder, ':'));
	enum fault fault;

	*reference = (struct image_reference){
	    {name->data, name->len}, VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY};
	fault = take_ends(reference);
	for (size_t i = 0; i < remote.len && !fault; i++)
		fault = is_upper(remote.data[i]) ? FAULT_CASE : FAULT_NONE;
	return fault ? fault : split_name(reference);
}

/* ---- Saying what is wrong ---- */

static const struct {
	const char *why;
	const char *hint;
} sentences[FAULT_COUNT] = {
    [FAULT_EMPTY] = {"is empty", "is the variable for it set?"},
    [FAULT_ID] = {"is 64 hexadecimal digits: an image's ID, not its name",
                  "write the name, or NAME@sha256:DIGITS for that very content"},
    [FAULT_SCHEME] = {"has a scheme, which no image name has",
                      "write [HOST[:PORT]/]PATH[:TAG][@DIGEST]"},
    [FAULT_USER_INFO] = {"has a user name before the host, which no image name has",
                         "credentials go into the Secret; write HOST[:PORT]/PATH alone"},
    [FAULT_PLACEHOLDER] = {"contains a placeholder that was not filled in",
                           "write the name itself, or render the template first"},
    [FAULT_BLANK] = {"holds a blank or a line end", "an image name has none, not even at the end"},
    [FAULT_BYTE] = {"contains a character that is not visible ASCII",
                    "write an international host name in its xn-- form"},
    [FAULT_CASE] = {"has upper case in the repository, which must be lower case", NULL},
    [FAULT_DIGEST] = {"has a malformed digest",
                      "write @sha256: and 64 hexadecimal digits in lower case"},
    [FAULT_TAG_EMPTY] = {"has an empty tag",
                         "leave out the colon, or is the variable for the tag empty?"},
    [FAULT_TAG_LONG] = {"has a tag of more than 128 characters", "shorten the tag"},
    [FAULT_TAG] = {"has a malformed tag",
                   "a tag is A-Z, a-z, 0-9, \"_\", \".\" and \"-\", and begins with none of the "
                   "last two"},
    [FAULT_DOMAIN] = {"begins with an invalid host",
                      "a host is labels of letters, digits and \"-\" joined by dots, such as "
                      "registry.example.com:5000"},
    [FAULT_NO_PATH] = {"names a host, but no repository on it",
                       "write HOST/PATH, such as registry.example.com/team/app"},
    [FAULT_SLASH] = {"has an empty component: a slash at the start, at the end, or two in a row",
                     "is every variable for a part of it set?"},
    [FAULT_PATH] = {"has a malformed repository",
                    "its components are a-z and 0-9, joined by \".\", \"_\", \"__\" or \"-\""},
    [FAULT_LONG] = {"has a repository of more than 255 bytes", "shorten it"},
};

/* What strikes the eye comes before what stopped the parser. */
static enum fault fault_of_text(struct view text)
{
	if (!text.len)
		return FAULT_EMPTY;
	if (is_image_id(text))
		return FAULT_ID;
	if (memmem(text.data, text.len, "://", 3))
		return FAULT_SCHEME;
	if (view_holds(view_from(text, view_find(text, '@')), '/')) /* a digest has none */
		return FAULT_USER_INFO;
	for (size_t i = 0; i < text.len; i++)
		if (view_holds(view_of("${}<>"), text.data[i]))
			return FAULT_PLACEHOLDER;
	for (size_t i = 0; i < text.len; i++)
		if (view_holds(view_of(" \t\r\n\v\f"), text.data[i]))
			return FAULT_BLANK;
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x21 || text.data[i] > 0x7E)
			return FAULT_BYTE;
	return FAULT_NONE;
}

enum { SHOWN_MAX = 200 };

/* What is written like a URL may hold a password, as one does. */
static bool show(struct buf *out, struct view text, bool is_url, struct error *error)
{
	if (is_url)
		registry_key_display(out, text);
	else
		buf_append(out, text.data, text.len);
	if (out->len > SHOWN_MAX) {
		buf_truncate(out, SHOWN_MAX);
		buf_append_string(out, "...");
	}
	return buf_check(out, "an image", error);
}

/* Host and repository in lower case, the tag and the digest as they were. */
static bool hint_lower_case(struct view text, const struct halves *halves, struct error *error)
{
	CLEANUP(buf_release) struct buf lower = BUF_INIT(BUF_CONFIG_MAX);
	size_t path = (size_t)(halves->remainder.data - text.data);
	bool in_name = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		in_name = in_name && (i < path || (c != ':' && c != '@'));
		buf_append_char(&lower, in_name && is_upper(c) ? (char)(c - 'A' + 'a') : c);
	}
	if (!buf_check(&lower, "an image", error))
		return false;
	return error_hint(error, "write %s", lower.data);
}

static bool refuse(struct view text, const struct halves *halves, enum fault fault,
                   struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	bool is_url = fault == FAULT_SCHEME || fault == FAULT_USER_INFO;

	if (!show(&shown, text, is_url, error))
		return false;
	error_set(error, DIAGNOSTIC_IMAGE_INVALID, NULL, "image \"%s\" %s", shown.data,
	          sentences[fault].why);
	if (fault == FAULT_CASE)
		return hint_lower_case(text, halves, error);
	return error_hint(error, "%s", sentences[fault].hint);
}

bool image_reference_parse(struct view text, struct buf *name, struct image_reference *reference,
                           struct error *error)
{
	struct halves halves = split_domain(text);
	enum fault fault = fault_of_text(text);

	buf_reset(name);
	buf_append(name, halves.domain.data, halves.domain.len);
	buf_append_string(name, halves.official ? "/library/" : "/");
	buf_append(name, halves.remainder.data, halves.remainder.len);
	if (!buf_check(name, "an image", error))
		return false;
	if (!fault)
		fault = parse(&halves, name, reference);
	return !fault || refuse(text, &halves, fault, error);
}

bool image_names_host(struct view image)
{
	size_t slash = view_find(image, '/');
	struct view host = view_first(image, slash < image.len ? slash : 0);

	return view_is(host, "localhost") || view_holds(host, '.') || view_holds(host, ':');
}
