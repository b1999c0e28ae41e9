#include "check_reference.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"

/* ---- Finding by name and namespace ---- */

/* What is known of a namespace, by the number of its name. */
enum {
	HAS_PULL_SECRET = 1, /* so those that Pods use are expected among the objects */
	HAS_NAMELESS = 2,    /* a Secret whose name is not known: it may be any */
};

/* A name that may be meant by another. */
struct candidate {
	uint64_t bytes; /* which of them it holds, in 64 classes */
	uint32_t name, len;
};

struct candidates {
	struct candidate *items;
	size_t count, capacity;
};

enum {
	CACHE_SIZE = 1024,
	EFFORT_MAX = 500 * 1000 * 1000, /* for names that may be meant */
	EFFORT_OF_MEASURING = 64,       /* beside a look at what bytes a name has */
	VARIANTS_MAX = 1000,            /* of one name: then anything may be meant */
	SET_MAX = 64,                   /* pull secrets of a Pod with all their variants */
};

enum verdict { VERDICT_FINE, VERDICT_TYPE, VERDICT_NAMESPACE, VERDICT_MISSING, VERDICT_UNJUDGED };

struct resolved {
	uint32_t name, namespace; /* what was looked for */
	enum verdict verdict;
	uint32_t secret; /* of TYPE and NAMESPACE: which one */
	uint32_t close;  /* of MISSING: a name that may be meant; 0: none */
};

/* The best Secret of a name in any namespace, of which there may be very many. */
struct best_anywhere {
	uint32_t name, best; /* `best` counts from 1; 0: not looked for yet */
};

struct resolver {
	struct check *check;
	struct check_references *references;
	struct check_images *images;
	bool complete;
	unsigned char *namespaces; /* by number, as above; [0] is of those without one */
	unsigned char anywhere;    /* of all */
	uint32_t *accounts;        /* numbers of consumers, by name and namespace */
	size_t account_count;
	struct candidates secret_names, account_names;
	size_t effort; /* spent on names that may be meant */
	bool starved;  /* there was no memory for a hint */
	struct pull_set set;
	struct resolved cache[CACHE_SIZE];
	struct best_anywhere anywhere_cache[CACHE_SIZE];
};

static void resolver_release(struct resolver **resolver)
{
	if (!*resolver)
		return;
	check_images_free(&(*resolver)->images);
	memory_release((*resolver)->namespaces);
	memory_release((*resolver)->accounts);
	memory_release((*resolver)->secret_names.items);
	memory_release((*resolver)->account_names.items);
	memory_release((*resolver)->set.keys);
	memory_release(*resolver);
	*resolver = NULL;
}

static int compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare_secrets(const void *a, const void *b)
{
	const struct secret_fact *x = a, *y = b;
	int order = compare(x->name, y->name);

	if (order == 0)
		order = compare(x->namespace, y->namespace);
	if (order == 0)
		order = compare(x->standing, y->standing);
	if (order == 0)
		order = compare(x->keys, y->keys);
	return order ? order : compare(x->type, y->type);
}

static int compare_accounts(const void *a, const void *b, void *context)
{
	const struct consumer *consumers = context;
	const struct consumer *x = &consumers[*(const uint32_t *)a];
	const struct consumer *y = &consumers[*(const uint32_t *)b];
	int order = compare(x->name, y->name);

	if (order == 0)
		order = compare(x->namespace, y->namespace);
	return order ? order : compare(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* The first of `count` sorted things that is not before (name, namespace). */
typedef int order_at(const struct resolver *resolver, size_t index, uint32_t name,
                     uint32_t namespace);

static int order_of_secret(const struct resolver *resolver, size_t index, uint32_t name,
                           uint32_t namespace)
{
	const struct secret_fact *secret = &resolver->references->secrets[index];
	int order = compare(secret->name, name);

	return order ? order : compare(secret->namespace, namespace);
}

static int order_of_account(const struct resolver *resolver, size_t index, uint32_t name,
                            uint32_t namespace)
{
	const struct consumer *account =
	    &resolver->references->consumers[resolver->accounts[index]];
	int order = compare(account->name, name);

	return order ? order : compare(account->namespace, namespace);
}

static size_t lower_bound(const struct resolver *resolver, order_at *order, size_t count,
                          uint32_t name, uint32_t namespace)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order(resolver, middle, name, namespace) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct range {
	size_t from, to;
};

/* Those of that name in that namespace; UNKNOWN: in any. */
static struct range range_of(const struct resolver *resolver, order_at *order, uint32_t name,
                             uint32_t namespace)
{
	size_t count =
	    order == order_of_secret ? resolver->references->secret_count : resolver->account_count;
	uint32_t first = namespace == UNKNOWN ? 0 : namespace;

	return (struct range){lower_bound(resolver, order, count, name, first),
	                      namespace == UNKNOWN
	                          ? lower_bound(resolver, order, count, name + 1, 0)
	                          : lower_bound(resolver, order, count, name, namespace + 1)};
}

/* Those whose namespace agrees: the same, or absent on either side. Two ranges, of
 * which one may be empty. */
static void agreeing(const struct resolver *resolver, order_at *order, uint32_t name,
                     uint32_t namespace, struct range ranges[2])
{
	if (namespace == 0) {
		ranges[0] = range_of(resolver, order, name, UNKNOWN);
		ranges[1] = (struct range){0, 0};
	} else {
		ranges[0] = range_of(resolver, order, name, namespace);
		ranges[1] = range_of(resolver, order, name, 0);
	}
}

static bool is_near_by(const struct resolver *resolver, order_at *order, uint32_t name,
                       uint32_t namespace)
{
	struct range ranges[2];

	agreeing(resolver, order, name, namespace, ranges);
	return ranges[0].from < ranges[0].to || ranges[1].from < ranges[1].to;
}

/* ---- Names that may be meant ---- */

static uint64_t bytes_of(struct view text)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < text.len; i++)
		bytes |= UINT64_C(1) << ((unsigned char)text.data[i] & 63);
	return bytes;
}

static bool add_candidate(struct resolver *resolver, struct candidates *candidates, uint32_t name)
{
	struct view text = intern_text(&resolver->references->texts, name);

	if (name == UNKNOWN || name == 0 ||
	    (candidates->count && candidates->items[candidates->count - 1].name == name))
		return true;
	memory_extend(&candidates->items, candidates->count, &candidates->capacity,
	              sizeof *candidates->items);
	candidates->items[candidates->count++] =
	    (struct candidate){bytes_of(text), name, (uint32_t)text.len};
	return true;
}

/* An edit adds one byte, takes one away, or both: so two names that are two edits apart
 * differ in four bytes at most. It spares nearly every measuring. */
static bool may_be_near(const struct candidate *candidate, uint64_t bytes, size_t len, size_t limit)
{
	size_t difference = candidate->len > len ? candidate->len - len : len - candidate->len;

	return difference <= limit &&
	       (size_t)__builtin_popcountll(candidate->bytes ^ bytes) <= 2 * limit;
}

static size_t distance_to(const struct resolver *resolver, const struct candidate *candidate,
                          struct view text, size_t limit)
{
	return edit_distance(
	    text.data, intern_text(&resolver->references->texts, candidate->name).data, limit);
}

/* The nearest other name, 0 if none is near; of two as near, the one whose namespace
 * agrees. A hostile number of names gets no more help at some time. */
static uint32_t nearest(struct resolver *resolver, const struct candidates *candidates,
                        order_at *order, uint32_t name, uint32_t namespace)
{
	struct view text = intern_text(&resolver->references->texts, name);
	uint64_t bytes = bytes_of(text);
	size_t limit = text.len < 4 ? 1 : 2, best = 2 * limit + 2;
	uint32_t found = 0;

	resolver->effort += candidates->count;
	for (size_t i = 0; i < candidates->count && resolver->effort < EFFORT_MAX; i++) {
		const struct candidate *candidate = &candidates->items[i];
		size_t distance;

		if (candidate->name == name || !may_be_near(candidate, bytes, text.len, limit))
			continue;
		resolver->effort += EFFORT_OF_MEASURING;
		distance = distance_to(resolver, candidate, text, limit);
		if (distance > limit)
			continue;
		distance = 2 * distance + !is_near_by(resolver, order, candidate->name, namespace);
		if (distance < best) {
			best = distance;
			found = candidate->name;
		}
	}
	return found;
}

/* ---- Judging one reference ---- */

static bool is_expected(const struct resolver *resolver, uint32_t namespace, int what)
{
	int known = namespace ? resolver->namespaces[namespace] | resolver->namespaces[0]
	                      : resolver->anywhere;

	return (known & what) != 0;
}

/* The best of them, or the count of secrets: they are sorted so within a namespace. */
static size_t best_of(const struct resolver *resolver, struct range range)
{
	const struct secret_fact *secrets = resolver->references->secrets;
	size_t best = resolver->references->secret_count;

	for (size_t i = range.from; i < range.to; i++)
		if (best == resolver->references->secret_count ||
		    secrets[i].standing < secrets[best].standing)
			best = i;
	return best;
}

static size_t best_anywhere(struct resolver *resolver, uint32_t name)
{
	struct best_anywhere *cached = &resolver->anywhere_cache[name % CACHE_SIZE];

	if (cached->name != name || !cached->best) {
		cached->name = name;
		cached->best = 1 + (uint32_t)best_of(resolver, range_of(resolver, order_of_secret,
		                                                        name, UNKNOWN));
	}
	return cached->best - 1;
}

static enum verdict judge_found(const struct resolver *resolver, size_t secret)
{
	uint32_t standing = resolver->references->secrets[secret].standing;

	return standing <= STANDING_UNKNOWN ? VERDICT_FINE : VERDICT_TYPE;
}

static void resolve(struct resolver *resolver, struct resolved *resolved)
{
	size_t none = resolver->references->secret_count, best, other;
	struct range ranges[2];

	agreeing(resolver, order_of_secret, resolved->name, resolved->namespace, ranges);
	best = best_of(resolver, ranges[0]);
	other = best_of(resolver, ranges[1]);
	if (best == none || (other != none && judge_found(resolver, other) == VERDICT_FINE))
		best = other;
	resolved->secret = (uint32_t)best;
	if (best != none) {
		resolved->verdict = judge_found(resolver, best);
		return;
	}
	if (is_expected(resolver, resolved->namespace, HAS_NAMELESS)) {
		resolved->verdict = VERDICT_UNJUDGED;
		return;
	}
	best = best_anywhere(resolver, resolved->name);
	if (best != none && resolver->references->secrets[best].standing <= STANDING_MEANT) {
		resolved->secret = (uint32_t)best;
		resolved->verdict = VERDICT_NAMESPACE;
		return;
	}
	resolved->close = nearest(resolver, &resolver->secret_names, order_of_secret,
	                          resolved->name, resolved->namespace);
	resolved->verdict = resolver->complete || resolved->close ||
	                            is_expected(resolver, resolved->namespace, HAS_PULL_SECRET)
	                        ? VERDICT_MISSING
	                        : VERDICT_UNJUDGED;
}

/* Many Pods refer to the same few Secrets. */
static const struct resolved *resolve_cached(struct resolver *resolver, uint32_t name,
                                             uint32_t namespace)
{
	struct resolved *resolved =
	    &resolver->cache[(name * 2654435761u ^ namespace * 40503u) % CACHE_SIZE];

	if (resolved->name != name || resolved->namespace != namespace) {
		*resolved = (struct resolved){.name = name, .namespace = namespace};
		resolve(resolver, resolved);
	}
	return resolved;
}

/* ---- Saying it ---- */

static void check_hint(struct resolver *resolver, const struct buf *hint)
{
	(void)resolver;
	(void)hint;
}

static const char *text_of(const struct resolver *resolver, uint32_t number)
{
	return intern_text(&resolver->references->texts, number).data;
}

/* One of the namespaces that the name stands in. */
static const char *namespace_of(const struct resolver *resolver, order_at *order, uint32_t name)
{
	struct range range = range_of(resolver, order, name, UNKNOWN);

	if (range.from == range.to)
		return "";
	return text_of(
	    resolver,
	    order == order_of_secret
	        ? resolver->references->secrets[range.from].namespace
	        : resolver->references->consumers[resolver->accounts[range.from]].namespace);
}

static void append_namespace(struct buf *out, const char *namespace)
{
	if (*namespace)
		buf_append_format(out, " in namespace \"%s\"", namespace);
}

static void append_close(const struct resolver *resolver, order_at *order, uint32_t close,
                         uint32_t namespace, struct buf *hint)
{
	buf_append_format(hint, "did you mean \"%s\"?", text_of(resolver, close));
	if (is_near_by(resolver, order, close, namespace))
		return;
	buf_append_string(hint, " It is");
	append_namespace(hint, namespace_of(resolver, order, close));
	buf_append_string(hint, ", and a Pod takes Secrets from its own alone");
}

static void say_missing(struct resolver *resolver, const struct consumer *consumer,
                        const struct mention *mention, const struct resolved *resolved)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_NAME_MAX);
	CLEANUP(buf_release) struct buf place = BUF_INIT(BUF_NAME_MAX);

	append_namespace(&place, text_of(resolver, resolved->namespace));
	if (resolved->close)
		append_close(resolver, order_of_secret, resolved->close, resolved->namespace,
		             &hint);
	else
		buf_append_string(&hint, "the kubelet pulls without a Secret that is not there: "
		                         "make it, or correct the name");
	check_hint(resolver, &hint);
	check_hint(resolver, &place);
	check_report(resolver->check, consumer_origin(consumer), CHECK_REF_MISSING,
	             mention_place(mention), hint.data,
	             "imagePullSecrets names \"%s\", but there is no such Secret%s",
	             text_of(resolver, resolved->name), place.data);
}

static void say_namespace(struct resolver *resolver, const struct consumer *consumer,
                          const struct mention *mention, const struct resolved *resolved)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_NAME_MAX);
	const struct secret_fact *secret = &resolver->references->secrets[resolved->secret];
	const char *here = text_of(resolver, resolved->namespace);
	const char *there = text_of(resolver, secret->namespace);
	const char *name = text_of(resolver, resolved->name);

	if (edit_distance(here, there, 2) <= 2)
		buf_append_format(&hint, "did you mean namespace \"%s\"?", there);
	else
		buf_append_format(&hint,
		                  "a Pod takes Secrets from its own namespace alone: make "
		                  "\"%s\" in \"%s\" too",
		                  name, here);
	check_hint(resolver, &hint);
	check_report(resolver->check, consumer_origin(consumer), CHECK_REF_NAMESPACE,
	             mention_place(mention), hint.data,
	             "the Secret \"%s\" is in namespace \"%s\", but it is referred to from "
	             "namespace \"%s\"",
	             name, there, here);
}

static void say_type(struct resolver *resolver, const struct consumer *consumer,
                     const struct mention *mention, const struct resolved *resolved)
{
	const struct secret_fact *secret = &resolver->references->secrets[resolved->secret];

	check_report(resolver->check, consumer_origin(consumer), CHECK_REF_TYPE,
	             mention_place(mention),
	             secret->standing == STANDING_MEANT
	                 ? "make the Secret anew as kubernetes.io/dockerconfigjson: its type "
	                   "cannot be changed"
	                 : "imagePullSecrets needs a Secret of type kubernetes.io/dockerconfigjson",
	             "the Secret \"%s\" is of type \"%s\", which the kubelet passes over when it "
	             "pulls",
	             text_of(resolver, resolved->name), text_of(resolver, secret->type));
}

typedef void sayer(struct resolver *resolver, const struct consumer *consumer,
                   const struct mention *mention, const struct resolved *resolved);

static sayer *const sayers[] = {
    [VERDICT_TYPE] = say_type,
    [VERDICT_NAMESPACE] = say_namespace,
    [VERDICT_MISSING] = say_missing,
    [VERDICT_UNJUDGED] = NULL,
};

static void judge_mention(struct resolver *resolver, const struct consumer *consumer,
                          const struct mention *mention)
{
	const struct resolved *resolved;

	if (mention->text == UNKNOWN)
		return;
	resolved = resolve_cached(resolver, mention->text, consumer->namespace);
	if (sayers[resolved->verdict])
		sayers[resolved->verdict](resolver, consumer, mention, resolved);
}

static void say_no_account(struct resolver *resolver, const struct consumer *consumer,
                           uint32_t close)
{
	CLEANUP(buf_release) struct buf hint = BUF_INIT(BUF_NAME_MAX);

	if (close)
		append_close(resolver, order_of_account, close, consumer->namespace, &hint);
	else
		buf_append_string(&hint, "no Pod is made before its ServiceAccount is there");
	check_hint(resolver, &hint);
	check_report(resolver->check, consumer_origin(consumer), CHECK_REF_MISSING,
	             mention_place(&consumer->account), hint.data,
	             "serviceAccountName is \"%s\", but there is no such ServiceAccount",
	             text_of(resolver, consumer->account.text));
}

/* A ServiceAccount that is not there: what exists is rarely all among the objects, so a
 * name in the namespace that looks like a slip is needed. Every namespace has its
 * "default". */
static void judge_account(struct resolver *resolver, const struct consumer *consumer)
{
	uint32_t name = consumer->account.text, close;

	if (name == 0 || name == UNKNOWN || strcmp(text_of(resolver, name), "default") == 0 ||
	    is_near_by(resolver, order_of_account, name, consumer->namespace))
		return;
	close = nearest(resolver, &resolver->account_names, order_of_account, name,
	                consumer->namespace);
	if (close && !is_near_by(resolver, order_of_account, close, consumer->namespace))
		close = 0;
	if (close || resolver->complete)
		say_no_account(resolver, consumer, close);
}

/* ---- The pull secrets of a workload ---- */

static bool add_to_set(struct pull_set *set, uint32_t keys)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->keys[i] == keys)
			return true;
	if (set->count == SET_MAX) {
		set->unknown = true;
		return true;
	}
	memory_extend(&set->keys, set->count, &set->capacity, sizeof *set->keys);
	set->keys[set->count++] = keys;
	return true;
}

static bool collect_range(const struct resolver *resolver, struct range range, struct pull_set *set)
{
	if (range.to - range.from > VARIANTS_MAX)
		set->unknown = true;
	for (size_t i = range.from; i < range.to && !set->unknown; i++) {
		const struct secret_fact *secret = &resolver->references->secrets[i];

		if (secret->standing > STANDING_UNKNOWN)
			continue;
		if (secret->standing == STANDING_UNKNOWN || secret->keys == UNKNOWN)
			set->unknown = true;
		else if (secret->keys && !add_to_set(set, secret->keys))
			return false;
	}
	return true;
}

/* Several Secrets of one name are variants, and any may be the one. */
static bool collect(struct resolver *resolver, const struct consumer *from, uint32_t namespace,
                    struct pull_set *set)
{
	const struct mention *mentions = resolver->references->mentions + from->first;
	struct range ranges[2];

	for (size_t i = 0; i < from->secret_count && !set->unknown; i++) {
		enum verdict verdict = VERDICT_UNJUDGED;

		if (mentions[i].text != UNKNOWN)
			verdict = resolve_cached(resolver, mentions[i].text, namespace)->verdict;
		if (verdict != VERDICT_FINE && verdict != VERDICT_TYPE) {
			set->unknown = true;
			break;
		}
		agreeing(resolver, order_of_secret, mentions[i].text, namespace, ranges);
		if (!collect_range(resolver, ranges[0], set) ||
		    !collect_range(resolver, ranges[1], set))
			return false;
	}
	return true;
}

/* A Pod that lists no pull secret gets those of its ServiceAccount (Kubernetes 1.32
 * plugin/pkg/admission/serviceaccount/admission.go). */
static bool collect_from_accounts(struct resolver *resolver, const struct consumer *workload,
                                  uint32_t default_name, struct pull_set *set)
{
	uint32_t name = workload->account.text ? workload->account.text : default_name;
	struct range ranges[2];

	if (name == UNKNOWN) {
		set->unknown = true;
		return true;
	}
	agreeing(resolver, order_of_account, name, workload->namespace, ranges);
	for (int r = 0; r < 2; r++)
		for (size_t i = ranges[r].from; i < ranges[r].to && !set->unknown; i++)
			if (!collect(resolver,
			             &resolver->references->consumers[resolver->accounts[i]],
			             workload->namespace, set))
				return false;
	return true;
}

/* ---- All of them ---- */

/* What is said twice counts once. */
static void sort_secrets(struct check_references *references)
{
	struct secret_fact *secrets = references->secrets;
	size_t kept = 0;

	if (references->secret_count == 0)
		return;
	qsort(secrets, references->secret_count, sizeof *secrets, compare_secrets);
	for (size_t i = 1; i < references->secret_count; i++)
		if (compare_secrets(&secrets[kept], &secrets[i]) != 0)
			secrets[++kept] = secrets[i];
	references->secret_count = kept + 1;
}

static bool prepare_secrets(struct resolver *resolver)
{
	struct check_references *references = resolver->references;

	sort_secrets(references);
	for (size_t i = 0; i < references->secret_count; i++) {
		const struct secret_fact *secret = &references->secrets[i];
		unsigned char what = 0;

		if (secret->standing != STANDING_OTHER && secret->name == UNKNOWN)
			what = HAS_NAMELESS;
		else if (secret->standing == STANDING_PULL || secret->standing == STANDING_MEANT)
			what = HAS_PULL_SECRET;
		resolver->namespaces[secret->namespace] |= what;
		resolver->anywhere |= what;
		if (secret->standing != STANDING_OTHER &&
		    !add_candidate(resolver, &resolver->secret_names, secret->name))
			return false;
	}
	return true;
}

static bool prepare_accounts(struct resolver *resolver)
{
	struct check_references *references = resolver->references;

	resolver->accounts = memory_acquire((references->consumer_count + 1) * sizeof(uint32_t));
	for (size_t i = 0; i < references->consumer_count; i++)
		if (references->consumers[i].name != UNKNOWN)
			resolver->accounts[resolver->account_count++] = (uint32_t)i;
	qsort_r(resolver->accounts, resolver->account_count, sizeof *resolver->accounts,
	        compare_accounts, references->consumers);
	for (size_t i = 0; i < resolver->account_count; i++)
		if (!add_candidate(resolver, &resolver->account_names,
		                   references->consumers[resolver->accounts[i]].name))
			return false;
	return true;
}

static bool judge_workload(struct resolver *resolver, const struct consumer *workload,
                           uint32_t default_name)
{
	struct pull_set *set = &resolver->set;

	set->count = 0;
	set->unknown = false;
	if (workload->secret_count ? !collect(resolver, workload, workload->namespace, set)
	                           : !collect_from_accounts(resolver, workload, default_name, set))
		return false;
	if (set->unknown || set->count == 0)
		return true;
	return check_images_add(resolver->images, resolver->references, workload, set);
}

static bool judge_all(struct resolver *resolver)
{
	struct check_references *references = resolver->references;
	uint32_t default_name;

	if (!intern_add(&references->texts, view_of("default"), &default_name))
		return false;
	for (size_t i = 0; i < references->consumer_count; i++) {
		const struct consumer *consumer = &references->consumers[i];

		for (size_t j = 0; j < consumer->secret_count; j++)
			judge_mention(resolver, consumer,
			              &references->mentions[consumer->first + j]);
		if (consumer->name != UNKNOWN)
			continue;
		judge_account(resolver, consumer);
		if (check_wants(resolver->check, consumer_origin(consumer),
		                CHECK_IMAGE_UNMATCHED) &&
		    !judge_workload(resolver, consumer, default_name))
			return false;
	}
	return true;
}

static struct resolver *resolver_new(struct check *check)
{
	struct check_references *references = check_references_of(check);
	struct resolver *resolver = memory_acquire(sizeof *resolver);
	size_t count = intern_count(&references->texts);

	if (!resolver)
		return NULL;
	memset(resolver, 0, sizeof *resolver);
	resolver->check = check;
	resolver->references = references;
	resolver->complete = check_options_of(check)->complete;
	resolver->images = check_images_new();
	resolver->namespaces = memory_acquire(count);
	if (resolver->namespaces)
		memset(resolver->namespaces, 0, count);
	if (!resolver->images || !resolver->namespaces || !prepare_secrets(resolver) ||
	    !prepare_accounts(resolver))
		resolver_release(&resolver);
	return resolver;
}

bool check_reference_finish(struct check *check, struct error *error)
{
	CLEANUP(resolver_release) struct resolver *resolver = resolver_new(check);

	if (!resolver || !judge_all(resolver) || resolver->starved)
		return error_out_of_memory(error);
	return check_images_finish(resolver->images, check, resolver->references, error);
}
