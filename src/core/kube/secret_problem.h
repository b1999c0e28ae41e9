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

/* A value and the way to it, from the innermost step out; it lives on the stack of who
 * walks. */
struct spot {
	const struct spot *above; /* NULL: the object */
	const struct node *node; /* NULL: absent, the problem is at the nearest above that is not */
	const char *field;       /* .field; NULL: a key or an item */
	const struct node *key;  /* ["key"]; NULL: an item */
	size_t item;             /* [item] */
};

/* The last member of that name. */
struct spot spot_field(const struct spot *above, const char *field);

/* A member of a mapping by its key, an item of a sequence. */
struct spot spot_child(const struct spot *above, size_t index);

/* Whether it is of that kind, null, or absent. */
bool spot_fits(const struct spot *spot, enum node_kind kind);

/* The children of a value if it is of that kind, else 0. */
size_t spot_count(const struct spot *spot, enum node_kind kind);

/* A string that can be judged; absent and null are empty. False: of a wrong type, which
 * admission_types says, or unknown. */
bool spot_text(const struct spot *spot, struct view *text);

/* Records "PATH WORDS". */
void admission_add(struct admission *admission, enum secret_problem_rule rule,
                   const struct spot *spot, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A hint for the last problem. */
void admission_hint(struct admission *admission, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Records "PATH WORDS" as SECRET_PROBLEM_OBJECT. */
void admission_refuse(struct admission *admission, const struct spot *spot, const char *words);

/* Records what k8s_name_check refuses; false if it does. */
bool admission_name(struct admission *admission, enum k8s_name_kind kind, struct view text,
                    const struct spot *spot);

/* The same for all keys of a mapping that are known. */
void admission_keys(struct admission *admission, enum k8s_name_kind kind, const struct spot *map);

/* Everything that decoding refuses: types, times, base64, unknown and repeated fields. */
void admission_types(struct admission *admission, const struct spot *root);

/* The rules for `metadata`, whose types were judged. */
void admission_metadata(struct admission *admission, const struct spot *root);

#endif
