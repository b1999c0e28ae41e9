#include "kubectl.h"

#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "regcred/base/memory.h"

void kubectl_answer_release(struct kubectl_answer *answer)
{
	buf_release(&answer->output);
	buf_release(&answer->words);
}

/* --- the call ------------------------------------------------------------------------------- */

enum { WORDS_OF_OURS = 13 }; /* kubectl, get, five options with their values, NULL */

/* For memory_release. */
static const char **build(const struct kubectl *kubectl, const struct string_list *words)
{
	const char *options[][2] = {{"--context", kubectl->context},
	                            {"--kubeconfig", kubectl->kubeconfig},
	                            {"--as", kubectl->as},
	                            {"--request-timeout", kubectl->request_timeout},
	                            {"-o", "json"}};
	const char **argv = memory_acquire((words->count + WORDS_OF_OURS) * sizeof *argv);
	const char *name = getenv("KUBECTL");
	size_t count = 0;

	argv[count++] = name && *name ? name : "kubectl";
	argv[count++] = "get";
	for (size_t i = 0; i < COUNT(options); i++)
		if (options[i][1]) {
			argv[count++] = options[i][0];
			argv[count++] = options[i][1];
		}
	for (size_t i = 0; i < words->count; i++)
		argv[count++] = words->items[i].data;
	argv[count] = NULL;
	return argv;
}

#define HINT_WITHOUT                                                                               \
	"set KUBECTL to it, or do without: where it is, run kubectl get pod,sa,secret,event "      \
	"-o json >FILE, and here regcred-gen why -f FILE"

static const char *const hints[CHILD_OUTCOMES] = {
    [CHILD_TIMED_OUT] = "--request-timeout 10s makes kubectl give up earlier, and say why",
    [CHILD_TOO_LARGE] = "ask for one namespace with -n",
    [CHILD_MISSING] = HINT_WITHOUT,
    [CHILD_RELATIVE] = "write that folder in PATH as a full path",
    [CHILD_FAILED] = HINT_WITHOUT,
};

bool kubectl_get(const struct kubectl *kubectl, const struct string_list *words,
                 struct kubectl_answer *answer, struct error *error)
{
	const char **argv = build(kubectl, words);
	struct child_job job = {.argv = argv,
	                        .timeout = KUBECTL_TIMEOUT,
	                        .output = &answer->output,
	                        .errors = &answer->words};
	struct child_end end;
	bool exited;

	buf_reset(&answer->output);
	buf_reset(&answer->words);
	end = child_run(&job);
	answer->whole = end.outcome == CHILD_EXITED && end.number == 0;
	exited = end.outcome == CHILD_EXITED ||
	         child_fail(&job, end, DIAGNOSTIC_KUBECTL_FAILED, hints, error);
	memory_release(argv);
	return exited;
}

/* --- its words ------------------------------------------------------------------------------- */

static bool is_error(struct view line)
{
	return view_begins(line, view_of("Error")) || view_begins(line, view_of("error:")) ||
	       view_begins(line, view_of("Unable to connect"));
}

void kubectl_append_words(const struct kubectl_answer *answer, struct buf *out)
{
	struct view rest = buf_view(&answer->words), last = VIEW_EMPTY;
	bool found = false;

	while (rest.len) {
		struct view line = view_take(&rest, '\n');

		last = line.len ? line : last;
		if (!is_error(line))
			continue;
		buf_append_string(out, found ? "; " : "");
		buf_append(out, line.data, line.len);
		found = true;
	}
	if (!found)
		buf_append(out, last.data, last.len);
}

bool kubectl_fail(const struct kubectl_answer *answer, struct error *error)
{
	CLEANUP(buf_release) struct buf words = BUF_INIT(BUF_CONFIG_MAX);

	if (answer->whole)
		return error_set(error, DIAGNOSTIC_KUBECTL_FAILED,
		                 "is KUBECTL set to a program that is not kubectl?",
		                 "kubectl get: it ended without an error, but printed no object");
	kubectl_append_words(answer, &words);
	return error_set(error, DIAGNOSTIC_KUBECTL_FAILED, NULL, "kubectl get: %s",
	                 words.len ? words.data : "it failed without a message");
}
