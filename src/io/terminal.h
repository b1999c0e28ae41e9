/* terminal.h - asking a person, on /dev/tty, also when standard input is a pipe.
 *
 * Echo is off while a password is typed. Whatever ends the process (Ctrl-C, a hang-up) gets
 * the terminal back as it was (process_on_end); what stops it (Ctrl-Z) too, and continued, the
 * question is asked anew. libbsd's readpassphrase does the same, but loses a signal that comes
 * between its prompt and its read(2): here a stop is held back but for the moment of waiting
 * (POSIX.1-2008, ppoll).
 */
#ifndef REGCRED_IO_TERMINAL_H
#define REGCRED_IO_TERMINAL_H

#include <stdbool.h>

#include "regcred/base/buf.h"

/* The hint where an answer must not be empty. */
#define TERMINAL_HINT_EMPTY "nothing was typed: run the command again, and type or paste it"

/* Whether there is a terminal to ask on. */
bool terminal_is_there(void);

/* Asks `prompt`, which may hold anything, and puts the line that is typed into `answer`, without
 * its line end. TERMINAL_FAILED if there is no terminal, it fails, or the line is longer than the
 * 4094 bytes that it surely hands over whole. */
bool terminal_ask(const char *prompt, bool echo, struct buf *answer, struct error *error);

#endif
