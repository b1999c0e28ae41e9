#include "regcred/why/diagnosis.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/edit/kubectl.h"
#include "regcred/registry/image_reference.h"

void diagnosis_release(struct diagnosis *diagnosis)
{
	buf_release(&diagnosis->conclusion);
	string_list_release(&diagnosis->next);
}

/* What is worked on. */
struct work {
	const struct diagnosis_facts *facts;
	const struct waiting *waiting;
	const struct waiting_pod *pod;
	const struct diagnosis_secret *secret; /* the one that the cause is about; NULL: none */
	const char *resource;                  /* "deployment": what can be rolled out; NULL */
	struct buf host, path;                 /* of the image; empty if it is no image name */
	struct error invalid;                  /* why it is none */
};

/* --- what is known --- */

/* Bits. The first are the states of the Pod's Secrets, of which one at least is in it. */
#define HAS(state) (1U << DIAGNOSIS_##state)
enum {
	SAID_BROKEN = HAS(UNREAD) << 1, /* the node could not decode one */
	UNCLEAR = SAID_BROKEN << 1,     /* what could not be read may be the cause */
	LATE = UNCLEAR << 1,
	NO_SECRET = LATE << 1,
	ONE_SECRET = NO_SECRET << 1,
	MATCHED = ONE_SECRET << 1,
	UNUSABLE = MATCHED << 1,
	FINDING = UNUSABLE << 1,
	HIDDEN = FINDING << 1, /* Docker Hub and others deny an image that is not there as they deny
	                          a private one; a registry with Basic has not even looked */
	OWN_LIMIT = HIDDEN << 1, /* the kubelet's */
	IMAGE = OWN_LIMIT << 1,  /* its name is one */
	MEANING = IMAGE << 1,
	WORDS = MEANING << 1,
};

static unsigned find_bits(const struct work *work)
{
	const struct diagnosis_facts *facts = work->facts;
	const struct node_message *said = &work->waiting->said;
	const char *message = work->waiting->message;
	bool said_broken = said->problem == NODE_SECRET_BROKEN;
	const struct {
		unsigned bit;
		bool holds;
	} known[] = {
	    {SAID_BROKEN, said_broken},
	    {UNCLEAR, !facts->matched || said_broken},
	    {LATE, facts->late},
	    {NO_SECRET, facts->secret_count == 0},
	    {ONE_SECRET, facts->secret_count == 1},
	    {MATCHED, facts->matched},
	    {UNUSABLE, !facts->usable},
	    {FINDING, *facts->finding},
	    {HIDDEN, strstr(message, "does not exist or may require") &&
	                 !strstr(message, "no basic auth credentials")},
	    {OWN_LIMIT, view_begins(said->words, view_of("pull QPS"))},
	    {IMAGE, work->host.len > 0},
	    {MEANING, said->meaning},
	    {WORDS, said->words.len > 0},
	};
	unsigned bits = 0;

	for (size_t i = 0; i < facts->secret_count; i++)
		bits |= 1U << facts->secrets[i].state;
	for (size_t i = 0; i < COUNT(known); i++)
		bits |= known[i].holds ? known[i].bit : 0;
	return bits;
}

/* --- causes --- */

/* find_text and append_special replace the letters of a template. A new Secret is created, not
 * applied: one of the name that is there may serve others. An update is forced: kubectl create or
 * Helm may own the fields. */
#define MAKE_SECRET  "%P -r %h%N --name %s | kubectl create -f -"
#define MAKE_REGCRED "%P -r %h%N --name regcred | kubectl create -f -"
#define UPDATE(entry)                                                                              \
	"kubectl get secret %s%N -o yaml | %P --update - -r " entry                                \
	" | kubectl apply --server-side --force-conflicts -f -"
#define REMAKE(key, entry)                                                                         \
	"kubectl get secret %s%N -o jsonpath='{.data.\\" key "}' | %P --from-file -" entry         \
	"%N --name %s | kubectl replace --force -f -"
#define CHECK_SECRET  "kubectl get secret %s%N -o yaml | %P check -f -"
#define VERIFY_IMAGE  "kubectl get secret %s%N -o yaml | %P verify -f - %i"
#define RETYPE_SECRET REMAKE(".dockerconfigjson", "")
#define MAY_READ      "kubectl auth can-i get secret/%s%N"
#define DESCRIBE      "kubectl describe pod %D%N"
#define ADD_LOGIN     "ADD_LOGIN" /* commands that depend on what made the Pod, and on its Secrets */
#define ADD_ENTRY     "ADD_ENTRY"
#define RENEW_ENTRY   "RENEW_ENTRY"
#define LIST_OTHER    "LIST_OTHER"
#define RESTART       "RESTART"
#define EDIT          "EDIT"
#define MAY_PULL      "MAY_PULL"

#define BIT(problem) (1U << NODE_##problem)
#define LOGIN        (BIT(UNAUTHORIZED) | BIT(SECRET_MISSING) | BIT(SECRET_BROKEN) | BIT(CREDENTIAL_CHECK))
#define NO_WAY       (BIT(DNS) | BIT(CONNECTION) | BIT(TIMEOUT))

struct cause {
	unsigned kinds;        /* that it may be a cause of; bits */
	unsigned needs, lacks; /* what is known where it holds */
	const char *sentence;
	const char *next[3];
};

/* clang-format off */
static const struct cause causes[] = {
	{LOGIN, HAS(BROKEN), 0,
	 "Secret %S cannot be decoded, and then the kubelet pulls no image of the Pod, not even a "
	 "public one: %d",
	 {CHECK_SECRET, ADD_ENTRY}},
	{LOGIN, SAID_BROKEN, HAS(UNREAD),
	 "A pull Secret could not be decoded when the node tried; all of them can be decoded now, so "
	 "wait until it tries again",
	 {DESCRIBE}},
	{LOGIN, LATE, 0,
	 "The Pod was created before ServiceAccount %a listed Secret %l: the list is copied only when a Pod is created, so create the Pod again",
	 {RESTART}},
	{LOGIN, HIDDEN, MATCHED | HAS(ABSENT) | HAS(IGNORED) | HAS(FOREIGN) | HAS(UNREAD),
	 "%h has no image %i, or has it for those who log in, and the Pod has no login for it: check its name first%w",
	 {EDIT, ADD_LOGIN}},
	{LOGIN, NO_SECRET, 0,
	 "The Pod has no pull Secret, %h requires a login, and the node has none that it accepts",
	 {ADD_LOGIN}},
	{LOGIN, HAS(ABSENT), MATCHED,
	 "Secret %S does not exist; once it does, the node tries again by itself",
	 {MAKE_SECRET}},
	{LOGIN, HAS(IGNORED), MATCHED,
	 "The kubelet ignores Secret %S: its type is %d, not kubernetes.io/dockerconfigjson, and a "
	 "type cannot be changed, so delete it and create it again",
	 {RETYPE_SECRET}},
	{LOGIN, HAS(FOREIGN), MATCHED,
	 "Secret %S is not a pull Secret: its type is %d, and it has no Docker config; make a Secret "
	 "of another name, and list that",
	 {"%P -r %h%N --name %s-pull | kubectl create -f -", LIST_OTHER}},
	{LOGIN, HAS(UNREAD) | UNCLEAR, 0,
	 "Secret %S could not be read, so its problem is unknown",
	 {MAY_READ}},
	{LOGIN, ONE_SECRET, MATCHED,
	 "Secret %S has no entry for %h/%p%w",
	 {ADD_ENTRY}},
	{LOGIN, 0, MATCHED,
	 "None of the Pod's pull Secrets has an entry for %h/%p%w",
	 {ADD_ENTRY}},
	{LOGIN, UNUSABLE, 0,
	 "Entry %k of Secret %S matches the image, but has no user name or no password, so the node pulls without a login",
	 {RENEW_ENTRY}},
	{LOGIN, FINDING, 0,
	 "%h does not accept the login of %u in Secret %S (entry %k): %f",
	 {RENEW_ENTRY}},
	{LOGIN, 0, 0,
	 "%h does not accept the login of %u in Secret %S (entry %k): its password or token is wrong "
	 "or has expired, or %u may not pull %p",
	 {VERIFY_IMAGE, RENEW_ENTRY}},

	{BIT(NOT_FOUND), 0, MATCHED,
	 "%h has no image %i, or hides it from pulls without a login, and the Pod has no login for it",
	 {EDIT}},
	{BIT(NOT_FOUND), 0, 0,
	 "%h has no image %i, or hides it from %u (Secret %S): check its name and tag",
	 {VERIFY_IMAGE, EDIT}},
	{BIT(PLATFORM), 0, 0,
	 "%i is not built for the platform of %A: build it for that one, too, or keep the Pod to "
	 "other nodes (nodeSelector kubernetes.io/arch)",
	 {"kubectl get node %n -L kubernetes.io/os,kubernetes.io/arch"}},
	{BIT(RATE_LIMITED), OWN_LIMIT, 0,
	 "The kubelet limits its own pulls, and tries again by itself",
	 {DESCRIBE}},
	{BIT(RATE_LIMITED), MATCHED, 0,
	 "%h limits how much %u may pull; the node tries again by itself",
	 {VERIFY_IMAGE}},
	{BIT(RATE_LIMITED), 0, 0,
	 "%h limits pulls without a login more than others, and the Pod has no login for it",
	 {ADD_LOGIN}},
	{BIT(TLS), 0, 0,
	 "%M (%h): no pull Secret changes that. Give the node's container runtime the registry's CA, "
	 "or the registry a certificate that is valid for this host name",
	 {"curl -vI https://%h/v2/"}},
	{BIT(HTTP), 0, 0,
	 "%M (%h): no pull Secret changes that. Let the registry speak HTTPS, or tell the node's "
	 "container runtime how the registry is reached",
	 {"curl -I http://%h/v2/"}},
	{NO_WAY, 0, 0,
	 "%M (%h): no pull Secret changes that. Check the image's host, and the node's DNS servers, proxy and firewall%W",
	 {"curl -sSI https://%h/v2/", EDIT}},
	{BIT(INVALID_IMAGE), IMAGE, 0,
	 "The node does not accept %i as an image name, though newer ones do",
	 {EDIT}},
	{BIT(INVALID_IMAGE), 0, 0, "%I", {EDIT}},
	{BIT(NEVER_PULL), 0, 0,
	 "The image is not on %A, and imagePullPolicy: Never keeps the kubelet from pulling it: "
	 "load it there, or let it be pulled",
	 {MAY_PULL}},
	{BIT(OTHER), MEANING, 0, "%M; no pull Secret changes that", {DESCRIBE}},
	{BIT(OTHER), WORDS, 0, "The node's message does not match a known cause", {DESCRIBE}},
	{BIT(OTHER), 0, 0,
	 "The node's message has expired (events last about an hour); its next attempt creates a new one",
	 {DESCRIBE}},
};

/* Where node and registry disagree, and where they agree. */
static const struct {
	unsigned kinds;    /* of what the node said; bits */
	unsigned verdicts; /* likewise, from here */
	const char *sentence;
} beside[] = {
	{LOGIN | BIT(NOT_FOUND), 1U << VERDICT_OK,
	 ". From here the registry gives the image to this login: the Secret has changed since the node "
	 "tried, or the node reaches another registry, such as a mirror"},
	{~0U, 1U << VERDICT_OK,
	 ". From here the registry gives the image, so the problem is on the node or between it and the registry"},
	{LOGIN, 1U << VERDICT_NEEDS_NONE,
	 ". From here the image needs no login: a mirror or proxy of the node may require one"},
	{LOGIN, 1U << VERDICT_NOT_FOUND, ". From here the image is not found: check its name and tag"},
	{LOGIN, 1U << VERDICT_REFUSED, ". From here the registry refuses it, too"},
	{BIT(NOT_FOUND), 1U << VERDICT_NOT_FOUND, ". From here it is not found, either"},
	{NO_WAY | BIT(TLS) | BIT(HTTP), 1U << VERDICT_UNREACHABLE,
	 ". From here the registry cannot be reached, either"},
};

/* What can be rolled out anew, as kubectl calls it. */
static const struct {
	const char *kind, *resource;
} rolling[] = {{"Deployment", "deployment"}, {"StatefulSet", "statefulset"},
               {"DaemonSet", "daemonset"}};
/* clang-format on */

#define PATCH "kubectl patch %r %o%N -p '{\"spec\":{\"template\":{\"spec\":{"

#define PATCH_LIST(name) PATCH "\"imagePullSecrets\":[{\"name\":\"" name "\"}]}}}}'"

/* --- templates --- */

/* A name of Kubernetes, which needs quotes neither in a shell nor in JSON. */
static bool is_plain(const char *name)
{
	return *name && *name != '-' &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.")];
}

static const char *secret_name(const struct work *work)
{
	if (work->secret)
		return work->secret->name;
	if (work->facts->matched)
		return work->facts->matched;
	return work->facts->secret_count ? work->facts->secrets[0].name : "regcred";
}

/* The data key of that Secret if --update refuses its shape; else NULL. */
static const char *old_key(const struct work *work)
{
	const struct diagnosis_facts *facts = work->facts;

	for (size_t i = 0; i < facts->secret_count; i++)
		if (strcmp(facts->secrets[i].name, secret_name(work)) == 0)
			return facts->secrets[i].old_key;
	return NULL;
}

/* Names must be plain in a command, and words are put into quotes where they need them. */
#define NAMES "saoDc"
#define WORDS "hpikun"

/* NULL: the letter is for append_special. */
static const char *find_text(const struct work *work, char letter)
{
	const struct diagnosis_facts *facts = work->facts;
	const char *const texts['z' + 1] = {
	    ['s'] = secret_name(work),
	    ['a'] = facts->account,
	    ['o'] = work->pod->owner,
	    ['D'] = work->pod->name,
	    ['c'] = work->waiting->container,
	    ['h'] = work->host.data,
	    ['p'] = work->path.data,
	    ['i'] = work->waiting->image,
	    ['k'] = facts->key.data,
	    ['u'] = facts->username.data,
	    ['n'] = work->pod->node,
	    ['l'] = facts->late,
	    ['d'] = work->secret && work->secret->detail ? work->secret->detail : "",
	    ['f'] = facts->finding,
	    ['P'] = facts->program,
	    ['K'] = old_key(work),
	    ['r'] = work->resource,
	};

	return texts[(unsigned char)letter];
}

static void append_capital(const char *text, struct buf *out)
{
	bool lower = *text >= 'a' && *text <= 'z';

	buf_append_char(out, lower ? (char)(*text - 'a' + 'A') : *text);
	buf_append_string(out, text + 1);
}

/* The rest; some of it is empty where there is nothing to say. */
static void append_special(const struct work *work, char letter, struct buf *out)
{
	const char *ns = work->pod->ns, *meaning = work->waiting->said.meaning;

	switch (letter) {
	case 'A': /* a Pod that nothing has scheduled names no node */
		buf_append_format(out, "%s%s", *work->pod->node ? "node " : "its node",
		                  work->pod->node);
		break;
	case 'N':
		kubectl_append_namespace(out, *ns ? ns : NULL);
		break;
	case 'S':
		buf_append_format(out, "%s%s%s", ns, *ns ? "/" : "", secret_name(work));
		break;
	case 'U':
		buf_append_string(out, work->facts->username.len ? " -u " : "");
		if (work->facts->username.len)
			buf_append_word(out, work->facts->username.data);
		break;
	case 'w':
		buf_append_format(out, "%s%s", *work->facts->near ? "; " : "", work->facts->near);
		break;
	case 'W':
		if (work->facts->near_is_slip)
			append_special(work, 'w', out);
		break;
	case 'I':
		append_capital(work->invalid.message, out);
		buf_append_format(out, "%s%s", *work->invalid.hint ? "; " : "", work->invalid.hint);
		break;
	default: /* M */
		append_capital(meaning, out);
	}
}

/* False: the text for a letter of a command is missing, or makes no command. */
static bool append(const struct work *work, const char *template, bool command, struct buf *out)
{
	for (; *template; template ++) {
		const char *text;

		if (*template != '%') {
			buf_append_char(out, *template);
			continue;
		}
		text = find_text(work, *++template);
		if (!text) {
			append_special(work, *template, out);
		} else if (command && strchr(WORDS, *template)) {
			if (!*text || *text == '-')
				return false;
			buf_append_word(out, text);
		} else {
			if (command && strchr(NAMES, *template) && !is_plain(text))
				return false;
			buf_append_string(out, text);
		}
	}
	return !out->failure;
}

static void add_next(const struct work *work, const char *template, struct string_list *next)
{
	CLEANUP(buf_release) struct buf command = BUF_INIT(BUF_CONFIG_MAX);
	const char *ns = work->pod->ns;

	if ((!*ns || is_plain(ns)) && append(work, template, true, &command))
		string_list_add(next, command.data);
}

/* --- commands that depend on what made the Pod --- */

static void add_restart(const struct work *work, struct string_list *next)
{
	if (work->resource)
		add_next(work, "kubectl rollout restart %r %o%N", next);
	else if (!*work->pod->owner)
		add_next(work, "kubectl get pod %D%N -o yaml | kubectl replace --force -f -", next);
	else if (strcmp(work->pod->owner_kind, "Node") != 0)
		add_next(work, "kubectl delete pod %D%N", next);
}

/* To what makes the Pod; else to its ServiceAccount, and then the Pod is made anew. */
static void add_attach(const struct work *work, struct string_list *next)
{
	CLEANUP(buf_release) struct buf link = BUF_INIT(BUF_CONFIG_MAX);
	const char *ns = work->pod->ns, *account = work->facts->account;

	if (work->resource) {
		add_next(work, PATCH_LIST("regcred"), next);
		return;
	}
	kubectl_append_link(&link, account, *ns ? ns : NULL, "regcred", " ");
	if (is_plain(account) && (!*ns || is_plain(ns)))
		string_list_add(next, link.data);
	add_restart(work, next);
}

static void add_entry(const struct work *work, struct string_list *next)
{
	add_next(work, old_key(work) ? REMAKE("%K", " -r %h") : UPDATE("%h"), next);
}

/* An entry in the first Secret; without any a Secret. */
static void add_login(const struct work *work, struct string_list *next)
{
	if (work->facts->secret_count) {
		add_entry(work, next);
		return;
	}
	add_next(work, MAKE_REGCRED, next);
	add_attach(work, next);
}

static void add_of(const struct work *work, const char *what, struct string_list *next)
{
	if (strcmp(what, RESTART) == 0)
		add_restart(work, next);
	else if (strcmp(what, ADD_LOGIN) == 0)
		add_login(work, next);
	else if (strcmp(what, ADD_ENTRY) == 0)
		add_entry(work, next);
	else if (strcmp(what, RENEW_ENTRY) == 0)
		add_next(work, old_key(work) ? REMAKE("%K", " -r %k%U") : UPDATE("%k%U"), next);
	else if (strcmp(what, LIST_OTHER) == 0)
		add_next(work, work->resource ? PATCH_LIST("%s-pull") : DESCRIBE, next);
	else if (strcmp(what, EDIT) == 0)
		add_next(work, work->resource ? "kubectl edit %r %o%N" : "kubectl edit pod %D%N",
		         next);
	else if (strcmp(what, MAY_PULL) == 0)
		add_next(work,
		         work->resource ? PATCH "\"containers\":[{\"name\":\"%c\","
		                                "\"imagePullPolicy\":\"IfNotPresent\"}]}}}}'"
		                        : DESCRIBE,
		         next);
	else
		add_next(work, what, next);
}

/* --- the whole --- */

/* What the Secrets make of the node's words. An image that is on the node is pulled only to see
 * a credential; a Secret that is absent is why there was none; and where the words are gone the
 * Secrets may still show the cause. */
static enum node_problem settle_kind(const struct work *work, unsigned bits)
{
	const struct node_message *said = &work->waiting->said;
	bool silent = said->problem == NODE_OTHER && !said->words.len;
	bool login = said->problem == NODE_UNAUTHORIZED;

	if (work->waiting->cached && (login || said->problem == NODE_NEVER_PULL))
		return NODE_CREDENTIAL_CHECK;
	if (silent && bits & HAS(BROKEN))
		return NODE_SECRET_BROKEN;
	if ((silent || login) && (bits & (HAS(BROKEN) | HAS(ABSENT) | MATCHED)) == HAS(ABSENT))
		return NODE_SECRET_MISSING;
	return said->problem;
}

static void find_host(struct work *work)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct image_reference reference;

	if (!image_reference_parse(view_of(work->waiting->image), &name, &reference,
	                           &work->invalid))
		return;
	buf_append(&work->host, reference.domain.data, reference.domain.len);
	buf_append(&work->path, reference.path.data, reference.path.len);
}

static void find_resource(struct work *work)
{
	for (size_t i = 0; i < COUNT(rolling); i++)
		if (strcmp(work->pod->owner_kind, rolling[i].kind) == 0)
			work->resource = rolling[i].resource;
}

static const struct cause *find_cause(enum node_problem kind, unsigned bits)
{
	const struct cause *cause = causes;

	while (!(cause->kinds & 1U << kind) || (bits & cause->needs) != cause->needs ||
	       bits & cause->lacks)
		cause++;
	return cause;
}

/* The first Secret in the state that the cause is about. */
static void find_secret(struct work *work, const struct cause *cause)
{
	for (size_t i = work->facts->secret_count; i-- > 0;)
		if (cause->needs & 1U << work->facts->secrets[i].state)
			work->secret = &work->facts->secrets[i];
}

void diagnose(const struct diagnosis_facts *facts, struct diagnosis *diagnosis)
{
	struct work work = {.facts = facts,
	                    .waiting = facts->waiting,
	                    .pod = facts->waiting->pod,
	                    .host = BUF_INIT(BUF_CONFIG_MAX),
	                    .path = BUF_INIT(BUF_CONFIG_MAX)};
	const struct cause *cause;
	unsigned bits;

	find_host(&work);
	find_resource(&work);
	bits = find_bits(&work);
	diagnosis->kind = settle_kind(&work, bits);
	cause = find_cause(diagnosis->kind, bits);
	find_secret(&work, cause);
	if (diagnosis->kind == NODE_CREDENTIAL_CHECK)
		append(&work,
		       "The image is on %A already, but since Kubernetes 1.35 a Pod may use "
		       "it only with its own credential. ",
		       false, &diagnosis->conclusion);
	append(&work, cause->sentence, false, &diagnosis->conclusion);
	for (size_t i = 0; facts->from_here && i < COUNT(beside); i++)
		if (beside[i].kinds & 1U << diagnosis->kind &&
		    beside[i].verdicts & 1U << *facts->from_here) {
			append(&work, beside[i].sentence, false, &diagnosis->conclusion);
			break;
		}
	for (size_t i = 0; i < sizeof cause->next / sizeof *cause->next && cause->next[i]; i++)
		add_of(&work, cause->next[i], &diagnosis->next);
	buf_release(&work.host);
	buf_release(&work.path);
}
