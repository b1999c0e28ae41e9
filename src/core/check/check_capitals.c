/* Registry keys with capitals in the host. The kubelet compares byte by byte, and images
 * are rarely written so: such a key is dead, unless an image is written with just that host,
 * which is known once all objects are read. */
#include <string.h>

#include "check_reference.h"
#include "regcred/base/memory.h"
#include "regcred/base/string_list.h"

static bool holds_capital(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= 'A' && text.data[i] <= 'Z')
			return true;
	return false;
}

/* With its port. */
static struct view host_of(struct view text)
{
	const char *slash = memchr(text.data, '/', text.len);

	return (struct view){text.data, slash ? (size_t)(slash - text.data) : text.len};
}

void check_capitals_keep(struct check *check, struct check_origin origin, struct node_place place,
                         struct view index_key, const char *shown, const char *hint)
{
	struct check_references *references = check_references_of(check);
	struct capital kept = {.origin = origin, .place = place};

	if (!holds_capital(host_of(index_key)))
		return;
	kept.host = string_list_number(&references->texts, host_of(index_key));
	kept.shown = string_list_number(&references->texts, view_of(shown));
	kept.hint = string_list_number(&references->texts, view_of(hint));
	memory_extend(&references->capitals, references->capital_count,
	              &references->capital_capacity, sizeof *references->capitals);
	references->capitals[references->capital_count++] = kept;
}

/* ---- The hosts of images ---- */

static void collect_hosts(const struct inventory *inventory, struct string_list *hosts)
{
	for (size_t i = 0; i < inventory_workload_count(inventory); i++) {
		size_t count = inventory_workload(inventory, i).image_count;

		for (size_t j = 0; j < count; j++) {
			struct view text = view_of(inventory_image(inventory, i, j).text);
			struct view host = host_of(text);

			if (host.len < text.len && holds_capital(host))
				string_list_number(hosts, host);
		}
	}
}

/* A wildcard may match any of them. */
static bool is_written(const struct check_references *references, const struct capital *capital,
                       const struct string_list *hosts)
{
	struct view host = references->texts.items[capital->host];

	if (!hosts->count || view_holds(host, '*'))
		return hosts->count > 0;
	return string_list_find(hosts, host, NULL);
}

void check_capitals_finish(struct check *check)
{
	CLEANUP(string_list_release) struct string_list hosts = STRING_LIST_INIT;
	struct check_references *references = check_references_of(check);

	if (references->capital_count)
		collect_hosts(references->inventory, &hosts);
	for (size_t i = 0; i < references->capital_count; i++) {
		const struct capital *capital = &references->capitals[i];

		if (!is_written(references, capital, &hosts))
			check_report(check, capital->origin, CHECK_REGISTRY_DEAD_KEY,
			             capital->place, references->texts.items[capital->hint].data,
			             "%s: the key has upper case in the host, and only matches "
			             "images that are written the same way",
			             references->texts.items[capital->shown].data);
	}
}
