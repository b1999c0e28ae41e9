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

enum { PIPE_SIZE = 1024 * 1024 }; /* what Linux lets anybody have */

static bool fail(const char *path, struct error *error)
{
	return error_set(error, DIAGNOSTIC_OUTPUT_FAILED, NULL, "cannot write to %s: %s", path,
	                 errno == EPIPE ? "its reader went away" : strerror(errno));
}

static bool fail_output(const struct output *output, struct error *error)
{
	return fail(output->path.len ? output->path.data : "standard output", error);
}

/* The file that is being written, for process_on_end. */
static const char *unfinished;

static void remove_unfinished(void)
{
	if (unfinished)
		unlink(unfinished);
}

static void hold_signals(struct output *output)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
	sigset_t signals;

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaddset(&signals, numbers[i]);
	output->holds_signals = sigprocmask(SIG_BLOCK, &signals, &output->signals) == 0;
}

/* Where the file really is. Something there that is no regular file (a folder, a
 * device, a pipe) is nothing to rename over. */
static bool resolve(struct output *output, const char *path, struct error *error)
{
	char real[PATH_MAX];
	struct stat status;

	if (lstat(path, &status) < 0) {
		if (errno != ENOENT)
			return fail(path, error);
		buf_append_string(&output->path, path);
		return buf_check(&output->path, "the path", error);
	}
	if (!realpath(path, real) || stat(real, &status) < 0) {
		fail(path, error);
		return error_hint(error, "it is a link that leads to no file: use > instead");
	}
	buf_append_string(&output->path, real);
	if (S_ISREG(status.st_mode))
		return buf_check(&output->path, "the path", error);
	return error_set(error, DIAGNOSTIC_OUTPUT_FAILED,
	                 S_ISDIR(status.st_mode) ? "name a file in it" : "use > instead",
	                 "cannot replace %s: it is %s", path,
	                 S_ISDIR(status.st_mode) ? "a folder" : "no regular file");
}

static bool open_file(struct output *output, const char *path, struct error *error)
{
	if (!resolve(output, path, error))
		return false;
	buf_append_format(&output->temporary, "%s.XXXXXX", output->path.data);
	if (!buf_check(&output->temporary, "the path", error))
		return false;
	hold_signals(output);
	output->fd = mkostemp(output->temporary.data, O_CLOEXEC); /* with mode 0600 */
	if (output->fd >= 0) {
		unfinished = output->temporary.data;
		process_on_end(remove_unfinished);
		return true;
	}
	buf_reset(&output->temporary); /* nothing to remove */
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
	/* A larger pipe, where it is one, spares the two ends waiting for each other. */
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
		} else if (errno == EAGAIN) { /* a pipe that somebody made non-blocking */
			poll(&poll_fd, 1, -1);
		} else if (errno != EINTR) {
			return fail_output(output, error);
		}
	}
	return true;
}

bool output_commit(struct output *output, struct error *error)
{
	bool to_file = output->path.len > 0;
	int fd = output->fd;

	/* Some file systems tell only now that there was no room. */
	if (to_file && fsync(fd) < 0)
		return fail_output(output, error);
	output->fd = -1;
	if (close(fd) < 0)
		return fail_output(output, error);
	if (to_file && rename(output->temporary.data, output->path.data) < 0)
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
	if (output->holds_signals)
		sigprocmask(SIG_SETMASK, &output->signals, NULL);
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
