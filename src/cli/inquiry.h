/* inquiry.h - asking registries whether credentials work: verify, and generate --verify.
 *
 * An inquiry is a list of questions, each about an image or a login, with the credentials
 * to try, in the kubelet's order. inquiry_run asks them, at most HTTP_PARALLEL_MAX side by
 * side; what the core decides of each answer is in regcred/verify/dialogue.h. What a
 * registry wants is asked once for all logins at it, and for all questions about an image; a
 * host that cannot be reached is not asked again.
 *
 *	CLEANUP(inquiry_release) struct inquiry inquiry = {.options = ...};
 *	question = inquiry_add_image(&inquiry, "ghcr.io/acme/app:1");
 *	inquiry_add_matches(&inquiry, question, keyring, &answer);
 *	inquiry_run(&inquiry, report, error);
 *	inquiry_append_text(...), inquiry_status(&inquiry)
 *
 * Images and credentials are borrowed: of the inventory, or of what the keyring is about.
 */
#ifndef REGCRED_CLI_INQUIRY_H
#define REGCRED_CLI_INQUIRY_H

#include "../io/report.h"
#include "options.h"
#include "regcred/base/string_list.h"
#include "regcred/json/json.h"
#include "regcred/pods/keyring.h"
#include "regcred/verify/dialogue.h"
#include "table.h"

enum { INQUIRY_TIMEOUT_DEFAULT = 10 }; /* seconds */

struct inventory;
struct subjects;

struct inquiry_options {
	struct string_list plain_http; /* HOST or HOST:PORT */
	const char *ca_file;           /* NULL: the system's */
	unsigned timeout;              /* for each request; 0: the default */
	bool privileges;
};

option_setter inquiry_set_plain_http;

/* clang-format off */
/* NOLINTBEGIN(bugprone-macro-parentheses): `when` is a literal */
/* The rows of a command whose request has them in `field`; `when` begins the help. */
#define INQUIRY_ROWS(request, field, when) \
	{NULL, "plain-http", NULL, 0, "HOST[:PORT]", when "use HTTP without TLS for this host; repeatable", \
	 VALUE_ANY, NULL, inquiry_set_plain_http, offsetof(request, field.plain_http)}, \
	{NULL, "ca-file", NULL, 0, "FILE", when "trust the certificate authorities in FILE", \
	 VALUE_FILE, NULL, options_store_file, offsetof(request, field.ca_file)}, \
	{NULL, "timeout", NULL, 0, "SECONDS", when "for each request (default: 10)", \
	 OPTIONS_SECONDS(request, field.timeout)}
/* NOLINTEND(bugprone-macro-parentheses) */
/* clang-format on */

/* The first option of them that was given, for who needs none; NULL. */
const char *inquiry_option_given(const struct inquiry_options *options);

struct inquiry_try {
	struct keyring_entry entry; /* of Secret INVENTORY_NONE: without a credential */
	bool made;                  /* it was tried: `result` is there */
	struct dialogue_result result;
};

struct inquiry_question {
	const char *image;  /* as given; NULL: a login */
	struct buf name;    /* the normalised image, or the host: what `ask` points into */
	struct buf problem; /* why nothing can be asked; empty: it can */
	struct dialogue_question ask;
	struct inquiry_try *tries;
	size_t try_count, try_capacity;
	size_t current; /* the try that is made */
	enum verdict verdict;
	/* private: */
	struct dialogue dialogue;
	bool begun;
	size_t opening, host;          /* numbers */
	struct inquiry_question *next; /* in a queue */
};

struct inquiry {
	struct inquiry_options *options;
	const struct inventory *inventory;   /* of the Secrets; NULL: a Docker config alone */
	const struct subjects *subjects;     /* whose files they are in */
	struct inquiry_question **questions; /* in the order in which they were added */
	size_t count, capacity;
};

/* An image that is no image name has a problem. Both stay where they are. */
struct inquiry_question *inquiry_add_image(struct inquiry *inquiry, const char *image);

/* The login at the host of a registry key. */
struct inquiry_question *inquiry_add_login(struct inquiry *inquiry, struct view registry);

/* A credential for a question; or all that match its image. Without any, one attempt is made
 * without a credential. */
void inquiry_add_try(struct inquiry_question *question, struct keyring_entry entry);
void inquiry_add_matches(struct inquiry_question *question, const struct keyring *keyring,
                         const struct keyring_answer *answer);

/* Asks all. Warns of a credential that may do more than pull. */
bool inquiry_run(struct inquiry *inquiry, struct report *report, struct error *error);

/* OK; NO if one was refused, not found or could not be asked for a problem of its own;
 * SYSTEM if none was but one could not be asked. */
enum status inquiry_status(const struct inquiry *inquiry);

/* Whether a question is answered with yes. */
bool inquiry_is_yes(const struct inquiry_question *question);

/* What became of a question, for people, and as JSON, which is the caller's:
 *
 *	{"image", "registry", "answer", "tried": [{"registry", "username", "namespace", "secret",
 *	 "file", "answer", "httpStatus", "message", "grants", "limit": {"total", "remaining"}}]}
 *
 * What is not known is null; with a problem it is {"image", "error"}. */
void inquiry_append_text(const struct inquiry *inquiry, const struct inquiry_question *question,
                         struct look look, struct buf *out);
struct json *inquiry_json(const struct inquiry *inquiry, const struct inquiry_question *question);

/* For CLEANUP; the options stay the caller's. */
void inquiry_release(struct inquiry *inquiry);

#endif
