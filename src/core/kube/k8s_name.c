#include "regcred/kube/k8s_name.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"

/* What a byte is to these rules; each has exactly one class. */
enum {
	OTHER = 1 << 0,
	LOWER = 1 << 1, /* a-z and 0-9, which the rules never tell apart */
	UPPER = 1 << 2,
	DASH = 1 << 3,
	DOT = 1 << 4,
	UNDERSCORE = 1 << 5,
	ALNUM = LOWER | UPPER
};

struct shape {
	unsigned inner; /* classes that are allowed inside */
	unsigned ends;  /* classes that are allowed first and last */
	size_t limit;
	bool split; /* the dots split it into parts, each with such ends */
	bool may_be_empty;
	bool file_name;      /* becomes one: not `.`, no `..` at the start */
	const char *allowed; /* `inner` for people */
};

static const struct shape dns_label = {
    .inner = LOWER | DASH,
    .ends = LOWER,
    .limit = K8S_LABEL_MAX,
    .allowed = "a-z, 0-9 and \"-\"",
};

static const struct shape dns_subdomain = {
    .inner = LOWER | DASH | DOT,
    .ends = LOWER,
    .limit = K8S_SUBDOMAIN_MAX,
    .split = true,
    .allowed = "a-z, 0-9, \"-\" and \".\"",
};

/* The prefix of an annotation's key, which is lower-cased before it is judged. */
static const struct shape any_case_subdomain = {
    .inner = ALNUM | DASH | DOT,
    .ends = ALNUM,
    .limit = K8S_SUBDOMAIN_MAX,
    .split = true,
    .allowed = "A-Z, a-z, 0-9, \"-\" and \".\"",
};

static const struct shape key_name = {
    .inner = ALNUM | DASH | DOT | UNDERSCORE,
    .ends = ALNUM,
    .limit = K8S_LABEL_MAX,
    .allowed = "A-Z, a-z, 0-9, \"-\", \"_\" and \".\"",
};

static const struct shape label_value = {
    .inner = ALNUM | DASH | DOT | UNDERSCORE,
    .ends = ALNUM,
    .limit = K8S_LABEL_MAX,
    .may_be_empty = true,
    .allowed = "A-Z, a-z, 0-9, \"-\", \"_\" and \".\"",
};

static const struct shape data_key = {
    .inner = ALNUM | DASH | DOT | UNDERSCORE,
    .ends = ALNUM | DASH | DOT | UNDERSCORE,
    .limit = K8S_SUBDOMAIN_MAX,
    .file_name = true,
    .allowed = "A-Z, a-z, 0-9, \"-\", \"_\" and \".\"",
};

static const struct kind {
	const char *field;
	enum diagnostic diagnostic;
	const struct shape *shape;
	const struct shape *prefix; /* of what comes before a `/` */
	bool folded;                /* lower-cased by Unicode's rules first */
	bool dash_ends;             /* one dash at the end is masked */
} kinds[K8S_NAME_COUNT] = {
    [K8S_NAME_SECRET] = {"name", DIAGNOSTIC_NAME_INVALID, &dns_subdomain, NULL, false, false},
    [K8S_NAME_GENERATE] = {"name prefix", DIAGNOSTIC_NAME_INVALID, &dns_subdomain, NULL, false,
                           true},
    [K8S_NAME_NAMESPACE] = {"namespace", DIAGNOSTIC_NAMESPACE_INVALID, &dns_label, NULL, false,
                            false},
    [K8S_NAME_LABEL_KEY] = {"label key", DIAGNOSTIC_LABEL_INVALID, &key_name, &dns_subdomain, false,
                            false},
    [K8S_NAME_LABEL_VALUE] = {"label value", DIAGNOSTIC_LABEL_INVALID, &label_value, NULL, false,
                              false},
    [K8S_NAME_ANNOTATION_KEY] = {"annotation key", DIAGNOSTIC_ANNOTATION_INVALID, &key_name,
                                 &any_case_subdomain, true, false},
    [K8S_NAME_DATA_KEY] = {"data key", DIAGNOSTIC_NAME_INVALID, &data_key, NULL, false, false},
};

struct text {
	const char *data;
	size_t len;
};

/* Why a value is refused: a part of it breaks its shape, or `what` says. */
struct flaw {
	const char *whose; /* "" or the words that name the part */
	const struct shape *shape;
	struct text part;
	const char *what;
};

enum {
	SHOWN_MAX = 80,    /* bytes of a value that a message repeats */
	REASON_SIZE = 192, /* what is wrong with it */
	CHARACTER_SIZE = 64,
	JUDGED_SIZE = 1024 /* more than three bytes for each of the longest valid key */
};

static unsigned class_of(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	return c == '-' ? DASH : c == '.' ? DOT : c == '_' ? UNDERSCORE : OTHER;
}

static bool is_end(const struct shape *shape, char c)
{
	return class_of(c) & shape->ends;
}

/* Where a dot inside lacks a neighbour that could end a part; else `part.len`. */
static size_t find_loose_dot(const struct shape *shape, struct text part)
{
	for (size_t i = 1; i + 1 < part.len; i++)
		if (part.data[i] == '.' &&
		    !(is_end(shape, part.data[i - 1]) && is_end(shape, part.data[i + 1])))
			return i;
	return part.len;
}

static bool is_dots(struct text text)
{
	return text.data[0] == '.' && (text.len == 1 || text.data[1] == '.');
}

static bool part_fits(const struct shape *shape, struct text part)
{
	unsigned seen = 0;

	if (part.len == 0)
		return shape->may_be_empty;
	if (part.len > shape->limit)
		return false;
	for (size_t i = 0; i < part.len; i++)
		seen |= class_of(part.data[i]);
	if (seen & ~shape->inner || !is_end(shape, part.data[0]) ||
	    !is_end(shape, part.data[part.len - 1]) || (shape->file_name && is_dots(part)))
		return false;
	return !shape->split || !(seen & DOT) || find_loose_dot(shape, part) == part.len;
}

/* Go's strings.ToLower, as far as it makes ASCII of other characters. */
static struct text fold(struct text key, char folded[JUDGED_SIZE])
{
	size_t len = 0;
	uint32_t rune;

	for (size_t at = 0, size; at < key.len; at += size) {
		size = utf8_decode(key.data + at, key.len - at, &rune);
		if (rune == 0x212A || rune == 0x130) {
			folded[len++] = rune == 0x130 ? 'i' : 'k';
			continue;
		}
		memcpy(folded + len, key.data + at, size);
		len += size;
	}
	return (struct text){folded, len};
}

/* Of `abc-` the server judges `aba`. */
static struct text mask(struct text prefix, char masked[JUDGED_SIZE])
{
	if (prefix.len < 2 || prefix.data[prefix.len - 1] != '-')
		return prefix;
	memcpy(masked, prefix.data, prefix.len - 1);
	masked[prefix.len - 2] = 'a';
	return (struct text){masked, prefix.len - 1};
}

/* The text that the rules apply to. What does not fit into `room` is too long
 * however it is judged. */
static struct text as_judged(const struct kind *kind, struct text value, char room[JUDGED_SIZE])
{
	if (kind->folded && value.len <= JUDGED_SIZE)
		return fold(value, room);
	if (kind->dash_ends && value.len <= JUDGED_SIZE)
		return mask(value, room);
	return value;
}

/* Splits a key at its first slash; without one, `prefix` has no data. */
static void split_key(struct text key, struct text *prefix, struct text *name)
{
	const char *slash = key.len ? memchr(key.data, '/', key.len) : NULL;

	*prefix = (struct text){NULL, 0};
	*name = key;
	if (!slash)
		return;
	*prefix = (struct text){key.data, (size_t)(slash - key.data)};
	*name = (struct text){slash + 1, key.len - prefix->len - 1};
}

static bool key_is_flawed(const struct kind *kind, struct text key, struct flaw *flaw)
{
	struct text prefix, name;

	split_key(key, &prefix, &name);
	if (prefix.data && name.len && memchr(name.data, '/', name.len))
		*flaw = (struct flaw){.whose = "", .what = "holds more than one \"/\""};
	else if (prefix.data && !part_fits(kind->prefix, prefix))
		*flaw = (struct flaw){"has a prefix that ", kind->prefix, prefix, NULL};
	else if (!part_fits(kind->shape, name))
		*flaw =
		    (struct flaw){prefix.data ? "has a name that " : "", kind->shape, name, NULL};
	else
		return false;
	return true;
}

static bool is_flawed(const struct kind *kind, struct text judged, struct flaw *flaw)
{
	if (kind->prefix)
		return key_is_flawed(kind, judged, flaw);
	if (part_fits(kind->shape, judged))
		return false;
	*flaw = (struct flaw){"", kind->shape, judged, NULL};
	return true;
}

/* Names the character at the start of the text in a way that can be read. */
static void show_character(struct text text, char shown[CHARACTER_SIZE])
{
	uint32_t rune;
	int size = (int)utf8_decode(text.data, text.len, &rune);

	if (rune == UTF8_INVALID)
		snprintf(shown, CHARACTER_SIZE, "the byte 0x%02X, which is not UTF-8",
		         (unsigned char)text.data[0]);
	else if (utf8_is_control(rune))
		snprintf(shown, CHARACTER_SIZE, "the control character U+%04X", (unsigned)rune);
	else if (rune < 0x80)
		snprintf(shown, CHARACTER_SIZE, "\"%c\"", (char)rune);
	else
		snprintf(shown, CHARACTER_SIZE, "\"%.*s\" (U+%04X)", size, text.data,
		         (unsigned)rune);
}

/* The first character that is not allowed in the part; false: all are. */
static bool find_stranger(const struct shape *shape, struct text part, char shown[CHARACTER_SIZE])
{
	for (size_t i = 0; i < part.len; i++)
		if (!(class_of(part.data[i]) & shape->inner)) {
			show_character((struct text){part.data + i, part.len - i}, shown);
			return true;
		}
	return false;
}

/* The first two bytes around a dot that do not go together. */
static const char *find_loose_pair(const struct shape *shape, struct text part)
{
	const char *dot = part.data + find_loose_dot(shape, part);

	return is_end(shape, dot[-1]) ? dot : dot - 1;
}

/* What is wrong with a part that does not fit, as the end of a sentence. */
static void explain(const struct shape *shape, struct text part, char reason[REASON_SIZE])
{
	char shown[CHARACTER_SIZE];

	if (part.len == 0)
		snprintf(reason, REASON_SIZE, "is empty");
	else if (part.len > shape->limit)
		snprintf(reason, REASON_SIZE, "is %zu bytes long, the limit is %zu", part.len,
		         shape->limit);
	else if (find_stranger(shape, part, shown))
		snprintf(reason, REASON_SIZE, "holds %s: only %s are allowed", shown,
		         shape->allowed);
	else if (shape->file_name)
		snprintf(reason, REASON_SIZE,
		         part.len == 1 ? "is only a dot" : "starts with \"..\"");
	else if (!is_end(shape, part.data[0]))
		snprintf(reason, REASON_SIZE, "starts with \"%c\"", part.data[0]);
	else if (!is_end(shape, part.data[part.len - 1]))
		snprintf(reason, REASON_SIZE, "ends with \"%c\"", part.data[part.len - 1]);
	else
		snprintf(reason, REASON_SIZE,
		         "holds \"%.2s\": a dot needs a letter or digit on both sides",
		         find_loose_pair(shape, part));
}

/* How much of a value a message repeats: no half characters. */
static size_t shown_length(struct text value)
{
	size_t len = SHOWN_MAX;

	if (value.len <= SHOWN_MAX)
		return value.len;
	while (len > SHOWN_MAX - UTF8_MAX && ((unsigned char)value.data[len] & 0xC0) == 0x80)
		len--;
	return len;
}

static bool complain(enum k8s_name_kind kind, struct text value, const struct flaw *flaw,
                     struct error *error)
{
	struct buf suggestion CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	char reason[REASON_SIZE];
	size_t shown = shown_length(value);

	if (flaw->shape)
		explain(flaw->shape, flaw->part, reason);
	else
		snprintf(reason, sizeof reason, "%s", flaw->what);
	error_set(error, kinds[kind].diagnostic, NULL, "%s \"%.*s%s\" %s%s", kinds[kind].field,
	          (int)shown, value.data, shown < value.len ? "..." : "", flaw->whose, reason);
	k8s_name_suggest(kind, value.data, value.len, &suggestion);
	if (suggestion.len > 0)
		error_hint(error, "did you mean \"%s\"?", suggestion.data);
	else if (!value.len && (kind == K8S_NAME_SECRET || kind == K8S_NAME_NAMESPACE))
		error_hint(error, "is the variable for it set?");
	return false;
}

bool k8s_name_check(enum k8s_name_kind kind, const char *value, size_t len, struct error *error)
{
	const struct text text = {value, len};
	char room[JUDGED_SIZE];
	struct flaw flaw;

	if (!is_flawed(&kinds[kind], as_judged(&kinds[kind], text, room), &flaw))
		return true;
	return complain(kind, text, &flaw, error);
}

/* Drops bytes that may not end a part. */
static void trim(const struct shape *shape, struct buf *out, size_t start)
{
	size_t len = out->len;

	while (len > start && !is_end(shape, out->data[len - 1]))
		len--;
	buf_truncate(out, len);
}

/* Appends a byte that is allowed in the part, unless it is not allowed here. */
static void grow(const struct shape *shape, struct buf *out, size_t start, char c)
{
	if (shape->split && c == '.')
		trim(shape, out, start);
	if (!is_end(shape, c)) {
		if (out->len == start)
			return;
		if (shape->split && out->data[out->len - 1] == '.')
			return;
	}
	if (shape->file_name && c == '.' && out->len == start + 1 && out->data[start] == '.')
		return;
	buf_append_char(out, c);
}

/* A run of strangers becomes a dash, but only between letters and digits. */
static void suggest_part(const struct shape *shape, struct text part, struct buf *out)
{
	const size_t start = out->len;
	bool gap = false;

	for (size_t i = 0; i < part.len && out->len - start < shape->limit; i++) {
		char c = part.data[i];

		if (class_of(c) == UPPER && !(shape->inner & UPPER))
			c = (char)(c - 'A' + 'a');
		if (!(class_of(c) & shape->inner)) {
			gap = true;
			continue;
		}
		if (gap && out->len > start && class_of(c) & ALNUM &&
		    class_of(out->data[out->len - 1]) & ALNUM)
			buf_append_char(out, '-');
		gap = false;
		grow(shape, out, start, c);
	}
	if (out->len - start > shape->limit)
		buf_truncate(out, start + shape->limit);
	trim(shape, out, start);
}

static void suggest_key(const struct kind *kind, struct text key, struct buf *out)
{
	struct text prefix, name;

	split_key(key, &prefix, &name);
	suggest_part(kind->prefix, prefix, out);
	if (out->len > 0)
		buf_append_char(out, '/');
	suggest_part(kind->shape, name, out);
}

void k8s_name_suggest(enum k8s_name_kind kind, const char *value, size_t len, struct buf *out)
{
	const struct kind *row = &kinds[kind];
	const struct text text = {value, len};
	char room[JUDGED_SIZE];
	struct flaw flaw;

	buf_reset(out);
	if (!is_flawed(row, as_judged(row, text, room), &flaw)) {
		buf_append(out, value, len);
		return;
	}
	if (row->prefix)
		suggest_key(row, text, out);
	else
		suggest_part(row->shape, text, out);
	if (row->dash_ends && out->len > 0 && value[len - 1] == '-')
		buf_append_char(out, '-');
	if (out->failure ||
	    is_flawed(row, as_judged(row, (struct text){out->data, out->len}, room), &flaw))
		buf_truncate(out, 0);
}
