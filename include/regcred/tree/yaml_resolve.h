/* yaml_resolve.h - what a YAML scalar is to kubectl and the API server: go-yaml v2
 * (resolve.go, decode.go) as sigs.k8s.io/yaml turns it into JSON.
 *
 * Pure functions. The rules are YAML 1.1's words, Go's ParseInt with base 0 after
 * every `_` is dropped, and Go's ParseFloat. Dates stay strings; so do numbers in
 * base 60 and floats too large for a double.
 */
#ifndef REGCRED_YAML_RESOLVE_H
#define REGCRED_YAML_RESOLVE_H

#include "regcred/tree/node_event.h"
#include "regcred/tree/node_number.h"

struct yaml_scalar_kind {
	enum node_kind kind;
	bool truth;
};

/* Of a plain scalar without a tag. */
struct yaml_scalar_kind yaml_resolve(const char *text, size_t len);

/* Of a scalar with a tag, in full (tag:yaml.org,2002:int). An unknown tag makes a
 * string. False: the text is not what the tag says. The content of !!binary is not
 * decoded here. */
bool yaml_resolve_tagged(const char *tag, const char *text, size_t len,
                         struct yaml_scalar_kind *kind);

bool yaml_tag_is_binary(const char *tag);

/* The event's text becomes what kubectl takes it for as a key: true and false; a number as
 * number_name has it, which keeps the text in `name`. False: kubectl refuses it. */
bool yaml_resolve_key(struct node_event *event, char name[NUMBER_TEXT_SIZE]);

#endif
