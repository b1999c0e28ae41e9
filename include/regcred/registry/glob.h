/* glob.h - texts with wildcards: a * is any run of bytes but `stop`, a # is a run of
 * digits, at least one. Everything else is literal; case counts.
 *
 * The kubelet compares the labels of hosts with Go's filepath.Match (Go 1.26
 * src/path/filepath/match.go). Of what that knows only * can stand in a registry key, and
 * the [...] of index_key.h: ? begins the query, no host contains a \, and no # gets there.
 */
#ifndef REGCRED_GLOB_H
#define REGCRED_GLOB_H

#include <stdbool.h>

#include "regcred/base/view.h"

bool glob_matches(struct view glob, struct view text, char stop);

/* False for most that do not match, at little cost: only what is after the last *, #, or ] of
 * index_key.h, which is literal, is compared. */
bool glob_ends_agree(struct view glob, struct view text);

/* Whether one of the globs, which have blanks between them, matches. */
bool glob_list_matches(const char *globs, struct view text, char stop);

#endif
