/* why_explain.h - one container that waits: everything that is known of it, and what follows.
 */
#ifndef REGCRED_CLI_WHY_EXPLAIN_H
#define REGCRED_CLI_WHY_EXPLAIN_H

#include "match_output.h"
#include "regcred/why/diagnosis.h"
#include "why_gather.h"

struct why_case {
	const struct why_gathering *gathering;
	const struct waiting *waiting;
	struct inventory_pod pod;
	struct keyring_answer answer; /* what match says */
	enum inventory_verdict verdict;
	struct error invalid;
	struct match_result match;        /* of these, for match_output.h */
	struct diagnosis_secret *secrets; /* pod.count of them */
	struct buf key, near;             /* what the facts of that name point into */
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

/* What check found in a Secret of the Pod: findings from *first to before *last, for
 * check_finding. Returns where it was read. */
const char *why_findings(const struct why_case *result, const char *secret, size_t *first,
                         size_t *last);

#endif
