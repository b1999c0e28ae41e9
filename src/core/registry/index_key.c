#include "regcred/registry/index_key.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/registry/glob.h"

static struct view without_scheme(struct view registry)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t i = 0; i < COUNT(schemes); i++)
		if (view_begins(registry, view_of(schemes[i])))
			return view_from(registry, strlen(schemes[i]));
	return registry;
}

/* keyring.go takes one /v1 or /v2 off that more path, or a slash at least, follows, and
 * then a lone slash. Moves within `out`, which ends in the path. */
static void shorten_path(struct buf *out, size_t path_len)
{
	char *path = out->data + out->len - path_len;

	if (path_len >= 4 && (memcmp(path, "/v1/", 4) == 0 || memcmp(path, "/v2/", 4) == 0)) {
		memmove(path, path + 3, path_len - 3);
		path_len -= 3;
		buf_truncate(out, out->len - 3);
	}
	if (path_len == 1)
		buf_truncate(out, out->len - 1);
}

enum go_url_fault index_key_append(struct view registry, struct buf *out)
{
	struct go_url url;
	enum go_url_fault fault = go_url_parse(without_scheme(registry), out, &url);

	if (!fault)
		shorten_path(out, url.path_len);
	return fault;
}

enum go_url_fault index_pattern_parse(struct view text, struct buf *out,
                                      struct index_pattern *pattern)
{
	struct go_url url;
	enum go_url_fault fault;

	buf_rewind(out);
	out->failure = false;
	fault = go_url_parse(text, out, &url);
	if (fault)
		return fault;
	go_url_split_port((struct view){out->data, url.host_len}, &pattern->host, &pattern->port);
	pattern->path = (struct view){out->data + url.host_len, url.path_len};
	pattern->wild = view_holds(pattern->host, '*') || view_begins(pattern->host, view_of("["));
	return GO_URL_SOUND;
}

/* Takes the first label off the host, and the dot after it. False: it was the last. */
static bool take_label(struct view *host, struct view *label)
{
	const char *dot = memchr(host->data, '.', host->len);

	*label = *host;
	if (!dot)
		return false;
	label->len = (size_t)(dot - host->data);
	*host = view_from(*host, label->len + 1);
	return true;
}

/* An address in brackets without a port is to filepath.Match a class of its characters, of
 * which one matches; one that a dot cuts is malformed. */
static bool label_matches(struct view glob, struct view label)
{
	if (!view_begins(glob, view_of("[")))
		return glob_matches(glob, label, '/');
	return label.len == 1 && *label.data != ']' && view_holds(glob, ']') &&
	       view_holds(view_from(glob, 1), *label.data);
}

bool index_host_matches(struct view pattern, struct view host)
{
	bool more, more_pattern;

	do {
		struct view glob, label;

		more_pattern = take_label(&pattern, &glob);
		more = take_label(&host, &label);
		if (more != more_pattern || !label_matches(glob, label))
			return false;
	} while (more);
	return true;
}

bool index_pattern_matches(const struct index_pattern *pattern, const struct index_pattern *image)
{
	if (!view_equal(pattern->port, image->port) || !view_begins(image->path, pattern->path))
		return false;
	if (!pattern->wild)
		return view_equal(pattern->host, image->host);
	return glob_ends_agree(pattern->host, image->host) &&
	       index_host_matches(pattern->host, image->host);
}

bool index_key_is_default_registry(struct view repository)
{
	const char *slash = memchr(repository.data, '/', repository.len);
	struct view first = repository;

	if (!slash)
		return repository.len > 0;
	first.len = (size_t)(slash - repository.data);
	if (view_is(first, "docker.io") || view_is(first, INDEX_KEY_DOCKER_HUB))
		return true;
	return first.len && !view_holds(first, '.') && !view_holds(first, ':');
}
