/* process.h - what the process does about itself: before it touches a secret, and
 * when another program of ours is to go on. */
#ifndef REGCRED_IO_PROCESS_H
#define REGCRED_IO_PROCESS_H

#if REGCRED_RING < 1
#error "the core knows no io: bytes in, bytes out"
#endif

#include <stdbool.h>

#include "regcred/base/error.h"

/* No core dumps, no debugger or /proc/PID/mem for other processes of this user,
 * new files for their owner alone, a closed pipe or a file that may grow no further
 * is an error instead of a signal, and descriptors 0 to 2 never name a file that is opened later.
 * Each is done as far as the system lets us; none of them is a reason to stop. A program that we
 * run inherits them all. */
void process_harden(void);

/* Becomes another program of ours, with the same arguments: it stands beside this one,
 * or in ../libexec/regcred-gen from there, or where the build said. Returns only if
 * there is none, or it cannot be run: PROGRAM_MISSING. */
bool process_become(const char *name, char **argv, struct error *error);

#endif
