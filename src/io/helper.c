#include "helper.h"

#include <string.h>

#include "child.h"
#include "regcred/base/memory.h"

#define HINT_INSTALL "install it in a folder of PATH, or log in without a helper"

static const char *const hints[CHILD_OUTCOMES] = {
    [CHILD_TIMED_OUT] = "it may wait for something, such as a password; --helper-timeout gives it "
                        "more time",
    [CHILD_MISSING] = HINT_INSTALL,
    [CHILD_RELATIVE] = "write that folder in PATH as a full path; docker does not run it from "
                       "there either",
    [CHILD_FAILED] = HINT_INSTALL,
};

/* Always false. */
static bool fail(const char *name, const struct child_job *job, struct child_end child,
                 struct error *error)
{
	if (child.outcome == CHILD_TOO_LARGE) {
		buf_check(job->output, "the reply", error);
		error_prefix(error, "%s", job->argv[0]);
	} else {
		child_fail(job, child, DIAGNOSTIC_HELPER_FAILED, hints, error);
	}
	return *error->hint ? false : error_hint(error, HELPER_HINT_TRY, name);
}

bool helper_run(const char *name, const char *action, const char *input, unsigned timeout,
                struct buf *output, enum helper_end *end, struct error *error)
{
	CLEANUP(buf_release) struct buf program = BUF_INIT(BUF_NAME_MAX);
	const char *argv[] = {NULL, action, NULL};
	struct child_job job = {.argv = argv,
	                        .input = input,
	                        .input_len = strlen(input),
	                        .timeout = timeout,
	                        .output = output};
	struct child_end child;

	*end = HELPER_NOT_RUN;
	buf_append_format(&program, "docker-credential-%s", name);
	if (!buf_check(&program, "the name of a helper", error))
		return false;
	argv[0] = program.data;
	child = child_run(&job);
	if (child.outcome == CHILD_EXITED) {
		*end = child.number == 0 ? HELPER_SUCCEEDED : HELPER_FAILED;
		return true;
	}
	if (child.outcome <= CHILD_TOO_LARGE)
		*end = HELPER_LOST;
	return fail(name, &job, child, error);
}
