/* terminal.h - asking a person, on /dev/tty, also when standard input is a pipe.
 *
 * libbsd's readpassphrase does the asking: it turns echo off and restores the
 * terminal on every signal that ends or stops the process (Ctrl-C, Ctrl-Z).
 */
#ifndef REGCRED_IO_TERMINAL_H
#define REGCRED_IO_TERMINAL_H

#if REGCRED_RING < 1
#error "the core knows no io: bytes in, bytes out"
#endif

#include <stdbool.h>

#include "regcred/buf.h"

/* Whether there is a terminal to ask on. */
bool terminal_is_there(void);

/* Asks `prompt` and appends the line that is typed, without its line end.
 * TERMINAL_FAILED if there is no terminal or it fails. */
bool terminal_ask(const char *prompt, bool echo, struct buf *answer, struct error *error);

#endif
