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

bool helper_get(const char *name, const char *server, unsigned timeout, struct buf *output,
                bool *succeeded, struct error *error)
{
	CLEANUP(buf_release) struct buf program = BUF_INIT(BUF_NAME_MAX);
	const char *argv[] = {NULL, "get", NULL};
	struct child_end end;

	buf_append_format(&program, "docker-credential-%s", name);
	if (!buf_check(&program, "the name of a helper", error))
		return false;
	argv[0] = program.data;
	end = child_run(&(struct child_job){.argv = argv,
	                                    .input = server,
	                                    .input_len = strlen(server),
	                                    .timeout = timeout,
	                                    .output = output});
	switch (end.outcome) {
	case CHILD_EXITED:
		*succeeded = end.number == 0;
		return true;
	case CHILD_SIGNALLED:
		error_set(error, DIAGNOSTIC_HELPER_FAILED, NULL, "%s was killed by signal %d",
		          program.data, end.number);
		return error_hint(error, HELPER_HINT_TRY, name);
	case CHILD_TIMED_OUT:
		return fail_late(program.data, timeout, error);
	case CHILD_TOO_LARGE:
		return fail_large(program.data, name, output, error);
	case CHILD_MISSING:
		return fail_start(program.data, "there is no such program on PATH", error);
	case CHILD_RELATIVE:
		fail_start(program.data, "it is in a relative folder of PATH", error);
		return error_hint(error, "write that folder in PATH as a full path; docker "
		                         "does not run it from there either");
	default:
		return fail_start(program.data, strerror(end.number), error);
	}
}
