/* json.h - building JSON trees and printing them. The only door to cJSON.
 *
 * What cJSON does otherwise, and what is done about it here: it allocates with
 * malloc (here through memory.h, so every node, key and string is wiped when it
 * goes); it leaves `<`, `>`, `&`, U+2028 and U+2029 raw (here escaped as Go's
 * encoding/json does, which kubectl prints with); it indents with tabs (here
 * with four spaces, as kubectl). It is never used to read: see json_reader.h.
 *
 * Ownership: a tree belongs to the holder of its root, and ends with
 * json_release. A value handed to json_add or json_append belongs to the
 * container from then on.
 *
 * Strings are C strings of valid UTF-8; cJSON copies them.
 */
#ifndef REGCRED_JSON_H
#define REGCRED_JSON_H

#include <stdbool.h>

#include "regcred/base/buf.h"
#include "regcred/base/string_list.h"

struct json;

enum json_kind { JSON_KIND_OBJECT, JSON_KIND_ARRAY, JSON_KIND_STRING, JSON_KIND_RAW };

enum json_layout {
	JSON_COMPACT,  /* one line, no spaces, no final line feed */
	JSON_INDENTED, /* four spaces a level, no final line feed */
};

struct json *json_object(void);
struct json *json_array(void);
struct json *json_string(const char *text);

/* Text of others, any bytes: what is not UTF-8 becomes U+FFFD, a byte each; what is
 * utf8_is_invisible is escaped. */
struct json *json_bytes(const char *bytes, size_t len);

/* A piece of JSON text, printed as it is: a number, a literal, a placeholder. In a tree
 * that is printed compact it may be any value, as node_json.h makes it; a string may
 * be in a tree that becomes YAML. */
struct json *json_raw(const char *text);

/* Adds a member at the end of an object; keys are not checked for repetition. */
void json_add(struct json *object, const char *key, struct json *value);

/* Adds an element at the end of an array. */
void json_append(struct json *array, struct json *value);

/* An array of texts of others, as in json_bytes. */
struct json *json_texts(const struct string_list *texts);

/* Builds what `shape` shows: {NAME:VALUE,...} and [VALUE,...] without blanks, where a VALUE
 * is one of the two, true, false, a word, which becomes a string, %s for the next argument
 * as a string, or %j for a tree; a NULL argument leaves its member out. Text of others, as in
 * json_bytes, is %t for a string, of which NULL is null, or %v for a struct view; %d is a long
 * long, of which a negative one is null; %b is a bool. Words are constant, shorter than 64 bytes,
 * without any of `,:[]{}` in a name and `,]}` in a value. */
struct json *json_build(const char *shape, ...);

/* For CLEANUP: releases *root and sets it to NULL. */
void json_release(struct json **root);

/* Appends the tree's text to `out`. `depth` counts the levels the text is
 * already in when it is indented; its first line is not indented. */
bool json_print(const struct json *root, enum json_layout layout, unsigned depth, struct buf *out,
                struct error *error);

/* Appends any bytes as a string literal, which YAML reads alike. What is not UTF-8 becomes
 * U+FFFD, a byte each; what is utf8_is_invisible is escaped. */
void json_append_literal(struct buf *out, struct view text);

/* Walking a tree. Key and text belong to the tree. */
enum json_kind json_kind(const struct json *node);
const struct json *json_first(const struct json *container); /* NULL: empty */
const struct json *json_next(const struct json *node);       /* NULL: the last */
const char *json_key(const struct json *member);
const char *json_text(const struct json *node); /* of a string or a raw piece */

#endif
