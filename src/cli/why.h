/* why.h - the parts of `why`: what it needs of a cluster (why_gather.c), what follows for one
 * container that waits (why_explain.c), and what is written of it (why_output.c).
 *
 * kubectl is asked a bounded number of times, however many Pods there are: once for the Pods,
 * once for their events, and once in each namespace where something waits for the
 * ServiceAccounts and Secrets that the waiting Pods name, by name. What may not be read is
 * reported in a warning, and the rest is answered. Files (-f) hold the same, and no kubectl runs.
 *
 * No password is in what is written.
 */
#ifndef REGCRED_CLI_WHY_H
#define REGCRED_CLI_WHY_H

#include "../io/kubectl.h"
#include "inquiry.h"
#include "match_output.h"
#include "regcred/check/check.h"
#include "regcred/why/diagnosis.h"

struct why_request {
	struct reading_request reading; /* files: no kubectl then */
	struct kubectl kubectl;
	const char *ns; /* NULL: kubectl's own, or that of the files */
	bool all_namespaces;
	struct waiting_name *names; /* none: whatever waits */
	size_t name_count, name_capacity;
	bool verify;
	struct inquiry_options asking;
};

struct why_gathering {
	struct why_request *request;
	struct kubectl_answer answer; /* the last one */
	struct waiting_list waiting;
	struct inventory *inventory; /* of what waits */
	struct check *check;         /* of Secrets alone; a Secret is a file of its own to it */
	struct subjects sources;     /* its files: where each Secret was read */
	struct string_list checked;  /* likewise: which Secret it is, as NAMESPACE/NAME */
	struct string_list unread;   /* NAMESPACE/NAME of Secrets that may be there */
	bool *met;                   /* for each name: a Pod was there */
	bool has_secrets;            /* a Secret or ServiceAccount was seen */
	struct inquiry inquiry;      /* what the registries are asked */
	struct inquiry_question **questions; /* for each that waits; NULL: none is asked */
	const char *expected; /* kinds that kubectl was asked for, a blank after each; NULL: any */
	const char *source;   /* of the Secrets that are being read; NULL: `secret/NAME` */
};

/* Fills a gathering that has its request. */
bool why_gather(struct why_gathering *gathering, struct error *error);

/* For CLEANUP. */
void why_gathering_release(struct why_gathering *gathering);

/* Whether the Secret could not be looked for. */
bool why_is_unread(const struct why_gathering *gathering, const char *ns, const char *name);

/* ---- One container that waits ---- */

/* What check found in a Secret of the Pod, and where that was read. */
struct why_finding {
	const struct check_finding *finding;
	const char *secret, *source;
};

struct why_case {
	const struct why_gathering *gathering;
	const struct waiting *waiting;
	struct inventory_pod pod;
	struct keyring_answer answer; /* what match says */
	enum inventory_verdict verdict;
	struct error invalid;
	struct match_result match;        /* of these, for match_output.h */
	struct diagnosis_secret *secrets; /* pod.count of them */
	struct why_finding *findings;
	size_t finding_count, finding_capacity;
	struct buf key, near; /* what the facts of that name point into */
	struct diagnosis_facts facts;
	const struct inquiry_question *question; /* that was asked of the registry; NULL */
	struct diagnosis diagnosis;
};

#define WHY_CASE_INIT                                                                              \
	((struct why_case){.pod = INVENTORY_POD_INIT,                                              \
	                   .answer = KEYRING_ANSWER_INIT,                                          \
	                   .key = BUF_INIT(BUF_CONFIG_MAX),                                        \
	                   .near = BUF_INIT(BUF_CONFIG_MAX),                                       \
	                   .diagnosis = DIAGNOSIS_INIT})

/* Fills an initialised case. */
void why_explain(const struct why_gathering *gathering, const struct waiting *waiting,
                 struct why_case *result);

/* Asks the registries about all that waits, each image with the same Secrets once. */
bool why_verify(struct why_gathering *gathering, struct error *error);

/* For CLEANUP. */
void why_case_release(struct why_case *result);

/* ---- What is written ---- */

/* An element of the list that -o json is. */
struct json *why_json(const struct why_case *result);

/* `count` Pods have this very cause: 1 or more. */
void why_append_text(const struct why_case *result, size_t count, struct look look,
                     struct buf *out);

/* Appends what two cases share if one telling does for both. */
void why_append_cause(const struct why_case *result, struct buf *out);

#endif
