#include "secret_problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/manifest/templated.h"

enum { SHOWN_MAX = 80 }; /* bytes of a key that a path repeats */

void secret_problems_release(struct secret_problems *problems)
{
	memory_release(problems->items);
	*problems = SECRET_PROBLEMS_INIT;
}

/* ---- Paths ---- */

/* No half characters at the end, and no NUL. */
static void append_key(struct buf *line, const struct node *key)
{
	size_t len = key->len < SHOWN_MAX ? key->len : SHOWN_MAX;

	while (len < key->len && len > SHOWN_MAX - UTF8_MAX &&
	       ((unsigned char)key->text[len] & 0xC0) == 0x80)
		len--;
	buf_append_string(line, "[\"");
	for (size_t i = 0; i < len; i++)
		buf_append_char(line, key->text[i] ? key->text[i] : '?');
	buf_append_string(line, len < key->len ? "...\"]" : "\"]");
}

static void append_path(struct buf *line, const struct field_path *path)
{
	if (!path)
		return;
	append_path(line, path->above);
	if (path->key)
		append_key(line, path->key);
	else if (path->field)
		buf_append_format(line, "%s%s", path->above ? "." : "", path->field);
	else
		buf_append_format(line, "[%zu]", path->item);
}

/* ---- Problems ---- */

static struct secret_problem *new_problem(struct secret_problems *problems)
{
	if (problems->count == SECRET_PROBLEMS_MAX) {
		problems->unlisted++;
		return NULL;
	}
	memory_extend(&problems->items, problems->count, &problems->capacity,
	              sizeof *problems->items);
	return &problems->items[problems->count++];
}

void admission_add(struct admission *admission, enum secret_problem_rule rule,
                   const struct node *node, const struct field_path *path, const char *format, ...)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT(BUF_CONFIG_MAX);
	struct secret_problem *problem = new_problem(admission->problems);
	size_t begun;
	va_list arguments;

	admission->last = problem;
	if (!problem)
		return;
	*problem = (struct secret_problem){.rule = rule, .node = node, .place = node->place};
	append_path(&line, path);
	snprintf(problem->message, sizeof problem->message, path ? "%s " : "%s", line.data);
	begun = strlen(problem->message);
	va_start(arguments, format);
	vsnprintf(problem->message + begun, sizeof problem->message - begun, format, arguments);
	va_end(arguments);
}

void admission_hint(struct admission *admission, const char *format, ...)
{
	va_list arguments;

	if (!admission->last)
		return;
	va_start(arguments, format);
	vsnprintf(admission->last->hint, sizeof admission->last->hint, format, arguments);
	va_end(arguments);
}

/* ---- Texts and names ---- */

bool admission_text(const struct node *node, struct view *text)
{
	*text = view_of("");
	if (!node || node->kind == NODE_NULL)
		return true;
	if (node->kind != NODE_STRING || value_is_unknown(node))
		return false;
	*text = (struct view){node->text, node->len};
	return true;
}

size_t admission_count(const struct node *node, enum node_kind kind)
{
	return node && node->kind == kind ? node->count : 0;
}

void admission_refuse(struct admission *admission, const struct node *node,
                      const struct field_path *path, const char *words)
{
	admission_add(admission, SECRET_PROBLEM_OBJECT, node, path, "%s", words);
}

bool admission_name(struct admission *admission, enum k8s_name_kind kind, struct view text,
                    const struct node *node, const struct field_path *path)
{
	struct error error;

	if (k8s_name_check(kind, text.data, text.len, &error))
		return true;
	admission_add(admission, SECRET_PROBLEM_OBJECT, node, path, "is not valid: %s",
	              error.message);
	if (error.hint[0])
		admission_hint(admission, "%s", error.hint);
	return false;
}

void admission_key(struct admission *admission, enum k8s_name_kind kind, const struct node *key,
                   const struct field_path *path)
{
	if (!value_is_unknown(key))
		admission_name(admission, kind, (struct view){key->text, key->len}, key, path);
}

/* ---- Members by key ---- */

/* Members of one mapping: their addresses tell which came first. */
static int by_key(const void *a, const void *b)
{
	const struct node_member *x = *(const struct node_member *const *)a;
	const struct node_member *y = *(const struct node_member *const *)b;
	int order = node_compare(x->key, y->key);

	return order ? order : (x > y) - (x < y);
}

const struct node_member **admission_sort(const struct node *mapping)
{
	const struct node_member **sorted =
	    memory_acquire((mapping->count + 1) * sizeof(struct node_member *));

	for (size_t i = 0; i < mapping->count; i++)
		sorted[i] = &mapping->members[i];
	qsort(sorted, mapping->count, sizeof(struct node_member *), by_key);
	return sorted;
}
