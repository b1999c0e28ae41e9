/* The option --ignore ID[,ID], which every command that warns has: warnings and notes of these
 * ids are not shown, nor do they count for --strict. What is refused stays refused. The ids are
 * those of the messages (diagnostic.h) and of check's rules (check.h); each command takes all of
 * them, so that one list serves for several. */
#include <string.h>

#include "options.h"
#include "regcred/base/edit_distance.h"
#include "regcred/base/memory.h"

/* Always false. */
static bool refuse_id(const char *id, struct error *error)
{
	struct guess guess = guess_begin(id);

	for (int rule = 0; rule < CHECK_RULE_COUNT; rule++)
		guess_try(&guess, check_rule_facts((enum check_rule)rule)->id);
	for (int diagnostic = 0; diagnostic < DIAGNOSTIC_COUNT; diagnostic++)
		guess_try(&guess, diagnostic_id((enum diagnostic)diagnostic));
	error_set(
	    error, DIAGNOSTIC_OPTION_VALUE,
	    "each message ends with its id in brackets; check --list-rules lists those of check",
	    "there is no message or rule with the id \"%.80s\"", id);
	return guess.word ? error_hint(error, "did you mean %s?", guess.word) : false;
}

/* False: nothing has this id. */
static bool ignore(struct request *request, const char *id)
{
	enum check_rule rule = check_rule_find(id, strlen(id));
	bool found = rule != CHECK_RULE_COUNT;

	if (found)
		request->ignored |= check_rule_bit(rule);
	for (int diagnostic = 0; diagnostic < DIAGNOSTIC_COUNT; diagnostic++)
		if (strcmp(diagnostic_id((enum diagnostic)diagnostic), id) == 0)
			found = request->report.ignored[diagnostic] = true;
	return found;
}

bool ignore_set(void *context, const struct option_row *row, char *value, struct error *error)
{
	char *rest = value;
	const char *id = strtok_r(value, ", ", &rest);

	(void)row;
	if (!id)
		return refuse_id("", error);
	for (; id; id = strtok_r(NULL, ", ", &rest))
		if (!ignore(context, id))
			return refuse_id(id, error);
	return true;
}
