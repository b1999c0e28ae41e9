/* The stream: what is read and not written yet, with its edits; the proof. */
#include "regcred/edit/attach.h"

#include <string.h>

#include "attach_object.h"
#include "regcred/base/memory.h"

enum {
	DOCUMENT_MAX = 1024 * 1024 * 1024,
	LIST_MAX = 1024 * 1024, /* bytes of a List, before it is written part by part */
	DROP_MIN = 256 * 1024,  /* bytes that were written, before the rest is moved */
};

struct run {
	const struct attach_options *options;
	const struct attach_events *events;
	struct buf raw;
	struct attach_text text; /* of raw: from the first byte that is not written on */
	struct attach_edits edits;
	struct attach_digest *objects; /* what those of the document must be, read again */
	size_t object_count, object_capacity;

	size_t document;         /* the current one */
	bool in_list;            /* its beginning is written, up to an item of a block List */
	uint64_t end;            /* in JSON: of its last object */
	bool kept;               /* nothing more is added to it */
	bool utf16;              /* offsets are of other bytes; all of the stream is kept */
	struct node_place first; /* of an object that is edited; line 0: there is none */
};

static void run_release(struct run *run)
{
	buf_release(&run->raw);
	buf_release(&run->edits.text);
	memory_release(run->edits.items);
	memory_release(run->objects);
}

/* What is read is kept. */
static ptrdiff_t capture(void *context, char *bytes, size_t size, struct error *error)
{
	struct run *run = context;
	size_t taken = run->raw.len - run->text.bytes.len;
	ptrdiff_t got = run->events->read(run->events->context, bytes, size, error);

	if (got <= 0)
		return got;
	if (taken >= DROP_MIN && taken >= run->raw.len / 2) {
		memmove(run->raw.data, run->raw.data + taken, run->raw.len - taken);
		buf_truncate(&run->raw, run->raw.len - taken);
		taken = 0;
	}
	buf_append(&run->raw, bytes, (size_t)got);
	run->utf16 |=
	    run->text.offset == 0 && (view_begins(buf_view(&run->raw), view_of("\xFF\xFE")) ||
	                              view_begins(buf_view(&run->raw), view_of("\xFE\xFF")));
	run->text.bytes = view_from(buf_view(&run->raw), taken);
	return buf_check(&run->raw, "a document", error) ? got : -1;
}

/* ---- A text with edits ---- */

/* A text and those of its edits that are not passed, piece by piece. */
struct splice {
	struct attach_text rest;
	const struct attach_edits *edits;
	size_t next;
	struct view piece;
};

static void pass(struct splice *splice, size_t len)
{
	splice->rest.bytes = view_from(splice->rest.bytes, len);
	splice->rest.offset += len;
}

/* False: there is no more. */
static bool splice_next(struct splice *splice)
{
	const struct attach_edit *edit =
	    splice->next < splice->edits->count ? &splice->edits->items[splice->next] : NULL;
	size_t len = splice->rest.bytes.len;

	if (edit && edit->offset == splice->rest.offset) {
		splice->next++;
		splice->piece = (struct view){splice->edits->text.data + edit->at, edit->len};
		pass(splice, edit->removed);
		return true;
	}
	if (edit && edit->offset - splice->rest.offset < len)
		len = (size_t)(edit->offset - splice->rest.offset);
	splice->piece = view_first(splice->rest.bytes, len);
	pass(splice, len);
	return len > 0;
}

static ptrdiff_t splice_read(void *context, char *bytes, size_t size, struct error *error)
{
	struct splice *splice = context;
	size_t len;

	(void)error;
	if (!splice->piece.len && !splice_next(splice))
		return 0;
	len = splice->piece.len < size ? splice->piece.len : size;
	memcpy(bytes, splice->piece.data, len);
	splice->piece = view_from(splice->piece, len);
	return (ptrdiff_t)len;
}

/* Of the text that is not written, from one offset to another, with its edits from `first` on. */
static struct splice splice_of(const struct run *run, uint64_t from, uint64_t to, size_t first)
{
	struct view bytes = view_from(run->text.bytes, (size_t)(from - run->text.offset));

	return (struct splice){.rest = {view_first(bytes, (size_t)(to - from)), from},
	                       .edits = &run->edits,
	                       .next = first};
}

/* Whether just these objects are read of it. */
static bool prove(struct splice splice, const struct attach_digest *objects, size_t count)
{
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new(splice_read, &splice);
	struct manifest_item item;
	struct error ignored;
	size_t found = 0;

	manifest_reader_want(reader, workload_wanted);
	while (manifest_reader_next(reader, &item, &ignored) && item.event == MANIFEST_OBJECT &&
	       found < count && attach_object_is(item.root, objects[found]))
		found++;
	return found == count && item.event == MANIFEST_END;
}

/* ---- Objects ---- */

static void keep(struct run *run, const struct manifest_item *item, struct node_place place,
                 const char *why)
{
	struct manifest_item kept = *item;

	kept.place = place;
	run->events->kept(run->events->context, &kept, why);
}

#define SHARED "it shares a part through an alias (*), or has a form that cannot be extended"

/* Its edits are proved with the document. */
static void remember(struct run *run, const struct manifest_item *item, struct attach_digest digest,
                     bool edited)
{
	if (edited && !run->first.line)
		run->first = item->place;
	memory_extend(&run->objects, run->object_count, &run->object_capacity,
	              sizeof *run->objects);
	run->objects[run->object_count++] = digest;
}

/* In JSON its edits are proved at once. */
static bool prove_json(struct run *run, const struct manifest_item *item, size_t first,
                       struct attach_digest digest)
{
	run->end = item->root->end ? item->root->end + 1 : item->place.offset;
	return run->edits.count == first ||
	       prove(splice_of(run, item->place.offset, run->end, first), &digest, 1);
}

static void take_object(struct run *run, const struct manifest_item *item)
{
	size_t first = run->edits.count;
	struct attach_object object = attach_object(run->options, item, &run->text, &run->edits);

	if (object.lacks)
		run->events->object(run->events->context, item);
	if (object.lacks && run->utf16)
		object.refusal = "it is UTF-16";
	else if (item->json && !prove_json(run, item, first, object.digest))
		object.refusal = SHARED;
	if (object.refusal) {
		run->edits.count = first;
		run->kept = run->utf16;
		keep(run, item, object.place, object.refusal);
	}
	if (!item->json)
		remember(run, item, object.digest, run->edits.count > first);
}

/* A document that breaks off stays as it is. */
static void take_item(struct run *run, const struct manifest_item *item)
{
	if (run->kept)
		return;
	if (item->event == MANIFEST_OBJECT) {
		take_object(run, item);
		return;
	}
	keep(run, item, item->place, item->problem ? item->problem->message : "");
	run->kept = true;
	run->edits.count = 0;
}

/* ---- Documents ---- */

/* Writes what is in front of the offset. */
static bool write_until(struct run *run, uint64_t offset, struct error *error)
{
	struct splice splice = splice_of(run, run->text.offset, offset, 0);
	bool changed = run->edits.count > 0;

	while (splice_next(&splice))
		if (!run->events->write(run->events->context, splice.piece, changed, error))
			return false;
	run->text.bytes = view_from(run->text.bytes, (size_t)(offset - run->text.offset));
	run->text.offset = offset;
	run->edits.count = 0;
	buf_rewind(&run->edits.text);
	return true;
}

/* What is proved at once ends there: a document, or a part of its List. */
static bool end_part(struct run *run, uint64_t offset, struct error *error)
{
	static const struct manifest_item document = {
	    .event = MANIFEST_OBJECT, .api_version = "", .kind = ""};
	struct splice splice = splice_of(run, run->text.offset, offset, 0);

	splice.piece = view_of(run->in_list ? "apiVersion: v1\nitems:\n" : "");
	if (run->edits.count && run->object_count &&
	    !prove(splice, run->objects, run->object_count)) {
		keep(run, &document, run->first, SHARED);
		run->edits.count = 0;
	}
	run->object_count = 0;
	run->first.line = 0;
	return write_until(run, offset, error);
}

static bool end_document(struct run *run, uint64_t offset, struct error *error)
{
	if (!end_part(run, offset, error))
		return false;
	run->in_list = false;
	run->kept = run->kept && run->utf16;
	return true;
}

/* Where the dash of an item stands, if that is the first column, which only items of the
 * outermost List have; else 0. */
static uint64_t outer_dash(const struct run *run, const struct manifest_item *item)
{
	const char *bytes = run->text.bytes.data;
	size_t at = (size_t)(item->place.offset - run->text.offset);

	while (at && bytes[at - 1] == ' ')
		at--;
	return at > 1 && bytes[at - 1] == '-' && bytes[at - 2] == '\n' ? run->text.offset + at - 1
	                                                               : 0;
}

/* A List of YAML is cut in front of the item, if nothing can be shared across the cut; of JSON
 * after the item before. */
static bool cut_list(struct run *run, const struct manifest_item *item, struct error *error)
{
	uint64_t offset = run->end;

	if (run->text.bytes.len <= LIST_MAX || run->kept || run->utf16 ||
	    item->event != MANIFEST_OBJECT)
		return true;
	if (!item->json)
		offset = run->object_count && !item->anchors ? outer_dash(run, item) : 0;
	if (!offset)
		return true;
	if (!end_part(run, offset, error))
		return false;
	run->in_list = !item->json;
	return true;
}

/* Where the document ends that is in front of that of the item. */
static uint64_t end_before(const struct run *run, const struct manifest_item *item)
{
	if (item->event == MANIFEST_END)
		return run->text.offset + run->text.bytes.len;
	if (run->utf16)
		return run->text.offset;
	return item->json ? run->end : item->begins;
}

bool attach_stream(const struct attach_options *options, const struct attach_events *events,
                   struct error *error)
{
	CLEANUP(run_release)
	struct run run = {.options = options,
	                  .events = events,
	                  .raw = BUF_INIT(DOCUMENT_MAX),
	                  .text = {VIEW_EMPTY, 0},
	                  .edits = {.text = BUF_INIT(MANIFEST_OBJECT_MAX)}};
	CLEANUP(manifest_reader_free)
	struct manifest_reader *reader = manifest_reader_new(capture, &run);
	struct manifest_item item;

	manifest_reader_want(reader, workload_wanted);
	while (manifest_reader_next(reader, &item, error)) {
		bool ends = item.document != run.document || item.event == MANIFEST_END;

		if (ends ? !end_document(&run, end_before(&run, &item), error)
		         : !cut_list(&run, &item, error))
			return false;
		if (item.event == MANIFEST_END)
			return true;
		run.document = item.document;
		take_item(&run, &item);
	}
	return false;
}
