/* helper_reply.h - what a credential helper, docker-credential-NAME, replies to
 * `get`: {"ServerURL": ..., "Username": ..., "Secret": ...}.
 *
 * The protocol is that of docker/docker-credential-helpers 0.9 (client/client.go,
 * credentials/error.go). Member names are found as its Go client finds them, in any
 * case; the reply has to be one JSON object and nothing else, where the client
 * would ignore what follows. No message holds any of the reply.
 */
#ifndef REGCRED_HELPER_REPLY_H
#define REGCRED_HELPER_REPLY_H

#include <stdbool.h>

#include "regcred/base/arena.h"
#include "regcred/base/error.h"
#include "regcred/base/string_list.h"
#include "regcred/base/view.h"

/* Texts end with a zero byte and live in the arena. */
struct helper_reply {
	struct view server; /* ServerURL; may be empty */
	struct view username;
	struct view secret;
	struct arena arena;
};

#define HELPER_REPLY_INIT ((struct helper_reply){VIEW_EMPTY, VIEW_EMPTY, VIEW_EMPTY, ARENA_INIT})

/* Fills an initialised, empty `reply`. If neither Username nor Secret is there, or
 * both are empty, the helper has no such entry, and all three are empty: some say
 * so, such as that for pass in 0.6.4. Otherwise nothing in it is empty but perhaps
 * the server, and no string holds NUL. False: it is empty again.
 *
 *   HELPER_REPLY   not JSON, another type or shape, one of Username and Secret
 *                  missing or empty, NUL
 *   HELPER_TOKEN   the user name is <token>: the secret is an identity token,
 *                  which registries trade for others and the kubelet cannot use
 *
 * Messages speak of "the reply": the caller prefixes helper and registry. */
bool helper_reply_parse(struct view output, struct helper_reply *reply, struct error *error);

/* Wipes and frees; for CLEANUP. */
void helper_reply_release(struct helper_reply *reply);

/* What a helper prints to `list`, an object from servers to user names: appends the servers.
 * False: it is something else. */
bool helper_reply_list(struct view output, struct string_list *servers);

/* Whether a helper that failed said that it has no such entry, which docker takes
 * for an answer; everything else is a failure. */
bool helper_reply_is_not_found(struct view output);

/* Whether NAME may become part of a program's name: [A-Za-z0-9._-]+, and neither
 * "-" nor "." in front. */
bool helper_name_is_valid(const char *name);

#endif
