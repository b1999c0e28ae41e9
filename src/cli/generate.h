/* generate.h - what the command line asks generate for, and the steps from there to a Secret,
 * a file each; the function generate in generate.c has their order.
 *
 * The request borrows from argv, except for a password given as an option: that
 * is moved into the request and overwritten in argv at once. What a step finds out is filled
 * in, borrowed from that step.
 */
#ifndef REGCRED_CLI_GENERATE_H
#define REGCRED_CLI_GENERATE_H

#include "../io/password.h"
#include "inquiry.h"
#include "options.h"
#include "regcred/base/string_list.h"
#include "regcred/docker/credential.h"
#include "regcred/docker/docker_config.h"
#include "regcred/edit/companions.h"
#include "regcred/json/json.h"
#include "regcred/kube/namespaces.h"
#include "regcred/kube/secret.h"

/* One registry and how to get at its credential; filled in by the options, then
 * completed by the credentials_ steps. */
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

/* --- update.c: a new Secret made from one that exists (--update, --remove). Without --update
 * there is none, NULL, which each step takes. --- */

struct update;

/* Reads the Secret; what it says and no option does becomes the request's: name,
 * namespace, labels, annotations, immutable. *update is to be released after a failure, too. */
bool update_read(struct generate_request *request, struct update **update, struct error *error);

/* Gives the entries that came without a user name the one that the Secret has for their
 * registry: rotating a password needs no more than the password. */
void update_keep_usernames(struct update *update, struct generate_request *request);

/* Drops what is replaced by the request's entries or removed; the rest is added to
 * `config`. */
bool update_keep(struct update *update, struct generate_request *request,
                 struct docker_config *config, struct error *error);

/* Adds the other data to the new Secret. */
void update_fill(struct update *update, struct secret *secret);

/* Adds what else is kept to its object, and checks the whole by the rules of the
 * API server. */
bool update_complete(struct update *update, struct json *object, struct error *error);

/* For every way out. Wipes and frees. */
void update_release(struct update *update);

/* --- proof.c: that the Secret would be used for certain images (--image, --for), proved before
 * it is written. Without either option there is no proof, NULL, which each step takes. --- */

struct proof;

/* Reads the workloads. The name and the namespace that they agree on become the
 * request's, where nothing else says them. Warns of workloads that would not use the Secret. */
bool proof_read(struct generate_request *request, struct proof **proof, struct error *error);

/* Matches the Docker config with all images: those of --image must be served, those of
 * --for where an entry is about their host, and an entry that was given must serve one of
 * these. Other images are named in one note, which --strict makes an error.
 * IMAGE_UNMATCHED, after each image was reported with all that was compared. */
bool proof_prove(struct proof *proof, struct generate_request *request, const struct buf *config,
                 struct error *error);

/* What --image and --for ask for, each once. */
const struct string_list *proof_images(const struct proof *proof);

/* For every way out. */
void proof_release(struct proof *proof);

/* --- generate_request.c: what else goes with the Secret, of a name that is known by now --- */

/* ACCOUNT_DEFAULT, and what companions_check_readers finds; readers that include
 * everyone are warned about. */
bool generate_request_check_companions(struct generate_request *request, const char *secret,
                                       struct error *error);

/* --- credentials.c: from what the options say to a Docker config that is complete --- */

/* Normalises and checks all that is known without reading anything, two entries for one registry
 * among it. Notes about registry keys are reported on the way. */
bool credentials_prepare(struct generate_request *request, struct error *error);

/* Whether each entry has what it needs, or there is a terminal to ask on. */
bool credentials_check(const struct generate_request *request, struct error *error);

/* Puts every entry into `config`, which borrows from the request; the entries stay
 * where they are from then on. */
bool credentials_collect(struct generate_request *request, struct docker_config *config,
                         struct error *error);

/* Fills in what is missing: reads the passwords, then asks the person; and checks
 * all of it by what is known about the registries. */
bool credentials_read(struct generate_request *request, struct error *error);

/* For import.c. Reports the notes about a registry key; `advice` is what normalising it
 * gave. False: its host is refused. */
bool credentials_check_key(struct generate_request *request, const char *given, const char *key,
                           unsigned advice, struct error *error);

/* A byte order mark in front of the password is dropped, with a note. */
void credentials_drop_bom(struct generate_request *request, struct entry_request *entry);

/* Reports what credential_judge.h doubts of an entry; false: what it refuses. */
bool credentials_judge(struct generate_request *request, const struct entry_request *entry,
                       struct error *error);

/* --- import.c: credentials that exist already: an explicit Docker config (--from-file), or the
 * logins of this machine (--from-login). Between credentials_check and credentials_collect. --- */

/* Completes the entries that are to be taken from elsewhere, and adds those that no
 * --registry names where all are wanted. Every entry that cannot be used is reported;
 * if there was one, or a registry without a login, false. Runs credential helpers;
 * variables that hold a password must be gone by then. */
bool import_entries(struct generate_request *request, struct error *error);

/* --- verify_made.c: generate --verify --- */

/* Asks the registries for each of the images, or without any logs in with each entry of the
 * Docker config. VERIFY_REFUSED, VERIFY_FAILED: each failed check was reported. */
bool verify_made(struct generate_request *request, const struct buf *config,
                 const struct string_list *images, struct error *error);

#endif
