/* screen.h - whether a descriptor leads to a person. */
#ifndef REGCRED_IO_SCREEN_H
#define REGCRED_IO_SCREEN_H

#include <stdbool.h>

/* A terminal: what is written there may be laid out for the eye. */
bool screen_is_there(int fd);

/* A terminal that takes colours, and nobody said NO_COLOR (no-color.org). */
bool screen_has_colour(int fd);

#endif
