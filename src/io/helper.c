#include "helper.h"

#include <string.h>

#include "child.h"
#include "regcred/base/memory.h"

/* Always false. */
static bool fail_start(const char *program, const char *reason, struct error *error)
{
	return error_set(error, DIAGNOSTIC_HELPER_FAILED,
	                 "install it in a folder of PATH, or log in without a helper",
	                 "cannot run %s: %s", program, reason);
}

/* Always false. */
static bool fail_late(const char *program, unsigned timeout, struct error *error)
{
	return error_set(error, DIAGNOSTIC_HELPER_FAILED,
	                 "it may wait for something, such as a password; "
	                 "--helper-timeout gives it more time",
	                 "%s did not answer within %u second%s", program, timeout,
	                 timeout == 1 ? "" : "s");
}

/* Always false. */
static bool fail_large(const char *program, const char *name, const struct buf *output,
                       struct error *error)
{
	buf_check(output, "the reply", error);
	error_hint(error, HELPER_HINT_TRY, name);
	return error_prefix(error, "%s", program);
}

/* Always false. */
static bool fail_lost(const char *program, const char *name, const struct child_end *child,
                      unsigned timeout, const struct buf *output, struct error *error)
{
	if (child->outcome == CHILD_TIMED_OUT)
		return fail_late(program, timeout, error);
	if (child->outcome == CHILD_TOO_LARGE)
		return fail_large(program, name, output, error);
	error_set(error, DIAGNOSTIC_HELPER_FAILED, NULL, "%s was killed by signal %d", program,
	          child->number);
	return error_hint(error, HELPER_HINT_TRY, name);
}

bool helper_run(const char *name, const char *action, const char *input, unsigned timeout,
                struct buf *output, enum helper_end *end, struct error *error)
{
	CLEANUP(buf_release) struct buf program = BUF_INIT(BUF_NAME_MAX);
	const char *argv[] = {NULL, action, NULL};
	struct child_end child;

	*end = HELPER_NOT_RUN;
	buf_append_format(&program, "docker-credential-%s", name);
	if (!buf_check(&program, "the name of a helper", error))
		return false;
	argv[0] = program.data;
	child = child_run(&(struct child_job){.argv = argv,
	                                      .input = input,
	                                      .input_len = strlen(input),
	                                      .timeout = timeout,
	                                      .output = output});
	switch (child.outcome) {
	case CHILD_MISSING:
		return fail_start(program.data, "there is no such program on PATH", error);
	case CHILD_RELATIVE:
		fail_start(program.data, "it is in a relative folder of PATH", error);
		return error_hint(error, "write that folder in PATH as a full path; docker "
		                         "does not run it from there either");
	case CHILD_FAILED:
		return fail_start(program.data, strerror(child.number), error);
	case CHILD_EXITED:
		*end = child.number == 0 ? HELPER_SUCCEEDED : HELPER_FAILED;
		return true;
	default:
		*end = HELPER_LOST;
		return fail_lost(program.data, name, &child, timeout, output, error);
	}
}
