/* process.h - what the process does about itself: before it touches a secret. */
#ifndef REGCRED_IO_PROCESS_H
#define REGCRED_IO_PROCESS_H

/* No core dumps, no debugger or /proc/PID/mem for other processes of this user,
 * new files for their owner alone, a closed pipe or a file that may grow no further
 * is an error instead of a signal, and descriptors 0 to 2 never name a file that is opened later.
 * Each is done as far as the system lets us; none of them is a reason to stop. A program that we
 * run inherits them all. */
void process_harden(void);

#endif
