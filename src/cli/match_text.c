#include "match_output.h"

#include <stdio.h>
#include <string.h>

#include "regcred/base/memory.h"

enum {
	INDENT = 2, /* of what is said of an image */
	DEEPER = 4, /* beside that, of what is said of an entry */
};

bool match_is_fine(const struct match_result *result)
{
	return result->verdict == INVENTORY_YES || result->verdict == INVENTORY_OPEN;
}

/* What is in front of an @ of the host may be a credential; after the path it is a digest.
 * No image has a ? or a #. */
void match_append_image(const char *image, struct buf *out)
{
	const char *scheme = strstr(image, "://"), *host = scheme ? scheme + 3 : image;
	const char *at = memrchr(host, '@', strcspn(host, "/"));
	size_t end;

	if (at) {
		buf_append_string(out, "...");
		image = at;
	}
	end = strcspn(image, "?#");
	buf_append(out, image, end);
	buf_append_string(out, image[end] ? "..." : "");
}

/* --- what matches --------------------------------------------------------------------- */

static struct keyring_entry entry_at(const struct match_result *result, size_t match)
{
	return keyring_entry(result->pod->keyring, result->answer->matches[match].entry);
}

/* Why the first one is tried first (keyring.h has the order). */
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

static void add_notes(struct table *table, const struct match_result *result, size_t i)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	const struct keyring_match *match = &result->answer->matches[i];

	keyring_explain(result->pod->keyring, result->answer, match->entry, &note);
	if (i == 0)
		table_line(table, STYLE_GOOD, "wins: ", why_it_wins(result));
	else if (match->unordered && match->unordered == match[-1].unordered)
		table_line(table, STYLE_HINT, "",
		           "the order of this and the previous one is random");
	if (note.sentence.len)
		table_line(table, STYLE_HINT, "", note.sentence.data);
	if (note.hint.len)
		table_line(table, STYLE_HINT, "hint: ", note.hint.data);
}

static void append_matches(const struct match_result *result, struct look look, struct buf *out)
{
	CLEANUP(table_release) struct table table = TABLE_INIT(4, DEEPER);

	for (size_t i = 0; i < result->answer->match_count; i++) {
		CLEANUP(buf_release) struct buf secret = BUF_INIT(BUF_CONFIG_MAX);
		struct keyring_entry entry = entry_at(result, i);
		char number[32];

		snprintf(number, sizeof number, "%zu.", i + 1);
		table_cell(&table, i ? STYLE_PLAIN : STYLE_GOOD, view_of(number));
		subjects_append_secret(result->subjects, result->inventory, entry.secret, &secret);
		table_credential(&table, entry.registry, entry.username, secret.data);
		add_notes(&table, result, i);
	}
	table_append(&table, look, INDENT, out);
}

/* --- what does not match ---------------------------------------------------------------- */

static void add_other(struct table *table, const struct match_result *result, size_t number)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(buf_release) struct buf secret = BUF_INIT(BUF_CONFIG_MAX);
	struct keyring_entry entry = keyring_entry(result->pod->keyring, number);

	keyring_explain(result->pod->keyring, result->answer, number, &note);
	table_cell(table, STYLE_DIM, view_of("-"));
	table_registry(table, entry.registry);
	subjects_append_secret(result->subjects, result->inventory, entry.secret, &secret);
	table_cell(table, STYLE_PLAIN, buf_view(&secret));
	table_cell(table, STYLE_DIM, buf_view(&note.sentence));
	/* Beside a match, a similar name is hardly a mistake. */
	if (note.hint.len && !(note.fix == KEYRING_FIX_TYPO && result->answer->match_count))
		table_line(table, STYLE_HINT, "hint: ", note.hint.data);
}

/* The nearest entries that do not match, and how many more there are. */
static void append_others(const struct match_result *result, struct look look, struct buf *out)
{
	CLEANUP(table_release) struct table table = TABLE_INIT(4, DEEPER);
	size_t entries[UNMATCHED_MAX];
	size_t count =
	    keyring_nearest(result->pod->keyring, result->answer, entries, UNMATCHED_MAX);
	size_t more =
	    keyring_entry_count(result->pod->keyring) - result->answer->match_count - count;
	char text[96];

	for (size_t i = 0; i < count; i++)
		add_other(&table, result, entries[i]);
	table_append(&table, look, INDENT, out);
	snprintf(text, sizeof text, "%zu more entries do not match", more);
	if (more)
		look_append_line(look, out, INDENT, STYLE_DIM, "-  ", text);
}

/* --- the whole ---------------------------------------------------------------------------- */

static void append_failures(const struct match_result *result, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT(BUF_CONFIG_MAX);

	for (size_t i = 0;
	     subjects_append_failure(result->subjects, result->inventory, result->pod, i, &line);
	     i++) {
		look_append_line(look, out, INDENT, STYLE_PLAIN, "-  ", line.data);
		buf_reset(&line);
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

static void append_error(const struct error *error, struct look look, struct buf *out)
{
	look_append_line(look, out, INDENT, STYLE_BAD, "", error->message);
	if (*error->hint)
		look_append_line(look, out, INDENT + DEEPER, STYLE_HINT, "hint: ", error->hint);
}

static void append_answer(const struct match_result *result, struct look look, struct buf *out)
{
	static const char *const sentences[] = {
	    [INVENTORY_NO] = "no credential in the Secrets; the node may have its own",
	    [INVENTORY_UNUSABLE] = "no credential with a user name in the Secrets",
	    [INVENTORY_BROKEN] = "no image is pulled, because one Secret cannot be decoded",
	    [INVENTORY_INVALID] = NULL, /* the error has one */
	};

	if (result->verdict == INVENTORY_INVALID) {
		append_error(result->invalid, look, out);
		return;
	}
	if (sentences[result->verdict])
		look_append_line(look, out, INDENT, STYLE_BAD, "", sentences[result->verdict]);
	if (result->verdict == INVENTORY_BROKEN)
		append_failures(result, look, out);
	if (result->verdict == INVENTORY_OPEN)
		append_unknown(result, look, out);
	if (result->verdict == INVENTORY_BROKEN || !result->answer->repository.len)
		return;
	append_matches(result, look, out);
	append_others(result, look, out);
}

void match_append_text(const struct match_result *result, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);

	match_append_image(result->image, &image);
	look_append(look, out, STYLE_TITLE, buf_view(&image));
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
	look_append(look, out, STYLE_TITLE, buf_view(&label));
	append_names(result->pod, &text);
	if (result->pod->from_account && result->pod->count)
		buf_append_format(&text, ", of ServiceAccount %s",
		                  inventory_workload(result->inventory, result->workload).account);
	look_append(look, out, STYLE_DIM, buf_view(&text));
	buf_append_string(out, "\n\n");
}
