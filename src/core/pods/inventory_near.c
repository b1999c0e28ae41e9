/* Questions about all objects: what there is, similar names, images that are redirected. */
#include <string.h>

#include "inventory_facts.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"
#include "regcred/registry/image_reference.h"
#include "regcred/registry/index_key.h"

enum {
	EFFORT_MAX = 50 * 1000 * 1000, /* cells of edit distances, and looks at names */
	PATTERNS_MAX = 1000,           /* that an image is compared with */
};

bool inventory_has_account(struct inventory *inventory, const char *ns, const char *name)
{
	inventory_sort(inventory);
	return any_agrees(inventory, &inventory->account_facts, inventory_text(inventory, name),
	                  inventory_text(inventory, ns));
}

static bool is_pull_secret(const struct inventory *inventory, const struct fact *fact)
{
	if (fact->standing == STANDING_TYPE)
		return inventory->secrets[fact->number].has_payload;
	return fact->standing == STANDING_PULL;
}

/* By the number of a namespace: its own, 0 for those without one, and for all. */
static void note_namespaces(struct inventory *inventory)
{
	size_t count = inventory->texts.count;

	memory_release(inventory->with_secrets);
	inventory->with_secrets = memory_acquire(count);
	inventory->with_secrets_count = count;
	memset(inventory->with_secrets, 0, count);
	inventory->has_secrets = false;
	for (size_t i = 0; i < inventory->secret_facts.count; i++) {
		const struct fact *fact = &inventory->secret_facts.items[i];

		if (!is_pull_secret(inventory, fact))
			continue;
		inventory->with_secrets[fact->class == NS_PLAIN ? fact->ns : 0] = true;
		inventory->has_secrets = true;
	}
}

bool inventory_has_pull_secrets(struct inventory *inventory, const char *ns)
{
	uint32_t number = inventory_text(inventory, ns);

	inventory_sort(inventory);
	if (!inventory->with_secrets)
		note_namespaces(inventory);
	if (inventory_class_of(ns) != NS_PLAIN)
		return inventory->has_secrets;
	return inventory->with_secrets[0] ||
	       (number < inventory->with_secrets_count && inventory->with_secrets[number]);
}

/* ---- Names that may be meant ---- */

struct wanted {
	const char *text;
	size_t limit;
};

/* Over the limit where it cannot be near. */
static size_t distance_to(struct inventory *inventory, const struct wanted *wanted,
                          struct view text)
{
	inventory->effort += text.len * (2 * wanted->limit + 1) + 1;
	return view_is(text, wanted->text) ? wanted->limit + 1
	                                   : edit_distance(text.data, wanted->text, wanted->limit);
}

static const struct fact *find_near(struct inventory *inventory, const struct facts *facts,
                                    const struct wanted *wanted, uint32_t ns)
{
	size_t best = 2 * wanted->limit + 2;
	const struct fact *found = NULL;

	for (size_t i = 0; i < facts->count && inventory->effort < EFFORT_MAX; i++) {
		const struct fact *fact = &facts->items[i];
		size_t distance;

		if (fact->name == NAMELESS || (i && fact[-1].name == fact->name) ||
		    (facts == &inventory->secret_facts && fact->standing != STANDING_MADE &&
		     !is_pull_secret(inventory, fact)))
			continue;
		distance = distance_to(inventory, wanted, inventory->texts.items[fact->name]);
		if (distance > wanted->limit)
			continue;
		distance = 2 * distance + !any_agrees(inventory, facts, fact->name, ns);
		if (distance < best) {
			best = distance;
			found = fact;
		}
	}
	return found;
}

const char *inventory_near(struct inventory *inventory, bool account, const char *name,
                           const char *in, const char **ns)
{
	const struct facts *facts = account ? &inventory->account_facts : &inventory->secret_facts;
	struct wanted wanted = {name, strlen(name) < 4 ? 1 : 2};
	uint32_t number = inventory_text(inventory, in);
	const struct fact *found;

	inventory_sort(inventory);
	found = find_near(inventory, facts, &wanted, number);
	if (!found)
		return NULL;
	*ns = any_agrees(inventory, facts, found->name, number)
	          ? ""
	          : inventory_text_of(inventory, found->ns);
	return inventory_text_of(inventory, found->name);
}

/* ---- Images from elsewhere ---- */

static bool is_renamed(const struct inventory *inventory, struct view image)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct view name = view_first(image, view_find(image, '@'));
	const char *slash = memrchr(name.data, '/', name.len); /* the port of the host is no tag */
	size_t last = slash ? (size_t)(slash - name.data) : 0;

	name = view_first(name, last + view_find(view_from(name, last), ':'));
	buf_append(&text, name.data, name.len);
	return string_list_find(&inventory->renamed, buf_view(&text), NULL);
}

bool inventory_redirects(const struct inventory *inventory, struct view image)
{
	CLEANUP(buf_release) struct buf parsed = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_CONFIG_MAX);
	struct index_pattern pattern, repository;
	struct image_reference reference;
	struct error error;

	if (is_renamed(inventory, image))
		return true;
	if (!image_reference_parse(image, &name, &reference, &error) ||
	    index_pattern_parse(reference.repository, &parsed, &repository) != GO_URL_SOUND)
		return false;
	for (size_t i = 0; i < inventory->redirected.count && i < PATTERNS_MAX; i++)
		if (index_pattern_parse(inventory->redirected.items[i], &key, &pattern) ==
		        GO_URL_SOUND &&
		    index_pattern_matches(&pattern, &repository))
			return true;
	return false;
}
