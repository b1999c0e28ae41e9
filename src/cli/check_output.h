/* check_output.h - findings as text, JSON and SARIF.
 *
 * Each writer goes through the findings once, builds one at a time and hands the bytes
 * on in pieces, so that memory does not follow their number.
 */
#ifndef REGCRED_CLI_CHECK_OUTPUT_H
#define REGCRED_CLI_CHECK_OUTPUT_H

#include "../io/output.h"
#include "reading.h"
#include "regcred/check/check.h"

/* Text on its way out: append to `text`, and call check_sink_flush now and then. */
struct check_sink {
	struct output *output;
	struct buf text;
};

/* Writes what has gathered, if that is enough to be worth it; at the end, all of it. */
bool check_sink_flush(struct check_sink *sink, struct error *error);
bool check_sink_finish(struct check_sink *sink, struct error *error);

/* What is written, and how. */
struct check_result {
	const struct check *check;
	const struct reading_request *reading; /* the names of the files: reading_name */
	bool quiet;                            /* no notes, in text */
};

/* The word for a rule's severity: error, warning, note. --strict changes the exit
 * status, not what a finding is. */
const char *check_severity_word(enum check_rule rule);

/* Leaves its last piece in the sink. */
typedef bool check_writer(const struct check_result *result, struct check_sink *sink,
                          struct error *error);

check_writer check_write_text, check_write_json; /* check_output.c */
check_writer check_write_sarif;                  /* check_sarif.c */

/* A text as a JSON string may hold it: bytes that are not UTF-8 become U+FFFD. Replaces
 * the content of `out`. */
void check_clean_text(const char *text, struct buf *out);

#endif
