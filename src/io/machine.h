/* machine.h - what the program finds around it: the time, the user's home, the screen. */
#ifndef REGCRED_IO_MACHINE_H
#define REGCRED_IO_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds since 1970, UTC. */
int64_t clock_now(void);

/* Milliseconds of a clock that only runs forward. */
int64_t clock_milliseconds(void);

/* $HOME, or where that is empty or not set the home that the system knows for the user, as
 * docker does (cli/config, moby/sys pkg/homedir). Borrowed, good until the next call. NULL:
 * there is none. */
const char *home_folder(void);

/* A terminal: what is written there may be laid out in columns. */
bool screen_is_there(int fd);

/* A terminal with colours, and NO_COLOR is not set (no-color.org). */
bool screen_has_colour(int fd);

/* A terminal whose lines can be erased. */
bool screen_can_erase(int fd);

#endif
