#include <string.h>

#include "match_output.h"
#include "regcred/base/memory.h"
#include "regcred/docker/credential_judge.h"
#include "sink.h"

static struct json *credential_of(const struct match_result *result,
                                  const struct keyring_match *match)
{
	struct keyring_entry entry = keyring_entry(result->pod->keyring, match->entry);
	struct inventory_secret secret = inventory_secret(result->inventory, entry.secret);

	return json_build("{registry:%j,username:%v,namespace:%t,secret:%t,file:%t,hubFallback:%b,"
	                  "usable:%b}",
	                  sink_registry(entry.registry), credential_username_shown(entry.username),
	                  secret.ns, secret.name, subjects_file(result->subjects, secret.file),
	                  match->hub_fallback, keyring_entry_is_usable(&entry));
}

struct json *match_credentials_json(const struct match_result *result)
{
	struct json *list = json_array();

	for (size_t i = 0; i < result->answer->match_count; i++)
		json_append(list, credential_of(result, &result->answer->matches[i]));
	return list;
}

static struct json *unmatched_of(const struct match_result *result)
{
	CLEANUP(keyring_note_release) struct keyring_note note = KEYRING_NOTE_INIT;
	struct json *list = json_array();
	size_t entries[UNMATCHED_MAX];
	size_t count =
	    keyring_nearest(result->pod->keyring, result->answer, entries, UNMATCHED_MAX);

	for (size_t i = 0; i < count; i++) {
		struct keyring_entry entry = keyring_entry(result->pod->keyring, entries[i]);
		struct inventory_secret secret = inventory_secret(result->inventory, entry.secret);

		keyring_explain(result->pod->keyring, result->answer, entries[i], &note);
		json_append(list, json_build("{registry:%j,namespace:%t,secret:%t,reason:%s}",
		                             sink_registry(entry.registry), secret.ns, secret.name,
		                             keyring_reason_word(note.reason)));
	}
	return list;
}

static struct json *unknown_of(const struct match_result *result)
{
	struct json *list = json_array();
	const struct string_list *reasons = &result->pod->reasons;

	if (!result->answer->repository.len)
		json_append(list, json_string("the image is not filled in yet"));
	if (result->verdict != INVENTORY_OPEN && !result->pod->unknown)
		return list; /* Secrets of one name differ, but not about this image */
	for (size_t i = 0; i < reasons->count; i++)
		json_append(list, json_bytes(reasons->items[i].data, reasons->items[i].len));
	return list;
}

struct json *match_json(const struct match_result *result)
{
	CLEANUP(buf_release) struct buf image = BUF_INIT(BUF_CONFIG_MAX);
	CLEANUP(buf_release) struct buf failure = BUF_INIT(BUF_CONFIG_MAX);
	size_t others = keyring_entry_count(result->pod->keyring) - result->answer->match_count;
	bool asked = result->answer->repository.len > 0;

	match_append_image(result->image, &image);
	if (result->verdict == INVENTORY_INVALID || result->verdict == INVENTORY_BROKEN) {
		if (result->verdict == INVENTORY_INVALID)
			buf_append_string(&failure, result->invalid->message);
		else
			subjects_append_failure(result->subjects, result->inventory, result->pod, 0,
			                        &failure);
		return json_build("{image:%v,error:%v}", buf_view(&image), buf_view(&failure));
	}
	return json_build("{image:%v,repository:%v,credentials:%j,unmatched:%j,unmatchedCount:%d,"
	                  "unknown:%j}",
	                  buf_view(&image), buf_view(&result->answer->repository),
	                  match_credentials_json(result),
	                  asked ? unmatched_of(result) : json_array(),
	                  asked ? (long long)others : 0LL, unknown_of(result));
}
