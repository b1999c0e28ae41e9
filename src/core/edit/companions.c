#include "regcred/edit/companions.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/kube/document.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/registry/image_reference.h"

#define RBAC_GROUP "rbac.authorization.k8s.io"

static const struct {
	const char *prefix; /* as an option spells it */
	const char *kind;   /* of the subject */
} kinds[] = {
    [READER_USER] = {"user:", "User"},
    [READER_GROUP] = {"group:", "Group"},
    [READER_SERVICE_ACCOUNT] = {"serviceaccount:", "ServiceAccount"},
};

enum { KIND_COUNT = COUNT(kinds) };

/* Names under which Kubernetes keeps more than one: apiserver
 * pkg/authentication/user/user.go, pkg/authentication/serviceaccount/util.go. */
static const struct {
	enum reader_kind kind;
	const char *name;
	const char *who;
} wide[] = {
    {READER_USER, "system:anonymous", "includes everyone who can reach the cluster"},
    {READER_GROUP, "system:unauthenticated", "includes everyone who can reach the cluster"},
    {READER_GROUP, "system:authenticated", "includes everyone who can log in, and every Pod"},
    {READER_GROUP, "system:serviceaccounts", "includes every ServiceAccount in the cluster"},
};

void companions_release(struct companions *companions)
{
	memory_release(companions->readers);
	secret_pairs_release(&companions->labels);
	*companions = COMPANIONS_INIT;
}

bool companions_set_pod(struct companions *companions, const char *image, struct error *error)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	struct image_reference reference;

	companions->image = image;
	return image_reference_parse(view_of(image), &name, &reference, error);
}

bool companions_set_service_account(struct companions *companions, const char *name,
                                    struct error *error)
{
	companions->service_account = name;
	return k8s_name_check(K8S_NAME_SECRET, name, strlen(name), error) ||
	       error_prefix(error, "the ServiceAccount");
}

/* --- readers ---------------------------------------------------------------- */

static bool refuse(const char *given, const char *what, const char *hint, struct error *error)
{
	return error_set(error, DIAGNOSTIC_READER_INVALID, hint, "reader \"%.160s\" %s", given,
	                 what);
}

/* The API server only wants it not to be empty; the rest would match no one. */
static bool check_name(const char *given, struct view name, struct error *error)
{
	static const char hint[] = "write the name as the cluster knows it";

	if (name.len == 0)
		return refuse(given, "has no name", "is the variable for it set?", error);
	if (!utf8_valid(name.data, name.len))
		return refuse(given, "is not valid UTF-8", hint, error);
	if (utf8_holds_control(name.data, name.len))
		return refuse(given, "holds a control character", hint, error);
	return view_trim(name).len == name.len || refuse(given, "begins or ends with a blank",
	                                                 "leave no blank around the name", error);
}

static bool check_account(const struct reader *reader, struct error *error)
{
	const char *name = reader->name;

	if ((!reader->ns ||
	     k8s_name_check(K8S_NAME_NAMESPACE, reader->ns, strlen(reader->ns), error)) &&
	    k8s_name_check(K8S_NAME_SECRET, name, strlen(name), error))
		return true;
	error->diagnostic = DIAGNOSTIC_READER_INVALID;
	if (!reader->ns && strchr(name, ':'))
		error_hint(error, "separate the namespace with a slash: serviceaccount:NS/NAME");
	return error_prefix(error, "a reader's ServiceAccount");
}

static bool fail_twice(const struct reader *reader, struct error *error)
{
	return error_set(error, DIAGNOSTIC_READER_DUPLICATE, "leave one of them out",
	                 "reader \"%s%s%s%.160s\" is given twice", kinds[reader->kind].prefix,
	                 reader->ns ? reader->ns : "", reader->ns ? "/" : "", reader->name);
}

/* Cuts "KIND:[NS/]NAME" up. */
static bool parse_reader(char *text, struct reader *reader, struct error *error)
{
	size_t kind = 0, len = 0;
	char *slash;

	for (; kind < KIND_COUNT; kind++) {
		len = strlen(kinds[kind].prefix);
		if (strncmp(text, kinds[kind].prefix, len) == 0)
			break;
	}
	if (kind == KIND_COUNT)
		return refuse(text, "has an unknown kind",
		              "write user:NAME, group:NAME or serviceaccount:[NS/]NAME", error);
	*reader = (struct reader){.kind = (enum reader_kind)kind, .name = text + len};
	if (!check_name(text, view_of(reader->name), error))
		return false;
	if (reader->kind != READER_SERVICE_ACCOUNT)
		return true;
	slash = strchr(reader->name, '/');
	if (slash) {
		*slash = '\0';
		reader->ns = reader->name;
		reader->name = slash + 1;
	}
	return check_account(reader, error);
}

bool companions_add_reader(struct companions *companions, char *text, struct error *error)
{
	struct reader reader = {.name = NULL};

	if (!parse_reader(text, &reader, error))
		return false;
	memory_extend(&companions->readers, companions->reader_count, &companions->reader_capacity,
	              sizeof *companions->readers);
	companions->readers[companions->reader_count++] = reader;
	return true;
}

/* Appends a reader as an option spells it. */
static void append_reader(const struct reader *reader, const char *ns, struct buf *out)
{
	buf_append_format(out, "%s%s%s%s", kinds[reader->kind].prefix, ns ? ns : "", ns ? "/" : "",
	                  reader->name);
}

static bool is_given(const struct string_list *given, const struct reader *reader)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	append_reader(reader, NULL, &text);
	return string_list_find(given, buf_view(&text), NULL);
}

/* A ServiceAccount without a namespace is one in each of the Secret's namespaces. */
static bool check_repeated(const struct companions *companions,
                           const struct string_list *namespaces, struct error *error)
{
	CLEANUP(string_list_release) struct string_list given = STRING_LIST_INIT;

	for (size_t i = 0; i < companions->reader_count; i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
		const struct reader *reader = &companions->readers[i];

		append_reader(reader, reader->ns, &text);
		if (!string_list_add_once(&given, text.data))
			return fail_twice(reader, error);
	}
	for (size_t i = 0; i < companions->reader_count; i++) {
		const struct reader *reader = &companions->readers[i];

		if (reader->ns && is_given(&given, reader) &&
		    string_list_find(namespaces, view_of(reader->ns), NULL))
			return fail_twice(reader, error);
	}
	return true;
}

static bool check_namespaced(const struct companions *companions,
                             const struct string_list *namespaces, struct error *error)
{
	for (size_t i = 0; i < companions->reader_count && !namespaces->count; i++) {
		const struct reader *reader = &companions->readers[i];

		if (reader->kind != READER_SERVICE_ACCOUNT || reader->ns)
			continue;
		error_set(error, DIAGNOSTIC_READER_INVALID, NULL,
		          "reader \"serviceaccount:%.160s\" has no namespace", reader->name);
		return error_hint(
		    error, "write serviceaccount:NS/%.160s, or give the Secret's namespace with -n",
		    reader->name);
	}
	return true;
}

bool companions_check_readers(const struct companions *companions,
                              const struct string_list *namespaces, struct error *error)
{
	return check_repeated(companions, namespaces, error) &&
	       check_namespaced(companions, namespaces, error);
}

const char *reader_is_wide(const struct reader *reader)
{
	for (size_t i = 0; i < COUNT(wide); i++)
		if (wide[i].kind == reader->kind && strcmp(wide[i].name, reader->name) == 0)
			return wide[i].who;
	return NULL;
}

/* --- building ----------------------------------------------------------------- */

/* What all objects of one call share. */
struct making {
	const struct companions *companions;
	const char *secret;
	const char *reader; /* the name of Role and RoleBinding */
	const char *pod;    /* and of its container */
	bool namespace_hole;
};

static struct json *metadata(const struct making *making, const char *name)
{
	return secret_metadata(name, making->namespace_hole, &making->companions->labels, NULL);
}

static struct json *service_account(const struct making *making)
{
	const char *name = making->companions->service_account;

	return json_build("{apiVersion:v1,kind:ServiceAccount,metadata:%j,"
	                  "imagePullSecrets:[{name:%s}]}",
	                  metadata(making, name), making->secret);
}

/* It names the Secret even if its ServiceAccount does: a ServiceAccount's list is copied
 * only into Pods that are made later. */
static struct json *pod(const struct making *making)
{
	return json_build(
	    "{apiVersion:v1,kind:Pod,metadata:%j,spec:{"
	    "containers:[{name:%s,image:%s,securityContext:{allowPrivilegeEscalation:false,"
	    "capabilities:{drop:[ALL]}}}],"
	    "imagePullSecrets:[{name:%s}],"
	    "serviceAccountName:%s,"
	    "automountServiceAccountToken:false,"
	    "securityContext:{runAsNonRoot:true,seccompProfile:{type:RuntimeDefault}}}}",
	    metadata(making, making->pod), making->pod, making->companions->image, making->secret,
	    making->companions->service_account);
}

static struct json *role(const struct making *making)
{
	return json_build("{apiVersion:" RBAC_GROUP "/v1,kind:Role,metadata:%j,rules:[{"
	                  "apiGroups:[%s],resources:[secrets],resourceNames:[%s],verbs:[get]}]}",
	                  metadata(making, making->reader), "", making->secret);
}

/* A user or group is of RBAC's own API group, a ServiceAccount of a namespace. */
static struct json *subject(const struct reader *reader)
{
	const char *kind = kinds[reader->kind].kind;

	if (reader->kind != READER_SERVICE_ACCOUNT)
		return json_build("{kind:%s,name:%s,apiGroup:" RBAC_GROUP "}", kind, reader->name);
	return json_build("{kind:%s,name:%s,namespace:%j}", kind, reader->name,
	                  reader->ns ? json_string(reader->ns) : json_raw(DOCUMENT_HOLE_TEXT));
}

static struct json *role_binding(const struct making *making)
{
	struct json *subjects = json_array();

	for (size_t i = 0; i < making->companions->reader_count; i++)
		json_append(subjects, subject(&making->companions->readers[i]));
	return json_build("{apiVersion:" RBAC_GROUP "/v1,kind:RoleBinding,metadata:%j,"
	                  "subjects:%j,roleRef:{kind:Role,name:%s,apiGroup:" RBAC_GROUP "}}",
	                  metadata(making, making->reader), subjects, making->reader);
}

/* --- the whole */

/* The last part of the image's path, as a name that both a Pod and a container may
 * have. */
static bool append_pod_name(struct buf *out, const char *image, struct error *error)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_NAME_MAX);
	struct image_reference reference;
	size_t start;

	if (!image_reference_parse(view_of(image), &name, &reference, error))
		return false;
	for (start = reference.path.len; start > 0 && reference.path.data[start - 1] != '/';)
		start--;
	k8s_name_suggest(K8S_NAME_NAMESPACE, reference.path.data + start,
	                 reference.path.len - start, out);
	return buf_check(out, "a name", error);
}

bool companions_make(const struct companions *companions, const char *secret, bool namespace_hole,
                     struct json *objects[COMPANIONS_MAX], size_t *count, struct error *error)
{
	CLEANUP(buf_release) struct buf reader = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf pod_name = BUF_INIT(BUF_NAME_MAX);
	struct making making = {
	    .companions = companions, .secret = secret, .namespace_hole = namespace_hole};

	*count = 0;
	buf_append_format(&reader, "%s" COMPANIONS_READER_SUFFIX, secret);
	if (!buf_check(&reader, "a name", error) ||
	    (companions->image && !append_pod_name(&pod_name, companions->image, error)))
		return false;
	making.reader = reader.data;
	making.pod = pod_name.data;
	if (companions->service_account)
		objects[(*count)++] = service_account(&making);
	if (companions->reader_count) {
		objects[(*count)++] = role(&making);
		objects[(*count)++] = role_binding(&making);
	}
	if (companions->image)
		objects[(*count)++] = pod(&making);
	return true;
}
