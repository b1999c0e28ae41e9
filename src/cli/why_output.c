#include "why.h"

#include <string.h>

#include "check_output.h"
#include "regcred/base/harmless.h"
#include "regcred/base/memory.h"

/* --- JSON --- */

static struct json *secrets_of(const struct why_case *result)
{
	struct json *list = json_array();

	for (size_t i = 0; i < result->pod.count; i++) {
		const struct diagnosis_secret *secret = &result->secrets[i];
		bool found = result->pod.pulls[i].state == INVENTORY_FOUND ||
		             secret->state == DIAGNOSIS_IGNORED ||
		             secret->state == DIAGNOSIS_FOREIGN;
		bool absent = secret->state == DIAGNOSIS_ABSENT;

		json_append(list, json_build("{name:%t,from:%s,found:%j}", secret->name,
		                             secret->from_account ? "serviceaccount" : "pod",
		                             json_raw(found    ? "true"
		                                      : absent ? "false"
		                                               : "null")));
	}
	return list;
}

static struct json *findings_of(const struct why_case *result)
{
	struct json *list = json_array();

	for (size_t i = 0; i < result->finding_count; i++)
		json_append(list, check_finding_json(result->findings[i].finding,
		                                     result->findings[i].source));
	return list;
}

struct json *why_json(const struct why_case *result)
{
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf owner = BUF_INIT(BUF_CONFIG_MAX);
	const struct waiting *waiting = result->waiting;
	const struct waiting_pod *pod = waiting->pod;
	const struct diagnosis *diagnosis = &result->diagnosis;

	match_append_image(waiting->image, &image);
	buf_append_format(&owner, "%s/%s", pod->owner_kind, pod->owner);
	return json_build(
	    "{namespace:%t,pod:%t,owner:%t,container:%t,image:%v,state:%t,kind:%s,message:%t,"
	    "secrets:%j,credentials:%j,findings:%j,verify:%j,conclusion:%v,next:%j}",
	    pod->ns, pod->name, *pod->owner ? owner.data : NULL, waiting->container,
	    buf_view(&image), waiting->state, node_problem_word(diagnosis->kind), waiting->message,
	    secrets_of(result), match_credentials_json(&result->match), findings_of(result),
	    result->question ? inquiry_json(&result->gathering->inquiry, result->question) : NULL,
	    buf_view(&diagnosis->conclusion), json_texts(&diagnosis->next));
}

/* --- text --- */

enum { LABEL_COLUMN = 10, WIDTH = 80 };

/* Text at the column of values, its words kept whole where they fit into a line. */
static void append_words(struct look look, enum style style, struct view text, size_t indent,
                         struct buf *out)
{
	CLEANUP(buf_release) struct buf shown = BUF_INIT(BUF_CONFIG_MAX);
	size_t column = indent;
	struct view rest;

	harmless_append(&shown, text.data, text.len);
	for (rest = buf_view(&shown); rest.len;) {
		struct view word = view_first(rest, view_find(rest, ' '));
		size_t width = look_width(word);

		if (column > indent && column + 1 + width > WIDTH) {
			buf_append_char(out, '\n');
			buf_append_repeated(out, ' ', indent);
			column = indent;
		} else if (column > indent) {
			buf_append_char(out, ' ');
			column++;
		}
		look_append(look, out, style, word);
		column += width;
		rest = view_from(rest, word.len + (word.len < rest.len));
	}
	buf_append_char(out, '\n');
}

static void append_label(const char *label, struct buf *out)
{
	buf_append_format(out, "  %-*s", LABEL_COLUMN - 2, label);
}

static void append_row(struct look look, const char *label, enum style style, const char *text,
                       struct buf *out)
{
	append_label(label, out);
	append_words(look, style, view_of(text), LABEL_COLUMN, out);
}

static void append_title(const struct why_case *result, size_t count, struct look look,
                         struct buf *out)
{
	static const char *const kinds[] = {[CONTAINER_PLAIN] = "container",
	                                    [CONTAINER_INIT] = "init container",
	                                    [CONTAINER_EPHEMERAL] = "ephemeral container",
	                                    [CONTAINER_VOLUME] = "image volume"};
	CLEANUP(buf_release) struct buf title = BUF_INIT(BUF_CONFIG_MAX);
	const struct waiting *waiting = result->waiting;
	const struct waiting_pod *pod = waiting->pod;
	const char *slash = *pod->ns ? "/" : "";

	if (count > 1 && *pod->owner)
		buf_append_format(&title, "%s %s%s%s, %zu Pods", pod->owner_kind, pod->ns, slash,
		                  pod->owner, count);
	else if (count > 1)
		buf_append_format(&title, "Pod %s%s%s and %zu more", pod->ns, slash, pod->name,
		                  count - 1);
	else
		buf_append_format(&title, "Pod %s%s%s%s%s%s%s", pod->ns, slash, pod->name,
		                  *pod->owner ? " of " : "", pod->owner_kind,
		                  *pod->owner ? " " : "", pod->owner);
	buf_append_format(&title, ", %s %s", kinds[waiting->kind], waiting->container);
	look_append(look, out, STYLE_TITLE, buf_view(&title));
	buf_append_char(out, '\n');
}

static void append_said(const struct why_case *result, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf state = BUF_INIT(BUF_CONFIG_MAX);
	const struct node_message *said = &result->waiting->said;

	buf_append_format(&state, "%s%s%s [%s]", result->waiting->state, said->meaning ? ": " : "",
	                  said->meaning ? said->meaning : "",
	                  node_problem_word(result->diagnosis.kind));
	append_row(look, "state", STYLE_BAD, state.data, out);
	if (!said->words.len)
		return;
	append_label("node", out);
	append_words(look, STYLE_DIM, said->words, LABEL_COLUMN, out);
}

static void append_secrets(const struct why_case *result, struct look look, struct buf *out)
{
	static const char *const states[] = {[DIAGNOSIS_READ] = "",
	                                     [DIAGNOSIS_BROKEN] = ", cannot be decoded",
	                                     [DIAGNOSIS_IGNORED] = ", of a type that is ignored",
	                                     [DIAGNOSIS_FOREIGN] = ", of a type that is ignored",
	                                     [DIAGNOSIS_ABSENT] = ", does not exist",
	                                     [DIAGNOSIS_UNREAD] = ", could not be read"};
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);

	for (size_t i = 0; i < result->pod.count; i++) {
		const struct diagnosis_secret *secret = &result->secrets[i];

		buf_append_format(&text, "%s%s (of the %s%s)", i ? ", " : "", secret->name,
		                  secret->from_account ? "ServiceAccount" : "Pod",
		                  states[secret->state]);
	}
	append_row(look, "Secrets", STYLE_PLAIN, result->pod.count ? text.data : "none", out);
	if (!result->facts.late)
		return;
	buf_append_format(&text, "ServiceAccount %s lists %s now", result->waiting->pod->account,
	                  result->facts.late);
	append_row(look, "", STYLE_PLAIN, text.data, out);
}

static const char *why_no_entry(const struct why_case *result)
{
	if (result->verdict == INVENTORY_BROKEN)
		return "no entry is tried";
	if (result->near.len)
		return result->near.data;
	for (size_t i = 0; i < result->pod.count; i++)
		if (result->secrets[i].state == DIAGNOSIS_UNREAD)
			return "not known, as not every Secret could be read";
	return "no entry is for this image";
}

static void append_match(const struct why_case *result, struct look look, struct buf *out)
{
	CLEANUP(table_release) struct table table = TABLE_INIT(3, 0);
	CLEANUP(buf_release) struct buf rows = BUF_INIT(BUF_CONFIG_MAX);
	bool tried = result->verdict != INVENTORY_INVALID && result->pod.count;

	for (size_t i = 0; i < result->answer.match_count; i++) {
		CLEANUP(buf_release) struct buf secret = BUF_INIT(BUF_CONFIG_MAX);
		struct keyring_entry entry =
		    keyring_entry(result->pod.keyring, result->answer.matches[i].entry);

		inventory_secret_label(result->gathering->inventory, entry.secret, &secret);
		table_credential(&table, entry.registry, entry.username, secret.data);
	}
	table_append(&table, look, LABEL_COLUMN, &rows);
	if (rows.len) {
		append_label("match", out);
		buf_append_string(out, rows.data + LABEL_COLUMN);
	} else if (tried) {
		append_row(look, "match", STYLE_PLAIN, why_no_entry(result), out);
	}
}

static void append_findings(const struct why_case *result, struct look look, struct buf *out)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
		const struct check_finding *finding = result->findings[i].finding;

		if (finding->severity == SEVERITY_NOTE)
			continue;
		buf_append_format(&text, "%s: Secret %s: %s [%s]",
		                  report_severity_word(finding->severity),
		                  result->findings[i].secret, finding->message,
		                  check_rule_facts(finding->rule)->id);
		append_row(look, "check", STYLE_PLAIN, text.data, out);
	}
}

/* What the registry said from here to the last that was tried. */
static void append_verified(const struct why_case *result, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(BUF_CONFIG_MAX);
	const struct inquiry_question *question = result->question;
	const struct inquiry_try *last = NULL;

	for (size_t i = 0; question && i < question->try_count; i++)
		last = question->tries[i].made ? &question->tries[i] : last;
	if (!last)
		return;
	buf_append_format(&text, "from here: %s%s%s", verdict_word(question->verdict),
	                  last->result.message.len ? ": " : "", last->result.message.data);
	append_row(look, "verify", STYLE_PLAIN, text.data, out);
}

void why_append_text(const struct why_case *result, size_t count, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	const struct diagnosis *diagnosis = &result->diagnosis;

	append_title(result, count, look, out);
	match_append_image(result->waiting->image, &image);
	append_row(look, "image", STYLE_PLAIN, image.data, out);
	append_said(result, look, out);
	append_secrets(result, look, out);
	append_match(result, look, out);
	append_findings(result, look, out);
	append_verified(result, look, out);
	buf_append_string(out, "\n  ");
	append_words(look, STYLE_PLAIN, buf_view(&diagnosis->conclusion), 2, out);
	for (size_t i = 0; i < diagnosis->next.count; i++) {
		buf_append_string(out, i ? "        " : "  next: ");
		look_append(look, out, STYLE_HINT, diagnosis->next.items[i]);
		buf_append_char(out, '\n');
	}
}

/* --- several with one cause --- */

void why_append_cause(const struct why_case *result, struct buf *out)
{
	const struct waiting *waiting = result->waiting;

	buf_append_format(out, "%s\n%s/%s\n%s\n%s\n%s\n%s\n", waiting->pod->ns,
	                  waiting->pod->owner_kind, waiting->pod->owner, waiting->container,
	                  waiting->image, node_problem_word(result->diagnosis.kind),
	                  result->diagnosis.conclusion.data);
	for (size_t i = 0; i < result->pod.count; i++)
		buf_append_format(out, "%s,", result->secrets[i].name);
}
