#include "child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine.h"
#include "process.h"
#include "regcred/base/memory.h"

extern char **environ;

/* In milliseconds. SILENCE: when the output of a program that has ended counts as complete
 * although another process holds it open. REAPING: how long to wait for a program that was killed:
 * one that hangs in the kernel, or has another user's rights, does not end. */
enum { CHUNK = 4096, SILENCE = 500, REAPING = 1000 };

/* --- finding the program ------------------------------------------------------------- */

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISDIR(status.st_mode) &&
	       faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

/* Sets `path`; CHILD_EXITED: found. An empty element of PATH is the current folder. */
static enum child_outcome find_program(const char *name, struct buf *path)
{
	const char *at = getenv("PATH");

	if (strchr(name, '/')) {
		buf_append_string(path, name);
		return !path->failure && is_program(name) ? CHILD_EXITED : CHILD_MISSING;
	}
	if (!at || !*at)
		return CHILD_MISSING;
	for (;;) {
		size_t len = strcspn(at, ":");

		buf_reset(path);
		buf_append(path, at, len);
		buf_append_format(path, "%s/%s", len ? "" : ".", name);
		if (!path->failure && is_program(path->data))
			return *path->data == '/' ? CHILD_EXITED : CHILD_RELATIVE;
		if (!at[len])
			return CHILD_MISSING;
		at += len + 1;
	}
}

/* --- starting it ----------------------------------------------------------------------- */

enum { IN = STDIN_FILENO, OUT = STDOUT_FILENO, ERR = STDERR_FILENO };

/* A running program. A descriptor that is closed is -1. */
struct child {
	const struct child_job *job;
	pid_t pid;
	int ends[3]; /* ours of the pipes that are its descriptors 0 to 2 */
	size_t sent;
	int64_t deadline;
	bool ended;
	struct sigaction on_child; /* from before */
	sigset_t mask;             /* likewise */
};

/* The program that runs, 0: none. */
static volatile sig_atomic_t running;

/* Kills its group, and itself: it may have left the group. For process_on_end, too. */
static void kill_running(void)
{
	if (!running)
		return;
	kill(-(pid_t)running, SIGKILL);
	kill((pid_t)running, SIGKILL);
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_ends(int ends[3])
{
	for (int i = IN; i <= ERR; i++)
		close_end(&ends[i]);
}

/* Descriptors that we inherited, such as a shell's <(...), are not passed on. One call since
 * Linux 5.11; before, one for each in /proc. */
static void keep_descriptors(void)
{
	const struct dirent *entry;
	DIR *folder;

#ifdef SYS_close_range
	enum { CLOEXEC = 4 }; /* CLOSE_RANGE_CLOEXEC of linux/close_range.h */

	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOEXEC) == 0)
		return;
#endif
	folder = opendir("/proc/self/fd");
	while (folder && (entry = readdir(folder))) {
		int fd = atoi(entry->d_name);

		if (fd > STDERR_FILENO)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	if (folder)
		closedir(folder);
}

/* 0, or errno. */
static int spawn(struct child *child, const char *path, const int theirs[3])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int failure = 0;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
	                                          POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setsigmask(&attributes, &none);
	for (int i = IN; i <= ERR && !failure; i++)
		failure = posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
	if (!failure)
		failure = posix_spawn(&child->pid, path, &actions, &attributes,
		                      (char *const *)child->job->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return failure;
}

/* Opens what becomes its descriptor of that number, and our end, which does not block; or
 * /dev/null, if its output is not wanted. 0, or errno. */
static int open_end(const struct child_job *job, int number, int *ours, int *theirs)
{
	int pair[2];

	if (number == ERR && !job->errors) {
		*theirs = open("/dev/null", O_WRONLY | O_CLOEXEC);
		return *theirs < 0 ? errno : 0;
	}
	if (pipe2(pair, O_CLOEXEC) < 0)
		return errno;
	*ours = pair[number == IN];
	*theirs = pair[number != IN];
	fcntl(*ours, F_SETFL, O_NONBLOCK);
	return 0;
}

/* Interrupts ppoll in `turn`. */
static void note_child(int number)
{
	(void)number;
}

/* 0, or errno. Signals are blocked from here on, except in `turn`. */
static int start(struct child *child, const char *path)
{
	const struct sigaction waking = {.sa_handler = note_child};
	int theirs[3] = {-1, -1, -1}, failure = 0;

	for (int i = IN; i <= ERR && !failure; i++)
		failure = open_end(child->job, i, &child->ends[i], &theirs[i]);
	process_on_end(kill_running);
	keep_descriptors();
	process_hold_signals(&child->mask);
	sigaction(SIGCHLD, &waking, &child->on_child);
	if (!failure)
		failure = spawn(child, path, theirs);
	running = failure ? 0 : child->pid;
	close_ends(theirs);
	child->deadline = clock_milliseconds() + (int64_t)child->job->timeout * 1000;
	return failure;
}

/* --- talking to it ----------------------------------------------------------------------- */

static void send_input(struct child *child)
{
	const struct child_job *job = child->job;
	ssize_t count =
	    job->input_len > child->sent
	        ? write(child->ends[IN], job->input + child->sent, job->input_len - child->sent)
	        : 0;

	if (count > 0)
		child->sent += (size_t)count;
	if (child->sent == job->input_len || (count < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&child->ends[IN]);
}

static void take_output(struct child *child)
{
	struct buf *output = child->job->output;
	ssize_t count;

	if (!buf_reserve(output, CHUNK))
		return;
	count = read(child->ends[OUT], output->data + output->len, CHUNK);
	if (count > 0)
		output->data[output->len += (size_t)count] = '\0';
	else if (count == 0 || (errno != EINTR && errno != EAGAIN))
		close_end(&child->ends[OUT]);
}

/* Keeps the end, where a program says why it failed. */
static void take_errors(struct child *child)
{
	struct buf *errors = child->job->errors;
	char chunk[CHUNK];
	ssize_t count = read(child->ends[ERR], chunk, sizeof chunk);

	if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
		close_end(&child->ends[ERR]);
	if (count <= 0)
		return;
	if (errors->len + (size_t)count > CHILD_ERRORS_MAX) {
		size_t kept = CHILD_ERRORS_MAX - (size_t)count;

		kept = kept < errors->len ? kept : errors->len;
		memmove(errors->data, errors->data + errors->len - kept, kept);
		buf_truncate(errors, kept);
	}
	buf_append(errors, chunk, (size_t)count);
	memory_wipe(chunk, sizeof chunk);
}

static int milliseconds_left(int64_t deadline)
{
	int64_t left = deadline - clock_milliseconds();

	return left > 0 ? (int)left : 0;
}

/* Leaves its status for `reap`: until then its number cannot become another process's, which
 * kill_running would hit. */
static void see_whether_it_ended(struct child *child)
{
	siginfo_t info = {.si_pid = 0};

	if (!child->ended &&
	    waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		child->ended = info.si_pid == child->pid;
}

/* Waits for input, output or the end of the program, and handles it; false: time is up. Only
 * here are signals delivered, SIGCHLD among them, so that none is missed. */
static bool turn(struct child *child, int milliseconds)
{
	const struct timespec limit = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
	struct pollfd ends[3] = {{.fd = child->ends[OUT], .events = POLLIN},
	                         {.fd = child->ends[ERR], .events = POLLIN},
	                         {.fd = child->ends[IN], .events = POLLOUT}};
	sigset_t mask = child->mask;
	int ready;

	sigdelset(&mask, SIGCHLD);
	ready = ppoll(ends, 3, &limit, &mask);
	see_whether_it_ended(child);
	if (ready <= 0)
		return ready < 0 && errno == EINTR;
	if (ends[2].revents)
		send_input(child);
	if (ends[0].revents)
		take_output(child);
	if (ends[1].revents)
		take_errors(child);
	return true;
}

/* Until the program and its output end, time is up, or the output is too large. */
static enum child_outcome talk(struct child *child)
{
	const struct buf *output = child->job->output;

	while (!child->ended || child->ends[OUT] >= 0 || child->ends[ERR] >= 0) {
		bool is_held_open = child->ended && output->len > 0;
		int left = milliseconds_left(child->deadline);

		if (!turn(child, is_held_open && left > SILENCE ? SILENCE : left))
			return is_held_open ? CHILD_EXITED : CHILD_TIMED_OUT;
		if (output->failure)
			return CHILD_TOO_LARGE;
	}
	return CHILD_EXITED;
}

static struct child_end reap(struct child *child, enum child_outcome outcome)
{
	int64_t deadline = clock_milliseconds() + REAPING;
	int status = 0;

	while (waitpid(child->pid, &status, WNOHANG) == 0 && milliseconds_left(deadline))
		turn(child, milliseconds_left(deadline));
	if (outcome != CHILD_EXITED)
		return (struct child_end){outcome, 0};
	if (WIFEXITED(status))
		return (struct child_end){CHILD_EXITED, WEXITSTATUS(status)};
	return (struct child_end){CHILD_SIGNALLED, WTERMSIG(status)};
}

static struct child_end talk_to_the_end(struct child *child)
{
	enum child_outcome outcome = talk(child);

	if (outcome != CHILD_EXITED)
		kill_running();
	close_ends(child->ends);
	return reap(child, outcome);
}

/* The frame of a signal has the vector registers in it, and so what was copied last. */
static __attribute__((noinline)) void wipe_signal_frames(void)
{
	char dead[16 * 1024];

	memory_wipe(dead, sizeof dead);
}

struct child_end child_run(const struct child_job *job)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_NAME_MAX);
	struct child child = {.job = job, .ends = {-1, -1, -1}};
	enum child_outcome found = find_program(job->argv[0], &path);
	struct child_end end = {found, 0};

	if (found != CHILD_EXITED)
		return end;
	end = (struct child_end){CHILD_FAILED, start(&child, path.data)};
	if (end.number == 0)
		end = talk_to_the_end(&child);
	close_ends(child.ends);
	running = 0;
	sigaction(SIGCHLD, &child.on_child, NULL);
	process_let_signals(&child.mask);
	wipe_signal_frames();
	if (end.outcome == CHILD_FAILED && end.number == ENOMEM)
		memory_exhausted();
	return end;
}

/* --- what happened to it ------------------------------------------------------------------ */

static const char *why_not_run(const char *name, struct child_end end)
{
	if (end.outcome == CHILD_FAILED)
		return strerror(end.number);
	if (end.outcome == CHILD_RELATIVE)
		return "it is in a relative folder of PATH";
	return strchr(name, '/') ? "it is not a program" : "there is no such program on PATH";
}

bool child_fail(const struct child_job *job, struct child_end end, enum diagnostic diagnostic,
                const char *const hints[CHILD_OUTCOMES], struct error *error)
{
	const char *name = job->argv[0], *hint = hints[end.outcome];

	switch (end.outcome) {
	case CHILD_SIGNALLED:
		return error_set(error, diagnostic, hint, "%s was killed by signal %d", name,
		                 end.number);
	case CHILD_TIMED_OUT:
		return error_set(error, diagnostic, hint, "%s did not answer within %u second%s",
		                 name, job->timeout, job->timeout == 1 ? "" : "s");
	case CHILD_TOO_LARGE:
		return error_set(error, diagnostic, hint, "%s printed more than %zu bytes", name,
		                 job->output->ceiling);
	default:
		return error_set(error, diagnostic, hint, "cannot run %s: %s", name,
		                 why_not_run(name, end));
	}
}
