#include <sha2.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/kube/secret.h"

/* kubectl keeps hashes from spelling words: hash.go, encodeHash. */
static char disguise(char digit)
{
	static const char from[] = "013ae", to[] = "ghkmt";
	const char *at = strchr(from, digit);

	return at ? to[at - from] : digit;
}

bool secret_hash(const struct secret *secret, char hash[SECRET_HASH_SIZE], struct error *error)
{
	static const char digits[] = "0123456789abcdef";
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX context;

	if (!secret_hash_text(secret, &text, error))
		return false;
	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)text.data, text.len);
	SHA256Final(digest, &context);
	memory_wipe(&context, sizeof context);
	for (size_t i = 0; i < SECRET_HASH_SIZE - 1; i++)
		hash[i] = disguise(digits[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4]);
	hash[SECRET_HASH_SIZE - 1] = '\0';
	return true;
}
