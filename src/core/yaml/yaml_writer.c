#include "regcred/yaml/yaml_writer.h"

#include <string.h>

#include "regcred/yaml/yaml_scalar.h"

enum { YAML_INDENT = 2 };

static void append_text(struct buf *out, const char *text)
{
	yaml_scalar_append(out, text, strlen(text));
}

static void append_members(struct buf *out, const struct json *object, size_t indent);

/* What is after "key:" or "-", with the line feed. */
static void append_value(struct buf *out, const struct json *value, size_t indent);

static void append_items(struct buf *out, const struct json *array, size_t indent)
{
	for (const struct json *item = json_first(array); item; item = json_next(item)) {
		size_t start = out->len;

		buf_append_repeated(out, ' ', indent);
		buf_append_char(out, '-');
		if (json_kind(item) != JSON_KIND_OBJECT || !json_first(item)) {
			append_value(out, item, indent + YAML_INDENT);
			continue;
		}
		/* The first member shares the dash's line: its indent becomes "- ". */
		buf_truncate(out, start);
		append_members(out, item, indent + YAML_INDENT);
		if (!out->failure)
			out->data[start + indent] = '-';
	}
}

static void append_value(struct buf *out, const struct json *value, size_t indent)
{
	enum json_kind kind = json_kind(value);
	bool nested = kind == JSON_KIND_OBJECT || kind == JSON_KIND_ARRAY;

	if (nested && json_first(value)) {
		buf_append_char(out, '\n');
		if (kind == JSON_KIND_OBJECT)
			append_members(out, value, indent + YAML_INDENT);
		else
			append_items(out, value, indent);
		return;
	}
	buf_append_char(out, ' ');
	if (nested)
		buf_append_string(out, kind == JSON_KIND_OBJECT ? "{}" : "[]");
	else if (kind == JSON_KIND_STRING)
		append_text(out, json_text(value));
	else
		buf_append_string(out, json_text(value));
	buf_append_char(out, '\n');
}

static void append_members(struct buf *out, const struct json *object, size_t indent)
{
	for (const struct json *member = json_first(object); member; member = json_next(member)) {
		buf_append_repeated(out, ' ', indent);
		append_text(out, json_key(member));
		buf_append_char(out, ':');
		append_value(out, member, indent);
	}
}

void yaml_append_object(struct buf *out, const struct json *object)
{
	append_members(out, object, 0);
}
