/* check.h - what is wrong in pull Secrets and in the manifests that use them.
 *
 * Objects go in one by one, as manifest_reader.h hands them out, each with the number
 * of its file; findings come out at the end, sorted by file and place. Of
 * an object nothing is kept but its findings and what the checks across objects need:
 * names, registry keys, user names, images.
 *
 *	struct check *check = check_new(&options);
 *	while (manifest_reader_next(reader, &item, error) && item.event != MANIFEST_END)
 *		check_add(check, file, &item, error);
 *	check_finish(check);
 *	check_results(check)->findings...
 *
 * A file with a template has one finding, which says so: all others in it are dropped.
 * The templates of a chart have one together.
 *
 * Messages are sentences without a final period. They name the field and never hold a
 * password, a user name's password part or a value of data, but may hold bytes of the
 * manifest (names, keys, images): the caller makes those harmless when it prints.
 *
 * Failure: INPUT_TOO_LARGE.
 */
#ifndef REGCRED_CHECK_H
#define REGCRED_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/base/diagnostic.h"
#include "regcred/base/error.h"
#include "regcred/base/string_list.h"
#include "regcred/base/view.h"
#include "regcred/manifest/manifest_reader.h"
#include "regcred/tree/node.h"

/* ---- Rules ---- */

/* Every rule, in the order in which they are listed; the table is in core/check/check_rules.c.
 * The manual has a section for each id, and a test holds the two together. */
enum check_rule {
	/* the document */
	CHECK_PARSE_ERROR,
	CHECK_TEMPLATE,
	/* the Secret */
	CHECK_OBJECT_INVALID,
	CHECK_SECRET_TYPE,
	CHECK_SECRET_KEY,
	CHECK_SECRET_BASE64,
	CHECK_SECRET_PLACEHOLDER,
	CHECK_SECRET_DOUBLE_BASE64,
	CHECK_SECRET_TOO_LARGE,
	CHECK_LAST_APPLIED_CREDENTIAL,
	/* the Docker config in it */
	CHECK_CONFIG_JSON,
	CHECK_CONFIG_NO_AUTHS,
	CHECK_CONFIG_LEGACY_SHAPE,
	CHECK_CONFIG_HELPER_ONLY,
	CHECK_AUTH_BASE64,
	CHECK_AUTH_NO_COLON,
	CHECK_AUTH_NEWLINE,
	CHECK_AUTH_MISMATCH,
	CHECK_EMPTY_ENTRY,
	CHECK_IDENTITY_TOKEN_ONLY,
	CHECK_DUPLICATE_KEY,
	CHECK_TOKEN_EXPIRED,
	CHECK_TOKEN_SHORT_LIVED,
	CHECK_USERNAME_PROVIDER,
	CHECK_PASSWORD_INVALID,
	CHECK_CREDENTIAL_DOUBTFUL,
	CHECK_TOKEN_PROVIDER,
	/* registry keys */
	CHECK_REGISTRY_DEAD_KEY,
	CHECK_REGISTRY_DOCKER_HUB_KEY,
	CHECK_REGISTRY_PREFIX_LEAK,
	CHECK_REGISTRY_PORT,
	CHECK_REGISTRY_AMBIGUOUS,
	CHECK_REGISTRY_SCHEME,
	CHECK_REGISTRY_LOOKALIKE,
	CHECK_REGISTRY_NO_IMAGES,
	/* references */
	CHECK_REF_MISSING,
	CHECK_REF_NAMESPACE,
	CHECK_REF_TYPE,
	CHECK_REF_SHAPE,
	CHECK_REF_ABSENT,
	CHECK_REF_MOUNT_ONLY,
	CHECK_STATIC_POD,
	CHECK_IMAGE_INVALID,
	CHECK_IMAGE_UNMATCHED,
	/* access to Secrets */
	CHECK_RBAC_SECRETS_WILDCARD,
	CHECK_RBAC_SECRETS_UNSCOPED,
	CHECK_RBAC_SECRETS_LIST,
	CHECK_RULE_COUNT /* below 64: sets of rules are bits */
};

typedef uint64_t check_rules;

static inline check_rules check_rule_bit(enum check_rule rule)
{
	return UINT64_C(1) << rule;
}

struct check_rule_facts {
	const char *id; /* stable: people write it down */
	enum severity severity;
	const char *reason; /* one line, no final period */
	const char *help;   /* why, and how to fix it; whole sentences */
};

/* `rule` is below CHECK_RULE_COUNT. */
const struct check_rule_facts *check_rule_facts(enum check_rule rule);

/* The rule whose id these `len` bytes are; CHECK_RULE_COUNT: none. */
enum check_rule check_rule_find(const char *id, size_t len);

/* ---- Findings ---- */

struct check_finding {
	enum check_rule rule;
	enum severity severity;  /* the rule's, or a lower one */
	size_t file;             /* the caller's number */
	struct node_place place; /* of the offending value */
	const char *message;
	const char *hint; /* "": none */
};

struct check_options {
	int64_t now;                       /* Unix seconds, for what a secret says of its end */
	check_rules ignored;               /* never reported, wherever they are */
	bool complete;                     /* whatever is referred to must be among the objects */
	const struct string_list *assumed; /* Secrets that will be there, [NS/]NAME; NULL: none */
};

struct check;

struct check *check_new(const struct check_options *options);

/* For CLEANUP: wipes, frees and sets to NULL. */
void check_free(struct check **check);

/* Takes what the reader handed out, for as long as the call lasts; MANIFEST_END is
 * nothing. Files come in the order of their numbers. */
bool check_add(struct check *check, size_t file, const struct manifest_item *item,
               struct error *error);

/* Whether the objects to come are in a folder of a node, from which its kubelet makes static
 * Pods. */
void check_set_on_node(struct check *check, bool on_node);

/* The same for MANIFEST_TEMPLATE in a file of a chart, whose folder is `chart`; the files
 * of one chart come one after the other. */
void check_add_template(struct check *check, size_t file, const struct manifest_item *item,
                        const char *chart);

/* After the last object: the checks across objects, and the order of the findings. */
void check_finish(struct check *check);

/* An annotation regcred-gen/ignore that names no rule: nothing is wrong with what the
 * manifest makes, so it is no finding, but its author should know. */
struct check_remark {
	size_t file;
	struct node_place place; /* of the annotation's value */
	const char *word;        /* what it names instead, cut */
};

/* What was looked at. */
struct check_counts {
	size_t secrets, accounts, workloads;
};

enum { CHECK_FINDINGS_MAX = 1000000, CHECK_REMARKS_MAX = 100 };

/* After check_finish. */
struct check_results {
	struct check_finding *findings; /* by file, line, column, rule; each once */
	size_t finding_count, finding_capacity;
	size_t unlisted; /* findings that are more than can be kept */
	struct check_remark *remarks;
	size_t remark_count, remark_capacity;
	struct check_counts counts;
};

const struct check_results *check_results(const struct check *check);

#endif
