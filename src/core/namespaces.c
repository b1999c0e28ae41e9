#include "regcred/namespaces.h"

#include <string.h>

#include "regcred/k8s_name.h"
#include "regcred/memory.h"

void namespaces_release(struct namespaces *namespaces)
{
	memory_release(namespaces->names);
	memory_release(namespaces->slots);
	*namespaces = NAMESPACES_INIT;
}

/* FNV-1a: names differ mostly at their end, which it spreads well. */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

/* The slot that holds `name`, or the free one where it belongs. */
static uint32_t *find_slot(const struct namespaces *namespaces, const char *name)
{
	size_t mask = namespaces->slot_count - 1;
	size_t at = hash_of(name) & mask;

	while (namespaces->slots[at] &&
	       strcmp(namespaces->names[namespaces->slots[at] - 1], name) != 0)
		at = (at + 1) & mask;
	return &namespaces->slots[at];
}

/* Keeps the table at most half full. */
static bool make_room(struct namespaces *namespaces)
{
	size_t count = namespaces->slot_count ? namespaces->slot_count * 2 : 64;

	if (namespaces->count * 2 < namespaces->slot_count)
		return true;
	memory_release(namespaces->slots);
	namespaces->slot_count = 0;
	namespaces->slots = memory_acquire(count * sizeof *namespaces->slots);
	if (!namespaces->slots)
		return false;
	memset(namespaces->slots, 0, count * sizeof *namespaces->slots);
	namespaces->slot_count = count;
	for (size_t i = 0; i < namespaces->count; i++)
		*find_slot(namespaces, namespaces->names[i]) = (uint32_t)i + 1;
	return true;
}

bool namespaces_add(struct namespaces *namespaces, const char *name, struct error *error)
{
	uint32_t *slot;

	if (!k8s_name_check(K8S_NAME_NAMESPACE, name, strlen(name), error))
		return false;
	if (namespaces->count >= UINT32_MAX / 4 || !make_room(namespaces) ||
	    !memory_extend(&namespaces->names, namespaces->count, &namespaces->capacity,
	                   sizeof name))
		return error_out_of_memory(error);
	slot = find_slot(namespaces, name);
	if (*slot) {
		error_set(error, DIAGNOSTIC_NAMESPACE_DUPLICATE, "namespace \"%s\" is given twice",
		          name);
		return error_hint(error,
		                  "each namespace gets one Secret: leave the second one out");
	}
	namespaces->names[namespaces->count++] = name;
	*slot = (uint32_t)namespaces->count;
	return true;
}

/* The name on a line, without blanks around it; empty: nothing to take. */
static char *name_on_line(char *line)
{
	static const char prefix[] = "namespace/";
	size_t len;

	line += strspn(line, " \t");
	if (*line == '#')
		return line + strlen(line);
	if (strncmp(line, prefix, sizeof prefix - 1) == 0)
		line += sizeof prefix - 1;
	len = strlen(line);
	while (len && strchr(" \t\r", line[len - 1]))
		line[--len] = '\0';
	return line;
}

static bool fail_at(const char *place, size_t number, struct error *error)
{
	if (error->status == STATUS_USAGE)
		error->status = STATUS_DATA;
	return error_prefix(error, "%s:%zu", place, number);
}

bool namespaces_parse(struct namespaces *namespaces, struct buf *text, const char *place,
                      struct error *error)
{
	size_t before = namespaces->count, number = 0;
	char *line = text->data, *end = text->data + text->len;

	while (line < end) {
		char *feed = memchr(line, '\n', (size_t)(end - line));
		char *next = feed ? feed + 1 : end;
		char *name;

		number++;
		if (feed)
			*feed = '\0';
		if (strlen(line) < (size_t)((feed ? feed : end) - line)) {
			error_set(error, DIAGNOSTIC_NAMESPACE_INVALID, "the line holds a NUL byte");
			return fail_at(place, number, error);
		}
		name = name_on_line(line);
		if (*name && !namespaces_add(namespaces, name, error))
			return fail_at(place, number, error);
		line = next;
	}
	if (namespaces->count > before)
		return true;
	error_set(error, DIAGNOSTIC_NAMESPACE_NONE, "%s names no namespace", place);
	return error_hint(error, "give one name a line, as kubectl get ns -o name prints them");
}
