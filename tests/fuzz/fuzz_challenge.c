/* Any bytes as the value of WWW-Authenticate: what is read lies within them, in order, and a
 * value is never longer than what was written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/verify/challenge.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool lies_within(struct view part, struct view whole)
{
	return !part.len ||
	       (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

static void check_parameter(const struct challenge *challenge, const char *name, struct buf *value)
{
	if (!challenge_parameter(challenge, name, value))
		must(!value->len);
	must(value->len <= challenge->parameters.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view header = {size ? (const char *)data : "", size}, rest = header;
	struct buf value = BUF_INIT(BUF_CONFIG_MAX);
	struct challenge challenge;

	for (size_t left = size + 1; challenge_next(&rest, &challenge); left = rest.len) {
		must(rest.len < left);
		must(challenge.scheme.len && lies_within(challenge.scheme, header));
		must(lies_within(challenge.token68, header));
		must(lies_within(challenge.parameters, header));
		must(!challenge.token68.len || !challenge.parameters.len);
		check_parameter(&challenge, "realm", &value);
		check_parameter(&challenge, "scope", &value);
	}
	must(!rest.len);
	buf_release(&value);
	return 0;
}
