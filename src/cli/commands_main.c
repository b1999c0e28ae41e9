/* The table of regcred-gen: the main job is here, of the others only the names. */
#include "commands.h"
#include "generate.h"
#include "generate_options.h"

#define RUN(name, synopsis, summary, words)                                                        \
	{#name, synopsis, summary, words, &name##_options, name##_run},
#define NAMED(name, synopsis, summary, words) {#name, synopsis, summary, words, NULL, NULL},
#define KEPT(name)                            {#name, NULL, NULL, NULL, NULL, NULL},

/* clang-format off */
const struct command commands[] = {
	COMMANDS(RUN, NAMED, KEPT)
	{0},
};
/* clang-format on */

const struct program program = {.is_full = false};
