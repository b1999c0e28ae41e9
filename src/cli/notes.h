/* notes.h - what match and verify say, beside their answers, of the Secrets and workloads that
 * were read.
 */
#ifndef REGCRED_CLI_NOTES_H
#define REGCRED_CLI_NOTES_H

#include "../io/report.h"
#include "regcred/pods/inventory.h"

/* There is no pull Secret, in `namespace` unless it is NULL; for images that are given alone:
 * the Secrets are of several namespaces. */
void notes_of_inventory(const struct inventory *inventory, const char *namespace, bool images,
                        struct report *report);

/* A workload names a Secret that is not there, or none at all. */
void notes_of_pod(const struct inventory *inventory, size_t number, const struct inventory_pod *pod,
                  struct report *report);

#endif
