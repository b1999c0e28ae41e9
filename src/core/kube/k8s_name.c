#include "regcred/kube/k8s_name.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"

/* What a byte is to these rules; each has exactly one class. */
enum {
	OTHER = 1 << 0,
	LOWER = 1 << 1, /* a-z and 0-9, which the rules treat alike */
	UPPER = 1 << 2,
	DASH = 1 << 3,
	DOT = 1 << 4,
	UNDERSCORE = 1 << 5,
	ALNUM = LOWER | UPPER,
	MARKS = DASH | DOT | UNDERSCORE
};

/* Rules of a shape beside its classes. */
enum {
	SPLIT = 1 << 0, /* the dots split it into parts, each with such ends */
	MAY_BE_EMPTY = 1 << 1,
	FILE_NAME = 1 << 2, /* becomes one: not `.`, no `..` at the start */
};

struct shape {
	unsigned inner; /* classes that are allowed inside */
	unsigned ends;  /* classes that are allowed first and last */
	unsigned rules;
	size_t limit;
	const char *allowed; /* `inner` for people */
};

#define ANY_NAME "A-Z, a-z, 0-9, \"-\", \"_\" and \".\""

static const struct shape dns_label = {LOWER | DASH, LOWER, 0, K8S_LABEL_MAX, "a-z, 0-9 and \"-\""};
static const struct shape dns_subdomain = {LOWER | DASH | DOT, LOWER, SPLIT, K8S_SUBDOMAIN_MAX,
                                           "a-z, 0-9, \"-\" and \".\""};
/* The prefix of an annotation's key, which is lower-cased before it is judged. */
static const struct shape any_case_subdomain = {ALNUM | DASH | DOT, ALNUM, SPLIT, K8S_SUBDOMAIN_MAX,
                                                "A-Z, a-z, 0-9, \"-\" and \".\""};
static const struct shape key_name = {ALNUM | MARKS, ALNUM, 0, K8S_LABEL_MAX, ANY_NAME};
static const struct shape label_value = {ALNUM | MARKS, ALNUM, MAY_BE_EMPTY, K8S_LABEL_MAX,
                                         ANY_NAME};
static const struct shape data_key = {ALNUM | MARKS, ALNUM | MARKS, FILE_NAME, K8S_SUBDOMAIN_MAX,
                                      ANY_NAME};

static const struct kind {
	const char *field;
	enum diagnostic diagnostic;
	const struct shape *shape;
	const struct shape *prefix; /* of what comes before a `/` */
} kinds[K8S_NAME_COUNT] = {
    [K8S_NAME_SECRET] = {"name", DIAGNOSTIC_NAME_INVALID, &dns_subdomain, NULL},
    [K8S_NAME_GENERATE] = {"name prefix", DIAGNOSTIC_NAME_INVALID, &dns_subdomain, NULL},
    [K8S_NAME_NAMESPACE] = {"namespace", DIAGNOSTIC_NAMESPACE_INVALID, &dns_label, NULL},
    [K8S_NAME_LABEL_KEY] = {"label key", DIAGNOSTIC_LABEL_INVALID, &key_name, &dns_subdomain},
    [K8S_NAME_LABEL_VALUE] = {"label value", DIAGNOSTIC_LABEL_INVALID, &label_value, NULL},
    [K8S_NAME_ANNOTATION_KEY] = {"annotation key", DIAGNOSTIC_ANNOTATION_INVALID, &key_name,
                                 &any_case_subdomain},
    [K8S_NAME_DATA_KEY] = {"data key", DIAGNOSTIC_NAME_INVALID, &data_key, NULL},
};

enum {
	SHOWN_MAX = 80,    /* bytes of a value that a message repeats */
	REASON_SIZE = 192, /* what is wrong with it */
	CHARACTER_SIZE = 64,
	JUDGED_SIZE = 1024 /* more than three bytes for each of the longest valid key */
};

/* Why a value is refused: a part of it breaks its shape, or `what` says. */
struct flaw {
	const char *whose; /* "" or the words that name the part */
	const struct shape *shape;
	struct view part;
	const char *what;
	char room[JUDGED_SIZE]; /* for the value as it is judged */
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
static size_t find_loose_dot(const struct shape *shape, struct view part)
{
	for (size_t i = 1; i + 1 < part.len; i++)
		if (part.data[i] == '.' &&
		    !(is_end(shape, part.data[i - 1]) && is_end(shape, part.data[i + 1])))
			return i;
	return part.len;
}

static bool is_dots(struct view text)
{
	return view_is(text, ".") || view_begins(text, view_of(".."));
}

static bool part_fits(const struct shape *shape, struct view part)
{
	unsigned seen = 0;

	if (part.len == 0)
		return shape->rules & MAY_BE_EMPTY;
	if (part.len > shape->limit)
		return false;
	for (size_t i = 0; i < part.len; i++)
		seen |= class_of(part.data[i]);
	if (seen & ~shape->inner || !is_end(shape, part.data[0]) ||
	    !is_end(shape, part.data[part.len - 1]) || (shape->rules & FILE_NAME && is_dots(part)))
		return false;
	return !(shape->rules & SPLIT) || !(seen & DOT) || find_loose_dot(shape, part) == part.len;
}

/* Go's strings.ToLower, as far as it makes ASCII of other characters. */
static struct view fold(struct view key, char folded[JUDGED_SIZE])
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
	return (struct view){folded, len};
}

/* Of `abc-` the server judges `aba`. */
static struct view mask(struct view prefix, char masked[JUDGED_SIZE])
{
	if (prefix.len < 2 || prefix.data[prefix.len - 1] != '-')
		return prefix;
	memcpy(masked, prefix.data, prefix.len - 1);
	masked[prefix.len - 2] = 'a';
	return (struct view){masked, prefix.len - 1};
}

/* The text that the rules apply to. What does not fit into `room` is too long
 * however it is judged. */
static struct view as_judged(enum k8s_name_kind kind, struct view value, char room[JUDGED_SIZE])
{
	if (kind == K8S_NAME_ANNOTATION_KEY && value.len <= JUDGED_SIZE)
		return fold(value, room);
	if (kind == K8S_NAME_GENERATE && value.len <= JUDGED_SIZE)
		return mask(value, room);
	return value;
}

/* Splits a key at its first slash; false: it has none. */
static bool split_key(struct view key, struct view *prefix, struct view *name)
{
	*name = key;
	*prefix = view_take(name, '/');
	if (prefix->len == key.len)
		*name = key;
	return prefix->len < key.len;
}

static bool is_flawed(enum k8s_name_kind kind, struct view value, struct flaw *flaw)
{
	const struct shape *shape = kinds[kind].shape, *prefix_shape = kinds[kind].prefix;
	struct view part = as_judged(kind, value, flaw->room), prefix;
	bool split = prefix_shape && split_key(part, &prefix, &part);

	flaw->what = NULL;
	flaw->whose = split ? "has a name that " : "";
	if (split && view_holds(part, '/')) {
		flaw->whose = "";
		flaw->what = "holds more than one \"/\"";
		return true;
	}
	if (split && !part_fits(prefix_shape, prefix)) {
		flaw->whose = "has a prefix that ";
		shape = prefix_shape;
		part = prefix;
	} else if (part_fits(shape, part)) {
		return false;
	}
	flaw->shape = shape;
	flaw->part = part;
	return true;
}

/* Names the character at the start of the text in a way that can be read. */
static void show_character(struct view text, char shown[CHARACTER_SIZE])
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
static bool find_stranger(const struct shape *shape, struct view part, char shown[CHARACTER_SIZE])
{
	for (size_t i = 0; i < part.len; i++)
		if (!(class_of(part.data[i]) & shape->inner)) {
			show_character((struct view){part.data + i, part.len - i}, shown);
			return true;
		}
	return false;
}

/* The first two bytes around a dot that do not go together. */
static const char *find_loose_pair(const struct shape *shape, struct view part)
{
	const char *dot = part.data + find_loose_dot(shape, part);

	return is_end(shape, dot[-1]) ? dot : dot - 1;
}

/* What is wrong with a part that does not fit, as the end of a sentence. */
static void explain(const struct shape *shape, struct view part, char reason[REASON_SIZE])
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
	else if (shape->rules & FILE_NAME)
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

static bool complain(enum k8s_name_kind kind, struct view value, const struct flaw *flaw,
                     struct error *error)
{
	struct buf suggestion CLEANUP(buf_release) = BUF_INIT(BUF_NAME_MAX);
	char reason[REASON_SIZE];
	size_t shown = utf8_cut(value.data, value.len, SHOWN_MAX);

	if (!flaw->what)
		explain(flaw->shape, flaw->part, reason);
	error_set(error, kinds[kind].diagnostic, NULL, "%s \"%.*s%s\" %s%s", kinds[kind].field,
	          (int)shown, value.data, shown < value.len ? "..." : "", flaw->whose,
	          flaw->what ? flaw->what : reason);
	k8s_name_suggest(kind, value.data, value.len, &suggestion);
	if (suggestion.len > 0)
		error_hint(error, "did you mean \"%s\"?", suggestion.data);
	else if (!value.len && (kind == K8S_NAME_SECRET || kind == K8S_NAME_NAMESPACE))
		error_hint(error, "is the variable for it set?");
	return false;
}

bool k8s_name_check(enum k8s_name_kind kind, const char *value, size_t len, struct error *error)
{
	const struct view text = {value, len};
	struct flaw flaw;

	return !is_flawed(kind, text, &flaw) || complain(kind, text, &flaw, error);
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
	bool split = shape->rules & SPLIT;
	size_t len;

	if (split && c == '.')
		trim(shape, out, start);
	len = out->len - start;
	if (!is_end(shape, c) && (len == 0 || (split && out->data[out->len - 1] == '.')))
		return;
	if (c != '.' || len != 1 || out->data[start] != '.' || !(shape->rules & FILE_NAME))
		buf_append_char(out, c);
}

/* A run of strangers becomes a dash, but only between letters and digits. */
static void suggest_part(const struct shape *shape, struct view part, struct buf *out)
{
	const size_t start = out->len;
	bool gap = false;

	for (size_t i = 0; i < part.len && out->len - start < shape->limit; i++) {
		char c = part.data[i];

		if (class_of(c) == UPPER && !(shape->inner & UPPER))
			c = (char)(c - 'A' + 'a');
		if (class_of(c) & shape->inner) {
			if (gap && out->len > start && class_of(c) & ALNUM &&
			    class_of(out->data[out->len - 1]) & ALNUM)
				buf_append_char(out, '-');
			grow(shape, out, start, c);
		}
		gap = !(class_of(c) & shape->inner);
	}
	if (out->len - start > shape->limit)
		buf_truncate(out, start + shape->limit);
	trim(shape, out, start);
}

void k8s_name_suggest(enum k8s_name_kind kind, const char *value, size_t len, struct buf *out)
{
	const struct kind *row = &kinds[kind];
	struct view name = {value, len}, prefix;
	struct flaw flaw;

	buf_reset(out);
	if (!is_flawed(kind, name, &flaw)) {
		buf_append(out, value, len);
		return;
	}
	if (row->prefix && split_key(name, &prefix, &name)) {
		suggest_part(row->prefix, prefix, out);
		buf_append_string(out, out->len ? "/" : "");
	}
	suggest_part(row->shape, name, out);
	if (kind == K8S_NAME_GENERATE && out->len > 0 && value[len - 1] == '-')
		buf_append_char(out, '-');
	if (out->failure || is_flawed(kind, buf_view(out), &flaw))
		buf_truncate(out, 0);
}
