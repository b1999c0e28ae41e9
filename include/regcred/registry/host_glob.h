/* host_glob.h - one label of a registry key against one label of an image's host, as
 * the kubelet compares them: Go 1.26 src/path/filepath/match.go (Match) on Unix.
 *
 *   *      any run of bytes but /
 *   ?      one character but /
 *   [...]  a class of characters and ranges, [^...] its complement
 *   \c     c itself
 *
 * Case counts. A malformed pattern matches nothing. Of all this only * can stand in a
 * registry key: ? begins the query, \ is no host's, and a [ begins an IPv6 address,
 * which without a port becomes a class of its digits.
 */
#ifndef REGCRED_HOST_GLOB_H
#define REGCRED_HOST_GLOB_H

#include <stdbool.h>

#include "regcred/base/view.h"

bool host_glob_matches(struct view pattern, struct view name);

/* Whether a text has one of the characters above, so that it is more than itself. */
bool host_glob_is_wild(struct view pattern);

#endif
