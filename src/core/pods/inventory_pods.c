/* What a Pod pulls with, and what that means for an image. */
#include <stdlib.h>
#include <string.h>

#include "inventory_facts.h"
#include "regcred/base/memory.h"
#include "regcred/manifest/templated.h"

enum {
	LOOKED_AT_MAX = 1000, /* objects of one name: with more, anything may be meant */
	VARIANTS_MAX = 16,    /* that differ, of one name */
	REASONS_MAX = 20,
};

/* ---- Finding by name and namespace ---- */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Sorted by name, how sure the namespace is, namespace, standing, number. */
static int compare_facts(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int order = compare(x->name, y->name);

	order = order ? order : compare(x->class, y->class);
	order = order ? order : compare(x->ns, y->ns);
	order = order ? order : compare(x->standing, y->standing);
	return order ? order : compare(x->number, y->number);
}

static void sort_facts(struct facts *facts)
{
	if (facts->count)
		qsort(facts->items, facts->count, sizeof *facts->items, compare_facts);
}

void inventory_sort(struct inventory *inventory)
{
	if (inventory->sorted)
		return;
	sort_facts(&inventory->secret_facts);
	sort_facts(&inventory->account_facts);
	string_list_release(&inventory->questions);
	arena_reset(&inventory->variants);
	inventory->answer_count = 0;
	memory_release(inventory->with_secrets);
	inventory->with_secrets = NULL;
	inventory->sorted = true;
}

/* The first fact that is not before this one. */
static size_t lower_bound(const struct facts *facts, const struct fact *fact)
{
	size_t low = 0, high = facts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_facts(&facts->items[middle], fact) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Those of a name in a class of namespaces. */
static struct range range_of_class(const struct facts *facts, uint32_t name, uint8_t class)
{
	const struct fact first = {.name = name, .class = class};
	const struct fact behind = {.name = name, .class = (uint8_t)(class + 1)};

	return (struct range){lower_bound(facts, &first), lower_bound(facts, &behind)};
}

/* And in one namespace alone. */
static struct range range_in(const struct facts *facts, uint32_t name, uint8_t class, uint32_t ns)
{
	const struct fact first = {.name = name, .class = class, .ns = ns};
	const struct fact behind = {.name = name, .class = class, .ns = ns + 1};

	return (struct range){lower_bound(facts, &first), lower_bound(facts, &behind)};
}

enum { TIERS = 5 };

/* What agrees with a namespace: the tiers that surely do, the better first, then those that
 * may. */
struct agreeing {
	struct range tiers[TIERS];
	size_t sure, count;
};

static struct agreeing find_agreeing(const struct inventory *inventory, const struct facts *facts,
                                     uint32_t name, uint32_t ns)
{
	struct range absent = range_of_class(facts, name, NS_ABSENT);
	struct range plain = range_of_class(facts, name, NS_PLAIN);
	struct range templated = range_of_class(facts, name, NS_TEMPLATED);
	struct range everywhere = range_of_class(facts, name, NS_EVERYWHERE);

	switch (inventory_class_of(inventory_text_of(inventory, ns))) {
	case NS_ABSENT:
		return (struct agreeing){{absent, plain, templated, everywhere}, 4, 4};
	case NS_TEMPLATED:
		return (struct agreeing){
		    {range_in(facts, name, NS_TEMPLATED, ns), absent, everywhere, plain, templated},
		    3,
		    5};
	default:
		return (struct agreeing){
		    {range_in(facts, name, NS_PLAIN, ns), absent, everywhere, templated}, 3, 4};
	}
}

static bool is_empty(struct range range)
{
	return range.from == range.to;
}

bool any_agrees(const struct inventory *inventory, const struct facts *facts, uint32_t name,
                uint32_t ns)
{
	struct agreeing agreeing = find_agreeing(inventory, facts, name, ns);

	for (size_t i = 0; i < agreeing.count; i++)
		if (!is_empty(agreeing.tiers[i]))
			return true;
	return false;
}

/* ---- What a name means ---- */

static bool are_alike(const struct inventory *inventory, size_t a, size_t b)
{
	const struct inventory_secret *one = &inventory->secrets[a],
	                              *other = &inventory->secrets[b];

	return one->content == other->content && one->unknown == other->unknown &&
	       one->problem == other->problem;
}

/* The Secrets that a name may refer to; of equal ones, one. */
struct variants {
	size_t items[VARIANTS_MAX];
	size_t count;
	bool too_many;
};

static void add_variant(const struct inventory *inventory, struct variants *variants, size_t secret)
{
	for (size_t i = 0; i < variants->count; i++) {
		if (!are_alike(inventory, variants->items[i], secret))
			continue;
		if (inventory->secrets[variants->items[i]].ns == inventory->secrets[secret].ns)
			variants->items[i] = secret;
		return;
	}
	if (variants->count == VARIANTS_MAX)
		variants->too_many = true;
	else
		variants->items[variants->count++] = secret;
}

/* The first namespace in byte order, and of one namespace the last: it replaces the others
 * when all are applied. */
static bool is_taken_before(const struct inventory *inventory, size_t a, size_t b)
{
	int order = strcmp(inventory->secrets[a].ns, inventory->secrets[b].ns);

	return order < 0 || (order == 0 && a > b);
}

static void keep_variants(struct inventory *inventory, const struct variants *variants,
                          struct inventory_pull *pull)
{
	size_t size = variants->count * sizeof *variants->items;
	size_t *kept = arena_take_aligned(&inventory->variants, size);

	memcpy(kept, variants->items, size);
	for (size_t i = 1; i < variants->count; i++) {
		if (is_taken_before(inventory, kept[i], kept[0])) {
			size_t first = kept[0];

			kept[0] = kept[i];
			kept[i] = first;
		}
	}
	pull->state = INVENTORY_FOUND;
	pull->secret = kept[0];
	pull->variants = kept;
	pull->variant_count = variants->count;
}

/* Whether the tier decides. */
static bool settle_in(struct inventory *inventory, struct range tier, struct inventory_pull *pull)
{
	struct variants variants = {.too_many = tier.to - tier.from > LOOKED_AT_MAX};
	const struct fact *made = NULL;

	for (size_t i = tier.from; i < tier.to && !variants.too_many; i++) {
		const struct fact *fact = &inventory->secret_facts.items[i];

		if (fact->standing == STANDING_PULL)
			add_variant(inventory, &variants, fact->number);
		else if (fact->standing == STANDING_MADE)
			made = fact;
	}
	if (variants.too_many)
		pull->state = INVENTORY_UNKNOWN;
	else if (variants.count)
		keep_variants(inventory, &variants, pull);
	else if (made)
		*pull = (struct inventory_pull){
		    .state = INVENTORY_MADE, .secret = INVENTORY_NONE, .maker = made->maker};
	return variants.too_many || variants.count || made;
}

/* OpenShift makes one for each ServiceAccount: NAME-dockercfg-XXXXX. */
static bool is_openshift_name(const char *name)
{
	static const char middle[] = "-dockercfg-";
	size_t len = strlen(name), tail = 5;
	const char *end = name + len - tail;

	if (len <= sizeof middle - 1 + tail ||
	    strspn(end, "abcdefghijklmnopqrstuvwxyz0123456789") != tail)
		return false;
	return memcmp(end - (sizeof middle - 1), middle, sizeof middle - 1) == 0;
}

static bool settle_type(const struct inventory *inventory, const struct agreeing *agreeing,
                        struct inventory_pull *pull)
{
	for (size_t i = 0; i < agreeing->sure; i++) {
		if (is_empty(agreeing->tiers[i]))
			continue;
		pull->state = INVENTORY_TYPE;
		pull->secret = inventory->secret_facts.items[agreeing->tiers[i].from].number;
		return true;
	}
	return false;
}

/* Another namespace that has the Secret, or will. */
static const char *find_elsewhere(const struct inventory *inventory, uint32_t name)
{
	struct range range = range_of_class(&inventory->secret_facts, name, NS_PLAIN);

	for (size_t i = range.from; i < range.to && i < range.from + LOOKED_AT_MAX; i++) {
		const struct fact *fact = &inventory->secret_facts.items[i];

		if (fact->standing != STANDING_TYPE || inventory->secrets[fact->number].has_payload)
			return inventory_text_of(inventory, fact->ns);
	}
	return NULL;
}

/* One whose namespace or name is not filled in yet may be it. */
static bool may_be_there(const struct inventory *inventory, uint32_t ns,
                         const struct agreeing *agreeing)
{
	for (size_t i = agreeing->sure; i < agreeing->count; i++)
		if (!is_empty(agreeing->tiers[i]))
			return true;
	return any_agrees(inventory, &inventory->secret_facts, NAMELESS, ns);
}

static void settle_missing(const struct inventory *inventory, uint32_t name, uint32_t ns,
                           const struct agreeing *agreeing, struct inventory_pull *pull)
{
	pull->state = INVENTORY_MISSING;
	pull->secret = INVENTORY_NONE;
	if (is_openshift_name(inventory_text_of(inventory, name))) {
		pull->state = INVENTORY_MADE;
		pull->maker = "OpenShift";
	} else if (may_be_there(inventory, ns, agreeing)) {
		pull->state = INVENTORY_UNKNOWN;
	} else {
		pull->elsewhere = find_elsewhere(inventory, name);
	}
}

static struct inventory_pull resolve(struct inventory *inventory, uint32_t name, uint32_t ns)
{
	struct agreeing agreeing = find_agreeing(inventory, &inventory->secret_facts, name, ns);
	struct inventory_pull pull = {.secret = INVENTORY_NONE};

	for (size_t i = 0; i < agreeing.sure; i++)
		if (settle_in(inventory, agreeing.tiers[i], &pull))
			return pull;
	if (!settle_type(inventory, &agreeing, &pull))
		settle_missing(inventory, name, ns, &agreeing, &pull);
	return pull;
}

/* Many Pods name the same few Secrets. */
static struct inventory_pull resolve_once(struct inventory *inventory, const char *name,
                                          const char *ns)
{
	const uint32_t question[2] = {inventory_text(inventory, name),
	                              inventory_text(inventory, ns)};
	uint32_t number;

	if (value_is_templated(name, strlen(name)))
		return (struct inventory_pull){.state = INVENTORY_UNKNOWN,
		                               .secret = INVENTORY_NONE};
	number = string_list_number(&inventory->questions,
	                            (struct view){(const char *)question, sizeof question});
	if (number == inventory->answer_count) {
		struct inventory_pull pull = resolve(inventory, question[0], question[1]);

		memory_extend(&inventory->answers, inventory->answer_count,
		              &inventory->answer_capacity, sizeof pull);
		inventory->answers[inventory->answer_count++] = pull;
	}
	return inventory->answers[number];
}

bool inventory_has_pull_secret(struct inventory *inventory, const char *ns, const char *name)
{
	inventory_sort(inventory);
	return resolve_once(inventory, name, ns).state == INVENTORY_FOUND;
}

/* ---- Why something is not known ---- */

static void add_reason(struct inventory_pod *pod, const char *reason)
{
	pod->unknown = true;
	if (pod->reasons.count < REASONS_MAX)
		string_list_add(&pod->reasons,
		                pod->reasons.count == REASONS_MAX - 1 ? "and more" : reason);
}

static void add_reason_of(struct inventory_pod *pod, const char *what, const char *name,
                          const char *why, const char *more)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT(BUF_CONFIG_MAX);

	buf_append_format(&reason, "%s \"%s\" %s%s", what, name, why, more);
	add_reason(pod, reason.data);
}

static void explain_pull(struct inventory *inventory, const struct inventory_pull *pull,
                         struct inventory_pod *pod)
{
	bool unknown = pod->unknown;

	if (pull->variant_count > 1) {
		add_reason_of(pod, "Secret", pull->name,
		              "appears more than once, with different contents", "");
		pod->unknown = unknown; /* each can be looked at */
		pod->varies = true;
	} else if (pull->state == INVENTORY_FOUND && inventory->secrets[pull->secret].unknown) {
		add_reason_of(pod, "Secret", pull->name, "is encrypted, or not filled in yet", "");
	} else if (pull->state == INVENTORY_MADE) {
		add_reason_of(pod, "Secret", pull->name, "is made by ", pull->maker);
	} else if (pull->state == INVENTORY_UNKNOWN) {
		add_reason_of(pod, "Secret", pull->name,
		              "has a name or namespace that is not filled in yet", "");
	}
}

/* ---- A Pod ---- */

static void add_to_keyring(struct inventory *inventory, size_t number, bool certain,
                           struct inventory_pod *pod)
{
	const struct inventory_secret *secret = &inventory->secrets[number];

	if (!secret->problem)
		keyring_add(pod->keyring, secret->content, number);
	else if (certain)
		pod->broken = true;
}

static void add_pull(struct inventory *inventory, struct inventory_pull pull,
                     struct inventory_pod *pod)
{
	memory_extend(&pod->pulls, pod->count, &pod->capacity, sizeof pull);
	pod->pulls[pod->count++] = pull;
	explain_pull(inventory, &pull, pod);
	if (pull.state == INVENTORY_FOUND)
		add_to_keyring(inventory, pull.secret, pull.variant_count < 2, pod);
}

static void add_list(struct inventory *inventory, size_t first, size_t count, const char *ns,
                     struct inventory_pod *pod)
{
	for (size_t i = first; i < first + count; i++) {
		const struct inventory_image *mention = &inventory->mentions[i];
		struct inventory_pull pull = resolve_once(inventory, mention->text, ns);

		pull.name = mention->text;
		pull.place = mention->place;
		add_pull(inventory, pull, pod);
	}
}

static bool lists_are_alike(const struct inventory *inventory, const struct account_fact *a,
                            const struct account_fact *b)
{
	if (a->secret_count != b->secret_count)
		return false;
	for (size_t i = 0; i < a->secret_count; i++)
		if (inventory->mentions[a->first + i].text !=
		    inventory->mentions[b->first + i].text)
			return false;
	return true;
}

/* The last one replaces the others of its name and namespace when all are applied; where it
 * is not clear that they are of one namespace, they may be several. */
static void add_of_accounts(struct inventory *inventory, struct range range,
                            const struct inventory_workload *workload, struct inventory_pod *pod)
{
	const struct fact *facts = inventory->account_facts.items;
	const struct account_fact *last = &inventory->accounts[facts[range.to - 1].number];
	size_t from = range.to - range.from > LOOKED_AT_MAX ? range.to - LOOKED_AT_MAX : range.from;

	pod->account_found = pod->from_account = true;
	for (size_t i = from; i < range.to; i++) {
		if (!lists_are_alike(inventory, &inventory->accounts[facts[i].number], last)) {
			add_reason_of(
			    pod, "ServiceAccount", inventory_text_of(inventory, facts[i].name),
			    "appears more than once, with different imagePullSecrets", "");
			break;
		}
	}
	add_list(inventory, last->first, last->secret_count, workload->ns, pod);
}

static void add_of_account(struct inventory *inventory, const struct inventory_workload *workload,
                           struct inventory_pod *pod)
{
	const char *name = workload->account;
	struct agreeing agreeing;

	if (value_is_templated(name, strlen(name))) {
		add_reason(pod, "the name of the ServiceAccount is not filled in yet");
		return;
	}
	agreeing =
	    find_agreeing(inventory, &inventory->account_facts, inventory_text(inventory, name),
	                  inventory_text(inventory, workload->ns));
	for (size_t i = 0; i < agreeing.count; i++) {
		if (is_empty(agreeing.tiers[i]))
			continue;
		if (i < agreeing.sure)
			add_of_accounts(inventory, agreeing.tiers[i], workload, pod);
		else
			add_reason_of(pod, "ServiceAccount", name,
			              "has a namespace that is not filled in yet", "");
		return;
	}
}

static void add_bare(struct inventory *inventory, struct inventory_pod *pod)
{
	for (size_t i = 0; i < inventory->bare_count; i++)
		add_pull(inventory,
		         (struct inventory_pull){.name = "",
		                                 .state = INVENTORY_FOUND,
		                                 .secret = inventory->bare[i],
		                                 .variants = &inventory->bare[i],
		                                 .variant_count = 1},
		         pod);
}

static void begin(struct inventory *inventory, struct inventory_pod *pod)
{
	inventory_sort(inventory);
	inventory_pod_release(pod);
	pod->keyring = keyring_new(inventory->store);
}

void inventory_pod_of(struct inventory *inventory, size_t number, struct inventory_pod *pod)
{
	const struct inventory_workload *workload = &inventory->workloads[number];
	bool own = workload->secret_count || workload->lists || workload->admitted;

	if (!own && inventory->sorted && pod->account == workload->account &&
	    pod->ns == workload->ns)
		return;
	begin(inventory, pod);
	if (own) {
		add_list(inventory, workload->first, workload->secret_count, workload->ns, pod);
	} else {
		add_of_account(inventory, workload, pod);
		pod->account = workload->account;
		pod->ns = workload->ns;
	}
	add_bare(inventory, pod);
}

void inventory_pod_of_its_account(struct inventory *inventory, size_t number,
                                  struct inventory_pod *pod)
{
	begin(inventory, pod);
	add_of_account(inventory, &inventory->workloads[number], pod);
}

void inventory_pod_of_account(struct inventory *inventory, size_t number, struct inventory_pod *pod)
{
	const struct account_fact *account = &inventory->accounts[number];

	begin(inventory, pod);
	add_list(inventory, account->first, account->secret_count, account->ns, pod);
}

/* What is made is not known, unless the same Secret is there. */
static void add_all_made(struct inventory *inventory, struct inventory_pod *pod)
{
	const struct facts *facts = &inventory->secret_facts;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];
		bool is_there = i && fact[-1].name == fact->name && fact[-1].ns == fact->ns &&
		                fact[-1].class == fact->class;

		if (fact->standing == STANDING_MADE && fact->class != NS_EVERYWHERE &&
		    fact->name != NAMELESS && !is_there)
			add_reason_of(pod, "Secret", inventory_text_of(inventory, fact->name),
			              "is made by ", fact->maker);
	}
}

void inventory_pod_of_all(struct inventory *inventory, struct inventory_pod *pod)
{
	begin(inventory, pod);
	for (size_t i = 0; i < inventory->secret_count; i++) {
		struct inventory_pull pull = {
		    .name = inventory->secrets[i].name,
		    .secret = i,
		    .state = INVENTORY_FOUND,
		};

		if (inventory->secrets[i].kind == PULL_SECRET_OTHER)
			continue;
		add_pull(inventory, pull, pod);
	}
	add_all_made(inventory, pod);
}

bool inventory_pod_failure(const struct inventory *inventory, const struct inventory_pod *pod,
                           size_t number, size_t *secret, const char **message)
{
	for (size_t i = 0; i < pod->count; i++) {
		const struct inventory_pull *pull = &pod->pulls[i];

		if (pull->state != INVENTORY_FOUND || pull->variant_count > 1 ||
		    !inventory->secrets[pull->secret].problem || number--)
			continue;
		*secret = pull->secret;
		*message = inventory->secrets[pull->secret].problem;
		return true;
	}
	return false;
}

void inventory_pod_release(struct inventory_pod *pod)
{
	keyring_free(&pod->keyring);
	memory_release(pod->pulls);
	string_list_release(&pod->reasons);
	*pod = INVENTORY_POD_INIT;
}

/* ---- An image ---- */

bool inventory_serves(const struct inventory *inventory, size_t number, struct view image)
{
	CLEANUP(keyring_free) struct keyring *keyring = keyring_new(inventory->store);
	CLEANUP(keyring_answer_release) struct keyring_answer answer = KEYRING_ANSWER_INIT;
	const struct inventory_secret *secret = &inventory->secrets[number];
	struct error error;

	if (secret->problem || secret->unknown)
		return secret->unknown;
	keyring_add(keyring, secret->content, number);
	return keyring_lookup(keyring, image, &answer, &error) &&
	       keyring_answer_is_usable(keyring, &answer);
}

/* Whether the image is served whichever of the variants is the one, or by none of them. */
static enum inventory_verdict judge_variants(const struct inventory *inventory,
                                             const struct inventory_pod *pod, struct view image,
                                             enum inventory_verdict otherwise)
{
	enum inventory_verdict verdict = otherwise;

	for (size_t i = 0; i < pod->count; i++) {
		const struct inventory_pull *pull = &pod->pulls[i];
		size_t serving = 0, unknown = 0;

		for (size_t j = 0; j < pull->variant_count; j++) {
			serving += inventory_serves(inventory, pull->variants[j], image);
			unknown += inventory->secrets[pull->variants[j]].unknown;
		}
		if (serving && !unknown && serving == pull->variant_count)
			return INVENTORY_YES;
		if (serving)
			verdict = INVENTORY_OPEN;
	}
	return verdict;
}

static enum inventory_verdict judge_answer(const struct inventory_pod *pod,
                                           const struct keyring_answer *answer)
{
	if (keyring_answer_is_usable(pod->keyring, answer))
		return INVENTORY_YES;
	if (pod->unknown)
		return INVENTORY_OPEN;
	return answer->match_count ? INVENTORY_UNUSABLE : INVENTORY_NO;
}

enum inventory_verdict inventory_judge(const struct inventory *inventory,
                                       const struct inventory_pod *pod, struct view image,
                                       bool unknown, struct keyring_answer *answer,
                                       struct error *invalid)
{
	enum inventory_verdict verdict;

	answer->match_count = 0;
	buf_reset(&answer->repository);
	if (unknown)
		return INVENTORY_OPEN;
	if (!keyring_lookup(pod->keyring, image, answer, invalid))
		return INVENTORY_INVALID;
	if (pod->broken)
		return INVENTORY_BROKEN;
	verdict = judge_answer(pod, answer);
	return pod->varies ? judge_variants(inventory, pod, image,
	                                    verdict == INVENTORY_YES ? INVENTORY_NO : verdict)
	                   : verdict;
}
