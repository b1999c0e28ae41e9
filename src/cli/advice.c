#include "advice.h"

#include "../io/clock.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/token.h"

enum { DAY = 24 * 60 * 60 };

/* What the secret says of itself is more exact than what its kind is known for. */
static bool check_life(struct report *report, const struct entry_request *entry,
                       const struct provider *provider, struct error *error)
{
	const struct buf *secret = &entry->password;
	const struct provider_life *life;
	char left[TOKEN_TEXT_SIZE];
	int64_t expires, seconds;
	bool known;

	if (!token_expiry(secret->data, secret->len, &known, &expires, error))
		return false;
	if (!known) {
		life =
		    provider_life(provider, entry->credential.username, secret->data, secret->len);
		if (life)
			report_say(report, DIAGNOSTIC_TOKEN_SHORT_LIVED, life->hint,
			           "the secret for registry \"%s\" %s", entry->key.data,
			           life->sentence);
		return true;
	}
	seconds = expires - clock_now();
	token_remaining(seconds, left);
	if (seconds <= 0) {
		return error_set(error, DIAGNOSTIC_TOKEN_EXPIRED, "get a new one",
		                 "the secret for registry \"%s\" ended %s ago", entry->key.data,
		                 left);
	}
	if (seconds <= DAY)
		report_say(report, DIAGNOSTIC_TOKEN_SHORT_LIVED,
		           "use a secret that lasts, or renew the Secret in time",
		           "the secret for registry \"%s\" ends in %s", entry->key.data, left);
	return true;
}

bool advice_check(struct report *report, const struct entry_request *entry, struct error *error)
{
	const struct provider *provider = provider_find(entry->key.data);
	const struct provider_doubt *doubt = provider_doubt_username(
	    provider, entry->credential.username, entry->password.data, entry->password.len);

	if (doubt)
		report_say(report, DIAGNOSTIC_USERNAME_PROVIDER, doubt->hint,
		           "the user name for registry \"%s\" %s", entry->key.data,
		           doubt->sentence);
	return check_life(report, entry, provider, error);
}
