/* process.h - protects the process before it reads a secret, and cleans up when something
 * ends it in the middle.
 */
#ifndef REGCRED_IO_PROCESS_H
#define REGCRED_IO_PROCESS_H

#include <signal.h>

/* No core dumps, no debugger or /proc/PID/mem for other processes of this user,
 * new files for their owner alone, a closed pipe or a file at its size limit is an error
 * instead of a signal, the end of a child can be waited for whatever our parent ignored,
 * and descriptors 0 to 2 never name a file that is opened later.
 * Each is done as far as the system lets us; none of them is a reason to stop. A program that we
 * run inherits them all. */
void process_harden(void);

/* What must be undone when the program ends in the middle: a temporary file, the
 * settings of a terminal, a child that runs. `undo` may call only what a signal handler
 * may call, and must be right at any time; it is called when memory runs out and when a
 * signal ends the program. SIGKILL cannot be caught, and a signal that our parent had
 * ignored stays ignored. Naming it again changes nothing. */
void process_on_end(void (*undo)(void));

/* Holds back every signal while something is made that must be undone, until it is
 * noted where `undo` finds it. */
void process_hold_signals(sigset_t *before);
void process_let_signals(const sigset_t *before);

#endif
