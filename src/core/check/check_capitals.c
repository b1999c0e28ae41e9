/* Registry keys with capitals in the host. The kubelet compares byte by byte, and nobody
 * writes an image so: such a key is dead, unless an image is written with just that host,
 * which is known once all objects are read. */
#include <stdlib.h>
#include <string.h>

#include "check_reference.h"
#include "regcred/base/memory.h"

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

bool check_capitals_are_in(struct view index_key)
{
	return holds_capital(host_of(index_key));
}

bool check_capitals_keep(struct check *check, struct check_origin origin, struct node_place place,
                         struct view index_key, const char *shown, const char *hint,
                         struct error *error)
{
	struct check_references *references = check_references_of(check);
	struct capital kept = {.origin = origin, .place = place};

	if (!check_wants(check, origin, CHECK_REGISTRY_DEAD_KEY))
		return true;
	if (!intern_add(&references->texts, host_of(index_key), &kept.host) ||
	    !intern_add(&references->texts, view_of(shown), &kept.shown) ||
	    !intern_add(&references->texts, view_of(hint), &kept.hint) ||
	    !memory_extend(&references->capitals, references->capital_count,
	                   &references->capital_capacity, sizeof *references->capitals))
		return error_out_of_memory(error);
	references->capitals[references->capital_count++] = kept;
	return true;
}

/* ---- The hosts of images ---- */

struct hosts {
	uint32_t *items; /* numbers of texts */
	size_t count, capacity;
};

static void hosts_release(struct hosts *hosts)
{
	memory_release(hosts->items);
}

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool add_host(struct check_references *references, uint32_t image, struct hosts *hosts)
{
	struct view text = image == UNKNOWN ? view_of("") : intern_text(&references->texts, image);
	struct view host = host_of(text);

	if (host.len == text.len || !holds_capital(host))
		return true;
	if (!memory_extend(&hosts->items, hosts->count, &hosts->capacity, sizeof *hosts->items) ||
	    !intern_add(&references->texts, host, &hosts->items[hosts->count]))
		return false;
	hosts->count++;
	return true;
}

static bool collect_hosts(struct check_references *references, struct hosts *hosts)
{
	for (size_t i = 0; i < references->consumer_count; i++) {
		const struct consumer *consumer = &references->consumers[i];
		uint64_t first = consumer->first + consumer->secret_count;

		for (uint32_t j = 0; j < consumer->image_count; j++)
			if (!add_host(references, references->mentions[first + j].text, hosts))
				return false;
	}
	if (hosts->count)
		qsort(hosts->items, hosts->count, sizeof *hosts->items, compare_numbers);
	return true;
}

/* A wildcard may stand for any of them. */
static bool is_written(const struct check_references *references, const struct capital *capital,
                       const struct hosts *hosts)
{
	struct view host = intern_text(&references->texts, capital->host);

	if (!hosts->count || memchr(host.data, '*', host.len))
		return hosts->count > 0;
	return bsearch(&capital->host, hosts->items, hosts->count, sizeof *hosts->items,
	               compare_numbers) != NULL;
}

bool check_capitals_finish(struct check *check, struct error *error)
{
	CLEANUP(hosts_release) struct hosts hosts = {0};
	struct check_references *references = check_references_of(check);

	if (references->capital_count && !collect_hosts(references, &hosts))
		return error_out_of_memory(error);
	for (size_t i = 0; i < references->capital_count; i++) {
		const struct capital *capital = &references->capitals[i];

		if (!is_written(references, capital, &hosts))
			check_report(check, capital->origin, CHECK_REGISTRY_DEAD_KEY,
			             capital->place,
			             intern_text(&references->texts, capital->hint).data,
			             "%s: the key has upper case in the host, and only matches "
			             "images that are written so",
			             intern_text(&references->texts, capital->shown).data);
	}
	return true;
}
