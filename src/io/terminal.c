#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "process.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"

/* A terminal keeps 4095 bytes of a line and drops what follows (Linux n_tty.c,
 * N_TTY_BUF_SIZE): a line that long may have been cut. */
enum { LINE = 4096, LINE_WHOLE_MAX = LINE - 2 };

/* Stopped by SIGTSTP while it asks. Signals that end the program are process_on_end's; SIGTTOU
 * stops a background job before it changes anything. */
static volatile sig_atomic_t stopped;

static void note_stop(int number)
{
	(void)number;
	stopped = true;
}

/* One question, and what is restored at its end. */
struct session {
	int fd;
	struct termios settings;
	sigset_t mask;
	struct sigaction on_stop;
};

/* The question that is being asked, for process_on_end. */
static const struct session *asking;

static void restore_settings(void)
{
	if (asking && tcsetattr(asking->fd, TCSAFLUSH, &asking->settings) == 0 &&
	    write(asking->fd, "\n", 1) < 0)
		return;
}

bool terminal_is_there(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* SIGTSTP waits for ppoll; where it is ignored it stays so. */
static void hold_stop(struct session *session)
{
	struct sigaction action = {.sa_handler = note_stop};
	sigset_t held;

	stopped = false;
	sigemptyset(&held);
	sigaddset(&held, SIGTSTP);
	sigprocmask(SIG_BLOCK, &held, &session->mask);
	sigaction(SIGTSTP, NULL, &session->on_stop);
	if (session->on_stop.sa_handler != SIG_IGN)
		sigaction(SIGTSTP, &action, NULL);
}

/* One that was caught has its effect here: the process stops until it is continued. */
static void release_stop(const struct session *session)
{
	sigaction(SIGTSTP, &session->on_stop, NULL);
	if (stopped)
		raise(SIGTSTP);
	sigprocmask(SIG_SETMASK, &session->mask, NULL);
}

/* tcsetattr, also when a background job is stopped and continued meanwhile. */
static bool apply(int fd, const struct termios *settings)
{
	int done;

	while ((done = tcsetattr(fd, TCSAFLUSH, settings)) < 0 && errno == EINTR && !stopped)
		;
	return done == 0;
}

static bool put(int fd, const char *text)
{
	size_t len = strlen(text);

	return write(fd, text, len) == (ssize_t)len;
}

/* Appends what is typed up to a line end or the end of input; false: a failure, or
 * a stop. */
static bool read_line(const struct session *session, struct buf *answer)
{
	char line[LINE];
	struct pollfd typed = {.fd = session->fd, .events = POLLIN};
	ssize_t count = 0;
	bool ended = false, sound = true;

	while (sound && !ended) {
		sound = ppoll(&typed, 1, NULL, &session->mask) > 0 &&
		        (count = read(session->fd, line, sizeof line)) >= 0;
		ended = sound && (count == 0 || line[count - 1] == '\n');
		if (sound && count > 0)
			buf_append(answer, line, (size_t)count - (line[count - 1] == '\n'));
	}
	memory_wipe(line, sizeof line);
	return sound;
}

/* Asks once; false with errno, or stopped. */
static bool ask_once(struct session *session, const char *prompt, bool echo, struct buf *answer)
{
	struct termios settings;
	bool sound;
	int reason;

	if (tcgetattr(session->fd, &session->settings) < 0)
		return false;
	asking = session;
	process_on_end(restore_settings);
	settings = session->settings;
	if (!echo)
		settings.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	sound =
	    apply(session->fd, &settings) && put(session->fd, prompt) && read_line(session, answer);
	reason = errno;
	if (!echo || !sound)
		put(session->fd, "\n");
	while (tcsetattr(session->fd, TCSAFLUSH, &session->settings) < 0 && errno == EINTR)
		;
	asking = NULL;
	errno = reason;
	return sound;
}

bool terminal_ask(const char *prompt, bool echo, struct buf *answer, struct error *error)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_NAME_MAX);
	struct session session = {.fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
	bool asked = false;
	int reason = errno;

	harmless_append(&shown, prompt, strlen(prompt));
	if (session.fd >= 0) {
		do {
			buf_reset(answer);
			hold_stop(&session);
			asked = ask_once(&session, shown.data, echo, answer);
			reason = errno;
			release_stop(&session);
		} while (!asked && stopped);
		close(session.fd);
	}
	if (asked && answer->len > LINE_WHOLE_MAX) {
		return error_set(error, DIAGNOSTIC_TERMINAL_FAILED,
		                 "give a password that long with --password-file",
		                 "a line of more than %d bytes cannot be typed at a terminal",
		                 LINE_WHOLE_MAX);
	}
	if (asked)
		return buf_check(answer, "the answer", error);
	return error_set(error, DIAGNOSTIC_TERMINAL_FAILED, NULL, "cannot ask on the terminal: %s",
	                 strerror(reason));
}
