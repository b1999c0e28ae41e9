/* waiting.h - which containers of live Pods wait for an image, and what their node says.
 *
 * Pods and events go in as `kubectl get pod,event -o json` has them, in any order; of a Pod
 * that is well nothing is kept but which images run on which node. Then waiting_settle brings
 * each container together with the events that are about it:
 *   - the state's own message counts where it says more than that the node waits, as the
 *     kubelet's back-off message does since Kubernetes 1.32; else the newest event;
 *   - an event belongs to the Pod of its uid: a Pod that was made anew under one name has
 *     another one;
 *   - an image volume has no state of its own, so that only an event reports it (on by
 *     default since 1.35).
 *
 * Facts: Kubernetes 1.20 and 1.36 pkg/kubelet/images/{types,image_manager}.go; since 1.33 the
 * reason may also be an error's text. Strings live as long as the list. Nothing fails.
 */
#ifndef REGCRED_WAITING_H
#define REGCRED_WAITING_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/arena.h"
#include "regcred/base/string_list.h"
#include "regcred/kube/workload.h"
#include "regcred/pods/node_message.h"

/* All strings are "" where the API server says nothing. */
struct waiting_pod {
	const char *ns, *name, *uid;
	const char *owner_kind, *owner; /* "Deployment", "web": also of a Pod of its ReplicaSet */
	const char *node;
	const char *account;  /* its ServiceAccount */
	const char **secrets; /* that it lists, in order */
	size_t secret_count;
	const char *absent; /* Secrets that the node did not find, joined by ", " */
	size_t number;      /* the caller's */
};

struct waiting {
	struct waiting_pod *pod; /* shared by all of one Pod */
	enum container_kind kind;
	const char *container, *image;
	const char *state;   /* the reason, such as "ImagePullBackOff" */
	const char *message; /* as the API server hands it out */
	struct node_message said;
	bool cached; /* another Pod runs the image on the same node, and the kubelet pulls only
	                what is missing: it wants a credential first (1.35) */
	bool present_is_enough; /* imagePullPolicy: IfNotPresent or Never */
};

struct waiting_list {
	struct waiting *items; /* in the order in which they came */
	size_t count, capacity;
	size_t pods; /* how many were looked at */
	/* private */
	struct waiting_event *events;
	size_t event_count, event_capacity;
	struct string_list running; /* node, blank, image */
	struct arena arena;
};

#define WAITING_LIST_INIT ((struct waiting_list){.running = STRING_LIST_INIT, .arena = ARENA_INIT})

/* Takes a Pod. True: something of it waits, or may wait if an event says so; its `number` is
 * then that. One that is being deleted does not count. */
bool waiting_add_pod(struct waiting_list *list, const struct node *root, size_t number);

/* Takes an event; those that are not about images are dropped. */
void waiting_add_event(struct waiting_list *list, const struct node *root);

/* After the last object. */
void waiting_settle(struct waiting_list *list);

/* For CLEANUP. */
void waiting_release(struct waiting_list *list);

/* ---- Names ---- */

/* What a user may call Pods: NAME, or KIND/NAME as kubectl takes it ("deploy/web",
 * "statefulsets.apps/db", "pod/x"). */
struct waiting_name {
	char kind[64]; /* in lower case, singular; "pod" if none is given */
	const char *name;
};

/* False: it is no such thing, or no name of Kubernetes. `name` points into the word. */
bool waiting_name_parse(const char *word, struct waiting_name *name);

/* Whether it is this Pod, or what owns it, at one or two removes. */
bool waiting_name_fits(const struct waiting_name *name, const struct node *pod);

#endif
