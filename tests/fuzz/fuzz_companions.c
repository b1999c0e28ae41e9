/* Lines of a text as readers, the first as an image: what is accepted is a reader, the
 * same is not accepted twice, and the objects can be made and have the names they must. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/base/utf8.h"
#include "regcred/edit/companions.h"
#include "regcred/kube/document.h"
#include "regcred/kube/k8s_name.h"

enum { READERS = 8 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_good(enum k8s_name_kind kind, const char *name)
{
	struct error error;

	return k8s_name_check(kind, name, strlen(name), &error);
}

/* Adds a line. */
static void add(struct companions *companions, char *line)
{
	struct error error = {.diagnostic = DIAGNOSTIC_COUNT};
	const struct reader *reader;
	size_t before = companions->reader_count;

	if (!companions_add_reader(companions, line, &error)) {
		must(error.diagnostic == DIAGNOSTIC_READER_INVALID);
		must(error.status == STATUS_USAGE && *error.message);
		must(companions->reader_count == before);
		return;
	}
	reader = &companions->readers[before];
	must(*reader->name && utf8_valid(reader->name, strlen(reader->name)));
	if (reader->kind == READER_SERVICE_ACCOUNT)
		must(is_good(K8S_NAME_SECRET, reader->name) &&
		     (!reader->ns || is_good(K8S_NAME_NAMESPACE, reader->ns)));
}

/* The name that the Pod has in its first lines is a good one. */
static void check_pod(const struct json *pod)
{
	const struct json *metadata = json_next(json_next(json_first(pod)));

	must(is_good(K8S_NAME_NAMESPACE, json_text(json_first(metadata))));
}

static void check_objects(const struct companions *companions)
{
	struct json *objects[COMPANIONS_MAX] = {0};
	CLEANUP(document_release) struct document manifest = {0};
	struct error error;
	size_t count;

	must(companions_make(companions, "regcred", true, objects, &count, &error));
	must(count == (companions->reader_count ? 2u : 0u) + (companions->image ? 1u : 0u));
	if (companions->image)
		check_pod(objects[count - 1]);
	if (count)
		must(document_render(&manifest, (const struct json *const *)objects, count,
		                     DOCUMENT_YAML, true, &error));
	for (size_t i = 0; i < count; i++)
		json_release(&objects[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(companions_release) struct companions companions = COMPANIONS_INIT;
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	struct error error;
	char *line, *rest;

	buf_append(&text, data, size);
	if (!size)
		return 0;
	rest = text.data;
	line = strsep(&rest, "\n");
	if (!companions_set_pod(&companions, line, &error)) {
		must(error.diagnostic == DIAGNOSTIC_IMAGE_INVALID);
		companions.image = NULL;
	}
	for (int i = 0; i < READERS && (line = strsep(&rest, "\n")); i++)
		add(&companions, line);
	check_objects(&companions);
	return 0;
}
