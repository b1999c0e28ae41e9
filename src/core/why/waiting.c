#include "regcred/why/waiting.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "regcred/base/buf.h"
#include "regcred/base/memory.h"
#include "regcred/registry/glob.h"

/* What an event is about, which is where it is filed: a container, by its name; an image, where
 * it names no container; the Pod's Secrets. */
enum subject { ABOUT_CONTAINER, ABOUT_IMAGE, ABOUT_SECRETS };

struct waiting_event {
	const char *ns, *pod, *uid;
	enum subject subject;
	const char *name; /* of the container or image */
	const char *reason, *message, *time;
};

/* What is looked at of lists that are short in earnest: statuses of a Pod, events of one thing. */
enum { STATUSES_MAX = 512, EVENTS_MAX = 64 };

void waiting_release(struct waiting_list *list)
{
	memory_release(list->items);
	memory_release(list->events);
	string_list_release(&list->running);
	arena_release(&list->arena);
	*list = WAITING_LIST_INIT;
}

static const char *text_at(const struct node *root, const char *path)
{
	return node_text(node_at(root, path));
}

static const char *keep(struct waiting_list *list, const char *text)
{
	return *text ? arena_copy(&list->arena, text, strlen(text)) : "";
}

/* --- whose it is --- */

struct owner {
	const char *kind, *name;
	size_t len; /* of the name */
};

/* The one that controls it, else the first. */
static const struct node *find_owner(const struct node *pod)
{
	const struct node *owners = node_at(pod, "metadata.ownerReferences");
	const struct node *first = NULL;

	if (!owners || owners->kind != NODE_SEQUENCE)
		return NULL;
	for (size_t i = 0; i < owners->count; i++) {
		const struct node *owner = owners->members[i].value;
		const struct node *controls = node_get(owner, "controller");

		if (controls && controls->kind == NODE_BOOL && controls->truth)
			return owner;
		first = first ? first : owner;
	}
	return first;
}

/* A ReplicaSet is called after its Deployment, a dash and the hash that its Pods have as a
 * label (pkg/controller/deployment/sync.go). */
static struct owner read_owner(const struct node *pod)
{
	const struct node *node = find_owner(pod);
	struct owner owner = {node_text(node_get(node, "kind")), node_text(node_get(node, "name")),
	                      0};
	const char *hash =
	    node_text(node_get(node_at(pod, "metadata.labels"), "pod-template-hash"));
	size_t tail = strlen(hash) + 1;

	owner.len = strlen(owner.name);
	if (strcmp(owner.kind, "ReplicaSet") == 0 && *hash && owner.len > tail &&
	    owner.name[owner.len - tail] == '-' &&
	    strcmp(owner.name + owner.len - tail + 1, hash) == 0) {
		owner.kind = "Deployment";
		owner.len -= tail;
	}
	return owner;
}

/* --- Pods --- */

/* Reasons of the kubelet's image manager. Since 1.33 an error's text may be the reason, too: it
 * has blanks, which no other reason has. */
static bool is_about_images(const char *reason)
{
	static const char reasons[] =
	    "ErrImagePull ImagePullBackOff InvalidImageName ErrImageNeverPull "
	    "ImageInspectError RegistryUnavailable SignatureValidationFailed";

	return glob_list_matches(reasons, view_of(reason), '\0') || strchr(reason, ' ');
}

static const struct node *find_named(const struct node *list, const char *name)
{
	for (size_t i = 0;
	     list && list->kind == NODE_SEQUENCE && i < list->count && i < STATUSES_MAX; i++)
		if (node_is(node_get(list->members[i].value, "name"), name))
			return list->members[i].value;
	return NULL;
}

/* Where a Pod has its containers; a volume of an image is in none. */
static const struct {
	const char *specs, *statuses;
} lists[] = {
    [CONTAINER_PLAIN] = {"spec.containers", "status.containerStatuses"},
    [CONTAINER_INIT] = {"spec.initContainers", "status.initContainerStatuses"},
    [CONTAINER_EPHEMERAL] = {"spec.ephemeralContainers", "status.ephemeralContainerStatuses"},
    [CONTAINER_VOLUME] = {"-", "-"},
};

static bool present_is_enough(const struct node *pod, const struct workload_image *image)
{
	const struct node *list = node_at(pod, lists[image->kind].specs);
	const struct node *policy = node_get(find_named(list, image->container), "imagePullPolicy");

	return node_is(policy, "IfNotPresent") || node_is(policy, "Never");
}

static const char **keep_secrets(struct waiting_list *list, const struct workload *workload)
{
	size_t count = workload->pull_secrets.count;
	const char **names = arena_take_aligned(&list->arena, (count + 1) * sizeof *names);

	for (size_t i = 0; i < count; i++)
		names[i] = keep(list, workload->pull_secrets.items[i].name);
	return names;
}

static struct waiting_pod *keep_pod(struct waiting_list *list, const struct node *root,
                                    const struct workload *workload, size_t number)
{
	struct waiting_pod *pod = arena_take_aligned(&list->arena, sizeof *pod);
	struct owner owner = read_owner(root);

	*pod = (struct waiting_pod){
	    .ns = keep(list, text_at(root, "metadata.namespace")),
	    .name = keep(list, text_at(root, "metadata.name")),
	    .uid = keep(list, text_at(root, "metadata.uid")),
	    .owner_kind = keep(list, owner.kind),
	    .owner = arena_copy(&list->arena, owner.name, owner.len),
	    .node = keep(list, text_at(root, "spec.nodeName")),
	    .account = keep(list, workload->service_account.name),
	    .secrets = keep_secrets(list, workload),
	    .secret_count = workload->pull_secrets.count,
	    .absent = "",
	    .number = number,
	};
	return pod;
}

static void remember_running(struct waiting_list *list, const char *node, const char *image)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	if (!*node)
		return;
	buf_append_format(&text, "%s %s", node, image);
	string_list_add_once(&list->running, text.data);
}

static bool runs(const struct waiting_list *list, const char *node, const char *image)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_format(&text, "%s %s", node, image);
	return string_list_find(&list->running, buf_view(&text), NULL);
}

/* A volume's image may turn out to wait, as long as the Pod does not run. */
static bool may_wait(const struct node *root, const struct workload_image *image)
{
	return image->kind == CONTAINER_VOLUME && node_is(node_at(root, "status.phase"), "Pending");
}

static bool add_image(struct waiting_list *list, const struct node *root,
                      const struct workload *workload, const struct workload_image *image,
                      struct waiting_pod **pod, size_t number)
{
	const struct node *status =
	    find_named(node_at(root, lists[image->kind].statuses), image->container);
	const char *reason = text_at(status, "state.waiting.reason");
	struct waiting *waiting;

	if (node_at(status, "state.running"))
		remember_running(list, text_at(root, "spec.nodeName"), image->text);
	if (!is_about_images(reason) && !may_wait(root, image))
		return false;
	if (!*pod)
		*pod = keep_pod(list, root, workload, number);
	memory_extend(&list->items, list->count, &list->capacity, sizeof *list->items);
	waiting = &list->items[list->count++];
	*waiting = (struct waiting){
	    .pod = *pod,
	    .kind = image->kind,
	    .container = keep(list, image->container),
	    .image = keep(list, image->text),
	    .state = keep(list, is_about_images(reason) ? reason : ""),
	    .message = keep(list, text_at(status, "state.waiting.message")),
	    .present_is_enough = present_is_enough(root, image),
	};
	return true;
}

bool waiting_add_pod(struct waiting_list *list, const struct node *root, size_t number)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	struct waiting_pod *pod = NULL;
	bool waits = false;

	list->pods++;
	if (node_at(root, "metadata.deletionTimestamp"))
		return false;
	workload_read(root, "Pod", node_get(root, "spec"), &workload);
	for (size_t i = 0; i < workload.image_count; i++)
		waits |= add_image(list, root, &workload, &workload.images[i], &pod, number);
	return waits;
}

/* --- events --- */

static const char *later(const char *a, const char *b)
{
	return strcmp(a, b) < 0 ? b : a;
}

/* What is between the first of `open` and the next of `close`; "" for nothing. */
static const char *keep_between(struct waiting_list *list, const char *text, char open,
                                const char *close)
{
	const char *start = strchr(text, open);
	size_t len = start ? strcspn(start + 1, close) : 0;

	return len ? arena_copy(&list->arena, start + 1, len) : "";
}

/* "spec.containers{app}", or else `Failed to pull image "app:1": ...`. */
static void file_event(struct waiting_list *list, struct waiting_event *event, const char *path)
{
	event->name = keep_between(list, path, '{', "}");
	if (strcmp(event->reason, "FailedToRetrieveImagePullSecret") == 0) {
		event->subject = ABOUT_SECRETS;
		event->name = "";
	} else if (!*event->name) {
		event->subject = ABOUT_IMAGE;
		event->name = keep_between(list, event->message, '"', "\"");
	}
}

static bool is_wanted(const char *reason, const char *message)
{
	static const char failed[] = "Failed to pull image ";

	if (strcmp(reason, "Failed") == 0)
		return strncmp(message, failed, sizeof failed - 1) == 0;
	return glob_list_matches("InspectFailed ErrImageNeverPull FailedToRetrieveImagePullSecret",
	                         view_of(reason), '\0');
}

void waiting_add_event(struct waiting_list *list, const struct node *root)
{
	const struct node *about = node_get(root, "involvedObject");
	const char *reason = text_at(root, "reason"), *message = text_at(root, "message");
	const char *time = later(text_at(root, "lastTimestamp"), text_at(root, "eventTime"));
	struct waiting_event *event;

	if (!node_is(node_get(about, "kind"), "Pod") || !is_wanted(reason, message))
		return;
	time = later(time, text_at(root, "series.lastObservedTime"));
	time = later(time, text_at(root, "metadata.creationTimestamp"));
	memory_extend(&list->events, list->event_count, &list->event_capacity,
	              sizeof *list->events);
	event = &list->events[list->event_count++];
	*event = (struct waiting_event){
	    .ns = keep(list, node_text(node_get(about, "namespace"))),
	    .pod = keep(list, node_text(node_get(about, "name"))),
	    .uid = keep(list, node_text(node_get(about, "uid"))),
	    .reason = keep(list, reason),
	    .message = keep(list, message),
	    .time = keep(list, time),
	};
	file_event(list, event, node_text(node_get(about, "fieldPath")));
}

/* --- bringing them together --- */

static int compare_filed(const struct waiting_event *a, const struct waiting_event *b)
{
	int order = strcmp(a->ns, b->ns);

	order = order ? order : strcmp(a->pod, b->pod);
	order = order ? order : (int)a->subject - (int)b->subject;
	return order ? order : strcmp(a->name, b->name);
}

static int compare_events(const void *a, const void *b)
{
	const struct waiting_event *first = a, *second = b;
	int order = compare_filed(first, second);

	return order ? order : strcmp(first->time, second->time);
}

/* The number of events up to the last of those that are filed like this one. */
static size_t upper_bound(const struct waiting_list *list, const struct waiting_event *like)
{
	size_t low = 0, high = list->event_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_filed(&list->events[middle], like) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_of(const struct waiting_event *event, const struct waiting_pod *pod)
{
	return !*event->uid || !*pod->uid || strcmp(event->uid, pod->uid) == 0;
}

/* The kubelet's own rate limit goes away, and hides the error that it delays. */
static bool passes(const struct waiting_event *event)
{
	return strstr(event->message, ": pull QPS exceeded") != NULL;
}

/* The newest event about it; NULL: there is none. */
static const struct waiting_event *find_event(const struct waiting_list *list,
                                              const struct waiting_pod *pod, enum subject subject,
                                              const char *name)
{
	const struct waiting_event like = {
	    .ns = pod->ns, .pod = pod->name, .subject = subject, .name = name};
	const struct waiting_event *newest = NULL;
	size_t at = upper_bound(list, &like);

	for (size_t i = 0; i < EVENTS_MAX && at && compare_filed(&list->events[at - 1], &like) == 0;
	     i++) {
		const struct waiting_event *event = &list->events[--at];

		if (!is_of(event, pod))
			continue;
		newest = newest && passes(event) ? newest : event;
		if (!passes(newest))
			break;
	}
	return newest;
}

/* `Unable to retrieve some image pull secrets (a, b); ...`. */
static void note_absent(struct waiting_list *list, struct waiting_pod *pod)
{
	const struct waiting_event *event = find_event(list, pod, ABOUT_SECRETS, "");

	if (event && !*pod->absent)
		pod->absent = keep_between(list, event->message, '(', ")");
}

static struct node_message read_words(const char *reason, const char *message,
                                      const struct waiting *waiting)
{
	return node_message_read(view_of(reason), view_of(message), view_of(waiting->image));
}

static void settle_one(struct waiting_list *list, struct waiting *waiting)
{
	const struct waiting_event *event =
	    find_event(list, waiting->pod, ABOUT_CONTAINER, waiting->container);

	if (!event)
		event = find_event(list, waiting->pod, ABOUT_IMAGE, waiting->image);
	note_absent(list, waiting->pod);
	waiting->said = read_words(waiting->state, waiting->message, waiting);
	waiting->cached =
	    waiting->present_is_enough && runs(list, waiting->pod->node, waiting->image);
	if (!event || waiting->said.words.len)
		return;
	waiting->message = event->message;
	if (!*waiting->state)
		waiting->state = "ErrImagePull";
	waiting->said = read_words(event->reason, event->message, waiting);
}

void waiting_settle(struct waiting_list *list)
{
	size_t kept = 0;

	if (list->event_count)
		qsort(list->events, list->event_count, sizeof *list->events, compare_events);
	for (size_t i = 0; i < list->count; i++) {
		settle_one(list, &list->items[i]);
		if (*list->items[i].state)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

/* --- names --- */

/* What kubectl calls kinds for short; see `kubectl api-resources`. */
static const struct {
	const char *word, *kind;
} short_kinds[] = {{"po", "pod"},       {"deploy", "deployment"}, {"sts", "statefulset"},
                   {"ds", "daemonset"}, {"rs", "replicaset"},     {"rc", "replicationcontroller"},
                   {"cj", "cronjob"}};

static void normalise_kind(char *kind)
{
	size_t len;

	for (char *at = kind; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	for (size_t i = 0; i < COUNT(short_kinds); i++)
		if (strcmp(kind, short_kinds[i].word) == 0)
			memcpy(kind, short_kinds[i].kind, strlen(short_kinds[i].kind) + 1);
	len = strlen(kind);
	if (len > 1 && kind[len - 1] == 's')
		kind[len - 1] = '\0';
}

bool waiting_name_parse(const char *word, struct waiting_name *name)
{
	const char *slash = strchr(word, '/');
	size_t len = slash ? strcspn(word, "./") : 3;

	name->name = slash ? slash + 1 : word;
	if (!len || len >= sizeof name->kind - sizeof "replicationcontroller" || !*name->name ||
	    *word == '-' || *name->name == '-' ||
	    name->name[strspn(name->name, "abcdefghijklmnopqrstuvwxyz0123456789-.")])
		return false;
	memcpy(name->kind, slash ? word : "pod", len);
	name->kind[len] = '\0';
	normalise_kind(name->kind);
	return true;
}

static bool is_kind(const struct waiting_name *name, const char *kind)
{
	return strcasecmp(kind, name->kind) == 0;
}

/* A CronJob's Job is called after it, a dash and the time (pkg/controller/cronjob/utils.go). */
static bool is_run_of(const char *job, const char *cron_job)
{
	size_t len = strlen(cron_job);

	return strncmp(job, cron_job, len) == 0 && job[len] == '-' && job[len + 1] &&
	       !job[len + 1 + strspn(job + len + 1, "0123456789")];
}

bool waiting_name_fits(const struct waiting_name *name, const struct node *pod)
{
	const struct node *direct = find_owner(pod);
	struct owner owner = read_owner(pod);

	if (is_kind(name, "Pod"))
		return node_is(node_at(pod, "metadata.name"), name->name);
	if (is_kind(name, "CronJob"))
		return strcmp(owner.kind, "Job") == 0 && is_run_of(owner.name, name->name);
	if (is_kind(name, node_text(node_get(direct, "kind"))) &&
	    node_is(node_get(direct, "name"), name->name))
		return true;
	return is_kind(name, owner.kind) && strlen(name->name) == owner.len &&
	       memcmp(name->name, owner.name, owner.len) == 0;
}
