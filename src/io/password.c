#include "password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"
#include "regcred/base/harmless.h"
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
	if (error->status == STATUS_SYSTEM && harmless_may_be_secret(source->name))
		error_set(error, DIAGNOSTIC_INPUT_FAILED,
		          "--password-file takes the name of a file that holds the password",
		          "cannot read the file that --password-file names; its name is not shown, "
		          "as it may be a password");
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
	(void)prompt;
	if (source->taken)
		return buf_check(password, "the password", error);
	/* Its name is not repeated: "$TOKEN" may be written where TOKEN was meant. */
	return error_set(error, DIAGNOSTIC_PASSWORD_INVALID,
	                 "export it, or check that this job is given its secrets; the option "
	                 "takes the name, TOKEN and not \"$TOKEN\"",
	                 "the variable that --password-env names is not set");
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

bool password_take_variable(const char *name, struct buf *password)
{
	char *value = getenv(name);
	bool taken = value != NULL;

	if (taken)
		buf_append_string(password, value);
	while ((value = getenv(name))) { /* it may be there more than once */
		memory_wipe(value, strlen(value));
		unsetenv(name);
	}
	return taken;
}

/* What follows the name of an option, in the same word or the next; NULL: another word. */
static char *value_of(char *word, char *next, const char *option)
{
	size_t len = strlen(option);

	if (strncmp(word, option, len) != 0 || (word[len] && word[len] != '='))
		return NULL;
	return word[len] ? word + len + 1 : next;
}

void password_wipe_arguments(char **argv)
{
	static const char *const options[] = {"--password", "--docker-password", "-p"};
	CLEANUP(buf_release) struct buf scratch = BUF_INIT(BUF_PASSWORD_MAX);

	for (char **word = argv + 1; *argv && *word; word++) {
		char *variable = value_of(*word, word[1], "--password-env");

		if (variable)
			password_take_variable(variable, &scratch);
		if (strncmp(*word, "-p", 2) == 0)
			memory_wipe(*word + 2, strlen(*word + 2));
		for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
			char *value = value_of(*word, word[1], options[i]);

			if (value)
				memory_wipe(value, strlen(value));
		}
	}
}
