#include "machine.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t clock_now(void)
{
	return (int64_t)time(NULL);
}

int64_t clock_milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

const char *home_folder(void)
{
	const char *home = getenv("HOME");
#ifndef REGCRED_STATIC /* getpwuid loads libraries, which a static program has not */
	const struct passwd *user = home && *home ? NULL : getpwuid(getuid());

	if (user)
		home = user->pw_dir;
#endif
	return home && *home ? home : NULL;
}

bool screen_is_there(int fd)
{
	return isatty(fd) == 1;
}

bool screen_can_erase(int fd)
{
	const char *term = getenv("TERM");

	return screen_is_there(fd) && !(term && strcmp(term, "dumb") == 0);
}

bool screen_has_colour(int fd)
{
	const char *no_colour = getenv("NO_COLOR");

	return !(no_colour && *no_colour) && screen_can_erase(fd);
}
