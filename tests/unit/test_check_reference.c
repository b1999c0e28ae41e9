#include "regcred/base/memory.h"
#include "regcred/check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "watched_memory.h"

/* ---- Pieces of manifests; each is one document of a stream ---- */

/* {"auths":{"ghcr.io/org/":{"username":"u","password":"p"}}} */
#define GHCR                                                                                       \
	"data: {.dockerconfigjson: "                                                               \
	"eyJhdXRocyI6eyJnaGNyLmlvL29yZy8iOnsidXNlcm5hbWUiOiJ1IiwicGFzc3dvcmQiOiJwIn19fQ==}\n"
/* {"auths":{"quay.io":{"username":"u","password":"p"}}} */
#define QUAY                                                                                       \
	"data: {.dockerconfigjson: "                                                               \
	"eyJhdXRocyI6eyJxdWF5LmlvIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoicCJ9fX0=}\n"
/* {"auths":{"quay.io":{"username":"u","password":"p","auth":"!"}}}: not to be decoded */
#define BROKEN                                                                                     \
	"data: {.dockerconfigjson: "                                                               \
	"eyJhdXRocyI6eyJxdWF5LmlvIjp7InVzZXJuYW1lIjoidSIsInBhc3N3b3JkIjoicCIsImF1dGgiOiIhIn19fQ==" \
	"}\n"

#define SECRET_OF(type, meta, data)                                                                \
	"---\napiVersion: v1\nkind: Secret\nmetadata: {" meta "}\ntype: " type "\n" data
#define SECRET(meta) SECRET_OF("kubernetes.io/dockerconfigjson", meta, GHCR)
#define OPAQUE(meta) SECRET_OF("Opaque", meta, "data: {a: YQ==}\n")

#define POD(meta, spec)     "---\napiVersion: v1\nkind: Pod\nmetadata: {" meta "}\nspec: {" spec "}\n"
#define PULL(name)          "imagePullSecrets: [{name: " name "}]"
#define IMAGE(image)        "containers: [{name: a, image: " image "}]"
#define ACCOUNT(meta, more) "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {" meta "}\n" more
#define MADE(group, kind, meta, spec)                                                              \
	"---\napiVersion: " group "\nkind: " kind "\nmetadata: {" meta "}\nspec: {" spec "}\n"

#define COPIED(annotations)                                                                        \
	SECRET("name: a, namespace: red, annotations: {" annotations "}")                          \
	POD("name: p, namespace: blue", PULL("a"))
#define REFLECTOR           "reflector.v1.k8s.emberstack.com/"
#define REFLECTED           REFLECTOR "reflection-auto-enabled: 'true'"
#define REFLECTED_TO(list)  REFLECTED ", " REFLECTOR "reflection-auto-namespaces: " list
#define REPLICATED_TO(list) "replicator.v1.mittwald.de/replicate-to: " list

static const struct {
	const char *name, *manifest;
	bool complete;
	const char *findings; /* "LINE:COLUMN rule" each, blanks between them */
	const char *says;     /* in the first message or hint; NULL: anything */
} cases[] = {
    /* ---- the Secret is there ---- */
    {"there", SECRET("name: a, namespace: blue") POD("name: p, namespace: blue", PULL("a")), true,
     "", NULL},
    {"there, behind", POD("name: p, namespace: blue", PULL("a")) SECRET("name: a, namespace: blue"),
     true, "", NULL},
    {"absent namespace of the Secret", SECRET("name: a") POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"absent namespace of the Pod", SECRET("name: a, namespace: blue") POD("name: p", PULL("a")),
     true, "", NULL},
    {"templated namespace",
     SECRET("name: a, namespace: blue") POD("name: p, namespace: $NS", PULL("a")), true, "", NULL},
    {"one of two overlays",
     SECRET("name: a, namespace: blue") SECRET("name: a, namespace: red")
         POD("name: p, namespace: red", PULL("a")),
     true, "", NULL},
    {"one of two types",
     OPAQUE("name: a, namespace: blue") SECRET("name: a, namespace: blue")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},

    /* ---- it is not ---- */
    {"nothing is known", POD("name: p, namespace: blue", PULL("a")), false, "", NULL},
    {"only another kind of Secret",
     OPAQUE("name: zzzzz, namespace: blue") POD("name: p, namespace: blue", PULL("a")), false, "",
     NULL},
    {"complete", POD("name: p, namespace: blue", PULL("a")), true, "5:34 ref-missing",
     "no such Secret in namespace \"blue\""},
    {"complete, without namespace", POD("name: p", PULL("a")), true, "5:34 ref-missing",
     "there is no such Secret"},
    {"pull secrets are there",
     SECRET("name: zzzzz, namespace: blue") POD("name: p, namespace: blue", PULL("a")), false,
     "11:34 ref-missing", NULL},
    {"pull secrets of no namespace",
     SECRET("name: zzzzz") POD("name: p, namespace: blue", PULL("a")), false, "11:34 ref-missing",
     NULL},
    {"pull secrets of another namespace",
     SECRET("name: zzzzz, namespace: red") POD("name: p, namespace: blue", PULL("a")), false, "",
     NULL},
    {"a Pod of no namespace", SECRET("name: zzzzz, namespace: red") POD("name: p", PULL("a")),
     false, "11:34 ref-missing", NULL},
    {"a slip",
     SECRET("name: regcred, namespace: blue") POD("name: p, namespace: blue", PULL("regcerd")),
     false, "11:34 ref-missing", "did you mean \"regcred\"?"},
    {"a slip, elsewhere",
     SECRET("name: regcred, namespace: red") POD("name: p, namespace: blue", PULL("regcerd")),
     false, "11:34 ref-missing", "did you mean \"regcred\"? It is in namespace \"red\""},
    {"the nearer one is meant",
     SECRET("name: regcred1, namespace: blue") SECRET("name: regcred22, namespace: blue")
         POD("name: p, namespace: blue", PULL("regcred2")),
     false, "17:34 ref-missing", "did you mean \"regcred1\"?"},
    {"of two as near, the one in the namespace",
     SECRET("name: regcred1, namespace: red") SECRET("name: regcred3, namespace: blue")
         POD("name: p, namespace: blue", PULL("regcred2")),
     false, "17:34 ref-missing", "did you mean \"regcred3\"?"},
    {"not near",
     SECRET("name: regcred, namespace: red") POD("name: p, namespace: blue", PULL("registry")),
     false, "", NULL},
    {"near, but no pull secret",
     OPAQUE("name: regcred, namespace: blue") POD("name: p, namespace: blue", PULL("regcerd")),
     false, "", NULL},
    {"several",
     SECRET("name: a, namespace: blue") POD(
         "name: p, namespace: blue", "imagePullSecrets: [{name: a}, {name: bbbbb}, {name: ccccc}]"),
     false, "11:45 ref-missing 11:60 ref-missing", NULL},
    {"templated name",
     SECRET("name: a, namespace: blue") POD("name: p, namespace: blue", PULL("'$(NAME)'")), true,
     "", NULL},
    {"a Secret of unknown name may be it",
     SECRET("name: '${NAME}', namespace: blue") POD("name: p, namespace: blue", PULL("a")), true,
     "", NULL},
    {"empty name", POD("name: p, namespace: blue", PULL("''")), true, "", NULL},
    {"ignored there",
     SECRET("name: zzzzz, namespace: blue")
         POD("name: p, namespace: blue, annotations: {regcred-gen/ignore: ref-missing}", PULL("a")),
     true, "", NULL},
    {"another is ignored there",
     SECRET("name: zzzzz, namespace: blue")
         POD("name: p, namespace: blue, annotations: {regcred-gen/ignore: ref-type}", PULL("a")),
     true, "11:34 ref-missing", NULL},

    /* ---- it will be made in the cluster ---- */
    {"SealedSecret",
     MADE("bitnami.com/v1alpha1", "SealedSecret", "name: a, namespace: blue", "")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"SealedSecret, its template",
     MADE("bitnami.com/v1alpha1", "SealedSecret", "name: x, namespace: blue",
          "template: {metadata: {name: a}}") POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"ExternalSecret",
     MADE("external-secrets.io/v1beta1", "ExternalSecret", "name: a, namespace: blue", "")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"ExternalSecret, its target",
     MADE("external-secrets.io/v1beta1", "ExternalSecret", "name: x, namespace: blue",
          "target: {name: a}") POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"ExternalSecret, another target",
     MADE("external-secrets.io/v1beta1", "ExternalSecret", "name: a, namespace: blue",
          "target: {name: xxxxx}") POD("name: p, namespace: blue", PULL("a")),
     true, "10:34 ref-missing", NULL},
    {"ExternalSecret elsewhere",
     MADE("external-secrets.io/v1beta1", "ExternalSecret", "name: a, namespace: red", "")
         POD("name: p, namespace: blue", PULL("a")),
     false, "10:34 ref-namespace", NULL},

    {"ClusterExternalSecret, its target",
     MADE("external-secrets.io/v1", "ClusterExternalSecret", "name: x",
          "externalSecretName: y, externalSecretSpec: {target: {name: a}}")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"ClusterExternalSecret, the name of its ExternalSecrets",
     MADE("external-secrets.io/v1", "ClusterExternalSecret", "name: x", "externalSecretName: a")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"ClusterExternalSecret, its own name",
     MADE("external-secrets.io/v1", "ClusterExternalSecret", "name: a", "externalSecretSpec: {}")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"VaultStaticSecret",
     MADE("secrets.hashicorp.com/v1beta1", "VaultStaticSecret", "name: x, namespace: blue",
          "destination: {name: a}") POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"VaultStaticSecret, by its own name",
     MADE("secrets.hashicorp.com/v1beta1", "VaultStaticSecret", "name: a, namespace: blue",
          "destination: {name: xxxxx}") POD("name: p, namespace: blue", PULL("a")),
     true, "10:34 ref-missing", NULL},
    {"OnePasswordItem",
     MADE("onepassword.com/v1", "OnePasswordItem", "name: a, namespace: blue", "itemPath: x")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"SecretProviderClass",
     MADE("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass", "name: x, namespace: blue",
          "secretObjects: [{secretName: y}, {secretName: a}]")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"InfisicalSecret",
     MADE("secrets.infisical.com/v1alpha1", "InfisicalSecret", "name: x, namespace: ops",
          "managedSecretReference: {secretName: a, secretNamespace: blue}")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"InfisicalSecret, a list",
     MADE("secrets.infisical.com/v1alpha1", "InfisicalSecret", "name: x, namespace: ops",
          "managedKubeSecretReferences: [{secretName: a, secretNamespace: blue}]")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"DopplerSecret, elsewhere",
     MADE("secrets.doppler.com/v1alpha1", "DopplerSecret", "name: x, namespace: blue",
          "managedSecret: {name: a, namespace: red}") POD("name: p, namespace: blue", PULL("a")),
     true, "10:34 ref-namespace", NULL},
    {"BitwardenSecret",
     MADE("k8s.bitwarden.com/v1", "BitwardenSecret", "name: x, namespace: blue", "secretName: a")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"secretGenerator",
     "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
     "secretGenerator: [{name: a, files: [.dockerconfigjson=c.json]}]\n" POD(
         "name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"Kustomization of Flux",
     "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
     "secretGenerator: [{name: a}]\n" POD("name: p, namespace: blue", PULL("a")),
     true, "9:34 ref-missing", NULL},

    {"reflector copies it", COPIED(REFLECTED), true, "", NULL},
    {"reflector copies it where it is named", COPIED(REFLECTED_TO("'red-2, blue'")), true, "",
     NULL},
    {"and nowhere else", COPIED(REFLECTED_TO("'red-2,, navy-blue'")), true, "11:34 ref-namespace",
     NULL},
    {"where a regular expression matches", COPIED(REFLECTED_TO("'red-2,bl.*'")), true, "", NULL},
    {"where a template says", COPIED(REFLECTED_TO("'${NAMESPACES}'")), true, "", NULL},
    {"everywhere", COPIED(REFLECTED_TO("''")), true, "", NULL},
    {"where a selector finds a label",
     COPIED(REFLECTED_TO("red-2, " REFLECTOR "reflection-auto-namespaces-selector: a=b")), true, "",
     NULL},
    {"replicator copies it", COPIED(REPLICATED_TO("'red-2,blue'")), true, "", NULL},
    {"replicator copies it elsewhere", COPIED(REPLICATED_TO("red-2")), true, "11:34 ref-namespace",
     NULL},
    {"replicator copies it to what matches", COPIED(REPLICATED_TO("'blue|red'")), true, "", NULL},
    {"replicator finds a label, too",
     COPIED(REPLICATED_TO("red-2, replicator.v1.mittwald.de/replicate-to-matching: a=b")), true, "",
     NULL},
    {"ClusterSecret",
     "---\napiVersion: clustersecret.io/v1\nkind: ClusterSecret\nmetadata: {name: a}\n" POD(
         "name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"Kyverno clones it",
     SECRET("name: a, namespace: red")
         MADE("kyverno.io/v1", "ClusterPolicy", "name: c",
              "rules: [{generate: {kind: Secret, name: a, namespace: '{{ x }}', "
              "clone: {name: a, namespace: red}}}]") POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"a name that no Secret can have is said once",
     SECRET("name: my-secret") POD("name: p", PULL("My_Secret")), false, "11:34 ref-shape", NULL},
    {"Kyverno clones what a selector finds",
     SECRET("name: a, namespace: red")
         MADE("kyverno.io/v1", "ClusterPolicy", "name: c",
              "rules: [{generate: {cloneList: {namespace: red, kinds: [v1/Secret]}}}]")
             POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"ConfigurationPolicy",
     MADE("policy.open-cluster-management.io/v1", "ConfigurationPolicy", "name: c",
          "object-templates: [{objectDefinition: {kind: Secret, metadata: {name: a}}}]")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"SopsSecret",
     MADE("isindir.github.com/v1alpha3", "SopsSecret", "name: x, namespace: blue",
          "secretTemplates: [{name: a}]") POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"Object of Crossplane",
     MADE("kubernetes.crossplane.io/v1alpha2", "Object", "name: x",
          "forProvider: {manifest: {kind: Secret, metadata: {name: a, namespace: blue}}}")
         POD("name: p, namespace: blue", PULL("a")),
     true, "", NULL},
    {"OpenShift",
     SECRET("name: b, namespace: blue")
         POD("name: p, namespace: blue", PULL("default-dockercfg-x7k2p")),
     true, "", NULL},

    /* ---- it is elsewhere ---- */
    {"elsewhere", SECRET("name: a, namespace: red") POD("name: p, namespace: blue", PULL("a")),
     false, "11:34 ref-namespace",
     "the Secret \"a\" is in namespace \"red\", but it is referred to from namespace \"blue\""},
    {"elsewhere, a slip",
     SECRET("name: a, namespace: production") POD("name: p, namespace: prodution", PULL("a")),
     false, "11:34 ref-namespace", "did you mean namespace \"production\"?"},
    {"elsewhere, no pull secret",
     OPAQUE("name: a, namespace: red") POD("name: p, namespace: blue", PULL("a")), false, "", NULL},

    /* ---- not a pull Secret ---- */
    {"Opaque", OPAQUE("name: a, namespace: blue") POD("name: p, namespace: blue", PULL("a")), false,
     "11:34 ref-type", "of type \"Opaque\""},
    {"TLS",
     SECRET_OF("kubernetes.io/tls", "name: a", "data: {tls.crt: '', tls.key: ''}\n")
         POD("name: p, namespace: blue", PULL("a")),
     false, "11:34 ref-type", "of type \"kubernetes.io/tls\""},
    {"templated type",
     SECRET_OF("'${TYPE}'", "name: a", "data: {a: YQ==}\n")
         POD("name: p, namespace: blue", PULL("a")),
     false, "", NULL},

    /* ---- other workloads, ServiceAccounts ---- */
    {"CronJob",
     SECRET("name: regcred, namespace: blue") "---\napiVersion: batch/v1\nkind: CronJob\nmetadata: "
                                              "{name: c, namespace: blue}\nspec:\n"
                                              "  jobTemplate:\n    spec:\n      template:\n        "
                                              "spec:\n"
                                              "          imagePullSecrets:\n          - name: "
                                              "regcre\n",
     false, "17:19 ref-missing", NULL},
    {"ServiceAccount, missing",
     SECRET("name: regcred, namespace: blue")
         ACCOUNT("name: s, namespace: blue", PULL("regcre") "\n"),
     false, "11:27 ref-missing", NULL},
    {"ServiceAccount, elsewhere",
     SECRET("name: regcred, namespace: blue")
         ACCOUNT("name: s, namespace: red", PULL("regcred") "\n"),
     false, "11:27 ref-namespace", NULL},
    {"what a Pod inherits is found once",
     SECRET("name: regcred, namespace: blue")
         ACCOUNT("name: s, namespace: blue", PULL("regcre") "\n")
             POD("name: p, namespace: blue", "serviceAccountName: s, " IMAGE("ghcr.io/x/y")),
     true, "11:27 ref-missing", NULL},
    {"no ServiceAccount", POD("name: p, namespace: blue", "serviceAccountName: robot"), false, "",
     NULL},
    {"no ServiceAccount, complete", POD("name: p, namespace: blue", "serviceAccountName: robot"),
     true, "5:28 ref-missing", "no such ServiceAccount"},
    {"default is always there", POD("name: p, namespace: blue", "serviceAccountName: default"),
     true, "", NULL},
    {"a slip in a ServiceAccount",
     ACCOUNT("name: robot, namespace: blue", "")
         POD("name: p, namespace: blue", "serviceAccountName: robto"),
     false, "9:28 ref-missing", "did you mean \"robot\"?"},
    {"a slip, but elsewhere",
     ACCOUNT("name: robot, namespace: red", "")
         POD("name: p, namespace: blue", "serviceAccountName: robto"),
     false, "", NULL},

    /* ---- images ---- */
    {"covered", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("ghcr.io/org/app:1")), true,
     "", NULL},
    {"not covered", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("quay.io/org/app:1")),
     false, "11:69 image-unmatched note", "quay.io/org/app:1"},
    {"another path", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("ghcr.io/other/app")),
     false, "11:69 image-unmatched note", NULL},
    {"names no host", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("org/app")), false, "",
     NULL},
    {"asks nobody", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("registry.k8s.io/pause")),
     false, "11:69 image-unmatched note", "also has public images"},
    {"the node has a credential",
     SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("acme.azurecr.io/pause")), false,
     "11:69 image-unmatched note", "the node usually has its own"},
    {"localhost", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("localhost:5000/pause")),
     false, "11:69 image-unmatched note", "local"},
    {"never pulled",
     SECRET("name: a") POD("name: p", PULL("a") ", containers: [{name: a, image: reg.io/b, "
                                                "imagePullPolicy: Never}]"),
     false, "11:69 image-unmatched note", "never pulled"},
    {"a mirror set names the registry",
     SECRET("name: a") MADE("config.openshift.io/v1", "ImageDigestMirrorSet", "name: m",
                            "imageDigestMirrors: [{source: reg.io, mirrors: [x.io]}]")
         POD("name: p", PULL("a") ", " IMAGE("reg.io/b")),
     false, "16:69 image-unmatched note", "another object"},
    {"a Kustomization renames the image",
     SECRET("name: a") "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
                       "images: [{name: 'reg.io:1/b', newName: ghcr.io/org/b}]\n" POD(
                           "name: p", PULL("a") ", " IMAGE("'reg.io:1/b:2@x'"))
                           POD("name: p", PULL("a") ", " IMAGE("'reg.io:1/b:2'")),
     false, "15:69 image-invalid 20:69 image-unmatched note", NULL},
    {"a registry that asks", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("reg.io/b")),
     false, "11:69 image-unmatched", NULL},
    {"an image volume",
     SECRET("name: a")
         POD("name: p", PULL("a") ", volumes: [{name: v, image: {reference: reg.io/b}}]"),
     false, "11:78 image-unmatched", NULL},

    /* ---- workloads that name none ---- */
    {"others name one",
     SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("ghcr.io/org/b"))
         POD("name: q", IMAGE("ghcr.io/org/c")) POD("name: r", IMAGE("quay.io/c")),
     false, "16:38 ref-absent", "names \"a\" for images of ghcr.io"},
    {"others of another namespace",
     SECRET("name: a, namespace: red")
         POD("name: p, namespace: red", PULL("a") ", " IMAGE("ghcr.io/org/b"))
             POD("name: q, namespace: blue", IMAGE("ghcr.io/org/c")),
     false, "", NULL},
    {"a Secret that is not here, for a registry that asks",
     POD("name: p", PULL("a") ", " IMAGE("reg.io/b")) POD("name: q", IMAGE("reg.io/c")), false,
     "10:38 ref-absent", NULL},
    {"a Secret that is not here, for one that may not",
     POD("name: p", PULL("a") ", " IMAGE("ghcr.io/b/c")) POD("name: q", IMAGE("ghcr.io/b/d")),
     false, "", NULL},
    {"the ServiceAccount has one",
     SECRET("name: a") ACCOUNT("name: default", PULL("a") "\n") POD(
         "name: p", PULL("a") ", " IMAGE("ghcr.io/org/b")) POD("name: q", IMAGE("ghcr.io/org/c")),
     false, "", NULL},
    {"templated image",
     SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("'quay.io/a:${TAG}'")), false, "", NULL},
    {"no image name", SECRET("name: a") POD("name: p", PULL("a") ", " IMAGE("'quay.io/A B'")),
     false, "11:69 image-invalid", NULL},
    {"covered by the second",
     SECRET("name: a") SECRET_OF("kubernetes.io/dockerconfigjson", "name: b", QUAY)
         POD("name: p", "imagePullSecrets: [{name: a}, {name: b}], " IMAGE("quay.io/org/app:1")),
     false, "", NULL},
    {"covered by one of two variants",
     SECRET("name: a") SECRET_OF("kubernetes.io/dockerconfigjson", "name: a", QUAY)
         POD("name: p", PULL("a") ", " IMAGE("quay.io/org/app:1")),
     false, "", NULL},
    {"no pull secret at all", SECRET("name: a") POD("name: p", IMAGE("quay.io/org/app:1")), false,
     "", NULL},
    {"the ServiceAccount's",
     SECRET("name: a") ACCOUNT("name: s", PULL("a") "\n")
         POD("name: p", "serviceAccountName: s, " IMAGE("quay.io/org/app:1")),
     false, "16:61 image-unmatched note", NULL},
    {"the default ServiceAccount's",
     SECRET("name: a") ACCOUNT("name: default", PULL("a") "\n")
         POD("name: p", IMAGE("quay.io/org/app:1")),
     false, "16:38 image-unmatched note", NULL},
    {"its own before the ServiceAccount's",
     SECRET("name: a") SECRET_OF("kubernetes.io/dockerconfigjson", "name: b", QUAY) ACCOUNT(
         "name: default", PULL("a") "\n") POD("name: p", PULL("b") ", " IMAGE("quay.io/org/app:1")),
     false, "", NULL},
    {"the ServiceAccount of another namespace",
     SECRET("name: a, namespace: red") ACCOUNT("name: default, namespace: red", PULL("a") "\n")
         POD("name: p, namespace: blue", IMAGE("quay.io/org/app:1")),
     false, "", NULL},
    {"some Secret is not known",
     SECRET("name: a, namespace: blue")
         MADE("bitnami.com/v1alpha1", "SealedSecret", "name: b, namespace: blue", "")
             POD("name: p, namespace: blue",
                 "imagePullSecrets: [{name: a}, {name: b}], " IMAGE("quay.io/org/app:1")),
     false, "", NULL},
    {"one that will be filled",
     SECRET("name: a") SECRET_OF(
         "kubernetes.io/dockerconfigjson",
         "name: b, annotations: {replicator.v1.mittwald.de/replicate-from: c/d}",
         "data: {.dockerconfigjson: e30K}\n")
         POD("name: p", "imagePullSecrets: [{name: a}, {name: b}], " IMAGE("quay.io/org/app:1")),
     false, "", NULL},
    {"an Opaque one adds nothing",
     SECRET("name: a") OPAQUE("name: b")
         POD("name: p", "imagePullSecrets: [{name: a}, {name: b}], " IMAGE("quay.io/org/app:1")),
     false, "17:45 ref-type 17:80 image-unmatched note", NULL},
};

/* ---- Running them ---- */

static bool feed(struct check *check, const char *manifest, struct error *error)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(manifest, strlen(manifest));
	struct manifest_item item;

	while (manifest_reader_next(reader, &item, error)) {
		if (item.event == MANIFEST_END) {
			check_finish(check);
			return true;
		}
		if (!check_add(check, 0, &item, error))
			return false;
	}
	return false;
}

static bool is_of_references(enum check_rule rule)
{
	return rule >= CHECK_REF_MISSING && rule <= CHECK_IMAGE_UNMATCHED;
}

static void tell(const struct check *check, char *out, size_t size)
{
	size_t at = 0;

	*out = '\0';
	for (size_t i = 0; i < check_results(check)->finding_count; i++) {
		const struct check_finding *finding = &check_results(check)->findings[i];

		if (is_of_references(finding->rule))
			at += (size_t)snprintf(out + at, size - at, "%s%d:%d %s%s", at ? " " : "",
			                       (int)finding->place.line, (int)finding->place.column,
			                       check_rule_facts(finding->rule)->id,
			                       finding->severity == SEVERITY_NOTE ? " note" : "");
	}
}

static bool is_said(const struct check *check, const char *text)
{
	for (size_t i = 0; i < check_results(check)->finding_count; i++) {
		const struct check_finding *finding = &check_results(check)->findings[i];

		if (is_of_references(finding->rule))
			return strstr(finding->message, text) || strstr(finding->hint, text);
	}
	return false;
}

static void finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct check_options options = {.complete = cases[i].complete};
		CLEANUP(check_free) struct check *check = check_new(&options);
		struct error error;
		char found[512];

		assert_non_null(check);
		assert_true(feed(check, cases[i].manifest, &error));
		tell(check, found, sizeof found);
		if (strcmp(found, cases[i].findings) != 0)
			fail_msg("%s: found \"%s\", not \"%s\"", cases[i].name, found,
			         cases[i].findings);
		if (cases[i].says && !is_said(check, cases[i].says))
			fail_msg("%s: does not say: %s", cases[i].name, cases[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
