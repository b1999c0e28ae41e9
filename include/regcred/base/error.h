/* error.h - an error is a value that the caller owns.
 *
 * Every function that can fail returns bool and takes `struct error *` as its
 * last parameter: true leaves the error untouched, false has filled it. Memory
 * that runs out is no error: it ends the program (memory.h).
 *
 * Messages are one sentence, without a final period, that names the field and
 * the place. They never hold a password, nor text that could contain one. They
 * may hold bytes the user gave: the caller makes those harmless when it prints.
 */
#ifndef REGCRED_ERROR_H
#define REGCRED_ERROR_H

#include <stdbool.h>

#include "regcred/base/diagnostic.h"

/* Longer texts are cut, at any byte. */
enum { ERROR_MESSAGE_SIZE = 640, ERROR_HINT_SIZE = 1024 };

struct error {
	enum diagnostic diagnostic;
	enum status status;
	char message[ERROR_MESSAGE_SIZE];
	char hint[ERROR_HINT_SIZE]; /* empty: no hint */
};

/* Fills `error` with the diagnostic's usual status, the hint (NULL: none) and the message.
 * Always returns false, so that a function can end in `return error_set(...)`. */
bool error_set(struct error *error, enum diagnostic diagnostic, const char *hint,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Sets the hint of an error that is set already, where it holds what varies. Always
 * returns false. */
bool error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The message becomes "CONTEXT: MESSAGE". Always returns false. */
bool error_prefix(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What would be a wrong option came from a file or an answer: the status says that
 * the input cannot be used. Always returns false. */
bool error_from_input(struct error *error);

#endif
