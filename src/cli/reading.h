/* reading.h - reads manifests, for all commands that do.
 *
 * A command's request begins with a struct reading_request; its table has the
 * rows READING_ROW, and perhaps reading_set_argument for arguments.
 */
#ifndef REGCRED_CLI_READING_H
#define REGCRED_CLI_READING_H

#include "../io/files.h"
#include "options.h"
#include "regcred/manifest/manifest_reader.h"

struct reading_request {
	struct request common;
	struct string_list named; /* as they were given, folders too */
	struct string_list files; /* to be read: what reading_settle makes of them */
	bool reads_stdin;         /* "-" was given */
	bool recursive;
	bool refuses_empty; /* standard input must hold a document */
	bool reads_all;     /* members, too, that only `why` looks at */
	bool goes_on;       /* after a file that cannot be read, which is reported */
	/* what reading_each found: */
	size_t read; /* how many files, binary ones not among them */
	bool unreadable;
};

/* A file for the struct reading_request at row->at; an argument that is a file. */
option_setter reading_set_file, reading_set_argument;

/* The same as -f FILE. */
bool reading_add(struct reading_request *request, const char *path, struct error *error);

/* clang-format off */
#define READING_ROW \
	{"Input", "filename", "file", 'f', "FILE", \
	 "a manifest or folder of them; repeatable; - is stdin", VALUE_FILE, NULL, reading_set_file}, \
	{NULL, "recursive", NULL, 'R', NULL, \
	 "read subfolders too", OPTIONS_FLAG(struct reading_request, recursive)}
/* clang-format on */

/* After the options: finds what is in the folders; with no file at all it is standard
 * input. A note says so if that is a terminal. */
bool reading_settle(struct reading_request *request, struct error *error);

/* The same, but no file at all stays none. */
bool reading_expand(struct reading_request *request, struct error *error);

/* What messages and results call the file: standard input is "-". */
const char *reading_name(const struct reading_request *request, size_t file);

/* Is handed one item after the other; MANIFEST_END is not handed out. False ends the reading. */
typedef bool reading_visitor(void *context, size_t file, const struct manifest_item *item,
                             struct error *error);

/* Visits what is in all files, in order. */
bool reading_each(struct reading_request *request, reading_visitor *visit, void *context,
                  struct error *error);

/* For CLEANUP of a whole request that owns nothing else. */
void reading_release(struct reading_request *request);

#endif
