/* secret_problem.h - what the parts of secret_admission.c share: recording a problem
 * (secret_problem.c), Go's types (secret_types.c) and the rules for metadata
 * (secret_metadata.c). Private to the room.
 */
#ifndef REGCRED_CORE_SECRET_PROBLEM_H
#define REGCRED_CORE_SECRET_PROBLEM_H

#include "regcred/kube/k8s_name.h"
#include "regcred/kube/secret_admission.h"

struct admission {
	struct secret_problems *problems;
	struct secret_problem *last; /* NULL: none, or it is not listed */
	bool json;                   /* the tree was read from JSON */
};

/* The way to a value, from the innermost step out; it lives on the stack of who walks. */
struct field_path {
	const struct field_path *above; /* NULL: the object */
	const char *field;              /* .field; NULL: a key or an item */
	const struct node *key;         /* ["key"]; NULL: an item */
	size_t item;                    /* [item] */
};

/* Records "PATH WORDS", at the node's place. */
void admission_add(struct admission *admission, enum secret_problem_rule rule,
                   const struct node *node, const struct field_path *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* A hint for the last problem. */
void admission_hint(struct admission *admission, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Records "PATH WORDS" as SECRET_PROBLEM_OBJECT. */
void admission_refuse(struct admission *admission, const struct node *node,
                      const struct field_path *path, const char *words);

/* A string that can be judged; absent and null are empty. False: of a wrong type, which
 * admission_types tells, or unknown. */
bool admission_text(const struct node *node, struct view *text);

/* The members of a node if it is of that kind, else 0. */
size_t admission_count(const struct node *node, enum node_kind kind);

/* Records what k8s_name_check refuses; false if it does. */
bool admission_name(struct admission *admission, enum k8s_name_kind kind, struct view text,
                    const struct node *node, const struct field_path *path);

/* The same for a key, unless it is unknown. */
void admission_key(struct admission *admission, enum k8s_name_kind kind, const struct node *key,
                   const struct field_path *path);

/* The members of a mapping by key, those with one key in their order. The caller ends it
 * with memory_release. */
const struct node_member **admission_sort(const struct node *mapping);

/* Everything that decoding refuses: types, times, base64, unknown and repeated fields. */
void admission_types(struct admission *admission, const struct node *root);

/* The rules for `metadata`, whose types were judged. */
void admission_metadata(struct admission *admission, const struct node *root);

#endif
