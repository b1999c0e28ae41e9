/* credential_judge.h - what cannot be right about a registry, user name and password.
 *
 * One judge for every way in: typed, read, imported, answered by a helper, and found in a
 * finished Secret by check. What generate writes without a warning, check is silent
 * about, and the other way round. The rows are in core/docker/credential_judge.c.
 *
 * What no Secret can hold at all (control characters, a colon in the user name, invalid
 * UTF-8) is credential.h's. Nothing is kept; sentences and hints hold no byte of a user
 * name or password.
 */
#ifndef REGCRED_CREDENTIAL_JUDGE_H
#define REGCRED_CREDENTIAL_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "regcred/base/buf.h"

enum credential_part { CREDENTIAL_REGISTRY, CREDENTIAL_USERNAME, CREDENTIAL_PASSWORD };

struct credential_case {
	const char *registry;           /* a normalised key; NULL: it has no normal form */
	struct view username, password; /* each ends with a zero byte */
	int64_t now;                    /* Unix seconds, for a token's end */
};

struct credential_verdict {
	enum diagnostic diagnostic;
	enum credential_part part;
	bool refused;         /* it cannot be meant; else a warning */
	bool unfilled;        /* the name of a variable: a warning where something may still fill it
	                         in, an error in base64 */
	const char *sentence; /* completes: the password for registry "X" ... */
	const char *hint;     /* both for the time of the call */
};

typedef void credential_listener(void *context, const struct credential_verdict *verdict);

/* Tells the listener everything that is wrong, at most one verdict of a part (of the
 * password also how soon it ends); of those the first row of the table. */
void credential_judge(const struct credential_case *credential, credential_listener *listener,
                      void *context);

/* "registry", "user name", "password". */
const char *credential_part_name(enum credential_part part);

/* The user name without what follows an option in it (bob--docker-password=...), which may
 * be the password. */
struct view credential_username_shown(struct view username);

/* Drops a byte order mark from the beginning. True: there was one. */
bool credential_drop_bom(struct buf *text);

/* Whether the whole value is the name of a variable that nothing filled in: $NAME,
 * ${NAME}, $(NAME), ${{ ... }}, {{ ... }}, %NAME%. */
bool credential_is_unfilled(struct view value);

#endif
