/* child.h - running another program: some bytes in, some bytes out, and never longer than
 * it is allowed.
 *
 * The program gets its three standard descriptors and no other of ours, a process group of
 * its own, default signals, and the environment as it is. Whatever ends us, a signal or
 * memory that runs out, kills its group.
 *
 * It is looked for on PATH as Go's os/exec does it for docker and kubectl (LookPath, Go 1.19
 * and later): PATH not set means that there is none, and one that is found by an empty or
 * relative element of PATH, which means the current folder, is not run.
 */
#ifndef REGCRED_IO_CHILD_H
#define REGCRED_IO_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

enum { CHILD_ERRORS_MAX = 4096 };

/* All borrowed. */
struct child_job {
	const char *const *argv; /* ends with NULL; argv[0] is a name for PATH, or has a slash */
	const char *input;       /* for its standard input; NULL: none */
	size_t input_len;
	unsigned timeout;   /* in seconds, from 1 */
	struct buf *output; /* what it prints is appended; at its ceiling the program is killed */
	struct buf *errors; /* the last CHILD_ERRORS_MAX bytes of what it says on standard error;
	                       may hold anything; NULL: not wanted */
};

enum child_outcome {
	CHILD_EXITED,    /* number: its exit status; what it printed is whole */
	CHILD_SIGNALLED, /* number: the signal that ended it */
	CHILD_TIMED_OUT, /* killed, with all of its process group */
	CHILD_TOO_LARGE, /* likewise, since the output went over its ceiling */
	CHILD_MISSING,   /* there is no such program on PATH */
	CHILD_RELATIVE,  /* an empty or relative element of PATH has it */
	CHILD_FAILED,    /* number: errno, why it could not be run */
};

struct child_end {
	enum child_outcome outcome;
	int number;
};

/* Runs the program and waits for its end. A program that has ended, but left another one
 * running that holds its output open, is done when that output has been silent for a moment.
 * The program need not read its input; process_harden made that no reason for a signal. */
struct child_end child_run(const struct child_job *job);

enum { CHILD_OUTCOMES = CHILD_FAILED + 1 };

/* Says of a program that did not exit what happened; `hints` has what to do about each
 * outcome, NULL for none. Always false. */
bool child_fail(const struct child_job *job, struct child_end end, enum diagnostic diagnostic,
                const char *const hints[CHILD_OUTCOMES], struct error *error);

#endif
