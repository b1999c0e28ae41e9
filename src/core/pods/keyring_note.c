/* Why a key matches an image or not: a table of rules, of which the first that applies counts.
 * It needs the key and the repository alone, so that linting can ask it too. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/pods/keyring.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/index_key.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/registry_trap.h"

/* A key, and the image it is compared with. */
struct subject {
	struct view registry; /* the key as written, with a zero byte after it */
	enum go_url_fault fault;
	struct buf index_key;
	struct buf parsed;
	struct index_pattern key; /* into `parsed` */
	bool sound;               /* `key` is there */
	size_t broken;            /* where no path goes on, in key.path */

	bool has_image; /* no: the key is judged alone */
	struct buf image_parsed;
	struct index_pattern image;
	bool image_sound;
	bool default_registry; /* the kubelet takes the image for one of Docker Hub */
	bool on_hub;           /* and it is */
	bool token_only, empty;
	bool others_match;
};

static void subject_release(struct subject *subject)
{
	buf_release(&subject->index_key);
	buf_release(&subject->parsed);
	buf_release(&subject->image_parsed);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_but_case(struct view a, struct view b)
{
	return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}

/* ---- What may be said of a key alone ---- */

static bool is_skipped(const struct subject *it)
{
	return it->fault != GO_URL_SOUND;
}

static bool holds_blank(const struct subject *it)
{
	return is_skipped(it) && strpbrk(it->registry.data, " \t\r\n\v\f");
}

static bool holds_class(const struct subject *it)
{
	return it->fault == GO_URL_BRACKET;
}

static bool is_hub_index(const struct subject *it)
{
	return view_is(buf_view(&it->index_key), INDEX_KEY_DOCKER_HUB);
}

/* No repository has the second one: it is rewritten to docker.io. */
static bool is_hub_host(struct view host)
{
	static const char *const spellings[] = {
	    "docker.io",          "index.docker.io", "registry-1.docker.io",
	    "registry.docker.io", "hub.docker.com",  "registry.hub.docker.com",
	    "*.docker.io",        "docker.com"};

	for (size_t i = 0; i < COUNT(spellings); i++)
		if (same_but_case(host, view_of(spellings[i])))
			return true;
	return false;
}

/* Alone, a key with a port may be meant for a proxy of that name, and docker.com is no registry at
 * all, which others say better. */
static bool is_hub_spelling(const struct subject *it)
{
	bool meant =
	    it->has_image ? it->on_hub : !it->key.port.len && !view_is(it->key.host, "docker.com");
	bool works = is_hub_index(it) ||
	             (it->sound && view_is(it->key.host, "docker.io") && !it->key.port.len);

	return it->sound && meant && !works && is_hub_host(it->key.host);
}

/* The text after a scheme that the kubelet does not remove, or NULL. */
static const char *behind_scheme(const struct subject *it)
{
	const char *text = it->registry.data;
	const char *end;

	if (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0)
		text = strstr(text, "://") + 3;
	end = strstr(text, "://");
	return end && strcspn(text, "/?#@") == (size_t)(end - text) + 1 ? end + 3 : NULL;
}

static bool has_scheme(const struct subject *it)
{
	return behind_scheme(it) != NULL;
}

static bool is_unsound(const struct subject *it)
{
	return !it->sound;
}

static bool has_no_host(const struct subject *it)
{
	return !it->key.host.len;
}

static bool is_bare_ipv6(const struct subject *it)
{
	return it->key.host.data[0] == '[';
}

/* A host of colons had brackets in front of a port. */
static bool is_ipv6(struct view host)
{
	return view_holds(host, ':');
}

/* A host with an underscore is not a domain, but a valid first component of a path. */
static bool is_component_host(const struct subject *it)
{
	return !it->key.port.len && image_path_judge(it->key.host, true, NULL) == IMAGE_PATH_WHOLE;
}

static bool has_impossible_host(const struct subject *it)
{
	struct view host = it->key.host;

	if (is_ipv6(host)) /* no dots, no zone */
		return view_holds(host, '.') || view_holds(host, '%');
	return !image_host_is_valid(host, true) && !is_component_host(it);
}

/* Upper case, or a wildcard that may match it, makes a domain of one label. */
static bool is_one_label(const struct subject *it)
{
	struct view host = it->key.host;

	if (it->key.port.len || view_holds(host, '.') || view_is(host, "localhost"))
		return false;
	for (size_t i = 0; i < host.len; i++)
		if (host.data[i] != lower(host.data[i]) || host.data[i] == '*')
			return false;
	return true;
}

static bool has_broken_path(const struct subject *it)
{
	return it->broken < it->key.path.len;
}

static bool is_broken_at(const struct subject *it, char c)
{
	return has_broken_path(it) && it->key.path.data[it->broken] == c;
}

static bool has_wild_path(const struct subject *it)
{
	return is_broken_at(it, '*');
}

static bool has_upper_path(const struct subject *it)
{
	return has_broken_path(it) &&
	       it->key.path.data[it->broken] != lower(it->key.path.data[it->broken]);
}

static bool has_double_slash(const struct subject *it)
{
	return is_broken_at(it, '/');
}

static bool has_tag(const struct subject *it)
{
	return is_broken_at(it, ':') || is_broken_at(it, '@');
}

static bool has_long_path(const struct subject *it)
{
	bool in_path =
	    it->sound && !is_ipv6(it->key.host) && !image_host_is_valid(it->key.host, true);

	return it->key.path.len + (in_path ? it->key.host.len : 0) > IMAGE_PATH_MAX + 1;
}

/* ---- What may be said of a key that others than it match ---- */

static bool is_shadowed(const struct subject *it)
{
	return it->has_image && it->default_registry && is_hub_index(it);
}

static bool differs_in_host(const struct subject *it)
{
	return !it->image_sound || !index_host_matches(it->key.host, it->image.host);
}

static bool differs_in_case(const struct subject *it)
{
	return differs_in_host(it) && same_but_case(it->key.host, it->image.host);
}

/* Then the image is the one that is written differently. */
static bool image_differs_in_case(const struct subject *it)
{
	if (!differs_in_case(it))
		return false;
	for (size_t i = 0; i < it->image.host.len; i++)
		if (it->image.host.data[i] != lower(it->image.host.data[i]))
			return true;
	return false;
}

static size_t count_labels(struct view host)
{
	size_t count = 1;

	for (size_t i = 0; i < host.len; i++)
		count += host.data[i] == '.';
	return count;
}

/* The labels after the wildcard in front agree, but there are more or fewer. */
static bool differs_in_labels(const struct subject *it)
{
	struct view key = it->key.host, host = it->image.host;
	struct view tail;

	if (!differs_in_host(it) || !it->key.wild || key.data[0] != '*' || !view_holds(key, '.') ||
	    count_labels(key) == count_labels(host))
		return false;
	tail = view_from(key, view_find(key, '.') + 1);
	return tail.len && tail.len <= host.len &&
	       memcmp(host.data + host.len - tail.len, tail.data, tail.len) == 0;
}

/* Short names are near to each other by chance. */
static bool is_near(struct view a, struct view b)
{
	char one[EDIT_DISTANCE_LENGTH_MAX + 1] = "", other[EDIT_DISTANCE_LENGTH_MAX + 1] = "";
	size_t distance;

	if (a.len >= sizeof one || b.len >= sizeof other)
		return false;
	memcpy(one, a.data, a.len);
	memcpy(other, b.data, b.len);
	distance = edit_distance(one, other, 2);
	return distance <= 2 && a.len > 2 * distance + 2;
}

static bool differs_by_typo(const struct subject *it)
{
	return differs_in_host(it) && !it->key.wild &&
	       (is_near(it->key.host, it->image.host) ||
	        (it->on_hub && is_near(it->key.host, view_of(INDEX_KEY_DOCKER_HUB))));
}

static bool differs_in_port(const struct subject *it)
{
	return !view_equal(it->key.port, it->image.port);
}

static bool lacks_port(const struct subject *it)
{
	return differs_in_port(it) && !it->key.port.len;
}

static bool has_port_too_much(const struct subject *it)
{
	return differs_in_port(it) && !it->image.port.len;
}

static bool differs_in_slash(const struct subject *it)
{
	struct view key = it->key.path;

	return key.len == it->image.path.len + 1 && key.data[key.len - 1] == '/' &&
	       view_begins(key, it->image.path);
}

static bool goes_further(const struct subject *it)
{
	return view_begins(it->key.path, it->image.path);
}

/* docker.io/ubuntu for an image whose full name is docker.io/library/ubuntu. */
static bool lacks_library(const struct subject *it)
{
	struct view library = view_of("/library");

	return it->on_hub && view_begins(it->image.path, library) &&
	       view_begins(view_from(it->image.path, library.len), it->key.path);
}

static bool always(const struct subject *it)
{
	(void)it;
	return true;
}

static void append_view(struct buf *out, struct view text)
{
	buf_append(out, text.data, text.len);
}

/* ---- The rules ---- */

/* In the texts, {H} {P} {A} are the key's host, port and path, {h} {p} {a} the image's,
 * {F} is what Go says of the key, and {S} the key to write instead. A hint with {S} is
 * only given if there is one.
 * In a suggestion, {K} and {I} are the host and port of the key and of the image, {T} is the key
 * without blanks around it, {R} without the scheme that remains, and of its path {B} is what is
 * before the fault, {L} has no upper case, and {D} no double slashes. What begins with a = is
 * brought into normal form. */
struct rule {
	enum keyring_reason reason;
	enum keyring_fix fix;
	bool (*applies)(const struct subject *it);
	const char *sentence;
	const char *hint;
	const char *suggestion; /* NULL: none */
};

#define HINT_WRITE "write {S}"
#define HUB        "=docker.io{A}"
#define IMAGE_HOST "{I}{A}" /* for an image of Docker Hub that is HUB */

/* Of a key alone, in this order; after the first five the index key is sound. */
static const struct rule key_rules[] = {
    {KEYRING_SKIPPED, KEYRING_FIX_SPELLING, holds_blank,
     "the key holds a blank, so the kubelet skips the entry", HINT_WRITE, "={T}"},
    {KEYRING_SKIPPED, KEYRING_FIX_NONE, holds_class,
     "the key has a bracket that is not around an IPv6 address: the kubelet skips the "
     "entry, unless it was built with Go before 1.24.8, which takes a class of characters as a "
     "pattern",
     "write out the hosts, or * for a label", NULL},
    {KEYRING_SKIPPED, KEYRING_FIX_NONE, is_skipped, "the key {F}, so the kubelet skips the entry",
     "write HOST[:PORT][/PATH] as in the image name", NULL},
    {KEYRING_DEAD, KEYRING_FIX_SCHEME, has_scheme,
     "the key has a scheme that is not exactly https:// or http://, so the kubelet takes it for a "
     "host",
     HINT_WRITE, "={R}"},
    {KEYRING_DEAD, KEYRING_FIX_NONE, is_unsound,
     "the key has % escapes that are not a URL once they are decoded, so it never matches",
     "write HOST[:PORT][/PATH] as in the image name", NULL},
    {KEYRING_HUB_SPELLING, KEYRING_FIX_HUB, is_hub_spelling,
     "the key looks like Docker Hub's, but never applies to its images", HINT_WRITE, HUB},
    {KEYRING_DEAD, KEYRING_FIX_NONE, has_no_host, "the key names no host",
     "is the variable for it set?", NULL},
    {KEYRING_DEAD, KEYRING_FIX_PORT, is_bare_ipv6,
     "the key is an IPv6 address without a port, which the kubelet never matches",
     "add the port, such as {H}:443, here and in the image name", NULL},
    {KEYRING_DEAD, KEYRING_FIX_NONE, has_impossible_host,
     "\"{H}\" is not a host that an image name can have",
     "write HOST[:PORT][/PATH] as in the image name", NULL},
    {KEYRING_DEAD, KEYRING_FIX_NONE, is_one_label,
     "\"{H}\" is one label without a port: an image name that starts like this is on Docker Hub",
     "write the full host name, or the port, as in the image name", NULL},
    {KEYRING_DEAD, KEYRING_FIX_WILDCARD, has_wild_path,
     "the key has a wildcard in the path, which the kubelet takes literally", HINT_WRITE, "{K}{B}"},
    {KEYRING_DEAD, KEYRING_FIX_CASE, has_upper_path,
     "the key has upper case in the path, which no image name has", HINT_WRITE, "={K}{L}"},
    {KEYRING_DEAD, KEYRING_FIX_SPELLING, has_double_slash,
     "the key has an empty path component, which no image name has", HINT_WRITE, "{K}{D}"},
    {KEYRING_DEAD, KEYRING_FIX_SPELLING, has_tag,
     "the key has a tag or digest in the path, which are not compared", HINT_WRITE, "{K}{B}"},
    {KEYRING_DEAD, KEYRING_FIX_NONE, has_broken_path,
     "the key has a path that no image name starts with",
     "write the beginning of the image name, without tag", NULL},
    {KEYRING_DEAD, KEYRING_FIX_NONE, has_long_path,
     "the key is longer than the 255 bytes that the path of an image has",
     "write the beginning of the image name", NULL},
};

/* Of a key that could match some image, but does not match this one. */
static const struct rule image_rules[] = {
    {KEYRING_HOST, KEYRING_FIX_CASE, image_differs_in_case,
     "host \"{H}\" differs from \"{h}\" in upper case, which counts",
     "write both in lower case, or here {S}", IMAGE_HOST},
    {KEYRING_HOST, KEYRING_FIX_CASE, differs_in_case,
     "host \"{H}\" differs from \"{h}\" in upper case, which counts", HINT_WRITE, IMAGE_HOST},
    {KEYRING_HOST, KEYRING_FIX_WILDCARD, differs_in_labels,
     "host \"{h}\" does not match \"{H}\": a * stands for exactly one label", HINT_WRITE,
     IMAGE_HOST},
    {KEYRING_HOST, KEYRING_FIX_TYPO, differs_by_typo, "host \"{H}\" is not \"{h}\"",
     "a typo? write {S}, or correct the image", IMAGE_HOST},
    {KEYRING_HOST, KEYRING_FIX_NONE, differs_in_host, "host \"{H}\" is not \"{h}\"", "", NULL},
    {KEYRING_PORT, KEYRING_FIX_PORT, lacks_port,
     "the image is on port {p}, the key does not name a port", HINT_WRITE, IMAGE_HOST},
    {KEYRING_PORT, KEYRING_FIX_PORT, has_port_too_much,
     "the key names port {P}, the image does not: the kubelet has no default port", HINT_WRITE,
     IMAGE_HOST},
    {KEYRING_PORT, KEYRING_FIX_PORT, differs_in_port, "port {P} is not {p}", HINT_WRITE,
     IMAGE_HOST},
    {KEYRING_PATH, KEYRING_FIX_SLASH, differs_in_slash,
     "the final slash of \"{A}\" excludes the image \"{a}\" itself", HINT_WRITE, "{I}{a}"},
    {KEYRING_PATH, KEYRING_FIX_PATH, goes_further,
     "path \"{A}\" is longer than the image's, \"{a}\"", HINT_WRITE, "{I}{a}"},
    {KEYRING_PATH, KEYRING_FIX_PATH, lacks_library,
     "path \"{A}\" lacks the /library that the image's full path has, \"{a}\"", HINT_WRITE,
     "docker.io/library{A}"},
    {KEYRING_PATH, KEYRING_FIX_NONE, always, "path \"{a}\" does not start with \"{A}\"", "", NULL},
};

static const struct rule shadow_rule = {
    KEYRING_HUB_SHADOWED,
    KEYRING_FIX_NONE,
    is_shadowed,
    "Docker Hub's key is used only if no other key matches, and another does",
    "",
    NULL};

static bool is_token_only(const struct subject *it)
{
	return it->token_only;
}

static bool is_empty(const struct subject *it)
{
	return it->empty;
}

static bool leaks(const struct subject *it)
{
	struct view key = it->key.path, image = it->image.path;

	return it->sound && it->image_sound && key.len && key.len < image.len &&
	       view_begins(image, key) && key.data[key.len - 1] != '/' &&
	       image.data[key.len] != '/';
}

/* localhost/app and MyReg/app. */
static bool is_hub_for_another(const struct subject *it)
{
	return it->has_image && !it->on_hub && is_hub_index(it) &&
	       !index_pattern_matches(&it->key, &it->image);
}

/* Of a key that matches. */
static const struct rule match_rules[] = {
    {KEYRING_MATCHES, KEYRING_FIX_HUB_LEAK, is_hub_for_another,
     "the image is on host \"{h}\", but the kubelet treats a host without dot and port as Docker "
     "Hub, and sends Docker Hub's credentials there",
     "name the port in the image, such as {h}:443", NULL},
    {KEYRING_MATCHES, KEYRING_FIX_TOKEN, is_token_only,
     "the entry holds a token instead of a password; the kubelet sends user name and an empty "
     "password",
     "add a password or access token of the registry to the entry", NULL},
    {KEYRING_MATCHES, KEYRING_FIX_EMPTY, is_empty,
     "the entry has neither user name nor password; the kubelet still uses it",
     "add credentials to the entry, or remove it", NULL},
    {KEYRING_MATCHES, KEYRING_FIX_PREFIX_LEAK, leaks,
     "path \"{A}\" is a plain prefix, so it also serves \"{a}\"", "to end it there, write {S}",
     "{K}{A}/"},
    {KEYRING_MATCHES, KEYRING_FIX_NONE, always, "", "", NULL},
};

/* ---- Telling ---- */

/* Long enough for every host and most paths, so that a sentence keeps its end. */
enum { SHOWN_MAX = 200 };

static void append_host(struct buf *out, const struct index_pattern *pattern)
{
	bool bracket = is_ipv6(pattern->host) && pattern->host.data[0] != '[';

	buf_append_string(out, bracket ? "[" : "");
	append_view(out, pattern->host);
	buf_append_string(out, bracket ? "]" : "");
	buf_append_string(out, pattern->port.len ? ":" : "");
	append_view(out, pattern->port);
}

/* The path in lower case, or without the slashes that are double. */
static void append_fixed(struct buf *out, struct view path, char place)
{
	for (size_t i = 0; i < path.len; i++)
		if (place == 'L')
			buf_append_char(out, lower(path.data[i]));
		else if (path.data[i] != '/' || !i || path.data[i - 1] != '/')
			buf_append_char(out, path.data[i]);
}

static void append_place(struct buf *out, char place, const struct subject *it, size_t most)
{
	const char *rest = place == 'R' ? behind_scheme(it) : "";
	const struct view texts['p' + 1] = {
	    ['H'] = it->key.host,
	    ['P'] = it->key.port,
	    ['A'] = it->key.path,
	    ['h'] = it->image.host,
	    ['p'] = it->image.port,
	    ['a'] = it->image.path,
	    ['B'] = view_first(it->key.path, it->broken > 1 ? it->broken : 0),
	    ['F'] = view_of(go_url_fault_sentence(it->fault)),
	    ['R'] = view_of(rest),
	    ['T'] = view_trim(it->registry),
	};
	struct view text = texts[(unsigned char)place];
	bool whole = text.len <= most;

	if (place == 'K' || place == 'I') {
		append_host(out, place == 'K' ? &it->key : &it->image);
	} else if (place == 'L' || place == 'D') {
		append_fixed(out, it->key.path, place);
	} else {
		buf_append(out, text.data, whole ? text.len : most);
		buf_append_string(out, whole ? "" : "...");
	}
}

static void append_text(struct buf *out, const char *text, const struct subject *it,
                        struct view suggestion, size_t most)
{
	for (; *text; text++) {
		if (*text != '{') {
			buf_append_char(out, *text);
			continue;
		}
		if (text[1] == 'S')
			append_view(out, suggestion);
		else
			append_place(out, text[1], it, most);
		text += 2;
	}
}

static void suggest(const char *suggestion, const struct subject *it, struct buf *out)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *pattern = it->on_hub && strcmp(suggestion, IMAGE_HOST) == 0 ? HUB : suggestion;
	struct error error;
	unsigned advice;

	append_text(&text, pattern, it, VIEW_EMPTY, SIZE_MAX);
	if (text.data[0] != '=')
		append_view(out, buf_view(&text));
	else
		registry_key_normalise(text.data + 1, out, &advice, &error);
	if (!out->len && strcmp(pattern, HUB) == 0)
		buf_append_string(out, REGISTRY_KEY_DOCKER_HUB);
}

/* A host that looks like a registry, or serves no images, is never proposed. */
static void hint_trap(struct keyring_note *note)
{
	struct registry_trap trap;

	registry_trap_find(buf_view(&note->registry), &trap);
	buf_append_format(&note->hint, "correct the image, whose host %s", trap.sentence);
	buf_reset(&note->registry);
}

static void tell(const struct rule *rule, const struct subject *it, struct keyring_note *note)
{
	buf_reset(&note->sentence);
	buf_reset(&note->hint);
	buf_reset(&note->registry);
	note->reason = rule->reason;
	note->fix = rule->fix;
	if (rule->suggestion)
		suggest(rule->suggestion, it, &note->registry);
	append_text(&note->sentence, rule->sentence, it, buf_view(&note->registry), SHOWN_MAX);
	if (note->registry.len && !registry_trap_may_propose(buf_view(&note->registry))) {
		hint_trap(note);
		return;
	}
	if (note->registry.len || !strstr(rule->hint, "{S}"))
		append_text(&note->hint, rule->hint, it, buf_view(&note->registry), SHOWN_MAX);
}

static const struct rule *first_rule(const struct rule *rules, size_t count,
                                     const struct subject *it)
{
	for (size_t i = 0; i < count; i++)
		if (rules[i].applies(it))
			return &rules[i];
	return NULL;
}

#define FIRST_RULE(rules, it) first_rule(rules, COUNT(rules), it)

/* ---- Taking apart ---- */

static void subject_init(struct subject *it, struct view registry)
{
	enum go_url_fault again;

	*it = (struct subject){.registry = registry,
	                       .index_key = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX),
	                       .parsed = BUF_INIT(2 * (size_t)BUF_CONFIG_MAX),
	                       .image_parsed = BUF_INIT(BUF_CONFIG_MAX),
	                       .key = {VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY, false},
	                       .image = {VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY, false}};
	it->fault = index_key_append(registry, &it->index_key);
	again = index_pattern_parse(buf_view(&it->index_key), &it->parsed, &it->key);
	it->sound = !it->fault && !again;
	if (it->sound && it->key.path.len &&
	    image_path_judge(view_from(it->key.path, 1), false, &it->broken) != IMAGE_PATH_BROKEN)
		it->broken = it->key.path.len;
	else
		it->broken += it->key.path.len > 0;
}

static void subject_add_image(struct subject *it, const struct keyring_answer *answer)
{
	struct view repository = buf_view(&answer->repository);

	it->has_image = true;
	it->image_sound = !index_pattern_parse(repository, &it->image_parsed, &it->image);
	it->default_registry = index_key_is_default_registry(repository);
	it->on_hub = view_begins(repository, view_of("docker.io/"));
	it->others_match = answer->match_count && !answer->matches[0].hub_fallback;
}

static bool matches(const struct subject *it)
{
	if (it->sound && it->image_sound && index_pattern_matches(&it->key, &it->image))
		return true;
	return is_shadowed(it) && !is_skipped(it) && !it->others_match;
}

static const struct rule *find_rule(const struct subject *it)
{
	const struct rule *rule;

	if (matches(it))
		return FIRST_RULE(match_rules, it);
	if (is_shadowed(it))
		return &shadow_rule;
	rule = FIRST_RULE(key_rules, it);
	return rule ? rule : FIRST_RULE(image_rules, it);
}

/* ---- What the header offers ---- */

const char *keyring_reason_word(enum keyring_reason reason)
{
	static const char *const words[KEYRING_REASON_COUNT] = {
	    [KEYRING_MATCHES] = "match",
	    [KEYRING_SKIPPED] = "dead key",
	    [KEYRING_DEAD] = "dead key",
	    [KEYRING_HUB_SPELLING] = "dead key",
	    [KEYRING_HUB_SHADOWED] = "shadowed",
	    [KEYRING_HOST] = "host",
	    [KEYRING_PORT] = "port",
	    [KEYRING_PATH] = "path",
	};

	return words[reason];
}

void keyring_note_release(struct keyring_note *note)
{
	buf_release(&note->sentence);
	buf_release(&note->hint);
	buf_release(&note->registry);
}

void keyring_explain(const struct keyring *keyring, const struct keyring_answer *answer,
                     size_t entry, struct keyring_note *note)
{
	CLEANUP(subject_release) struct subject subject;
	struct keyring_entry it = keyring_entry(keyring, entry);

	subject_init(&subject, it.registry);
	subject_add_image(&subject, answer);
	subject.token_only = it.token_only;
	subject.empty = !it.username.len && !it.has_password;
	tell(find_rule(&subject), &subject, note);
}

bool keyring_judge_key(struct view registry, struct keyring_note *note)
{
	CLEANUP(subject_release) struct subject subject;
	const struct rule *rule;

	subject_init(&subject, registry);
	rule = FIRST_RULE(key_rules, &subject);
	tell(rule ? rule : FIRST_RULE(match_rules, &subject), &subject, note);
	return !rule;
}
