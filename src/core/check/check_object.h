/* check_object.h - what the groups of rules share: the object they look at, and where
 * they put what they find. Private to the check_*.c files.
 *
 * A group is handed each object that one of its rules could be about (check.c has the
 * table), and may keep facts for its finish function; nodes and strings of the object
 * are gone when the call returns.
 */
#ifndef REGCRED_CORE_CHECK_OBJECT_H
#define REGCRED_CORE_CHECK_OBJECT_H

#include "regcred/base/view.h"
#include "regcred/check/check.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/kube/workload.h"

/* Where a finding belongs: kept with a fact that is judged at the end. */
struct check_origin {
	size_t file;
	check_rules ignored; /* by the object's annotations */
};

/* What an object is to the rules; a manifest has many others, of no interest. */
enum check_kind {
	CHECK_KIND_OTHER,
	CHECK_KIND_SECRET,          /* v1, or a misspelling of it: pull_secret says which type */
	CHECK_KIND_SERVICE_ACCOUNT, /* v1 */
	CHECK_KIND_WORKLOAD,        /* by kind alone: workload.h looks at the group */
	CHECK_KIND_ROLE,            /* Role, ClusterRole of rbac.authorization.k8s.io */
};

struct check_object {
	struct check_origin origin;
	enum check_kind kind;
	const struct manifest_item *item; /* root, api_version, kind, place */
	const char *ns, *name;            /* of metadata; "" unless strings */
	const struct pod_specs *specs;    /* of a workload of any kind */
	bool on_node;                     /* in a folder that a kubelet takes static Pods from */
	struct pull_secret *secret;       /* of CHECK_KIND_SECRET; else NULL. Its kind is
	                                         PULL_SECRET_NONE if it is misspelt */
	const struct check_options *options;
};

/* Adds a finding with the severity of its rule, unless that is ignored there or everywhere.
 * The hint may be NULL. */
#define check_report(check, origin, rule, ...)                                                     \
	check_report_as(check, origin, rule, check_rule_facts(rule)->severity, __VA_ARGS__)

/* The same with a severity of its own. */
void check_report_as(struct check *check, struct check_origin origin, enum check_rule rule,
                     enum severity severity, struct node_place place, const char *hint,
                     const char *format, ...) __attribute__((format(printf, 7, 8)));

/* ---- The groups ---- */

typedef void check_look(struct check *check, const struct check_object *object);

check_look check_secret_look; /* check_secret.c, and through it the next one */
check_look check_config_look; /* check_config.c: a payload that is a JSON object */
void check_config_look_at_bare(struct check *check, size_t file, const struct manifest_item *item);
check_look check_rbac_look; /* check_rbac.c */
check_look check_pod_look;  /* check_pod.c: workloads and ServiceAccounts by themselves */

/* check_reference.c: keeps facts of all objects, and judges them. */
check_look check_reference_look;
void check_reference_look_at_other(struct check *check, size_t file,
                                   const struct manifest_item *item);
void check_reference_finish(struct check *check);

/* check_capitals.c: registry keys with capitals in the host, which only images written so
 * bring to life; the finish function judges those that were kept. */
void check_capitals_keep(struct check *check, struct check_origin origin, struct node_place place,
                         struct view index_key, const char *shown, const char *hint);
void check_capitals_finish(struct check *check);

#endif
