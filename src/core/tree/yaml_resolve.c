#include "regcred/tree/yaml_resolve.h"
#include "regcred/base/memory.h"

#include <string.h>

#define TAG "tag:yaml.org,2002:"

/* What a scalar is, finer than a node's kind: tags can ask for either number. */
enum type { TYPE_NULL, TYPE_BOOL, TYPE_INT, TYPE_FLOAT, TYPE_STRING };

/* resolve.go, resolveMapList. */
static const struct {
	const char *text;
	enum type type;
	bool truth;
} words[] = {
    {"~", TYPE_NULL},          {"null", TYPE_NULL},       {"Null", TYPE_NULL},
    {"NULL", TYPE_NULL},       {"true", TYPE_BOOL, true}, {"True", TYPE_BOOL, true},
    {"TRUE", TYPE_BOOL, true}, {"yes", TYPE_BOOL, true},  {"Yes", TYPE_BOOL, true},
    {"YES", TYPE_BOOL, true},  {"y", TYPE_BOOL, true},    {"Y", TYPE_BOOL, true},
    {"on", TYPE_BOOL, true},   {"On", TYPE_BOOL, true},   {"ON", TYPE_BOOL, true},
    {"false", TYPE_BOOL},      {"False", TYPE_BOOL},      {"FALSE", TYPE_BOOL},
    {"no", TYPE_BOOL},         {"No", TYPE_BOOL},         {"NO", TYPE_BOOL},
    {"n", TYPE_BOOL},          {"N", TYPE_BOOL},          {"off", TYPE_BOOL},
    {"Off", TYPE_BOOL},        {"OFF", TYPE_BOOL},        {".nan", TYPE_FLOAT},
    {".NaN", TYPE_FLOAT},      {".NAN", TYPE_FLOAT},      {".inf", TYPE_FLOAT},
    {".Inf", TYPE_FLOAT},      {".INF", TYPE_FLOAT},      {"+.inf", TYPE_FLOAT},
    {"+.Inf", TYPE_FLOAT},     {"+.INF", TYPE_FLOAT},     {"-.inf", TYPE_FLOAT},
    {"-.Inf", TYPE_FLOAT},     {"-.INF", TYPE_FLOAT},
};

enum { WORD_MAX = 5 };

static enum type number_type(const char *text, size_t len)
{
	struct number number;

	if (!number_read(text, len, &number))
		return TYPE_STRING;
	return number.integer ? TYPE_INT : TYPE_FLOAT;
}

static enum type type_of(const char *text, size_t len, bool *truth)
{
	static const char firsts[] = "~nNtTyYoOfF.+-"; /* of the words */

	*truth = false;
	if (len == 0)
		return TYPE_NULL;
	if (len <= WORD_MAX && memchr(firsts, *text, sizeof firsts - 1))
		for (size_t i = 0; i < COUNT(words); i++)
			if (*words[i].text == *text &&
			    view_is((struct view){text, len}, words[i].text)) {
				*truth = words[i].truth;
				return words[i].type;
			}
	return number_type(text, len);
}

/* resolve.go, allowedTimestampFormats, of which the date is looked at: a year, a month, a day. */
static bool is_timestamp(const char *text)
{
	static const char *const forms[] = {"dddd-dd-dd", "dddd-dd-d", "dddd-d-dd", "dddd-d-d"};
	size_t len = strcspn(text, "Tt ");

	for (size_t i = 0; i < COUNT(forms); i++) {
		size_t at = 0;

		while (at < len &&
		       forms[i][at] == (text[at] >= '0' && text[at] <= '9' ? 'd' : text[at]))
			at++;
		if (at == len && !forms[i][at])
			return true;
	}
	return false;
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

bool yaml_resolve_key(struct node_event *event, char name[NUMBER_TEXT_SIZE])
{
	struct number number;

	if (event->kind == NODE_BOOL)
		event->text = event->truth ? "true" : "false";
	else if (event->kind != NODE_NUMBER || !number_read(event->text, event->len, &number))
		return true;
	else if (number_name(&number, name))
		event->text = name;
	else
		return false;
	event->len = strlen(event->text);
	return true;
}
