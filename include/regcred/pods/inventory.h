/* inventory.h - who pulls what with which Secret: the one answer for match, check, --for,
 * verify, attach and why.
 *
 * Objects go in one by one, as manifest_reader.h hands them out; nothing of their trees is
 * kept but names, places, images and what pull Secrets contain. Then, for each workload:
 * which Secrets, in which order, from where, and the keyring that they make.
 *
 *	struct inventory *inventory = inventory_new(&(struct inventory_options){0});
 *	inventory_add(inventory, file, &item, INVENTORY_ALL, error);   // for each object
 *	for (size_t i = 0; i < inventory_workload_count(inventory); i++) {
 *		struct inventory_pod pod = INVENTORY_POD_INIT;
 *		inventory_pod_of(inventory, i, &pod);      // pod.pulls, pod.keyring, pod.reasons
 *		inventory_judge(inventory, &pod, image, unknown, &answer, &invalid);
 *		inventory_pod_release(&pod);
 *	}
 *
 * What a Pod uses (Kubernetes 1.32 plugin/pkg/admission/serviceaccount/admission.go,
 * pkg/kubelet/kubelet_pods.go):
 *   - the Secrets that it lists, in order, of its own namespace; if its list is empty those of
 *     its ServiceAccount, where that is among the objects. A list with an entry of empty name
 *     is not empty, and the kubelet skips the entry. A Pod that has been admitted (uid or
 *     status) has its own list alone.
 *   - an absent namespace agrees with any; an object of the very namespace goes first.
 *   - what cannot be known is unknown, neither a match nor a miss: a name or namespace with
 *     the marks of a template; a Secret that a SealedSecret, ExternalSecret or another maker
 *     will make or fill, or that is encrypted; several Secrets of one name that differ, where
 *     one serves an image and another does not.
 *   - a bare Docker config has neither name nor namespace: it counts for every workload.
 *
 * Memory follows names, keys, user names and images; equal contents are kept once. Nothing
 * costs more than n log n. Strings that are handed out live as long as the inventory.
 * Failure: only a Docker config over BUF_CONFIG_MAX (INPUT_TOO_LARGE).
 */
#ifndef REGCRED_INVENTORY_H
#define REGCRED_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/string_list.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/kube/workload.h"
#include "regcred/manifest/manifest_reader.h"
#include "regcred/pods/keyring.h"

struct inventory;

struct inventory_options {
	bool passwords; /* keep them, for who logs in */
	const char *ns; /* the only one that is wanted, and that of workloads without one;
	                          NULL: any. Borrowed */
};

struct inventory *inventory_new(const struct inventory_options *options);

/* For CLEANUP: wipes, frees and sets to NULL. */
void inventory_free(struct inventory **inventory);

/* ---- Filling ---- */

/* What is wanted of an object; bits. Makers of Secrets count as Secrets. */
enum {
	INVENTORY_SECRETS = 1,
	INVENTORY_WORKLOADS = 2,
	INVENTORY_ACCOUNTS = 4,
	INVENTORY_ALL = 7,
};

/* Takes what is wanted out of a MANIFEST_OBJECT. `file` is any number of the caller's and
 * comes back with places. */
bool inventory_add(struct inventory *inventory, size_t file, const struct manifest_item *item,
                   unsigned wanted, struct error *error);

/* The two halves of it, for who has read the Secret already. A Docker config that is in no
 * object has NULL for `root`. */
void inventory_add_secret(struct inventory *inventory, size_t file, const struct node *root,
                          const struct pull_secret *secret);
void inventory_add_object(struct inventory *inventory, size_t file,
                          const struct manifest_item *item, unsigned wanted);

/* Whether objects of that namespace are taken. */
bool inventory_wants(const struct inventory *inventory, const char *ns);

/* Whether an annotation of the Secret says that it is filled in the cluster. */
bool secret_is_filled_later(const struct node *root);

/* Declares a Secret that something outside of the objects makes: [NS/]NAME. */
void inventory_assume(struct inventory *inventory, const char *name);

/* ---- What there is ---- */

struct inventory_secret {
	enum pull_secret_kind kind; /* OTHER: a Secret of another type, which the kubelet ignores */
	const char *ns, *name, *type; /* "" if absent */
	size_t file;
	const char *problem; /* the API server refuses it, or the kubelet cannot decode it; NULL */
	bool unknown;        /* what is in it, or some of it, is not known */
	bool has_payload;    /* of OTHER: it has the data key of a pull Secret */
	size_t content;      /* private */
};

size_t inventory_secret_count(const struct inventory *inventory);
struct inventory_secret inventory_secret(const struct inventory *inventory, size_t secret);

/* "Secret dev/regcred"; of a bare config "". */
void inventory_secret_label(const struct inventory *inventory, size_t secret, struct buf *out);

struct inventory_place {
	size_t file;
	struct node_place at;
};

struct inventory_workload {
	const char *kind; /* "Deployment" */
	const char *ns, *name;
	const char *account; /* the ServiceAccount; "default" if none is named */
	bool account_named;  /* by the pod spec, at `account_place` */
	bool admitted;       /* the ServiceAccount's list is not copied any more */
	bool lists;          /* its own list is not empty */
	bool odd_list;       /* the list has items that are no object with a name */
	struct inventory_place account_place;
	struct inventory_place place; /* of the pod spec */
	size_t image_count;
	size_t secret_count, first; /* private */
};

size_t inventory_workload_count(const struct inventory *inventory);
struct inventory_workload inventory_workload(const struct inventory *inventory, size_t workload);

/* "Deployment dev/web". */
void inventory_workload_label(const struct inventory *inventory, size_t workload, struct buf *out);

struct inventory_image {
	const char *text;
	struct inventory_place place;
	bool unknown; /* a template, or Istio's "auto" */
	bool never_pulled;
};

/* In the order of the pod spec; one that is repeated comes again. */
struct inventory_image inventory_image(const struct inventory *inventory, size_t workload,
                                       size_t image);

/* ---- What a Pod pulls with ---- */

enum inventory_state {
	INVENTORY_FOUND,   /* `secret`, and perhaps `variants` */
	INVENTORY_TYPE,    /* `secret` has a type that the kubelet ignores */
	INVENTORY_MADE,    /* `maker` will make it: what will be in it is not known */
	INVENTORY_UNKNOWN, /* the name or a namespace is still a template */
	INVENTORY_MISSING, /* not among the objects */
};

struct inventory_pull {
	const char *name;
	struct inventory_place place; /* where it is named */
	enum inventory_state state;
	size_t secret;          /* FOUND, TYPE; else INVENTORY_NONE */
	const size_t *variants; /* FOUND: all that may be meant and differ, `secret` first */
	size_t variant_count;
	const char *maker;     /* MADE: "SealedSecret", "--assume" */
	const char *elsewhere; /* MISSING: another namespace that has it; NULL: none */
};

#define INVENTORY_NONE SIZE_MAX

/* The Secrets of one Pod, and what they make. */
struct inventory_pod {
	struct inventory_pull *pulls; /* in the kubelet's order */
	size_t count, capacity;
	bool from_account;          /* they are the ServiceAccount's */
	bool account_found;         /* the ServiceAccount is among the objects */
	bool unknown;               /* something is: `reasons` */
	struct string_list reasons; /* why, a sentence each */
	struct keyring *keyring;    /* secrets are those of the inventory */
	bool broken;              /* a Secret is refused or cannot be decoded: nothing is pulled */
	bool varies;              /* some Secret has variants */
	const char *account, *ns; /* private */
};

#define INVENTORY_POD_INIT ((struct inventory_pod){.pulls = NULL})

/* Fills an initialised pod anew; one that was filled for another Pod of the same ServiceAccount
 * stays as it is, which spares the work where many Pods share a long list. */
void inventory_pod_of(struct inventory *inventory, size_t workload, struct inventory_pod *pod);

/* What the workload's ServiceAccount lists, whatever the workload does. */
void inventory_pod_of_its_account(struct inventory *inventory, size_t workload,
                                  struct inventory_pod *pod);

/* What the list of a ServiceAccount means in its own namespace. */
void inventory_pod_of_account(struct inventory *inventory, size_t account,
                              struct inventory_pod *pod);

/* The same for images alone: a Pod that has every Secret. */
void inventory_pod_of_all(struct inventory *inventory, struct inventory_pod *pod);

/* The Secrets that lose a broken Pod. False: there are no more. */
bool inventory_pod_failure(const struct inventory *inventory, const struct inventory_pod *pod,
                           size_t number, size_t *secret, const char **message);

/* For CLEANUP. */
void inventory_pod_release(struct inventory_pod *pod);

/* ---- What else can be asked of all objects ---- */

/* How many ServiceAccounts there are. */
size_t inventory_account_count(const struct inventory *inventory);
const char *inventory_account_namespace(const struct inventory *inventory, size_t account);

/* Whether one of that name is in a namespace that agrees. */
bool inventory_has_account(struct inventory *inventory, const char *ns, const char *name);

/* Whether a pull Secret of that name is, likewise. */
bool inventory_has_pull_secret(struct inventory *inventory, const char *ns, const char *name);

/* Whether pull Secrets of the namespace are among the objects. */
bool inventory_has_pull_secrets(struct inventory *inventory, const char *ns);

/* The name of another Secret, or ServiceAccount, that may have been meant; of two as near the
 * one whose namespace agrees. NULL: none is near, or too many were compared already. Otherwise
 * *ns is its namespace if that does not agree, else "". */
const char *inventory_near(struct inventory *inventory, bool account, const char *name,
                           const char *in, const char **ns);

/* Whether something among the objects says that images of this name come from elsewhere or
 * with other credentials: a mirror set, a CRIOCredentialProviderConfig, a Kustomization that
 * renames it. */
bool inventory_redirects(const struct inventory *inventory, struct view image);

/* ---- What that means for an image ---- */

enum inventory_verdict {
	INVENTORY_YES,      /* a credential of it is tried that can be logged in with */
	INVENTORY_NO,       /* no credential */
	INVENTORY_UNUSABLE, /* only ones without user name or password */
	INVENTORY_OPEN,     /* something is unknown, and nothing else decides */
	INVENTORY_BROKEN,   /* nothing is pulled */
	INVENTORY_INVALID,  /* the image is not an image name: `invalid` */
};

/* Whether a Secret alone has a credential for the image that can be used. One that is not known
 * may have. */
bool inventory_serves(const struct inventory *inventory, size_t secret, struct view image);

/* Looks the image up, and judges. `unknown` is that of inventory_image. The answer is empty
 * where the image is unknown. */
enum inventory_verdict inventory_judge(const struct inventory *inventory,
                                       const struct inventory_pod *pod, struct view image,
                                       bool unknown, struct keyring_answer *answer,
                                       struct error *invalid);

#endif
