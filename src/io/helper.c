#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"
#include "regcred/base/memory.h"

extern char **environ;

enum { CHUNK = 4096 };

/* What ends us from outside. The helper has a group of its own, which neither a terminal's
 * Ctrl-C nor the end of a job reaches, and a shell's children in the background ignore the
 * former: the group is killed, so that nothing keeps running. */
static const int fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

enum { FATAL_COUNT = sizeof fatal / sizeof *fatal };

static volatile sig_atomic_t group;

/* SA_RESETHAND: what is raised here takes its usual effect behind. */
static void end_both(int number)
{
	kill(-(pid_t)group, SIGKILL);
	raise(number);
}

static void kill_group(void)
{
	if (group)
		kill(-(pid_t)group, SIGKILL);
}

struct watch {
	sigset_t mask; /* from before */
	struct sigaction actions[FATAL_COUNT];
};

/* From here to watch_begin what would end us waits: no helper is started unseen. */
static void watch_prepare(struct watch *watch)
{
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < FATAL_COUNT; i++)
		sigaddset(&held, fatal[i]);
	sigprocmask(SIG_BLOCK, &held, &watch->mask);
	for (size_t i = 0; i < FATAL_COUNT; i++)
		sigaction(fatal[i], NULL, &watch->actions[i]);
}

/* What who started us had ignored stays so, for the helper too. `started` is 0 if there is none. */
static void watch_begin(const struct watch *watch, pid_t started)
{
	struct sigaction action = {.sa_handler = end_both, .sa_flags = (int)SA_RESETHAND};

	group = started;
	process_on_end(kill_group);
	for (size_t i = 0; started && i < FATAL_COUNT; i++)
		if (watch->actions[i].sa_handler != SIG_IGN)
			sigaction(fatal[i], &action, NULL);
	sigprocmask(SIG_SETMASK, &watch->mask, NULL);
}

static void watch_end(const struct watch *watch)
{
	group = 0;
	for (size_t i = 0; i < FATAL_COUNT; i++)
		sigaction(fatal[i], &watch->actions[i], NULL);
}

/* A helper that runs; descriptors that are closed are -1. */
struct child {
	pid_t pid;
	int in, out; /* our ends */
	struct timespec deadline;
	struct watch watch;
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int milliseconds_left(const struct child *child)
{
	struct timespec now;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (child->deadline.tv_sec - now.tv_sec) * 1000LL +
	       (child->deadline.tv_nsec - now.tv_nsec) / 1000000;
	return left > 0 ? (int)left : 0;
}

/* posix_spawn's settings: a group of its own, default signals, our ends closed by
 * O_CLOEXEC. */
static int spawn(pid_t *pid, char *const argv[], int in, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int failure;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	failure = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	if (!failure)
		failure = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (!failure)
		failure = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
		                                           O_WRONLY, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
	                                          POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setsigmask(&attributes, &none);
	if (!failure)
		failure = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return failure;
}

static bool start(struct child *child, const char *program, unsigned timeout, struct error *error)
{
	char *const argv[] = {(char *)program, "get", NULL};
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	int failure = pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 ? errno : 0;

	watch_prepare(&child->watch);
	if (!failure)
		failure = spawn(&child->pid, argv, in[0], out[1]);
	watch_begin(&child->watch, failure ? 0 : child->pid);
	close_end(&in[0]);
	close_end(&out[1]);
	child->in = in[1];
	child->out = out[0];
	clock_gettime(CLOCK_MONOTONIC, &child->deadline);
	child->deadline.tv_sec += timeout;
	if (!failure)
		return true;
	close_end(&child->in);
	close_end(&child->out);
	if (failure == ENOMEM)
		memory_exhausted();
	return error_set(
	    error, DIAGNOSTIC_HELPER_FAILED, "install it where PATH finds it, or log in without it",
	    "cannot run %s: %s", program,
	    failure == ENOENT ? "there is no such program on PATH" : strerror(failure));
}

/* Reads to the end of output, the deadline, or the ceiling; writes the server
 * meanwhile, as far as the helper takes it. */
static bool talk(struct child *child, const char *server, struct buf *output)
{
	size_t sent = 0, len = strlen(server);

	fcntl(child->in, F_SETFL, O_NONBLOCK);
	while (child->out >= 0) {
		struct pollfd ends[2] = {{.fd = child->out, .events = POLLIN},
		                         {.fd = child->in, .events = POLLOUT}};
		ssize_t count;
		int ready = poll(ends, 2, milliseconds_left(child));

		if (ready == 0 || (ready < 0 && errno != EINTR))
			return false;
		if (ready > 0 && ends[1].revents) {
			count = write(child->in, server + sent, len - sent);
			if (count > 0)
				sent += (size_t)count;
			if (sent == len || (count < 0 && errno != EAGAIN && errno != EINTR))
				close_end(&child->in); /* a helper need not read it */
		}
		if (ready > 0 && ends[0].revents) {
			if (!buf_reserve(output, CHUNK))
				return false;
			count = read(child->out, output->data + output->len, CHUNK);
			if (count > 0)
				output->data[output->len += (size_t)count] = '\0';
			else if (count == 0 || errno != EINTR)
				close_end(&child->out);
		}
	}
	return true;
}

/* Waits for the end, but no longer than the deadline. */
static bool wait_for(const struct child *child, int *status)
{
	const struct timespec moment = {.tv_nsec = 2 * 1000 * 1000};
	pid_t pid;

	while ((pid = waitpid(child->pid, status, WNOHANG)) == 0 && milliseconds_left(child) > 0)
		nanosleep(&moment, NULL);
	return pid == child->pid;
}

bool helper_get(const char *name, const char *server, unsigned timeout, struct buf *output,
                bool *succeeded, struct error *error)
{
	CLEANUP(buf_release) struct buf program = BUF_INIT(BUF_NAME_MAX);
	struct child child;
	bool ended;
	int status = 0;

	buf_append_format(&program, "docker-credential-%s", name);
	if (!buf_check(&program, "the name of a helper", error) ||
	    !start(&child, program.data, timeout, error))
		return false;
	ended = talk(&child, server, output) && wait_for(&child, &status);
	close_end(&child.in);
	close_end(&child.out);
	if (!ended) {
		kill(-child.pid, SIGKILL);
		waitpid(child.pid, &status, 0);
	}
	watch_end(&child.watch);
	if (!buf_check(output, "the reply", error)) {
		if (error->status != STATUS_FAULT)
			error_hint(error, HELPER_HINT_TRY, name);
		return error_prefix(error, "%s", program.data);
	}
	if (!ended) {
		return error_set(error, DIAGNOSTIC_HELPER_FAILED,
		                 "see whether it waits for something, such as to be "
		                 "unlocked; --helper-timeout gives it longer",
		                 "%s did not answer within %u second%s", program.data, timeout,
		                 timeout == 1 ? "" : "s");
	}
	if (!WIFEXITED(status)) {
		error_set(error, DIAGNOSTIC_HELPER_FAILED, NULL, "%s was ended by signal %d",
		          program.data, WTERMSIG(status));
		return error_hint(error, HELPER_HINT_TRY, name);
	}
	*succeeded = WEXITSTATUS(status) == 0;
	return true;
}
