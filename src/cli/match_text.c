#include "match_output.h"

#include <stdio.h>
#include <string.h>

#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"

enum {
	ENTRIES_ALL = 50,  /* up to here every entry is shown */
	NEAR_MAX = 20,     /* of very many entries, no more than these are shown */
	INDENT = 2,        /* of what is said of an image */
	INDENT_DEEPER = 6, /* of what is said of an entry */
};

bool match_is_yes(const struct match_result *result)
{
	return !result->invalid && !result->keyring->failure_count &&
	       result->answer->match_count > 0;
}

/* --- pieces --------------------------------------------------------------------------- */

static void append_line(struct look look, struct buf *out, size_t indent, enum style style,
                        const char *start, const char *text)
{
	buf_append_repeated(out, ' ', indent);
	look_begin(look, out, style);
	buf_append_string(out, start);
	harmless_append(out, text, strlen(text));
	look_end(look, out, style);
	buf_append_char(out, '\n');
}

static void append_hint(struct look look, struct buf *out, const struct keyring_note *note)
{
	if (note->hint.len)
		append_line(look, out, INDENT_DEEPER, STYLE_HINT, "hint: ", note->hint.data);
}

static void add_label(struct table *table, const struct match_result *result, size_t secret)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);

	gathering_label(&result->gathering->secrets[secret], &label);
	table_cell(table, STYLE_PLAIN, label.data, label.len);
	if (label.failure)
		table->text.failure = label.failure;
}

/* --- what matches --------------------------------------------------------------------- */

static struct keyring_entry entry_at(const struct match_result *result, size_t match)
{
	return keyring_entry(result->keyring->keyring, result->answer->matches[match].entry);
}

/* Why the first one is tried first (keyring.h tells the order). */
static const char *why_it_wins(const struct match_result *result)
{
	const struct keyring_answer *answer = result->answer;
	struct view first = entry_at(result, 0).index_key, second;

	if (answer->matches[0].hub_fallback)
		return "nothing else matches, so Docker Hub's key counts";
	if (answer->match_count == 1)
		return "the only key that matches";
	second = entry_at(result, 1).index_key;
	if (answer->matches[0].unordered)
		return "it or the next: two keys of one Secret mean the same, and chance decides";
	if (view_equal(first, second))
		return "of one key in several Secrets, the first Secret goes first";
	if (view_begins(first, second))
		return "of the keys of this host, the longest path that matches goes first";
	if (memchr(second.data, '*', second.len) && !memchr(first.data, '*', first.len))
		return "a host in full goes before a wildcard";
	return "keys are tried from the last to the first in byte order";
}

static void add_match(struct table *table, const struct match_result *result, size_t match)
{
	struct keyring_entry entry = entry_at(result, match);
	char number[32];

	snprintf(number, sizeof number, "%zu.", match + 1);
	table_cell_string(table, match ? STYLE_PLAIN : STYLE_GOOD, number);
	table_registry(table, entry.registry);
	if (entry.username.len)
		table_cell(table, STYLE_PLAIN, entry.username.data, entry.username.len);
	else
		table_cell_string(table, STYLE_DIM, "(no user name)");
	add_label(table, result, entry.secret);
}

static bool append_matches(const struct match_result *result, struct look look, struct buf *out,
                           struct error *error)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	CLEANUP(table_release) struct table table = TABLE_INIT(4);
	const struct keyring_answer *answer = result->answer;

	(void)error;
	table.separator = "  ";
	for (size_t i = 0; i < answer->match_count; i++)
		add_match(&table, result, i);
	table_measure(&table);
	for (size_t i = 0; i < answer->match_count; i++) {
		keyring_explain(result->keyring->keyring, answer, answer->matches[i].entry, &note);
		table_append_row(&table, look, i, INDENT, out);
		if (i == 0)
			append_line(look, out, INDENT_DEEPER, STYLE_GOOD,
			            "wins: ", why_it_wins(result));
		else if (answer->matches[i].unordered &&
		         answer->matches[i].unordered == answer->matches[i - 1].unordered)
			append_line(look, out, INDENT_DEEPER, STYLE_HINT, "",
			            "its order and that of the one before are left to chance");
		if (note.sentence.len)
			append_line(look, out, INDENT_DEEPER, STYLE_HINT, "", note.sentence.data);
		append_hint(look, out, &note);
	}
	return true;
}

/* --- what does not match ---------------------------------------------------------------- */

/* The entries that do not match, as they are shown. */
struct others {
	const struct match_result *result;
	struct look look;
	struct table table; /* a row each */
	struct buf hints;   /* a C string each, with its zero byte */
	struct buf close;   /* a byte each: 1 for one that is not simply another host's */
	size_t count;
};

static bool add_other(struct others *others, size_t number, struct error *error)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	const struct match_result *result = others->result;
	struct keyring_entry entry;

	keyring_explain(result->keyring->keyring, result->answer, number, &note);
	if (note.reason == KEYRING_MATCHES)
		return true;
	entry = keyring_entry(result->keyring->keyring, number);
	table_cell_string(&others->table, STYLE_DIM, "-");
	table_registry(&others->table, entry.registry);
	add_label(&others->table, result, entry.secret);
	table_cell(&others->table, STYLE_DIM, note.sentence.data, note.sentence.len);
	/* Beside a match, a name that is near it is hardly a slip. */
	if (note.fix == KEYRING_FIX_TYPO && result->answer->match_count)
		buf_truncate(&note.hint, 0);
	buf_append(&others->hints, note.hint.data, note.hint.len + 1);
	buf_append_char(&others->close, note.hint.len || note.reason != KEYRING_HOST);
	others->count++;
	return buf_check(&note.sentence, "the sentence", error);
}

static bool add_near(struct others *others, struct match_near *near, struct error *error)
{
	const struct match_result *result = others->result;
	struct view repository = {result->answer->repository.data, result->answer->repository.len};
	size_t entries[NEAR_MAX], count;

	if (!match_near_make(near, result->keyring->keyring, error))
		return false;
	count = match_near_find(near, repository, !result->answer->match_count, entries, NEAR_MAX);
	for (size_t i = 0; i < count; i++)
		if (!add_other(others, entries[i], error))
			return false;
	return true;
}

static bool collect_others(struct others *others, struct match_near *near, struct error *error)
{
	size_t count = keyring_entry_count(others->result->keyring->keyring);

	if (count > ENTRIES_ALL)
		return add_near(others, near, error);
	for (size_t i = 0; i < count; i++)
		if (!add_other(others, i, error))
			return false;
	return true;
}

static void print_rows(struct others *others, char close, struct buf *out)
{
	const char *hint = others->hints.data;

	for (size_t i = 0; i < others->count; i++, hint += strlen(hint) + 1) {
		if (others->close.data[i] != close)
			continue;
		table_append_row(&others->table, others->look, i, INDENT, out);
		if (*hint)
			append_line(others->look, out, INDENT_DEEPER, STYLE_HINT, "hint: ", hint);
	}
}

/* Those that nearly match first, each in the order of the Secrets. */
static void print_others(struct others *others, struct buf *out)
{
	const struct match_result *result = others->result;
	size_t all = keyring_entry_count(result->keyring->keyring);
	size_t shown = others->count + result->answer->match_count;
	char more[96];

	table_measure(&others->table);
	print_rows(others, 1, out);
	print_rows(others, 0, out);
	if (all <= shown)
		return;
	snprintf(more, sizeof more, "%zu more entries do not match; -o json lists them",
	         all - shown);
	append_line(others->look, out, INDENT, STYLE_DIM, "-  ", more);
}

static bool append_others(const struct match_result *result, struct match_near *near,
                          struct look look, struct buf *out, struct error *error)
{
	struct others others = {.result = result,
	                        .look = look,
	                        .table = TABLE_INIT(4),
	                        .hints = BUF_INIT(BUF_CONFIG_MAX),
	                        .close = BUF_INIT(BUF_CONFIG_MAX)};
	bool collected;

	others.table.separator = "  ";
	collected = collect_others(&others, near, error) &&
	            buf_check(&others.table.text, "the table", error) &&
	            buf_check(&others.hints, "the hints", error) &&
	            buf_check(&others.close, "the hints", error);
	if (collected)
		print_others(&others, out);
	table_release(&others.table);
	buf_release(&others.hints);
	buf_release(&others.close);
	return collected;
}

/* --- the whole ---------------------------------------------------------------------------- */

static void append_failures(const struct match_result *result, struct look look, struct buf *out)
{
	const struct pod_keyring *keyring = result->keyring;

	append_line(look, out, INDENT, STYLE_BAD, "",
	            "no pull at all: one Secret that cannot be read is enough for that");
	for (size_t i = 0; i < keyring->failure_count; i++) {
		CLEANUP(buf_release) struct buf line = BUF_INIT(BUF_CONFIG_MAX);

		gathering_label(&result->gathering->secrets[keyring->failures[i].secret], &line);
		buf_append_format(&line, ": %s", gathering_failure(result->gathering, keyring, i));
		append_line(look, out, INDENT, STYLE_PLAIN, "-  ", line.data);
		if (line.failure)
			out->failure = line.failure;
	}
}

static bool append_answer(const struct match_result *result, struct match_near *near,
                          struct look look, struct buf *out, struct error *error)
{
	if (result->invalid) {
		append_line(look, out, INDENT, STYLE_BAD, "", result->invalid->message);
		if (*result->invalid->hint)
			append_line(look, out, INDENT_DEEPER, STYLE_HINT,
			            "hint: ", result->invalid->hint);
		return true;
	}
	if (result->keyring->failure_count) {
		append_failures(result, look, out);
		return true;
	}
	if (!result->answer->match_count)
		append_line(look, out, INDENT, STYLE_BAD, "",
		            "no credential: it would be pulled without one");
	else if (!append_matches(result, look, out, error))
		return false;
	return append_others(result, near, look, out, error);
}

bool match_append_text(const struct match_result *result, struct match_near *near, struct look look,
                       struct buf *out, struct error *error)
{
	look_append_string(look, out, STYLE_TITLE, result->image);
	buf_append_char(out, '\n');
	return append_answer(result, near, look, out, error) && buf_check(out, "the answer", error);
}

void match_append_pod(const struct pod *pod, const struct pod_keyring *keyring, struct look look,
                      struct buf *out)
{
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const struct string_list *names = keyring->names;

	gathering_pod_label(pod, &label);
	look_append_string(look, out, STYLE_TITLE, label.data);
	buf_append_string(&text, names->count ? " uses " : " names no Secret");
	for (size_t i = 0; i < names->count; i++)
		buf_append_format(&text, "%s%s", i ? ", " : "", names->items[i].data);
	if (keyring->account && names->count)
		buf_append_format(&text, ", of ServiceAccount %s", keyring->account);
	look_append_string(look, out, STYLE_DIM, text.data);
	buf_append_string(out, "\n\n");
	if (label.failure || text.failure)
		out->failure = true;
}
