#include "match_near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"

enum { HOSTS_MAX = 2000 }; /* up to here all hosts are held against the image's */

static struct view host_of(struct view name)
{
	size_t len = 0;

	while (len < name.len && name.data[len] != '/' && name.data[len] != ':')
		len++;
	return (struct view){name.data, len};
}

static int compare_views(struct view a, struct view b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

static int compare_items(const void *a, const void *b)
{
	const struct match_near_item *x = a, *y = b;
	int order = compare_views(x->host, y->host);

	return order ? order : x->entry < y->entry ? -1 : x->entry > y->entry;
}

void match_near_release(struct match_near *near)
{
	memory_release(near->items);
	memory_release(near->hosts);
	*near = (struct match_near){0};
}

static void find_hosts(struct match_near *near)
{
	for (size_t i = 0; i < near->count; i++)
		if (i == 0 || !view_equal(near->items[i].host, near->items[i - 1].host))
			near->hosts[near->host_count++] = i;
	near->hosts[near->host_count] = near->count;
}

bool match_near_make(struct match_near *near, const struct keyring *keyring, struct error *error)
{
	size_t count = keyring_entry_count(keyring);

	if (near->keyring == keyring && near->count == count)
		return true;
	match_near_release(near);
	near->items = memory_acquire(count * sizeof *near->items);
	near->hosts = memory_acquire((count + 1) * sizeof *near->hosts);
	if (!near->items || !near->hosts)
		return error_out_of_memory(error);
	for (size_t i = 0; i < count; i++)
		near->items[i] =
		    (struct match_near_item){host_of(keyring_entry(keyring, i).index_key), i};
	qsort(near->items, count, sizeof *near->items, compare_items);
	near->keyring = keyring;
	near->count = count;
	find_hosts(near);
	return true;
}

static bool ends_in(struct view text, struct view end)
{
	return text.len >= end.len &&
	       memcmp(text.data + text.len - end.len, end.data, end.len) == 0;
}

static bool is_near_host(struct view host, struct view image)
{
	char a[EDIT_DISTANCE_LENGTH_MAX], b[EDIT_DISTANCE_LENGTH_MAX];
	const char *star = memrchr(host.data, '*', host.len);
	size_t difference = host.len > image.len ? host.len - image.len : image.len - host.len;

	if (star)
		return ends_in(image, view_from(host, (size_t)(star - host.data) + 1));
	if (view_is(image, "docker.io"))
		return ends_in(host, view_of("docker.io")) || ends_in(host, view_of("docker.com"));
	if (difference > 2 || host.len >= sizeof a || image.len >= sizeof b)
		return false;
	snprintf(a, sizeof a, "%.*s", (int)host.len, host.data);
	snprintf(b, sizeof b, "%.*s", (int)image.len, image.data);
	return strcasecmp(a, b) == 0 || edit_distance(a, b, 2) <= 2;
}

static struct view host_at(const struct match_near *near, size_t host)
{
	return near->items[near->hosts[host]].host;
}

/* The first host that is not before the image's. */
static size_t find_host(const struct match_near *near, struct view image)
{
	size_t low = 0, high = near->host_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_views(host_at(near, middle), image) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t take_host(const struct match_near *near, size_t host, size_t *entries, size_t most)
{
	size_t start = near->hosts[host], count = near->hosts[host + 1] - start;

	if (count > most)
		count = most;
	for (size_t i = 0; i < count; i++)
		entries[i] = near->items[start + i].entry;
	return count;
}

size_t match_near_find(const struct match_near *near, struct view repository, bool wide,
                       size_t *entries, size_t most)
{
	struct view image = host_of(repository);
	size_t own = find_host(near, image), count = 0;

	if (own < near->host_count && view_equal(host_at(near, own), image))
		count = take_host(near, own, entries, most);
	if (!wide || near->host_count > HOSTS_MAX)
		return count;
	for (size_t i = 0; i < near->host_count && count < most; i++) {
		struct view host = host_at(near, i);

		if (!view_equal(host, image) && is_near_host(host, image))
			count += take_host(near, i, entries + count, most - count);
	}
	return count;
}
