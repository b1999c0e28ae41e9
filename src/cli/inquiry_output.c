#include <string.h>

#include "inquiry.h"
#include "manifests.h"
#include "match_output.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "regcred/json/json.h"
#include "sink.h"

/* --- for people ------------------------------------------------------------------------- */

enum { INDENT = 2, INDENT_DEEPER = 6 };

static const struct {
	const char *phrase;
	enum style style;
} phrases[VERDICT_COUNT] = {
    [VERDICT_OK] = {"ok", STYLE_GOOD},
    [VERDICT_REFUSED] = {"refused", STYLE_BAD},
    [VERDICT_NOT_FOUND] = {"not found", STYLE_BAD},
    [VERDICT_RATE_LIMITED] = {"rate-limited", STYLE_BAD},
    [VERDICT_UNREACHABLE] = {"unreachable", STYLE_BAD},
    [VERDICT_NOT_A_REGISTRY] = {"not a registry", STYLE_BAD},
    [VERDICT_NEEDS_NONE] = {"needs no credential", STYLE_GOOD},
};

static void append_verdict(enum verdict verdict, struct look look, struct buf *out)
{
	buf_append_string(out, ": ");
	look_append(look, out, phrases[verdict].style, view_of(phrases[verdict].phrase));
	buf_append_char(out, '\n');
}

/* Without a text there is no line. */
static void append_line(struct look look, enum style style, const char *start,
                        const struct buf *text, struct buf *out)
{
	if (text->len)
		look_append_line(look, out, INDENT_DEEPER, style, start, text->data);
}

static void append_limit(const struct dialogue_result *result, struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(DIALOGUE_TEXT_MAX);

	if (result->limit >= 0 && result->limit_remains >= 0)
		buf_append_format(&text, "%ld of %ld pulls left", result->limit_remains,
		                  result->limit);
	append_line(look, STYLE_DIM, "", &text, out);
}

static void append_credential(const struct inquiry *inquiry, const struct keyring_entry *entry,
                              struct look look, struct buf *out)
{
	CLEANUP(table_release) struct table table = TABLE_INIT(3, 0);
	CLEANUP(buf_release) struct buf label = BUF_INIT(BUF_CONFIG_MAX);

	if (inquiry->inventory)
		subjects_append_secret(inquiry->subjects, inquiry->inventory, entry->secret,
		                       &label);
	table_credential(&table, entry->registry, entry->username,
	                 inquiry->inventory ? label.data : "the Docker config");
	table_append(&table, look, INDENT, out);
	buf_truncate(out, out->len - 1); /* the line goes on */
}

/* The verdict of the only try is the question's. */
static void append_try(const struct inquiry *inquiry, const struct inquiry_question *question,
                       const struct inquiry_try *try, struct look look, struct buf *out)
{
	const struct dialogue_result *result = &try->result;

	if (try->entry.registry.len) {
		append_credential(inquiry, &try->entry, look, out);
	} else {
		buf_append_repeated(out, ' ', INDENT);
		look_append(look, out, STYLE_PLAIN, view_of("without a credential"));
	}
	if (question->current)
		append_verdict(result->verdict, look, out);
	else
		buf_append_char(out, '\n');
	append_line(look, STYLE_PLAIN, "", &result->message, out);
	append_line(look, STYLE_HINT, "hint: ", &result->hint, out);
	append_limit(result, look, out);
	if (question->ask.privileges && result->verdict == VERDICT_OK && result->grants_known)
		append_line(look, STYLE_PLAIN, "granted: ", &result->grants, out);
}

void inquiry_append_text(const struct inquiry *inquiry, const struct inquiry_question *question,
                         struct look look, struct buf *out)
{
	CLEANUP(buf_release) struct buf title = BUF_INIT(BUF_CONFIG_MAX);

	if (question->image)
		match_append_image(question->image, &title);
	else if (question->name.len)
		buf_append_format(&title, "login at %s", question->name.data);
	else
		buf_append_string(&title, "login");
	look_append(look, out, STYLE_TITLE, buf_view(&title));
	if (question->problem.len) {
		buf_append_char(out, '\n');
		append_line(look, STYLE_BAD, "", &question->problem, out);
		return;
	}
	append_verdict(question->verdict, look, out);
	for (size_t i = 0; i < question->try_count; i++)
		if (question->tries[i].made)
			append_try(inquiry, question, &question->tries[i], look, out);
}

/* --- as JSON ---------------------------------------------------------------------------- */

static struct json *json_grants(const struct dialogue_result *result)
{
	struct view rest = buf_view(&result->grants);
	struct json *list;

	if (!result->grants_known)
		return json_raw("null");
	list = json_array();
	while (rest.len) {
		struct view action = view_take(&rest, ' ');

		json_append(list, json_bytes(action.data, action.len));
	}
	return list;
}

static struct json *json_limit(const struct dialogue_result *result)
{
	if (result->limit < 0 && result->limit_remains < 0)
		return json_raw("null");
	return json_build("{total:%d,remaining:%d}", (long long)result->limit,
	                  (long long)result->limit_remains);
}

static struct json *json_try(const struct inquiry *inquiry, const struct inquiry_try *try)
{
	const struct keyring_entry *entry = &try->entry;
	const struct dialogue_result *result = &try->result;
	bool named = entry->secret != INVENTORY_NONE;
	struct inventory_secret secret = {.ns = "", .name = ""};

	if (named)
		secret = inventory_secret(inquiry->inventory, entry->secret);
	return json_build(
	    "{registry:%j,username:%v,namespace:%t,secret:%t,file:%t,answer:%s,"
	    "httpStatus:%d,message:%v,grants:%j,limit:%j}",
	    sink_registry(entry->registry), credential_username_shown(entry->username), secret.ns,
	    secret.name, named ? subjects_file(inquiry->subjects, secret.file) : "",
	    verdict_word(result->verdict), result->status ? (long long)result->status : -1LL,
	    buf_view(&result->message), json_grants(result), json_limit(result));
}

struct json *inquiry_json(const struct inquiry *inquiry, const struct inquiry_question *question)
{
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	struct json *tried;

	if (question->image)
		match_append_image(question->image, &image);
	if (question->problem.len)
		return json_build("{image:%v,error:%v}", buf_view(&image),
		                  buf_view(&question->problem));
	tried = json_array();
	for (size_t i = 0; i < question->try_count; i++)
		if (question->tries[i].made)
			json_append(tried, json_try(inquiry, &question->tries[i]));
	return json_build("{image:%t,registry:%v,answer:%s,tried:%j}",
	                  question->image ? image.data : NULL, question->ask.host,
	                  verdict_word(question->verdict), tried);
}
