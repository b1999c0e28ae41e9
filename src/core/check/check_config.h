/* check_config.h - one payload as the rules look at it, for check_config.c and
 * check_registry.c alone.
 */
#ifndef REGCRED_CORE_CHECK_CONFIG_H
#define REGCRED_CORE_CHECK_CONFIG_H

#include "check_object.h"
#include "regcred/docker/docker_logins.h"

struct config_view {
	struct check *check;
	const struct check_object *object;
	struct node_place place; /* of all findings: the payload's */
	bool bare;               /* of type kubernetes.io/dockercfg */
	const struct docker_logins *file;

	const struct node_member **keys; /* the registries as written, repeated ones too, in the
	                                    order of the text */
	size_t key_count, key_capacity;
};

/* Adds a finding about the payload. */
#define config_report(view, rule, hint, ...)                                                       \
	check_report((view)->check, (view)->object->origin, rule, (view)->place, hint, __VA_ARGS__)

/* How messages call an entry: auths["ghcr.io"], without what could be a credential, cut. */
struct buf config_show(const struct config_view *view, struct view registry);

/* check_registry.c: the registry keys. */
void check_registry_judge(const struct config_view *view);

#endif
