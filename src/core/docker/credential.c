#include "regcred/docker/credential.h"

#include <string.h>

#include "regcred/base/utf8.h"
#include "regcred/json/json_reader.h"

/* Without the line ends at the end. */
static size_t trimmed(const char *text, size_t len)
{
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	return len;
}

/* What `text` holds that it must not, as the end of a sentence; NULL: nothing.
 * Control characters listed in `allowed` are fine. */
static const char *find_fault(const char *text, size_t len, const char *allowed)
{
	for (size_t at = 0; at < len;) {
		uint32_t rune;

		at += utf8_decode(text + at, len - at, &rune);
		if (rune == UTF8_INVALID)
			return "is not valid UTF-8";
		if (!utf8_is_control(rune))
			continue;
		if (rune == 0)
			return "holds a NUL byte";
		if (rune > 0x7F || !strchr(allowed, (int)rune))
			return rune != '\n' && rune != '\r' ? "holds a control character"
			       : trimmed(text, len) < at    ? "ends with a line end"
			                                    : "holds a line end inside";
	}
	return NULL;
}

bool credential_check_username(const char *username, struct error *error)
{
	const char *fault = find_fault(username, strlen(username), "");

	if (!*username)
		fault = "is empty";
	else if (!fault && strchr(username, ':'))
		fault = "holds a colon";
	if (!fault)
		return true;
	error_set(error, DIAGNOSTIC_USERNAME_INVALID, NULL, "the user name %s", fault);
	if (!*username)
		error_hint(error, "is the variable for it set?");
	else if (strchr(username, ':'))
		error_hint(
		    error,
		    "user name and password are joined by a colon in the Secret, so the user name "
		    "cannot contain one; give the password with --password-stdin or "
		    "--password-file");
	return false;
}

bool credential_check_email(const char *email, struct error *error)
{
	const char *fault = find_fault(email, strlen(email), "");

	if (!fault)
		return true;
	return error_set(error, DIAGNOSTIC_EMAIL_INVALID, NULL, "the email %s", fault);
}

void credential_trim_line_end(struct buf *password)
{
	size_t len = password->len;

	if (len && password->data[len - 1] == '\n')
		len--;
	if (len && password->data[len - 1] == '\r')
		len--;
	buf_truncate(password, len);
}

bool credential_check_password(const char *password, size_t len, struct error *error)
{
	const char *fault = len ? find_fault(password, len, "") : "is empty";

	if (!fault)
		return true;
	if (len && !find_fault(password, len, "\t\r\n") && json_is_object(password, len))
		return true;
	return error_set(error, DIAGNOSTIC_PASSWORD_INVALID,
	                 len ? "give it as the registry shows it, on one line"
	                     : "is the file or variable for it empty?",
	                 "the password %s", fault);
}
