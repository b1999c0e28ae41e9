#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "regcred/base/buf.h"
#include "regcred/base/memory.h"

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

/* Where it is if it cannot be found from here; the build says if that is elsewhere. */
#ifndef REGCRED_LIBEXECDIR
#define REGCRED_LIBEXECDIR "/usr/local/libexec/regcred-gen"
#endif

/* The folder that this program is in, with a final slash; "" if the system does not say.
 * Without /proc the kernel still says under which name it was run. */
static void own_folder(char folder[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): that is how getauxval(3) hands it over */
	const char *name = (const char *)getauxval(AT_EXECFN);
	char *slash;

	folder[len > 0 ? len : 0] = '\0';
	if (len <= 0 && (!name || !realpath(name, folder)))
		*folder = '\0';
	slash = strrchr(folder, '/');
	folder[slash ? slash - folder + 1 : 0] = '\0';
}

bool process_become(const char *name, char **argv, struct error *error)
{
	char folder[PATH_MAX];
	const struct {
		const char *folder, *below;
	} places[] = {{folder, ""}, {folder, "../libexec/regcred-gen/"}, {REGCRED_LIBEXECDIR, "/"}};
	CLEANUP(buf_release) struct buf path = BUF_INIT(2 * PATH_MAX);
	int reason = ENOENT;

	own_folder(folder);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (!*places[i].folder)
			continue;
		buf_reset(&path);
		buf_append_format(&path, "%s%s%s", places[i].folder, places[i].below, name);
		if (!buf_check(&path, "a path", error))
			return false;
		execv(path.data, argv);
		if (reason == ENOENT) /* what is there and cannot be run says more */
			reason = errno;
	}
	error_set(error, DIAGNOSTIC_PROGRAM_MISSING, "%s, which does this, cannot be run: %s", name,
	          strerror(reason));
	return error_hint(error,
	                  "it is installed with regcred-gen, in ../libexec/regcred-gen from there");
}
