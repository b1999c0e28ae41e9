/* Running another program: how it may end, and what is kept of what it says. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/io/child.h"
#include "../../src/io/process.h"
#include "regcred/base/memory.h"

enum { OUTPUT_MAX = 64 * 1024 };

struct run {
	struct child_end end;
	struct buf output, errors;
};

static void run_release(struct run *run)
{
	buf_release(&run->output);
	buf_release(&run->errors);
}

static struct run run_shell(const char *script, const char *input, size_t len, unsigned timeout)
{
	struct run run = {.output = BUF_INIT(OUTPUT_MAX), .errors = BUF_INIT(CHILD_ERRORS_MAX)};
	const char *const argv[] = {"sh", "-c", script, NULL};
	struct child_job job = {argv, input, len, timeout, &run.output, &run.errors};

	run.end = child_run(&job);
	return run;
}

static void ends_as_it_ends(void **state)
{
	static const struct {
		const char *script;
		enum child_outcome outcome;
		int number;
		const char *output, *errors;
	} cases[] = {
	    {"echo out; echo err >&2", CHILD_EXITED, 0, "out\n", "err\n"},
	    {"exit 7", CHILD_EXITED, 7, "", ""},
	    {"cat", CHILD_EXITED, 0, "input", ""},
	    {"exec <&-; echo out", CHILD_EXITED, 0, "out\n", ""},
	    {"exec >&- 2>&-; sleep 0.1; exit 3", CHILD_EXITED, 3, "", ""},
	    {"echo out; kill -9 $$", CHILD_SIGNALLED, 9, "out\n", ""},
	    {"echo out; exec sleep 60", CHILD_TIMED_OUT, 0, "out\n", ""},
	    {"exec >&- 2>&-; exec sleep 60", CHILD_TIMED_OUT, 0, "", ""},
	    /* The output is held open: by one who may still say all of it, by an agent. */
	    {"sleep 60 &", CHILD_TIMED_OUT, 0, "", ""},
	    {"echo out; sleep 60 & echo $! >&2", CHILD_EXITED, 0, "out\n", NULL},
	    {"(sleep 0.1; echo late) &", CHILD_EXITED, 0, "late\n", ""},
	    {"yes", CHILD_TOO_LARGE, 0, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(run_release) struct run run = run_shell(cases[i].script, "input", 5, 1);

		print_message("%s\n", cases[i].script);
		assert_int_equal(run.end.outcome, cases[i].outcome);
		assert_int_equal(run.end.number, cases[i].number);
		if (cases[i].output)
			assert_string_equal(run.output.data, cases[i].output);
		if (cases[i].errors)
			assert_string_equal(run.errors.data, cases[i].errors);
		else if (run.errors.len)
			kill(atoi(run.errors.data), SIGKILL);
	}
}

/* More than a pipe holds, read, partly read, and with output at the same time. */
static void takes_long_input(void **state)
{
	enum { LONG = 1000000 };
	char *input = memory_acquire(LONG);
	CLEANUP(run_release) struct run counted = {.output = BUF_INIT(0), .errors = BUF_INIT(0)};
	CLEANUP(run_release) struct run cut = counted;

	(void)state;
	memset(input, 'x', LONG);
	counted = run_shell("wc -c", input, LONG, 20);
	assert_int_equal(atoi(counted.output.data), LONG);
	cut = run_shell("head -c 3", input, LONG, 20);
	assert_string_equal(cut.output.data, "xxx");
	memory_release(input);
}

static void keeps_the_end_of_errors(void **state)
{
	CLEANUP(run_release)
	struct run run = run_shell(
	    "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i + 1)); done >&2", NULL, 0, 20);

	(void)state;
	assert_true(run.errors.len > CHILD_ERRORS_MAX / 2 && run.errors.len <= CHILD_ERRORS_MAX);
	assert_string_equal(run.errors.data + run.errors.len - 10, "line 2999\n");
}

static void looks_for_it_on_path(void **state)
{
	static const struct {
		const char *path;
		enum child_outcome outcome;
	} cases[] = {
	    {"/usr/bin:/bin", CHILD_EXITED},
	    {"/nonexistent:/bin", CHILD_EXITED},
	    {"", CHILD_MISSING},
	    {NULL, CHILD_MISSING},
	    {"/nonexistent", CHILD_MISSING},
	    {"/bin/sh", CHILD_MISSING},
	    {":/usr/bin:/bin", CHILD_RELATIVE},
	    {"/nonexistent:", CHILD_RELATIVE},
	    {"../bin:/usr/bin", CHILD_RELATIVE},
	    {"nonexistent:/bin", CHILD_EXITED},
	    {"/usr/bin::/bin", CHILD_EXITED},
	    {".", CHILD_RELATIVE},
	};
	const char *const argv[] = {"true", NULL};
	char *before = memory_copy_string(getenv("PATH"));

	(void)state;
	assert_int_equal(chdir("/usr/bin"), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(buf_release) struct buf output = BUF_INIT(OUTPUT_MAX);
		struct child_job job = {.argv = argv, .timeout = 20, .output = &output};

		(void)(cases[i].path ? setenv("PATH", cases[i].path, 1) : unsetenv("PATH"));
		print_message("%s\n", cases[i].path ? cases[i].path : "not set");
		assert_int_equal(child_run(&job).outcome, cases[i].outcome);
	}
	setenv("PATH", before, 1);
	memory_release(before);
}

/* What we inherited, such as a shell's <(...), is not for it. */
static void gets_no_other_descriptor(void **state)
{
	CLEANUP(run_release) struct run run = {.output = BUF_INIT(0), .errors = BUF_INIT(0)};
	int fd = dup(STDERR_FILENO);

	(void)state;
	assert_true(fd > STDERR_FILENO);
	run = run_shell("for fd in 3 4 5 6 7 8 9; do [ -e /proc/self/fd/$fd ] && echo $fd; done; :",
	                NULL, 0, 20);
	close(fd);
	assert_string_equal(run.output.data, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ends_as_it_ends),          cmocka_unit_test(takes_long_input),
	    cmocka_unit_test(keeps_the_end_of_errors),  cmocka_unit_test(looks_for_it_on_path),
	    cmocka_unit_test(gets_no_other_descriptor),
	};

	process_harden();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
