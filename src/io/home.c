#include "home.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

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
