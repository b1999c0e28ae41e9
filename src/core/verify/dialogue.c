#include "regcred/verify/dialogue.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/verify/challenge.h"
#include "url.h"

enum { REDIRECTS_MAX = 5, URL_MAX = 64 * 1024, AUTHORIZATION_MAX = 4 << 20 };

enum step {
	STEP_OPENING,    /* the main request, without a credential */
	STEP_TOKEN,      /* the token server */
	STEP_MAIN,       /* the main request with what the challenge wants */
	STEP_PRIVILEGES, /* the token server, for more than a pull */
	STEP_DONE,
};

const char *verdict_word(enum verdict verdict)
{
	static const char *const words[VERDICT_COUNT] = {
	    "ok",          "refused",        "not-found", "rate-limited",
	    "unreachable", "not-a-registry", "needs-none"};

	return words[verdict];
}

/* --- results ---------------------------------------------------------------------------- */

static bool is_login(const struct dialogue *dialogue)
{
	return dialogue->question->repository.len == 0;
}

static void replace(struct buf *old, const struct buf *new)
{
	buf_reset(old);
	buf_append(old, new->data, new->len);
}

void dialogue_result_copy(struct dialogue_result *to, const struct dialogue_result *from)
{
	replace(&to->message, &from->message);
	replace(&to->hint, &from->hint);
	replace(&to->grants, &from->grants);
	to->verdict = from->verdict;
	to->status = from->status;
	to->grants_known = from->grants_known;
	to->limit = from->limit;
	to->limit_remains = from->limit_remains;
}

void dialogue_result_release(struct dialogue_result *result)
{
	buf_release(&result->message);
	buf_release(&result->hint);
	buf_release(&result->grants);
}

/* A verdict that an answer gave without a credential counts for all of them. */
static void finish(struct dialogue *dialogue, enum verdict verdict)
{
	dialogue->settled |= dialogue->step == STEP_OPENING;
	dialogue->result.verdict = verdict;
	dialogue->step = STEP_DONE;
	buf_reset(&dialogue->request.authorization);
}

/* Beside the message that is there. */
static void finish_with(struct dialogue *dialogue, enum verdict verdict, int status,
                        const char *hint)
{
	buf_append_string(&dialogue->result.hint, hint ? hint : "");
	dialogue->result.status = status;
	finish(dialogue, verdict);
}

/* "404 Not Found" */
static void append_status(int status, struct buf *out)
{
	static const char *const lines[] = {"400 Bad Request",
	                                    "401 Unauthorized",
	                                    "403 Forbidden",
	                                    "404 Not Found",
	                                    "405 Method Not Allowed",
	                                    "429 Too Many Requests",
	                                    "500 Internal Server Error",
	                                    "502 Bad Gateway",
	                                    "503 Service Unavailable",
	                                    "504 Gateway Timeout"};
	size_t i = 0;

	while (i < COUNT(lines) && atoi(lines[i]) != status)
		i++;
	if (i < COUNT(lines))
		buf_append_string(out, lines[i]);
	else
		buf_append_format(out, "%d", status);
}

static struct view asked_host(const struct dialogue *dialogue)
{
	struct url url;

	return url_parse(buf_view(&dialogue->request.url), &url) ? url.host : VIEW_EMPTY;
}

/* --- hints ------------------------------------------------------------------------------ */

static void hint_at_wait(const struct dialogue_answer *answer, struct buf *hint)
{
	struct view wait = answer_header(answer, "Retry-After");
	long seconds = answer_number(answer, "Retry-After");

	if (seconds >= 0)
		buf_append_format(hint, "try again after %ld seconds", seconds);
	else if (wait.len == strlen("Fri, 31 Dec 1999 23:59:59 GMT"))
		buf_append_format(hint, "try again after %.*s", (int)wait.len, wait.data);
	else
		buf_append_string(hint, "try again later");
}

static void hint_at_refusal(const struct dialogue *dialogue, struct buf *hint)
{
	struct view host = dialogue->question->host;

	if (!dialogue->username.len)
		buf_append_format(hint, "add a credential for it: regcred-gen -r %.*s -u USER",
		                  (int)host.len, host.data);
	else if (dialogue->step == STEP_MAIN && dialogue->bearer && !is_login(dialogue))
		buf_append_string(hint, "the login is accepted; give this user or token the right "
		                        "to read the repository");
	else
		buf_append_string(hint, "check user name and password, and that the token has not "
		                        "expired and may read");
}

static void append_hint(struct dialogue *dialogue, enum verdict verdict,
                        const struct dialogue_answer *answer)
{
	struct buf *hint = &dialogue->result.hint;
	struct view host = dialogue->question->host;

	if (verdict == VERDICT_RATE_LIMITED)
		hint_at_wait(answer, hint);
	else if (verdict == VERDICT_REFUSED)
		hint_at_refusal(dialogue, hint);
	else if (verdict == VERDICT_NOT_FOUND)
		buf_append_string(hint, "check name and tag, and whether this user may see the "
		                        "repository");
	else if (answer->status == 400 && dialogue->step == STEP_OPENING &&
	         dialogue->request.url.data[4] == ':') /* http: */
		buf_append_string(hint, "it may speak HTTPS: ask it without --plain-http");
	else if (answer->status >= 500)
		buf_append_string(hint, "the server failed: try again later");
	else if (verdict == VERDICT_NOT_A_REGISTRY)
		buf_append_format(hint,
		                  "check that %.*s is the address of the registry, not of "
		                  "its web page",
		                  (int)host.len, host.data);
}

/* --- judging an answer ------------------------------------------------------------------ */

static enum verdict judge(const struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	int status = answer->status;
	bool elsewhere = is_login(dialogue) || dialogue->step == STEP_TOKEN;

	if (status == 401 || status == 403)
		return VERDICT_REFUSED;
	if (status == 429)
		return VERDICT_RATE_LIMITED;
	if (status == 404 && !elsewhere && !answer_is_page(answer))
		return VERDICT_NOT_FOUND;
	if (status < 200 || status > 299 || answer_is_page(answer))
		return VERDICT_NOT_A_REGISTRY;
	return dialogue->username.len && dialogue->step == STEP_MAIN ? VERDICT_OK
	                                                             : VERDICT_NEEDS_NONE;
}

/* A server that has got the password may send it back. Short ones are part of any text. */
static bool repeats_password(const struct dialogue *dialogue, const struct buf *text)
{
	struct view password = dialogue->password;

	return password.len >= 4 && memmem(text->data, text->len, password.data, password.len);
}

/* "HOST answered 404 Not Found: manifest unknown" */
static void describe(struct dialogue *dialogue, const struct dialogue_answer *answer, bool page)
{
	CLEANUP(buf_release) struct buf words = BUF_INIT(DIALOGUE_TEXT_MAX);
	struct buf *message = &dialogue->result.message;
	struct view host = asked_host(dialogue);

	answer_append_words(answer, &words);
	buf_append_format(message, "%.*s answered ", (int)host.len, host.data);
	append_status(answer->status, message);
	buf_append_format(message, "%s%s%s", page ? " with a web page" : "", words.len ? ": " : "",
	                  words.data);
	if (!repeats_password(dialogue, message))
		return;
	buf_reset(message);
	buf_append_string(message, "the answer repeats the password, and is not shown");
}

static void conclude(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	enum verdict verdict = judge(dialogue, answer);
	struct dialogue_result *result = &dialogue->result;

	result->status = answer->status;
	if (verdict != VERDICT_OK && verdict != VERDICT_NEEDS_NONE) {
		describe(dialogue, answer,
		         verdict == VERDICT_NOT_A_REGISTRY && answer_is_page(answer));
		append_hint(dialogue, verdict, answer);
	}
	result->limit = answer_number(answer, "RateLimit-Limit");
	result->limit_remains = answer_number(answer, "RateLimit-Remaining");
	finish(dialogue, verdict);
}

/* --- asking ----------------------------------------------------------------------------- */

static bool may_ask_plain(const struct dialogue *dialogue, struct view host)
{
	const struct dialogue_question *question = dialogue->question;

	for (size_t i = 0; i < question->plain_http_count; i++)
		if (url_host_is(host, question->plain_http[i]))
			return true;
	return false;
}

static void ask(struct dialogue *dialogue, enum step step, const char *method)
{
	dialogue->step = (int)step;
	dialogue->request.method = method;
	dialogue->redirects = 0;
	dialogue->elsewhere = false;
}

static void ask_main(struct dialogue *dialogue, enum step step)
{
	ask(dialogue, step, dialogue->method);
	replace(&dialogue->request.url, &dialogue->url);
}

static void authorize_basic(struct dialogue *dialogue)
{
	CLEANUP(buf_release) struct buf pair = BUF_INIT(2 * BUF_CONFIG_MAX);
	struct buf *authorization = &dialogue->request.authorization;

	buf_append(&pair, dialogue->username.data, dialogue->username.len);
	buf_append_char(&pair, ':');
	buf_append(&pair, dialogue->password.data, dialogue->password.len);
	buf_reset(authorization);
	buf_append_string(authorization, "Basic ");
	base64_encode(authorization, pair.data, pair.len);
}

/* A challenge may ask for several, with blanks between. */
static void append_scopes(const struct dialogue *dialogue, const struct challenge *challenge,
                          const char *actions, struct buf *url)
{
	CLEANUP(buf_release) struct buf scopes = BUF_INIT(URL_MAX);
	struct view repository = dialogue->question->repository, rest;

	if (is_login(dialogue))
		return;
	if (actions || !challenge_parameter(challenge, "scope", &scopes) || !scopes.len)
		buf_append_format(&scopes, "repository:%.*s:%s", (int)repository.len,
		                  repository.data, actions ? actions : "pull");
	rest = buf_view(&scopes);
	while (rest.len) {
		struct view scope = view_take(&rest, ' ');

		if (scope.len)
			url_append_query(url, "scope", scope);
	}
}

/* Once the realm is known to be one that may be asked. */
static void ask_token(struct dialogue *dialogue, const struct challenge *challenge,
                      const struct buf *realm, const char *actions)
{
	CLEANUP(buf_release) struct buf service = BUF_INIT(URL_MAX);
	struct buf *url = &dialogue->request.url;

	ask(dialogue, actions ? STEP_PRIVILEGES : STEP_TOKEN, "GET");
	buf_reset(url);
	buf_append(url, realm->data, realm->len);
	if (challenge_parameter(challenge, "service", &service))
		url_append_query(url, "service", buf_view(&service));
	append_scopes(dialogue, challenge, actions, url);
	buf_reset(&dialogue->request.authorization);
	if (!dialogue->username.len)
		return;
	url_append_query(url, "account", dialogue->username);
	authorize_basic(dialogue);
}

/* --- what the registry asks for --------------------------------------------------------- */

/* The first challenge of that scheme, in any of the headers. */
static bool find_challenge(const struct dialogue *dialogue, const char *scheme,
                           struct challenge *challenge)
{
	struct view lines = buf_view(&dialogue->challenges);

	while (lines.len) {
		struct view line = view_take(&lines, '\n');

		while (challenge_next(&line, challenge))
			if (challenge_is(challenge, scheme))
				return true;
	}
	return false;
}

static void refuse_realm(struct dialogue *dialogue, const struct buf *realm, bool plain)
{
	struct view host = dialogue->question->host;

	buf_append_format(&dialogue->result.message,
	                  plain
	                      ? "%.*s names the token server %.200s, which does not use HTTPS: no "
	                        "credential is sent to it"
	                      : "%.*s names a token server with an invalid address: \"%.200s\"",
	                  (int)host.len, host.data, realm->data);
	finish_with(dialogue, VERDICT_NOT_A_REGISTRY, 401,
	            plain ? "--plain-http HOST allows it, in a network that you trust" : NULL);
}

/* With the actions of --privileges, or NULL for what the challenge asks for. */
static void go_to_realm(struct dialogue *dialogue, const struct challenge *challenge,
                        const char *actions)
{
	CLEANUP(buf_release) struct buf realm = BUF_INIT(URL_MAX);
	struct url url;

	if (!challenge_parameter(challenge, "realm", &realm) ||
	    !url_parse(buf_view(&realm), &url) || memchr(realm.data, '\0', realm.len))
		refuse_realm(dialogue, &realm, false);
	else if (!url.secure && !may_ask_plain(dialogue, url.host))
		refuse_realm(dialogue, &realm, true);
	else
		ask_token(dialogue, challenge, &realm, actions);
}

/* From here on it depends on the credential, unless there is no way to log in at all. */
static void follow_challenge(struct dialogue *dialogue)
{
	struct view host = dialogue->question->host;
	struct buf *message = &dialogue->result.message;
	struct challenge challenge;

	if (dialogue->challenges.len)
		dialogue->step = STEP_MAIN;
	dialogue->bearer = find_challenge(dialogue, "Bearer", &challenge);
	if (dialogue->bearer) {
		go_to_realm(dialogue, &challenge, NULL);
		return;
	}
	if (!find_challenge(dialogue, "Basic", &challenge)) {
		buf_append_format(message, "%.*s answered 401 Unauthorized without a way to log in",
		                  (int)host.len, host.data);
		finish_with(dialogue, VERDICT_REFUSED, 401,
		            "a registry names Basic or Bearer in WWW-Authenticate: check that this "
		            "is one");
	} else if (dialogue->username.len) {
		ask_main(dialogue, STEP_MAIN);
		authorize_basic(dialogue);
	} else {
		buf_append_format(message, "%.*s asks for user name and password", (int)host.len,
		                  host.data);
		hint_at_refusal(dialogue, &dialogue->result.hint);
		finish_with(dialogue, VERDICT_REFUSED, 401, NULL);
	}
}

/* --- redirects, and registries without HEAD ---------------------------------------------- */

/* Location is an address, or a path on the same server. */
static bool resolve_location(const struct dialogue *dialogue, const struct dialogue_answer *answer,
                             struct buf *target)
{
	struct view location = answer_header(answer, "Location");
	struct view current = buf_view(&dialogue->request.url);
	struct url url;

	if (location.len > 1 && location.data[0] == '/' && location.data[1] != '/') {
		if (!url_parse(current, &url))
			return false;
		buf_append(target, current.data, current.len - url.rest.len);
	}
	buf_append(target, location.data, location.len);
	return !target->failure && !repeats_password(dialogue, target) &&
	       url_parse(buf_view(target), &url) &&
	       (url.secure || may_ask_plain(dialogue, url.host));
}

/* False: it is no redirect, or one that must not be followed. */
static bool follow_redirect(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	CLEANUP(buf_release) struct buf target = BUF_INIT(URL_MAX);
	struct dialogue_request *request = &dialogue->request;

	if (answer->status < 301 || answer->status > 308 || answer->status == 304 ||
	    dialogue->redirects++ == REDIRECTS_MAX || !resolve_location(dialogue, answer, &target))
		return false;
	if (!url_same_origin(buf_view(&dialogue->url), buf_view(&target)))
		dialogue->elsewhere = true;
	else if (dialogue->step == STEP_OPENING && !dialogue->elsewhere)
		replace(&dialogue->url, &target);
	replace(&request->url, &target);
	buf_reset(&request->authorization);
	return true;
}

static bool repeat_as_get(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	if (strcmp(dialogue->request.method, "HEAD") != 0 ||
	    (answer->status != 405 && answer->status != 501))
		return false;
	dialogue->method = dialogue->request.method = "GET";
	return true;
}

/* --- one answer after the other ---------------------------------------------------------- */

static void take_opening(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	struct view headers = answer->headers, value;

	if (answer->status != 401 || dialogue->elsewhere) {
		conclude(dialogue, answer);
		return;
	}
	while (answer_next_header(&headers, "WWW-Authenticate", &value)) {
		buf_append(&dialogue->challenges, value.data, value.len);
		buf_append_char(&dialogue->challenges, '\n');
	}
	follow_challenge(dialogue);
}

static void take_token(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	struct buf *authorization = &dialogue->request.authorization;
	struct view host = asked_host(dialogue);

	if (answer->status < 200 || answer->status > 299) {
		conclude(dialogue, answer);
		return;
	}
	buf_reset(authorization);
	buf_append_string(authorization, "Bearer ");
	if (answer_append_token(answer, authorization)) {
		ask_main(dialogue, STEP_MAIN);
		return;
	}
	buf_append_format(&dialogue->result.message, "%.*s answered without a token", (int)host.len,
	                  host.data);
	finish_with(dialogue, VERDICT_NOT_A_REGISTRY, answer->status, NULL);
}

/* The verdict is kept; only the question of --privileges is left open. */
static void leave_privileges(struct dialogue *dialogue, const char *why)
{
	buf_append_format(&dialogue->result.message,
	                  "what %.*s may do besides pulling is not known: %s",
	                  (int)dialogue->username.len, dialogue->username.data, why);
	finish(dialogue, VERDICT_OK);
}

static void take_main(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	struct challenge challenge;

	conclude(dialogue, answer);
	if (dialogue->result.verdict != VERDICT_OK || !dialogue->question->privileges)
		return;
	if (is_login(dialogue))
		leave_privileges(dialogue, "it depends on the image, and none is named");
	else if (!dialogue->bearer)
		leave_privileges(dialogue, "Basic authentication does not tell");
	else if (find_challenge(dialogue, "Bearer", &challenge))
		go_to_realm(dialogue, &challenge, "pull,push,delete");
}

static void take_privileges(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	struct dialogue_result *result = &dialogue->result;

	result->grants_known =
	    answer->status == 200 &&
	    answer_append_grants(answer, dialogue->question->repository, &result->grants);
	if (result->grants_known)
		finish(dialogue, VERDICT_OK);
	else
		leave_privileges(dialogue, answer->status == 200
		                               ? "the registry's token does not tell"
		                               : "the registry gives no token to push and delete");
}

void dialogue_take(struct dialogue *dialogue, const struct dialogue_answer *answer)
{
	bool main = dialogue->step == STEP_OPENING || dialogue->step == STEP_MAIN;

	if (main && (follow_redirect(dialogue, answer) || repeat_as_get(dialogue, answer)))
		return;
	switch ((enum step)dialogue->step) {
	case STEP_OPENING:
		take_opening(dialogue, answer);
		break;
	case STEP_TOKEN:
		take_token(dialogue, answer);
		break;
	case STEP_MAIN:
		take_main(dialogue, answer);
		break;
	case STEP_PRIVILEGES:
		take_privileges(dialogue, answer);
		break;
	case STEP_DONE:
		break;
	}
}

void dialogue_fail(struct dialogue *dialogue, enum verdict verdict, const char *message,
                   const char *hint)
{
	if (dialogue->step == STEP_PRIVILEGES) {
		leave_privileges(dialogue, message);
		return;
	}
	buf_append_string(&dialogue->result.message, message);
	finish_with(dialogue, verdict, 0, hint);
}

/* --- life ------------------------------------------------------------------------------- */

/* Docker Hub's images are at a host of its own: distribution/reference names it
 * docker.io, containerd and docker ask registry-1.docker.io. */
static struct view server_of(struct view host)
{
	return url_host_is(host, "docker.io") || url_host_is(host, "index.docker.io")
	           ? view_of("registry-1.docker.io")
	           : host;
}

void dialogue_begin(struct dialogue *dialogue, const struct dialogue_question *question)
{
	struct view host = server_of(question->host);
	struct view path = question->repository;

	*dialogue = (struct dialogue){
	    .question = question,
	    .method = path.len ? "HEAD" : "GET",
	    .url = BUF_INIT(URL_MAX),
	    .challenges = BUF_INIT(URL_MAX),
	    .request = {.url = BUF_INIT(URL_MAX), .authorization = BUF_INIT(AUTHORIZATION_MAX)},
	    .result = DIALOGUE_RESULT_INIT};
	buf_append_format(&dialogue->url, "http%s://%.*s/v2/",
	                  may_ask_plain(dialogue, question->host) ? "" : "s", (int)host.len,
	                  host.data);
	if (path.len)
		buf_append_format(&dialogue->url, "%.*s/manifests/%.*s", (int)path.len, path.data,
		                  (int)question->reference.len, question->reference.data);
	if (dialogue_is_host(host) && !dialogue->url.failure)
		return;
	buf_append_format(&dialogue->result.message, "\"%.*s\" does not name one host",
	                  (int)question->host.len, question->host.data);
	finish_with(dialogue, VERDICT_UNREACHABLE, 0, "name an IMAGE: its registry is asked");
}

void dialogue_join(struct dialogue *dialogue, const struct dialogue *other)
{
	dialogue->method = other->method;
	replace(&dialogue->url, &other->url);
	replace(&dialogue->challenges, &other->challenges);
	if (!other->settled)
		return;
	dialogue_result_copy(&dialogue->result, &other->result);
	finish(dialogue, other->result.verdict);
}

bool dialogue_is_open(const struct dialogue *dialogue)
{
	return dialogue->settled || dialogue->challenges.len;
}

void dialogue_attempt(struct dialogue *dialogue, struct view username, struct view password)
{
	if (dialogue->settled)
		return;
	dialogue_result_copy(&dialogue->result, &DIALOGUE_RESULT_INIT);
	dialogue->username = username;
	dialogue->password = username.len ? password : VIEW_EMPTY;
	if (dialogue_is_open(dialogue))
		follow_challenge(dialogue);
	else
		ask_main(dialogue, STEP_OPENING);
}

const struct dialogue_request *dialogue_request(const struct dialogue *dialogue)
{
	bool waits = dialogue->step != STEP_DONE && dialogue->request.url.len;

	return waits ? &dialogue->request : NULL;
}

void dialogue_release(struct dialogue *dialogue)
{
	buf_release(&dialogue->url);
	buf_release(&dialogue->challenges);
	buf_release(&dialogue->request.url);
	buf_release(&dialogue->request.authorization);
	dialogue_result_release(&dialogue->result);
}
