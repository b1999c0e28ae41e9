/* image_reference.h - the name of an image: [DOMAIN/]PATH[:TAG][@DIGEST].
 *
 * Parsed and normalised as the kubelet does before it looks for a credential:
 * distribution/reference 0.6.0 normalize.go (ParseNormalizedNamed), regexp.go,
 * opencontainers/go-digest 1.0 (Parse); Kubernetes 1.32 pkg/util/parsers/parsers.go.
 *
 *   ubuntu                -> docker.io/library/ubuntu
 *   bob/app               -> docker.io/bob/app
 *   index.docker.io/x:1   -> docker.io/library/x
 *   localhost/x, Reg/x    -> as they are: upper case makes a domain of the first part
 *   reg_1.example.com/x   -> as it is, without a domain: no domain, yet a valid path
 *
 * White space is never trimmed. Lengths are bytes; a path has at most
 * IMAGE_PATH_MAX, a tag IMAGE_TAG_MAX, a domain any number.
 */
#ifndef REGCRED_IMAGE_REFERENCE_H
#define REGCRED_IMAGE_REFERENCE_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/error.h"
#include "regcred/base/view.h"

enum { IMAGE_PATH_MAX = 255, IMAGE_TAG_MAX = 128 };

struct image_reference {
	struct view repository; /* domain, slash and path: what credentials are looked up for */
	struct view domain;     /* with port; empty if the name has none */
	struct view path;
	struct view tag;    /* empty: none */
	struct view digest; /* with its algorithm; empty: none */
};

/* Parses any bytes. The normalised name replaces what is in `name`, and
 * the reference points into it.
 *
 * Failure: IMAGE_INVALID, with one sentence that quotes the image and, mostly, a hint;
 * what could be a credential in it is not shown. Or out of memory. */
bool image_reference_parse(struct view image, struct buf *name, struct image_reference *reference,
                           struct error *error);

/* Whether an image says itself which registry it is pulled from, rather than Docker Hub
 * by saying none: normalize.go, splitDockerDomain. */
bool image_names_host(struct view image);

/* How far a text goes as the path of an image: components of [a-z0-9]+ joined by one
 * dot, one or two underscores or any dashes, with slashes between them. */
enum image_path {
	IMAGE_PATH_BROKEN, /* no path begins with it */
	IMAGE_PATH_OPEN,   /* some begin with it: it is empty, or ends in a separator or slash */
	IMAGE_PATH_WHOLE,  /* it is one */
};

/* In a pattern, a * matches any letters and digits. Where the text is broken, *at,
 * unless NULL, is the first byte that no path goes on with. */
enum image_path image_path_judge(struct view text, bool pattern, size_t *at);

/* The host of HOST[:PORT]; what is left begins with the colon. */
struct view image_domain_host(struct view domain);

/* Whether it is the host of a domain, without port: labels [a-zA-Z0-9] with dashes
 * within, joined by dots, or hexadecimal digits and colons in brackets. */
bool image_host_is_valid(struct view host, bool pattern);

#endif
