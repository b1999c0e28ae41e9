#include "why.h"

#include <string.h>

#include "../io/input.h"
#include "../io/machine.h"
#include "manifests.h"
#include "regcred/base/memory.h"

void why_gathering_release(struct why_gathering *gathering)
{
	kubectl_answer_release(&gathering->answer);
	waiting_release(&gathering->waiting);
	inventory_free(&gathering->inventory);
	check_free(&gathering->check);
	subjects_release(&gathering->sources);
	string_list_release(&gathering->checked);
	string_list_release(&gathering->unread);
	memory_release(gathering->met);
	memory_release(gathering->questions);
	inquiry_release(&gathering->inquiry);
}

/* "dev/regcred". */
static void append_key(struct buf *out, const char *ns, const char *name)
{
	buf_append_format(out, "%s/%s", ns, name);
}

bool why_is_unread(const struct why_gathering *gathering, const char *ns, const char *name)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);

	append_key(&key, ns, name);
	return !gathering->has_secrets ||
	       string_list_find(&gathering->unread, buf_view(&key), NULL);
}

/* --- objects --- */

static bool is_named(struct why_gathering *gathering, const struct node *pod)
{
	const struct why_request *request = gathering->request;
	bool named = !request->name_count;

	for (size_t i = 0; i < request->name_count; i++)
		if (waiting_name_fits(&request->names[i], pod))
			named = gathering->met[i] = true;
	return named;
}

static bool is_wanted(const struct why_gathering *gathering, const struct node *root)
{
	const char *wanted = gathering->request->ns;
	const struct node *ns = node_at(root, "metadata.namespace");

	return !wanted || !ns || node_is(ns, wanted);
}

static bool take_pod(struct why_gathering *gathering, const struct manifest_item *item,
                     struct error *error)
{
	size_t number = inventory_workload_count(gathering->inventory);

	return !is_named(gathering, item->root) ||
	       !waiting_add_pod(&gathering->waiting, item->root, number) ||
	       inventory_add(gathering->inventory, 0, item, INVENTORY_WORKLOADS, error);
}

static bool take_secret(struct why_gathering *gathering, const struct manifest_item *item,
                        struct error *error)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const char *name = node_text(node_at(item->root, "metadata.name"));
	size_t file = gathering->checked.count;

	gathering->has_secrets = true;
	append_key(&text, node_text(node_at(item->root, "metadata.namespace")), name);
	string_list_add(&gathering->checked, text.data);
	buf_reset(&text);
	buf_append_format(&text, "secret/%s", name);
	string_list_add(&gathering->sources.secrets.files,
	                gathering->source ? gathering->source : text.data);
	return inventory_add(gathering->inventory, file, item, INVENTORY_SECRETS, error) &&
	       check_add(gathering->check, file, item, error);
}

/* Whatever else kubectl prints was not asked for. */
static bool is_expected(const struct why_gathering *gathering, const char *kind)
{
	const char *at = gathering->expected ? strstr(gathering->expected, kind) : NULL;

	return !gathering->expected || (*kind && at && at[strlen(kind)] == ' ');
}

static bool take(void *context, size_t file, const struct manifest_item *item, struct error *error)
{
	struct why_gathering *gathering = context;

	if (gathering->request->reading.files.count)
		gathering->source = reading_name(&gathering->request->reading, file);
	if (item->event == MANIFEST_BROKEN)
		return manifests_fail_broken(
		    gathering->source ? gathering->source : "what kubectl printed", item, error);
	if (item->event != MANIFEST_OBJECT || !is_expected(gathering, item->kind) ||
	    !is_wanted(gathering, item->root))
		return true;
	if (strcmp(item->kind, "Pod") == 0)
		return take_pod(gathering, item, error);
	if (strcmp(item->kind, "Secret") == 0)
		return take_secret(gathering, item, error);
	if (strcmp(item->kind, "ServiceAccount") == 0) {
		gathering->has_secrets = true;
		return inventory_add(gathering->inventory, 0, item, INVENTORY_ACCOUNTS, error);
	}
	if (strcmp(item->kind, "Event") == 0)
		waiting_add_event(&gathering->waiting, item->root);
	return true;
}

/* --- kubectl --- */

enum { WORDS_SHOWN = 8 };

static void tell_step(struct why_gathering *gathering, const struct string_list *words)
{
	CLEANUP(buf_release) struct buf step = BUF_INIT(BUF_CONFIG_MAX);

	for (size_t i = 0; i < words->count && i < WORDS_SHOWN; i++)
		buf_append_format(&step, " %s", words->items[i].data);
	report_step(&gathering->request->reading.common.report, "kubectl get%s%s", step.data,
	            words->count > WORDS_SHOWN ? " ..." : "");
}

static bool take_answer(struct why_gathering *gathering, struct error *error)
{
	struct view output = buf_view(&gathering->answer.output);
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(output.data, output.len);
	struct manifest_item item;

	while (manifest_reader_next(reader, &item, error)) {
		if (item.event == MANIFEST_END)
			return true;
		if (!take(gathering, 0, &item, error))
			return false;
	}
	return false;
}

/* kubectl prints a List even of nothing. */
static bool is_object(const struct kubectl_answer *answer)
{
	return view_begins(view_trim(buf_view(&answer->output)), view_of("{"));
}

/* Takes what is there of those kinds; without a single Pod there is nothing to go on with. */
static bool ask(struct why_gathering *gathering, const struct string_list *words, const char *kinds,
                struct error *error)
{
	struct kubectl_answer *answer = &gathering->answer;
	CLEANUP(buf_release) struct buf said = BUF_INIT(BUF_CONFIG_MAX);

	gathering->expected = kinds;
	tell_step(gathering, words);
	if (!kubectl_get(&gathering->request->kubectl, words, answer, error) ||
	    !take_answer(gathering, error))
		return false;
	if (!gathering->waiting.pods && !(answer->whole && is_object(answer)))
		return kubectl_fail(answer, error);
	if (answer->whole)
		return true;
	kubectl_append_words(answer, &said);
	report_say(&gathering->request->reading.common.report, DIAGNOSTIC_KUBECTL_PARTIAL, NULL,
	           "kubectl get: %s", said.data);
	return true;
}

static void add_word(struct string_list *words, const char *start, const char *rest)
{
	CLEANUP(buf_release) struct buf word = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_format(&word, "%s%s", start, rest);
	string_list_add_once(words, word.data);
}

static void add_namespace(const struct why_request *request, struct string_list *words)
{
	if (request->all_namespaces)
		string_list_add(words, "--all-namespaces");
	else if (request->ns)
		add_word(words, "--namespace=", request->ns);
}

static bool are_pods(const struct why_request *request)
{
	for (size_t i = 0; i < request->name_count; i++)
		if (strcmp(request->names[i].kind, "pod") != 0)
			return false;
	return request->name_count && !request->all_namespaces;
}

/* By their names; else all that may still wait, among which those of a workload are found by
 * their owners. */
static bool fetch_pods(struct why_gathering *gathering, struct error *error)
{
	CLEANUP(string_list_release) struct string_list words = STRING_LIST_INIT;
	const struct why_request *request = gathering->request;

	string_list_add(&words, "pod");
	if (are_pods(request))
		for (size_t i = 0; i < request->name_count; i++)
			string_list_add_once(&words, request->names[i].name);
	else
		string_list_add(&words,
		                "--field-selector=status.phase!=Succeeded,status.phase!=Failed");
	add_namespace(request, &words);
	return ask(gathering, &words, "Pod ", error);
}

static bool fetch_events(struct why_gathering *gathering, struct error *error)
{
	CLEANUP(string_list_release) struct string_list words = STRING_LIST_INIT;
	CLEANUP(buf_release) struct buf selector = BUF_INIT(BUF_CONFIG_MAX);
	const struct waiting_list *waiting = &gathering->waiting;
	bool one = waiting->items[0].pod == waiting->items[waiting->count - 1].pod;

	buf_append_format(&selector, "type=Warning,involvedObject.kind=Pod%s%s",
	                  one ? ",involvedObject.name=" : "",
	                  one ? waiting->items[0].pod->name : "");
	string_list_add(&words, "event");
	add_word(&words, "--field-selector=", selector.data);
	add_namespace(gathering->request, &words);
	return ask(gathering, &words, "Event ", error);
}

/* Whether kubectl's words leave open if the object is there: it says nothing of those that are
 * not (--ignore-not-found), and names those that are forbidden. */
static bool leaves_open(const struct kubectl_answer *answer, const char *name)
{
	CLEANUP(buf_release) struct buf quoted = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_format(&quoted, "\"%s\" is forbidden", name);
	return !answer->whole && (!strstr(answer->words.data, "(Forbidden)") ||
	                          strstr(answer->words.data, quoted.data));
}

/* The Secrets that were asked for and did not come. */
static void note_unread(struct why_gathering *gathering, const struct string_list *words,
                        const char *ns)
{
	static const char start[] = "secret/";

	for (size_t i = 0; i < words->count; i++) {
		CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
		const char *word = words->items[i].data;

		if (strncmp(word, start, sizeof start - 1) != 0)
			continue;
		append_key(&key, ns, word + sizeof start - 1);
		if (!string_list_find(&gathering->checked, buf_view(&key), NULL) &&
		    leaves_open(&gathering->answer, word + sizeof start - 1))
			string_list_add_once(&gathering->unread, key.data);
	}
}

/* For the Pods from `first` on that are in one namespace; *next is the first of another. */
static bool fetch_secrets(struct why_gathering *gathering, size_t first, size_t *next,
                          struct error *error)
{
	CLEANUP(string_list_release) struct string_list words = STRING_LIST_INIT;
	const struct waiting_list *waiting = &gathering->waiting;
	const char *ns = waiting->items[first].pod->ns;

	for (*next = first; *next < waiting->count; ++*next) {
		const struct waiting_pod *pod = waiting->items[*next].pod;

		if (strcmp(pod->ns, ns) != 0)
			break;
		add_word(&words, "serviceaccount/", pod->account);
		for (size_t i = 0; i < pod->secret_count; i++)
			add_word(&words, "secret/", pod->secrets[i]);
	}
	add_word(&words, "--namespace=", ns);
	string_list_add(&words, "--ignore-not-found");
	if (!ask(gathering, &words, "Secret ServiceAccount ", error))
		return false;
	note_unread(gathering, &words, ns);
	return true;
}

static bool fetch(struct why_gathering *gathering, struct error *error)
{
	struct waiting_list *waiting = &gathering->waiting;

	if (!fetch_pods(gathering, error) || (waiting->count && !fetch_events(gathering, error)))
		return false;
	waiting_settle(waiting);
	gathering->has_secrets = true;
	for (size_t i = 0; i < waiting->count;)
		if (!fetch_secrets(gathering, i, &i, error))
			return false;
	return true;
}

/* --- the whole --- */

/* Pods that were not found. */
static bool check_names(const struct why_gathering *gathering, struct error *error)
{
	const struct why_request *request = gathering->request;

	for (size_t i = 0; i < request->name_count; i++) {
		const struct waiting_name *name = &request->names[i];
		bool pod = strcmp(name->kind, "pod") == 0;

		if (!gathering->met[i])
			return error_set(error, DIAGNOSTIC_WORKLOAD_NONE,
			                 "-n names another namespace, and -A looks in all of them",
			                 "there is no Pod %s%s%s%s", pod ? "" : "of ",
			                 pod ? "" : name->kind, pod ? "" : "/", name->name);
	}
	return true;
}

static bool read_files(struct why_gathering *gathering, struct error *error)
{
	struct why_request *request = gathering->request;

	request->reading.reads_all = true;
	if (!reading_each(&request->reading, take, gathering, error))
		return false;
	waiting_settle(&gathering->waiting);
	if (gathering->waiting.pods || request->name_count)
		return true;
	return error_set(error, DIAGNOSTIC_WORKLOAD_NONE,
	                 "kubectl get pod,sa,secret,event -o json writes what it reads",
	                 "there is no Pod%s%s in %s", request->ns ? " of namespace " : "",
	                 request->ns ? request->ns : "",
	                 input_name(reading_name(&request->reading, 0)));
}

bool why_gather(struct why_gathering *gathering, struct error *error)
{
	const struct check_options options = {
	    .now = clock_now(), .ignored = gathering->request->reading.common.ignored};
	size_t count = gathering->request->name_count;

	gathering->inventory =
	    inventory_new(&(struct inventory_options){.passwords = gathering->request->verify});
	gathering->check = check_new(&options);
	gathering->met = memory_acquire(count + 1);
	memset(gathering->met, 0, count + 1);
	if (!(gathering->request->reading.files.count ? read_files(gathering, error)
	                                              : fetch(gathering, error)) ||
	    !check_names(gathering, error))
		return false;
	check_finish(gathering->check);
	return true;
}
