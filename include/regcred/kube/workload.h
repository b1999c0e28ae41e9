/* workload.h - pod specs: where an object holds them, and what each says about pulling
 * images; and what a ServiceAccount adds to it.
 *
 * Where pod specs are:
 *   - in the built-in kinds at their one place: Pod, PodTemplate, ReplicationController
 *     (v1); Deployment, StatefulSet, DaemonSet, ReplicaSet (apps, and extensions as it
 *     was); Job, CronJob (batch). Any version of these groups;
 *   - in any other kind wherever a mapping holds a list `containers` of which an item has
 *     an image (Rollout, Knative Service, DeploymentConfig, JobSet, RayCluster...), but
 *     not in kinds that only talk about objects: CustomResourceDefinition, policies,
 *     values of charts.
 *
 * Facts: Kubernetes 1.32 staging/src/k8s.io/api/{core,apps,batch}/v1/types.go; image
 * volumes 1.35 core/v1/types.go (ImageVolumeSource); the copying of a ServiceAccount's list
 * plugin/pkg/admission/serviceaccount/admission.go.
 *
 * Lenient: an entry of a wrong type is skipped. All strings and nodes belong to the
 * tree; the lists are the caller's to release. Nothing fails.
 */
#ifndef REGCRED_WORKLOAD_H
#define REGCRED_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/tree/node.h"
#include "regcred/tree/node_wanted.h"

/* ---- Where ---- */

struct pod_specs {
	const struct node **items; /* mappings, each with its place */
	size_t count, capacity;
};

#define POD_SPECS_INIT ((struct pod_specs){0})

/* Fills an initialised list anew with the pod specs of one object, with the apiVersion
 * and kind that manifest_reader.h gives; in the order of the text. */
void pod_specs_find(const struct node *root, const char *api_version, const char *kind,
                    struct pod_specs *specs);

/* The members that the commands read, all but why, of each kind (node_wanted.h). A member
 * that a new rule reads of a kind with a list must be added to that list. */
const struct node_wanted *workload_wanted(const char *api_version, const char *kind);

/* Where a built-in kind keeps its pod spec, such as "spec.template.spec"; NULL: it is
 * another kind. */
const char *pod_spec_path(const char *api_version, const char *kind);

/* Whether a built-in kind of that name keeps one, whatever the group. */
bool workload_is_kind(const char *kind);

/* For CLEANUP. */
void pod_specs_release(struct pod_specs *specs);

/* ---- What ---- */

enum container_kind { CONTAINER_PLAIN, CONTAINER_INIT, CONTAINER_EPHEMERAL, CONTAINER_VOLUME };

struct workload_image {
	const char *text; /* not empty */
	const struct node *node;
	enum container_kind kind;
	const char *container; /* name of the container or volume; "" unless a string */
	bool unknown;          /* has the marks of templated.h, or is Istio's "auto" */
	bool never_pulled;     /* imagePullPolicy: Never */
};

/* A name that refers to another object. */
struct workload_reference {
	const char *name; /* not empty */
	const struct node *node;
	bool templated;
};

struct workload_references {
	struct workload_reference *items;
	size_t count, capacity;
	bool listed; /* the list has an item, if only one of empty name */
	bool odd;    /* an item is not an object with a string as name, or it is not a list */
};

struct workload {
	const char *kind;      /* as the object says */
	const char *ns, *name; /* "" unless strings */
	const struct node *spec;
	bool admitted; /* a Pod with a uid or a status: the ServiceAccount's list is not copied
	                  any more */

	struct workload_image *images; /* plain, init, ephemeral, volumes; each in order */
	size_t image_count, image_capacity;
	struct workload_references pull_secrets;   /* in order, without empty names, which the
	                                              kubelet skips */
	struct workload_reference service_account; /* node NULL: not said, the name is "default" */
};

#define WORKLOAD_INIT ((struct workload){0})

/* Fills an initialised workload anew with what one pod spec of an object says. */
void workload_read(const struct node *root, const char *kind, const struct node *spec,
                   struct workload *workload);

/* For CLEANUP. Empty then. */
void workload_release(struct workload *workload);

/* apiVersion v1, kind ServiceAccount. */
struct service_account {
	bool is_one;
	const char *ns, *name;                   /* "" unless strings */
	struct workload_references pull_secrets; /* imagePullSecrets[].name */
	struct workload_references secrets;      /* secrets[].name: mountable, not for pulling */
};

#define SERVICE_ACCOUNT_INIT ((struct service_account){0})

/* The same for a ServiceAccount. */
void service_account_read(const struct node *root, const char *api_version, const char *kind,
                          struct service_account *account);

void service_account_release(struct service_account *account);

#endif
