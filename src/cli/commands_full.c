/* The table of regcred-full: every command is here. */
#include "check.h"
#include "commands.h"
#include "completion.h"
#include "generate.h"
#include "generate_options.h"
#include "help.h"
#include "match.h"
#include "proof.h"
#include "show.h"
#include "snippet.h"
#include "update.h"

#define RUN(name, synopsis, summary, words)                                                        \
	{#name, synopsis, summary, words, &name##_options, name##_run},
#define KEPT(name) {#name, NULL, NULL, NULL, NULL, NULL},

/* clang-format off */
const struct command commands[] = {
	COMMANDS(RUN, RUN, KEPT)
	{0},
};
/* clang-format on */

const struct program program = {
    .is_full = true,
    .answer_kubectl = completion_answer_kubectl,
    .update = &update_steps,
    .proof = &proof_steps,
};
