#include "why.h"

#include <string.h>

#include "commands.h"
#include "regcred/base/memory.h"
#include "regcred/registry/registry_key.h"

void why_case_release(struct why_case *result)
{
	inventory_pod_release(&result->pod);
	keyring_answer_release(&result->answer);
	memory_release(result->secrets);
	memory_release(result->findings);
	buf_release(&result->key);
	buf_release(&result->near);
	diagnosis_release(&result->diagnosis);
}

/* --- the Secrets --- */

/* Whether the Pod's list is that of its ServiceAccount: then it was copied from there. */
static bool are_alike(const struct inventory_pod *pod, const struct inventory_pod *account)
{
	if (!pod->count || account->count != pod->count)
		return false;
	for (size_t i = 0; i < pod->count; i++)
		if (strcmp(account->pulls[i].name, pod->pulls[i].name) != 0)
			return false;
	return true;
}

/* Whether `name` is one of `absent`, names joined by ", ". */
static bool is_said_absent(const char *absent, const char *name)
{
	size_t len = strlen(name);

	for (; *absent; absent += strspn(absent, ", ")) {
		size_t word = strcspn(absent, ", ");

		if (word == len && memcmp(absent, name, len) == 0)
			return true;
		absent += word;
	}
	return false;
}

static enum diagnosis_state state_of(const struct why_case *result,
                                     const struct inventory_pull *pull, const char **detail)
{
	const struct why_gathering *gathering = result->gathering;
	const struct waiting_pod *pod = result->waiting->pod;
	struct inventory_secret secret;

	if (pull->state != INVENTORY_FOUND && pull->state != INVENTORY_TYPE) {
		if (is_said_absent(pod->absent, pull->name))
			return DIAGNOSIS_ABSENT;
		return pull->state == INVENTORY_UNKNOWN ||
		               why_is_unread(gathering, pod->ns, pull->name)
		           ? DIAGNOSIS_UNREAD
		           : DIAGNOSIS_ABSENT;
	}
	secret = inventory_secret(gathering->inventory, pull->secret);
	*detail = pull->state == INVENTORY_TYPE ? secret.type : secret.problem;
	if (pull->state == INVENTORY_TYPE)
		return secret.has_payload ? DIAGNOSIS_IGNORED : DIAGNOSIS_FOREIGN;
	return secret.problem   ? DIAGNOSIS_BROKEN
	       : secret.unknown ? DIAGNOSIS_UNREAD
	                        : DIAGNOSIS_READ;
}

/* Where the findings in a file of check's begin: they are sorted by it. */
static size_t lower_bound(const struct check *check, size_t file)
{
	size_t low = 0, high = check_results(check)->finding_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (check_results(check)->findings[middle].file < file)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What check found in a Secret. */
static void add_findings(struct why_case *result, const char *secret)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
	const struct why_gathering *gathering = result->gathering;
	size_t count = check_results(gathering->check)->finding_count;
	uint32_t file;

	buf_append_format(&key, "%s/%s", result->waiting->pod->ns, secret);
	if (!string_list_find(&gathering->checked, buf_view(&key), &file))
		return;
	for (size_t i = lower_bound(gathering->check, file);
	     i < count && check_results(gathering->check)->findings[i].file == file; i++) {
		memory_extend(&result->findings, result->finding_count, &result->finding_capacity,
		              sizeof *result->findings);
		result->findings[result->finding_count++] =
		    (struct why_finding){&check_results(gathering->check)->findings[i], secret,
		                         subjects_file(&gathering->sources, file)};
	}
}

/* --update refuses a bare map of registries, but --from-file reads it. */
static const char *old_key(const struct why_case *result, const struct inventory_pull *pull)
{
	if (pull->state != INVENTORY_FOUND)
		return NULL;
	if (inventory_secret(result->gathering->inventory, pull->secret).kind ==
	    PULL_SECRET_DOCKERCFG)
		return ".dockercfg";
	for (size_t i = 0; i < result->finding_count; i++)
		if (strcmp(result->findings[i].secret, pull->name) == 0 &&
		    result->findings[i].finding->rule == CHECK_CONFIG_LEGACY_SHAPE)
			return ".dockerconfigjson";
	return NULL;
}

static void list_secrets(struct why_case *result)
{
	CLEANUP(inventory_pod_release) struct inventory_pod account = INVENTORY_POD_INIT;
	bool from_account;

	inventory_pod_of_its_account(result->gathering->inventory, result->waiting->pod->number,
	                             &account);
	from_account = are_alike(&result->pod, &account);
	if (account.count && !result->waiting->pod->secret_count)
		result->facts.late = account.pulls[0].name;
	result->secrets = memory_acquire((result->pod.count + 1) * sizeof *result->secrets);
	for (size_t i = 0; i < result->pod.count; i++) {
		const struct inventory_pull *pull = &result->pod.pulls[i];
		struct diagnosis_secret *secret = &result->secrets[i];

		*secret =
		    (struct diagnosis_secret){.name = pull->name, .from_account = from_account};
		secret->state = state_of(result, pull, &secret->detail);
		add_findings(result, pull->name);
		secret->old_key = old_key(result, pull);
	}
}

/* --- match and check --- */

/* The entry that nearly matches, if it says what to change. */
static void find_near(struct why_case *result)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	size_t entry;

	if (result->verdict == INVENTORY_INVALID || result->verdict == INVENTORY_BROKEN ||
	    result->answer.match_count ||
	    !keyring_nearest(result->pod.keyring, &result->answer, &entry, 1))
		return;
	keyring_explain(result->pod.keyring, &result->answer, entry, &note);
	registry_key_display(&result->near, keyring_entry(result->pod.keyring, entry).registry);
	buf_append_format(&result->near, ": %s%s%s", note.sentence.data, note.hint.len ? "; " : "",
	                  note.hint.data);
	result->facts.near_is_slip = note.fix == KEYRING_FIX_TYPO;
}

/* What may be why a login is refused. */
static bool is_a_cause(enum check_rule rule)
{
	static const enum check_rule causes[] = {
	    CHECK_TOKEN_EXPIRED,       CHECK_SECRET_PLACEHOLDER, CHECK_CREDENTIAL_DOUBTFUL,
	    CHECK_AUTH_NEWLINE,        CHECK_AUTH_MISMATCH,      CHECK_TOKEN_PROVIDER,
	    CHECK_IDENTITY_TOKEN_ONLY, CHECK_USERNAME_PROVIDER,  CHECK_TOKEN_SHORT_LIVED};

	for (size_t i = 0; i < COUNT(causes); i++)
		if (causes[i] == rule)
			return true;
	return false;
}

/* The worst of that kind in the matched Secret. */
static const char *find_finding(const struct why_case *result)
{
	const struct check_finding *worst = NULL;

	for (size_t i = 0; result->facts.matched && i < result->finding_count; i++) {
		const struct check_finding *finding = result->findings[i].finding;

		if (strcmp(result->findings[i].secret, result->facts.matched) == 0 &&
		    is_a_cause(finding->rule) && (!worst || finding->severity < worst->severity))
			worst = finding;
	}
	return worst ? worst->message : "";
}

/* --- the whole --- */

static void match(struct why_case *result)
{
	const struct inventory *inventory = result->gathering->inventory;
	const char *image = result->waiting->image;

	result->verdict = inventory_judge(inventory, &result->pod, view_of(image), false,
	                                  &result->answer, &result->invalid);
	if (result->verdict == INVENTORY_BROKEN)
		result->answer.match_count = 0; /* nothing is tried */
	result->match = (struct match_result){.inventory = inventory,
	                                      .pod = &result->pod,
	                                      .workload = result->waiting->pod->number,
	                                      .subjects = &result->gathering->sources,
	                                      .image = image,
	                                      .verdict = result->verdict,
	                                      .answer = &result->answer,
	                                      .invalid = &result->invalid};
	if (result->verdict != INVENTORY_INVALID && result->answer.match_count) {
		struct keyring_entry entry =
		    keyring_entry(result->pod.keyring, result->answer.matches[0].entry);

		result->facts.matched = inventory_secret(inventory, entry.secret).name;
		result->facts.username = entry.username;
		registry_key_display(&result->key, entry.registry);
	}
	find_near(result);
}

void why_explain(const struct why_gathering *gathering, const struct waiting *waiting,
                 struct why_case *result)
{
	struct diagnosis_facts *facts = &result->facts;

	result->gathering = gathering;
	result->waiting = waiting;
	result->question =
	    gathering->questions ? gathering->questions[waiting - gathering->waiting.items] : NULL;
	*facts = (struct diagnosis_facts){
	    .waiting = waiting,
	    .program = help_program(),
	    .account = waiting->pod->account,
	    .username = VIEW_EMPTY,
	    .from_here = result->question ? &result->question->verdict : NULL,
	};
	inventory_pod_of(gathering->inventory, waiting->pod->number, &result->pod);
	list_secrets(result);
	match(result);
	facts->secrets = result->secrets;
	facts->secret_count = result->pod.count;
	facts->usable = keyring_answer_is_usable(result->pod.keyring, &result->answer);
	facts->key = buf_view(&result->key);
	facts->near = result->near.data;
	facts->finding = find_finding(result);
	diagnose(facts, &result->diagnosis);
}

/* --- asking the registries --- */

/* What makes two questions one: the image, and the Secrets. */
static void append_question(const struct why_case *result, struct buf *out)
{
	buf_append_format(out, "%s %s", result->waiting->image, result->waiting->pod->ns);
	for (size_t i = 0; i < result->pod.count; i++)
		buf_append_format(out, " %s", result->secrets[i].name);
}

bool why_verify(struct why_gathering *gathering, struct error *error)
{
	CLEANUP(string_list_release) struct string_list asked = STRING_LIST_INIT;
	size_t count = gathering->waiting.count;
	struct inquiry_question **questions =
	    memory_acquire((count + 1) * sizeof(struct inquiry_question *));

	gathering->inquiry.options = &gathering->request->asking;
	gathering->inquiry.inventory = gathering->inventory;
	gathering->inquiry.subjects = &gathering->sources;
	for (size_t i = 0; i < count; i++) {
		CLEANUP(why_case_release) struct why_case result = WHY_CASE_INIT;
		CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
		size_t known = asked.count, number;

		questions[i] = NULL;
		why_explain(gathering, &gathering->waiting.items[i], &result);
		if (result.verdict == INVENTORY_INVALID || result.verdict == INVENTORY_BROKEN)
			continue;
		append_question(&result, &key);
		number = string_list_number(&asked, buf_view(&key));
		if (number == known)
			inquiry_add_matches(
			    inquiry_add_image(&gathering->inquiry, result.waiting->image),
			    result.pod.keyring, &result.answer);
		questions[i] = gathering->inquiry.questions[number];
	}
	gathering->questions = questions;
	return inquiry_run(&gathering->inquiry, &gathering->request->reading.common.report, error);
}
