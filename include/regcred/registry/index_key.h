/* index_key.h - what the kubelet makes of one registry key, and how it compares
 * it with an image's repository.
 *
 * Kubernetes 1.32 pkg/credentialprovider/keyring.go: Add (from the key as written to
 * the index key it is filed under), then, for each image, ParseSchemelessURL, SplitURL
 * and URLsMatch, which take the index key apart as a URL a second time:
 *
 *   https://ghcr.io/v2/org  ->  ghcr.io/org        host ghcr.io, path /org
 *   reg.io/a%3Fb            ->  reg.io/a?b         host reg.io, path /a: ?b is a query now
 *   reg.io:5000?x           ->  reg.io:5000        host reg.io, port 5000
 *   reg ex.io               ->  none: the entry is skipped
 */
#ifndef REGCRED_INDEX_KEY_H
#define REGCRED_INDEX_KEY_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/view.h"
#include "regcred/registry/go_url.h"

/* The index key under which Docker Hub's fallback looks. */
#define INDEX_KEY_DOCKER_HUB "index.docker.io"

/* Appends the index key of a registry key. In case of a fault nothing is appended. */
enum go_url_fault index_key_append(struct view registry, struct buf *out);

/* An index key or a repository, taken apart. */
struct index_pattern {
	struct view host; /* labels joined by dots */
	struct view port; /* empty: none */
	struct view path; /* empty, or begins with a slash */
	bool wild;        /* the host is more than itself */
};

/* `text` replaces what is in `out`, which the pattern points into. */
enum go_url_fault index_pattern_parse(struct view text, struct buf *out,
                                      struct index_pattern *pattern);

/* Ports are equal, hosts agree label by label, and the image's path begins with the
 * pattern's, byte for byte. */
bool index_pattern_matches(const struct index_pattern *pattern, const struct index_pattern *image);

/* Only the hosts: equally many labels, each of which matches. */
bool index_host_matches(struct view pattern, struct view host);

/* Whether the kubelet takes a repository for one of Docker Hub (isDefaultRegistryMatch),
 * which localhost/app and MyReg/app are to it too. */
bool index_key_is_default_registry(struct view repository);

#endif
