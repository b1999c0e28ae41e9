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

/* The signals that end or stop us while we ask. `always`: also if our parent ignored it, since
 * a person typed it. SIGTTOU stops a background job before it changes anything, so it needs
 * no care. */
static const struct {
	int number;
	bool always;
} signals[] = {
    {SIGHUP, false}, {SIGINT, true}, {SIGQUIT, true}, {SIGTERM, false}, {SIGTSTP, false},
};

enum { SIGNAL_COUNT = sizeof signals / sizeof *signals };

static volatile sig_atomic_t caught;

static void note_signal(int number)
{
	caught = number;
}

/* One question, and what is restored at its end. */
struct session {
	int fd;
	struct termios settings;
	sigset_t mask;
	struct sigaction actions[SIGNAL_COUNT];
};

/* The question that is being asked, for process_on_end. */
static const struct session *asking;

static void restore_settings(void)
{
	if (asking)
		tcsetattr(asking->fd, TCSAFLUSH, &asking->settings);
}

bool terminal_is_there(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void hold_signals(struct session *session)
{
	struct sigaction action = {.sa_handler = note_signal};
	sigset_t held;

	caught = 0;
	sigemptyset(&held);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaddset(&held, signals[i].number);
	sigprocmask(SIG_BLOCK, &held, &session->mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		sigaction(signals[i].number, NULL, &session->actions[i]);
		if (signals[i].always || session->actions[i].sa_handler != SIG_IGN)
			sigaction(signals[i].number, &action, NULL);
	}
}

/* A signal that was caught has its effect here: SIGTSTP stops the process until it is
 * continued. */
static void release_signals(const struct session *session)
{
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		if (signals[i].number == caught && session->actions[i].sa_handler == SIG_IGN)
			signal(caught, SIG_DFL);
		else
			sigaction(signals[i].number, &session->actions[i], NULL);
	if (caught)
		raise(caught);
	sigprocmask(SIG_SETMASK, &session->mask, NULL);
}

/* tcsetattr, also when a background job is stopped and continued meanwhile. */
static bool apply(int fd, const struct termios *settings)
{
	int done;

	while ((done = tcsetattr(fd, TCSAFLUSH, settings)) < 0 && errno == EINTR && !caught)
		;
	return done == 0;
}

static bool put(int fd, const char *text)
{
	size_t len = strlen(text);

	return write(fd, text, len) == (ssize_t)len;
}

/* Appends what is typed up to a line end or the end of input; false: a failure or
 * a signal. */
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

/* Asks once; false with errno, or with a signal caught. */
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
			hold_signals(&session);
			asked = ask_once(&session, shown.data, echo, answer);
			reason = errno;
			release_signals(&session);
		} while (!asked && caught == SIGTSTP);
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
