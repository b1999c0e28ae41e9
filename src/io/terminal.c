#include "terminal.h"

#include <bsd/readpassphrase.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "regcred/memory.h"

/* A terminal hands over lines of at most 4095 bytes (MAX_CANON's real value on
 * Linux, N_TTY_BUF_SIZE - 1): nothing that can be typed is cut. */
enum { LINE = 8192 };

bool terminal_is_there(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool terminal_ask(const char *prompt, bool echo, struct buf *answer, struct error *error)
{
	char line[LINE];
	int flags = RPP_REQUIRE_TTY | (echo ? RPP_ECHO_ON : RPP_ECHO_OFF);
	bool asked = readpassphrase(prompt, line, sizeof line, flags) != NULL;

	if (asked)
		buf_append_string(answer, line);
	else
		error_set(error, DIAGNOSTIC_TERMINAL_FAILED, "cannot ask on the terminal: %s",
		          strerror(errno));
	memory_wipe(line, sizeof line);
	return asked && buf_check(answer, "the answer", error);
}
