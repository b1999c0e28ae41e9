/* What each rule is, in words: the one table of them. Who finds what stands in
 * check_object.h, by group; the manual's RULES section says the same at more length. */
#include <string.h>

#include "regcred/check/check.h"

static const struct check_rule_facts rows[CHECK_RULE_COUNT] = {
    [CHECK_PARSE_ERROR] =
        {"parse-error", SEVERITY_ERROR, "the document is neither YAML nor JSON",
         "kubectl reads none of a document that is neither YAML nor JSON. Mend the place that is "
         "named; base64 that goes on at the first column breaks YAML, and base64 -w0 writes it on "
         "one line."},
    [CHECK_TEMPLATE] =
        {"template", SEVERITY_WARNING, "a template is no manifest before it is rendered",
         "What a template makes is known once it is rendered, so nothing in such a file is judged. "
         "Check what comes out: helm template . | regcred-gen check"},
    [CHECK_OBJECT_INVALID] =
        {"object-invalid", SEVERITY_ERROR, "the API server refuses the Secret",
         "kubectl apply, with its default strict validation, would be refused: a name, a label, "
         "the "
         "type of a field, an unknown or a repeated field. Mend the field that is named."},
    [CHECK_SECRET_TYPE] =
        {"secret-type", SEVERITY_ERROR, "the kubelet passes over a pull secret of another type",
         "The kubelet takes credentials from Secrets of type kubernetes.io/dockerconfigjson (key "
         ".dockerconfigjson) and kubernetes.io/dockercfg (key .dockercfg), and passes over all "
         "others without a word. A Secret's type never changes: delete it and create it anew."},
    [CHECK_SECRET_KEY] =
        {"secret-key", SEVERITY_ERROR, "the key that the Secret's type needs is not there",
         "The type kubernetes.io/dockerconfigjson needs the key .dockerconfigjson, the type "
         "kubernetes.io/dockercfg the key .dockercfg; without it the API server refuses the "
         "Secret. config.json is the name of the file, not of the key."},
    [CHECK_SECRET_BASE64] =
        {"secret-base64", SEVERITY_ERROR, "a value of data is not base64",
         "Values of data are standard base64 with padding; blanks, - and _ are refused. Plain text "
         "goes into stringData."},
    [CHECK_SECRET_PLACEHOLDER] =
        {"secret-placeholder", SEVERITY_ERROR, "the value still has to be filled in",
         "The value is what an example had in its place, so no pull can succeed with it. Write the "
         "Secret with regcred-gen, which encodes by itself."},
    [CHECK_SECRET_DOUBLE_BASE64] =
        {"secret-double-base64", SEVERITY_ERROR, "the value was encoded as base64 twice",
         "Decoded, the value is base64 again, and no JSON to the kubelet. data takes the JSON "
         "encoded once, stringData takes it as it is."},
    [CHECK_SECRET_TOO_LARGE] =
        {"secret-too-large", SEVERITY_ERROR, "the API server takes 1 MiB of data in a Secret",
         "The decoded values of a Secret's data may have 1,048,576 bytes together. Leave out what "
         "is no registry credential."},
    [CHECK_LAST_APPLIED_CREDENTIAL] =
        {"last-applied-credential", SEVERITY_WARNING,
         "kubectl apply left a second copy of the credential in an annotation",
         "Client-side kubectl apply copies the whole manifest into an annotation, which is shown "
         "where data is hidden. Remove it, and use kubectl apply --server-side or kubectl "
         "replace."},
    [CHECK_CONFIG_JSON] =
        {"config-json", SEVERITY_ERROR,
         "the Docker config is not a JSON object, or the kubelet cannot read it",
         "The kubelet decodes the whole config before it looks for a registry. If it cannot, it "
         "pulls no image of the Pod, not even a public one."},
    [CHECK_CONFIG_NO_AUTHS] =
        {"config-no-auths", SEVERITY_ERROR, "a Docker config without auths holds no credential",
         "The kubelet looks for registries in the member auths alone. Without any, the Secret is "
         "as good as none."},
    [CHECK_CONFIG_LEGACY_SHAPE] =
        {"config-legacy-shape", SEVERITY_ERROR,
         "the shape of the Docker config belongs to the other type of pull secret",
         "A .dockerconfigjson has its registries in auths, a .dockercfg has them at the top. In "
         "the other one's shape the API server takes both, and the kubelet finds nothing in them."},
    [CHECK_CONFIG_HELPER_ONLY] =
        {"config-helper-only", SEVERITY_ERROR,
         "the credential is in a helper's store, where the kubelet cannot get it",
         "credsStore and credHelpers name programs of the machine where docker login ran; the "
         "kubelet runs none of them. regcred-gen --from-login asks them and writes the answer."},
    [CHECK_AUTH_BASE64] =
        {"auth-base64", SEVERITY_ERROR,
         "auth is not base64, and the kubelet then pulls no image of the Pod",
         "auth is standard base64 of USER:PASSWORD. One that cannot be decoded makes the pull of "
         "every image of the Pod fail."},
    [CHECK_AUTH_NO_COLON] =
        {"auth-no-colon", SEVERITY_ERROR,
         "auth has no colon, and the kubelet then pulls no image of the Pod",
         "The kubelet splits the decoded auth at its first colon. Without one, the pull of every "
         "image of the Pod fails."},
    [CHECK_AUTH_NEWLINE] =
        {"auth-newline", SEVERITY_ERROR, "a line end became part of the password",
         "echo adds a line end, and nobody takes it away again: it is sent as part of the "
         "password. Use printf %s, or echo -n."},
    [CHECK_AUTH_MISMATCH] =
        {"auth-mismatch", SEVERITY_WARNING,
         "auth wins over username and password, and differs from them",
         "Where auth is there, the kubelet looks at nothing else, so a password that was changed "
         "beside it is not used. Write the entry anew."},
    [CHECK_EMPTY_ENTRY] =
        {"empty-entry", SEVERITY_ERROR, "an entry without credentials is tried all the same",
         "An entry matches by its key, whatever is in it. An empty user name or password is tried "
         "and refused, and after that nothing is tried anonymously."},
    [CHECK_IDENTITY_TOKEN_ONLY] =
        {"identity-token-only", SEVERITY_ERROR, "the kubelet never sends an identity token",
         "The kubelet sends user name and password. An identity token, which docker login leaves "
         "for some registries, never goes out. Log in with a token as the password."},
    [CHECK_DUPLICATE_KEY] =
        {"duplicate-key", SEVERITY_WARNING,
         "of a repeated key the last one counts, and the others are lost",
         "Of an entry or field that stands there twice the last one counts, and nobody says so. "
         "Keep the one that is meant."},
    [CHECK_TOKEN_EXPIRED] = {"token-expired", SEVERITY_ERROR, "the secret has ended",
                             "The secret says itself when it ends, and that is over. Get a new "
                             "one, or one that lasts."},
    [CHECK_TOKEN_SHORT_LIVED] =
        {"token-short-lived", SEVERITY_WARNING, "the secret ends soon after it was issued",
         "Tokens of Amazon ECR, Google, Azure and of CI jobs end within hours, and a Pod that is "
         "moved to another node after that cannot pull. Renew the Secret, or use a lasting token."},
    [CHECK_USERNAME_PROVIDER] =
        {"username-provider", SEVERITY_WARNING, "the registry does not know such a user name",
         "The registry takes one user name only, or one that looks otherwise. A shell eats what "
         "follows a dollar unless it stands in single quotes."},
    [CHECK_REGISTRY_DEAD_KEY] =
        {"registry-dead-key", SEVERITY_ERROR,
         "the kubelet never uses this key for the images it is meant for",
         "The kubelet compares the key with the image's name. This one can never match: it is no "
         "host that an image can have, is written in upper case, which no image here is, or is "
         "one of the names of Docker Hub that images do not have."},
    [CHECK_REGISTRY_DOCKER_HUB_KEY] =
        {"registry-docker-hub-key", SEVERITY_WARNING,
         "the kubelet finds this key of Docker Hub, other tools do not",
         "Docker and the go-containerregistry family look for Docker Hub's credential under "
         "https://index.docker.io/v1/ alone, which the kubelet finds as well. Write that key."},
    [CHECK_REGISTRY_PREFIX_LEAK] =
        {"registry-prefix-leak", SEVERITY_WARNING,
         "a path without a final slash also serves its namesakes",
         "The kubelet compares paths byte by byte: ghcr.io/org also serves ghcr.io/organisation, "
         "so the credential goes where it was not meant to go. ghcr.io/org/ does not."},
    [CHECK_REGISTRY_AMBIGUOUS] =
        {"registry-ambiguous", SEVERITY_WARNING,
         "two keys mean the same, and chance decides which comes first",
         "Two spellings of one registry hold two credentials, and which of them is tried first "
         "changes from pull to pull. Keep one."},
    [CHECK_REGISTRY_SCHEME] =
        {"registry-scheme", SEVERITY_NOTE,
         "the kubelet drops the scheme of a registry, others do not",
         "The kubelet drops https://, but images have none, and other tools compare the key as it "
         "is. Write HOST[:PORT][/PATH]."},
    [CHECK_REF_MISSING] =
        {"ref-missing", SEVERITY_ERROR, "the Secret that is referred to is not there",
         "A Secret that is not there is passed over, and the image is pulled anonymously. Check "
         "the name, and that the Secret is created with the Pod."},
    [CHECK_REF_NAMESPACE] =
        {"ref-namespace", SEVERITY_ERROR, "a Pod takes Secrets from its own namespace alone",
         "A Pod sees the Secrets of its own namespace alone. Create the Secret there too: "
         "regcred-gen -n NAMESPACE, which is repeatable."},
    [CHECK_REF_TYPE] =
        {"ref-type", SEVERITY_ERROR, "the Secret that is referred to is no pull secret",
         "Only Secrets of type kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg are "
         "pull Secrets. The kubelet passes over others."},
    [CHECK_IMAGE_UNMATCHED] =
        {"image-unmatched", SEVERITY_WARNING,
         "none of the pull secrets has a credential for the image",
         "The image names its registry, and none of the Pod's pull Secrets has a key for it, so it "
         "is pulled anonymously. regcred-gen match tells what was compared."},
    [CHECK_RBAC_SECRETS_WILDCARD] =
        {"rbac-secrets-wildcard", SEVERITY_WARNING, "a * in a rule reaches Secrets",
         "A * covers what nobody thought of: with it the rule reads or changes Secrets, and so "
         "every credential in them. Name the resources and the verbs."},
    [CHECK_RBAC_SECRETS_UNSCOPED] =
        {"rbac-secrets-unscoped", SEVERITY_NOTE,
         "a rule without resourceNames reaches every Secret",
         "Whoever may get every Secret has every credential. Name those that are needed in "
         "resourceNames."},
    [CHECK_RBAC_SECRETS_LIST] =
        {"rbac-secrets-list", SEVERITY_NOTE, "list and watch show the content of every Secret",
         "list and watch hand out the Secrets with their content, all of them at once, whatever "
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

bool check_rule_next(const char **at, struct view *word)
{
	static const char between[] = ", \t\r\n";

	*at += strspn(*at, between);
	*word = (struct view){*at, strcspn(*at, between)};
	*at += word->len;
	return word->len > 0;
}
