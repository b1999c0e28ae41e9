/* files.h - the files that a command is to read: as they are named, and for a folder
 * the *.yaml, *.yml and *.json in it, as kubectl has it: by name, without those of
 * folders below.
 */
#ifndef REGCRED_IO_FILES_H
#define REGCRED_IO_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "regcred/base/error.h"

struct files {
	char **paths; /* "-" is standard input */
	size_t count, capacity;
};

#define FILES_INIT ((struct files){0})

/* Adds a file, or what stands in a folder. INPUT_FAILED: a folder that cannot be read
 * or has no manifest in it. That a file is there is found when it is opened. */
bool files_add(struct files *files, const char *path, struct error *error);

/* For CLEANUP. */
void files_release(struct files *files);

#endif
