#include "regcred/base/hash.h"

#include <string.h>

static uint64_t first_key, second_key;

/* Little-endian, as SipHash is defined; `len` is at most 8. */
static inline uint64_t load(const void *bytes, size_t len)
{
	const unsigned char *from = bytes;
	uint64_t word = 0;

	if (len == 8) { /* compilers make one instruction of it */
		return (uint64_t)from[7] << 56 | (uint64_t)from[6] << 48 | (uint64_t)from[5] << 40 |
		       (uint64_t)from[4] << 32 | (uint64_t)from[3] << 24 | (uint64_t)from[2] << 16 |
		       (uint64_t)from[1] << 8 | from[0];
	}
	while (len-- > 0)
		word = word << 8 | from[len];
	return word;
}

void hash_set_key(const unsigned char key[HASH_KEY_SIZE])
{
	first_key = load(key, 8);
	second_key = load(key + 8, 8);
}

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void mix(uint64_t state[4], int rounds)
{
	for (; rounds > 0; rounds--) {
		state[0] += state[1];
		state[2] += state[3];
		state[1] = rotate(state[1], 13) ^ state[0];
		state[3] = rotate(state[3], 16) ^ state[2];
		state[0] = rotate(state[0], 32) + state[3];
		state[2] += state[1];
		state[3] = rotate(state[3], 21) ^ state[0];
		state[1] = rotate(state[1], 17) ^ state[2];
		state[2] = rotate(state[2], 32);
	}
}

static void absorb(uint64_t state[4], uint64_t word)
{
	state[3] ^= word;
	mix(state, 2);
	state[0] ^= word;
}

uint64_t hash_of(struct view bytes)
{
	uint64_t state[4] = {
	    first_key ^ UINT64_C(0x736F6D6570736575), second_key ^ UINT64_C(0x646F72616E646F6D),
	    first_key ^ UINT64_C(0x6C7967656E657261), second_key ^ UINT64_C(0x7465646279746573)};
	size_t at = 0;

	for (; bytes.len - at >= 8; at += 8)
		absorb(state, load(bytes.data + at, 8));
	absorb(state, load(bytes.data + at, bytes.len - at) | (uint64_t)bytes.len << 56);
	state[2] ^= 0xFF;
	mix(state, 4);
	return state[0] ^ state[1] ^ state[2] ^ state[3];
}
