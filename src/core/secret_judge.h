/* secret_judge.h - what the two halves of secret_admission.h share: how a problem is
 * put down, and the half that knows Go's types. Private to the core.
 */
#ifndef REGCRED_CORE_SECRET_JUDGE_H
#define REGCRED_CORE_SECRET_JUDGE_H

#include "regcred/secret_admission.h"

struct secret_judge {
	struct secret_problems *problems;
	struct secret_problem *last; /* NULL: none, or it is not listed */
	bool json;                   /* the tree was read from JSON */
	bool failed;                 /* no memory */
};

/* The way to a value, from the innermost step out; it lives on the stack of who walks. */
struct secret_path {
	const struct secret_path *above; /* NULL: the object */
	const char *field;               /* .field; NULL: a key or an item */
	const struct node *key;          /* ["key"]; NULL: an item */
	size_t item;                     /* [item] */
};

/* Puts down "PATH WORDS", at the node's place. */
void secret_judge_add(struct secret_judge *judge, enum secret_problem_rule rule,
                      const struct node *node, const struct secret_path *path, const char *format,
                      ...) __attribute__((format(printf, 5, 6)));

/* A hint for the problem put down last. */
void secret_judge_hint(struct secret_judge *judge, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether the value is a string that stands for another: nothing is said about it. */
bool secret_judge_is_unknown(const struct node *node);

/* The members of a mapping by key, those with one key in their order. NULL: no memory,
 * which is noted. The caller ends it with memory_release. */
const struct node_member **secret_judge_sort(struct secret_judge *judge,
                                             const struct node *mapping);

/* As strcmp. */
int secret_judge_compare(const struct node *a, const struct node *b);

/* Everything that decoding refuses: types, times, base64, unknown and repeated fields. */
void secret_judge_types(struct secret_judge *judge, const struct node *root);

#endif
