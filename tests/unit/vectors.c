#include "vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* cJSON's strings end at U+0000. It is read as this character of the last private
 * plane instead, which no vector has, and put back by vector_string. */
#define STAND_IN_ESCAPED "\\uDBFF\\uDFFD"
#define STAND_IN         "\xF4\x8F\xBF\xBD"

void vector_file_open(struct vector_file *file, const char *name)
{
	const char *folder = getenv("REGCRED_VECTORS");
	char path[4096];

	*file = (struct vector_file){.name = name};
	snprintf(path, sizeof path, "%s/%s", folder ? folder : "tests/vectors", name);
	file->stream = fopen(path, "r");
	if (!file->stream)
		fail_msg("cannot open %s", path);
}

/* The line with every escaped U+0000 replaced; the caller frees it. */
static char *replace_zeroes(const char *in)
{
	char *text = malloc(strlen(in) * 2 + 1);
	char *out = text;

	assert_non_null(text);
	while (*in) {
		if (strncmp(in, "\\u0000", 6) == 0) {
			out = stpcpy(out, STAND_IN_ESCAPED);
			in += 6;
			continue;
		}
		if (*in == '\\' && in[1])
			*out++ = *in++;
		*out++ = *in++;
	}
	*out = '\0';
	return text;
}

bool vector_file_next(struct vector_file *file)
{
	char *text;

	cJSON_Delete(file->json);
	file->json = NULL;
	if (getline(&file->line, &file->size, file->stream) < 0)
		return false;
	file->number++;
	text = replace_zeroes(file->line);
	file->json = cJSON_Parse(text);
	free(text);
	if (!cJSON_IsObject(file->json))
		fail_msg("%s:%zu: not a JSON object", file->name, file->number);
	return true;
}

void vector_file_close(struct vector_file *file)
{
	const size_t failures = file->failures;
	const size_t lines = file->number;

	cJSON_Delete(file->json);
	free(file->line);
	fclose(file->stream);
	*file = (struct vector_file){.name = file->name};
	if (failures || !lines)
		fail_msg("%s: %zu of %zu lines do not hold", file->name, failures, lines);
}

const char *vector_id(const struct vector_file *file)
{
	const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(file->json, "id"));

	return id ? id : "";
}

/* Puts U+0000 back in place; returns the true length. */
static size_t restore_zeroes(char *text)
{
	char *rest = text;
	char *found;

	while ((found = strstr(rest, STAND_IN))) {
		const char *behind = found + strlen(STAND_IN);

		rest = found + 1;
		*found = '\0';
		memmove(rest, behind, strlen(behind) + 1);
	}
	return (size_t)(rest - text) + strlen(rest);
}

const char *vector_node_string(cJSON *node, size_t *len)
{
	char *text = cJSON_GetStringValue(node);

	*len = 0;
	if (!text)
		return NULL;
	/* A string's number is free: it keeps the length for the next call. */
	if (node->valuedouble == 0)
		node->valuedouble = (double)restore_zeroes(text);
	*len = (size_t)node->valuedouble;
	return text;
}

const char *vector_string(const struct vector_file *file, const char *member, size_t *len)
{
	return vector_node_string(cJSON_GetObjectItemCaseSensitive(file->json, member), len);
}

bool vector_bool(const struct vector_file *file, const char *member)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(file->json, member);

	if (!cJSON_IsBool(value))
		fail_msg("%s:%zu: no boolean \"%s\"", file->name, file->number, member);
	return cJSON_IsTrue(value);
}

void vector_fail(struct vector_file *file, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	file->failures++;
	print_error("%s:%zu: %s: %s\n", file->name, file->number, vector_id(file), text);
}
