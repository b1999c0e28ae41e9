#include "makers.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/manifest/templated.h"
#include "regcred/pods/inventory.h"

/* Where the names of the Secrets are that will be made of an object. Sources, each the type
 * of its spec: bitnami-labs/sealed-secrets 0.27, external-secrets 0.10,
 * hashicorp/vault-secrets-operator 0.9, 1Password/onepassword-operator 1.8,
 * kubernetes-sigs/secrets-store-csi-driver 1.4, Infisical, Doppler and Bitwarden operators,
 * kubernetes-sigs/kustomize (types/kustomization.go), isindir/sops-secrets-operator 0.14,
 * ricoberger/vault-secrets-operator 1.20, redhat-cop/vault-config-operator 0.8,
 * SparebankenVest/azure-key-vault-to-kubernetes 1.8, zakkg3/ClusterSecret 0.0.10,
 * carvel secretgen-controller 0.17, crossplane-contrib/provider-kubernetes 0.15,
 * banzaicloud/imagepullsecrets 0.3, kyverno 1.13 (generate rules),
 * kubernetes-sigs/secrets-store-sync-controller 0.0.2, goabout/kustomize-sopssecretgenerator 1.6,
 * open-cluster-management config-policy-controller 0.16, projectcapsule 0.10. */
static const struct source {
	const char *kinds; /* with blanks between them */
	const char *list;  /* of Secrets; NULL: the object makes one */
	const char *names; /* in the object or the item: the first that is there counts */
	const char *ns;    /* likewise; where it is absent the object's counts */
	bool everywhere;   /* in namespaces that are not written down */
	const char *only;  /* a member that must be "Secret"; NULL: no condition */
} sources[] = {
    {"SealedSecret", NULL, "spec.template.metadata.name metadata.name", NULL, false, NULL},
    {"ExternalSecret", NULL, "spec.target.name metadata.name", NULL, false, NULL},
    {"ClusterExternalSecret", NULL,
     "spec.externalSecretSpec.target.name spec.externalSecretName metadata.name", NULL, true, NULL},
    {"VaultStaticSecret VaultDynamicSecret HCPVaultSecretsApp", NULL, "spec.destination.name", NULL,
     false, NULL},
    {"VaultSecret", NULL, "spec.output.name metadata.name", NULL, false, NULL},
    {"OnePasswordItem SecretImport SecretTemplate SecretSync", NULL, "metadata.name", NULL, false,
     NULL},
    {"SecretProviderClass", "spec.secretObjects", "secretName", NULL, false, NULL},
    {"InfisicalSecret", NULL, "spec.managedSecretReference.secretName",
     "spec.managedSecretReference.secretNamespace", false, NULL},
    {"InfisicalSecret", "spec.managedKubeSecretReferences", "secretName", "secretNamespace", false,
     NULL},
    {"DopplerSecret", NULL, "spec.managedSecret.name", "spec.managedSecret.namespace", false, NULL},
    {"BitwardenSecret", NULL, "spec.secretName", NULL, false, NULL},
    {"SopsSecret", "spec.secretTemplates", "name", NULL, false, NULL},
    {"AzureKeyVaultSecret", NULL, "spec.output.secret.name", NULL, false, NULL},
    {"SopsSecretGenerator ClusterSecret", NULL, "metadata.name", NULL, true, NULL},
    {"ImagePullSecret", NULL, "spec.target.secret.name metadata.name", NULL, true, NULL},
    {"Object", NULL, "spec.forProvider.manifest.metadata.name",
     "spec.forProvider.manifest.metadata.namespace", false, "spec.forProvider.manifest.kind"},
    {"ConfigurationPolicy", "spec.object-templates", "objectDefinition.metadata.name",
     "objectDefinition.metadata.namespace", true, "objectDefinition.kind"},
    {"ClusterPolicy", "spec.rules", "generate.name", "generate.namespace", true, "generate.kind"},
    {"Policy", "spec.rules", "generate.name", "generate.namespace", false, "generate.kind"},
    {"Kustomization Component", "secretGenerator", "name", "namespace", false, NULL},
};

/* Makers that do not say which Secrets: any may be meant. */
static const char silent[] =
    "GeneratingPolicy ClusterPullSecret HNCConfiguration ksops TenantResource GlobalTenantResource";

/* Annotations of a Secret by which it is copied into other namespaces: those that a list of
 * regular expressions matches as a whole, commas between them, and those that a selector
 * finds; without either, all. Sources: emberstack/kubernetes-reflector 9 and 10 (its
 * PatternListMatch), mittwald/kubernetes-replicator 2.10 (its StringToPatternList), appscode
 * config-syncer 0.15 (kubed before), as its own documentation says each. */
static const struct copier {
	const char *annotation, *maker;
	const char *list, *selector; /* NULL: it has none */
} copiers[] = {
    {"reflector.v1.k8s.emberstack.com/reflection-auto-enabled", "reflector",
     "reflector.v1.k8s.emberstack.com/reflection-auto-namespaces",
     "reflector.v1.k8s.emberstack.com/reflection-auto-namespaces-selector"},
    {"replicator.v1.mittwald.de/replicate-to", "replicator",
     "replicator.v1.mittwald.de/replicate-to", "replicator.v1.mittwald.de/replicate-to-matching"},
    {"replicator.v1.mittwald.de/replicate-to-matching", "replicator", NULL, NULL},
    {"kubed.appscode.com/sync", "kubed", NULL, NULL},
    {"config-syncer.appscode.com/sync", "config-syncer", NULL, NULL},
};

/* Annotations by which a Secret is filled. Sources: as above, and the guide of Carvel's
 * secretgen-controller (placeholder Secrets). */
static const char *const fillers[] = {
    "replicator.v1.mittwald.de/replicate-from",
    "reflector.v1.k8s.emberstack.com/reflects",
    "secretgen.carvel.dev/image-pull-secret",
};

static const struct node *annotation_of(const struct node *root, const char *name)
{
	return node_get(node_at(root, "metadata.annotations"), name);
}

bool secret_is_filled_later(const struct node *root)
{
	for (size_t i = 0; i < COUNT(fillers); i++)
		if (annotation_of(root, fillers[i]))
			return true;
	return false;
}

static const char *text_at(const struct node *at, const char *path)
{
	const char *text = path ? node_string(node_at(at, path)) : NULL;

	return text && *text ? text : NULL;
}

/* Flux has a kind of the same name. */
static bool is_foreign(const struct manifest_item *item)
{
	static const char group[] = "kustomize.config.k8s.io/";

	return view_is_one_of(view_of(item->kind), "Kustomization Component") &&
	       strncmp(item->api_version, group, sizeof group - 1) != 0;
}

/* At the first of these paths where there is one. */
static const char *first_text(const struct node *at, const char *paths)
{
	const char *text = NULL;

	for (struct view rest = view_of(paths); rest.len && !text;) {
		CLEANUP(buf_release) struct buf path = BUF_INIT(BUF_NAME_MAX);
		struct view word = view_take(&rest, ' ');

		buf_append(&path, word.data, word.len);
		text = text_at(at, path.data);
	}
	return text;
}

static void visit_one(const struct source *source, const struct manifest_item *item,
                      const struct node *at, made_visitor *visit, void *context)
{
	struct made_secret made = {.maker = item->kind, .everywhere = source->everywhere};
	const char *own = text_at(item->root, "metadata.namespace");
	const char *only = source->only ? text_at(at, source->only) : "Secret";

	if (node_at(at, "generate.cloneList")) /* Kyverno's: what a selector finds */
		visit(context, &(struct made_secret){made.maker, "", NULL, true});
	if (!only || strcmp(only, "Secret") != 0)
		return;
	made.name = first_text(at, source->names);
	made.ns = text_at(at, source->ns);
	if (made.ns && !value_is_templated(made.ns, strlen(made.ns)))
		made.everywhere = false;
	if (!made.ns)
		made.ns = own ? own : "";
	if (made.name)
		visit(context, &made);
}

/* Whether each regular expression in it is a name, and there is one. */
static bool lists_names(struct view list)
{
	bool any = false;

	while (list.len) {
		struct view word = view_trim(view_take(&list, ','));

		if (!view_consists_of(word, VIEW_ALNUM "-"))
			return false;
		any = any || word.len;
	}
	return any;
}

static void visit_copy(const struct copier *copier, const struct node *root, const char *name,
                       made_visitor *visit, void *context)
{
	const char *list = copier->list ? node_string(annotation_of(root, copier->list)) : NULL;
	struct view rest = view_of(list ? list : "");

	if (!lists_names(rest) || (copier->selector && annotation_of(root, copier->selector))) {
		visit(context, &(struct made_secret){copier->maker, "", name, true});
		return;
	}
	while (rest.len) {
		CLEANUP(buf_release) struct buf ns = BUF_INIT(BUF_CONFIG_MAX);
		struct view word = view_trim(view_take(&rest, ','));

		buf_append(&ns, word.data, word.len);
		if (word.len)
			visit(context, &(struct made_secret){copier->maker, ns.data, name, false});
	}
}

static void visit_copies(const struct node *root, made_visitor *visit, void *context)
{
	const char *name = text_at(root, "metadata.name");

	for (size_t i = 0; name && i < COUNT(copiers); i++) {
		const char *value = node_string(annotation_of(root, copiers[i].annotation));

		if (value && strcmp(value, "false") != 0) {
			visit_copy(&copiers[i], root, name, visit, context);
			return;
		}
	}
}

void makers_visit(const struct manifest_item *item, made_visitor *visit, void *context)
{
	const struct node *root = item->root;

	if (strcmp(item->kind, "Secret") == 0)
		visit_copies(root, visit, context);
	if (view_is_one_of(view_of(item->kind), silent))
		visit(context, &(struct made_secret){item->kind, "", NULL, true});
	for (size_t i = 0; i < COUNT(sources) && !is_foreign(item); i++) {
		const struct source *source = &sources[i];
		const struct node *list = source->list ? node_at(root, source->list) : NULL;

		if (!view_is_one_of(view_of(item->kind), source->kinds))
			continue;
		if (!source->list)
			visit_one(source, item, root, visit, context);
		for (size_t j = 0; list && list->kind == NODE_SEQUENCE && j < list->count; j++)
			visit_one(source, item, list->members[j].value, visit, context);
	}
}

/* Where objects say that images come from elsewhere. Sources: openshift/api config/v1 and
 * operator/v1alpha1, config/v1alpha1 (CRIOCredentialProviderConfig), kustomize
 * types/kustomization.go. */
static const struct redirect {
	const char *kinds, *list;
	const char *member; /* of an item; NULL: the item is the text */
	bool renames;
} redirects[] = {
    {"CRIOCredentialProviderConfig", "spec.matchImages", NULL, false},
    {"ImageDigestMirrorSet", "spec.imageDigestMirrors", "source", false},
    {"ImageTagMirrorSet", "spec.imageTagMirrors", "source", false},
    {"ImageContentSourcePolicy ImageContentPolicy", "spec.repositoryDigestMirrors", "source",
     false},
    {"Kustomization Component", "images", "name", true},
};

void redirects_add(const struct manifest_item *item, struct string_list *patterns,
                   struct string_list *names)
{
	for (size_t i = 0; i < COUNT(redirects) && !is_foreign(item); i++) {
		const struct redirect *row = &redirects[i];
		const struct node *list = view_is_one_of(view_of(item->kind), row->kinds)
		                              ? node_at(item->root, row->list)
		                              : NULL;

		for (size_t j = 0; list && list->kind == NODE_SEQUENCE && j < list->count; j++) {
			const struct node *at = list->members[j].value;
			const char *text =
			    node_string(row->member ? node_get(at, row->member) : at);

			if (text && *text && (!row->renames || text_at(at, "newName")))
				string_list_add_once(row->renames ? names : patterns, text);
		}
	}
}
