#include "password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"
#include "regcred/credential.h"
#include "regcred/memory.h"
#include "terminal.h"

enum { PLACE_SIZE = 160 };

/* What messages call the place a password came from. */
static void describe(const struct password_source *source, char place[PLACE_SIZE])
{
	switch (source->channel) {
	case PASSWORD_ASK:
		snprintf(place, PLACE_SIZE, "the terminal");
		break;
	case PASSWORD_ARGUMENT:
		snprintf(place, PLACE_SIZE, "option --password");
		break;
	case PASSWORD_STDIN:
		snprintf(place, PLACE_SIZE, INPUT_STDIN);
		break;
	case PASSWORD_FILE:
		snprintf(place, PLACE_SIZE, "%s", source->name);
		break;
	case PASSWORD_FD:
		snprintf(place, PLACE_SIZE, "file descriptor %d", source->fd);
		break;
	case PASSWORD_ENVIRONMENT:
		snprintf(place, PLACE_SIZE, "variable %s", source->name);
		break;
	}
}

typedef bool password_reader(const struct password_source *source, const char *prompt,
                             struct buf *password, struct error *error);

static bool read_terminal(const struct password_source *source, const char *prompt,
                          struct buf *password, struct error *error)
{
	(void)source;
	return terminal_ask(prompt, false, password, error);
}

static bool read_argument(const struct password_source *source, const char *prompt,
                          struct buf *password, struct error *error)
{
	(void)source, (void)prompt;
	return buf_check(password, "the password", error);
}

static bool read_stdin(const struct password_source *source, const char *prompt,
                       struct buf *password, struct error *error)
{
	(void)source, (void)prompt;
	return input_read_fd(STDIN_FILENO, INPUT_STDIN, password, error);
}

static bool read_file(const struct password_source *source, const char *prompt,
                      struct buf *password, struct error *error)
{
	(void)prompt;
	return input_read(source->name, password, error);
}

static bool read_fd(const struct password_source *source, const char *prompt, struct buf *password,
                    struct error *error)
{
	char name[PLACE_SIZE];

	(void)prompt;
	describe(source, name);
	return input_read_fd(source->fd, name, password, error);
}

static bool read_environment(const struct password_source *source, const char *prompt,
                             struct buf *password, struct error *error)
{
	const char *value = getenv(source->name);

	(void)prompt;
	if (!value) {
		/* Its name is not repeated: "$TOKEN" may stand where TOKEN was meant. */
		error_set(error, DIAGNOSTIC_PASSWORD_INVALID,
		          "the variable that --password-env names is not set");
		return error_hint(error,
		                  "export it, or check that this job is given its secrets; the "
		                  "option takes the name, TOKEN and not \"$TOKEN\"");
	}
	buf_append_string(password, value);
	return buf_check(password, "the password", error);
}

static password_reader *const readers[] = {
    [PASSWORD_ASK] = read_terminal, [PASSWORD_ARGUMENT] = read_argument,
    [PASSWORD_STDIN] = read_stdin,  [PASSWORD_FILE] = read_file,
    [PASSWORD_FD] = read_fd,        [PASSWORD_ENVIRONMENT] = read_environment,
};

bool password_read(const struct password_source *source, const char *prompt, struct buf *password,
                   struct error *error)
{
	char place[PLACE_SIZE];

	if (!readers[source->channel](source, prompt, password, error))
		return false;
	credential_trim_line_end(password);
	if (credential_check_password(password->data, password->len, error))
		return true;
	if (error->diagnostic != DIAGNOSTIC_PASSWORD_INVALID)
		return false;
	if (source->channel == PASSWORD_ARGUMENT)
		error->status = STATUS_USAGE;
	describe(source, place);
	return error_prefix(error, "%s", place);
}

void password_forget(const struct password_source *source)
{
	char *value;

	if (source->channel != PASSWORD_ENVIRONMENT)
		return;
	while ((value = getenv(source->name))) { /* it may stand there more than once */
		memory_wipe(value, strlen(value));
		unsetenv(source->name);
	}
}
