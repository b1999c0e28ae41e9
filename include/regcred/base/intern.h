/* intern.h - a string_list whose number 0 is the empty text. Being replaced by it. */
#ifndef REGCRED_INTERN_H
#define REGCRED_INTERN_H

#include "regcred/base/string_list.h"

struct intern {
	struct string_list list;
};

#define INTERN_INIT ((struct intern){.list = STRING_LIST_INIT})

/* True, always. */
static inline bool intern_add(struct intern *intern, struct view text, uint32_t *number)
{
	if (intern->list.count == 0)
		string_list_number(&intern->list, VIEW_EMPTY);
	*number = string_list_number(&intern->list, text);
	return true;
}

static inline size_t intern_count(const struct intern *intern)
{
	return intern->list.count ? intern->list.count : 1;
}

static inline struct view intern_text(const struct intern *intern, uint32_t number)
{
	return number < intern->list.count ? intern->list.items[number] : VIEW_EMPTY;
}

static inline void intern_release(struct intern *intern)
{
	string_list_release(&intern->list);
}

#endif
