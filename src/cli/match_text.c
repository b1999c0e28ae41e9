#include "match_output.h"

#include <stdio.h>
#include <string.h>

#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"

enum {
	INDENT = 2,        /* of what is said of an image */
	INDENT_DEEPER = 6, /* of what is said of an entry */
};

bool match_is_fine(const struct match_result *result)
{
	return result->verdict == INVENTORY_YES || result->verdict == INVENTORY_OPEN;
}

/* What is in front of an @ of the host may be a credential; behind the path it is a digest.
 * No image has a ? or a #. */
void match_append_image(const char *image, struct buf *out)
{
	size_t host = strcspn(image, "/"), end;
	const char *at = memrchr(image, '@', host);

	if (at) {
		buf_append_string(out, "...");
		image = at;
	}
	end = strcspn(image, "?#");
	buf_append(out, image, end);
	buf_append_string(out, image[end] ? "..." : "");
}

/* --- pieces --------------------------------------------------------------------------- */

static void append_hint(struct look look, struct buf *out, const struct keyring_note *note)
{
	if (note->hint.len)
		look_append_line(look, out, INDENT_DEEPER, STYLE_HINT, "hint: ", note->hint.data);
}

/* --- what matches --------------------------------------------------------------------- */

static struct keyring_entry entry_at(const struct match_result *result, size_t match)
{
	return keyring_entry(result->pod->keyring, result->answer->matches[match].entry);
}

/* Why the first one is tried first (keyring.h tells the order). */
static const char *why_it_wins(const struct match_result *result)
{
	const struct keyring_answer *answer = result->answer;
	struct view first = entry_at(result, 0).index_key, second;

	if (answer->matches[0].hub_fallback)
		return "nothing else matches, so Docker Hub's key is used";
	if (answer->match_count == 1)
		return "the only key that matches";
	second = entry_at(result, 1).index_key;
	if (answer->matches[0].unordered)
		return "it or the next: two keys of one Secret mean the same, and the order is "
		       "random";
	if (view_equal(first, second))
		return "for one key in several Secrets, the first Secret is tried first";
	if (view_begins(first, second))
		return "for this host, the longest matching path is tried first";
	if (memchr(second.data, '*', second.len) && !memchr(first.data, '*', first.len))
		return "a full host is tried before a wildcard";
	return "keys are tried in reverse byte order";
}

static void add_match(struct table *table, const struct match_result *result, size_t match)
{
	CLEANUP(buf_release) struct buf secret = BUF_INIT(BUF_CONFIG_MAX);
	struct keyring_entry entry = entry_at(result, match);
	char number[32];

	snprintf(number, sizeof number, "%zu.", match + 1);
	table_cell_string(table, match ? STYLE_PLAIN : STYLE_GOOD, number);
	subjects_append_secret(result->subjects, result->inventory, entry.secret, &secret);
	table_credential(table, entry.registry, entry.username, secret.data);
}

static void append_match_notes(const struct match_result *result, size_t i, struct look look,
                               struct buf *out)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	const struct keyring_match *match = &result->answer->matches[i];

	keyring_explain(result->pod->keyring, result->answer, match->entry, &note);
	if (i == 0)
		look_append_line(look, out, INDENT_DEEPER, STYLE_GOOD,
		                 "wins: ", why_it_wins(result));
	else if (match->unordered && match->unordered == match[-1].unordered)
		look_append_line(look, out, INDENT_DEEPER, STYLE_HINT, "",
		                 "the order of this and the previous one is random");
	if (note.sentence.len)
		look_append_line(look, out, INDENT_DEEPER, STYLE_HINT, "", note.sentence.data);
	append_hint(look, out, &note);
}

static void append_matches(const struct match_result *result, struct look look, struct buf *out)
{
	CLEANUP(table_release) struct table table = TABLE_INIT(4);

	table.separator = "  ";
	for (size_t i = 0; i < result->answer->match_count; i++)
		add_match(&table, result, i);
	table_measure(&table);
	for (size_t i = 0; i < result->answer->match_count; i++) {
		table_append_row(&table, look, i, INDENT, out);
		append_match_notes(result, i, look, out);
	}
}

/* --- what does not match ---------------------------------------------------------------- */

/* The nearest entries that do not match, a row each, with a hint each. */
struct others {
	const struct match_result *result;
	struct look look;
	struct table table;
	struct buf hints; /* a C string each, with its zero byte */
	size_t count;
};

static void add_other(struct others *others, size_t number)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf secret = BUF_INIT(BUF_CONFIG_MAX);
	const struct match_result *result = others->result;
	struct keyring_entry entry = keyring_entry(result->pod->keyring, number);

	keyring_explain(result->pod->keyring, result->answer, number, &note);
	table_cell_string(&others->table, STYLE_DIM, "-");
	table_registry(&others->table, entry.registry);
	subjects_append_secret(result->subjects, result->inventory, entry.secret, &secret);
	table_cell_string(&others->table, STYLE_PLAIN, secret.data);
	table_cell(&others->table, STYLE_DIM, note.sentence.data, note.sentence.len);
	/* Beside a match, a name that is near it is hardly a slip. */
	if (note.fix == KEYRING_FIX_TYPO && result->answer->match_count)
		buf_reset(&note.hint);
	buf_append(&others->hints, note.hint.data, note.hint.len + 1);
	others->count++;
}

static void print_others(struct others *others, struct buf *out)
{
	const struct match_result *result = others->result;
	size_t all = keyring_entry_count(result->pod->keyring);
	size_t shown = others->count + result->answer->match_count;
	const char *hint = others->hints.data;
	char more[96];

	table_measure(&others->table);
	for (size_t i = 0; i < others->count; i++, hint += strlen(hint) + 1) {
		table_append_row(&others->table, others->look, i, INDENT, out);
		if (*hint)
			look_append_line(others->look, out, INDENT_DEEPER, STYLE_HINT,
			                 "hint: ", hint);
	}
	if (all <= shown)
		return;
	snprintf(more, sizeof more, "%zu more entries do not match", all - shown);
	look_append_line(others->look, out, INDENT, STYLE_DIM, "-  ", more);
}

static void append_others(const struct match_result *result, struct look look, struct buf *out)
{
	struct others others = {.result = result,
	                        .look = look,
	                        .table = TABLE_INIT(4),
	                        .hints = BUF_INIT(BUF_CONFIG_MAX)};
	size_t entries[UNMATCHED_MAX];
	size_t count =
	    keyring_nearest(result->pod->keyring, result->answer, entries, UNMATCHED_MAX);

	others.table.separator = "  ";
	for (size_t i = 0; i < count; i++)
		add_other(&others, entries[i]);
	print_others(&others, out);
	table_release(&others.table);
	buf_release(&others.hints);
}

/* --- the whole ---------------------------------------------------------------------------- */

static void append_failures(const struct match_result *result, struct look look, struct buf *out)
{
	const char *message;
	size_t secret;

	look_append_line(look, out, INDENT, STYLE_BAD, "",
	                 "no image is pulled, because one Secret cannot be decoded");
	for (size_t i = 0;
	     inventory_pod_failure(result->inventory, result->pod, i, &secret, &message); i++) {
		CLEANUP(buf_release) struct buf line = BUF_INIT(BUF_CONFIG_MAX);

		subjects_append_secret(result->subjects, result->inventory, secret, &line);
		buf_append_format(&line, ": %s", message);
		look_append_line(look, out, INDENT, STYLE_PLAIN, "-  ", line.data);
	}
}

static void append_unknown(const struct match_result *result, struct look look, struct buf *out)
{
	const struct string_list *reasons = &result->pod->reasons;

	if (!result->answer->repository.len)
		look_append_line(look, out, INDENT, STYLE_HINT,
		                 "not known: ", "the image is not filled in yet");
	for (size_t i = 0; i < reasons->count; i++)
		look_append_line(look, out, INDENT, STYLE_HINT,
		                 "not known: ", reasons->items[i].data);
}

static void append_verdict(const struct match_result *result, struct look look, struct buf *out)
{
	switch (result->verdict) {
	case INVENTORY_OPEN:
		append_unknown(result, look, out);
		return;
	case INVENTORY_NO:
		look_append_line(look, out, INDENT, STYLE_BAD, "",
		                 "no credential in the Secrets; the node may have its own");
		return;
	case INVENTORY_UNUSABLE:
		look_append_line(look, out, INDENT, STYLE_BAD, "",
		                 "no credential with a user name in the Secrets");
		return;
	default:
		return;
	}
}

static void append_answer(const struct match_result *result, struct look look, struct buf *out)
{
	if (result->verdict == INVENTORY_INVALID) {
		look_append_line(look, out, INDENT, STYLE_BAD, "", result->invalid->message);
		if (*result->invalid->hint)
			look_append_line(look, out, INDENT_DEEPER, STYLE_HINT,
			                 "hint: ", result->invalid->hint);
		return;
	}
	if (result->verdict == INVENTORY_BROKEN) {
		append_failures(result, look, out);
		return;
	}
	append_verdict(result, look, out);
	if (!result->answer->repository.len)
		return;
	if (result->answer->match_count)
		append_matches(result, look, out);
	append_others(result, look, out);
}

void match_append_text(const struct match_result *result, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);

	match_append_image(result->image, &image);
	look_append_string(look, out, STYLE_TITLE, image.data);
	buf_append_char(out, '\n');
	append_answer(result, look, out);
}

static void append_names(const struct inventory_pod *pod, struct buf *out)
{
	size_t count = 0;

	for (size_t i = 0; i < pod->count; i++)
		if (*pod->pulls[i].name)
			buf_append_format(out, "%s%s", count++ ? ", " : " uses ",
			                  pod->pulls[i].name);
	if (!count)
		buf_append_string(out, " names no Secret");
}

void match_append_pod(const struct match_result *result, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	inventory_workload_label(result->inventory, result->workload, &label);
	look_append_string(look, out, STYLE_TITLE, label.data);
	append_names(result->pod, &text);
	if (result->pod->from_account && result->pod->count)
		buf_append_format(&text, ", of ServiceAccount %s",
		                  inventory_workload(result->inventory, result->workload).account);
	look_append_string(look, out, STYLE_DIM, text.data);
	buf_append_string(out, "\n\n");
}
