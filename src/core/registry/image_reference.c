/* In the order of what happens: characters, pieces, parsing, saying what is wrong. */
#include "regcred/registry/image_reference.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/registry/registry_key.h"

/* ---- Characters ---- */

#define WORD VIEW_ALNUM "_"

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Of a component of a path, between its separators. */
static bool is_word(char c, bool pattern)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (pattern && c == '*');
}

static bool holds_upper(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_upper(text.data[i]))
			return true;
	return false;
}

static bool holds_any(struct view text, const char *bytes)
{
	for (; *bytes; bytes++)
		if (view_holds(text, *bytes))
			return true;
	return false;
}

/* ---- Pieces ---- */

/* Whether the byte at `at` may stand there in a path. */
static bool may_stand(struct view path, size_t at, bool pattern)
{
	const char *c = path.data + at;
	char before = at ? c[-1] : '/';
	bool in_word = is_word(before, pattern);

	switch (*c) {
	case '/':
	case '.':
		return in_word;
	case '-':
		return in_word || before == '-';
	case '_':
		return in_word || (before == '_' && is_word(c[-2], pattern));
	default:
		return is_word(*c, pattern);
	}
}

enum image_path image_path_judge(struct view text, bool pattern, size_t *at)
{
	for (size_t i = 0; i < text.len; i++) {
		if (may_stand(text, i, pattern))
			continue;
		if (at)
			*at = i;
		return IMAGE_PATH_BROKEN;
	}
	return text.len && is_word(text.data[text.len - 1], pattern) ? IMAGE_PATH_WHOLE
	                                                             : IMAGE_PATH_OPEN;
}

struct view image_domain_host(struct view domain)
{
	size_t from = view_begins(domain, view_of("[")) ? view_find(domain, ']') : 0;

	return view_first(domain, from + view_find(view_from(domain, from), ':'));
}

bool image_host_is_valid(struct view host, bool pattern)
{
	char before = '.';

	if (host.len && host.data[0] == '[')
		return host.len > 2 && host.data[host.len - 1] == ']' &&
		       view_consists_of((struct view){host.data + 1, host.len - 2},
		                        VIEW_DIGITS "abcdefABCDEF:");
	for (size_t i = 0; i < host.len; before = host.data[i++]) {
		char c = host.data[i];
		bool in_label = is_word(c, pattern) || is_upper(c);

		if (!in_label && c != '-' && c != '.')
			return false;
		if ((before == '.' && !in_label) || (before == '-' && c == '.'))
			return false;
	}
	return before != '.' && before != '-';
}

/* A host, and a port of digits if there is a colon after it. */
static bool is_domain(struct view text)
{
	struct view host = image_domain_host(text), port = view_from(text, host.len);

	return image_host_is_valid(host, false) &&
	       (!port.len || (port.len > 1 && view_consists_of(view_from(port, 1), VIEW_DIGITS)));
}

static bool is_digest(struct view digest)
{
	static const struct {
		const char *algorithm;
		size_t digits;
	} known[] = {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}};

	for (size_t i = 0; i < COUNT(known); i++) {
		struct view algorithm = view_of(known[i].algorithm);

		if (view_begins(digest, algorithm) && digest.len == algorithm.len + known[i].digits)
			return view_consists_of(view_from(digest, algorithm.len),
			                        VIEW_DIGITS "abcdef");
	}
	return false;
}

/* ---- Parsing ---- */

/* What is wrong with an image; NULL: nothing. */
struct fault {
	const char *why, *hint;
};

static const struct fault empty_fault = {"is empty", "is the variable for it set?"};
static const struct fault id_fault = {
    "is 64 hexadecimal digits: an image's ID, not its name",
    "write the name, or NAME@sha256:DIGITS for that very content"};
static const struct fault scheme_fault = {"has a scheme, which no image name has",
                                          "write [HOST[:PORT]/]PATH[:TAG][@DIGEST]"};
static const struct fault user_info_fault = {
    "has a user name before the host, which no image name has",
    "credentials go into the Secret; write HOST[:PORT]/PATH alone"};
static const struct fault placeholder_fault = {
    "contains a placeholder that was not filled in",
    "write the name itself, or render the template first"};
static const struct fault blank_fault = {"holds a blank or a line end",
                                         "an image name has none, not even at the end"};
static const struct fault byte_fault = {"contains a character that is not visible ASCII",
                                        "write an international host name in its xn-- form"};
static const struct fault case_fault = {
    "has upper case in the repository, which must be lower case", NULL};
static const struct fault digest_fault = {"has a malformed digest",
                                          "write @sha256: and 64 hexadecimal digits in lower case"};
static const struct fault tag_empty_fault = {
    "has an empty tag", "leave out the colon, or is the variable for the tag empty?"};
static const struct fault tag_long_fault = {"has a tag of more than 128 characters",
                                            "shorten the tag"};
static const struct fault tag_fault = {
    "has a malformed tag",
    "a tag is A-Z, a-z, 0-9, \"_\", \".\" and \"-\", and begins with none of the last two"};
static const struct fault domain_fault = {
    "begins with an invalid host",
    "a host is labels of letters, digits and \"-\" joined by dots, such as "
    "registry.example.com:5000"};
static const struct fault no_path_fault = {
    "names a host, but no repository on it",
    "write HOST/PATH, such as registry.example.com/team/app"};
static const struct fault slash_fault = {
    "has an empty component: a slash at the start, at the end, or two in a row",
    "is every variable for a part of it set?"};
static const struct fault path_fault = {
    "has a malformed repository",
    "its components are a-z and 0-9, joined by \".\", \"_\", \"__\" or \"-\""};
static const struct fault long_fault = {"has a repository of more than 255 bytes", "shorten it"};

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

	if (slash < text.len &&
	    (view_is(maybe, "localhost") || holds_any(maybe, ".:") || holds_upper(maybe))) {
		halves.domain = view_is(maybe, "index.docker.io") ? halves.domain : maybe;
		halves.remainder = view_from(text, slash + 1);
	}
	halves.official = view_is(halves.domain, "docker.io") && !view_holds(halves.remainder, '/');
	return halves;
}

/* Takes [:TAG] and [@DIGEST] off the name in reference->repository. */
static const struct fault *take_ends(struct image_reference *reference)
{
	struct view *name = &reference->repository;
	size_t at = view_find(*name, '@');
	size_t colon;

	if (at < name->len) {
		reference->digest = view_from(*name, at + 1);
		*name = view_first(*name, at);
		if (!is_digest(reference->digest))
			return &digest_fault;
	}
	for (colon = name->len; colon && name->data[colon - 1] != '/'; colon--)
		;
	colon += view_find(view_from(*name, colon), ':');
	if (colon == name->len)
		return NULL;
	reference->tag = view_from(*name, colon + 1);
	*name = view_first(*name, colon);
	if (!reference->tag.len)
		return &tag_empty_fault;
	if (!view_consists_of(view_first(reference->tag, 1), WORD) ||
	    !view_consists_of(reference->tag, WORD ".-"))
		return &tag_fault;
	return reference->tag.len > IMAGE_TAG_MAX ? &tag_long_fault : NULL;
}

static const struct fault *fault_of_path(struct view path)
{
	if (!path.len)
		return &no_path_fault;
	for (size_t i = 0; i < path.len; i++)
		if (path.data[i] == '/' && (!i || i + 1 == path.len || path.data[i + 1] == '/'))
			return &slash_fault;
	return &path_fault;
}

static const struct fault *split_name(struct image_reference *reference)
{
	struct view name = reference->repository;
	size_t slash = view_find(name, '/');

	reference->domain = view_first(name, slash);
	reference->path = slash < name.len ? view_from(name, slash + 1) : VIEW_EMPTY;
	if (!is_domain(reference->domain)) {
		reference->domain = VIEW_EMPTY;
		reference->path = name;
		if (image_path_judge(view_first(name, slash), false, NULL) != IMAGE_PATH_WHOLE)
			return &domain_fault;
	}
	if (image_path_judge(reference->path, false, NULL) != IMAGE_PATH_WHOLE)
		return fault_of_path(reference->path);
	return reference->path.len > IMAGE_PATH_MAX ? &long_fault : NULL;
}

/* `halves` are of the text that `name` was built from. */
static const struct fault *parse(const struct halves *halves, const struct buf *name,
                                 struct image_reference *reference)
{
	struct view remote = view_first(halves->remainder, view_find(halves->remainder, ':'));
	const struct fault *fault;

	*reference = (struct image_reference){
	    {name->data, name->len}, VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY};
	fault = take_ends(reference);
	if (!fault && holds_upper(remote))
		return &case_fault;
	return fault ? fault : split_name(reference);
}

/* ---- Saying what is wrong ---- */

/* What strikes the eye comes before what stopped the parser. */
static const struct fault *fault_of_text(struct view text)
{
	if (!text.len)
		return &empty_fault;
	if (text.len == 64 && view_consists_of(text, VIEW_DIGITS "abcdef"))
		return &id_fault;
	if (memmem(text.data, text.len, "://", 3))
		return &scheme_fault;
	if (view_holds(view_from(text, view_find(text, '@')), '/')) /* a digest has none */
		return &user_info_fault;
	if (holds_any(text, "${}<>"))
		return &placeholder_fault;
	if (holds_any(text, " \t\r\n\v\f"))
		return &blank_fault;
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x21 || text.data[i] > 0x7E)
			return &byte_fault;
	return NULL;
}

enum { SHOWN_MAX = 200 };

/* What is written like a URL may hold a password, as one does. */
static void show(struct buf *out, struct view text, bool is_url)
{
	if (is_url)
		registry_key_display(out, text);
	else
		buf_append(out, text.data, text.len);
	if (out->len > SHOWN_MAX) {
		buf_truncate(out, SHOWN_MAX);
		buf_append_string(out, "...");
	}
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
	return error_hint(error, "write %s", lower.data);
}

static bool refuse(struct view text, const struct halves *halves, const struct fault *fault,
                   struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	bool is_url = fault == &scheme_fault || fault == &user_info_fault;

	show(&shown, text, is_url);
	error_set(error, DIAGNOSTIC_IMAGE_INVALID, NULL, "image \"%s\" %s", shown.data, fault->why);
	if (fault == &case_fault)
		return hint_lower_case(text, halves, error);
	return error_hint(error, "%s", fault->hint);
}

bool image_reference_parse(struct view text, struct buf *name, struct image_reference *reference,
                           struct error *error)
{
	struct halves halves = split_domain(text);
	const struct fault *fault = fault_of_text(text);

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
