#include "home.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

const char *home_folder(void)
{
	const char *home = getenv("HOME");
	const struct passwd *user = home && *home ? NULL : getpwuid(getuid());

	if (user)
		home = user->pw_dir;
	return home && *home ? home : NULL;
}
