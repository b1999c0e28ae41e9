/* secret_problem.h - what the parts of secret_admission.c share: recording a problem
 * (secret_problem.c), Go's types (secret_types.c) and the rules for metadata
 * (secret_metadata.c). Private to the room.
 */
#ifndef REGCRED_CORE_SECRET_JUDGE_H
#define REGCRED_CORE_SECRET_JUDGE_H

#include "regcred/kube/k8s_name.h"
#include "regcred/kube/secret_admission.h"

struct secret_judge {
	struct secret_problems *problems;
	struct secret_problem *last; /* NULL: none, or it is not listed */
	bool json;                   /* the tree was read from JSON */
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

/* Puts down "PATH WORDS" as SECRET_PROBLEM_OBJECT. */
void secret_judge_refuse(struct secret_judge *judge, const struct node *node,
                         const struct secret_path *path, const char *words);

/* Whether the value is a string that stands for another: nothing is said about it. */
bool secret_judge_is_unknown(const struct node *node);

/* A string that can be judged; absent and null are empty. False: of a wrong type, which
 * secret_judge_types tells, or unknown. */
bool secret_judge_text(const struct node *node, struct view *text);

/* The members of a node if it is of that kind, else 0. */
size_t secret_judge_count(const struct node *node, enum node_kind kind);

/* Puts down what k8s_name_check says of the text; false if it says something. */
bool secret_judge_name(struct secret_judge *judge, enum k8s_name_kind kind, struct view text,
                       const struct node *node, const struct secret_path *path);

/* The same for a key, unless it is unknown. */
void secret_judge_key(struct secret_judge *judge, enum k8s_name_kind kind, const struct node *key,
                      const struct secret_path *path);

/* The members of a mapping by key, those with one key in their order. The caller ends it
 * with memory_release. */
const struct node_member **secret_judge_sort(const struct node *mapping);

/* As strcmp. */
int secret_judge_compare(const struct node *a, const struct node *b);

/* Everything that decoding refuses: types, times, base64, unknown and repeated fields. */
void secret_judge_types(struct secret_judge *judge, const struct node *root);

/* The rules for `metadata`, whose types were judged. */
void secret_judge_metadata(struct secret_judge *judge, const struct node *root);

#endif
