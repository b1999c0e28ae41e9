#include "regcred/kube/namespaces.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/view.h"
#include "regcred/kube/k8s_name.h"

void namespaces_release(struct namespaces *namespaces)
{
	memory_release(namespaces->names);
	memory_release(namespaces->slots);
	*namespaces = NAMESPACES_INIT;
}

/* A slot is the number of a name, from 1, in the bits that numbers need, and bits
 * of its hash in those they leave: most others are told apart without a look at
 * them, which memory makes the dear part. 0: free. Returns where `name` is or
 * belongs. */
static uint32_t *find_slot(const struct namespaces *namespaces, const char *name, uint32_t hash)
{
	size_t mask = namespaces->slot_count - 1, at = hash & mask;
	uint32_t numbers = namespaces->number_bits;

	for (uint32_t slot; (slot = namespaces->slots[at]); at = (at + 1) & mask)
		if (((slot ^ hash) & ~numbers) == 0 &&
		    strcmp(namespaces->names[(slot & numbers) - 1], name) == 0)
			break;
	return &namespaces->slots[at];
}

/* Puts the name of that number, from 1, into the table; false if it is there. */
static bool put_in_table(struct namespaces *namespaces, const char *name, size_t number)
{
	uint32_t hash = view_hash(view_of(name));
	uint32_t *slot = find_slot(namespaces, name, hash);

	if (*slot)
		return false;
	*slot = (hash & ~namespaces->number_bits) | (uint32_t)number;
	return true;
}

/* A table that is at most half full when `capacity` names are in it. */
static void make_table(struct namespaces *namespaces)
{
	size_t count = 64;

	while (count < 2 * namespaces->capacity)
		count *= 2;
	memory_release(namespaces->slots);
	namespaces->slots = memory_acquire(count * sizeof *namespaces->slots);
	memset(namespaces->slots, 0, count * sizeof *namespaces->slots);
	namespaces->slot_count = count;
	namespaces->number_bits = (uint32_t)count - 1;
	for (size_t i = 0; i < namespaces->count; i++)
		put_in_table(namespaces, namespaces->names[i], i + 1);
}

/* Room for one more in the list, and in the table if there is one. */
static void make_room(struct namespaces *namespaces)
{
	size_t capacity = namespaces->capacity;

	memory_extend(&namespaces->names, namespaces->count, &namespaces->capacity,
	              sizeof *namespaces->names);
	if (namespaces->slots && namespaces->capacity != capacity)
		make_table(namespaces);
}

/* Spares an empty list the growing when its length is known. */
static void expect(struct namespaces *namespaces, size_t count)
{
	if (namespaces->count || count <= namespaces->capacity)
		return;
	memory_release(namespaces->names);
	namespaces->names = memory_acquire(count * sizeof *namespaces->names);
	namespaces->capacity = count;
}

static bool refuse_repeated(const char *name, struct error *error)
{
	return error_set(error, DIAGNOSTIC_NAMESPACE_DUPLICATE,
	                 "each namespace gets one Secret: leave the second one out",
	                 "namespace \"%s\" is given twice", name);
}

bool namespaces_add(struct namespaces *namespaces, const char *name, struct error *error)
{
	int order = -1;

	if (!k8s_name_check(K8S_NAME_NAMESPACE, name, strlen(name), error))
		return false;
	make_room(namespaces);
	if (!namespaces->slots && namespaces->count)
		order = strcmp(namespaces->names[namespaces->count - 1], name);
	if (order == 0)
		return refuse_repeated(name, error);
	if (order > 0)
		make_table(namespaces);
	if (namespaces->slots && !put_in_table(namespaces, name, namespaces->count + 1))
		return refuse_repeated(name, error);
	namespaces->names[namespaces->count++] = name;
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool namespaces_have(const struct namespaces *namespaces, const char *name)
{
	if (namespaces->slots)
		return *find_slot(namespaces, name, view_hash(view_of(name))) != 0;
	return namespaces->count && bsearch(&name, namespaces->names, namespaces->count,
	                                    sizeof *namespaces->names, compare_names) != NULL;
}

/* The name on a line, without blanks around it; NULL: a blank line or a comment. */
static char *name_on_line(char *line)
{
	static const char prefix[] = "namespace/";
	size_t len;

	while (*line == ' ' || *line == '\t')
		line++;
	len = strlen(line);
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r'))
		line[--len] = '\0';
	if (len == 0 || *line == '#')
		return NULL;
	return strncmp(line, prefix, sizeof prefix - 1) == 0 ? line + sizeof prefix - 1 : line;
}

static size_t count_lines(const struct buf *text)
{
	const char *at = text->data, *end = text->data + text->len;
	size_t count = 1;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		count++;
	}
	return count;
}

static bool fail_at(const char *place, size_t number, struct error *error)
{
	error_from_input(error);
	return error_prefix(error, "%s:%zu", place, number);
}

bool namespaces_parse(struct namespaces *namespaces, struct buf *text, const char *place,
                      struct error *error)
{
	size_t before = namespaces->count, number = 0;
	char *line = text->data, *end = text->data + text->len;

	expect(namespaces, count_lines(text));
	while (line < end) {
		char *feed = memchr(line, '\n', (size_t)(end - line));
		char *next = feed ? feed + 1 : end;
		char *name;

		number++;
		if (feed)
			*feed = '\0';
		if (strlen(line) < (size_t)((feed ? feed : end) - line)) {
			error_set(error, DIAGNOSTIC_NAMESPACE_INVALID, NULL,
			          "the line holds a NUL byte");
			return fail_at(place, number, error);
		}
		name = name_on_line(line);
		if (name && !namespaces_add(namespaces, name, error)) {
			if (strchr(name, ' ') || strchr(name, '/'))
				error_hint(
				    error,
				    "give one name a line, as kubectl get ns -o name prints them");
			return fail_at(place, number, error);
		}
		line = next;
	}
	if (namespaces->count > before)
		return true;
	return error_set(error, DIAGNOSTIC_NAMESPACE_NONE,
	                 "give one name a line, as kubectl get ns -o name prints them",
	                 "%s names no namespace", place);
}
