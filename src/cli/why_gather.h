/* why_gather.h - what `why` needs of a cluster, through kubectl or out of files: Pods and
 * events, and of those that wait the ServiceAccounts and Secrets.
 *
 * kubectl is asked a bounded number of times, however many Pods there are: once for the Pods,
 * once for their events, and once in each namespace where something waits for the
 * ServiceAccounts and Secrets that the waiting Pods name, by name. What may not be read is
 * told in a warning, and the rest is answered.
 */
#ifndef REGCRED_CLI_WHY_GATHER_H
#define REGCRED_CLI_WHY_GATHER_H

#include "../io/kubectl.h"
#include "inquiry.h"
#include "manifests.h"
#include "regcred/check/check.h"
#include "regcred/pods/inventory.h"
#include "regcred/why/waiting.h"

struct why_request {
	struct reading_request reading; /* files: no kubectl then */
	struct kubectl kubectl;
	const char *namespace; /* NULL: kubectl's own, or that of the files */
	bool all_namespaces;
	struct waiting_name *names; /* none: whatever waits */
	size_t name_count, name_capacity;
	bool verify;
	struct inquiry_options asking;
};

struct why_gathering {
	struct why_request *request;
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
	const char *
	    expected; /* kinds that kubectl was asked for, each with a blank behind it; NULL: any */
	const char *source; /* of the Secrets that are being read; NULL: `secret/NAME` */
};

/* Fills a gathering that has its request. */
bool why_gather(struct why_gathering *gathering, struct error *error);

/* For CLEANUP. */
void why_gathering_release(struct why_gathering *gathering);

/* Whether the Secret could not be looked for. */
bool why_is_unread(const struct why_gathering *gathering, const char *namespace, const char *name);

#endif
