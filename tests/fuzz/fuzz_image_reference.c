/* Any bytes as the name of an image: what is accepted is well formed and parses to
 * itself again; what is refused gets a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/registry/image_reference.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct image_reference *reference)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct view repository = reference->repository;
	struct image_reference again;
	struct error error;

	must(reference->path.len > 0 && reference->path.len <= IMAGE_PATH_MAX);
	must(image_path_judge(reference->path, false, NULL) == IMAGE_PATH_WHOLE);
	must(repository.len ==
	     reference->path.len + reference->domain.len + (reference->domain.len > 0));
	must(reference->tag.len <= IMAGE_TAG_MAX);
	must(!reference->digest.len || reference->digest.len >= 7 + 64);
	must(image_reference_parse(repository, &name, &again, &error));
	must(view_equal(again.repository, repository) &&
	     view_equal(again.domain, reference->domain));
	must(!again.tag.len && !again.digest.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(BUF_CONFIG_MAX);
	struct view image = {size ? (const char *)data : "", size};
	struct image_reference reference;
	struct error error;

	if (image_reference_parse(image, &name, &reference, &error)) {
		check(&reference);
	} else {
		must(error.diagnostic == DIAGNOSTIC_IMAGE_INVALID);
		must(*error.message && *error.hint);
	}
	return 0;
}
