#include "secret_problem.h"

#include <stdarg.h>
#include <stdio.h>
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

/* ---- Spots ---- */

struct spot spot_field(const struct spot *above, const char *field)
{
	return (struct spot){.above = above, .node = node_get(above->node, field), .field = field};
}

struct spot spot_child(const struct spot *above, size_t index)
{
	const struct node_member *member = &above->node->members[index];

	return (struct spot){
	    .above = above, .node = member->value, .key = member->key, .item = index};
}

bool spot_fits(const struct spot *spot, enum node_kind kind)
{
	return !spot->node || spot->node->kind == NODE_NULL || spot->node->kind == kind;
}

size_t spot_count(const struct spot *spot, enum node_kind kind)
{
	return spot->node && spot->node->kind == kind ? spot->node->count : 0;
}

bool spot_text(const struct spot *spot, struct view *text)
{
	const struct node *node = spot->node;

	*text = VIEW_EMPTY;
	if (!node || node->kind == NODE_NULL)
		return true;
	if (node->kind != NODE_STRING || value_is_unknown(node))
		return false;
	*text = (struct view){node->text, node->len};
	return true;
}

/* Without a NUL. */
static void append_key(struct buf *line, const struct node *key)
{
	size_t len = utf8_cut(key->text, key->len, SHOWN_MAX);

	buf_append_string(line, "[\"");
	for (size_t i = 0; i < len; i++)
		buf_append_char(line, key->text[i] ? key->text[i] : '?');
	buf_append_string(line, len < key->len ? "...\"]" : "\"]");
}

static void append_path(struct buf *line, const struct spot *spot)
{
	if (!spot->above)
		return;
	append_path(line, spot->above);
	if (spot->field)
		buf_append_format(line, "%s%s", line->len ? "." : "", spot->field);
	else if (spot->key)
		append_key(line, spot->key);
	else
		buf_append_format(line, "[%zu]", spot->item);
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
                   const struct spot *spot, const char *format, ...)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_CONFIG_MAX);
	struct secret_problem *problem = admission->last = new_problem(admission->problems);
	size_t begun;
	va_list arguments;

	if (!problem)
		return;
	append_path(&path, spot);
	while (!spot->node)
		spot = spot->above;
	*problem =
	    (struct secret_problem){.rule = rule, .node = spot->node, .place = spot->node->place};
	snprintf(problem->message, sizeof problem->message, "%s ", path.data);
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

void admission_refuse(struct admission *admission, const struct spot *spot, const char *words)
{
	admission_add(admission, SECRET_PROBLEM_OBJECT, spot, "%s", words);
}

bool admission_name(struct admission *admission, enum k8s_name_kind kind, struct view text,
                    const struct spot *spot)
{
	struct error error;

	if (k8s_name_check(kind, text.data, text.len, &error))
		return true;
	admission_add(admission, SECRET_PROBLEM_OBJECT, spot, "is not valid: %s", error.message);
	if (error.hint[0])
		admission_hint(admission, "%s", error.hint);
	return false;
}

void admission_keys(struct admission *admission, enum k8s_name_kind kind, const struct spot *map)
{
	for (size_t i = 0; i < spot_count(map, NODE_MAPPING); i++) {
		struct spot spot = spot_child(map, i);
		struct view text = {spot.key->text, spot.key->len};

		spot.node = spot.key;
		if (!value_is_unknown(spot.key))
			admission_name(admission, kind, text, &spot);
	}
}
