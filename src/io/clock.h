/* clock.h - what time it is. */
#ifndef REGCRED_IO_CLOCK_H
#define REGCRED_IO_CLOCK_H

#include <stdint.h>

/* Seconds since 1970, UTC. */
int64_t clock_now(void);

/* Milliseconds of a clock that only runs forward. */
int64_t clock_milliseconds(void);

#endif
