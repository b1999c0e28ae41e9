#include "check_reference.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/json/json.h"
#include "regcred/kube/workload.h"
#include "regcred/manifest/templated.h"
#include "regcred/pods/keyring.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
	NAME_MAX_BYTES = 253,   /* the API server's limit: a longer text names nothing */
	IMAGE_MAX_BYTES = 4096, /* no image name is longer */

};

struct check_references *check_references_new(void)
{
	struct check_references *references = memory_acquire(sizeof *references);

	if (references)
		*references = (struct check_references){0};
	return references;
}

void check_references_free(struct check_references **references)
{
	if (!*references)
		return;
	intern_release(&(*references)->texts);
	memory_release((*references)->secrets);
	memory_release((*references)->consumers);
	memory_release((*references)->mentions);
	memory_release((*references)->capitals);
	memory_release(*references);
	*references = NULL;
}

struct check_origin consumer_origin(const struct consumer *consumer)
{
	return (struct check_origin){
	    .file = consumer->file,
	    .ignored = (check_rules)consumer->ignored << CHECK_REF_MISSING,
	};
}

struct node_place mention_place(const struct mention *mention)
{
	return (struct node_place){.line = mention->line, .column = mention->column};
}

/* ---- Keeping facts ---- */

static bool is_unknown(const char *text, size_t most)
{
	size_t len = strlen(text);

	return len > most || value_is_templated(text, len);
}

/* An unknown namespace agrees with any, as an absent one does. */
static bool keep_namespace(struct check_references *references, const char *namespace,
                           uint32_t *number)
{
	if (is_unknown(namespace, NAME_MAX_BYTES))
	namespace = "";
	return intern_add(&references->texts, view_of(namespace), number);
}

static bool keep_text(struct check_references *references, const char *text, size_t most,
                      uint32_t *number)
{
	*number = UNKNOWN;
	return is_unknown(text, most) || intern_add(&references->texts, view_of(text), number);
}

static bool add_key(struct json *auths, struct view registry)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);

	buf_append(&key, registry.data, registry.len);
	return !key.failure && json_add(auths, key.data, json_object());
}

/* A Docker config with the keys of the keyring's entries and nothing else. A key that
 * does not parse can hold NUL, and never applies. */
static bool print_keys(const struct keyring *keyring, struct buf *out, struct error *error)
{
	CLEANUP(json_release) struct json *root = json_object();
	struct json *auths = json_object();

	if (!json_add(root, "auths", auths))
		return error_out_of_memory(error);
	for (size_t i = 0; i < keyring_entry_count(keyring); i++) {
		struct keyring_entry entry = keyring_entry(keyring, i);

		if (!memchr(entry.registry.data, '\0', entry.registry.len) &&
		    !add_key(auths, entry.registry))
			return error_out_of_memory(error);
	}
	return json_print(root, JSON_COMPACT, 0, out, error);
}

/* What is left of the content of a pull secret. One that the kubelet cannot decode has
 * a finding of its own, and says nothing about images; one that may be empty will be
 * filled. */
static bool keep_keys(struct check_references *references, const struct check_object *object,
                      uint32_t *keys, struct error *error)
{
	const struct pull_secret *secret = object->secret;
	CLEANUP(keyring_store_free) struct keyring_store *store = keyring_store_new(false);
	CLEANUP(keyring_free) struct keyring *keyring = keyring_new(store);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	enum keyring_kind kind =
	    secret->kind == PULL_SECRET_DOCKERCFG ? KEYRING_DOCKERCFG : KEYRING_DOCKERCONFIGJSON;

	*keys = UNKNOWN;
	if (secret->state != PULL_SECRET_PRESENT || secret->marked)
		return true;
	keyring_add(keyring,
	            keyring_store_add(store, kind, secret->payload.data, secret->payload.len), 0);
	if (keyring_failure_count(keyring))
		return true;
	if (keyring_entry_count(keyring) == 0) {
		if (!(object->origin.ignored & check_rule_bit(CHECK_CONFIG_NO_AUTHS)))
			*keys = 0;
		return true;
	}
	if (!print_keys(keyring, &text, error))
		return false;
	return intern_add(&references->texts, (struct view){text.data, text.len}, keys) ||
	       error_out_of_memory(error);
}

static enum standing standing_of(const struct pull_secret *secret)
{
	switch (secret->kind) {
	case PULL_SECRET_CONFIG:
	case PULL_SECRET_DOCKERCFG:
		return STANDING_PULL;
	case PULL_SECRET_OTHER:
		if (value_is_templated(secret->type, strlen(secret->type)))
			return STANDING_UNKNOWN;
		return secret->payload_node ? STANDING_MEANT : STANDING_OTHER;
	case PULL_SECRET_NONE:
	case PULL_SECRET_BARE:
		break;
	}
	return STANDING_UNKNOWN;
}

static bool keep_fact(struct check_references *references, struct secret_fact fact,
                      const char *namespace, const char *name, struct error *error)
{
	if (!*name || strlen(name) > NAME_MAX_BYTES)
		return true;
	if (!keep_namespace(references, namespace, &fact.namespace) ||
	    !keep_text(references, name, NAME_MAX_BYTES, &fact.name) ||
	    !memory_extend(&references->secrets, references->secret_count,
	                   &references->secret_capacity, sizeof *references->secrets))
		return error_out_of_memory(error);
	references->secrets[references->secret_count++] = fact;
	return true;
}

static bool look_at_secret(struct check_references *references, const struct check_object *object,
                           struct error *error)
{
	struct secret_fact fact = {.standing = standing_of(object->secret), .keys = UNKNOWN};
	const char *type = object->secret->type ? object->secret->type : "";

	if (fact.standing == STANDING_PULL && !keep_keys(references, object, &fact.keys, error))
		return false;
	if (strlen(type) <= NAME_MAX_BYTES &&
	    !intern_add(&references->texts, view_of(type), &fact.type))
		return error_out_of_memory(error);
	return keep_fact(references, fact, object->namespace, object->name, error);
}

/* ---- What makes Secrets ---- */

/* Where the names of the Secrets stand that somebody will make of an object. Sources, each
 * the type of its spec: bitnami-labs/sealed-secrets 0.27, external-secrets 0.10,
 * hashicorp/vault-secrets-operator 0.9, 1Password/onepassword-operator 1.8,
 * kubernetes-sigs/secrets-store-csi-driver 1.4, Infisical, Doppler and Bitwarden
 * operators, kubernetes-sigs/kustomize (types/kustomization.go). */
static const struct source {
	const char *kind;
	const char *list;      /* of Secrets; NULL: the object makes one */
	const char *names[3];  /* in the object or the item: the first that is there counts */
	const char *namespace; /* likewise; where it is absent the object's counts */
} sources[] = {
    {"SealedSecret", NULL, {"spec.template.metadata.name", "metadata.name"}, NULL},
    {"ExternalSecret", NULL, {"spec.target.name", "metadata.name"}, NULL},
    {"ClusterExternalSecret",
     NULL,
     {"spec.externalSecretSpec.target.name", "spec.externalSecretName", "metadata.name"},
     NULL},
    {"VaultStaticSecret", NULL, {"spec.destination.name"}, NULL},
    {"VaultDynamicSecret", NULL, {"spec.destination.name"}, NULL},
    {"OnePasswordItem", NULL, {"metadata.name"}, NULL},
    {"SecretProviderClass", "spec.secretObjects", {"secretName"}, NULL},
    {"InfisicalSecret",
     NULL,
     {"spec.managedSecretReference.secretName"},
     "spec.managedSecretReference.secretNamespace"},
    {"InfisicalSecret", "spec.managedKubeSecretReferences", {"secretName"}, "secretNamespace"},
    {"DopplerSecret", NULL, {"spec.managedSecret.name"}, "spec.managedSecret.namespace"},
    {"BitwardenSecret", NULL, {"spec.secretName"}, NULL},
    {"Kustomization", "secretGenerator", {"name"}, "namespace"},
    {"Component", "secretGenerator", {"name"}, "namespace"},
};

static bool keep_made(struct check_references *references, const struct check_object *object,
                      const struct source *source, const struct node *at, struct error *error)
{
	struct secret_fact fact = {.standing = STANDING_UNKNOWN, .keys = UNKNOWN};
	const char *name = NULL, *namespace = NULL;

	for (size_t i = 0; i < COUNT(source->names) && source->names[i] && !(name && *name); i++)
		name = node_string(node_at(at, source->names[i]));
	if (source->namespace)
	namespace = node_string(node_at(at, source->namespace));
	return keep_fact(references, fact, namespace ? namespace : object->namespace,
	                 name ? name : "", error);
}

static bool look_at_source(struct check_references *references, const struct check_object *object,
                           struct error *error)
{
	const struct node *root = object->item->root;

	for (size_t i = 0; i < COUNT(sources); i++) {
		const struct source *source = &sources[i];
		const struct node *list = source->list ? node_at(root, source->list) : NULL;

		if (strcmp(source->kind, object->item->kind) != 0)
			continue;
		if (!source->list && !keep_made(references, object, source, root, error))
			return false;
		for (size_t j = 0; list && list->kind == NODE_SEQUENCE && j < list->count; j++)
			if (!keep_made(references, object, source, list->members[j].value, error))
				return false;
	}
	return true;
}

/* ---- What refers to them ---- */

static bool keep_mention(struct check_references *references, const char *text, size_t most,
                         const struct node *node, struct mention *mention)
{
	uint64_t column = node->place.column;

	mention->line = node->place.line;
	mention->column = column < UINT32_MAX ? (uint32_t)column : UINT32_MAX;
	return keep_text(references, text, most, &mention->text);
}

static struct mention *next_mention(struct check_references *references)
{
	memory_extend(&references->mentions, references->mention_count,
	              &references->mention_capacity, sizeof *references->mentions);
	return &references->mentions[references->mention_count++];
}

static bool keep_names(struct check_references *references, const struct workload_references *names,
                       struct consumer *consumer)
{
	for (size_t i = 0; i < names->count; i++) {
		struct mention *mention = next_mention(references);

		if (!mention || !keep_mention(references, names->items[i].name, NAME_MAX_BYTES,
		                              names->items[i].node, mention))
			return false;
		consumer->secret_count++;
	}
	return true;
}

static bool keep_images(struct check_references *references, const struct workload *workload,
                        struct consumer *consumer)
{
	for (size_t i = 0; i < workload->image_count; i++) {
		const struct workload_image *image = &workload->images[i];
		struct mention *mention = next_mention(references);

		if (!mention ||
		    !keep_mention(references, image->text, IMAGE_MAX_BYTES, image->node, mention))
			return false;
		consumer->image_count++;
	}
	return true;
}

static bool keep_consumer(struct check_references *references, struct consumer consumer,
                          const struct check_object *object, struct error *error)
{
	consumer.file = (uint32_t)object->origin.file;
	consumer.ignored = (uint32_t)(object->origin.ignored >> CHECK_REF_MISSING);
	if (!keep_namespace(references, object->namespace, &consumer.namespace) ||
	    !memory_extend(&references->consumers, references->consumer_count,
	                   &references->consumer_capacity, sizeof *references->consumers))
		return error_out_of_memory(error);
	references->consumers[references->consumer_count++] = consumer;
	return true;
}

static bool look_at_workload(struct check_references *references, const struct check_object *object,
                             struct error *error)
{
	CLEANUP(workload_release) struct workload workload = WORKLOAD_INIT;
	struct consumer consumer = {.first = references->mention_count, .name = UNKNOWN};

	const char *path = pod_spec_path(object->item->api_version, object->item->kind);

	if (!path || !node_at(object->item->root, path))
		return true;
	workload_read(object->item->root, object->item->kind, node_at(object->item->root, path),
	              &workload);
	if (!keep_names(references, &workload.pull_secrets, &consumer) ||
	    !keep_images(references, &workload, &consumer))
		return error_out_of_memory(error);
	if (workload.service_account.node &&
	    !keep_mention(references, workload.service_account.name, NAME_MAX_BYTES,
	                  workload.service_account.node, &consumer.account))
		return error_out_of_memory(error);
	return keep_consumer(references, consumer, object, error);
}

static bool look_at_account(struct check_references *references, const struct check_object *object,
                            struct error *error)
{
	CLEANUP(service_account_release) struct service_account account = SERVICE_ACCOUNT_INIT;
	struct consumer consumer = {.first = references->mention_count};

	service_account_read(object->item->root, object->item->api_version, object->item->kind,
	                     &account);
	if (!account.is_one || !*account.name)
		return true;
	if (!keep_names(references, &account.pull_secrets, &consumer) ||
	    !keep_text(references, account.name, NAME_MAX_BYTES, &consumer.name))
		return error_out_of_memory(error);
	if (consumer.name == UNKNOWN)
		consumer.name = 0; /* of no Pod, but what it refers to is looked up */
	return keep_consumer(references, consumer, object, error);
}

bool check_reference_look(struct check *check, const struct check_object *object,
                          struct error *error)
{
	struct check_references *references = check_references_of(check);

	switch (object->kind) {
	case CHECK_KIND_SECRET:
		return look_at_secret(references, object, error);
	case CHECK_KIND_SECRET_SOURCE:
		return look_at_source(references, object, error);
	case CHECK_KIND_WORKLOAD:
		return look_at_workload(references, object, error);
	case CHECK_KIND_SERVICE_ACCOUNT:
		return look_at_account(references, object, error);
	case CHECK_KIND_ROLE:
	case CHECK_KIND_OTHER:
		break;
	}
	return true;
}
