/* generate_request.h - what the command line asks generate for.
 *
 * The request borrows from argv, except for a password given as an option: that
 * is moved into the request and overwritten in argv at once.
 */
#ifndef REGCRED_CLI_GENERATE_REQUEST_H
#define REGCRED_CLI_GENERATE_REQUEST_H

#include "../io/password.h"
#include "inquiry.h"
#include "options.h"
#include "regcred/base/string_list.h"
#include "regcred/docker/credential.h"
#include "regcred/edit/companions.h"
#include "regcred/kube/namespaces.h"
#include "regcred/kube/secret.h"

/* One registry and how to get at its credential; filled in by the options, then
 * completed by credentials.h. */
struct entry_request {
	const char *registry; /* as given; NULL: Docker Hub */
	struct credential credential;
	struct password_source source;
	bool imported;                             /* to be taken from elsewhere */
	struct buf key, username, password, email; /* owned: made, asked for or read */
};

/* In the order of the words of --output. */
enum output_format { OUTPUT_YAML, OUTPUT_JSON, OUTPUT_CONFIG };

struct generate_request {
	struct request common;
	struct entry_request *entries;
	size_t entry_count, entry_capacity;
	bool registry_given;
	const char *early_option; /* stood before the first --registry */
	const char *stdin_option; /* reads standard input */
	const char *shape_option; /* shapes the Secret, which the config format has none of */
	const char *from_file;    /* a Docker config; NULL: none */
	bool from_login, all;
	const char *update_file;              /* an existing Secret; NULL: none */
	struct string_list removed;           /* registries to be dropped from it, as given */
	struct string_list images, workloads; /* --image; --for: files */
	bool verify;
	struct inquiry_options asking; /* with --verify */
	unsigned helper_timeout;       /* seconds; 0: not given */
	const char *name;
	bool name_argument; /* it was given without --name */
	const char *namespaces_file;
	struct buf namespaces_text; /* what `namespaces` points into */
	struct string_list namespaces;
	struct secret_pairs labels, annotations;
	enum secret_immutable immutable;
	bool append_hash;
	struct companions companions;
	const char *output_file;
};

void generate_request_init(struct generate_request *request);

/* For CLEANUP: wipes and frees, and removes the password variables from the
 * environment, on every way out. */
void generate_request_release(struct generate_request *request);

/* A new, empty entry at the end. */
struct entry_request *generate_request_add_entry(struct generate_request *request);

/* After the options are parsed: what depends on more than one of them. False: an option
 * conflicts with another, or lacks one. */
bool generate_request_check(struct generate_request *request, struct error *error);

#endif
