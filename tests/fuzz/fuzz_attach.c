/* Any stream: what comes out must take the same once more, byte for byte, and lose nothing
 * but lists without a value. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/edit/attach.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

struct stream {
	struct view rest;
	struct buf out;
	size_t changed;
};

static ptrdiff_t read_some(void *context, char *bytes, size_t size, struct error *error)
{
	struct stream *stream = context;
	size_t len = size < 13 ? size : 13;

	(void)error;
	len = len < stream->rest.len ? len : stream->rest.len;
	memcpy(bytes, stream->rest.data, len);
	stream->rest = view_from(stream->rest, len);
	return (ptrdiff_t)len;
}

static void skip_object(void *context, const struct manifest_item *item)
{
	(void)context, (void)item;
}

static void skip_kept(void *context, const struct manifest_item *item, const char *why)
{
	(void)context, (void)item, (void)why;
}

static bool write_some(void *context, struct view bytes, bool changed, struct error *error)
{
	struct stream *stream = context;

	(void)error;
	stream->changed += changed;
	buf_append(&stream->out, bytes.data, bytes.len);
	return true;
}

static struct attach_names choose(void *context, const char *ns, const struct workload *workload)
{
	static const char *const names[] = {"regcred", "other"};

	(void)context, (void)ns, (void)workload;
	return (struct attach_names){names, 2};
}

static void run(struct view text, struct stream *stream)
{
	static const struct attach_options options = {choose, NULL, "old", true};
	const struct attach_events events = {stream, read_some, skip_object, skip_kept, write_some};
	struct error error;

	*stream = (struct stream){.rest = text, .out = BUF_INIT(64 * BUF_CONFIG_MAX)};
	must(attach_stream(&options, &events, &error) && !stream->out.failure);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = {size ? (const char *)data : "", size};
	struct stream once, again;

	run(text, &once);
	if (!once.changed) {
		must(view_equal(buf_view(&once.out), text));
	} else {
		run(buf_view(&once.out), &again);
		must(!again.changed && view_equal(buf_view(&again.out), buf_view(&once.out)));
		buf_release(&again.out);
	}
	buf_release(&once.out);
	return 0;
}
