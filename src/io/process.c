#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "regcred/base/diagnostic.h"
#include "regcred/base/hash.h"
#include "regcred/base/memory.h"

/* Opens a closed descriptor the wrong way round: reading from 0 and writing to 1 or 2 still
 * fail. */
static void fill_descriptor(int fd)
{
	if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
		(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* One for each file of io that has something to undo. */
static void (*undoings[8])(void);

static void undo_all(void)
{
	for (size_t i = 0; i < COUNT(undoings) && undoings[i]; i++)
		undoings[i]();
}

/* The signal that is raised here ends the process when the handler returns. */
static void end_by_signal(int number)
{
	undo_all();
	signal(number, SIG_DFL);
	raise(number);
}

/* Signals that do not end a process, and SIGABRT, by which we end ourselves. */
static bool is_harmless(int number)
{
	static const int numbers[] = {SIGCHLD, SIGCONT, SIGTSTP,  SIGTTIN,
	                              SIGTTOU, SIGURG,  SIGWINCH, SIGABRT};

	for (size_t i = 0; i < COUNT(numbers); i++)
		if (numbers[i] == number)
			return true;
	return false;
}

/* Only signals with their default action: what our parent ignored stays ignored, and the
 * sanitizers keep their handlers. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = end_by_signal}, now;

	sigfillset(&action.sa_mask);
	for (int number = 1; number <= SIGRTMAX; number++)
		if (!is_harmless(number) && sigaction(number, NULL, &now) == 0 &&
		    now.sa_handler == SIG_DFL)
			sigaction(number, &action, NULL);
}

void process_on_end(void (*undo)(void))
{
	size_t i = 0;

	while (undoings[i] && undoings[i] != undo)
		i++;
	undoings[i] = undo;
	if (i == 0)
		catch_signals();
}

void process_hold_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, before);
}

void process_let_signals(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

/* Standard output needs no undoing: what is written there was complete before. */
static void end_without_memory(void)
{
	static const char message[] = "regcred-gen: error: out of memory [out-of-memory]\n";

	undo_all();
	if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
		_exit(STATUS_FAULT);
	_exit(STATUS_FAULT);
}

/* 16 bytes that the kernel draws for each program it starts. */
static void key_the_tables(void)
{
	const unsigned char *random =
	    (const unsigned char *)getauxval(AT_RANDOM); /* NOLINT(performance-no-int-to-ptr) */

	if (random)
		hash_set_key(random);
}

void process_harden(void)
{
	struct rlimit none = {0, 0};

	key_the_tables();
	memory_on_exhaustion(end_without_memory);
#ifndef REGCRED_SANITIZED /* the leak checker reads its own process from outside */
	prctl(PR_SET_DUMPABLE, 0);
#endif
	setrlimit(RLIMIT_CORE, &none);
	umask(S_IRWXG | S_IRWXO);
	signal(SIGPIPE, SIG_IGN); /* write fails with EPIPE instead */
	signal(SIGXFSZ, SIG_IGN); /* and with EFBIG */
	signal(SIGCHLD, SIG_DFL); /* while it is ignored, waitpid finds no child */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		fill_descriptor(fd);
}
