#include "regcred/kube/namespaces.h"

#include <string.h>

#include "regcred/base/harmless.h"
#include "regcred/kube/k8s_name.h"

static bool refuse_repeated(const char *name, struct error *error)
{
	return error_set(error, DIAGNOSTIC_NAMESPACE_DUPLICATE,
	                 "each namespace gets one Secret: leave the second one out",
	                 "namespace \"%s\" is given twice", name);
}

bool namespaces_add(struct string_list *namespaces, const char *name, struct error *error)
{
	return k8s_name_check(K8S_NAME_NAMESPACE, name, strlen(name), error) &&
	       (string_list_borrow_once(namespaces, view_of(name)) || refuse_repeated(name, error));
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

bool namespaces_parse(struct string_list *namespaces, struct buf *text, const char *place,
                      struct error *error)
{
	size_t before = namespaces->count, number = 0;
	char *line = text->data, *end = text->data + text->len;

	string_list_expect(namespaces, count_lines(text));
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
			if (error->diagnostic == DIAGNOSTIC_NAMESPACE_INVALID &&
			    harmless_may_be_secret(name))
				error_set(
				    error, error->diagnostic,
				    "give one name a line, as kubectl get ns -o name prints them",
				    "namespace is invalid; it is not shown, as it may be a "
				    "password");
			else if (strchr(name, ' ') || strchr(name, '/'))
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
