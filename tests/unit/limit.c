/* Linked to every unit test: one that hangs is ended. Generous, for valgrind on a slow machine. */
#include <unistd.h>

enum { LIMIT = 1200 }; /* seconds */

__attribute__((constructor)) static void set_limit(void)
{
	alarm(LIMIT);
}
