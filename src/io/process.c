#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "regcred/base/diagnostic.h"
#include "regcred/base/memory.h"

/* A closed descriptor is filled with one that refuses what it would be used for:
 * reading from 0 and writing to 1 or 2 still fail, as they should. */
static void fill_descriptor(int fd)
{
	if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
		(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* One for each file of io that has something to undo. */
static void (*undoings[4])(void);

void process_on_end(void (*undo)(void))
{
	size_t i = 0;

	while (undoings[i] && undoings[i] != undo)
		i++;
	undoings[i] = undo;
}

/* Nothing on standard output is half written: what is written was whole before. */
static void end_without_memory(void)
{
	static const char message[] = "regcred-gen: error: out of memory [out-of-memory]\n";

	for (size_t i = 0; i < sizeof undoings / sizeof *undoings && undoings[i]; i++)
		undoings[i]();
	if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
		_exit(STATUS_FAULT);
	_exit(STATUS_FAULT);
}

void process_harden(void)
{
	struct rlimit none = {0, 0};

	memory_on_exhaustion(end_without_memory);
#ifndef REGCRED_SANITIZED /* the leak checker reads its own process from outside */
	prctl(PR_SET_DUMPABLE, 0);
#endif
	setrlimit(RLIMIT_CORE, &none);
	umask(S_IRWXG | S_IRWXO);
	signal(SIGPIPE, SIG_IGN); /* writing then says EPIPE */
	signal(SIGXFSZ, SIG_IGN); /* and EFBIG */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		fill_descriptor(fd);
}
