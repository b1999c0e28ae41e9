#include "match_near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "regcred/edit_distance.h"
#include "regcred/memory.h"

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

static struct view host_at(const struct keyring *keyring, size_t entry)
{
	return host_of(keyring_entry(keyring, entry).index_key);
}

static int compare_hosts(const void *a, const void *b, void *keyring)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int order = compare_views(host_at(keyring, x), host_at(keyring, y));

	return order ? order : x < y ? -1 : x > y;
}

void match_near_release(struct match_near *near)
{
	memory_release(near->by_host);
	*near = (struct match_near){0};
}

bool match_near_make(struct match_near *near, struct keyring *keyring, struct error *error)
{
	size_t count = keyring_entry_count(keyring);

	if (near->keyring == keyring && near->count == count)
		return true;
	match_near_release(near);
	near->by_host = memory_acquire(count * sizeof *near->by_host);
	if (!near->by_host)
		return error_out_of_memory(error);
	for (size_t i = 0; i < count; i++)
		near->by_host[i] = i;
	qsort_r(near->by_host, count, sizeof *near->by_host, compare_hosts, keyring);
	near->keyring = keyring;
	near->count = count;
	return true;
}

/* The first place whose host is not before `host`; with `behind`, not at it either. */
static size_t host_bound(const struct match_near *near, struct view host, bool behind)
{
	size_t low = 0, high = near->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_views(host_at(near->keyring, near->by_host[middle]), host);

		if (order < 0 || (behind && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
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
		return ends_in(image,
		               view_from(host, (size_t)(star - host.data) + 1));
	if (view_is(image, "docker.io"))
		return ends_in(host, view_of("docker.io")) || ends_in(host, view_of("docker.com"));
	if (difference > 2 || host.len >= sizeof a || image.len >= sizeof b)
		return false;
	snprintf(a, sizeof a, "%.*s", (int)host.len, host.data);
	snprintf(b, sizeof b, "%.*s", (int)image.len, image.data);
	return strcasecmp(a, b) == 0 || edit_distance(a, b, 2) <= 2;
}

static bool visit_range(const struct match_near *near, struct view host, match_near_visitor *visit,
                        void *context, struct error *error)
{
	size_t end = host_bound(near, host, true);

	for (size_t i = host_bound(near, host, false); i < end; i++)
		if (!visit(context, near->by_host[i], error))
			return false;
	return true;
}

bool match_near_visit(const struct match_near *near, struct view repository,
                      match_near_visitor *visit, void *context, struct error *error)
{
	struct view host, image = host_of(repository);
	size_t hosts = 0;

	if (!visit_range(near, image, visit, context, error))
		return false;
	for (size_t i = 0; i < near->count && hosts < HOSTS_MAX; hosts++) {
		host = host_at(near->keyring, near->by_host[i]);
		i = host_bound(near, host, true);
	}
	if (hosts == HOSTS_MAX)
		return true;
	for (size_t i = 0; i < near->count; i = host_bound(near, host, true)) {
		host = host_at(near->keyring, near->by_host[i]);
		if (!view_equal(host, image) && is_near_host(host, image) &&
		    !visit_range(near, host, visit, context, error))
			return false;
	}
	return true;
}
