#include "regcred/base/memory.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The size stands before the block, so that release knows what to wipe. */
union header {
	size_t size;
	max_align_t align;
};

static void (*end_program)(void);

void memory_on_exhaustion(void (*end)(void))
{
	end_program = end;
}

_Noreturn void memory_exhausted(void)
{
	if (end_program)
		end_program();
	__builtin_trap();
}

void *memory_acquire(size_t size)
{
	union header *header = NULL;

	if (size <= PTRDIFF_MAX - sizeof *header)
		header = malloc(sizeof *header + size);
	if (!header)
		memory_exhausted();
	header->size = size;
	return header + 1;
}

void memory_release(void *block)
{
	union header *header = block;

	if (!block)
		return;
	header--;
	memory_wipe(header, sizeof *header + header->size);
	free(header);
}

void memory_extend(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t larger = *capacity ? *capacity * 2 : 4;
	void *old, *items;

	if (count < *capacity)
		return;
	items = memory_acquire(larger > PTRDIFF_MAX / size ? SIZE_MAX : larger * size);
	/* `array` is the address of a pointer of the caller's own type. */
	memcpy(&old, array, sizeof old);
	if (count)
		memcpy(items, old, count * size);
	memory_release(old);
	memcpy(array, &items, sizeof items);
	*capacity = larger;
}

char *memory_copy_string(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(memory_acquire(size), text, size);
}

void memory_wipe(void *bytes, size_t size)
{
	if (size)
		explicit_bzero(bytes, size);
}
