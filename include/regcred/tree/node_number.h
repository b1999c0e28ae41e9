/* node_number.h - what a number of a tree is to Go. Private to the core.
 *
 * The text of a number is as written: JSON's (RFC 8259), or YAML's as go-yaml v2's
 * resolve.go takes it: `_` anywhere, a sign, 0x, 0o, 0b, a leading 0 for octal, and
 * floats such as .5 and 5. with an exponent. sigs.k8s.io/yaml writes an integral float
 * (1e3, 2.0) as an integer, so that it may stand in an integer field; JSON's may not.
 */
#ifndef REGCRED_NODE_NUMBER_H
#define REGCRED_NODE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regcred/tree/node.h"

struct number {
	bool integer;
	bool negative; /* of an integer, as is `size` */
	uint64_t size;
	double value; /* of a float */
};

enum { NUMBER_TEXT_SIZE = 32 };

/* Whether go-yaml v2 takes the text of a plain scalar for a number, and which: an integer
 * within int64 or uint64, else a float64. Not .inf and .nan, which are words. */
bool number_read(const char *text, size_t len, struct number *number);

/* What kubectl makes of it as a key (sigs.k8s.io/yaml 1.4, convertToJSONableObject): integers
 * in decimal, floats as Go prints a float32, 1.10 as 1.1. False: kubectl refuses it, an
 * integer from 2^63 on, which is named all the same. */
bool number_name(const struct number *number, char name[NUMBER_TEXT_SIZE]);

/* Whether Go's decoder puts the number into an int64, and which. `json`: the tree was
 * read from JSON. */
bool node_number_int64(const struct node *node, bool json, int64_t *value);

/* Whether a number of JSON (sound, as json_reader.h gives it; a C string) is beyond a float64, so
 * that Go's decoder refuses it where any value may stand. */
bool json_number_overflows(const char *text);

#endif
