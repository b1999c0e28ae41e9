#include "password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential.h"
#include "terminal.h"

#define FD_WORDS "file descriptor "

enum { PLACE_SIZE = sizeof FD_WORDS + 16 };

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
	if (input_read(source->name, password, error))
		return true;
	if (error->status == STATUS_SYSTEM && credential_may_be_token(source->name)) {
		error_set(
		    error, DIAGNOSTIC_INPUT_FAILED, NULL,
		    "cannot read the file that --password-file names; it is not repeated here, as "
		    "it may be a token");
		error_hint(error,
		           "--password-file takes the name of a file that holds the password");
	}
	return false;
}

static bool read_fd(const struct password_source *source, const char *prompt, struct buf *password,
                    struct error *error)
{
	char name[PLACE_SIZE];

	(void)prompt;
	snprintf(name, sizeof name, FD_WORDS "%d", source->fd);
	return input_read_fd(source->fd, name, password, error);
}

static bool read_environment(const struct password_source *source, const char *prompt,
                             struct buf *password, struct error *error)
{
	const char *value = getenv(source->name);

	(void)prompt;
	if (!value) {
		/* Its name is not repeated: "$TOKEN" may stand where TOKEN was meant. */
		return error_set(error, DIAGNOSTIC_PASSWORD_INVALID,
		                 "export it, or check that this job is given its secrets; the "
		                 "option takes the name, TOKEN and not \"$TOKEN\"",
		                 "the variable that --password-env names is not set");
	}
	buf_append_string(password, value);
	return buf_check(password, "the password", error);
}

/* A channel: who reads it, and what messages call it, before its name. */
static const struct {
	password_reader *read;
	const char *words;
} channels[] = {
    [PASSWORD_ASK] = {read_terminal, "the terminal"},
    [PASSWORD_ARGUMENT] = {read_argument, "option --password"},
    [PASSWORD_STDIN] = {read_stdin, INPUT_STDIN},
    [PASSWORD_FILE] = {read_file, ""},
    [PASSWORD_FD] = {read_fd, FD_WORDS},
    [PASSWORD_ENVIRONMENT] = {read_environment, "variable "},
};

bool password_read(const struct password_source *source, const char *prompt, struct buf *password,
                   struct error *error)
{
	if (!channels[source->channel].read(source, prompt, password, error))
		return false;
	credential_trim_line_end(password);
	if (credential_check_password(password->data, password->len, error))
		return true;
	if (error->diagnostic != DIAGNOSTIC_PASSWORD_INVALID)
		return false;
	if (source->channel == PASSWORD_ARGUMENT)
		error->status = STATUS_USAGE;
	return error_prefix(error, "%s%s", channels[source->channel].words,
	                    source->name ? source->name : "");
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
