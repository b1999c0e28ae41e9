#include "regcred/kube/namespaces.h"

#include <string.h>

#include "regcred/base/harmless.h"
#include "regcred/base/scan.h"
#include "regcred/kube/k8s_name.h"

static bool add(struct string_list *namespaces, struct view name, struct error *error)
{
	if (!k8s_name_check(K8S_NAME_NAMESPACE, name.data, name.len, error))
		return false;
	return string_list_borrow_once(namespaces, name) ||
	       error_set(error, DIAGNOSTIC_NAMESPACE_DUPLICATE,
	                 "each namespace gets one Secret: leave the second one out",
	                 "namespace \"%s\" is given twice", name.data);
}

bool namespaces_add(struct string_list *namespaces, const char *name, struct error *error)
{
	return add(namespaces, view_of(name), error);
}

/* The name on a line, without blanks around it and with a zero byte after it. False: a blank
 * line or a comment. */
static bool name_on_line(char *line, size_t len, struct view *name)
{
	static const char prefix[] = "namespace/";
	const size_t prefix_len = sizeof prefix - 1;

	for (; len && (*line == ' ' || *line == '\t'); len--)
		line++;
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r'))
		len--;
	line[len] = '\0';
	*name = (struct view){line, len};
	if (len >= prefix_len && memcmp(line, prefix, prefix_len) == 0)
		*name = view_from(*name, prefix_len);
	return len && *line != '#';
}

static const char one_a_line[] = "give one name a line, as kubectl get ns -o name prints them";

/* One line, without its line end. */
static bool add_line(struct string_list *namespaces, char *line, size_t len, struct error *error)
{
	bool has_nul = memchr(line, '\0', len);
	struct view name;

	if (!has_nul && (!name_on_line(line, len, &name) || add(namespaces, name, error)))
		return true;
	if (has_nul)
		return error_set(error, DIAGNOSTIC_NAMESPACE_INVALID, NULL,
		                 "the line holds a NUL byte");
	if (error->diagnostic == DIAGNOSTIC_NAMESPACE_INVALID && harmless_may_be_secret(name.data))
		return error_set(error, error->diagnostic, one_a_line,
		                 "namespace is invalid; it is not shown, as it may be a password");
	return strpbrk(name.data, " /") ? error_hint(error, "%s", one_a_line) : false;
}

bool namespaces_parse(struct string_list *namespaces, struct buf *text, const char *place,
                      struct error *error)
{
	size_t before = namespaces->count, number = 1;
	char *line = text->data, *end = text->data + text->len;

	string_list_expect(namespaces, scan_count_lines(text->data, text->len) + 1);
	if (view_begins(buf_view(text), view_of("\xEF\xBB\xBF"))) /* Windows writes it */
		line += 3;
	for (size_t len; line < end; line += len + 1, number++) {
		len = view_find((struct view){line, (size_t)(end - line)}, '\n');
		if (!add_line(namespaces, line, len, error)) {
			error_from_input(error);
			return error_prefix(error, "%s:%zu", place, number);
		}
	}
	if (namespaces->count > before)
		return true;
	return error_set(error, DIAGNOSTIC_NAMESPACE_NONE, one_a_line, "%s names no namespace",
	                 place);
}
