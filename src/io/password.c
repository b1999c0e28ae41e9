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

static bool read_file(const char *path, struct buf *password, struct error *error)
{
	if (input_read(path, password, error))
		return true;
	if (error->status == STATUS_SYSTEM && harmless_may_be_secret(path))
		error_set(error, DIAGNOSTIC_INPUT_FAILED,
		          "--password-file takes the name of a file that holds the password",
		          "cannot read the file that --password-file names; its name is not shown, "
		          "as it may be a password");
	return false;
}

static bool read_fd(int fd, struct buf *password, struct error *error)
{
	char name[PLACE_SIZE];

	snprintf(name, sizeof name, FD_WORDS "%d", fd);
	return input_read_fd(fd, name, password, error);
}

/* What was taken from an argument or a variable is there already. */
static bool read_source(const struct password_source *source, const char *prompt,
                        struct buf *password, struct error *error)
{
	switch (source->channel) {
	case PASSWORD_ASK:
		return terminal_ask(prompt, false, password, error);
	case PASSWORD_STDIN:
		return input_read_fd(STDIN_FILENO, INPUT_STDIN, password, error);
	case PASSWORD_FILE:
		return read_file(source->name, password, error);
	case PASSWORD_FD:
		return read_fd(source->fd, password, error);
	case PASSWORD_ENVIRONMENT:
		/* Its name is not repeated: "$TOKEN" may be written where TOKEN was meant. */
		if (!source->taken)
			return error_set(
			    error, DIAGNOSTIC_PASSWORD_INVALID,
			    "export it, or check that this job is given its secrets; the option "
			    "takes the name, TOKEN and not \"$TOKEN\"",
			    "the variable that --password-env names is not set");
		break;
	default:
		break;
	}
	return buf_check(password, "the password", error);
}

/* What messages call a channel, in front of its name. */
static const char *const words_of[] = {
    [PASSWORD_ASK] = "the terminal", [PASSWORD_ARGUMENT] = "option --password",
    [PASSWORD_STDIN] = INPUT_STDIN,  [PASSWORD_FILE] = "",
    [PASSWORD_FD] = FD_WORDS,        [PASSWORD_ENVIRONMENT] = "variable ",
};

bool password_read(const struct password_source *source, const char *prompt, struct buf *password,
                   struct error *error)
{
	if (!read_source(source, prompt, password, error))
		return false;
	credential_trim_line_end(password);
	if (credential_check_password(password->data, password->len, error))
		return true;
	if (error->diagnostic != DIAGNOSTIC_PASSWORD_INVALID)
		return false;
	if (source->channel == PASSWORD_ASK && !password->len)
		error_hint(error, TERMINAL_HINT_EMPTY);
	if (source->channel == PASSWORD_ARGUMENT)
		error->status = STATUS_USAGE;
	return error_prefix(error, "%s%s", words_of[source->channel],
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
		for (size_t i = 0; i < COUNT(options); i++) {
			char *value = value_of(*word, word[1], options[i]);

			if (value)
				memory_wipe(value, strlen(value));
		}
	}
}
