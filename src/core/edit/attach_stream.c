#include "regcred/edit/attach_stream.h"

#include <string.h>

#include "regcred/base/memory.h"

enum {
	DOCUMENT_MAX = 1024 * 1024 * 1024,
	DROP_MIN = 256 * 1024, /* bytes that were written, before the rest is moved */
};

/* The bytes from the beginning of the document at hand on. */
struct run {
	struct attach *attach;
	const struct attach_events *events;
	struct buf raw;
	size_t taken;    /* of raw: written already */
	uint64_t offset; /* in the stream, of the document */
	bool kept;       /* the document is told to be kept */
	bool adds;       /* something is added to it */
	struct node_place place;
	struct buf made;
};

static void run_release(struct run *run)
{
	buf_release(&run->raw);
	buf_release(&run->made);
}

/* What is read is kept. */
static ptrdiff_t capture(void *context, char *bytes, size_t size, struct error *error)
{
	struct run *run = context;
	ptrdiff_t got = run->events->read(run->events->context, bytes, size, error);

	if (got <= 0)
		return got;
	buf_append(&run->raw, bytes, (size_t)got);
	return buf_check(&run->raw, "a document", error) ? got : -1;
}

static struct view rest(const struct run *run)
{
	return view_from(buf_view(&run->raw), run->taken);
}

static bool is_utf16(const struct run *run)
{
	return run->offset == 0 && (view_begins(rest(run), view_of("\xFF\xFE")) ||
	                            view_begins(rest(run), view_of("\xFE\xFF")));
}

static void keep(struct run *run, enum manifest_event event, struct node_place place,
                 const char *why)
{
	if (!run->kept)
		run->events->kept(run->events->context, event, place, why);
	run->kept = true;
}

static void take_item(struct run *run, const struct manifest_item *item)
{
	if (item->event != MANIFEST_OBJECT) {
		keep(run, item->event, item->place, item->problem ? item->problem->message : "");
		return;
	}
	if (!attach_object(run->attach, item, rest(run), run->offset))
		return;
	run->events->object(run->events->context, item);
	if (!run->adds)
		run->place = item->place;
	run->adds = true;
	if (is_utf16(run))
		keep(run, MANIFEST_OBJECT, item->place, "it is UTF-16");
}

/* The document's bytes, as they are to be written. */
static struct view finish(struct run *run, struct view document)
{
	struct attach *attach = run->attach;

	if (run->kept || !run->adds)
		return document;
	buf_rewind(&run->made);
	buf_reserve(&run->made, document.len + attach->text.len);
	if (attach_finish(attach, document, run->offset, &run->made))
		return buf_view(&run->made);
	keep(run, MANIFEST_OBJECT, attach->place.line ? attach->place : run->place,
	     attach->refusal);
	return document;
}

/* The document ends at that offset of the stream. */
static bool end_document(struct run *run, uint64_t offset, struct error *error)
{
	size_t len = is_utf16(run) ? rest(run).len : (size_t)(offset - run->offset);
	struct view bytes = finish(run, view_first(rest(run), len));
	bool changed = run->adds && !run->kept;

	if (bytes.len && !run->events->write(run->events->context, bytes, changed, error))
		return false;
	run->taken += len;
	run->offset = offset;
	run->kept = run->adds = false;
	attach_reset(run->attach);
	if (run->taken >= DROP_MIN && run->taken >= run->raw.len / 2) {
		memmove(run->raw.data, run->raw.data + run->taken, rest(run).len);
		buf_truncate(&run->raw, rest(run).len);
		run->taken = 0;
	}
	return true;
}

bool attach_stream(struct attach *attach, const struct attach_events *events, struct error *error)
{
	CLEANUP(run_release)
	struct run run = {.attach = attach,
	                  .events = events,
	                  .raw = BUF_INIT(DOCUMENT_MAX),
	                  .made = BUF_INIT(DOCUMENT_MAX)};
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new(capture, &run);
	struct manifest_item item;

	attach_reset(attach);
	while (manifest_reader_next(reader, &item, error)) {
		bool begins = item.begins != run.offset && !is_utf16(&run);

		if (begins && !end_document(&run, item.begins, error))
			return false;
		if (item.event == MANIFEST_END)
			return end_document(&run, run.offset + rest(&run).len, error);
		take_item(&run, &item);
	}
	return false;
}
