/* check_config.h - one payload under the eyes of the rules, for check_config.c and
 * check_registry.c alone.
 */
#ifndef REGCRED_CORE_CHECK_CONFIG_H
#define REGCRED_CORE_CHECK_CONFIG_H

#include "check_object.h"
#include "config_scan.h"
#include "regcred/docker/docker_config_file.h"

struct config_view {
	struct check *check;
	const struct check_object *object;
	struct node_place place; /* of all findings: the payload's */
	bool bare;               /* of type kubernetes.io/dockercfg */
	struct config_scan *scan;
	struct docker_config_file *file;
};

/* check_registry.c: the registry keys. False: no memory. */
bool check_registry_judge(const struct config_view *view, struct error *error);

#endif
