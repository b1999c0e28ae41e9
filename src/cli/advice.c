#include "advice.h"

#include "../io/machine.h"
#include "regcred/docker/credential_judge.h"

/* What the verdicts are for, and whether one refuses. */
struct advice {
	struct report *report;
	const struct entry_request *entry;
	struct error *error;
	bool refused;
};

/* An option that cannot be meant is a usage error, what was read is unusable. */
static enum status status_of(const struct entry_request *entry,
                             const struct credential_verdict *verdict)
{
	if (entry->imported || verdict->diagnostic == DIAGNOSTIC_TOKEN_EXPIRED)
		return STATUS_DATA;
	if (verdict->part == CREDENTIAL_PASSWORD && entry->source.channel != PASSWORD_ARGUMENT)
		return STATUS_DATA;
	return STATUS_USAGE;
}

/* The first that refuses is the error. Of the registry credentials_check_key told. */
static void hear(void *context, const struct credential_verdict *verdict)
{
	struct advice *advice = context;
	const char *part = credential_part_name(verdict->part), *key = advice->entry->key.data;

	if (verdict->part == CREDENTIAL_REGISTRY || (verdict->refused && advice->refused))
		return;
	if (!verdict->refused) {
		report_say(advice->report, verdict->diagnostic, verdict->hint,
		           "the %s for registry \"%s\" %s", part, key, verdict->sentence);
		return;
	}
	advice->refused = true;
	error_set(advice->error, verdict->diagnostic, verdict->hint,
	          "the %s for registry \"%s\" %s", part, key, verdict->sentence);
	advice->error->status = status_of(advice->entry, verdict);
}

bool advice_check(struct report *report, const struct entry_request *entry, struct error *error)
{
	struct advice advice = {.report = report, .entry = entry, .error = error};
	const struct credential_case credential = {
	    .registry = entry->key.data,
	    .username = view_of(entry->credential.username),
	    .password = buf_view(&entry->password),
	    .now = clock_now(),
	};

	credential_judge(&credential, hear, &advice);
	return !advice.refused;
}
