#include "regcred/registry/registry_trap.h"
#include "regcred/base/memory.h"

#include <stdio.h>
#include <string.h>

#include "regcred/registry/glob.h"
#include "regcred/registry/provider.h"

/* --- hosts that serve no images -------------------------------------------------- */

/* The first that matches counts. */
static const struct {
	const char *hosts; /* globs, blank between them: a * is a run within one label */
	const char *right;
} without_images[] = {
    {"github.com www.github.com api.github.com *.pkg.github.com raw.githubusercontent.com",
     "ghcr.io, where GitHub keeps container images"},
    {"gitlab.com www.gitlab.com gitlab.io",
     "registry.gitlab.com, or the registry host of your instance"},
    {"docker.com www.docker.com app.docker.com auth.docker.io login.docker.com cloud.docker.com "
     "store.docker.com docs.docker.com download.docker.com hub.docker.io registry.docker.io",
     "docker.io"},
    {"azurecr.io azurecr.cn azurecr.us azurecr.de www.azurecr.io azure.com portal.azure.com",
     "NAME.azurecr.io, with the name of your registry"},
    {"pkg.dev docker.pkg.dev *-npm.pkg.dev *-maven.pkg.dev *-python.pkg.dev *-go.pkg.dev "
     "*-generic.pkg.dev *-dokcer.pkg.dev *-docke.pkg.dev artifactregistry.googleapis.com "
     "console.cloud.google.com "
     "cloud.google.com",
     "REGION-docker.pkg.dev, such as europe-west1-docker.pkg.dev"},
    {"gallery.ecr.aws ecr.aws", "public.ecr.aws"},
    {"*.dkr.*.amazonaws.com *.drk.ecr.*.amazonaws.com *.dkr.erc.*.amazonaws.com "
     "*.dkr.ecr.*.amazon.com *.ecr.*.amazonaws.com *.ecr.*.amazonaws.com.cn ecr.*.amazonaws.com "
     "dkr.ecr.amazonaws.com "
     "*.dkr.ecr.amazonaws.com ecr.amazonaws.com amazonaws.com aws.amazon.com "
     "console.aws.amazon.com *.console.aws.amazon.com",
     "ACCOUNT.dkr.ecr.REGION.amazonaws.com, with the number of the account"},
    {"redhat.com access.redhat.com catalog.redhat.com console.redhat.com", "registry.redhat.io"},
    {"digitalocean.com cloud.digitalocean.com", "registry.digitalocean.com"},
    {"nvidia.com ngc.nvidia.com catalog.ngc.nvidia.com org.ngc.nvidia.com", "nvcr.io"},
    {"cloud.ibm.com", "icr.io, or REGION.icr.io"},
    {"jfrog.io jfrog.com www.jfrog.com", "NAME.jfrog.io, with the name of your server"},
    {"ocir.io cloud.oracle.com", "REGION.ocir.io"},
    {"scw.cloud rg.scw.cloud console.scaleway.com", "rg.REGION.scw.cloud"},
    {"fly.io", "registry.fly.io"},
    {"chainguard.dev images.chainguard.dev", "cgr.dev"},
    {"cloudsmith.io cloudsmith.com", "docker.cloudsmith.io"},
    {"aliyuncs.com cr.console.aliyun.com", "registry.REGION.aliyuncs.com"},
};

/* Not every registry, as people mean it: a * is one label. */
static bool find_wildcard(struct view key, struct view host, struct registry_trap *trap)
{
	if (!view_is(host, "*") || view_is(view_first(view_from(key, 1), 1), ":"))
		return false;
	trap->diagnostic = DIAGNOSTIC_REGISTRY_NO_IMAGES;
	snprintf(trap->sentence, sizeof trap->sentence,
	         "matches only hosts without a dot, such as localhost, and not every registry");
	snprintf(trap->hint, sizeof trap->hint,
	         "name each registry; *.example.com is for one label before .example.com");
	return true;
}

static bool find_without_images(struct view host, struct registry_trap *trap)
{
	for (size_t i = 0; i < COUNT(without_images); i++) {
		if (!glob_list_matches(without_images[i].hosts, host, '.'))
			continue;
		trap->diagnostic = DIAGNOSTIC_REGISTRY_NO_IMAGES;
		snprintf(trap->sentence, sizeof trap->sentence, "is a host that serves no images");
		snprintf(trap->hint, sizeof trap->hint, "write %s", without_images[i].right);
		return true;
	}
	return false;
}

/* --- hosts that look like a registry ---------------------------------------------- */

/* Lists with blanks between, as globs are. */

/* Those that people write by hand. */
static const char known_hosts[] =
    "ghcr.io quay.io docker.io index.docker.io registry-1.docker.io registry.gitlab.com gcr.io "
    "nvcr.io public.ecr.aws registry.redhat.io registry.connect.redhat.com "
    "registry.access.redhat.com registry.digitalocean.com mcr.microsoft.com registry.k8s.io "
    "docker.cloudsmith.io containers.instana.io registry.fly.io cr.yandex cgr.dev icr.io cp.icr.io "
    "lscr.io dp.apps.rancher.io";

/* What follows the labels that are the user's own. */
static const char known_tails[] =
    "azurecr.io amazonaws.com pkg.dev jfrog.io gcr.io icr.io ocir.io tencentcloudcr.com";

/* They collect what is sent to them. */
static const char hostile[] = "ghrc.io";

static size_t common_start(struct view a, struct view b)
{
	size_t len = 0;

	while (len < a.len && len < b.len && a.data[len] == b.data[len])
		len++;
	return len;
}

static size_t common_end(struct view a, struct view b)
{
	size_t len = 0;

	while (len < a.len && len < b.len && a.data[a.len - 1 - len] == b.data[b.len - 1 - len])
		len++;
	return len;
}

/* Of names of a few letters nearly all are taken: there only what is swapped or typed
 * twice is a typo. */
static bool is_short(struct view name)
{
	enum { SHORT_HOST = 9 };

	return view_find(name, '.') <= 3 && name.len <= SHORT_HOST;
}

/* A letter more, less, other or swapped. */
static bool is_one_slip(struct view text, struct view known)
{
	size_t start = common_start(text, known), end;

	text = view_from(text, start);
	known = view_from(known, start);
	end = common_end(text, known);
	text.len -= end;
	known.len -= end;
	if (text.len == 2 && known.len == 2)
		return text.data[0] == known.data[1] && text.data[1] == known.data[0];
	return text.len <= 1 && known.len <= 1 && text.len + known.len > 0;
}

/* gccr.io for gcr.io: one letter more, the same as its neighbour. */
static bool is_typed_twice(struct view text, struct view known)
{
	size_t at = common_start(text, known);

	return text.len == known.len + 1 && at && text.data[at] == text.data[at - 1];
}

/* ghcr.com for ghcr.io: another end that everybody can register a name under. */
static bool has_other_end(struct view text, struct view known)
{
	static const char *const ends[] = {".io", ".com", ".net", ".org", ".dev", ".co", ".app"};
	const char *dot = memrchr(known.data, '.', known.len);
	size_t len = (size_t)(dot - known.data);

	if (text.len <= len || memcmp(text.data, known.data, len) != 0)
		return false;
	for (size_t i = 0; i < COUNT(ends); i++)
		if (view_is(view_from(text, len), ends[i]))
			return true;
	return false;
}

static bool looks_like(struct view text, struct view known)
{
	if (view_equal(text, known))
		return false;
	if (!is_short(known))
		return is_one_slip(text, known) || has_other_end(text, known);
	return is_typed_twice(text, known) ||
	       (text.len == known.len && is_one_slip(text, known) &&
	        common_start(text, known) + common_end(text, known) + 2 == known.len);
}

/* The host without its first labels, as many as the known tail has. */
static struct view tail_of(struct view host, struct view known)
{
	size_t labels = 1;

	for (size_t i = 0; i < known.len; i++)
		labels += known.data[i] == '.';
	for (size_t at = host.len; at > 0; at--)
		if (host.data[at - 1] == '.' && --labels == 0)
			return view_from(host, at);
	return VIEW_EMPTY;
}

/* *own: the labels in front of it that stay. Empty: it looks like none. */
static struct view find_known(struct view host, struct view *own)
{
	struct view hosts = view_of(known_hosts), tails = view_of(known_tails);

	*own = VIEW_EMPTY;
	while (hosts.len) {
		struct view known = view_take(&hosts, ' ');

		if (looks_like(host, known))
			return known;
	}
	while (tails.len) {
		struct view known = view_take(&tails, ' '), tail = tail_of(host, known);

		*own = view_first(host, host.len - tail.len);
		if (tail.len && looks_like(tail, known))
			return known;
	}
	return VIEW_EMPTY;
}

static bool find_lookalike(struct view host, struct registry_trap *trap)
{
	struct view own, known;

	if (!host.len || glob_list_matches(known_hosts, host, '.') || provider_find_host(host))
		return false;
	known = find_known(host, &own);
	if (!known.len)
		return false;
	trap->diagnostic = DIAGNOSTIC_REGISTRY_LOOKALIKE;
	trap->refused = glob_list_matches(hostile, host, '.');
	snprintf(trap->sentence, sizeof trap->sentence,
	         "looks like %.*s%.*s, but is another host%s", (int)own.len, own.data,
	         (int)known.len, known.data,
	         trap->refused ? ", which collects the tokens that are sent to it" : "");
	snprintf(trap->hint, sizeof trap->hint,
	         "write %.*s%.*s; hosts that look like a registry have been used to collect tokens",
	         (int)own.len, own.data, (int)known.len, known.data);
	return true;
}

bool registry_trap_find(struct view key, struct registry_trap *trap)
{
	struct view host = provider_host_of(key);

	*trap = (struct registry_trap){.refused = false};
	if (find_wildcard(key, host, trap))
		return true;
	if (!find_without_images(host, trap))
		return find_lookalike(host, trap);
	trap->refused = view_holds(view_from(key, (size_t)(host.data - key.data) + host.len), '/');
	return true;
}

bool registry_trap_may_propose(struct view key)
{
	struct registry_trap trap;

	return !registry_trap_find(key, &trap);
}

/* --- addresses of pages and APIs ----------------------------------------------------- */

static const struct {
	const char *hosts; /* globs; NULL: any */
	const char *start; /* of the path */
	bool keeps_rest;   /* what follows is the path of an image */
} addresses[] = {
    {"quay.io", "/repository/", true},
    {"quay.io", "/organization/", true},
    {"quay.io", "/user/", true},
    {"quay.io", "/api/", false},
    {NULL, "/artifactory/api/docker/", true},
    {"*.jfrog.io", "/artifactory/", true},
    {"*.jfrog.io", "/ui/", false},
    {NULL, "/harbor/projects", false},
    {NULL, "/api/v2.0/", false},
    {NULL, "/api/v4/", false},
};

bool registry_trap_check_address(const char *host, const char *path, const char *shown,
                                 struct error *error)
{
	for (size_t i = 0; i < COUNT(addresses); i++) {
		size_t len = strlen(addresses[i].start);

		if (strlen(path) + 1 == len)
			len--; /* without its last slash */
		if (strncmp(path, addresses[i].start, len) != 0 ||
		    (addresses[i].hosts &&
		     !glob_list_matches(addresses[i].hosts, view_of(host), '.')))
			continue;
		error_set(error, DIAGNOSTIC_REGISTRY_INVALID, NULL,
		          "registry \"%s\" is the address of a web page or an API", shown);
		return error_hint(error, "write %s%s%s, as image names begin", host,
		                  addresses[i].keeps_rest && path[len] ? "/" : "",
		                  addresses[i].keeps_rest ? path + len : "");
	}
	return true;
}

bool registry_trap_is_hub_page(const char *host, const char *path)
{
	static const char hosts[] = "hub.docker.com registry.hub.docker.com";
	static const char pages[] =
	    "/r/* /u/* /_/* /repository/* /orgs/* /layers/* /explore* /search* "
	    "/hub* /tags/* /settings* /repositories*";

	if (strncmp(path, "/v1/", 4) == 0 || strncmp(path, "/v2/", 4) == 0)
		path += 3;
	return glob_list_matches(hosts, view_of(host), '.') &&
	       glob_list_matches(pages, view_of(path), '\0');
}

/* --- what still has to be filled in --------------------------------------------------- */

/* <registry>, or [name] in the host: IPv6 addresses and ranges of letters are in
 * brackets as well. NAME.azurecr.io: as hints and manuals write it. ${REGISTRY}. */
static bool is_to_be_filled(const char *key)
{
	enum { WORD_MIN = 4 };
	static const char words[] = "REGION-* REGION.* ACCOUNT.* NAME.* YOUR-* YOUR_* $* {{*";
	const char *open = strpbrk(key, "<[/");
	size_t len;

	if (glob_list_matches(words, view_of(key), '\0'))
		return true;
	if (!open || *open == '/')
		return strchr(key, '<') && strchr(strchr(key, '<'), '>');
	if (*open == '<')
		return strchr(open, '>') != NULL;
	len = strspn(open + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_- ");
	return len >= WORD_MIN && open[1 + len] == ']';
}

bool registry_trap_check_filled(const char *key, struct error *error)
{
	if (!is_to_be_filled(key))
		return true;
	error_set(error, DIAGNOSTIC_SECRET_PLACEHOLDER, "write the real name of your registry",
	          "registry \"%s\" still has to be filled in", key);
	error->status = STATUS_USAGE;
	return false;
}
