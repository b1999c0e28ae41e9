#include "secret_judge.h"

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

bool secret_judge_is_unknown(const struct node *node)
{
	return node && node->kind == NODE_STRING &&
	       (value_is_templated(node->text, node->len) ||
	        value_is_encrypted(node->text, node->len));
}

/* ---- Paths ---- */

struct line {
	char *text;
	size_t len, size;
};

static void put(struct line *line, const char *bytes, size_t len)
{
	size_t room = line->size - 1 - line->len;

	memcpy(line->text + line->len, bytes, len < room ? len : room);
	line->len += len < room ? len : room;
	line->text[line->len] = '\0';
}

static void put_string(struct line *line, const char *string)
{
	put(line, string, strlen(string));
}

/* No half characters at the end, and no NUL. */
static void put_key(struct line *line, const struct node *key)
{
	size_t len = key->len < SHOWN_MAX ? key->len : SHOWN_MAX;

	while (len < key->len && len > SHOWN_MAX - UTF8_MAX &&
	       ((unsigned char)key->text[len] & 0xC0) == 0x80)
		len--;
	put_string(line, "[\"");
	for (size_t i = 0; i < len; i++)
		put(line, key->text[i] ? &key->text[i] : "?", 1);
	put_string(line, len < key->len ? "...\"]" : "\"]");
}

static void put_path(struct line *line, const struct secret_path *path)
{
	char item[32];

	if (!path)
		return;
	put_path(line, path->above);
	if (path->key) {
		put_key(line, path->key);
	} else if (path->field) {
		put_string(line, path->above ? "." : "");
		put_string(line, path->field);
	} else {
		snprintf(item, sizeof item, "[%zu]", path->item);
		put_string(line, item);
	}
}

/* ---- Problems ---- */

static struct secret_problem *new_problem(struct secret_judge *judge)
{
	struct secret_problems *problems = judge->problems;

	if (problems->count == SECRET_PROBLEMS_MAX) {
		problems->unlisted++;
		return NULL;
	}
	if (!memory_extend(&problems->items, problems->count, &problems->capacity,
	                   sizeof *problems->items)) {
		judge->failed = true;
		return NULL;
	}
	return &problems->items[problems->count++];
}

void secret_judge_add(struct secret_judge *judge, enum secret_problem_rule rule,
                      const struct node *node, const struct secret_path *path, const char *format,
                      ...)
{
	struct secret_problem *problem = new_problem(judge);
	struct line line;
	va_list arguments;

	judge->last = problem;
	if (!problem)
		return;
	*problem = (struct secret_problem){.rule = rule, .node = node, .place = node->place};
	line = (struct line){problem->message, 0, sizeof problem->message};
	put_path(&line, path);
	put_string(&line, path ? " " : "");
	va_start(arguments, format);
	vsnprintf(line.text + line.len, line.size - line.len, format, arguments);
	va_end(arguments);
}

void secret_judge_hint(struct secret_judge *judge, const char *format, ...)
{
	va_list arguments;

	if (!judge->last)
		return;
	va_start(arguments, format);
	vsnprintf(judge->last->hint, sizeof judge->last->hint, format, arguments);
	va_end(arguments);
}

/* ---- Texts and names ---- */

bool secret_judge_text(const struct node *node, struct secret_text *text)
{
	*text = (struct secret_text){"", 0};
	if (!node || node->kind == NODE_NULL)
		return true;
	if (node->kind != NODE_STRING || secret_judge_is_unknown(node))
		return false;
	*text = (struct secret_text){node->text, node->len};
	return true;
}

size_t secret_judge_count(const struct node *node, enum node_kind kind)
{
	return node && node->kind == kind ? node->count : 0;
}

void secret_judge_refuse(struct secret_judge *judge, const struct node *node,
                         const struct secret_path *path, const char *words)
{
	secret_judge_add(judge, SECRET_PROBLEM_OBJECT, node, path, "%s", words);
}

/* Puts down what a rule about names says of the text. */
bool secret_judge_name(struct secret_judge *judge, enum k8s_name_kind kind, struct secret_text text,
                       const struct node *node, const struct secret_path *path)
{
	struct error error;

	if (k8s_name_check(kind, text.data, text.len, &error))
		return true;
	secret_judge_add(judge, SECRET_PROBLEM_OBJECT, node, path, "is not valid: %s",
	                 error.message);
	if (error.hint[0])
		secret_judge_hint(judge, "%s", error.hint);
	return false;
}

void secret_judge_key(struct secret_judge *judge, enum k8s_name_kind kind, const struct node *key,
                      const struct secret_path *path)
{
	if (!secret_judge_is_unknown(key))
		secret_judge_name(judge, kind, (struct secret_text){key->text, key->len}, key,
		                  path);
}

/* ---- Members by key ---- */

int secret_judge_compare(const struct node *a, const struct node *b)
{
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* Members of one mapping: their addresses tell which came first. */
static int by_key(const void *a, const void *b)
{
	const struct node_member *x = *(const struct node_member *const *)a;
	const struct node_member *y = *(const struct node_member *const *)b;
	int order = secret_judge_compare(x->key, y->key);

	return order ? order : (x > y) - (x < y);
}

const struct node_member **secret_judge_sort(struct secret_judge *judge, const struct node *mapping)
{
	const struct node_member **sorted =
	    memory_acquire((mapping->count + 1) * sizeof(struct node_member *));

	if (!sorted) {
		judge->failed = true;
		return NULL;
	}
	for (size_t i = 0; i < mapping->count; i++)
		sorted[i] = &mapping->members[i];
	qsort(sorted, mapping->count, sizeof(struct node_member *), by_key);
	return sorted;
}
