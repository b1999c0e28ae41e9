#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>


/* A closed descriptor is filled with one that refuses what it would be used for:
 * reading from 0 and writing to 1 or 2 still fail, as they should. */
static void fill_descriptor(int fd)
{
	if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
		(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void process_harden(void)
{
	struct rlimit none = {0, 0};

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
