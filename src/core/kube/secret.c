#include "regcred/kube/secret.h"

#include <stdlib.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/kube/document.h"
#include "regcred/kube/k8s_name.h"

void secret_pairs_release(struct secret_pairs *pairs)
{
	memory_release(pairs->items);
	*pairs = (struct secret_pairs){0};
}

void secret_pairs_add(struct secret_pairs *pairs, const char *key, const char *value)
{
	memory_extend(&pairs->items, pairs->count, &pairs->capacity, sizeof *pairs->items);
	pairs->items[pairs->count++] = (struct secret_pair){key, value};
}

static int pair_by_key(const void *a, const void *b)
{
	return strcmp(((const struct secret_pair *)a)->key, ((const struct secret_pair *)b)->key);
}

const char *secret_pairs_sort(struct secret_pairs *pairs)
{
	if (pairs->count > 1)
		qsort(pairs->items, pairs->count, sizeof *pairs->items, pair_by_key);
	for (size_t i = 1; i < pairs->count; i++)
		if (strcmp(pairs->items[i - 1].key, pairs->items[i].key) == 0)
			return pairs->items[i].key;
	return NULL;
}

bool secret_pairs_have(const struct secret_pairs *pairs, const char *key)
{
	const struct secret_pair wanted = {key, NULL};

	return pairs->count && bsearch(&wanted, pairs->items, pairs->count, sizeof *pairs->items,
	                               pair_by_key) != NULL;
}

size_t secret_size(const struct secret *secret)
{
	size_t size = 0;

	for (size_t i = 0; i < secret->data.count; i++) {
		const char *value = secret->data.items[i].value;

		size += base64_decoded_size(value, strlen(value));
	}
	return size;
}

bool secret_check_label(const char *key, const char *value, struct error *error)
{
	return k8s_name_check(K8S_NAME_LABEL_KEY, key, strlen(key), error) &&
	       k8s_name_check(K8S_NAME_LABEL_VALUE, value, strlen(value), error);
}

bool secret_check_annotation(const char *key, const char *value, struct error *error)
{
	if (!k8s_name_check(K8S_NAME_ANNOTATION_KEY, key, strlen(key), error))
		return false;
	if (utf8_valid(key, strlen(key)) && utf8_valid(value, strlen(value)))
		return true;
	return error_set(error, DIAGNOSTIC_ANNOTATION_INVALID, NULL,
	                 "the value of annotation \"%s\" is not valid UTF-8", key);
}

bool secret_check(const struct secret *secret, struct error *error)
{
	size_t annotations = 0;

	if (!k8s_name_check(K8S_NAME_SECRET, secret->name, strlen(secret->name), error))
		return false;
	for (size_t i = 0; i < secret->annotations.count; i++)
		annotations += strlen(secret->annotations.items[i].key) +
		               strlen(secret->annotations.items[i].value);
	if (annotations > K8S_ANNOTATIONS_MAX)
		return error_set(error, DIAGNOSTIC_ANNOTATION_INVALID, NULL,
		                 "the annotations are %zu bytes long, the limit is %d", annotations,
		                 K8S_ANNOTATIONS_MAX);
	if (secret_size(secret) > K8S_SECRET_MAX) {
		return error_set(error, DIAGNOSTIC_SECRET_TOO_LARGE,
		                 "spread the registries over several Secrets: a Pod may "
		                 "name more than one",
		                 "the Secret holds %zu bytes, the limit is %d", secret_size(secret),
		                 K8S_SECRET_MAX);
	}
	return true;
}

/* --- the object ----------------------------------------------------------- */

static struct json *pairs_object(const struct secret_pairs *pairs)
{
	struct json *object = json_object();

	for (size_t i = 0; i < pairs->count; i++)
		json_add(object, pairs->items[i].key, json_string(pairs->items[i].value));
	return object;
}

/* NULL: there are none. */
static struct json *pairs_if_any(const struct secret_pairs *pairs)
{
	return pairs && pairs->count ? pairs_object(pairs) : NULL;
}

static struct json *immutable_of(const struct secret *secret)
{
	if (secret->immutable == SECRET_IMMUTABLE_ABSENT)
		return NULL;
	return json_raw(secret->immutable == SECRET_IMMUTABLE_TRUE ? "true" : "false");
}

static struct json *data_of(const struct secret *secret)
{
	return secret->no_data ? json_raw("null") : pairs_object(&secret->data);
}

struct json *secret_metadata(const char *name, bool namespace_hole,
                             const struct secret_pairs *labels,
                             const struct secret_pairs *annotations)
{
	return json_build("{name:%s,namespace:%j,labels:%j,annotations:%j}", name,
	                  namespace_hole ? json_raw(DOCUMENT_HOLE_TEXT) : NULL,
	                  pairs_if_any(labels), pairs_if_any(annotations));
}

struct json *secret_object(const struct secret *secret, bool namespace_hole)
{
	return json_build(
	    "{apiVersion:v1,kind:Secret,metadata:%j,type:%s,immutable:%j,data:%j}",
	    secret_metadata(secret->name, namespace_hole, &secret->labels, &secret->annotations),
	    secret->type, immutable_of(secret), data_of(secret));
}

/* --- the hashed name, which kubectl calls a name hash ---------------------- */

bool secret_hash_text(const struct secret *secret, struct buf *out, struct error *error)
{
	CLEANUP(json_release)
	struct json *object =
	    json_build("{data:%j,immutable:%j,kind:Secret,name:%s,type:%s}", data_of(secret),
	               immutable_of(secret), secret->name, secret->type);

	return json_print(object, JSON_COMPACT, 0, out, error);
}
