/* screen.h - whether a descriptor is a terminal, and whether it shows colours. */
#ifndef REGCRED_IO_SCREEN_H
#define REGCRED_IO_SCREEN_H

#include <stdbool.h>

/* A terminal: what is written there may be laid out in columns. */
bool screen_is_there(int fd);

/* A terminal with colours, and NO_COLOR is not set (no-color.org). */
bool screen_has_colour(int fd);

#endif
