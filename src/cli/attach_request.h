/* attach_request.h - what the command line, or a functionConfig, asks attach for; and which
 * Secrets a pod spec gets (--secret).
 */
#ifndef REGCRED_CLI_ATTACH_REQUEST_H
#define REGCRED_CLI_ATTACH_REQUEST_H

#include "reading.h"
#include "regcred/base/buf.h"
#include "regcred/edit/attach.h"
#include "regcred/json/json.h"
#include "regcred/pods/inventory.h"

/* The pull Secrets of --secret FILE. */
struct attach_secrets {
	struct inventory *inventory;
	const char **chosen; /* room for the names of all of them */
};

struct attach_request {
	struct reading_request reading;
	const char *name; /* NULL: not given */
	const char *replace;
	const char *secret_file;
	bool service_accounts, in_place, check;
	struct attach_secrets secrets;
	struct buf config_name; /* of a functionConfig */
};

/* Reads --secret FILE. SECRET_NONE: it holds no pull Secret; and what is wrong with one. */
bool attach_secrets_read(struct attach_secrets *secrets, const char *path, struct error *error);

/* For CLEANUP. */
void attach_secrets_release(struct attach_secrets *secrets);

/* An attach_chooser, whose context is the request: NAME, or those of --secret that are of
 * the namespace and serve an image of the pod spec. */
struct attach_names attach_choose(void *request, const char *ns, const struct workload *workload);

/* ---- A KRM function ---- */

/* Whether what comes is a ResourceList, by its first bytes. */
bool attach_function_begins(struct view bytes);

/* Takes what the functionConfig of a whole ResourceList asks for. */
bool attach_function_configure(struct attach_request *request, struct view text,
                               struct error *error);

/* A message as an element of `results`; item NULL: it is about none. */
struct json *attach_function_result(const char *message, bool is_error,
                                    const struct manifest_item *item);

/* Puts the results, which it releases, into a whole ResourceList. */
bool attach_function_answer(struct buf *list, struct json *results, struct error *error);

#endif
