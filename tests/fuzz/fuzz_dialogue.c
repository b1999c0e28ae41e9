/* Any answers of a registry: the dialogue ends, asks only addresses that may be asked, and
 * sends a credential only to the registry and the realm that it named.
 *
 * Answers are separated by zero bytes: two digits choose the status, then come header
 * lines up to an empty line, then the body. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "regcred/verify/dialogue.h"

enum { REQUESTS_MAX = 40 };

static const char registry[] = "reg.example.com";
static const char *const plain_http[] = {"plain.example.com:5000"};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool starts(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

static struct view host_of(const char *url)
{
	const char *host = strstr(url, "://") + 3;

	return (struct view){host, strcspn(host, "/?")};
}

static void check_request(const struct dialogue *dialogue, const struct dialogue_request *request)
{
	const char *url = request->url.data;
	struct view host = host_of(url);
	const struct buf *challenges = &dialogue->challenges;

	must(starts(url, "https://") || starts(url, "http://plain.example.com:5000"));
	for (size_t i = 0; i < request->url.len; i++)
		must(url[i] > ' ' && url[i] <= '~');
	for (size_t i = 0; i < request->authorization.len; i++)
		must(request->authorization.data[i] >= ' ' &&
		     request->authorization.data[i] <= '~');
	must(!request->authorization.len || view_is(host, registry) ||
	     (starts(request->authorization.data, "Basic ") &&
	      memmem(challenges->data, challenges->len, host.data, host.len)));
}

static struct dialogue_answer next_answer(struct view *script)
{
	static const int statuses[] = {200, 401, 403, 404, 429, 307, 405, 500, 301, 204};
	struct view text = view_first(*script, view_find(*script, '\0'));
	struct dialogue_answer answer = {401, VIEW_EMPTY, VIEW_EMPTY};
	const char *empty;

	*script = view_from(*script, text.len < script->len ? text.len + 1 : text.len);
	if (text.len) {
		answer.status = statuses[(unsigned char)text.data[0] % 10];
		text = view_from(text, 1);
	}
	empty = memmem(text.data, text.len, "\n\n", 2);
	answer.headers = empty ? view_first(text, (size_t)(empty - text.data) + 1) : text;
	if (empty)
		answer.body = view_from(text, (size_t)(empty - text.data) + 2);
	return answer;
}

static void converse(struct view script, const char *repository, const char *username)
{
	struct dialogue_question question = {
	    view_of(registry), view_of(repository), view_of("1"), plain_http, 1, true};
	const struct dialogue_request *request;
	struct dialogue dialogue;
	int requests = 0;

	dialogue_begin(&dialogue, &question);
	for (int attempt = 0; attempt < 2; attempt++) {
		dialogue_attempt(&dialogue, view_of(username), view_of("s3cret"));
		while ((request = dialogue_request(&dialogue))) {
			struct dialogue_answer answer = next_answer(&script);

			check_request(&dialogue, request);
			must(*username || !starts(request->authorization.data, "Basic"));
			must(++requests < REQUESTS_MAX);
			dialogue_take(&dialogue, &answer);
		}
		must(dialogue.result.verdict < VERDICT_COUNT);
		must(!strstr(dialogue.result.message.data, "s3cret") || !*username);
	}
	dialogue_release(&dialogue);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view script = {size ? (const char *)data : "", size};

	converse(script, "", "octocat");
	converse(script, "acme/app", "octocat");
	converse(script, "acme/app", "");
	return 0;
}
