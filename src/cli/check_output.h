/* check_output.h - findings in every format.
 *
 * Each writer goes through the findings once and builds one at a time.
 */
#ifndef REGCRED_CLI_CHECK_OUTPUT_H
#define REGCRED_CLI_CHECK_OUTPUT_H

#include "../io/columns.h"
#include "reading.h"
#include "regcred/check/check.h"
#include "sink.h"

/* What is written, and how. */
struct check_result {
	const struct check *check;
	const struct reading_request *reading; /* the names of the files: reading_name */
	bool quiet;                            /* no notes, in text */
};

typedef bool check_writer(const struct check_result *result, struct sink *sink,
                          struct error *error);

check_writer check_write_text, check_write_json;     /* check_output.c */
check_writer check_write_github, check_write_gitlab; /* check_output.c */
check_writer check_write_sarif;                      /* check_sarif.c */

/* error, warning, note. */
const char *check_severity_word(enum severity severity);

/* ---- What the writers share ---- */

/* The file as CI services know it: relative to wherever the program ran, without ./ */
const char *check_path(const struct check_result *result, const struct check_finding *finding);

/* Appends message and hint in one: "MESSAGE. Hint: HINT". */
void check_append_text(const struct check_finding *finding, struct buf *out);

/* A place counted in characters; line and column are at least 1. */
struct node_place check_place(const struct check_result *result,
                              const struct check_finding *finding, struct columns *columns);

/* The same for the same finding in another run, wherever it has moved in its file. */
uint64_t check_fingerprint(const struct check_finding *finding, const char *path, const char *text);

/* A finding as -o json has it. */
struct json *check_finding_json(const struct check_finding *finding, const char *file);

#endif
