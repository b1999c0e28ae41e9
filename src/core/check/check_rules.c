/* What each rule is, in words: the one table of them. check_object.h says which file finds
 * what; the manual's RULES section says the same at more length. */
#include <string.h>

#include "regcred/check/check.h"

static const struct check_rule_facts rows[CHECK_RULE_COUNT] = {
    [CHECK_PARSE_ERROR] = {"parse-error", SEVERITY_ERROR, "the document is neither YAML nor JSON",
                           "kubectl reads none of a document that is neither YAML nor JSON. Fix "
                           "the reported position; base64 that continues at the first column "
                           "breaks YAML, and base64 -w0 writes it "
                           "on one line."},
    [CHECK_TEMPLATE] = {"template", SEVERITY_WARNING, "the file is a template: render it first",
                        "A template has to be rendered first, so nothing in such a file is "
                        "checked. Check the result: helm template . | regcred-gen check"},
    [CHECK_OBJECT_INVALID] =
        {"object-invalid", SEVERITY_ERROR, "the API server refuses the object",
         "kubectl apply, with its default strict validation, fails: a name, a label, the type of a "
         "field, an unknown or a repeated field. Fix the field that is named."},
    [CHECK_SECRET_TYPE] =
        {"secret-type", SEVERITY_ERROR, "the kubelet ignores this type",
         "The kubelet takes credentials from Secrets of type kubernetes.io/dockerconfigjson (key "
         ".dockerconfigjson) and kubernetes.io/dockercfg (key .dockercfg), and ignores all "
         "others silently. A Secret's type cannot change: delete it and create it again."},
    [CHECK_SECRET_KEY] =
        {"secret-key", SEVERITY_ERROR, "the key that the type needs is missing",
         "The type kubernetes.io/dockerconfigjson needs the key .dockerconfigjson, the type "
         "kubernetes.io/dockercfg the key .dockercfg; without it the API server refuses the "
         "Secret. config.json is the name of the file, not of the key."},
    [CHECK_SECRET_BASE64] =
        {"secret-base64", SEVERITY_ERROR, "a value of data is not base64",
         "Values of data are standard base64 with padding; blanks, - and _ are refused. Put plain "
         "text in stringData."},
    [CHECK_SECRET_PLACEHOLDER] =
        {"secret-placeholder", SEVERITY_ERROR, "the value still has to be filled in",
         "The value is the placeholder of an example, or a variable that nothing will fill in any "
         "more, so no pull can succeed. Write the Secret with regcred-gen, which encodes the "
         "value itself."},
    [CHECK_SECRET_DOUBLE_BASE64] =
        {"secret-double-base64", SEVERITY_ERROR, "the value was encoded as base64 twice",
         "Decoded, the value is base64 again, and not JSON to the kubelet. data takes the JSON "
         "encoded once, stringData takes it as it is."},
    [CHECK_SECRET_TOO_LARGE] =
        {"secret-too-large", SEVERITY_ERROR, "a Secret may hold 1 MiB of data",
         "The decoded values of a Secret's data may have 1,048,576 bytes together. Leave out what "
         "is not a registry credential."},
    [CHECK_LAST_APPLIED_CREDENTIAL] =
        {"last-applied-credential", SEVERITY_WARNING, "an annotation has a copy of the credential",
         "Client-side kubectl apply copies the whole manifest into an annotation, which is shown "
         "where data is hidden. Remove it, and use kubectl apply --server-side or kubectl "
         "replace."},
    [CHECK_CONFIG_JSON] =
        {"config-json", SEVERITY_ERROR, "the kubelet cannot read the Docker config",
         "The kubelet decodes the whole config before it looks for a registry. If it cannot, it "
         "pulls no image of the Pod, not even a public one."},
    [CHECK_CONFIG_NO_AUTHS] =
        {"config-no-auths", SEVERITY_ERROR, "the Docker config has no auths",
         "The kubelet looks for registries only in auths. Without any, the Secret is useless."},
    [CHECK_CONFIG_LEGACY_SHAPE] =
        {"config-legacy-shape", SEVERITY_ERROR, "the config has the shape of the other type",
         "A .dockerconfigjson has its registries in auths, a .dockercfg has them at the top. The "
         "API server takes either in either type, but the kubelet finds nothing in the wrong one."},
    [CHECK_CONFIG_HELPER_ONLY] =
        {"config-helper-only", SEVERITY_ERROR, "the credential is in a helper's store",
         "credsStore and credHelpers name programs of the machine where docker login ran; the "
         "kubelet runs none of them. regcred-gen --from-login asks them and writes the answer."},
    [CHECK_AUTH_BASE64] =
        {"auth-base64", SEVERITY_ERROR, "auth is not base64: no image is pulled",
         "auth is standard base64 of USER:PASSWORD. One that cannot be decoded makes the pull of "
         "every image of the Pod fail."},
    [CHECK_AUTH_NO_COLON] =
        {"auth-no-colon", SEVERITY_ERROR, "auth has no colon: no image is pulled",
         "The kubelet splits the decoded auth at its first colon. Without one, the pull of every "
         "image of the Pod fails."},
    [CHECK_AUTH_NEWLINE] =
        {"auth-newline", SEVERITY_ERROR, "a line end became part of the password",
         "echo adds a line end, and nothing removes it: it is sent as part of the password. Use "
         "printf %s, or echo -n."},
    [CHECK_AUTH_MISMATCH] =
        {"auth-mismatch", SEVERITY_WARNING, "auth differs from username and password",
         "If there is an auth, the kubelet looks at nothing else, so a password that was changed "
         "next to it is not used. Write the entry again."},
    [CHECK_EMPTY_ENTRY] =
        {"empty-entry", SEVERITY_ERROR, "an entry has no user name or password",
         "An entry matches by its key, whatever is in it. An empty user name or password is tried "
         "and refused, and after that nothing is tried anonymously."},
    [CHECK_IDENTITY_TOKEN_ONLY] =
        {"identity-token-only", SEVERITY_ERROR, "the kubelet never sends an identity token",
         "The kubelet sends user name and password. An identity token, which docker login leaves "
         "for some registries, is never sent. Log in with a token as the password."},
    [CHECK_DUPLICATE_KEY] = {"duplicate-key", SEVERITY_WARNING,
                             "a key appears twice, and the last one counts",
                             "If an entry or field appears twice, the last one is used and the "
                             "other is silently lost. Keep one."},
    [CHECK_TOKEN_EXPIRED] = {"token-expired", SEVERITY_ERROR, "the token has expired",
                             "The token contains its expiry date, and it has expired. Get a new "
                             "one, or one that does not expire."},
    [CHECK_TOKEN_SHORT_LIVED] =
        {"token-short-lived", SEVERITY_WARNING, "the token expires soon after it was issued",
         "Tokens of Amazon ECR, Google, Azure and of CI jobs expire within hours, and a Pod that "
         "moves to another node after that cannot pull. Renew the Secret, or use a token that does "
         "not expire."},
    [CHECK_USERNAME_PROVIDER] = {"username-provider", SEVERITY_WARNING,
                                 "the registry does not know such a user name",
                                 "The registry accepts only one user name, or one of another form. "
                                 "Put a user name with a dollar sign in single quotes."},
    [CHECK_PASSWORD_INVALID] =
        {"password-invalid", SEVERITY_ERROR, "the password is something else",
         "The password is blank, or the whole reply of a command of which one field is the "
         "password. regcred-gen --from-file takes such a reply and writes the Secret."},
    [CHECK_CREDENTIAL_DOUBTFUL] =
        {"credential-doubtful", SEVERITY_WARNING, "the credential has something extra in it",
         "Blanks at an end, quotes around the whole, NAME= or Bearer in front and invisible "
         "characters are sent to the registry as part of the credential. Copy it again without "
         "them."},
    [CHECK_TOKEN_PROVIDER] =
        {"token-provider", SEVERITY_WARNING, "the token is for another registry",
         "The beginning of the token says which provider issued it, and this registry belongs to "
         "another one, or takes no token of that kind. Correct the registry or the token."},
    [CHECK_REGISTRY_DEAD_KEY] =
        {"registry-dead-key", SEVERITY_ERROR, "the kubelet never uses this key",
         "The kubelet compares the key with the image's name. This one can never match: no image "
         "can have such a host, it is in upper case, which no image here is, or it is one of the "
         "names of Docker Hub that images do not have."},
    [CHECK_REGISTRY_DOCKER_HUB_KEY] =
        {"registry-docker-hub-key", SEVERITY_WARNING, "other tools do not find this Docker Hub key",
         "Docker and the go-containerregistry family look for Docker Hub's credential only under "
         "https://index.docker.io/v1/, which the kubelet finds as well. Write that key."},
    [CHECK_REGISTRY_PREFIX_LEAK] =
        {"registry-prefix-leak", SEVERITY_WARNING, "the path also serves longer names",
         "The kubelet compares paths byte by byte: ghcr.io/org also serves ghcr.io/organisation, "
         "so the credential is sent for images of others. ghcr.io/org/ does not."},
    [CHECK_REGISTRY_PORT] =
        {"registry-port", SEVERITY_WARNING, "the port must be written in the images, too",
         "The kubelet has no default port: a key with :443 only matches images that are written "
         "with :443. Write the key as the image names are written."},
    [CHECK_REGISTRY_AMBIGUOUS] =
        {"registry-ambiguous", SEVERITY_WARNING, "two keys mean the same registry",
         "Two spellings of one registry have two credentials, and which of them is tried first "
         "changes from pull to pull. Keep one."},
    [CHECK_REGISTRY_SCHEME] =
        {"registry-scheme", SEVERITY_NOTE, "the kubelet drops the scheme, others do not",
         "The kubelet drops https://, but images have none, and other tools compare the key as it "
         "is. Write HOST[:PORT][/PATH]."},
    [CHECK_REGISTRY_LOOKALIKE] =
        {"registry-lookalike", SEVERITY_WARNING, "the host looks like a known registry",
         "Hosts such as ghrc.io have been registered to collect the tokens that are sent to them. "
         "Correct the host, and revoke a token that was sent there."},
    [CHECK_REGISTRY_NO_IMAGES] =
        {"registry-no-images", SEVERITY_WARNING, "the host serves no images",
         "The key is the host of a web site, or lacks the part that names a registry, so no image "
         "is pulled from it; or it is * alone, which matches only hosts without a dot. Write the "
         "host that image names begin with."},
    [CHECK_REF_MISSING] = {"ref-missing", SEVERITY_ERROR, "the Secret referred to is missing",
                           "The kubelet skips a missing Secret. Check the name, and "
                           "that the Secret is created with the Pod."},
    [CHECK_REF_NAMESPACE] =
        {"ref-namespace", SEVERITY_ERROR, "the Secret is in another namespace",
         "A Pod sees only the Secrets of its own namespace. Create the Secret there too: "
         "regcred-gen -n NAMESPACE, which is repeatable."},
    [CHECK_REF_TYPE] =
        {"ref-type", SEVERITY_ERROR, "the Secret referred to is not a pull Secret",
         "Only Secrets of type kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg are "
         "pull Secrets. The kubelet ignores others."},
    [CHECK_REF_SHAPE] =
        {"ref-shape", SEVERITY_ERROR, "imagePullSecrets is misplaced or malformed",
         "imagePullSecrets belongs in the pod spec, beside containers, or in a ServiceAccount, and "
         "is a list of objects with a name. Elsewhere, misspelt or in another shape it is "
         "refused or dropped, and the image is pulled without the Secret."},
    [CHECK_REF_ABSENT] =
        {"ref-absent", SEVERITY_WARNING, "the workload names no Secret, others do",
         "Hook Jobs and CronJobs are often forgotten. Without a Secret the node "
         "has only its own credentials, and since Kubernetes 1.35 that also matters if the image "
         "is on the node already."},
    [CHECK_REF_MOUNT_ONLY] =
        {"ref-mount-only", SEVERITY_WARNING, "the ServiceAccount only mounts the Secret",
         "The list secrets of a ServiceAccount says what Pods may mount. Images are pulled with "
         "the Secrets under imagePullSecrets."},
    [CHECK_STATIC_POD] =
        {"static-pod", SEVERITY_WARNING, "a static Pod cannot name Secrets",
         "A kubelet runs static Pods without the API server, and since Kubernetes 1.34 it refuses "
         "those that name Secrets. Give the node itself the credential."},
    [CHECK_IMAGE_INVALID] = {"image-invalid", SEVERITY_ERROR,
                             "no kubelet accepts the name of the image",
                             "The Pod stays in InvalidImageName. An image is written "
                             "[HOST[:PORT]/]PATH[:TAG][@DIGEST], "
                             "without a scheme, its path in lower case."},
    [CHECK_IMAGE_UNMATCHED] =
        {"image-unmatched", SEVERITY_WARNING, "no pull Secret has a credential for the image",
         "The image names its registry, and none of the Pod's pull Secrets has a key for it, so "
         "they are not used for it. regcred-gen match tells what was compared."},
    [CHECK_RBAC_SECRETS_WILDCARD] = {"rbac-secrets-wildcard", SEVERITY_WARNING,
                                     "a * in a rule reaches Secrets",
                                     "A * includes Secrets, so the rule reads or changes every "
                                     "credential in them. Name the resources and the verbs."},
    [CHECK_RBAC_SECRETS_UNSCOPED] = {"rbac-secrets-unscoped", SEVERITY_NOTE,
                                     "a rule reaches every Secret",
                                     "The right to get every Secret gives access to every "
                                     "credential. Name those that are needed in "
                                     "resourceNames."},
    [CHECK_RBAC_SECRETS_LIST] =
        {"rbac-secrets-list", SEVERITY_NOTE, "list and watch show every Secret",
         "list and watch return the Secrets with their content, all of them at once, whatever "
         "get allows. Use get with resourceNames."},
};

const struct check_rule_facts *check_rule_facts(enum check_rule rule)
{
	return &rows[rule];
}

enum check_rule check_rule_find(const char *id, size_t len)
{
	unsigned rule = 0;

	while (rule < CHECK_RULE_COUNT &&
	       (strlen(rows[rule].id) != len || memcmp(rows[rule].id, id, len) != 0))
		rule++;
	return (enum check_rule)rule;
}
