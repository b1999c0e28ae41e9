/* Any manifest: what is kept of a Secret must be a Secret of which the same is kept
 * again, byte for byte. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/memory.h"
#include "regcred/edit/secret_update.h"
#include "regcred/kube/document.h"
#include "regcred/kube/k8s_name.h"
#include "regcred/manifest/manifest_reader.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Makes the Secret anew, as generate does with no other option. False: refused. */
static bool make(struct secret_update *update, struct buf *out, struct error *error)
{
	CLEANUP(docker_config_release) struct docker_config config = DOCKER_CONFIG_INIT;
	CLEANUP(buf_release) struct buf payload = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf data = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(json_release) struct json *object = NULL;
	CLEANUP(document_release) struct document manifest = {0};
	struct secret secret = {.name = update->name,
	                        .type = SECRET_TYPE_DOCKER_CONFIG,
	                        .immutable = update->immutable,
	                        .labels = update->labels,
	                        .annotations = update->annotations};

	/* document_append wants a valid namespace. */
	if (*update->ns &&
	    !k8s_name_check(K8S_NAME_NAMESPACE, update->ns, strlen(update->ns), error))
		return false;
	if (!secret_update_keep(update, &config, error) ||
	    !docker_config_print(&config, &payload, error))
		return false;
	base64_encode(&data, payload.data, payload.len);
	secret_pairs_add(&secret.data, SECRET_KEY_DOCKER_CONFIG, data.data);
	secret_update_fill(update, &secret, false);
	object = secret_object(&secret, *update->ns != '\0');
	secret_pairs_release(&secret.data);
	secret_update_complete(update, object, false);
	must(document_render(&manifest, (const struct json *const *)&object, 1, DOCUMENT_YAML,
	                     false, error));
	document_append(&manifest, view_of(update->ns), out);
	return true;
}

/* The first object of a text, made anew. */
static bool update_text(const char *bytes, size_t len, struct buf *out, struct error *error)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new_bytes(bytes, len);
	CLEANUP(secret_update_release) struct secret_update update = {0};
	struct manifest_item item;
	size_t hash;

	secret_update_release(&update);
	must(reader != NULL);
	if (!manifest_reader_next(reader, &item, error) || item.event != MANIFEST_OBJECT ||
	    !secret_update_read(item.root, item.api_version, item.kind, &update, error))
		return false;
	must(secret_update_base_name(&update, &hash, error) || error->status == STATUS_DATA);
	return make(&update, out, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf once = BUF_INIT(64 * BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf twice = BUF_INIT(64 * BUF_CONFIG_MAX);
	struct error error;

	if (!update_text(size ? (const char *)data : "", size, &once, &error))
		return 0;
	must(update_text(once.data, once.len, &twice, &error));
	must(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	return 0;
}
