/* vectors.h - reading tests/vectors/NAME.jsonl in unit tests, a line at a time.
 *
 * The folder is $REGCRED_VECTORS, else tests/vectors. What goes wrong here fails
 * the running cmocka test. A line that does not hold should only be reported, so
 * that one run shows all of them:
 *
 *	struct vector_file file;
 *
 *	vector_file_open(&file, "k8s-names.jsonl");
 *	while (vector_file_next(&file))
 *		if (!holds(vector_string(&file, "value", &len), len))
 *			vector_fail(&file, "is not %s", "so");
 *	vector_file_close(&file);
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cjson/cJSON.h>

struct vector_file {
	const char *name;
	FILE *stream;
	char *line;
	size_t size;     /* of `line`, for getline */
	size_t number;   /* of the line, from 1 */
	size_t failures; /* calls of vector_fail */
	cJSON *json;     /* the line, an object; lives until the next call */
};

/* `name` is kept, not copied. */
void vector_file_open(struct vector_file *file, const char *name);

/* Reads the next line into `file->json`; false after the last one. */
bool vector_file_next(struct vector_file *file);

/* Fails the test if there was no line, or if vector_fail was called. */
void vector_file_close(struct vector_file *file);

/* The line's `id`, or "" without one. */
const char *vector_id(const struct vector_file *file);

/* A string member's bytes and length, NULL if there is none. Unlike what cJSON
 * gives, it is whole where it holds U+0000. Lives as long as `file->json`. */
const char *vector_string(const struct vector_file *file, const char *member, size_t *len);

/* The same of a node deeper inside; NULL gives NULL. */
const char *vector_node_string(cJSON *node, size_t *len);

/* A boolean member; fails the test if it is missing. */
bool vector_bool(const struct vector_file *file, const char *member);

/* Says what does not hold for the line, and counts it. */
void vector_fail(struct vector_file *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
