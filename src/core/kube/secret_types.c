/* Go's types for a Secret, as one table, and the walk over a tree beside it. */
#include <string.h>
#include <strings.h>

#include "regcred/base/base64.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/manifest/templated.h"
#include "regcred/tree/node_number.h"
#include "secret_problem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct field;

struct type {
	void (*judge)(struct admission *admission, const struct type *type, const struct node *node,
	              const struct field_path *path);
	const char *expected;       /* for people */
	const struct type *inner;   /* of the values of a map, the items of a list */
	const struct field *fields; /* of a struct */
	size_t count;
};

struct field {
	const char *name;
	const struct type *type;
};

typedef void judge_type(struct admission *admission, const struct type *type,
                        const struct node *node, const struct field_path *path);

static judge_type judge_string, judge_bool, judge_integer, judge_time, judge_bytes, judge_map,
    judge_list, judge_struct;

/* ---- The table: api/core/v1/types.go, apimachinery meta/v1/types.go ---- */

#define FIELDS(of) .fields = (of), .count = COUNT(of)

static const struct type string = {judge_string, "a string", NULL, NULL, 0};
static const struct type boolean = {judge_bool, "true or false", NULL, NULL, 0};
static const struct type integer = {judge_integer, "an integer", NULL, NULL, 0};
static const struct type timestamp = {judge_time, "a time such as 2026-01-31T12:00:00Z", NULL, NULL,
                                      0};
static const struct type bytes = {judge_bytes, "base64 text", NULL, NULL, 0};
static const struct type anything = {NULL, "", NULL, NULL, 0};
static const struct type string_map = {judge_map, "a mapping", &string, NULL, 0};
static const struct type bytes_map = {judge_map, "a mapping", &bytes, NULL, 0};
static const struct type string_list = {judge_list, "a list", &string, NULL, 0};

static const struct field owner_fields[] = {
    {"apiVersion", &string}, {"kind", &string},        {"name", &string},
    {"uid", &string},        {"controller", &boolean}, {"blockOwnerDeletion", &boolean},
};
static const struct type owner = {judge_struct, "a mapping", FIELDS(owner_fields)};
static const struct type owner_list = {judge_list, "a list", &owner, NULL, 0};

static const struct field managed_fields[] = {
    {"manager", &string},     {"operation", &string},  {"apiVersion", &string},
    {"time", &timestamp},     {"fieldsType", &string}, {"fieldsV1", &anything},
    {"subresource", &string},
};
static const struct type managed = {judge_struct, "a mapping", FIELDS(managed_fields)};
static const struct type managed_list = {judge_list, "a list", &managed, NULL, 0};

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
static const struct type metadata = {judge_struct, "a mapping", FIELDS(metadata_fields)};

static const struct field secret_fields[] = {
    {"apiVersion", &string}, {"kind", &string},    {"metadata", &metadata},
    {"immutable", &boolean}, {"data", &bytes_map}, {"stringData", &string_map},
    {"type", &string},
};
static const struct type secret = {judge_struct, "a mapping", FIELDS(secret_fields)};

/* ---- Scalars ---- */

static void refuse_type(struct admission *admission, const struct type *type,
                        const struct node *node, const struct field_path *path)
{
	if (value_is_unknown(node))
		return;
	admission_add(admission, SECRET_PROBLEM_OBJECT, node, path, "is %s, %s was expected",
	              node_kind_name(node->kind), type->expected);
}

static void judge_string(struct admission *admission, const struct type *type,
                         const struct node *node, const struct field_path *path)
{
	if (node->kind == NODE_STRING)
		return;
	refuse_type(admission, type, node, path);
	if (node->kind == NODE_BOOL || node->kind == NODE_NUMBER)
		admission_hint(admission, "put it in quotes");
}

static void judge_bool(struct admission *admission, const struct type *type,
                       const struct node *node, const struct field_path *path)
{
	if (node->kind == NODE_BOOL)
		return;
	refuse_type(admission, type, node, path);
	if (node_is(node, "true") || node_is(node, "false"))
		admission_hint(admission, "take it out of the quotes");
}

static void judge_integer(struct admission *admission, const struct type *type,
                          const struct node *node, const struct field_path *path)
{
	int64_t value;

	if (node->kind != NODE_NUMBER)
		refuse_type(admission, type, node, path);
	else if (!node_number_int64(node, admission->json, &value))
		admission_add(admission, SECRET_PROBLEM_OBJECT, node, path,
		              "is not an integer of 64 bits");
}

/* ---- Times: what Go's time.Parse takes for RFC 3339 ---- */

/* `min` to `max` digits; moves *at past them. -1: too few. */
static int read_digits(const char **at, int min, int max)
{
	int value = 0, count = 0;

	for (; count < max && **at >= '0' && **at <= '9'; count++, (*at)++)
		value = value * 10 + (**at - '0');
	return count >= min ? value : -1;
}

static bool read_in_range(const char **at, int min_digits, int low, int high, int *value)
{
	*value = read_digits(at, min_digits, 2);
	return *value >= low && *value <= high;
}

static bool read_char(const char **at, char c)
{
	return **at == c && (*at)++;
}

static bool read_date(const char **at)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = read_digits(at, 4, 4), month, day;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return year >= 0 && read_char(at, '-') && read_in_range(at, 2, 1, 12, &month) &&
	       read_char(at, '-') && read_in_range(at, 2, 1, days[month - 1], &day) &&
	       (month != 2 || day != 29 || leap);
}

/* One digit is enough for the hour, and a comma will do before a fraction. */
static bool read_clock(const char **at)
{
	int value;

	if (!(read_in_range(at, 1, 0, 23, &value) && read_char(at, ':') &&
	      read_in_range(at, 2, 0, 59, &value) && read_char(at, ':') &&
	      read_in_range(at, 2, 0, 59, &value)))
		return false;
	if ((**at == '.' || **at == ',') && (*at)[1] >= '0' && (*at)[1] <= '9') {
		(*at)++;
		*at += strspn(*at, "0123456789");
	}
	return true;
}

static bool read_zone(const char **at)
{
	int value;

	if (read_char(at, 'Z'))
		return true;
	return (read_char(at, '+') || read_char(at, '-')) && read_in_range(at, 2, 0, 24, &value) &&
	       read_char(at, ':') && read_in_range(at, 2, 0, 60, &value);
}

static bool is_time(const char *text)
{
	return text && read_date(&text) && read_char(&text, 'T') && read_clock(&text) &&
	       read_zone(&text) && !*text;
}

static void judge_time(struct admission *admission, const struct type *type,
                       const struct node *node, const struct field_path *path)
{
	if (node->kind != NODE_STRING)
		refuse_type(admission, type, node, path);
	else if (!is_time(node_string(node)) && !value_is_unknown(node))
		admission_add(admission, SECRET_PROBLEM_OBJECT, node, path,
		              "is not an RFC 3339 time such as 2026-01-31T12:00:00Z");
}

/* ---- Bytes ---- */

static void explain_base64(struct admission *admission, const struct node *node)
{
	size_t digits = 0;

	if (node->len > 0 && (node->text[0] == '{' || node->text[0] == '[')) {
		admission_hint(admission, "put plain text in stringData");
		return;
	}
	if (memchr(node->text, ' ', node->len) || memchr(node->text, '\t', node->len)) {
		admission_hint(admission,
		               "it contains blanks: write it on one line, as base64 -w0 does%s",
		               node->style == NODE_FOLDED ? ", or in a block with | for >" : "");
		return;
	}
	if (memchr(node->text, '-', node->len) || memchr(node->text, '_', node->len)) {
		admission_hint(admission, "use standard base64, with + and / instead of - and _");
		return;
	}
	for (size_t i = 0; i < node->len; i++)
		digits += node->text[i] != '\r' && node->text[i] != '\n';
	if (digits % 4 != 0 && !memchr(node->text, '=', node->len))
		admission_hint(admission,
		               "it has %zu characters, not a multiple of 4: the end or the = "
		               "padding is missing",
		               digits);
}

static void judge_base64(struct admission *admission, const struct node *node,
                         const struct field_path *path)
{
	size_t size;

	if (value_is_unknown(node) || base64_measure(node->text, node->len, BASE64_PADDED, &size))
		return;
	admission_add(admission, SECRET_PROBLEM_BASE64, node, path, "is not base64");
	explain_base64(admission, node);
}

/* Go takes a list of numbers for []byte, too. */
static void judge_byte_list(struct admission *admission, const struct node *list,
                            const struct field_path *path)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct node *item = list->members[i].value;
		struct field_path inner = {.above = path, .item = i};
		int64_t value;

		if (item->kind == NODE_NULL)
			continue;
		if (item->kind != NODE_NUMBER ||
		    !node_number_int64(item, admission->json, &value) || value < 0 || value > 255)
			admission_add(admission, SECRET_PROBLEM_OBJECT, item, &inner,
			              "is not a byte: a number from 0 to 255 was expected");
	}
}

static void judge_bytes(struct admission *admission, const struct type *type,
                        const struct node *node, const struct field_path *path)
{
	if (node->kind == NODE_STRING) {
		judge_base64(admission, node, path);
	} else if (node->kind == NODE_SEQUENCE) {
		judge_byte_list(admission, node, path);
	} else {
		refuse_type(admission, type, node, path);
		if (node->kind == NODE_MAPPING)
			admission_hint(admission, "write it as a string in stringData");
		else
			admission_hint(admission, "put it in quotes, if it is base64");
	}
}

/* ---- Fields and keys ---- */

static const struct field *find_field(const struct type *type, const struct node *key)
{
	for (size_t i = 0; i < type->count; i++)
		if (key->len == strlen(type->fields[i].name) &&
		    memcmp(key->text, type->fields[i].name, key->len) == 0)
			return &type->fields[i];
	return NULL;
}

static bool is_identifier(const struct node *key)
{
	return key->len > 0 && key->len <= 40 &&
	       strspn(key->text,
	              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == key->len;
}

/* From a struct to what looks like a field, else to a key. */
static struct field_path step_to(const struct type *type, const struct node *key,
                                 const struct field_path *above)
{
	if (type->count > 0 && is_identifier(key))
		return (struct field_path){.above = above, .field = key->text};
	return (struct field_path){.above = above, .key = key};
}

/* ---- Repeated keys ---- */

/* Members that `<<` added come last, and repeat nothing. */
static void judge_repetition(struct admission *admission, const struct type *type,
                             const struct node *mapping, const struct field_path *path)
{
	const struct node_member **sorted;

	if (mapping->count < 2)
		return;
	sorted = admission_sort(mapping);
	for (size_t i = 1; i < mapping->count; i++) {
		struct field_path inner = step_to(type, sorted[i]->key, path);

		if (!sorted[i]->merged && node_compare(sorted[i - 1]->key, sorted[i]->key) == 0)
			admission_add(admission, SECRET_PROBLEM_OBJECT, sorted[i]->key, &inner,
			              "appears more than once");
	}
	memory_release(sorted);
}

/* ---- Collections ---- */

static void judge_node(struct admission *admission, const struct type *type,
                       const struct node *node, const struct field_path *path)
{
	if (type->judge && node->kind != NODE_NULL)
		type->judge(admission, type, node, path);
}

static void judge_map(struct admission *admission, const struct type *type, const struct node *node,
                      const struct field_path *path)
{
	if (node->kind != NODE_MAPPING) {
		refuse_type(admission, type, node, path);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		struct field_path inner = {.above = path, .key = node->members[i].key};

		judge_node(admission, type->inner, node->members[i].value, &inner);
	}
	judge_repetition(admission, type, node, path);
}

static void judge_list(struct admission *admission, const struct type *type,
                       const struct node *node, const struct field_path *path)
{
	if (node->kind != NODE_SEQUENCE) {
		refuse_type(admission, type, node, path);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		struct field_path inner = {.above = path, .item = i};

		judge_node(admission, type->inner, node->members[i].value, &inner);
	}
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
                         const struct node *key, const struct field_path *path)
{
	struct field_path inner = step_to(type, key, path);
	const char *similar = find_similar(type, key->text);

	admission_add(admission, SECRET_PROBLEM_OBJECT, key, &inner, "is not a field of %s",
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
static bool is_of_sops(const struct type *type, const struct node_member *member)
{
	return type == &secret && node_is(member->key, "sops") &&
	       member->value->kind == NODE_MAPPING;
}

static void judge_struct(struct admission *admission, const struct type *type,
                         const struct node *node, const struct field_path *path)
{
	if (node->kind != NODE_MAPPING) {
		refuse_type(admission, type, node, path);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct node_member *member = &node->members[i];
		const struct field *field = find_field(type, member->key);
		struct field_path inner = step_to(type, member->key, path);

		if (field) {
			judge_node(admission, field->type, member->value, &inner);
		} else if (!is_of_sops(type, member)) {
			refuse_field(admission, type, member->key, path);
		}
	}
	judge_repetition(admission, type, node, path);
}

void admission_types(struct admission *admission, const struct node *root)
{
	judge_struct(admission, &secret, root, NULL);
}
