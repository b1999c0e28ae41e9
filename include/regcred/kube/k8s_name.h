/* k8s_name.h - the API server's rules for names, and the nearest name that
 * keeps them.
 *
 * Facts, from Kubernetes 1.32 (1.36 has the same rules, in other words):
 *   - staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go:
 *     IsDNS1123Label, IsDNS1123Subdomain (its single labels may be longer than
 *     63 bytes), IsQualifiedName, IsValidLabelValue, IsConfigMapKey;
 *   - .../pkg/api/validation/generic.go: maskTrailingDash, the rule for
 *     generateName; .../objectmeta.go: ValidateAnnotations, which lower-cases the
 *     key first, so that an upper-case prefix passes, and so do U+212A (to k) and
 *     U+0130 (to i); TotalAnnotationSizeLimitB;
 *   - pkg/apis/core/types.go: MaxSecretSize.
 *
 * Lengths are in bytes. A value may hold any bytes: what is not ASCII is refused
 * like any other character that is not allowed there.
 *
 * Not looked at: whether the name that the server makes of a generateName is
 * valid as well (`A-` passes here, as it does there, and fails then).
 */
#ifndef REGCRED_K8S_NAME_H
#define REGCRED_K8S_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/base/error.h"

enum k8s_name_kind {
	K8S_NAME_SECRET,         /* metadata.name */
	K8S_NAME_GENERATE,       /* metadata.generateName; empty is not a prefix */
	K8S_NAME_NAMESPACE,      /* metadata.namespace */
	K8S_NAME_LABEL_KEY,      /* [prefix/]name */
	K8S_NAME_LABEL_VALUE,    /* may be empty */
	K8S_NAME_ANNOTATION_KEY, /* [prefix/]name */
	K8S_NAME_DATA_KEY,       /* a key of a Secret's data */
	K8S_NAME_COUNT
};

enum {
	K8S_LABEL_MAX = 63,           /* a namespace; the name part of a key; a label's value */
	K8S_SUBDOMAIN_MAX = 253,      /* a name; a key's prefix; a data key */
	K8S_ANNOTATIONS_MAX = 262144, /* all keys and values of the annotations */
	K8S_SECRET_MAX = 1048576      /* all decoded values of a Secret's data */
};

/* False, with `error` set, if the API server would refuse the value: the message
 * names the field, the value (cut to 80 bytes) and what is wrong with it, the
 * hint offers what k8s_name_suggest finds, and for an empty name or namespace asks for the
 * variable. The diagnostic is NAME_INVALID, NAMESPACE_INVALID, LABEL_INVALID or ANNOTATION_INVALID.
 * Takes no memory for a valid value. */
bool k8s_name_check(enum k8s_name_kind kind, const char *value, size_t len, struct error *error);

/* Replaces the content of `out` with the nearest value that k8s_name_check takes:
 * in lower case where that is wanted, with a dash for what is not allowed,
 * without bad ends and empty parts, cut at the limit. A valid value stays as it
 * is. Empty if nothing sensible remains, or if `out` has failed. */
void k8s_name_suggest(enum k8s_name_kind kind, const char *value, size_t len, struct buf *out);

#endif
