/* report.h - what the program says on standard error.
 *
 *   regcred-gen: error: SENTENCE [id]
 *   hint: WHAT TO DO
 *
 * Bytes that could control a terminal are shown as \xNN, so that a message may
 * repeat what it was given.
 */
#ifndef REGCRED_IO_REPORT_H
#define REGCRED_IO_REPORT_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/error.h"

struct report {
	bool quiet;                     /* no notes */
	bool verbose;                   /* report progress */
	bool strict;                    /* warnings are errors */
	bool failed;                    /* a warning was one */
	bool ignored[DIAGNOSTIC_COUNT]; /* warnings and notes that are not shown */
};

/* Prints an error. */
void report_error(const struct error *error);

/* Prints a warning or a note, unless it is ignored; `hint` may be NULL. A warning under
 * `strict` is printed as an error and remembered in `failed`. */
void report_say(struct report *report, enum diagnostic diagnostic, const char *hint,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* At the end: of a warning or note that was said more than ten times only the first ten are
 * printed, and here how many more there were. */
void report_rest(void);

/* With -v: one line of what is being done. */
void report_step(const struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends "error: MESSAGE [id]" and the line of the hint, "" if there is none. */
void report_append(struct buf *out, bool colour, enum severity severity, const char *id,
                   const char *message, const char *hint);

/* error, warning, note. */
const char *report_severity_word(enum severity severity);

/* Prints lines that are harmless already (harmless.h). */
void report_text(const struct buf *text);

#endif
