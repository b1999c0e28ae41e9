#include "regcred/kube/namespaces.h"

#include <string.h>

#include "regcred/base/harmless.h"
#include "regcred/base/scan.h"
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

static const char one_a_line[] = "give one name a line, as kubectl get ns -o name prints them";

/* One line, without its line end. */
static bool add_line(struct string_list *namespaces, char *line, size_t len, struct error *error)
{
	char *name;

	if (strlen(line) < len)
		return error_set(error, DIAGNOSTIC_NAMESPACE_INVALID, NULL,
		                 "the line holds a NUL byte");
	name = name_on_line(line);
	if (!name || namespaces_add(namespaces, name, error))
		return true;
	if (error->diagnostic == DIAGNOSTIC_NAMESPACE_INVALID && harmless_may_be_secret(name))
		return error_set(error, error->diagnostic, one_a_line,
		                 "namespace is invalid; it is not shown, as it may be a password");
	return strpbrk(name, " /") ? error_hint(error, "%s", one_a_line) : false;
}

bool namespaces_parse(struct string_list *namespaces, struct buf *text, const char *place,
                      struct error *error)
{
	size_t before = namespaces->count, number = 1;
	char *line = text->data, *end = text->data + text->len;

	string_list_expect(namespaces, scan_count_lines(text->data, text->len) + 1);
	if (view_begins(buf_view(text), view_of("\xEF\xBB\xBF"))) /* Windows writes it */
		line += 3;
	for (char *next; line < end; line = next, number++) {
		char *feed = memchr(line, '\n', (size_t)(end - line));

		next = feed ? feed + 1 : end;
		if (feed)
			*feed = '\0';
		if (!add_line(namespaces, line, (size_t)((feed ? feed : end) - line), error)) {
			error_from_input(error);
			return error_prefix(error, "%s:%zu", place, number);
		}
	}
	if (namespaces->count > before)
		return true;
	return error_set(error, DIAGNOSTIC_NAMESPACE_NONE, one_a_line, "%s names no namespace",
	                 place);
}
