#include "report.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "machine.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"

static const struct {
	const char *word, *colour;
} looks[] = {
    [SEVERITY_ERROR] = {"error", "\033[1;31m"},
    [SEVERITY_WARNING] = {"warning", "\033[1;35m"},
    [SEVERITY_NOTE] = {"note", "\033[1;36m"},
};

void report_text(const struct buf *text)
{
	struct pollfd poll_fd = {.fd = STDERR_FILENO, .events = POLLOUT};
	size_t at = 0;

	while (at < text->len) {
		ssize_t count = write(STDERR_FILENO, text->data + at, text->len - at);

		if (count > 0)
			at += (size_t)count;
		else if (count < 0 && errno == EAGAIN)
			poll(&poll_fd, 1, -1);
		else if (count == 0 || errno != EINTR)
			return; /* standard error is closed or full: nowhere to say so */
	}
}

/* What a message may hold, each byte shown as \xNN, and what is around it. */
enum { LINE_MAX_SIZE = HARMLESS_SIZE * (ERROR_MESSAGE_SIZE + ERROR_HINT_SIZE) + 128 };

const char *report_severity_word(enum severity severity)
{
	return looks[severity].word;
}

void report_append(struct buf *out, bool colour, enum severity severity, const char *id,
                   const char *message, const char *hint)
{
	buf_append_format(out, "%s%s:%s ", colour ? looks[severity].colour : "",
	                  looks[severity].word, colour ? "\033[0m" : "");
	harmless_append(out, message, strlen(message));
	buf_append_format(out, " [%s]\n", id);
	if (!*hint)
		return;
	buf_append_string(out, "hint: ");
	harmless_append(out, hint, strlen(hint));
	buf_append_char(out, '\n');
}

static void print(enum severity severity, const char *id, const char *message, const char *hint)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(LINE_MAX_SIZE);

	buf_append_string(&text, "regcred-gen: ");
	report_append(&text, screen_has_colour(STDERR_FILENO), severity, id, message,
	              hint ? hint : "");
	report_text(&text);
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
	CLEANUP(buf_release) struct buf text = BUF_INIT(LINE_MAX_SIZE);
	char message[ERROR_MESSAGE_SIZE];
	va_list arguments;

	if (!report->verbose)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	buf_append_string(&text, "regcred-gen: ");
	harmless_append(&text, message, strlen(message));
	buf_append_char(&text, '\n');
	report_text(&text);
}
