#include "regcred/tree/yaml_resolve.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "go_integer.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TAG          "tag:yaml.org,2002:"

enum {
	NUMBER_SIZE = 512, /* longer texts are no number that fits, but for zeros */
};

/* What a scalar is, finer than a node's kind: tags can ask for either number. */
enum type { TYPE_NULL, TYPE_BOOL, TYPE_INT, TYPE_FLOAT, TYPE_STRING };

/* resolve.go, resolveMapList. */
static const struct {
	const char *text;
	enum type type;
	bool truth;
} words[] = {
    {"~", TYPE_NULL, false},      {"null", TYPE_NULL, false},   {"Null", TYPE_NULL, false},
    {"NULL", TYPE_NULL, false},   {"true", TYPE_BOOL, true},    {"True", TYPE_BOOL, true},
    {"TRUE", TYPE_BOOL, true},    {"yes", TYPE_BOOL, true},     {"Yes", TYPE_BOOL, true},
    {"YES", TYPE_BOOL, true},     {"y", TYPE_BOOL, true},       {"Y", TYPE_BOOL, true},
    {"on", TYPE_BOOL, true},      {"On", TYPE_BOOL, true},      {"ON", TYPE_BOOL, true},
    {"false", TYPE_BOOL, false},  {"False", TYPE_BOOL, false},  {"FALSE", TYPE_BOOL, false},
    {"no", TYPE_BOOL, false},     {"No", TYPE_BOOL, false},     {"NO", TYPE_BOOL, false},
    {"n", TYPE_BOOL, false},      {"N", TYPE_BOOL, false},      {"off", TYPE_BOOL, false},
    {"Off", TYPE_BOOL, false},    {"OFF", TYPE_BOOL, false},    {".nan", TYPE_FLOAT, false},
    {".NaN", TYPE_FLOAT, false},  {".NAN", TYPE_FLOAT, false},  {".inf", TYPE_FLOAT, false},
    {".Inf", TYPE_FLOAT, false},  {".INF", TYPE_FLOAT, false},  {"+.inf", TYPE_FLOAT, false},
    {"+.Inf", TYPE_FLOAT, false}, {"+.INF", TYPE_FLOAT, false}, {"-.inf", TYPE_FLOAT, false},
    {"-.Inf", TYPE_FLOAT, false}, {"-.INF", TYPE_FLOAT, false},
};

enum { WORD_MAX = 5 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct integer {
	bool negative;
	uint64_t size;
};

/* ParseInt(text, 0, 64), or ParseUint, which takes no sign. */
static bool read_integer(const char *text, struct integer *integer)
{
	bool sign = *text == '+' || *text == '-';

	integer->negative = *text == '-';
	if (!go_integer_parse(view_of(text + sign), &integer->size))
		return false;
	return !sign || integer->size <= (uint64_t)INT64_MAX + integer->negative;
}

/* resolve.go reads what follows 0b once more, with a sign if there is one: 0b-1. */
static bool read_signed_binary(const char *text, struct integer *integer)
{
	if (strncmp(text, "0b", 2) != 0 || (text[2] != '-' && text[2] != '+'))
		return false;
	integer->negative = text[2] == '-';
	return go_integer_parse_base(view_of(text + 3), 2, &integer->size) &&
	       integer->size <= (uint64_t)INT64_MAX + integer->negative;
}

static const char *skip_digits(const char *text)
{
	while (is_digit(*text))
		text++;
	return text;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? and within a double's range:
 * Go's ParseFloat fails beyond it. */
static bool is_float(const char *text)
{
	const char *at = text + (*text == '+' || *text == '-');
	const char *digits = at;

	at = skip_digits(at);
	if (*at == '.') {
		const char *places = at + 1;

		if (at == digits && !is_digit(*places))
			return false;
		at = skip_digits(places);
	} else if (at == digits) {
		return false;
	}
	if (*at == 'e' || *at == 'E') {
		digits = at + 1 + (at[1] == '+' || at[1] == '-');
		at = skip_digits(digits);
		if (at == digits)
			return false;
	}
	return *at == '\0' && isfinite(strtod(text, NULL));
}

/* Without the `_`, which go-yaml drops wherever they stand. */
static bool without_lines(const char *text, size_t len, char plain[NUMBER_SIZE])
{
	size_t size = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '_')
			continue;
		if (size == NUMBER_SIZE - 1 || text[i] == '\0')
			return false;
		plain[size++] = text[i];
	}
	plain[size] = '\0';
	return true;
}

/* What ParseFloat itself takes of `_`: one, between two digits. */
static bool lines_separate(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '_' &&
		    (i == 0 || i + 1 == len || !is_digit(text[i - 1]) || !is_digit(text[i + 1])))
			return false;
	return true;
}

/* A first sign or digit; a first point goes to ParseFloat as it stands. */
static enum type number_type(const char *text, size_t len, struct integer *integer)
{
	char plain[NUMBER_SIZE] = "";

	if (!is_digit(*text) && *text != '+' && *text != '-' && *text != '.')
		return TYPE_STRING;
	if (!without_lines(text, len, plain))
		return TYPE_STRING;
	if (*text == '.')
		return lines_separate(text, len) && is_float(plain) ? TYPE_FLOAT : TYPE_STRING;
	if (read_integer(plain, integer) || read_signed_binary(plain, integer))
		return TYPE_INT;
	return is_float(plain) ? TYPE_FLOAT : TYPE_STRING;
}

static enum type type_of(const char *text, size_t len, bool *truth)
{
	static const char firsts[] = "~nNtTyYoOfF.+-"; /* of the words */
	struct integer integer;

	*truth = false;
	if (len == 0)
		return TYPE_NULL;
	if (len <= WORD_MAX && memchr(firsts, *text, sizeof firsts - 1))
		for (size_t i = 0; i < COUNT(words); i++)
			if (strlen(words[i].text) == len && !memcmp(words[i].text, text, len)) {
				*truth = words[i].truth;
				return words[i].type;
			}
	return number_type(text, len, &integer);
}

/* ---- !!timestamp: resolve.go, allowedTimestampFormats ---- */

/* A number of one or two digits (`digits` of just so many, if not 0) from `least` to `most`,
 * and what follows it. False: there is none such. */
static bool take_number(const char **text, size_t digits, int least, int most, int *value)
{
	size_t len = 0;

	*value = 0;
	for (; is_digit((*text)[len]) && len < (digits ? digits : 2); len++)
		*value = *value * 10 + ((*text)[len] - '0');
	*text += len;
	return (digits ? len == digits : len > 0) && *value >= least && *value <= most;
}

static bool take_character(const char **text, char character)
{
	return **text == character && *(*text)++;
}

static bool take_date(const char **text)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;

	if (!take_number(text, 4, 0, 9999, &year) || !take_character(text, '-') ||
	    !take_number(text, 0, 1, 12, &month) || !take_character(text, '-') ||
	    !take_number(text, 0, 1, days[month - 1], &day))
		return false;
	return month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static bool take_time(const char **text)
{
	int number;

	if (!take_number(text, 0, 0, 23, &number) || !take_character(text, ':') ||
	    !take_number(text, 0, 0, 59, &number) || !take_character(text, ':') ||
	    !take_number(text, 0, 0, 59, &number))
		return false;
	if ((**text == '.' || **text == ',') && is_digit((*text)[1]))
		*text = skip_digits(*text + 1);
	return true;
}

static bool take_zone(const char **text)
{
	int number;

	if (take_character(text, 'Z'))
		return true;
	return (take_character(text, '+') || take_character(text, '-')) &&
	       take_number(text, 2, 0, 24, &number) && take_character(text, ':') &&
	       take_number(text, 2, 0, 60, &number);
}

static bool is_timestamp(const char *text)
{
	char between;

	if (!take_date(&text))
		return false;
	between = *text++;
	if (between == '\0')
		return true;
	if (between != 'T' && between != 't' && between != ' ')
		return false;
	return take_time(&text) && (between == ' ' || take_zone(&text)) && *text == '\0';
}

static enum node_kind kind_of(enum type type)
{
	static const enum node_kind kinds[] = {NODE_NULL, NODE_BOOL, NODE_NUMBER, NODE_NUMBER,
	                                       NODE_STRING};

	return kinds[type];
}

struct yaml_scalar_kind yaml_resolve(const char *text, size_t len)
{
	struct yaml_scalar_kind kind;

	kind.kind = kind_of(type_of(text, len, &kind.truth));
	return kind;
}

/* decode.go and resolve.go: a tag among these must fit, any other makes a string. */
bool yaml_resolve_tagged(const char *tag, const char *text, size_t len,
                         struct yaml_scalar_kind *kind)
{
	static const struct {
		const char *tag;
		enum type type;
	} tags[] = {{TAG "null", TYPE_NULL},
	            {TAG "bool", TYPE_BOOL},
	            {TAG "int", TYPE_INT},
	            {TAG "float", TYPE_FLOAT}};
	enum type type = type_of(text, len, &kind->truth);

	for (size_t i = 0; i < COUNT(tags); i++)
		if (strcmp(tag, tags[i].tag) == 0) {
			kind->kind = kind_of(type);
			return type == tags[i].type ||
			       (type == TYPE_INT && tags[i].type == TYPE_FLOAT);
		}
	*kind = (struct yaml_scalar_kind){NODE_STRING, false};
	return strcmp(tag, TAG "timestamp") != 0 || is_timestamp(text);
}

bool yaml_tag_is_binary(const char *tag)
{
	return strcmp(tag, TAG "binary") == 0;
}

/* ---- Keys: sigs.k8s.io/yaml 1.4, convertToJSONableObject ---- */

/* strconv.FormatFloat(value, 'g', -1, 32): the shortest text that is the same float32, with
 * an exponent below -4 and from 6 on. */
static void print_float(double value, char name[YAML_KEY_SIZE])
{
	float single = (float)value;
	int precision = 0, exponent;

	if (isnan(single) || isinf(single)) {
		snprintf(name, YAML_KEY_SIZE, "%s",
		         isnan(single)   ? ".nan"
		         : single > 0.0F ? ".inf"
		                         : "-.inf");
		return;
	}
	do
		snprintf(name, YAML_KEY_SIZE, "%.*e", precision++, (double)single);
	while (strtof(name, NULL) != single);
	exponent = atoi(strchr(name, 'e') + 1);
	if (exponent < -4 || exponent >= 6)
		return;
	precision = precision - 1 - exponent;
	snprintf(name, YAML_KEY_SIZE, "%.*f", precision > 0 ? precision : 0, (double)single);
}

/* What is no integer is a number, or one of the words; strtod takes those without a dot. */
static double float_of(const char *text, size_t len)
{
	char plain[NUMBER_SIZE];

	if (!without_lines(text, len, plain))
		return 0;
	if (strpbrk(plain, "nN"))
		return strpbrk(plain, "fF") ? (*plain == '-' ? -INFINITY : INFINITY) : NAN;
	return strtod(plain, NULL);
}

static bool name_number(const char *text, size_t len, char name[YAML_KEY_SIZE])
{
	struct integer integer;

	if (number_type(text, len, &integer) != TYPE_INT) {
		print_float(float_of(text, len), name);
		return true;
	}
	snprintf(name, YAML_KEY_SIZE, "%s%llu", integer.negative && integer.size ? "-" : "",
	         (unsigned long long)integer.size);
	return integer.negative || integer.size <= INT64_MAX;
}

bool yaml_resolve_key(struct node_event *event, char name[YAML_KEY_SIZE])
{
	if (event->kind == NODE_BOOL)
		event->text = event->truth ? "true" : "false";
	else if (event->kind != NODE_NUMBER)
		return true;
	else if (name_number(event->text, event->len, name))
		event->text = name;
	else
		return false;
	event->len = strlen(event->text);
	return true;
}
