/* Go's types for a Secret, as one table, and the walk over a tree beside it. */
#include <string.h>
#include <strings.h>

#include "regcred/base/base64.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/base/string_list.h"
#include "regcred/manifest/templated.h"
#include "regcred/tree/node_number.h"
#include "secret_problem.h"

struct field;
struct type;

typedef void judge_type(struct admission *admission, const struct type *type,
                        const struct spot *spot);

struct type {
	enum node_kind kind;
	const char *expected;       /* for people; NULL: anything may be there */
	judge_type *judge;          /* of what is of that kind; NULL: it is right */
	const struct type *inner;   /* of the values of a map, the items of a list */
	const struct field *fields; /* of a struct */
	size_t count;
};

struct field {
	const char *name;
	const struct type *type;
};

static judge_type judge_integer, judge_time, judge_base64, judge_items, judge_members;

/* ---- The table: api/core/v1/types.go, apimachinery meta/v1/types.go ---- */

#define FIELDS(of) .fields = (of), .count = COUNT(of)

static const struct type string = {NODE_STRING, "a string", NULL, NULL, NULL, 0};
static const struct type boolean = {NODE_BOOL, "true or false", NULL, NULL, NULL, 0};
static const struct type integer = {NODE_NUMBER, "an integer", judge_integer, NULL, NULL, 0};
static const struct type timestamp = {
    NODE_STRING, "a time such as 2026-01-31T12:00:00Z", judge_time, NULL, NULL, 0};
static const struct type bytes = {NODE_STRING, "base64 text", judge_base64, NULL, NULL, 0};
static const struct type anything = {NODE_NULL, NULL, NULL, NULL, NULL, 0};
static const struct type string_map = {NODE_MAPPING, "a mapping", judge_members, &string, NULL, 0};
static const struct type bytes_map = {NODE_MAPPING, "a mapping", judge_members, &bytes, NULL, 0};
static const struct type string_list = {NODE_SEQUENCE, "a list", judge_items, &string, NULL, 0};

static const struct field owner_fields[] = {
    {"apiVersion", &string}, {"kind", &string},        {"name", &string},
    {"uid", &string},        {"controller", &boolean}, {"blockOwnerDeletion", &boolean},
};
static const struct type owner = {NODE_MAPPING, "a mapping", judge_members, FIELDS(owner_fields)};
static const struct type owner_list = {NODE_SEQUENCE, "a list", judge_items, &owner, NULL, 0};

static const struct field managed_fields[] = {
    {"manager", &string},     {"operation", &string},  {"apiVersion", &string},
    {"time", &timestamp},     {"fieldsType", &string}, {"fieldsV1", &anything},
    {"subresource", &string},
};
static const struct type managed = {NODE_MAPPING, "a mapping", judge_members,
                                    FIELDS(managed_fields)};
static const struct type managed_list = {NODE_SEQUENCE, "a list", judge_items, &managed, NULL, 0};

static const struct field metadata_fields[] = {
    {"name", &string},
    {"generateName", &string},
    {"namespace", &string},
    {"selfLink", &string},
    {"uid", &string},
    {"resourceVersion", &string},
    {"generation", &integer},
    {"creationTimestamp", &timestamp},
    {"deletionTimestamp", &timestamp},
    {"deletionGracePeriodSeconds", &integer},
    {"labels", &string_map},
    {"annotations", &string_map},
    {"ownerReferences", &owner_list},
    {"finalizers", &string_list},
    {"managedFields", &managed_list},
};
static const struct type metadata = {NODE_MAPPING, "a mapping", judge_members,
                                     FIELDS(metadata_fields)};

static const struct field secret_fields[] = {
    {"apiVersion", &string}, {"kind", &string},    {"metadata", &metadata},
    {"immutable", &boolean}, {"data", &bytes_map}, {"stringData", &string_map},
    {"type", &string},
};
static const struct type secret = {NODE_MAPPING, "a mapping", judge_members, FIELDS(secret_fields)};

/* ---- Any value ---- */

static void refuse_type(struct admission *admission, const struct type *type,
                        const struct spot *spot)
{
	enum node_kind kind = spot->node->kind;

	admission_add(admission, SECRET_PROBLEM_OBJECT, spot, "is %s, %s was expected",
	              node_kind_name(kind), type->expected);
	if (type == &string && (kind == NODE_BOOL || kind == NODE_NUMBER))
		admission_hint(admission, "put it in quotes");
	else if (type == &boolean && (node_is(spot->node, "true") || node_is(spot->node, "false")))
		admission_hint(admission, "take it out of the quotes");
	else if (type == &bytes)
		admission_hint(admission, kind == NODE_MAPPING
		                              ? "write it as a string in stringData"
		                              : "put it in quotes, if it is base64");
}

/* Go takes a list of numbers for []byte, too. */
static void judge_byte_list(struct admission *admission, const struct spot *list)
{
	for (size_t i = 0; i < list->node->count; i++) {
		struct spot item = spot_child(list, i);
		int64_t value;

		if (item.node->kind == NODE_NULL)
			continue;
		if (item.node->kind != NODE_NUMBER ||
		    !node_number_int64(item.node, admission->json, &value) || value < 0 ||
		    value > 255)
			admission_refuse(admission, &item,
			                 "is not a byte: a number from 0 to 255 was expected");
	}
}

static void judge_value(struct admission *admission, const struct type *type,
                        const struct spot *spot)
{
	enum node_kind kind = spot->node->kind;

	if (!type->expected || kind == NODE_NULL)
		return;
	if (type == &bytes && kind == NODE_SEQUENCE)
		judge_byte_list(admission, spot);
	else if (kind == type->kind && type->judge)
		type->judge(admission, type, spot);
	else if (kind != type->kind && !value_is_unknown(spot->node))
		refuse_type(admission, type, spot);
}

static void judge_integer(struct admission *admission, const struct type *type,
                          const struct spot *spot)
{
	int64_t value;

	(void)type;
	if (!node_number_int64(spot->node, admission->json, &value))
		admission_refuse(admission, spot, "is not an integer of 64 bits");
}

/* ---- Times: what Go's time.Parse takes for RFC 3339 ---- */

/* One digit is enough for the hour. */
static const struct time_part {
	int min, max; /* digits */
	int low, high;
	char behind; /* 0: anything */
} parts[] = {
    {4, 4, 0, 9999, '-'}, {2, 2, 1, 12, '-'}, {2, 2, 1, 31, 'T'}, {1, 2, 0, 23, ':'},
    {2, 2, 0, 59, ':'},   {2, 2, 0, 59, 0},   {2, 2, 0, 24, ':'}, {2, 2, 0, 60, 0},
};

enum { MONTH = 1, DAY = 2, ZONE = 6 };

/* Moves *at past the parts from `first` to in front of `end`. */
static bool read_parts(const char **at, size_t first, size_t end, int values[])
{
	for (size_t i = first; i < end; i++) {
		int count = 0, value = 0;

		for (; count < parts[i].max && **at >= '0' && **at <= '9'; count++, ++*at)
			value = value * 10 + (**at - '0');
		if (count < parts[i].min || value < parts[i].low || value > parts[i].high ||
		    (parts[i].behind && *(*at)++ != parts[i].behind))
			return false;
		values[i] = value;
	}
	return true;
}

static bool is_date(const int values[])
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = values[0], month = values[MONTH], day = values[DAY];
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return day <= days[month - 1] && (month != 2 || day != 29 || leap);
}

/* A comma will do before a fraction. */
static bool is_time(const char *text)
{
	int values[COUNT(parts)];

	if (!text || !read_parts(&text, 0, ZONE, values) || !is_date(values))
		return false;
	if ((*text == '.' || *text == ',') && text[1] >= '0' && text[1] <= '9')
		text += 1 + strspn(text + 1, "0123456789");
	if (*text == '+' || *text == '-')
		return ++text && read_parts(&text, ZONE, COUNT(parts), values) && !*text;
	return strcmp(text, "Z") == 0;
}

static void judge_time(struct admission *admission, const struct type *type,
                       const struct spot *spot)
{
	(void)type;
	if (!is_time(node_string(spot->node)) && !value_is_unknown(spot->node))
		admission_refuse(admission, spot,
		                 "is not an RFC 3339 time such as 2026-01-31T12:00:00Z");
}

/* ---- Bytes ---- */

static void explain_base64(struct admission *admission, const struct node *node)
{
	struct view text = {node->text, node->len};
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++)
		digits += text.data[i] != '\r' && text.data[i] != '\n';
	if (view_begins(text, view_of("{")) || view_begins(text, view_of("[")))
		admission_hint(admission, "put plain text in stringData");
	else if (view_holds(text, ' ') || view_holds(text, '\t'))
		admission_hint(admission,
		               "it contains blanks: write it on one line, as base64 -w0 does%s",
		               node->style == NODE_FOLDED ? ", or in a block with | for >" : "");
	else if (view_holds(text, '-') || view_holds(text, '_'))
		admission_hint(admission, "use standard base64, with + and / instead of - and _");
	else if (digits % 4 != 0 && !view_holds(text, '='))
		admission_hint(admission,
		               "it has %zu characters, not a multiple of 4: the end or the = "
		               "padding is missing",
		               digits);
}

static void judge_base64(struct admission *admission, const struct type *type,
                         const struct spot *spot)
{
	const struct node *node = spot->node;
	size_t size;

	(void)type;
	if (value_is_unknown(node) || base64_measure(node->text, node->len, BASE64_PADDED, &size))
		return;
	admission_add(admission, SECRET_PROBLEM_BASE64, spot, "is not base64");
	explain_base64(admission, node);
}

/* ---- Lists, maps and structs ---- */

static void judge_items(struct admission *admission, const struct type *type,
                        const struct spot *list)
{
	for (size_t i = 0; i < list->node->count; i++) {
		struct spot item = spot_child(list, i);

		judge_value(admission, type->inner, &item);
	}
}

static const struct type *find_field(const struct type *type, const struct node *key)
{
	for (size_t i = 0; i < type->count; i++)
		if (view_is((struct view){key->text, key->len}, type->fields[i].name))
			return type->fields[i].type;
	return NULL;
}

static bool is_identifier(const struct node *key)
{
	return key->len > 0 && key->len <= 40 &&
	       strspn(key->text,
	              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == key->len;
}

static const char *find_similar(const struct type *type, const char *name)
{
	struct guess guess = guess_begin(name);

	for (size_t i = 0; i < type->count; i++) {
		if (strcasecmp(name, type->fields[i].name) == 0)
			return type->fields[i].name;
		guess_try(&guess, type->fields[i].name);
	}
	return guess.word;
}

static void refuse_field(struct admission *admission, const struct type *type,
                         const struct spot *spot)
{
	const struct node *key = spot->node;
	const char *similar = find_similar(type, key->text);

	admission_add(admission, SECRET_PROBLEM_OBJECT, spot, "is not a field of %s",
	              type == &secret     ? "a Secret"
	              : type == &metadata ? "metadata"
	                                  : "such an entry");
	if (similar)
		admission_hint(admission, "did you mean %s?", similar);
	else if (type == &secret && find_field(&metadata, key))
		admission_hint(admission, "move it into metadata");
	else if (type == &metadata && find_field(&secret, key))
		admission_hint(admission, "move it out of metadata, to the top level");
}

/* What SOPS leaves in a file is gone when it has been decrypted. */
static bool is_of_sops(const struct type *type, const struct spot *spot)
{
	return type == &secret && node_is(spot->key, "sops") && spot->node->kind == NODE_MAPPING;
}

/* A map or a struct, whose members are shown as keys unless they look like fields. Members that
 * `<<` added come last, and repeat nothing. */
static void judge_members(struct admission *admission, const struct type *type,
                          const struct spot *spot)
{
	CLEANUP(string_list_release) struct string_list seen = STRING_LIST_INIT;

	for (size_t i = 0; i < spot->node->count; i++) {
		struct spot member = spot_child(spot, i);
		const struct node *key = member.key;
		const struct type *inner = type->count ? find_field(type, key) : type->inner;
		bool known = inner || is_of_sops(type, &member);

		if (type->count && is_identifier(key))
			member.field = key->text;
		if (inner)
			judge_value(admission, inner, &member);
		member.node = key;
		if (!known)
			refuse_field(admission, type, &member);
		if (!string_list_borrow_once(&seen, (struct view){key->text, key->len}) &&
		    !spot->node->members[i].merged)
			admission_refuse(admission, &member, "appears more than once");
	}
}

void admission_types(struct admission *admission, const struct spot *root)
{
	judge_members(admission, &secret, root);
}
