/* Any bytes as a manifest, and again as the payload of a pull secret: findings have
 * places in order, sentences, and a rule that is known; the same twice. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/base64.h"
#include "regcred/base/buf.h"
#include "regcred/check/check.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_finding_of(const struct check *check, size_t index)
{
	const struct check_finding *finding = &check_results(check)->findings[index];
	const struct check_finding *before =
	    index ? &check_results(check)->findings[index - 1] : NULL;

	must(finding->rule < CHECK_RULE_COUNT && finding->file == 7);
	must(finding->place.line >= 1 && finding->place.column >= 1);
	must(*finding->message && finding->hint);
	must(!before || before->place.line < finding->place.line ||
	     (before->place.line == finding->place.line &&
	      before->place.column <= finding->place.column));
}

static size_t check_bytes(const char *bytes, size_t len)
{
	const struct check_options options = {.now = 1700000000, .complete = len % 2};
	struct check *check = check_new(&options);
	struct manifest_reader *reader = manifest_reader_new_bytes(bytes, len);
	struct manifest_item item = {.event = MANIFEST_OBJECT};
	struct error error;
	size_t count;

	must(check && reader);
	while (item.event != MANIFEST_END) {
		must(manifest_reader_next(reader, &item, &error));
		must(check_add(check, 7, &item, &error));
	}
	check_finish(check);
	count = check_results(check)->finding_count;
	for (size_t i = 0; i < count; i++)
		check_finding_of(check, i);
	manifest_reader_free(&reader);
	check_free(&check);
	return count;
}

static void check_payload(const char *bytes, size_t len)
{
	static const char *const heads[] = {
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},"
	    "\"type\":\"kubernetes.io/dockerconfigjson\",\"data\":{\".dockerconfigjson\":\"",
	    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},"
	    "\"type\":\"kubernetes.io/dockercfg\",\"data\":{\".dockercfg\":\""};
	struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	for (size_t i = 0; i < 2; i++) {
		buf_reset(&text);
		buf_append_string(&text, heads[i]);
		base64_encode(&text, bytes, len);
		buf_append_string(&text, "\"}}");
		check_bytes(text.data, text.len);
	}
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = size ? (const char *)data : "";

	must(check_bytes(bytes, size) == check_bytes(bytes, size));
	check_payload(bytes, size);
	return 0;
}
