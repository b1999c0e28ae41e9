/* check_output.h - findings in every format: one at a time, as lines or as an element of a list.
 */
#ifndef REGCRED_CLI_CHECK_OUTPUT_H
#define REGCRED_CLI_CHECK_OUTPUT_H

#include "../io/columns.h"
#include "reading.h"
#include "regcred/check/check.h"
#include "sink.h"

/* Findings on their way out. */
struct check_writing {
	const struct reading_request *reading; /* the names of the files: reading_name */
	bool quiet, colour;                    /* of text: no notes */
	struct columns columns;
	struct string_list seen; /* fingerprints, by which... */
	size_t *repeated;        /* ...how often each was there is counted; */
	size_t count, capacity;  /* of these */
};

/* Appends the lines of a finding: text, and workflow commands of GitHub. */
typedef void check_lines(struct check_writing *writing, const struct check_finding *finding,
                         struct buf *out);
check_lines check_append_lines, check_append_command;

/* The element of a list: -o json, GitLab's code quality, a result of SARIF. */
typedef struct json *check_element(struct check_writing *writing,
                                   const struct check_finding *finding);
check_element check_json, check_quality, check_sarif_result;

/* What is around SARIF's list of results. */
bool check_begin_sarif(struct sink *sink, struct error *error);
void check_end_sarif(struct sink *sink);

/* For CLEANUP. */
void check_writing_release(struct check_writing *writing);

/* ---- What the writers share ---- */

/* The file as CI services know it: relative to wherever the program ran, without ./ */
const char *check_path(const struct check_writing *writing, const struct check_finding *finding);

/* Appends message and hint in one: "MESSAGE. Hint: HINT". */
void check_append_text(const struct check_finding *finding, struct buf *out);

/* A place counted in characters; line and column are at least 1. */
struct node_place check_place(struct check_writing *writing, const struct check_finding *finding);

/* The same for the same finding in another run, wherever it has moved in its file. */
uint64_t check_fingerprint(const struct check_finding *finding, const char *path, const char *text);

/* A finding as -o json has it. */
struct json *check_finding_json(const struct check_finding *finding, const char *file);

#endif
