#include "regcred/json/json.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"

/* `struct json` is cJSON under a name of ours. */
static cJSON *node_of(struct json *node)
{
	return (cJSON *)node;
}

static const cJSON *node_of_const(const struct json *node)
{
	return (const cJSON *)node;
}

/* cJSON keeps its hooks in a global; setting the same ones again is harmless,
 * and every tree begins at one of the four functions that do. */
static void use_wiping_memory(void)
{
	cJSON_Hooks hooks = {.malloc_fn = memory_acquire, .free_fn = memory_release};

	cJSON_InitHooks(&hooks);
}

struct json *json_object(void)
{
	use_wiping_memory();
	return (struct json *)cJSON_CreateObject();
}

struct json *json_array(void)
{
	use_wiping_memory();
	return (struct json *)cJSON_CreateArray();
}

struct json *json_string(const char *text)
{
	use_wiping_memory();
	return (struct json *)cJSON_CreateString(text);
}

/* The letters of JSON's short escapes, each at the place of its character. */
static void append_ascii(struct buf *out, char c)
{
	static const char meant[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = c ? strchr(meant, c) : NULL;

	if (at)
		buf_append_format(out, "\\%c", letters[at - meant]);
	else if ((unsigned char)c < ' ')
		buf_append_format(out, "\\u%04x", (unsigned)c);
	else
		buf_append_char(out, c);
}

static void append_rune(struct buf *out, uint32_t rune)
{
	char bytes[UTF8_MAX];

	if (rune < 0x7F)
		append_ascii(out, (char)rune);
	else if (rune == UTF8_INVALID || !utf8_is_invisible(rune))
		buf_append(out, bytes,
		           utf8_encode(rune == UTF8_INVALID ? UTF8_REPLACEMENT : rune, bytes));
	else if (rune <= 0xFFFF)
		buf_append_format(out, "\\u%04x", (unsigned)rune);
	else
		buf_append_format(out, "\\u%04x\\u%04x",
		                  0xD800 + (unsigned)((rune - 0x10000) >> 10),
		                  0xDC00 + (unsigned)(rune & 0x3FF));
}

void json_append_literal(struct buf *out, struct view text)
{
	uint32_t rune;

	buf_append_char(out, '"');
	for (size_t at = 0; at < text.len;) {
		at += utf8_decode(text.data + at, text.len - at, &rune);
		append_rune(out, rune);
	}
	buf_append_char(out, '"');
}

/* cJSON's strings end at a zero byte and escape no more than JSON asks for, so it goes in as
 * the literal that it is printed as. */
struct json *json_bytes(const char *bytes, size_t len)
{
	CLEANUP(buf_release) struct buf literal = BUF_INIT(SIZE_MAX / 2);

	json_append_literal(&literal, (struct view){bytes, len});
	return json_raw(literal.data);
}

struct json *json_raw(const char *text)
{
	use_wiping_memory();
	return (struct json *)cJSON_CreateRaw(text);
}

static struct json *json_of_text(const char *text)
{
	return text ? json_bytes(text, strlen(text)) : json_raw("null");
}

static struct json *json_of_view(struct view text)
{
	return json_bytes(text.data, text.len);
}

static struct json *json_of_number(long long number)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", number);
	return json_raw(number < 0 ? "null" : text);
}

void json_release(struct json **root)
{
	cJSON_Delete(node_of(*root));
	*root = NULL;
}

void json_add(struct json *object, const char *key, struct json *value)
{
	cJSON_AddItemToObject(node_of(object), key, node_of(value));
}

void json_append(struct json *array, struct json *value)
{
	cJSON_AddItemToArray(node_of(array), node_of(value));
}

struct json *json_texts(const struct string_list *texts)
{
	struct json *array = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_append(array, json_of_view(texts->items[i]));
	return array;
}

static struct json *build(const char **shape, va_list *arguments);

static struct json *build_container(const char **shape, va_list *arguments)
{
	bool is_object = *(*shape)++ == '{';
	struct json *container = is_object ? json_object() : json_array();

	while (**shape != '}' && **shape != ']') {
		struct json *value;
		char key[64];
		size_t len = is_object ? strcspn(*shape, ":") : 0;

		snprintf(key, sizeof key, "%.*s", (int)len, *shape);
		*shape += is_object ? len + 1 : 0;
		value = build(shape, arguments);
		if (value && is_object)
			json_add(container, key, value);
		else if (value)
			json_append(container, value);
		*shape += **shape == ',';
	}
	++*shape;
	return container;
}

static struct json *build(const char **shape, va_list *arguments)
{
	char word[64];
	const char *text = word;

	if (**shape == '{' || **shape == '[')
		return build_container(shape, arguments);
	snprintf(word, sizeof word, "%.*s", (int)strcspn(*shape, ",]}"), *shape);
	*shape += strlen(word);
	if (strcmp(word, "%j") == 0)
		return va_arg(*arguments, struct json *);
	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0)
		return json_raw(word);
	if (strcmp(word, "%b") == 0)
		return json_raw(va_arg(*arguments, int) ? "true" : "false");
	if (strcmp(word, "%v") == 0)
		return json_of_view(va_arg(*arguments, struct view));
	if (strcmp(word, "%d") == 0)
		return json_of_number(va_arg(*arguments, long long));
	if (strcmp(word, "%t") == 0)
		return json_of_text(va_arg(*arguments, const char *));
	if (strcmp(word, "%s") == 0)
		text = va_arg(*arguments, const char *);
	return text ? json_string(text) : NULL;
}

struct json *json_build(const char *shape, ...)
{
	struct json *root;
	va_list arguments;

	va_start(arguments, shape);
	root = build(&shape, &arguments);
	va_end(arguments);
	return root;
}

enum json_kind json_kind(const struct json *node)
{
	const cJSON *item = node_of_const(node);

	if (cJSON_IsObject(item))
		return JSON_KIND_OBJECT;
	if (cJSON_IsArray(item))
		return JSON_KIND_ARRAY;
	return cJSON_IsString(item) ? JSON_KIND_STRING : JSON_KIND_RAW;
}

const struct json *json_first(const struct json *container)
{
	return (const struct json *)node_of_const(container)->child;
}

const struct json *json_next(const struct json *node)
{
	return (const struct json *)node_of_const(node)->next;
}

const char *json_key(const struct json *member)
{
	return node_of_const(member)->string;
}

const char *json_text(const struct json *node)
{
	return node_of_const(node)->valuestring;
}

/* Inside a string: appends what is at `text` as Go's encoding/json escapes
 * it (encode.go, appendString with escapeHTML), returns how many bytes it took. */
static size_t append_escaped(struct buf *out, const char *text)
{
	if (*text == '<' || *text == '>' || *text == '&') {
		buf_append_format(out, "\\u%04x", (unsigned)*text);
		return 1;
	}
	if (strncmp(text, "\xE2\x80\xA8", 3) == 0 || strncmp(text, "\xE2\x80\xA9", 3) == 0) {
		buf_append_string(out, text[2] == '\xA8' ? "\\u2028" : "\\u2029");
		return 3;
	}
	buf_append_char(out, *text);
	return 1;
}

/* Appends the string literal at `text`, quotes included; returns its length. */
static size_t append_literal(struct buf *out, const char *text)
{
	size_t at = 1;

	buf_append_char(out, '"');
	while (text[at] != '"') {
		size_t plain = strcspn(text + at, "\"\\<>&\xE2");

		buf_append(out, text + at, plain);
		at += plain;
		if (text[at] == '\\') { /* an escape of cJSON's own: the two go together */
			buf_append(out, text + at, 2);
			at += 2;
		} else if (text[at] != '"') {
			at += append_escaped(out, text + at);
		}
	}
	buf_append_char(out, '"');
	return at + 1;
}

enum { INDENT = 4 };

static void append_break(struct buf *out, enum json_layout layout, unsigned depth)
{
	if (layout == JSON_COMPACT)
		return;
	buf_append_char(out, '\n');
	buf_append_repeated(out, ' ', (size_t)depth * INDENT);
}

/* Lays out cJSON's compact text: all blanks outside strings are ours. */
static void append_laid_out(struct buf *out, const char *text, enum json_layout layout,
                            unsigned depth)
{
	for (size_t at = 0; text[at];) {
		char c = text[at];
		bool opens = c == '{' || c == '[';

		if (c == '"') {
			at += append_literal(out, text + at);
			continue;
		}
		at++;
		if (opens && (text[at] == '}' || text[at] == ']')) {
			buf_append(out, text + at++ - 1, 2);
			continue;
		}
		if (c == '}' || c == ']')
			append_break(out, layout, --depth);
		buf_append_char(out, c);
		if (opens || c == ',')
			append_break(out, layout, opens ? ++depth : depth);
		else if (c == ':' && layout == JSON_INDENTED)
			buf_append_char(out, ' ');
	}
}

bool json_print(const struct json *root, enum json_layout layout, unsigned depth, struct buf *out,
                struct error *error)
{
	char *text = cJSON_PrintUnformatted(node_of_const(root));

	append_laid_out(out, text, layout, depth);
	memory_release(text);
	return buf_check(out, "the JSON text", error);
}
