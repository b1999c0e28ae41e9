/* gathering.h - what match and the proofs of generate take out of manifests: pull
 * Secrets, the workloads that pull with them, and ServiceAccounts; and which of the
 * Secrets the kubelet would use for which workload.
 *
 * A workload uses the Secrets that it names, in its order; if it names none, those of
 * its ServiceAccount, where that is among the manifests (Kubernetes 1.32
 * plugin/pkg/admission/serviceaccount/admission.go); and only those of its own
 * namespace. An absent namespace agrees with any. A bare Docker config has neither name
 * nor namespace: it counts for every workload.
 */
#ifndef REGCRED_CLI_GATHERING_H
#define REGCRED_CLI_GATHERING_H

#include "../io/report.h"
#include "name_index.h"
#include "reading.h"
#include "regcred/base/buf.h"
#include "regcred/base/string_list.h"
#include "regcred/kube/pull_secret.h"
#include "regcred/pods/keyring.h"

/* A pull Secret, or a bare Docker config. */
struct given_secret {
	enum pull_secret_kind kind; /* CONFIG, DOCKERCFG or BARE */
	enum keyring_kind read_as;
	char *namespace, *name; /* "" if absent */
	const char *file;       /* borrowed: as it was named */
	struct buf payload;
	char *problem; /* why there is no payload: the API server refuses it; NULL: there is */
};

/* A workload; or nothing but images, which are looked up in all Secrets. */
struct pod {
	char *kind; /* NULL: images alone */
	char *namespace, *name;
	struct string_list images;
	struct string_list pull_secrets; /* as it names them */
	char *account;                   /* its ServiceAccount; "default" if it names none */
};

struct given_account {
	char *namespace, *name;
	struct string_list pull_secrets;
};

/* What is wanted; bits. */
enum { GATHER_SECRETS = 1, GATHER_PODS = 2, GATHER_ACCOUNTS = 4, GATHER_ALL = 7 };

struct gathering {
	struct report *report;
	const char *namespace; /* the only one that is wanted; NULL: any */
	unsigned wants;

	struct given_secret *secrets; /* in the order they were met */
	size_t secret_count, secret_capacity;
	struct pod *pods;
	size_t pod_count, pod_capacity;
	struct given_account *accounts;
	size_t account_count, account_capacity;

	struct name_index secret_names, account_names; /* sorted by gathering_read */
	struct keyring_store *store;
	size_t *bare;                                  /* numbers of the bare configs */
	size_t bare_count, bare_capacity;
};

/* For CLEANUP: wipes and frees. */
void gathering_release(struct gathering *gathering);

/* Takes what is wanted out of all files. A document that does not parse is an error,
 * for what it hides is not known; one that is a template is passed over, with a warning. */
bool gathering_read(struct gathering *gathering, const struct reading_request *files,
                    struct error *error);

/* Warns of a Secret that looks like a pull Secret, but counts for nothing or is not
 * known; of a document that is a template. */
void gathering_tell_of_secret(struct report *report, const char *file,
                              const struct pull_secret *secret);
void gathering_tell_of_template(struct report *report, const char *file,
                                const struct manifest_item *item);

/* The error of a document that does not parse, with its place. Always false. */
bool gathering_fail_broken(const char *file, const struct manifest_item *item, struct error *error);

/* The first image that is none is an error, IMAGE_INVALID. */
bool gathering_check_images(const struct string_list *images, struct error *error);

/* A new pod at the end, with empty strings, for images alone. NULL: no memory. */
struct pod *gathering_add_pod(struct gathering *gathering, struct error *error);

/* What results call a Secret: "Secret dev/regcred", or the file of a bare config. */
void gathering_label(const struct given_secret *secret, struct buf *out);

/* Likewise: "Deployment dev/web". */
void gathering_pod_label(const struct pod *pod, struct buf *out);

/* A Secret that loses the whole Pod. */
struct pod_failure {
	size_t secret; /* its number in the gathering */
	size_t number; /* of the keyring's failure, if the Secret has no problem of its own */
};

/* The Secrets of one pod, as the kubelet has them. */
struct pod_keyring {
	struct keyring *keyring; /* its secrets' numbers are those of the gathering */
	struct pod_failure *failures;
	size_t failure_count, failure_capacity;
	const struct string_list *names; /* of Secrets, by the pod or its ServiceAccount; NULL:
	                                    images alone, for which all count */
	struct string_list missing;      /* those that are not among the Secrets */
	const char *account; /* the ServiceAccount that was asked and is there; NULL: none */
	const char *vague;   /* a name, of the ServiceAccount or a Secret, that is in several
	                        namespaces, and the pod in none; NULL: none */
	struct name_found vague_found; /* in which ones */
};

/* The names of pull Secrets that the pod lists, or else its ServiceAccount, whose name
 * *account then is; NULL: it was not asked, or is not there. `found` says where; its
 * `other` is NULL if none was asked. */
const struct string_list *gathering_names(const struct gathering *gathering, const struct pod *pod,
                                          const char **account, struct name_found *found);

/* Fills an initialised pod_keyring. */
bool gathering_keyring(struct gathering *gathering, const struct pod *pod,
                       struct pod_keyring *keyring, struct error *error);

/* What is wrong with a Secret that loses the Pod. */
const char *gathering_failure(const struct gathering *gathering, const struct pod_keyring *keyring,
                              size_t failure);

/* For CLEANUP. */
void pod_keyring_release(struct pod_keyring *keyring);

#endif
