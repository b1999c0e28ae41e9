/* dialogue.h - what to ask a registry, and what its answers mean. No socket: the
 * caller carries each request and brings the answer back.
 *
 * A dialogue is about one image, or about the login at one host. It asks as the
 * kubelet's runtime does: first without a credential, then with one as the registry's
 * challenge says, Basic or Bearer (distribution specification 3.1, docs/content/spec/auth:
 * a GET at the challenge's realm with service, scope and account). A login asks GET /v2/,
 * without a scope, as docker login and skopeo login do; an image is asked for by a HEAD of
 * its manifest, or GET if the registry knows no HEAD there.
 *
 *	dialogue_begin(&dialogue, &question);
 *	for each credential, in the kubelet's order:
 *		dialogue_attempt(&dialogue, username, password);
 *		while ((request = dialogue_request(&dialogue)))
 *			... carry it, then dialogue_take(&dialogue, &answer)
 *			or, if there is no answer, dialogue_fail(&dialogue, message, hint)
 *		if (dialogue.settled || dialogue.result.verdict == VERDICT_OK)
 *			break;
 *
 * Where a credential goes: to the registry, and to the realm that its challenge names,
 * if that is an https address or one of a host that may be asked in plain HTTP. Never
 * elsewhere: a redirect is followed five times at most, and always without a credential.
 * One to the same server before a credential is needed changes the address that is asked
 * with it.
 *
 * What an answer says is used only as far as this header says; a message repeats up to
 * 200 bytes of it, which may be any bytes, but not the password.
 *
 * Ownership: the question, a user name and a password are borrowed until the dialogue
 * ends. All that was made of them is wiped by dialogue_release.
 */
#ifndef REGCRED_DIALOGUE_H
#define REGCRED_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/buf.h"
#include "regcred/base/view.h"

enum verdict {
	VERDICT_OK,
	VERDICT_REFUSED,        /* 401, 403 */
	VERDICT_NOT_FOUND,      /* 404: not there, or hidden from this user */
	VERDICT_RATE_LIMITED,   /* 429 */
	VERDICT_UNREACHABLE,    /* there is no answer */
	VERDICT_NOT_A_REGISTRY, /* another status, or not what a registry answers */
	VERDICT_NEEDS_NONE,     /* it works without a credential */
	VERDICT_COUNT
};

/* The word that -o json gives: "not-found". */
const char *verdict_word(enum verdict verdict);

/* Whether the text is HOST or HOST:PORT, as a question and its plain_http want it. */
bool dialogue_is_host(struct view text);

struct dialogue_question {
	struct view host;              /* with its port, as in an image; docker.io is Docker Hub */
	struct view repository;        /* the path of an image; empty: a login */
	struct view reference;         /* tag or digest of the image */
	const char *const *plain_http; /* hosts, HOST or HOST:PORT, that are asked without TLS */
	size_t plain_http_count;
	bool privileges; /* find out, by a token for them, whether it may push and delete */
};

struct dialogue_request {
	const char *method;       /* "GET" or "HEAD" */
	struct buf url;           /* https, or http for a host of plain_http */
	struct buf authorization; /* the header's value; empty: it is not sent */
};

/* The media types to accept: manifests and indexes of OCI and Docker. */
#define DIALOGUE_ACCEPT                                                                            \
	"application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "    \
	"application/vnd.docker.distribution.manifest.list.v2+json, "                              \
	"application/vnd.docker.distribution.manifest.v2+json, application/json;q=0.5, */*;q=0.1"

struct dialogue_answer {
	int status; /* of HTTP */
	struct view
	    headers; /* lines, with their ends; of the last answer, without its first line */
	struct view body;
};

/* What became of an attempt. */
struct dialogue_result {
	enum verdict verdict;
	int status;                /* of the HTTP answer that decided; 0: none */
	struct buf message, hint;  /* sentences; empty: there is nothing to say */
	struct buf grants;         /* the actions that a token was granted, with a blank between */
	bool grants_known;         /* the token lists them; else, if wanted, the message says why */
	long limit, limit_remains; /* of pulls, as the registry reports it; -1: unknown */
};

#define DIALOGUE_RESULT_INIT                                                                       \
	((struct dialogue_result){.message = BUF_INIT(DIALOGUE_TEXT_MAX),                          \
	                          .hint = BUF_INIT(DIALOGUE_TEXT_MAX),                             \
	                          .grants = BUF_INIT(DIALOGUE_TEXT_MAX),                           \
	                          .limit = -1,                                                     \
	                          .limit_remains = -1})

enum { DIALOGUE_TEXT_MAX = 4096 };

/* Puts what is in `from` in the place of what is in `to`, which is initialised. */
void dialogue_result_copy(struct dialogue_result *to, const struct dialogue_result *from);

/* For CLEANUP. */
void dialogue_result_release(struct dialogue_result *result);

/* Read-only but for dialogue.c. */
struct dialogue {
	const struct dialogue_question *question;
	int step;
	bool settled;          /* the verdict was found without a credential: none changes it */
	const char *method;    /* of the main request */
	struct buf url;        /* of the main request */
	struct buf challenges; /* WWW-Authenticate of the first answer, a line each */
	struct view username, password;
	bool bearer;    /* the main request goes with a token */
	bool elsewhere; /* a redirect led to another server */
	int redirects;
	struct dialogue_request request;
	struct dialogue_result result;
};

void dialogue_begin(struct dialogue *dialogue, const struct dialogue_question *question);

/* Begins with what another one about the same address found out before it sent a
 * credential (dialogue_is_open). */
void dialogue_join(struct dialogue *dialogue, const struct dialogue *other);

/* Whether it knows what the registry asks for, or is settled. */
bool dialogue_is_open(const struct dialogue *dialogue);

/* Tries the next credential. An empty user name is none, as for containerd. */
void dialogue_attempt(struct dialogue *dialogue, struct view username, struct view password);

/* What is to be asked; NULL: dialogue->result is there. */
const struct dialogue_request *dialogue_request(const struct dialogue *dialogue);

void dialogue_take(struct dialogue *dialogue, const struct dialogue_answer *answer);

/* There is no answer, or one over a ceiling (VERDICT_NOT_A_REGISTRY). */
void dialogue_fail(struct dialogue *dialogue, enum verdict verdict, const char *message,
                   const char *hint);

/* For CLEANUP: wipes and frees. */
void dialogue_release(struct dialogue *dialogue);

#endif
