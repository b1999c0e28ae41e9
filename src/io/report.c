#include "report.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "machine.h"
#include "regcred/base/harmless.h"

static const struct {
	const char *word, *colour;
} looks[] = {
    [SEVERITY_ERROR] = {"error", "\033[1;31m"},
    [SEVERITY_WARNING] = {"warning", "\033[1;35m"},
    [SEVERITY_NOTE] = {"note", "\033[1;36m"},
};

enum { ESCAPED_MAX = HARMLESS_SIZE - 1 }; /* bytes that one byte can become */

/* What is printed at once; a message and a hint always fit. */
struct line {
	char text[ESCAPED_MAX * (ERROR_MESSAGE_SIZE + ERROR_HINT_SIZE) + 128];
	size_t len;
};

static void put(struct line *line, const char *text, size_t len)
{
	size_t room = sizeof line->text - line->len;

	if (len > room)
		len = room;
	memcpy(line->text + line->len, text, len);
	line->len += len;
}

static void put_string(struct line *line, const char *text)
{
	put(line, text, strlen(text));
}

/* Appends text that may hold anything. */
static void put_harmless(struct line *line, const char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		char shown[HARMLESS_SIZE];

		at += harmless_step(text + at, len - at, shown);
		put_string(line, shown);
	}
}

static void send(const char *bytes, size_t len)
{
	struct pollfd poll_fd = {.fd = STDERR_FILENO, .events = POLLOUT};
	size_t at = 0;

	while (at < len) {
		ssize_t count = write(STDERR_FILENO, bytes + at, len - at);

		if (count > 0)
			at += (size_t)count;
		else if (count < 0 && errno == EAGAIN)
			poll(&poll_fd, 1, -1);
		else if (count == 0 || errno != EINTR)
			return; /* standard error is closed or full: nowhere to say so */
	}
}

static void print(enum severity severity, const char *id, const char *message, const char *hint)
{
	bool colour = screen_has_colour(STDERR_FILENO);
	struct line line = {.len = 0};

	put_string(&line, "regcred-gen: ");
	put_string(&line, colour ? looks[severity].colour : "");
	put_string(&line, looks[severity].word);
	put_string(&line, colour ? ":\033[0m " : ": ");
	put_harmless(&line, message);
	put_string(&line, " [");
	put_string(&line, id);
	put_string(&line, "]\n");
	if (hint && *hint) {
		put_string(&line, "hint: ");
		put_harmless(&line, hint);
		put_string(&line, "\n");
	}
	send(line.text, line.len);
}

void report_error(const struct error *error)
{
	print(SEVERITY_ERROR, diagnostic_id(error->diagnostic), error->message, error->hint);
}

/* How often each warning and note was said, and what it counted as. */
enum { SAID_MAX = 10 };

static struct {
	size_t count;
	enum severity severity;
} said[DIAGNOSTIC_COUNT];

/* Whether it is one of the first. */
static bool is_heard(enum diagnostic diagnostic, enum severity severity)
{
	said[diagnostic].severity = severity;
	return said[diagnostic].count++ < SAID_MAX;
}

void report_rest(void)
{
	char message[64];

	for (int i = 0; i < DIAGNOSTIC_COUNT; i++) {
		if (said[i].count <= SAID_MAX)
			continue;
		snprintf(message, sizeof message, "%zu more like the last one",
		         said[i].count - SAID_MAX);
		print(said[i].severity, diagnostic_id((enum diagnostic)i), message, NULL);
	}
}

void report_say(struct report *report, enum diagnostic diagnostic, const char *hint,
                const char *format, ...)
{
	char message[ERROR_MESSAGE_SIZE];
	enum severity severity = diagnostic_severity(diagnostic);
	va_list arguments;

	if ((severity == SEVERITY_NOTE && report->quiet) ||
	    (severity != SEVERITY_ERROR && report->ignored[diagnostic]))
		return;
	if (severity == SEVERITY_WARNING && report->strict) {
		severity = SEVERITY_ERROR;
		report->failed = true;
	}
	if (diagnostic_severity(diagnostic) != SEVERITY_ERROR && !is_heard(diagnostic, severity))
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	print(severity, diagnostic_id(diagnostic), message, hint);
}

void report_step(const struct report *report, const char *format, ...)
{
	char message[ERROR_MESSAGE_SIZE];
	struct line line = {.len = 0};
	va_list arguments;

	if (!report->verbose)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	put_string(&line, "regcred-gen: ");
	put_harmless(&line, message);
	put_string(&line, "\n");
	send(line.text, line.len);
}

void report_text(const struct buf *text)
{
	send(text->data, text->len);
}
