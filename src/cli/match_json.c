#include "match_output.h"

#include "regcred/base/memory.h"
#include "regcred/json/json.h"

static struct json *json_view(struct view view)
{
	return json_bytes(view.data, view.len);
}

static struct json *json_text_of(const char *text)
{
	return json_view(view_of(text));
}

static struct json *credential_of(const struct match_result *result,
                                  const struct keyring_match *match)
{
	struct keyring_entry entry = keyring_entry(result->keyring->keyring, match->entry);
	const struct given_secret *secret = &result->gathering->secrets[entry.secret];
	struct json *object = json_object();

	if (json_add(object, "registry", json_view(entry.registry)) &&
	    json_add(object, "username", json_view(entry.username)) &&
	    json_add(object, "namespace", json_text_of(secret->namespace)) &&
	    json_add(object, "secret", json_text_of(secret->name)) &&
	    json_add(object, "file", json_text_of(secret->file)) &&
	    json_add(object, "hubFallback", json_raw(match->hub_fallback ? "true" : "false")))
		return object;
	json_release(&object);
	return NULL;
}

static struct json *unmatched_of(const struct match_result *result, size_t number,
                                 enum keyring_reason reason)
{
	struct keyring_entry entry = keyring_entry(result->keyring->keyring, number);
	const struct given_secret *secret = &result->gathering->secrets[entry.secret];
	struct json *object = json_object();

	if (json_add(object, "registry", json_view(entry.registry)) &&
	    json_add(object, "namespace", json_text_of(secret->namespace)) &&
	    json_add(object, "secret", json_text_of(secret->name)) &&
	    json_add(object, "reason", json_text_of(keyring_reason_word(reason))))
		return object;
	json_release(&object);
	return NULL;
}

static struct json *credentials_of(const struct match_result *result)
{
	struct json *list = json_array();

	for (size_t i = 0; list && i < result->answer->match_count; i++)
		if (!json_append(list, credential_of(result, &result->answer->matches[i])))
			json_release(&list);
	return list;
}

static struct json *unmatched(const struct match_result *result)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	const struct keyring *keyring = result->keyring->keyring;
	struct json *list = json_array();

	for (size_t i = 0; list && i < keyring_entry_count(keyring); i++) {
		keyring_explain(keyring, result->answer, i, &note);
		if (note.reason != KEYRING_MATCHES &&
		    !json_append(list, unmatched_of(result, i, note.reason)))
			json_release(&list);
	}
	return list;
}

/* Why there is no answer; "" if there is one. */
static void append_failure(const struct match_result *result, struct buf *out)
{
	const struct pod_keyring *keyring = result->keyring;

	if (result->invalid) {
		buf_append_string(out, result->invalid->message);
	} else if (keyring->failure_count) {
		gathering_label(&result->gathering->secrets[keyring->failures[0].secret], out);
		buf_append_format(out, ": %s", gathering_failure(result->gathering, keyring, 0));
	}
}

static bool fill(const struct match_result *result, const struct buf *failure, struct json *object)
{
	if (!json_add(object, "image", json_text_of(result->image)))
		return false;
	if (failure->len)
		return json_add(object, "error", json_bytes(failure->data, failure->len));
	return json_add(
	           object, "repository",
	           json_bytes(result->answer->repository.data, result->answer->repository.len)) &&
	       json_add(object, "credentials", credentials_of(result)) &&
	       json_add(object, "unmatched", unmatched(result));
}

bool match_append_json(const struct match_result *result, struct buf *out, struct error *error)
{
	CLEANUP(json_release) struct json *object = json_object();
	CLEANUP(buf_release) struct buf failure = BUF_INIT(BUF_CONFIG_MAX);

	append_failure(result, &failure);
	if (!buf_check(&failure, "the message", error))
		return false;
	if (!object || !fill(result, &failure, object))
		return error_out_of_memory(error);
	buf_append_repeated(out, ' ', 4);
	return json_print(object, JSON_INDENTED, 1, out, error);
}
