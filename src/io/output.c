#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process.h"
#include "regcred/base/memory.h"

enum { PIPE_SIZE = 1024 * 1024 }; /* the most that Linux allows without a privilege */

static bool fail(const char *path, struct error *error)
{
	return error_set(error, DIAGNOSTIC_OUTPUT_FAILED, NULL, "cannot write to %s: %s", path,
	                 errno == EPIPE ? "its reader went away" : strerror(errno));
}

static bool fail_output(const struct output *output, struct error *error)
{
	return fail(output->path.len ? output->path.data : "standard output", error);
}

/* --- resolving a path ------------------------------------------------------------ */

/* The number of an open descriptor that a path names, -1: it names none. `folder` has no
 * links in it. */
static int descriptor_named(const char *folder, const char *name)
{
	char own[2][64];

	snprintf(own[0], sizeof own[0], "/proc/%d/fd", (int)getpid());
	snprintf(own[1], sizeof own[1], "/proc/%d/task/%d/fd", (int)getpid(), (int)getpid());
	if (strcmp(folder, own[0]) != 0 && strcmp(folder, own[1]) != 0 &&
	    strcmp(folder, "/dev/fd") != 0)
		return -1;
	return *name && !name[strspn(name, "0123456789")] ? atoi(name) : -1;
}

/* The rule of Linux's sysctl protected_symlinks (fs/namei.c, may_follow_link), which does not
 * cover rename. */
static bool may_follow(const char *folder, const char *link)
{
	struct stat around, itself;

	if (lstat(folder, &around) < 0 || lstat(link, &itself) < 0)
		return false;
	if ((around.st_mode & S_ISVTX) && (around.st_mode & S_IWOTH) &&
	    itself.st_uid != geteuid() && itself.st_uid != around.st_uid) {
		errno = EACCES;
		return false;
	}
	return true;
}

enum { LINKS_MAX = 40 }; /* as Linux has it */

/* Resolves the folder of output->path, and follows the path itself if it is a link. 1: it was
 * one; 0: it is none, or names a descriptor, now in output->fd; -1: errno. */
static int follow(struct output *output)
{
	char folder[PATH_MAX], target[PATH_MAX];
	struct buf *path = &output->path;
	char *slash = strrchr(path->data, '/');
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	ssize_t len;

	buf_append_string(&name, slash ? slash + 1 : path->data);
	buf_truncate(path, slash ? (size_t)(slash - path->data) + 1 : 0);
	if (!realpath(path->len ? path->data : ".", folder))
		return -1;
	output->fd = descriptor_named(folder, name.data);
	buf_reset(path);
	buf_append_format(path, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name.data);
	if (output->fd >= 0)
		return 0;
	len = readlink(path->data, target, sizeof target - 1);
	if (len < 0)
		return errno == EINVAL || errno == ENOENT ? 0 : -1;
	if (!may_follow(folder, path->data))
		return -1;
	target[len] = '\0';
	buf_reset(path);
	if (*target != '/')
		buf_append_format(path, "%s/", folder);
	buf_append_string(path, target);
	return 1;
}

/* Sets output->path to the file without links, or output->fd to the descriptor that is named. */
static bool resolve(struct output *output, const char *path, struct error *error)
{
	struct stat status;
	int links = 0, step;

	buf_append_string(&output->path, path);
	while ((step = follow(output)) > 0 && links < LINKS_MAX)
		links++;
	if (!buf_check(&output->path, "the path", error))
		return false;
	if (step > 0)
		errno = ELOOP;
	if (step != 0)
		return fail(path, error);
	if (output->fd >= 0)
		return true;
	if (stat(output->path.data, &status) < 0) {
		if (errno == ENOENT && links == 0)
			return true;
		fail(path, error);
		return links == 0 ? false
		                  : error_hint(error, "it is a link to no file: "
		                                      "use > instead");
	}
	if (S_ISREG(status.st_mode))
		return true;
	return error_set(error, DIAGNOSTIC_OUTPUT_FAILED,
	                 S_ISDIR(status.st_mode) ? "name a file in it" : "use > instead",
	                 "cannot replace %s: it is %s", path,
	                 S_ISDIR(status.st_mode) ? "a folder" : "not a regular file");
}

/* --- opening ------------------------------------------------------------------------- */

/* The file that is being written, for process_on_end. */
static const char *unfinished;

static void remove_unfinished(void)
{
	if (unfinished)
		unlink(unfinished);
}

/* A short name, so that the name of the file may be as long as any. */
static bool make_temporary(struct output *output, const char *path, struct error *error)
{
	const char *slash = strrchr(output->path.data, '/');
	sigset_t signals;

	buf_append(&output->temporary, output->path.data, (size_t)(slash - output->path.data) + 1);
	buf_append_string(&output->temporary, ".regcred-gen.XXXXXX");
	if (!buf_check(&output->temporary, "the path", error))
		return false;
	process_on_end(remove_unfinished);
	process_hold_signals(&signals);
	output->fd = mkostemp(output->temporary.data, O_CLOEXEC); /* with mode 0600 */
	if (output->fd >= 0)
		unfinished = output->temporary.data;
	process_let_signals(&signals);
	if (output->fd >= 0)
		return true;
	buf_reset(&output->temporary); /* nothing to remove */
	return fail(path, error);
}

static bool open_file(struct output *output, const char *path, struct error *error)
{
	if (!resolve(output, path, error))
		return false;
	if (output->fd < 0)
		return make_temporary(output, path, error);
	buf_reset(&output->path);
	buf_append_string(&output->path, path);
	output->fd = fcntl(output->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return output->fd >= 0 || fail(path, error);
}

bool output_open_in_place(struct output *output, const char *path, struct error *error)
{
	struct stat status;

	if (!open_file(output, path, error))
		return false;
	if (stat(output->path.data, &status) == 0 &&
	    (status.st_uid == geteuid() || fchown(output->fd, status.st_uid, (gid_t)-1) == 0) &&
	    (status.st_gid == getegid() || fchown(output->fd, (uid_t)-1, status.st_gid) == 0) &&
	    fchmod(output->fd, status.st_mode & 07777) == 0)
		return true;
	return fail(path, error);
}

bool output_is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

bool output_open(struct output *output, const char *path, struct error *error)
{
	if (!output_is_stdout(path))
		return open_file(output, path, error);
	output->fd = STDOUT_FILENO;
	/* A larger pipe, if it is one, makes the two ends wait less for each other. */
	fcntl(output->fd, F_SETPIPE_SZ, PIPE_SIZE);
	return true;
}

bool output_write(struct output *output, const void *bytes, size_t len, struct error *error)
{
	const char *at = bytes;

	while (len) {
		struct pollfd poll_fd = {.fd = output->fd, .events = POLLOUT};
		ssize_t count = write(output->fd, at, len);

		if (count >= 0) {
			at += count;
			len -= (size_t)count;
		} else if (errno == EAGAIN) { /* a non-blocking pipe */
			poll(&poll_fd, 1, -1);
		} else if (errno != EINTR) {
			return fail_output(output, error);
		}
	}
	return true;
}

/* Some file systems report a full disk only here; some do not support it. */
static bool flush(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
}

bool output_commit(struct output *output, struct error *error)
{
	bool is_file = output->temporary.len > 0;
	int fd = output->fd;

	if (is_file && !flush(fd))
		return fail_output(output, error);
	output->fd = -1;
	if (close(fd) < 0)
		return fail_output(output, error);
	if (is_file && rename(output->temporary.data, output->path.data) < 0)
		return fail_output(output, error);
	unfinished = NULL;
	buf_reset(&output->temporary);
	return true;
}

void output_release(struct output *output)
{
	if (output->fd > STDERR_FILENO)
		close(output->fd);
	if (output->temporary.len) {
		unlink(output->temporary.data);
		unfinished = NULL;
	}
	buf_release(&output->path);
	buf_release(&output->temporary);
	*output = OUTPUT_INIT;
}

bool output_is_readable_by_others(void)
{
	struct stat status;

	return fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode) &&
	       (status.st_mode & (S_IRGRP | S_IROTH));
}
