#include "generate.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../io/helper.h"
#include "../io/input.h"
#include "commands.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/provider.h"

/* --- helpers of the setters -------------------------------------------------- */

/* Only one reader can have standard input. */
static bool claim_stdin(struct generate_request *request, const char *option, struct error *error)
{
	if (!request->stdin_option) {
		request->stdin_option = option;
		return true;
	}
	if (strcmp(request->stdin_option, option) == 0)
		return error_set(error, DIAGNOSTIC_STDIN_TWICE,
		                 "give the other password with --password-file",
		                 "--%s appears twice, and there is one standard input", option);
	return error_set(error, DIAGNOSTIC_STDIN_TWICE,
	                 "there is one standard input: give the password with --password-file, "
	                 "--password-fd or --password-env, everything else in a file",
	                 "--%s and --%s both read standard input", request->stdin_option, option);
}

/* A file that is read; "-" is standard input. */
static bool check_input(struct generate_request *request, const struct option_row *row,
                        const char *value, struct error *error)
{
	return options_check_file(row, value, error) &&
	       (!input_is_stdin(value) || claim_stdin(request, row->name, error));
}

/* Stores the name of a file that is read at row->at. */
static bool set_input(void *context, const struct option_row *row, char *value, struct error *error)
{
	return check_input(context, row, value, error) &&
	       options_store_text(context, row, value, error);
}

/* The entry that -u, -e and the password options belong to: that of the -r before
 * them, or the one whose -r is still to come. */
static struct entry_request *current_entry(struct generate_request *request,
                                           const struct option_row *row)
{
	if (!request->registry_given && !request->early_option)
		request->early_option = row->name;
	if (request->entry_count == 0)
		return generate_request_add_entry(request);
	return &request->entries[request->entry_count - 1];
}

/* --- credentials ---------------------------------------------------------------- */

static bool set_registry(void *context, const struct option_row *row, char *value,
                         struct error *error)
{
	struct generate_request *request = context;
	bool adopts = !request->registry_given && request->entry_count == 1;
	struct entry_request *entry;

	if (request->registry_given && request->early_option) {
		return error_set(error, DIAGNOSTIC_OPTION_ORDER,
		                 "with several registries, user name, email and password belong "
		                 "to the --registry before them",
		                 "option --%s comes before the first --%s", request->early_option,
		                 row->name);
	}
	entry = adopts ? request->entries : generate_request_add_entry(request);
	entry->registry = value;
	return request->registry_given = true;
}

static bool set_username(void *context, const struct option_row *row, char *value,
                         struct error *error)
{
	return options_set_once(&current_entry(context, row)->credential.username, row, value,
	                        error);
}

static bool set_email(void *context, const struct option_row *row, char *value, struct error *error)
{
	return options_set_once(&current_entry(context, row)->credential.email, row, value, error);
}

/* Gives the current entry its password channel, the only one it may have. */
static struct password_source *set_channel(struct generate_request *request,
                                           const struct option_row *row,
                                           enum password_channel channel, struct error *error)
{
	struct entry_request *entry = current_entry(request, row);

	if (entry->source.channel != PASSWORD_ASK) {
		error_set(error, DIAGNOSTIC_OPTION_REPEATED, NULL,
		          "option --%s gives a registry a second password", row->name);
		error_hint(error, "each --registry takes one password option, after it");
		return NULL;
	}
	if (channel == PASSWORD_STDIN && !claim_stdin(request, row->name, error))
		return NULL;
	entry->source.channel = channel;
	return &entry->source;
}

static bool set_password(void *context, const struct option_row *row, char *value,
                         struct error *error)
{
	struct generate_request *request = context;
	bool is_stdin = input_is_stdin(value);
	enum password_channel channel = is_stdin ? PASSWORD_STDIN : PASSWORD_ARGUMENT;
	bool set = set_channel(request, row, channel, error) != NULL;

	if (set && !is_stdin)
		buf_append_string(&request->entries[request->entry_count - 1].password, value);
	memory_wipe(value, strlen(value));
	return set;
}

static bool set_password_stdin(void *context, const struct option_row *row, char *value,
                               struct error *error)
{
	(void)value;
	return set_channel(context, row, PASSWORD_STDIN, error) != NULL;
}

static bool set_password_file(void *context, const struct option_row *row, char *value,
                              struct error *error)
{
	enum password_channel channel = input_is_stdin(value) ? PASSWORD_STDIN : PASSWORD_FILE;
	struct password_source *source = options_check_file(row, value, error)
	                                     ? set_channel(context, row, channel, error)
	                                     : NULL;

	if (source && channel == PASSWORD_FILE)
		source->name = value;
	return source != NULL;
}

/* A descriptor is read to its end: a second password cannot come from it. */
static bool fd_is_taken(const struct generate_request *request, int fd)
{
	for (size_t i = 0; i < request->entry_count; i++)
		if (request->entries[i].source.channel == PASSWORD_FD &&
		    request->entries[i].source.fd == fd)
			return true;
	return false;
}

static bool set_password_fd(void *context, const struct option_row *row, char *value,
                            struct error *error)
{
	int fd = options_number(value);
	struct password_source *source;

	if (fd < 0 || fd == STDOUT_FILENO || fd == STDERR_FILENO) {
		error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL,
		          "option --%s takes the number of a descriptor open for reading",
		          row->name);
		return error_hint(error, "such as --%s 3 3<FILE", row->name);
	}
	if (fd_is_taken(context, fd))
		return error_set(error, DIAGNOSTIC_OPTION_REPEATED, NULL,
		                 "descriptor %d is given for two passwords", fd);
	source =
	    set_channel(context, row, fd == STDIN_FILENO ? PASSWORD_STDIN : PASSWORD_FD, error);
	if (source && fd != STDIN_FILENO) {
		*source = (struct password_source){PASSWORD_FD, value, fd, false};
		fcntl(fd, F_SETFD, FD_CLOEXEC); /* no credential helper is to read it */
	}
	return source != NULL;
}

/* At once: nothing else is read, or run, while the environment shows it. Two registries may
 * name the same variable. */
static void take_variable(struct generate_request *request, struct password_source *source,
                          const char *name)
{
	struct entry_request *entry = &request->entries[request->entry_count - 1];

	*source = (struct password_source){.channel = PASSWORD_ENVIRONMENT, .name = name};
	source->taken = password_take_variable(name, &entry->password);
	for (size_t i = 0; !source->taken && i + 1 < request->entry_count; i++) {
		const struct entry_request *earlier = &request->entries[i];

		if (!earlier->source.taken || strcmp(earlier->source.name, name) != 0)
			continue;
		buf_append(&entry->password, earlier->password.data, earlier->password.len);
		source->taken = true;
	}
}

static bool set_password_env(void *context, const struct option_row *row, char *value,
                             struct error *error)
{
	struct password_source *source;

	/* It may be "$TOKEN" instead of TOKEN: the value is not repeated. */
	for (const char *c = value; *c || c == value; c++)
		if (!isalpha((unsigned char)*c) && *c != '_' &&
		    (c == value || !isdigit((unsigned char)*c))) {
			error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL,
			          "option --%s takes the name of a variable", row->name);
			return error_hint(error, "write --%s TOKEN, not --%s \"$TOKEN\"", row->name,
			                  row->name);
		}
	source = set_channel(context, row, PASSWORD_ENVIRONMENT, error);
	if (source)
		take_variable(context, source, value);
	return source != NULL;
}

/* --- what exists already ----------------------------------------------------------- */

/* [KEY=]FILE, as kubectl takes it. */
static bool set_from_file(void *context, const struct option_row *row, char *value,
                          struct error *error)
{
	char *equals = strchr(value, '=');

	if (equals &&
	    strncmp(value, SECRET_KEY_DOCKER_CONFIG "=", (size_t)(equals - value) + 1) != 0) {
		error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL,
		          "option --%s takes only the key " SECRET_KEY_DOCKER_CONFIG, row->name);
		return error_hint(
		    error,
		    "write --%s FILE; a path that holds a = goes after " SECRET_KEY_DOCKER_CONFIG
		    "=",
		    row->name);
	}
	return set_input(context, row, equals ? equals + 1 : value, error);
}

/* kubectl create secret generic has it beside --from-file. */
static bool set_type(void *context, const struct option_row *row, char *value, struct error *error)
{
	(void)context;
	if (strcmp(value, SECRET_TYPE_DOCKER_CONFIG) == 0)
		return true;
	return error_set(error, DIAGNOSTIC_OPTION_VALUE,
	                 "leave it out: every Secret that is written here has this type",
	                 "option --%s takes only " SECRET_TYPE_DOCKER_CONFIG, row->name);
}

static bool refuse_literal(void *context, const struct option_row *row, char *value,
                           struct error *error)
{
	(void)context;
	memory_wipe(value, strlen(value)); /* it may hold a password */
	return error_set(
	    error, DIAGNOSTIC_OPTION_OF_KUBECTL,
	    "pipe the Docker config into --from-file -, so that the process table does not show it",
	    "option --%s is not supported", row->name);
}

static bool set_remove(void *context, const struct option_row *row, char *value,
                       struct error *error)
{
	struct generate_request *request = context;

	return string_list_add_once(&request->removed, value) ||
	       error_set(error, DIAGNOSTIC_OPTION_REPEATED, "leave one of the two out",
	                 "option --%s names a registry twice", row->name);
}

static bool set_for(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct generate_request *request = context;

	if (!check_input(request, row, value, error))
		return false;
	string_list_add_once(&request->workloads, value);
	return true;
}

/* --- the Secret ------------------------------------------------------------------ */

static bool set_name(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct generate_request *request = context;

	if (request->name) {
		return error_set(error, DIAGNOSTIC_OPTION_REPEATED, "leave one of the two out",
		                 "the Secret is given two names");
	}
	request->shape_option = row->name;
	request->name = value;
	return true;
}

/* The first of two arguments may have been meant for a command. False: it was not. */
static bool hint_command(const char *first, struct error *error)
{
	const char *nearest;

	if (strcmp(first, "create") == 0 || strcmp(first, "docker-registry") == 0) {
		error_hint(error,
		           "leave out create secret docker-registry: regcred-gen does the same");
		return true;
	}
	nearest = commands_nearest(first);
	if (nearest)
		error_hint(error, "did you mean the command %s?", nearest);
	return nearest != NULL;
}

/* What follows --password or --password-stdin may belong to the password. */
static bool may_be_password(const struct generate_request *request, const char *word)
{
	for (size_t i = 0; i < request->entry_count; i++) {
		enum password_channel channel = request->entries[i].source.channel;

		if (channel == PASSWORD_ARGUMENT || channel == PASSWORD_STDIN)
			return true;
	}
	return harmless_may_be_secret(word);
}

/* NAME as an argument. It is not repeated when it is one too many: it may be the
 * rest of a password that was not quoted. */
static bool set_name_argument(void *context, const struct option_row *row, char *value,
                              struct error *error)
{
	struct generate_request *request = context;

	(void)row;
	if (request->name) {
		error_set(error, DIAGNOSTIC_ARGUMENT_EXTRA, NULL, "there is one argument too many");
		if (hint_command(request->name, error))
			return false;
		return error_hint(error,
		                  "only the NAME of the Secret needs no option; quote values "
		                  "that hold blanks");
	}
	if (commands_find(value)) {
		error_set(error, DIAGNOSTIC_UNKNOWN_COMMAND, NULL,
		          "command \"%s\" must be the first argument", value);
		return error_hint(error, "for a Secret of that name write --name %s", value);
	}
	if (may_be_password(request, value) && !provider_find(value) &&
	    !k8s_name_check(K8S_NAME_SECRET, value, strlen(value), error)) {
		return error_set(error, DIAGNOSTIC_NAME_INVALID,
		                 "quote a password that holds blanks; --password-stdin takes no "
		                 "value, the password goes through the pipe",
		                 "the argument is not the name of a Secret; it is not shown, as it "
		                 "may be a password");
	}
	request->shape_option = "name";
	request->name_argument = true;
	request->name = value;
	return true;
}

static bool set_namespace(void *context, const struct option_row *row, char *value,
                          struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	if (namespaces_add(&request->namespaces, value, error))
		return true;
	if (strchr(value, ','))
		error_hint(error, "give each namespace its own --%s", row->name);
	return false;
}

static bool set_namespaces_from(void *context, const struct option_row *row, char *value,
                                struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	return set_input(request, row, value, error);
}

/* Splits "KEY=VALUE" in place, checks it and adds it. */
static bool set_pair(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct generate_request *request = context;
	bool label = strcmp(row->name, "label") == 0;
	char *equals = strchr(value, '=');

	request->shape_option = row->name;
	if (!equals)
		return error_set(error,
		                 label ? DIAGNOSTIC_LABEL_INVALID : DIAGNOSTIC_ANNOTATION_INVALID,
		                 "write KEY=VALUE", "%s \"%.80s\" has no \"=\"", row->name, value);
	*equals++ = '\0';
	if (!(label ? secret_check_label : secret_check_annotation)(value, equals, error)) {
		if (label && strchr(equals, ','))
			error_hint(error, "give each label its own --label");
		return false;
	}
	secret_pairs_add(label ? &request->labels : &request->annotations, value, equals);
	return true;
}

/* A flag that kubectl also takes with a value: strconv.ParseBool's words. */
static bool parse_bool(const struct option_row *row, const char *value, bool *answer,
                       struct error *error)
{
	*answer = !value || options_word_index("1 t T true TRUE True", value) >= 0;
	if (*answer || options_word_index("0 f F false FALSE False", value) >= 0)
		return true;
	error_set(error, DIAGNOSTIC_OPTION_VALUE, NULL, "option --%s takes no value", row->name);
	return error_hint(error, "only --%s=true and --%s=false, as with kubectl", row->name,
	                  row->name);
}

static bool set_immutable(void *context, const struct option_row *row, char *value,
                          struct error *error)
{
	struct generate_request *request = context;
	bool wanted;

	request->shape_option = row->name;
	if (!parse_bool(row, value, &wanted, error))
		return false;
	request->immutable = wanted ? SECRET_IMMUTABLE_TRUE : SECRET_IMMUTABLE_ABSENT;
	return true;
}

static bool set_append_hash(void *context, const struct option_row *row, char *value,
                            struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	return parse_bool(row, value, &request->append_hash, error);
}

/* --- what goes with it -------------------------------------------------------------- */

/* An image that says where it is pulled from is proved like one of --image: the Pod is
 * there to use the Secret. */
static bool set_pod(void *context, const struct option_row *row, char *value, struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	if (!options_set_once(&request->companions.image, row, value, error) ||
	    !companions_set_pod(&request->companions, value, error))
		return false;
	if (image_names_host(view_of(value)))
		string_list_add_once(&request->images, value);
	return true;
}

static bool set_service_account(void *context, const struct option_row *row, char *value,
                                struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	return options_set_once(&request->companions.service_account, row, value, error) &&
	       companions_set_service_account(&request->companions, value, error);
}

static bool set_reader(void *context, const struct option_row *row, char *value,
                       struct error *error)
{
	struct generate_request *request = context;

	request->shape_option = row->name;
	return companions_add_reader(&request->companions, value, error);
}

/* --- the output ------------------------------------------------------------------ */

static bool set_dry_run(void *context, const struct option_row *row, char *value,
                        struct error *error)
{
	(void)context;
	if (strcmp(value, "client") == 0)
		return true;
	error_set(error, DIAGNOSTIC_OPTION_OF_KUBECTL, NULL,
	          "option --%s must be --%s=client: generate does not talk to a cluster", row->name,
	          row->name);
	return error_hint(error,
	                  "leave it out, and pipe the manifest into kubectl apply --%s=server "
	                  "-f - to ask the API server",
	                  row->name);
}

/* --- options of kubectl that would promise something else --------------------- */

static bool refuse_kubectl(void *context, const struct option_row *row, char *value,
                           struct error *error)
{
	(void)context, (void)value;
	return error_set(error, DIAGNOSTIC_OPTION_OF_KUBECTL,
	                 "leave it out here; give it to the kubectl that applies the manifest",
	                 "option --%s is kubectl's: %s", row->name, row->words);
}

static bool refuse_save_config(void *context, const struct option_row *row, char *value,
                               struct error *error)
{
	bool wanted;

	(void)context;
	if (!parse_bool(row, value, &wanted, error))
		return false;
	if (!wanted)
		return true;
	return error_set(error, DIAGNOSTIC_OPTION_OF_KUBECTL,
	                 "leave it out; kubectl apply --server-side -f - keeps track without "
	                 "such a copy",
	                 "option --%s would copy the credential into an annotation", row->name);
}

/* clang-format off */
#define KUBECTL(name, value, why) {NULL, name, NULL, 0, NULL, NULL, value, why, refuse_kubectl}
#define LOGGING "-v reports progress"
#define CLUSTER "generate does not talk to a cluster"

static const struct option_row rows[] = {
	{"Credentials", "registry", "docker-server", 'r', "HOST[:PORT][/PATH]",
	 "a registry; repeatable (default: Docker Hub)", VALUE_ANY, NULL, set_registry},
	{NULL, "username", "docker-username", 'u', "USER",
	 "user name for the registry before it", VALUE_ANY, NULL, set_username},
	{NULL, "email", "docker-email", 'e', "EMAIL", "optional", VALUE_ANY, NULL, set_email},
	{NULL, "password-stdin", NULL, 0, NULL,
	 "read the password from standard input", VALUE_NONE, NULL, set_password_stdin},
	{NULL, "password-file", NULL, 0, "FILE",
	 "read the password from FILE", VALUE_FILE, NULL, set_password_file},
	{NULL, "password-fd", NULL, 0, "N",
	 "read the password from file descriptor N", VALUE_ANY, NULL, set_password_fd},
	{NULL, "password-env", NULL, 0, "VAR",
	 "take the password from variable VAR", VALUE_VARIABLE, NULL, set_password_env},
	{NULL, "password", "docker-password", 'p', "PASSWORD",
	 "visible to other users; without any of these, asks", VALUE_ANY, NULL, set_password},

	{NULL, "from-file", NULL, 0, "[KEY=]FILE",
	 "take entries from a Docker config; - is stdin", VALUE_FILE, NULL, set_from_file, offsetof(struct generate_request, from_file)},
	{NULL, "type", NULL, 0, NULL, NULL, VALUE_ANY, NULL, set_type},
	{NULL, "from-literal", NULL, 0, NULL, NULL, VALUE_ANY, NULL, refuse_literal},
	{NULL, "from-env-file", NULL, 0, NULL, NULL, VALUE_ANY, NULL, refuse_literal},
	{NULL, "from-login", NULL, 0, NULL,
	 "take logins of this machine, for each -r or --all", OPTIONS_FLAG(struct generate_request, from_login)},
	{NULL, "all", NULL, 0, NULL,
	 "with --from-login: all of them", OPTIONS_FLAG(struct generate_request, all)},
	{NULL, "helper-timeout", NULL, 0, "SECONDS",
	 "for each credential helper (default: 30)", OPTIONS_SECONDS(struct generate_request, helper_timeout)},

	{NULL, "update", NULL, 0, "FILE",
	 "change the Secret in FILE, and keep the rest of it", VALUE_FILE, NULL, set_input, offsetof(struct generate_request, update_file)},
	{NULL, "remove", NULL, 0, "HOST",
	 "with --update: remove this registry; repeatable", VALUE_ANY, NULL, set_remove},

	{"The Secret", "name", NULL, 0, "NAME",
	 "its name, also as an argument (default: regcred)", VALUE_ANY, NULL, set_name},
	{NULL, "namespace", NULL, 'n', "NS",
	 "write it for this namespace; repeatable", VALUE_ANY, NULL, set_namespace},
	{NULL, "namespaces-from", NULL, 0, "FILE",
	 "for each namespace in FILE, one per line; - is stdin", VALUE_FILE, NULL, set_namespaces_from, offsetof(struct generate_request, namespaces_file)},
	{NULL, "label", NULL, 'l', "KEY=VALUE", "repeatable", VALUE_ANY, NULL, set_pair},
	{NULL, "annotation", NULL, 0, "KEY=VALUE", "repeatable", VALUE_ANY, NULL, set_pair},
	{NULL, "immutable", NULL, 0, NULL,
	 "its data cannot be changed, only deleted", VALUE_OPTIONAL, NULL, set_immutable},
	{NULL, "append-hash", NULL, 0, NULL,
	 "append kubectl's hash of the content to the name", VALUE_OPTIONAL, NULL, set_append_hash},
	{NULL, "image", NULL, 0, "IMAGE",
	 "write nothing unless it serves IMAGE; repeatable", OPTIONS_LIST(struct generate_request, images, VALUE_ANY)},
	{NULL, "for", NULL, 0, "FILE",
	 "the same for the images of a workload, which also gives name and namespace", VALUE_FILE, NULL, set_for},
	{NULL, "verify", NULL, 0, NULL,
	 "write nothing unless the registry accepts it", OPTIONS_FLAG(struct generate_request, verify)},
	INQUIRY_ROWS(struct generate_request, asking, "with --verify: "),

	{"Companions", "with-pod", NULL, 0, "IMAGE",
	 "add a Pod that uses the Secret", VALUE_ANY, NULL, set_pod},
	{NULL, "with-service-account", NULL, 0, "NAME",
	 "add a ServiceAccount that gives it to Pods", VALUE_ANY, NULL, set_service_account},
	{NULL, "with-reader", NULL, 0, "KIND:NAME",
	 "add a reader: user:, group:, serviceaccount:[NS/]; repeatable", VALUE_ANY, NULL, set_reader},

	{"Output", "output", NULL, 'o', "FORMAT",
	 "yaml (default), json, or config: the bare Docker config", OPTIONS_OUTPUT("yaml json config")},
	{NULL, "output-file", NULL, 0, "FILE",
	 "write to FILE, readable only by you", VALUE_FILE, NULL, options_store_file, offsetof(struct generate_request, output_file)},
	{NULL, "dry-run", NULL, 0, "client",
	 "accepted and ignored, for kubectl command lines", VALUE_WORDS, "client", set_dry_run},

	OPTIONS_MESSAGES,

	{NULL, "save-config", NULL, 0, NULL, NULL, VALUE_OPTIONAL, NULL, refuse_save_config},
	KUBECTL("validate", VALUE_OPTIONAL, CLUSTER),
	KUBECTL("field-manager", VALUE_ANY, CLUSTER),
	KUBECTL("show-managed-fields", VALUE_OPTIONAL, "a new Secret has none"),
	KUBECTL("template", VALUE_ANY, "--output is yaml, json or config"),
	KUBECTL("allow-missing-template-keys", VALUE_OPTIONAL, "--output is yaml, json or config"),
	KUBECTL("kubeconfig", VALUE_ANY, CLUSTER),
	KUBECTL("context", VALUE_ANY, CLUSTER),
	KUBECTL("cluster", VALUE_ANY, CLUSTER),
	{NULL, "server", NULL, 's', NULL, NULL, VALUE_ANY, CLUSTER, refuse_kubectl},
	KUBECTL("user", VALUE_ANY, CLUSTER),
	KUBECTL("token", VALUE_ANY, CLUSTER),
	KUBECTL("as", VALUE_ANY, CLUSTER),
	KUBECTL("as-group", VALUE_ANY, CLUSTER),
	KUBECTL("as-uid", VALUE_ANY, CLUSTER),
	KUBECTL("request-timeout", VALUE_ANY, CLUSTER),
	KUBECTL("certificate-authority", VALUE_ANY, CLUSTER),
	KUBECTL("client-certificate", VALUE_ANY, CLUSTER),
	KUBECTL("client-key", VALUE_ANY, CLUSTER),
	KUBECTL("tls-server-name", VALUE_ANY, CLUSTER),
	KUBECTL("insecure-skip-tls-verify", VALUE_OPTIONAL, CLUSTER),
	KUBECTL("match-server-version", VALUE_OPTIONAL, CLUSTER),
	KUBECTL("disable-compression", VALUE_OPTIONAL, CLUSTER),
	KUBECTL("cache-dir", VALUE_ANY, CLUSTER),
	KUBECTL("warnings-as-errors", VALUE_OPTIONAL, "--strict does that here"),
	KUBECTL("profile", VALUE_ANY, LOGGING),
	KUBECTL("profile-output", VALUE_ANY, LOGGING),
	KUBECTL("log-flush-frequency", VALUE_ANY, LOGGING),
	KUBECTL("v", VALUE_ANY, LOGGING),
	KUBECTL("vmodule", VALUE_ANY, LOGGING),
	OPTIONS_END
};
/* clang-format on */

_Static_assert(COUNT(rows) <= OPTIONS_MAX, "more rows than a table may have");

const struct option_table generate_options = {rows, set_name_argument, NULL};
