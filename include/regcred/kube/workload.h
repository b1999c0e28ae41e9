/* workload.h - what a Pod, or anything that holds a pod template, says about pulling
 * images; and what a ServiceAccount adds to it.
 *
 * Kinds: Pod, PodTemplate, ReplicationController (v1); Deployment, StatefulSet,
 * DaemonSet, ReplicaSet (apps, and extensions as it was); Job, CronJob (batch). Any
 * version of these groups, no other group: a Deployment of somebody's CRD is not one.
 *
 * Facts: Kubernetes 1.32 staging/src/k8s.io/api/{core,apps,batch}/v1/types.go.
 *
 * Lenient: an entry of a wrong type is passed over. All strings and nodes belong to the
 * tree; the lists are the workload's.
 */
#ifndef REGCRED_WORKLOAD_H
#define REGCRED_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"
#include "regcred/tree/node.h"

enum container_kind { CONTAINER_PLAIN, CONTAINER_INIT, CONTAINER_EPHEMERAL };

struct workload_image {
	const char *text; /* not empty */
	const struct node *node;
	enum container_kind kind;
	const char *container; /* the container's name; "" unless a string */
	bool templated;        /* has the marks of templated.h: unknown */
};

/* A name that stands for another object. */
struct workload_reference {
	const char *name; /* not empty */
	const struct node *node;
	bool templated;
};

struct workload_references {
	struct workload_reference *items;
	size_t count, capacity;
};

struct workload {
	const char *kind;             /* "CronJob"; NULL: the object is none */
	const char *namespace, *name; /* "" unless strings */
	const char *path;             /* to the pod's spec, keys joined by dots */
	const struct node *spec;      /* what stands there; NULL: there is none */

	struct workload_image *images; /* plain, init, ephemeral, each in the tree's order */
	size_t image_count, image_capacity;
	struct workload_references pull_secrets;   /* in order; an empty name is passed over, as
	                                              the kubelet does */
	struct workload_reference service_account; /* node NULL: not said, the name is "default" */
};

#define WORKLOAD_INIT ((struct workload){0})

/* Fills an initialised workload anew; with the apiVersion and kind that
 * manifest_reader.h says. False: no memory. */
bool workload_read(const struct node *root, const char *api_version, const char *kind,
                   struct workload *workload, struct error *error);

/* Frees; for CLEANUP. Empty then. */
void workload_release(struct workload *workload);

/* apiVersion v1, kind ServiceAccount. */
struct service_account {
	bool is_one;
	const char *namespace, *name;            /* "" unless strings */
	struct workload_references pull_secrets; /* imagePullSecrets[].name */
	struct workload_references secrets;      /* secrets[].name: mountable, not for pulling */
};

#define SERVICE_ACCOUNT_INIT ((struct service_account){0})

/* The same for a ServiceAccount. */
bool service_account_read(const struct node *root, const char *api_version, const char *kind,
                          struct service_account *account, struct error *error);

void service_account_release(struct service_account *account);

#endif
