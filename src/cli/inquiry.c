#include "inquiry.h"

#include <string.h>

#include "../io/http.h"
#include "../io/progress.h"
#include "manifests.h"
#include "regcred/base/memory.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/index_key.h"

/* --- options ---------------------------------------------------------------------------- */

bool inquiry_set_plain_http(void *request, const struct option_row *row, char *value,
                            struct error *error)
{
	if (!dialogue_is_host(view_of(value)))
		return error_set(error, DIAGNOSTIC_OPTION_VALUE,
		                 "without scheme and path, such as localhost:5000",
		                 "option --%s takes HOST or HOST:PORT", row->name);
	string_list_add_once((struct string_list *)((char *)request + row->at), value);
	return true;
}

const char *inquiry_option_given(const struct inquiry_options *options)
{
	return options->plain_http.count ? "plain-http"
	       : options->ca_file        ? "ca-file"
	       : options->timeout        ? "timeout"
	                                 : NULL;
}

/* --- questions -------------------------------------------------------------------------- */

static struct inquiry_question *add_question(struct inquiry *inquiry, const char *image)
{
	struct inquiry_question *question = memory_acquire(sizeof *question);

	*question = (struct inquiry_question){.image = image,
	                                      .name = BUF_INIT(BUF_CONFIG_MAX),
	                                      .problem = BUF_INIT(BUF_CONFIG_MAX),
	                                      .ask = {.host = VIEW_EMPTY,
	                                              .repository = VIEW_EMPTY,
	                                              .reference = VIEW_EMPTY,
	                                              .privileges = inquiry->options->privileges}};
	memory_extend(&inquiry->questions, inquiry->count, &inquiry->capacity, sizeof(void *));
	return inquiry->questions[inquiry->count++] = question;
}

struct inquiry_question *inquiry_add_image(struct inquiry *inquiry, const char *image)
{
	struct inquiry_question *question = add_question(inquiry, image);
	struct image_reference reference;
	struct error error;

	if (!image_reference_parse(view_of(image), &question->name, &reference, &error)) {
		buf_append_string(&question->problem, error.message);
		return question;
	}
	question->ask.host = reference.domain;
	question->ask.repository = reference.path;
	question->ask.reference = reference.digest.len ? reference.digest
	                          : reference.tag.len  ? reference.tag
	                                               : view_of("latest");
	return question;
}

struct inquiry_question *inquiry_add_login(struct inquiry *inquiry, struct view registry)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
	struct inquiry_question *question = add_question(inquiry, NULL);

	if (index_key_append(registry, &key) == GO_URL_SOUND)
		buf_append(&question->name, key.data, view_find(buf_view(&key), '/'));
	question->ask.host = buf_view(&question->name);
	return question;
}

void inquiry_add_try(struct inquiry_question *question, struct keyring_entry entry)
{
	struct inquiry_try try = {.entry = entry, .result = DIALOGUE_RESULT_INIT};

	memory_extend(&question->tries, question->try_count, &question->try_capacity, sizeof try);
	question->tries[question->try_count++] = try;
}

void inquiry_add_matches(struct inquiry_question *question, const struct keyring *keyring,
                         const struct keyring_answer *answer)
{
	for (size_t i = 0; i < answer->match_count; i++)
		inquiry_add_try(question, keyring_entry(keyring, answer->matches[i].entry));
}

static void release_question(struct inquiry_question *question)
{
	for (size_t i = 0; i < question->try_count; i++)
		dialogue_result_release(&question->tries[i].result);
	memory_release(question->tries);
	buf_release(&question->name);
	buf_release(&question->problem);
	if (question->begun)
		dialogue_release(&question->dialogue);
	memory_release(question);
}

void inquiry_release(struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->count; i++)
		release_question(inquiry->questions[i]);
	memory_release(inquiry->questions);
	*inquiry = (struct inquiry){0};
}

/* --- asking ----------------------------------------------------------------------------- */

struct queue {
	struct inquiry_question *first, **end; /* `end`: where the next one goes */
};

/* One address that is asked without a credential first. */
struct opening {
	struct inquiry_question *by; /* who asks it, or has; NULL: none yet */
	struct queue waiting;        /* who wants to know */
};

struct asking {
	struct inquiry *inquiry;
	struct report *report;
	struct http *http;
	struct progress progress;
	struct string_list addresses, hosts; /* their places are the numbers */
	struct opening *openings;
	struct inquiry_question **dead; /* by host: whose opening got no answer; NULL: none */
	struct queue ready;
	const char **plain_http;
};

static void queue_append(struct queue *queue, struct inquiry_question *question)
{
	if (!queue->first)
		queue->end = &queue->first;
	question->next = NULL;
	*queue->end = question;
	queue->end = &question->next;
}

static struct inquiry_question *queue_take(struct queue *queue)
{
	struct inquiry_question *question = queue->first;

	queue->first = question->next;
	return question;
}

static struct view host_of(const char *url)
{
	const char *host = strstr(url, "://") + strlen("://");

	return (struct view){host, strcspn(host, "/?")};
}

static void send_request(struct asking *asking, struct inquiry_question *question,
                         const struct dialogue_request *request)
{
	const struct inquiry_try *try = &question->tries[question->current];
	bool basic = strncmp(request->authorization.data, "Basic ", strlen("Basic ")) == 0;

	if (asking->report->verbose)
		progress_hide(&asking->progress);
	report_step(asking->report, "%s %s%s%s", request->method, request->url.data,
	            basic                        ? ", as "
	            : request->authorization.len ? ", with the token"
	                                         : "",
	            basic ? try->entry.username.data : "");
	http_send(asking->http, &(struct http_request){.method = request->method,
	                                               .url = request->url.data,
	                                               .accept = DIALOGUE_ACCEPT,
	                                               .authorization = request->authorization.data,
	                                               .context = question});
}

/* Whether the next credential may do better. */
static bool goes_on(const struct inquiry_question *question)
{
	return question->current + 1 < question->try_count && !question->dialogue.settled &&
	       question->verdict != VERDICT_UNREACHABLE && !inquiry_is_yes(question);
}

static void attempt(struct inquiry_question *question)
{
	const struct keyring_entry *entry = &question->tries[question->current].entry;

	dialogue_attempt(&question->dialogue, entry->username, entry->password);
}

/* Until there is something to send, or the question is answered. */
static void go_on(struct asking *asking, struct inquiry_question *question)
{
	const struct dialogue_request *request;

	while (!(request = dialogue_request(&question->dialogue))) {
		struct inquiry_try *try = &question->tries[question->current];

		dialogue_result_copy(&try->result, &question->dialogue.result);
		try->made = true;
		question->verdict = try->result.verdict;
		if (!goes_on(question)) {
			progress_add(&asking->progress, 1);
			return;
		}
		question->current++;
		attempt(question);
	}
	send_request(asking, question, request);
}

/* False: another question asks the same; this one waits for its answer. */
static bool begin(struct asking *asking, struct inquiry_question *question)
{
	struct opening *opening = &asking->openings[question->opening];
	struct inquiry_question *dead = asking->dead[question->host];

	if (opening->by && !dead && !dialogue_is_open(&opening->by->dialogue)) {
		queue_append(&opening->waiting, question);
		return false;
	}
	dialogue_begin(&question->dialogue, &question->ask);
	question->begun = true;
	if (dead)
		dialogue_fail(&question->dialogue, VERDICT_UNREACHABLE,
		              dead->dialogue.result.message.data, dead->dialogue.result.hint.data);
	else if (opening->by)
		dialogue_join(&question->dialogue, &opening->by->dialogue);
	else
		opening->by = question;
	attempt(question);
	return true;
}

static const struct {
	enum verdict verdict;
	const char *before, *behind; /* the host, in the sentence */
	const char *hint;
} failures[HTTP_FAILURE_COUNT] = {
    [HTTP_NO_NAME] = {VERDICT_UNREACHABLE, "the host ", " cannot be found",
                      "check its name, and whether this machine has a network"},
    [HTTP_NO_CONNECTION] = {VERDICT_UNREACHABLE, "cannot connect to ", "",
                            "check host and port; a proxy is taken from https_proxy"},
    [HTTP_TIMEOUT] = {VERDICT_UNREACHABLE, "", " did not answer in time",
                      "--timeout SECONDS waits longer"},
    [HTTP_UNKNOWN_AUTHORITY] = {VERDICT_UNREACHABLE, "the certificate of ",
                                " comes from an unknown authority",
                                "--ca-file FILE trusts the authority in FILE; the nodes must "
                                "trust it, too"},
    [HTTP_BAD_CERTIFICATE] = {VERDICT_UNREACHABLE, "the certificate of ", " is not valid",
                              "it is for another host or expired: nodes refuse it, too"},
    [HTTP_NO_AUTHORITY] = {VERDICT_UNREACHABLE, "the certificate of ", " cannot be checked",
                           "--ca-file FILE takes certificates in PEM form; those of the system "
                           "are in the package ca-certificates"},
    [HTTP_NO_TLS] = {VERDICT_UNREACHABLE, "", " does not speak TLS",
                     "a registry without TLS is asked with --plain-http HOST"},
    [HTTP_BROKEN] = {VERDICT_UNREACHABLE, "the connection to ", " broke", "check host and port"},
    [HTTP_TOO_LARGE] = {VERDICT_NOT_A_REGISTRY, "the answer of ", " is too large",
                        "check that it is the address of a registry"},
};

static void fail(struct asking *asking, struct inquiry_question *question,
                 const struct http_answer *answer)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT(DIALOGUE_TEXT_MAX);
	struct view host = host_of(dialogue_request(&question->dialogue)->url.data);
	bool opens = !dialogue_is_open(&question->dialogue);
	enum verdict verdict = failures[answer->failure].verdict;

	buf_append_format(&message, "%s%.*s%s%s%s", failures[answer->failure].before, (int)host.len,
	                  host.data, failures[answer->failure].behind, *answer->reason ? ": " : "",
	                  answer->reason);
	dialogue_fail(&question->dialogue, verdict, message.data, failures[answer->failure].hint);
	if (opens && verdict == VERDICT_UNREACHABLE)
		asking->dead[question->host] = question;
}

static void take_answer(struct asking *asking, struct inquiry_question *question,
                        const struct http_answer *answer)
{
	struct opening *opening = &asking->openings[question->opening];

	if (answer->failure)
		fail(asking, question, answer);
	else
		dialogue_take(
		    &question->dialogue,
		    &(struct dialogue_answer){answer->status, answer->headers, answer->body});
	if (opening->by == question && dialogue_is_open(&question->dialogue))
		while (opening->waiting.first)
			queue_append(&asking->ready, queue_take(&opening->waiting));
}

static void ask_all(struct asking *asking)
{
	struct http_answer answer;

	do {
		while (asking->ready.first && http_is_free(asking->http)) {
			struct inquiry_question *question = queue_take(&asking->ready);

			if (begin(asking, question))
				go_on(asking, question);
		}
		if (!http_wait(asking->http, &answer))
			return;
		take_answer(asking, answer.context, &answer);
		go_on(asking, answer.context);
	} while (true);
}

/* --- before and after ------------------------------------------------------------------- */

/* Numbers what is asked, so that equal questions know of each other. */
static void prepare(struct asking *asking, struct inquiry_question *question)
{
	CLEANUP(buf_release) struct buf address = BUF_INIT(BUF_CONFIG_MAX);
	struct dialogue_question *ask = &question->ask;

	ask->plain_http = asking->plain_http;
	ask->plain_http_count = asking->inquiry->options->plain_http.count;
	if (!question->try_count)
		inquiry_add_try(question, (struct keyring_entry){.secret = INVENTORY_NONE,
		                                                 .registry = VIEW_EMPTY,
		                                                 .username = VIEW_EMPTY,
		                                                 .password = VIEW_EMPTY});
	buf_append_format(&address, "%.*s/%.*s:%.*s", (int)ask->host.len, ask->host.data,
	                  (int)ask->repository.len, ask->repository.data, (int)ask->reference.len,
	                  ask->reference.data);
	question->opening = string_list_number(&asking->addresses, buf_view(&address));
	question->host = string_list_number(&asking->hosts, ask->host);
	queue_append(&asking->ready, question);
}

static void *acquire_zeroed(size_t size)
{
	return memset(memory_acquire(size), 0, size);
}

static void prepare_all(struct asking *asking)
{
	const struct inquiry *inquiry = asking->inquiry;
	const struct string_list *plain = &inquiry->options->plain_http;

	asking->plain_http = acquire_zeroed((plain->count + 1) * sizeof *asking->plain_http);
	asking->openings = acquire_zeroed((inquiry->count + 1) * sizeof *asking->openings);
	asking->dead = acquire_zeroed((inquiry->count + 1) * sizeof(void *));
	for (size_t i = 0; i < plain->count; i++)
		asking->plain_http[i] = plain->items[i].data;
	for (size_t i = 0; i < inquiry->count; i++)
		if (!inquiry->questions[i]->problem.len)
			prepare(asking, inquiry->questions[i]);
}

static void release_asking(struct asking *asking)
{
	http_close(&asking->http);
	progress_hide(&asking->progress);
	string_list_release(&asking->addresses);
	string_list_release(&asking->hosts);
	memory_release(asking->openings);
	memory_release(asking->dead);
	memory_release(asking->plain_http);
}

static void keep_progress(void *context)
{
	progress_add(context, 0);
}

static bool may_more_than_pull(const struct buf *grants)
{
	return strstr(grants->data, "push") || strstr(grants->data, "delete") ||
	       strchr(grants->data, '*');
}

static void warn_of_privileges(const struct inquiry_question *question, struct report *report)
{
	for (size_t i = 0; i < question->try_count; i++) {
		const struct inquiry_try *try = &question->tries[i];

		if (may_more_than_pull(&try->result.grants))
			report_say(report, DIAGNOSTIC_OVER_PRIVILEGED,
			           "a node only pulls: use a token that may only read",
			           "%s may do more with %s than pull: %s", try->entry.username.data,
			           question->image, try->result.grants.data);
	}
}

bool inquiry_run(struct inquiry *inquiry, struct report *report, struct error *error)
{
	CLEANUP(release_asking)
	struct asking asking = {.inquiry = inquiry, .report = report};
	const struct inquiry_options *options = inquiry->options;
	struct http_options http = {.ca_file = options->ca_file,
	                            .timeout = options->timeout ? options->timeout
	                                                        : INQUIRY_TIMEOUT_DEFAULT,
	                            .waiting = keep_progress,
	                            .context = &asking.progress};

	prepare_all(&asking);
	if (!asking.ready.first)
		return true;
	if (!http_open(&asking.http, &http, error))
		return false;
	progress_begin_count(&asking.progress, "answered", inquiry->count, report);
	ask_all(&asking);
	progress_hide(&asking.progress);
	for (size_t i = 0; i < inquiry->count; i++)
		warn_of_privileges(inquiry->questions[i], report);
	return true;
}

bool inquiry_is_yes(const struct inquiry_question *question)
{
	return !question->problem.len &&
	       (question->verdict == VERDICT_OK || question->verdict == VERDICT_NEEDS_NONE);
}

enum status inquiry_status(const struct inquiry *inquiry)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < inquiry->count; i++) {
		const struct inquiry_question *question = inquiry->questions[i];

		if (question->problem.len || question->verdict == VERDICT_REFUSED ||
		    question->verdict == VERDICT_NOT_FOUND)
			return STATUS_NO;
		if (!inquiry_is_yes(question))
			status = STATUS_SYSTEM;
	}
	return status;
}
