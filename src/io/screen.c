#include "screen.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool screen_is_there(int fd)
{
	return isatty(fd) == 1;
}

bool screen_has_colour(int fd)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no_colour && *no_colour) && !(term && strcmp(term, "dumb") == 0) &&
	       screen_is_there(fd);
}
