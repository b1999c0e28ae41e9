/* template_marks.h - the marks of templates in raw bytes: {{ and {% (Helm, Jinja),
 * <% (ERB), #@ (ytt). Looks for the first only.
 */
#ifndef REGCRED_CORE_TEMPLATE_MARKS_H
#define REGCRED_CORE_TEMPLATE_MARKS_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: nothing was looked at yet. */
struct template_marks {
	bool found;
	char last; /* byte of what was looked at */
};

/* Goes on over `len` more bytes. True, once: the mark's second byte is bytes[*at]. */
bool template_marks_find(struct template_marks *marks, const char *bytes, size_t len, size_t *at);

#endif
