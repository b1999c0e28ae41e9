/*
 * Run a command under a terminal of its own, and play its user and its shell from a script.
 *
 *   pty [--stdio-tty] SCRIPT -- COMMAND ARG...
 *
 * The command gets a fresh controlling terminal (/dev/tty) and its own foreground process group;
 * its standard streams stay those of the caller, or with --stdio-tty are the terminal.
 * Lines of SCRIPT (blank ones and # comments are skipped):
 *
 *   expect TEXT     wait until the terminal shows TEXT, after what was last expected
 *   send TEXT       type TEXT
 *   echo on|off     wait until the terminal echoes, or does not
 *   signal NAME     send INT, TERM, HUP, QUIT, TSTP, CONT, USR1, ALRM or XCPU to the
 *                   command's process group
 *   stopped         wait until the command is stopped; the shell takes the terminal back
 *   continue        give the command the terminal, and let it go on
 *   ended           wait until the command has ended
 *
 * TEXT may hold \n \r \t \e \\ \xHH. Typing before the program has switched echo off may be
 * discarded by it: say "expect", "echo off", then "send". The end of the script waits for the end
 * of the command.
 *
 * The status is the command's, 128+N if signal N killed it, 127: it could not be run; 97: pty
 * itself failed; 98: the echo was wrong for 2 seconds; 99: nothing of what was waited for within 10
 * seconds, or the command ended before. PTY_TRANSCRIPT=FILE: all that the terminal showed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	STATUS_FAILED = 97,
	STATUS_ECHO = 98,
	STATUS_WAITED = 99,
	STATUS_NOT_RUN = 127,
	LIMIT_MS = 10000,
	ECHO_LIMIT_MS = 2000,
	TICK_MS = 10,
	SHOWN_MAX = 1024 * 1024,
};

enum state { RUNNING, STOPPED, ENDED };

static int master = -1;
static int slave = -1;
static pid_t command;
static enum state state;
static int end_status;
static char shown[SHOWN_MAX];
static size_t shown_size;
static size_t expected_up_to;
static unsigned line_number;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "pty: %s: %s\n", what, strerror(errno));
	_exit(STATUS_FAILED);
}

static _Noreturn void usage(const char *why)
{
	fprintf(stderr, "pty: %s\nusage: pty [--stdio-tty] SCRIPT -- COMMAND ARG...\n", why);
	exit(STATUS_FAILED);
}

static long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void write_transcript(void)
{
	const char *name = getenv("PTY_TRANSCRIPT");
	FILE *file;

	if (name == NULL)
		return;
	file = fopen(name, "w");
	if (file == NULL || fwrite(shown, 1, shown_size, file) != shown_size || fclose(file) != 0)
		fail(name);
}

/* The command is not left behind, whatever happens. */
static _Noreturn void end(int status)
{
	if (state != ENDED) {
		kill(-command, SIGKILL);
		waitpid(command, NULL, 0);
	}
	write_transcript();
	exit(status);
}

static _Noreturn void give_up(int status, const char *what, const char *detail)
{
	fprintf(stderr, "pty: script line %u: %s%s%s\nThe terminal showed:\n", line_number, what,
	        detail[0] != '\0' ? ": " : "", detail);
	fwrite(shown, 1, shown_size, stderr);
	fputs("\n", stderr);
	end(status);
}

static void read_terminal(int wait_ms)
{
	struct pollfd ready = {.fd = master, .events = POLLIN};
	ssize_t got;

	while (poll(&ready, 1, wait_ms) > 0 && (ready.revents & POLLIN) != 0) {
		if (shown_size == sizeof(shown))
			give_up(STATUS_FAILED, "the terminal showed too much", "");
		got = read(master, shown + shown_size, sizeof(shown) - shown_size);
		if (got <= 0)
			return;
		shown_size += (size_t)got;
		wait_ms = 0;
	}
}

static void watch_command(void)
{
	int status;

	if (state == ENDED || waitpid(command, &status, WNOHANG | WUNTRACED | WCONTINUED) <= 0)
		return;
	if (WIFSTOPPED(status)) {
		state = STOPPED;
	} else if (WIFCONTINUED(status)) {
		state = RUNNING;
	} else {
		state = ENDED;
		end_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
}

/* The state is looked at first: what an ended command showed is then read to the end. */
static void tick(void)
{
	watch_command();
	read_terminal(TICK_MS);
}

static bool find_expected(const char *text, size_t size)
{
	const char *at;

	if (size == 0)
		return true;
	at = memmem(shown + expected_up_to, shown_size - expected_up_to, text, size);
	if (at == NULL)
		return false;
	expected_up_to = (size_t)(at - shown) + size;
	return true;
}

static void expect(const char *text, size_t size)
{
	const long limit = now_ms() + LIMIT_MS;

	while (!find_expected(text, size)) {
		const bool ended = state == ENDED;

		tick();
		if (ended && !find_expected(text, size))
			give_up(STATUS_WAITED, "the command ended without showing", text);
		if (ended)
			return;
		if (now_ms() > limit)
			give_up(STATUS_WAITED, "not shown in time", text);
	}
}

static void wait_for(enum state wanted, const char *what)
{
	const long limit = now_ms() + LIMIT_MS;

	while (state != wanted) {
		if (state == ENDED)
			give_up(STATUS_WAITED, "the command ended, but should be", what);
		if (now_ms() > limit)
			give_up(STATUS_WAITED, "the command is not", what);
		tick();
	}
}

static void check_echo(bool wanted)
{
	const long limit = now_ms() + ECHO_LIMIT_MS;
	struct termios modes;

	for (;;) {
		if (tcgetattr(slave, &modes) != 0)
			fail("tcgetattr");
		if (((modes.c_lflag & ECHO) != 0) == wanted)
			return;
		if (now_ms() > limit)
			give_up(STATUS_ECHO, "the terminal's echo is", wanted ? "off" : "on");
		tick();
	}
}

static void type(const char *bytes, size_t size)
{
	while (size > 0) {
		const ssize_t put = write(master, bytes, size);

		if (put < 0 && errno != EINTR)
			fail("write to the terminal");
		if (put > 0) {
			bytes += put;
			size -= (size_t)put;
		}
	}
}

static void send_signal(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} known[] = {
	    {"INT", SIGINT},   {"TERM", SIGTERM}, {"HUP", SIGHUP},
	    {"QUIT", SIGQUIT}, {"TSTP", SIGTSTP}, {"CONT", SIGCONT},
	    {"USR1", SIGUSR1}, {"ALRM", SIGALRM}, {"XCPU", SIGXCPU},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) == 0) {
			kill(-command, known[i].number);
			return;
		}
	}
	give_up(STATUS_FAILED, "unknown signal", name);
}

/* As a shell does when a job stops; its modes are left as they are, for "echo" to see. */
static void wait_for_stop(void)
{
	wait_for(STOPPED, "stopped");
	if (tcsetpgrp(slave, getpgrp()) != 0)
		fail("tcsetpgrp");
}

static void continue_command(void)
{
	if (tcsetpgrp(slave, command) != 0 && state != ENDED)
		fail("tcsetpgrp");
	kill(-command, SIGCONT);
	if (state == STOPPED)
		state = RUNNING; /* a later "stopped" means a new stop */
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c | ('A' <= c && c <= 'F' ? 0x20 : 0)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* In place; NUL-terminated beside the size, for messages. */
static size_t unescape(char *text)
{
	static const char letters[] = "nrte\\";
	static const char meanings[] = "\n\r\t\033\\";
	const char *from = text;
	char *to = text;

	while (*from != '\0') {
		const char *letter;

		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		from++;
		letter = *from != '\0' ? strchr(letters, *from) : NULL;
		if (letter != NULL) {
			*to++ = meanings[letter - letters];
			from++;
		} else if (*from == 'x' && hex_digit(from[1]) >= 0 && hex_digit(from[2]) >= 0) {
			*to++ = (char)(hex_digit(from[1]) * 16 + hex_digit(from[2]));
			from += 3;
		} else {
			give_up(STATUS_FAILED, "unknown escape", from);
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

static void do_line(char *line)
{
	char *rest = line + strcspn(line, " ");

	if (*rest != '\0')
		*rest++ = '\0';
	if (strcmp(line, "expect") == 0) {
		expect(rest, unescape(rest));
	} else if (strcmp(line, "send") == 0) {
		type(rest, unescape(rest));
	} else if (strcmp(line, "echo") == 0 && strcmp(rest, "on") == 0) {
		check_echo(true);
	} else if (strcmp(line, "echo") == 0 && strcmp(rest, "off") == 0) {
		check_echo(false);
	} else if (strcmp(line, "signal") == 0) {
		send_signal(rest);
	} else if (strcmp(line, "stopped") == 0) {
		wait_for_stop();
	} else if (strcmp(line, "continue") == 0) {
		continue_command();
	} else if (strcmp(line, "ended") == 0) {
		wait_for(ENDED, "ended");
	} else {
		give_up(STATUS_FAILED, "unknown line", line);
	}
}

static void play(const char *name)
{
	FILE *script = fopen(name, "re");
	char *line = NULL;
	size_t capacity = 0;
	ssize_t size;

	if (script == NULL)
		give_up(STATUS_FAILED, "cannot open the script", name);
	while ((size = getline(&line, &capacity, script)) >= 0) {
		line_number++;
		if (size > 0 && line[size - 1] == '\n')
			line[size - 1] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			do_line(line);
	}
	free(line);
	fclose(script);
	line_number++;
	wait_for(ENDED, "ended");
	read_terminal(0);
}

static void open_terminal(void)
{
	const struct winsize size = {.ws_row = 24, .ws_col = 80};
	const char *name;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		fail("posix_openpt");
	name = ptsname(master);
	if (name == NULL)
		fail("ptsname");
	slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		fail(name);
	if (ioctl(slave, TIOCSCTTY, 0) != 0)
		fail("TIOCSCTTY");
	if (ioctl(slave, TIOCSWINSZ, &size) != 0)
		fail("TIOCSWINSZ");
}

static _Noreturn void run_command(char **argv, bool stdio_tty)
{
	/* Those that nohup, or a shell for what runs in the background, has ignored. */
	static const int usual[] = {SIGTTOU, SIGHUP, SIGINT, SIGQUIT};

	setpgid(0, 0);
	if (tcsetpgrp(slave, getpid()) != 0)
		fail("tcsetpgrp");
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		signal(usual[i], SIG_DFL);
	if (stdio_tty && (dup2(slave, 0) < 0 || dup2(slave, 1) < 0 || dup2(slave, 2) < 0))
		fail("dup2");
	unsetenv("PTY_TRANSCRIPT");
	execvp(argv[0], argv);
	fprintf(stderr, "pty: %s: %s\n", argv[0], strerror(errno));
	_exit(STATUS_NOT_RUN);
}

/* A pipe of the command ends when the command closes it, not when pty does. */
static void release_streams(void)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		fail("/dev/null");
	close(null);
}

static _Noreturn void be_shell(const char *script, char **argv, bool stdio_tty)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (setsid() < 0)
		fail("setsid");
	open_terminal();
	signal(SIGTTOU, SIG_IGN); /* a shell moves the terminal while in the background */
	command = fork();
	if (command < 0)
		fail("fork");
	if (command == 0)
		run_command(argv, stdio_tty);
	setpgid(command, command);
	release_streams();
	play(script);
	end(end_status);
}

int main(int argc, char **argv)
{
	bool stdio_tty = false;
	int status, i = 1;
	pid_t shell;

	if (i < argc && strcmp(argv[i], "--stdio-tty") == 0) {
		stdio_tty = true;
		i++;
	}
	if (argc - i < 3 || strcmp(argv[i + 1], "--") != 0)
		usage("SCRIPT, -- and COMMAND are needed");
	shell = fork(); /* the leader of a process group, as pty may be, cannot start a session */
	if (shell < 0)
		fail("fork");
	if (shell == 0)
		be_shell(argv[i], argv + i + 2, stdio_tty);
	release_streams();
	while (waitpid(shell, &status, 0) < 0) {
		if (errno != EINTR)
			fail("waitpid");
	}
	return WIFSIGNALED(status) ? STATUS_FAILED : WEXITSTATUS(status);
}
