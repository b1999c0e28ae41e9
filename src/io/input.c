#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "progress.h"
#include "regcred/base/memory.h"

/* Small at first: most of what is read is a password, and each page that is
 * touched must be wiped. */
enum { CHUNK = 512 };

bool input_is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

const char *input_name(const char *path)
{
	return input_is_stdin(path) ? INPUT_STDIN : path;
}

static const struct {
	int reason;
	const char *hint;
} hints[] = {
    {ENOENT, "check the path; most shells do not expand a ~ after a ="},
    {EACCES, "it is read with your own rights"},
    {EISDIR, "name a file in it"},
    {EBADF, "the descriptor must be open for reading, such as 3<FILE"},
};

static bool fail(const char *name, struct error *error)
{
	int reason = errno;

	error_set(error, DIAGNOSTIC_INPUT_FAILED, NULL, "cannot read %s: %s", name,
	          strerror(reason));
	for (size_t i = 0; i < COUNT(hints); i++)
		if (hints[i].reason == reason)
			return error_hint(error, "%s", hints[i].hint);
	return false;
}

/* read(2), through interruptions, and through a non-blocking
 * pipe. */
static ssize_t read_some(int fd, char *bytes, size_t size)
{
	for (;;) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		ssize_t count = read(fd, bytes, size);

		if (count >= 0 || (errno != EINTR && errno != EAGAIN))
			return count;
		if (errno == EAGAIN)
			poll(&poll_fd, 1, -1);
	}
}

/* At the ceiling, one more byte distinguishes the end from too much. */
static bool at_the_end(int fd, const char *name, const struct buf *out, struct error *error)
{
	char more;
	ssize_t count = read_some(fd, &more, 1);

	memory_wipe(&more, 1);
	if (count == 0)
		return true;
	if (count < 0)
		return fail(name, error);
	return error_set(error, DIAGNOSTIC_INPUT_TOO_LARGE, NULL, "%s is larger than %zu bytes",
	                 name, out->ceiling);
}

/* Spares a large regular file the growing; the end is read into a chunk after it. */
static void expect_size(int fd, struct buf *out)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    (uintmax_t)status.st_size + CHUNK < out->ceiling - out->len)
		buf_reserve(out, (size_t)status.st_size + CHUNK);
}

bool input_read_fd(int fd, const char *name, struct buf *out, struct error *error)
{
	for (;;) {
		size_t most = out->ceiling - out->len;
		ssize_t count;

		if (most == 0)
			return at_the_end(fd, name, out, error);
		if (!buf_reserve(out, most < CHUNK ? most : CHUNK))
			return buf_check(out, name, error);
		count = read_some(fd, out->data + out->len, out->size - out->len - 1);
		if (count < 0)
			return fail(name, error);
		if (count == 0)
			return true;
		out->len += (size_t)count;
		out->data[out->len] = '\0';
	}
}

static int open_file(const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		fail(path, error);
	return fd;
}

bool input_read(const char *path, struct buf *out, struct error *error)
{
	bool done;
	int fd;

	if (input_is_stdin(path))
		return input_read_fd(STDIN_FILENO, INPUT_STDIN, out, error);
	fd = open_file(path, error);
	if (fd < 0)
		return false;
	expect_size(fd, out);
	done = input_read_fd(fd, path, out, error);
	close(fd);
	return done;
}

bool input_open(struct input_stream *stream, const char *path, struct error *error)
{
	stream->fd = input_is_stdin(path) ? STDIN_FILENO : open_file(path, error);
	stream->name = input_name(path);
	return stream->fd >= 0;
}

bool input_is_binary(const struct input_stream *stream)
{
	char bytes[1024];
	ssize_t count = pread(stream->fd, bytes, sizeof bytes, 0);
	bool binary;

	if (count < 2)
		return false;
	binary = memchr(bytes, '\0', (size_t)count) && memcmp(bytes, "\xFF\xFE", 2) != 0 &&
	         memcmp(bytes, "\xFE\xFF", 2) != 0;
	memory_wipe(bytes, (size_t)count);
	return binary;
}

ptrdiff_t input_stream_read(void *context, char *bytes, size_t size, struct error *error)
{
	const struct input_stream *stream = context;
	ssize_t count = read_some(stream->fd, bytes, size);

	if (count < 0)
		fail(stream->name, error);
	else
		progress_add(stream->progress, (uint64_t)count);
	return count;
}

void input_close(struct input_stream *stream)
{
	if (stream->fd >= 0 && stream->fd != STDIN_FILENO)
		close(stream->fd);
	stream->fd = -1;
}
