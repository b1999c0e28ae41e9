/* files.h - the files that a command is to read: as they are named, and for a folder the
 * *.yaml, *.yml and *.json in it by name, as kubectl has it.
 */
#ifndef REGCRED_IO_FILES_H
#define REGCRED_IO_FILES_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/error.h"
#include "regcred/base/string_list.h"

/* Adds the path of a file ("-" is standard input), or of what is in a folder; with
 * `recursive` also in the folders below it, but for hidden ones and links to folders.
 * A folder without any is added itself. INPUT_FAILED: a folder that cannot be read. Whether a
 * file exists is found out when it is opened. */
bool files_add(struct string_list *files, const char *path, bool recursive, struct error *error);

/* INPUT_FAILED for a folder that files_add found no manifest in. */
bool files_check(const char *path, bool recursive, struct error *error);

/* Appends the folder of the Helm chart that a file belongs to, which holds a Chart.yaml: the
 * outermost above the file, as far as its path shows, which takes in charts inside of charts;
 * the working directory is "". False: there is none. */
bool chart_find(const char *path, struct buf *folder);

#endif
