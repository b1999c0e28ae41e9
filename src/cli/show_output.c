#include "show_output.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "regcred/base/memory.h"
#include "regcred/json/json.h"
#include "regcred/registry/provider.h"
#include "regcred/registry/registry_key.h"
#include "regcred/registry/token.h"
#include "sink.h"

enum { TIME_SIZE = 32, YEAR_MAX = 9999 };

/* RFC 3339; false: it has no year that can be written so. */
static bool format_time(int64_t seconds, char text[TIME_SIZE])
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (!gmtime_r(&time, &parts) || parts.tm_year + 1900 < 0 || parts.tm_year + 1900 > YEAR_MAX)
		return false;
	return strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0;
}

/* By the key as it would be normalised; one that cannot be is nobody's. */
static const struct provider *find_provider(struct view registry)
{
	CLEANUP(buf_release) struct buf key = BUF_INIT(BUF_NAME_MAX);
	struct error unusable;
	unsigned advice;

	if (view_holds(registry, '\0') ||
	    !registry_key_normalise(registry.data, &key, &advice, &unusable))
		return NULL;
	return provider_find(key.data);
}

/* --- the table ------------------------------------------------------------------------ */

static const char *auth_word(const struct docker_login *entry)
{
	switch (entry->fault) {
	case CONFIG_FAULT_BASE64:
	case CONFIG_FAULT_COLON:
		return "broken";
	default:
		return !entry->has_auth ? "none" : entry->disagrees ? "differs" : "agrees";
	}
}

static void add_expiry(struct table *table, const struct docker_login *entry, int64_t now)
{
	char time[TIME_SIZE], text[TIME_SIZE + TOKEN_TEXT_SIZE + 16], span[TOKEN_TEXT_SIZE];
	int64_t expires;
	bool over;

	if (!token_expiry(entry->password, &expires) || !format_time(expires, time)) {
		table_cell_string(table, STYLE_DIM, "");
		return;
	}
	over = expires <= now;
	token_remaining(expires - now, span);
	snprintf(text, sizeof text, over ? "%s (%s ago)" : "%s (in %s)", time, span);
	table_cell_string(table, over ? STYLE_BAD : STYLE_PLAIN, text);
}

static void add_row(struct table *table, const struct docker_login *entry,
                    const struct show_style *style)
{
	const struct provider *provider = find_provider(entry->registry);

	table_registry(table, entry->registry);
	table_cell(table, STYLE_PLAIN, entry->username.data, entry->username.len);
	if (style->reveal)
		table_cell(table, STYLE_PLAIN, entry->password.data, entry->password.len);
	else
		table_cell_number(table, STYLE_PLAIN, entry->password.len);
	table_cell_string(table, entry->disagrees ? STYLE_HINT : STYLE_PLAIN, auth_word(entry));
	table_cell_string(table, STYLE_PLAIN, provider ? provider->name : "");
	add_expiry(table, entry, style->now);
}

static void append_problem(const struct show_style *style, struct buf *out, size_t indent,
                           const char *problem)
{
	if (problem)
		look_append_line(style->look, out, indent, STYLE_BAD, "broken: ", problem);
}

static bool append_entries(const struct shown_secret *shown, const struct show_style *style,
                           struct buf *out, struct error *error)
{
	static const char *const headings[] = {"REGISTRY", "USER NAME", NULL,
	                                       "AUTH",     "PROVIDER",  "EXPIRES"};
	enum { COLUMNS = sizeof headings / sizeof *headings };
	CLEANUP(table_release) struct table table = TABLE_INIT(COLUMNS);

	for (size_t i = 0; i < COLUMNS; i++)
		table_cell_string(&table, STYLE_DIM,
		                  headings[i]     ? headings[i]
		                  : style->reveal ? "PASSWORD"
		                                  : "PASSWORD BYTES");
	for (size_t i = 0; i < shown->config->entry_count; i++)
		add_row(&table, &shown->config->entries[i], style);
	if (!buf_check(&table.text, "the table", error))
		return false;
	table_measure(&table);
	for (size_t i = 0; i <= shown->config->entry_count; i++) {
		table_append_row(&table, style->look, i, 2, out);
		if (i)
			append_problem(style, out, 4, shown->config->entries[i - 1].problem);
	}
	return true;
}

static void append_title(const struct shown_secret *shown, const struct show_style *style,
                         struct buf *out)
{
	const struct pull_secret *secret = shown->secret;
	CLEANUP(buf_release) struct buf title = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf rest = BUF_INIT(BUF_CONFIG_MAX);

	if (secret->kind == PULL_SECRET_BARE)
		buf_append_string(&title, "Docker config");
	else
		buf_append_format(&title, "Secret %s%s%s", secret->namespace,
		                  *secret->namespace ? "/" : "", secret->name);
	buf_append_format(&rest, "%s%s, %s", *secret->type ? ", " : "", secret->type,
	                  strcmp(shown->file, "-") == 0 ? "standard input" : shown->file);
	look_append_string(style->look, out, STYLE_TITLE, title.data);
	look_append_string(style->look, out, STYLE_DIM, rest.data);
	buf_append_char(out, '\n');
	if (title.failure || rest.failure)
		out->failure = true;
}

bool show_append_text(const struct shown_secret *shown, const struct show_style *style,
                      struct buf *out, struct error *error)
{
	append_title(shown, style, out);
	append_problem(style, out, 2, shown->problem);
	if (shown->config->entry_count && !append_entries(shown, style, out, error))
		return false;
	if (!shown->config->entry_count && !shown->problem)
		buf_append_string(out, "  no entries\n");
	return buf_check(out, "the table", error);
}

/* --- JSON ----------------------------------------------------------------------------- */

static struct json *json_agrees(const struct docker_login *entry)
{
	bool broken = entry->fault == CONFIG_FAULT_BASE64 || entry->fault == CONFIG_FAULT_COLON;

	return json_raw(!entry->has_auth ? "null" : entry->disagrees || broken ? "false" : "true");
}

static struct json *json_entry(const struct docker_login *entry, bool reveal)
{
	const struct provider *provider = find_provider(entry->registry);
	char time[TIME_SIZE];
	int64_t seconds;
	bool expires = token_expiry(entry->password, &seconds) && format_time(seconds, time);

	return json_build(
	    "{registry:%j,username:%v,passwordLength:%d,password:%j,email:%v,authAgrees:%j,"
	    "provider:%t,expires:%t,problem:%t}",
	    reveal ? json_bytes(entry->registry.data, entry->registry.len)
	           : sink_registry(entry->registry),
	    entry->username, (long long)entry->password.len,
	    reveal ? json_bytes(entry->password.data, entry->password.len) : NULL, entry->email,
	    json_agrees(entry), provider ? provider->id : NULL, expires ? time : NULL,
	    entry->problem);
}

static struct json *json_entries(const struct shown_secret *shown, bool reveal)
{
	const struct docker_login whole = {.registry = VIEW_EMPTY,
	                                   .username = VIEW_EMPTY,
	                                   .password = VIEW_EMPTY,
	                                   .email = VIEW_EMPTY,
	                                   .problem = shown->problem};
	struct json *list = json_array();

	if (shown->problem)
		json_append(list, json_entry(&whole, reveal));
	for (size_t i = 0; i < shown->config->entry_count; i++)
		json_append(list, json_entry(&shown->config->entries[i], reveal));
	return list;
}

struct json *show_json(const struct shown_secret *shown, bool reveal)
{
	const struct pull_secret *secret = shown->secret;

	return json_build("{file:%t,namespace:%t,name:%t,type:%t,entries:%j}", shown->file,
	                  secret->namespace, secret->name, secret->type,
	                  json_entries(shown, reveal));
}
