/* Any bytes as a secret: what it says must be possible, the same with another
 * signature, and nothing about it may be an error. Providers judge it on
 * the way. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/buf.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/token.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool read_expiry(const char *secret, size_t len, int64_t *expires)
{
	int64_t end = INT64_MIN;
	bool known = token_expiry((struct view){secret, len}, &end);

	must(known ? end <= TOKEN_EXPIRY_MAX && end >= -TOKEN_EXPIRY_MAX : end == INT64_MIN);
	*expires = end;
	return known;
}

/* A token stays one, with the same end, whatever its signature. */
static void check_signature(const char *secret, size_t len, int64_t expires)
{
	struct buf other = BUF_INIT(len + 8);
	int64_t end;

	while (len && secret[len - 1] != '.')
		len--;
	if (len) {
		buf_append(&other, secret, len);
		buf_append_string(&other, "c2ln");
		must(read_expiry(other.data, other.len, &end) && end == expires);
	}
	buf_release(&other);
}

/* The user name that a provider takes for a secret is one that it does not doubt,
 * but for what the form of a secret does not show. */
static void check_providers(const char *secret, size_t len)
{
	const struct provider *provider;

	for (size_t i = 0; (provider = provider_at(i)); i++) {
		const char *username = provider_username(provider, secret, len);
		const struct provider_remark *life =
		    provider_life(provider, username ? username : "someone", secret, len);
		bool of_gitlab = len >= 6 && memcmp(secret, "glcbt-", 6) == 0;

		must(!life || *life->sentence);
		must(!username || of_gitlab ||
		     !provider_doubt_username(provider, username, secret, len));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *secret = size ? (const char *)data : "";
	char text[TOKEN_TEXT_SIZE];
	int64_t expires;

	if (read_expiry(secret, size, &expires))
		check_signature(secret, size, expires);
	token_remaining(expires, text);
	must(strlen(text) < TOKEN_TEXT_SIZE - 1);
	check_providers(secret, size);
	return 0;
}
