/* filled.h - Secrets that are written empty, for somebody in the cluster to fill. */
#ifndef REGCRED_FILLED_H
#define REGCRED_FILLED_H

#include <stdbool.h>

#include "regcred/tree/node.h"

/* Whether an annotation of the Secret says so. The table is in core/pods/makers.c. */
bool secret_is_filled_later(const struct node *root);

#endif
