/* templated.h - whether a value is still to be filled in.
 *
 * The marks are those of Helm, Kustomize, envsubst, Make, Skaffold and CI files:
 * `{{`, `${`, `$(`, and `$` before a letter or `_`; and `<path:` of
 * argocd-vault-plugin. A name, namespace, image or
 * config with such a mark is unknown, and nothing is said about it. It does not say
 * that a document is a template: manifest_reader.h does.
 */
#ifndef REGCRED_TEMPLATED_H
#define REGCRED_TEMPLATED_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/tree/node.h"

/* Any bytes, NUL included. NULL with 0 is fine, and not templated. */
bool value_is_templated(const char *text, size_t len);

/* Whether SOPS wrote it: ENC[...]. The real value is unknown, too. */
bool value_is_encrypted(const char *text, size_t len);

/* Whether a node is a string of either kind; NULL is none. */
bool value_is_unknown(const struct node *node);

#endif
