#include "regcred/docker/helper_reply.h"

#include <string.h>

#include "regcred/base/memory.h"
#include "regcred/json/json_name.h"
#include "regcred/json/json_reader.h"

static bool refuse(struct error *error, const char *what, const char *why)
{
	return error_set(error, DIAGNOSTIC_HELPER_REPLY, NULL, "the reply%s%s %s",
	                 *what ? "'s " : "", what, why);
}

/* --- reading ------------------------------------------------------------------ */

enum { SERVER, USERNAME, SECRET, MEMBER_COUNT };

static const char *const names[MEMBER_COUNT] = {"ServerURL", "Username", "Secret"};

static struct buf *member_of(struct helper_reply *reply, size_t member)
{
	struct buf *const members[MEMBER_COUNT] = {&reply->server, &reply->username,
	                                           &reply->secret};

	return members[member];
}

/* Stands at a key. */
static bool read_member(struct json_reader *reader, struct helper_reply *reply, struct error *error)
{
	const struct buf *text = json_reader_text(reader);
	size_t member = 0;
	struct buf *to;

	while (member < MEMBER_COUNT && !json_name_is(text, names[member]))
		member++;
	if (member == MEMBER_COUNT)
		return json_reader_skip(reader, error);
	if (!json_reader_next(reader, error))
		return false;
	if (json_reader_event(reader) == JSON_NULL)
		return true;
	if (json_reader_event(reader) != JSON_STRING)
		return refuse(error, names[member], "is not a string");
	to = member_of(reply, member);
	buf_reset(to);
	buf_append(to, text->data, text->len);
	return buf_check(to, "the reply", error);
}

static bool read_object(struct json_reader *reader, struct helper_reply *reply, struct error *error)
{
	if (!json_reader_next(reader, error))
		return false;
	if (json_reader_event(reader) != JSON_OBJECT_BEGIN)
		return refuse(error, "", "is not a JSON object");
	while (json_reader_next(reader, error)) {
		if (json_reader_event(reader) != JSON_KEY)
			return json_reader_next(reader, error);
		if (!read_member(reader, reply, error))
			return false;
	}
	return false;
}

/* --- judging ------------------------------------------------------------------ */

static bool check_text(struct helper_reply *reply, size_t member, struct error *error)
{
	const struct buf *text = member_of(reply, member);

	if (memchr(text->data, '\0', text->len))
		return refuse(error, names[member], "holds a NUL byte");
	if (!text->len && member != SERVER)
		return refuse(error, names[member], "is missing or empty");
	return true;
}

static bool check_token(const struct helper_reply *reply, struct error *error)
{
	if (strcmp(reply->username.data, "<token>") != 0)
		return true;
	return error_set(
	    error, DIAGNOSTIC_HELPER_TOKEN,
	    "log in with a user name and an access token of the registry, or "
	    "give them here with --username and --password-stdin",
	    "the reply holds an identity token, with which the kubelet can do nothing");
}

static bool check(struct helper_reply *reply, struct error *error)
{
	if (!reply->username.len && !reply->secret.len) {
		buf_reset(&reply->server); /* no such entry: nothing of it is used or judged */
		return true;
	}
	for (size_t member = 0; member < MEMBER_COUNT; member++)
		if (!check_text(reply, member, error))
			return false;
	return check_token(reply, error);
}

bool helper_reply_parse(const char *output, size_t len, struct helper_reply *reply,
                        struct error *error)
{
	CLEANUP(json_reader_release) struct json_reader reader;
	struct error failure;

	json_reader_init_bytes(&reader, output, len, BUF_PASSWORD_MAX);
	if (read_object(&reader, reply, &failure) && check(reply, &failure))
		return true;
	helper_reply_release(reply);
	*error = failure;
	if (failure.diagnostic != DIAGNOSTIC_JSON_INVALID)
		return false;
	error_set(error, DIAGNOSTIC_HELPER_REPLY, NULL, "the reply is not JSON: %s",
	          failure.message);
	return false;
}

void helper_reply_release(struct helper_reply *reply)
{
	for (size_t member = 0; member < MEMBER_COUNT; member++)
		buf_release(member_of(reply, member));
}

/* --- beside the reply ------------------------------------------------------------ */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool helper_reply_is_not_found(const char *output, size_t len)
{
	static const char message[] = "credentials not found in native keychain";

	while (len && is_blank(output[len - 1]))
		len--;
	for (; len && is_blank(*output); output++)
		len--;
	return len == sizeof message - 1 && memcmp(output, message, len) == 0;
}

static bool is_name_character(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool helper_name_is_valid(const char *name)
{
	if (!*name || *name == '-' || *name == '.')
		return false;
	while (is_name_character(*name))
		name++;
	return !*name;
}
