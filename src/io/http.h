/* http.h - carrying HTTP requests, several side by side. Knows nothing of registries.
 *
 * libcurl does it (any 7.66 or later), opened when the first caller asks for it, so that
 * no other command loads it. Its memory is ours and is wiped when it goes; what the TLS library
 * keeps of a connection is not in our hands. It reads the proxy variables, but no .netrc; it
 * keeps no cookies and follows no redirect. A certificate must be valid, for an authority of
 * the system or of `ca_file`.
 *
 *	http_open(&http, &options, error);
 *	while (... there is something to ask, and http_is_free(http))
 *		http_send(http, &request);
 *	http_wait(http, &answer);   // any of them; answer.context says which
 *	http_close(&http);
 *
 * Failure: LIBRARY_MISSING without libcurl, INPUT_FAILED for a CA file that cannot be read.
 * What happens to a request is in its answer.
 */
#ifndef REGCRED_IO_HTTP_H
#define REGCRED_IO_HTTP_H

#include <stdbool.h>

#include "regcred/base/error.h"
#include "regcred/base/view.h"

enum {
	HTTP_PARALLEL_MAX = 8,
	HTTP_HEADERS_MAX = 64 * 1024,
	HTTP_BODY_MAX = 4 * 1024 * 1024, /* no manifest of a sound registry is larger */
};

struct http_options {
	const char *ca_file;            /* NULL: the system's */
	unsigned timeout;               /* seconds, for a whole request */
	void (*waiting)(void *context); /* called now and then while http_wait does; may be NULL */
	void *context;
};

/* All of it is borrowed until its answer is there. */
struct http_request {
	const char *method; /* GET or HEAD */
	const char *url;    /* http or https */
	const char *accept;
	const char *authorization; /* empty: none */
	void *context;             /* comes back with the answer */
};

enum http_failure {
	HTTP_ANSWERED, /* none */
	HTTP_NO_NAME,
	HTTP_NO_CONNECTION,
	HTTP_TIMEOUT,
	HTTP_UNKNOWN_AUTHORITY, /* of the certificate */
	HTTP_BAD_CERTIFICATE,   /* of another host, expired */
	HTTP_NO_AUTHORITY,      /* the file of authorities is missing, or holds none */
	HTTP_NO_TLS,            /* TLS could not be agreed on, or the server speaks plain HTTP */
	HTTP_BROKEN,            /* the connection broke, or what came is not HTTP */
	HTTP_TOO_LARGE,         /* headers or body are over the ceiling */
	HTTP_FAILURE_COUNT
};

/* Valid until the next call. */
struct http_answer {
	void *context;
	enum http_failure failure;
	const char *reason; /* of a failure, in words of libcurl or the system; may be empty */
	int status;
	struct view headers; /* of the last answer, without its first line; lines with their ends */
	struct view body;
};

struct http;

bool http_open(struct http **http, const struct http_options *options, struct error *error);

/* Whether there is room for another request. */
bool http_is_free(const struct http *http);

void http_send(struct http *http, const struct http_request *request);

/* Waits for an answer to any request that was sent. False: there is none to wait for. */
bool http_wait(struct http *http, struct http_answer *answer);

/* For CLEANUP: ends what is under way. */
void http_close(struct http **http);

#endif
