/* reading.h - what match, show and check have in common: the manifests they read.
 *
 * A command's request begins with a struct reading_request; its table has the row
 * READING_ROW, and perhaps reading_set_argument for arguments.
 */
#ifndef REGCRED_CLI_READING_H
#define REGCRED_CLI_READING_H

#include "../io/files.h"
#include "options.h"
#include "regcred/manifest/manifest_reader.h"

struct reading_request {
	struct request common;
	struct files files;
	bool reads_stdin; /* "-" was given */
};

/* -f FILE; and an argument that is a file. */
option_setter reading_set_file, reading_set_argument;

/* clang-format off */
#define READING_ROW \
	{"Input", "filename", "file", 'f', "FILE", \
	 "a manifest or folder of them; repeatable; - is stdin", VALUE_FILE, NULL, reading_set_file}
/* clang-format on */

/* After the options: with no file at all it is standard input, and a note says so if
 * that is a terminal. */
bool reading_settle(struct reading_request *request, struct error *error);

/* What messages and results call the file: standard input is "-". */
const char *reading_name(const struct reading_request *request, size_t file);

/* Is handed one item after the other; MANIFEST_END is none. False ends it all. */
typedef bool reading_visitor(void *context, size_t file, const struct manifest_item *item,
                             struct error *error);

/* Visits what is in all files, in order. A file that cannot be read ends it; but with
 * `unreadable` it is reported, *unreadable is set, and the next file follows. */
bool reading_each(const struct reading_request *request, reading_visitor *visit, void *context,
                  bool *unreadable, struct error *error);

/* For CLEANUP of a whole request that owns nothing else. */
void reading_release(struct reading_request *request);

#endif
