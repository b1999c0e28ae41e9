/* password.h - where a password comes from is a type, and every command that needs
 * one reads it here.
 */
#ifndef REGCRED_IO_PASSWORD_H
#define REGCRED_IO_PASSWORD_H

#include <stdbool.h>

#include "regcred/base/buf.h"

enum password_channel {
	PASSWORD_ASK, /* nothing given: ask on the terminal */
	PASSWORD_ARGUMENT,
	PASSWORD_STDIN,
	PASSWORD_FILE,
	PASSWORD_FD,
	PASSWORD_ENVIRONMENT,
	PASSWORD_IMPORTED, /* it is there: another file of this program took it */
};

/* Plain data; the strings are borrowed. */
struct password_source {
	enum password_channel channel;
	const char *name; /* the file, the variable, the number of the descriptor */
	int fd;           /* PASSWORD_FD */
	bool taken;       /* PASSWORD_ENVIRONMENT: the variable was set, and its value was read */
};

/* Appends the password, as it was given but for one final line end, and checks
 * it. PASSWORD_ARGUMENT and PASSWORD_ENVIRONMENT are in `password` already, and
 * PASSWORD_IMPORTED is not for here. `prompt` is for PASSWORD_ASK.
 * PASSWORD_INVALID, PASSWORD_MISSING (no terminal), INPUT_FAILED, ... */
bool password_read(const struct password_source *source, const char *prompt, struct buf *password,
                   struct error *error);

/* Appends the variable's value, wipes it and removes it from the environment, so that
 * neither our memory nor a program that is run shows it. False: it is not set. */
bool password_take_variable(const char *name, struct buf *password);

/* After a usage error: wipes every password in the arguments, and every variable that one
 * of them names, whether or not they were reached. */
void password_wipe_arguments(char **argv);

#endif
