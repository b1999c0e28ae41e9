/* credential.h - a user name, a password and perhaps an email, and what may
 * stand in them.
 *
 * A `struct credential` is plain data: C strings that belong to its maker.
 * The checks are for credentials that come in; they refuse what registries and
 * kubelet could not use: the kubelet splits `auth` at the first colon (Kubernetes
 * 1.32 pkg/credentialprovider/config.go, decodeDockerConfigFieldAuth), and HTTP
 * Basic authentication allows no control characters (RFC 7617 section 2).
 * No message ever holds a password.
 */
#ifndef REGCRED_CREDENTIAL_H
#define REGCRED_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"

struct credential {
	const char *username;
	const char *password;
	const char *email; /* NULL or empty: none */
};

/* Refused: empty, a colon, control characters, invalid UTF-8. USERNAME_INVALID. */
bool credential_check_username(const char *username, struct error *error);

/* Refused: control characters, invalid UTF-8. EMAIL_INVALID. */
bool credential_check_email(const char *email, struct error *error);

/* Drops exactly one line end (LF, CRLF or CR) from the end of a password that
 * was read, as docker login --password-stdin does. */
void credential_trim_line_end(struct buf *password);

/* Refused: empty, control characters, invalid UTF-8. A password that is a JSON
 * object (a Google service-account key) may hold line ends and tabs.
 * PASSWORD_INVALID. */
bool credential_check_password(const char *password, size_t len, struct error *error);

#endif
