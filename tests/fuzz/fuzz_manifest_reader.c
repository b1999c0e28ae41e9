/* Any bytes as a manifest, read whole and in pieces: what is handed out must be the
 * same, with places that are possible and in order, and trees within their limits. */
#include <stdint.h>
#include <string.h>

#include "pieces.h"
#include "regcred/base/buf.h"
#include "regcred/base/memory.h"
#include "regcred/manifest/manifest_reader.h"

enum { NOTES_MAX = 256 * 1024 * 1024, NOTED_MAX = 20000, DEPTH_NOTED = 40 };

/* What is known of the text as a whole. */
struct text {
	const char *bytes;
	size_t len;
	uint64_t lines;
	size_t noted; /* nodes of the current object */
};

static uint64_t count_lines(const char *bytes, size_t len)
{
	uint64_t lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static void note_place(struct text *text, struct node_place place, struct buf *out)
{
	must(place.line >= 1 && place.line <= text->lines);
	must(place.column >= 1 && place.column <= text->len * 2 + 1);
	buf_append_format(out, "%llu:%llu", (unsigned long long)place.line,
	                  (unsigned long long)place.column);
}

static size_t note_node(struct text *text, const struct node *node, size_t depth, struct buf *out)
{
	size_t weight = 1;

	if (depth > DEPTH_NOTED || ++text->noted > NOTED_MAX)
		return node->weight;
	note_place(text, node->place, out);
	buf_append_format(out, " %d %d %d %zu <", (int)node->kind, (int)node->style,
	                  (int)node->truth, node->len);
	buf_append(out, node->text, node->len);
	must(node->text[node->len] == '\0' && node->len <= MANIFEST_TEXT_MAX);
	must(node->kind == NODE_SEQUENCE || node->kind == NODE_MAPPING || node->count == 0);
	for (size_t i = 0; i < node->count; i++) {
		const struct node_member *member = &node->members[i];

		must((member->key != NULL) == (node->kind == NODE_MAPPING));
		if (member->key) {
			must(member->key->kind != NODE_MAPPING &&
			     member->key->kind != NODE_SEQUENCE);
			note_node(text, member->key, depth + 1, out);
			must(!member->merged || node_get(node, member->key->text) != NULL ||
			     memchr(member->key->text, '\0', member->key->len));
		}
		weight += member->value->weight + (member->key != NULL);
		note_node(text, member->value, depth + 1, out);
	}
	must(weight == node->weight && weight <= NODE_WEIGHT_MAX);
	return weight;
}

static void note_item(struct text *text, const struct manifest_item *item, struct buf *out)
{
	buf_append_format(out, "\n%d %zu %s %s ", (int)item->event, item->document,
	                  item->api_version, item->kind);
	if (item->event == MANIFEST_END)
		return;
	note_place(text, item->place, out);
	text->noted = 0;
	must((item->event == MANIFEST_BROKEN) == (item->problem != NULL));
	must((item->event == MANIFEST_OBJECT) == (item->root != NULL));
	if (item->problem) {
		must(item->problem->message[0] != '\0');
		must(item->problem->diagnostic == DIAGNOSTIC_MANIFEST_INVALID ||
		     item->problem->diagnostic == DIAGNOSTIC_JSON_INVALID ||
		     item->problem->diagnostic == DIAGNOSTIC_INPUT_TOO_LARGE);
		buf_append_string(out, item->problem->message);
		buf_append_string(out, item->problem->hint);
	}
	if (item->root)
		note_node(text, item->root, 0, out);
}

static void read_all(struct text *text, struct manifest_reader *reader, struct buf *out)
{
	struct manifest_item item;
	struct error error;
	size_t document = 0;

	must(reader != NULL);
	do {
		must(manifest_reader_next(reader, &item, &error));
		must(item.document >= document);
		document = item.document;
		note_item(text, &item, out);
	} while (item.event != MANIFEST_END);
	must(manifest_reader_next(reader, &item, &error) && item.event == MANIFEST_END);
	manifest_reader_free(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = size ? (const char *)data : "";
	struct text text = {bytes, size, count_lines(bytes, size), 0};
	struct pieces pieces = {bytes, size, (uint32_t)size};
	struct buf whole = BUF_INIT(NOTES_MAX);
	struct buf parts = BUF_INIT(NOTES_MAX);

	for (size_t i = 0; i < size && i < 64; i++)
		pieces.seed = pieces.seed * 31 + data[i];
	read_all(&text, manifest_reader_new_bytes(bytes, size), &whole);
	read_all(&text, manifest_reader_new(pieces_source, &pieces), &parts);
	must(whole.len == parts.len && memcmp(whole.data, parts.data, whole.len) == 0);
	buf_release(&whole);
	buf_release(&parts);
	return 0;
}
