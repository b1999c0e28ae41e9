/* trees.h - the first object of a manifest, for tests of what is done with trees. */
#ifndef TREES_H
#define TREES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "regcred/manifest/manifest_reader.h"

struct tree {
	struct manifest_reader *reader;
	struct manifest_item item;
};

/* The bytes stay the caller's. Whatever comes first is in `item`. */
static inline void tree_open_bytes(struct tree *tree, const char *bytes, size_t len)
{
	struct error error;

	tree->reader = manifest_reader_new_bytes(bytes, len);
	assert_non_null(tree->reader);
	if (!manifest_reader_next(tree->reader, &tree->item, &error))
		fail_msg("%s", error.message);
}

/* The text must be an object. */
static inline void tree_open(struct tree *tree, const char *text)
{
	tree_open_bytes(tree, text, strlen(text));
	if (tree->item.event != MANIFEST_OBJECT)
		fail_msg("no object: %s", text);
}

static inline void tree_close(struct tree *tree)
{
	manifest_reader_free(&tree->reader);
}

#endif
